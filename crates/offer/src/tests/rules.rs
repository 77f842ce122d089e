//! The life of an offer, and every way to misuse one.

use jiff::civil::{Date, date};
use kernel::uuid::Uuid;
use kernel::{Money, TypedId};
use ledger::{Commitment, Lifecycle, TextId};
use seal::Digest32;

use crate::decide::{Command, Event, Facts, Made, Refusal, Who, make};
use crate::model::{Match, Offer, OfferStatus, Scheme, SchemeKind};

const MONDAY: Date = date(2026, 11, 23);
const LATER: Date = date(2026, 12, 21);
const MUCH: i64 = 1_000_000;

fn id<I: TypedId>(number: u128) -> I {
    I::from_uuid(Uuid::from_u128(number))
}

fn words() -> Commitment {
    Commitment {
        text: TextId::from_uuid(Uuid::from_u128(9)),
        digest: Digest32([9; 32]),
    }
}

fn scheme(kind: SchemeKind) -> Scheme {
    Scheme {
        id: id(1),
        kind,
        code: "childcare".parse().expect("a code"),
        organ: id(5),
        item: None,
        content: words(),
        amount: Some(Money::from_fen(10_000)),
        budget: Some(Money::from_fen(MUCH)),
        published_on: MONDAY,
        run_on: None,
        closed_on: None,
    }
}

fn made(kind: SchemeKind, listed: bool) -> Made {
    Made {
        kind,
        scheme: id(1),
        organ: id(5),
        party: id(3),
        period: "2026".parse().expect("a code"),
        amount: Some(Money::from_fen(10_000)),
        ruling: Match {
            table: "childcare".parse().expect("a code"),
            digest: Digest32([1; 32]),
            rules: vec![1],
            inputs: words(),
        },
        by: Some(id(10)),
        on: MONDAY,
        due: date(2026, 11, 30),
        listed,
    }
}

fn offered(kind: SchemeKind, listed: bool) -> Offer {
    let events = make(made(kind, listed), &scheme(kind), false).expect("made");
    let mut offer = Offer::begin(id(1), &events[0]).expect("begun");
    events[1..].iter().for_each(|event| offer.evolve(event));
    offer
}

fn facts(today: Date, who: Who) -> Facts {
    Facts {
        today,
        who,
        left: Money::from_fen(MUCH),
        check_on: Some(LATER),
    }
}

fn officer(number: u128, decides: bool) -> Who {
    Who::Officer {
        officer: id(number),
        standing_in: None,
        organ: id(5),
        checks: true,
        decides,
        heads: false,
    }
}

const PARTY: u128 = 3;

fn party() -> Who {
    Who::Person(id(PARTY))
}

#[track_caller]
fn then(offer: &mut Offer, command: Command, who: Who) {
    let events = offer.decide(command, &facts(MONDAY, who)).expect("lawful");
    events.iter().for_each(|event| offer.evolve(event));
}

#[track_caller]
fn refused(offer: &Offer, command: Command, who: Who, why: &Refusal) {
    let done = offer.decide(command, &facts(MONDAY, who));
    assert_eq!(done.as_ref().err(), Some(why), "{done:?}");
}

fn grant() -> Command {
    Command::Decide {
        granted: true,
        reason: None,
    }
}

fn paid() -> Command {
    Command::NotePayment { failed: None }
}

#[test]
fn a_benefit_is_confirmed_decided_listed_paid_once_and_checked() {
    let mut offer = offered(SchemeKind::Benefit, false);
    refused(&offer, grant(), officer(11, true), &Refusal::NotConfirmed);
    then(&mut offer, Command::Confirm, party());
    refused(
        &offer,
        grant(),
        officer(10, true),
        &Refusal::MatchedByDecider,
    );
    refused(&offer, grant(), officer(12, false), &Refusal::NotADecider);
    then(&mut offer, grant(), officer(11, true));
    refused(&offer, paid(), officer(12, false), &Refusal::NotListed);
    let list = Command::PutOnList { list: id(7) };
    refused(&offer, list.clone(), officer(11, true), &Refusal::HouseOnly);
    then(&mut offer, list.clone(), Who::House);
    refused(&offer, list.clone(), Who::House, &Refusal::AlreadyPaid);
    then(&mut offer, paid(), officer(12, false));
    assert_eq!(offer.status, OfferStatus::Paid);
    refused(&offer, paid(), officer(12, false), &Refusal::AlreadyPaid);
    refused(&offer, list, Who::House, &Refusal::AlreadyPaid);
    let check = Command::Check {
        upheld: false,
        finding: words(),
    };
    for theirs in [10, 11] {
        let who = officer(theirs, true);
        refused(&offer, check.clone(), who, &Refusal::CheckedByDecider);
    }
    then(&mut offer, check.clone(), officer(12, false));
    assert_eq!(offer.status, OfferStatus::Reclaimed);
    refused(&offer, check, officer(12, false), &Refusal::NothingToCheck);
    refused(&offer, paid(), officer(12, false), &Refusal::AlreadyPaid);
}

