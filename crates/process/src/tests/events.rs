//! Events: signals, errors, escalations, conditions, event sub-processes, cycles, compensation.

use crate::{Input, PlainOnly, StepRefusal, check};

use super::support::{Story, codes, flows, read};

const ENDS: &str = r#"<startEvent id="s"/><endEvent id="e"/>"#;

fn story(elements: &str, list: &str) -> Story {
    Story::of(&read(&format!("{ENDS}{elements}{}", flows(list))))
}

fn sub(inside: &str) -> String {
    format!(r#"<subProcess id="sub"><startEvent id="ss"/>{inside}</subProcess>"#)
}

#[test]
fn an_error_inside_leaves_the_sub_process_by_the_event_that_takes_it() {
    let elements = sub(&format!(
        r#"<userTask id="a"/><userTask id="b"/><parallelGateway id="f"/>
        <endEvent id="fail"><errorEventDefinition errorRef="e1"/></endEvent>
        <endEvent id="fine"/>{}"#,
        flows("ss>f f>a f>b a>fail b>fine")
    )) + r#"<boundaryEvent id="other" attachedToRef="sub"><errorEventDefinition errorRef="zz"/>
        </boundaryEvent><boundaryEvent id="lost" attachedToRef="sub">
        <errorEventDefinition errorRef="e1"/></boundaryEvent><userTask id="mend"/>
        <userTask id="never"/><exclusiveGateway id="x"/>"#;
    let mut case = story(
        &elements,
        "s>sub sub>x lost>mend mend>x other>never never>x x>e",
    );
    case.complete("a", "");
    assert_eq!(
        case.said(),
        [
            "close a Done",
            "end fail",
            "close b Interrupted",
            "open mend"
        ]
    );
    assert_eq!(case.at(), ["mend"]);
}

#[test]
fn an_error_that_nobody_takes_is_named() {
    let text = format!(
        r#"{ENDS}<userTask id="a"/><endEvent id="fail"><errorEventDefinition errorRef="e1"/>
        </endEvent><parallelGateway id="f"/>{}"#,
        flows("s>f f>a f>e a>fail")
    );
    let report = check(&read(&text), &PlainOnly);
    assert!(
        codes(&report).contains(&"not_caught"),
        "{:?}",
        report.findings
    );
}

#[test]
fn an_error_that_nobody_takes_ends_the_case() {
    let mut case = story(
        r#"<parallelGateway id="f"/><userTask id="a"/><userTask id="b"/>
        <endEvent id="fail"><errorEventDefinition errorRef="e1"/></endEvent>"#,
        "s>f f>a f>b a>fail b>e",
    );
    case.complete("a", "");
    assert_eq!(
        case.said(),
        ["close a Done", "close b Interrupted", "over fail"]
    );
    assert!(case.marking.is_empty());
}

#[test]
fn an_escalation_calls_a_superior_and_the_work_goes_on() {
    let elements = r#"<userTask id="t"/><boundaryEvent id="up" attachedToRef="t"
        cancelActivity="false"><escalationEventDefinition escalationRef="x1"/></boundaryEvent>
        <userTask id="chief"/><endEvent id="told"/>"#;
    let mut case = story(elements, "s>t t>e up>chief chief>told");
    let token = case.token("t");
    case.input(Input::Escalated {
        token,
        escalation: "chief",
    });
    assert_eq!(case.at(), ["t", "chief"]);
    let again = case.try_input(Input::Escalated {
        token,
        escalation: "chief",
    });
    assert_eq!(again, Err(StepRefusal::NotCaught(token.node())));
    let thrown = sub(&format!(
        r#"<intermediateThrowEvent id="up"><escalationEventDefinition escalationRef="x1"/>
        </intermediateThrowEvent><userTask id="a"/>{}"#,
        flows("ss>up up>a")
    )) + r#"<boundaryEvent id="hear" attachedToRef="sub">
        <escalationEventDefinition/></boundaryEvent><userTask id="chief"/>"#;
    let case = story(&thrown, "s>sub sub>e hear>chief chief>e");
    assert_eq!(
        case.at(),
        ["chief"],
        "an interrupting escalation takes the sub-process away"
    );
}

#[test]
fn a_signal_reaches_everything_that_waits_for_it() {
    let signal = r#"<signalEventDefinition signalRef="g1"/>"#;
    let elements = format!(
        r#"<parallelGateway id="f"/><userTask id="a"/>
        <boundaryEvent id="stop" attachedToRef="a">{signal}</boundaryEvent>
        <intermediateCatchEvent id="wait">{signal}</intermediateCatchEvent>
        <userTask id="b"/><userTask id="c"/><exclusiveGateway id="x"/><parallelGateway id="j"/>"#
    );
    let list = "s>f f>a f>wait a>x stop>c c>x wait>b x>j b>j j>e";
    let mut case = story(&elements, list);
    case.input(Input::SignalArrived {
        name: "law changed",
    });
    assert_eq!(case.at(), ["b", "c"]);
    let nobody = case.try_input(Input::SignalArrived {
        name: "law changed",
    });
    assert_eq!(nobody, Err(StepRefusal::NotAwaited));
    let thrown = format!(
        r#"<parallelGateway id="f"/><intermediateCatchEvent id="wait">{signal}
        </intermediateCatchEvent><userTask id="a"/><intermediateThrowEvent id="give">{signal}
        </intermediateThrowEvent><parallelGateway id="j"/>"#
    );
    let mut case = story(&thrown, "s>f f>wait f>a a>give give>j wait>j j>e");
    case.complete("a", "");
    assert_eq!(case.said(), ["close a Done", "signal give", "over e"]);
}

#[test]
fn a_condition_is_looked_at_again_when_the_data_change() {
    let elements = r#"<intermediateCatchEvent id="paid"><conditionalEventDefinition>
        <condition>fees.paid</condition></conditionalEventDefinition></intermediateCatchEvent>"#;
    let mut case = story(elements, "s>paid paid>e");
    case.input(Input::DataChanged);
    assert_eq!(case.at(), ["paid"]);
    case.data = serde_json::from_str(r#"{"fees":{"paid":true}}"#).unwrap();
    case.input(Input::DataChanged);
    assert_eq!(case.said(), ["over e"]);
}

fn handled(interrupting: bool, trigger: &str) -> Story {
    let handler = format!(
        r#"<subProcess id="objection" triggeredByEvent="true">
        <startEvent id="os" isInterrupting="{interrupting}">{trigger}</startEvent>
        <userTask id="look"/><endEvent id="oe"/>{}</subProcess>
        <userTask id="t"/><userTask id="u"/>"#,
        flows("os>look look>oe")
    );
    story(&handler, "s>t t>u u>e")
}

const WITHDRAWAL: &str = r#"<messageEventDefinition messageRef="m1"/>"#;

#[test]
fn a_withdrawal_at_any_point_ends_everything_else() {
    let mut case = handled(true, WITHDRAWAL);
    case.complete("t", "");
    case.input(Input::MessageArrived { name: "withdrawal" });
    assert_eq!(case.said(), ["close u Interrupted", "open look"]);
    let again = case.try_input(Input::MessageArrived { name: "withdrawal" });
    assert_eq!(again, Err(StepRefusal::NotAwaited));
    case.complete("look", "");
    assert!(case.marking.is_empty());
}

#[test]
fn an_objection_is_looked_at_beside_the_work_and_both_must_end() {
    let mut case = handled(false, WITHDRAWAL);
    case.input(Input::MessageArrived { name: "withdrawal" });
    assert_eq!(case.at(), ["objection", "look", "t"]);
    let busy = case.try_input(Input::MessageArrived { name: "withdrawal" });
    assert_eq!(busy, Err(StepRefusal::NotAwaited));
    case.complete("t", "").complete("u", "");
    assert!(!case.marking.is_empty());
    case.complete("look", "");
    assert!(case.marking.is_empty());
}

#[test]
fn a_timer_over_the_whole_process_is_set_at_the_start_and_forgotten_at_the_end() {
    let timer = r#"<timerEventDefinition><timeDuration>P30D</timeDuration></timerEventDefinition>"#;
    let mut case = handled(false, timer);
    assert_eq!(case.said(), ["timer os", "open t"]);
    case.fire("os");
    assert_eq!(case.said(), ["open look"]);
    let token = case.token("os");
    assert!(
        case.try_input(Input::TimerFired { token }).is_err(),
        "once only"
    );
    // A handler that was done once waited for its timer a second time.
    case.complete("look", "");
    assert!(case.try_input(Input::TimerFired { token }).is_err());
    case.complete("t", "").complete("u", "");
    assert!(case.marking.is_empty());
    let mut case = handled(true, timer);
    case.complete("t", "").complete("u", "");
    assert_eq!(case.said(), ["close u Done", "over e", "untimer os"]);
}

#[test]
fn a_cycle_reminds_as_often_as_it_says() {
    let elements = r#"<userTask id="t"/><boundaryEvent id="tick" attachedToRef="t"
        cancelActivity="false"><timerEventDefinition><timeCycle>R2/P1D</timeCycle>
        </timerEventDefinition></boundaryEvent><serviceTask id="remind" qc:effect="reminder.send"/>
        <endEvent id="reminded"/>"#;
    let mut case = story(elements, "s>t t>e tick>remind remind>reminded");
    case.fire("tick");
    assert_eq!(case.said(), ["timer tick", "call reminder.send"]);
    case.serve("remind").fire("tick");
    assert_eq!(case.said(), ["call reminder.send"]);
    case.serve("remind");
    let token = case.token("tick");
    assert!(
        case.try_input(Input::TimerFired { token }).is_err(),
        "twice only"
    );
    case.complete("t", "");
    assert_eq!(case.said(), ["close t Done", "over e"]);
}

#[test]
fn what_was_done_is_undone_in_reverse() {
    let undoable = |id: &str| {
        format!(
            r#"<userTask id="{id}"/><boundaryEvent id="{id}c" attachedToRef="{id}">
            <compensateEventDefinition/></boundaryEvent>
            <userTask id="un{id}" isForCompensation="true"/>
            <association id="{id}a" sourceRef="{id}c" targetRef="un{id}"/>"#
        )
    };
    let elements = undoable("a")
        + &undoable("b")
        + r#"<userTask id="judge"/><exclusiveGateway id="x" default="x_e"/>
        <intermediateThrowEvent id="undo"><compensateEventDefinition/></intermediateThrowEvent>
        <endEvent id="gone"/>"#;
    let list = "s>a a>b b>judge judge>x x>e x>undo:undo undo>gone";
    let report = check(
        &read(&format!("{ENDS}{elements}{}", flows(list))),
        &PlainOnly,
    );
    assert_eq!(
        (report.ok, report.sound),
        (true, Some(true)),
        "{:?}",
        report.findings
    );
    let mut case = story(&elements, list);
    case.complete("a", "").complete("b", "");
    let mut undone = Story {
        data: serde_json::from_str(r#"{"undo":true}"#).unwrap(),
        ..case
    };
    undone.complete("judge", "");
    assert_eq!(undone.said(), ["close judge Done", "open unb"]);
    undone.complete("unb", "");
    assert_eq!(undone.said(), ["close unb Done", "open una"]);
    undone.complete("una", "");
    assert_eq!(undone.said(), ["close una Done", "over gone"]);
    assert!(undone.marking.is_empty());
}

#[test]
fn a_link_is_a_jump() {
    let elements = r#"<intermediateThrowEvent id="out"><linkEventDefinition name="L"/>
        </intermediateThrowEvent><intermediateCatchEvent id="in"><linkEventDefinition name="L"/>
        </intermediateCatchEvent><userTask id="t"/>"#;
    let case = story(elements, "s>out in>t t>e");
    assert_eq!(case.at(), ["t"]);
    let lost = read(&format!(
        "{ENDS}{}{}",
        elements.replacen("name=\"L\"", "name=\"M\"", 1),
        flows("s>out in>t t>e")
    ));
    assert!(codes(&check(&lost, &PlainOnly)).contains(&"link"));
}

#[test]
fn conditions_on_flows_out_of_a_task_choose_some_of_them() {
    let elements = r#"<userTask id="t"/><userTask id="a"/><userTask id="b"/>
        <inclusiveGateway id="j"/>"#;
    let mut case = story(elements, "s>t t>a:fire t>b:water a>j b>j j>e");
    case.data = serde_json::from_str(r#"{"fire":true,"water":true}"#).unwrap();
    case.complete("t", "");
    assert_eq!(case.at(), ["a", "b"]);
}

#[test]
fn a_terminate_end_in_a_sub_process_ends_only_that() {
    let elements = sub(&format!(
        r#"<parallelGateway id="f"/><userTask id="a"/><userTask id="b"/>
        <endEvent id="stop"><terminateEventDefinition/></endEvent><endEvent id="fine"/>{}"#,
        flows("ss>f f>a f>b a>stop b>fine")
    )) + r#"<userTask id="after"/>"#;
    let mut case = story(&elements, "s>sub sub>after after>e");
    case.complete("a", "");
    assert_eq!(
        case.said(),
        [
            "close a Done",
            "close b Interrupted",
            "end stop",
            "open after"
        ]
    );
}
