//! Every pair of duties that must be kept apart, for the person and for whom they stand in.

use ledger::Lifecycle;

use super::hall::*;
use crate::*;

/// The four duties with a task each and who may do them.
const APART: [Duty; 4] = [Duty::Accept, Duty::Review, Duty::Decide, Duty::Deliver];

/// A case in which somebody did one duty and a task of another duty is open.
fn with(had: Hand, wants: Duty) -> (Told, Asker) {
    let mut told = given("standard", "2026-03-02");
    let (role, place) = match wants {
        Duty::Accept => (Role::IntakeClerk, HALL),
        Duty::Review => (Role::Reviewer, LEAD),
        Duty::Decide => (Role::Decider, LEAD),
        _ => (Role::ExitClerk, HALL),
    };
    told.case.hands = vec![had];
    let task = &mut told.case.tasks[0];
    (task.duty, task.role, task.organ) = (wants, role, organ(place));
    (told, at_seat(30, place, &[role]))
}

fn hand(duty: Duty, by: u128, standing_in: Option<u128>) -> Hand {
    Hand {
        duty,
        task: 0,
        by: officer(by),
        standing_in: standing_in.map(officer),
    }
}

#[test]
fn whoever_had_one_of_the_four_duties_may_have_no_other() {
    for had in APART {
        for wants in APART.into_iter().filter(|wants| *wants != had) {
            let refusal = Refusal::TwoDuties { had, wants };
            let claim = |told: &Told| Command::Claim(told.case.tasks[0].number);
            // The person themselves.
            let (told, by) = with(hand(had, 30, None), wants);
            let command = claim(&told);
            told.when(&by, command).refused(&refusal);
            // Their deputy, standing in for them.
            let (told, _) = with(hand(had, 30, None), wants);
            let (_, by) = with(hand(had, 30, None), wants);
            let Asker::Officer(doer) = by else {
                panic!("an officer")
            };
            let deputy = Asker::Officer(Doer {
                officer: officer(31),
                standing_in: Some(officer(30)),
                ..doer.clone()
            });
            let command = claim(&told);
            told.when(&deputy, command).refused(&refusal);
            // The person, when their deputy did the first duty in their stead.
            let (told, by) = with(hand(had, 31, Some(30)), wants);
            let command = claim(&told);
            told.when(&by, command).refused(&refusal);
            // The deputy, in their own right.
            let (told, _) = with(hand(had, 31, Some(30)), wants);
            let own = Asker::Officer(Doer {
                officer: officer(31),
                standing_in: None,
                ..doer
            });
            let command = claim(&told);
            told.when(&own, command).refused(&refusal);
            // Handing a task over to them.
            let (told, _) = with(hand(had, 40, None), wants);
            let (_, by) = with(hand(had, 40, None), wants);
            let command = Command::HandOver {
                task: told.case.tasks[0].number,
                to: officer(40),
                holds_post: true,
                standing_in: None,
            };
            told.clone().when(&by, command).refused(&refusal);
            // Handing it over to somebody who stands in for them.
            let command = Command::HandOver {
                task: told.case.tasks[0].number,
                to: officer(41),
                holds_post: true,
                standing_in: Some(officer(40)),
            };
            told.when(&by, command).refused(&refusal);
            // Somebody else may.
            let (told, by) = with(hand(had, 40, None), wants);
            let command = claim(&told);
            told.when(&by, command).done();
        }
    }
}

#[test]
fn the_accepter_never_decides_though_they_hold_both_posts() {
    let both = at_seat(10, LEAD, &[Role::Reviewer, Role::Decider]);
    let accept_decide = Refusal::TwoDuties {
        had: Duty::Accept,
        wants: Duty::Decide,
    };
    given("instant", "2026-03-02")
        .finish(&both, "granted")
        .refused(&accept_decide);
}

#[test]
fn the_reviewer_never_decides_and_the_decider_never_hands_out() {
    let both = at_seat(11, LEAD, &[Role::Reviewer, Role::Decider]);
    let told = given("standard", "2026-03-02")
        .finish(&both, "agree")
        .done();
    told.clone()
        .finish(&both, "granted")
        .refused(&Refusal::TwoDuties {
            had: Duty::Review,
            wants: Duty::Decide,
        });
    let told = told.finish(&decider(12), "granted").done();
    told.hand_out(&exit_clerk(12)).refused(&Refusal::TwoDuties {
        had: Duty::Decide,
        wants: Duty::Deliver,
    });
}

#[test]
fn two_reviewers_are_two_people() {
    let told = given("legal_review", "2026-03-02")
        .finish(&reviewer(11), "agree")
        .done();
    told.clone()
        .finish(&reviewer(11), "agree")
        .refused(&Refusal::ReviewedAlready);
    told.finish(&reviewer(14), "agree").done();
}

#[test]
fn the_record_shows_the_deputy_and_whom_they_stood_in_for() {
    let deputy = standing_in(reviewer(31), 11);
    let told = given("standard", "2026-03-02")
        .finish(&deputy, "agree")
        .done();
    let hand = told.case.hands.last().unwrap();
    assert_eq!(
        (hand.by, hand.standing_in),
        (officer(31), Some(officer(11)))
    );
    let replayed = {
        let mut case = given("standard", "2026-03-02").case;
        for event in told.last.iter().flatten() {
            case.evolve(event);
        }
        case
    };
    assert_eq!(replayed, told.case);
}

#[test]
fn a_deputy_finishes_what_their_principal_holds() {
    let told = given("standard", "2026-03-02");
    let task = told.case.tasks[0].number;
    let told = told.when(&reviewer(11), Command::Claim(task)).done();
    let deputy = standing_in(reviewer(31), 11);
    told.finish(&deputy, "agree").done();
}
