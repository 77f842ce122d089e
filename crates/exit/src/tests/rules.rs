//! The life of a licence's way out, and every way to misuse one.

use certificate::{CancellationGround, ExitGround, PenaltyGround, RevocationGround};
use certificate::{CertificateId, WithdrawalGround};
use jiff::civil::{Date, date};
use kernel::uuid::Uuid;
use kernel::{Money, OfficerId, OrganId, PersonId, TypedId};
use ledger::{Commitment, Lifecycle, TextId};
use seal::Digest32;

use crate::decide::{Command, Facts, Known, Opened, Refusal, Who, open};
use crate::model::{DropGround, ExitId, ExitSource, ExitStatus, LicenceExit};

const MONDAY: Date = date(2026, 11, 23);
const LAST_DAY: Date = date(2026, 11, 30);
const AFTER: Date = date(2026, 12, 1);
const UNFIT: ExitGround = ExitGround::Revocation(RevocationGround::ApplicantNotEligible);
const FRAUD: ExitGround = ExitGround::Revocation(RevocationGround::ObtainedByFraud);
const REPEALED: ExitGround = ExitGround::Withdrawal(WithdrawalGround::BasisRepealed);
const LENT: ExitGround = ExitGround::Penalty(PenaltyGround::LentOrAltered);
const ON_REQUEST: ExitGround = ExitGround::Cancellation(CancellationGround::OtherByLaw);

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
        opens: true,
        reviews: true,
        decides: true,
    }
}

fn holder() -> Who {
    Who::Holder(id::<PersonId>(3))
}

fn opened(ground: ExitGround) -> Opened {
    Opened {
        certificate: id::<CertificateId>(1),
        holder: id(3),
        organ: id(5),
        item: Uuid::from_u128(8),
        item_version: 1,
        ground,
        source: ExitSource::Officer,
        on: MONDAY,
        by: Some(id(20)),
        standing_in: None,
        findings: words(),
        penalty: None,
        penalty_on: None,
        state_by: Some(LAST_DAY),
    }
}

fn by(who: Who) -> Known {
    Known {
        who,
        running: false,
        own_penalty: false,
    }
}

fn begun(ground: ExitGround) -> LicenceExit {
    let first = open(opened(ground), &by(officer(20))).expect("it may be opened");
    LicenceExit::begin(id::<ExitId>(1), &first).expect("a first event")
}

fn on(today: Date, who: Who) -> Facts {
    Facts { today, who }
}

fn after(mut exit: LicenceExit, command: Command, facts: &Facts) -> LicenceExit {
    for event in exit.decide(command, facts).expect("lawful") {
        exit.evolve(&event);
    }
    exit
}

fn heard(ground: ExitGround) -> LicenceExit {
    let house = on(AFTER, Who::House);
    after(begun(ground), Command::CloseStatements, &house)
}

fn review(agreed: bool, barred: bool) -> Command {
    Command::Review {
        agreed,
        barred,
        opinion: words(),
    }
}

fn reviewed(ground: ExitGround, agreed: bool, barred: bool) -> LicenceExit {
    after(
        heard(ground),
        review(agreed, barred),
        &on(AFTER, officer(21)),
    )
}

fn leave() -> Command {
    Command::Decide {
        reason: words(),
        on_minutes: false,
    }
}

fn stay(ground: DropGround) -> Command {
    Command::Drop {
        ground,
        reason: words(),
    }
}

#[test]
fn a_holder_asks_for_nothing_but_to_be_struck_off() {
    let mut asked = opened(ON_REQUEST);
    asked.source = ExitSource::HolderRequest;
    asked.by = None;
    asked.state_by = None;
    let event = open(asked.clone(), &by(holder())).expect("their own wish");
    let exit = LicenceExit::begin(id::<ExitId>(1), &event).expect("begun");
    assert_eq!(exit.status, ExitStatus::Reviewing);
    asked.ground = UNFIT;
    let refused = open(asked, &by(holder())).expect_err("not a revocation");
    assert_eq!(refused, Refusal::RequestOnlyCancels);
    let refused = open(opened(UNFIT), &by(holder())).expect_err("not in the organ's name");
    assert_eq!(refused, Refusal::RequestOnlyCancels);
}

#[test]
fn an_exit_is_opened_by_the_organ_that_issued_and_once() {
    let mut stranger = opened(UNFIT);
    stranger.organ = id(6);
    let refused = open(stranger, &by(officer(20))).expect_err("another organ");
    assert_eq!(refused, Refusal::NotAnOpener);
    let twice = Known {
        running: true,
        ..by(officer(20))
    };
    let refused = open(opened(UNFIT), &twice).expect_err("one runs");
    assert_eq!(refused, Refusal::AlreadyRunning);
}

