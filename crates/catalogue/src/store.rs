//! All SQL of the catalogue: items by replayable rows, contents and codes in sealed tables.
//! Absent: rules, and what a content means.

use db::{Row, SealedTable, Tx, Value, params};
use jiff::civil::Date;
use kernel::{Fault, ToValue};
use ledger::column::{json, read};
use ledger::{Child, ChildTable, Stored, Table, VersionState};

use crate::ItemId;
use crate::decide::Item;
use crate::model::{Coverage, ItemContent, VersionStatus};

/// The versions of an item.
pub static VERSIONS: ChildTable = ChildTable {
    name: "item_version",
    parent: "item",
    key: "number",
    columns: &["status", "digest", "effective", "withdrawn_on"],
};

/// The contents of the versions.
pub static CONTENTS: SealedTable = SealedTable {
    name: "item_content",
    keys: &["item", "number"],
    columns: &[
        "code",
        "name",
        "department",
        "topics",
        "full_item",
        "content",
    ],
};

/// The code by which a table names an item.
pub static KEYS: SealedTable = SealedTable {
    name: "item_key",
    keys: &["code"],
    columns: &["item"],
};

/// The other codes of items.
pub static CODES: SealedTable = SealedTable {
    name: "item_code",
    keys: &["code", "item"],
    columns: &["number"],
};

/// Of the published versions of an item, the one in force on `$1`.
const IN_FORCE: &str = "v.status = 'published' AND v.effective <= $1 AND NOT EXISTS \
    (SELECT 1 FROM item_version w WHERE w.item = v.item AND w.status = 'published' \
    AND w.effective <= $1 AND (w.effective > v.effective \
    OR (w.effective = v.effective AND w.number > v.number)))";

impl Stored for Item {
    const TABLE: Table = Table {
        name: "item",
        columns: &["latest", "versions"],
        children: &[&VERSIONS],
    };

    fn to_row(&self) -> Vec<Value<'_>> {
        let latest = self.versions.latest();
        vec![
            Value::Int(latest.map_or(0, |latest| i64::from(latest.number))),
            json(&self.versions),
        ]
    }

    fn from_row(id: ItemId, row: &Row<'_>, first: usize) -> Result<Self, Fault> {
        let versions = read(row, first + 1)?;
        Ok(Self { id, versions })
    }

    fn children(&self) -> Vec<Child<'_>> {
        let child = |version: &VersionState| Child {
            table: &VERSIONS,
            key: Value::Int(version.number.into()),
            values: vec![
                Value::Text(version.status.as_str().into()),
                Value::Bytes(version.digest.0.to_vec().into()),
                day(version.effective),
                day(version.withdrawn_on),
            ],
        };
        self.versions.iter().map(child).collect()
    }
}

/// A line of the editors' list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The item.
    pub item: ItemId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The department that citizens know.
    pub department: String,
    /// How much is known.
    pub coverage: Coverage,
    /// Where its newest version stands.
    pub status: VersionStatus,
    /// The newest version.
    pub number: u32,
}

/// Writes the content of a version and the codes it is found by.
pub fn put_content(
    tx: &mut Tx<'_>,
    item: ItemId,
    number: u32,
    content: &ItemContent,
    text: &str,
) -> Result<(), Fault> {
    let topics: String = content
        .topics
        .iter()
        .map(|topic| format!(",{topic},"))
        .collect();
    let code = content.codes.key().unwrap_or_default();
    let full = rank(content.coverage);
    let values = params![
        item,
        number,
        code,
        content.name.zh,
        content.department,
        topics,
        full,
        text
    ];
    CONTENTS.put(tx, values)?;
    let codes = &content.codes;
    let others = [
        &codes.handling_code,
        &codes.task_code,
        &codes.local_catalog_code,
        &codes.catalog_code,
    ];
    for other in others.into_iter().flatten() {
        CODES.put_new(tx, params![other, item, number])?;
    }
    Ok(())
}

/// Gives a code to an item; false when another item has it.
pub fn take_key(tx: &mut Tx<'_>, code: &str, item: ItemId) -> Result<bool, Fault> {
    KEYS.put_new(tx, params![code, item])
}

/// The text of a version's content.
pub fn content(tx: &mut Tx<'_>, item: ItemId, number: u32) -> Result<Option<String>, Fault> {
    CONTENTS.get(tx, params![item, number], |row| row.get(7))
}

/// The item that a table names by this code.
pub fn item_by_key(tx: &mut Tx<'_>, code: &str) -> Result<Option<ItemId>, Fault> {
    let sql = "SELECT item FROM item_key WHERE code = $1";
    let read = |tx: &mut Tx<'_>| tx.query_one(sql, params![code], |row| row.get(0));
    let found = tx.kept("catalogue.item_key", &["item_key"], code.as_bytes(), read)?;
    Ok(*found)
}

/// The items that have this code besides their key; at most two, for one is wanted.
pub fn items_by_code(tx: &mut Tx<'_>, code: &str) -> Result<Vec<ItemId>, Fault> {
    let sql = "SELECT item FROM item_code WHERE code = $1 ORDER BY item LIMIT 2";
    tx.query(sql, params![code], |row| row.get(0))
}

/// What a list of published items is narrowed by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrow {
    /// Only this department.
    pub organ: Option<String>,
    /// Only this topic.
    pub topic: Option<String>,
    /// Only items that people can apply for.
    pub full_only: bool,
}

