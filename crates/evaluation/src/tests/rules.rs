//! Rules without a store.

use jiff::civil::{Date, date};
use kernel::{PersonId, TypedId};
use ledger::Lifecycle;
use seal::Digest32;
use uuid::Uuid;

use super::houses::service;
use crate::model::*;
use crate::{Answer, Command, Event, Facts, Refusal, Summary};

const MONDAY: Date = date(2026, 11, 23);

fn open_rating() -> Rating {
    let invited = Event::Invited {
        service: service(1),
        on: MONDAY,
        expires_on: date(2026, 11, 30),
        token: Digest32([1; 32]),
    };
    Rating::begin(RatingId::from_uuid(Uuid::from_u128(5)), &invited).unwrap()
}

fn on(today: Date) -> Facts {
    Facts {
        today,
        by_staff: false,
        citizen: None,
    }
}

fn with(grade: Grade) -> Answer {
    Answer {
        grade,
        tags: Vec::new(),
        text: None,
        channel: RatingChannel::Web,
        real_name: false,
    }
}

/// The record after a command that is allowed.
fn after(mut rating: Rating, command: Command, facts: &Facts) -> Rating {
    for event in rating.decide(command, facts).unwrap() {
        rating.evolve(&event);
    }
    rating
}

fn rated(grade: Grade) -> Rating {
    after(open_rating(), Command::Rate(with(grade)), &on(MONDAY))
}

fn more(grade: Option<Grade>) -> Command {
    Command::Supplement { grade, text: None }
}

#[test]
fn the_two_scales_run_in_opposite_directions_and_both_read_back() {
    assert_eq!(Grade::VerySatisfied.stars(), 5);
    assert_eq!(Grade::VerySatisfied.gb_39046(), 1);
    for grade in Grade::ALL {
        assert_eq!(Grade::from_stars(grade.stars()), Some(*grade));
        assert_eq!(Grade::from_gb_39046(grade.gb_39046()), Some(*grade));
        assert_eq!(grade.is_bad(), grade.stars() <= 2);
    }
    assert_eq!(
        (Grade::from_stars(0), Grade::from_gb_39046(6)),
        (None, None)
    );
}

#[test]
fn staff_may_neither_rate_nor_add() {
    let staff = Facts {
        by_staff: true,
        ..on(MONDAY)
    };
    let said = open_rating().decide(Command::Rate(with(Grade::VerySatisfied)), &staff);
    assert_eq!(said, Err(Refusal::StaffMayNotRate));
    let added = rated(Grade::Satisfied).decide(more(Some(Grade::VerySatisfied)), &staff);
    assert_eq!(added, Err(Refusal::StaffMayNotRate));
}

#[test]
fn a_service_is_rated_once_and_added_to_once() {
    let rating = rated(Grade::Satisfied);
    let again = rating.decide(Command::Rate(with(Grade::VerySatisfied)), &on(MONDAY));
    assert_eq!(again, Err(Refusal::AlreadyRated));
    let empty = rating.decide(more(None), &on(MONDAY));
    assert_eq!(empty, Err(Refusal::NothingToAdd));
    let added = after(rating, more(Some(Grade::Dissatisfied)), &on(MONDAY));
    let again = added.decide(more(Some(Grade::Satisfied)), &on(MONDAY));
    assert_eq!(again, Err(Refusal::AlreadySupplemented));
}

#[test]
fn nothing_can_be_added_to_what_was_not_rated() {
    let added = open_rating().decide(more(Some(Grade::Satisfied)), &on(MONDAY));
    assert_eq!(added, Err(Refusal::NotYetRated));
}

