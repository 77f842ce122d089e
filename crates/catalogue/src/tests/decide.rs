//! The life of a version: given what happened, when something is asked, then this follows.

use jiff::civil::{Date, date};
use kernel::TypedId;
use ledger::{Lifecycle, VersionEvent, VersionStatus, VersionStop};
use seal::Digest32;

use crate::ItemId;
use crate::change::{Added, Measure};
use crate::check::{Finding, Severity};
use crate::decide::{Command, Facts, Item, Refusal};

const ONE: Digest32 = Digest32([1; 32]);
const TWO: Digest32 = Digest32([2; 32]);
const MONDAY: Date = date(2026, 11, 23);
const TUESDAY: Date = date(2026, 11, 24);

fn given(events: &[VersionEvent]) -> Item {
    let id = ItemId::from_uuid(kernel::uuid::Uuid::from_u128(1));
    let first = VersionEvent::Drafted {
        number: 1,
        digest: ONE,
    };
    let mut item = Item::begin(id, &first).unwrap();
    for event in events {
        item.evolve(event);
    }
    item
}

fn on(today: Date) -> Facts {
    Facts {
        today,
        findings: Vec::new(),
        added: Vec::new(),
    }
}

fn checked() -> VersionEvent {
    VersionEvent::Checked { number: 1 }
}

fn published(number: u32, effective: Date) -> VersionEvent {
    VersionEvent::Published {
        number,
        effective,
        digest: ONE,
    }
}

fn publish(effective: Date) -> Command {
    Command::Publish {
        number: 1,
        effective,
    }
}

fn finding(severity: Severity) -> Finding {
    Finding {
        code: "item.name_missing",
        severity,
        place: String::new(),
        params: std::collections::BTreeMap::new(),
    }
}

#[test]
fn a_draft_is_checked_before_it_is_published() {
    let draft = given(&[]);
    assert_eq!(
        draft.decide(publish(MONDAY), &on(MONDAY)),
        Err(Refusal::Version(VersionStop::NotChecked))
    );
    let check = Command::Check { number: 1 };
    assert_eq!(draft.decide(check, &on(MONDAY)), Ok(vec![checked()]));
    let ready = given(&[checked()]);
    assert_eq!(
        ready.decide(publish(MONDAY), &on(MONDAY)),
        Ok(vec![published(1, MONDAY)])
    );
}

#[test]
fn an_error_stands_in_the_way_of_check_and_publication_and_a_warning_does_not() {
    let facts = |severity| Facts {
        today: MONDAY,
        findings: vec![finding(severity)],
        added: Vec::new(),
    };
    let check = || Command::Check { number: 1 };
    let refused = Err(Refusal::Version(VersionStop::NotPublishable { errors: 1 }));
    assert_eq!(given(&[]).decide(check(), &facts(Severity::Error)), refused);
    let stricter = given(&[checked()]).decide(publish(MONDAY), &facts(Severity::Error));
    assert_eq!(stricter, refused);
    let warned = given(&[checked()]).decide(publish(MONDAY), &facts(Severity::Warning));
    assert!(warned.is_ok());
}

#[test]
fn what_was_published_never_changes_and_an_edit_is_a_new_version() {
    let item = given(&[checked(), published(1, MONDAY)]);
    let edit = Command::Edit {
        number: 1,
        digest: TWO,
    };
    assert_eq!(
        item.decide(edit, &on(TUESDAY)),
        Err(Refusal::Version(VersionStop::PublishedNeverChanges))
    );
    let next = item.decide(Command::Draft { digest: TWO }, &on(TUESDAY));
    let drafted = VersionEvent::Drafted {
        number: 2,
        digest: TWO,
    };
    assert_eq!(next, Ok(vec![drafted]));
}

#[test]
fn an_edited_version_must_be_checked_again() {
    let edited = VersionEvent::Drafted {
        number: 1,
        digest: TWO,
    };
    let item = given(&[checked(), edited]);
    assert_eq!(item.versions[0].status, VersionStatus::Draft);
    assert_eq!(
        item.decide(publish(MONDAY), &on(MONDAY)),
        Err(Refusal::Version(VersionStop::NotChecked))
    );
}

#[test]
fn one_version_at_a_time_is_being_written() {
    let refused = given(&[]).decide(Command::Draft { digest: TWO }, &on(MONDAY));
    assert_eq!(
        refused,
        Err(Refusal::Version(VersionStop::DraftOpen { number: 1 }))
    );
}

#[test]
fn nothing_is_in_force_before_the_day_on_which_it_could_be_read() {
    let refused = given(&[checked()]).decide(publish(MONDAY), &on(TUESDAY));
    assert_eq!(
        refused,
        Err(Refusal::Version(VersionStop::EffectiveInThePast))
    );
}

#[test]
fn the_version_that_began_last_is_in_force() {
    let second = VersionEvent::Drafted {
        number: 2,
        digest: TWO,
    };
    let both = [
        checked(),
        published(1, MONDAY),
        second,
        published(2, TUESDAY),
    ];
    let item = given(&both);
    let number = |day| item.versions.in_force(day).map(|version| version.number);
    assert_eq!(number(date(2026, 11, 22)), None);
    assert_eq!(number(MONDAY), Some(1));
    assert_eq!(number(TUESDAY), Some(2));
    let withdrawn = item.decide(Command::Withdraw, &on(TUESDAY)).unwrap();
    assert_eq!(withdrawn.len(), 2, "no earlier version comes back");
    let mut item = item;
    withdrawn.iter().for_each(|event| item.evolve(event));
    assert_eq!(item.versions.in_force(TUESDAY), None);
    assert_eq!(
        item.decide(Command::Withdraw, &on(TUESDAY)),
        Err(Refusal::Version(VersionStop::NotPublished))
    );
}

#[test]
fn an_unknown_version_is_refused_by_its_number() {
    let refused = given(&[]).decide(Command::Check { number: 9 }, &on(MONDAY));
    assert_eq!(
        refused,
        Err(Refusal::Version(VersionStop::NoSuchVersion { number: 9 }))
    );
}

#[test]
fn a_version_that_asks_for_more_is_refused() {
    let added = Added {
        measure: Measure::Materials,
        from: "5".to_owned(),
        to: "6".to_owned(),
    };
    let facts = Facts {
        added: vec![added.clone()],
        ..on(MONDAY)
    };
    let asked = given(&[checked()]).decide(publish(MONDAY), &facts);
    assert_eq!(asked, Err(Refusal::OnlyLess { added }));
}
