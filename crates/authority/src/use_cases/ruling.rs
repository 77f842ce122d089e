//! Who may decide a case and why, as the table in force and the lists of chief approval officers
//! say; and what was resolved and said of it.

use db::Tx;
use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{Fault, OfficerId, OrganId};

use super::{grade, table};
use crate::matters::{Matter, Matters};
use crate::model::{AuthorityTable, Conclusion, LegalOpinion, OpinionKind, Outcome, TableText};
use crate::rule::{self, Ruling, Standing, Subject};
use crate::store;

/// What the table and the lists say of a case today.
#[derive(Debug, Clone, PartialEq)]
pub struct Ruled {
    /// What they come to.
    pub ruling: Ruling,
    /// The version of the table, where one is in force.
    pub table: Option<(AuthorityTable, TableText)>,
    /// The chief approval officers whose list holds the item.
    pub chiefs: Vec<OfficerId>,
}

/// Rules on a case.
///
/// # Errors
/// As [`Tx::query`].
pub fn ruled(tx: &mut Tx<'_>, matter: &Matter) -> Result<Ruled, Fault> {
    let today = tx.today();
    let table = table::table_in_force(tx, matter.organ, today)?;
    let chiefs = chiefs_of(tx, matter, today)?;
    // Answers are read only where a line goes by an amount.
    let by_amount = |text: &TableText| text.rows.iter().any(|line| line.amount.is_some());
    let answers = match &table {
        Some((_, text)) if by_amount(text) => {
            let cases = tx.thing::<Matters>()?;
            cases.answers(tx, matter.case)?
        }
        _ => serde_json::Map::new(),
    };
    let subject = Subject {
        item: matter.item,
        item_type: matter.item_type,
        answers: &answers,
        listed: !chiefs.is_empty(),
        major: matter.major,
    };
    Ok(Ruled {
        ruling: rule::rule(table.as_ref().map(|(_, text)| text), subject),
        table,
        chiefs,
    })
}

/// Whether anything is said of an organ's decisions today: without a table and without a list every
/// post of the decision desk decides, as before there were any.
///
/// # Errors
/// As [`Tx::query`].
pub fn is_bound(tx: &mut Tx<'_>, organ: OrganId) -> Result<bool, Fault> {
    let today = tx.today();
    if store::table_in_force(tx, organ, today)?.is_some() {
        return Ok(true);
    }
    Ok(!store::chiefs_on(tx, organ, today)?.is_empty())
}

fn chiefs_of(tx: &mut Tx<'_>, matter: &Matter, on: Date) -> Result<Vec<OfficerId>, Fault> {
    let all = store::chiefs_on(tx, matter.organ, on)?;
    let signing = all.iter().filter(|one| one.signs(matter.item, on));
    Ok(signing.map(|one| one.officer).collect())
}

/// How high an officer stands for a case; none where they decide nothing at that seat.
///
/// # Errors
/// As [`Tx::query`].
pub fn standing(
    tx: &mut Tx<'_>,
    ruled: &Ruled,
    officer: OfficerId,
    standing_in: Option<OfficerId>,
    organ: OrganId,
) -> Result<Option<Standing>, Fault> {
    let found = grade::officer_grade(tx, officer, standing_in, organ)?;
    let named = |one: &OfficerId| *one == officer || Some(*one) == standing_in;
    Ok(found.map(|post| Standing {
        post,
        chief: ruled.chiefs.iter().any(named),
    }))
}

/// The newest legal review and the newest opinion of counsel on a case.
///
/// # Errors
/// As [`Tx::query`].
pub fn opinions(tx: &mut Tx<'_>, case: Uuid) -> Result<[Option<LegalOpinion>; 2], Fault> {
    let all = store::opinions(tx, case)?;
    let newest = |kind: OpinionKind| all.iter().find(|one| one.kind == kind).cloned();
    Ok([newest(OpinionKind::Legal), newest(OpinionKind::Counsel)])
}

/// Whether an opinion stands against a grant.
#[must_use]
pub fn stands_against(opinion: Option<&LegalOpinion>) -> bool {
    opinion.is_some_and(|one| one.conclusion == Conclusion::Disagree)
}

/// What the committee resolved on a case in a sitting that is closed; none before that.
///
/// # Errors
/// As [`Tx::query`].
pub fn resolution(tx: &mut Tx<'_>, case: Uuid) -> Result<Option<Outcome>, Fault> {
    for sitting in store::sittings_on(tx, case)? {
        if sitting.state != crate::model::SittingState::Closed {
            continue;
        }
        let outcome = sitting.on_agenda(case).and_then(|item| item.outcome);
        if let Some(Outcome::Agreed | Outcome::NotAgreed) = outcome {
            return Ok(outcome);
        }
    }
    Ok(None)
}
