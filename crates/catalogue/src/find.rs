//! Reading: the version in force, a version by number, the search. A version that the ledger
//! does not stand behind is not believed.

use std::sync::Arc;

use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, TypedId};
use ledger::lifecycle;

use crate::decide::Item;
use crate::model::{ItemContent, VersionStatus};
use crate::shelf::Shelf;
use crate::store::{self, Narrow, Place};
use crate::{ItemId, Version};

const NOT_FOUND: Fault = Fault::NotFound { what: "item" };

/// The life of an item: its versions and where they stand.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn state(tx: &mut Tx<'_>, item: ItemId) -> Result<Item, Fault> {
    let found = lifecycle::load::<Item>(tx, item)?;
    found.map(|found| found.record).ok_or(NOT_FOUND)
}

/// A version of an item, whatever became of it since. Published ones come from the shelf.
///
/// # Errors
/// [`Fault::NotFound`]; [`Fault::Broken`] when the content is not the one in the ledger.
pub fn version(tx: &mut Tx<'_>, item: ItemId, number: u32) -> Result<Arc<Version>, Fault> {
    let shelf = tx.thing::<Shelf>().ok();
    if let Some(kept) = shelf.as_ref().and_then(|shelf| shelf.get(item, number)) {
        return Ok(kept);
    }
    let life = state(tx, item)?;
    let stands = life.versions.version(number).ok_or(NOT_FOUND)?;
    let text = store::content(tx, item, number)?;
    let text = text.ok_or_else(|| Fault::broken(format!("{item} has no content {number}")))?;
    if crate::publish::digest(&text) != stands.digest {
        return Err(Fault::broken(format!(
            "the content {number} of {item} was changed"
        )));
    }
    let content = ItemContent::read(text.as_bytes()).map_err(Fault::broken)?;
    let version = Arc::new(Version {
        item,
        number,
        content: Arc::new(content),
        effective: stands.effective.unwrap_or(tx.today()),
    });
    if let Some(shelf) = shelf.filter(|_| stands.status == VersionStatus::Published) {
        shelf.keep(tx.command(), &version);
    }
    Ok(version)
}

/// The version of an item in force on a day.
///
/// # Errors
/// As [`version`]; an unknown item is no error.
pub fn published(tx: &mut Tx<'_>, item: ItemId, on: Date) -> Result<Option<Arc<Version>>, Fault> {
    let read = |tx: &mut Tx<'_>| lifecycle::load::<Item>(tx, item);
    let life = tx.kept("catalogue.item", &["item"], item.uuid().as_bytes(), read)?;
    let Some(life) = life.as_ref() else {
        return Ok(None);
    };
    match life.record.versions.in_force(on) {
        Some(stands) => version(tx, item, stands.number).map(Some),
        None => Ok(None),
    }
}

/// The version in force on a day of the item with this code: its key, or any other of its codes
/// that no second item shares.
///
/// # Errors
/// As [`version`]; an unknown code is no error.
pub fn published_by_code(
    tx: &mut Tx<'_>,
    code: &str,
    on: Date,
) -> Result<Option<Arc<Version>>, Fault> {
    let item = match store::item_by_key(tx, code)? {
        Some(item) => Some(item),
        None => match store::items_by_code(tx, code)?.as_slice() {
            [only] => Some(*only),
            _ => None,
        },
    };
    match item {
        Some(item) => published(tx, item, on),
        None => Ok(None),
    }
}

/// Items in force on a day, full ones first, after a place.
///
/// # Errors
/// As [`version`].
pub fn in_force(
    tx: &mut Tx<'_>,
    on: Date,
    narrow: &Narrow,
    after: Option<&Place>,
    most: usize,
) -> Result<Vec<(Place, Arc<Version>)>, Fault> {
    let found = store::in_force(tx, on, narrow, after, most)?;
    found
        .into_iter()
        .map(|(place, item, number)| Ok((place, version(tx, item, number)?)))
        .collect()
}

/// The departments with items in force on a day, and how many each has.
///
/// # Errors
/// As [`Tx::query`].
pub fn names(tx: &mut Tx<'_>, on: Date) -> Result<Vec<(String, i64)>, Fault> {
    store::departments(tx, on)
}

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// What the person typed.
    pub text: String,
    /// Only this department.
    pub organ: Option<String>,
    /// Only this topic.
    pub topic: Option<String>,
    /// How many of the best are passed over.
    pub skip: usize,
    /// How many at most.
    pub most: usize,
}

/// What was found, best first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// How many in all.
    pub total: usize,
    /// False when nothing holds all the words.
    pub all_words: bool,
    /// The page.
    pub versions: Vec<Arc<Version>>,
}

/// Searches the published items for words, pinyin, initials, life words or a code.
///
/// # Errors
/// [`Fault::Unavailable`] when the index cannot answer, [`Fault::Broken`] when nobody lent it.
pub fn search(tx: &mut Tx<'_>, question: &Question) -> Result<Found, Fault> {
    let shelf = tx.thing::<Shelf>()?;
    let filter = search::Filter {
        organ: question.organ.clone(),
        topic: question.topic.clone(),
        kind: None,
    };
    let hits = shelf
        .index()
        .search(&question.text, &filter, question.most, question.skip)
        .map_err(crate::shelf::unavailable)?;
    let today = tx.today();
    let mut versions = Vec::new();
    for hit in &hits.items {
        let item: ItemId = hit.id.parse().map_err(Fault::broken)?;
        // The index may be a moment behind the store: what is not in force is not shown.
        versions.extend(published(tx, item, today)?);
    }
    Ok(Found {
        total: hits.total,
        all_words: hits.all_words,
        versions,
    })
}