#[test]
fn the_last_day_counts_and_the_next_does_not() {
    let (last, next) = (date(2026, 11, 30), date(2026, 12, 1));
    let rate = || Command::Rate(with(Grade::Satisfied));
    assert!(open_rating().decide(rate(), &on(last)).is_ok());
    let early = open_rating().decide(Command::Default, &on(last));
    assert_eq!(early, Err(Refusal::NotYetExpired));
    let late = open_rating().decide(rate(), &on(next));
    assert_eq!(late, Err(Refusal::TooLate { expired_on: last }));
    let lapsed = after(open_rating(), Command::Default, &on(next));
    assert_eq!(lapsed.grade(), Some(Grade::BasicallySatisfied));
    assert_eq!(lapsed.status, RatingStatus::Defaulted);
    assert!(!lapsed.is_bad());
    assert_eq!(lapsed.decide(rate(), &on(next)), Err(Refusal::Defaulted));
}

#[test]
fn a_default_never_replaces_an_answer() {
    let late = on(date(2026, 12, 1));
    let events = rated(Grade::VeryDissatisfied).decide(Command::Default, &late);
    assert_eq!(events, Ok(Vec::new()));
}

#[test]
fn the_first_grade_counts_and_anything_bad_stays_bad() {
    let worse = after(
        rated(Grade::Satisfied),
        more(Some(Grade::Dissatisfied)),
        &on(MONDAY),
    );
    assert_eq!(
        (worse.grade(), worse.is_bad()),
        (Some(Grade::Satisfied), true)
    );
    let better = after(
        rated(Grade::Dissatisfied),
        more(Some(Grade::Satisfied)),
        &on(MONDAY),
    );
    assert_eq!(
        (better.grade(), better.is_bad()),
        (Some(Grade::Dissatisfied), true)
    );
}

#[test]
fn only_aspects_of_the_service_can_be_named_each_once_and_in_order() {
    let named = |tags: &[Aspect]| {
        let tags = tags.to_vec();
        let answer = Answer {
            tags,
            ..with(Grade::Satisfied)
        };
        open_rating().decide(Command::Rate(answer), &on(MONDAY))
    };
    let (fast, friendly) = (Aspect::ServiceEfficiency, Aspect::ServiceAttitude);
    let online = Refusal::UnknownTag {
        tag: Aspect::Operability,
    };
    assert_eq!(named(&[Aspect::Operability]), Err(online));
    assert_eq!(named(&[fast, fast]), Err(Refusal::UnknownTag { tag: fast }));
    let events = named(&[friendly, fast]).unwrap();
    let [Event::Rated(given)] = events.as_slice() else {
        panic!("one answer is one event");
    };
    assert_eq!(given.tags, [fast, friendly]);
}

#[test]
fn a_name_is_taken_only_from_the_person_served() {
    let served = PersonId::from_uuid(Uuid::from_u128(70));
    let signed = |person, citizen| {
        let mut rating = open_rating();
        rating.service.person = person;
        let facts = Facts {
            citizen,
            ..on(MONDAY)
        };
        let answer = Answer {
            real_name: true,
            ..with(Grade::Satisfied)
        };
        rating.decide(Command::Rate(answer), &facts)
    };
    assert_eq!(signed(None, None), Err(Refusal::NoNameKnown));
    let stranger = Some(PersonId::from_uuid(Uuid::from_u128(71)));
    assert_eq!(signed(Some(served), stranger), Err(Refusal::NoNameKnown));
    assert!(signed(Some(served), Some(served)).is_ok());
}

#[test]
fn defaults_are_counted_apart_from_satisfaction() {
    let mut summary = Summary::default();
    assert_eq!(summary.satisfaction().percent_text(), "–");
    summary.add(RatingStatus::Rated, Some(Grade::VerySatisfied), 2);
    summary.add(RatingStatus::Supplemented, Some(Grade::Dissatisfied), 1);
    summary.add(RatingStatus::Defaulted, Some(Grade::BasicallySatisfied), 97);
    summary.add(RatingStatus::Invited, None, 4);
    assert_eq!((summary.n, summary.active, summary.open), (100, 3, 4));
    assert_eq!(summary.satisfaction().percent_text(), "66.6");
    assert_eq!(summary.response_rate().percent_text(), "3.0");
}
