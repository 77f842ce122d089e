//! An officer at a seat, as the rules of a case see one.

use db::Tx;
use kernel::Fault;

use crate::model::{Asker, CaseId, Doer};
use crate::neighbours::Hall;
use crate::store::Viewer;

/// An officer as the rules see one.
///
/// # Errors
/// [`Fault::Forbidden`] without a seat.
pub fn doer(by: &web::Officer) -> Result<Doer, Fault> {
    let seat = by.seat().ok_or(Fault::Forbidden {
        code: "access.role_missing",
    })?;
    Ok(Doer {
        officer: by.id,
        standing_in: seat.deputizing,
        organ: seat.organ,
        roles: seat.roles.clone(),
        delegated: Vec::new(),
    })
}

/// The same officer, with what other organs entrusted or left to theirs today 赋权、委托.
///
/// # Errors
/// As [`Tx::query`].
pub fn with_delegations(tx: &mut Tx<'_>, doer: &Doer) -> Result<Doer, Fault> {
    Ok(Doer {
        delegated: tx.thing::<Hall>()?.delegated(tx, doer.organ)?,
        ..doer.clone()
    })
}

pub(crate) fn asker(by: &web::Officer) -> Result<Asker, Fault> {
    Ok(Asker::Officer(doer(by)?))
}

/// What an act on a case answers to an officer: whoever may not see the case learns nothing of it
/// from what a rule, a stale page or a wrong field would say. Asked only where the act failed, for
/// the rules themselves let no stranger act.
pub(crate) fn unless_hidden<T>(
    tx: &mut Tx<'_>,
    by: &web::Officer,
    id: CaseId,
    done: Result<T, Fault>,
) -> Result<T, Fault> {
    match done {
        Err(said @ (Fault::Refused(_) | Fault::Conflict { .. } | Fault::Invalid(_))) => {
            crate::seen(tx, &Viewer::Officer(doer(by)?), id)?;
            Err(said)
        }
        done => done,
    }
}
