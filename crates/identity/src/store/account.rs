//! Rows of accounts and of failed attempts, both found by a keyed digest of the login.

use db::{Tx, params};
use jiff::Timestamp;
use kernel::{Fault, OfficerId, PersonId, TypedId};
use ledger::Vault;
use web::session::Subject;

use super::{ACCOUNTS, Cells, FAILURES, clear_handed_out, find_factor, remove_factor, row};
use crate::model::AccountId;

/// A login and its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) id: AccountId,
    pub(crate) login_mark: [u8; 32],
    pub(crate) subject: Subject,
    pub(crate) password: String,
}

/// How often in a row a login failed, and when last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Failures {
    pub(crate) count: i64,
    pub(crate) last_at: Timestamp,
}

fn parts(subject: Subject) -> (&'static str, [u8; 16]) {
    match subject {
        Subject::Officer(id) => ("officer", id.uuid().into_bytes()),
        Subject::Citizen(id) => ("citizen", id.uuid().into_bytes()),
    }
}

fn read_account(cells: &Cells) -> Result<Account, Fault> {
    let kind: String = cells.get(2)?;
    let subject = match kind.as_str() {
        "officer" => Subject::Officer(cells.get::<OfficerId>(3)?),
        "citizen" => Subject::Citizen(cells.get::<PersonId>(3)?),
        _ => return Err(Fault::broken("an account of an unknown kind")),
    };
    Ok(Account {
        id: cells.get(0)?,
        login_mark: cells.get(1)?,
        subject,
        password: cells.get(4)?,
    })
}

/// The keyed digest of a login, so that the store does not hold what citizens log in with.
pub(crate) fn login_mark(tx: &Tx<'_>, login: &str) -> Result<[u8; 32], Fault> {
    Ok(tx.thing::<Vault>()?.finder("login", login))
}

pub(crate) fn put_account(
    tx: &mut Tx<'_>,
    account: &Account,
    fields: &[&'static str],
) -> Result<(), Fault> {
    let (kind, subject) = parts(account.subject);
    let values = params![
        account.id,
        account.login_mark,
        kind,
        subject,
        account.password
    ];
    ledger::edited(tx, &ACCOUNTS, account.id, values, fields)
}

pub(crate) fn find_account(tx: &mut Tx<'_>, mark: &[u8; 32]) -> Result<Option<Account>, Fault> {
    let cells = row(tx, &ACCOUNTS, "WHERE login_mark = $1", params![*mark])?;
    cells.as_ref().map(read_account).transpose()
}

pub(crate) fn find_account_of(tx: &mut Tx<'_>, subject: Subject) -> Result<Option<Account>, Fault> {
    let (kind, id) = parts(subject);
    let tail = "WHERE kind = $1 AND subject = $2";
    let cells = row(tx, &ACCOUNTS, tail, params![kind, id])?;
    cells.as_ref().map(read_account).transpose()
}

/// Removes an account with its second factor and all that hangs on it.
pub(crate) fn remove_account(tx: &mut Tx<'_>, id: AccountId) -> Result<(), Fault> {
    if let Some(factor) = find_factor(tx, id)? {
        remove_factor(tx, factor.id)?;
    }
    clear_handed_out(tx, id)?;
    ledger::thing::removed(tx, &ACCOUNTS, id, params![id])
}

pub(crate) fn find_failures(tx: &mut Tx<'_>, mark: &[u8; 32]) -> Result<Option<Failures>, Fault> {
    let cells = row(tx, &FAILURES, "WHERE login_mark = $1", params![*mark])?;
    let read = |cells: Cells| {
        Ok(Failures {
            count: cells.get(1)?,
            last_at: cells.get(2)?,
        })
    };
    cells.map(read).transpose()
}

pub(crate) fn put_failures(
    tx: &mut Tx<'_>,
    mark: &[u8; 32],
    failures: Failures,
) -> Result<(), Fault> {
    FAILURES.put(tx, params![*mark, failures.count, failures.last_at])
}

pub(crate) fn clear_failures(tx: &mut Tx<'_>, mark: &[u8; 32]) -> Result<(), Fault> {
    FAILURES.remove(tx, params![*mark]).map(|_| ())
}

pub(crate) fn sweep_failures(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, Fault> {
    let sql = "DELETE FROM identity_failure WHERE last_at < $1";
    tx.execute(sql, params![before])
}
