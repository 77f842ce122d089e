//! Every rule of a rating, and nothing else: no clock, no database, no HTTP.
//!
//! Deliberately absent: the loop that follows a bad rating; it begins with these events.

use jiff::civil::Date;
use kernel::{PersonId, fault::Param};
use ledger::{Commitment, Lifecycle};
use seal::Digest32;
use serde::{Deserialize, Serialize};

use crate::model::{
    Aspect, Given, Grade, Rating, RatingChannel, RatingId, RatingStatus, Service, Supplement,
};

/// What happened to a rating.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Somebody was asked for a rating.
    Invited {
        /// The service.
        service: Service,
        /// The day.
        on: Date,
        /// The last day to answer.
        expires_on: Date,
        /// The digest of the link's token.
        token: Digest32,
    },
    /// A rating came in already given, from a terminal or another platform.
    Received {
        /// The service.
        service: Service,
        /// What was said.
        given: Given,
    },
    /// The invitation was answered.
    Rated(Given),
    /// Something was added 追评.
    Supplemented(Supplement),
    /// Nobody answered in time 默认评价.
    Defaulted {
        /// The day.
        on: Date,
        /// The grade that the policy gives: 基本满意.
        grade: Grade,
    },
}
impl ledger::Event for Event {}

/// What can be asked of a rating.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Answer the invitation.
    Rate(Answer),
    /// Add something, once.
    Supplement {
        /// Another grade.
        grade: Option<Grade>,
        /// What they write.
        text: Option<Commitment>,
    },
    /// Nobody answered in time.
    Default,
}

/// An answer to an invitation.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The grade.
    pub grade: Grade,
    /// The aspects named, in any order.
    pub tags: Vec<Aspect>,
    /// What they write.
    pub text: Option<Commitment>,
    /// The way it came in.
    pub channel: RatingChannel,
    /// Whether they rate under their name 实名.
    pub real_name: bool,
}

/// What a decision needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The day.
    pub today: Date,
    /// Whether a member of staff asks.
    pub by_staff: bool,
    /// The citizen who has logged in, if one has.
    pub citizen: Option<PersonId>,
}

/// How a rule says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// This service has been asked about already: one service, one rating.
    AlreadyInvited,
    /// Staff may invite, but not hint or stand in (DB2203/T 8—2024).
    StaffMayNotRate,
    /// It has been answered.
    AlreadyRated,
    /// The days to answer are over.
    TooLate {
        /// The last day.
        expired_on: Date,
    },
    /// It has been answered by default.
    Defaulted,
    /// There is nothing yet to add to.
    NotYetRated,
    /// Something was added already: once only.
    AlreadySupplemented,
    /// Neither a grade nor a text.
    NothingToAdd,
    /// An aspect that this service was not asked about, or one named twice.
    UnknownTag {
        /// The aspect.
        tag: Aspect,
    },
    /// The hall does not know who was served, or somebody else has logged in.
    NoNameKnown,
    /// The days to answer are not over yet.
    NotYetExpired,
}

impl kernel::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::AlreadyInvited => "evaluation.already_invited",
            Self::StaffMayNotRate => "evaluation.staff_may_not_rate",
            Self::AlreadyRated => "evaluation.already_rated",
            Self::TooLate { .. } => "evaluation.too_late",
            Self::Defaulted => "evaluation.defaulted",
            Self::NotYetRated => "evaluation.not_yet_rated",
            Self::AlreadySupplemented => "evaluation.already_supplemented",
            Self::NothingToAdd => "evaluation.nothing_to_add",
            Self::UnknownTag { .. } => "evaluation.unknown_tag",
            Self::NoNameKnown => "evaluation.no_name_known",
            Self::NotYetExpired => "evaluation.not_yet_expired",
        }
    }

    fn statute(&self) -> Option<&'static str> {
        match self {
            Self::StaffMayNotRate => Some("DB2203/T 8—2024"),
            Self::AlreadyInvited | Self::AlreadyRated => Some("国办发〔2019〕51号"),
            _ => None,
        }
    }

    fn params(&self) -> Vec<Param> {
        match self {
            Self::TooLate { expired_on } => vec![("expired_on", expired_on.to_string())],
            Self::UnknownTag { tag } => vec![("tag", tag.to_string())],
            _ => Vec::new(),
        }
    }
}

