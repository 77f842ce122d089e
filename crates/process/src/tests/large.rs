//! Large processes: proved in a moment, or refused clearly.

use std::fmt::Write;

use crate::{PlainOnly, check, parse};

use super::support::{codes, flows, read};

/// Branches side by side, each a row of tasks; `cross` adds an unstructured piece to each.
fn wide(branches: usize, tasks: usize, cross: bool, join: &str) -> String {
    let mut elements =
        String::from(r#"<startEvent id="s"/><endEvent id="e"/><parallelGateway id="fork"/>"#);
    let mut list = String::from("s>fork join>e ");
    // Writing to a String cannot fail.
    let _ = write!(elements, r#"<{join} id="join"/>"#);
    for branch in 0..branches {
        let mut before = "fork".to_owned();
        for task in 0..tasks {
            let id = format!("b{branch}t{task}");
            let _ = write!(elements, r#"<userTask id="{id}"/>"#);
            let _ = write!(list, "{before}>{id} ");
            before = id;
        }
        if cross {
            before = crossed(branch, &before, &mut elements, &mut list);
        }
        let _ = write!(list, "{before}>join ");
    }
    elements + &flows(&list)
}

/// A sound piece that no block rule can fold: two splits and two joins that overlap.
fn crossed(branch: usize, before: &str, elements: &mut String, list: &mut String) -> String {
    let id = |name: &str| format!("b{branch}{name}");
    for gate in ["f", "g", "h", "j"] {
        let _ = write!(elements, r#"<parallelGateway id="{}"/>"#, id(gate));
    }
    for task in ["u", "v", "w", "x", "y"] {
        let _ = write!(elements, r#"<userTask id="{}"/>"#, id(task));
    }
    // f splits to u and v; u to g, which splits to w and x; v and x join at h, then y; w, y at j.
    for (from, to) in [
        ("f", "u"),
        ("f", "v"),
        ("u", "g"),
        ("g", "w"),
        ("g", "x"),
        ("v", "h"),
        ("x", "h"),
        ("h", "y"),
        ("w", "j"),
        ("y", "j"),
    ] {
        let _ = write!(list, "{}>{} ", id(from), id(to));
    }
    let _ = write!(list, "{before}>{} ", id("f"));
    id("j")
}

fn verdict(elements: &str) -> (Option<bool>, usize) {
    let report = check(&read(elements), &PlainOnly);
    (report.sound, report.markings)
}

#[test]
fn thirty_branches_of_ten_tasks_are_proved_without_a_search() {
    let (sound, markings) = verdict(&wide(30, 10, false, "parallelGateway"));
    assert_eq!(sound, Some(true));
    assert!(markings <= 2, "{markings}");
}

#[test]
fn unstructured_pieces_side_by_side_add_up_and_do_not_multiply() {
    let (sound, markings) = verdict(&wide(30, 10, true, "parallelGateway"));
    assert_eq!(sound, Some(true));
    assert!(markings < 5_000, "{markings}");
}

#[test]
fn thirty_branches_that_are_not_joined_are_refused() {
    let report = check(&read(&wide(30, 10, true, "exclusiveGateway")), &PlainOnly);
    assert_eq!(report.sound, Some(false));
    assert!(
        codes(&report).contains(&"early_end"),
        "{:?}",
        codes(&report)
    );
}

#[test]
fn one_defect_among_a_thousand_elements_is_found_with_its_place() {
    let good = wide(20, 40, true, "parallelGateway");
    let bad = good.replace(
        r#"<parallelGateway id="b7f"/>"#,
        r#"<exclusiveGateway id="b7f"/>"#,
    );
    assert_ne!(good, bad);
    let report = check(&read(&bad), &PlainOnly);
    assert_eq!(report.sound, Some(false));
    let finding = report
        .findings
        .iter()
        .find(|found| found.code == "deadlock")
        .unwrap();
    assert!(
        finding.element.starts_with("b7") || finding.element == "join",
        "{finding}"
    );
    assert!(!finding.trace.is_empty());
}

#[test]
fn departments_chosen_inclusively_are_proved_in_rows_of_thirty() {
    let mut elements = String::from(r#"<startEvent id="s"/><endEvent id="e"/>"#);
    let mut list = String::from("s>f0 ");
    for block in 0..10 {
        let _ = write!(
            elements,
            r#"<inclusiveGateway id="f{block}" default="f{block}_t{block}x0"/>
            <inclusiveGateway id="j{block}"/>"#
        );
        for task in 0..30 {
            let id = format!("t{block}x{task}");
            let _ = write!(elements, r#"<userTask id="{id}"/>"#);
            let condition = if task == 0 { "" } else { ":needed" };
            let _ = write!(list, "f{block}>{id}{condition} {id}>j{block} ");
        }
        let next = if block == 9 {
            "e".to_owned()
        } else {
            format!("f{}", block + 1)
        };
        let _ = write!(list, "j{block}>{next} ");
    }
    let (sound, markings) = verdict(&(elements + &flows(&list)));
    assert_eq!(sound, Some(true));
    assert!(markings <= 2, "{markings}");
}

#[test]
fn more_elements_than_a_process_can_hold_are_refused_by_name() {
    let mut elements = String::from(r#"<startEvent id="s"/>"#);
    for task in 0..70_000 {
        let _ = write!(elements, r#"<userTask id="t{task}"/>"#);
    }
    let text = super::support::file(&elements);
    let report = check(&parse(text.as_bytes()).unwrap(), &PlainOnly);
    assert!(codes(&report).contains(&"too_many"));
    assert!(!report.ok);
}
