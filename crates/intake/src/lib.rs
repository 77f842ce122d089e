//! Intake 收件受理: a person finds an item, answers the form, hands in materials and gets a receipt;
//! the front desk accepts, tells once what is missing, or says that it is not needed or not ours.
//!
//! Reading order: `model` (nouns), `decide` (every rule), `store` (all SQL).
//! Deliberately absent: what happens after acceptance, which is the business of the case room;
//! it follows the events `Accepted` and `DeemedAccepted` by way of the roof's flow.

pub mod decide;
pub mod model;
mod store;

pub use decide::{Command, Event, Received, Refusal};
pub use model::{
    Application, ApplicationId, CaseFacts, Document, Notice, Receipt, Settled, Status,
};

use db::Tx;
use kernel::Fault;

/// The room's name.
pub const ROOM: &str = "intake";

/// The room's tables.
pub const MIGRATIONS: &[db::Migration] = &[db::Migration {
    room: ROOM,
    number: 1,
    sql: include_str!("../migrations/0001_intake.sql"),
}];

/// An application.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn application(tx: &mut Tx<'_>, id: ApplicationId) -> Result<Application, Fault> {
    Ok(ledger::lifecycle::load_versioned::<Application>(tx, id)?.record)
}
