//! Use cases of those who act for others: a clerk records the paper that was handed in, the
//! principal takes it back, and whether somebody may act in a matter.
//!
//! Deliberately absent: rules, which stand in `power`.

use catalogue::ItemId;
use db::Tx;
use identity::AgencyScope;
use kernel::{Fault, PersonId, Problem, TypedId};
use ledger::lifecycle::load_versioned;
use ledger::{FileStore, KeptFile, StoredFile, keep_file, keep_text};

use crate::decide::Refusal;
use crate::model::By;
use crate::power::{HandedIn, Power, PowerCommand, PowerEvent, PowerFacts, PowerId, may_record};
use crate::store;

/// Longest wording of what an agent may do, in characters.
pub const SCOPE_CHARS_MAX: usize = 500;

/// A paper that lies in the store and is to be named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// The stored content.
    pub stored: StoredFile,
    /// Its media type, as found by its content.
    pub media: String,
    /// Its name.
    pub name: String,
}

/// Records a power of attorney 授权委托书 whose original the clerk has seen; the right follows in
/// the same transaction.
///
/// # Errors
/// A [`Refusal`] or one of identity; [`Fault::Invalid`] for a wrong scope.
pub fn record_power(
    tx: &mut Tx<'_>,
    by: &By,
    new: &HandedIn,
    scope: &str,
    paper: &Paper,
) -> Result<PowerId, Fault> {
    let facts = facts(tx, by);
    let (clerk, hall) = may_record(new, &facts)?;
    let scope = kernel::text::bounded("scope", scope, SCOPE_CHARS_MAX);
    let scope = scope.map_err(|problem: Problem| Fault::Invalid(vec![problem]))?;
    let id: PowerId = tx.new_id();
    let principal = Some(new.principal);
    let kept = keep_file(tx, id, principal, &paper.stored, &paper.media, &paper.name)?;
    let from = facts.today;
    let matter = new.item.map(|item| AgencyScope::Item(item.uuid()));
    let matter = matter.unwrap_or(AgencyScope::EveryMatter);
    let days = (from, Some(new.until));
    let agency = identity::authorize(tx, new.principal, new.agent, Some(kept), matter, days)?;
    let recorded = PowerEvent::Recorded {
        agency,
        principal: new.principal,
        agent: new.agent,
        item: new.item,
        hall,
        original_seen_by: clerk,
        from,
        until: new.until,
        paper: kept,
        scope: keep_text(tx, id, principal, &scope)?,
    };
    ledger::open::<Power>(tx, id, vec![recorded])?;
    Ok(id)
}

/// The principal takes a power of attorney back 取消委托 (民法典 173(2)); the day itself still
/// counts.
///
/// # Errors
/// [`Fault::NotFound`] for everybody else.
pub fn end_power(tx: &mut Tx<'_>, by: &By, id: PowerId) -> Result<(), Fault> {
    let power = load_versioned::<Power>(tx, id)?.record;
    if *by != By::Person(power.principal) {
        return Err(Fault::NotFound { what: "power" });
    }
    let facts = facts(tx, by);
    let done = ledger::perform::<Power>(tx, id, PowerCommand::End, &facts)?;
    if done.events.is_empty() {
        return Ok(());
    }
    identity::end_agency(tx, power.agency, facts.today)
}

/// Whether a person may act for another in the matter of an item: for oneself always.
///
/// # Errors
/// [`Refusal::NoPowerOfAttorney`]; [`Refusal::OutsidePower`] when there are papers for other
/// matters alone.
pub fn may_act(
    tx: &mut Tx<'_>,
    agent: PersonId,
    principal: PersonId,
    item: ItemId,
) -> Result<(), Fault> {
    if identity::may_act_for(tx, agent, principal, Some(item.uuid()))? {
        return Ok(());
    }
    let held = identity::agencies(tx, agent)?;
    Err(
        match held.iter().any(|right| right.principal == principal) {
            true => Refusal::OutsidePower.into(),
            false => Refusal::NoPowerOfAttorney.into(),
        },
    )
}

/// The paper by which an agent acts for a principal in a matter: the newest that covers it.
///
/// # Errors
/// As [`Tx::query`].
pub fn power_behind(
    tx: &mut Tx<'_>,
    agent: PersonId,
    principal: PersonId,
    item: ItemId,
) -> Result<Option<Power>, Fault> {
    let mut powers = store::powers_between(tx, agent, principal)?;
    powers.retain(|power| power.covers(item));
    Ok(powers.pop())
}

/// The papers that a person gave and that are in force, the newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn powers_given(tx: &mut Tx<'_>, principal: PersonId) -> Result<Vec<Power>, Fault> {
    let today = tx.today();
    let mut powers = store::powers_given(tx, principal)?;
    powers.retain(|power| power.ended_on.is_none() && today <= power.until);
    Ok(powers)
}

/// The paper itself, for the front desk of the hall that took it.
///
/// # Errors
/// [`Fault::NotFound`] for everybody else, and when it was erased.
pub fn power_paper(tx: &mut Tx<'_>, by: &By, id: PowerId) -> Result<(KeptFile, Vec<u8>), Fault> {
    let found = match by {
        By::Clerk { hall, .. } => store::power_of_hall(tx, *hall, id)?,
        By::Person(_) | By::Other => None,
    };
    let power = found.ok_or(Fault::NotFound { what: "power" })?;
    let kept = ledger::files::get_file(tx, power.paper.file)?;
    let content = tx.thing::<FileStore>()?.get(&kept.address)?;
    Ok((kept, content))
}

fn facts(tx: &Tx<'_>, by: &By) -> PowerFacts {
    PowerFacts {
        today: tx.today(),
        by: *by,
    }
}
