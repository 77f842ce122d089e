//! The life of a renewal, and every way to misuse one.

use certificate::CertificateId;
use jiff::civil::{Date, date};
use kernel::uuid::Uuid;
use kernel::{OfficerId, OrganId, PersonId, TypedId};
use ledger::{Commitment, Lifecycle, TextId};
use seal::Digest32;

use crate::decide::{Command, Event, Facts, Refusal, Silence, Watched, Who};
use crate::model::{Renewal, RenewalCheck, RenewalId, RenewalStatus};

const MONDAY: Date = date(2026, 11, 23);
const LAST_TO_ASK: Date = date(2026, 12, 24);
const END: Date = date(2027, 1, 23);
const AFTER: Date = date(2027, 1, 24);
const SAY_NO_BY: Date = date(2026, 12, 7);

fn id<I: TypedId>(number: u128) -> I {
    I::from_uuid(Uuid::from_u128(number))
}

fn words() -> Commitment {
    Commitment {
        text: TextId::from_uuid(Uuid::from_u128(9)),
        digest: Digest32([9; 32]),
    }
}

fn officer(number: u128) -> Who {
    Who::Officer {
        officer: id::<OfficerId>(number),
        standing_in: None,
        organ: id::<OrganId>(5),
        reviews: true,
        decides: true,
    }
}

fn holder() -> Who {
    Who::Holder(id::<PersonId>(3))
}

fn listed() -> Silence {
    Silence {
        listed: true,
        safety: false,
        fails: None,
        say_no_by: SAY_NO_BY,
        check_days: 20,
        check_due: date(2027, 1, 8),
    }
}

fn on(today: Date, who: Who) -> Facts {
    Facts {
        today,
        who,
        silence: listed(),
    }
}

fn near() -> Renewal {
    let watched = Watched {
        certificate: id::<CertificateId>(1),
        holder: id(3),
        organ: id(5),
        item: Uuid::from_u128(8),
        expires_on: END,
        until: date(2030, 1, 23),
        on: MONDAY,
    };
    let event = Event::Watched(Box::new(watched));
    Renewal::begin(id::<RenewalId>(1), &event).expect("a first event")
}

fn after(mut one: Renewal, command: Command, facts: &Facts) -> Renewal {
    for event in one.decide(command, facts).expect("lawful") {
        one.evolve(&event);
    }
    one
}

fn ask() -> Command {
    let statement = words();
    Command::Ask { statement }
}

fn review() -> Command {
    Command::Review {
        agreed: true,
        opinion: words(),
    }
}

#[test]
fn it_is_asked_for_thirty_days_before_the_end_and_not_twenty_nine() {
    assert!(near().decide(ask(), &on(LAST_TO_ASK, holder())).is_ok());
    let late = near().decide(ask(), &on(date(2026, 12, 25), holder()));
    assert_eq!(late, Err(Refusal::AskedTooLate { by: LAST_TO_ASK }));
    let asked = after(near(), ask(), &on(MONDAY, holder()));
    let twice = asked.decide(ask(), &on(MONDAY, holder()));
    assert_eq!(twice, Err(Refusal::AlreadyAsked));
}

#[test]
fn what_is_not_decided_before_the_end_counts_as_renewed() {
    let asked = after(near(), ask(), &on(MONDAY, holder()));
    let early = asked.decide(Command::Lapse, &on(END, Who::House));
    assert_eq!(early, Err(Refusal::NotYetOver { until: END }));
    let somebody = asked.decide(Command::Lapse, &on(AFTER, officer(20)));
    assert_eq!(somebody, Err(Refusal::NotYetOver { until: END }));
    let reviewed = after(asked, review(), &on(MONDAY, officer(20)));
    let refused = Command::Refuse { reason: words() };
    let late = reviewed.decide(refused, &on(AFTER, officer(21)));
    assert_eq!(late, Err(Refusal::DeemedAlready));
    let events = reviewed.decide(Command::Lapse, &on(AFTER, Who::House));
    let deemed = Event::Deemed {
        on: AFTER,
        organ: id(5),
        held_by: Some(id(20)),
    };
    assert_eq!(events, Ok(vec![deemed]), "who had it answers for it");
    let unasked = after(near(), Command::Lapse, &on(AFTER, Who::House));
    assert_eq!(unasked.status, RenewalStatus::Over);
}

