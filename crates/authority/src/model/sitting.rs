//! A sitting of the approval committee 审批委员会: agenda, presence, recusals, votes, resolutions.

use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{OfficerId, OrganId};
use ledger::Commitment;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// A sitting of the approval committee 审批委员会会议.
    SittingId,
    "sitting"
);

kernel::vocabulary! {
    /// How a sitting stands.
    pub enum SittingState {
        /// 已召集: cases may be put on the agenda.
        Called = "called",
        /// 开会中: a quorum is present.
        Open = "open",
        /// 已闭会: the minutes are drawn, its resolutions bind.
        Closed = "closed",
    }
}

kernel::vocabulary! {
    /// A vote.
    pub enum Vote {
        /// 赞成.
        For = "for",
        /// 反对.
        Against = "against",
        /// 弃权.
        Abstain = "abstain",
    }
}

kernel::vocabulary! {
    /// What the committee resolved on a case.
    pub enum Outcome {
        /// 同意准予.
        Agreed = "agreed",
        /// 不同意准予.
        NotAgreed = "not_agreed",
        /// 缓议: nothing was resolved.
        Deferred = "deferred",
    }
}

/// One member's vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoteCast {
    /// Who.
    pub member: OfficerId,
    /// How.
    pub vote: Vote,
}

/// A case on the agenda 议题.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgendaItem {
    /// The case.
    pub case: Uuid,
    /// Who accepted or reviewed it: they report and do not vote.
    pub handled: Vec<OfficerId>,
    /// The paper that reports on it 汇报材料.
    pub paper: Commitment,
    /// Who stepped aside 回避.
    pub recused: Vec<OfficerId>,
    /// The votes, in the order in which they were given.
    pub votes: Vec<VoteCast>,
    /// What was resolved.
    pub outcome: Option<Outcome>,
}

impl AgendaItem {
    /// How many voted so.
    #[must_use]
    pub fn count(&self, vote: Vote) -> usize {
        self.votes.iter().filter(|cast| cast.vote == vote).count()
    }

    /// Whether a member may vote on it.
    #[must_use]
    pub fn may_vote(&self, member: OfficerId) -> bool {
        !self.recused.contains(&member) && !self.handled.contains(&member)
    }
}

/// A sitting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommitteeSitting {
    /// Its id.
    pub id: SittingId,
    /// Of which organ.
    pub organ: OrganId,
    /// When it meets.
    pub on: Date,
    /// Which one of the organ's on that day 当日第几次, counted from 1: a later one speaks last.
    #[serde(default = "first", skip_serializing_if = "is_first")]
    pub number: u32,
    /// How it stands.
    pub state: SittingState,
    /// Who presides 主持人.
    pub chair: OfficerId,
    /// Who keeps the minutes 记录人.
    pub secretary: OfficerId,
    /// Who belongs to it, the chair among them.
    pub members: Vec<OfficerId>,
    /// How many must be there and able to vote.
    pub quorum: u32,
    /// Who is there.
    pub present: Vec<OfficerId>,
    /// The cases.
    pub agenda: Vec<AgendaItem>,
    /// What the minutes say beside the votes.
    pub remarks: Option<Commitment>,
}

/// The number of the only sitting of a day; those of before there were numbers have it.
pub(crate) fn first() -> u32 {
    1
}

/// Whether a number goes without saying.
pub(crate) fn is_first(number: &u32) -> bool {
    *number == first()
}

impl CommitteeSitting {
    /// A case on the agenda.
    #[must_use]
    pub fn on_agenda(&self, case: Uuid) -> Option<&AgendaItem> {
        self.agenda.iter().find(|one| one.case == case)
    }

    /// Who is there and may vote on a case.
    pub fn voters<'s>(&'s self, item: &'s AgendaItem) -> impl Iterator<Item = OfficerId> + 's {
        let present = self.present.iter().copied();
        present.filter(|member| item.may_vote(*member))
    }
}
