//! The nouns of a case 办件: its state, its open tasks, its limits, and who did what.
//!
//! Deliberately absent: rules (see `decide`), columns (see `store`), names of people.

mod clock;
mod code;
mod task;

use std::collections::BTreeSet;
use std::sync::Arc;

use calendar::PauseKind;
use jiff::civil::{Date, DateTime};
use kernel::uuid::Uuid;
use kernel::{OfficerId, OrganId, PersonId};
use ledger::{Commitment, FileCommitment};
use serde::{Deserialize, Serialize};

pub use clock::{ARTICLE_EXTENSION, ClockFacts, Dues, Longer, Term};
pub use code::Code;
pub use task::{CO_TASK_FIRST, Duty, Opening, Place, Task};

pub use crate::Role;

kernel::id!(
    /// A case 办件.
    CaseId,
    "case"
);

kernel::vocabulary! {
    /// How a case stands.
    pub enum Status {
        /// 办理中.
        Handling = "handling",
        /// 特别程序, the clock stands (许可法 45).
        Paused = "paused",
        /// 准予, not handed out yet.
        Granted = "granted",
        /// 不予许可, not handed out yet.
        Refused = "refused",
        /// 已送达.
        Delivered = "delivered",
        /// 申请人撤回.
        Withdrawn = "withdrawn",
        /// 办结, by a process that hands nothing out.
        Closed = "closed",
        /// 已归档.
        Archived = "archived",
    }
}

impl Status {
    /// Whether nothing can happen to it any more but filing.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(
            self,
            Self::Delivered | Self::Withdrawn | Self::Closed | Self::Archived
        )
    }

    /// Whether it has not been decided yet.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Handling | Self::Paused)
    }
}

kernel::vocabulary! {
    /// What was decided 决定.
    pub enum Verdict {
        /// 准予许可.
        Granted = "granted",
        /// 不予许可.
        Refused = "refused",
    }
}

kernel::vocabulary! {
    /// How a decision table granted a case 按规则准予.
    pub enum RuleWay {
        /// 秒批: at once, on an application.
        Instant = "instant",
        /// 无感审批: on what the hall knows of the party, without an application.
        Silent = "silent",
    }
}

kernel::vocabulary! {
    /// How a result is handed out 送达方式.
    pub enum Method {
        /// 窗口领取, with an identity check and a signature or a code.
        Counter = "counter",
        /// 邮寄, with the tracking number.
        Post = "post",
        /// 网上下载.
        Online = "online",
    }
}

/// Who did a duty in this case: what separation is judged by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hand {
    /// Which duty.
    pub duty: Duty,
    /// At which task; 0 for what happened before the case.
    pub task: u16,
    /// Who.
    pub by: OfficerId,
    /// In whose stead (AB 角): the record shows both.
    #[serde(rename = "for", default, skip_serializing_if = "Option::is_none")]
    pub standing_in: Option<OfficerId>,
}

/// A case 办件.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// The application it came from.
    pub application: Uuid,
    /// 办件编号.
    pub number: Code,
    /// The item.
    pub item: Uuid,
    /// The item version, kept for life.
    pub version: u32,
    /// The procedure it follows.
    pub procedure: Code,
    /// What comes out, e.g. `licence`; none for a mere decision.
    pub result: Option<Code>,
    /// 申请人.
    pub applicant: PersonId,
    /// 委托代理人.
    pub agent: Option<PersonId>,
    /// 牵头机关.
    pub organ: OrganId,
    /// 政务服务中心.
    pub hall: OrganId,
    /// 协办机关.
    pub consulted: Vec<OrganId>,
    /// How it stands.
    pub status: Status,
    /// What was decided.
    pub verdict: Option<Verdict>,
    /// Where it stands in its process.
    pub marking: Code,
    /// Its open tasks.
    pub tasks: Vec<Task>,
    /// Who did what.
    pub hands: Vec<Hand>,
    /// What its clock follows from.
    pub clock: ClockFacts,
    /// 承诺与法定办结日.
    pub dues: Dues,
    /// The day on which handling began.
    pub opened_on: Date,
    /// The day of the decision.
    pub decided_on: Option<Date>,
    /// 送达期限 (许可法 44).
    pub delivery_due: Option<Date>,
    /// The day on which it was over.
    pub closed_on: Option<Date>,
    /// 绿色通道: whether it goes before others.
    pub priority: bool,
    /// 超时默认: whether silence granted it.
    pub tacit: bool,
    /// 按规则准予: how a decision table granted it; none where people decided.
    pub ruled: Option<RuleWay>,
    /// By when what silence or a table granted is to be checked.
    pub check_due: Option<Date>,
}

