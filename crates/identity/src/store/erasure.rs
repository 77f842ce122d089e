//! Rows of requests for erasure: no text, and of the person only the id.

use db::{Row, Tx, Value, params};
use kernel::{Fault, PersonId, ToValue, TypedId};
use ledger::{Stored, Table};

use crate::erasure::{Erased, Erasure, ErasureId, ErasureStatus};

const COLUMNS: &[&str] = &[
    "person",
    "status",
    "asked_on",
    "ended_on",
    "in_the_way",
    "free_on",
    "matters",
    "texts",
    "files",
    "drafts",
    "letters",
];

impl Stored for Erasure {
    const TABLE: Table = Table {
        name: "identity_erasure",
        columns: COLUMNS,
        children: &[],
    };

    fn to_row(&self) -> Vec<Value<'_>> {
        let Erased {
            matters,
            texts,
            files,
            drafts,
            letters,
        } = self.erased;
        vec![
            self.person.to_value(),
            self.status.to_value(),
            self.asked_on.to_value(),
            self.ended_on.to_value(),
            count(self.in_the_way),
            self.free_on.to_value(),
            count(matters),
            count(texts),
            count(files),
            count(drafts),
            count(letters),
        ]
    }

    fn from_row(id: ErasureId, row: &Row<'_>, first: usize) -> Result<Self, Fault> {
        let number = |at: usize| {
            let number: i64 = row.get(first + at)?;
            u64::try_from(number).map_err(Fault::broken)
        };
        Ok(Self {
            id,
            person: row.get(first)?,
            status: row.get(first + 1)?,
            asked_on: row.get(first + 2)?,
            ended_on: row.get(first + 3)?,
            in_the_way: number(4)?,
            free_on: row.get(first + 5)?,
            erased: Erased {
                matters: number(6)?,
                texts: number(7)?,
                files: number(8)?,
                drafts: number(9)?,
                letters: number(10)?,
            },
        })
    }
}

/// A number of rows; no store holds more than fit.
fn count(number: u64) -> Value<'static> {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

fn read(row: &Row<'_>) -> Result<Erasure, Fault> {
    Erasure::from_row(row.get(COLUMNS.len())?, row, 0)
}

fn sql(rest: &str) -> String {
    let columns = COLUMNS.join(", ");
    format!("SELECT {columns}, id FROM identity_erasure WHERE {rest}")
}

/// The request of a person that has no answer yet.
pub(crate) fn waiting_erasure(
    tx: &mut Tx<'_>,
    person: PersonId,
) -> Result<Option<ErasureId>, Fault> {
    let sql = "SELECT id FROM identity_erasure WHERE person = $1 AND status = $2 LIMIT 1";
    tx.query_one(sql, params![person, ErasureStatus::Asked], |row| row.get(0))
}

pub(crate) fn erasures_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Erasure>, Fault> {
    let sql = sql("person = $1 ORDER BY id DESC LIMIT 100");
    tx.query(&sql, params![person], read)
}

pub(crate) fn erasures(
    tx: &mut Tx<'_>,
    before: Option<ErasureId>,
    most: usize,
) -> Result<Vec<Erasure>, Fault> {
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let before = before.unwrap_or_else(|| ErasureId::from_uuid(kernel::uuid::Uuid::max()));
    let sql = sql("id < $1 ORDER BY id DESC LIMIT $2");
    tx.query(&sql, params![before, most], read)
}
