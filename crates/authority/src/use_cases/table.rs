//! The authority table: written by the hall, put into force by the security administrator, in
//! versions that follow each other.

use catalogue::ItemId;
use catalogue::model::kind::ItemType;
use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, OrganId};
use ledger::lifecycle::{apply, load_versioned};
use web::Officer;

use super::{facts, keep_json, read_json};
use crate::decide::Refusal;
use crate::decide::table::{Command, Event};
use crate::model::{
    AuthorityGrant, AuthorityTable, Bounds, Grade, Scope, TableId, TableState, TableText,
};
use crate::store;

/// Longest ground, in characters.
pub const GROUND_CHARS_MAX: usize = 300;

/// A version of a table.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn table(tx: &mut Tx<'_>, id: TableId) -> Result<AuthorityTable, Fault> {
    Ok(load_versioned::<AuthorityTable>(tx, id)?.record)
}

/// The versions of an organ's table, the newest first; of every organ without one.
///
/// # Errors
/// As [`Tx::query`].
pub fn tables(tx: &mut Tx<'_>, organ: Option<OrganId>) -> Result<Vec<AuthorityTable>, Fault> {
    store::tables(tx, organ)
}

/// The version of an organ's table that binds on a day, and what it says.
///
/// # Errors
/// As [`Tx::query`].
pub fn table_in_force(
    tx: &mut Tx<'_>,
    organ: OrganId,
    on: Date,
) -> Result<Option<(AuthorityTable, TableText)>, Fault> {
    match store::table_in_force(tx, organ, on)? {
        Some(table) => {
            let text = text_of(tx, &table)?;
            Ok(Some((table, text)))
        }
        None => Ok(None),
    }
}

/// What a version says.
///
/// # Errors
/// [`Fault::Broken`] when its text was changed.
pub fn text_of(tx: &mut Tx<'_>, table: &AuthorityTable) -> Result<TableText, Fault> {
    read_json(tx, &table.content)
}

/// Begins the next version of an organ's table, from the lines of the newest one.
///
/// # Errors
/// [`Fault::NotFound`] when there is no such organ; [`Fault::Invalid`] for the ground.
pub fn draft(
    tx: &mut Tx<'_>,
    by: &Officer,
    organ: OrganId,
    ground: &str,
) -> Result<TableId, Fault> {
    identity::organ(tx, organ)?;
    let ground = ground_of("ground", ground)?;
    let rows = match store::tables(tx, Some(organ))?.first() {
        Some(newest) => text_of(tx, newest)?.rows,
        None => Vec::new(),
    };
    let id: TableId = tx.new_id();
    let content = keep_json(tx, id, &TableText { ground, rows })?;
    let drafted = Event::Drafted {
        organ,
        number: store::next_number(tx, organ)?,
        by: by.id,
        content,
    };
    ledger::open::<AuthorityTable>(tx, id, vec![drafted])?;
    Ok(id)
}

/// A line as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewLine {
    /// The code of the item; empty for a type or for all.
    pub item: String,
    /// The type of items; none for all.
    pub item_type: Option<ItemType>,
    /// The field of the form that names the amount; empty where amounts do not matter.
    pub field: String,
    /// Above this amount, in hundredths.
    pub above: Option<i64>,
    /// Up to and with this amount, in hundredths.
    pub up_to: Option<i64>,
    /// The lowest grade that may decide.
    pub grade: Option<Grade>,
    /// Whether the committee has to resolve first.
    pub committee: bool,
    /// Whether a legal review has to come first.
    pub legal: bool,
    /// Whether counsel has to be heard first.
    pub counsel: bool,
    /// Its ground.
    pub ground: String,
}

/// Adds a line to a draft.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] for an unknown item or an empty ground.
pub fn add_line(tx: &mut Tx<'_>, by: &Officer, id: TableId, new: &NewLine) -> Result<(), Fault> {
    let line = read_line(tx, new)?;
    rewrite(tx, by, id, move |text| {
        text.rows.push(line.clone());
        Ok(())
    })
}

/// Takes a line out of a draft; counted from 0.
///
/// # Errors
/// The rule that says no.
pub fn remove_line(tx: &mut Tx<'_>, by: &Officer, id: TableId, line: usize) -> Result<(), Fault> {
    rewrite(tx, by, id, |text| {
        if text.rows.len() <= line {
            return Err(Refusal::NoSuchLine);
        }
        text.rows.remove(line);
        Ok(())
    })
}

