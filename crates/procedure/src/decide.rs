//! Every rule in the life of a drawn procedure, and nothing else: no clock, no database, no HTTP.
//!
//! A version is drafted, checked, published from a day on, and at last withdrawn. What was
//! published never changes: running cases rest on it. Deliberately absent: what is wrong with a
//! file (`examine`), and moving running cases (the room `case`).

use jiff::civil::Date;
use kernel::fault::Param;
use ledger::Lifecycle;
use seal::Digest32;
use serde::{Deserialize, Serialize};

use crate::model::{
    EditionName, Kind, Procedure, ProcedureId, ProcedureName, Status, VersionState,
};

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
    /// 起草: a version got this file, for the first time or again.
    Drafted {
        /// The version.
        number: u32,
        /// Digest of its file.
        digest: Digest32,
    },
    /// 校核: found free of errors.
    Checked {
        /// The version.
        number: u32,
    },
    /// 发布: in force from a day on.
    Published {
        /// The version.
        number: u32,
        /// The first day.
        effective: Date,
        /// Digest of its file.
        digest: Digest32,
    },
    /// 撤销: nothing new begins by it; running cases keep it.
    Withdrawn {
        /// The version.
        number: u32,
        /// The day.
        on: Date,
    },
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
    /// A version of that number does not exist.
    NoSuchVersion {
        /// The number.
        number: u32,
    },
    /// What was published never changes: draw a new version.
    PublishedNeverChanges,
    /// There is a version that is not published yet: change that one.
    DraftOpen {
        /// Its number.
        number: u32,
    },
    /// The file has errors.
    NotPublishable {
        /// How many.
        errors: usize,
    },
    /// A version cannot have been in force before anybody could read it.
    EffectiveInThePast,
    /// Only what is published can be withdrawn.
    NotPublished,
    /// Items rest on it, and nothing would be left for them.
    ItemsRestOnIt {
        /// How many.
        items: usize,
    },
}

impl kernel::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchVersion { .. } => "procedure.no_such_version",
            Self::PublishedNeverChanges => "procedure.published_never_changes",
            Self::DraftOpen { .. } => "procedure.draft_open",
            Self::NotPublishable { .. } => "procedure.not_publishable",
            Self::EffectiveInThePast => "procedure.effective_in_the_past",
            Self::NotPublished => "procedure.not_published",
            Self::ItemsRestOnIt { .. } => "procedure.items_rest_on_it",
        }
    }

    fn statute(&self) -> Option<&'static str> {
        match self {
            Self::EffectiveInThePast => Some("行政许可法第五条"),
            _ => None,
        }
    }

    fn params(&self) -> Vec<Param> {
        match self {
            Self::NoSuchVersion { number } | Self::DraftOpen { number } => {
                vec![("number", number.to_string())]
            }
            Self::NotPublishable { errors } => vec![("errors", errors.to_string())],
            Self::ItemsRestOnIt { items } => vec![("items", items.to_string())],
            _ => Vec::new(),
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
            versions: vec![VersionState::drafted(*number, *digest)],
        })
    }

    fn evolve(&mut self, event: &Event) {
        match event {
            Event::Begun { .. } => {}
            Event::Drafted { number, digest } => match self.version_mut(*number) {
                Some(version) => *version = VersionState::drafted(*number, *digest),
                None => self.versions.push(VersionState::drafted(*number, *digest)),
            },
            Event::Checked { number } => {
                if let Some(version) = self.version_mut(*number) {
                    version.status = Status::Checked;
                }
            }
            Event::Published {
                number, effective, ..
            } => {
                if let Some(version) = self.version_mut(*number) {
                    version.status = Status::Published;
                    version.effective = Some(*effective);
                }
            }
            Event::Withdrawn { number, on } => {
                if let Some(version) = self.version_mut(*number) {
                    version.status = Status::Withdrawn;
                    version.withdrawn_on = Some(*on);
                }
            }
        }
    }

    fn decide(&self, command: Command, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Draft { digest } => self.draft(digest),
            Command::Edit { number, digest } => self.edit(number, digest),
            Command::Check { number } => self.check(number, facts),
            Command::Publish { number, effective } => self.publish(number, effective, facts),
            Command::Withdraw { number } => self.withdraw(number, facts),
        }
    }
}

impl Procedure {
    fn version_mut(&mut self, number: u32) -> Option<&mut VersionState> {
        let mut all = self.versions.iter_mut();
        all.find(|version| version.number == number)
    }

    fn wanted(&self, number: u32) -> Result<&VersionState, Refusal> {
        let found = self.version(number);
        found.ok_or(Refusal::NoSuchVersion { number })
    }

    fn draft(&self, digest: Digest32) -> Result<Vec<Event>, Refusal> {
        let latest = self.latest();
        if let Some(open) = latest.filter(|version| version.is_open()) {
            let number = open.number;
            return Err(Refusal::DraftOpen { number });
        }
        let number = latest.map_or(1, |version| version.number.saturating_add(1));
        Ok(vec![Event::Drafted { number, digest }])
    }

    fn edit(&self, number: u32, digest: Digest32) -> Result<Vec<Event>, Refusal> {
        let version = self.wanted(number)?;
        if !version.is_open() {
            return Err(Refusal::PublishedNeverChanges);
        }
        if version.digest == digest {
            return Ok(Vec::new());
        }
        Ok(vec![Event::Drafted { number, digest }])
    }

    fn check(&self, number: u32, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        match self.wanted(number)?.status {
            Status::Draft => {
                free_of_errors(facts)?;
                Ok(vec![Event::Checked { number }])
            }
            Status::Checked => Ok(Vec::new()),
            Status::Published | Status::Withdrawn => Err(Refusal::PublishedNeverChanges),
        }
    }

    fn publish(&self, number: u32, effective: Date, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let version = self.wanted(number)?;
        match version.status {
            Status::Published if version.effective == Some(effective) => return Ok(Vec::new()),
            Status::Published | Status::Withdrawn => return Err(Refusal::PublishedNeverChanges),
            Status::Draft | Status::Checked => {}
        }
        // Rules, and what rests on it, may have become stricter since the check.
        free_of_errors(facts)?;
        if effective < facts.today {
            return Err(Refusal::EffectiveInThePast);
        }
        let digest = version.digest;
        let checked = (version.status == Status::Draft).then_some(Event::Checked { number });
        let published = Event::Published {
            number,
            effective,
            digest,
        };
        Ok(checked.into_iter().chain([published]).collect())
    }

    fn withdraw(&self, number: u32, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if self.wanted(number)?.status != Status::Published {
            return Err(Refusal::NotPublished);
        }
        let others = self.versions.iter().filter(|one| one.number != number);
        let mut left = others.filter(|one| one.status == Status::Published);
        let in_force = |one: &VersionState| one.effective.is_some_and(|on| on <= facts.today);
        let alone = !facts.shipped && !left.any(in_force);
        if alone && 0 < facts.items {
            let items = facts.items;
            return Err(Refusal::ItemsRestOnIt { items });
        }
        let on = facts.today;
        Ok(vec![Event::Withdrawn { number, on }])
    }
}

fn free_of_errors(facts: &Facts) -> Result<(), Refusal> {
    match facts.errors {
        0 => Ok(()),
        errors => Err(Refusal::NotPublishable { errors }),
    }
}
