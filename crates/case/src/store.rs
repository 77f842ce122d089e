//! All SQL of the room: how a case lies in its table, and its open tasks in theirs.
//!
//! The open tasks are child rows that vanish when done, so the work list reads only what is to
//! be done. Deliberately absent: rights beyond the predicates of `lists`.

mod archive;
mod lists;
mod running;
mod sight;

use calendar::DueUnit;
use db::{Row, Value};
use jiff::civil::Date;
use kernel::{Fault, OfficerId, OrganId, ToValue};
use ledger::column::json;
use ledger::{Child, ChildTable, Stored, Table};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub use archive::{FinishedLine, finished};
pub(crate) use lists::held_by;
pub use lists::{
    CaseLine, Scope, TaskKey, TaskLine, case_ids, cases_of, earlier_undecided, find_by_number,
    granted_by_silence, open_case_ids, ruled_cases, tacit_cases, tasks, waiting_results,
};
pub use sight::{Viewer, may_see, seen_by_number};

pub(crate) use running::running_by;

use crate::model::{Case, CaseId, ClockFacts, Dues, Duty, Hand, Longer, Role, Task, Term};

/// A paused case sorts behind all that run.
pub(crate) const NO_DUE: &str = "9999-12-31";

static TASKS: ChildTable = ChildTable {
    name: "case_task",
    parent: "case_id",
    key: "task",
    columns: &[
        "organ",
        "role",
        "duty",
        "held_by",
        "opened_on",
        "task_due",
        "case_due",
    ],
};

fn read_json<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(Fault::broken)
}

fn list<T: Serialize>(items: &[T]) -> Value<'static> {
    if items.is_empty() {
        return Value::Text("".into());
    }
    json(&items)
}

fn read_list<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, Fault> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    read_json(text)
}

fn read_rows<R: DeserializeOwned, T>(text: &str, read: fn(R) -> T) -> Result<Vec<T>, Fault> {
    Ok(read_list(text)?.into_iter().map(read).collect())
}

/// An open task without the names of its fields: a case's row is rewritten at each step, so it is
/// kept short.
#[derive(Serialize, Deserialize)]
struct TaskRow(
    u16,
    Duty,
    Role,
    OrganId,
    Date,
    Option<Date>,
    Option<OfficerId>,
    Option<OfficerId>,
    Option<ledger::Commitment>,
);

impl TaskRow {
    fn of(task: &Task) -> Self {
        Self(
            task.number,
            task.duty,
            task.role,
            task.organ,
            task.on,
            task.due,
            task.held_by,
            task.held_for,
            task.question,
        )
    }

    fn read(self) -> Task {
        Task {
            number: self.0,
            duty: self.1,
            role: self.2,
            organ: self.3,
            on: self.4,
            due: self.5,
            held_by: self.6,
            held_for: self.7,
            question: self.8,
        }
    }
}

/// Who did a duty, in the same short form.
#[derive(Serialize, Deserialize)]
struct HandRow(Duty, u16, OfficerId, Option<OfficerId>);

impl HandRow {
    fn of(hand: &Hand) -> Self {
        Self(hand.duty, hand.task, hand.by, hand.standing_in)
    }

    fn read(self) -> Hand {
        Hand {
            duty: self.0,
            task: self.1,
            by: self.2,
            standing_in: self.3,
        }
    }
}

fn term(row: &Row<'_>, at: usize) -> Result<Term, Fault> {
    let unit: String = row.get(at + 1)?;
    let unit: DueUnit = unit.parse().map_err(Fault::broken)?;
    let count = row.get(at)?;
    Ok(Term { count, unit })
}

fn code(text: &str) -> Result<crate::Code, Fault> {
    text.parse().map_err(Fault::broken)
}

fn organs(list: &[OrganId]) -> String {
    let words: Vec<String> = list.iter().map(ToString::to_string).collect();
    words.join(",")
}

fn read_organs(text: &str) -> Result<Vec<OrganId>, Fault> {
    let words = text.split(',').filter(|word| !word.is_empty());
    words
        .map(|word| word.parse().map_err(Fault::broken))
        .collect()
}

impl Stored for Case {
    const TABLE: Table = Table {
        name: "case_record",
        columns: &[
            "number",
            "application",
            "item",
            "version",
            "procedure",
            "result",
            "applicant",
            "agent",
            "organ",
            "hall",
            "consulted",
            "status",
            "verdict",
            "marking",
            "tasks",
            "hands",
            "statutory_count",
            "statutory_unit",
            "promised_count",
            "promised_unit",
            "started_at",
            "pauses",
            "extension_days",
            "extended_on",
            "promised_due",
            "statutory_due",
            "delivery_due",
            "opened_on",
            "decided_on",
            "closed_on",
            "priority",
            "tacit",
            "check_due",
            "ruled",
        ],
        children: &[&TASKS],
    };

