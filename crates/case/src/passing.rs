//! 交接: the open tasks in the hands of an officer who leaves, and how each passes to whoever takes
//! their place.
//!
//! Deliberately absent: the list that both sides sign, which is the authority room's.

use db::Tx;
use kernel::{Fault, OfficerId};
use ledger::lifecycle::load_versioned;

use crate::decide::{Command, Refusal};
use crate::model::{Asker, Case, CaseId, Doer};
use crate::neighbours::Hall;
use crate::seat::{doer, with_delegations};
use crate::store;

/// The open tasks that an officer holds, least time left first: case, number of the case, task.
///
/// # Errors
/// As [`Tx::query`].
pub fn held_by(tx: &mut Tx<'_>, officer: OfficerId) -> Result<Vec<(CaseId, String, u16)>, Fault> {
    store::held_by(tx, officer)
}

/// A task that an officer holds passes to another, who acts and takes it on themselves. The same
/// rules as for 转办: post, separation of duties, authority.
///
/// # Errors
/// The rule that says no; [`Refusal::NotHeld`] when it is not in their hands.
pub fn pass_on(
    tx: &mut Tx<'_>,
    id: CaseId,
    number: u16,
    from: OfficerId,
    to: &web::Officer,
) -> Result<Case, Fault> {
    let case = load_versioned::<Case>(tx, id)?.record;
    let task = case.task(number).ok_or(Refusal::TaskGone)?.clone();
    if task.held_by != Some(from) {
        return Err(Refusal::NotHeld.into());
    }
    let receiver = with_delegations(tx, &doer(to)?)?;
    let organ = match receiver.sits_for(task.organ, case.item) {
        true => receiver.organ,
        false => task.organ,
    };
    let holders = tx.thing::<Hall>()?.holders(tx, organ, task.role)?;
    let holder = holders.into_iter().find(|one| one.officer == to.id);
    // Whoever leaves signed the list; they may have no seat any more.
    let giver = Doer {
        officer: from,
        standing_in: task.held_for,
        organ,
        roles: [task.role].into_iter().collect(),
        delegated: Vec::new(),
    };
    let command = Command::HandOver {
        task: number,
        to: to.id,
        holds_post: holder.is_some(),
        standing_in: holder.and_then(|one| one.standing_in).map(|(id, _)| id),
    };
    crate::perform(tx, id, command, Asker::Officer(giver))
}
