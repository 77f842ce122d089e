//! SQL texts that follow from a table's description: built once a thread, then only looked up.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

/// What a text does, as part of its key; a room's own tables use what numbers they like beside
/// these, as long as one table and one number always mean one text.
pub type Verb = u64;

/// The same texts as long as the thread lives: tables are few, so this does not grow.
const KEPT_MAX: usize = 4096;

thread_local! {
    static TEXTS: RefCell<FxHashMap<(&'static str, Verb), Rc<str>>> = RefCell::default();
}

/// The text for a table and a verb; `build` makes it when it is asked for the first time.
pub fn text(table: &'static str, verb: Verb, build: impl FnOnce() -> String) -> Rc<str> {
    let known = TEXTS.with_borrow(|texts| texts.get(&(table, verb)).cloned());
    if let Some(text) = known {
        return text;
    }
    let new: Rc<str> = build().into();
    TEXTS.with_borrow_mut(|texts| {
        if texts.len() < KEPT_MAX {
            texts.insert((table, verb), Rc::clone(&new));
        }
    });
    new
}
