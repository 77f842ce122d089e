//! The command line keeps design §8: words, JSON, exit codes.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn run(words: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_qingchuang"))
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program was built for this test");
    let mut stdin = child.stdin.take().expect("it was piped");
    stdin
        .write_all(input.as_bytes())
        .expect("the program reads its input");
    drop(stdin);
    child.wait_with_output().expect("the program ends")
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).expect("output is text");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("each line is JSON"))
        .collect()
}

#[test]
fn codes_check_tells_good_from_bad_by_exit_code_and_reason() {
    let good = run(
        &[
            "codes",
            "check",
            "--kind",
            "uscc",
            "91350100M000100Y43",
            "--json",
        ],
        "",
    );
    assert_eq!(good.status.code(), Some(0));
    assert_eq!(lines(&good)[0]["valid"], true);
    let bad = run(
        &[
            "codes",
            "check",
            "--kind",
            "uscc",
            "91350100M000100Y44",
            "--json",
        ],
        "",
    );
    assert_eq!(bad.status.code(), Some(1));
    assert!(lines(&bad)[0]["reason"].is_string());
    assert_eq!(
        run(&["codes", "check", "--kind", "nothing", "1"], "")
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn a_bare_dash_reads_one_value_a_line() {
    let input = "11010519491231002X\n110105194912310021\n\n";
    let output = run(&["codes", "check", "--kind", "citizen-id", "-"], input);
    let answers = lines(&output);
    assert_eq!(answers.len(), 2);
    assert_eq!(
        (&answers[0]["valid"], &answers[1]["valid"]),
        (&true.into(), &false.into())
    );
}

#[test]
fn due_dates_come_from_the_calendar_of_the_law() {
    let due = [
        "calendar",
        "due",
        "--start",
        "2026-09-30",
        "--days",
        "20",
        "--json",
    ];
    let answer = &lines(&run(&due, ""))[0];
    assert_eq!(answer["due"], "2026-11-03");
    assert_eq!(answer["status"], "official");
    let many = lines(&run(
        &["calendar", "due", "-"],
        "2026-02-13,5\n2026-09-30,5,workday\n",
    ));
    assert_eq!(
        (&many[0]["due"], &many[1]["due"]),
        (&"2026-02-27".into(), &"2026-10-13".into())
    );
    assert_eq!(run(&["calendar", "due"], "").status.code(), Some(2));
}

#[test]
fn a_shipped_procedure_is_sound_and_a_broken_file_is_named() {
    let shipped = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../process/procedures/joint_opinion.bpmn"
    );
    let good = run(&["process", "check", shipped, "--json"], "");
    assert_eq!(good.status.code(), Some(0));
    let report = &lines(&good)[0];
    assert_eq!(
        (&report["executable"], &report["sound"]),
        (&true.into(), &true.into())
    );
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = folder.path().join("bomb.bpmn");
    let bomb = "<!DOCTYPE a [<!ENTITY b \"b\">]><a>&b;</a>";
    std::fs::write(&file, bomb).expect("a file can be written");
    let path = file.to_str().expect("the path is text");
    let bad = run(&["process", "check", path, "--json"], "");
    assert_eq!(bad.status.code(), Some(1));
    assert_eq!(lines(&bad)[0]["findings"][0]["code"], "unreadable");
}

#[test]
fn a_ledger_that_is_not_there_is_said_not_invented() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("none");
    let words = [
        "ledger",
        "verify",
        "--data",
        path.to_str().expect("the path is text"),
    ];
    let output = run(&words, "");
    assert_eq!(output.status.code(), Some(1));
    assert!(!path.exists(), "nothing was made");
}
