//! All SQL of the room: how a pledge lies in its table, and what pages and other rooms read.

use db::{Row, Tx, Value, params};
use kernel::uuid::Uuid;
use kernel::{Fault, OrganId, PersonId, ToValue};
use ledger::column::{json, read, read_optional};
use ledger::{Stored, Table};

use crate::model::{Pledge, PledgeId, PledgeKind, PledgeStatus};

const COLUMNS: &[&str] = &[
    "kind",
    "status",
    "application",
    "number",
    "item",
    "version",
    "applicant",
    "signer",
    "witness",
    "organ",
    "materials",
    "fields",
    "owed",
    "words",
    "signed_on",
    "make_up_days",
    "check_days",
    "due",
    "overdue_since",
    "decider",
    "checker",
    "finding",
    "closed_on",
];

impl Stored for Pledge {
    const TABLE: Table = Table {
        name: "pledge",
        columns: COLUMNS,
        children: &[],
    };

    fn to_row(&self) -> Vec<Value<'_>> {
        let number = self.number.as_ref().map(ToString::to_string);
        vec![
            self.kind.to_value(),
            self.status.to_value(),
            Value::Bytes(self.application.as_bytes().as_slice().into()),
            number.map_or(Value::Null, |number| Value::Text(number.into())),
            self.item.to_value(),
            self.version.to_value(),
            self.applicant.to_value(),
            self.signer.to_value(),
            self.witness.to_value(),
            self.organ.to_value(),
            json(&self.materials),
            json(&self.fields),
            json(&self.owed),
            json(&self.words),
            self.signed_on.to_value(),
            self.make_up_days.to_value(),
            self.check_days.to_value(),
            self.due.to_value(),
            self.overdue_since.to_value(),
            self.decider.to_value(),
            self.checker.to_value(),
            self.finding.as_ref().map_or(Value::Null, json),
            self.closed_on.to_value(),
        ]
    }

    fn from_row(id: PledgeId, row: &Row<'_>, first: usize) -> Result<Self, Fault> {
        let number: Option<String> = row.get(first + 3)?;
        let number = number.map(|number| number.parse().map_err(Fault::broken));
        Ok(Self {
            id,
            kind: row.get(first)?,
            status: row.get(first + 1)?,
            application: Uuid::from_bytes(row.get(first + 2)?),
            number: number.transpose()?,
            item: row.get(first + 4)?,
            version: row.get(first + 5)?,
            applicant: row.get(first + 6)?,
            signer: row.get(first + 7)?,
            witness: row.get(first + 8)?,
            organ: row.get(first + 9)?,
            materials: read(row, first + 10)?,
            fields: read(row, first + 11)?,
            owed: read(row, first + 12)?,
            words: read(row, first + 13)?,
            signed_on: row.get(first + 14)?,
            make_up_days: row.get(first + 15)?,
            check_days: row.get(first + 16)?,
            due: row.get(first + 17)?,
            overdue_since: row.get(first + 18)?,
            decider: row.get(first + 19)?,
            checker: row.get(first + 20)?,
            finding: read_optional(row, first + 21)?,
            closed_on: row.get(first + 22)?,
        })
    }
}

fn pledge_of(row: &Row<'_>) -> Result<Pledge, Fault> {
    Pledge::from_row(row.get(0)?, row, 1)
}

fn sql(rest: &str) -> String {
    format!("SELECT id, {} FROM pledge WHERE {rest}", COLUMNS.join(", "))
}

/// The pledges of an application, at most one of each kind.
pub(crate) fn of_application(tx: &mut Tx<'_>, application: Uuid) -> Result<Vec<Pledge>, Fault> {
    let wanted = sql("application = $1 ORDER BY kind");
    tx.query(&wanted, params![application.into_bytes()], pledge_of)
}

