//! All SQL of the ledger's lines and tiles.
//!
//! Where writes come one after the other, a line takes its place in the tree when it is inserted;
//! elsewhere the sealer gives it one. Either way it is sealed when the newest checkpoint covers
//! its place.

use db::{Tx, Value, params};
use kernel::{Fault, ToValue};
use uuid::Uuid;

use crate::line::Line;
use crate::pack;

const COLUMNS: &str = "record, revision, record_kind, kind, schema_version, at, actor_kind, \
                       person, post, organ, deputizing, channel, command, data, position";

const INSERT: &str = "INSERT INTO ledger_line (record, revision, record_kind, kind, \
    schema_version, at, actor_kind, person, post, organ, deputizing, channel, command, data) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
const INSERT_IN_PLACE: &str = "INSERT INTO ledger_line (record, revision, record_kind, kind, \
    schema_version, at, actor_kind, person, post, organ, deputizing, channel, command, data, \
    position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, \
    (SELECT COALESCE(MAX(position), -1) + 1 FROM ledger_line WHERE position IS NOT NULL))";
/// How far the newest checkpoint reaches.
const SIZE: &str = "(SELECT COALESCE(MAX(size), 0) FROM ledger_checkpoint)";

/// A line on its way in; time, actor and command are the transaction's.
pub(crate) struct NewLine<'a> {
    pub(crate) record: Uuid,
    pub(crate) revision: i64,
    pub(crate) record_kind: &'static str,
    pub(crate) kind: &'a str,
    pub(crate) schema: i64,
    pub(crate) data: &'a str,
}

pub(crate) fn insert_line(tx: &mut Tx<'_>, line: &NewLine<'_>) -> Result<(), Fault> {
    let sql = if tx.is_serial() {
        INSERT_IN_PLACE
    } else {
        INSERT
    };
    let actor = tx.actor();
    let (now, command) = (tx.now(), tx.command());
    let person = actor.person.map(Uuid::into_bytes);
    let (record, data) = (line.record.into_bytes(), pack::pack(line.data));
    let values: &[Value<'_>] = params![
        record,
        line.revision,
        line.record_kind,
        line.kind,
        line.schema,
        now,
        actor.kind,
        person,
        actor.post,
        actor.organ,
        actor.deputizing,
        actor.channel,
        command,
        data,
    ];
    tx.execute(sql, values).map(|_| ())
}

pub(crate) fn last_revision(tx: &mut Tx<'_>, record: Uuid) -> Result<i64, Fault> {
    let sql = "SELECT MAX(revision) FROM ledger_line WHERE record = $1";
    let found = tx.query_one(sql, params![record.into_bytes()], |row| {
        row.get::<Option<i64>>(0)
    })?;
    Ok(found.flatten().unwrap_or(0))
}

pub(crate) fn lines_of(tx: &mut Tx<'_>, record: Uuid) -> Result<Vec<Line>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM ledger_line WHERE record = $1 ORDER BY revision");
    tx.query(&sql, params![record.into_bytes()], Line::from_row)
}

pub(crate) fn sealed_from(tx: &mut Tx<'_>, from: i64, limit: u32) -> Result<Vec<Line>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM ledger_line WHERE position >= $1 AND position < {SIZE} \
         ORDER BY position LIMIT $2"
    );
    tx.query(&sql, &[from.to_value(), limit.to_value()], Line::from_row)
}

/// The lines that are committed and not yet sealed, in the order in which they will be.
pub(crate) fn unsealed(tx: &mut Tx<'_>, size: i64, limit: u32) -> Result<Vec<Line>, Fault> {
    if tx.is_serial() {
        let sql = format!(
            "SELECT {COLUMNS} FROM ledger_line WHERE position >= $1 ORDER BY position LIMIT $2"
        );
        return tx.query(&sql, &[size.to_value(), limit.to_value()], Line::from_row);
    }
    // Never a line before an earlier one of its record, also where a clock was set back between
    // them or two nodes disagree about the time.
    let sql = format!(
        "SELECT {COLUMNS} FROM (SELECT {COLUMNS}, \
         MAX(at) OVER (PARTITION BY record ORDER BY revision) AS not_before \
         FROM ledger_line WHERE position IS NULL) AS waiting \
         ORDER BY not_before, record, revision LIMIT $1"
    );
    tx.query(&sql, params![limit], Line::from_row)
}

pub(crate) fn unsealed_count(tx: &mut Tx<'_>) -> Result<i64, Fault> {
    let waiting = "SELECT COUNT(*) FROM ledger_line WHERE position IS NULL";
    let placed = format!("SELECT COUNT(*) FROM ledger_line WHERE position >= {SIZE}");
    let waiting: i64 = tx.query_one(waiting, &[], |row| row.get(0))?.unwrap_or(0);
    let placed: i64 = tx.query_one(&placed, &[], |row| row.get(0))?.unwrap_or(0);
    Ok(waiting + placed)
}

