//! The bare limit: one insert of as many bytes as an operation leaves, through the same writer.

use std::time::Instant;

use db::{Db, Migration, Tx, params};
use kernel::{Actor, Fault};

use super::measure::{Client, micros};

/// What the limit is.
pub(super) const LIMIT: &str = "bare durable inserts of 400 bytes through the same writer";

/// About what one operation of the seven-op case writes, ledger included.
const BODY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\
0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\
0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\
0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\
0123456789abcdef0123456789abcdef0123456789abcdef";

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

/// A client that only inserts.
pub(super) fn bare_inserts(db: &Db) -> Client {
    let (db, mut number) = (db.clone(), 0_i64);
    Box::new(move |latencies| {
        number += 1;
        let began = Instant::now();
        db.write(db.cause(Actor::system()), move |tx| bare_insert(tx, number))?;
        latencies.push(micros(began));
        Ok(())
    })
}

fn bare_insert(tx: &mut Tx<'_>, number: i64) -> Result<(), Fault> {
    let sql = "INSERT INTO bench_limit (number, body) VALUES ($1, $2)";
    tx.execute(sql, params![number, BODY]).map(|_| ())
}

/// A client that only reads a page of rows by a seek: the limit of a list.
pub(super) fn bare_pages(db: &Db, rows: i64) -> Client {
    let (db, mut at) = (db.clone(), 0_i64);
    Box::new(move |latencies| {
        at = (at + 7919) % 100_000;
        let began = Instant::now();
        db.read(|tx| bare_page(tx, at, rows))?;
        latencies.push(micros(began));
        Ok(())
    })
}

fn bare_page(tx: &mut Tx<'_>, from: i64, rows: i64) -> Result<(), Fault> {
    let sql = "SELECT record, revision, at FROM ledger_line WHERE position >= $1 \
               ORDER BY position LIMIT $2";
    tx.each(sql, params![from, rows], |_| Ok(()))
}

/// How large the embedded store is. Its log is a buffer of constant size that every commit passes
/// through, so it is no part of what a case leaves behind.
pub(super) fn bytes(db: &Db) -> Result<i64, Fault> {
    let sql = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";
    let size = db.read(|tx| tx.query_one(sql, &[], |row| row.get::<i64>(0)))?;
    Ok(size.unwrap_or(0))
}
