//! A process with every element, wandered through at random: the machine never panics, each place
//! it comes to is one it takes back, and tasks and timers on the books are those of the marking.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::{
    Data, Effect, Input, Kind, Marking, PlainOnly, Process, Step, Token, Trigger, awaited, check,
};

use super::support::{flows, read};

fn everything() -> Process {
    let timer = |id: &str, host: &str, ends: bool, cycle: &str| {
        format!(
            r#"<boundaryEvent id="{id}" attachedToRef="{host}" cancelActivity="{ends}">
            <timerEventDefinition><timeCycle>{cycle}</timeCycle></timerEventDefinition>
            </boundaryEvent>"#
        )
    };
    let inside =
        format!(
            r#"<startEvent id="is"/><parallelGateway id="if"/><userTask id="ia"/>
        <userTask id="ib" qc:outcomes="go,fail"/><exclusiveGateway id="ix" default="ix_ij"/>
        <endEvent id="ierr"><errorEventDefinition errorRef="e1"/></endEvent>
        <parallelGateway id="ij"/><endEvent id="ie"/>{}{}
        <subProcess id="ih" triggeredByEvent="true"><startEvent id="ihs" isInterrupting="false">
        <timerEventDefinition><timeDuration>P2D</timeDuration></timerEventDefinition></startEvent>
        <userTask id="iht"/>{}</subProcess>"#,
            timer("ir", "ia", false, "R3/P1D"),
            r#"<serviceTask id="irs" qc:effect="reminder.send"/>"#,
            flows("ihs>iht"),
        ) + &flows("is>if if>ia if>ib ib>ix ix>ierr:outcome~=~\"fail\" ix>ij ia>ij ij>ie ir>irs");
    let text = format!(
        r#"<startEvent id="s"/><inclusiveGateway id="split"/><userTask id="a"/><userTask id="b"/>
        <inclusiveGateway id="join"/>
        <boundaryEvent id="ac" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>
        <userTask id="una" isForCompensation="true"/>
        <association id="as" sourceRef="ac" targetRef="una"/>
        <subProcess id="sub"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>
        </multiInstanceLoopCharacteristics>{inside}</subProcess>
        <boundaryEvent id="lost" attachedToRef="sub"><errorEventDefinition errorRef="e1"/>
        </boundaryEvent>{}
        <intermediateThrowEvent id="undo"><compensateEventDefinition/></intermediateThrowEvent>
        <exclusiveGateway id="after"/><eventBasedGateway id="race"/>
        <intermediateCatchEvent id="word"><messageEventDefinition messageRef="m1"/>
        </intermediateCatchEvent><intermediateCatchEvent id="time" qc:workdays="3">
        <timerEventDefinition/></intermediateCatchEvent><exclusiveGateway id="met"/>
        <userTask id="ask" qc:outcomes="yes,no"><multiInstanceLoopCharacteristics
        isSequential="true"><loopCardinality>3</loopCardinality>
        <completionCondition>outcome = "no"</completionCondition>
        </multiInstanceLoopCharacteristics></userTask><callActivity id="call"
        calledElement="elsewhere"/><endEvent id="e"/>
        <subProcess id="stop" triggeredByEvent="true"><startEvent id="stops">
        <signalEventDefinition signalRef="g1"/></startEvent><userTask id="stopt"/>{}</subProcess>"#,
        timer("late", "sub", true, "R1/P30D"),
        flows("stops>stopt"),
    ) + &flows(
        "s>split split>a:true split>b join>sub a>join b>join sub>after late>after lost>undo \
         undo>after after>race race>word race>time word>met time>met met>ask ask>call call>e",
    );
    let definitions = read(&text);
    let report = check(&definitions, &super::support::AnyFeel);
    assert!(
        report.executable && report.sound == Some(true),
        "{:?}",
        report.findings
    );
    definitions.main().unwrap().clone()
}

/// What the hall has on its books.
#[derive(Default)]
struct Books {
    tasks: BTreeSet<Token>,
    timers: BTreeSet<Token>,
    over: bool,
}

impl Books {
    fn enter(&mut self, step: &Step) {
        for effect in &step.effects {
            match effect {
                Effect::OpenTask { token, .. } => assert!(self.tasks.insert(*token), "{token}"),
                Effect::CloseTask { token, .. } => assert!(self.tasks.remove(token), "{token}"),
                Effect::SetTimer { token, .. } => assert!(self.timers.insert(*token), "{token}"),
                Effect::CancelTimer { token, .. } => assert!(self.timers.remove(token), "{token}"),
                Effect::Ended { last, .. } => self.over |= last,
                _ => {}
            }
        }
    }

    fn agree(&self, process: &Process, marking: &Marking) {
        let kind = |token: &Token| &process.node(token.node()).unwrap().kind;
        let waits = |token: &Token| {
            let repeats = process.node(token.node()).unwrap().repeat.is_some();
            *kind(token) == Kind::User && (!repeats || token.instance().count() > 0)
        };
        let tasks: BTreeSet<Token> = marking.tokens().filter(waits).collect();
        assert_eq!(self.tasks, tasks, "{marking}");
        let timer = |token: &Token| matches!(kind(token).trigger(), Some(Trigger::Timer(_)));
        let timers = awaited(process, marking)
            .into_iter()
            .map(|(token, _)| token);
        let timers: BTreeSet<Token> = timers.filter(timer).collect();
        assert_eq!(self.timers, timers, "{marking}");
        assert_eq!(marking.to_string().parse::<Marking>().as_ref(), Ok(marking));
        assert_eq!(marking.check(process), Ok(()), "{marking}");
        assert!(
            !self.over || marking.is_empty() || !self.tasks.is_empty(),
            "{marking}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn tasks_and_timers_on_the_books_are_those_of_the_marking(
        choices in prop::collection::vec((0..9u8, any::<prop::sample::Index>()), 1..80),
    ) {
        let process = everything();
        let data = Data::from_iter([("true".to_owned(), true.into())]);
        let mut step = crate::start(&process, None, &data, &super::support::AnyFeel).unwrap();
        let mut books = Books::default();
        books.enter(&step);
        books.agree(&process, &step.marking);
        for (kind, which) in choices {
            let tokens: Vec<Token> = step.marking.tokens().collect();
            let events: Vec<Token> =
                awaited(&process, &step.marking).into_iter().map(|(token, _)| token).collect();
            if tokens.is_empty() {
                break;
            }
            let token = *which.get(&tokens);
            let outcome = [None, Some("go"), Some("fail"), Some("yes"), Some("no")];
            let outcome = *which.get(&outcome);
            let input = match kind {
                0..=3 => Input::Complete { token, outcome },
                4 => Input::ServiceDone { token, outcome },
                5 => Input::CallDone { token, outcome },
                6 if !events.is_empty() => Input::TimerFired { token: *which.get(&events) },
                7 => Input::MessageArrived { name: "withdrawal" },
                8 if which.index(20) == 0 => Input::SignalArrived { name: "law changed" },
                _ => Input::Failed { token, error: "lost" },
            };
            let taken = crate::step(&process, &step.marking, input, &data, &PlainOnly);
            let Ok(next) = taken else { continue };
            if let Input::TimerFired { token } = input {
                prop_assert!(books.timers.remove(&token));
            }
            step = next;
            books.enter(&step);
            books.agree(&process, &step.marking);
        }
        let cancelled = crate::step(&process, &step.marking, Input::Cancel, &data, &PlainOnly);
        books.enter(&cancelled.unwrap());
        prop_assert!(books.tasks.is_empty() && books.timers.is_empty());
    }
}
