//! Erasing what the hall holds of a person 个人信息删除 (个人信息保护法 47): who asked, who did it,
//! when, and how much; never what it said.
//!
//! The person asks, the security administrator carries it out. What stands in the way and what
//! every room forgets is asked through [`Rooms`], which the roof lends. Deliberately absent:
//! erasing a part only, and erasing what an organisation is called, which is no personal data.

pub mod decide;
mod model;

use std::sync::Arc;

use db::Tx;
use kernel::{Fault, PersonId};
use ledger::Lifecycle;
use ledger::lifecycle::{apply, load_versioned};

pub use decide::{ErasureCommand, ErasureEvent, ErasureFacts, ErasureRefusal};
pub use model::{Bar, Erased, Erasure, ErasureId, ErasureStatus, Obstacle};

use crate::administration::require;
use crate::decide::Act;
use crate::store;

/// What an erasure asks of all rooms.
pub trait Rooms: Send + Sync {
    /// Every matter of a person that stands in the way.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn obstacles(&self, tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Obstacle>, Fault>;

    /// Forgets a person in every room; answers how much that was.
    ///
    /// # Errors
    /// As [`Tx::execute`].
    fn forget(&self, tx: &mut Tx<'_>, person: PersonId) -> Result<Erased, Fault>;
}

/// The rooms as they are lent: `db.lend(Arc::new(identity::erasure::EveryRoom(…)))`.
pub struct EveryRoom(pub Arc<dyn Rooms>);

/// What stands in the way of erasing a person today.
///
/// # Errors
/// As [`Tx::query`].
pub fn obstacles(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Obstacle>, Fault> {
    tx.thing::<EveryRoom>()?.0.obstacles(tx, person)
}

/// Asks for erasure. With something in the way the request is recorded as refused at once.
///
/// # Errors
/// [`Fault::NotFound`]; the rule that says no.
pub fn ask(tx: &mut Tx<'_>, person: PersonId) -> Result<Erasure, Fault> {
    let kind = crate::person(tx, person)?.kind;
    let earlier = store::erasures_of(tx, person)?;
    let facts = facts(tx, person)?;
    let events = decide::ask(person, kind, &earlier, &facts)?;
    let id = tx.new_id();
    Ok(ledger::open::<Erasure>(tx, id, events)?.record)
}

/// Takes one's own request back.
///
/// # Errors
/// [`Fault::NotFound`], also for the request of somebody else; the rule that says no.
pub fn withdraw(tx: &mut Tx<'_>, person: PersonId, id: ErasureId) -> Result<Erasure, Fault> {
    let old = load_versioned::<Erasure>(tx, id)?;
    if old.record.person != person {
        return Err(Fault::NotFound { what: "erasure" });
    }
    let facts = ErasureFacts {
        today: tx.today(),
        obstacles: Vec::new(),
    };
    Ok(apply(tx, old, ErasureCommand::Withdraw, &facts)?.record)
}

/// Erases the person of a request in every room, unless something stands in the way.
///
/// # Errors
/// [`Fault::NotFound`]; `identity.not_your_act`, or the rule that says no.
pub fn carry_out(tx: &mut Tx<'_>, id: ErasureId) -> Result<Erasure, Fault> {
    require(tx, Act::Erase)?;
    let old = load_versioned::<Erasure>(tx, id)?;
    let person = old.record.person;
    let facts = facts(tx, person)?;
    // Asked before anything is gone: a refusal must not depend on rolling back.
    let nothing_yet = ErasureCommand::CarryOut(Erased::default());
    old.record.decide(nothing_yet, &facts)?;
    let erased = tx.thing::<EveryRoom>()?.0.forget(tx, person)?;
    Ok(apply(tx, old, ErasureCommand::CarryOut(erased), &facts)?.record)
}

/// Erases a person on a request that came by other ways, e.g. on paper: their open request, or
/// one that is opened now.
///
/// # Errors
/// As [`carry_out`]; refused with everything that stands in the way.
pub fn erase_now(tx: &mut Tx<'_>, person: PersonId) -> Result<Erasure, Fault> {
    require(tx, Act::Erase)?;
    let id = match store::waiting_erasure(tx, person)? {
        Some(waiting) => waiting,
        None => {
            let standing = obstacles(tx, person)?;
            if !standing.is_empty() {
                return Err(ErasureRefusal::MattersStand(standing).into());
            }
            ask(tx, person)?.id
        }
    };
    carry_out(tx, id)
}

/// A request.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn erasure(tx: &mut Tx<'_>, id: ErasureId) -> Result<Erasure, Fault> {
    Ok(load_versioned::<Erasure>(tx, id)?.record)
}

/// The requests of a person, the newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn of_person(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Erasure>, Fault> {
    store::erasures_of(tx, person)
}

/// All requests, the newest first, before a seek key.
///
/// # Errors
/// As [`Tx::query`].
pub fn all(tx: &mut Tx<'_>, before: Option<ErasureId>, most: usize) -> Result<Vec<Erasure>, Fault> {
    store::erasures(tx, before, most)
}

fn facts(tx: &mut Tx<'_>, person: PersonId) -> Result<ErasureFacts, Fault> {
    Ok(ErasureFacts {
        today: tx.today(),
        obstacles: obstacles(tx, person)?,
    })
}
