//! The life of a version, rule by rule.

use jiff::civil::{Date, date};
use kernel::TypedId;
use ledger::{Lifecycle, VersionEvent, VersionStatus, VersionStop};
use seal::Digest32;

use crate::decide::{Command, Event, Facts, Refusal};
use crate::model::{EditionName, Kind, Procedure, ProcedureId, ProcedureName};

const TODAY: Date = date(2026, 11, 23);

fn begun(name: &str, number: u32) -> Procedure {
    let id = ProcedureId::from_uuid(kernel::uuid::Uuid::from_u128(7));
    let event = Event::Begun {
        name: name.parse().unwrap(),
        kind: Kind::Process,
        copied_from: None,
        number,
        digest: Digest32([1; 32]),
    };
    Procedure::begin(id, &event).unwrap()
}

fn facts() -> Facts {
    Facts {
        today: TODAY,
        errors: 0,
        items: 0,
        shipped: false,
    }
}

fn after(mut record: Procedure, commands: &[Command], facts: &Facts) -> Procedure {
    for command in commands {
        for event in record.decide(command.clone(), facts).unwrap() {
            record.evolve(&event);
        }
    }
    record
}

const PUBLISH: Command = Command::Publish {
    number: 1,
    effective: TODAY,
};

#[test]
fn what_has_errors_is_neither_checked_nor_published() {
    let wrong = Facts {
        errors: 2,
        ..facts()
    };
    let refused = Err(Refusal::Version(VersionStop::NotPublishable { errors: 2 }));
    assert_eq!(begun("own", 1).decide(PUBLISH, &wrong), refused);
    let check = Command::Check { number: 1 };
    assert_eq!(begun("own", 1).decide(check.clone(), &wrong), refused);
    let checked = after(begun("own", 1), &[check], &facts());
    assert_eq!(checked.decide(PUBLISH, &wrong), refused);
}

#[test]
fn publication_checks_a_draft_on_the_way_and_is_asked_twice_without_harm() {
    let events = begun("own", 1).decide(PUBLISH, &facts()).unwrap();
    assert_eq!(
        events[0],
        Event::Version(VersionEvent::Checked { number: 1 })
    );
    let published = after(begun("own", 1), &[PUBLISH], &facts());
    assert_eq!(published.versions.in_force(TODAY).unwrap().number, 1);
    assert_eq!(published.decide(PUBLISH, &facts()), Ok(Vec::new()));
}

#[test]
fn what_was_published_never_changes() {
    let published = after(begun("own", 1), &[PUBLISH], &facts());
    let edit = Command::Edit {
        number: 1,
        digest: Digest32([2; 32]),
    };
    let refused = Err(Refusal::Version(VersionStop::PublishedNeverChanges));
    assert_eq!(published.decide(edit, &facts()), refused);
    let later = Command::Publish {
        number: 1,
        effective: date(2027, 1, 1),
    };
    assert_eq!(published.decide(later, &facts()), refused);
}

#[test]
fn one_version_is_drawn_at_a_time() {
    let draft = Command::Draft {
        digest: Digest32([2; 32]),
    };
    let refused = Err(Refusal::Version(VersionStop::DraftOpen { number: 1 }));
    assert_eq!(begun("own", 1).decide(draft.clone(), &facts()), refused);
    let next = after(begun("own", 1), &[PUBLISH, draft], &facts());
    assert_eq!(next.versions.latest().unwrap().number, 2);
    assert_eq!(next.versions.in_force(TODAY).unwrap().number, 1);
}

#[test]
fn an_edit_after_the_check_wants_another_check() {
    let edit = Command::Edit {
        number: 1,
        digest: Digest32([2; 32]),
    };
    let edited = after(
        begun("own", 1),
        &[Command::Check { number: 1 }, edit],
        &facts(),
    );
    assert_eq!(
        edited.versions.latest().unwrap().status,
        VersionStatus::Draft
    );
}

#[test]
fn nothing_is_in_force_before_its_day_or_in_the_past() {
    let tomorrow = Command::Publish {
        number: 1,
        effective: date(2026, 11, 24),
    };
    let published = after(begun("own", 1), &[tomorrow], &facts());
    assert_eq!(published.versions.in_force(TODAY), None);
    assert!(published.versions.in_force(date(2026, 11, 24)).is_some());
    let past = Command::Publish {
        number: 1,
        effective: date(2026, 11, 22),
    };
    let refused = Err(Refusal::Version(VersionStop::EffectiveInThePast));
    assert_eq!(begun("own", 1).decide(past, &facts()), refused);
}

#[test]
fn the_last_version_is_not_withdrawn_under_the_items_that_rest_on_it() {
    let withdraw = Command::Withdraw { number: 1 };
    let used = Facts {
        items: 3,
        ..facts()
    };
    let published = after(begun("own", 1), &[PUBLISH], &facts());
    let refused = Err(Refusal::ItemsRestOnIt { items: 3 });
    assert_eq!(published.decide(withdraw.clone(), &used), refused);
    assert!(published.decide(withdraw.clone(), &facts()).is_ok());
    let shipped = Facts {
        shipped: true,
        ..used
    };
    assert!(published.decide(withdraw.clone(), &shipped).is_ok());
    let gone = after(published, std::slice::from_ref(&withdraw), &facts());
    assert_eq!(
        gone.decide(withdraw, &facts()),
        Err(Refusal::Version(VersionStop::NotPublished))
    );
    assert_eq!(gone.versions.in_force(TODAY), None);
}

#[test]
fn a_shipped_version_is_named_without_a_number_and_a_drawn_one_with_it() {
    for (text, name, number) in [
        ("standard", "standard", 1),
        ("standard/2", "standard", 2),
        ("own/1", "own", 1),
    ] {
        let read: EditionName = text.parse().unwrap();
        assert_eq!((read.name.as_str(), read.number), (name, number));
        assert_eq!(read.to_string(), text);
    }
    let first: EditionName = "standard/1".parse().unwrap();
    assert_eq!(first.to_string(), "standard");
    for wrong in [
        "", "Standard", "a/b", "a/0", "a/-1", "a/01", "../x", "a b", "1a",
    ] {
        assert!(wrong.parse::<EditionName>().is_err(), "{wrong}");
    }
    assert!("x".repeat(41).parse::<ProcedureName>().is_err());
}
