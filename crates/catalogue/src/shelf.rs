//! What the catalogue keeps at hand beside the store: published versions, which never change,
//! and the search index, which is derived and rebuilt at will. Absent: anything that could not
//! be thrown away.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use db::{Db, Tx};
use decision::{FeelFault, RuleTable};
use jiff::civil::Date;
use kernel::{CommandId, Fault};
use search::{Doc, Facets, Index};

use crate::form::{FormChecker, FormFault};
use crate::model::kind::ModeKind;
use crate::model::{ItemContent, ModeTable};
use crate::store::{self, Narrow};
use crate::{ItemId, Version, find};

/// More versions than this are not kept at hand.
const KEPT_MAX: usize = 8_192;
/// Commands that published lately and may yet fail; more do not run at once.
const UNSURE_MAX: usize = 256;
/// More forms than this are not kept ready.
const FORMS_MAX: usize = 256;

/// The state of the store that the index was made from.
type Mark = (Date, i64, i64);

/// Versions and index at hand, lent to every transaction.
pub struct Shelf {
    index: Index,
    indexed: Mutex<Option<Mark>>,
    kept: Mutex<BTreeMap<(ItemId, u32), Arc<Version>>>,
    forms: Mutex<BTreeMap<(ItemId, u32), Arc<FormChecker>>>,
    tables: Mutex<BTreeMap<(ItemId, u32, ModeKind), Arc<RuleTable>>>,
    unsure: Mutex<VecDeque<CommandId>>,
}

/// The items that people use most, lent by the roof, which knows the cases; the home page shows
/// them. Nobody needs to lend it.
#[derive(Debug, Clone, Default)]
pub struct MostUsed(pub Vec<ItemId>);

impl std::fmt::Debug for Shelf {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Shelf").finish_non_exhaustive()
    }
}

impl Shelf {
    /// An empty shelf.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when the index cannot be made.
    pub fn new() -> Result<Self, Fault> {
        Ok(Self {
            index: Index::in_memory().map_err(unavailable)?,
            indexed: Mutex::default(),
            kept: Mutex::default(),
            forms: Mutex::default(),
            tables: Mutex::default(),
            unsure: Mutex::default(),
        })
    }

    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    pub(crate) fn get(&self, item: ItemId, number: u32) -> Option<Arc<Version>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&(item, number)).cloned()
    }

    /// Keeps a published version, unless the command that reads it is the one that published
    /// it: its transaction may still fail, and the number be given to another content.
    pub(crate) fn keep(&self, reader: CommandId, version: &Arc<Version>) {
        let unsure = self.unsure.lock().unwrap_or_else(PoisonError::into_inner);
        if unsure.contains(&reader) {
            return;
        }
        drop(unsure);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if KEPT_MAX <= kept.len() {
            kept.clear();
        }
        kept.insert((version.item, version.number), Arc::clone(version));
    }

    /// The form of a version made ready, kept as long as the version is at hand itself.
    fn form(&self, version: &Version) -> Result<Arc<FormChecker>, FormFault> {
        let key = (version.item, version.number);
        let forms = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ready) = forms.get(&key) {
            return Ok(Arc::clone(ready));
        }
        // Making it takes a while; others need not wait for it.
        drop(forms);
        let ready = Arc::new(FormChecker::new(&version.content)?);
        if self.get(version.item, version.number).is_some() {
            let mut forms = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
            if FORMS_MAX <= forms.len() {
                forms.clear();
            }
            forms.insert(key, Arc::clone(&ready));
        }
        Ok(ready)
    }

    /// The decision table of a mode made ready, kept in the same way.
    fn table(
        &self,
        version: &Version,
        kind: ModeKind,
        written: &ModeTable,
    ) -> Result<Arc<RuleTable>, FeelFault> {
        let key = (version.item, version.number, kind);
        let tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ready) = tables.get(&key) {
            return Ok(Arc::clone(ready));
        }
        drop(tables);
        let ready = Arc::new(RuleTable::parse(&written.dmn)?);
        if self.get(version.item, version.number).is_some() {
            let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
            if FORMS_MAX <= tables.len() {
                tables.clear();
            }
            tables.insert(key, Arc::clone(&ready));
        }
        Ok(ready)
    }

    /// Notes that a command is about to publish.
    pub(crate) fn unsure(&self, command: CommandId) {
        let mut unsure = self.unsure.lock().unwrap_or_else(PoisonError::into_inner);
        if unsure.back() == Some(&command) {
            return;
        }
        if UNSURE_MAX <= unsure.len() {
            unsure.pop_front();
        }
        unsure.push_back(command);
    }
}

/// The form of a version, made ready for checking answers.
///
/// # Errors
/// [`Fault::Broken`] for a form that no editor should have been able to publish.
pub fn checker(tx: &Tx<'_>, version: &Version) -> Result<Arc<FormChecker>, Fault> {
    let ready = match tx.thing::<Shelf>() {
        Ok(shelf) => shelf.form(version),
        Err(_) => FormChecker::new(&version.content).map(Arc::new),
    };
    ready.map_err(Fault::broken)
}

