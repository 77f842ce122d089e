//! Every rule of leniency, and nothing else: no clock, no database, no HTTP.
//!
//! 行政处罚法 33: minor, corrected and without harm is not punished; a first offence of slight harm
//! that was corrected may be spared; and whoever is spared is taught.

mod refusal;

use jiff::civil::Date;
use kernel::{OfficerId, OrganId, PersonId};
use ledger::{Commitment, Lifecycle};
use serde::{Deserialize, Serialize};

pub use refusal::Refusal;

use crate::model::{Assessment, Harm, Offence, OffenceId, OffenceStatus, Outcome};

/// An offence as it is opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// The act, by its number in the list.
    pub entry: u16,
    /// Who did it.
    pub party: PersonId,
    /// The organ that found it.
    pub organ: OrganId,
    /// When it was found.
    pub found_on: Date,
    /// Who found it.
    pub by: OfficerId,
    /// What was found.
    pub facts: Commitment,
}

/// What happened to an offence. No field holds a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// 立案.
    Opened(Box<Opened>),
    /// 裁量.
    Assessed {
        /// When.
        on: Date,
        /// Who.
        by: OfficerId,
        /// As what.
        assessment: Assessment,
        /// What the law says.
        outcome: Outcome,
    },
    /// 夜间比对: the hall's records say otherwise than at the assessment whether it is the first.
    Matched {
        /// When.
        on: Date,
        /// Whether it is the first.
        first: bool,
        /// What the law says now.
        outcome: Outcome,
    },
    /// 教育.
    Educated {
        /// When.
        on: Date,
        /// Who.
        by: OfficerId,
        /// The record.
        record: Commitment,
    },
    /// 不予处罚.
    Spared {
        /// When.
        on: Date,
        /// Who.
        by: OfficerId,
        /// Why.
        reason: Commitment,
        /// By when somebody looks again.
        due: Date,
    },
    /// 转一般程序.
    SentOn {
        /// When.
        on: Date,
        /// Who.
        by: OfficerId,
        /// Why.
        reason: Commitment,
    },
    /// 回访.
    LookedAgain {
        /// When.
        on: Date,
        /// Who.
        by: OfficerId,
        /// Whether it happened again.
        relapsed: bool,
        /// What was found.
        finding: Commitment,
    },
}

impl ledger::Event for Event {}

/// What can be asked of an offence.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Say what was found.
    Assess {
        /// Whether the condition of the list is met.
        minor: bool,
        /// What it did.
        harm: Harm,
        /// Whether it was put right.
        corrected: bool,
    },
    /// Hold it against the list and the hall's records again.
    Match,
    /// Record what was taught.
    Educate {
        /// The record.
        record: Commitment,
    },
    /// Spare, or send on to the ordinary procedure.
    Decide {
        /// Whether it is spared.
        spare: bool,
        /// Why.
        reason: Commitment,
    },
    /// Look again.
    LookAgain {
        /// Whether it happened again.
        relapsed: bool,
        /// What was found.
        finding: Commitment,
    },
}

/// Who asks: an officer at their seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who {
    /// Who.
    pub officer: OfficerId,
    /// In whose stead.
    pub standing_in: Option<OfficerId>,
    /// Of which organ.
    pub organ: OrganId,
    /// Whether they review.
    pub reviews: bool,
    /// Whether they decide.
    pub decides: bool,
}

/// What a decision needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The day.
    pub today: Date,
    /// Who asks; nobody where the clock does.
    pub who: Option<Who>,
    /// Whether the party has no other offence of this act within the period.
    pub first: bool,
    /// The day by which somebody looks again.
    pub look_again_on: Date,
}

impl Facts {
    /// The officer who asks.
    fn officer(&self) -> Result<Who, Refusal> {
        self.who.ok_or(Refusal::NotAHandler)
    }
}

/// Decides whether an offence is opened: only acts of the list.
///
/// # Errors
/// The rule that says no.
pub fn open(opened: Opened, listed: bool, today: Date, who: Who) -> Result<Event, Refusal> {
    if !who.reviews || who.organ != opened.organ {
        return Err(Refusal::NotAHandler);
    }
    if !listed {
        return Err(Refusal::NotOnList);
    }
    if today < opened.found_on {
        return Err(Refusal::FoundInFuture);
    }
    Ok(Event::Opened(Box::new(opened)))
}

impl Lifecycle for Offence {
    const KIND: &'static str = "offence";
    type Id = OffenceId;
    type Event = Event;
    type Command = Command;
    type Facts = Facts;
    type Refusal = Refusal;

    fn id(&self) -> OffenceId {
        self.id
    }

    fn begin(id: OffenceId, event: &Event) -> Option<Self> {
        let Event::Opened(opened) = event else {
            return None;
        };
        Some(Self {
            id,
            entry: opened.entry,
            party: opened.party,
            organ: opened.organ,
            status: OffenceStatus::Opened,
            found_on: opened.found_on,
            handler: opened.by,
            facts: opened.facts,
            assessment: None,
            outcome: None,
            education: None,
            educated_on: None,
            decider: None,
            decided_on: None,
            reason: None,
            due: None,
            finding: None,
        })
    }