#[test]
fn a_payment_that_failed_may_be_listed_again() {
    let mut offer = offered(SchemeKind::Benefit, true);
    assert_eq!(
        offer.status,
        OfferStatus::Confirmed,
        "the list stands for it"
    );
    then(&mut offer, grant(), officer(11, true));
    then(&mut offer, Command::PutOnList { list: id(7) }, Who::House);
    let failed = Command::NotePayment {
        failed: Some(words()),
    };
    then(&mut offer, failed, officer(12, false));
    assert_eq!(offer.status, OfferStatus::Failed);
    then(&mut offer, Command::PutOnList { list: id(8) }, Who::House);
    then(&mut offer, paid(), officer(12, false));
    assert_eq!((offer.status, offer.list), (OfferStatus::Paid, Some(id(8))));
}

#[test]
fn only_the_party_answers_and_silence_is_no_yes_to_money() {
    let mut offer = offered(SchemeKind::Benefit, false);
    let stranger = Who::Person(id(4));
    refused(&offer, Command::Confirm, stranger, &Refusal::NotYours);
    refused(&offer, Command::Lapse, party(), &Refusal::HouseOnly);
    let due = date(2026, 11, 30);
    refused(
        &offer,
        Command::Lapse,
        Who::House,
        &Refusal::NotYetOver { due },
    );
    let late = facts(date(2026, 12, 1), Who::House);
    let events = offer.decide(Command::Lapse, &late).expect("over");
    assert!(matches!(events[..], [Event::Expired { .. }]));
    events.iter().for_each(|event| offer.evolve(event));
    refused(&offer, Command::Confirm, party(), &Refusal::NothingToAnswer);
}

#[test]
fn silence_grants_an_item_that_the_party_was_told_of_unless_they_say_no() {
    let mut told = offered(SchemeKind::Silent, true);
    assert_eq!(told.status, OfferStatus::Offered, "a list is no silence");
    refused(&told, Command::Confirm, party(), &Refusal::NothingToAnswer);
    let late = facts(date(2026, 12, 1), Who::House);
    let events = told.decide(Command::Lapse, &late).expect("over");
    assert!(matches!(events[..], [Event::Unopposed { .. }]));
    then(&mut told, Command::Decline, party());
    assert_eq!(told.status, OfferStatus::Declined);
    let number = "511602".parse().expect("a code");
    let fulfil = Command::Fulfil { number };
    refused(&told, fulfil, Who::House, &Refusal::NothingToAnswer);
    assert!(told.decide(Command::Lapse, &late).is_err());
}

#[test]
fn nobody_gets_the_same_twice_nor_what_the_rule_does_not_grant_nor_beyond_the_budget() {
    let kind = SchemeKind::Benefit;
    let again = make(made(kind, false), &scheme(kind), true);
    assert_eq!(again, Err(Refusal::AlreadyOffered));
    let mut unmatched = made(kind, false);
    unmatched.ruling.rules.clear();
    let unmatched = make(unmatched, &scheme(kind), false);
    assert_eq!(unmatched, Err(Refusal::NotMatched));
    let mut closed = scheme(kind);
    closed.closed_on = Some(MONDAY);
    assert_eq!(
        make(made(kind, false), &closed, false),
        Err(Refusal::Closed)
    );
    let offer = offered(kind, true);
    let left = Money::from_fen(9_999);
    let spent = Facts {
        left,
        ..facts(MONDAY, officer(11, true))
    };
    let done = offer.decide(grant(), &spent);
    assert_eq!(done, Err(Refusal::BudgetSpent { left }));
}
