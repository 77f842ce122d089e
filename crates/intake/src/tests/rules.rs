//! Every rule of `decide`, given / when / then.

use catalogue::ItemId;
use codes::{CaseNumber, RegionCode};
use jiff::civil::{Date, date};
use kernel::uuid::Uuid;
use kernel::{Channel, OfficerId, OrganId, PersonId, TypedId};
use ledger::{Commitment, FileCommitment, FileId, Lifecycle, TextId};
use seal::Digest32;

use crate::decide::{Arrival, Command, Event, Facts, Received, Refusal, Who, receive};
use crate::model::{Application, ApplicationId, Document, Notice};

pub(super) const MONDAY: Date = date(2026, 11, 23);
pub(super) const TELL_BY: Date = date(2026, 11, 30);
pub(super) const LATE: Date = date(2026, 12, 1);

pub(super) fn id<I: TypedId>(number: u128) -> I {
    I::from_uuid(Uuid::from_u128(number))
}

pub(super) fn text(number: u128) -> Commitment {
    Commitment {
        text: id::<TextId>(number),
        digest: Digest32([7; 32]),
    }
}

pub(super) fn document(material: u16) -> Document {
    let file = FileCommitment {
        file: id::<FileId>(u128::from(material)),
        digest: Digest32([8; 32]),
    };
    Document { material, file }
}

fn received(documents: Vec<Document>) -> Received {
    let region = RegionCode::parse("371099").unwrap();
    Received {
        number: CaseNumber::new(&region, MONDAY, "0012", 1).unwrap(),
        query_code: text(1),
        item: id::<ItemId>(2),
        version: 3,
        scenario: 0,
        applicant: id::<PersonId>(4),
        agent: Some(id(5)),
        channel: Channel::Web,
        answers: text(6),
        documents,
        received_on: MONDAY,
        tell_by: TELL_BY,
        answer_by: TELL_BY,
        organ: id::<OrganId>(7),
        hall: id::<OrganId>(8),
        by_hand: false,
    }
}

fn arrival() -> Arrival {
    Arrival {
        item_open: true,
        age_min: Some(18),
        age: Some(30),
        agent_authorised: true,
        listed: vec![0, 1, 2],
    }
}

/// An application with these materials, and what happened to it since.
pub(super) fn given(materials: &[u16], events: &[Event]) -> Application {
    let documents = materials
        .iter()
        .map(|material| document(*material))
        .collect();
    let first = Event::Received(Box::new(received(documents)));
    let mut application = Application::begin(id::<ApplicationId>(9), &first).unwrap();
    for event in events {
        application.evolve(event);
    }
    application
}

pub(super) fn clerk() -> Who {
    Who::FrontDesk(id::<OfficerId>(10))
}

pub(super) fn applicant() -> Who {
    Who::Person(id(4))
}

pub(super) fn on(today: Date, who: Who) -> Facts {
    Facts {
        today,
        who,
        listed: vec![0, 1, 2],
        required: vec![0, 1],
        pledged: Vec::new(),
        owed: Vec::new(),
        five_workdays_on: date(2026, 12, 8),
    }
}

pub(super) fn told(missing: &[u16]) -> Event {
    let missing = missing.to_vec();
    let due = date(2026, 11, 30);
    Event::NoticeGiven(Notice {
        on: MONDAY,
        due,
        missing,
        form: false,
        texts: text(11),
    })
}

pub(super) fn notice(missing: &[u16]) -> Command {
    Command::GiveNotice {
        missing: missing.to_vec(),
        form: false,
        texts: text(11),
    }
}

pub(super) fn bring(materials: &[u16]) -> Command {
    let documents = materials
        .iter()
        .map(|material| document(*material))
        .collect();
    Command::Correct {
        answers: None,
        documents,
    }
}

pub(super) fn corrected() -> Event {
    Event::Corrected {
        on: date(2026, 11, 25),
        answers: None,
        documents: vec![document(1)],
        tell_by: date(2026, 12, 2),
    }
}

#[track_caller]
pub(super) fn refused(application: &Application, command: Command, facts: &Facts, code: &str) {
    let refusal = application.decide(command, facts).unwrap_err();
    assert_eq!(kernel::Refusal::code(&refusal), code);
}

#[test]
fn an_application_is_taken_in_only_for_an_open_item() {
    let closed = Arrival {
        item_open: false,
        ..arrival()
    };
    assert_eq!(receive(received(vec![]), &closed), Err(Refusal::ItemClosed));
    assert!(receive(received(vec![document(2)]), &arrival()).is_ok());
}

#[test]
fn somebody_too_young_is_refused_and_an_organisation_has_no_age() {
    let child = Arrival {
        age: Some(17),
        ..arrival()
    };
    assert_eq!(
        receive(received(vec![]), &child),
        Err(Refusal::UnderAge { age_min: 18 })
    );
    let company = Arrival {
        age: None,
        ..arrival()
    };
    assert!(receive(received(vec![]), &company).is_ok());
}

#[test]
fn an_agent_needs_a_power_of_attorney() {
    let without = Arrival {
        agent_authorised: false,
        ..arrival()
    };
    assert_eq!(
        receive(received(vec![]), &without),
        Err(Refusal::NoPowerOfAttorney)
    );
    let alone = Received {
        agent: None,
        ..received(vec![])
    };
    assert!(receive(alone, &without).is_ok());
}