    fn to_row(&self) -> Vec<Value<'_>> {
        let clock = &self.clock;
        let unit = |term: Term| Value::Text(term.unit.word().into());
        let extension = clock.extension;
        vec![
            Value::Text(self.number.as_str().into()),
            Value::Bytes(self.application.as_bytes().as_slice().into()),
            Value::Bytes(self.item.as_bytes().as_slice().into()),
            self.version.to_value(),
            Value::Text(self.procedure.as_str().into()),
            match &self.result {
                Some(result) => Value::Text(result.as_str().into()),
                None => Value::Null,
            },
            owned(&self.applicant),
            owned(&self.agent),
            owned(&self.organ),
            owned(&self.hall),
            Value::Text(organs(&self.consulted).into()),
            self.status.to_value(),
            owned(&self.verdict),
            Value::Text(self.marking.as_str().into()),
            list(&self.tasks.iter().map(TaskRow::of).collect::<Vec<_>>()),
            list(&self.hands.iter().map(HandRow::of).collect::<Vec<_>>()),
            owned(&clock.statutory.count),
            unit(clock.statutory),
            owned(&clock.promised.count),
            unit(clock.promised),
            Value::Text(clock.start.to_string().into()),
            list(&clock.pauses),
            owned(&extension.map(|longer| longer.days)),
            owned(&extension.map(|longer| longer.on)),
            owned(&self.dues.promised),
            owned(&self.dues.statutory),
            owned(&self.delivery_due),
            owned(&self.opened_on),
            owned(&self.decided_on),
            owned(&self.closed_on),
            Value::Bool(self.priority),
            Value::Bool(self.tacit),
            owned(&self.check_due),
            owned(&self.ruled),
        ]
    }

    fn from_row(id: CaseId, row: &Row<'_>, first: usize) -> Result<Self, Fault> {
        let text = |at: usize| row.get::<String>(first + at);
        let days: Option<u32> = row.get(first + 22)?;
        let on = row.get(first + 23)?;
        let result: Option<String> = row.get(first + 5)?;
        Ok(Self {
            id,
            number: code(&text(0)?)?,
            application: kernel::uuid::Uuid::from_bytes(row.get(first + 1)?),
            item: kernel::uuid::Uuid::from_bytes(row.get(first + 2)?),
            version: row.get(first + 3)?,
            procedure: code(&text(4)?)?,
            result: result.as_deref().map(code).transpose()?,
            applicant: row.get(first + 6)?,
            agent: row.get(first + 7)?,
            organ: row.get(first + 8)?,
            hall: row.get(first + 9)?,
            consulted: read_organs(&text(10)?)?,
            status: row.get(first + 11)?,
            verdict: row.get(first + 12)?,
            marking: code(&text(13)?)?,
            tasks: read_rows(&text(14)?, TaskRow::read)?,
            hands: read_rows(&text(15)?, HandRow::read)?,
            clock: ClockFacts {
                statutory: term(row, first + 16)?,
                promised: term(row, first + 18)?,
                start: text(20)?.parse().map_err(Fault::broken)?,
                pauses: read_list(&text(21)?)?,
                extension: days.zip(on).map(|(days, on)| Longer { days, on }),
            },
            dues: Dues {
                promised: row.get(first + 24)?,
                statutory: row.get(first + 25)?,
            },
            delivery_due: row.get(first + 26)?,
            opened_on: row.get(first + 27)?,
            decided_on: row.get(first + 28)?,
            closed_on: row.get(first + 29)?,
            priority: row.get(first + 30)?,
            tacit: row.get(first + 31)?,
            ruled: row.get(first + 33)?,
            check_due: row.get(first + 32)?,
        })
    }

    fn children(&self) -> Vec<Child<'_>> {
        // After the decision the delivery clock of 许可法 44 counts.
        let due = match self.status.is_open() {
            true => self.dues.promised,
            false => self.delivery_due,
        };
        let mut due = due.map_or(NO_DUE.to_owned(), |due| due.to_string());
        if self.priority {
            // 绿色通道: before every other, among themselves by what is left.
            due.replace_range(..1, "0");
        }
        let child = |task: &crate::model::Task| Child {
            table: &TASKS,
            key: owned(&task.number),
            values: vec![
                owned(&task.organ),
                owned(&task.role),
                owned(&task.duty),
                owned(&task.held_by),
                owned(&task.on),
                owned(&task.due),
                Value::Text(due.clone().into()),
            ],
        };
        self.tasks.iter().map(child).collect()
    }
}

/// A value that does not borrow, for what is made on the way.
fn owned<T: ToValue>(value: &T) -> Value<'static> {
    match value.to_value() {
        Value::Text(text) => Value::Text(text.into_owned().into()),
        Value::Bytes(bytes) => Value::Bytes(bytes.into_owned().into()),
        Value::Int(number) => Value::Int(number),
        Value::Bool(truth) => Value::Bool(truth),
        Value::Null => Value::Null,
    }
}
