//! Processes that would get stuck, and the message that says where and how to mend it.

use crate::{Language, PlainOnly, check};

use super::support::{codes, flows, read};

#[test]
fn a_choice_joined_as_if_parallel_gets_stuck_and_the_way_there_is_shown() {
    let definitions = read(&format!(
        r#"<startEvent id="start"/><userTask id="work" qc:outcomes="a,b"/>
        <exclusiveGateway id="split"/><userTask id="left"/><userTask id="right"/>
        <parallelGateway id="join"/><endEvent id="end"/>{}"#,
        flows(
            "start>work work>split split>left:outcome~=~\"a\" split>right:outcome~=~\"b\" \
             left>join right>join join>end"
        )
    ));
    let report = check(&definitions, &PlainOnly);
    assert_eq!(
        (report.ok, report.executable, report.sound),
        (false, true, Some(false))
    );
    let finding = &report.findings[0];
    assert_eq!(
        (finding.code, finding.element.as_str()),
        ("deadlock", "join")
    );
    assert_eq!(
        finding.trace,
        ["start", "work", "split", "split_left", "left"]
    );
    assert!(finding.message(Language::Chinese).contains("卡在“join”"));
}

#[test]
fn branches_that_run_together_without_a_join_start_work_twice() {
    let definitions = read(&format!(
        r#"<startEvent id="start"/><parallelGateway id="split"/><userTask id="left"/>
        <userTask id="right"/><userTask id="twice"/><endEvent id="end"/>{}"#,
        flows("start>split split>left split>right left>twice right>twice twice>end")
    ));
    let report = check(&definitions, &PlainOnly);
    assert_eq!(report.sound, Some(false));
    assert!(codes(&report).contains(&"second_token") || codes(&report).contains(&"early_end"));
}

#[test]
fn an_end_reached_while_a_department_still_works_is_refused() {
    let definitions = read(&format!(
        r#"<startEvent id="start"/><parallelGateway id="split"/><userTask id="left"/>
        <userTask id="right"/><endEvent id="end"/><endEvent id="other"/>{}"#,
        flows("start>split split>left split>right left>end right>other")
    ));
    let report = check(&definitions, &PlainOnly);
    assert!(
        codes(&report).contains(&"early_end"),
        "{:?}",
        report.findings
    );
}

#[test]
fn a_terminate_end_may_leave_work_open() {
    let definitions = read(&format!(
        r#"<startEvent id="start"/><parallelGateway id="split"/><userTask id="left"/>
        <userTask id="right"/><endEvent id="end"><terminateEventDefinition/></endEvent>{}"#,
        flows("start>split split>left split>right left>end right>end")
    ));
    let report = check(&definitions, &PlainOnly);
    assert_eq!(report.sound, Some(true), "{:?}", report.findings);
}

#[test]
fn a_loop_without_an_exit_is_refused() {
    let definitions = read(&format!(
        r#"<startEvent id="start"/><exclusiveGateway id="again"/><userTask id="work"/>
        <endEvent id="end"/>{}"#,
        flows("start>again again>work work>again")
    ));
    let report = check(&definitions, &PlainOnly);
    assert!(
        codes(&report).contains(&"no_way_out"),
        "{:?}",
        report.findings
    );
    assert!(
        codes(&report).contains(&"unreachable"),
        "{:?}",
        report.findings
    );
}

#[test]
fn gateways_in_a_ring_are_refused() {
    let definitions = read(&format!(
        r#"<startEvent id="start"/><exclusiveGateway id="a"/>
        <exclusiveGateway id="b" default="b_end"/>
        <endEvent id="end"/>{}"#,
        flows("start>a a>b b>a:again b>end")
    ));
    let report = check(&definitions, &PlainOnly);
    assert_eq!(codes(&report), ["circle"]);
}

#[test]
fn an_outcome_without_a_way_is_named() {
    let definitions = read(&format!(
        r#"<startEvent id="start"/><userTask id="decide" qc:outcomes="granted,refused,returned"/>
        <exclusiveGateway id="split"/><endEvent id="end"/><endEvent id="no"/>{}"#,
        flows(
            "start>decide decide>split split>end:outcome~=~\"granted\" \
             split>no:outcome~=~\"refused\""
        )
    ));
    let report = check(&definitions, &PlainOnly);
    assert_eq!(codes(&report), ["no_default"]);
    assert!(
        report.findings[0].en.contains("(returned)"),
        "{}",
        report.findings[0].en
    );
    assert!(!report.executable);
}

#[test]
fn two_ways_for_one_outcome_and_outcomes_nobody_gives_are_named() {
    let definitions = read(&format!(
        r#"<startEvent id="start"/><userTask id="decide" qc:outcomes="granted,refused"/>
        <exclusiveGateway id="split" default="split_no"/><endEvent id="end"/><endEvent id="no"/>
        <endEvent id="else"/>{}"#,
        flows(
            "start>decide decide>split split>end:outcome~=~\"granted\" \
             split>else:outcome~in~(\"granted\",\"maybe\") split>no"
        )
    ));
    assert_eq!(
        codes(&check(&definitions, &PlainOnly)),
        ["overlap", "unknown_outcome"]
    );
}

