//! `process check`, `process simulate` and `process export`, as an office uses them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn run(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qingchuang"))
        .args(words)
        .output()
        .expect("the program was built for this test")
}

fn answer(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("standard output is one JSON value")
}

fn shipped(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../process/procedures");
    format!("{folder}/{name}.bpmn")
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let file: PathBuf = folder.join(name);
    std::fs::write(&file, text).expect("a file can be written");
    file.to_str().expect("the path is text").to_owned()
}

#[test]
fn a_planted_defect_is_named_and_drawn_with_the_way_to_it() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let good = std::fs::read_to_string(shipped("joint_opinion")).expect("it ships");
    let bad = good
        .replace(
            "<bpmn:parallelGateway id=\"collected\"",
            "<bpmn:exclusiveGateway id=\"collected\"",
        )
        .replacen("</bpmn:parallelGateway>", "</bpmn:KEEP>", 1)
        .replacen("</bpmn:parallelGateway>", "</bpmn:exclusiveGateway>", 1)
        .replace("</bpmn:KEEP>", "</bpmn:parallelGateway>");
    let file = write(folder.path(), "bad.bpmn", &bad);
    let picture = folder.path().join("bad.svg");
    let out = picture.to_str().expect("the path is text");
    let output = run(&["process", "check", &file, "--json", "--svg", out]);
    assert_eq!(output.status.code(), Some(1));
    let report = answer(&output);
    assert_eq!(report["ok"], false);
    assert_eq!(report["sound"], false);
    let findings = report["findings"].as_array().expect("a list");
    let stuck = findings.iter().find(|finding| finding["trace"].is_array());
    let stuck = stuck.expect("a counterexample");
    assert!(["early_end", "second_token"].contains(&stuck["code"].as_str().unwrap_or_default()));
    let svg = std::fs::read_to_string(&picture).expect("the picture was written");
    assert!(
        svg.contains("class=\"node traced\"") && svg.contains("#1"),
        "{svg}"
    );
}

#[test]
fn a_promise_that_some_way_cannot_keep_is_refused() {
    let file = shipped("construction_38");
    let kept = run(&["process", "check", &file, "--json", "--promised", "28"]);
    assert_eq!(kept.status.code(), Some(0));
    assert_eq!(answer(&kept)["days"]["longest_days"], 28);
    let broken = run(&["process", "check", &file, "--json", "--promised", "27"]);
    assert_eq!(broken.status.code(), Some(1));
    assert_eq!(answer(&broken)["findings"][0]["code"], "promise_too_short");
}

#[test]
fn the_42_step_and_the_38_step_chain_are_compared_side_by_side() {
    let words = [
        "process",
        "simulate",
        &shipped("construction_42"),
        "--against",
        &shipped("construction_38"),
        "--on-paper",
        "--cases",
        "10",
        "--json",
    ];
    let output = run(&words);
    assert_eq!(output.status.code(), Some(0));
    let found = answer(&output);
    assert_eq!(found["expected_days"], 281.0);
    assert_eq!(found["against"]["expected_days"], 28.0);
    assert_eq!(found["saved_days"], 253.0);
    assert_eq!(
        (
            &found["tasks_per_case"],
            &found["against"]["tasks_per_case"]
        ),
        (&42.0.into(), &38.0.into())
    );
}

#[test]
fn a_simulation_is_the_same_for_the_same_seed() {
    let file = shipped("standard");
    let year = |seed: &str| {
        let words = [
            "process", "simulate", &file, "--cases", "200", "--seed", seed, "--json",
        ];
        answer(&run(&words))
    };
    let first = year("7");
    assert_eq!(first, year("7"));
    assert_ne!(first, year("8"));
    for key in [
        "expected_days",
        "p50_days",
        "p90_days",
        "p99_days",
        "overdue_share",
    ] {
        assert!(first[key].is_number(), "{key}");
    }
    assert!(first["posts"][0]["utilisation"].is_number());
}

