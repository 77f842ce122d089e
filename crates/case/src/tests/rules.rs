//! Tasks, decisions, endings.

use super::hall::*;
use crate::*;

fn reviewed() -> Told {
    given("standard", "2026-03-02")
        .finish(&reviewer(11), "agree")
        .done()
}

fn granted() -> Told {
    reviewed().finish(&decider(12), "granted").done()
}

#[test]
fn a_case_goes_from_review_to_delivery() {
    let told = granted();
    assert_eq!(told.case.status, Status::Granted);
    assert_eq!(told.case.delivery_due, Some(day("2026-03-16")));
    let told = told.hand_out(&exit_clerk(13)).done();
    assert_eq!(told.case.status, Status::Delivered);
    assert_eq!(told.case.closed_on, Some(day("2026-03-02")));
    assert!(told.case.tasks.is_empty());
    let told = told.when(&Asker::System, Command::Archive).done();
    assert_eq!(told.case.status, Status::Archived);
}

#[test]
fn one_command_is_one_event() {
    let told = reviewed().finish(&decider(12), "granted").done();
    assert_eq!(told.last.unwrap().len(), 1);
}

#[test]
fn a_refusal_states_its_grounds() {
    let told = reviewed();
    let decide = told.case.tasks[0].number;
    let bare = Completion {
        task: decide,
        outcome: Some(word("refused")),
        opinion: None,
        files: Vec::new(),
        grounds: None,
        departure: None,
        minutes: None,
    };
    told.clone()
        .when(&decider(12), Command::Complete(bare))
        .refused(&Refusal::GroundsMissing);
    let told = told.finish(&decider(12), "refused").done();
    assert_eq!(told.case.status, Status::Refused);
    assert_eq!(told.case.verdict, Some(Verdict::Refused));
}

#[test]
fn sending_back_needs_a_reason_and_opens_the_review_again() {
    let told = reviewed().finish(&decider(12), "returned").done();
    assert_eq!(told.case.tasks[0].duty, Duty::Review);
    assert_eq!(told.case.status, Status::Handling);
    let told = told.finish(&reviewer(11), "agree").done();
    told.finish(&decider(12), "granted").done();
    let told = reviewed();
    let bare = Completion {
        task: told.case.tasks[0].number,
        outcome: Some(word("returned")),
        opinion: None,
        files: Vec::new(),
        grounds: None,
        departure: None,
        minutes: None,
    };
    told.when(&decider(12), Command::Complete(bare))
        .refused(&Refusal::OpinionMissing);
}

#[test]
fn a_task_is_held_by_one_and_given_back_or_on() {
    let told = given("standard", "2026-03-02");
    let task = told.case.tasks[0].number;
    let told = told.when(&reviewer(11), Command::Claim(task)).done();
    assert_eq!(told.case.tasks[0].held_by, Some(officer(11)));
    told.clone()
        .when(&reviewer(14), Command::Claim(task))
        .refused(&Refusal::TaskHeld);
    told.clone()
        .finish(&reviewer(14), "agree")
        .refused(&Refusal::TaskHeld);
    told.clone()
        .when(&reviewer(14), Command::Release(task))
        .refused(&Refusal::NotHeld);
    let to = |holds_post| Command::HandOver {
        task,
        to: officer(14),
        holds_post,
        standing_in: None,
    };
    told.clone()
        .when(&reviewer(11), to(false))
        .refused(&Refusal::ReceiverWithoutPost);
    let over = told.clone().when(&reviewer(11), to(true)).done();
    over.finish(&reviewer(14), "agree").done();
    let deputy = Command::HandOver {
        task,
        to: officer(15),
        holds_post: true,
        standing_in: Some(officer(16)),
    };
    let over = told.clone().when(&reviewer(11), deputy).done();
    let held = (over.case.tasks[0].held_by, over.case.tasks[0].held_for);
    assert_eq!(
        held,
        (Some(officer(15)), Some(officer(16))),
        "both are shown"
    );
    let told = told.when(&reviewer(11), Command::Release(task)).done();
    assert_eq!(told.case.tasks[0].held_by, None);
    told.when(&reviewer(14), Command::Claim(task)).done();
}