    fn evolve(&mut self, event: &Event) {
        match event {
            Event::Opened(_) => {}
            Event::Assessed {
                by,
                assessment,
                outcome,
                ..
            } => {
                self.status = OffenceStatus::Assessed;
                self.handler = *by;
                self.assessment = Some(*assessment);
                self.outcome = Some(*outcome);
            }
            Event::Matched { first, outcome, .. } => {
                self.assessment = self.assessment.map(|found| Assessment {
                    first: *first,
                    ..found
                });
                self.outcome = Some(*outcome);
            }
            Event::Educated { on, record, .. } => {
                self.education = Some(*record);
                self.educated_on = Some(*on);
            }
            Event::Spared {
                on,
                by,
                reason,
                due,
            } => {
                self.settle(OffenceStatus::Spared, *on, *by, *reason);
                self.due = Some(*due);
            }
            Event::SentOn { on, by, reason } => {
                self.settle(OffenceStatus::Ordinary, *on, *by, *reason);
            }
            Event::LookedAgain {
                relapsed, finding, ..
            } => {
                self.status = match relapsed {
                    true => OffenceStatus::Relapsed,
                    false => OffenceStatus::Settled,
                };
                self.due = None;
                self.finding = Some(*finding);
            }
        }
    }

    fn decide(&self, command: Command, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let on = facts.today;
        let event = match command {
            Command::Match => return self.match_again(facts),
            Command::Assess {
                minor,
                harm,
                corrected,
            } => {
                self.handles(facts)?;
                self.is_open()?;
                let first = facts.first;
                let assessment = Assessment {
                    minor,
                    harm,
                    corrected,
                    first,
                };
                Event::Assessed {
                    on,
                    by: facts.officer()?.officer,
                    assessment,
                    outcome: assessment.outcome(),
                }
            }
            Command::Educate { record } => {
                self.handles(facts)?;
                self.is_open()?;
                let by = facts.officer()?.officer;
                Event::Educated { on, by, record }
            }
            Command::Decide { spare, reason } => self.decide_on(spare, reason, facts)?,
            Command::LookAgain { relapsed, finding } => {
                self.look_again(relapsed, finding, facts)?
            }
        };
        Ok(vec![event])
    }
}

impl Offence {
    fn handles(&self, facts: &Facts) -> Result<(), Refusal> {
        let who = facts.officer()?;
        match who.reviews && who.organ == self.organ {
            true => Ok(()),
            false => Err(Refusal::NotAHandler),
        }
    }

    /// What the law says of what was found, with what the hall's records say today.
    fn outcome_now(&self, facts: &Facts) -> Option<(Assessment, Outcome)> {
        let found = Assessment {
            first: facts.first,
            ..self.assessment?
        };
        Some((found, found.outcome()))
    }

    /// Only the clock, and only while it is open; a night that finds nothing new says nothing.
    fn match_again(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if facts.who.is_some() {
            return Err(Refusal::ClockOnly);
        }
        self.is_open()?;
        let Some((found, outcome)) = self.outcome_now(facts) else {
            return Ok(Vec::new());
        };
        if self.assessment == Some(found) {
            return Ok(Vec::new());
        }
        let (on, first) = (facts.today, found.first);
        Ok(vec![Event::Matched { on, first, outcome }])
    }

    fn is_open(&self) -> Result<(), Refusal> {
        match self.status {
            OffenceStatus::Opened | OffenceStatus::Assessed => Ok(()),
            _ => Err(Refusal::Decided),
        }
    }

    /// What the law commands is done; what it leaves open is decided; and nobody is spared
    /// untaught.
    fn decide_on(&self, spare: bool, reason: Commitment, facts: &Facts) -> Result<Event, Refusal> {
        let who = facts.officer()?;
        if !who.decides || who.organ != self.organ {
            return Err(Refusal::NotADecider);
        }
        self.is_open()?;
        // Nothing is spared as a first offence that is not the first any more.
        let (_, outcome) = self.outcome_now(facts).ok_or(Refusal::NotAssessed)?;
        if [Some(who.officer), who.standing_in].contains(&Some(self.handler)) {
            return Err(Refusal::DecidedByHandler);
        }
        let (on, by) = (facts.today, who.officer);
        match (outcome, spare) {
            (Outcome::ShallNot, false) => Err(Refusal::MustSpare),
            (Outcome::Punishable, true) => Err(Refusal::NotLenient),
            (_, false) => Ok(Event::SentOn { on, by, reason }),
            (_, true) if self.education.is_none() => Err(Refusal::EducationMissing),
            (_, true) => Ok(Event::Spared {
                on,
                by,
                reason,
                due: facts.look_again_on,
            }),
        }
    }

    fn look_again(
        &self,
        relapsed: bool,
        finding: Commitment,
        facts: &Facts,
    ) -> Result<Event, Refusal> {
        let who = facts.officer()?;
        if !(who.reviews || who.decides) || who.organ != self.organ {
            return Err(Refusal::NotAHandler);
        }
        if self.status != OffenceStatus::Spared {
            return Err(Refusal::NothingToLookAt);
        }
        if [Some(who.officer), who.standing_in].contains(&self.decider) {
            return Err(Refusal::LookedByDecider);
        }
        Ok(Event::LookedAgain {
            on: facts.today,
            by: who.officer,
            relapsed,
            finding,
        })
    }

    fn settle(&mut self, status: OffenceStatus, on: Date, by: OfficerId, reason: Commitment) {
        self.status = status;
        self.decider = Some(by);
        self.decided_on = Some(on);
        self.reason = Some(reason);
    }
}