#[test]
fn a_paper_before_the_decision_is_refused() {
    let definitions = read(&format!(
        r#"<startEvent id="start"/><userTask id="review" qc:duty="review" qc:post="a"/>
        <serviceTask id="issue" qc:effect="certificate.issue"/>
        <userTask id="decide" qc:duty="decide" qc:post="a"/><endEvent id="end"/>{}"#,
        flows("start>review review>issue issue>decide decide>end")
    ));
    assert_eq!(
        codes(&check(&definitions, &PlainOnly)),
        ["same_post", "duty_order"]
    );
}

#[test]
fn a_process_with_duties_needs_somebody_who_decides() {
    let definitions = read(&format!(
        r#"<startEvent id="start"/><userTask id="review" qc:duty="review"/><userTask id="x"/>
        <endEvent id="end"/>{}"#,
        flows("start>review review>x x>end")
    ));
    assert_eq!(
        codes(&check(&definitions, &PlainOnly)),
        ["no_duty", "no_decision"]
    );
}

#[test]
fn a_thousand_tasks_and_thirty_departments_are_proved_without_a_search() {
    let mut elements = String::from(r#"<startEvent id="s"/><endEvent id="e"/>"#);
    let mut list = String::from("s>f0 ");
    for block in 0..30 {
        elements += &format!(r#"<parallelGateway id="f{block}"/><parallelGateway id="j{block}"/>"#);
        for task in 0..32 {
            elements += &format!(r#"<userTask id="t{block}x{task}"/>"#);
            list += &format!("f{block}>t{block}x{task} t{block}x{task}>j{block} ");
        }
        let next = if block == 29 {
            "e".to_owned()
        } else {
            format!("f{}", block + 1)
        };
        list += &format!("j{block}>{next} ");
    }
    let definitions = read(&(elements + &flows(&list)));
    let report = check(&definitions, &PlainOnly);
    assert!(report.ok, "{:?}", report.findings.first());
    assert!(report.markings <= 2, "{}", report.markings);
}

#[test]
fn a_reminder_beside_a_task_may_outlive_it_and_may_not_join_the_road() {
    let reminder = |end: &str| {
        read(&format!(
            r#"<startEvent id="s"/><userTask id="t"/><endEvent id="e"/><userTask id="after"/>
            <boundaryEvent id="b" attachedToRef="t" cancelActivity="false" qc:workdays="3">
            <timerEventDefinition/></boundaryEvent><userTask id="note"/><endEvent id="done"/>{}"#,
            flows(&format!("s>t t>after after>e b>note note>{end}"))
        ))
    };
    let good = check(&reminder("done"), &PlainOnly);
    assert_eq!(good.sound, Some(true), "{:?}", good.findings);
    let bad = check(&reminder("after"), &PlainOnly);
    assert_eq!(bad.sound, Some(false), "{:?}", bad.findings);
}

#[test]
fn conditions_that_one_value_makes_true_twice_are_named_with_that_value() {
    for (first, second, example) in [
        (
            "risk~=~\"red\"",
            "risk~in~(\"red\",\"black\")",
            "risk = \"red\"",
        ),
        ("risk~=~\"red\"", "risk~!=~\"black\"", "risk = \"red\""),
        ("risk~!=~\"red\"", "risk~!=~\"black\"", "risk = null"),
        ("urgent", "urgent", "urgent = true"),
        ("sum(fees)&gt;3", "sum(fees)&gt;3", "sum(fees)"),
    ] {
        let definitions = read(&format!(
            r#"<startEvent id="s"/><userTask id="t"/><exclusiveGateway id="x" default="x_e"/>
            <endEvent id="a"/><endEvent id="b"/><endEvent id="e"/>{}"#,
            flows(&format!("s>t t>x x>a:{first} x>b:{second} x>e"))
        ));
        let report = check(&definitions, &PlainOnly);
        let found = report
            .findings
            .iter()
            .find(|finding| finding.code == "overlap");
        let found = found.unwrap_or_else(|| panic!("{first} {second}"));
        assert!(found.en.contains(example), "{}", found.en);
        assert!(!report.ok);
    }
    let apart = read(&format!(
        r#"<startEvent id="s"/><userTask id="t"/><exclusiveGateway id="x" default="x_e"/>
        <endEvent id="a"/><endEvent id="b"/><endEvent id="e"/>{}"#,
        flows("s>t t>x x>a:risk~=~\"red\" x>b:risk~=~\"black\" x>e")
    ));
    assert!(check(&apart, &PlainOnly).ok);
}
