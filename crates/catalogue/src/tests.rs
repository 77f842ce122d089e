//! Rules of the catalogue, tested without a database. One file a subject.

mod check;
mod form;
mod import;
mod messages;
mod scenario;
mod shipped;

use crate::model::ItemContent;
use crate::shipped::ITEMS;

/// A shipped item by its file name.
fn item(name: &str) -> ItemContent {
    let file = format!("{name}.json");
    let json = ITEMS
        .iter()
        .find(|(known, _)| *known == file)
        .expect("a shipped item")
        .1;
    ItemContent::read(json.as_bytes()).expect("a readable item")
}
