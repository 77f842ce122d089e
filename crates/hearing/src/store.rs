//! All SQL of the room: how a hearing lies in its table, and what pages and other rooms read.

use db::{Row, Tx, Value, params};
use identity::ActingAs;
use kernel::uuid::Uuid;
use kernel::{Fault, OrganId, ToValue, TypedId};
use ledger::column::{json, read_optional};
use ledger::{Stored, Table};

use crate::model::{Hearing, HearingId, HearingStatus, Subject};

const COLUMNS: &[&str] = &[
    "subject_kind",
    "subject",
    "organ",
    "party",
    "status",
    "offered_on",
    "ask_by",
    "asked_on",
    "hold_by",
    "day",
    "minute",
    "place",
    "presider",
    "closed_for",
    "recusal",
    "recusal_open",
    "late_since",
    "minutes",
    "held_on",
    "signed_on",
    "refused_to_sign",
    "closed_on",
    "item",
];

impl Stored for Hearing {
    const TABLE: Table = Table {
        name: "hearing",
        columns: COLUMNS,
        children: &[],
    };

    fn to_row(&self) -> Vec<Value<'_>> {
        vec![
            self.subject.kind.to_value(),
            raw(self.subject.id),
            self.organ.to_value(),
            self.party.to_value(),
            self.status.to_value(),
            self.offered_on.to_value(),
            self.ask_by.to_value(),
            self.asked_on.to_value(),
            self.hold_by.to_value(),
            self.day.to_value(),
            self.minute
                .map_or(Value::Null, |minute| Value::Int(minute.into())),
            self.place.as_ref().map_or(Value::Null, json),
            self.presider.to_value(),
            self.closed_for.to_value(),
            self.recusal.as_ref().map_or(Value::Null, json),
            self.recusal_open.to_value(),
            self.late_since.to_value(),
            self.minutes.as_ref().map_or(Value::Null, json),
            self.held_on.to_value(),
            self.signed_on.to_value(),
            self.refused_to_sign.to_value(),
            self.closed_on.to_value(),
            self.item.map_or(Value::Null, raw),
        ]
    }

    fn from_row(id: HearingId, row: &Row<'_>, first: usize) -> Result<Self, Fault> {
        let minute: Option<i64> = row.get(first + 10)?;
        let minute = minute.map(|minute| u16::try_from(minute).map_err(Fault::broken));
        Ok(Self {
            id,
            subject: Subject {
                kind: row.get(first)?,
                id: Uuid::from_bytes(row.get(first + 1)?),
            },
            organ: row.get(first + 2)?,
            party: row.get(first + 3)?,
            status: row.get(first + 4)?,
            offered_on: row.get(first + 5)?,
            ask_by: row.get(first + 6)?,
            asked_on: row.get(first + 7)?,
            hold_by: row.get(first + 8)?,
            day: row.get(first + 9)?,
            minute: minute.transpose()?,
            place: read_optional(row, first + 11)?,
            presider: row.get(first + 12)?,
            closed_for: row.get(first + 13)?,
            recusal: read_optional(row, first + 14)?,
            recusal_open: row.get(first + 15)?,
            late_since: row.get(first + 16)?,
            minutes: read_optional(row, first + 17)?,
            held_on: row.get(first + 18)?,
            signed_on: row.get(first + 19)?,
            refused_to_sign: row.get(first + 20)?,
            closed_on: row.get(first + 21)?,
            item: row
                .get::<Option<[u8; 16]>>(first + 22)?
                .map(Uuid::from_bytes),
        })
    }
}

fn raw(id: Uuid) -> Value<'static> {
    Value::Bytes(id.as_bytes().to_vec().into())
}

fn hearing_of(row: &Row<'_>) -> Result<Hearing, Fault> {
    Hearing::from_row(row.get(0)?, row, 1)
}

fn sql(rest: &str) -> String {
    let columns = COLUMNS.join(", ");
    format!("SELECT id, {columns} FROM hearing WHERE {rest}")
}

/// The last hearing on a matter.
pub(crate) fn last_of(tx: &mut Tx<'_>, subject: Uuid) -> Result<Option<Hearing>, Fault> {
    let wanted = sql("subject = $1 ORDER BY id DESC LIMIT 1");
    tx.query_one(&wanted, &[raw(subject)], hearing_of)
}

/// A person's hearings, the newest first.
pub(crate) fn of_party(tx: &mut Tx<'_>, of: ActingAs) -> Result<Vec<Hearing>, Fault> {
    let (every, item) = of.scope.asked();
    let wanted = sql("party = $1 AND ($2 OR item = $3) ORDER BY id DESC LIMIT 200");
    tx.query(&wanted, params![of.person, every, item], hearing_of)
}

/// Whose hearings may be seen: rights are part of the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Those of one organ.
    Organ(OrganId),
    /// Those of the whole hall.
    Hall,
}

/// Which hearings a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// Not over.
    Open,
    /// Over.
    Over,
}

/// The hearings within reach: open ones the oldest first, others the newest first.
pub(crate) fn list(
    tx: &mut Tx<'_>,
    reach: Reach,
    show: Show,
    after: Option<HearingId>,
    most: usize,
) -> Result<Vec<Hearing>, Fault> {
    // All pieces of this text are constants of the program.
    let (states, order, direction, start) = match show {
        Show::Open => ("closed_on IS NULL", ">", "ASC", Uuid::nil()),
        Show::Over => ("closed_on IS NOT NULL", "<", "DESC", Uuid::max()),
    };
    let after = after.unwrap_or(HearingId::from_uuid(start));
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let mut values: Vec<Value<'_>> = vec![Value::Int(most), after.to_value()];
    let mut within = String::new();
    if let Reach::Organ(organ) = reach {
        values.push(organ.to_value().into_owned());
        within = " AND organ = $3".to_owned();
    }
    let rest = format!("{states} AND id {order} $2{within} ORDER BY id {direction} LIMIT $1");
    tx.query(&sql(&rest), &values, hearing_of)
}

/// A hearing within reach.
pub(crate) fn within(
    tx: &mut Tx<'_>,
    reach: Reach,
    id: HearingId,
) -> Result<Option<Hearing>, Fault> {
    match reach {
        Reach::Organ(organ) => {
            let wanted = sql("id = $1 AND organ = $2");
            tx.query_one(&wanted, params![id, organ], hearing_of)
        }
        Reach::Hall => tx.query_one(&sql("id = $1"), params![id], hearing_of),
    }
}

/// Public hearings to come, the first to be held first.
pub(crate) fn announced(
    tx: &mut Tx<'_>,
    from: jiff::civil::Date,
    most: usize,
) -> Result<Vec<Hearing>, Fault> {
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let wanted = sql("status = $1 AND closed_for IS NULL AND day >= $2 ORDER BY day, id LIMIT $3");
    tx.query(
        &wanted,
        params![HearingStatus::Scheduled, from, most],
        hearing_of,
    )
}
