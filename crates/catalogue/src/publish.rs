//! Writing: drafts, checks, publication, withdrawal, and tables of items taken in. Every change
//! of a content goes through the life of a version in `decide`.

use std::collections::BTreeMap;

use db::Tx;
use jiff::civil::Date;
use kernel::Fault;
use ledger::VersionEvent;
use ledger::lifecycle::{self, Done};
use seal::{Digest32, Suite};

use crate::change::{self, Added};
use crate::check::{Finding, Severity, check, publishable};
use crate::decide::{Command, Facts, Item};
use crate::import::{self, Change, ImportFault, ImportReport, RowNote, Tally};
use crate::model::{Coverage, Fit, ItemContent, Promise, TimeLimit, VersionStatus};
use crate::shelf::Shelf;
use crate::{ItemId, find, store};

/// The digest by which the ledger knows a content.
pub(crate) fn digest(text: &str) -> Digest32 {
    seal::digest::hash(Suite::ShangMi, text.as_bytes())
}

fn text_of(content: &ItemContent) -> Result<String, Fault> {
    let value = content.to_value().map_err(Fault::broken)?;
    serde_json::to_string(&value).map_err(Fault::broken)
}

fn facts(tx: &mut Tx<'_>, content: Option<&ItemContent>) -> Result<Facts, Fault> {
    let mut findings = content.map(check).unwrap_or_default();
    if let Some(content) = content {
        findings.extend(way(tx, content)?);
    }
    Ok(Facts {
        today: tx.today(),
        findings,
        added: Vec::new(),
    })
}

/// What is wrong with the procedure that a content names: there is none in force, or, where an
/// office drew it, its longest way to the decision is longer than what the item promises.
pub(crate) fn way(tx: &mut Tx<'_>, content: &ItemContent) -> Result<Vec<Finding>, Fault> {
    let Some(handling) = &content.handling else {
        return Ok(Vec::new());
    };
    let today = tx.today();
    let error = |code, params: Vec<(&'static str, String)>| Finding {
        code,
        severity: Severity::Error,
        place: "handling/procedure".to_owned(),
        params: params.into_iter().collect(),
    };
    let name = handling.procedure.to_string();
    let Some(edition) = procedure::in_force(tx, &handling.procedure, today)? else {
        return Ok(vec![error("item.procedure_unknown", vec![("name", name)])]);
    };
    if procedure::shipped(&edition.to_string()).is_some() {
        return Ok(Vec::new());
    }
    let edition = procedure::edition(tx, &edition.to_string())?;
    let longest = edition.longest_to_decision();
    let promised = match content.promised {
        Some(Promise::Within(limit)) => limit,
        Some(Promise::Instant) => TimeLimit::workdays(1),
        None => return Ok(Vec::new()),
    };
    match TimeLimit::workdays(longest).fits(promised) {
        Fit::Beyond => {
            let days = longest.to_string();
            let params = vec![("name", name), ("days", days)];
            Ok(vec![error("item.procedure_too_long", params)])
        }
        Fit::Within | Fit::Undecided => Ok(Vec::new()),
    }
}

/// What a version would ask for beyond the one in force on the day it begins 只减不增.
fn added(
    tx: &mut Tx<'_>,
    item: ItemId,
    effective: Date,
    content: &ItemContent,
) -> Result<Vec<Added>, Fault> {
    let life = find::state(tx, item)?;
    let Some(before) = life
        .versions
        .in_force(effective)
        .map(|before| before.number)
    else {
        return Ok(Vec::new());
    };
    let before = find::version(tx, item, before)?;
    let applied_for = |content: &ItemContent| content.coverage == Coverage::Full;
    // A listed item asked for nothing that anybody had written down.
    if applied_for(&before.content) && applied_for(content) {
        Ok(change::added(&before.content, content))
    } else {
        Ok(Vec::new())
    }
}