#[test]
fn who_reviewed_does_not_decide_and_nothing_is_decided_unreviewed() {
    let asked = after(near(), ask(), &on(MONDAY, holder()));
    let early = asked.decide(Command::Grant, &on(MONDAY, officer(21)));
    assert_eq!(early, Err(Refusal::NotReviewed));
    let reviewed = after(asked, review(), &on(MONDAY, officer(20)));
    let same = reviewed.decide(Command::Grant, &on(MONDAY, officer(20)));
    assert_eq!(same, Err(Refusal::DecidedByReviewer));
    let granted = after(reviewed, Command::Grant, &on(END, officer(21)));
    assert_eq!(granted.status, RenewalStatus::Granted);
}

#[test]
fn silence_renews_listed_items_alone_and_never_a_safety_item() {
    let with = |change: fn(&mut Silence)| {
        let mut facts = on(MONDAY, Who::House);
        change(&mut facts.silence);
        near().decide(Command::Propose, &facts)
    };
    let unlisted = with(|silence| silence.listed = false);
    assert_eq!(unlisted, Err(Refusal::NotListed));
    let safety = with(|silence| silence.safety = true);
    assert_eq!(safety, Err(Refusal::SafetyItem));
    let check = RenewalCheck::PromisesKept;
    let broken = with(|silence| silence.fails = Some(RenewalCheck::PromisesKept));
    assert_eq!(broken, Err(Refusal::CheckFails { check }));
    let near_end = with(|silence| silence.say_no_by = END);
    assert_eq!(near_end, Err(Refusal::TooNear));
    assert!(with(|_| {}).is_ok());
}

#[test]
fn the_holder_says_no_until_the_last_day_and_what_changed_meanwhile_counts() {
    let proposed = after(near(), Command::Propose, &on(MONDAY, Who::House));
    let asked = proposed.decide(ask(), &on(MONDAY, holder()));
    assert_eq!(asked, Err(Refusal::AlreadyProposed));
    let stranger = proposed.decide(Command::Decline, &on(MONDAY, officer(20)));
    assert_eq!(stranger, Err(Refusal::NotYours));
    let declined = after(proposed.clone(), Command::Decline, &on(SAY_NO_BY, holder()));
    assert!(declined.decide(ask(), &on(LAST_TO_ASK, holder())).is_ok());
    let next = date(2026, 12, 8);
    let late = proposed.decide(Command::Decline, &on(next, holder()));
    assert_eq!(late, Err(Refusal::SayNoOver));
    let early = proposed.decide(Command::RenewSilently, &on(SAY_NO_BY, Who::House));
    assert_eq!(early, Err(Refusal::SayNoRuns { until: SAY_NO_BY }));
    let mut changed = on(next, Who::House);
    changed.silence.fails = Some(RenewalCheck::NoExit);
    let back = after(proposed.clone(), Command::RenewSilently, &changed);
    assert_eq!(back.status, RenewalStatus::Near);
    let done = after(proposed, Command::RenewSilently, &on(next, Who::House));
    assert_eq!(done.status, RenewalStatus::Checking);
}

#[test]
fn a_silent_renewal_is_checked_afterwards_by_a_reviewer() {
    let proposed = after(near(), Command::Propose, &on(MONDAY, Who::House));
    let next = date(2026, 12, 8);
    let done = after(proposed, Command::RenewSilently, &on(next, Who::House));
    let check = || Command::Check {
        upheld: false,
        finding: words(),
    };
    let mut stranger = on(next, officer(20));
    stranger.who = holder();
    let refused = done.decide(check(), &stranger);
    assert_eq!(refused, Err(Refusal::NotAReviewer));
    let late = after(done.clone(), Command::NoteOverdue, &on(END, Who::House));
    assert_eq!(late.overdue_since, Some(END));
    let doubted = after(done, check(), &on(next, officer(20)));
    assert_eq!(doubted.status, RenewalStatus::Doubted);
    let twice = doubted.decide(check(), &on(next, officer(20)));
    assert_eq!(twice, Err(Refusal::NothingToCheck));
}
