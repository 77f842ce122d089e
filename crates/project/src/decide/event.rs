//! What can happen to a bundle, and how one begins. Events are promises: public for ever, no text.

use case::{CaseId, Code};
use intake::ApplicationId;
use jiff::civil::Date;
use kernel::{OfficerId, OrganId, PersonId};
use ledger::Commitment;
use serde::{Deserialize, Serialize};

use crate::model::{PartPlan, PartStatus, ProjectId, Reminder, Stance};
use crate::theme::{Absence, CheckKind, Join};

/// What can happen to a bundle. Past tense, no free text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// One application was handed in for all items.
    HandedIn(Box<HandedIn>),
    /// The land was awarded 土地成交: what was looked at before now counts.
    Awarded {
        /// The day.
        on: Date,
    },
    /// A part was handed in to the front desk.
    PartReceived {
        /// Which.
        part: u16,
        /// Its application.
        application: ApplicationId,
        /// The day.
        on: Date,
    },
    /// A part could not be handed in by itself.
    PartFailed {
        /// Which.
        part: u16,
        /// The day.
        on: Date,
    },
    /// A part was accepted; its case began.
    PartOpened {
        /// Which.
        part: u16,
        /// Its case.
        case: CaseId,
        /// The day.
        on: Date,
    },
    /// A special procedure began.
    PartStopped {
        /// Which.
        part: u16,
        /// First day that does not count.
        on: Date,
    },
    /// A special procedure ended.
    PartResumed {
        /// Which.
        part: u16,
        /// First day that counts.
        on: Date,
    },
    /// A part was decided, or is not pursued any more.
    PartEnded {
        /// Which.
        part: u16,
        /// How.
        status: PartStatus,
        /// The day.
        on: Date,
    },
    /// A department was asked.
    OpinionAsked {
        /// The number.
        number: u16,
        /// Whom.
        organ: OrganId,
        /// The day.
        on: Date,
        /// The last day to answer.
        due: Date,
        /// What, beyond the papers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        question: Option<Commitment>,
    },
    /// It answered; late, when silence was noted before.
    OpinionGiven {
        /// The number.
        number: u16,
        /// What it says.
        stance: Stance,
        /// In which words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<Commitment>,
        /// Who.
        by: OfficerId,
        /// The day.
        on: Date,
        /// Whether the limit was over.
        late: bool,
    },
    /// Nobody answered: no objection, and the record says so.
    OpinionLapsed {
        /// The number.
        number: u16,
        /// The day.
        on: Date,
    },
    /// The lead pressed 催办.
    Reminded(Reminder),
    /// The day of the visit was fixed.
    VisitPlanned {
        /// The day of the visit.
        visit_on: Date,
        /// By whom.
        by: OfficerId,
    },
    /// The joint check was held, with one conclusion.
    CheckHeld {
        /// The list, ticked off.
        marks: Vec<bool>,
        /// The conclusion.
        passed: bool,
        /// What it says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<Commitment>,
        /// By whom.
        by: OfficerId,
        /// The day.
        on: Date,
    },
    /// The whole is done.
    Concluded {
        /// Whether it passed.
        passed: bool,
        /// The day.
        on: Date,
    },
}

impl ledger::Event for Event {}

/// How a bundle began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandedIn {
    /// 联办编号.
    pub number: Code,
    /// The theme.
    pub theme: Code,
    /// Its version.
    pub theme_version: u32,
    /// The project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<ProjectId>,
    /// 申请人.
    pub applicant: PersonId,
    /// 委托代理人.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<PersonId>,
    /// 牵头部门.
    pub lead: OrganId,
    /// 政务服务中心.
    pub hall: OrganId,
    /// When it is done.
    pub join: Join,
    /// What silence means.
    pub absence: Absence,
    /// The limit of the whole.
    pub limit_days: u32,
    /// The joint check and how long its list is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<(CheckKind, u16)>,
    /// Whether it is looked at before the land is awarded.
    pub pre_review: bool,
    /// Whether a clerk took it in at the counter.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_counter: bool,
    /// The day.
    pub on: Date,
    /// Its parts.
    pub parts: Vec<PartPlan>,
}