/// Opens an item with a draft of its first version.
///
/// # Errors
/// [`Fault::Invalid`] without a code, [`Fault::Conflict`] when another item has it.
pub fn new_item(tx: &mut Tx<'_>, content: &ItemContent) -> Result<ItemId, Fault> {
    let Some(code) = content.codes.key() else {
        return Err(Fault::invalid("codes", "item.code_missing"));
    };
    let item: ItemId = tx.new_id();
    if !store::take_key(tx, code, item)? {
        return Err(Fault::Conflict { what: "item" });
    }
    let text = text_of(content)?;
    let first = VersionEvent::Drafted {
        number: 1,
        digest: digest(&text),
    };
    lifecycle::open::<Item>(tx, item, vec![first])?;
    store::put_content(tx, item, 1, content, &text)?;
    Ok(item)
}

/// Begins the next version of an item; answers its number.
///
/// # Errors
/// The rule that says no, [`Fault::NotFound`], or [`Fault::Invalid`] when the code changes.
pub fn draft(tx: &mut Tx<'_>, item: ItemId, content: &ItemContent) -> Result<u32, Fault> {
    same_key(tx, item, content)?;
    let text = text_of(content)?;
    let command = Command::Draft {
        digest: digest(&text),
    };
    let facts = facts(tx, None)?;
    let done = lifecycle::perform::<Item>(tx, item, command, &facts)?;
    let number = done
        .record
        .versions
        .latest()
        .map_or(1, |latest| latest.number);
    store::put_content(tx, item, number, content, &text)?;
    Ok(number)
}

/// Gives a version that is not published yet another content.
///
/// # Errors
/// As [`draft`].
pub fn edit(
    tx: &mut Tx<'_>,
    item: ItemId,
    number: u32,
    content: &ItemContent,
) -> Result<(), Fault> {
    same_key(tx, item, content)?;
    let text = text_of(content)?;
    let command = Command::Edit {
        number,
        digest: digest(&text),
    };
    let facts = facts(tx, None)?;
    let done = lifecycle::perform::<Item>(tx, item, command, &facts)?;
    if done.events.is_empty() {
        return Ok(());
    }
    store::put_content(tx, item, number, content, &text)
}

/// The code by which tables name an item stays with it for ever.
fn same_key(tx: &mut Tx<'_>, item: ItemId, content: &ItemContent) -> Result<(), Fault> {
    let code = content.codes.key().unwrap_or_default();
    match store::item_by_key(tx, code)? {
        Some(holder) if holder == item => Ok(()),
        _ => Err(Fault::invalid("codes", "catalogue.code_stays")),
    }
}

/// Records that a draft is free of errors.
///
/// # Errors
/// `catalogue.not_publishable` when it is not, or another rule that says no.
pub fn check_version(tx: &mut Tx<'_>, item: ItemId, number: u32) -> Result<(), Fault> {
    let version = find::version(tx, item, number)?;
    let facts = facts(tx, Some(&version.content))?;
    lifecycle::perform::<Item>(tx, item, Command::Check { number }, &facts)?;
    Ok(())
}

/// Puts a checked version in force from a day on. Afterwards, outside the transaction, call
/// [`crate::reindex`].
///
/// # Errors
/// The rule that says no.
pub fn publish(
    tx: &mut Tx<'_>,
    item: ItemId,
    number: u32,
    effective: Date,
) -> Result<Done<Item>, Fault> {
    let version = find::version(tx, item, number)?;
    publish_content(tx, item, number, effective, &version.content)
}

fn publish_content(
    tx: &mut Tx<'_>,
    item: ItemId,
    number: u32,
    effective: Date,
    content: &ItemContent,
) -> Result<Done<Item>, Fault> {
    let mut facts = facts(tx, Some(content))?;
    facts.added = added(tx, item, effective, content)?;
    if let Ok(shelf) = tx.thing::<Shelf>() {
        shelf.unsure(tx.command());
    }
    let command = Command::Publish { number, effective };
    lifecycle::perform::<Item>(tx, item, command, &facts)
}

