//! The approval committee 审批委员会: sittings called, cases put on the agenda, opened, voted, closed
//! with sealed minutes. It sits while the clock of its cases runs: no article stops it.

use db::Tx;
use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{Fault, OfficerId, OrganId};
use ledger::lifecycle::load_versioned;
use web::{Officer, Role};

use super::{acting, facts, keep_words, keep_words_about};
use crate::decide::Refusal;
use crate::decide::sitting::{Called, Command, call as decide_call};
use crate::matters;
use crate::model::{CommitteeSitting, SittingId, Vote};
use crate::{papers, store};

/// A sitting as it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSitting {
    /// Of which organ.
    pub organ: OrganId,
    /// When it meets.
    pub on: Date,
    /// Who presides.
    pub chair: OfficerId,
    /// Who belongs to it, the chair among them.
    pub members: Vec<OfficerId>,
    /// How many must be there.
    pub quorum: u32,
}

/// Calls a sitting; whoever calls it keeps the minutes.
///
/// # Errors
/// The rule that says no; [`Fault::NotFound`] for an unknown officer.
pub fn call(tx: &mut Tx<'_>, by: &Officer, new: &NewSitting) -> Result<SittingId, Fault> {
    let me = acting(by)?;
    if me.organ != new.organ && !me.has(Role::HallManager) {
        return Err(Refusal::NotYourOrgan.into());
    }
    for member in &new.members {
        identity::officer(tx, *member)?;
    }
    let called = Called {
        organ: new.organ,
        on: new.on,
        number: store::next_sitting(tx, new.organ, new.on)?,
        chair: new.chair,
        secretary: by.id,
        members: new.members.clone(),
        quorum: new.quorum,
    };
    let event = decide_call(called, &facts(tx, by)?)?;
    let id: SittingId = tx.new_id();
    ledger::open::<CommitteeSitting>(tx, id, vec![event])?;
    Ok(id)
}

/// Puts a case on the agenda, with the paper that reports on it.
///
/// # Errors
/// The rule that says no; [`Fault::NotFound`] for a case that the officer may not see.
pub fn put_case(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: SittingId,
    case: Uuid,
    paper: &str,
) -> Result<(), Fault> {
    let matter = matters::seen(tx, by, case)?;
    let organ = sitting(tx, id)?.organ;
    if matter.organ != organ {
        return Err(Refusal::NotYourOrgan.into());
    }
    let command = Command::PutCase {
        case,
        handled: matter.handled,
        undecided: matter.undecided,
        paper: keep_words_about(tx, id, Some(matter.person), "paper", paper)?,
    };
    perform(tx, by, id, command).map(|_| ())
}

/// Opens the sitting with those who are there.
///
/// # Errors
/// The rule that says no.
pub fn open(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: SittingId,
    present: &[OfficerId],
) -> Result<(), Fault> {
    let present = present.to_vec();
    perform(tx, by, id, Command::Open { present }).map(|_| ())
}

/// Steps aside from a case, or has the chair rule that a member does 回避.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] without a reason.
pub fn recuse(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: SittingId,
    case: Uuid,
    member: OfficerId,
    reason: &str,
) -> Result<(), Fault> {
    let reason = keep_words(tx, id, "reason", reason)?;
    let command = Command::Recuse {
        case,
        member,
        reason,
    };
    perform(tx, by, id, command).map(|_| ())
}

/// Votes on a case 表决.
///
/// # Errors
/// The rule that says no.
pub fn vote(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: SittingId,
    case: Uuid,
    vote: Vote,
) -> Result<(), Fault> {
    perform(tx, by, id, Command::Vote { case, vote }).map(|_| ())
}

/// Counts the votes on a case 决议.
///
/// # Errors
/// The rule that says no.
pub fn resolve(tx: &mut Tx<'_>, by: &Officer, id: SittingId, case: Uuid) -> Result<(), Fault> {
    perform(tx, by, id, Command::Resolve { case }).map(|_| ())
}

/// Leaves a case for another day 缓议.
///
/// # Errors
/// The rule that says no.
pub fn defer(tx: &mut Tx<'_>, by: &Officer, id: SittingId, case: Uuid) -> Result<(), Fault> {
    perform(tx, by, id, Command::Defer { case }).map(|_| ())
}

/// Closes the sitting: its minutes are drawn, its resolutions bind.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] without remarks.
pub fn close(tx: &mut Tx<'_>, by: &Officer, id: SittingId, remarks: &str) -> Result<(), Fault> {
    let remarks = keep_words(tx, id, "remarks", remarks)?;
    let closed = perform(tx, by, id, Command::Close { remarks })?;
    papers::minutes(tx, &closed).map(|_| ())
}

fn perform(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: SittingId,
    command: Command,
) -> Result<CommitteeSitting, Fault> {
    let facts = facts(tx, by)?;
    Ok(ledger::perform::<CommitteeSitting>(tx, id, command, &facts)?.record)
}

/// A sitting.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn sitting(tx: &mut Tx<'_>, id: SittingId) -> Result<CommitteeSitting, Fault> {
    Ok(load_versioned::<CommitteeSitting>(tx, id)?.record)
}

/// A sitting that an officer may see: their organ's, or as a member; the hall's heads see all.
///
/// # Errors
/// [`Fault::NotFound`] for all others: what is hidden is not there.
pub fn visible(tx: &mut Tx<'_>, by: &Officer, id: SittingId) -> Result<CommitteeSitting, Fault> {
    let found = sitting(tx, id)?;
    let heads = by.has(Role::HallManager) || by.has(Role::Supervisor);
    let inside = by.organ() == Some(found.organ) || found.members.contains(&by.id);
    if heads || inside {
        Ok(found)
    } else {
        Err(Fault::NotFound { what: "sitting" })
    }
}

/// The sittings of an organ, the newest first; of every organ without one.
///
/// # Errors
/// As [`Tx::query`].
pub fn sittings(
    tx: &mut Tx<'_>,
    organ: Option<OrganId>,
    before: Option<SittingId>,
) -> Result<Vec<CommitteeSitting>, Fault> {
    store::sittings(tx, organ, before)
}

/// The sittings on whose agenda a case is, the newest first; of one day, the later number first.
///
/// # Errors
/// As [`Tx::query`].
pub fn of_case(tx: &mut Tx<'_>, case: Uuid) -> Result<Vec<CommitteeSitting>, Fault> {
    store::sittings_on(tx, case)
}
