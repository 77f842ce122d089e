//! All SQL of identity: its tables, and reading rows whose seals fit.
//!
//! Every row is read through [`rows`]: one that was written behind the program's back opens no
//! door and names nobody.

use db::{FromValue, SealedTable, Tx, Value};
use kernel::Fault;
use kernel::uuid::Uuid;
use ledger::audit::Audited;

mod account;
mod closure;
mod erasure;
mod factor;
mod officer;
mod organ;
mod person;

pub(crate) use account::*;
pub(crate) use closure::*;
pub(crate) use erasure::*;
pub(crate) use factor::*;
pub(crate) use officer::*;
pub(crate) use organ::*;
pub(crate) use person::*;

pub(crate) const ORGANS: SealedTable = SealedTable {
    name: "identity_organ",
    keys: &["id"],
    columns: &["uscc", "name", "short_name", "dept4", "region6", "kind"],
};
pub(crate) const POSTS: SealedTable = SealedTable {
    name: "identity_post",
    keys: &["id"],
    columns: &["organ", "name", "roles"],
};
pub(crate) const OFFICERS: SealedTable = SealedTable {
    name: "identity_officer",
    keys: &["id"],
    columns: &["login", "name", "state"],
};
pub(crate) const APPOINTMENTS: SealedTable = SealedTable {
    name: "identity_appointment",
    keys: &["id"],
    columns: &["officer", "post", "from_day", "until_day"],
};
pub(crate) const DEPUTIES: SealedTable = SealedTable {
    name: "identity_deputy",
    keys: &["id"],
    columns: &["post", "holder", "deputy", "from_day", "until_day"],
};
pub(crate) const PERSONS: SealedTable = SealedTable {
    name: "identity_person",
    keys: &["id"],
    columns: &["kind", "number_mark", "body"],
};
pub(crate) const AGENCIES: SealedTable = SealedTable {
    name: "identity_agency",
    keys: &["id"],
    columns: &[
        "principal",
        "agent",
        "power_file",
        "power_digest",
        "from_day",
        "until_day",
    ],
};
/// What each right is for. A right without such a row opens nothing.
pub(crate) const SCOPES: SealedTable = SealedTable {
    name: "identity_agency_scope",
    keys: &["agency"],
    columns: &["item"],
};
pub(crate) const ACCOUNTS: SealedTable = SealedTable {
    name: "identity_account",
    keys: &["id"],
    columns: &["login_mark", "kind", "subject", "password"],
};
pub(crate) const FAILURES: SealedTable = SealedTable {
    name: "identity_failure",
    keys: &["login_mark"],
    columns: &["failures", "last_at"],
};

/// Organs and posts that were closed.
pub(crate) const CLOSURES: SealedTable = SealedTable {
    name: "identity_closure",
    keys: &["id"],
    columns: &["what", "subject", "on_day"],
};

/// Accounts whose password somebody else handed out, until when.
pub(crate) const HANDED_OUT: SealedTable = SealedTable {
    name: "identity_handed_out",
    keys: &["account"],
    columns: &["until"],
};
pub(crate) const FACTORS: SealedTable = SealedTable {
    name: "identity_factor",
    keys: &["id"],
    columns: &["account", "secret", "state"],
};
/// The last step whose code was used.
pub(crate) const CODES_USED: SealedTable = SealedTable {
    name: "identity_code_used",
    keys: &["factor"],
    columns: &["step"],
};
/// Keyed digests of recovery codes that have not been used.
pub(crate) const RECOVERY_CODES: SealedTable = SealedTable {
    name: "identity_recovery_code",
    keys: &["mark"],
    columns: &["factor"],
};

/// What `verify --deep` must know of this room's tables.
#[must_use]
pub fn tables() -> Vec<Audited> {
    let thing = |kind: &'static str, table: &'static SealedTable| Audited::Thing { kind, table };
    vec![
        thing("organ", &ORGANS),
        thing("post", &POSTS),
        thing("officer", &OFFICERS),
        thing("appointment", &APPOINTMENTS),
        thing("deputy", &DEPUTIES),
        thing("person", &PERSONS),
        thing("agency", &AGENCIES),
        thing("account", &ACCOUNTS),
        thing("factor", &FACTORS),
        thing("closure", &CLOSURES),
        ledger::audit::lifecycle::<crate::erasure::Erasure>(),
        Audited::Sealed(&SCOPES),
        Audited::Sealed(&FAILURES),
        Audited::Sealed(&HANDED_OUT),
        Audited::Sealed(&CODES_USED),
        Audited::Sealed(&RECOVERY_CODES),
    ]
}

