//! The bare limit: one insert of as many bytes as an operation leaves, through the same writer.

use std::path::Path;

use db::{Db, Migration, Tx, params};
use kernel::{Actor, Fault};

/// About what one operation of the seven-op case writes, ledger included.
const BODY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\
0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\
0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\
0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

const TABLE: &[Migration] = &[Migration {
    room: "bench",
    number: 1,
    sql: "CREATE TABLE bench_limit (number BIGINT NOT NULL, body TEXT NOT NULL)",
}];

/// Makes the table of the limit, in a store that is thrown away afterwards.
pub(super) fn prepare(db: &Db) -> Result<(), Fault> {
    let mut all: Vec<&[Migration]> = crate::house::MIGRATIONS.to_vec();
    all.push(TABLE);
    db::migrate::run(db, db.cause(Actor::system()), &all)
}

/// One bare insert.
pub(super) fn bare_insert(tx: &mut Tx<'_>, number: u64) -> Result<(), Fault> {
    let number = i64::try_from(number).map_err(Fault::broken)?;
    let sql = "INSERT INTO bench_limit (number, body) VALUES ($1, $2)";
    tx.execute(sql, params![number, BODY]).map(|_| ())
}

/// How large the embedded store is, its log included.
pub(super) fn bytes(folder: &Path) -> u64 {
    let size = |name: &str| std::fs::metadata(folder.join(name)).map_or(0, |found| found.len());
    size("hall.db") + size("hall.db-wal")
}
