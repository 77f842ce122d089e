//! Procedures 流程 and decision tables 决策表 that an office draws: drafted, checked, published
//! from a day on, withdrawn. Shipped files are version 1 of their names, readable and copyable.
//!
//! What is wrong with a file is refused with its place and its mend, and nothing is half
//! published. Deliberately absent: running a case by a version, and moving running cases to
//! another one (`case`); which item names which procedure (`catalogue`).

mod api;
mod compare_pages;
pub mod decide;
pub mod edition;
mod editor_words;
pub mod examine;
mod model;
mod openapi;
mod pages;
mod store;
mod use_cases;
mod version_pages;

use ledger::audit::{self, Audited};
use web::{Access, App, Doors, Role};

pub use edition::{Edition, POSTS, Shelf, edition, in_force, is_shipped, role_of, shipped};
pub use examine::{Around, Examined, FILE_BYTES_MAX, ItemUse, examine};
pub use model::{EditionName, Kind, NoName, Procedure, ProcedureId, ProcedureName};
pub use openapi::openapi;
pub use use_cases::{
    Hall, Neighbours, Source, around, check, copy, draft, draft_again, draw, edit, find, list,
    look, publish, rules, source, withdraw,
};

/// The room's name.
pub const ROOM: &str = "procedure";

/// The room's tables.
pub const MIGRATIONS: &[db::Migration] = &[db::Migration {
    room: ROOM,
    number: 1,
    sql: include_str!("../migrations/0001_procedure.sql"),
}];

/// The room's wording.
pub const MESSAGES: &str = include_str!("../messages.toml");

/// What `verify --deep` checks of this room.
#[must_use]
pub fn tables() -> Vec<Audited> {
    vec![
        audit::lifecycle::<Procedure>(),
        Audited::Sealed(&store::FILES),
    ]
}

/// Who reads procedures: who runs the hall, who supervises it and who writes its items.
pub const READERS: Access =
    Access::Roles(&[Role::HallManager, Role::Supervisor, Role::CatalogueEditor]);
const EDITOR: Access = Access::Officer(Role::CatalogueEditor);

/// The room's doors.
#[must_use]
pub fn doors(app: App) -> Doors {
    const ONE: &str = "/desk/procedures/{name}";
    const VERSION: &str = "/desk/procedures/{name}/versions/{number}";
    let version = |verb: &str| format!("{VERSION}/{verb}");
    Doors::new(ROOM, app)
        .get("/desk/procedures", READERS, pages::list_procedures)
        .post("/desk/procedures", EDITOR, pages::begin_procedure)
        .post("/desk/procedures/look", READERS, api::look)
        .get(ONE, READERS, pages::show_procedure)
        .post(&format!("{ONE}/copy"), EDITOR, pages::copy_procedure)
        .post(&format!("{ONE}/draft"), EDITOR, pages::draft_procedure)
        .get(
            &format!("{ONE}/compare"),
            READERS,
            compare_pages::compare_versions,
        )
        .get(VERSION, READERS, version_pages::show_version)
        .get(&version("file"), READERS, version_pages::show_file)
        .get(&version("edit"), EDITOR, version_pages::edit_version)
        .post(&version("save"), EDITOR, version_pages::save_version)
        .post(&version("publish"), EDITOR, version_pages::publish_version)
        .post(
            &version("withdraw"),
            EDITOR,
            version_pages::withdraw_version,
        )
        .get("/api/v1/procedures", READERS, api::list_procedures)
        .post("/api/v1/procedures/check", READERS, api::look)
        .get("/api/v1/procedures/{name}", READERS, api::show_procedure)
        .post(
            "/api/v1/procedures/{name}/draft",
            EDITOR,
            api::draft_version,
        )
        .post(
            "/api/v1/procedures/{name}/publish",
            EDITOR,
            api::publish_version,
        )
        .post(
            "/api/v1/procedures/{name}/withdraw",
            EDITOR,
            api::withdraw_version,
        )
}

#[cfg(test)]
mod tests;
