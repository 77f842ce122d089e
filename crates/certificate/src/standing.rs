//! Use cases that change where a certificate stands: revoke, cancel, suspend, lift, and the
//! timers that note the end of a validity or a suspension.
//!
//! Deliberately absent: rules, which stand in `decide`, and the change of a certificate into
//! another, which [`crate::issue()`] does with the new one.

use db::{Tx, timer};
use jiff::civil::{Date, Time};
use kernel::{ActorKind, Fault, TypedId};
use ledger::lifecycle::{apply, load_versioned};
use web::Role;

use crate::decide::{CertificateCommand, Facts, Hands};
use crate::model::{
    CancellationGround, Certificate, CertificateId, CertificateState, ExitGround, RevocationGround,
    SuspensionGround,
};
use crate::{EXPIRY_TIMER, SUSPENSION_TIMER, issue};

/// Longest text of a decision, in characters.
const REASON_CHARS_MAX: usize = 2000;

/// What the system itself knows when a timer fires.
pub(crate) fn system_facts(today: Date) -> Facts {
    Facts {
        today,
        organ: None,
        decides: false,
        asking: Hands::default(),
        issuing: Hands::default(),
    }
}

/// What is known of whoever acts, and of whoever issued the certificate.
pub(crate) fn facts(tx: &mut Tx<'_>, id: CertificateId) -> Result<Facts, Fault> {
    let actor = tx.actor().clone();
    let decides = match actor.post {
        Some(post) => match identity::post(tx, post) {
            Ok(post) => post.roles.contains(&Role::Decider),
            Err(Fault::NotFound { .. }) => false,
            Err(fault) => return Err(fault),
        },
        None => false,
    };
    Ok(Facts {
        today: tx.today(),
        organ: actor.organ,
        decides,
        asking: Hands([actor.as_officer(), actor.deputizing]),
        issuing: issuing(tx, id)?,
    })
}

/// Who issued a certificate, as the first line of its record tells.
///
/// # Errors
/// As [`Tx::query`].
pub fn issuing(tx: &mut Tx<'_>, id: CertificateId) -> Result<Hands, Fault> {
    let first = ledger::lines_of(tx, id)?.into_iter().next();
    Ok(first.map_or_else(Hands::default, |line| {
        let officer = line
            .actor
            .person
            .filter(|_| line.actor.kind == ActorKind::Officer);
        Hands([officer.map(TypedId::from_uuid), line.actor.deputizing])
    }))
}

/// Fires a timer of this room; false when it belongs to another.
///
/// # Errors
/// As [`ledger::perform`].
pub fn fire(tx: &mut Tx<'_>, fired: &timer::Timer) -> Result<bool, Fault> {
    let id = CertificateId::from_uuid(fired.record);
    let facts = system_facts(tx.today());
    match fired.kind.as_str() {
        EXPIRY_TIMER => {
            let done = ledger::perform::<Certificate>(tx, id, CertificateCommand::Expire, &facts)?;
            // A clock that was set back may fire early: then the end is still to come.
            match (done.record.state, done.record.valid_until) {
                (CertificateState::Valid | CertificateState::Suspended, Some(last)) => {
                    issue::set_expiry(tx, id, last)?;
                }
                _ => forget_timers(tx, id)?,
            }
        }
        SUSPENSION_TIMER => {
            let done = ledger::perform::<Certificate>(tx, id, CertificateCommand::Restore, &facts)?;
            match (done.record.state, done.record.suspended_until) {
                (CertificateState::Suspended, Some(last)) => set_restoring(tx, id, last)?,
                _ => {
                    timer::cancel(tx, SUSPENSION_TIMER, id.uuid())?;
                }
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Ends a certificate by one of the four ways out 行政许可退出, for the organ of the acting officer.
///
/// # Errors
/// The rule that says no.
pub fn end(
    tx: &mut Tx<'_>,
    id: CertificateId,
    ground: ExitGround,
    reason: &str,
) -> Result<(), Fault> {
    decided(tx, id, reason, |reason| CertificateCommand::End {
        ground,
        reason,
    })?;
    forget_timers(tx, id)
}

/// Takes a grant back 撤销 (行政许可法 69), for the organ of the acting officer.
///
/// # Errors
/// The rule that says no.
pub fn revoke(
    tx: &mut Tx<'_>,
    id: CertificateId,
    ground: RevocationGround,
    reason: &str,
) -> Result<(), Fault> {
    end(tx, id, ExitGround::Revocation(ground), reason)
}

/// Strikes a certificate off 注销 (行政许可法 70), for the organ of the acting officer.
///
/// # Errors
/// The rule that says no.
pub fn cancel(
    tx: &mut Tx<'_>,
    id: CertificateId,
    ground: CancellationGround,
    reason: &str,
) -> Result<(), Fault> {
    end(tx, id, ExitGround::Cancellation(ground), reason)
}

/// Suspends a certificate 暂扣 (行政处罚法 9) until a day, after which it stands again.
///
/// # Errors
/// The rule that says no.
pub fn suspend(
    tx: &mut Tx<'_>,
    id: CertificateId,
    until: Date,
    ground: SuspensionGround,
    reason: &str,
) -> Result<(), Fault> {
    decided(tx, id, reason, |reason| CertificateCommand::Suspend {
        until,
        ground,
        reason,
    })?;
    set_restoring(tx, id, until)
}

/// Lifts a suspension before its last day.
///
/// # Errors
/// The rule that says no.
pub fn lift(tx: &mut Tx<'_>, id: CertificateId) -> Result<(), Fault> {
    let facts = facts(tx, id)?;
    ledger::perform::<Certificate>(tx, id, CertificateCommand::Lift, &facts)?;
    timer::cancel(tx, SUSPENSION_TIMER, id.uuid()).map(|_| ())
}

fn decided(
    tx: &mut Tx<'_>,
    id: CertificateId,
    reason: &str,
    command: impl FnOnce(ledger::Commitment) -> CertificateCommand,
) -> Result<(), Fault> {
    let reason = kernel::text::bounded("reason", reason, REASON_CHARS_MAX);
    let reason = reason.map_err(|problem| Fault::Invalid(vec![problem]))?;
    let old = load_versioned::<Certificate>(tx, id)?;
    let facts = facts(tx, id)?;
    let reason = ledger::keep_text(tx, id, Some(old.record.holder), &reason)?;
    apply(tx, old, command(reason), &facts)?;
    Ok(())
}

fn forget_timers(tx: &mut Tx<'_>, id: CertificateId) -> Result<(), Fault> {
    timer::cancel(tx, EXPIRY_TIMER, id.uuid())?;
    timer::cancel(tx, SUSPENSION_TIMER, id.uuid()).map(|_| ())
}

/// The end of a suspension is noted at the first moment after its last day.
fn set_restoring(tx: &mut Tx<'_>, id: CertificateId, last: Date) -> Result<(), Fault> {
    let Ok(day) = last.tomorrow() else {
        return Ok(());
    };
    let at = kernel::clock::hall_instant(day.to_datetime(Time::midnight()));
    timer::set(tx, SUSPENSION_TIMER, id.uuid(), at)
}