/// The decision table of a mode of a version, ready to rule.
///
/// # Errors
/// [`Fault::Broken`] for a table that no editor should have been able to publish.
pub fn rule_table(
    tx: &Tx<'_>,
    version: &Version,
    kind: ModeKind,
    written: &ModeTable,
) -> Result<Arc<RuleTable>, Fault> {
    let ready = match tx.thing::<Shelf>() {
        Ok(shelf) => shelf.table(version, kind, written),
        Err(_) => RuleTable::parse(&written.dmn).map(Arc::new),
    };
    ready.map_err(Fault::broken)
}

/// Lends an empty shelf to the store and fills its index. Once, after the migrations.
///
/// # Errors
/// [`Fault::Unavailable`].
pub fn furnish(db: &Db) -> Result<(), Fault> {
    db.lend(Arc::new(Shelf::new()?));
    reindex(db).map(|_| ())
}

/// Makes the index anew from the items in force today, unless nothing has changed since it was
/// made. After every publication, and when a day begins. Answers whether it was made.
///
/// # Errors
/// [`Fault::Unavailable`]; [`Fault::Broken`] when there is no shelf.
pub fn reindex(db: &Db) -> Result<bool, Fault> {
    let shelf = db.thing::<Shelf>()?;
    // Two at once would only do the same work twice; the second waits and finds nothing new.
    let mut indexed = shelf.indexed.lock().unwrap_or_else(PoisonError::into_inner);
    let was = *indexed;
    let made = db.read(move |tx| docs(tx, was))?;
    let Some((mark, docs)) = made else {
        return Ok(false);
    };
    shelf.index.replace_all(docs).map_err(unavailable)?;
    *indexed = Some(mark);
    Ok(true)
}

/// How many items are read at a time.
const BATCH: usize = 500;

fn docs(tx: &mut Tx<'_>, was: Option<Mark>) -> Result<Option<(Mark, Vec<Doc>)>, Fault> {
    let today = tx.today();
    let (items, changes) = store::mark(tx)?;
    let mark = (today, items, changes);
    if was == Some(mark) {
        return Ok(None);
    }
    let synonyms = crate::shipped::synonyms();
    let mut docs = Vec::new();
    let mut after = None;
    loop {
        let narrow = Narrow::default();
        let batch = find::in_force(tx, today, &narrow, after.as_ref(), BATCH)?;
        let Some((last, _)) = batch.last() else {
            return Ok(Some((mark, docs)));
        };
        after = Some(last.clone());
        let new = batch
            .iter()
            .map(|(_, version)| doc(version.item, &version.content, &synonyms));
        docs.extend(new);
    }
}

/// What can be found of an item.
fn doc(item: ItemId, content: &ItemContent, synonyms: &[crate::shipped::Synonym]) -> Doc {
    let mut body = String::new();
    let mut add = |text: &str| {
        body.push_str(text);
        body.push('\n');
    };
    if let Some(summary) = &content.summary {
        add(&summary.zh);
        add(summary.get("en"));
    }
    add(&content.body.name.zh);
    content.conditions.iter().for_each(|text| add(&text.zh));
    content
        .materials
        .iter()
        .for_each(|material| add(&material.name.zh));
    for faq in &content.faq {
        add(&faq.question.zh);
        add(&faq.answer.zh);
    }
    let name = without_asides(&content.name.zh);
    // What a word of daily life means first is as good as a name; the rest is only mentioned.
    let mut names: Vec<String> = Vec::new();
    for synonym in synonyms {
        match synonym.means.iter().position(|word| name.contains(word)) {
            Some(0) => names.push(synonym.word.to_owned()),
            Some(_) => add(synonym.word),
            None => {}
        }
    }
    let codes = &content.codes;
    let all = [
        &codes.local_task_code,
        &codes.handling_code,
        &codes.task_code,
        &codes.local_catalog_code,
        &codes.catalog_code,
    ];
    names.extend(all.into_iter().flatten().cloned());
    names.extend(content.main_item.iter().map(|name| name.zh.clone()));
    Doc {
        id: item.to_string(),
        title: content.name.zh.clone(),
        title_en: content.name.en.clone().unwrap_or_default(),
        body,
        synonyms: names,
        facets: Facets {
            organ: content.department.clone(),
            topics: content.topics.clone(),
            kind: content.item_type.word().to_owned(),
        },
    }
}

/// A name without what stands in brackets: 食品(含保健食品)经营许可 is 食品经营许可 to people.
fn without_asides(name: &str) -> String {
    let mut depth = 0_u32;
    let outside = |c: &char| {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    };
    name.chars().filter(outside).collect()
}

pub(crate) fn unavailable(fault: search::Fault) -> Fault {
    Fault::Unavailable {
        detail: fault.to_string(),
    }
}

/// The promise: a p99 below 20 ms at so many items.
pub const BENCH_ITEMS: usize = 100_000;

/// Measures the search over so many items, for `qingchuang bench search`.
///
/// # Errors
/// [`Fault::Unavailable`].
pub fn bench(items: usize, questions: usize) -> Result<search::Measured, Fault> {
    search::measure(items, questions).map_err(unavailable)
}
