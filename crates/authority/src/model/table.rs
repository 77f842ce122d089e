//! The authority table 分级授权表: item × grade × amount, in versions, each with its first day and
//! its legal ground.
//!
//! Deliberately absent: which line applies to a case (see `rule`).

use catalogue::ItemId;
use catalogue::model::kind::ItemType;
use jiff::civil::Date;
use kernel::{OfficerId, OrganId};
use ledger::Commitment;
use serde::{Deserialize, Serialize};

use super::Grade;

kernel::id!(
    /// A version of an authority table 分级授权表.
    TableId,
    "authority_table"
);

kernel::vocabulary! {
    /// How a version stands.
    pub enum TableState {
        /// 拟定中.
        Draft = "draft",
        /// 已施行, from its first day to its last.
        Adopted = "adopted",
    }
}

/// A version of an organ's table. Its lines are kept beside the ledger, as one text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorityTable {
    /// Its id.
    pub id: TableId,
    /// Whose it is.
    pub organ: OrganId,
    /// Counts from 1 within the organ.
    pub number: u32,
    /// How it stands.
    pub state: TableState,
    /// Who wrote it last.
    pub drafter: OfficerId,
    /// Who put it into force.
    pub adopter: Option<OfficerId>,
    /// Its first day.
    pub from: Option<Date>,
    /// Its last day, once another version follows.
    pub until: Option<Date>,
    /// What it says: a [`TableText`] as JSON.
    pub content: Commitment,
}

impl AuthorityTable {
    /// Whether it binds on a day.
    #[must_use]
    pub fn in_force(&self, on: Date) -> bool {
        self.state == TableState::Adopted
            && self.from.is_some_and(|from| from <= on)
            && self.until.is_none_or(|until| on <= until)
    }
}

/// What a version says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableText {
    /// The ground of the whole 依据, e.g. the rules of the organ and the meeting that passed them.
    pub ground: String,
    /// Its lines, in the order in which they were written.
    pub rows: Vec<AuthorityGrant>,
}

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Every item of the organ.
    All,
    /// Every item of a type 事项类型.
    Type(ItemType),
    /// One item.
    Item(ItemId),
}

/// Between which amounts a line applies: above the one, up to and with the other. In hundredths of
/// the unit of the form's field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// The field of the application form that names the amount.
    pub field: String,
    /// More than this; none from nothing on.
    pub above: Option<i64>,
    /// Up to and with this; none without end.
    pub up_to: Option<i64>,
}

impl Bounds {
    /// Whether an amount lies within.
    #[must_use]
    pub fn holds(&self, amount: i64) -> bool {
        self.above.is_none_or(|above| above < amount)
            && self.up_to.is_none_or(|up_to| amount <= up_to)
    }
}

/// 分级授权: who may decide what, and what has to come before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorityGrant {
    /// What it is about.
    pub scope: Scope,
    /// Between which amounts; always, where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Bounds>,
    /// The lowest grade that may decide.
    pub grade: Grade,
    /// Whether the approval committee 审批委员会 has to resolve on it first.
    pub committee: bool,
    /// Whether a legal review 法制审核 has to come first.
    pub legal: bool,
    /// Whether counsel 法律顾问 has to give an opinion first.
    pub counsel: bool,
    /// Its legal ground.
    pub ground: String,
}
