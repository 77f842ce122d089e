//! Numbers without gaps: 1, 2, 3 … for each key, given in the transaction that uses them, so
//! that a refused command leaves no hole.

use db::{SealedTable, Tx, params};
use kernel::Fault;

/// The last number given for each key.
pub const COUNTERS: SealedTable = SealedTable {
    name: "counter",
    keys: &["name"],
    columns: &["last"],
};

/// The next number of a key.
///
/// # Errors
/// As [`Tx::execute`]; [`Fault::Conflict`] when another node was faster (the write is retried).
pub fn next(tx: &mut Tx<'_>, name: &str) -> Result<i64, Fault> {
    let sql = "SELECT last FROM counter WHERE name = $1";
    let last = tx
        .query_one(sql, params![name], |row| row.get::<i64>(0))?
        .unwrap_or(0);
    COUNTERS.put(tx, params![name, last + 1])?;
    Ok(last + 1)
}