/// The columns of one row of one table: the keys, then the columns.
pub(crate) struct Cells(Vec<Value<'static>>);

impl Cells {
    /// The column at a position counted from 0.
    pub(crate) fn get<T: FromValue>(&self, index: usize) -> Result<T, Fault> {
        let value = self.0.get(index).cloned();
        let value = value.ok_or_else(|| Fault::broken(format!("no column {index}")))?;
        T::from_value(value).map_err(Fault::broken)
    }
}

/// The rows of joined tables, each with its cells table by table; `tail` is what stands behind
/// the columns, from `FROM` on.
///
/// # Errors
/// [`Fault::Broken`] when the seal of a row does not fit.
pub(crate) fn joined<const N: usize>(
    tx: &mut Tx<'_>,
    tables: [&SealedTable; N],
    tail: &'static str,
    params: &[Value<'_>],
) -> Result<Vec<[Cells; N]>, Fault> {
    let sql = db::texts::tailed(tables.map(|table| table.name), tail, || {
        format!("SELECT {} {tail}", columns(&tables))
    });
    found(tx, tables, &sql, params)
}

/// All columns of the tables, each table's seal behind its own. Names in the text are constants
/// of the program.
fn columns(tables: &[&SealedTable]) -> String {
    let columns = tables.iter().flat_map(|table| {
        let all = table.keys.iter().chain(table.columns);
        let named = all.map(|column| format!("{}.{column}", table.name));
        named.chain([format!("{}.row_seal", table.name)])
    });
    columns.collect::<Vec<_>>().join(", ")
}

fn found<const N: usize>(
    tx: &mut Tx<'_>,
    tables: [&SealedTable; N],
    sql: &str,
    params: &[Value<'_>],
) -> Result<Vec<[Cells; N]>, Fault> {
    let of = |table: &&SealedTable| table.keys.len() + table.columns.len() + 1;
    let width: usize = tables.iter().map(of).sum();
    let read = |row: &db::Row<'_>| {
        let values = (0..width).map(|index| Ok(row.value(index)?.into_owned()));
        values.collect::<Result<Vec<_>, Fault>>()
    };
    let found = tx.query(sql, params, read)?;
    found
        .into_iter()
        .map(|values| split(tx, tables, values))
        .collect()
}

/// The rows of one table.
///
/// # Errors
/// As [`joined`].
pub(crate) fn rows(
    tx: &mut Tx<'_>,
    table: &SealedTable,
    tail: &'static str,
    params: &[Value<'_>],
) -> Result<Vec<Cells>, Fault> {
    let sql = db::texts::tailed([table.name], tail, || {
        format!("SELECT {} FROM {} {tail}", columns(&[table]), table.name)
    });
    let found = found(tx, [table], &sql, params)?;
    Ok(found.into_iter().map(|[cells]| cells).collect())
}

/// The one row of one table, if there is one.
///
/// # Errors
/// As [`joined`].
pub(crate) fn row(
    tx: &mut Tx<'_>,
    table: &SealedTable,
    tail: &'static str,
    params: &[Value<'_>],
) -> Result<Option<Cells>, Fault> {
    Ok(rows(tx, table, tail, params)?.into_iter().next())
}

/// What this transaction has read of a table under an id, or reads now.
pub(crate) fn remembered<T: Clone + 'static>(
    tx: &mut Tx<'_>,
    table: &SealedTable,
    id: Uuid,
    read: impl FnOnce(&mut Tx<'_>) -> Result<Option<T>, Fault>,
) -> Result<Option<T>, Fault> {
    if let Some(known) = tx.remembered::<Option<T>>(table.name, id) {
        return Ok(known);
    }
    let found = read(tx)?;
    tx.remember(table.name, id, found.clone());
    Ok(found)
}

fn split<const N: usize>(
    tx: &Tx<'_>,
    tables: [&SealedTable; N],
    values: Vec<Value<'static>>,
) -> Result<[Cells; N], Fault> {
    let mut rest = values.into_iter();
    let mut all = Vec::with_capacity(N);
    for table in tables {
        let width = table.keys.len() + table.columns.len();
        let cells: Vec<Value<'static>> = rest.by_ref().take(width).collect();
        let sealed = tx.row_seal(table, &cells);
        if rest.next() != Some(Value::Bytes(sealed.to_vec().into())) {
            return Err(Fault::broken(format!(
                "a row of {} is not ours",
                table.name
            )));
        }
        all.push(Cells(cells));
    }
    let wrong = |_| Fault::broken("a joined row lost a table");
    <[Cells; N]>::try_from(all).map_err(wrong)
}
