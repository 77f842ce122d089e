//! The procedures that the house ships: correct, sound, and running as their names promise.

use crate::{Input, PlainOnly, Served, Token, check, parse, procedures, served, span};

use super::support::{Story, codes};

fn story(name: &str) -> Story {
    Story::of(&parse(procedures::find(name).unwrap().xml.as_bytes()).unwrap())
}

#[test]
fn every_shipped_procedure_is_executable_and_sound() {
    for procedure in procedures::all() {
        let definitions = parse(procedure.xml.as_bytes()).unwrap();
        let report = check(&definitions, &PlainOnly);
        assert!(report.ok, "{}: {:?}", procedure.name, report.findings);
        assert_eq!(codes(&report), Vec::<&str>::new(), "{}", procedure.name);
        let process = definitions.main().unwrap();
        let missing = served(process, &Served::by_the_hall());
        assert!(missing.is_empty(), "{missing:?}");
        for node in definitions.main().unwrap().nodes() {
            assert!(
                definitions.diagram.shapes.contains_key(&*node.id),
                "{}",
                node.id
            );
        }
        for flow in definitions.main().unwrap().flows() {
            assert!(
                definitions.diagram.edges.contains_key(&*flow.id),
                "{}",
                flow.id
            );
        }
    }
}

#[test]
fn a_granted_case_is_reviewed_decided_issued_and_handed_out() {
    let mut case = story("standard");
    assert_eq!(case.said(), ["open review", "timer review_due_soon"]);
    case.complete("review", "agree");
    assert_eq!(
        case.said(),
        [
            "close review Done",
            "untimer review_due_soon",
            "open decide"
        ]
    );
    case.complete("decide", "granted");
    assert_eq!(case.said(), ["close decide Done", "call certificate.issue"]);
    case.serve("issue");
    assert_eq!(case.said(), ["open deliver"]);
    case.complete("deliver", "");
    assert_eq!(case.said(), ["close deliver Done", "over end"]);
    assert!(case.marking.is_empty());
}

#[test]
fn a_case_sent_back_is_reviewed_again() {
    let mut case = story("standard");
    case.complete("review", "agree")
        .complete("decide", "returned");
    assert_eq!(case.at(), ["review"]);
    case.complete("review", "disagree")
        .complete("decide", "refused");
    assert_eq!(case.said(), ["close decide Done", "call refusal.issue"]);
}

#[test]
fn a_reminder_is_sent_once_beside_the_review() {
    let mut case = story("standard");
    case.fire("review_due_soon");
    assert_eq!(case.said(), ["call reminder.send"]);
    assert_eq!(case.at(), ["review", "review_remind"]);
    let node = case.process.find("review_due_soon").unwrap();
    assert!(
        case.try_input(Input::TimerFired {
            token: Token::on(node)
        })
        .is_err()
    );
    case.serve("review_remind");
    assert_eq!(case.said(), ["end review_reminded"]);
    assert_eq!(case.at(), ["review"]);
}

#[test]
fn an_instant_item_is_decided_at_once() {
    let mut case = story("instant");
    case.complete("decide", "refused")
        .serve("refuse")
        .complete("deliver", "");
    assert!(case.marking.is_empty());
}

#[test]
fn two_reviewers_and_legal_review_come_one_after_the_other() {
    let mut case = story("legal_review");
    for step in ["first_review", "second_review", "legal"] {
        assert_eq!(case.at(), [step]);
        case.complete(step, "agree");
    }
    case.complete("decide", "returned");
    assert_eq!(case.at(), ["first_review"]);
}

#[test]
fn a_joint_opinion_waits_for_every_department_in_any_order() {
    for order in [
        ["legal", "site", "department"],
        ["department", "legal", "site"],
    ] {
        let mut case = story("joint_opinion");
        assert_eq!(case.at(), ["legal", "site", "department"]);
        for (given, department) in order.iter().enumerate() {
            assert!(!case.at().contains(&"decide"), "{given}");
            case.complete(department, "agree");
        }
        assert_eq!(case.at(), ["decide"]);
    }
}

#[test]
fn the_bench_case_takes_seven_durable_operations() {
    let mut case = story("seven_op");
    let mut operations = 1;
    for (task, outcome) in [
        ("receive", ""),
        ("legal", ""),
        ("site", ""),
        ("department", ""),
        ("decide", "granted"),
        ("issue", ""),
    ] {
        case.complete(task, outcome);
        operations += 1;
    }
    assert!(case.marking.is_empty());
    assert_eq!(operations, 7);
}

#[test]
fn the_longest_way_of_the_standard_procedure_is_25_working_days() {
    let definitions = parse(procedures::STANDARD.xml.as_bytes()).unwrap();
    let process = definitions.main().unwrap();
    let span = span(process);
    assert_eq!((span.shortest, span.straight), (25, 25));
    let [back] = span.back.as_slice() else {
        panic!("{:?}", span.back);
    };
    assert_eq!(process.flow_id(back.flow), "decided_to_again");
    // Sent back as often as allowed, each time reviewed and decided anew.
    assert_eq!((back.most, back.days), (Some(3), 15));
    assert_eq!(span.longest, 25 + 3 * 15);
    assert!(span.is_bounded());
}

#[test]
fn branches_side_by_side_count_once() {
    let definitions = parse(procedures::JOINT_OPINION.xml.as_bytes()).unwrap();
    assert_eq!(span(definitions.main().unwrap()).straight, 5 + 5 + 10);
}
