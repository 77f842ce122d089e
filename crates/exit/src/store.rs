//! All SQL of the room: how an exit lies in its table, and what pages and other rooms read.

use certificate::{CertificateId, ExitGround, ExitKind};
use db::{Row, Tx, Value, params};
use identity::ActingAs;
use kernel::uuid::Uuid;
use kernel::{Fault, OrganId, ToValue, TypedId};
use ledger::column::{json, read_optional};
use ledger::{Stored, Table};

use crate::model::{ExitId, ExitStatus, LicenceExit};

const COLUMNS: &[&str] = &[
    "certificate",
    "holder",
    "organ",
    "item",
    "item_version",
    "kind",
    "ground",
    "source",
    "status",
    "opened_on",
    "opened_by",
    "opened_for",
    "findings",
    "penalty",
    "penalty_on",
    "state_by",
    "statement",
    "stated_on",
    "statements_closed_on",
    "hearing_asked_on",
    "hearing",
    "hearing_closed_on",
    "hearing_held",
    "presider",
    "assessment",
    "loss_fen",
    "compensation_fen",
    "paid_on",
    "reviewed_by",
    "reviewed_for",
    "reviewed_on",
    "agreed",
    "barred",
    "opinion",
    "decided_by",
    "decided_on",
    "dropped_for",
    "reason",
];

impl Stored for LicenceExit {
    const TABLE: Table = Table {
        name: "licence_exit",
        columns: COLUMNS,
        children: &[],
    };

    fn to_row(&self) -> Vec<Value<'_>> {
        vec![
            self.certificate.to_value(),
            self.holder.to_value(),
            self.organ.to_value(),
            raw(self.item),
            self.item_version.to_value(),
            Value::Text(self.kind().as_str().into()),
            Value::Text(self.ground.word().into()),
            self.source.to_value(),
            self.status.to_value(),
            self.opened_on.to_value(),
            self.opened_by.to_value(),
            self.opened_for.to_value(),
            json(&self.findings),
            self.penalty.as_ref().map_or(Value::Null, json),
            self.penalty_on.to_value(),
            self.state_by.to_value(),
            self.statement.as_ref().map_or(Value::Null, json),
            self.stated_on.to_value(),
            self.statements_closed_on.to_value(),
            self.hearing_asked_on.to_value(),
            self.hearing.map_or(Value::Null, raw),
            self.hearing_closed_on.to_value(),
            self.hearing_held.to_value(),
            self.presider.to_value(),
            self.assessment.as_ref().map_or(Value::Null, json),
            self.loss.to_value(),
            self.compensation.to_value(),
            self.paid_on.to_value(),
            self.reviewed_by.to_value(),
            self.reviewed_for.to_value(),
            self.reviewed_on.to_value(),
            self.agreed.to_value(),
            self.barred.to_value(),
            self.opinion.as_ref().map_or(Value::Null, json),
            self.decided_by.to_value(),
            self.decided_on.to_value(),
            self.dropped_for.to_value(),
            self.reason.as_ref().map_or(Value::Null, json),
        ]
    }

    fn from_row(id: ExitId, row: &Row<'_>, first: usize) -> Result<Self, Fault> {
        Ok(Self {
            id,
            certificate: row.get(first)?,
            holder: row.get(first + 1)?,
            organ: row.get(first + 2)?,
            item: Uuid::from_bytes(row.get(first + 3)?),
            item_version: row.get(first + 4)?,
            ground: ground(row, first + 5)?,
            source: row.get(first + 7)?,
            status: row.get(first + 8)?,
            opened_on: row.get(first + 9)?,
            opened_by: row.get(first + 10)?,
            opened_for: row.get(first + 11)?,
            findings: read_optional(row, first + 12)?
                .ok_or_else(|| Fault::broken("an exit without findings"))?,
            penalty: read_optional(row, first + 13)?,
            penalty_on: row.get(first + 14)?,
            state_by: row.get(first + 15)?,
            statement: read_optional(row, first + 16)?,
            stated_on: row.get(first + 17)?,
            statements_closed_on: row.get(first + 18)?,
            hearing_asked_on: row.get(first + 19)?,
            hearing: row
                .get::<Option<[u8; 16]>>(first + 20)?
                .map(Uuid::from_bytes),
            hearing_closed_on: row.get(first + 21)?,
            hearing_held: row.get(first + 22)?,
            presider: row.get(first + 23)?,
            assessment: read_optional(row, first + 24)?,
            loss: row.get(first + 25)?,
            compensation: row.get(first + 26)?,
            paid_on: row.get(first + 27)?,
            reviewed_by: row.get(first + 28)?,
            reviewed_for: row.get(first + 29)?,
            reviewed_on: row.get(first + 30)?,
            agreed: row.get(first + 31)?,
            barred: row.get(first + 32)?,
            opinion: read_optional(row, first + 33)?,
            decided_by: row.get(first + 34)?,
            decided_on: row.get(first + 35)?,
            dropped_for: row.get(first + 36)?,
            reason: read_optional(row, first + 37)?,
        })
    }
}

