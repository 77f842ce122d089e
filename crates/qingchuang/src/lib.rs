//! The roof: where rooms are put together. A library, so that stories can be told about the whole
//! house in tests; the program is `main.rs`.

mod bench;
pub mod cli;
pub mod config;
mod flow;
pub mod house;
pub mod jobs;
mod lend;
mod materials;
mod neighbours;
pub mod openapi;
pub mod seed;
