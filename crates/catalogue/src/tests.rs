//! Rules of the catalogue: most without a database, `store` on both stores, `doors` from
//! outside. One file a subject.

mod change;
mod check;
mod decide;
mod doors;
mod form;
mod import;
mod messages;
mod scenario;
mod shipped;
mod store;

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
