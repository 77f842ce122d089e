//! 首席审批服务官: a named officer and the list of items whose decisions they sign.

use catalogue::ItemId;
use jiff::civil::Date;
use kernel::{OfficerId, OrganId};
use ledger::Commitment;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// An appointment as chief approval officer 首席审批服务官.
    ChiefId,
    "chief_officer"
);

/// A version of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListVersion {
    /// Its first day.
    pub from: Date,
    /// The items whose decisions the officer signs.
    pub items: Vec<ItemId>,
    /// The legal ground.
    pub ground: Commitment,
    /// Who decided it.
    pub by: OfficerId,
}

/// A chief approval officer, with every version of the list 清单式动态管理.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChiefApprovalOfficer {
    /// The id of the appointment.
    pub id: ChiefId,
    /// For which organ.
    pub organ: OrganId,
    /// Who.
    pub officer: OfficerId,
    /// The lists, the oldest first; counted from 1.
    pub lists: Vec<ListVersion>,
    /// The last day, if there is one.
    pub until: Option<Date>,
}

impl ChiefApprovalOfficer {
    /// The list in force on a day.
    #[must_use]
    pub fn list(&self, on: Date) -> Option<&ListVersion> {
        let ended = self.until.is_some_and(|until| until < on);
        let begun = self.lists.iter().rev().find(|list| list.from <= on);
        begun.filter(|_| !ended)
    }

    /// Whether the officer signs decisions on an item on a day.
    #[must_use]
    pub fn signs(&self, item: ItemId, on: Date) -> bool {
        self.list(on).is_some_and(|list| list.items.contains(&item))
    }

    /// The last day of a version: the day before the next one, or the last of all.
    #[must_use]
    pub fn last_day(&self, number: usize) -> Option<Date> {
        let next = self.lists.get(number + 1);
        let before = next.and_then(|next| next.from.yesterday().ok());
        before.or(self.until)
    }
}