#[test]
fn nobody_acts_from_another_post_or_organ() {
    let told = given("standard", "2026-03-02");
    let task = told.case.tasks[0].number;
    for by in [
        decider(12),
        at_seat(11, OTHER, &[Role::Reviewer]),
        Asker::Person(person(APPLICANT)),
        Asker::System,
    ] {
        told.clone()
            .when(&by, Command::Claim(task))
            .refused(&Refusal::WrongPost);
    }
}

#[test]
fn a_finished_task_is_gone() {
    let told = given("standard", "2026-03-02");
    let task = told.case.tasks[0].number;
    told.finish(&reviewer(11), "agree")
        .done()
        .when(&reviewer(11), Command::Claim(task))
        .refused(&Refusal::TaskGone);
}

#[test]
fn an_unknown_outcome_is_refused() {
    let told = reviewed().finish(&decider(12), "maybe");
    assert!(matches!(told.last, Err(Refusal::Process(_))));
}

#[test]
fn another_organ_is_asked_beside_the_process() {
    let ask = |number| Command::AddCoHandler {
        organ: organ(number),
        question: said(),
        limit_days: 5,
    };
    let told = given("standard", "2026-03-02");
    told.clone()
        .when(&reviewer(11), ask(LEAD))
        .refused(&Refusal::OwnOrgan);
    let told = told.when(&reviewer(11), ask(OTHER)).done();
    assert_eq!(told.case.tasks.len(), 2);
    assert_eq!(told.case.tasks[1].due, Some(day("2026-03-09")));
    let told = told
        .finish(&at_seat(15, OTHER, &[Role::CoHandler]), "agree")
        .done();
    assert_eq!(told.case.tasks.len(), 1);
    assert_eq!(told.case.tasks[0].duty, Duty::Review);
}

#[test]
fn only_the_applicant_withdraws_and_only_before_the_decision() {
    let told = reviewed();
    told.clone()
        .when(&decider(12), Command::Withdraw(None))
        .refused(&Refusal::ApplicantOnly);
    told.clone()
        .when(&Asker::Person(person(99)), Command::Withdraw(None))
        .refused(&Refusal::ApplicantOnly);
    let gone = told
        .clone()
        .when(&Asker::Person(person(51)), Command::Withdraw(None))
        .done();
    assert_eq!(gone.case.status, Status::Withdrawn);
    assert!(gone.case.tasks.is_empty());
    gone.finish(&decider(12), "granted").refused(&Refusal::Over);
    granted()
        .when(&Asker::Person(person(APPLICANT)), Command::Withdraw(None))
        .refused(&Refusal::Decided);
}

#[test]
fn handing_out_asks_for_what_proves_it() {
    let way = |method, identity_checked, proof: bool| {
        Command::Deliver(Delivery {
            method,
            identity_checked,
            proof: proof.then(said),
        })
    };
    let told = granted();
    told.clone()
        .when(&exit_clerk(13), way(Method::Counter, false, true))
        .refused(&Refusal::CounterCheckMissing);
    told.clone()
        .when(&exit_clerk(13), way(Method::Post, false, false))
        .refused(&Refusal::TrackingMissing);
    told.clone()
        .finish(&exit_clerk(13), "")
        .refused(&Refusal::DeliverInstead);
    let stranger = Asker::Person(person(99));
    told.clone()
        .when(&stranger, way(Method::Online, true, false))
        .refused(&Refusal::WrongPost);
    let applicant = Asker::Person(person(APPLICANT));
    let told = told
        .when(&applicant, way(Method::Online, true, false))
        .done();
    assert_eq!(told.case.status, Status::Delivered);
    reviewed()
        .hand_out(&exit_clerk(13))
        .refused(&Refusal::NothingToDeliver);
}

