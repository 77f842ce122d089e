//! Every shipped template makes a whole document; what cannot be made is told by its place.

use document::{RenderError, STANDARD, Template, render};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::reading::{assets, bare_assets, text_of};

fn letters(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(letters).collect(),
        Value::Object(fields) => fields
            .iter()
            .filter(|(key, _)| *key != "qr")
            .flat_map(|(_, v)| letters(v))
            .collect(),
        _ => vec![],
    }
}

/// Dates are told in Chinese, and lines break where they must.
fn told(text: &str) -> String {
    let parts: Vec<&str> = text.split('-').collect();
    let text = match parts[..] {
        [year, month, day] if year.len() == 4 && day.len() == 2 => {
            let number = |digits: &str| digits.trim_start_matches('0').to_owned();
            format!("{year}年{}月{}日", number(month), number(day))
        }
        _ => text.to_owned(),
    };
    text.split_whitespace().collect()
}

#[test]
fn every_shipped_template_says_everything_of_its_sample() {
    for standard in &STANDARD {
        let data = standard.sample_data();
        let pdf = render(&standard.template(), &data, &assets()).unwrap();
        assert_eq!(pdf.pages(), 1, "{}", standard.name);
        let text: String = text_of(pdf.bytes()).split_whitespace().collect();
        for expected in letters(&data) {
            let expected = told(&expected);
            assert!(
                text.contains(&expected),
                "{}: {expected} not in {text}",
                standard.name
            );
        }
    }
}

#[test]
fn a_document_is_archivable_accessible_titled_and_chinese() {
    let standard = STANDARD[0];
    let pdf = render(&standard.template(), &standard.sample_data(), &assets()).unwrap();
    assert_eq!(pdf.title(), "收件回执（云审批收〔2026〕第 000171 号）");
    let document = lopdf::Document::load_mem(pdf.bytes()).unwrap();
    let catalog = document.catalog().unwrap();
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"zh-CN");
    assert!(catalog.has(b"StructTreeRoot"));
    let metadata = catalog
        .get_deref(b"Metadata", &document)
        .unwrap()
        .as_stream()
        .unwrap();
    let metadata = String::from_utf8_lossy(&metadata.content).into_owned();
    for mark in ["<pdfaid:part>2", "<pdfaid:conformance>A", "<pdfuaid:part>1"] {
        assert!(metadata.contains(mark), "{mark} not in {metadata}");
    }
}

#[test]
fn the_same_arguments_give_the_same_bytes() {
    let standard = STANDARD[2];
    let one = render(&standard.template(), &standard.sample_data(), &assets()).unwrap();
    let two = render(&standard.template(), &standard.sample_data(), &assets()).unwrap();
    assert_eq!(one, two);
}

#[test]
fn a_missing_glyph_is_refused_and_named() {
    let standard = STANDARD[0];
    let mut data = standard.sample_data();
    data["applicant"] = json!("李𠮷与𰻝");
    let refused = render(&standard.template(), &data, &assets());
    assert_eq!(
        refused,
        Err(RenderError::MissingGlyph {
            characters: vec!['𠮷', '𰻝']
        })
    );
}

#[test]
fn a_slip_in_a_template_is_told_with_its_line() {
    let template = Template::new("office", "= 标题\n\n#let x = (1, 2\n正文");
    match render(&template, &json!({}), &bare_assets()) {
        Err(RenderError::Template {
            file,
            line,
            message,
            ..
        }) => {
            assert_eq!((file.as_str(), line), ("template.typ", 3), "{message}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn data_that_a_template_needs_is_named_at_the_line_that_asks() {
    let standard = STANDARD
        .iter()
        .find(|standard| standard.name == "refusal_decision")
        .unwrap();
    let mut data = standard.sample_data();
    data["remedies"].as_object_mut().unwrap().remove("court");
    match render(&standard.template(), &data, &assets()) {
        Err(RenderError::Template {
            file,
            line,
            message,
            ..
        }) => {
            assert_eq!(file, "template.typ");
            assert!(
                standard
                    .source
                    .lines()
                    .nth(line - 1)
                    .unwrap()
                    .contains("#remedies")
            );
            assert!(message.contains("remedies.court"), "{message}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_template_reaches_neither_files_nor_packages_nor_the_net() {
    for source in [
        "#read(\"/etc/passwd\")",
        "#read(\"../Cargo.toml\")",
        "#import \"@preview/cetz:0.3.0\": *",
        "#image(\"http://hall.example/a.png\", alt: \"x\")",
    ] {
        let refused = render(&Template::new("office", source), &json!({}), &bare_assets());
        assert!(
            matches!(refused, Err(RenderError::Template { line: 1, .. })),
            "{refused:?}"
        );
    }
}

#[test]
fn what_data_says_is_text_and_never_markup() {
    let source = "#import \"/parts.typ\": *\n#set text(lang: \"zh\")\n#need(\"x\")";
    let data = json!({ "x": "#read(\"data.json\") *粗* $1$" });
    let pdf = render(&Template::new("office", source), &data, &bare_assets()).unwrap();
    assert!(text_of(pdf.bytes()).contains("*粗*"));
    assert_eq!(pdf.title(), "office");
}

#[test]
fn what_is_too_large_is_refused_before_any_work() {
    let large = Template::new("office", "文".repeat(100_000));
    let refused = render(&large, &json!({}), &bare_assets());
    assert!(matches!(
        refused,
        Err(RenderError::TooLarge { what: "模板", .. })
    ));
    let data = json!({ "x": "a".repeat(2_000_000) });
    let refused = render(&STANDARD[0].template(), &data, &bare_assets());
    assert!(matches!(
        refused,
        Err(RenderError::TooLarge { what: "数据", .. })
    ));
    let pages = Template::new("office", "#for _ in range(201) [页 #pagebreak()]");
    let refused = render(&pages, &json!({}), &bare_assets());
    assert!(
        matches!(refused, Err(RenderError::TooLarge { what: "页数", .. })),
        "{refused:?}"
    );
}

#[test]
fn deep_nesting_and_endless_recursion_end_in_an_error() {
    for source in [
        "(".repeat(100_000),
        format!("#{}", "(".repeat(100_000)),
        "#let f(x) = f(x + 1)\n#f(0)".to_owned(),
        "#while true {}".to_owned(),
        format!("{}文{}", "#box[".repeat(400), "]".repeat(400)),
    ] {
        let ended = render(&Template::new("office", source), &json!({}), &bare_assets());
        assert!(!matches!(
            ended,
            Err(RenderError::TooSlow { .. } | RenderError::Busy)
        ));
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[a-z]{1,6}", inner, 0..4)
                .prop_map(|fields| fields.into_iter().collect::<Value>()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn arbitrary_data_gives_a_document_or_a_reason(
        which in 0..STANDARD.len(),
        field in any::<prop::sample::Index>(),
        value in any_json(),
    ) {
        let standard = STANDARD[which];
        let mut data = standard.sample_data();
        let fields = data.as_object_mut().unwrap();
        let name = field.get(&fields.keys().cloned().collect::<Vec<_>>()).clone();
        fields.insert(name, value.clone());
        for data in [data, value] {
            let made = render(&standard.template(), &data, &assets());
            prop_assert!(!matches!(made, Err(RenderError::Engine(_))), "{made:?}");
        }
    }
}