#[test]
fn a_penalty_is_recorded_from_another_organs_decision_and_never_made_here() {
    let known = by(officer(20));
    let refused = open(opened(LENT), &known).expect_err("no decision");
    assert_eq!(refused, Refusal::PenaltyWithoutDecision);
    let mut named = opened(LENT);
    named.penalty = Some(words());
    named.penalty_on = Some(AFTER);
    let refused = open(named.clone(), &known).expect_err("a day to come");
    assert_eq!(refused, Refusal::PenaltyInFuture);
    named.penalty_on = Some(MONDAY);
    let own = Known {
        own_penalty: true,
        ..known
    };
    let refused = open(named.clone(), &own).expect_err("the bureau's own");
    assert_eq!(refused, Refusal::PenaltyOwnOrgan);
    assert!(open(named, &known).is_ok());
}

#[test]
fn the_holder_is_heard_until_the_last_day_and_nothing_goes_on_before() {
    let exit = begun(UNFIT);
    let state = Command::State { words: words() };
    let stated = after(exit.clone(), state, &on(LAST_DAY, holder()));
    assert_eq!(stated.stated_on, Some(LAST_DAY));
    let late = exit.decide(state, &on(AFTER, holder()));
    assert_eq!(late, Err(Refusal::StatementsOver));
    let early = exit.decide(review(true, false), &on(MONDAY, officer(21)));
    let running = Err(Refusal::StatementsRunning { until: LAST_DAY });
    assert_eq!(early, running);
    let clock = exit.decide(Command::CloseStatements, &on(LAST_DAY, Who::House));
    assert_eq!(clock, running);
    let waived = after(exit, Command::Waive, &on(MONDAY, holder()));
    assert_eq!(waived.status, ExitStatus::Reviewing);
}

#[test]
fn a_hearing_asked_in_time_holds_everything_up_and_its_minutes_are_weighed() {
    let exit = begun(UNFIT);
    let late = exit.decide(Command::AskHearing, &on(AFTER, holder()));
    assert_eq!(late, Err(Refusal::StatementsOver));
    let asked = after(exit, Command::AskHearing, &on(LAST_DAY, holder()));
    let twice = asked.decide(Command::AskHearing, &on(LAST_DAY, holder()));
    assert_eq!(twice, Err(Refusal::HearingAsked));
    let house = on(AFTER, Who::House);
    let asked = after(asked, Command::CloseStatements, &house);
    assert_eq!(asked.status, ExitStatus::Hearing);
    let early = asked.decide(review(true, false), &on(AFTER, officer(21)));
    assert_eq!(early, Err(Refusal::HearingOpen));
    let close = Command::CloseHearing {
        presider: Some(id(23)),
        held: true,
    };
    let held = after(asked, close, &house);
    let held = after(held, review(true, false), &on(AFTER, officer(21)));
    let held = after(
        held,
        Command::Assess {
            loss: Money::ZERO,
            compensation: Money::ZERO,
            words: words(),
        },
        &on(AFTER, officer(20)),
    );
    let presider = held.decide(leave(), &on(AFTER, officer(23)));
    assert_eq!(presider, Err(Refusal::DecidedByPresider));
    let unweighed = held.decide(leave(), &on(AFTER, officer(22)));
    assert_eq!(unweighed, Err(Refusal::MinutesNotWeighed));
    let weighed = Command::Decide {
        reason: words(),
        on_minutes: true,
    };
    let gone = after(held, weighed, &on(AFTER, officer(22)));
    assert_eq!(gone.status, ExitStatus::Done);
}

#[test]
fn who_opened_or_reviewed_does_not_decide_deputies_included() {
    let exit = heard(FRAUD);
    let own = exit.decide(review(true, false), &on(AFTER, officer(20)));
    assert_eq!(own, Err(Refusal::ReviewedByOpener));
    let unreviewed = exit.decide(leave(), &on(AFTER, officer(22)));
    assert_eq!(unreviewed, Err(Refusal::NotReviewed));
    let exit = reviewed(FRAUD, true, false);
    let opener = exit.decide(leave(), &on(AFTER, officer(20)));
    assert_eq!(opener, Err(Refusal::DecidedByOpener));
    let Who::Officer { .. } = officer(22) else {
        return;
    };
    let deputy = Who::Officer {
        officer: id(22),
        standing_in: Some(id(20)),
        organ: id(5),
        opens: true,
        reviews: false,
        decides: true,
    };
    let deputy = exit.decide(leave(), &on(AFTER, deputy));
    assert_eq!(deputy, Err(Refusal::DecidedByOpener));
    let reviewer = exit.decide(leave(), &on(AFTER, officer(21)));
    assert_eq!(reviewer, Err(Refusal::DecidedByReviewer));
    assert!(exit.decide(leave(), &on(AFTER, officer(22))).is_ok());
}

