//! `decision` and `eventlog` on the command line: JSON, exit codes, bad input, no data folder.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn run(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qingchuang"))
        .args(words)
        .output()
        .expect("the program was built for this test")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("output is one JSON value")
}

fn shipped(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the path is text")
}

#[test]
fn a_folder_of_the_field_is_tested_with_totals_by_level() {
    let folder = shipped("decision/tests/data/dmn-tck");
    let output = run(&["decision", "test", text(&folder), "--json"]);
    assert_eq!(
        output.status.code(),
        Some(1),
        "explained failures are failures"
    );
    let report = json(&output);
    let failed = report["failed"].as_array().expect("failures are listed");
    let passed = report["passed"].as_u64().expect("a number");
    assert_eq!(report["cases"], passed + failed.len() as u64);
    assert_eq!(report["levels"]["compliance-level-2"]["passed"], 47);
    let first = &failed[0];
    assert!(
        ["folder", "case", "reason"]
            .iter()
            .all(|field| first[field].is_string())
    );
    let level = folder.join("compliance-level-2");
    let output = run(&["decision", "test", text(&level), "--json"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(json(&output)["failed"], Value::Array(Vec::new()));
}

#[test]
fn a_folder_without_tests_is_wrong_usage_and_a_broken_file_a_failed_case() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = text(folder.path());
    assert_eq!(run(&["decision", "test", path]).status.code(), Some(2));
    assert_eq!(
        run(&["decision", "test", "no/such/folder"]).status.code(),
        Some(2)
    );
    let file = folder.path().join("x-test-01.xml");
    std::fs::write(
        &file,
        "<!DOCTYPE a [<!ENTITY b \"bb\">]><testCases>&b;</testCases>",
    )
    .expect("a file can be written");
    let output = run(&["decision", "test", path, "--json"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(json(&output)["failed"][0]["case"], "x-test-01.xml");
}

#[test]
fn the_figures_of_a_log_equal_its_answer_key() {
    let log = shipped("eventlog/tests/data/receipt.xes.gz");
    let output = run(&["eventlog", "stats", text(&log), "--json"]);
    assert_eq!(output.status.code(), Some(0));
    let mut found = json(&output);
    let key = std::fs::read(shipped("eventlog/tests/data/receipt.oracle.json"));
    let mut key: Value = serde_json::from_slice(&key.expect("it is shipped")).expect("it is JSON");
    for report in [&mut found, &mut key] {
        report
            .as_object_mut()
            .expect("it is an object")
            .remove("tool");
    }
    assert_eq!(found, key);
    let people = run(&["eventlog", "stats", text(&log)]);
    assert!(String::from_utf8_lossy(&people.stdout).starts_with("1434 cases, 8577 events"));
}

#[test]
fn a_file_that_is_no_log_is_refused_with_its_place() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = folder.path().join("bad.xes");
    std::fs::write(&file, "<log>\n<trace></log>").expect("a file can be written");
    let output = run(&["eventlog", "stats", text(&file), "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let finding = &json(&output)["findings"][0];
    assert_eq!(
        (&finding["code"], &finding["line"]),
        (&"malformed".into(), &2.into())
    );
    assert!(finding["message_zh"].is_string());
    assert_eq!(
        run(&["eventlog", "stats", "no/such/file"]).status.code(),
        Some(1)
    );
    assert_eq!(run(&["eventlog", "stats"]).status.code(), Some(2));
}

#[test]
fn a_table_with_a_gap_is_not_good_and_says_so_in_the_language_asked_for() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = folder.path().join("fee.dmn");
    let rule = |cell: &str| {
        format!(
            "<rule><inputEntry><text>{cell}</text></inputEntry>\
             <outputEntry><text>1</text></outputEntry></rule>"
        )
    };
    let table = |rules: &str| {
        format!(
            r#"<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:t"
            name="t" id="t"><decision id="fee" name="fee"><variable name="fee"/><decisionTable>
            <input><inputExpression typeRef="number"><text>area</text></inputExpression></input>
            <output/>{rules}</decisionTable></decision></definitions>"#
        )
    };
    let holed = table(&format!("{}{}", rule("[0..10]"), rule("&gt; 10")));
    std::fs::write(&file, holed).expect("a file can be written");
    let output = run(&["decision", "check", text(&file), "--json", "--lang", "en"]);
    assert_eq!(output.status.code(), Some(1));
    let report = json(&output);
    assert_eq!(report["ok"], false);
    let finding = &report["findings"][0];
    assert_eq!(
        (&finding["code"], &finding["element"]),
        (&"gap".into(), &"fee".into())
    );
    assert_eq!(finding["message"], "no rule answers area = -1");
    let output = run(&["decision", "check", text(&file), "--lang", "zh"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("没有规则回答 area = -1"));
    std::fs::write(&file, table(&rule("-"))).expect("a file can be written");
    let output = run(&["decision", "check", text(&file), "--json"]);
    assert_eq!(
        (output.status.code(), &json(&output)["ok"]),
        (Some(0), &true.into())
    );
}
