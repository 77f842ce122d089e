//! Event logs 事件日志: reads and writes XES (IEEE 1849), counts what happened in them.
//!
//! Pure and of use outside the house: no clock, no files, no network. Memory is bounded by
//! `Limits` whatever a file holds. Deliberately absent: process discovery beyond what directly
//! follows what, and OCEL.

mod declare;
mod fault;
mod figures;
mod law;
mod log;
mod meter;
mod moment;
mod order;
mod people;
mod profile;
mod read;
mod stats;
#[cfg(test)]
mod tests;
mod unpack;
mod words;
mod write;

pub use declare::Pair;
pub use fault::{LogFault, Place};
pub use figures::{Counts, Distribution, Figure};
pub use law::Deadlines;
pub use log::{Log, LoggedCase, LoggedEvent, Value};
pub use people::{Handover, People};
pub use profile::{ActivityProfile, Profile, Spread, profile};
pub use read::{Limits, read};
pub use stats::{Edge, EdgeDifference, Stats, Variant, stats};
pub use write::write;
