//! The life of a pledge, and every way to misuse one.

use catalogue::ItemId;
use codes::CaseNumber;
use jiff::civil::{Date, date};
use kernel::uuid::Uuid;
use kernel::{OfficerId, OrganId, PersonId, TypedId};
use ledger::{Commitment, Lifecycle, TextId};
use seal::Digest32;

use crate::decide::{Command, Event, Facts, Found, Listed, Refusal, Signed, Who, sign};
use crate::model::{Pledge, PledgeId, PledgeKind, PledgeStatus};

const MONDAY: Date = date(2026, 11, 23);
const TUESDAY: Date = date(2026, 11, 24);
const FRIDAY: Date = date(2026, 11, 27);
const MONTH_LATER: Date = date(2026, 12, 21);

fn id<I: TypedId>(number: u128) -> I {
    I::from_uuid(Uuid::from_u128(number))
}

fn words() -> Commitment {
    Commitment {
        text: TextId::from_uuid(Uuid::from_u128(9)),
        digest: Digest32([9; 32]),
    }
}

fn number() -> CaseNumber {
    "511602202611230012000001N".parse().expect("a case number")
}

fn signed(kind: PledgeKind) -> Signed {
    Signed {
        kind,
        application: Uuid::from_u128(1),
        item: id::<ItemId>(2),
        version: 1,
        applicant: id(3),
        signer: Some(id(4)),
        witness: None,
        organ: id(5),
        materials: vec![2, 3],
        fields: Vec::new(),
        words: words(),
        on: MONDAY,
        make_up_days: Some(4),
        check_days: Some(20),
    }
}

fn open_list() -> Listed {
    Listed {
        published: true,
        safety: false,
        materials: vec![2, 3],
        broken: false,
        signed: false,
    }
}

const PROMISE: PledgeKind = PledgeKind::Promise;
const TOLERANT: PledgeKind = PledgeKind::Tolerant;

fn given(kind: PledgeKind, commands: &[(Date, Who, Command)]) -> Pledge {
    let first = sign(signed(kind), &open_list()).expect("signed");
    let mut pledge = Pledge::begin(id::<PledgeId>(1), &first).expect("begun");
    for (today, who, command) in commands {
        let facts = facts(*today, *who);
        let events = pledge.decide(command.clone(), &facts).expect("lawful");
        for event in events {
            pledge.evolve(&event);
        }
    }
    pledge
}

fn facts(today: Date, who: Who) -> Facts {
    Facts {
        today,
        who,
        make_up_on: FRIDAY,
        check_on: MONTH_LATER,
    }
}

fn accept() -> (Date, Who, Command) {
    (MONDAY, Who::House, Command::Accept { number: number() })
}

fn grant() -> (Date, Who, Command) {
    let command = Command::Decide {
        granted: true,
        by: Some(id(20)),
    };
    (MONDAY, Who::House, command)
}

fn checker(officer: u128) -> Who {
    Who::Officer {
        officer: id::<OfficerId>(officer),
        standing_in: None,
        organ: id::<OrganId>(5),
        checks: true,
        decides: true,
    }
}

fn check(found: Found) -> Command {
    Command::Check {
        found,
        finding: words(),
    }
}

fn signer() -> Who {
    Who::Person(id::<PersonId>(4))
}

#[test]
fn a_mode_that_the_version_does_not_publish_is_not_signed() {
    let listed = Listed {
        published: false,
        ..open_list()
    };
    let refused = sign(signed(TOLERANT), &listed);
    assert_eq!(refused, Err(Refusal::NotPublished { kind: TOLERANT }));
}

#[test]
fn a_main_material_is_not_pledged_for() {
    let mut wide = signed(TOLERANT);
    wide.materials = vec![2, 0];
    let refused = Err(Refusal::NotOnList {
        kind: TOLERANT,
        material: 0,
    });
    assert_eq!(sign(wide, &open_list()), refused);
}

#[test]
fn a_safety_item_rests_on_no_promise_but_its_secondary_papers_may_follow() {
    let listed = Listed {
        safety: true,
        ..open_list()
    };
    assert_eq!(sign(signed(PROMISE), &listed), Err(Refusal::SafetyItem));
    assert!(sign(signed(TOLERANT), &listed).is_ok());
}

