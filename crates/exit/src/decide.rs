//! Every rule of a licence's way out, and nothing else: no clock, no database, no HTTP.
//!
//! 撤回 rests on 行政许可法 8, 撤销 on 69, 注销 on 70; 吊销 is a penalty of another organ (80, 行政处罚法
//! 9) and only recorded. All four: told, heard, reviewed, decided by somebody else than who opened.
//! What state a certificate must be in is the certificate's own rule.

mod refusal;
mod rules;

use certificate::{CertificateId, ExitGround, ExitKind};
use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{Money, OfficerId, OrganId, PersonId};
use ledger::Commitment;
use serde::{Deserialize, Serialize};

pub use refusal::Refusal;

use crate::model::{DropGround, ExitSource};

/// An exit as it is opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// The certificate.
    pub certificate: CertificateId,
    /// Who holds it.
    pub holder: PersonId,
    /// Whose decision it was.
    pub organ: OrganId,
    /// The item.
    pub item: Uuid,
    /// Its version.
    pub item_version: u32,
    /// Which way, on what ground.
    pub ground: ExitGround,
    /// What set it going.
    pub source: ExitSource,
    /// When.
    pub on: Date,
    /// Who opened it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OfficerId>,
    /// In whose stead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing_in: Option<OfficerId>,
    /// Facts and reasons.
    pub findings: Commitment,
    /// The penalty decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub penalty: Option<Commitment>,
    /// Its date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub penalty_on: Option<Date>,
    /// The last day to state and to defend; none where the holder asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_by: Option<Date>,
}

/// What happened to a licence on its way out. No field holds a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// 启动并告知.
    Opened(Box<Opened>),
    /// 陈述、申辩.
    Stated {
        /// When.
        on: Date,
        /// Who.
        by: PersonId,
        /// What.
        words: Commitment,
    },
    /// 陈述、申辩期满, or given up.
    StatementsClosed {
        /// When.
        on: Date,
        /// Whether the holder gave the rest of the days up.
        waived: bool,
    },
    /// 要求听证, or ordered by the organ 依职权听证.
    HearingAsked {
        /// When.
        on: Date,
        /// Who asked; nobody where the organ ordered it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PersonId>,
    },
    /// The hearing has a record of its own.
    HearingOpened {
        /// That record.
        hearing: Uuid,
    },
    /// 听证结束.
    HearingClosed {
        /// When.
        on: Date,
        /// Who presided.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        presider: Option<OfficerId>,
        /// Whether it was held.
        held: bool,
    },
    /// 损失评估.
    Assessed {
        /// When.
        on: Date,
        /// Who.
        by: OfficerId,
        /// The loss.
        loss: Money,
        /// What is paid for it.
        compensation: Money,
        /// How it was reckoned.
        words: Commitment,
    },
    /// 法制审核.
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
        /// Whether it would gravely harm the public.
        barred: bool,
        /// In words.
        opinion: Commitment,
    },
    /// 决定退出.
    Decided {
        /// When.
        on: Date,
        /// Who.
        by: OfficerId,
        /// In words.
        reason: Commitment,
    },
    /// 终止: the licence stays.
    Dropped {
        /// When.
        on: Date,
        /// Who.
        by: OfficerId,
        /// On what ground.
        ground: DropGround,
        /// In words.
        reason: Commitment,
    },
    /// 补偿、赔偿已支付.
    Paid {
        /// When.
        on: Date,
        /// Who noted it.
        by: OfficerId,
    },
}

impl ledger::Event for Event {}

/// What can be asked of a licence on its way out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Command {
    /// State and defend.
    State {
        /// What.
        words: Commitment,
    },
    /// Give the rest of the days up.
    Waive,
    /// Ask for a hearing; an officer orders one.
    AskHearing,
    /// The hearing has a record of its own.
    OpenHearing {
        /// That record.
        hearing: Uuid,
    },
    /// The hearing ended.
    CloseHearing {
        /// Who presided.
        presider: Option<OfficerId>,
        /// Whether it was held.
        held: bool,
    },
    /// The days to state are over.
    CloseStatements,
    /// Assess loss and compensation.
    Assess {
        /// The loss.
        loss: Money,
        /// What is paid for it.
        compensation: Money,
        /// How it was reckoned.
        words: Commitment,
    },
    /// Review the law of it.
    Review {
        /// Whether it agrees.
        agreed: bool,
        /// Whether it would gravely harm the public.
        barred: bool,
        /// In words.
        opinion: Commitment,
    },
    /// Decide that the licence leaves.
    Decide {
        /// In words.
        reason: Commitment,
        /// Whether the decision says how it rests on the minutes.
        on_minutes: bool,
    },
    /// Decide that it stays.
    Drop {
        /// On what ground.
        ground: DropGround,
        /// In words.
        reason: Commitment,
    },
    /// Note that the compensation was paid.
    Pay,
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
        /// Whether they open: reviewers, legal reviewers and deciders.
        opens: bool,
        /// Whether they review the law of it.
        reviews: bool,
        /// Whether they decide.
        decides: bool,
    },
    /// What other rooms and the clock report.
    House,
}

/// What a decision needs to know beside the record and the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The day.
    pub today: Date,
    /// Who asks.
    pub who: Who,
}

/// What opening needs to know beside what is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Who asks.
    pub who: Who,
    /// Whether another exit of the certificate is under way.
    pub running: bool,
    /// Whether the penalty decision is the approving organ's own.
    pub own_penalty: bool,
}

/// Decides whether an exit may be opened, and as what.
///
/// # Errors
/// The rule that says no.
pub fn open(opened: Opened, known: &Known) -> Result<Event, Refusal> {
    match (opened.source, known.who) {
        (ExitSource::HolderRequest, Who::Holder(_)) => {
            let other = certificate::CancellationGround::OtherByLaw;
            if opened.ground != ExitGround::Cancellation(other) {
                return Err(Refusal::RequestOnlyCancels);
            }
        }
        (
            ExitSource::Officer | ExitSource::Report | ExitSource::Check,
            Who::Officer {
                organ, opens: true, ..
            },
        ) if organ == opened.organ => {}
        (_, Who::Holder(_)) => return Err(Refusal::RequestOnlyCancels),
        _ => return Err(Refusal::NotAnOpener),
    }
    if known.running {
        return Err(Refusal::AlreadyRunning);
    }
    if opened.ground.kind() == ExitKind::Penalty {
        match (opened.penalty, opened.penalty_on) {
            (Some(_), Some(day)) if opened.on < day => return Err(Refusal::PenaltyInFuture),
            (Some(_), Some(_)) if known.own_penalty => return Err(Refusal::PenaltyOwnOrgan),
            (Some(_), Some(_)) => {}
            _ => return Err(Refusal::PenaltyWithoutDecision),
        }
    }
    Ok(Event::Opened(Box::new(opened)))
}