/// Gives a line its place, on a store that did not give it one at once.
pub(crate) fn set_position(
    tx: &mut Tx<'_>,
    record: Uuid,
    revision: i64,
    position: i64,
) -> Result<(), Fault> {
    let sql = "UPDATE ledger_line SET position = $3 \
               WHERE record = $1 AND revision = $2 AND position IS NULL";
    match tx.execute(sql, params![record.into_bytes(), revision, position])? {
        1 => Ok(()),
        _ => Err(Fault::broken(
            "a line to be sealed is gone or sealed already",
        )),
    }
}

/// Gives lines that wait to be sealed the places that this kind of store gives them: for lines
/// that were copied from the other kind.
pub(crate) fn settle_places(tx: &mut Tx<'_>) -> Result<(), Fault> {
    if !tx.is_serial() {
        let sql = format!("UPDATE ledger_line SET position = NULL WHERE position >= {SIZE}");
        return tx.execute(&sql, &[]).map(|_| ());
    }
    let sql = "SELECT record, revision FROM ledger_line WHERE position IS NULL \
               ORDER BY at, record, revision";
    let waiting: Vec<([u8; 16], i64)> = tx.query(sql, &[], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let size = sealed_count(tx)?;
    for (position, (record, revision)) in (size..).zip(waiting) {
        set_position(tx, Uuid::from_bytes(record), revision, position)?;
    }
    Ok(())
}

/// How many lines are sealed: the size of the tree.
pub(crate) fn sealed_count(tx: &mut Tx<'_>) -> Result<i64, Fault> {
    let sql = "SELECT MAX(size) FROM ledger_checkpoint";
    let size = tx.query_one(sql, &[], |row| row.get::<Option<i64>>(0))?;
    Ok(size.flatten().unwrap_or(0))
}

/// Visits every line that has a place, in order, with the place that it should have.
pub(crate) fn each_placed(
    tx: &mut Tx<'_>,
    mut visit: impl FnMut(i64, Line) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let sql =
        format!("SELECT {COLUMNS} FROM ledger_line WHERE position IS NOT NULL ORDER BY position");
    let mut expected = 0;
    tx.each(&sql, &[], |row| {
        visit(expected, Line::from_row(row)?)?;
        expected += 1;
        Ok(())
    })
}

/// The next lines after a record's revision, record by record, in order.
pub(crate) fn lines_after(
    tx: &mut Tx<'_>,
    (record, revision): (Uuid, i64),
    limit: usize,
) -> Result<Vec<Line>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM ledger_line WHERE (record, revision) > ($1, $2) \
         ORDER BY record, revision LIMIT $3"
    );
    let limit = i64::try_from(limit).map_err(Fault::broken)?;
    tx.query(
        &sql,
        params![record.into_bytes(), revision, limit],
        Line::from_row,
    )
}

/// How many rows a table has; the name is a constant of the program.
pub(crate) fn row_count(tx: &mut Tx<'_>, table: &'static str) -> Result<i64, Fault> {
    let sql = format!("SELECT COUNT(*) FROM {table}");
    Ok(tx.query_one(&sql, &[], |row| row.get(0))?.unwrap_or(0))
}

/// Visits the data of every line that can be read; one that cannot is found by the walk over the
/// lines themselves.
pub(crate) fn each_data(
    tx: &mut Tx<'_>,
    mut visit: impl FnMut(&str) -> Result<(), Fault>,
) -> Result<(), Fault> {
    tx.each("SELECT data FROM ledger_line", &[], |row| {
        match row.value(0)? {
            Value::Bytes(packed) => pack::unpack(&packed).map_or(Ok(()), |data| visit(&data)),
            _ => Ok(()),
        }
    })
}

pub(crate) fn tile(tx: &mut Tx<'_>, level: u8, place: u64) -> Result<Option<Vec<u8>>, Fault> {
    let place = i64::try_from(place).map_err(Fault::broken)?;
    let sql = "SELECT hashes FROM ledger_tile WHERE level = $1 AND place = $2";
    tx.query_one(sql, params![level, place], |row| row.get(0))
}

pub(crate) fn put_tile(tx: &mut Tx<'_>, tile: &seal::merkle::Tile) -> Result<(), Fault> {
    let place = i64::try_from(tile.index).map_err(Fault::broken)?;
    let sql = "INSERT INTO ledger_tile (level, place, hashes) VALUES ($1, $2, $3) \
               ON CONFLICT (level, place) DO UPDATE SET hashes = excluded.hashes";
    tx.execute(sql, params![tile.level, place, tile.hashes])
        .map(|_| ())
}

pub(crate) fn each_tile(
    tx: &mut Tx<'_>,
    mut visit: impl FnMut(u8, u64, Vec<u8>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    tx.each(
        "SELECT level, place, hashes FROM ledger_tile ORDER BY level, place",
        &[],
        |row| {
            let place: i64 = row.get(1)?;
            visit(
                row.get(0)?,
                u64::try_from(place).map_err(Fault::broken)?,
                row.get(2)?,
            )
        },
    )
}