/// Whether a person has a promise on record that was found false and not mended.
pub(crate) fn has_broken(tx: &mut Tx<'_>, person: PersonId) -> Result<bool, Fault> {
    let wanted = "SELECT COUNT(*) FROM pledge WHERE applicant = $1 AND status = $2";
    let count: Option<i64> =
        tx.query_one(wanted, params![person, PledgeStatus::Broken], |row| {
            row.get(0)
        })?;
    Ok(count.is_some_and(|count| 0 < count))
}

/// A person's pledges, the newest first.
pub(crate) fn of_person(
    tx: &mut Tx<'_>,
    person: PersonId,
    after: Option<PledgeId>,
    most: usize,
) -> Result<Vec<Pledge>, Fault> {
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let after: PledgeId = after.unwrap_or(kernel::TypedId::from_uuid(Uuid::max()));
    let wanted = sql("(applicant = $1 OR signer = $1) AND id < $2 ORDER BY id DESC LIMIT $3");
    tx.query(&wanted, params![person, after, most], pledge_of)
}

/// Whose pledges may be seen: rights are part of the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Those of one department.
    Organ(OrganId),
    /// Those of the whole hall.
    Hall,
}

/// Which pledges a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// Papers are owed.
    Owing,
    /// An after-check is due.
    Checking,
    /// Found false.
    Broken,
    /// All others.
    All,
}

/// Where a list goes on: the last day, then the id.
pub(crate) type Key = (String, PledgeId);

/// Sorts what has no last day behind all that have one.
pub(crate) const NO_DUE: &str = "9999-12-31";

/// The pledges within reach, the most urgent first.
pub(crate) fn list(
    tx: &mut Tx<'_>,
    reach: Reach,
    show: Show,
    after: Option<Key>,
    most: usize,
) -> Result<Vec<Pledge>, Fault> {
    // All pieces of this text are constants of the program.
    let states = match show {
        Show::Owing => "status = 'owing' OR (status = 'running' AND kind = 'tolerant')",
        Show::Checking => "status = 'checking' OR status = 'rectifying'",
        Show::Broken => "status = 'broken'",
        Show::All => "status <> ''",
    };
    let mut values: Vec<Value<'_>> = vec![Value::Int(i64::try_from(most).map_err(Fault::broken)?)];
    let mut within = String::new();
    if let Reach::Organ(organ) = reach {
        values.push(organ.to_value().into_owned());
        within = format!(" AND organ = ${}", values.len());
    }
    let mut seek = String::new();
    if let Some((due, id)) = &after {
        values.push(Value::Text(due.clone().into()));
        values.push(id.to_value());
        let at = values.len();
        seek = format!(
            " AND (COALESCE(due, '{NO_DUE}') > ${} OR (COALESCE(due, '{NO_DUE}') = ${} AND id > \
             ${at}))",
            at - 1,
            at - 1
        );
    }
    let wanted = sql(&format!(
        "({states}){within}{seek} ORDER BY COALESCE(due, '{NO_DUE}'), id LIMIT $1"
    ));
    tx.query(&wanted, &values, pledge_of)
}

/// A pledge within reach.
pub(crate) fn within(tx: &mut Tx<'_>, reach: Reach, id: PledgeId) -> Result<Option<Pledge>, Fault> {
    match reach {
        Reach::Organ(organ) => tx.query_one(
            &sql("id = $1 AND organ = $2"),
            params![id, organ],
            pledge_of,
        ),
        Reach::Hall => tx.query_one(&sql("id = $1"), params![id], pledge_of),
    }
}

/// How many pledges of a kind there are and how many were found false, by item: the counters of
/// the published list.
pub(crate) fn count(tx: &mut Tx<'_>, kind: PledgeKind) -> Result<(i64, i64), Fault> {
    let wanted = "SELECT COUNT(*), COUNT(CASE WHEN status = 'broken' THEN 1 END) FROM pledge \
                  WHERE kind = $1 AND number IS NOT NULL";
    let found = tx.query_one(wanted, params![kind], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.unwrap_or((0, 0)))
}
