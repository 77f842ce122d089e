//! How a case moves: what the machine does, and what it refuses.

use std::cell::RefCell;

use crate::{
    ConditionFault, Conditions, Data, Delay, Effect, Input, Marking, PlainOnly, StepRefusal, Token,
    Vars,
};

use super::support::{Story, flows, read};

fn timed(interrupting: bool) -> Story {
    Story::of(&read(&format!(
        r#"<startEvent id="s"/><userTask id="t"/><endEvent id="e"/>
        <boundaryEvent id="late" attachedToRef="t" cancelActivity="{interrupting}">
        <timerEventDefinition><timeDuration>P1M2DT3H</timeDuration></timerEventDefinition>
        </boundaryEvent><userTask id="chase"/><endEvent id="x"/>{}"#,
        flows("s>t t>e late>chase chase>x")
    )))
}

#[test]
fn an_interrupting_timer_takes_the_task_away() {
    let mut case = timed(true);
    let delay = Delay::Calendar {
        months: 1,
        days: 2,
        seconds: 3 * 3600,
    };
    let late = case.process.find("late").unwrap();
    assert_eq!(
        case.effects[1],
        Effect::SetTimer {
            token: Token::on(late),
            node: late,
            delay
        }
    );
    case.fire("late");
    assert_eq!(case.said(), ["close t Interrupted", "open chase"]);
    assert_eq!(case.at(), ["chase"]);
}

#[test]
fn a_timer_that_does_not_interrupt_fires_once_and_is_forgotten_with_its_task() {
    let mut case = timed(false);
    case.fire("late");
    assert_eq!(case.at(), ["t", "chase"]);
    let node = case.process.find("late").unwrap();
    let again = case.try_input(Input::TimerFired {
        token: Token::on(node),
    });
    assert_eq!(again, Err(StepRefusal::NotWaiting(node)));
    case.complete("t", "");
    assert_eq!(case.said(), ["close t Done", "end e"]);
    case.complete("chase", "");
    assert_eq!(case.said(), ["close chase Done", "over x"]);
}

#[test]
fn a_task_done_before_its_timer_cancels_the_timer() {
    let mut case = timed(true);
    case.complete("t", "");
    assert_eq!(case.said(), ["close t Done", "untimer late", "over e"]);
    let node = case.process.find("late").unwrap();
    assert!(
        case.try_input(Input::TimerFired {
            token: Token::on(node)
        })
        .is_err()
    );
}

#[test]
fn a_task_is_completed_once() {
    let mut case = timed(true);
    let token = case.token("t");
    case.complete("t", "");
    let refused = case.try_input(Input::Complete {
        token,
        outcome: None,
    });
    assert_eq!(refused, Err(StepRefusal::NotWaiting(token.node())));
}

#[test]
fn only_an_outcome_that_the_task_lists_is_taken() {
    let case = Story::of(&read(&format!(
        r#"<startEvent id="s"/><userTask id="t" qc:outcomes="granted, refused"/>
        <endEvent id="e"/>{}"#,
        flows("s>t t>e")
    )));
    let token = case.token("t");
    for outcome in [None, Some("maybe"), Some("")] {
        let refused = case.try_input(Input::Complete { token, outcome });
        assert_eq!(refused, Err(StepRefusal::NoSuchOutcome(token.node())));
    }
    assert!(
        case.try_input(Input::Complete {
            token,
            outcome: Some("refused")
        })
        .is_ok()
    );
}

#[test]
fn a_message_interrupts_the_task_that_awaits_it() {
    let mut case = Story::of(&read(&format!(
        r#"<startEvent id="s"/><userTask id="t"/><endEvent id="e"/>
        <boundaryEvent id="withdrawn" attachedToRef="t">
        <messageEventDefinition messageRef="m1"/></boundaryEvent><endEvent id="gone"/>{}"#,
        flows("s>t t>e withdrawn>gone")
    )));
    let other = case.try_input(Input::MessageArrived { name: "other" });
    assert_eq!(other, Err(StepRefusal::NotAwaited));
    case.input(Input::MessageArrived { name: "withdrawal" });
    assert_eq!(case.said(), ["close t Interrupted", "over gone"]);
}

#[test]
fn waiting_and_sending_between_tasks_work() {
    let mut case = Story::of(&read(&format!(
        r#"<startEvent id="s"/><intermediateThrowEvent id="out"><messageEventDefinition/>
        </intermediateThrowEvent><receiveTask id="in" messageRef="m1"/>
        <intermediateCatchEvent id="pause" qc:workdays="7"><timerEventDefinition/>
        </intermediateCatchEvent><endEvent id="e"><messageEventDefinition/></endEvent>{}"#,
        flows("s>out out>in in>pause pause>e")
    )));
    assert_eq!(case.said(), ["send out"]);
    case.input(Input::MessageArrived { name: "withdrawal" });
    let pause = case.process.find("pause").unwrap();
    assert_eq!(
        case.effects,
        [Effect::SetTimer {
            token: Token::on(pause),
            node: pause,
            delay: Delay::WorkingDays(7)
        }]
    );
    case.fire("pause");
    assert_eq!(case.said(), ["send e", "over e"]);
}

#[test]
fn a_cancelled_case_leaves_nothing_open() {
    let mut case = timed(true);
    case.input(Input::Cancel);
    assert_eq!(case.said(), ["close t Cancelled", "untimer late"]);
    assert!(case.marking.is_empty());
}

