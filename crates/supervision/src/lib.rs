//! Openness 公开与监督: the ledger that anybody can check, and open government 阳光政务.
//!
//! Reading order: `disclosure` (checkpoint, proofs, the check of a proof), `sunshine` (figures
//! without personal data), then doors. Deliberately absent: tables and events of its own, and
//! the text of any line; a stranger sees hashes and places, a party takes their own proof home.

mod api;
pub mod disclosure;
mod openapi;
mod pages;
mod sunshine;

use web::{Access, App, Doors};

pub use openapi::openapi;

/// The room's name.
pub const ROOM: &str = "supervision";

/// The room's tables: none.
pub const MIGRATIONS: &[db::Migration] = &[];

/// The room's wording.
pub const MESSAGES: &str = include_str!("../messages.toml");

/// What `verify --deep` needs to know of the room's tables: there are none.
#[must_use]
pub fn tables() -> Vec<ledger::audit::Audited> {
    Vec::new()
}

/// The room's doors. Every request counts against the general limit of its address, a check by
/// form against that of uploads as well.
#[must_use]
pub fn doors(app: App) -> Doors {
    let all = Access::Public;
    Doors::new(ROOM, app)
        .get("/ledger", all, pages::show_ledger)
        .post("/ledger/verify", all, pages::verify_proof)
        .get("/ledger/verifier.py", all, pages::download_verifier)
        .get("/sunshine", all, sunshine::show_sunshine)
        .get("/sunshine/tables/{file}", all, sunshine::download_table)
        .get("/api/v1/ledger/checkpoint", all, api::show_checkpoint)
        .get("/api/v1/ledger/consistency", all, api::show_consistency)
        .get("/api/v1/ledger/leaf/{position}", all, api::show_leaf)
        .get(
            "/api/v1/ledger/inclusion/{position}",
            all,
            api::show_inclusion,
        )
}

#[cfg(test)]
mod tests;
