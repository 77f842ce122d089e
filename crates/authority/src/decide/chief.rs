//! The life of a chief approval officer's appointment: named, the list changed, dismissed.

use catalogue::ItemId;
use jiff::civil::Date;
use kernel::{OfficerId, OrganId};
use ledger::Lifecycle;
use serde::{Deserialize, Serialize};

use super::{Facts, Refusal};
use crate::model::{ChiefApprovalOfficer, ChiefId, ListVersion};

/// What happened to an appointment. No field holds a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// 任命.
    Appointed {
        /// For which organ.
        organ: OrganId,
        /// Who.
        officer: OfficerId,
        /// The first list.
        list: ListVersion,
        /// The last day, if there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Date>,
    },
    /// 清单调整.
    Listed(ListVersion),
    /// 免去.
    Dismissed {
        /// The last day.
        until: Date,
        /// By whom.
        by: OfficerId,
    },
}

impl ledger::Event for Event {}

/// What can be asked of an appointment.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Change the list.
    List {
        /// The list.
        list: ListVersion,
        /// What the organ and other lists say of the items.
        checked: Checked,
    },
    /// End it.
    Dismiss {
        /// The last day.
        until: Date,
    },
}

/// What the house knows of a list that is proposed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checked {
    /// Whether the officer holds a post of the decision desk in the organ.
    pub decides: bool,
    /// Whether an item is not the organ's, by law or by what it received.
    pub foreign: bool,
    /// Whether an item is on another officer's list.
    pub elsewhere: bool,
    /// Whether the officer is appointed there already.
    pub appointed: bool,
}

/// Whether a list may be given to an officer.
///
/// # Errors
/// The rule that says no.
pub fn may_list(
    officer: OfficerId,
    list: &ListVersion,
    checked: Checked,
    facts: &Facts,
) -> Result<(), Refusal> {
    if facts.by.is(officer) {
        return Err(Refusal::OwnPower);
    }
    if !checked.decides {
        return Err(Refusal::NotADecider);
    }
    if list.items.is_empty() {
        return Err(Refusal::NothingListed);
    }
    if checked.foreign {
        return Err(Refusal::NotTheirItem);
    }
    if checked.elsewhere {
        return Err(Refusal::OnAnotherList);
    }
    if list.from < facts.today {
        return Err(Refusal::InThePast);
    }
    Ok(())
}

/// Appoints 任命.
///
/// # Errors
/// The rule that says no.
pub fn appoint(
    organ: OrganId,
    officer: OfficerId,
    list: ListVersion,
    until: Option<Date>,
    checked: Checked,
    facts: &Facts,
) -> Result<Event, Refusal> {
    may_list(officer, &list, checked, facts)?;
    if checked.appointed {
        return Err(Refusal::AlreadyChief);
    }
    if until.is_some_and(|until| until < list.from) {
        return Err(Refusal::PeriodReversed);
    }
    Ok(Event::Appointed {
        organ,
        officer,
        list,
        until,
    })
}

/// Items of a list, each once, in order.
#[must_use]
pub fn distinct(items: &[ItemId]) -> Vec<ItemId> {
    let mut all = items.to_vec();
    all.sort_unstable();
    all.dedup();
    all
}

impl Lifecycle for ChiefApprovalOfficer {
    const KIND: &'static str = "chief_officer";
    type Id = ChiefId;
    type Event = Event;
    type Command = Command;
    type Facts = Facts;
    type Refusal = Refusal;

    fn id(&self) -> ChiefId {
        self.id
    }

    fn begin(id: ChiefId, event: &Event) -> Option<Self> {
        let Event::Appointed {
            organ,
            officer,
            list,
            until,
        } = event
        else {
            return None;
        };
        Some(Self {
            id,
            organ: *organ,
            officer: *officer,
            lists: vec![list.clone()],
            until: *until,
        })
    }

    fn evolve(&mut self, event: &Event) {
        match event {
            Event::Appointed { .. } => {}
            Event::Listed(list) => self.lists.push(list.clone()),
            Event::Dismissed { until, .. } => self.until = Some(*until),
        }
    }

    fn decide(&self, command: Command, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if self.until.is_some_and(|until| until < facts.today) {
            return Err(Refusal::Ended);
        }
        match command {
            Command::List { list, checked } => {
                may_list(self.officer, &list, checked, facts)?;
                let last = self.lists.last().map(|last| last.from);
                if last.is_some_and(|last| list.from < last) {
                    return Err(Refusal::InThePast);
                }
                Ok(vec![Event::Listed(list)])
            }
            Command::Dismiss { until } => {
                if facts.by.is(self.officer) {
                    return Err(Refusal::OwnPower);
                }
                let yesterday = facts.today.yesterday().map_err(|_| Refusal::InThePast)?;
                if until < yesterday {
                    return Err(Refusal::InThePast);
                }
                let by = facts.by.officer;
                Ok(vec![Event::Dismissed { until, by }])
            }
        }
    }
}
