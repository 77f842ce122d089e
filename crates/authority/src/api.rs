//! JSON: what everybody may read of tables in force, chief approval officers and powers that moved.
//! What programs of the organs write stands in `acts`.
//!
//! Deliberately absent: writing the lists of chief approval officers, who are named at the desk.

use axum::Json;
use db::Tx;
use kernel::{Fault, Lang};
use serde::{Deserialize, Serialize};
use web::{App, Reply, Visitor};

use crate::model::{
    AuthorityGrant, AuthorityTable, Grade, PowerDelegation, PowerForm, Scope, TableState,
};
use crate::papers;
use crate::rule::in_units;
use crate::use_cases::{chief, power, table};

/// A list.
#[derive(Debug, Serialize)]
pub(crate) struct ListReply<T> {
    items: Vec<T>,
    next: Option<String>,
}

impl<T> ListReply<T> {
    fn whole(items: Vec<T>) -> Json<Self> {
        Json(Self { items, next: None })
    }
}

/// A line of a table.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LineReply {
    scope: String,
    item: Option<String>,
    field: Option<String>,
    above: Option<String>,
    up_to: Option<String>,
    grade: Grade,
    committee: bool,
    legal_review: bool,
    counsel: bool,
    ground: String,
}

/// A version of a table.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TableReply {
    id: String,
    organ: String,
    version: u32,
    state: TableState,
    from: Option<String>,
    until: Option<String>,
    ground: String,
    lines: Vec<LineReply>,
}

fn line(tx: &mut Tx<'_>, one: AuthorityGrant) -> Result<LineReply, Fault> {
    let (scope, item) = match one.scope {
        Scope::All => ("all".to_owned(), None),
        Scope::Type(kind) => (kind.word().to_owned(), None),
        Scope::Item(item) => {
            let today = tx.today();
            let version = catalogue::published(tx, item, today)?;
            let key = version.and_then(|found| found.content.codes.key().map(str::to_owned));
            ("item".to_owned(), key)
        }
    };
    let bounds = one.amount;
    let bound = |pick: fn(&crate::model::Bounds) -> Option<i64>| {
        bounds.as_ref().and_then(pick).map(in_units)
    };
    Ok(LineReply {
        scope,
        item,
        above: bound(|bounds| bounds.above),
        up_to: bound(|bounds| bounds.up_to),
        field: bounds.map(|bounds| bounds.field),
        grade: one.grade,
        committee: one.committee,
        legal_review: one.legal,
        counsel: one.counsel,
        ground: one.ground,
    })
}

/// A version as programs see it.
pub(crate) fn table_told(tx: &mut Tx<'_>, one: &AuthorityTable) -> Result<TableReply, Fault> {
    let text = table::text_of(tx, one)?;
    let mut lines = Vec::new();
    for row in text.rows {
        lines.push(line(tx, row)?);
    }
    Ok(TableReply {
        id: one.id.to_string(),
        organ: identity::organ(tx, one.organ)?.name,
        version: one.number,
        state: one.state,
        from: one.from.map(|day| day.to_string()),
        until: one.until.map(|day| day.to_string()),
        ground: text.ground,
        lines,
    })
}

pub(crate) async fn list_tables(app: App, _: Visitor) -> Reply<Json<ListReply<TableReply>>> {
    let found = app
        .read(|tx| {
            let today = tx.today();
            let mut found = Vec::new();
            for one in table::tables(tx, None)? {
                if one.in_force(today) {
                    found.push(table_told(tx, &one)?);
                }
            }
            Ok(found)
        })
        .await?;
    Ok(ListReply::whole(found))
}

/// Powers that moved.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PowerReply {
    id: String,
    from_organ: String,
    to_organ: String,
    form: PowerForm,
    chain: String,
    items: Vec<String>,
    ground: String,
    from: String,
    until: Option<String>,
    recalled: bool,
    in_force: bool,
}

/// Powers as programs see them.
pub(crate) fn power_told(tx: &mut Tx<'_>, one: &PowerDelegation) -> Result<PowerReply, Fault> {
    let (today, words) = (tx.today(), power::words_of(tx, one)?);
    Ok(PowerReply {
        id: one.id.to_string(),
        from_organ: identity::organ(tx, one.from_organ)?.name,
        to_organ: identity::organ(tx, one.to_organ)?.name,
        form: one.form,
        chain: words.chain,
        items: papers::item_names(tx, Lang::Zh.as_str(), &one.items)?,
        ground: words.ground,
        from: one.from.to_string(),
        until: one.last_day().map(|day| day.to_string()),
        recalled: one.recalled.is_some(),
        in_force: one.in_force(today),
    })
}

pub(crate) async fn list_powers(app: App, _: Visitor) -> Reply<Json<ListReply<PowerReply>>> {
    let found = app
        .read(|tx| {
            let mut found = Vec::new();
            for one in power::powers(tx)? {
                found.push(power_told(tx, &one)?);
            }
            Ok(found)
        })
        .await?;
    Ok(ListReply::whole(found))
}

/// A chief approval officer and the list in force.
#[derive(Debug, Serialize)]
pub(crate) struct ChiefReply {
    id: String,
    organ: String,
    officer: String,
    version: usize,
    items: Vec<String>,
    from: String,
    until: Option<String>,
}

pub(crate) async fn list_chiefs(app: App, _: Visitor) -> Reply<Json<ListReply<ChiefReply>>> {
    let found = app
        .read(|tx| {
            let today = tx.today();
            let mut found = Vec::new();
            for one in chief::chiefs(tx, None)? {
                let Some(list) = one.list(today) else {
                    continue;
                };
                found.push(ChiefReply {
                    id: one.id.to_string(),
                    organ: identity::organ(tx, one.organ)?.name,
                    officer: identity::officer_name(tx, one.officer)?,
                    version: one
                        .lists
                        .iter()
                        .filter(|each| each.from <= list.from)
                        .count(),
                    items: papers::item_names(tx, Lang::Zh.as_str(), &list.items)?,
                    from: list.from.to_string(),
                    until: one.until.map(|day| day.to_string()),
                });
            }
            Ok(found)
        })
        .await?;
    Ok(ListReply::whole(found))
}
