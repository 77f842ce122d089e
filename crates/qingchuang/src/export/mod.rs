//! What a hall gives away as files: items, cases, and the log of events for process mining.
//!
//! Deliberately absent: OCDS, until public trading stands; files are written whole or not at all.

pub mod cases;
pub mod out;
pub mod xes;