#[test]
fn what_would_gravely_harm_the_public_is_not_revoked() {
    let barred = reviewed(FRAUD, true, true);
    let refused = barred.decide(leave(), &on(AFTER, officer(22)));
    assert_eq!(refused, Err(Refusal::Barred));
    let stays = stay(DropGround::GravePublicHarm);
    assert!(barred.decide(stays, &on(AFTER, officer(22))).is_ok());
    let free = reviewed(FRAUD, true, false);
    let refused = free.decide(stays, &on(AFTER, officer(22)));
    assert_eq!(refused, Err(Refusal::NotBarred));
    let other = heard(REPEALED).decide(review(true, true), &on(AFTER, officer(21)));
    assert_eq!(other, Err(Refusal::BarOnlyRevocation));
}

#[test]
fn fraud_must_be_revoked_and_the_organs_own_fault_may_be() {
    let fraud = reviewed(FRAUD, true, false);
    let spare = stay(DropGround::Discretion);
    let refused = fraud.decide(spare, &on(AFTER, officer(22)));
    assert_eq!(refused, Err(Refusal::MustRevoke));
    let unfit = reviewed(UNFIT, true, false);
    assert!(unfit.decide(spare, &on(AFTER, officer(22))).is_ok());
    let withdrawn = reviewed(REPEALED, true, false);
    let refused = withdrawn.decide(spare, &on(AFTER, officer(22)));
    assert_eq!(refused, Err(Refusal::NoDiscretion));
}

#[test]
fn a_review_that_does_not_agree_leaves_nothing_to_take_away() {
    let against = reviewed(FRAUD, false, false);
    let refused = against.decide(leave(), &on(AFTER, officer(22)));
    assert_eq!(refused, Err(Refusal::ReviewedAgainst));
}

#[test]
fn the_loss_is_assessed_for_withdrawal_and_own_fault_and_never_for_fraud() {
    let withdrawn = reviewed(REPEALED, true, false);
    let refused = withdrawn.decide(leave(), &on(AFTER, officer(22)));
    assert_eq!(refused, Err(Refusal::LossNotAssessed));
    let assess = |loss, paid| Command::Assess {
        loss: Money::from_fen(loss),
        compensation: Money::from_fen(paid),
        words: words(),
    };
    let refused = withdrawn.decide(assess(100, 101), &on(AFTER, officer(20)));
    assert_eq!(refused, Err(Refusal::MoreThanTheLoss));
    let refused = reviewed(FRAUD, true, false).decide(assess(1, 1), &on(AFTER, officer(20)));
    assert_eq!(refused, Err(Refusal::NotCompensated));
    let withdrawn = after(withdrawn, assess(500, 400), &on(AFTER, officer(20)));
    let unseen = withdrawn.decide(assess(9_000, 9_000), &on(AFTER, officer(20)));
    assert_eq!(unseen, Err(Refusal::NotInReview));
    let unpaid = withdrawn.decide(Command::Pay, &on(AFTER, officer(20)));
    assert_eq!(unpaid, Err(Refusal::NothingToPay));
    let gone = after(withdrawn, leave(), &on(AFTER, officer(22)));
    let paid = after(gone, Command::Pay, &on(AFTER, officer(20)));
    assert_eq!(paid.paid_on, Some(AFTER));
    let twice = paid.decide(Command::Pay, &on(AFTER, officer(20)));
    assert_eq!(twice, Err(Refusal::NothingToPay));
}

#[test]
fn a_penalty_had_its_hearing_elsewhere() {
    let mut named = opened(LENT);
    named.penalty = Some(words());
    named.penalty_on = Some(MONDAY);
    let event = open(named, &by(officer(20))).expect("recorded");
    let exit = LicenceExit::begin(id::<ExitId>(1), &event).expect("begun");
    let refused = exit.decide(Command::AskHearing, &on(MONDAY, holder()));
    assert_eq!(refused, Err(Refusal::NoHearing));
}
