//! Every bench lives its whole piece of work, with more than one client, and prints its figure
//! beside the machine's own limit. How large a figure is, no test says.

use std::process::Command;

use serde_json::Value;

/// Runs a bench until each client has done one piece, three times.
fn measured(name: &str, more: &[&str]) -> Value {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let output = Command::new(env!("CARGO_BIN_EXE_qingchuang"))
        .args(["bench", name, "--clients", "3", "--seconds", "0", "--data"])
        .arg(folder.path())
        .args(more)
        .output()
        .expect("the program was built for this test");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {said}");
    serde_json::from_slice(&output.stdout).expect("a figure is JSON")
}

fn has_figure(name: &str, more: &[&str]) {
    let figure = measured(name, more);
    for field in ["median", "limit", "ratio"] {
        let number = figure[field].as_f64().unwrap_or_default();
        assert!(0.0 < number, "{name} has no {field}: {figure}");
    }
    assert!(figure["limit_of"].is_string(), "{figure}");
}

#[test]
fn the_case_is_measured_in_process() {
    has_figure("case-lifecycle", &[]);
}

#[test]
fn the_case_is_measured_over_http_alone() {
    has_figure("case-lifecycle-http", &[]);
}

#[test]
fn the_case_is_measured_over_http_with_all_that_a_hall_does_beside_it() {
    has_figure("hall-lifecycle-http", &[]);
}

#[test]
fn a_submission_is_measured_with_its_files() {
    has_figure("submit", &[]);
}

#[test]
fn a_work_list_is_measured_among_open_cases() {
    has_figure("worklist", &["--cases", "200"]);
}

#[test]
fn a_stage_of_thirty_items_is_measured_from_its_form_to_its_joining() {
    let output = Command::new(env!("CARGO_BIN_EXE_qingchuang"))
        .args(["bench", "stage"])
        .output()
        .expect("the program was built for this test");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let figure: Value = serde_json::from_slice(&output.stdout).expect("a figure is JSON");
    assert_eq!(figure["items"], 30, "{figure}");
}
