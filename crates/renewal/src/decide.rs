//! Every rule of a renewal, and nothing else: no clock, no database, no HTTP.
//!
//! 行政许可法 50: asked for thirty days before the end; what is not decided before the end counts as
//! renewed. 无感延续 goes by the list that the item publishes, over what the hall knows, never for a
//! safety item, and the holder may say no.

mod refusal;
mod rules;

use certificate::CertificateId;
use jiff::ToSpan;
use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{OfficerId, OrganId, PersonId};
use ledger::Commitment;
use serde::{Deserialize, Serialize};

pub use refusal::Refusal;

use crate::model::RenewalCheck;

/// Days before its end until which a renewal is asked for (行政许可法 50).
pub const ASK_DAYS: i32 = 30;

/// A licence as it begins to be watched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watched {
    /// The certificate.
    pub certificate: CertificateId,
    /// Who holds it.
    pub holder: PersonId,
    /// Who issued it.
    pub organ: OrganId,
    /// The item.
    pub item: Uuid,
    /// Its last day.
    pub expires_on: Date,
    /// Until when it would run on.
    pub until: Date,
    /// When.
    pub on: Date,
}

/// What happened to a renewal. No field holds a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// 即将到期: the holder is told.
    Watched(Box<Watched>),
    /// 拟无感延续.
    Proposed {
        /// When.
        on: Date,
        /// What the hall looked at in its own data.
        checks: Vec<RenewalCheck>,
        /// The last day to say no.
        say_no_by: Date,
        /// Working days to check it afterwards.
        check_days: u32,
    },
    /// 不同意无感延续.
    Declined {
        /// When.
        on: Date,
        /// Who.
        by: PersonId,
    },
    /// The hall's own data changed: nothing is renewed in silence.
    ProposalDropped {
        /// When.
        on: Date,
        /// What speaks against it.
        check: RenewalCheck,
    },
    /// 无感延续.
    RenewedSilently {
        /// When.
        on: Date,
        /// The last day to check it.
        check_due: Date,
    },
    /// 申请延续.
    Asked {
        /// When.
        on: Date,
        /// Who.
        by: PersonId,
        /// What they state.
        statement: Commitment,
    },
    /// 审查.
    Reviewed {
        /// When.
        on: Date,
        /// Who.
        by: OfficerId,
        /// In whose stead.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        standing_in: Option<OfficerId>,
        /// Whether it agrees.
        agreed: bool,
        /// In words.
        opinion: Commitment,
    },
    /// 准予延续.
    Granted {
        /// When.
        on: Date,
        /// Who.
        by: OfficerId,
    },
    /// 不予延续.
    Refused {
        /// When.
        on: Date,
        /// Who.
        by: OfficerId,
        /// Why.
        reason: Commitment,
    },
    /// 视为准予延续: who let it lapse answers for it.
    Deemed {
        /// First day that the old certificate would not have covered.
        on: Date,
        /// The organ that did not decide.
        organ: OrganId,
        /// Who had it last, where somebody had.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        held_by: Option<OfficerId>,
    },
    /// The check of a silent renewal.
    Checked {
        /// When.
        on: Date,
        /// Who.
        by: OfficerId,
        /// Whether it stands.
        upheld: bool,
        /// In words.
        finding: Commitment,
    },
    /// That check did not come in time.
    CheckOverdue {
        /// First day that is late.
        on: Date,
    },
    /// It ended unrenewed, or in another way.
    Ended {
        /// When.
        on: Date,
    },
}

impl ledger::Event for Event {}

/// What can be asked of a renewal.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Propose to renew in silence.
    Propose,
    /// Say no to that.
    Decline,
    /// Renew in silence, or drop the proposal.
    RenewSilently,
    /// Ask for it.
    Ask {
        /// What is stated.
        statement: Commitment,
    },
    /// Review it.
    Review {
        /// Whether it agrees.
        agreed: bool,
        /// In words.
        opinion: Commitment,
    },
    /// Grant it.
    Grant,
    /// Refuse it.
    Refuse {
        /// Why.
        reason: Commitment,
    },
    /// The last day is over.
    Lapse,
    /// Say what the check found.
    Check {
        /// Whether it stands.
        upheld: bool,
        /// In words.
        finding: Commitment,
    },
    /// The days to check are over.
    NoteOverdue,
    /// The certificate ended in another way.
    End,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The holder, or who may act for them.
    Holder(PersonId),
    /// An officer.
    Officer {
        /// Who.
        officer: OfficerId,
        /// In whose stead.
        standing_in: Option<OfficerId>,
        /// Of which organ.
        organ: OrganId,
        /// Whether they review.
        reviews: bool,
        /// Whether they decide.
        decides: bool,
    },
    /// The clock, and what other rooms report.
    House,
}

/// What the item publishes of silent renewal, and what the hall knows of this licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence {
    /// Whether the version in force publishes it.
    pub listed: bool,
    /// Whether the item touches safety, health or property directly.
    pub safety: bool,
    /// What speaks against it in the hall's own data.
    pub fails: Option<RenewalCheck>,
    /// The last day to say no, if it were proposed today.
    pub say_no_by: Date,
    /// Working days to check it afterwards.
    pub check_days: u32,
    /// The last day to check it, if it were renewed today.
    pub check_due: Date,
}

/// What a decision needs to know beside the record and the command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The day.
    pub today: Date,
    /// Who asks.
    pub who: Who,
    /// What is known of silent renewal.
    pub silence: Silence,
}

/// The last day to ask for a renewal.
#[must_use]
pub fn ask_by(expires_on: Date) -> Date {
    expires_on.saturating_sub(ASK_DAYS.days())
}
