//! The rim: everything between a browser or a program and a use case of a room. The only
//! asynchronous part of the house.
//!
//! A room writes [`Doors`] with handlers that take [`App`], a visitor and a [`Form`] or
//! [`Json`], call one function of the room, and answer a page or JSON; `README.md` shows one
//! whole. Deliberately absent: any rule of any room, passwords, and roles over single records.

mod access;
mod again;
mod app;
pub mod assets;
mod attend;
pub mod config;
mod cookie;
mod doors;
mod download;
mod fault;
mod forgery;
mod form;
mod json;
mod lines;
mod metrics;
mod once;
mod page;
mod paging;
pub mod parts;
mod rate;
pub mod serve;
pub mod session;
mod shield;
mod signer;
mod store;
mod tongue;
mod upload;
mod visit;
mod words;

pub use access::{Access, AsActor, Citizen, Officer, Role, Seat, Visitor};
pub use again::{Again, REVISION_FIELD, answer_form};
pub use app::{App, Bucket, Directory};
pub use config::AppConfig;
pub use doors::{Door, Doors};
pub use download::{Download, csv_download};
pub use fault::{Failure, Reply};
pub use forgery::TOKEN_FIELD;
pub use form::{Button, Fields, Form, FormReader, ReadForm};
pub use json::{Json, Path, Query};
pub use once::{ONCE_FIELD, OnceToken};
pub use page::{
    Entered, Left, Problems, Redirect, Shell, ShellUser, came_from, invalid, local, page, redirect,
    too_many, with_next,
};
pub use paging::{ITEMS_MAX, ITEMS_USUAL, Page, Paging};
pub use session::MIGRATIONS;
pub use shield::CONTENT_SECURITY_POLICY;
pub use upload::Upload;
pub use visit::Visit;
pub use words::{Wording, Words, WrongWords};

#[cfg(test)]
mod gallery;
#[cfg(test)]
mod tests;