#[test]
fn whoever_broke_a_promise_makes_no_other_until_it_is_mended() {
    let listed = Listed {
        broken: true,
        ..open_list()
    };
    assert_eq!(sign(signed(PROMISE), &listed), Err(Refusal::RouteLost));
    assert!(sign(signed(TOLERANT), &listed).is_ok());
}

#[test]
fn nothing_is_pledged_twice_and_nothing_is_no_pledge() {
    let again = Listed {
        signed: true,
        ..open_list()
    };
    assert_eq!(sign(signed(PROMISE), &again), Err(Refusal::AlreadySigned));
    let mut empty = signed(PROMISE);
    empty.materials.clear();
    assert_eq!(sign(empty, &open_list()), Err(Refusal::NothingPledged));
    let mut twice = signed(PROMISE);
    twice.materials = vec![2, 2];
    assert_eq!(sign(twice, &open_list()), Err(Refusal::NamedTwice));
}

#[test]
fn papers_are_owed_from_acceptance_on_and_all_of_them_make_it_up() {
    let accepted = given(TOLERANT, &[accept()]);
    assert_eq!((accepted.due, accepted.is_owing()), (Some(FRIDAY), true));
    let hand_in = |materials: &[u16]| Command::HandIn {
        materials: materials.to_vec(),
    };
    let first = given(TOLERANT, &[accept(), (TUESDAY, Who::House, hand_in(&[2]))]);
    assert_eq!((first.owed.as_slice(), first.is_owing()), (&[3][..], true));
    let both = [
        accept(),
        (TUESDAY, Who::House, hand_in(&[2])),
        (FRIDAY, Who::House, hand_in(&[3])),
    ];
    let done = given(TOLERANT, &both);
    assert_eq!(done.status, PledgeStatus::MadeUp);
    assert_eq!((done.due, done.closed_on), (None, Some(FRIDAY)));
    let stranger = accepted.decide(hand_in(&[1]), &facts(TUESDAY, Who::House));
    assert_eq!(stranger, Err(Refusal::NotOwed { material: 1 }));
    let late = done.decide(hand_in(&[2]), &facts(FRIDAY, Who::House));
    assert_eq!(late, Err(Refusal::NothingOwed));
}

#[test]
fn the_last_day_belongs_to_the_applicant_and_only_the_clock_lets_it_lapse() {
    let accepted = given(TOLERANT, &[accept()]);
    let on_the_day = accepted.decide(Command::Lapse, &facts(FRIDAY, Who::House));
    assert_eq!(on_the_day, Err(Refusal::NotYetOver { due: FRIDAY }));
    let saturday = date(2026, 11, 28);
    let officer = accepted.decide(Command::Lapse, &facts(saturday, checker(30)));
    assert_eq!(officer, Err(Refusal::NotYetOver { due: FRIDAY }));
    let clock = accepted.decide(Command::Lapse, &facts(saturday, Who::House));
    assert_eq!(clock, Ok(vec![Event::Lapsed { on: saturday }]));
    let lapsed = given(
        TOLERANT,
        &[accept(), (saturday, Who::House, Command::Lapse)],
    );
    let again = lapsed.decide(Command::Lapse, &facts(saturday, Who::House));
    assert_eq!(again, Ok(Vec::new()));
}

#[test]
fn a_promise_is_taken_back_before_the_decision_and_its_papers_are_owed_then() {
    let accepted = given(PROMISE, &[accept()]);
    assert!(accepted.covers() && !accepted.is_owing());
    let back = accepted.decide(Command::Retract, &facts(TUESDAY, signer()));
    let owed = Event::PapersOwed {
        on: TUESDAY,
        due: FRIDAY,
    };
    assert_eq!(back, Ok(vec![owed]));
    let stranger = Who::Person(id::<PersonId>(7));
    let not_theirs = accepted.decide(Command::Retract, &facts(TUESDAY, stranger));
    assert_eq!(not_theirs, Err(Refusal::NotYours));
    let decided = given(PROMISE, &[accept(), grant()]);
    let late = decided.decide(Command::Retract, &facts(TUESDAY, signer()));
    assert_eq!(late, Err(Refusal::Decided));
    let tolerant = given(TOLERANT, &[accept()]);
    let papers = tolerant.decide(Command::Retract, &facts(TUESDAY, signer()));
    assert_eq!(papers, Err(Refusal::NotRetractable));
}