fn rewrite(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: TableId,
    change: impl FnOnce(&mut TableText) -> Result<(), Refusal>,
) -> Result<(), Fault> {
    let old = load_versioned::<AuthorityTable>(tx, id)?;
    if old.record.state != TableState::Draft {
        return Err(Refusal::NotADraft.into());
    }
    let mut text = text_of(tx, &old.record)?;
    change(&mut text)?;
    let content = keep_json(tx, id, &text)?;
    let facts = facts(tx, by)?;
    apply(tx, old, Command::Redraft { content }, &facts).map(|_| ())
}

/// Puts a draft into force from a day on; the version before it ends the day before.
///
/// # Errors
/// The rule that says no: the drafter's own, a gap or an overlap, a day that has passed.
pub fn adopt(tx: &mut Tx<'_>, by: &Officer, id: TableId, from: Date) -> Result<(), Fault> {
    let old = load_versioned::<AuthorityTable>(tx, id)?;
    let text = text_of(tx, &old.record)?;
    let facts = facts(tx, by)?;
    let others = store::tables(tx, Some(old.record.organ))?;
    let adopted = |one: &&AuthorityTable| one.state == TableState::Adopted && one.id != id;
    let first_days = others.iter().filter(adopted).filter_map(|one| one.from);
    let later = first_days.filter(|day| from <= *day).max();
    apply(tx, old, Command::Adopt { from, text, later }, &facts)?;
    for one in others.iter().filter(adopted) {
        if one.until.is_none_or(|until| from <= until) {
            ledger::perform::<AuthorityTable>(tx, one.id, Command::Supersede { from }, &facts)?;
        }
    }
    Ok(())
}

fn ground_of(field: &str, typed: &str) -> Result<String, Fault> {
    kernel::text::bounded(field, typed, GROUND_CHARS_MAX)
        .map_err(|problem| Fault::Invalid(vec![problem]))
}

fn read_line(tx: &mut Tx<'_>, new: &NewLine) -> Result<AuthorityGrant, Fault> {
    let ground = ground_of("line_ground", &new.ground)?;
    let grade = new
        .grade
        .ok_or_else(|| Fault::invalid("grade", "field.required"))?;
    let code = new.item.trim();
    let today = tx.today();
    let scope = match (code.is_empty(), new.item_type) {
        (true, None) => Scope::All,
        (true, Some(item_type)) => Scope::Type(item_type),
        (false, _) => {
            let version = catalogue::published_by_code(tx, code, today)?;
            let unknown = || Fault::invalid("item", "authority.unknown_item_here");
            Scope::Item(version.ok_or_else(unknown)?.item)
        }
    };
    Ok(AuthorityGrant {
        scope,
        amount: bounds(tx, scope, new)?,
        grade,
        committee: new.committee,
        legal: new.legal,
        counsel: new.counsel,
        ground,
    })
}

fn bounds(tx: &mut Tx<'_>, scope: Scope, new: &NewLine) -> Result<Option<Bounds>, Fault> {
    let field = new.field.trim();
    if field.is_empty() {
        return match (new.above, new.up_to) {
            (None, None) => Ok(None),
            _ => Err(Fault::invalid("field", "field.required")),
        };
    }
    let Scope::Item(item) = scope else {
        return Err(Refusal::AmountWithoutItem.into());
    };
    if !numeric_fields(tx, item)?
        .iter()
        .any(|(name, _)| name == field)
    {
        return Err(Refusal::NoSuchField.into());
    }
    if let (Some(above), Some(up_to)) = (new.above, new.up_to)
        && up_to <= above
    {
        return Err(Refusal::BoundsReversed.into());
    }
    Ok(Some(Bounds {
        field: field.to_owned(),
        above: new.above,
        up_to: new.up_to,
    }))
}

/// The fields of numbers in the form of an item: name, and label in Chinese and English.
///
/// # Errors
/// As [`Tx::query`].
pub fn numeric_fields(
    tx: &mut Tx<'_>,
    item: ItemId,
) -> Result<Vec<(String, catalogue::model::Text)>, Fault> {
    let today = tx.today();
    let Some(version) = catalogue::published(tx, item, today)? else {
        return Ok(Vec::new());
    };
    let is_number = |field: &&catalogue::model::FormField| {
        let kind = field.schema.get("type").and_then(serde_json::Value::as_str);
        matches!(kind, Some("number" | "integer"))
    };
    let fields = version.content.fields.iter().filter(is_number);
    Ok(fields
        .map(|field| (field.name.clone(), field.label.clone()))
        .collect())
}
