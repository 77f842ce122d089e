//! Texts that people type at a case: bounded, told beside their field when they are not right, and
//! kept beside the ledger.

use db::Tx;
use kernel::{Fault, PersonId, Problem};
use ledger::{Commitment, keep_text};

use crate::model::CaseId;
use crate::neighbours::Grounds;

/// What a text may hold.
pub const TEXT_CHARS_MAX: usize = 2000;

/// Keeps a text of a field.
pub(crate) fn keep_words(
    tx: &mut Tx<'_>,
    id: CaseId,
    person: Option<PersonId>,
    field: &str,
    text: &str,
) -> Result<Commitment, Fault> {
    let text = kernel::text::bounded(field, text, TEXT_CHARS_MAX);
    let text = text.map_err(|problem: Problem| Fault::Invalid(vec![problem]))?;
    keep_text(tx, id, person, &text)
}

/// Keeps the grounds of a refusal, each of its fields checked.
pub(crate) fn keep_grounds(
    tx: &mut Tx<'_>,
    id: CaseId,
    grounds: &Grounds,
) -> Result<Commitment, Fault> {
    let fields = [
        ("reason", &grounds.reason),
        ("article", &grounds.article),
        ("review_organ", &grounds.review_organ),
        ("court", &grounds.court),
    ];
    let wrong = fields
        .iter()
        .filter_map(|(field, text)| kernel::text::bounded(field, text, TEXT_CHARS_MAX).err());
    let wrong: Vec<Problem> = wrong.collect();
    if !wrong.is_empty() {
        return Err(Fault::Invalid(wrong));
    }
    let text = serde_json::to_string(grounds).map_err(Fault::broken)?;
    keep_text(tx, id, None, &text)
}
