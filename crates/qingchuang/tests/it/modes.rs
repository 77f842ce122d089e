//! Each mode that rests on a pledge or on silence walked through by the real commands, and misused.
//! On both stores, and the ledger stands behind every row afterwards.

use case::Finish;
use jiff::civil::date;
use kernel::{Actor, Channel, Fault, TypedId};
use pledge::{Found, PledgeKind, PledgeStatus};
use web::{Officer, Role};

use crate::town::{refused, towns, word};

const ADVERTISING: &str = "outdoor_advertising";
const PICTURE: &str = "picture";
const PROOFS: [&str; 2] = ["right", "structure"];

#[test]
fn papers_may_follow_on_a_pledge_and_nothing_is_granted_before_they_come() {
    for town in towns("tolerant", ADVERTISING) {
        let who = town.applicant();
        // Misuse: a main paper may not follow; without a pledge nothing may be missing.
        let bare = town.draft(&who, &[PICTURE]);
        refused(
            town.sign(&who, bare, PledgeKind::Tolerant, &["right"]),
            "pledge.not_on_list",
        );
        town.submit(&who, bare).expect("a notice may tell the rest");
        refused(town.accept(bare), "intake.incomplete");

        let id = town.draft(&who, &[PICTURE]);
        town.sign(&who, id, PledgeKind::Tolerant, &[PICTURE])
            .expect("the list holds it");
        town.submit(&who, id).expect("it is sent");
        town.accept(id).expect("the pledge stands for the picture");
        let pledge = town.pledge(id, PledgeKind::Tolerant);
        assert_eq!(pledge.due, Some(date(2026, 11, 30)));

        let reviewer = town.officers(town.organ, Role::Reviewer).remove(0);
        let case = town.case(id);
        let (case_id, task) = (case.id, case.tasks[0].number);
        let agree = Finish {
            task,
            outcome: Some(word("agree")),
            opinion: Some("同意".to_owned()),
            ..Finish::default()
        };
        let by = reviewer.clone();
        town.by(reviewer.actor(), move |tx| {
            case::complete(tx, &by, case_id, &agree).map(|_| ())
        })
        .expect("reviewed");
        let decider = town.officers(town.organ, Role::Decider).remove(0);
        refused(town.grant(id, &decider), "case.papers_owed");
        refused(town.make_up(&who, id, "right"), "intake.not_owed");
        town.make_up(&who, id, PICTURE).expect("it comes in time");
        refused(town.make_up(&who, id, PICTURE), "intake.nothing_owed");
        let status = town.pledge(id, PledgeKind::Tolerant).status;
        assert_eq!(status, PledgeStatus::MadeUp);
        let case = town.grant(id, &decider).expect("now it is granted");
        assert_eq!(case.status, case::Status::Granted);
        town.stands();
    }
}

#[test]
fn papers_that_never_come_withdraw_the_application() {
    for town in towns("lapse", ADVERTISING) {
        let who = town.applicant();
        let id = town.draft(&who, &[PICTURE]);
        town.sign(&who, id, PledgeKind::Tolerant, &[PICTURE])
            .expect("signed");
        town.submit(&who, id).expect("sent");
        town.accept(id).expect("accepted");
        town.days_pass(7);
        assert!(town.case(id).status.is_open(), "the last day is theirs");
        town.days_pass(1);
        let status = town.pledge(id, PledgeKind::Tolerant).status;
        assert_eq!(status, PledgeStatus::Lapsed);
        assert_eq!(town.case(id).status, case::Status::Withdrawn);
        refused(town.make_up(&who, id, PICTURE), "intake.nothing_owed");
        town.stands();
    }
}

#[test]
fn both_modes_stand_on_one_case_and_a_false_promise_costs_the_route_and_then_the_licence() {
    for town in towns("promise", ADVERTISING) {
        let who = town.applicant();
        let id = town.draft(&who, &[PICTURE, PROOFS[0], PROOFS[1]]);
        assert!(town.submit(&who, id).is_err(), "nothing stands for proofs");
        town.sign(&who, id, PledgeKind::Promise, &PROOFS)
            .expect("promised");
        refused(
            town.sign(&who, id, PledgeKind::Promise, &PROOFS),
            "pledge.already_signed",
        );
        town.sign(&who, id, PledgeKind::Tolerant, &[PICTURE])
            .expect("pledged");
        town.submit(&who, id).expect("sent");
        town.accept(id).expect("accepted on both");
        let case = town.case(id);
        assert_eq!(case.procedure.as_str(), "instant");
        assert_eq!(case.tasks[0].duty, case::Duty::Decide);
        let deciders = town.officers(town.organ, Role::Decider);
        refused(town.grant(id, &deciders[0]), "case.papers_owed");
        town.make_up(&who, id, PICTURE).expect("the picture comes");
        town.grant(id, &deciders[0]).expect("decided at once");

        let pledge = town.pledge(id, PledgeKind::Promise);
        assert_eq!(pledge.status, PledgeStatus::Checking);
        let check = |by: &Officer, found: Found| {
            let (by, pledge) = (by.clone(), pledge.id);
            town.by(by.actor(), move |tx| {
                pledge::check(tx, &by, pledge, found, "现场与承诺不符").map(|_| ())
            })
        };
        let citizen = who.id;
        let late = town.by(Actor::citizen(citizen, Channel::Web), move |tx| {
            pledge::retract(tx, citizen, pledge.id).map(|_| ())
        });
        refused(late, "pledge.decided");
        refused(
            check(&deciders[0], Found::False),
            "pledge.checked_by_decider",
        );
        let clerk = town.officers(town.hall_id, Role::IntakeClerk).remove(0);
        let stranger = check(&clerk, Found::False);
        assert!(matches!(stranger, Err(Fault::NotFound { .. })));
        let reviewer = town.officers(town.organ, Role::Reviewer).remove(0);
        check(&reviewer, Found::False).expect("found false");

        // The route is lost at once; the licence only when somebody else has decided it.
        let again = town.draft(&who, &PROOFS);
        refused(
            town.sign(&who, again, PledgeKind::Promise, &PROOFS),
            "pledge.route_lost",
        );
        town.revokes(&case, &reviewer, &deciders[1]);
        town.stands();
    }
}

