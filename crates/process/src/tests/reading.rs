//! Files from anybody: good ones read, bad ones refused with place and reason, none panics.

use crate::{ParseProblem, PlainOnly, check, parse, procedures};
use proptest::prelude::*;

use super::support::{codes, file, flows, read};

fn problem(text: &str) -> ParseProblem {
    parse(text.as_bytes()).unwrap_err().problem
}

#[test]
fn xml_bombs_are_refused() {
    let bomb = r#"<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>
        <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">&b;</definitions>"#;
    assert_eq!(problem(bomb), ParseProblem::DocumentType);
    assert_eq!(
        problem(&file("<userTask id=\"a\" name=\"&boom;\"/>")),
        ParseProblem::DocumentType
    );
}

#[test]
fn deep_nesting_is_refused_before_it_can_hurt() {
    let deep = "<a>".repeat(200_000);
    assert_eq!(problem(&deep), ParseProblem::TooDeep);
    let hidden = "<a>/>".repeat(5_000);
    assert_eq!(problem(&hidden), ParseProblem::TooDeep);
    let closed = format!("{}{}", "<a x='>'>".repeat(5_000), "</a>".repeat(5_000));
    assert_eq!(problem(&closed), ParseProblem::TooDeep);
}

#[test]
fn quotes_comments_and_data_do_not_count_as_nesting() {
    let flat = "<x y='>' z=\"/>\"/><!-- <a> --><![CDATA[<a>]]>".repeat(500);
    let text = file(&format!("<extensionElements>{flat}</extensionElements>"));
    assert!(parse(text.as_bytes()).is_ok());
}

#[test]
fn files_that_are_too_large_or_no_text_are_refused() {
    assert_eq!(
        parse(&vec![b' '; 17 << 20]).unwrap_err().problem,
        ParseProblem::TooLarge
    );
    let fault = parse(b"<a>\n<b>\xff\xfe</b></a>").unwrap_err();
    assert_eq!(
        (fault.line, fault.column, fault.problem.code()),
        (2, 4, "encoding")
    );
}

#[test]
fn a_latin_1_file_that_says_so_is_read() {
    let text = file("<userTask id=\"a\" name=\"Pr\u{fc}fung\"/>").replace("UTF-8", "ISO-8859-1");
    let bytes: Vec<u8> = text
        .chars()
        .map(|letter| u8::try_from(letter).unwrap())
        .collect();
    let definitions = parse(&bytes).unwrap();
    assert_eq!(&*definitions.processes[0].nodes()[0].name, "Pr\u{fc}fung");
}

#[test]
fn a_truncated_file_is_refused_with_its_line() {
    let whole = procedures::STANDARD.xml;
    for end in [0, 1, 40, whole.len() / 2, whole.len() - 20] {
        let end = (0..=end)
            .rev()
            .find(|end| whole.is_char_boundary(*end))
            .unwrap();
        let fault = parse(&whole.as_bytes()[..end]).unwrap_err();
        assert_eq!(fault.problem.code(), "malformed", "{end}");
        assert!(fault.line >= 1);
    }
}

#[test]
fn another_kind_of_xml_is_not_taken_for_bpmn() {
    assert_eq!(problem("<html/>"), ParseProblem::NotBpmn("html".to_owned()));
    assert_eq!(
        problem("<definitions/>"),
        ParseProblem::NotBpmn("definitions".to_owned())
    );
}

#[test]
fn slips_of_the_drawing_hand_are_named_with_their_line() {
    let definitions = read(&format!(
        r#"<startEvent id="s"/><userTask id="t" qc:duty="dance" qc:limitDays="soon"/>
        <userTask id="t"/><serviceTask id="v"/><endEvent id="e"/>
        <boundaryEvent id="b" attachedToRef="nowhere" qc:workdays="x"><timerEventDefinition/>
        </boundaryEvent><madeUp id="u"/>{}"#,
        flows("s>t t>v v>e t>nowhere")
    ));
    let report = check(&definitions, &PlainOnly);
    for code in [
        "duplicate_id",
        "attribute",
        "no_effect",
        "boundary",
        "timer",
        "dangling_flow",
        "not_executable",
    ] {
        assert!(
            codes(&report).contains(&code),
            "{code}: {:?}",
            codes(&report)
        );
    }
    let effect = report
        .findings
        .iter()
        .find(|finding| finding.code == "no_effect")
        .unwrap();
    assert_eq!((effect.element.as_str(), effect.line), ("v", 7));
    assert!(!report.ok && !report.executable);
}

#[test]
fn ten_thousand_elements_are_read_and_checked() {
    let mut elements = String::from(r#"<startEvent id="s"/><endEvent id="e"/>"#);
    let mut list = String::from("s>t0 ");
    for task in 0..10_000 {
        elements += &format!(r#"<userTask id="t{task}"/>"#);
        let next = if task == 9_999 {
            "e".to_owned()
        } else {
            format!("t{}", task + 1)
        };
        list += &format!("t{task}>{next} ");
    }
    let report = check(&read(&(elements + &flows(&list))), &PlainOnly);
    assert!(report.ok, "{:?}", report.findings.first());
}

#[test]
fn the_file_comes_back_as_it_was() {
    for procedure in procedures::all() {
        assert_eq!(
            parse(procedure.xml.as_bytes()).unwrap().source(),
            procedure.xml
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        drop(parse(&bytes));
    }

    #[test]
    fn damaged_files_never_panic(
        which in 0..5usize,
        cuts in prop::collection::vec(
            (any::<prop::sample::Index>(), 0..30usize, any::<u8>()),
            1..6,
        ),
    ) {
        let mut bytes = procedures::all()[which].xml.as_bytes().to_vec();
        for (at, length, with) in cuts {
            let start = at.index(bytes.len());
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, std::iter::once(with));
        }
        if let Ok(definitions) = parse(&bytes) {
            drop(check(&definitions, &PlainOnly));
            for process in &definitions.processes {
                drop(crate::start(process, None, &crate::Data::new(), &PlainOnly));
            }
        }
    }
}

#[test]
fn what_is_no_bpmn_and_what_never_runs_is_named_and_kept() {
    let text = file(&format!(
        r#"<startEvent id="s"/><x:robot xmlns:x="urn:x" id="r"/><endEvent id="e"/>{}"#,
        flows("s>e")
    ))
    .replace(
        "</definitions>",
        r#"<globalTask id="g"/><choreography id="c"/></definitions>"#,
    );
    let definitions = parse(text.as_bytes()).unwrap();
    let report = check(&definitions, &PlainOnly);
    let named = |id: &str| report.findings.iter().any(|finding| finding.element == id);
    assert!(
        ["r", "g", "c"].into_iter().all(named),
        "{:?}",
        report.findings
    );
    assert!(report.ok, "warnings only");
    assert!(
        definitions
            .export()
            .contains(r#"<x:robot xmlns:x="urn:x" id="r"/>"#)
    );
}