impl Case {
    /// The open task of this number.
    #[must_use]
    pub fn task(&self, number: u16) -> Option<&Task> {
        self.tasks.iter().find(|task| task.number == number)
    }

    /// The organ of a place.
    #[must_use]
    pub fn organ_at(&self, place: Place) -> OrganId {
        match place {
            Place::Lead => self.organ,
            Place::Hall => self.hall,
            Place::Co(number) => {
                let asked = self.consulted.get(usize::from(number));
                asked.copied().unwrap_or(self.organ)
            }
        }
    }

    /// Whether a person may see it as theirs.
    #[must_use]
    pub fn belongs_to(&self, person: PersonId) -> bool {
        self.applicant == person || self.agent == Some(person)
    }
}

/// What a case is opened with. Everything in it was checked by the rooms beneath.
#[derive(Debug, Clone, PartialEq)]
pub struct NewCase {
    /// The application's raw id.
    pub application: Uuid,
    /// 办件编号.
    pub number: Code,
    /// The item's raw id.
    pub item: Uuid,
    /// The item version.
    pub version: u32,
    /// The name of the procedure.
    pub procedure: Code,
    /// What comes out of it.
    pub result: Option<Code>,
    /// 法定时限.
    pub statutory: Term,
    /// 承诺时限.
    pub promised: Term,
    /// 申请人.
    pub applicant: PersonId,
    /// 委托代理人.
    pub agent: Option<PersonId>,
    /// Who accepted it; nobody when acceptance was deemed (许可法 32).
    pub accepted_by: Option<OfficerId>,
    /// Whom the accepter stood in for.
    pub accepted_for: Option<OfficerId>,
    /// When it was accepted: the clock's start.
    pub accepted_at: DateTime,
    /// 牵头机关.
    pub organ: OrganId,
    /// 政务服务中心.
    pub hall: OrganId,
    /// 协办机关.
    pub consulted: Vec<OrganId>,
}

/// What somebody says when finishing a task.
#[derive(Debug, Clone, PartialEq)]
pub struct Completion {
    /// Which task.
    pub task: u16,
    /// 结论.
    pub outcome: Option<Code>,
    /// 意见.
    pub opinion: Option<Commitment>,
    /// 附件.
    pub files: Vec<FileCommitment>,
    /// 不予许可的理由、依据和救济途径 (许可法 38).
    pub grounds: Option<Commitment>,
    /// Why a decision departs from what the approval committee resolved.
    pub departure: Option<Commitment>,
    /// How the decision rests on the minutes of a hearing (许可法 48).
    pub minutes: Option<Commitment>,
}

/// How the result was handed out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// By which way.
    pub method: Method,
    /// Whether the receiver's identity was checked, at the counter.
    pub identity_checked: bool,
    /// The signature or code at the counter, or the tracking number of the post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Commitment>,
}

/// A special procedure 特别程序 as an item lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Special {
    /// Which.
    pub kind: PauseKind,
    /// The longest that it may take, in working days.
    pub days_max: u32,
}

/// A pause that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPause {
    /// What the item lists; an item that lists nothing leaves it to the law.
    pub listed: Vec<Special>,
    /// Which special procedure.
    pub kind: PauseKind,
    /// How long it is expected to take, told to the applicant in writing.
    pub expected_days: u32,
    /// Why.
    pub reason: Commitment,
}

/// An officer at a seat, as the rules see one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doer {
    /// Who.
    pub officer: OfficerId,
    /// In whose stead (AB 角).
    pub standing_in: Option<OfficerId>,
    /// For which organ.
    pub organ: OrganId,
    /// What their post may do.
    pub roles: BTreeSet<Role>,
    /// What other organs entrusted or left to this one 赋权、委托, today.
    pub delegated: Vec<Delegated>,
}

/// An item that another organ entrusted or left to the officer's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delegated {
    /// The organ that has the power by law.
    pub organ: OrganId,
    /// The item's raw id.
    pub item: Uuid,
}

impl Doer {
    /// Whether they may act for an organ on an item: their own, or one that gave it to them.
    #[must_use]
    pub fn sits_for(&self, organ: OrganId, item: Uuid) -> bool {
        self.organ == organ || self.delegated.contains(&Delegated { organ, item })
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asker {
    /// An officer at a seat.
    Officer(Doer),
    /// The applicant or their agent.
    Person(PersonId),
    /// The clock, or the roof.
    System,
}

/// A procedure ready to run.
pub type Procedure = Arc<procedure::Edition>;
