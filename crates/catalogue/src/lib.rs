//! The catalogue 事项目录: what the hall can do for people, on what legal ground, with which
//! materials and within which time.
//!
//! Reading order: `model` (the content of an item), `scenario` (which materials apply), `form`
//! (answers against the form), `check` (may it be published), `decide` (the life of a version),
//! `import` and `export` (tables), `shipped` (the items and words the product carries), then the
//! use cases: `publish` (drafts, publication, tables), `find` (versions in force, search).

pub mod check;
pub mod columns;
pub mod decide;
pub mod export;
mod find;
pub mod form;
pub mod import;
pub mod model;
mod publish;
pub mod scenario;
mod shelf;
pub mod shipped;
mod store;

use std::sync::Arc;

use jiff::civil::Date;
use ledger::audit::Audited;

pub use find::{
    Found, Question, in_force, names, published, published_by_code, search, state, version,
};
pub use publish::{
    Imported, RowDone, RowState, check_version, draft, edit, export_rows, import_rows, new_item,
    publish, seed_shipped, withdraw,
};
pub use shelf::{BENCH_ITEMS, MostUsed, Shelf, bench, furnish, reindex};
pub use store::{DeskFilter, Listed, Narrow, Place};

#[cfg(test)]
mod tests;

kernel::id!(
    /// An item 事项: the granular thing one applies for 业务办理项.
    ItemId,
    "item"
);

/// The room's name.
pub const ROOM: &str = "catalogue";

/// The room's tables.
pub const MIGRATIONS: &[db::Migration] = &[db::Migration {
    room: ROOM,
    number: 1,
    sql: include_str!("../migrations/0001_catalogue.sql"),
}];

/// The room's wording.
pub const MESSAGES: &str = include_str!("../messages.toml");

/// A published version of an item: what the guide shows and a case keeps for life.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// The item.
    pub item: ItemId,
    /// The version, from 1.
    pub number: u32,
    /// Its implementation list 实施清单.
    pub content: Arc<model::ItemContent>,
    /// The first day in force; for a version that is not published yet, the day of asking.
    pub effective: Date,
}

/// What `verify --deep` needs to know of the room's tables.
#[must_use]
pub fn tables() -> Vec<Audited> {
    vec![
        ledger::audit::lifecycle::<decide::Item>(),
        Audited::Sealed(&store::CONTENTS),
        Audited::Sealed(&store::KEYS),
        Audited::Sealed(&store::CODES),
    ]
}
