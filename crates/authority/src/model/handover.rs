//! A handover 移交: a batch of cases or papers that passes from one organ or officer to another,
//! received or disputed line by line, and signed by both sides.

use jiff::civil::Date;
use kernel::{OfficerId, OrganId};
use ledger::Commitment;
use seal::Digest32;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// A handover of files 移交.
    HandoverId,
    "handover"
);

kernel::vocabulary! {
    /// How a handover stands.
    pub enum HandoverState {
        /// 已列单.
        Listed = "listed",
        /// 已移交: the giver signed.
        Handed = "handed",
        /// 已签收: the receiver signed.
        Signed = "signed",
    }
}

kernel::vocabulary! {
    /// How a line stands.
    pub enum LineState {
        /// 待签收.
        Waiting = "waiting",
        /// 已接收.
        Received = "received",
        /// 有异议.
        Disputed = "disputed",
    }
}

/// One side: an organ, and a certain officer where the files pass from hand to hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Side {
    /// The organ.
    pub organ: OrganId,
    /// The officer, where it is one in particular.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officer: Option<OfficerId>,
}

/// A line of the list: what it is stands beside the ledger, in the list's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// How it stands.
    pub state: LineState,
    /// What is wrong with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Commitment>,
}

/// A handover of files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handover {
    /// Its id.
    pub id: HandoverId,
    /// Who gives 移交方.
    pub giver: Side,
    /// Who receives 接收方.
    pub receiver: Side,
    /// How it stands.
    pub state: HandoverState,
    /// The list and the reason, as JSON.
    pub content: Commitment,
    /// The digest of the list as printed: whoever holds the paper can recompute it.
    pub digest: Digest32,
    /// The lines.
    pub lines: Vec<Line>,
    /// Whether the open tasks that the giving officer holds pass as well 在办任务随同移交.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tasks: bool,
    /// Who listed it.
    pub listed_by: OfficerId,
    /// Who signed for the giver, and when.
    pub handed: Option<(OfficerId, Date)>,
    /// Who signed for the receiver, and when.
    pub signed: Option<(OfficerId, Date)>,
}
