//! A legal opinion: said once, by somebody who neither accepted nor reviewed the case.

use crate::Role;
use jiff::civil::Date;
use kernel::OfficerId;
use kernel::uuid::Uuid;
use ledger::{Commitment, Lifecycle};
use serde::{Deserialize, Serialize};

use super::{Facts, Refusal};
use crate::model::{Conclusion, LegalOpinion, OpinionId, OpinionKind};

/// What happened to an opinion. No field holds a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// 出具意见.
    Given {
        /// On which case.
        case: Uuid,
        /// Counts from 1 within the case.
        number: u32,
        /// Whose.
        kind: OpinionKind,
        /// What it comes to.
        conclusion: Conclusion,
        /// Who gave or filed it.
        by: OfficerId,
        /// In whose stead.
        #[serde(rename = "for", default, skip_serializing_if = "Option::is_none")]
        standing_in: Option<OfficerId>,
        /// When.
        on: Date,
        /// In words.
        words: Commitment,
    },
}

impl ledger::Event for Event {}

/// What an opinion says.
#[derive(Debug, Clone, PartialEq)]
pub struct Saying {
    /// On which case.
    pub case: Uuid,
    /// Counts from 1 within the case.
    pub number: u32,
    /// Whose.
    pub kind: OpinionKind,
    /// What it comes to.
    pub conclusion: Conclusion,
    /// In words.
    pub words: Commitment,
    /// Whether the case waits for a decision.
    pub undecided: bool,
    /// Who accepted or reviewed it.
    pub handled: Vec<OfficerId>,
}

/// Gives an opinion.
///
/// # Errors
/// The rule that says no.
pub fn give(saying: Saying, facts: &Facts) -> Result<Event, Refusal> {
    if !facts.by.has(Role::LegalReviewer) {
        return Err(Refusal::NotALegalReviewer);
    }
    if saying.handled.iter().any(|one| facts.by.is(*one)) {
        return Err(Refusal::ReviewedItself);
    }
    if !saying.undecided {
        return Err(Refusal::CaseDecided);
    }
    Ok(Event::Given {
        case: saying.case,
        number: saying.number,
        kind: saying.kind,
        conclusion: saying.conclusion,
        by: facts.by.officer,
        standing_in: facts.by.standing_in,
        on: facts.today,
        words: saying.words,
    })
}

impl Lifecycle for LegalOpinion {
    const KIND: &'static str = "legal_opinion";
    type Id = OpinionId;
    type Event = Event;
    /// Nothing can be asked of what was said.
    type Command = std::convert::Infallible;
    type Facts = ();
    type Refusal = Refusal;

    fn id(&self) -> OpinionId {
        self.id
    }

    fn begin(id: OpinionId, event: &Event) -> Option<Self> {
        let Event::Given {
            case,
            number,
            kind,
            conclusion,
            by,
            standing_in,
            on,
            words,
        } = event;
        Some(Self {
            id,
            case: *case,
            number: *number,
            kind: *kind,
            conclusion: *conclusion,
            by: *by,
            standing_in: *standing_in,
            on: *on,
            words: *words,
        })
    }

    fn evolve(&mut self, event: &Event) {
        match event {
            Event::Given { .. } => {}
        }
    }

    fn decide(&self, command: std::convert::Infallible, (): &()) -> Result<Vec<Event>, Refusal> {
        match command {}
    }
}