/// Takes an item off the list. Running cases keep their version.
///
/// # Errors
/// `catalogue.not_published`.
pub fn withdraw(tx: &mut Tx<'_>, item: ItemId) -> Result<Done<Item>, Fault> {
    let facts = facts(tx, None)?;
    lifecycle::perform::<Item>(tx, item, Command::Withdraw, &facts)
}

/// Checks and publishes a version from today on, if it is free of errors.
fn publish_if_right(
    tx: &mut Tx<'_>,
    item: ItemId,
    number: u32,
    content: &ItemContent,
) -> Result<bool, Fault> {
    let checked = facts(tx, Some(content))?;
    if !publishable(&checked.findings) {
        return Ok(false);
    }
    lifecycle::perform::<Item>(tx, item, Command::Check { number }, &checked)?;
    publish_content(tx, item, number, checked.today, content)?;
    Ok(true)
}

/// Publishes the complete items that the product carries, from today on. An item that is there
/// already stays as it is. Answers how many are new.
///
/// # Errors
/// [`Fault::Broken`] when a shipped item is not publishable.
pub fn seed_shipped(tx: &mut Tx<'_>) -> Result<usize, Fault> {
    seed(tx, &crate::shipped::items().map_err(Fault::broken)?)
}

/// Publishes complete items from today on, as [`seed_shipped`] does with those of the product.
///
/// # Errors
/// [`Fault::Broken`] when one is not publishable.
pub fn seed(tx: &mut Tx<'_>, items: &[ItemContent]) -> Result<usize, Fault> {
    let mut new = 0;
    for content in items {
        let code = content.codes.key().unwrap_or_default();
        if store::item_by_key(tx, code)?.is_some() {
            continue;
        }
        let item = new_item(tx, content)?;
        if !publish_if_right(tx, item, 1, content)? {
            return Err(Fault::broken(format!("the item {code} has errors")));
        }
        new += 1;
    }
    Ok(new)
}

/// How a row ended in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    /// In force from today.
    Published,
    /// Waits as a draft: a complete item, or one with errors.
    Drafted,
    /// Was so already.
    Unchanged,
    /// Not taken.
    Refused,
}

/// One row that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowDone {
    /// Row in the file, counted from 1.
    pub row: u32,
    /// Code of the item; empty where the row has none.
    pub code: String,
    /// Name of the item as written.
    pub name: String,
    /// How it ended.
    pub state: RowState,
    /// What to look at, with column and reason.
    pub notes: Vec<RowNote>,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imported {
    /// The name of the file, as given.
    pub file: String,
    /// The numbers.
    pub tally: Tally,
    /// How many rows are in force from today.
    pub published: usize,
    /// Rows that were refused, warned, or wait as drafts.
    pub rows: Vec<RowDone>,
}

/// Takes a table of items in, in one transaction: new and changed rows become versions. A listed
/// item is published as such, so that the guide shows it although nobody can apply; a complete
/// item waits as a draft for an editor. The same table twice changes nothing.
///
/// # Errors
/// [`Fault::Invalid`] on field `file` when the file cannot be read as a table.
pub fn import_rows(tx: &mut Tx<'_>, bytes: &[u8], file: &str) -> Result<Imported, Fault> {
    let mut trouble: Option<Fault> = None;
    let mut ids: BTreeMap<String, ItemId> = BTreeMap::new();
    let read = import::import(bytes, |code| match known(tx, code) {
        Ok(found) => found.map(|(item, content)| {
            ids.insert(code.to_owned(), item);
            content
        }),
        Err(fault) => {
            trouble.get_or_insert(fault);
            None
        }
    });
    if let Some(fault) = trouble {
        return Err(fault);
    }
    let report = read.map_err(unreadable)?;
    store_rows(tx, &report, &ids, file)
}

