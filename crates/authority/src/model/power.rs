//! Powers that move 赋权: an organ entrusts items to another, or a regulation gives them to it.

use catalogue::ItemId;
use jiff::civil::Date;
use kernel::{OfficerId, OrganId};
use ledger::Commitment;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// Powers that moved 赋权、委托.
    PowerId,
    "delegation"
);

kernel::vocabulary! {
    /// By which form powers move.
    pub enum PowerForm {
        /// 委托 (行政许可法 24): in the name of the organ that entrusts, and no further.
        Entrusted = "entrusted",
        /// 赋权、下放 by law, regulation or rule (行政许可法 23): in the own name.
        Conferred = "conferred",
    }
}

/// Items that an organ gave to a lower level or a park 赋权、下放、市县同权.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PowerDelegation {
    /// Its id.
    pub id: PowerId,
    /// The organ that has the power by law.
    pub from_organ: OrganId,
    /// The organ that receives it.
    pub to_organ: OrganId,
    /// How.
    pub form: PowerForm,
    /// Which items; several together are a whole chain 一整件事完整链条赋权.
    pub items: Vec<ItemId>,
    /// The first day.
    pub from: Date,
    /// The last day, if there is one.
    pub until: Option<Date>,
    /// What the chain is called and the legal ground, as JSON.
    pub words: Commitment,
    /// Who entered it.
    pub by: OfficerId,
    /// The last day before it was taken back 收回.
    pub recalled: Option<Date>,
    /// Why it was taken back.
    pub recall_reason: Option<Commitment>,
}

impl PowerDelegation {
    /// The last day on which it holds.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        match (self.until, self.recalled) {
            (Some(until), Some(recalled)) => Some(until.min(recalled)),
            (until, recalled) => until.or(recalled),
        }
    }

    /// Whether it holds on a day.
    #[must_use]
    pub fn in_force(&self, on: Date) -> bool {
        self.from <= on && self.last_day().is_none_or(|last| on <= last)
    }
}
