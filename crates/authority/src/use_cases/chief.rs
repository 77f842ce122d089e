//! 首席审批服务官: appointed with a list, the list changed, dismissed; each time with a sealed paper.

use catalogue::ItemId;
use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, OfficerId, OrganId};
use ledger::lifecycle::{apply, load_versioned};
use web::Officer;

use super::{facts, grade, is_own, items_of_codes, keep_words};
use crate::decide::chief::{Checked, Command, appoint as decide_appointment};
use crate::model::{ChiefApprovalOfficer, ChiefId, ListVersion};
use crate::{papers, store};

/// An appointment as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChief {
    /// For which organ.
    pub organ: OrganId,
    /// Who.
    pub officer: OfficerId,
    /// The codes of the items.
    pub items: String,
    /// The legal ground.
    pub ground: String,
    /// The first day.
    pub from: Date,
    /// The last day, if there is one.
    pub until: Option<Date>,
}

/// Appoints a chief approval officer.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] for an unknown item or an empty ground.
pub fn appoint(tx: &mut Tx<'_>, by: &Officer, new: &NewChief) -> Result<ChiefId, Fault> {
    identity::officer(tx, new.officer)?;
    let id: ChiefId = tx.new_id();
    let items = items_of_codes(tx, "items", &new.items)?;
    let list = ListVersion {
        from: new.from,
        ground: keep_words(tx, id, "ground", &new.ground)?,
        items,
        by: by.id,
    };
    let checked = checked(tx, new.organ, new.officer, None, &list.items)?;
    let facts = facts(tx, by)?;
    let event = decide_appointment(new.organ, new.officer, list, new.until, checked, &facts)?;
    let done = ledger::open::<ChiefApprovalOfficer>(tx, id, vec![event])?;
    papers::appointment(tx, &done.record)?;
    Ok(id)
}

/// Changes the list from a day on.
///
/// # Errors
/// As [`appoint`].
pub fn relist(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: ChiefId,
    items: &str,
    ground: &str,
    from: Date,
) -> Result<(), Fault> {
    let old = load_versioned::<ChiefApprovalOfficer>(tx, id)?;
    let items = items_of_codes(tx, "items", items)?;
    let list = ListVersion {
        from,
        ground: keep_words(tx, id, "ground", ground)?,
        items,
        by: by.id,
    };
    let (organ, officer) = (old.record.organ, old.record.officer);
    let checked = checked(tx, organ, officer, Some(id), &list.items)?;
    let facts = facts(tx, by)?;
    let done = apply(tx, old, Command::List { list, checked }, &facts)?;
    papers::appointment(tx, &done.record).map(|_| ())
}

/// Dismisses: `until` is the last day.
///
/// # Errors
/// The rule that says no.
pub fn dismiss(tx: &mut Tx<'_>, by: &Officer, id: ChiefId, until: Date) -> Result<(), Fault> {
    let facts = facts(tx, by)?;
    ledger::perform::<ChiefApprovalOfficer>(tx, id, Command::Dismiss { until }, &facts).map(|_| ())
}

/// An appointment.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn chief(tx: &mut Tx<'_>, id: ChiefId) -> Result<ChiefApprovalOfficer, Fault> {
    Ok(load_versioned::<ChiefApprovalOfficer>(tx, id)?.record)
}

/// Every appointment, ended ones too.
///
/// # Errors
/// As [`Tx::query`].
pub fn chiefs(tx: &mut Tx<'_>, organ: Option<OrganId>) -> Result<Vec<ChiefApprovalOfficer>, Fault> {
    store::chiefs(tx, organ)
}

fn checked(
    tx: &mut Tx<'_>,
    organ: OrganId,
    officer: OfficerId,
    own: Option<ChiefId>,
    items: &[ItemId],
) -> Result<Checked, Fault> {
    let today = tx.today();
    let others = store::chiefs_on(tx, organ, today)?;
    let others = others.iter().filter(|one| Some(one.id) != own);
    let mut known = Checked {
        decides: grade::officer_grade(tx, officer, None, organ)?.is_some(),
        ..Checked::default()
    };
    for other in others {
        known.appointed |= other.officer == officer;
        let newest = other.lists.last();
        let listed = |item: &ItemId| newest.is_some_and(|list| list.items.contains(item));
        known.elsewhere |= items
            .iter()
            .any(|item| listed(item) || other.signs(*item, today));
    }
    for item in items {
        known.foreign |= !is_own(tx, organ, *item)?;
    }
    Ok(known)
}
