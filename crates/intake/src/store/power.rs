//! Rows of powers of attorney.

use db::{Row, ToValue, Tx, Value, params};
use kernel::{Fault, OrganId, PersonId};
use ledger::{Stored, Table};

use super::{json, read};
use crate::power::{Power, PowerId};

impl Stored for Power {
    const TABLE: Table = Table {
        name: "power_of_attorney",
        columns: &[
            "agency",
            "principal",
            "agent",
            "item",
            "hall",
            "seen_by",
            "from_day",
            "until_day",
            "paper",
            "scope",
            "ended_on",
        ],
        children: &[],
    };

    fn to_row(&self) -> Vec<Value<'_>> {
        vec![
            self.agency.to_value(),
            self.principal.to_value(),
            self.agent.to_value(),
            self.item.to_value(),
            self.hall.to_value(),
            self.seen_by.to_value(),
            self.from.to_value(),
            self.until.to_value(),
            json(&self.paper),
            json(&self.scope),
            self.ended_on.to_value(),
        ]
    }

    fn from_row(id: PowerId, row: &Row<'_>, first: usize) -> Result<Self, Fault> {
        Ok(Self {
            id,
            agency: row.get(first)?,
            principal: row.get(first + 1)?,
            agent: row.get(first + 2)?,
            item: row.get(first + 3)?,
            hall: row.get(first + 4)?,
            seen_by: row.get(first + 5)?,
            from: row.get(first + 6)?,
            until: row.get(first + 7)?,
            paper: read(row, first + 8)?,
            scope: read(row, first + 9)?,
            ended_on: row.get(first + 10)?,
        })
    }
}

fn query(tx: &mut Tx<'_>, rest: &str, values: &[Value<'_>]) -> Result<Vec<Power>, Fault> {
    let columns = Power::TABLE.columns.join(", ");
    let sql = format!("SELECT id, {columns} FROM power_of_attorney WHERE {rest}");
    tx.query(&sql, values, |row| Power::from_row(row.get(0)?, row, 1))
}

/// The papers by which one person acts for another, the oldest first.
pub(crate) fn powers_between(
    tx: &mut Tx<'_>,
    agent: PersonId,
    principal: PersonId,
) -> Result<Vec<Power>, Fault> {
    let rest = "agent = $1 AND principal = $2 ORDER BY id";
    query(tx, rest, params![agent, principal])
}

/// The papers that a person gave, the newest first.
pub(crate) fn powers_given(tx: &mut Tx<'_>, principal: PersonId) -> Result<Vec<Power>, Fault> {
    query(tx, "principal = $1 ORDER BY id DESC", params![principal])
}

/// A paper that a hall took.
pub(crate) fn power_of_hall(
    tx: &mut Tx<'_>,
    hall: OrganId,
    id: PowerId,
) -> Result<Option<Power>, Fault> {
    Ok(query(tx, "id = $1 AND hall = $2", params![id, hall])?.pop())
}
