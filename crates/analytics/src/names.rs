//! How items and organs are called on the board: an item by the newest version met.
//!
//! Deliberately absent: names of people.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use db::Tx;
use kernel::{Fault, Lang, OrganId};

use crate::ItemId;
use crate::model::Subject;

/// Where names come from. The roof lends a [`Called`] that asks identity and catalogue.
pub trait NameBook: Send + Sync {
    /// The name of an item's version in Chinese and, where there is one, in English.
    ///
    /// # Errors
    /// [`Fault::NotFound`] when there is no such version.
    fn item(
        &self,
        tx: &mut Tx<'_>,
        item: ItemId,
        version: u32,
    ) -> Result<(String, Option<String>), Fault>;

    /// The name of an organ.
    ///
    /// # Errors
    /// [`Fault::NotFound`] when there is no such organ.
    fn organ(&self, tx: &mut Tx<'_>, organ: OrganId) -> Result<String, Fault>;
}

/// The name book, as it is lent to transactions.
pub struct Called(pub Box<dyn NameBook>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct ItemName {
    version: u32,
    zh: String,
    en: Option<String>,
}

/// The names that one page needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    items: BTreeMap<ItemId, ItemName>,
    organs: BTreeMap<OrganId, String>,
}

impl Names {
    /// Learns the names of a subject.
    ///
    /// # Errors
    /// As the [`NameBook`]'s.
    pub fn learn(&mut self, tx: &mut Tx<'_>, subject: Subject, version: u32) -> Result<(), Fault> {
        let book = tx.thing::<Called>()?;
        if let Entry::Vacant(place) = self.organs.entry(subject.organ) {
            place.insert(book.0.organ(tx, subject.organ)?);
        }
        let known = self.items.get(&subject.item);
        if known.is_none_or(|known| known.version < version) {
            let (zh, en) = book.0.item(tx, subject.item, version)?;
            self.items
                .insert(subject.item, ItemName { version, zh, en });
        }
        Ok(())
    }

    /// What an item is called; its id when nobody said.
    #[must_use]
    pub fn item(&self, item: ItemId, lang: Lang) -> String {
        match self.items.get(&item) {
            Some(name) => {
                let en = name.en.as_deref().unwrap_or(&name.zh);
                lang.pick(name.zh.as_str(), en).to_owned()
            }
            None => item.to_string(),
        }
    }

    /// What an organ is called; its id when nobody said.
    #[must_use]
    pub fn organ(&self, organ: OrganId) -> String {
        let name = self.organs.get(&organ).cloned();
        name.unwrap_or_else(|| organ.to_string())
    }

    /// The organs met, with their names.
    pub fn organs(&self) -> impl Iterator<Item = (OrganId, &str)> {
        self.organs.iter().map(|(id, name)| (*id, name.as_str()))
    }
}
