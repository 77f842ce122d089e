//! What the larger events of a case say: how it began, how it moved on, how silence granted it.

use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{OfficerId, OrganId, PersonId};
use ledger::{Commitment, FileCommitment};
use serde::{Deserialize, Serialize};

use crate::model::{ClockFacts, Code, Delivery, Dues, Duty, Hand, Opening, Role, Term, Verdict};

/// How a case began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// The application.
    pub application: Uuid,
    /// 办件编号.
    pub number: Code,
    /// The item.
    pub item: Uuid,
    /// Its version.
    pub version: u32,
    /// The procedure.
    pub procedure: Code,
    /// What comes out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Code>,
    /// 申请人.
    pub applicant: PersonId,
    /// 委托代理人.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<PersonId>,
    /// 牵头机关.
    pub organ: OrganId,
    /// 政务服务中心.
    pub hall: OrganId,
    /// 协办机关.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consulted: Vec<OrganId>,
    /// Who accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Hand>,
    /// The clock.
    pub clock: ClockFacts,
    /// Its dates.
    pub dues: Dues,
    /// When.
    pub on: Date,
    /// Where it stands.
    pub marking: Code,
    /// The first tasks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opened: Vec<Opening>,
    /// Service tasks that were carried out at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<u16>,
}

/// A finished task, or a timer of the process, and what it led to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advanced {
    /// When.
    pub on: Date,
    /// The task or the timer.
    pub task: u16,
    /// Who, for a task that an officer finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OfficerId>,
    /// In whose stead (AB 角).
    #[serde(rename = "for", default, skip_serializing_if = "Option::is_none")]
    pub standing_in: Option<OfficerId>,
    /// 结论.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Code>,
    /// 意见.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opinion: Option<Commitment>,
    /// 附件.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileCommitment>,
    /// The grounds of a refusal (许可法 38).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grounds: Option<Commitment>,
    /// Why it departs from what the approval committee resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub departure: Option<Commitment>,
    /// How it rests on the minutes of a hearing (许可法 48).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<Commitment>,
    /// The decision, when this was it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// By when it is to be handed out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_due: Option<Date>,
    /// How it was handed out, when this was it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// Where the case stands now; empty when the process is over.
    pub marking: Code,
    /// Tasks that this opened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opened: Vec<Opening>,
    /// Service tasks that were carried out at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<u16>,
}

/// A promise was taken back: the case goes the ordinary way from its beginning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rerouted {
    /// When.
    pub on: Date,
    /// The procedure now.
    pub procedure: Code,
    /// The limit that is promised now.
    pub promised: Term,
    /// The dates now.
    pub dues: Dues,
    /// Where it stands.
    pub marking: Code,
    /// The tasks that are open now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opened: Vec<Opening>,
    /// Service tasks that were carried out at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<u16>,
}

/// A task that was not done in time, and who answers for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answerable {
    /// Which.
    pub task: u16,
    /// What was to be done.
    pub duty: Duty,
    /// Where.
    pub organ: OrganId,
    /// At which desk.
    pub role: Role,
    /// Who held it; none when nobody had taken it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_by: Option<OfficerId>,
}

/// 超时默认: the promised time ran out on an item that lists it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tacit {
    /// When.
    pub on: Date,
    /// What was not done, and by whom.
    pub answerable: Vec<Answerable>,
    /// By when it is to be checked.
    pub check_due: Date,
    /// By when it is to be handed out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_due: Option<Date>,
    /// Where it stands.
    pub marking: Code,
    /// The tasks that are open now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opened: Vec<Opening>,
    /// Service tasks that were carried out at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<u16>,
}
