//! Bad files: each is refused with its place and its mend.

use std::fmt::Write;

use crate::examine::{Around, Examined, examine};
use crate::model::Kind;

/// A fee by area, complete and without overlaps.
pub(super) const FEES: &str = r##"<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="fees" name="Fees"
    namespace="https://qingchuang.gov.example/fees">
  <inputData id="area_data" name="area">
    <variable id="area_variable" name="area" typeRef="number"/>
  </inputData>
  <decision id="fee" name="Fee"><variable id="fee_variable" name="Fee" typeRef="number"/>
    <informationRequirement id="needs"><requiredInput href="#area_data"/></informationRequirement>
    <decisionTable id="fee_table" hitPolicy="UNIQUE">
      <input id="in">
        <inputExpression id="in_expression" typeRef="number"><text>area</text></inputExpression>
      </input>
      <output id="out" name="fee" typeRef="number"/>
      <rule id="small">
        <inputEntry id="e1"><text>&lt; 50</text></inputEntry>
        <outputEntry id="o1"><text>100</text></outputEntry>
      </rule>
      <rule id="large">
        <inputEntry id="e2"><text>&gt;= 50</text></inputEntry>
        <outputEntry id="o2"><text>200</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
</definitions>"##;

fn standard() -> &'static str {
    process::procedures::STANDARD.xml
}

fn seen(file: &str) -> Examined {
    examine(Kind::Process, file.as_bytes(), &Around::default())
}

/// The finding of this code, which must be an error that says something in both languages.
fn refused(file: &str, code: &str) -> process::Finding {
    let examined = seen(file);
    assert!(!examined.good, "{code}");
    assert!(0 < examined.errors());
    let mut errors = examined
        .findings
        .into_iter()
        .filter(process::Finding::is_error);
    let codes: Vec<&str> = seen(file).findings.iter().map(|one| one.code).collect();
    let found = errors.find(|one| one.code == code);
    let found = found.unwrap_or_else(|| panic!("{code} is not among {codes:?}"));
    assert!(!found.zh.is_empty() && !found.en.is_empty());
    found
}

#[test]
fn the_shipped_procedures_may_be_published_as_they_are() {
    for shipped in process::procedures::all() {
        let examined = seen(shipped.xml);
        let wrong: Vec<String> = examined.findings.iter().map(ToString::to_string).collect();
        assert!(examined.good, "{}: {wrong:?}", shipped.name);
    }
}

#[test]
fn a_post_that_the_hall_does_not_have_is_named() {
    let file = standard().replace("qc:post=\"reviewer\"", "qc:post=\"astronaut\"");
    assert_eq!(refused(&file, "unknown_post").element, "review");
    let file = standard().replace("qc:post=\"reviewer\" ", "");
    assert_eq!(refused(&file, "no_post").element, "review");
    let file = standard().replace("qc:organ=\"hall\"", "qc:organ=\"moon\"");
    assert_eq!(refused(&file, "unknown_organ").element, "deliver");
}

#[test]
fn an_effect_that_nobody_carries_out_is_named() {
    let file = standard().replace("certificate.issue", "rocket.launch");
    let finding = refused(&file, "not_served");
    assert_eq!(finding.element, "issue");
    assert!(finding.en.contains("rocket.launch"));
}

#[test]
fn an_element_that_is_unknown_is_named() {
    let file = standard().replace(
        "bpmn:userTask id=\"review\"",
        "bpmn:adHocSubProcess id=\"review\"",
    );
    let file = file.replacen("</bpmn:userTask>", "</bpmn:adHocSubProcess>", 1);
    let examined = seen(&file);
    assert!(!examined.good);
    let named = examined
        .findings
        .iter()
        .any(|one| one.element == "review" && one.is_error());
    assert!(named, "{:?}", examined.findings);
}

