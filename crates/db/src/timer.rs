//! Timers: rows set in the transaction that wants them. Firing one is a command like any other;
//! taking the row away in that command's transaction makes it fire exactly once.

use jiff::Timestamp;
use kernel::{Fault, ToValue};
use uuid::Uuid;

use crate::params;
use crate::row_seal::SealedTable;
use crate::tx::Tx;

/// The timers, one for each kind and record.
pub const TIMERS: SealedTable = SealedTable {
    name: "timer",
    keys: &["kind", "record"],
    columns: &["due_at"],
};

/// A timer that is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    /// What it is for, e.g. `case.promised_due`.
    pub kind: String,
    /// The record it concerns.
    pub record: Uuid,
    /// When it falls due.
    pub due_at: Timestamp,
}

/// Sets the timer of a kind on a record, in place of an earlier one.
///
/// # Errors
/// As [`Tx::execute`].
pub fn set(tx: &mut Tx<'_>, kind: &str, record: Uuid, due_at: Timestamp) -> Result<(), Fault> {
    TIMERS.put(tx, params![kind, *record.as_bytes(), due_at])
}

/// When the timer of a kind on a record falls due, if it is set.
///
/// # Errors
/// As [`Tx::query`].
pub fn find(tx: &mut Tx<'_>, kind: &str, record: Uuid) -> Result<Option<Timestamp>, Fault> {
    let sql = "SELECT due_at FROM timer WHERE kind = $1 AND record = $2";
    tx.query_one(sql, params![kind, *record.as_bytes()], |row| row.get(0))
}

/// Cancels the timer of a kind on a record; true when there was one.
///
/// # Errors
/// As [`Tx::execute`].
pub fn cancel(tx: &mut Tx<'_>, kind: &str, record: Uuid) -> Result<bool, Fault> {
    TIMERS.remove(tx, params![kind, *record.as_bytes()])
}

/// Takes a timer away for firing. False when another node was faster, or when it was set to
/// another time since: then it must not fire.
///
/// # Errors
/// As [`Tx::execute`].
pub fn take(tx: &mut Tx<'_>, timer: &Timer) -> Result<bool, Fault> {
    let sql = "DELETE FROM timer WHERE kind = $1 AND record = $2 AND due_at = $3";
    let touched = tx.execute(
        sql,
        params![timer.kind, *timer.record.as_bytes(), timer.due_at],
    )?;
    Ok(touched == 1)
}

/// The timers that are due, the longest overdue first.
///
/// # Errors
/// As [`Tx::query`].
pub fn due(tx: &mut Tx<'_>, limit: u32) -> Result<Vec<Timer>, Fault> {
    let sql = "SELECT kind, record, due_at FROM timer WHERE due_at <= $1 ORDER BY due_at LIMIT $2";
    let now = tx.now();
    tx.query(sql, &[now.to_value(), limit.to_value()], |row| {
        Ok(Timer {
            kind: row.get(0)?,
            record: Uuid::from_bytes(row.get(1)?),
            due_at: row.get(2)?,
        })
    })
}

/// When the next timer falls due, if one is set.
///
/// # Errors
/// As [`Tx::query`].
pub fn next_due(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, Fault> {
    let found = tx.query_one("SELECT MIN(due_at) FROM timer", &[], |row| row.get(0))?;
    Ok(found.flatten())
}
