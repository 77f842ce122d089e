//! All SQL of the room: how an offence lies in its table, and what lists and the rules read.

use db::{Row, Tx, Value, params};
use jiff::civil::Date;
use kernel::{Fault, OrganId, PersonId, ToValue, TypedId};
use ledger::column::{json, read, read_optional};
use ledger::{Stored, Table};

use crate::model::{Offence, OffenceId, OffenceStatus};

const COLUMNS: &[&str] = &[
    "entry",
    "party",
    "organ",
    "status",
    "found_on",
    "handler",
    "facts",
    "assessment",
    "outcome",
    "education",
    "educated_on",
    "decider",
    "decided_on",
    "reason",
    "due",
    "finding",
];

impl Stored for Offence {
    const TABLE: Table = Table {
        name: "offence",
        columns: COLUMNS,
        children: &[],
    };

    fn to_row(&self) -> Vec<Value<'_>> {
        vec![
            Value::Int(self.entry.into()),
            self.party.to_value(),
            self.organ.to_value(),
            self.status.to_value(),
            self.found_on.to_value(),
            self.handler.to_value(),
            json(&self.facts),
            self.assessment.as_ref().map_or(Value::Null, json),
            self.outcome.to_value(),
            self.education.as_ref().map_or(Value::Null, json),
            self.educated_on.to_value(),
            self.decider.to_value(),
            self.decided_on.to_value(),
            self.reason.as_ref().map_or(Value::Null, json),
            self.due.to_value(),
            self.finding.as_ref().map_or(Value::Null, json),
        ]
    }

    fn from_row(id: OffenceId, row: &Row<'_>, first: usize) -> Result<Self, Fault> {
        Ok(Self {
            id,
            entry: row.get(first)?,
            party: row.get(first + 1)?,
            organ: row.get(first + 2)?,
            status: row.get(first + 3)?,
            found_on: row.get(first + 4)?,
            handler: row.get(first + 5)?,
            facts: read(row, first + 6)?,
            assessment: read_optional(row, first + 7)?,
            outcome: row.get(first + 8)?,
            education: read_optional(row, first + 9)?,
            educated_on: row.get(first + 10)?,
            decider: row.get(first + 11)?,
            decided_on: row.get(first + 12)?,
            reason: read_optional(row, first + 13)?,
            due: row.get(first + 14)?,
            finding: read_optional(row, first + 15)?,
        })
    }
}

fn sql(rest: &str) -> String {
    // All pieces of this text are constants of the program.
    format!(
        "SELECT id, {} FROM offence WHERE {rest}",
        COLUMNS.join(", ")
    )
}

fn offence_of(row: &Row<'_>) -> Result<Offence, Fault> {
    Offence::from_row(row.get(0)?, row, 1)
}

/// Whether a party did the same act between two days, in another matter than this one.
pub(crate) fn did_before(tx: &mut Tx<'_>, one: &Offence, from: Date) -> Result<bool, Fault> {
    let wanted = "SELECT COUNT(*) FROM offence WHERE party = $1 AND entry = $2 AND id <> $3 \
                  AND found_on >= $4 AND found_on <= $5";
    let entry = i64::from(one.entry);
    let values = params![one.party, entry, one.id, from, one.found_on];
    let count: Option<i64> = tx.query_one(wanted, values, |row| row.get(0))?;
    Ok(count.is_some_and(|count| 0 < count))
}

/// The offences of an organ, or of all, in a state, the newest first.
pub(crate) fn list(
    tx: &mut Tx<'_>,
    organ: Option<OrganId>,
    status: OffenceStatus,
    before: Option<OffenceId>,
    most: usize,
) -> Result<Vec<Offence>, Fault> {
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let before: OffenceId = before.unwrap_or(OffenceId::from_uuid(kernel::uuid::Uuid::max()));
    match organ {
        Some(organ) => tx.query(
            &sql("status = $1 AND id < $2 AND organ = $3 ORDER BY id DESC LIMIT $4"),
            params![status, before, organ, most],
            offence_of,
        ),
        None => tx.query(
            &sql("status = $1 AND id < $2 ORDER BY id DESC LIMIT $3"),
            params![status, before, most],
            offence_of,
        ),
    }
}

/// The offences of a party, the newest first.
pub(crate) fn of_party(
    tx: &mut Tx<'_>,
    party: PersonId,
    before: Option<OffenceId>,
    most: usize,
) -> Result<Vec<Offence>, Fault> {
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let before: OffenceId = before.unwrap_or(OffenceId::from_uuid(kernel::uuid::Uuid::max()));
    tx.query(
        &sql("party = $1 AND id < $2 ORDER BY id DESC LIMIT $3"),
        params![party, before, most],
        offence_of,
    )
}

/// How many offences stand how: the counters of the published list.
pub(crate) fn counts(tx: &mut Tx<'_>) -> Result<Vec<(OffenceStatus, u32)>, Fault> {
    let wanted = "SELECT status, COUNT(*) FROM offence GROUP BY status ORDER BY status";
    tx.query(wanted, &[], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Offences that are not decided, the oldest first.
pub(crate) fn open(tx: &mut Tx<'_>, most: i64) -> Result<Vec<OffenceId>, Fault> {
    let wanted = "SELECT id FROM offence WHERE status IN ('opened', 'assessed') \
                  ORDER BY id LIMIT $1";
    tx.query(wanted, params![most], |row| row.get(0))
}