#[test]
fn a_promise_taken_back_leads_to_the_ordinary_way() {
    for town in towns("retract", ADVERTISING) {
        let who = town.applicant();
        let id = town.draft(&who, &PROOFS);
        town.sign(&who, id, PledgeKind::Promise, &PROOFS)
            .expect("promised");
        town.submit(&who, id).expect("sent");
        town.accept(id).expect("accepted");
        let (citizen, pledge) = (who.id, town.pledge(id, PledgeKind::Promise).id);
        // Misuse: a stranger takes it back; it is taken back twice; granted without the papers.
        let stranger = town.applicant().id;
        let theirs = town.by(Actor::citizen(stranger, Channel::Web), move |tx| {
            pledge::retract(tx, stranger, pledge).map(|_| ())
        });
        assert!(matches!(theirs, Err(Fault::NotFound { .. })));
        town.by(Actor::citizen(citizen, Channel::Web), move |tx| {
            pledge::retract(tx, citizen, pledge).map(|_| ())
        })
        .expect("before the decision");
        let twice = town.by(Actor::citizen(citizen, Channel::Web), move |tx| {
            pledge::retract(tx, citizen, pledge).map(|_| ())
        });
        refused(twice, "pledge.not_retractable");
        let decider = town.officers(town.organ, Role::Decider).remove(0);
        assert!(town.grant(id, &decider).is_err(), "a reviewer comes first");
        let case = town.case(id);
        assert_eq!(case.procedure.as_str(), "standard");
        assert_eq!(case.tasks[0].duty, case::Duty::Review);
        assert_eq!(case.clock.promised, case::Term::workdays(8));
        for material in PROOFS {
            town.make_up(&who, id, material).expect("owed now");
        }
        let status = town.pledge(id, PledgeKind::Promise).status;
        assert_eq!(status, PledgeStatus::MadeUp);
        town.stands();
    }
}

#[test]
fn silence_grants_a_listed_item_and_names_who_let_it_lapse() {
    for town in towns("tacit", ADVERTISING) {
        let who = town.applicant();
        let id = town.draft(&who, &[]);
        town.submit(&who, id).expect("sent");
        town.accept(id).expect("accepted");
        town.days_pass(10);
        assert!(town.case(id).status.is_open(), "the promised day is ours");
        // Misuse: somebody lets the clock run out before its time.
        let early = town.case(id).id;
        let early = town.by(Actor::system(), move |tx| case::approve_tacitly(tx, early));
        assert!(!early.expect("a rule says no"));
        town.days_pass(3);
        let case = town.case(id);
        assert_eq!(case.status, case::Status::Granted);
        assert!(case.tacit);
        let organ = town.organ;
        let lines = town.db().read(|tx| case::tacit_list(tx, Some(organ), 10));
        let lines = lines.expect("the list can be read");
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].answerable.len(), 1);
        let issued = || {
            let found = town
                .db()
                .read(|tx| certificate::certificates_of(tx, case.id.uuid()));
            found.expect("they can be read").remove(0).state
        };
        assert_eq!(issued(), certificate::CertificateState::Valid);
        let decider = town.officers(town.organ, Role::Decider).remove(0);
        let (by, case_id) = (decider.clone(), case.id);
        town.by(decider.actor(), move |tx| {
            case::check_tacit(tx, &by, case_id, false, "现场不符合条件").map(|_| ())
        })
        .expect("checked and set aside");
        let by = decider.clone();
        let again = town.by(decider.actor(), move |tx| {
            case::check_tacit(tx, &by, case_id, true, "再查一次").map(|_| ())
        });
        refused(again, "case.nothing_to_check");
        let other = town.officers(town.organ, Role::Decider).remove(1);
        town.revokes(&case, &decider, &other);
        town.stands();
    }
}
