//! The use cases, one module a record: gather facts, perform, draw the paper. Pages, the interface
//! and the roof call them.

pub mod chief;
pub mod grade;
pub mod handover;
pub mod opinion;
pub mod power;
pub mod ruling;
pub mod separation;
pub mod sitting;
pub mod table;

use catalogue::ItemId;
use db::Tx;
use kernel::{Fault, OrganId, PersonId, Problem, TypedId};
use ledger::{Commitment, keep_text};
use serde::Serialize;
use serde::de::DeserializeOwned;
use web::Officer;

use crate::decide::Facts;
use crate::model::Acting;

/// Longest text of one field, in characters.
pub const WORDS_CHARS_MAX: usize = 2000;

/// An officer as the rules see one.
///
/// # Errors
/// [`Fault::Forbidden`] without a seat.
pub fn acting(by: &Officer) -> Result<Acting, Fault> {
    let seat = by.seat().ok_or(Fault::Forbidden {
        code: "access.role_missing",
    })?;
    Ok(Acting {
        officer: by.id,
        standing_in: seat.deputizing,
        organ: seat.organ,
        roles: seat.roles.clone(),
    })
}

fn facts(tx: &Tx<'_>, by: &Officer) -> Result<Facts, Fault> {
    Ok(Facts {
        today: tx.today(),
        by: acting(by)?,
    })
}

/// A text that must be there, kept beside the ledger.
fn keep_words<I: TypedId>(
    tx: &mut Tx<'_>,
    id: I,
    field: &str,
    text: &str,
) -> Result<Commitment, Fault> {
    keep_words_about(tx, id, None, field, text)
}

/// As [`keep_words`], of somebody with whose data it is erased.
fn keep_words_about<I: TypedId>(
    tx: &mut Tx<'_>,
    id: I,
    person: Option<PersonId>,
    field: &str,
    text: &str,
) -> Result<Commitment, Fault> {
    let text = kernel::text::bounded(field, text, WORDS_CHARS_MAX);
    let text = text.map_err(|problem: Problem| Fault::Invalid(vec![problem]))?;
    keep_text(tx, id, person, &text)
}

/// Several texts, kept as one.
fn keep_json<I: TypedId, T: Serialize>(
    tx: &mut Tx<'_>,
    id: I,
    words: &T,
) -> Result<Commitment, Fault> {
    let text = serde_json::to_string(words).map_err(Fault::broken)?;
    keep_text(tx, id, None, &text)
}

/// What was kept as one; its default once it was erased.
pub(crate) fn read_json<T: DeserializeOwned + Default>(
    tx: &mut Tx<'_>,
    kept: &Commitment,
) -> Result<T, Fault> {
    match ledger::read_text(tx, kept)? {
        Some(text) => serde_json::from_str(&text).map_err(Fault::broken),
        None => Ok(T::default()),
    }
}

/// Whether an item in force is one of an organ's by law: the organ is its implementing body 实施主体.
///
/// # Errors
/// As [`Tx::query`].
pub(crate) fn is_own(tx: &mut Tx<'_>, organ: OrganId, item: ItemId) -> Result<bool, Fault> {
    let today = tx.today();
    let Some(version) = catalogue::published(tx, item, today)? else {
        return Ok(false);
    };
    let uscc = identity::organ(tx, organ)?.uscc;
    Ok(version.content.body.uscc.as_deref() == Some(uscc.as_str()))
}

/// The items of codes, one a line or between commas.
///
/// # Errors
/// [`Fault::Invalid`] naming the first code that no item in force has.
pub(crate) fn items_of_codes(
    tx: &mut Tx<'_>,
    field: &str,
    typed: &str,
) -> Result<Vec<ItemId>, Fault> {
    let today = tx.today();
    let codes = typed.split([',', '，', '、', ';', '；', '\n', '\r', ' ', '\t']);
    let mut items = Vec::new();
    for code in codes.map(str::trim).filter(|code| !code.is_empty()) {
        let Some(version) = catalogue::published_by_code(tx, code, today)? else {
            let problem = Problem::new(field, "authority.unknown_item").with("code", code);
            return Err(Fault::Invalid(vec![problem]));
        };
        items.push(version.item);
    }
    Ok(crate::decide::chief::distinct(&items))
}
