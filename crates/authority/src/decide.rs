//! Every rule of the room's records, and nothing else: no clock, no database, no HTTP. One module a
//! record; they share the refusals, because one page shows them all.

pub mod chief;
pub mod handover;
pub mod opinion;
pub mod power;
mod refusal;
pub mod sitting;
pub mod table;

use jiff::civil::Date;
use kernel::OfficerId;

pub use refusal::Refusal;

use crate::model::Acting;

/// What every decision of this room needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The legal day.
    pub today: Date,
    /// Who asks.
    pub by: Acting,
}

impl Facts {
    /// The officer who acts in person: votes and signatures are nobody else's.
    fn in_person(&self) -> Result<OfficerId, Refusal> {
        if self.by.standing_in.is_some() {
            return Err(Refusal::NoProxy);
        }
        Ok(self.by.officer)
    }
}