#[test]
fn a_material_outside_the_list_is_neither_taken_nor_asked_for() {
    let refusal = Refusal::MaterialNotListed { material: 9 };
    assert_eq!(
        receive(received(vec![document(9)]), &arrival()),
        Err(refusal)
    );
    let facts = on(MONDAY, clerk());
    refused(
        &given(&[0], &[]),
        notice(&[9]),
        &facts,
        "intake.material_not_listed",
    );
    refused(
        &given(&[0], &[told(&[1])]),
        bring(&[1, 9]),
        &facts,
        "intake.material_not_listed",
    );
}

#[test]
fn what_is_complete_is_accepted_by_the_front_desk() {
    let events = given(&[0, 1], &[]).decide(Command::Accept, &on(MONDAY, clerk()));
    assert_eq!(
        events,
        Ok(vec![Event::Accepted {
            on: MONDAY,
            by: id(10)
        }])
    );
}

#[test]
fn what_is_incomplete_is_not_accepted() {
    refused(
        &given(&[0], &[]),
        Command::Accept,
        &on(MONDAY, clerk()),
        "intake.incomplete",
    );
}

#[test]
fn nobody_but_the_front_desk_answers() {
    let application = given(&[0, 1], &[]);
    for who in [Who::OtherOfficer, applicant(), Who::Clock] {
        let commands = [
            Command::Accept,
            notice(&[2]),
            Command::SayNotRequired { reason: text(1) },
            Command::RefuseAcceptance {
                competent: text(1),
                reason: text(2),
            },
            Command::CorrectOnTheSpot {
                fields: text(1),
                answers: None,
                documents: vec![],
            },
            Command::Lapse,
        ];
        for command in commands {
            refused(
                &application,
                command,
                &on(MONDAY, who),
                "intake.not_front_desk",
            );
        }
    }
}

#[test]
fn the_notice_names_its_day_and_the_day_for_corrections() {
    let events = given(&[0], &[])
        .decide(notice(&[1]), &on(TELL_BY, clerk()))
        .unwrap();
    let Event::NoticeGiven(given) = &events[0] else {
        panic!("{events:?}")
    };
    assert_eq!((given.on, given.due), (TELL_BY, date(2026, 12, 8)));
}

#[test]
fn there_is_one_notice_and_no_second() {
    let facts = on(MONDAY, clerk());
    refused(
        &given(&[0], &[told(&[1])]),
        notice(&[2]),
        &facts,
        "intake.already_told",
    );
    let after = given(&[0], &[told(&[1]), corrected()]);
    refused(&after, notice(&[2]), &facts, "intake.already_told");
}

#[test]
fn after_five_working_days_nothing_can_be_told_any_more() {
    refused(
        &given(&[0], &[]),
        notice(&[1]),
        &on(LATE, clerk()),
        "intake.told_too_late",
    );
}

#[test]
fn a_notice_must_ask_for_something() {
    refused(
        &given(&[0], &[]),
        notice(&[]),
        &on(MONDAY, clerk()),
        "intake.nothing_missing",
    );
}

#[test]
fn a_missing_paper_is_no_obstacle_where_a_pledge_stands_for_it() {
    let without = given(&[0], &[]);
    let refused = without.decide(Command::Accept, &on(MONDAY, clerk()));
    assert_eq!(refused, Err(Refusal::Incomplete { missing: 1 }));
    let facts = Facts {
        pledged: vec![1],
        ..on(MONDAY, clerk())
    };
    assert!(without.decide(Command::Accept, &facts).is_ok());
    let other = Facts {
        pledged: vec![2],
        ..on(MONDAY, clerk())
    };
    let refused = without.decide(Command::Accept, &other);
    assert_eq!(refused, Err(Refusal::Incomplete { missing: 1 }));
}

#[test]
fn only_what_a_pledge_owes_is_handed_in_after_acceptance() {
    let accepted = Event::Accepted {
        on: MONDAY,
        by: id(10),
    };
    let application = given(&[0], &[accepted]);
    let make_up = |material: u16| Command::MakeUp {
        documents: vec![document(material)],
    };
    let owing = |who: Who| Facts {
        owed: vec![1],
        ..on(MONDAY, who)
    };
    assert!(application.decide(make_up(1), &owing(applicant())).is_ok());
    assert!(application.decide(make_up(1), &owing(clerk())).is_ok());
    let stranger = application.decide(make_up(0), &owing(applicant()));
    assert_eq!(stranger, Err(Refusal::NotOwed { material: 0 }));
    let nothing = application.decide(make_up(1), &on(MONDAY, applicant()));
    assert_eq!(nothing, Err(Refusal::NothingOwed));
    let early = given(&[0], &[]).decide(make_up(1), &owing(applicant()));
    assert_eq!(early, Err(Refusal::NothingOwed));
    let other = Who::Person(id::<PersonId>(77));
    let not_theirs = application.decide(make_up(1), &owing(other));
    assert_eq!(not_theirs, Err(Refusal::NotYours));
}
