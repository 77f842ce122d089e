//! The rules of the room as sentences: pure ones first, then the use cases on both stores, then
//! the doors seen from outside.

mod doors;
mod houses;
mod rules;
mod use_cases;
