//! What operators bring in and take out 运维: notices of days off, lists of regions, exports of
//! personal data. Each is a thing: a sealed row and one ledger line.
//!
//! Deliberately absent: the reading of files (the roof's command line), the reckoning of days
//! (`calendar`), and what a new calendar does to running cases (`flow.rs`).

mod export;
mod notice;
mod refusal;
mod regions;
mod store;

pub use export::{Export, ExportId, exports, note_export};
pub use notice::{CalendarChanged, NoticeId, calendar, calendar_version, take_notice};
pub use refusal::Refusal;
pub use regions::{RegionListId, RegionsTaken, regions, take_regions};
pub use store::tables;

/// Whether something that was brought in is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is new and holds from now on.
    New,
    /// It was here already: nothing changed.
    Known,
}

/// The room's name.
pub const ROOM: &str = "operations";

/// The room's wording.
pub const MESSAGES: &str = include_str!("../messages.toml");

/// The room's tables.
pub const MIGRATIONS: &[db::Migration] = &[db::Migration {
    room: ROOM,
    number: 1,
    sql: include_str!("../migrations/0001_operations.sql"),
}];

#[cfg(test)]
mod tests;
