//! Work lists as they are offered: what a post may take, without the decisions that are beyond the
//! officer's authority (分级授权). The store finds by post; what a grade is enough for, the authority
//! room says of each case, where anything is said of the organ at all.

use db::Tx;
use kernel::{Fault, OrganId};

use crate::model::{Doer, Duty};
use crate::neighbours::{Hall, Judged};
use crate::store::{self, Scope, TaskKey, TaskLine};

/// A page of a work list, least time left first. In the scope of the post, a decision that this
/// officer may not take is not offered; it stays on the list of the organ.
///
/// # Errors
/// As [`Tx::query`].
pub fn tasks(
    tx: &mut Tx<'_>,
    by: &Doer,
    scope: Scope,
    after: Option<&TaskKey>,
    most: usize,
) -> Result<Vec<TaskLine>, Fault> {
    let by = crate::with_delegations(tx, by)?;
    if scope != Scope::Post || !is_bound(tx, &by)? {
        return store::tasks(tx, &by, scope, after, most);
    }
    let mut offered = Vec::new();
    let mut after = after.cloned();
    loop {
        let page = store::tasks(tx, &by, scope, after.as_ref(), most)?;
        let whole = page.len() < most;
        after = page.last().map(TaskLine::key);
        for line in page {
            if is_offered(tx, &by, &line)? {
                offered.push(line);
            }
        }
        if whole || most <= offered.len() {
            offered.truncate(most);
            return Ok(offered);
        }
    }
}

/// Whether anything is said of the decisions of an organ whose tasks this officer is offered.
fn is_bound(tx: &mut Tx<'_>, by: &Doer) -> Result<bool, Fault> {
    let hall = tx.thing::<Hall>()?;
    let mut organs: Vec<OrganId> = by.delegated.iter().map(|one| one.organ).collect();
    organs.push(by.organ);
    organs.sort_unstable();
    organs.dedup();
    for organ in organs {
        if hall.binds(tx, organ)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_offered(tx: &mut Tx<'_>, by: &Doer, line: &TaskLine) -> Result<bool, Fault> {
    if line.duty != Duty::Decide {
        return Ok(true);
    }
    let case = crate::case(tx, line.case)?;
    let hall = tx.thing::<Hall>()?;
    let authority = hall.authority(tx, &case, &Judged::of(by))?;
    Ok(authority.beyond.is_none())
}
