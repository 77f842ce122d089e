//! Decision tables that answer nothing, or twice, are named with an example input.

use decision::check;
use process::Language;

/// A table over the inputs `n` (number), `s` (text) and what else is given.
fn table(policy: &str, inputs: &[(&str, &str, &str)], outputs: &str, rules: &[&str]) -> String {
    let escape = |text: &str| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    };
    let inputs: String = inputs
        .iter()
        .map(|(name, kind, values)| {
            let values = match *values {
                "" => String::new(),
                values => format!("<inputValues><text>{values}</text></inputValues>"),
            };
            format!(
                r#"<input><inputExpression typeRef="{kind}"><text>{name}</text></inputExpression>
                {values}</input>"#
            )
        })
        .collect();
    let rules: String = rules
        .iter()
        .map(|rule| {
            let mut cells: Vec<&str> = rule.split('|').map(str::trim).collect();
            let answer = cells.pop().unwrap_or_default();
            let cells: String = cells
                .iter()
                .map(|cell| format!("<inputEntry><text>{}</text></inputEntry>", escape(cell)))
                .collect();
            format!("<rule>{cells}<outputEntry><text>{answer}</text></outputEntry></rule>")
        })
        .collect();
    format!(
        r#"<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:t"
        name="t" id="t"><decision id="fee" name="fee"><variable name="fee"/>
        <decisionTable hitPolicy="{policy}">{inputs}<output>{outputs}</output>{rules}
        </decisionTable></decision></definitions>"#
    )
}

const N: &[(&str, &str, &str)] = &[("n", "number", "")];

fn found(xml: &str) -> Vec<(&'static str, String)> {
    let findings = check(xml);
    findings
        .iter()
        .map(|finding| (finding.code, finding.message(Language::English).to_owned()))
        .collect()
}

fn codes(xml: &str) -> Vec<&'static str> {
    found(xml).into_iter().map(|(code, _)| code).collect()
}

#[test]
fn a_complete_table_has_no_findings() {
    let whole = table("UNIQUE", N, "", &["< 10 | 1", "[10..20] | 2", "> 20 | 3"]);
    assert_eq!(found(&whole), []);
    let texts = [("s", "string", ""), ("b", "boolean", "")];
    let whole = table(
        "UNIQUE",
        &texts,
        "",
        &[
            "\"a\",\"b\" | true | 1",
            "\"a\",\"b\" | false | 2",
            "not(\"a\",\"b\") | - | 3",
        ],
    );
    assert_eq!(found(&whole), []);
}

#[test]
fn a_gap_is_named_with_an_example_between_the_bounds() {
    let holed = table("UNIQUE", N, "", &["< 10 | 1", "> 10 | 2"]);
    assert_eq!(
        found(&holed),
        [("gap", "no rule answers n = 10".to_owned())]
    );
    let holed = table("FIRST", N, "", &["<= 17 | 1", ">= 18 | 2"]);
    assert_eq!(
        found(&holed),
        [("gap", "no rule answers n = 17.5".to_owned())]
    );
    let texts = [("s", "string", "\"a\",\"b\",\"c\""), ("n", "number", "")];
    let holed = table(
        "UNIQUE",
        &texts,
        "",
        &["\"a\",\"b\" | - | 1", "\"c\" | > 0 | 2"],
    );
    assert_eq!(
        found(&holed),
        [("gap", "no rule answers s = \"c\", n = -1".to_owned()),]
    );
}

#[test]
fn values_that_a_type_does_not_allow_need_no_rule() {
    let risks = [("s", "risk", "")];
    let open = table("UNIQUE", &risks, "", &["\"high\" | 1", "\"low\" | 2"]);
    assert_eq!(codes(&open), ["gap"]);
    let kind = r#"<itemDefinition name="risk"><typeRef>string</typeRef><allowedValues><text>
        "high","low"</text></allowedValues></itemDefinition><decision id"#;
    assert_eq!(found(&open.replacen("<decision id", kind, 1)), []);
}

#[test]
fn days_have_no_gap_between_one_and_the_next() {
    let days = [("d", "date", "")];
    let rules = ["< date(\"2026-01-01\") | 1", ">= date(\"2026-01-01\") | 2"];
    assert_eq!(found(&table("UNIQUE", &days, "", &rules)), []);
    let rules = ["<= date(\"2026-01-01\") | 1", ">= date(\"2026-01-02\") | 2"];
    assert_eq!(found(&table("UNIQUE", &days, "", &rules)), []);
    let rules = ["<= date(\"2026-01-01\") | 1", ">= date(\"2026-01-04\") | 2"];
    let gap = "no rule answers d = date(\"2026-01-02\")".to_owned();
    assert_eq!(found(&table("UNIQUE", &days, "", &rules)), [("gap", gap)]);
}

