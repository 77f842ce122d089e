//! Every rule of a pledge, and nothing else: no clock, no database, no HTTP.
//!
//! 容缺受理 and 告知承诺 rest on 优化营商环境条例 19 and on the list that the item version publishes;
//! the consequences of a false promise on 行政许可法 69 and 78.

mod refusal;
mod rules;

use catalogue::ItemId;
use codes::CaseNumber;
use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{OfficerId, OrganId, PersonId};
use ledger::Commitment;
use serde::{Deserialize, Serialize};

pub use refusal::Refusal;

use crate::model::PledgeKind;

/// A pledge as it is signed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// What is pledged.
    pub kind: PledgeKind,
    /// The application.
    pub application: Uuid,
    /// The item.
    pub item: ItemId,
    /// Its version.
    pub version: u32,
    /// Who is bound.
    pub applicant: PersonId,
    /// Who signed online.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<PersonId>,
    /// The clerk who took the signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<OfficerId>,
    /// The department that decides.
    pub organ: OrganId,
    /// Materials.
    pub materials: Vec<u16>,
    /// Fields whose truth is promised.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<u16>,
    /// What was told and promised.
    pub words: Commitment,
    /// When.
    pub on: Date,
    /// Working days to make up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub make_up_days: Option<u32>,
    /// Working days to check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_days: Option<u32>,
}

/// What happened to a pledge. No field holds a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// 签署.
    Signed(Box<Signed>),
    /// 撤回承诺, before acceptance.
    Retracted {
        /// When.
        on: Date,
    },
    /// The application was accepted on it.
    Accepted {
        /// The case number.
        number: CaseNumber,
        /// When.
        on: Date,
        /// By when the papers are owed, for 容缺受理.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Date>,
    },
    /// 撤回承诺 after acceptance: the papers that it stood for are owed.
    PapersOwed {
        /// When.
        on: Date,
        /// By when.
        due: Date,
    },
    /// 补交.
    HandedIn {
        /// When.
        on: Date,
        /// Which.
        materials: Vec<u16>,
    },
    /// 逾期未补, 视为撤回申请.
    Lapsed {
        /// When.
        on: Date,
    },
    /// The matter was granted on the promise.
    Granted {
        /// When.
        on: Date,
        /// By whom.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<OfficerId>,
        /// By when it is to be checked.
        due: Date,
    },
    /// The check did not come in time.
    CheckOverdue {
        /// First day that is late.
        on: Date,
    },
    /// 核查属实.
    Kept {
        /// When.
        on: Date,
        /// Who checked.
        by: OfficerId,
        /// What was found.
        finding: Commitment,
    },
    /// 限期整改.
    RectificationAsked {
        /// When.
        on: Date,
        /// Who checked.
        by: OfficerId,
        /// What was found.
        finding: Commitment,
        /// By when.
        due: Date,
    },
    /// 承诺不实.
    Broken {
        /// When.
        on: Date,
        /// Who checked.
        by: OfficerId,
        /// What was found.
        finding: Commitment,
    },
    /// 信用修复.
    Mended {
        /// When.
        on: Date,
        /// Who decided.
        by: OfficerId,
        /// Why.
        reason: Commitment,
    },
    /// The application ended without a grant.
    Voided {
        /// When.
        on: Date,
    },
}

impl ledger::Event for Event {}

kernel::vocabulary! {
    /// What a check answers.
    pub enum Found {
        /// It is as promised.
        True = "true",
        /// It can be put right.
        Rectifiable = "rectifiable",
        /// It is not as promised.
        False = "false",
    }
}

/// What can be asked of a pledge.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Take the promise back.
    Retract,
    /// The application was accepted.
    Accept {
        /// The case number.
        number: CaseNumber,
    },
    /// Hand in what is owed.
    HandIn {
        /// Which materials.
        materials: Vec<u16>,
    },
    /// The time to hand in is over.
    Lapse,
    /// The matter was decided.
    Decide {
        /// Whether granted.
        granted: bool,
        /// By whom.
        by: Option<OfficerId>,
    },
    /// The time to check is over.
    NoteOverdue,
    /// Say what the check found.
    Check {
        /// What.
        found: Found,
        /// In words.
        finding: Commitment,
    },
    /// Open the route again.
    Mend {
        /// Why.
        reason: Commitment,
    },
    /// The application ended.
    Void,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// A person.
    Person(PersonId),
    /// An officer.
    Officer {
        /// Who.
        officer: OfficerId,
        /// In whose stead.
        standing_in: Option<OfficerId>,
        /// Of which department.
        organ: OrganId,
        /// Whether they check: reviewers and supervisors.
        checks: bool,
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
    /// The day so many working days from today as the version gives for making up.
    pub make_up_on: Date,
    /// The day so many working days from today as the version gives for checking.
    pub check_on: Date,
}

/// What the published list, and the record of the applicant, say of a pledge to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Whether the version publishes the mode for this scenario.
    pub published: bool,
    /// Whether the item touches safety, health or property directly.
    pub safety: bool,
    /// Materials that the mode lists and this scenario asks for, as the mode wants them.
    pub materials: Vec<u16>,
    /// Whether a promise of this applicant was found false and not mended.
    pub broken: bool,
    /// Whether the same was signed for this application already.
    pub signed: bool,
}

/// Decides whether a pledge may be signed: a mode is used within its published list or not at all.
///
/// # Errors
/// The rule that says no.
pub fn sign(signed: Signed, listed: &Listed) -> Result<Event, Refusal> {
    let kind = signed.kind;
    if !listed.published {
        return Err(Refusal::NotPublished { kind });
    }
    if kind == PledgeKind::Promise && listed.safety {
        return Err(Refusal::SafetyItem);
    }
    if kind == PledgeKind::Promise && listed.broken {
        return Err(Refusal::RouteLost);
    }
    if listed.signed {
        return Err(Refusal::AlreadySigned);
    }
    let outside = |material: &&u16| !listed.materials.contains(material);
    if let Some(material) = signed.materials.iter().find(outside) {
        return Err(Refusal::NotOnList {
            kind,
            material: *material,
        });
    }
    let mut seen = signed.materials.clone();
    seen.sort_unstable();
    seen.dedup();
    if seen.len() != signed.materials.len() {
        return Err(Refusal::NamedTwice);
    }
    if signed.materials.is_empty() && signed.fields.is_empty() {
        return Err(Refusal::NothingPledged);
    }
    Ok(Event::Signed(Box::new(signed)))
}
