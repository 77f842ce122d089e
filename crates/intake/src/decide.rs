//! Every rule of an application at the front desk, and nothing else: no clock, no database, no
//! HTTP. The law is the administrative licence law 行政许可法, articles 29 to 32.

use catalogue::ItemId;
use codes::CaseNumber;
use jiff::civil::Date;
use kernel::fault::Param;
use kernel::{Channel, OfficerId, OrganId, PersonId};
use ledger::{Commitment, Lifecycle};
use serde::{Deserialize, Serialize};

use crate::model::{Application, ApplicationId, Document, Notice, Settled, Status};

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
    /// Those without which there is no acceptance.
    pub required: Vec<u16>,
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

/// How a rule says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Only a clerk of the front desk may.
    NotFrontDesk,
    /// Only the applicant or the agent may.
    NotYours,
    /// It was answered already.
    AlreadyAnswered,
    /// The one notice was given already.
    AlreadyTold,
    /// Five working days have passed: it is accepted by law.
    ToldTooLate {
        /// The last day.
        tell_by: Date,
    },
    /// A notice that asks for nothing.
    NothingMissing,
    /// A material that the item version does not list.
    MaterialNotListed {
        /// Its position.
        material: u16,
    },
    /// A material that is required is not there.
    Incomplete {
        /// How many are missing.
        missing: usize,
    },
    /// Something that was asked for is still missing.
    StillMissing {
        /// How many.
        missing: usize,
    },
    /// Nothing was asked for.
    NothingAsked,
    /// The applicant has been told and has not answered yet.
    WaitingForCorrection,
    /// Complete as asked: it must be accepted.
    MustAccept,
    /// The time for corrections is not over.
    TooEarlyToLapse {
        /// When it is.
        due: Date,
    },
    /// The item takes no applications.
    ItemClosed,
    /// The applicant is too young.
    UnderAge {
        /// The age asked for.
        age_min: u32,
    },
    /// The agent has no power of attorney.
    NoPowerOfAttorney,
    /// Too many files.
    TooManyDocuments,
}

impl kernel::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFrontDesk => "intake.not_front_desk",
            Self::NotYours => "intake.not_yours",
            Self::AlreadyAnswered => "intake.already_answered",
            Self::AlreadyTold => "intake.already_told",
            Self::ToldTooLate { .. } => "intake.told_too_late",
            Self::NothingMissing => "intake.nothing_missing",
            Self::MaterialNotListed { .. } => "intake.material_not_listed",
            Self::Incomplete { .. } => "intake.incomplete",
            Self::StillMissing { .. } => "intake.still_missing",
            Self::NothingAsked => "intake.nothing_asked",
            Self::WaitingForCorrection => "intake.waiting_for_correction",
            Self::MustAccept => "intake.must_accept",
            Self::TooEarlyToLapse { .. } => "intake.too_early_to_lapse",
            Self::ItemClosed => "intake.item_closed",
            Self::UnderAge { .. } => "intake.under_age",
            Self::NoPowerOfAttorney => "intake.no_power_of_attorney",
            Self::TooManyDocuments => "intake.too_many_documents",
        }
    }

    fn statute(&self) -> Option<&'static str> {
        match self {
            Self::AlreadyTold | Self::ToldTooLate { .. } => {
                Some("行政许可法第三十二条第一款第四项")
            }
            Self::MustAccept | Self::Incomplete { .. } => Some("行政许可法第三十二条第一款第五项"),
            Self::MaterialNotListed { .. } => Some("行政许可法第三十一条"),
            Self::NoPowerOfAttorney => Some("行政许可法第二十九条第二款"),
            Self::ItemClosed => Some("行政许可法第三十条"),
            _ => None,
        }
    }

    fn params(&self) -> Vec<Param> {
        match self {
            Self::ToldTooLate { tell_by } => vec![("tell_by", tell_by.to_string())],
            Self::MaterialNotListed { material } => vec![("material", material.to_string())],
            Self::Incomplete { missing } | Self::StillMissing { missing } => {
                vec![("missing", missing.to_string())]
            }
            Self::TooEarlyToLapse { due } => vec![("due", due.to_string())],
            Self::UnderAge { age_min } => vec![("age_min", age_min.to_string())],
            _ => Vec::new(),
        }
    }
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
    match stranger.into_iter().find(|material| !listed.contains(material)) {
        Some(material) => Err(Refusal::MaterialNotListed { material }),
        None => Ok(()),
    }
}

