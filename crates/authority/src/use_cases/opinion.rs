//! Legal review 法制审核 and the opinion of counsel 法律顾问意见 on a case.

use db::Tx;
use kernel::uuid::Uuid;
use kernel::{Fault, OfficerId};
use ledger::Commitment;
use serde::{Deserialize, Serialize};
use web::Officer;

use super::{WORDS_CHARS_MAX, facts, keep_json, read_json};
use crate::decide::opinion::{Event, Saying, give};
use crate::matters;
use crate::model::{Conclusion, LegalOpinion, OpinionId, OpinionKind};
use crate::store;

/// The words of an opinion.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpinionWords {
    /// What it says.
    pub text: String,
    /// Which counsel said it; empty for the organ's own reviewer.
    #[serde(default)]
    pub counsel: String,
}

/// An opinion as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOpinion {
    /// Whose.
    pub kind: OpinionKind,
    /// What it comes to.
    pub conclusion: Conclusion,
    /// In words.
    pub text: String,
    /// Which counsel said it.
    pub counsel: String,
}

/// Gives or files an opinion on a case.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] without words, or for counsel without a name;
/// [`Fault::NotFound`] for a case that the officer may not see.
pub fn say(
    tx: &mut Tx<'_>,
    by: &Officer,
    case: Uuid,
    new: &NewOpinion,
) -> Result<OpinionId, Fault> {
    let matter = matters::seen(tx, by, case)?;
    let invalid = |problem| Fault::Invalid(vec![problem]);
    let text = kernel::text::bounded("text", &new.text, WORDS_CHARS_MAX).map_err(invalid)?;
    let counsel = match new.kind {
        OpinionKind::Counsel => {
            kernel::text::bounded("counsel", &new.counsel, 100).map_err(invalid)?
        }
        OpinionKind::Legal => String::new(),
    };
    let id: OpinionId = tx.new_id();
    let words = keep_json(tx, id, &OpinionWords { text, counsel })?;
    let saying = Saying {
        case,
        number: next_number(tx, case)?,
        kind: new.kind,
        conclusion: new.conclusion,
        words,
        undecided: matter.undecided,
        handled: matter.handled,
    };
    let given = give(saying, &facts(tx, by)?)?;
    ledger::open::<LegalOpinion>(tx, id, vec![given])?;
    Ok(id)
}

/// Notes the legal review that a case's own procedure asked for: it need not be said twice.
///
/// # Errors
/// As [`ledger::open`].
pub fn note_review(
    tx: &mut Tx<'_>,
    case: Uuid,
    by: OfficerId,
    standing_in: Option<OfficerId>,
    agrees: bool,
    said: Option<&Commitment>,
) -> Result<(), Fault> {
    let text = match said {
        Some(said) => ledger::read_text(tx, said)?.unwrap_or_default(),
        None => String::new(),
    };
    let id: OpinionId = tx.new_id();
    let counsel = String::new();
    let words = keep_json(tx, id, &OpinionWords { text, counsel })?;
    let given = Event::Given {
        case,
        number: next_number(tx, case)?,
        kind: OpinionKind::Legal,
        conclusion: if agrees {
            Conclusion::Agree
        } else {
            Conclusion::Disagree
        },
        by,
        standing_in,
        on: tx.today(),
        words,
    };
    ledger::open::<LegalOpinion>(tx, id, vec![given]).map(|_| ())
}

/// The number of the next opinion on a case.
fn next_number(tx: &mut Tx<'_>, case: Uuid) -> Result<u32, Fault> {
    let newest = store::opinions(tx, case)?.into_iter().next();
    Ok(newest.map_or(1, |one| one.number.saturating_add(1)))
}

/// What was said of a case, the newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn of_case(tx: &mut Tx<'_>, case: Uuid) -> Result<Vec<LegalOpinion>, Fault> {
    store::opinions(tx, case)
}

/// The words of an opinion; empty once they were erased.
///
/// # Errors
/// [`Fault::Broken`] when they were changed.
pub fn words_of(tx: &mut Tx<'_>, opinion: &LegalOpinion) -> Result<OpinionWords, Fault> {
    read_json(tx, &opinion.words)
}
