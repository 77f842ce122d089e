//! The command line keeps design §8: words, JSON, exit codes.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use qingchuang::import::notice::{self, Said};
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

/// A newcomer typed the code that a guide shows and read only that its length was wrong.
#[test]
fn the_code_of_a_guide_is_told_apart_from_the_national_one() {
    let local = "511A0014300001-511602000000-000-115113016823646795-1-00";
    for (lang, said) in [("en", "--kind item-code"), ("zh", "地方实施编码")] {
        let words = [
            "codes",
            "check",
            "--kind",
            "task-code",
            local,
            "--lang",
            lang,
        ];
        let answer = run(&words, "");
        assert_eq!(answer.status.code(), Some(1));
        let text = String::from_utf8_lossy(&answer.stdout).into_owned();
        assert!(text.contains(said), "{text}");
    }
    let item = run(&["codes", "check", "--kind", "item-code", local], "");
    assert_eq!(item.status.code(), Some(0));
}

#[test]
fn a_certain_date_stands_alone_and_a_provisional_one_says_so() {
    let ask = |start: &str, lang: &str| {
        let words = [
            "calendar", "due", "--start", start, "--days", "20", "--lang", lang,
        ];
        String::from_utf8_lossy(&run(&words, "").stdout).into_owned()
    };
    for lang in ["zh", "en"] {
        assert_eq!(ask("2026-09-30", lang), "2026-11-03\n");
    }
    assert!(ask("2027-03-01", "zh").contains("暂定"));
    assert!(ask("2027-03-01", "en").contains("provisional"));
}

#[test]
fn spans_of_a_log_are_told_in_days_and_hours_and_kept_in_seconds_for_programs() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = folder.path().join("two.xes");
    let event = |name: &str, at: &str| {
        format!(
            "<event><string key=\"concept:name\" value=\"{name}\"/>\
             <date key=\"time:timestamp\" value=\"{at}\"/></event>"
        )
    };
    let (first, last) = (
        event("受理", "2026-03-02T01:00:00Z"),
        event("办结", "2026-03-05T05:00:00Z"),
    );
    let log = format!("<log><trace>{first}{last}</trace></log>");
    std::fs::write(&file, log).expect("a file can be written");
    let path = file.to_str().expect("the path is text");
    for (lang, said) in [("zh", "3 天4 小时"), ("en", "3 days 4 hours")] {
        let answer = run(&["eventlog", "stats", path, "--lang", lang], "");
        let text = String::from_utf8_lossy(&answer.stdout).into_owned();
        assert!(text.contains(said), "{text}");
    }
    let answer = &lines(&run(&["eventlog", "stats", path, "--json"], ""))[0];
    assert_eq!(
        answer["throughput_seconds"]["max"].as_f64(),
        Some(273_600.0)
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

/// A newcomer's file of one row was taken for the whole year, which then had no other holiday.
#[test]
fn an_official_notice_of_a_year_names_all_seven_public_holidays() {
    let one = "2028-01-01,holiday,元旦\n";
    let refused = notice::read(one, &Said::default()).expect_err("six are missing");
    let calendar::CalendarError::Incomplete { year, missing } = &refused else {
        panic!("{refused}");
    };
    assert_eq!((*year, missing.len()), (2028, 6));
    assert!(
        refused
            .zh()
            .contains("春节、清明、劳动节、端午、中秋、国庆")
    );
    let amends = Said {
        amendment: true,
        ..Said::default()
    };
    assert!(notice::read(one, &amends).is_ok());
    let built_in = include_str!("../../../calendar/data/cn_holidays_2018_2026.csv");
    for year in 2018..=2026 {
        let rows = built_in
            .lines()
            .filter(|row| row.starts_with(&year.to_string()));
        let rows: Vec<&str> = rows.collect();
        let whole = notice::read(&rows.join("\n"), &Said::default());
        assert!(whole.is_ok(), "{year}: {whole:?}");
    }
}