#[test]
fn every_shipped_procedure_runs_to_each_end() {
    for procedure in process::procedures::all() {
        for outcome in ["granted", "refused"] {
            let mut told = given(procedure.name, "2026-03-02");
            let mut officers = 20..;
            while let Some(task) = told.case.tasks.first().cloned() {
                let by = Asker::Officer(Doer {
                    officer: officer(officers.next().unwrap()),
                    standing_in: None,
                    organ: task.organ,
                    roles: [task.role].into(),
                    delegated: Vec::new(),
                });
                told = match task.duty {
                    Duty::Deliver => told.hand_out(&by).done(),
                    Duty::Decide => told.finish(&by, outcome).done(),
                    _ if procedure.name == "seven_op" => told.finish(&by, "").done(),
                    _ => told.finish(&by, "agree").done(),
                };
            }
            assert!(told.case.status.is_over(), "{}", procedure.name);
            let verdict = told.case.verdict.unwrap();
            assert_eq!(verdict.as_str(), outcome, "{}", procedure.name);
        }
    }
}

fn silence(check: &str) -> Conditions {
    Conditions {
        tacit_check: Some(day(check)),
        ..Conditions::default()
    }
}

#[test]
fn silence_grants_only_what_is_listed_and_only_after_the_promised_day() {
    let told = given("standard", "2026-03-02");
    let due = told.case.dues.promised.unwrap();
    told.clone()
        .on("2026-03-17")
        .when(&Asker::System, Command::ApproveTacitly)
        .refused(&Refusal::NotListedForSilence);
    let listed = told.under(silence("2026-03-31"));
    listed
        .clone()
        .on("2026-03-16")
        .when(&Asker::System, Command::ApproveTacitly)
        .refused(&Refusal::NotYetOver { due });
    listed
        .clone()
        .on("2026-03-17")
        .when(&decider(12), Command::ApproveTacitly)
        .refused(&Refusal::ClockOnly);
    let granted = listed
        .on("2026-03-17")
        .when(&Asker::System, Command::ApproveTacitly)
        .done();
    assert_eq!(granted.case.status, Status::Granted);
    assert!(granted.case.tacit);
    assert_eq!(granted.case.check_due, Some(day("2026-03-31")));
    assert!(
        granted
            .case
            .tasks
            .iter()
            .all(|task| task.duty == Duty::Deliver)
    );
}

#[test]
fn whoever_let_it_lapse_is_named_and_does_not_check_it() {
    let told = given("standard", "2026-03-02");
    let task = told.case.tasks[0].number;
    let told = told
        .when(&reviewer(11), Command::Claim(task))
        .done()
        .under(silence("2026-03-31"))
        .on("2026-03-17")
        .when(&Asker::System, Command::ApproveTacitly)
        .done();
    let Some(Event::TacitlyApproved(tacit)) = told.last.clone().unwrap().pop() else {
        panic!("silence grants by one event");
    };
    assert_eq!(tacit.answerable[0].held_by, Some(officer(11)));
    let check = |upheld| Command::CheckTacit {
        upheld,
        finding: said(),
    };
    let told = told.under(Conditions {
        answerable: vec![officer(11)],
        ..Conditions::default()
    });
    told.clone()
        .when(&reviewer(11), check(true))
        .refused(&Refusal::CheckedByAnswerable);
    told.clone()
        .when(&reviewer(14), check(false))
        .refused(&Refusal::WrongPost);
    let told = told.when(&decider(15), check(false)).done();
    told.when(&decider(15), check(true))
        .refused(&Refusal::NothingToCheck);
}

#[test]
fn silence_grants_nothing_while_the_clock_stands_or_papers_are_owed() {
    let pause = Command::Pause(NewPause {
        listed: Vec::new(),
        kind: calendar::PauseKind::ExpertReview,
        expected_days: 5,
        reason: said(),
    });
    given("standard", "2026-03-02")
        .when(&reviewer(11), pause)
        .done()
        .under(silence("2026-03-31"))
        .on("2026-04-17")
        .when(&Asker::System, Command::ApproveTacitly)
        .refused(&Refusal::ClockStands);
    let owing = Conditions {
        owed: 1,
        ..silence("2026-03-31")
    };
    given("standard", "2026-03-02")
        .under(owing)
        .on("2026-03-17")
        .when(&Asker::System, Command::ApproveTacitly)
        .refused(&Refusal::PapersOwed { owed: 1 });
}

