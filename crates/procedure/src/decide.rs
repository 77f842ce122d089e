//! Every rule in the life of a drawn procedure, and nothing else: no clock, no database, no HTTP.
//!
//! Its versions live as all versions do (`ledger::versions`); a procedure's own is that the last
//! version in force stays while items name it. Deliberately absent: what is wrong with a
//! file (`examine`), and moving running cases (the room `case`).

use jiff::civil::Date;
use kernel::fault::Param;
use ledger::{Lifecycle, VersionEvent, VersionState, VersionStatus, VersionStop, Versions};
use seal::Digest32;
use serde::{Deserialize, Serialize};

use crate::model::{EditionName, Kind, Procedure, ProcedureId, ProcedureName};

/// What happened to a procedure. No field holds a text of people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// 新建: the first version that an office drew.
    Begun {
        /// Its name, for ever.
        name: ProcedureName,
        /// What it is.
        kind: Kind,
        /// The version it was copied from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        copied_from: Option<EditionName>,
        /// The version: 2 where the product ships version 1.
        number: u32,
        /// Digest of its file.
        digest: Digest32,
    },
    /// What happened to one of its versions.
    #[serde(untagged)]
    Version(VersionEvent),
}

impl ledger::Event for Event {}

/// What can be asked of a procedure.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Begin the next version with this file.
    Draft {
        /// Digest of the file.
        digest: Digest32,
    },
    /// Give a version that is not published yet another file.
    Edit {
        /// The version.
        number: u32,
        /// Digest of the file.
        digest: Digest32,
    },
    /// Record that a draft is free of errors.
    Check {
        /// The version.
        number: u32,
    },
    /// Put a version in force; a draft is checked on the way.
    Publish {
        /// The version.
        number: u32,
        /// The first day.
        effective: Date,
    },
    /// Take a published version out of force.
    Withdraw {
        /// The version.
        number: u32,
    },
}

/// What a decision needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The legal day.
    pub today: Date,
    /// How many errors `examine` finds in the version that the command names.
    pub errors: usize,
    /// How many items in force name this procedure.
    pub items: usize,
    /// Whether the product ships version 1, which stays when all others are withdrawn.
    pub shipped: bool,
}

/// How a rule says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The life of versions forbids it.
    Version(VersionStop),
    /// Items rest on it, and nothing would be left for them.
    ItemsRestOnIt {
        /// How many.
        items: usize,
    },
}

impl From<VersionStop> for Refusal {
    fn from(stop: VersionStop) -> Self {
        Self::Version(stop)
    }
}

impl kernel::Refusal for Refusal {
    fn code(&self) -> &'static str {
        let stop = match self {
            Self::ItemsRestOnIt { .. } => return "procedure.items_rest_on_it",
            Self::Version(stop) => stop,
        };
        match stop {
            VersionStop::NoSuchVersion { .. } => "procedure.no_such_version",
            VersionStop::PublishedNeverChanges => "procedure.published_never_changes",
            VersionStop::DraftOpen { .. } => "procedure.draft_open",
            VersionStop::NotPublishable { .. } => "procedure.not_publishable",
            VersionStop::NotChecked => "procedure.not_checked",
            VersionStop::EffectiveInThePast => "procedure.effective_in_the_past",
            VersionStop::NotPublished => "procedure.not_published",
        }
    }

    fn statute(&self) -> Option<&'static str> {
        match self {
            Self::Version(VersionStop::EffectiveInThePast) => Some("行政许可法第五条"),
            _ => None,
        }
    }

    fn params(&self) -> Vec<Param> {
        match self {
            Self::Version(stop) => stop.params(),
            Self::ItemsRestOnIt { items } => vec![("items", items.to_string())],
        }
    }
}

impl Lifecycle for Procedure {
    const KIND: &'static str = "procedure";
    type Id = ProcedureId;
    type Event = Event;
    type Command = Command;
    type Facts = Facts;
    type Refusal = Refusal;

    fn id(&self) -> ProcedureId {
        self.id
    }

    fn begin(id: ProcedureId, event: &Event) -> Option<Self> {
        let Event::Begun {
            name,
            kind,
            copied_from,
            number,
            digest,
        } = event
        else {
            return None;
        };
        Some(Self {
            id,
            name: name.clone(),
            kind: *kind,
            copied_from: copied_from.clone(),
            versions: Versions::begin(*number, *digest),
        })
    }

    fn evolve(&mut self, event: &Event) {
        match event {
            Event::Begun { .. } => {}
            Event::Version(event) => self.versions.evolve(event),
        }
    }

    fn decide(&self, command: Command, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let event = match command {
            Command::Draft { digest } => Some(self.versions.draft(digest)?),
            Command::Edit { number, digest } => self.versions.edit(number, digest)?,
            Command::Check { number } => self.versions.check(number, facts.errors)?,
            Command::Withdraw { number } => Some(self.withdraw(number, facts)?),
            Command::Publish { number, effective } => {
                return self.publish(number, effective, facts);
            }
        };
        Ok(event.into_iter().map(Event::Version).collect())
    }
}

impl Procedure {
    /// Puts a version in force; a draft is checked on the way.
    fn publish(&self, number: u32, effective: Date, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let mut ready = self.versions.clone();
        let checked = match ready.wanted(number)?.status {
            VersionStatus::Draft => ready.check(number, facts.errors)?,
            _ => None,
        };
        if let Some(event) = &checked {
            ready.evolve(event);
        }
        let published = ready.publish(number, effective, (facts.today, facts.errors))?;
        let events = checked.into_iter().chain(published);
        Ok(events.map(Event::Version).collect())
    }

    /// Takes a version out of force, unless nothing would be left for the items that name it.
    fn withdraw(&self, number: u32, facts: &Facts) -> Result<VersionEvent, Refusal> {
        let event = self.versions.withdraw(number, facts.today)?;
        let mut left = self.versions.published().filter(|one| one.number != number);
        let in_force = |one: &VersionState| one.effective.is_some_and(|on| on <= facts.today);
        let alone = !facts.shipped && !left.any(in_force);
        match facts.items {
            items if alone && 0 < items => Err(Refusal::ItemsRestOnIt { items }),
            _ => Ok(event),
        }
    }
}
