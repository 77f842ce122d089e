//! The nouns of the room: a minor offence 轻微违法 that was found, and how it stands. No text that
//! people typed: what was found, taught and decided are commitments.

use jiff::civil::Date;
use kernel::{OfficerId, OrganId, PersonId};
use ledger::Commitment;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// A minor offence.
    OffenceId,
    "offence"
);

kernel::vocabulary! {
    /// What an offence did.
    pub enum Harm {
        /// 没有造成危害后果.
        None = "none",
        /// 危害后果轻微.
        Slight = "slight",
        /// More than that.
        Serious = "serious",
    }
}

kernel::vocabulary! {
    /// What the law says of an offence 裁量结论 (行政处罚法 33).
    pub enum Outcome {
        /// 不予处罚: minor, corrected, no harm (33(1) first sentence).
        ShallNot = "shall_not",
        /// 可以不予处罚: first, slight harm, corrected (33(1) second sentence).
        MayNot = "may_not",
        /// 依法处罚: neither.
        Punishable = "punishable",
    }
}

kernel::vocabulary! {
    /// How an offence stands.
    pub enum OffenceStatus {
        /// 已立案.
        Opened = "opened",
        /// 已裁量.
        Assessed = "assessed",
        /// 不予处罚.
        Spared = "spared",
        /// 转一般程序.
        Ordinary = "ordinary",
        /// 回访正常.
        Settled = "settled",
        /// 回访发现再犯.
        Relapsed = "relapsed",
    }
}

/// What was found of an offence, by which the law decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// Whether the condition of the list is met 违法行为轻微.
    pub minor: bool,
    /// What it did.
    pub harm: Harm,
    /// Whether it was put right in time 及时改正.
    pub corrected: bool,
    /// Whether it is the first within the period 初次违法.
    pub first: bool,
}

impl Assessment {
    /// What the law says (行政处罚法 33(1)).
    #[must_use]
    pub fn outcome(self) -> Outcome {
        match self {
            Self {
                minor: true,
                harm: Harm::None,
                corrected: true,
                ..
            } => Outcome::ShallNot,
            Self {
                harm: Harm::None | Harm::Slight,
                corrected: true,
                first: true,
                ..
            } => Outcome::MayNot,
            _ => Outcome::Punishable,
        }
    }
}

/// A minor offence.
#[derive(Debug, Clone, PartialEq)]
pub struct Offence {
    /// Its id.
    pub id: OffenceId,
    /// The act, by its number in the list.
    pub entry: u16,
    /// Who did it.
    pub party: PersonId,
    /// The organ that found it.
    pub organ: OrganId,
    /// How it stands.
    pub status: OffenceStatus,
    /// When it was found.
    pub found_on: Date,
    /// Who handles it.
    pub handler: OfficerId,
    /// What was found.
    pub facts: Commitment,
    /// What it was assessed as.
    pub assessment: Option<Assessment>,
    /// What the law says of it.
    pub outcome: Option<Outcome>,
    /// What was taught 教育记录.
    pub education: Option<Commitment>,
    /// When.
    pub educated_on: Option<Date>,
    /// Who decided.
    pub decider: Option<OfficerId>,
    /// When.
    pub decided_on: Option<Date>,
    /// Why.
    pub reason: Option<Commitment>,
    /// By when somebody looks again 回访.
    pub due: Option<Date>,
    /// What that found.
    pub finding: Option<Commitment>,
}
