//! The life of a handover: listed, signed by the giver, received or disputed line by line, signed
//! by the receiver.

use jiff::civil::Date;
use kernel::OfficerId;
use ledger::{Commitment, Lifecycle};
use seal::Digest32;
use serde::{Deserialize, Serialize};

use super::{Facts, Refusal};
use crate::model::{Handover, HandoverId, HandoverState, Line, LineState, Side};

/// A handover as it is listed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// Who gives.
    pub giver: Side,
    /// Who receives.
    pub receiver: Side,
    /// The list and the reason.
    pub content: Commitment,
    /// The digest of the list as printed.
    pub digest: Digest32,
    /// How many lines.
    pub lines: u16,
    /// Whether the open tasks that the giving officer holds pass as well.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tasks: bool,
    /// By whom.
    pub by: OfficerId,
}

/// What happened to a handover. No field holds a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// 列单.
    Listed(Box<Listed>),
    /// 移交, signed by the giver.
    Handed {
        /// By whom.
        by: OfficerId,
        /// When.
        on: Date,
    },
    /// 接收 of a line.
    Received {
        /// Which, counted from 0.
        line: u16,
    },
    /// 异议 against a line.
    Disputed {
        /// Which, counted from 0.
        line: u16,
        /// Why.
        reason: Commitment,
    },
    /// 签收, signed by the receiver.
    Signed {
        /// By whom.
        by: OfficerId,
        /// When.
        on: Date,
    },
}

impl ledger::Event for Event {}

/// What can be asked of a handover.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Sign for the giver.
    Hand,
    /// Receive a line.
    Receive {
        /// Which, counted from 0.
        line: u16,
    },
    /// Dispute a line.
    Dispute {
        /// Which, counted from 0.
        line: u16,
        /// Why.
        reason: Commitment,
    },
    /// Sign for the receiver.
    Sign,
}

/// Whether somebody acts for a side, in person.
fn acts_for(side: Side, facts: &Facts) -> bool {
    side.organ == facts.by.organ
        && side
            .officer
            .is_none_or(|officer| officer == facts.by.officer)
}

/// Lists files to be handed over.
///
/// # Errors
/// The rule that says no.
pub fn list(listed: Listed, facts: &Facts) -> Result<Event, Refusal> {
    facts.in_person()?;
    if listed.giver == listed.receiver {
        return Err(Refusal::SameSide);
    }
    if !acts_for(listed.giver, facts) {
        return Err(Refusal::NotTheGiver);
    }
    // Tasks lie in the hands of people, not of organs.
    let both = listed.giver.officer.and(listed.receiver.officer);
    if listed.tasks && both.is_none() {
        return Err(Refusal::TasksNeedOfficers);
    }
    if listed.lines == 0 && !listed.tasks {
        return Err(Refusal::NothingListed);
    }
    Ok(Event::Listed(Box::new(listed)))
}

impl Handover {
    /// Whether the receiver may answer now.
    fn receiving(&self, facts: &Facts) -> Result<(), Refusal> {
        match self.state {
            HandoverState::Listed => return Err(Refusal::NotHanded),
            HandoverState::Signed => return Err(Refusal::AlreadySigned),
            HandoverState::Handed => {}
        }
        facts.in_person()?;
        if !acts_for(self.receiver, facts) {
            return Err(Refusal::NotTheReceiver);
        }
        Ok(())
    }

    fn answer(&self, line: u16, event: Event, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        self.receiving(facts)?;
        if self.lines.len() <= usize::from(line) {
            return Err(Refusal::NoSuchLine);
        }
        Ok(vec![event])
    }

    fn line_mut(&mut self, line: u16) -> Option<&mut Line> {
        self.lines.get_mut(usize::from(line))
    }
}

impl Lifecycle for Handover {
    const KIND: &'static str = "handover";
    type Id = HandoverId;
    type Event = Event;
    type Command = Command;
    type Facts = Facts;
    type Refusal = Refusal;

    fn id(&self) -> HandoverId {
        self.id
    }

    fn begin(id: HandoverId, event: &Event) -> Option<Self> {
        let Event::Listed(listed) = event else {
            return None;
        };
        let waiting = Line {
            state: LineState::Waiting,
            reason: None,
        };
        Some(Self {
            id,
            giver: listed.giver,
            receiver: listed.receiver,
            state: HandoverState::Listed,
            content: listed.content,
            digest: listed.digest,
            lines: vec![waiting; usize::from(listed.lines)],
            tasks: listed.tasks,
            listed_by: listed.by,
            handed: None,
            signed: None,
        })
    }

    fn evolve(&mut self, event: &Event) {
        match event {
            Event::Listed(_) => {}
            Event::Handed { by, on } => {
                self.state = HandoverState::Handed;
                self.handed = Some((*by, *on));
            }
            Event::Received { line } => {
                if let Some(line) = self.line_mut(*line) {
                    line.state = LineState::Received;
                    line.reason = None;
                }
            }
            Event::Disputed { line, reason } => {
                let reason = *reason;
                if let Some(line) = self.line_mut(*line) {
                    line.state = LineState::Disputed;
                    line.reason = Some(reason);
                }
            }
            Event::Signed { by, on } => {
                self.state = HandoverState::Signed;
                self.signed = Some((*by, *on));
            }
        }
    }

    fn decide(&self, command: Command, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let (by, on) = (facts.by.officer, facts.today);
        match command {
            Command::Hand => {
                facts.in_person()?;
                if !acts_for(self.giver, facts) {
                    return Err(Refusal::NotTheGiver);
                }
                if self.state != HandoverState::Listed {
                    return Err(Refusal::AlreadyHanded);
                }
                Ok(vec![Event::Handed { by, on }])
            }
            Command::Receive { line } => self.answer(line, Event::Received { line }, facts),
            Command::Dispute { line, reason } => {
                self.answer(line, Event::Disputed { line, reason }, facts)
            }
            Command::Sign => {
                let waits = |line: &&Line| line.state == LineState::Waiting;
                let waiting = self.lines.iter().filter(waits).count();
                if 0 < waiting && self.state == HandoverState::Handed {
                    return Err(Refusal::LinesWaiting { waiting });
                }
                // Whoever signed for the giver does not sign for the receiver as well.
                if self.handed.is_some_and(|(giver, _)| giver == by) {
                    return Err(Refusal::NotTheReceiver);
                }
                self.receiving(facts)?;
                Ok(vec![Event::Signed { by, on }])
            }
        }
    }
}
