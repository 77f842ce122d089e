//! The life of powers that moved: given, taken back. 行政许可法 23: a law or regulation may confer them
//! on an organisation. 行政许可法 24: an organ may entrust them to another administrative organ, which
//! acts in the name of the first and entrusts nobody further.

use catalogue::ItemId;
use jiff::civil::Date;
use kernel::{OfficerId, OrganId};
use ledger::{Commitment, Lifecycle};
use serde::{Deserialize, Serialize};

use super::{Facts, Refusal};
use crate::model::{PowerDelegation, PowerForm, PowerId};

/// Powers as they are given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// The organ that has them by law.
    pub from_organ: OrganId,
    /// The organ that receives them.
    pub to_organ: OrganId,
    /// How.
    pub form: PowerForm,
    /// Which items.
    pub items: Vec<ItemId>,
    /// The first day.
    pub from: Date,
    /// The last day, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// What the chain is called, and the legal ground.
    pub words: Commitment,
    /// Who entered it.
    pub by: OfficerId,
}

/// What happened to powers. No field holds a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// 赋权、委托.
    Given(Box<Given>),
    /// 收回.
    Recalled {
        /// The last day.
        until: Date,
        /// By whom.
        by: OfficerId,
        /// Why.
        reason: Commitment,
    },
}

impl ledger::Event for Event {}

/// What can be asked of powers that moved.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Take them back.
    Recall {
        /// The last day.
        until: Date,
        /// Why.
        reason: Commitment,
    },
}

/// What the house knows of powers that are to move.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    /// Whether the receiver is an administrative organ, by its credit code (GB 32100: `11`).
    pub is_organ: bool,
    /// Whether the giver has every item by law.
    pub own: bool,
    /// Whether the giver has one of them by somebody else's entrusting.
    pub entrusted: bool,
    /// Whether the receiver has one of them in that time already.
    pub given: bool,
}

/// Gives powers.
///
/// # Errors
/// The rule that says no.
pub fn give(given: Given, known: Known, facts: &Facts) -> Result<Event, Refusal> {
    if given.from_organ == given.to_organ {
        return Err(Refusal::SameOrgan);
    }
    if given.items.is_empty() {
        return Err(Refusal::NothingListed);
    }
    if known.entrusted {
        return Err(Refusal::SubDelegation);
    }
    if !known.own {
        return Err(Refusal::NotTheirItem);
    }
    if given.form == PowerForm::Entrusted && !known.is_organ {
        return Err(Refusal::NotAnOrgan);
    }
    if known.given {
        return Err(Refusal::AlreadyGiven);
    }
    if given.from < facts.today {
        return Err(Refusal::InThePast);
    }
    if given.until.is_some_and(|until| until < given.from) {
        return Err(Refusal::PeriodReversed);
    }
    Ok(Event::Given(Box::new(given)))
}

impl Lifecycle for PowerDelegation {
    const KIND: &'static str = "delegation";
    type Id = PowerId;
    type Event = Event;
    type Command = Command;
    type Facts = Facts;
    type Refusal = Refusal;

    fn id(&self) -> PowerId {
        self.id
    }

    fn begin(id: PowerId, event: &Event) -> Option<Self> {
        let Event::Given(given) = event else {
            return None;
        };
        let given = given.as_ref().clone();
        Some(Self {
            id,
            from_organ: given.from_organ,
            to_organ: given.to_organ,
            form: given.form,
            items: given.items,
            from: given.from,
            until: given.until,
            words: given.words,
            by: given.by,
            recalled: None,
            recall_reason: None,
        })
    }

    fn evolve(&mut self, event: &Event) {
        match event {
            Event::Given(_) => {}
            Event::Recalled { until, reason, .. } => {
                self.recalled = Some(*until);
                self.recall_reason = Some(*reason);
            }
        }
    }

    fn decide(&self, command: Command, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let Command::Recall { until, reason } = command;
        if self.last_day().is_some_and(|last| last < facts.today) || self.recalled.is_some() {
            return Err(Refusal::Ended);
        }
        let yesterday = facts.today.yesterday().map_err(|_| Refusal::InThePast)?;
        if until < yesterday {
            return Err(Refusal::InThePast);
        }
        let by = facts.by.officer;
        Ok(vec![Event::Recalled { until, by, reason }])
    }
}
