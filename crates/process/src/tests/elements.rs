//! Each executable element, as the hall meets it: gateways, sub-processes, calls, instances.

use crate::{Data, Input, Language, Marking, PlainOnly, StepRefusal, Token, check};

use super::support::{Story, codes, flows, read};

const ENDS: &str = r#"<startEvent id="s"/><endEvent id="e"/>"#;

fn story(elements: &str, list: &str) -> Story {
    Story::of(&read(&format!("{ENDS}{elements}{}", flows(list))))
}

fn sound(elements: &str, list: &str) -> Option<bool> {
    let report = check(
        &read(&format!("{ENDS}{elements}{}", flows(list))),
        &PlainOnly,
    );
    assert!(report.executable, "{:?}", report.findings);
    report.sound
}

fn with(mut story: Story, data: &str) -> Story {
    story.data = serde_json::from_str(data).unwrap();
    story
}

const OPINIONS: &str = r#"<userTask id="t"/><inclusiveGateway id="split" default="split_c"/>
    <userTask id="a"/><userTask id="b"/><userTask id="c"/><inclusiveGateway id="join"/>"#;
const OPINION_FLOWS: &str = "s>t t>split split>a:fire split>b:water split>c a>join b>join c>join \
    join>e";

#[test]
fn only_the_departments_concerned_are_asked_and_all_of_them_are_awaited() {
    let mut case = with(
        story(OPINIONS, OPINION_FLOWS),
        r#"{"fire":true,"water":true}"#,
    );
    case.complete("t", "");
    assert_eq!(case.at(), ["a", "b"]);
    case.complete("b", "");
    assert_eq!(case.at(), ["a"]);
    case.complete("a", "");
    assert_eq!(case.said(), ["close a Done", "over e"]);
    let mut case = with(story(OPINIONS, OPINION_FLOWS), "{}");
    case.complete("t", "");
    assert_eq!(case.at(), ["c"]);
    case.complete("c", "");
    assert!(case.marking.is_empty());
    assert_eq!(sound(OPINIONS, OPINION_FLOWS), Some(true));
}