#[test]
fn a_terminate_end_takes_every_open_task_away() {
    let mut case = Story::of(&read(&format!(
        r#"<startEvent id="s"/><userTask id="a"/><userTask id="b"/>
        <endEvent id="stop"><terminateEventDefinition/></endEvent><endEvent id="e"/>{}"#,
        flows("s>a s>b a>stop b>e")
    )));
    case.complete("a", "");
    assert_eq!(
        case.said(),
        ["close a Done", "close b Interrupted", "over stop"]
    );
}

/// Answers FEEL in a test: remembers what it was asked.
struct Asked(RefCell<Vec<String>>, bool);

impl Conditions for Asked {
    fn holds(&self, expression: &str, _vars: &Vars<'_>) -> Result<bool, ConditionFault> {
        self.0.borrow_mut().push(expression.to_owned());
        Ok(self.1)
    }

    fn check(&self, _expression: &str) -> Result<(), ConditionFault> {
        Ok(())
    }
}

fn choice(condition: &str) -> Story {
    Story::of(&read(&format!(
        r#"<startEvent id="s"/><userTask id="t"/><exclusiveGateway id="x" default="x_no"/>
        <endEvent id="yes"/><endEvent id="no"/>{}"#,
        flows(&format!("s>t t>x x>yes:{condition} x>no"))
    )))
}

#[test]
fn plain_comparisons_need_no_expression_engine() {
    for (condition, data, expected) in [
        (
            "outcome~=~\"granted\"",
            r#"{"outcome":"granted"}"#,
            "over yes",
        ),
        ("outcome~=~\"granted\"", r#"{}"#, "over no"),
        ("=~outcome~!=~\"granted\"", r#"{}"#, "over yes"),
        (
            "risk.level~in~(\"red\",\"black\")",
            r#"{"risk":{"level":"black"}}"#,
            "over yes",
        ),
        (
            "risk.level~in~(\"red\",\"black\")",
            r#"{"risk":{"level":"green"}}"#,
            "over no",
        ),
        ("floors~=~3", r#"{"floors":3}"#, "over yes"),
        ("floors~=~3", r#"{"floors":"3"}"#, "over no"),
        ("floors~!=~3", r#"{"floors":"3"}"#, "over no"),
        ("urgent", r#"{"urgent":true}"#, "over yes"),
        ("not(urgent)", r#"{"urgent":false}"#, "over yes"),
        ("not(urgent)", r#"{}"#, "over no"),
        (
            "${clarified~==~'yes'}",
            r#"{"clarified":"yes"}"#,
            "over yes",
        ),
        ("${!approved}", r#"{"approved":false}"#, "over yes"),
    ] {
        let mut case = choice(condition);
        case.data = serde_json::from_str(data).unwrap();
        case.complete("t", "");
        assert_eq!(case.said()[1], expected, "{condition} {data}");
    }
}

#[test]
fn everything_else_is_asked_of_the_engine() {
    let mut case = choice("floors~&gt;~3~and~urgent");
    let token = case.token("t");
    let input = Input::Complete {
        token,
        outcome: None,
    };
    let engine = Asked(RefCell::default(), true);
    let step = case.try_with(input, &engine).unwrap();
    case.effects = step.effects;
    assert_eq!(case.said()[1], "over yes");
    assert_eq!(*engine.0.borrow(), ["floors > 3 and urgent"]);
    let fault = case.try_input(input).unwrap_err();
    assert!(matches!(
        fault,
        StepRefusal::Condition(_, ConditionFault::NoEngine(_))
    ));
}

#[test]
fn the_outcome_just_given_comes_before_the_one_in_the_data() {
    let mut case = choice("outcome~=~\"granted\"");
    case.data = serde_json::from_str(r#"{"outcome":"refused"}"#).unwrap();
    case.complete("t", "granted");
    assert_eq!(case.said()[1], "over yes");
}

#[test]
fn a_marking_is_tiny_and_reads_back_and_nothing_else_does() {
    let mut case = Story::of(&crate::parse(crate::procedures::SEVEN_OP.xml.as_bytes()).unwrap());
    case.complete("receive", "").complete("site", "");
    assert_eq!(case.marking.to_string(), "3,5,6j2");
    for bad in [
        "x", "3,3", "5,3", "3,", ",", "3j", "3j0", "03", "+3", "3t1j1", "99999", "3jG", " 3",
    ] {
        assert!(bad.parse::<Marking>().is_err(), "{bad}");
    }
    for foreign in ["0", "99", "3j1", "6", "6jff", "3t1"] {
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

#[test]
fn a_process_with_errors_does_not_start() {
    let definitions = read(&format!(
        r#"<startEvent id="s"/><adHocSubProcess id="sub"/><endEvent id="e"/>{}"#,
        flows("s>sub sub>e")
    ));
    let started = crate::start(definitions.main().unwrap(), None, &Data::new(), &PlainOnly);
    assert_eq!(started, Err(StepRefusal::NotExecutable));
}

#[test]
fn a_case_may_begin_with_a_message() {
    let definitions = read(&format!(
        r#"<startEvent id="s"><messageEventDefinition messageRef="m1"/></startEvent>
        <userTask id="t"/><endEvent id="e"/>{}"#,
        flows("s>t t>e")
    ));
    let process = definitions.main().unwrap();
    let begin = |message| crate::start(process, message, &Data::new(), &PlainOnly);
    assert_eq!(begin(None), Err(StepRefusal::NoStart));
    assert_eq!(begin(Some("withdrawal")).unwrap().marking.to_string(), "1");
}
