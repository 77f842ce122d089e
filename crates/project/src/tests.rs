//! The room's tests: pure rules first, then the whole path on both stores.

mod arithmetic;
mod forms;
mod questions;
mod themes;
