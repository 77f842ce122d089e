//! Every rule of an application at the front desk, and nothing else: no clock, no database, no
//! HTTP. The law is the administrative licence law 行政许可法, articles 29 to 32. `refusal` is how
//! the rules say no, `rules` the life of an application.

mod refusal;
mod rules;

use catalogue::ItemId;
use codes::CaseNumber;
use jiff::civil::Date;
use kernel::{Channel, OfficerId, OrganId, PersonId};
use ledger::Commitment;
use serde::{Deserialize, Serialize};

use crate::model::{Document, Notice};

pub use refusal::Refusal;

/// 行政许可法 32(1)(4): the whole list, once, within five working days.
pub const TELL_WORKDAYS: u32 = 5;
/// How long the applicant has for the corrections; asked for, not threatened: they may come later.
pub const CORRECT_WORKDAYS: u32 = 5;
/// More files than this are not one application.
pub const DOCUMENTS_MAX: usize = 200;

/// An application as it arrives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Received {
    /// The case number.
    pub number: CaseNumber,
    /// The query code.
    pub query_code: Commitment,
    /// The item.
    pub item: ItemId,
    /// The version of the item.
    pub version: u32,
    /// Position of the scenario in the item version.
    pub scenario: u16,
    /// Who applies.
    pub applicant: PersonId,
    /// Who acts for the applicant.
    pub agent: Option<PersonId>,
    /// The way in.
    pub channel: Channel,
    /// The answers to the form.
    pub answers: Commitment,
    /// What was handed in.
    pub documents: Vec<Document>,
    /// The day of receipt.
    pub received_on: Date,
    /// Last day to tell what is missing.
    pub tell_by: Date,
    /// When the hall means to answer.
    pub answer_by: Date,
    /// The department that decides.
    pub organ: OrganId,
    /// The hall.
    pub hall: OrganId,
    /// Whether people are to handle it 人工办理.
    #[serde(default, skip_serializing_if = "is_false")]
    pub by_hand: bool,
}

fn is_false(flag: &bool) -> bool {
    !*flag
}

/// What happened to an application. No field holds a text that people typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// 接件.
    Received(Box<Received>),
    /// 一次性告知.
    NoticeGiven(Notice),
    /// 补正: everything asked for came.
    Corrected {
        /// The day.
        on: Date,
        /// The answers as they are now, when they were corrected.
        answers: Option<Commitment>,
        /// What was handed in.
        documents: Vec<Document>,
        /// By when the hall must answer now.
        tell_by: Date,
    },
    /// 当场更正 (行政许可法 32(1)(3)).
    CorrectedOnTheSpot {
        /// The day.
        on: Date,
        /// The clerk who let the applicant correct.
        by: OfficerId,
        /// Which fields were corrected, from what to what.
        fields: Commitment,
        /// The answers as they are now.
        answers: Option<Commitment>,
        /// What was handed in.
        documents: Vec<Document>,
    },
    /// 受理.
    Accepted {
        /// The day.
        on: Date,
        /// Who accepted.
        by: OfficerId,
    },
    /// 按规则受理: the decision table of the item grants it (秒批, 无感审批).
    AcceptedByRule {
        /// The day.
        on: Date,
    },
    /// 不受理: no licence is needed.
    NotRequired {
        /// The day.
        on: Date,
        /// Who said so.
        by: OfficerId,
        /// Why.
        reason: Commitment,
    },
    /// 不予受理: not ours.
    NotAccepted {
        /// The day.
        on: Date,
        /// Who said so.
        by: OfficerId,
        /// The competent organ.
        competent: Commitment,
        /// Why.
        reason: Commitment,
    },
    /// 视为受理.
    DeemedAccepted {
        /// The day of receipt, from which the law counts.
        on: Date,
    },
    /// 撤件.
    WithdrawnByApplicant {
        /// The day.
        on: Date,
    },
    /// 容缺补交, or papers that a promise stood for until it was taken back.
    MadeUp {
        /// The day.
        on: Date,
        /// What was handed in.
        documents: Vec<Document>,
    },
    /// 补正不来办结.
    LapsedForCorrection {
        /// The day.
        on: Date,
        /// Who closed it.
        by: OfficerId,
    },
}

