//! Every rule of a hearing, and nothing else: no clock, no database, no HTTP.
//!
//! 行政许可法 46–48: the right is told, asked for within five working days, held within twenty,
//! announced seven working days ahead, public, free of charge; who examined the matter does not
//! preside; the minutes are signed, and the decision rests on them.

mod refusal;
mod rules;

use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{OfficerId, OrganId, PersonId};
use ledger::Commitment;
use serde::{Deserialize, Serialize};

pub use refusal::Refusal;

use crate::model::{ClosedGround, HearingStatus, Subject};

/// Working days to ask for a hearing (行政许可法 47).
pub const ASK_DAYS: u32 = 5;
/// Working days to hold it (行政许可法 47).
pub const HOLD_DAYS: u32 = 20;
/// Working days that its time and place are told ahead (行政许可法 48(1), 82).
pub const NOTICE_DAYS: u32 = 7;

/// A hearing as its record begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begun {
    /// What it is about.
    pub subject: Subject,
    /// Which organ holds it.
    pub organ: OrganId,
    /// Who is heard.
    pub party: PersonId,
    /// The item whose matter it is; its raw id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<Uuid>,
    /// When.
    pub on: Date,
    /// The last day to ask for it; none where it was asked for or ordered already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask_by: Option<Date>,
    /// The last day to hold it; none where it was not asked for yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_by: Option<Date>,
}

/// What happened to a hearing. No field holds a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// 告知权利, or asked for at once.
    Begun(Box<Begun>),
    /// 要求听证.
    Asked {
        /// When.
        on: Date,
        /// Who.
        by: PersonId,
        /// The last day to hold it.
        hold_by: Date,
    },
    /// 逾期未要求.
    Lapsed {
        /// When.
        on: Date,
    },
    /// 通知时间、地点、主持人.
    Scheduled {
        /// When.
        on: Date,
        /// Who arranged it.
        by: OfficerId,
        /// The day of the hearing.
        day: Date,
        /// The minute of that day.
        minute: u16,
        /// Where.
        place: Commitment,
        /// Who presides.
        presider: OfficerId,
        /// Why it is not public.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        closed_for: Option<ClosedGround>,
    },
    /// 申请回避.
    RecusalAsked {
        /// When.
        on: Date,
        /// Who.
        by: PersonId,
        /// Why.
        reason: Commitment,
    },
    /// 回避决定.
    RecusalDecided {
        /// When.
        on: Date,
        /// Who decided.
        by: OfficerId,
        /// Whether the presider steps aside.
        granted: bool,
    },
    /// 更换主持人.
    PresiderNamed {
        /// When.
        on: Date,
        /// Who named them.
        by: OfficerId,
        /// Who presides now.
        presider: OfficerId,
    },
    /// 举行, minutes taken.
    Held {
        /// When.
        on: Date,
        /// Who presided.
        by: OfficerId,
        /// The minutes.
        minutes: Commitment,
    },
    /// 逾期未举行: it should have been held.
    LateNoted {
        /// First day that is late.
        on: Date,
    },
    /// 签署笔录.
    Signed {
        /// When.
        on: Date,
        /// Who.
        by: PersonId,
    },
    /// 拒绝签署, noted by the presider.
    SigningRefused {
        /// When.
        on: Date,
        /// Who noted it.
        by: OfficerId,
    },
    /// 放弃听证.
    GivenUp {
        /// When.
        on: Date,
        /// Whether the party stayed away.
        absent: bool,
    },
}

impl ledger::Event for Event {}

/// What can be asked of a hearing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Command {
    /// Ask for it.
    Ask,
    /// The days to ask are over.
    Lapse,
    /// Arrange it.
    Schedule {
        /// The day.
        day: Date,
        /// The minute of that day.
        minute: u16,
        /// Where.
        place: Commitment,
        /// Who presides.
        presider: OfficerId,
        /// Why it is not public.
        closed_for: Option<ClosedGround>,
    },
    /// Ask the presider to step aside.
    AskRecusal {
        /// Why.
        reason: Commitment,
    },
    /// Decide on that.
    DecideRecusal {
        /// Whether they step aside.
        granted: bool,
    },
    /// Name another presider.
    NamePresider {
        /// Who.
        presider: OfficerId,
    },
    /// Hold it and take the minutes.
    Hold {
        /// The minutes.
        minutes: Commitment,
    },
    /// The party stayed away.
    NoteAbsence,
    /// Sign the minutes.
    Sign,
    /// Note that the party refuses to sign.
    RefuseToSign,
    /// Give it up.
    GiveUp,
    /// The days to hold it are over.
    NoteLate,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Who is heard, or who may act for them.
    Party(PersonId),
    /// An officer.
    Officer {
        /// Who.
        officer: OfficerId,
        /// In whose stead.
        standing_in: Option<OfficerId>,
        /// Of which organ.
        organ: OrganId,
        /// Whether they arrange: reviewers, legal reviewers and deciders.
        arranges: bool,
        /// Whether they decide on recusal.
        decides: bool,
    },
    /// The clock.
    House,
}

/// What a decision needs to know beside the record and the command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The day.
    pub today: Date,
    /// Who asks.
    pub who: Who,
    /// The first day that is so many working days ahead as the notice must be.
    pub notice_from: Date,
    /// The last day to hold it when it is asked for today.
    pub hold_by: Date,
    /// Whether the day that is asked for is a working day.
    pub works: bool,
    /// Who examined the matter, deputies included.
    pub involved: Vec<OfficerId>,
    /// Whether the presider that is named serves in the organ, and does what presiders do.
    pub serves: bool,
}

/// What is known before the right is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Whether the matter is still undecided.
    pub undecided: bool,
    /// How the last hearing on it stands.
    pub last: Option<HearingStatus>,
    /// Whether the asker arranges hearings for the organ; the roof does.
    pub arranges: bool,
}

/// Decides whether the right may be told, or a hearing begun.
///
/// # Errors
/// The rule that says no.
pub fn begin(begun: Begun, known: Known) -> Result<Event, Refusal> {
    if !known.arranges {
        return Err(Refusal::NotAnArranger);
    }
    if !known.undecided {
        return Err(Refusal::Decided);
    }
    match known.last {
        Some(last) if last.is_open() => Err(Refusal::AlreadyOpen),
        Some(HearingStatus::Concluded) => Err(Refusal::HeldBefore),
        _ => Ok(Event::Begun(Box::new(begun))),
    }
}