#[test]
fn what_the_hall_does_not_serve_yet_is_said_on_request() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let text = std::fs::read_to_string(shipped("standard")).expect("it ships");
    let text = text.replace("qc:effect=\"reminder.send\"", "qc:effect=\"fax.send\"");
    let file = write(folder.path(), "fax.bpmn", &text);
    assert_eq!(
        run(&["process", "check", &file, "--json"]).status.code(),
        Some(0)
    );
    let output = run(&["process", "check", &file, "--json", "--served"]);
    assert_eq!(output.status.code(), Some(1));
    let report = answer(&output);
    let findings = report["findings"].as_array().expect("a list");
    let found = findings
        .iter()
        .find(|finding| finding["code"] == "not_served");
    let message = found.expect("it is named")["message"]
        .as_str()
        .unwrap_or_default();
    assert!(message.contains("not yet served by the hall"), "{message}");
}

#[test]
fn an_exported_file_checks_like_the_one_it_came_from() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = shipped("legal_review");
    let exported = run(&["process", "export", &file]);
    assert_eq!(exported.status.code(), Some(0));
    let text = String::from_utf8(exported.stdout).expect("it is UTF-8");
    let copy = write(folder.path(), "copy.bpmn", &text);
    let check = |file: &str| answer(&run(&["process", "check", file, "--json"]));
    assert_eq!(check(&file), check(&copy));
}

/// The most frequent way of the receipt log (1,434 cases of a Dutch municipality), as a process.
const RECEIPT: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    targetNamespace="t"><process id="receipt" isExecutable="true">
    <startEvent id="s"/><userTask id="a" name="Confirmation of receipt"/>
    <userTask id="b" name="T02 Check confirmation of receipt"/>
    <userTask id="c" name="T04 Determine confirmation of receipt"/>
    <userTask id="d" name="T05 Print and send confirmation of receipt"/>
    <userTask id="e" name="T06 Determine necessity of stop advice"/>
    <userTask id="f" name="T10 Determine necessity to stop indication"/>
    <userTask id="g" name="archived by hand"/><endEvent id="z"/>
    <sequenceFlow id="1" sourceRef="s" targetRef="a"/>
    <sequenceFlow id="2" sourceRef="a" targetRef="b"/>
    <sequenceFlow id="3" sourceRef="b" targetRef="c"/>
    <sequenceFlow id="4" sourceRef="c" targetRef="d"/>
    <sequenceFlow id="5" sourceRef="d" targetRef="e"/>
    <sequenceFlow id="6" sourceRef="e" targetRef="f"/>
    <sequenceFlow id="7" sourceRef="f" targetRef="g"/>
    <sequenceFlow id="8" sourceRef="g" targetRef="z"/></process></definitions>"#;

#[test]
fn a_process_is_simulated_with_the_days_that_an_event_log_tells() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = write(folder.path(), "receipt.bpmn", RECEIPT);
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../eventlog/tests/data");
    let log = format!("{data}/receipt.xes.gz");
    let words = ["process", "simulate", &file, "--log", &log, "--json"];
    let (first, again) = (run(&words), run(&words));
    assert_eq!(first.status.code(), Some(0));
    assert_eq!(
        first.stdout, again.stdout,
        "the same seed, the same figures"
    );
    let found = answer(&first);
    let fit = &found["fit"];
    assert_eq!(fit["cases"], 1434);
    assert_eq!(
        fit["fitted"],
        serde_json::json!(["a", "b", "c", "d", "e", "f"])
    );
    assert_eq!(fit["assumed"], serde_json::json!(["g"]));
    let unknown = fit["unknown"].as_array().expect("a list").len();
    assert_eq!(unknown, 27 - 6, "the answer key counts 27 activities");
    // 1,434 cases from 2010-10-02 to 2012-01-23: 478 days, of which five of seven are worked.
    let arrivals = fit["arrivals_per_day"].as_f64().expect("a number");
    assert!(
        (arrivals - 1434.0 / (478.0 * 5.0 / 7.0)).abs() < 0.1,
        "{arrivals}"
    );
    let days = |key: &str| found[key].as_f64().expect("a number");
    assert!(days("p50_days") < days("p90_days") && days("p90_days") < days("p99_days"));
    let bad = run(&["process", "simulate", &file, "--log", &file]);
    assert_eq!(
        bad.status.code(),
        Some(1),
        "a file that is no log is refused"
    );
}
