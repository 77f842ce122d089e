//! All SQL of the room: schemes, offers and lists of payments, and the totals that are published.

use db::{Row, Tx, Value, params};
use kernel::{Fault, Money, OrganId, PersonId, ToValue, TypedId};
use ledger::column::{json, read, read_optional};
use ledger::{Stored, Table};

use crate::model::{ListId, Offer, OfferId, OfferStatus, PaymentList, Scheme, SchemeId};

impl Stored for Scheme {
    const TABLE: Table = Table {
        name: "scheme",
        columns: &[
            "kind",
            "code",
            "organ",
            "item",
            "content",
            "amount",
            "budget",
            "published_on",
            "run_on",
            "closed_on",
        ],
        children: &[],
    };

    fn to_row(&self) -> Vec<Value<'_>> {
        vec![
            self.kind.to_value(),
            Value::Text(self.code.as_str().into()),
            self.organ.to_value(),
            self.item.to_value(),
            json(&self.content),
            self.amount.to_value(),
            self.budget.to_value(),
            self.published_on.to_value(),
            self.run_on.to_value(),
            self.closed_on.to_value(),
        ]
    }

    fn from_row(id: SchemeId, row: &Row<'_>, first: usize) -> Result<Self, Fault> {
        let code: String = row.get(first + 1)?;
        Ok(Self {
            id,
            kind: row.get(first)?,
            code: code.parse().map_err(Fault::broken)?,
            organ: row.get(first + 2)?,
            item: row.get(first + 3)?,
            content: read(row, first + 4)?,
            amount: row.get(first + 5)?,
            budget: row.get(first + 6)?,
            published_on: row.get(first + 7)?,
            run_on: row.get(first + 8)?,
            closed_on: row.get(first + 9)?,
        })
    }
}

impl Stored for Offer {
    const TABLE: Table = Table {
        name: "offer",
        columns: &[
            "kind",
            "scheme",
            "organ",
            "party",
            "period",
            "status",
            "amount",
            "ruling",
            "matched_by",
            "offered_on",
            "due",
            "decided_by",
            "decided_on",
            "reason",
            "list",
            "paid_on",
            "number",
            "drawn",
            "finding",
        ],
        children: &[],
    };

    fn to_row(&self) -> Vec<Value<'_>> {
        let number = self.number.as_ref().map(ToString::to_string);
        vec![
            self.kind.to_value(),
            self.scheme.to_value(),
            self.organ.to_value(),
            self.party.to_value(),
            Value::Text(self.period.as_str().into()),
            self.status.to_value(),
            self.amount.to_value(),
            json(&self.ruling),
            self.matched_by.to_value(),
            self.offered_on.to_value(),
            self.due.to_value(),
            self.decided_by.to_value(),
            self.decided_on.to_value(),
            self.reason.as_ref().map_or(Value::Null, json),
            self.list.to_value(),
            self.paid_on.to_value(),
            number.map_or(Value::Null, |number| Value::Text(number.into())),
            Value::Bool(self.drawn),
            self.finding.as_ref().map_or(Value::Null, json),
        ]
    }

    fn from_row(id: OfferId, row: &Row<'_>, first: usize) -> Result<Self, Fault> {
        let period: String = row.get(first + 4)?;
        let number: Option<String> = row.get(first + 16)?;
        Ok(Self {
            id,
            kind: row.get(first)?,
            scheme: row.get(first + 1)?,
            organ: row.get(first + 2)?,
            party: row.get(first + 3)?,
            period: period.parse().map_err(Fault::broken)?,
            status: row.get(first + 5)?,
            amount: row.get(first + 6)?,
            ruling: read(row, first + 7)?,
            matched_by: row.get(first + 8)?,
            offered_on: row.get(first + 9)?,
            due: row.get(first + 10)?,
            decided_by: row.get(first + 11)?,
            decided_on: row.get(first + 12)?,
            reason: read_optional(row, first + 13)?,
            list: row.get(first + 14)?,
            paid_on: row.get(first + 15)?,
            number: number
                .map(|number| number.parse().map_err(Fault::broken))
                .transpose()?,
            drawn: row.get(first + 17)?,
            finding: read_optional(row, first + 18)?,
        })
    }
}

impl Stored for PaymentList {
    const TABLE: Table = Table {
        name: "payment_list",
        columns: &["scheme", "organ", "drawn_by", "drawn_on", "count", "total"],
        children: &[],
    };

