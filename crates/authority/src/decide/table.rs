//! The life of a version of the authority table: written, written again, put into force by somebody
//! else, followed by the next.

use jiff::civil::Date;
use kernel::{OfficerId, OrganId};
use ledger::{Commitment, Lifecycle};
use serde::{Deserialize, Serialize};

use super::{Facts, Refusal};
use crate::model::{AuthorityTable, TableId, TableState, TableText};
use crate::rule;

/// What happened to a version. No field holds a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// 拟定.
    Drafted {
        /// Whose it is.
        organ: OrganId,
        /// Counts from 1 within the organ.
        number: u32,
        /// By whom.
        by: OfficerId,
        /// What it says.
        content: Commitment,
    },
    /// 修改草案.
    Redrafted {
        /// By whom.
        by: OfficerId,
        /// What it says now.
        content: Commitment,
    },
    /// 施行.
    Adopted {
        /// By whom.
        by: OfficerId,
        /// The first day.
        from: Date,
    },
    /// The next version follows.
    Superseded {
        /// The last day.
        until: Date,
    },
}

impl ledger::Event for Event {}

/// What can be asked of a version.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Write it again.
    Redraft {
        /// What it says.
        content: Commitment,
    },
    /// Put it into force.
    Adopt {
        /// From this day on.
        from: Date,
        /// What it says, as read back from its commitment.
        text: TableText,
        /// The first day of a version that begins on that day or later.
        later: Option<Date>,
    },
    /// Let the next one follow on this day.
    Supersede {
        /// The first day of the next.
        from: Date,
    },
}

impl Lifecycle for AuthorityTable {
    const KIND: &'static str = "authority_table";
    type Id = TableId;
    type Event = Event;
    type Command = Command;
    type Facts = Facts;
    type Refusal = Refusal;

    fn id(&self) -> TableId {
        self.id
    }

    fn begin(id: TableId, event: &Event) -> Option<Self> {
        let Event::Drafted {
            organ,
            number,
            by,
            content,
        } = event
        else {
            return None;
        };
        Some(Self {
            id,
            organ: *organ,
            number: *number,
            state: TableState::Draft,
            drafter: *by,
            adopter: None,
            from: None,
            until: None,
            content: *content,
        })
    }

    fn evolve(&mut self, event: &Event) {
        match event {
            Event::Drafted { .. } => {}
            Event::Redrafted { by, content } => {
                self.drafter = *by;
                self.content = *content;
            }
            Event::Adopted { by, from } => {
                self.state = TableState::Adopted;
                self.adopter = Some(*by);
                self.from = Some(*from);
            }
            Event::Superseded { until } => self.until = Some(*until),
        }
    }

    fn decide(&self, command: Command, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Redraft { content } => {
                if self.state != TableState::Draft {
                    return Err(Refusal::NotADraft);
                }
                let by = facts.by.officer;
                Ok(vec![Event::Redrafted { by, content }])
            }
            Command::Adopt { from, text, later } => {
                if self.state != TableState::Draft {
                    return Err(Refusal::NotADraft);
                }
                if facts.by.is(self.drafter) {
                    return Err(Refusal::OwnDraft);
                }
                if from < facts.today {
                    return Err(Refusal::InThePast);
                }
                if let Some(from) = later {
                    return Err(Refusal::LaterVersion { from });
                }
                rule::check(&text)?;
                let by = facts.by.officer;
                Ok(vec![Event::Adopted { by, from }])
            }
            Command::Supersede { from } => {
                let until = from.yesterday().map_err(|_| Refusal::InThePast)?;
                Ok(vec![Event::Superseded { until }])
            }
        }
    }
}
