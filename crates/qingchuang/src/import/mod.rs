//! Lists brought into a hall from files: items, organs, staff, notices of days off, regions. Each
//! row is a command of its own, so a refused row leaves no trace and the same file twice has no
//! second effect.
//!
//! Deliberately absent: any rule of a room, and any SQL.

pub mod items;
pub mod notice;
pub mod organs;
pub mod regions;
pub mod sheet;
pub mod staff;

use kernel::Fault;
use kernel::fault::Param;
use serde::Serialize;

use crate::cli::tongue::Tongue;

/// How a row ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is new in the hall.
    Imported,
    /// It was there and is different now.
    Changed,
    /// It was there already, exactly so.
    Unchanged,
    /// It was not taken.
    Refused,
}

/// Something to tell about a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The stable code.
    pub code: String,
    /// What it says, where, by which rule, what to do.
    pub message: String,
}

/// One row that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The row in the file, counted from 1 as people do; 0 for the file as a whole.
    pub row: u32,
    /// What the row is about: a code, a login.
    pub key: String,
    /// How it ended.
    pub state: State,
    /// What to look at.
    pub notes: Vec<Note>,
}

/// The report of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether every row was taken.
    pub ok: bool,
    /// Rows that are new.
    pub imported: usize,
    /// Rows that changed something that was there.
    pub changed: usize,
    /// Rows that were there already.
    pub unchanged: usize,
    /// Rows that were taken although something should be looked at.
    pub warned: usize,
    /// Rows that were not taken.
    pub refused: usize,
    /// The rows with something to look at.
    pub rows: Vec<Line>,
}

impl Default for Report {
    fn default() -> Self {
        Self {
            ok: true,
            imported: 0,
            changed: 0,
            unchanged: 0,
            warned: 0,
            refused: 0,
            rows: Vec::new(),
        }
    }
}

impl Report {
    /// Counts a row, and keeps it when there is something to look at.
    pub fn add(&mut self, line: Line) {
        match line.state {
            State::Imported => self.imported += 1,
            State::Changed => self.changed += 1,
            State::Unchanged => self.unchanged += 1,
            State::Refused => {
                self.refused += 1;
                self.ok = false;
            }
        }
        if line.notes.is_empty() {
            return;
        }
        self.warned += usize::from(line.state != State::Refused);
        self.rows.push(line);
    }
}

impl Note {
    /// A note by its code.
    #[must_use]
    pub fn new(tongue: &Tongue, code: &str, params: &[Param]) -> Self {
        Self {
            code: code.to_owned(),
            message: tongue.with_todo(code, params),
        }
    }

    /// A note about a column.
    #[must_use]
    pub fn at(tongue: &Tongue, column: &str, code: &str, params: &[Param]) -> Self {
        Self {
            code: code.to_owned(),
            message: format!("{column}: {}", tongue.with_todo(code, params)),
        }
    }

    /// What a fault says of a row.
    ///
    /// # Errors
    /// The fault itself, when it is about the store and not about the row.
    pub fn of_fault(tongue: &Tongue, fault: Fault) -> Result<Vec<Self>, Fault> {
        match &fault {
            Fault::Unavailable { .. } | Fault::Broken { .. } => Err(fault),
            Fault::Invalid(problems) => Ok(problems
                .iter()
                .map(|problem| {
                    let column = sheet::heading_of(tongue.lang, &problem.field);
                    Self::at(tongue, &column, problem.code, &problem.params)
                })
                .collect()),
            other => {
                let code = other.refusal().unwrap_or("cli.row_refused").to_owned();
                let message = tongue.fault(other).join(" ");
                Ok(vec![Self { code, message }])
            }
        }
    }
}