    fn to_row(&self) -> Vec<Value<'_>> {
        vec![
            self.scheme.to_value(),
            self.organ.to_value(),
            self.drawn_by.to_value(),
            self.drawn_on.to_value(),
            self.count.to_value(),
            self.total.to_value(),
        ]
    }

    fn from_row(id: ListId, row: &Row<'_>, first: usize) -> Result<Self, Fault> {
        Ok(Self {
            id,
            scheme: row.get(first)?,
            organ: row.get(first + 1)?,
            drawn_by: row.get(first + 2)?,
            drawn_on: row.get(first + 3)?,
            count: row.get(first + 4)?,
            total: row.get(first + 5)?,
        })
    }
}

fn select<S: Stored>(rest: &str) -> String {
    // The pieces of this text are constants of the program.
    let table = S::TABLE;
    let columns = table.columns.join(", ");
    format!("SELECT id, {columns} FROM {} WHERE {rest}", table.name)
}

fn scheme_of(row: &Row<'_>) -> Result<Scheme, Fault> {
    Scheme::from_row(row.get(0)?, row, 1)
}

fn offer_of(row: &Row<'_>) -> Result<Offer, Fault> {
    Offer::from_row(row.get(0)?, row, 1)
}

/// A scheme by its code.
pub(crate) fn scheme_by_code(tx: &mut Tx<'_>, code: &str) -> Result<Option<Scheme>, Fault> {
    tx.query_one(&select::<Scheme>("code = $1"), params![code], scheme_of)
}

/// All schemes, the newest first; there are as many as policies.
pub(crate) fn schemes(tx: &mut Tx<'_>) -> Result<Vec<Scheme>, Fault> {
    let sql = select::<Scheme>("kind <> '' ORDER BY id DESC LIMIT 200");
    tx.query(&sql, &[], scheme_of)
}

/// Whether a party has an offer of a scheme for a period.
pub(crate) fn has_offer(
    tx: &mut Tx<'_>,
    scheme: SchemeId,
    party: PersonId,
    period: &str,
) -> Result<bool, Fault> {
    let sql = "SELECT COUNT(*) FROM offer WHERE scheme = $1 AND party = $2 AND period = $3";
    let count: Option<i64> = tx.query_one(sql, params![scheme, party, period], |row| row.get(0))?;
    Ok(count.is_some_and(|count| 0 < count))
}

/// The offers of a party, the newest first.
pub(crate) fn of_party(
    tx: &mut Tx<'_>,
    party: PersonId,
    after: Option<OfferId>,
    most: usize,
) -> Result<Vec<Offer>, Fault> {
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let after: OfferId = after.unwrap_or(OfferId::from_uuid(kernel::uuid::Uuid::max()));
    let sql = select::<Offer>("party = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
    tx.query(&sql, params![party, after, most], offer_of)
}

/// The offers of a scheme in some states, by id; rights are part of the query.
pub(crate) fn of_scheme(
    tx: &mut Tx<'_>,
    scheme: SchemeId,
    organ: Option<OrganId>,
    status: OfferStatus,
    after: Option<OfferId>,
    most: usize,
) -> Result<Vec<Offer>, Fault> {
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let after: OfferId = after.unwrap_or(OfferId::from_uuid(kernel::uuid::Uuid::nil()));
    match organ {
        Some(organ) => tx.query(
            &select::<Offer>(
                "scheme = $1 AND status = $2 AND id > $3 AND organ = $4 ORDER BY id LIMIT $5",
            ),
            params![scheme, status, after, organ, most],
            offer_of,
        ),
        None => tx.query(
            &select::<Offer>("scheme = $1 AND status = $2 AND id > $3 ORDER BY id LIMIT $4"),
            params![scheme, status, after, most],
            offer_of,
        ),
    }
}

/// The payments of a list.
pub(crate) fn of_list(tx: &mut Tx<'_>, list: ListId) -> Result<Vec<Offer>, Fault> {
    tx.query(
        &select::<Offer>("list = $1 ORDER BY id"),
        params![list],
        offer_of,
    )
}

/// The lists of a scheme, the newest first.
pub(crate) fn lists(tx: &mut Tx<'_>, scheme: SchemeId) -> Result<Vec<PaymentList>, Fault> {
    let sql = select::<PaymentList>("scheme = $1 ORDER BY id DESC LIMIT 200");
    tx.query(&sql, params![scheme], |row| {
        PaymentList::from_row(row.get(0)?, row, 1)
    })
}

/// How many offers of a scheme stand how, and how much they are.
pub(crate) fn totals(
    tx: &mut Tx<'_>,
    scheme: SchemeId,
) -> Result<Vec<(OfferStatus, u32, Money)>, Fault> {
    let sql = "SELECT status, COUNT(*), CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM offer \
               WHERE scheme = $1 GROUP BY status ORDER BY status";
    tx.query(sql, params![scheme], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })
}
