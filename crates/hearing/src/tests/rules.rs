//! The life of a hearing, and every way to misuse one.

use jiff::civil::{Date, date};
use kernel::uuid::Uuid;
use kernel::{OfficerId, OrganId, PersonId, TypedId};
use ledger::{Commitment, Lifecycle, TextId};
use seal::Digest32;

use crate::decide::{Begun, Command, Facts, Known, Refusal, Who, begin};
use crate::model::{Hearing, HearingId, HearingStatus, Subject, SubjectKind};

const MONDAY: Date = date(2026, 11, 23);
const ASK_BY: Date = date(2026, 11, 30);
const AFTER: Date = date(2026, 12, 1);
/// Seven working days after the first Monday.
const NOTICE_FROM: Date = date(2026, 12, 2);
/// Twenty.
const HOLD_BY: Date = date(2026, 12, 21);

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
        arranges: true,
        decides: true,
    }
}

fn party() -> Who {
    Who::Party(id::<PersonId>(3))
}

fn begun(ask_by: Option<Date>) -> Hearing {
    let begun = Begun {
        subject: Subject {
            kind: SubjectKind::Case,
            id: Uuid::from_u128(1),
        },
        organ: id(5),
        party: id(3),
        item: None,
        on: MONDAY,
        ask_by,
        hold_by: ask_by.is_none().then_some(HOLD_BY),
    };
    let event = begin(begun, known(None)).expect("it may begin");
    Hearing::begin(id::<HearingId>(1), &event).expect("a first event")
}

fn known(last: Option<HearingStatus>) -> Known {
    Known {
        undecided: true,
        last,
        arranges: true,
    }
}

fn on(today: Date, who: Who) -> Facts {
    Facts {
        today,
        who,
        notice_from: NOTICE_FROM,
        hold_by: HOLD_BY,
        works: true,
        involved: vec![id(20)],
        serves: true,
    }
}

fn after(mut hearing: Hearing, command: Command, facts: &Facts) -> Hearing {
    for event in hearing.decide(command, facts).expect("lawful") {
        hearing.evolve(&event);
    }
    hearing
}

fn schedule(day: Date, presider: u128) -> Command {
    Command::Schedule {
        day,
        minute: 570,
        place: words(),
        presider: id(presider),
        closed_for: None,
    }
}

fn scheduled() -> Hearing {
    after(
        begun(None),
        schedule(NOTICE_FROM, 21),
        &on(MONDAY, officer(20)),
    )
}

#[test]
fn it_is_asked_for_until_the_fifth_day_and_lapses_by_the_clock_alone() {
    let hearing = begun(Some(ASK_BY));
    let asked = after(hearing.clone(), Command::Ask, &on(ASK_BY, party()));
    assert_eq!(asked.status, HearingStatus::Asked);
    assert_eq!(asked.hold_by, Some(HOLD_BY));
    let late = hearing.decide(Command::Ask, &on(AFTER, party()));
    assert_eq!(late, Err(Refusal::AskedTooLate));
    let early = hearing.decide(Command::Lapse, &on(ASK_BY, Who::House));
    assert_eq!(early, Err(Refusal::StillTime { until: ASK_BY }));
    let lapsed = after(hearing, Command::Lapse, &on(AFTER, Who::House));
    assert_eq!(lapsed.status, HearingStatus::Lapsed);
    let over = lapsed.decide(Command::Ask, &on(AFTER, party()));
    assert_eq!(over, Err(Refusal::Over));
}

#[test]
fn its_notice_is_seven_working_days_ahead_and_its_day_within_twenty() {
    let hearing = begun(None);
    let facts = on(MONDAY, officer(20));
    let six = hearing.decide(schedule(date(2026, 12, 1), 21), &facts);
    assert_eq!(six, Err(Refusal::NoticeTooShort { from: NOTICE_FROM }));
    let late = hearing.decide(schedule(date(2026, 12, 22), 21), &facts);
    assert_eq!(late, Err(Refusal::HeldTooLate { until: HOLD_BY }));
    let holiday = Facts {
        works: false,
        ..facts.clone()
    };
    let holiday = hearing.decide(schedule(NOTICE_FROM, 21), &holiday);
    assert_eq!(holiday, Err(Refusal::NoWorkingDay));
    let unasked = begun(Some(ASK_BY)).decide(schedule(NOTICE_FROM, 21), &facts);
    assert_eq!(unasked, Err(Refusal::NotAsked));
    assert!(hearing.decide(schedule(NOTICE_FROM, 21), &facts).is_ok());
}