impl ledger::Event for Event {}

/// What can be asked of an application.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Accept it.
    Accept,
    /// Accept it by the decision table that grants it.
    AcceptByRule,
    /// Tell once, and whole, what is missing.
    GiveNotice {
        /// Materials asked for.
        missing: Vec<u16>,
        /// Whether answers must be corrected.
        form: bool,
        /// What is wrong and what to hand in.
        texts: Commitment,
    },
    /// Hand in what was asked for.
    Correct {
        /// The answers as they are now, when they were corrected.
        answers: Option<Commitment>,
        /// What is handed in.
        documents: Vec<Document>,
    },
    /// Correct at the window what can be corrected there.
    CorrectOnTheSpot {
        /// Which fields, from what to what.
        fields: Commitment,
        /// The answers as they are now.
        answers: Option<Commitment>,
        /// What is handed in.
        documents: Vec<Document>,
    },
    /// Say that no licence is needed.
    SayNotRequired {
        /// Why.
        reason: Commitment,
    },
    /// Say that another organ is competent.
    RefuseAcceptance {
        /// Which.
        competent: Commitment,
        /// Why.
        reason: Commitment,
    },
    /// The five working days are over.
    Deem,
    /// Take it back.
    Withdraw,
    /// Hand in after acceptance what a pledge owes.
    MakeUp {
        /// What is handed in.
        documents: Vec<Document>,
    },
    /// Close what was never corrected.
    Lapse,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// A clerk who sits at the front desk of the hall that took it in.
    FrontDesk(OfficerId),
    /// Any other officer.
    OtherOfficer,
    /// A person.
    Person(PersonId),
    /// The clock.
    Clock,
}

/// What a decision needs to know beside the record and the command.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// The day.
    pub today: Date,
    /// Who asks.
    pub who: Who,
    /// Materials that the scenario lists.
    pub listed: Vec<u16>,
    /// Those without which there is no acceptance: main ones, and secondary ones 容缺后补.
    pub required: Vec<u16>,
    /// Those that a pledge stands for: 容缺受理, 告知承诺.
    pub pledged: Vec<u16>,
    /// Those that a pledge owes after acceptance.
    pub owed: Vec<u16>,
    /// Five working days from today: to tell, or to correct.
    pub five_workdays_on: Date,
}

/// What is known when an application is handed in.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrival {
    /// Whether the item version is published and takes applications.
    pub item_open: bool,
    /// The age that the item asks for.
    pub age_min: Option<u32>,
    /// The age of the applicant; none for organisations.
    pub age: Option<i64>,
    /// Whether the agent holds a power of attorney that is in force.
    pub agent_authorised: bool,
    /// Materials that the scenario lists.
    pub listed: Vec<u16>,
}

/// Decides whether an application is taken in: promise 5, no case outside the list.
///
/// # Errors
/// The rule that says no.
pub fn receive(received: Received, arrival: &Arrival) -> Result<Event, Refusal> {
    if !arrival.item_open {
        return Err(Refusal::ItemClosed);
    }
    if received.agent.is_some() && !arrival.agent_authorised {
        return Err(Refusal::NoPowerOfAttorney);
    }
    if let (Some(age_min), Some(age)) = (arrival.age_min, arrival.age)
        && age < i64::from(age_min)
    {
        return Err(Refusal::UnderAge { age_min });
    }
    only_listed(&arrival.listed, &received.documents)?;
    Ok(Event::Received(Box::new(received)))
}

fn only_listed(listed: &[u16], documents: &[Document]) -> Result<(), Refusal> {
    if DOCUMENTS_MAX < documents.len() {
        return Err(Refusal::TooManyDocuments);
    }
    let stranger = documents.iter().map(|document| document.material);
    match stranger
        .into_iter()
        .find(|material| !listed.contains(material))
    {
        Some(material) => Err(Refusal::MaterialNotListed { material }),
        None => Ok(()),
    }
}