#[test]
fn what_was_heard_is_decided_on_the_minutes_by_somebody_and_never_by_silence() {
    let heard = Conditions {
        heard: true,
        ..silence("2026-03-31")
    };
    for outcome in ["granted", "refused"] {
        reviewed()
            .under(heard.clone())
            .finish(&decider(12), outcome)
            .refused(&Refusal::MinutesNotWeighed);
    }
    reviewed()
        .under(heard.clone())
        .on("2026-03-17")
        .when(&Asker::System, Command::ApproveTacitly)
        .refused(&Refusal::MinutesNotWeighed);
    // Sending back decides nothing, and needs no minutes.
    let told = reviewed().under(heard);
    told.clone().finish(&decider(12), "returned").done();
    let on_the_minutes = Completion {
        task: told.case.tasks[0].number,
        outcome: Some(word("granted")),
        opinion: None,
        files: Vec::new(),
        grounds: None,
        departure: None,
        minutes: Some(said()),
    };
    told.when(&decider(12), Command::Complete(on_the_minutes))
        .done();
}

#[test]
fn nothing_is_granted_while_papers_are_owed_but_it_may_be_refused() {
    let owing = Conditions {
        owed: 2,
        ..Conditions::default()
    };
    let told = reviewed().under(owing);
    told.clone()
        .finish(&decider(12), "granted")
        .refused(&Refusal::PapersOwed { owed: 2 });
    told.finish(&decider(12), "refused").done();
}

#[test]
fn papers_that_never_came_end_the_case_by_the_clock_alone() {
    let told = given("standard", "2026-03-02");
    told.clone()
        .when(&decider(12), Command::LapsePapers)
        .refused(&Refusal::ClockOnly);
    let gone = told.when(&Asker::System, Command::LapsePapers).done();
    assert_eq!(gone.case.status, Status::Withdrawn);
    assert!(gone.case.tasks.is_empty());
    granted()
        .when(&Asker::System, Command::LapsePapers)
        .refused(&Refusal::Decided);
}

#[test]
fn what_silence_granted_is_no_ground_to_refuse_the_next_thing() {
    let told = reviewed().under(Conditions {
        rests_on_silence: true,
        ..Conditions::default()
    });
    told.clone()
        .finish(&decider(12), "refused")
        .refused(&Refusal::GrantedBySilence);
    told.finish(&decider(12), "granted").done();
}

#[test]
fn limited_licences_are_granted_in_order_of_acceptance_until_none_is_left() {
    let earlier = Conditions {
        left: Some(3),
        earlier: Some(word("E1")),
        ..Conditions::default()
    };
    let refused = Refusal::OutOfOrder { number: word("E1") };
    reviewed()
        .under(earlier.clone())
        .finish(&decider(12), "granted")
        .refused(&refused);
    let none = Conditions {
        left: Some(0),
        ..Conditions::default()
    };
    reviewed()
        .under(none)
        .finish(&decider(12), "granted")
        .refused(&Refusal::NoneLeft);
    let prior = Command::Prioritise { reason: said() };
    reviewed()
        .under(earlier)
        .when(&decider(12), prior)
        .refused(&Refusal::OrderIsLaw);
}

#[test]
fn the_priority_lane_is_opened_by_a_head_with_a_reason_and_once() {
    let prior = || Command::Prioritise { reason: said() };
    let told = given("standard", "2026-03-02");
    told.clone()
        .when(&reviewer(11), prior())
        .refused(&Refusal::WrongPost);
    let manager = at_seat(20, HALL, &[Role::HallManager]);
    let told = told.when(&manager, prior()).done();
    assert!(told.case.priority);
    told.when(&decider(12), prior())
        .refused(&Refusal::AlreadyPrior);
    granted().when(&manager, prior()).refused(&Refusal::Decided);
}