fn raw(id: Uuid) -> Value<'static> {
    Value::Bytes(id.as_bytes().to_vec().into())
}

fn ground(row: &Row<'_>, at: usize) -> Result<ExitGround, Fault> {
    let kind: ExitKind = row.get(at)?;
    let word: String = row.get(at + 1)?;
    let unknown = || Fault::broken(format!("{kind} has no ground {word}"));
    ExitGround::parse(kind, &word).ok_or_else(unknown)
}

fn exit_of(row: &Row<'_>) -> Result<LicenceExit, Fault> {
    LicenceExit::from_row(row.get(0)?, row, 1)
}

fn sql(rest: &str) -> String {
    let columns = COLUMNS.join(", ");
    format!("SELECT id, {columns} FROM licence_exit WHERE {rest}")
}

/// The exit of a certificate that is under way.
pub(crate) fn running(
    tx: &mut Tx<'_>,
    certificate: CertificateId,
) -> Result<Option<LicenceExit>, Fault> {
    let wanted = sql("certificate = $1 AND decided_on IS NULL");
    tx.query_one(&wanted, params![certificate], exit_of)
}

/// The exits of a person's certificates, the newest first.
pub(crate) fn of_holder(tx: &mut Tx<'_>, of: ActingAs) -> Result<Vec<LicenceExit>, Fault> {
    let (every, item) = of.scope.asked();
    let wanted = sql("holder = $1 AND ($2 OR item = $3) ORDER BY id DESC LIMIT 200");
    tx.query(&wanted, params![of.person, every, item], exit_of)
}

/// Whose exits may be seen: rights are part of the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Those of one organ.
    Organ(OrganId),
    /// Those of the whole hall.
    Hall,
}

/// Which exits a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// The holder is being heard.
    Hearing,
    /// The legal review is due.
    Reviewing,
    /// The decision is due.
    Deciding,
    /// Over.
    Over,
}

/// The exits within reach, the oldest first; those that are over, the newest first.
pub(crate) fn list(
    tx: &mut Tx<'_>,
    reach: Reach,
    show: Show,
    after: Option<ExitId>,
    most: usize,
) -> Result<Vec<LicenceExit>, Fault> {
    // All pieces of this text are constants of the program.
    let (states, newest) = match show {
        Show::Hearing => ("status IN ('told', 'hearing')", false),
        Show::Reviewing => ("status = 'reviewing'", false),
        Show::Deciding => ("status = 'deciding'", false),
        Show::Over => ("decided_on IS NOT NULL", true),
    };
    let mut values: Vec<Value<'_>> = vec![Value::Int(i64::try_from(most).map_err(Fault::broken)?)];
    let (order, start) = if newest {
        ("<", Uuid::max())
    } else {
        (">", Uuid::nil())
    };
    let after = after.unwrap_or(ExitId::from_uuid(start));
    values.push(after.to_value());
    let mut within = String::new();
    if let Reach::Organ(organ) = reach {
        values.push(organ.to_value().into_owned());
        within = " AND organ = $3".to_owned();
    }
    let direction = if newest { "DESC" } else { "ASC" };
    let rest = format!("{states} AND id {order} $2{within} ORDER BY id {direction} LIMIT $1");
    tx.query(&sql(&rest), &values, exit_of)
}

/// An exit within reach.
pub(crate) fn within(
    tx: &mut Tx<'_>,
    reach: Reach,
    id: ExitId,
) -> Result<Option<LicenceExit>, Fault> {
    match reach {
        Reach::Organ(organ) => {
            let wanted = sql("id = $1 AND organ = $2");
            tx.query_one(&wanted, params![id, organ], exit_of)
        }
        Reach::Hall => tx.query_one(&sql("id = $1"), params![id], exit_of),
    }
}

/// The public register: what left, the newest first.
pub(crate) fn register(
    tx: &mut Tx<'_>,
    after: Option<ExitId>,
    most: usize,
) -> Result<Vec<LicenceExit>, Fault> {
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let after = after.unwrap_or(ExitId::from_uuid(Uuid::max()));
    let wanted = sql("status = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
    tx.query(&wanted, params![ExitStatus::Done, after, most], exit_of)
}
