//! What every table of the store is, so that `verify --deep` can say of each row whether the
//! ledger stands behind it. A table that no room declares is itself a finding.

use std::fmt::Debug;

use db::{SealedTable, Tx, Value};
use kernel::{Fault, TypedId};
use serde::Serialize;

use crate::lifecycle::join;
use crate::line::Line;
use crate::row::{ChildTable, Stored, Versioned, id_value};
use crate::thing;

/// Something that is not as the ledger says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The stable code, e.g. `row.differs`.
    pub code: &'static str,
    /// Which table and row, or which line.
    #[serde(rename = "where")]
    pub place: String,
    /// What is wrong, in words.
    pub message: String,
}

impl Finding {
    /// A finding.
    pub fn new(code: &'static str, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code,
            place: place.into(),
            message: message.into(),
        }
    }
}

/// What a room says of its tables.
pub enum Audited {
    /// Records with a lifecycle and their child rows, compared with their replay.
    Lifecycle(Box<dyn RecordAudit>),
    /// Things with only fields: the row's seal must fit, and be the one the last line names.
    Thing {
        /// The prefix of the thing's id.
        kind: &'static str,
        /// Its table.
        table: &'static SealedTable,
    },
    /// Passing state: the row's seal must fit.
    Sealed(&'static SealedTable),
}

/// The audit of one kind of record.
pub trait RecordAudit: Send + Sync {
    /// The prefix of the records' ids.
    fn kind(&self) -> &'static str;
    /// The record's own table.
    fn table(&self) -> &'static str;
    /// The child tables.
    fn child_tables(&self) -> Vec<&'static str>;
    /// Replays the lines of one record and compares it with its rows. Answers how many child
    /// rows it has in each child table, in the order of [`RecordAudit::child_tables`].
    ///
    /// # Errors
    /// When the store cannot be read; what is wrong with the data is a finding.
    fn compare(
        &self,
        tx: &mut Tx<'_>,
        lines: &[Line],
        findings: &mut Vec<Finding>,
    ) -> Result<Vec<i64>, Fault>;
}

/// The audit of a lifecycle.
#[must_use]
pub fn lifecycle<L: Stored>() -> Audited {
    Audited::Lifecycle(Box::new(Replay::<L>(std::marker::PhantomData)))
}

struct Replay<L>(std::marker::PhantomData<fn() -> L>);

impl<L: Stored> RecordAudit for Replay<L> {
    fn kind(&self) -> &'static str {
        L::Id::PREFIX
    }

    fn table(&self) -> &'static str {
        L::TABLE.name
    }

    fn child_tables(&self) -> Vec<&'static str> {
        L::TABLE.children.iter().map(|child| child.name).collect()
    }

    fn compare(
        &self,
        tx: &mut Tx<'_>,
        lines: &[Line],
        findings: &mut Vec<Finding>,
    ) -> Result<Vec<i64>, Fault> {
        let none = vec![0; L::TABLE.children.len()];
        let Some(first) = lines.first() else {
            return Ok(none);
        };
        let replayed = match replay::<L>(lines) {
            Ok(replayed) => replayed,
            Err(finding) => {
                findings.push(finding);
                return Ok(none);
            }
        };
        let place = format!("{} {}", L::TABLE.name, first.record_id());
        compare_row::<L>(tx, &place, &replayed, findings)?;
        let mut counts = Vec::new();
        for table in L::TABLE.children {
            counts.push(compare_children::<L>(
                tx, table, &place, &replayed, findings,
            )?);
        }
        Ok(counts)
    }
}

/// The record as its lines make it.
fn replay<L: Stored>(lines: &[Line]) -> Result<Versioned<L>, Finding> {
    let mut record: Option<L> = None;
    for (expected, line) in (1..).zip(lines) {
        let place = format!(
            "ledger_line {} revision {}",
            line.record_id(),
            line.revision
        );
        if line.revision != expected {
            let message = format!("revision {expected} is missing");
            return Err(Finding::new("line.missing", place, message));
        }
        let unknown = || {
            let message = format!("{} is no event of a {}", line.kind, L::KIND);
            Finding::new("line.unknown_event", place.clone(), message)
        };
        let event: L::Event = join(&line.kind, &line.data).ok_or_else(unknown)?;
        match &mut record {
            Some(record) => record.evolve(&event),
            None => record = L::begin(L::Id::from_uuid(line.record), &event),
        }
        if record.is_none() {
            let message = format!("{} cannot begin a {}", line.kind, L::KIND);
            return Err(Finding::new("line.wrong_beginning", place, message));
        }
    }
    let revision = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    let none = || Finding::new("line.missing", L::KIND, "a record without lines");
    record
        .map(|record| Versioned { record, revision })
        .ok_or_else(none)
}

