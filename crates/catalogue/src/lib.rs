//! The catalogue 事项目录: what the hall can do for people, on what legal ground, with which
//! materials and within which time.
//!
//! Reading order: `model` (the content of an item), `scenario` (which materials apply), `form`
//! (answers against the form), `check` (may it be published), `change` (does it ask
//! for more than before), `decide` (the life of a version),
//! `import` and `export` (tables), `shipped` (the items and words the product carries), then the
//! use cases: `publish` (drafts, publication, tables), `find` (versions in force, search). Pages:
//! `pages` and `guide` for everybody, `desk` for editors; `api` for programs.

mod api;
pub mod change;
pub mod check;
pub mod columns;
pub mod decide;
mod desk;
pub mod export;
mod find;
pub mod form;
mod guide;
pub mod import;
pub mod model;
mod openapi;
mod pages;
mod publish;
pub mod scenario;
mod shelf;
pub mod shipped;
mod store;
mod view;

use std::sync::Arc;

use jiff::civil::Date;
use ledger::audit::Audited;
use web::{Access, App, Doors, Role};

pub use find::{
    Found, Question, in_force, names, published, published_by_code, search, state, version,
};
pub use openapi::openapi;
pub use publish::{
    Imported, RowDone, RowState, check_version, draft, edit, export_rows, import_rows, new_item,
    newest_by_code, publish, seed, seed_shipped, take_content, withdraw,
};
pub use shelf::{BENCH_ITEMS, MostUsed, Shelf, bench, checker, furnish, reindex, rule_table};
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

const EDITOR: Access = Access::Officer(Role::CatalogueEditor);

/// The room's doors.
#[must_use]
pub fn doors(app: App) -> Doors {
    Doors::new(ROOM, app)
        .get("/", Access::Public, pages::show_home)
        .get("/items", Access::Public, pages::list_items)
        .get("/items/{code}", Access::Public, guide::show_guide)
        .get("/themes/{id}", Access::Public, pages::show_theme)
        .get("/desk/catalogue", EDITOR, desk::list_items)
        .get("/desk/catalogue/import", EDITOR, desk::table::show_import)
        .post("/desk/catalogue/import", EDITOR, desk::table::import_table)
        .get("/desk/catalogue/export", EDITOR, api::export_items)
        .get("/desk/catalogue/items/{id}", EDITOR, desk::show_item)
        .post("/desk/catalogue/items/{id}/check", EDITOR, desk::check_item)
        .post(
            "/desk/catalogue/items/{id}/publish",
            EDITOR,
            desk::publish_item,
        )
        .post(
            "/desk/catalogue/items/{id}/withdraw",
            EDITOR,
            desk::withdraw_item,
        )
        .get("/api/v1/items", Access::Public, api::list_items)
        .get("/api/v1/items/export", EDITOR, api::export_items)
        .post("/api/v1/items/import", EDITOR, api::import_table)
        .get("/api/v1/items/{code}", Access::Public, api::show_item)
}