#[test]
fn who_examined_the_matter_does_not_preside_and_no_stranger_either() {
    let hearing = begun(None);
    let facts = on(MONDAY, officer(20));
    let reviewer = hearing.decide(schedule(NOTICE_FROM, 20), &facts);
    assert_eq!(reviewer, Err(Refusal::PresiderReviewed));
    let elsewhere = Facts {
        serves: false,
        ..facts
    };
    let elsewhere = hearing.decide(schedule(NOTICE_FROM, 21), &elsewhere);
    assert_eq!(elsewhere, Err(Refusal::PresiderElsewhere));
    let citizen = hearing.decide(schedule(NOTICE_FROM, 21), &on(MONDAY, party()));
    assert_eq!(citizen, Err(Refusal::NotAnArranger));
}

#[test]
fn a_recusal_holds_it_up_until_somebody_else_decided() {
    let reason = words();
    let asked = after(
        scheduled(),
        Command::AskRecusal { reason },
        &on(MONDAY, party()),
    );
    let minutes = words();
    let held = asked.decide(Command::Hold { minutes }, &on(NOTICE_FROM, officer(21)));
    assert_eq!(held, Err(Refusal::RecusalOpen));
    let granted = Command::DecideRecusal { granted: true };
    let own = asked.decide(granted, &on(MONDAY, officer(21)));
    assert_eq!(own, Err(Refusal::OwnRecusal));
    // Nobody else is put in their place to let them decide on it themselves.
    let moved = asked.decide(schedule(NOTICE_FROM, 24), &on(MONDAY, officer(20)));
    assert_eq!(moved, Err(Refusal::RecusalOpen));
    let gone = after(asked, granted, &on(MONDAY, officer(22)));
    let held = gone.decide(Command::Hold { minutes }, &on(NOTICE_FROM, officer(21)));
    assert_eq!(held, Err(Refusal::NoPresider));
    let named = Command::NamePresider { presider: id(23) };
    let named = after(gone, named, &on(MONDAY, officer(22)));
    let facts = on(NOTICE_FROM, officer(23));
    assert!(named.decide(Command::Hold { minutes }, &facts).is_ok());
}

#[test]
fn it_is_held_by_its_presider_on_its_day_and_ends_with_signed_minutes() {
    let minutes = words();
    let hold = Command::Hold { minutes };
    let early = scheduled().decide(hold, &on(AFTER, officer(21)));
    assert_eq!(early, Err(Refusal::NotYet { day: NOTICE_FROM }));
    let other = scheduled().decide(hold, &on(NOTICE_FROM, officer(22)));
    assert_eq!(other, Err(Refusal::NotThePresider));
    let unsigned = scheduled().decide(Command::Sign, &on(NOTICE_FROM, party()));
    assert_eq!(unsigned, Err(Refusal::NotHeld));
    let held = after(scheduled(), hold, &on(NOTICE_FROM, officer(21)));
    assert!(!held.was_held(), "minutes that nobody signed");
    let refused = held.decide(Command::RefuseToSign, &on(NOTICE_FROM, officer(22)));
    assert_eq!(refused, Err(Refusal::NotThePresider));
    let signed = after(held.clone(), Command::Sign, &on(NOTICE_FROM, party()));
    assert!(signed.was_held());
    let noted = after(held, Command::RefuseToSign, &on(NOTICE_FROM, officer(21)));
    assert!(noted.was_held() && noted.refused_to_sign);
}

#[test]
fn who_stays_away_gives_it_up() {
    let gone = after(
        scheduled(),
        Command::NoteAbsence,
        &on(NOTICE_FROM, officer(21)),
    );
    assert_eq!(gone.status, HearingStatus::GivenUp);
}

#[test]
fn one_that_was_not_held_in_time_is_noted_and_may_still_be_held() {
    let late = date(2026, 12, 22);
    let noted = after(begun(None), Command::NoteLate, &on(late, Who::House));
    assert_eq!(noted.late_since, Some(late));
    let facts = Facts {
        notice_from: date(2026, 12, 31),
        ..on(late, officer(20))
    };
    let day = date(2026, 12, 31);
    assert!(noted.decide(schedule(day, 21), &facts).is_ok());
}

#[test]
fn nothing_is_heard_twice_or_after_the_decision() {
    let new = || Begun {
        subject: Subject {
            kind: SubjectKind::Exit,
            id: Uuid::from_u128(1),
        },
        organ: id(5),
        party: id(3),
        item: None,
        on: MONDAY,
        ask_by: None,
        hold_by: Some(HOLD_BY),
    };
    let open = begin(new(), known(Some(HearingStatus::Scheduled)));
    assert_eq!(open, Err(Refusal::AlreadyOpen));
    let held = begin(new(), known(Some(HearingStatus::Concluded)));
    assert_eq!(held, Err(Refusal::HeldBefore));
    let decided = Known {
        undecided: false,
        ..known(None)
    };
    assert_eq!(begin(new(), decided), Err(Refusal::Decided));
    assert!(begin(new(), known(Some(HearingStatus::Lapsed))).is_ok());
}
