//! How a record with a lifecycle lies in its table, so that loading, saving and comparing are
//! written once: the columns that pages query are the columns that replay is compared with.

use db::texts::{self, Verb};
use db::{Row, Tx, Value};
use kernel::{Fault, ToValue, TypedId};

use crate::lifecycle::Lifecycle;

const LOAD: Verb = 1;
const INSERT: Verb = 2;
const REMOVE: Verb = 3;
/// With one bit for each column that changed, so tables have at most 62 columns.
const UPDATE: Verb = 1 << 63;

/// A record's table: `id`, `revision`, then these columns.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// The table's name.
    pub name: &'static str,
    /// The columns after `id` and `revision`.
    pub columns: &'static [&'static str],
    /// Tables of rows that belong to a record, e.g. the open tasks of a case.
    pub children: &'static [&'static ChildTable],
}

/// A table of rows that belong to a record and follow from its state.
#[derive(Debug, PartialEq, Eq)]
pub struct ChildTable {
    /// The table's name.
    pub name: &'static str,
    /// The column that holds the record's id.
    pub parent: &'static str,
    /// The column that tells the rows of one record apart.
    pub key: &'static str,
    /// The other columns.
    pub columns: &'static [&'static str],
}

/// One row of a child table.
#[derive(Debug, Clone, PartialEq)]
pub struct Child<'a> {
    /// Its table.
    pub table: &'static ChildTable,
    /// What tells it apart within the record.
    pub key: Value<'a>,
    /// The other columns.
    pub values: Vec<Value<'a>>,
}

/// A lifecycle record that is kept in a table.
pub trait Stored: Lifecycle {
    /// Where it lies.
    const TABLE: Table;

    /// The columns of [`Table::columns`], in order. All that the record holds must follow from
    /// them; nothing may be in them that does not follow from its events.
    fn to_row(&self) -> Vec<Value<'_>>;

    /// Reads what [`Stored::to_row`] wrote; the first column is at position `first`.
    ///
    /// # Errors
    /// [`Fault::Broken`] when the row is damaged.
    fn from_row(id: Self::Id, row: &Row<'_>, first: usize) -> Result<Self, Fault>;

    /// The rows of the child tables.
    fn children(&self) -> Vec<Child<'_>> {
        Vec::new()
    }
}

/// A record and how often it has changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Versioned<L> {
    /// The record.
    pub record: L,
    /// How many lines it has.
    pub revision: i64,
}

pub(crate) fn load<L: Stored>(tx: &mut Tx<'_>, id: L::Id) -> Result<Option<Versioned<L>>, Fault> {
    let Table { name, columns, .. } = L::TABLE;
    let known = tx.remembered::<Versioned<L>>(name, id.uuid());
    if known.is_some() {
        return Ok(known);
    }
    // Names in these texts are constants of the program.
    let sql = texts::text(name, LOAD, || {
        let columns = columns.join(", ");
        format!("SELECT revision, {columns} FROM {name} WHERE id = $1")
    });
    let found = tx.query_one(&sql, &[id_value(&id)], |row| {
        Ok(Versioned {
            revision: row.get(0)?,
            record: L::from_row(id, row, 1)?,
        })
    })?;
    if let Some(found) = &found {
        tx.remember(name, id.uuid(), found.clone());
    }
    Ok(found)
}

pub(crate) fn insert<L: Stored>(tx: &mut Tx<'_>, new: &Versioned<L>) -> Result<(), Fault> {
    let Table { name, columns, .. } = L::TABLE;
    let sql = texts::text(name, INSERT, || {
        let (columns, places) = (columns.join(", "), places(columns.len()));
        format!("INSERT INTO {name} (id, revision, {columns}) VALUES ($1, $2, {places})")
    });
    let id = new.record.id();
    let mut values = vec![id_value(&id), Value::Int(new.revision)];
    values.extend(new.record.to_row());
    tx.execute(&sql, &values)?;
    for child in new.record.children() {
        insert_child(tx, id, &child)?;
    }
    tx.remember(name, id.uuid(), new.clone());
    Ok(())
}

