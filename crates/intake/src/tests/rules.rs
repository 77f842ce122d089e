//! Every rule of `decide`, given / when / then.

use catalogue::ItemId;
use codes::{CaseNumber, RegionCode};
use jiff::civil::{Date, date};
use kernel::uuid::Uuid;
use kernel::{Channel, OfficerId, OrganId, PersonId, TypedId};
use ledger::{Commitment, FileCommitment, FileId, Lifecycle, TextId};
use seal::Digest32;

use crate::decide::{Arrival, Command, Event, Facts, Received, Refusal, Who, receive};
use crate::model::{Application, ApplicationId, Document, Notice, Status};

const MONDAY: Date = date(2026, 11, 23);
const TELL_BY: Date = date(2026, 11, 30);
const LATE: Date = date(2026, 12, 1);

fn id<I: TypedId>(number: u128) -> I {
    I::from_uuid(Uuid::from_u128(number))
}

fn text(number: u128) -> Commitment {
    Commitment { text: id::<TextId>(number), digest: Digest32([7; 32]) }
}

fn document(material: u16) -> Document {
    let file = FileCommitment { file: id::<FileId>(u128::from(material)), digest: Digest32([8; 32]) };
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
fn given(materials: &[u16], events: &[Event]) -> Application {
    let documents = materials.iter().map(|material| document(*material)).collect();
    let first = Event::Received(Box::new(received(documents)));
    let mut application = Application::begin(id::<ApplicationId>(9), &first).unwrap();
    for event in events {
        application.evolve(event);
    }
    application
}

fn clerk() -> Who {
    Who::FrontDesk(id::<OfficerId>(10))
}

fn applicant() -> Who {
    Who::Person(id(4))
}

fn on(today: Date, who: Who) -> Facts {
    Facts {
        today,
        who,
        listed: vec![0, 1, 2],
        required: vec![0, 1],
        five_workdays_on: date(2026, 12, 8),
    }
}

fn told(missing: &[u16]) -> Event {
    let missing = missing.to_vec();
    let due = date(2026, 11, 30);
    Event::NoticeGiven(Notice { on: MONDAY, due, missing, form: false, texts: text(11) })
}

fn notice(missing: &[u16]) -> Command {
    Command::GiveNotice { missing: missing.to_vec(), form: false, texts: text(11) }
}

fn bring(materials: &[u16]) -> Command {
    let documents = materials.iter().map(|material| document(*material)).collect();
    Command::Correct { answers: None, documents }
}

fn corrected() -> Event {
    Event::Corrected {
        on: date(2026, 11, 25),
        answers: None,
        documents: vec![document(1)],
        tell_by: date(2026, 12, 2),
    }
}

#[track_caller]
fn refused(application: &Application, command: Command, facts: &Facts, code: &str) {
    let refusal = application.decide(command, facts).unwrap_err();
    assert_eq!(kernel::Refusal::code(&refusal), code);
}

#[test]
fn an_application_is_taken_in_only_for_an_open_item() {
    let closed = Arrival { item_open: false, ..arrival() };
    assert_eq!(receive(received(vec![]), &closed), Err(Refusal::ItemClosed));
    assert!(receive(received(vec![document(2)]), &arrival()).is_ok());
}

#[test]
fn somebody_too_young_is_refused_and_an_organisation_has_no_age() {
    let child = Arrival { age: Some(17), ..arrival() };
    assert_eq!(receive(received(vec![]), &child), Err(Refusal::UnderAge { age_min: 18 }));
    let company = Arrival { age: None, ..arrival() };
    assert!(receive(received(vec![]), &company).is_ok());
}

#[test]
fn an_agent_needs_a_power_of_attorney() {
    let without = Arrival { agent_authorised: false, ..arrival() };
    assert_eq!(receive(received(vec![]), &without), Err(Refusal::NoPowerOfAttorney));
    let alone = Received { agent: None, ..received(vec![]) };
    assert!(receive(alone, &without).is_ok());
}

#[test]
fn a_material_outside_the_list_is_neither_taken_nor_asked_for() {
    let refusal = Refusal::MaterialNotListed { material: 9 };
    assert_eq!(receive(received(vec![document(9)]), &arrival()), Err(refusal));
    let facts = on(MONDAY, clerk());
    refused(&given(&[0], &[]), notice(&[9]), &facts, "intake.material_not_listed");
    refused(&given(&[0], &[told(&[1])]), bring(&[1, 9]), &facts, "intake.material_not_listed");
}

#[test]
fn what_is_complete_is_accepted_by_the_front_desk() {
    let events = given(&[0, 1], &[]).decide(Command::Accept, &on(MONDAY, clerk()));
    assert_eq!(events, Ok(vec![Event::Accepted { on: MONDAY, by: id(10) }]));
}

#[test]
fn what_is_incomplete_is_not_accepted() {
    refused(&given(&[0], &[]), Command::Accept, &on(MONDAY, clerk()), "intake.incomplete");
}

#[test]
fn nobody_but_the_front_desk_answers() {
    let application = given(&[0, 1], &[]);
    for who in [Who::OtherOfficer, applicant(), Who::Clock] {
        let commands = [
            Command::Accept,
            notice(&[2]),
            Command::SayNotRequired { reason: text(1) },
            Command::RefuseAcceptance { competent: text(1), reason: text(2) },
            Command::CorrectOnTheSpot { fields: text(1), answers: None, documents: vec![] },
            Command::Lapse,
        ];
        for command in commands {
            refused(&application, command, &on(MONDAY, who), "intake.not_front_desk");
        }
    }
}

#[test]
fn the_notice_names_its_day_and_the_day_for_corrections() {
    let events = given(&[0], &[]).decide(notice(&[1]), &on(TELL_BY, clerk())).unwrap();
    let Event::NoticeGiven(given) = &events[0] else { panic!("{events:?}") };
    assert_eq!((given.on, given.due), (TELL_BY, date(2026, 12, 8)));
}

#[test]
fn there_is_one_notice_and_no_second() {
    let facts = on(MONDAY, clerk());
    refused(&given(&[0], &[told(&[1])]), notice(&[2]), &facts, "intake.already_told");
    let after = given(&[0], &[told(&[1]), corrected()]);
    refused(&after, notice(&[2]), &facts, "intake.already_told");
}

#[test]
fn after_five_working_days_nothing_can_be_told_any_more() {
    refused(&given(&[0], &[]), notice(&[1]), &on(LATE, clerk()), "intake.told_too_late");
}

#[test]
fn a_notice_must_ask_for_something() {
    refused(&given(&[0], &[]), notice(&[]), &on(MONDAY, clerk()), "intake.nothing_missing");
}

#[test]
fn corrections_are_all_that_was_asked_for() {
    let waiting = given(&[0], &[told(&[1, 2])]);
    refused(&waiting, bring(&[1]), &on(MONDAY, applicant()), "intake.still_missing");
    let events = waiting.decide(bring(&[1, 2]), &on(MONDAY, applicant())).unwrap();
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
    refused(&waiting, bring(&[]), &on(MONDAY, applicant()), "intake.still_missing");
    let answers = Command::Correct { answers: Some(text(12)), documents: vec![] };
    assert!(waiting.decide(answers, &on(MONDAY, applicant())).is_ok());
}

#[test]
fn nothing_is_corrected_that_was_not_asked_for_or_by_a_stranger() {
    let facts = on(MONDAY, applicant());
    refused(&given(&[0], &[]), bring(&[1]), &facts, "intake.nothing_asked");
    let stranger = on(MONDAY, Who::Person(id(99)));
    refused(&given(&[0], &[told(&[1])]), bring(&[1]), &stranger, "intake.not_yours");
    let agent = on(MONDAY, Who::Person(id(5)));
    assert!(given(&[0], &[told(&[1])]).decide(bring(&[1]), &agent).is_ok());
}

#[test]
fn while_corrections_are_awaited_nothing_is_accepted() {
    let waiting = given(&[0], &[told(&[1])]);
    refused(&waiting, Command::Accept, &on(MONDAY, clerk()), "intake.waiting_for_correction");
    let spot = Command::CorrectOnTheSpot { fields: text(1), answers: None, documents: vec![] };
    refused(&waiting, spot, &on(MONDAY, clerk()), "intake.waiting_for_correction");
}

#[test]
fn what_was_corrected_as_asked_must_be_accepted() {
    let ready = given(&[0], &[told(&[1]), corrected()]);
    let facts = on(MONDAY, clerk());
    let refusals = [
        Command::SayNotRequired { reason: text(1) },
        Command::RefuseAcceptance { competent: text(1), reason: text(2) },
    ];
    for command in refusals {
        refused(&ready, command, &facts, "intake.must_accept");
    }
    assert!(ready.decide(Command::Accept, &facts).is_ok());
}

#[test]
fn after_a_notice_it_is_too_late_to_say_that_it_is_not_ours() {
    let waiting = given(&[0], &[told(&[1])]);
    let command = Command::RefuseAcceptance { competent: text(1), reason: text(2) };
    refused(&waiting, command, &on(MONDAY, clerk()), "intake.already_told");
}

#[test]
fn not_required_and_not_accepted_end_it_with_their_reasons() {
    let mut one = given(&[0], &[]);
    let facts = on(MONDAY, clerk());
    let events = one.decide(Command::SayNotRequired { reason: text(21) }, &facts).unwrap();
    one.evolve(&events[0]);
    assert_eq!(one.status, Status::NotRequired);
    assert_eq!(one.settled.unwrap().reason, Some(text(21)));
    let mut other = given(&[0], &[]);
    let command = Command::RefuseAcceptance { competent: text(22), reason: text(23) };
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
    assert_eq!(events, Ok(vec![Event::DeemedAccepted { on: date(2026, 11, 25) }]));
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
    let command = Command::CorrectOnTheSpot { fields, answers, documents };
    let events = one.decide(command, &on(MONDAY, clerk())).unwrap();
    one.evolve(&events[0]);
    assert_eq!((one.status, one.answers), (Status::Received, text(32)));
    assert!(one.decide(Command::Accept, &on(MONDAY, clerk())).is_ok());
}

#[test]
fn applicant_or_agent_withdraw_and_nobody_else() {
    let one = given(&[0], &[]);
    refused(&one, Command::Withdraw, &on(MONDAY, clerk()), "intake.not_yours");
    let events = one.decide(Command::Withdraw, &on(MONDAY, applicant()));
    assert_eq!(events, Ok(vec![Event::WithdrawnByApplicant { on: MONDAY }]));
}

#[test]
fn what_was_never_corrected_is_closed_only_after_its_time() {
    let waiting = given(&[0], &[told(&[1])]);
    refused(&waiting, Command::Lapse, &on(TELL_BY, clerk()), "intake.too_early_to_lapse");
    refused(&given(&[0], &[]), Command::Lapse, &on(LATE, clerk()), "intake.nothing_asked");
    let events = waiting.decide(Command::Lapse, &on(LATE, clerk()));
    assert_eq!(events, Ok(vec![Event::LapsedForCorrection { on: LATE, by: id(10) }]));
}

#[test]
fn what_was_answered_is_not_answered_again() {
    let accepted = given(&[0, 1], &[Event::Accepted { on: MONDAY, by: id(10) }]);
    let commands = [
        (Command::Accept, clerk()),
        (notice(&[2]), clerk()),
        (Command::SayNotRequired { reason: text(1) }, clerk()),
        (Command::Withdraw, applicant()),
        (bring(&[2]), applicant()),
    ];
    for (command, who) in commands {
        refused(&accepted, command, &on(MONDAY, who), "intake.already_answered");
    }
}

#[test]
fn a_new_file_of_a_material_stands_in_place_of_the_old_one() {
    let mut one = given(&[0, 1], &[told(&[1])]);
    let newer = FileCommitment { file: id::<FileId>(77), digest: Digest32([9; 32]) };
    let document = Document { material: 1, file: newer };
    let documents = vec![document];
    let tell_by = date(2026, 12, 1);
    one.evolve(&Event::Corrected { on: MONDAY, answers: None, documents, tell_by });
    let of_one: Vec<_> = one.documents.iter().filter(|one| one.material == 1).collect();
    assert_eq!(of_one, [&document]);
}
