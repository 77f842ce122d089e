//! Rules of what follows a notice: corrections, silence, withdrawal.

use jiff::civil::date;
use ledger::{FileCommitment, FileId, Lifecycle};
use seal::Digest32;

use super::rules::{
    LATE, MONDAY, TELL_BY, applicant, bring, clerk, corrected, document, given, id, notice, on,
    refused, text, told,
};
use crate::decide::{Command, Event, Who};
use crate::model::{Document, Notice, Status};

#[test]
fn corrections_are_all_that_was_asked_for() {
    let waiting = given(&[0], &[told(&[1, 2])]);
    refused(
        &waiting,
        bring(&[1]),
        &on(MONDAY, applicant()),
        "intake.still_missing",
    );
    let events = waiting
        .decide(bring(&[1, 2]), &on(MONDAY, applicant()))
        .unwrap();
    assert!(matches!(events[..], [Event::Corrected { .. }]));
}

#[test]
fn a_notice_about_the_form_needs_other_answers() {
    let notice = Notice {
        on: MONDAY,
        due: TELL_BY,
        missing: vec![],
        form: true,
        texts: text(11),
    };
    let waiting = given(&[0, 1], &[Event::NoticeGiven(notice)]);
    refused(
        &waiting,
        bring(&[]),
        &on(MONDAY, applicant()),
        "intake.still_missing",
    );
    let answers = Command::Correct {
        answers: Some(text(12)),
        documents: vec![],
    };
    assert!(waiting.decide(answers, &on(MONDAY, applicant())).is_ok());
}

#[test]
fn nothing_is_corrected_that_was_not_asked_for_or_by_a_stranger() {
    let facts = on(MONDAY, applicant());
    refused(
        &given(&[0], &[]),
        bring(&[1]),
        &facts,
        "intake.nothing_asked",
    );
    let stranger = on(MONDAY, Who::Person(id(99)));
    refused(
        &given(&[0], &[told(&[1])]),
        bring(&[1]),
        &stranger,
        "intake.not_yours",
    );
    let agent = on(MONDAY, Who::Person(id(5)));
    assert!(
        given(&[0], &[told(&[1])])
            .decide(bring(&[1]), &agent)
            .is_ok()
    );
}

#[test]
fn while_corrections_are_awaited_nothing_is_accepted() {
    let waiting = given(&[0], &[told(&[1])]);
    refused(
        &waiting,
        Command::Accept,
        &on(MONDAY, clerk()),
        "intake.waiting_for_correction",
    );
    let spot = Command::CorrectOnTheSpot {
        fields: text(1),
        answers: None,
        documents: vec![],
    };
    refused(
        &waiting,
        spot,
        &on(MONDAY, clerk()),
        "intake.waiting_for_correction",
    );
}

#[test]
fn what_was_corrected_as_asked_must_be_accepted() {
    let ready = given(&[0], &[told(&[1]), corrected()]);
    let facts = on(MONDAY, clerk());
    let refusals = [
        Command::SayNotRequired { reason: text(1) },
        Command::RefuseAcceptance {
            competent: text(1),
            reason: text(2),
        },
    ];
    for command in refusals {
        refused(&ready, command, &facts, "intake.must_accept");
    }
    assert!(ready.decide(Command::Accept, &facts).is_ok());
}

#[test]
fn after_a_notice_it_is_too_late_to_say_that_it_is_not_ours() {
    let waiting = given(&[0], &[told(&[1])]);
    let command = Command::RefuseAcceptance {
        competent: text(1),
        reason: text(2),
    };
    refused(
        &waiting,
        command,
        &on(MONDAY, clerk()),
        "intake.already_told",
    );
}

#[test]
fn not_required_and_not_accepted_end_it_with_their_reasons() {
    let mut one = given(&[0], &[]);
    let facts = on(MONDAY, clerk());
    let events = one
        .decide(Command::SayNotRequired { reason: text(21) }, &facts)
        .unwrap();
    one.evolve(&events[0]);
    assert_eq!(one.status, Status::NotRequired);
    assert_eq!(one.settled.unwrap().reason, Some(text(21)));
    let mut other = given(&[0], &[]);
    let command = Command::RefuseAcceptance {
        competent: text(22),
        reason: text(23),
    };
    let events = other.decide(command, &facts).unwrap();
    other.evolve(&events[0]);
    assert_eq!(other.status, Status::NotAccepted);
    assert_eq!(other.settled.unwrap().competent, Some(text(22)));
}

