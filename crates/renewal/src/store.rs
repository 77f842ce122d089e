//! All SQL of the room: how a renewal lies in its table, and what pages read.

use certificate::CertificateId;
use db::{Row, Tx, Value, params};
use identity::ActingAs;
use kernel::uuid::Uuid;
use kernel::{Fault, OrganId, ToValue};
use ledger::column::{json, read_optional};
use ledger::{Stored, Table};

use crate::model::{Renewal, RenewalId};

const COLUMNS: &[&str] = &[
    "certificate",
    "holder",
    "organ",
    "item",
    "status",
    "expires_on",
    "until",
    "begun_on",
    "asked_on",
    "statement",
    "reviewed_by",
    "reviewed_for",
    "agreed",
    "opinion",
    "decided_by",
    "decided_on",
    "reason",
    "say_no_by",
    "check_days",
    "check_due",
    "overdue_since",
    "checker",
    "finding",
];

impl Stored for Renewal {
    const TABLE: Table = Table {
        name: "renewal",
        columns: COLUMNS,
        children: &[],
    };

    fn to_row(&self) -> Vec<Value<'_>> {
        vec![
            self.certificate.to_value(),
            self.holder.to_value(),
            self.organ.to_value(),
            Value::Bytes(self.item.as_bytes().to_vec().into()),
            self.status.to_value(),
            self.expires_on.to_value(),
            self.until.to_value(),
            self.begun_on.to_value(),
            self.asked_on.to_value(),
            self.statement.as_ref().map_or(Value::Null, json),
            self.reviewed_by.to_value(),
            self.reviewed_for.to_value(),
            self.agreed.to_value(),
            self.opinion.as_ref().map_or(Value::Null, json),
            self.decided_by.to_value(),
            self.decided_on.to_value(),
            self.reason.as_ref().map_or(Value::Null, json),
            self.say_no_by.to_value(),
            self.check_days.to_value(),
            self.check_due.to_value(),
            self.overdue_since.to_value(),
            self.checker.to_value(),
            self.finding.as_ref().map_or(Value::Null, json),
        ]
    }

    fn from_row(id: RenewalId, row: &Row<'_>, first: usize) -> Result<Self, Fault> {
        Ok(Self {
            id,
            certificate: row.get(first)?,
            holder: row.get(first + 1)?,
            organ: row.get(first + 2)?,
            item: Uuid::from_bytes(row.get(first + 3)?),
            status: row.get(first + 4)?,
            expires_on: row.get(first + 5)?,
            until: row.get(first + 6)?,
            begun_on: row.get(first + 7)?,
            asked_on: row.get(first + 8)?,
            statement: read_optional(row, first + 9)?,
            reviewed_by: row.get(first + 10)?,
            reviewed_for: row.get(first + 11)?,
            agreed: row.get(first + 12)?,
            opinion: read_optional(row, first + 13)?,
            decided_by: row.get(first + 14)?,
            decided_on: row.get(first + 15)?,
            reason: read_optional(row, first + 16)?,
            say_no_by: row.get(first + 17)?,
            check_days: row.get(first + 18)?,
            check_due: row.get(first + 19)?,
            overdue_since: row.get(first + 20)?,
            checker: row.get(first + 21)?,
            finding: read_optional(row, first + 22)?,
        })
    }
}

fn renewal_of(row: &Row<'_>) -> Result<Renewal, Fault> {
    Renewal::from_row(row.get(0)?, row, 1)
}

fn sql(rest: &str) -> String {
    let columns = COLUMNS.join(", ");
    format!("SELECT id, {columns} FROM renewal WHERE {rest}")
}

/// The renewal of a certificate.
pub(crate) fn of_certificate(
    tx: &mut Tx<'_>,
    certificate: CertificateId,
) -> Result<Option<Renewal>, Fault> {
    tx.query_one(&sql("certificate = $1"), params![certificate], renewal_of)
}

/// A person's renewals, the newest first.
pub(crate) fn of_holder(tx: &mut Tx<'_>, of: ActingAs) -> Result<Vec<Renewal>, Fault> {
    let (every, item) = of.scope.asked();
    let wanted = sql("holder = $1 AND ($2 OR item = $3) ORDER BY id DESC LIMIT 200");
    tx.query(&wanted, params![of.person, every, item], renewal_of)
}

/// Whose renewals may be seen: rights are part of the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Those of one organ.
    Organ(OrganId),
    /// Those of the whole hall.
    Hall,
}

/// Which renewals a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// Near the end, nothing asked.
    Near,
    /// Asked for, to be decided.
    Asked,
    /// Silent: proposed, or to be checked.
    Silent,
    /// Renewed because nobody decided.
    Deemed,
    /// All others.
    Over,
}

/// Where a list goes on: the last day, then the id.
pub(crate) type Key = (String, RenewalId);

/// The renewals within reach, the first to end first.
pub(crate) fn list(
    tx: &mut Tx<'_>,
    reach: Reach,
    show: Show,
    after: Option<Key>,
    most: usize,
) -> Result<Vec<Renewal>, Fault> {
    // All pieces of this text are constants of the program.
    let states = match show {
        Show::Near => "status IN ('near', 'declined')",
        Show::Asked => "status IN ('asked', 'reviewed')",
        Show::Silent => "status IN ('proposed', 'checking')",
        Show::Deemed => "status = 'deemed'",
        Show::Over => "status IN ('granted', 'refused', 'upheld', 'doubted', 'over')",
    };
    let mut values: Vec<Value<'_>> = vec![Value::Int(i64::try_from(most).map_err(Fault::broken)?)];
    let mut rest = states.to_owned();
    if let Reach::Organ(organ) = reach {
        values.push(organ.to_value().into_owned());
        rest.push_str(&format!(" AND organ = ${}", values.len()));
    }
    if let Some((day, id)) = &after {
        values.push(Value::Text(day.clone().into()));
        values.push(id.to_value());
        let at = values.len();
        let day = at - 1;
        rest.push_str(&format!(
            " AND (expires_on > ${day} OR (expires_on = ${day} AND id > ${at}))"
        ));
    }
    rest.push_str(" ORDER BY expires_on, id LIMIT $1");
    tx.query(&sql(&rest), &values, renewal_of)
}

/// A renewal within reach.
pub(crate) fn within(
    tx: &mut Tx<'_>,
    reach: Reach,
    id: RenewalId,
) -> Result<Option<Renewal>, Fault> {
    match reach {
        Reach::Organ(organ) => {
            let wanted = sql("id = $1 AND organ = $2");
            tx.query_one(&wanted, params![id, organ], renewal_of)
        }
        Reach::Hall => tx.query_one(&sql("id = $1"), params![id], renewal_of),
    }
}
