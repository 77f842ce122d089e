//! All SQL of the room: three tables of things, read through their seals.

use db::{Row, SealedTable, Tx, Value};
use kernel::{Fault, FromValue};
use ledger::audit::Audited;

pub(crate) static NOTICES: SealedTable = SealedTable {
    name: "operations_notice",
    keys: &["id"],
    columns: &["number", "version", "body"],
};
pub(crate) static REGION_LISTS: SealedTable = SealedTable {
    name: "operations_region_list",
    keys: &["id"],
    columns: &["number", "version", "digest", "body"],
};
pub(crate) static EXPORTS: SealedTable = SealedTable {
    name: "operations_export",
    keys: &["id"],
    columns: &["what", "operator", "purpose", "row_count", "at"],
};

/// What `verify --deep` must know of this room's tables.
#[must_use]
pub fn tables() -> Vec<Audited> {
    let thing = |kind: &'static str, table: &'static SealedTable| Audited::Thing { kind, table };
    vec![
        thing("notice_of_days", &NOTICES),
        thing("region_list", &REGION_LISTS),
        thing("export", &EXPORTS),
    ]
}

/// Every row of a table in the order of a column; a row that is not ours is a fault.
pub(crate) fn all<I, T>(
    tx: &mut Tx<'_>,
    table: &SealedTable,
    order: &str,
    map: impl Fn(&Row<'_>) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault>
where
    I: FromValue + kernel::ToValue,
{
    let sql = format!("SELECT id FROM {} ORDER BY {order}", table.name);
    let ids: Vec<I> = tx.query(&sql, &[], |row| row.get(0))?;
    let mut found = Vec::new();
    for id in ids {
        let one = table.get(tx, &[id.to_value()], &map)?;
        found.push(one.ok_or(Fault::Conflict { what: "row" })?);
    }
    Ok(found)
}

/// The highest number of a table, and the version it names; none while the table is empty.
pub(crate) fn newest(tx: &mut Tx<'_>, table: &SealedTable) -> Result<Option<(i64, String)>, Fault> {
    let sql = format!(
        "SELECT number, version FROM {} ORDER BY number DESC LIMIT 1",
        table.name
    );
    tx.query_one(&sql, &[], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// The id of the row with a version.
pub(crate) fn by_version<I: FromValue>(
    tx: &mut Tx<'_>,
    table: &SealedTable,
    version: &str,
) -> Result<Option<I>, Fault> {
    let sql = format!("SELECT id FROM {} WHERE version = $1", table.name);
    tx.query_one(&sql, &[Value::Text(version.into())], |row| row.get(0))
}
