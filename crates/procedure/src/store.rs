//! All SQL of the room: where the versions stand by replayable rows, their files in sealed ones.
//! Absent: rules, and what a file means.

use db::{Row, SealedTable, Tx, Value, params};
use kernel::{Fault, ToValue};
use ledger::column::{json, read};
use ledger::{Stored, Table};

use crate::model::{Procedure, ProcedureId, ProcedureName};

/// The files of the versions.
pub(crate) static FILES: SealedTable = SealedTable {
    name: "procedure_file",
    keys: &["id", "number"],
    columns: &["label", "label_en", "file"],
};

impl Stored for Procedure {
    const TABLE: Table = Table {
        name: "procedure_record",
        columns: &["name", "kind", "copied_from", "versions"],
        children: &[],
    };

    fn to_row(&self) -> Vec<Value<'_>> {
        let from = self.copied_from.as_ref().map(ToString::to_string);
        vec![
            self.name.to_value(),
            self.kind.to_value(),
            from.map_or(Value::Null, |from| Value::Text(from.into())),
            json(&self.versions),
        ]
    }

    fn from_row(id: ProcedureId, row: &Row<'_>, first: usize) -> Result<Self, Fault> {
        let from: Option<String> = row.get(first + 2)?;
        let from = from.map(|from| from.parse().map_err(Fault::broken));
        Ok(Self {
            id,
            name: row.get(first)?,
            kind: row.get(first + 1)?,
            copied_from: from.transpose()?,
            versions: read(row, first + 3)?,
        })
    }
}

/// A file as it is kept.
pub(crate) struct Kept {
    /// Its name in Chinese, as drawn.
    pub(crate) label: String,
    /// Its English name.
    pub(crate) label_en: String,
    /// The XML.
    pub(crate) file: String,
}

/// Keeps the file of a version, for the first time or again.
pub(crate) fn put_file(
    tx: &mut Tx<'_>,
    id: ProcedureId,
    number: u32,
    kept: &Kept,
) -> Result<(), Fault> {
    let Kept {
        label,
        label_en,
        file,
    } = kept;
    FILES.put(tx, params![id, number, label, label_en, file])
}

/// The file of a version.
pub(crate) fn file(tx: &mut Tx<'_>, id: ProcedureId, number: u32) -> Result<Option<Kept>, Fault> {
    FILES.get(tx, params![id, number], |row| {
        Ok(Kept {
            label: row.get(2)?,
            label_en: row.get(3)?,
            file: row.get(4)?,
        })
    })
}

fn record(row: &Row<'_>) -> Result<Procedure, Fault> {
    Procedure::from_row(row.get(0)?, row, 1)
}

const COLUMNS: &str = "id, name, kind, copied_from, versions";

/// The procedure of a name.
pub(crate) fn by_name(tx: &mut Tx<'_>, name: &ProcedureName) -> Result<Option<Procedure>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM procedure_record WHERE name = $1");
    tx.query_one(&sql, params![name], record)
}

/// The drawn procedures, by name, after one.
pub(crate) fn list(tx: &mut Tx<'_>, after: &str, most: usize) -> Result<Vec<Procedure>, Fault> {
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let sql =
        format!("SELECT {COLUMNS} FROM procedure_record WHERE name > $1 ORDER BY name LIMIT $2");
    tx.query(&sql, params![after, most], record)
}
