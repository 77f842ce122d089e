//! SQL texts that follow from a table's description: built once a thread, then only looked up.

use std::cell::RefCell;
use std::hash::Hash;
use std::rc::Rc;

use rustc_hash::FxHashMap;

/// What a text does, as part of its key; a room's own tables use what numbers they like beside
/// these, as long as one table and one number always mean one text.
pub type Verb = u64;

/// The first of the tables whose columns a query reads, how many tables, and what follows the
/// columns.
type Tailed = (&'static str, usize, &'static str);

/// The same texts as long as the thread lives: tables are few, so this does not grow.
const KEPT_MAX: usize = 4096;

thread_local! {
    static TEXTS: RefCell<FxHashMap<(&'static str, Verb), Rc<str>>> = RefCell::default();
    static TAILED: RefCell<FxHashMap<Tailed, Rc<str>>> = RefCell::default();
}

/// The text for a table and a verb; `build` makes it when it is asked for the first time.
pub fn text(table: &'static str, verb: Verb, build: impl FnOnce() -> String) -> Rc<str> {
    TEXTS.with(|texts| look_up(texts, (table, verb), build))
}

/// The text of a query that reads all columns of some tables and ends with `tail`, as long as
/// the same first table, number of tables and tail always mean one text.
pub fn tailed<const N: usize>(
    tables: [&'static str; N],
    tail: &'static str,
    build: impl FnOnce() -> String,
) -> Rc<str> {
    let first = tables.first().copied().unwrap_or_default();
    TAILED.with(|texts| look_up(texts, (first, N, tail), build))
}

fn look_up<K: Hash + Eq>(
    texts: &RefCell<FxHashMap<K, Rc<str>>>,
    key: K,
    build: impl FnOnce() -> String,
) -> Rc<str> {
    let known = texts.borrow().get(&key).cloned();
    if let Some(text) = known {
        return text;
    }
    let new: Rc<str> = build().into();
    let mut texts = texts.borrow_mut();
    if texts.len() < KEPT_MAX {
        texts.insert(key, Rc::clone(&new));
    }
    new
}