impl Lifecycle for Application {
    const KIND: &'static str = "application";
    type Id = ApplicationId;
    type Event = Event;
    type Command = Command;
    type Facts = Facts;
    type Refusal = Refusal;

    fn id(&self) -> ApplicationId {
        self.id
    }

    fn begin(id: ApplicationId, event: &Event) -> Option<Self> {
        let Event::Received(received) = event else {
            return None;
        };
        let received = received.as_ref().clone();
        Some(Self {
            id,
            number: received.number,
            query_code: received.query_code,
            item: received.item,
            version: received.version,
            scenario: received.scenario,
            applicant: received.applicant,
            agent: received.agent,
            channel: received.channel,
            hall: received.hall,
            organ: received.organ,
            status: Status::Received,
            received_on: received.received_on,
            tell_by: received.tell_by,
            answer_by: received.answer_by,
            answers: received.answers,
            documents: received.documents,
            notice: None,
            corrected_on: None,
            settled: None,
        })
    }

    fn evolve(&mut self, event: &Event) {
        match event {
            Event::Received(_) => {}
            Event::NoticeGiven(notice) => {
                self.status = Status::NoticeGiven;
                self.notice = Some(notice.clone());
            }
            Event::Corrected { on, answers, documents, tell_by } => {
                self.status = Status::Corrected;
                self.corrected_on = Some(*on);
                self.tell_by = *tell_by;
                self.answer_by = *tell_by;
                self.renew(*answers, documents);
            }
            Event::CorrectedOnTheSpot { answers, documents, .. } => {
                self.renew(*answers, documents);
            }
            Event::Accepted { on, by } => self.settle(Status::Accepted, *on, Some(*by), None, None),
            Event::NotRequired { on, by, reason } => {
                self.settle(Status::NotRequired, *on, Some(*by), Some(*reason), None);
            }
            Event::NotAccepted { on, by, competent, reason } => {
                let (reason, competent) = (Some(*reason), Some(*competent));
                self.settle(Status::NotAccepted, *on, Some(*by), reason, competent);
            }
            Event::DeemedAccepted { on } => {
                self.settle(Status::DeemedAccepted, *on, None, None, None);
            }
            Event::WithdrawnByApplicant { on } => {
                self.settle(Status::Withdrawn, *on, None, None, None);
            }
            Event::LapsedForCorrection { on, by } => {
                self.settle(Status::Lapsed, *on, Some(*by), None, None);
            }
        }
    }

    fn decide(&self, command: Command, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Accept => self.accept(facts),
            Command::GiveNotice { missing, form, texts } => {
                self.give_notice(missing, form, texts, facts)
            }
            Command::Correct { answers, documents } => self.correct(answers, documents, facts),
            Command::CorrectOnTheSpot { fields, answers, documents } => {
                let by = self.front_desk(facts)?;
                self.waits()?;
                only_listed(&facts.listed, &self.with(&documents))?;
                let on = facts.today;
                Ok(vec![Event::CorrectedOnTheSpot { on, by, fields, answers, documents }])
            }
            Command::SayNotRequired { reason } => {
                let by = self.first_answer(facts)?;
                Ok(vec![Event::NotRequired { on: facts.today, by, reason }])
            }
            Command::RefuseAcceptance { competent, reason } => {
                let by = self.first_answer(facts)?;
                Ok(vec![Event::NotAccepted { on: facts.today, by, competent, reason }])
            }
            Command::Deem => Ok(self.deem(facts)),
            Command::Withdraw => {
                self.owner(facts)?;
                self.open()?;
                Ok(vec![Event::WithdrawnByApplicant { on: facts.today }])
            }
            Command::Lapse => self.lapse(facts),
        }
    }
}

impl Application {
    fn accept(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let by = self.front_desk(facts)?;
        if self.status == Status::NoticeGiven {
            return Err(Refusal::WaitingForCorrection);
        }
        self.open()?;
        let missing = missing(&facts.required, &self.documents);
        if missing != 0 {
            return Err(Refusal::Incomplete { missing });
        }
        Ok(vec![Event::Accepted { on: facts.today, by }])
    }