#[test]
fn what_was_granted_on_a_promise_is_checked_by_somebody_else() {
    let granted = given(PROMISE, &[accept(), grant()]);
    assert_eq!(granted.status, PledgeStatus::Checking);
    assert_eq!(granted.due, Some(MONTH_LATER));
    let own = granted.decide(check(Found::True), &facts(TUESDAY, checker(20)));
    assert_eq!(own, Err(Refusal::CheckedByDecider));
    let deputy = Who::Officer {
        officer: id(31),
        standing_in: Some(id(20)),
        organ: id(5),
        checks: true,
        decides: false,
    };
    let in_their_stead = granted.decide(check(Found::True), &facts(TUESDAY, deputy));
    assert_eq!(in_their_stead, Err(Refusal::CheckedByDecider));
    let elsewhere = Who::Officer {
        officer: id(30),
        standing_in: None,
        organ: id(6),
        checks: true,
        decides: true,
    };
    let other_organ = granted.decide(check(Found::True), &facts(TUESDAY, elsewhere));
    assert_eq!(other_organ, Err(Refusal::NotAChecker));
    let kept = [
        accept(),
        grant(),
        (TUESDAY, checker(30), check(Found::True)),
    ];
    assert_eq!(given(PROMISE, &kept).status, PledgeStatus::Kept);
}

#[test]
fn whoever_checks_may_find_it_false_because_somebody_else_decides_on_the_licence() {
    let granted = given(PROMISE, &[accept(), grant()]);
    let reviewer = Who::Officer {
        officer: id(33),
        standing_in: None,
        organ: id(5),
        checks: true,
        decides: false,
    };
    let found = granted.decide(check(Found::False), &facts(TUESDAY, reviewer));
    assert!(matches!(found.as_deref(), Ok([Event::Broken { .. }])));
    let clerk = Who::Officer {
        officer: id(34),
        standing_in: None,
        organ: id(5),
        checks: false,
        decides: false,
    };
    let not_theirs = granted.decide(check(Found::False), &facts(TUESDAY, clerk));
    assert_eq!(not_theirs, Err(Refusal::NotAChecker));
}

#[test]
fn time_to_put_right_is_given_once() {
    let asked = (TUESDAY, checker(30), check(Found::Rectifiable));
    let pledge = given(PROMISE, &[accept(), grant(), asked]);
    assert_eq!(pledge.status, PledgeStatus::Rectifying);
    let again = pledge.decide(check(Found::Rectifiable), &facts(FRIDAY, checker(30)));
    assert_eq!(again, Err(Refusal::AlreadyRectifying));
}

#[test]
fn a_late_check_is_noted_once_and_may_still_be_made() {
    let late_day = date(2026, 12, 22);
    let late = (late_day, Who::House, Command::NoteOverdue);
    let pledge = given(PROMISE, &[accept(), grant(), late]);
    assert_eq!(pledge.overdue_since, Some(late_day));
    let again = pledge.decide(Command::NoteOverdue, &facts(late_day, Who::House));
    assert_eq!(again, Ok(Vec::new()));
    assert!(
        pledge
            .decide(check(Found::True), &facts(late_day, checker(30)))
            .is_ok()
    );
}

#[test]
fn a_false_promise_is_mended_by_a_decider_who_did_not_find_it() {
    let broken = given(
        PROMISE,
        &[
            accept(),
            grant(),
            (TUESDAY, checker(30), check(Found::False)),
        ],
    );
    assert_eq!(broken.status, PledgeStatus::Broken);
    let mend = || Command::Mend { reason: words() };
    let own = broken.decide(mend(), &facts(FRIDAY, checker(30)));
    assert_eq!(own, Err(Refusal::MendedByChecker));
    assert!(broken.decide(mend(), &facts(FRIDAY, checker(32))).is_ok());
    let kept = given(PROMISE, &[accept(), grant()]);
    let nothing = kept.decide(mend(), &facts(FRIDAY, checker(32)));
    assert_eq!(nothing, Err(Refusal::NotBroken));
}

#[test]
fn a_refused_or_withdrawn_matter_leaves_nothing_to_check() {
    let refused = Command::Decide {
        granted: false,
        by: Some(id(20)),
    };
    let pledge = given(PROMISE, &[accept(), (MONDAY, Who::House, refused)]);
    assert_eq!(pledge.status, PledgeStatus::Void);
    let nothing = pledge.decide(check(Found::True), &facts(TUESDAY, checker(30)));
    assert_eq!(nothing, Err(Refusal::NothingToCheck));
}
