//! All SQL of the room: how an application lies in its table, drafts, uploads, and the lists that
//! pages show. Rights are part of every query.

use db::{FromValue, Row, ToValue, Value};
use kernel::Fault;
use ledger::{Stored, Table};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::model::{Application, ApplicationId};

impl Stored for Application {
    const TABLE: Table = Table {
        name: "application",
        columns: &[
            "number",
            "query_code",
            "item",
            "version",
            "scenario",
            "applicant",
            "agent",
            "channel",
            "hall",
            "organ",
            "status",
            "received_on",
            "tell_by",
            "answer_by",
            "answers",
            "documents",
            "notice",
            "corrected_on",
            "settled",
        ],
        children: &[],
    };

    fn to_row(&self) -> Vec<Value<'_>> {
        vec![
            Value::Text(self.number.to_string().into()),
            json(&self.query_code),
            self.item.to_value(),
            Value::Int(self.version.into()),
            Value::Int(self.scenario.into()),
            self.applicant.to_value(),
            self.agent.to_value(),
            self.channel.to_value(),
            self.hall.to_value(),
            self.organ.to_value(),
            self.status.to_value(),
            self.received_on.to_value(),
            self.tell_by.to_value(),
            self.answer_by.to_value(),
            json(&self.answers),
            json(&self.documents),
            self.notice.as_ref().map_or(Value::Null, json),
            self.corrected_on.to_value(),
            self.settled.as_ref().map_or(Value::Null, json),
        ]
    }

    fn from_row(id: ApplicationId, row: &Row<'_>, first: usize) -> Result<Self, Fault> {
        let number: String = row.get(first)?;
        Ok(Self {
            id,
            number: number.parse().map_err(Fault::broken)?,
            query_code: read(row, first + 1)?,
            item: row.get(first + 2)?,
            version: row.get(first + 3)?,
            scenario: row.get(first + 4)?,
            applicant: row.get(first + 5)?,
            agent: row.get(first + 6)?,
            channel: row.get(first + 7)?,
            hall: row.get(first + 8)?,
            organ: row.get(first + 9)?,
            status: row.get(first + 10)?,
            received_on: row.get(first + 11)?,
            tell_by: row.get(first + 12)?,
            answer_by: row.get(first + 13)?,
            answers: read(row, first + 14)?,
            documents: read(row, first + 15)?,
            notice: read_optional(row, first + 16)?,
            corrected_on: row.get(first + 17)?,
            settled: read_optional(row, first + 18)?,
        })
    }
}

/// A part of a record as one column: serde writes its fields in one order, always.
fn json<T: Serialize>(part: &T) -> Value<'static> {
    let text = serde_json::to_string(part).unwrap_or_default();
    Value::Text(text.into())
}

fn read<T: DeserializeOwned>(row: &Row<'_>, index: usize) -> Result<T, Fault> {
    let text: String = row.get(index)?;
    serde_json::from_str(&text).map_err(Fault::broken)
}

fn read_optional<T: DeserializeOwned>(row: &Row<'_>, index: usize) -> Result<Option<T>, Fault> {
    match row.get::<Option<String>>(index)? {
        Some(text) => serde_json::from_str(&text).map(Some).map_err(Fault::broken),
        None => Ok(None),
    }
}