#[test]
fn silence_is_acceptance_from_the_day_of_receipt() {
    let events = given(&[0], &[]).decide(Command::Deem, &on(LATE, Who::Clock));
    assert_eq!(events, Ok(vec![Event::DeemedAccepted { on: MONDAY }]));
}

#[test]
fn silence_after_the_corrections_is_acceptance_from_their_day() {
    let ready = given(&[0], &[told(&[1]), corrected()]);
    let late = on(date(2026, 12, 3), Who::Clock);
    let events = ready.decide(Command::Deem, &late);
    assert_eq!(
        events,
        Ok(vec![Event::DeemedAccepted {
            on: date(2026, 11, 25)
        }])
    );
}

#[test]
fn the_timer_does_nothing_early_twice_or_after_a_notice() {
    let early = given(&[0], &[]).decide(Command::Deem, &on(TELL_BY, Who::Clock));
    let told = given(&[0], &[told(&[1])]).decide(Command::Deem, &on(LATE, Who::Clock));
    let deemed = Event::DeemedAccepted { on: MONDAY };
    let again = given(&[0], &[deemed]).decide(Command::Deem, &on(LATE, Who::Clock));
    assert_eq!((early, told, again), (Ok(vec![]), Ok(vec![]), Ok(vec![])));
}

#[test]
fn corrected_on_the_spot_stays_received_with_the_new_answers() {
    let mut one = given(&[0], &[]);
    let (fields, answers) = (text(31), Some(text(32)));
    let documents = vec![document(1)];
    let command = Command::CorrectOnTheSpot {
        fields,
        answers,
        documents,
    };
    let events = one.decide(command, &on(MONDAY, clerk())).unwrap();
    one.evolve(&events[0]);
    assert_eq!((one.status, one.answers), (Status::Received, text(32)));
    assert!(one.decide(Command::Accept, &on(MONDAY, clerk())).is_ok());
}

#[test]
fn applicant_or_agent_withdraw_and_nobody_else() {
    let one = given(&[0], &[]);
    refused(
        &one,
        Command::Withdraw,
        &on(MONDAY, clerk()),
        "intake.not_yours",
    );
    let events = one.decide(Command::Withdraw, &on(MONDAY, applicant()));
    assert_eq!(events, Ok(vec![Event::WithdrawnByApplicant { on: MONDAY }]));
}

#[test]
fn what_was_never_corrected_is_closed_only_after_its_time() {
    let waiting = given(&[0], &[told(&[1])]);
    refused(
        &waiting,
        Command::Lapse,
        &on(TELL_BY, clerk()),
        "intake.too_early_to_lapse",
    );
    refused(
        &given(&[0], &[]),
        Command::Lapse,
        &on(LATE, clerk()),
        "intake.nothing_asked",
    );
    let events = waiting.decide(Command::Lapse, &on(LATE, clerk()));
    assert_eq!(
        events,
        Ok(vec![Event::LapsedForCorrection {
            on: LATE,
            by: id(10)
        }])
    );
}

#[test]
fn what_was_answered_is_not_answered_again() {
    let accepted = given(
        &[0, 1],
        &[Event::Accepted {
            on: MONDAY,
            by: id(10),
        }],
    );
    let commands = [
        (Command::Accept, clerk()),
        (notice(&[2]), clerk()),
        (Command::SayNotRequired { reason: text(1) }, clerk()),
        (Command::Withdraw, applicant()),
        (bring(&[2]), applicant()),
    ];
    for (command, who) in commands {
        refused(
            &accepted,
            command,
            &on(MONDAY, who),
            "intake.already_answered",
        );
    }
}

#[test]
fn a_new_file_of_a_material_stands_in_place_of_the_old_one() {
    let mut one = given(&[0, 1], &[told(&[1])]);
    let newer = FileCommitment {
        file: id::<FileId>(77),
        digest: Digest32([9; 32]),
    };
    let document = Document {
        material: 1,
        file: newer,
    };
    let documents = vec![document];
    let tell_by = date(2026, 12, 1);
    one.evolve(&Event::Corrected {
        on: MONDAY,
        answers: None,
        documents,
        tell_by,
    });
    let of_one: Vec<_> = one
        .documents
        .iter()
        .filter(|one| one.material == 1)
        .collect();
    assert_eq!(of_one, [&document]);
}