    fn give_notice(
        &self,
        missing: Vec<u16>,
        form: bool,
        texts: Commitment,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        self.front_desk(facts)?;
        self.open()?;
        if self.notice.is_some() {
            return Err(Refusal::AlreadyTold);
        }
        if self.tell_by < facts.today {
            return Err(Refusal::ToldTooLate { tell_by: self.tell_by });
        }
        if missing.is_empty() && !form {
            return Err(Refusal::NothingMissing);
        }
        if let Some(material) = missing.iter().find(|one| !facts.listed.contains(one)) {
            return Err(Refusal::MaterialNotListed { material: *material });
        }
        let (on, due) = (facts.today, facts.five_workdays_on);
        Ok(vec![Event::NoticeGiven(Notice { on, due, missing, form, texts })])
    }

    fn correct(
        &self,
        answers: Option<Commitment>,
        documents: Vec<Document>,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        if self.front_desk(facts).is_err() {
            self.owner(facts)?;
        }
        self.open()?;
        let Some(notice) = self.notice.as_ref().filter(|_| self.status == Status::NoticeGiven)
        else {
            return Err(Refusal::NothingAsked);
        };
        only_listed(&facts.listed, &self.with(&documents))?;
        let form = usize::from(notice.form && answers.is_none());
        let missing = missing(&notice.missing, &documents) + form;
        if missing != 0 {
            return Err(Refusal::StillMissing { missing });
        }
        let (on, tell_by) = (facts.today, facts.five_workdays_on);
        Ok(vec![Event::Corrected { on, answers, documents, tell_by }])
    }

    /// The law settles what nobody answered in time; a timer that comes early or twice does
    /// nothing.
    fn deem(&self, facts: &Facts) -> Vec<Event> {
        let late = self.tell_by < facts.today;
        if facts.who == Who::Clock && late && self.status.waits_for_hall() {
            vec![Event::DeemedAccepted { on: self.complete_since() }]
        } else {
            Vec::new()
        }
    }

    fn lapse(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let by = self.front_desk(facts)?;
        self.open()?;
        match &self.notice {
            Some(notice) if self.status == Status::NoticeGiven => {
                if facts.today <= notice.due {
                    return Err(Refusal::TooEarlyToLapse { due: notice.due });
                }
                Ok(vec![Event::LapsedForCorrection { on: facts.today, by }])
            }
            _ => Err(Refusal::NothingAsked),
        }
    }

    /// What can only be said at once (行政许可法 32(1)(1) and (2)), before any list of corrections.
    fn first_answer(&self, facts: &Facts) -> Result<OfficerId, Refusal> {
        let by = self.front_desk(facts)?;
        self.open()?;
        match (self.status, &self.notice) {
            (Status::Corrected, _) => Err(Refusal::MustAccept),
            (_, Some(_)) => Err(Refusal::AlreadyTold),
            (_, None) => Ok(by),
        }
    }

    fn front_desk(&self, facts: &Facts) -> Result<OfficerId, Refusal> {
        match facts.who {
            Who::FrontDesk(officer) => Ok(officer),
            Who::OtherOfficer | Who::Person(_) | Who::Clock => Err(Refusal::NotFrontDesk),
        }
    }

    fn owner(&self, facts: &Facts) -> Result<(), Refusal> {
        match facts.who {
            Who::Person(person) if self.belongs_to(person) => Ok(()),
            _ => Err(Refusal::NotYours),
        }
    }

    fn open(&self) -> Result<(), Refusal> {
        if self.status.is_open() { Ok(()) } else { Err(Refusal::AlreadyAnswered) }
    }

    fn waits(&self) -> Result<(), Refusal> {
        self.open()?;
        if self.status == Status::NoticeGiven {
            return Err(Refusal::WaitingForCorrection);
        }
        Ok(())
    }

    fn with(&self, more: &[Document]) -> Vec<Document> {
        self.documents.iter().chain(more).copied().collect()
    }

    /// New files of a material stand in place of its old ones; the ledger keeps both.
    fn renew(&mut self, answers: Option<Commitment>, documents: &[Document]) {
        if let Some(answers) = answers {
            self.answers = answers;
        }
        let renewed = |old: &Document| documents.iter().any(|new| new.material == old.material);
        self.documents.retain(|old| !renewed(old));
        self.documents.extend(documents);
    }

    fn settle(
        &mut self,
        status: Status,
        on: Date,
        by: Option<OfficerId>,
        reason: Option<Commitment>,
        competent: Option<Commitment>,
    ) {
        self.status = status;
        self.settled = Some(Settled { on, by, reason, competent });
    }
}

fn missing(wanted: &[u16], documents: &[Document]) -> usize {
    let there = |material: &u16| documents.iter().any(|document| document.material == *material);
    wanted.iter().filter(|material| !there(material)).count()
}