fn compare_row<L: Stored>(
    tx: &mut Tx<'_>,
    place: &str,
    replayed: &Versioned<L>,
    findings: &mut Vec<Finding>,
) -> Result<(), Fault> {
    let columns = L::TABLE.columns;
    let sql = format!(
        "SELECT revision, {} FROM {} WHERE id = $1",
        columns.join(", "),
        L::TABLE.name
    );
    let id = replayed.record.id();
    let mut expected = vec![Value::Int(replayed.revision)];
    expected.extend(replayed.record.to_row());
    let names: Vec<&str> = std::iter::once("revision")
        .chain(columns.iter().copied())
        .collect();
    let mut found = false;
    tx.each(&sql, &[id_value(&id)], |row| {
        found = true;
        for (index, (name, expected)) in names.iter().zip(&expected).enumerate() {
            let is = row.value(index)?;
            if plain(&is) != plain(expected) {
                let message = format!("column {name} is not what the ledger says");
                findings.push(Finding::new("row.differs", place, message));
            }
        }
        Ok(())
    })?;
    if !found {
        findings.push(Finding::new(
            "row.missing",
            place,
            "the ledger knows a record that is gone",
        ));
    }
    Ok(())
}

fn compare_children<L: Stored>(
    tx: &mut Tx<'_>,
    table: &'static ChildTable,
    place: &str,
    replayed: &Versioned<L>,
    findings: &mut Vec<Finding>,
) -> Result<i64, Fault> {
    let ChildTable {
        name,
        parent,
        key,
        columns,
    } = table;
    let sql = format!(
        "SELECT {key}, {} FROM {name} WHERE {parent} = $1",
        columns.join(", ")
    );
    let id = replayed.record.id();
    let width = columns.len() + 1;
    let rows = tx.query(&sql, &[id_value(&id)], |row| {
        (0..width)
            .map(|at| Ok(plain(&row.value(at)?)))
            .collect::<Result<Vec<_>, Fault>>()
    })?;
    let children = replayed.record.children();
    let expected: Vec<Vec<Value<'static>>> = children
        .iter()
        .filter(|child| child.table == table)
        .map(|child| {
            std::iter::once(&child.key)
                .chain(&child.values)
                .map(plain)
                .collect()
        })
        .collect();
    let place = format!("{name} of {place}");
    for row in rows.iter().filter(|row| !expected.contains(row)) {
        let message = format!("the row {:?} is not what the ledger says", row.first());
        findings.push(Finding::new("row.differs", place.clone(), message));
    }
    if rows.len() < expected.len() {
        findings.push(Finding::new(
            "row.missing",
            place,
            "rows that the ledger implies are gone",
        ));
    }
    i64::try_from(expected.len()).map_err(Fault::broken)
}

/// The last line of a thing must name the row as it is.
pub(crate) fn compare_thing(
    tx: &mut Tx<'_>,
    table: &'static SealedTable,
    lines: &[Line],
    findings: &mut Vec<Finding>,
) -> Result<(), Fault> {
    let Some(last) = lines.last() else {
        return Ok(());
    };
    let place = format!("{} {}", table.name, last.record_id());
    for (expected, line) in (1..).zip(lines) {
        if line.revision != expected {
            let message = format!("line {expected} of the thing is missing");
            findings.push(Finding::new("line.missing", place.clone(), message));
        }
    }
    let key = table.keys.first().copied().unwrap_or("id");
    let sql = format!("SELECT row_seal FROM {} WHERE {key} = $1", table.name);
    let id = Value::Bytes(last.record.as_bytes().to_vec().into());
    let seal = tx.query_one(&sql, &[id], |row| row.get::<Vec<u8>>(0))?;
    let seal = seal.map(|seal| {
        seal.iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    });
    let named = last
        .data
        .get("row")
        .and_then(|row| row.as_str())
        .map(str::to_owned);
    match (last.kind.as_str(), seal, named) {
        (thing::REMOVED, None, _) => {}
        (thing::EDITED, Some(is), Some(named)) if is == named => {}
        (thing::EDITED, None, _) => {
            findings.push(Finding::new(
                "row.missing",
                place,
                "the ledger knows a thing that is gone",
            ));
        }
        _ => {
            let message = "the row is not the one that the last line names";
            findings.push(Finding::new("row.differs", place, message));
        }
    }
    Ok(())
}

/// A value as both stores would give it: SQLite keeps booleans as integers.
fn plain(value: &Value<'_>) -> Value<'static> {
    match value {
        Value::Bool(truth) => Value::Int((*truth).into()),
        other => other.clone().into_owned(),
    }
}

impl Debug for Audited {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Audited::Lifecycle(audit) => write!(out, "Lifecycle({})", audit.table()),
            Audited::Thing { table, .. } => write!(out, "Thing({})", table.name),
            Audited::Sealed(table) => write!(out, "Sealed({})", table.name),
        }
    }
}