/// Saves what changed. Somebody who saved first makes this a conflict.
pub(crate) fn save<L: Stored>(
    tx: &mut Tx<'_>,
    old: &Versioned<L>,
    new: &Versioned<L>,
) -> Result<(), Fault> {
    let id = new.record.id();
    let (before, after) = (old.record.to_row(), new.record.to_row());
    const { assert!(L::TABLE.columns.len() < 63, "one bit for each column") };
    let (mut changed, mut sets) = (0_u64, Vec::new());
    let mut values = vec![
        id_value(&id),
        Value::Int(old.revision),
        Value::Int(new.revision),
    ];
    for (at, (was, is)) in before.iter().zip(after).enumerate() {
        if *was != is {
            values.push(is);
            sets.push(at);
            changed |= 1 << at;
        }
    }
    let name = L::TABLE.name;
    let sql = texts::text(name, UPDATE | changed, || update_text(&L::TABLE, &sets));
    if tx.execute(&sql, &values)? != 1 {
        return Err(Fault::Conflict { what: L::KIND });
    }
    save_children(tx, id, &old.record.children(), &new.record.children())?;
    tx.remember(name, id.uuid(), new.clone());
    Ok(())
}

/// The text that sets the revision and these columns.
fn update_text(table: &Table, sets: &[usize]) -> String {
    let names = sets.iter().map(|at| table.columns[*at]);
    let sets: Vec<String> = (4..)
        .zip(names)
        .map(|(n, column)| format!(", {column} = ${n}"))
        .collect();
    let (name, sets) = (table.name, sets.concat());
    format!("UPDATE {name} SET revision = $3{sets} WHERE id = $1 AND revision = $2")
}

/// `$3, $4 …` for so many columns.
fn places(columns: usize) -> String {
    let places: Vec<String> = (3..columns + 3).map(|n| format!("${n}")).collect();
    places.join(", ")
}

fn save_children<I: TypedId + ToValue>(
    tx: &mut Tx<'_>,
    id: I,
    before: &[Child<'_>],
    after: &[Child<'_>],
) -> Result<(), Fault> {
    let same = |a: &Child<'_>, b: &Child<'_>| a.table.name == b.table.name && a.key == b.key;
    for gone in before
        .iter()
        .filter(|was| !after.iter().any(|is| same(was, is)))
    {
        let ChildTable {
            name, parent, key, ..
        } = gone.table;
        let sql = texts::text(name, REMOVE, || {
            format!("DELETE FROM {name} WHERE {parent} = $1 AND {key} = $2")
        });
        tx.execute(&sql, &[id_value(&id), gone.key.clone()])?;
    }
    for child in after {
        match before.iter().find(|was| same(was, child)) {
            None => insert_child(tx, id, child)?,
            Some(was) if was.values == child.values => {}
            Some(_) => update_child(tx, id, child)?,
        }
    }
    Ok(())
}

fn insert_child<I: TypedId + ToValue>(
    tx: &mut Tx<'_>,
    id: I,
    child: &Child<'_>,
) -> Result<(), Fault> {
    let ChildTable {
        name,
        parent,
        key,
        columns,
    } = child.table;
    let sql = texts::text(name, INSERT, || {
        let (columns, places) = (columns.join(", "), places(columns.len()));
        format!("INSERT INTO {name} ({parent}, {key}, {columns}) VALUES ($1, $2, {places})")
    });
    let mut values = vec![id_value(&id), child.key.clone()];
    values.extend(child.values.iter().cloned());
    tx.execute(&sql, &values).map(|_| ())
}

fn update_child<I: TypedId + ToValue>(
    tx: &mut Tx<'_>,
    id: I,
    child: &Child<'_>,
) -> Result<(), Fault> {
    let ChildTable {
        name,
        parent,
        key,
        columns,
    } = child.table;
    let sql = texts::text(name, UPDATE, || {
        let sets = (3..).zip(*columns);
        let sets: Vec<String> = sets.map(|(n, column)| format!("{column} = ${n}")).collect();
        let sets = sets.join(", ");
        format!("UPDATE {name} SET {sets} WHERE {parent} = $1 AND {key} = $2")
    });
    let mut values = vec![id_value(&id), child.key.clone()];
    values.extend(child.values.iter().cloned());
    if tx.execute(&sql, &values)? == 1 {
        Ok(())
    } else {
        Err(Fault::Conflict { what: name })
    }
}

pub(crate) fn id_value<I: TypedId>(id: &I) -> Value<'static> {
    Value::Bytes(id.uuid().as_bytes().to_vec().into())
}