#[test]
fn an_inclusive_join_waits_for_whoever_can_still_come_from_anywhere() {
    // The branch of x may come to the join or to an end of its own: nobody knows until it is done.
    let elements = r#"<parallelGateway id="f"/><userTask id="a"/><userTask id="x"/>
        <exclusiveGateway id="g" default="g_o"/><inclusiveGateway id="j"/><userTask id="last"/>
        <parallelGateway id="all"/><exclusiveGateway id="o"/>
        <userTask id="other"/>"#;
    let list = "s>f f>a f>x a>j x>g g>j:come g>o o>other j>last last>all other>all all>e";
    let mut case = with(story(elements, list), r#"{"come":true}"#);
    case.complete("a", "");
    assert_eq!(case.at(), ["x"], "the join waits for x");
    case.complete("x", "");
    assert_eq!(case.at(), ["last"]);
    let mut case = story(elements, list);
    case.complete("a", "").complete("x", "");
    assert_eq!(case.at(), ["last", "other"]);
}

#[test]
fn an_inclusive_join_in_a_loop_does_not_wait_for_itself() {
    let elements = r#"<inclusiveGateway id="j"/><userTask id="t"/>
        <exclusiveGateway id="x" default="x_e"/>"#;
    let list = "s>j j>t t>x x>j:again x>e";
    let mut case = with(story(elements, list), r#"{"again":true}"#);
    assert_eq!(case.at(), ["t"]);
    case.complete("t", "");
    assert_eq!(case.at(), ["t"]);
    let mut case = with(case, "{}");
    case.complete("t", "");
    assert!(case.marking.is_empty());
    assert_eq!(sound(elements, list), Some(true));
}

#[test]
fn of_an_event_gateway_the_first_event_decides() {
    let elements = r#"<eventBasedGateway id="g"/>
        <intermediateCatchEvent id="answer"><messageEventDefinition messageRef="m1"/>
        </intermediateCatchEvent>
        <intermediateCatchEvent id="late" qc:workdays="5"><timerEventDefinition/>
        </intermediateCatchEvent><userTask id="go"/><userTask id="remind"/>
        <exclusiveGateway id="x"/>"#;
    let list = "s>g g>answer g>late answer>go late>remind go>x remind>x x>e";
    let mut case = story(elements, list);
    assert_eq!(case.said(), ["timer late"]);
    assert_eq!(case.at(), ["g"]);
    case.input(Input::MessageArrived { name: "withdrawal" });
    assert_eq!(case.said(), ["untimer late", "open go"]);
    let mut case = story(elements, list);
    case.fire("late");
    assert_eq!(case.said(), ["open remind"]);
    let missed = case.try_input(Input::MessageArrived { name: "withdrawal" });
    assert_eq!(missed, Err(StepRefusal::NotAwaited));
    assert_eq!(sound(elements, list), Some(true));
}

const HEARING: &str = r#"<subProcess id="hearing"><startEvent id="hs"/><userTask id="invite"/>
    <parallelGateway id="hf"/><userTask id="hear"/><userTask id="write"/>
    <parallelGateway id="hj"/><endEvent id="he"/>
    <sequenceFlow id="1" sourceRef="hs" targetRef="invite"/>
    <sequenceFlow id="2" sourceRef="invite" targetRef="hf"/>
    <sequenceFlow id="3" sourceRef="hf" targetRef="hear"/>
    <sequenceFlow id="4" sourceRef="hf" targetRef="write"/>
    <sequenceFlow id="5" sourceRef="hear" targetRef="hj"/>
    <sequenceFlow id="6" sourceRef="write" targetRef="hj"/>
    <sequenceFlow id="7" sourceRef="hj" targetRef="he"/></subProcess>
    <boundaryEvent id="given_up" attachedToRef="hearing" qc:workdays="20">
    <timerEventDefinition/></boundaryEvent><userTask id="without"/><exclusiveGateway id="x"/>"#;
const HEARING_FLOWS: &str = "s>hearing hearing>x given_up>without without>x x>e";

#[test]
fn a_sub_process_is_done_when_all_in_it_is_done() {
    let mut case = story(HEARING, HEARING_FLOWS);
    assert_eq!(case.said(), ["timer given_up", "open invite"]);
    assert_eq!(case.at(), ["hearing", "invite"]);
    case.complete("invite", "").complete("write", "");
    assert_eq!(case.at(), ["hearing", "hear"]);
    case.complete("hear", "");
    assert_eq!(
        case.said(),
        ["close hear Done", "end he", "untimer given_up", "over e"]
    );
    assert_eq!(sound(HEARING, HEARING_FLOWS), Some(true));
}

#[test]
fn what_interrupts_a_sub_process_takes_everything_in_it_away() {
    let mut case = story(HEARING, HEARING_FLOWS);
    case.complete("invite", "").complete("write", "");
    case.fire("given_up");
    assert_eq!(case.said(), ["close hear Interrupted", "open without"]);
    assert_eq!(case.at(), ["without"]);
}

#[test]
fn a_defect_inside_a_sub_process_is_found() {
    let broken = HEARING.replace(
        r#"<parallelGateway id="hf"/>"#,
        r#"<exclusiveGateway id="hf" default="4"/>"#,
    );
    let report = check(
        &read(&format!("{ENDS}{broken}{}", flows(HEARING_FLOWS))),
        &PlainOnly,
    );
    assert_eq!(report.sound, Some(false));
    let finding = report
        .findings
        .iter()
        .find(|finding| finding.code == "deadlock")
        .unwrap();
    assert_eq!(finding.element, "hj");
}

fn called(calls: &str) -> Story {
    let text = format!(
        r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">
        <process id="p" isExecutable="true">{ENDS}{calls}</process>
        <process id="q"><startEvent id="qs"/><userTask id="work"/><endEvent id="qe"/>{}</process>
        </definitions>"#,
        flows("qs>work work>qe")
    );
    Story::of(&crate::parse(text.as_bytes()).unwrap())
}

#[test]
fn a_call_of_a_process_in_the_file_runs_it_each_time_anew() {
    let mut case = called(&format!(
        r#"<callActivity id="one" calledElement="q"/><callActivity id="two" calledElement="q"/>{}"#,
        flows("s>one one>two two>e")
    ));
    assert_eq!(case.at(), ["one", "one/work"]);
    case.complete("one/work", "");
    assert_eq!(case.at(), ["two", "two/work"]);
    case.complete("two/work", "");
    assert!(case.marking.is_empty());
}

#[test]
fn a_process_that_calls_itself_is_refused() {
    let text = format!(
        r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">
        <process id="p" isExecutable="true">{ENDS}<callActivity id="c" calledElement="p"/>{}
        </process></definitions>"#,
        flows("s>c c>e")
    );
    let report = check(&crate::parse(text.as_bytes()).unwrap(), &PlainOnly);
    assert!(codes(&report).contains(&"recursive_call"));
}

#[test]
fn a_call_of_a_process_elsewhere_waits_for_its_end() {
    let mut case = story(
        r#"<callActivity id="c" calledElement="elsewhere"/>
        <boundaryEvent id="lost" attachedToRef="c"><errorEventDefinition errorRef="e1"/>
        </boundaryEvent><userTask id="mend"/>"#,
        "s>c c>e lost>mend mend>e",
    );
    assert_eq!(case.said(), ["process c"]);
    let token = case.token("c");
    let other = case.try_input(Input::Failed {
        token,
        error: "else",
    });
    assert_eq!(other, Err(StepRefusal::NotCaught(token.node())));
    case.input(Input::Failed {
        token,
        error: "lost",
    });
    assert_eq!(case.said(), ["uncall c", "open mend"]);
    let mut case = story(r#"<callActivity id="c" calledElement="q"/>"#, "s>c c>e");
    let token = case.token("c");
    case.input(Input::CallDone {
        token,
        outcome: None,
    });
    assert_eq!(case.said(), ["over e"]);
}

fn instances(sequential: bool, until: &str, rest: &str) -> Story {
    let until = if until.is_empty() {
        String::new()
    } else {
        format!("<completionCondition>{until}</completionCondition>")
    };
    let task = format!(
        r#"<userTask id="t"/><userTask id="ask" qc:outcomes="agree,disagree">
        <multiInstanceLoopCharacteristics isSequential="{sequential}" qc:collection="departments">
        {until}</multiInstanceLoopCharacteristics></userTask>{rest}"#
    );
    let mut case = with(
        story(&task, "s>t t>ask ask>e"),
        r#"{"departments":["fire","water","land"]}"#,
    );
    case.complete("t", "");
    case
}

fn answer(case: &mut Story, number: u16, outcome: &str) {
    let token: Token = format!("{}.{number}", case.token("ask").number())
        .parse()
        .unwrap();
    case.input(Input::Complete {
        token,
        outcome: Some(outcome),
    });
}

#[test]
fn every_department_is_asked_at_once_and_all_must_answer() {
    let mut case = instances(false, "", "");
    assert_eq!(
        case.said(),
        ["close t Done", "open ask 1", "open ask 2", "open ask 3"]
    );
    assert_eq!(case.marking.to_string(), "3m3.3.0,3.1,3.2,3.3");
    answer(&mut case, 2, "agree");
    assert_eq!(case.marking.to_string(), "3m3.3.1,3.1,3.3");
    answer(&mut case, 3, "disagree");
    answer(&mut case, 1, "agree");
    assert!(case.marking.is_empty());
}

#[test]
fn a_quorum_ends_the_asking_and_takes_the_other_tasks_away() {
    let mut case = instances(false, "numberOfCompletedInstances = 2", "");
    answer(&mut case, 3, "agree");
    answer(&mut case, 1, "agree");
    assert_eq!(
        case.said(),
        ["close ask Done", "close ask Interrupted", "over e"]
    );
    let mut case = instances(false, "outcome = \"disagree\"", "");
    answer(&mut case, 1, "agree");
    assert!(!case.marking.is_empty());
    answer(&mut case, 2, "disagree");
    assert!(case.marking.is_empty());
}

#[test]
fn departments_may_be_asked_one_after_the_other() {
    let mut case = instances(true, "", "");
    for number in 1..=3u16 {
        assert_eq!(case.said().last().unwrap(), &format!("open ask {number}"));
        answer(&mut case, number, "agree");
    }
    assert!(case.marking.is_empty());
}

#[test]
fn the_time_limit_of_all_instances_is_one() {
    let timer = r#"<boundaryEvent id="late" attachedToRef="ask" qc:workdays="15">
        <timerEventDefinition/></boundaryEvent><endEvent id="silence"/>
        <sequenceFlow id="late_silence" sourceRef="late" targetRef="silence"/>"#;
    let mut case = instances(false, "", timer);
    assert_eq!(case.said()[1], "timer late");
    answer(&mut case, 1, "agree");
    case.fire("late");
    assert_eq!(
        case.said(),
        [
            "close ask Interrupted",
            "close ask Interrupted",
            "over silence"
        ]
    );
}

#[test]
fn without_a_list_nobody_is_asked_by_mistake() {
    let task = r#"<userTask id="t"/><userTask id="ask"><multiInstanceLoopCharacteristics
        qc:collection="departments"/></userTask>"#;
    let case = story(task, "s>t t>ask ask>e");
    let token = case.token("t");
    let refused = case.try_input(Input::Complete {
        token,
        outcome: None,
    });
    assert!(
        matches!(refused, Err(StepRefusal::Condition(..))),
        "{refused:?}"
    );
    let mut none = with(case, r#"{"departments":[]}"#);
    none.complete("t", "");
    assert!(none.marking.is_empty());
}

#[test]
fn an_activity_is_repeated_while_its_condition_holds() {
    let task = r#"<userTask id="t"><standardLoopCharacteristics loopMaximum="3">
        <loopCondition>again</loopCondition></standardLoopCharacteristics></userTask>"#;
    let mut case = with(story(task, "s>t t>e"), r#"{"again":true}"#);
    for number in 1..=3u16 {
        let token: Token = format!("2.{number}").parse().unwrap();
        case.input(Input::Complete {
            token,
            outcome: None,
        });
    }
    assert!(case.marking.is_empty());
}

#[test]
fn sub_processes_may_run_many_times_at_once_each_for_itself() {
    let sub = r#"<userTask id="t"/><subProcess id="sub"><multiInstanceLoopCharacteristics>
        <loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>
        <userTask id="a"/><userTask id="b"/>
        <sequenceFlow id="ab" sourceRef="a" targetRef="b"/></subProcess>"#;
    let mut case = story(sub, "s>t t>sub sub>e");
    case.complete("t", "");
    assert_eq!(case.marking.to_string(), "3m2.2.0,3.1,3.2,4.1,4.2");
    for text in ["4.2", "4.1", "5.2"] {
        let token: Token = text.parse().unwrap();
        case.input(Input::Complete {
            token,
            outcome: None,
        });
    }
    assert_eq!(case.marking.to_string(), "3m2.2.1,3.1,5.1");
    let token: Token = "5.1".parse().unwrap();
    case.input(Input::Complete {
        token,
        outcome: None,
    });
    assert!(case.marking.is_empty());
}

#[test]
fn a_case_is_sent_back_no_more_often_than_allowed() {
    let list =
        flows("s>t t>x x>t:back x>e").replace(r#"id="x_t""#, r#"id="x_t" qc:returnsMax="1""#);
    let text = format!(r#"{ENDS}<userTask id="t"/><exclusiveGateway id="x" default="x_e"/>{list}"#);
    let mut case = with(Story::of(&read(&text)), r#"{"back":true}"#);
    case.complete("t", "");
    assert_eq!(case.marking.to_string(), "2,3r1");
    let token = case.token("t");
    let refused = case.try_input(Input::Complete {
        token,
        outcome: None,
    });
    let gateway = case.process.find("x").unwrap();
    assert_eq!(refused, Err(StepRefusal::ReturnsUsedUp(gateway)));
    let mut case = with(case, "{}");
    case.complete("t", "");
    assert!(case.marking.is_empty());
}

#[test]
fn every_element_that_cannot_run_is_named_in_both_languages() {
    for (element, what) in [
        ("<complexGateway id=\"u\"/>", "complexGateway"),
        ("<adHocSubProcess id=\"u\"/>", "adHocSubProcess"),
        ("<transaction id=\"u\"/>", "transaction"),
        ("<scriptTask id=\"u\"/>", "scriptTask"),
        (
            "<eventBasedGateway id=\"u\" instantiate=\"true\"/>",
            "eventBasedGateway",
        ),
        (
            "<intermediateThrowEvent id=\"u\"><cancelEventDefinition/></intermediateThrowEvent>",
            "intermediateThrowEvent/cancelEventDefinition",
        ),
    ] {
        let report = check(
            &read(&format!("{ENDS}{element}{}", flows("s>u u>e"))),
            &PlainOnly,
        );
        let named = report
            .findings
            .iter()
            .find(|found| found.code == "not_executable");
        let named = named.unwrap_or_else(|| panic!("{what}"));
        assert_eq!(named.element, "u");
        for language in [Language::Chinese, Language::English] {
            assert!(named.message(language).contains(what));
        }
        assert!(!report.executable && !report.ok);
    }
}

#[test]
fn markings_with_instances_read_back_and_bad_ones_do_not() {
    for good in [
        "3m3.3.0,3.1",
        "3m3.3.0t1",
        "4.1.2t3",
        "7s65535",
        "2d1",
        "3r2",
        "2,2d1",
    ] {
        assert_eq!(good.parse::<Marking>().unwrap().to_string(), good);
    }
    for bad in [
        "3.0",
        "3.1.1.1.1",
        "3m3",
        "3m3.3",
        "3m3.3.0.1",
        "3m",
        "3s",
        "3x1",
        "2d1,2",
        "3.",
    ] {
        assert!(bad.parse::<Marking>().is_err(), "{bad}");
    }
    let case = story(r#"<userTask id="t"/>"#, "s>t t>e");
    for foreign in ["2.1", "2m1.1.0", "2d1", "2s1", "0"] {
        let marking: Marking = foreign.parse().unwrap();
        let refused = crate::step(
            &case.process,
            &marking,
            Input::Cancel,
            &Data::new(),
            &PlainOnly,
        );
        assert_eq!(refused, Err(StepRefusal::ForeignMarking), "{foreign}");
    }
}