fn unreadable(fault: ImportFault) -> Fault {
    Fault::Invalid(vec![kernel::Problem {
        field: "file".to_owned(),
        code: fault.code(),
        params: fault.params().into_iter().collect(),
    }])
}

/// The newest content under a code, published or not.
///
/// # Errors
/// As [`find::version`].
pub fn newest_by_code(tx: &mut Tx<'_>, code: &str) -> Result<Option<(ItemId, ItemContent)>, Fault> {
    known(tx, code)
}

/// Gives an item another content: its open draft gets it, or a draft of the next version.
/// Answers the number of the version.
///
/// # Errors
/// As [`draft`].
pub fn take_content(tx: &mut Tx<'_>, item: ItemId, content: &ItemContent) -> Result<u32, Fault> {
    next_version(tx, item, content)
}

/// The newest content under a code, published or not.
fn known(tx: &mut Tx<'_>, code: &str) -> Result<Option<(ItemId, ItemContent)>, Fault> {
    let Some(item) = store::item_by_key(tx, code)? else {
        return Ok(None);
    };
    let life = find::state(tx, item)?;
    let number = life.versions.latest().map_or(1, |latest| latest.number);
    let version = find::version(tx, item, number)?;
    Ok(Some((item, ItemContent::clone(&version.content))))
}

fn store_rows(
    tx: &mut Tx<'_>,
    report: &ImportReport,
    ids: &BTreeMap<String, ItemId>,
    file: &str,
) -> Result<Imported, Fault> {
    let mut done = Imported {
        file: file.chars().take(200).collect(),
        tally: report.tally(),
        ..Imported::default()
    };
    for row in &report.rows {
        let mut notes = row.warnings.clone();
        let state = match &row.change {
            Change::New(content) => {
                let item = new_item(tx, content)?;
                settle(tx, item, 1, content)?
            }
            Change::Changed(content) => {
                let item = ids.get(&row.key).copied();
                let item = item.ok_or(Fault::NotFound { what: "item" })?;
                let number = next_version(tx, item, content)?;
                settle(tx, item, number, content)?
            }
            Change::Unchanged => RowState::Unchanged,
            Change::Refused(note) => {
                notes.push(note.clone());
                RowState::Refused
            }
        };
        done.published += usize::from(state == RowState::Published);
        if !notes.is_empty() || state == RowState::Drafted {
            done.rows.push(RowDone {
                row: row.row,
                code: row.key.clone(),
                name: row.name.clone(),
                state,
                notes,
            });
        }
    }
    Ok(done)
}

/// An open draft gets the content; otherwise the next version does.
fn next_version(tx: &mut Tx<'_>, item: ItemId, content: &ItemContent) -> Result<u32, Fault> {
    let life = find::state(tx, item)?;
    match life.versions.latest() {
        Some(open) if open.is_open() => {
            edit(tx, item, open.number, content)?;
            Ok(open.number)
        }
        _ => draft(tx, item, content),
    }
}

fn settle(
    tx: &mut Tx<'_>,
    item: ItemId,
    number: u32,
    content: &ItemContent,
) -> Result<RowState, Fault> {
    if content.coverage == Coverage::Listed && publish_if_right(tx, item, number, content)? {
        return Ok(RowState::Published);
    }
    Ok(RowState::Drafted)
}

/// The newest content of every item that was not withdrawn, by code: what an export writes.
///
/// # Errors
/// As [`find::version`].
pub fn export_rows(tx: &mut Tx<'_>) -> Result<Vec<ItemContent>, Fault> {
    let filter = store::DeskFilter::default();
    let listed = store::desk_list(tx, &filter, None, usize::MAX)?;
    listed
        .iter()
        .filter(|line| line.status != VersionStatus::Withdrawn)
        .map(|line| {
            let version = find::version(tx, line.item, line.number)?;
            Ok(ItemContent::clone(&version.content))
        })
        .collect()
}