#[test]
fn a_circle_without_an_exit_and_a_step_without_a_way_are_shown() {
    // Whatever is decided, the case goes back.
    let file = standard()
        .replace("targetRef=\"issue\"", "targetRef=\"again\"")
        .replace("targetRef=\"refuse\"", "targetRef=\"again\"");
    let examined = seen(&file);
    assert!(!examined.good);
    let errors: Vec<&str> = examined
        .findings
        .iter()
        .filter(|one| one.is_error())
        .map(|one| one.code)
        .collect();
    assert!(errors.contains(&"unreachable"), "{errors:?}");
    let stuck = examined
        .findings
        .iter()
        .find(|one| matches!(one.code, "no_way_out" | "circle") && one.is_error());
    assert!(stuck.is_some(), "{errors:?}");
}

#[test]
fn conditions_that_overlap_or_leave_an_outcome_without_a_way_are_refused() {
    let overlap = standard().replace("outcome = \"refused\"", "outcome = \"granted\"");
    let examined = seen(&overlap);
    assert!(!examined.good);
    let file = standard().replace(
        "qc:outcomes=\"granted,refused,returned\"",
        "qc:outcomes=\"granted,refused,returned,postponed\"",
    );
    let examined = seen(&file);
    assert!(!examined.good, "an outcome has no way");
    let unreadable = standard().replace("outcome = \"returned\"", "outcome = = (");
    assert!(!seen(&unreadable).good);
}

#[test]
fn an_id_that_occurs_twice_is_named() {
    let file = standard().replace("bpmn:userTask id=\"decide\"", "bpmn:userTask id=\"review\"");
    let examined = seen(&file);
    assert!(!examined.good);
    assert!(
        examined
            .findings
            .iter()
            .any(|one| one.element == "review" && one.is_error())
    );
}

#[test]
fn a_foreign_namespace_is_no_bpmn() {
    let file = standard().replace("http://www.omg.org/spec/BPMN/20100524/MODEL", "urn:other");
    let examined = seen(&file);
    assert!(!examined.readable);
    assert_eq!(examined.findings[0].code, "not_bpmn");
}

#[test]
fn an_xml_bomb_does_not_go_off() {
    let bomb = "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;\">]>\
                <d>&b;</d>";
    for kind in [Kind::Process, Kind::Decision] {
        let examined = examine(kind, bomb.as_bytes(), &Around::default());
        assert!(!examined.readable, "{kind}");
        assert_eq!(examined.errors(), 1);
    }
    let deep = "<a>".repeat(100_000);
    assert!(!seen(&deep).readable);
    assert!(!examine(Kind::Process, &[0xff, 0xfe, 0x00], &Around::default()).readable);
    assert!(!examine(Kind::Decision, &[0xff, 0xfe, 0x00], &Around::default()).readable);
}

#[test]
fn ten_thousand_elements_get_an_answer() {
    let mut tasks = String::new();
    for at in 0..5_000 {
        let _ = write!(
            tasks,
            "<bpmn:userTask id=\"t{at}\" qc:post=\"reviewer\"/>\
             <bpmn:sequenceFlow id=\"f{at}\" sourceRef=\"t{at}\" targetRef=\"t{}\"/>",
            at + 1
        );
    }
    let file = standard().replacen("<bpmn:startEvent", &format!("{tasks}<bpmn:startEvent"), 1);
    let examined = seen(&file);
    assert!(!examined.good);
    assert!(!examined.findings.is_empty());
}

#[test]
fn a_table_with_a_gap_or_an_overlap_is_named_with_an_example() {
    let table = |file: &str| examine(Kind::Decision, file.as_bytes(), &Around::default());
    assert!(table(FEES).good, "{:?}", table(FEES).findings);
    let gap = table(&FEES.replace("&gt;= 50", "&gt; 50"));
    let found = gap
        .findings
        .iter()
        .find(|one| one.code == "gap")
        .expect("a gap");
    assert!(found.en.contains("50") && !gap.good, "{}", found.en);
    let overlap = table(&FEES.replace("&gt;= 50", "&gt;= 40"));
    let found = overlap
        .findings
        .iter()
        .find(|one| one.code == "overlap")
        .expect("an overlap");
    assert!(
        found.en.contains("rules 1 and 2") && !overlap.good,
        "{}",
        found.en
    );
}
