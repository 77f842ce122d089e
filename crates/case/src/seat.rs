//! An officer at a seat, as the rules of a case see one.

use db::Tx;
use kernel::Fault;

use crate::model::{Asker, Doer};
use crate::neighbours::Hall;

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