/// Place in the list of published items: full ones first, then by code.
pub type Place = (i64, String);

/// Published items in force on a day, after a place.
pub fn in_force(
    tx: &mut Tx<'_>,
    on: Date,
    narrow: &Narrow,
    after: Option<&Place>,
    most: usize,
) -> Result<Vec<(Place, ItemId, u32)>, Fault> {
    let topic = narrow.topic.as_ref().map(|topic| format!("%,{topic},%"));
    let none = (-1, String::new());
    let (rank, code) = after.unwrap_or(&none);
    let sql = format!(
        "SELECT c.full_item, c.code, v.item, v.number FROM item_version v \
         JOIN item_content c ON c.item = v.item AND c.number = v.number WHERE {IN_FORCE} \
         AND (c.department = $2 OR $2 = '') AND (c.topics LIKE $3 OR $3 = '') \
         AND (c.full_item <= $4) \
         AND (c.full_item > $5 OR (c.full_item = $5 AND c.code > $6)) \
         ORDER BY c.full_item, c.code LIMIT $7"
    );
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let organ = narrow.organ.as_deref().unwrap_or_default();
    let topic = topic.as_deref().unwrap_or_default();
    let rank_max = i64::from(!narrow.full_only);
    let values = params![on, organ, topic, rank_max, *rank, code, most];
    tx.query(&sql, values, |row| {
        let place = (row.get(0)?, row.get(1)?);
        Ok((place, row.get(2)?, row.get(3)?))
    })
}

/// The departments that have items in force on a day, with how many.
pub fn departments(tx: &mut Tx<'_>, on: Date) -> Result<Vec<(String, i64)>, Fault> {
    let sql = format!(
        "SELECT c.department, COUNT(*) FROM item_version v JOIN item_content c \
         ON c.item = v.item AND c.number = v.number WHERE {IN_FORCE} \
         GROUP BY c.department ORDER BY COUNT(*) DESC, c.department"
    );
    tx.query(&sql, params![on], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// The topics that items in force on a day belong to.
pub fn topics(tx: &mut Tx<'_>, on: Date) -> Result<Vec<String>, Fault> {
    let sql = format!(
        "SELECT DISTINCT c.topics FROM item_version v JOIN item_content c \
         ON c.item = v.item AND c.number = v.number WHERE {IN_FORCE} AND c.topics <> ''"
    );
    let lists: Vec<String> = tx.query(&sql, params![on], |row| row.get(0))?;
    let mut topics: Vec<String> = lists
        .iter()
        .flat_map(|list| list.split(','))
        .filter(|topic| !topic.is_empty())
        .map(str::to_owned)
        .collect();
    topics.sort_unstable();
    topics.dedup();
    Ok(topics)
}

/// What the editors' list is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct DeskFilter {
    /// A part of the name or the beginning of the code.
    pub text: String,
    /// Only this department.
    pub organ: String,
    /// Only items whose newest version stands here.
    pub status: Option<VersionStatus>,
}

/// Items by code, whatever their state, after a code.
pub fn desk_list(
    tx: &mut Tx<'_>,
    filter: &DeskFilter,
    after: Option<&str>,
    most: usize,
) -> Result<Vec<Listed>, Fault> {
    let sql = "SELECT i.id, c.code, c.name, c.department, c.full_item, v.status, i.latest \
        FROM item i JOIN item_content c ON c.item = i.id AND c.number = i.latest \
        JOIN item_version v ON v.item = i.id AND v.number = i.latest \
        WHERE c.code > $1 AND ($2 = '' OR c.department = $2) AND ($3 = '' OR v.status = $3) \
        AND ($4 = '%%' OR c.name LIKE $4 ESCAPE '!' OR c.code LIKE $5 ESCAPE '!') \
        ORDER BY c.code LIMIT $6";
    let status = filter.status.map_or("", VersionStatus::as_str);
    let plain = escape_like(filter.text.trim());
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let (inside, begins) = (format!("%{plain}%"), format!("{plain}%"));
    let after = after.unwrap_or_default();
    let values = params![after, filter.organ, status, inside, begins, most];
    tx.query(sql, values, |row| {
        let status: String = row.get(5)?;
        let rank: i64 = row.get(4)?;
        Ok(Listed {
            item: row.get(0)?,
            code: row.get(1)?,
            name: row.get(2)?,
            department: row.get(3)?,
            coverage: if rank == 0 {
                Coverage::Full
            } else {
                Coverage::Listed
            },
            status: status.parse().map_err(Fault::broken)?,
            number: row.get(6)?,
        })
    })
}

/// How many items there are and how often they have changed: equal means nothing new.
pub fn mark(tx: &mut Tx<'_>) -> Result<(i64, i64), Fault> {
    let sql = "SELECT COUNT(*), CAST(COALESCE(SUM(revision), 0) AS BIGINT) FROM item";
    let found = tx.query_one(sql, &[], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.unwrap_or_default())
}

/// Full items come before listed ones.
fn rank(coverage: Coverage) -> i64 {
    match coverage {
        Coverage::Full => 0,
        Coverage::Listed => 1,
    }
}

fn day(date: Option<Date>) -> Value<'static> {
    date.to_value().into_owned()
}

/// A text in which `%` and `_` mean themselves.
fn escape_like(text: &str) -> String {
    text.replace('!', "!!")
        .replace('%', "!%")
        .replace('_', "!_")
}
