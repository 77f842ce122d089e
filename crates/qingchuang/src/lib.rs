//! The roof: where rooms are put together. A library, so that stories can be told about the whole
//! house in tests; the program is `main.rs`.

pub mod admin;
pub mod backup;
mod bench;
pub mod cli;
mod colleagues;
pub mod config;
mod days;
pub mod deciding;
pub mod doctor;
mod drawn;
pub mod erasure;
pub mod export;
mod fitting;
mod flow;
pub mod house;
pub mod import;
pub mod jobs;
mod lend;
pub mod letters;
mod licences;
mod materials;
mod modes;
mod names;
mod neighbours;
mod onward;
pub mod openapi;
mod passed;
pub mod passwords;
mod ruling;
pub mod seed;
mod titles;
