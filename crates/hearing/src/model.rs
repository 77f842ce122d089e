//! The nouns of the room: a hearing 听证, what it is about and how it stands. No text that people
//! typed: place, minutes and grounds are commitments.

use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{OfficerId, OrganId, PersonId};
use ledger::Commitment;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// A hearing 听证.
    HearingId,
    "hearing"
);

kernel::vocabulary! {
    /// What a hearing is about.
    pub enum SubjectKind {
        /// 办件: a licence that is applied for.
        Case = "case",
        /// 行政许可退出: a licence that is to be taken away.
        Exit = "exit",
    }
}

/// What a hearing is about: a case or an exit, by its raw id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Which kind.
    pub kind: SubjectKind,
    /// Its id.
    pub id: Uuid,
}

kernel::vocabulary! {
    /// How a hearing stands.
    pub enum HearingStatus {
        /// 已告知权利.
        Offered = "offered",
        /// 已要求, to be arranged.
        Asked = "asked",
        /// 已通知时间地点.
        Scheduled = "scheduled",
        /// 已举行, the minutes wait to be signed.
        Held = "held",
        /// 笔录已签署: the decision rests on it.
        Concluded = "concluded",
        /// 逾期未要求.
        Lapsed = "lapsed",
        /// 放弃听证: given up, or absent without cause.
        GivenUp = "given_up",
    }
}

impl HearingStatus {
    /// Whether a decision must wait for it.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(
            self,
            Self::Offered | Self::Asked | Self::Scheduled | Self::Held
        )
    }
}

kernel::vocabulary! {
    /// Why a hearing is not public (行政许可法 48(3): 听证应当公开举行).
    pub enum ClosedGround {
        /// 国家秘密.
        StateSecret = "state_secret",
        /// 商业秘密.
        TradeSecret = "trade_secret",
        /// 个人隐私.
        Privacy = "privacy",
    }
}

/// A hearing.
#[derive(Debug, Clone, PartialEq)]
pub struct Hearing {
    /// Its id.
    pub id: HearingId,
    /// What it is about.
    pub subject: Subject,
    /// Which organ holds it.
    pub organ: OrganId,
    /// Who is heard.
    pub party: PersonId,
    /// The item whose matter it is; its raw id.
    pub item: Option<Uuid>,
    /// How it stands.
    pub status: HearingStatus,
    /// When the right was told.
    pub offered_on: Option<Date>,
    /// The last day to ask for it.
    pub ask_by: Option<Date>,
    /// When it was asked for.
    pub asked_on: Option<Date>,
    /// The last day to hold it.
    pub hold_by: Option<Date>,
    /// The day of the hearing.
    pub day: Option<Date>,
    /// The minute of that day at which it begins.
    pub minute: Option<u16>,
    /// Where.
    pub place: Option<Commitment>,
    /// Who presides.
    pub presider: Option<OfficerId>,
    /// Why it is not public.
    pub closed_for: Option<ClosedGround>,
    /// Why the party wants the presider to step aside.
    pub recusal: Option<Commitment>,
    /// Whether that is undecided.
    pub recusal_open: bool,
    /// Since when it should have been held.
    pub late_since: Option<Date>,
    /// Who came and what was said, as JSON.
    pub minutes: Option<Commitment>,
    /// When it was held.
    pub held_on: Option<Date>,
    /// When the party signed the minutes.
    pub signed_on: Option<Date>,
    /// Whether the party refused to sign.
    pub refused_to_sign: bool,
    /// When it was over.
    pub closed_on: Option<Date>,
}

impl Hearing {
    /// Whether there are minutes on which a decision rests.
    #[must_use]
    pub fn was_held(&self) -> bool {
        self.status == HearingStatus::Concluded
    }

    /// The hour as printed.
    #[must_use]
    pub fn hour(&self) -> String {
        self.minute.map_or_else(String::new, |minute| {
            format!("{}:{:02}", minute / 60, minute % 60)
        })
    }
}