/// Checks an answer and gives it the form that the ledger keeps.
///
/// # Errors
/// The rule that says no.
pub fn give(service: &Service, answer: Answer, facts: &Facts) -> Result<Given, Refusal> {
    if facts.by_staff {
        return Err(Refusal::StaffMayNotRate);
    }
    let known = service.tag_set.aspects();
    for (place, tag) in answer.tags.iter().enumerate() {
        if !known.contains(tag) || answer.tags[..place].contains(tag) {
            return Err(Refusal::UnknownTag { tag: *tag });
        }
    }
    let by = match (answer.real_name, service.person) {
        (false, _) => None,
        (true, Some(person)) if facts.citizen.is_none_or(|citizen| citizen == person) => {
            Some(person)
        }
        (true, _) => return Err(Refusal::NoNameKnown),
    };
    let in_order = known.iter().filter(|tag| answer.tags.contains(tag));
    Ok(Given {
        grade: answer.grade,
        tags: in_order.copied().collect(),
        text: answer.text,
        channel: answer.channel,
        by,
        on: facts.today,
    })
}

impl Rating {
    fn rate(&self, answer: Answer, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        match self.status {
            RatingStatus::Rated | RatingStatus::Supplemented => Err(Refusal::AlreadyRated),
            RatingStatus::Defaulted => Err(Refusal::Defaulted),
            RatingStatus::Invited if self.expires_on < facts.today => Err(Refusal::TooLate {
                expired_on: self.expires_on,
            }),
            RatingStatus::Invited => Ok(vec![Event::Rated(give(&self.service, answer, facts)?)]),
        }
    }

    fn add(
        &self,
        grade: Option<Grade>,
        text: Option<Commitment>,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        match self.status {
            _ if facts.by_staff => Err(Refusal::StaffMayNotRate),
            RatingStatus::Invited | RatingStatus::Defaulted => Err(Refusal::NotYetRated),
            RatingStatus::Supplemented => Err(Refusal::AlreadySupplemented),
            RatingStatus::Rated if grade.is_none() && text.is_none() => Err(Refusal::NothingToAdd),
            RatingStatus::Rated => Ok(vec![Event::Supplemented(Supplement {
                grade,
                text,
                on: facts.today,
            })]),
        }
    }

    /// A rating at its beginning.
    fn fresh(id: RatingId, service: Service, on: Date, expires_on: Date) -> Self {
        Self {
            id,
            service,
            invited_on: on,
            expires_on,
            token: None,
            status: RatingStatus::Invited,
            given: None,
            supplement: None,
            defaulted_on: None,
        }
    }
}

impl Lifecycle for Rating {
    const KIND: &'static str = "rating";
    type Id = RatingId;
    type Event = Event;
    type Command = Command;
    type Facts = Facts;
    type Refusal = Refusal;

    fn id(&self) -> RatingId {
        self.id
    }

    fn begin(id: RatingId, event: &Event) -> Option<Self> {
        match event {
            Event::Invited {
                service,
                on,
                expires_on,
                token,
            } => Some(Self {
                token: Some(*token),
                ..Self::fresh(id, *service, *on, *expires_on)
            }),
            Event::Received { service, given } => Some(Self {
                status: RatingStatus::Rated,
                given: Some(given.clone()),
                ..Self::fresh(id, *service, given.on, given.on)
            }),
            Event::Rated(_) | Event::Supplemented(_) | Event::Defaulted { .. } => None,
        }
    }

    fn evolve(&mut self, event: &Event) {
        match event {
            Event::Invited { .. } | Event::Received { .. } => {}
            Event::Rated(given) => {
                self.status = RatingStatus::Rated;
                self.given = Some(given.clone());
            }
            Event::Supplemented(supplement) => {
                self.status = RatingStatus::Supplemented;
                self.supplement = Some(*supplement);
            }
            Event::Defaulted { on, .. } => {
                self.status = RatingStatus::Defaulted;
                self.defaulted_on = Some(*on);
            }
        }
    }

    fn decide(&self, command: Command, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Rate(answer) => self.rate(answer, facts),
            Command::Supplement { grade, text } => self.add(grade, text, facts),
            Command::Default if self.status != RatingStatus::Invited => Ok(Vec::new()),
            Command::Default if facts.today <= self.expires_on => Err(Refusal::NotYetExpired),
            Command::Default => Ok(vec![Event::Defaulted {
                on: facts.today,
                grade: Grade::BasicallySatisfied,
            }]),
        }
    }
}
