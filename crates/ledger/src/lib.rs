//! What happened: an append-only ledger in which every change of a record with a lifecycle, and
//! every edit of a thing with only fields, is one line, chained into a signed Merkle tree.
//!
//! `perform` is the only way a record changes. Lines hold ids, codes, dates, amounts and
//! commitments, never a text: texts and files lie beside the ledger, encrypted, and can be
//! forgotten while the ledger still verifies. Deliberately absent: any rule of one room
//! (`versions` is the life that the published things of several rooms share).

pub mod audit;
pub mod column;
pub mod commitment;
pub mod counter;
pub mod files;
mod forget;
pub mod lifecycle;
pub mod line;
mod pack;
pub mod proof;
mod row;
pub mod sealer;
mod store;
pub mod thing;
pub mod vault;
pub mod verify;
pub mod versions;

pub use commitment::{Commitment, TextId, keep_text, read_text};
pub use files::{FileCommitment, FileId, FileStore, KeptFile, StoredFile, keep_file};
pub use forget::{
    CONTENTS, Forgotten, content_of, drop_contents, forget_person, forget_record, is_named,
};
pub use lifecycle::{
    Done, Event, Happened, Lifecycle, load, open, perform, perform_at, unchanged_since,
};
pub use line::{Line, lines_of};
pub use row::{Child, ChildTable, Stored, Table};
pub use thing::edited;
pub use vault::Vault;
pub use versions::{VersionEvent, VersionState, VersionStatus, VersionStop, Versions};

/// This crate's tables.
pub const MIGRATIONS: &[db::Migration] = &[db::Migration {
    room: "ledger",
    number: 1,
    sql: include_str!("../migrations/0001_ledger.sql"),
}];

/// This crate's tables that hold sealed rows.
pub const SEALED_TABLES: &[&db::SealedTable] = &[&sealer::CHECKPOINTS, &counter::COUNTERS];

/// This crate's other tables, which [`verify`] checks in its own ways.
pub const OWN_TABLES: &[&str] = &["ledger_line", "ledger_tile", "kept_text", "kept_file"];

#[cfg(test)]
mod tests;