#[test]
fn a_default_answer_or_a_collected_list_needs_no_rule_for_everything() {
    let default = "<defaultOutputEntry><text>0</text></defaultOutputEntry>";
    assert_eq!(codes(&table("UNIQUE", N, default, &["< 10 | 1"])), [""; 0]);
    assert_eq!(
        codes(&table("COLLECT", N, "", &["< 10 | 1", "< 5 | 2"])),
        [""; 0]
    );
}

#[test]
fn overlaps_are_wrong_where_the_hit_policy_says_so() {
    let rules = ["<= 10 | 1", ">= 10 | 2"];
    let unique = found(&table("UNIQUE", N, "", &rules));
    let message = "rules 1 and 2 both match, for example n = 10".to_owned();
    assert_eq!(unique, [("overlap", message)]);
    assert_eq!(codes(&table("ANY", N, "", &rules)), ["contradiction"]);
    assert_eq!(
        codes(&table("ANY", N, "", &["<= 10 | 1", ">= 10 | 1"])),
        [""; 0]
    );
    assert_eq!(codes(&table("FIRST", N, "", &rules)), [""; 0]);
    assert_eq!(codes(&table("RULE ORDER", N, "", &rules)), [""; 0]);
    assert_eq!(codes(&table("PRIORITY", N, "", &rules)), ["priority"]);
    let values = "<outputValues><text>1,2</text></outputValues>";
    assert_eq!(codes(&table("PRIORITY", N, values, &rules)), [""; 0]);
    assert!(codes(&table("SOMETIMES", N, "", &rules)).contains(&"hit_policy"));
}

#[test]
fn rules_that_are_never_used_are_named() {
    let hidden = ["< 10 | 1", ">= 10 | 2", "[5..15] | 3"];
    assert_eq!(codes(&table("FIRST", N, "", &hidden)), ["masked"]);
    assert!(codes(&table("FIRST", N, "", &["> 5 and | 1"])).contains(&"unreadable"));
    let never = table("FIRST", N, "", &["[20..10] | 1", "- | 2"]);
    assert_eq!(codes(&never), ["never"]);
}

#[test]
fn expressions_are_told_and_nothing_is_claimed_about_them() {
    let open = table("UNIQUE", N, "", &["< 10 | 1", "? > limit | 2"]);
    let findings = check(&open);
    assert!(
        findings.iter().all(|finding| !finding.is_error()),
        "{findings:?}"
    );
    assert_eq!(findings[0].code, "not_analysed");
}

#[test]
fn what_cannot_be_read_is_said_in_both_languages() {
    for bad in [
        "",
        "<a/>",
        "<!DOCTYPE a [<!ENTITY b \"b\">]><definitions/>",
        &"<a>".repeat(99_999),
    ] {
        let findings = check(bad);
        assert!(findings[0].is_error());
        assert!(!findings[0].message(Language::Chinese).is_empty());
    }
    let short =
        table("UNIQUE", N, "", &["- | 1"]).replace("<inputEntry><text>-</text></inputEntry>", "");
    assert!(codes(&short).contains(&"entries"));
    let outside = table("UNIQUE", N, "", &["- | today()"]);
    assert_eq!(codes(&outside), ["outside"]);
}

/// Thirty columns of three pieces each are more inputs than there is time for.
#[test]
fn a_table_too_wide_for_every_input_says_so() {
    let names: Vec<String> = (0..30).map(|at| format!("n{at}")).collect();
    let inputs: Vec<(&str, &str, &str)> =
        names.iter().map(|name| (&**name, "number", "")).collect();
    let rules: Vec<String> = (0..30)
        .flat_map(|at| {
            ["<= 0", "> 0"].map(|cell| {
                let cells = (0..30).map(|column| if column == at { cell } else { "-" });
                format!("{} | 1", cells.collect::<Vec<_>>().join(" | "))
            })
        })
        .collect();
    let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    assert_eq!(codes(&table("ANY", &inputs, "", &rules)), ["too_wide"]);
}
