//! What the legal reviewer and counsel say before a major decision 重大事项法制审核.

use jiff::civil::Date;
use kernel::OfficerId;
use kernel::uuid::Uuid;
use ledger::Commitment;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// A legal opinion on a case.
    OpinionId,
    "legal_opinion"
);

kernel::vocabulary! {
    /// Whose opinion it is.
    pub enum OpinionKind {
        /// 法制审核: by the legal reviewer of the organ.
        Legal = "legal",
        /// 法律顾问意见: by counsel, filed by the legal reviewer.
        Counsel = "counsel",
    }
}

kernel::vocabulary! {
    /// What it comes to.
    pub enum Conclusion {
        /// 同意.
        Agree = "agree",
        /// 修改后同意.
        Amend = "amend",
        /// 不同意.
        Disagree = "disagree",
    }
}

/// A legal opinion. It is said once; whoever thinks better of it says another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalOpinion {
    /// Its id.
    pub id: OpinionId,
    /// On which case.
    pub case: Uuid,
    /// Counts from 1 within the case.
    pub number: u32,
    /// Whose.
    pub kind: OpinionKind,
    /// What it comes to.
    pub conclusion: Conclusion,
    /// Who gave or filed it.
    pub by: OfficerId,
    /// In whose stead.
    pub standing_in: Option<OfficerId>,
    /// When.
    pub on: Date,
    /// In words; for counsel with the name.
    pub words: Commitment,
}
