//! Every rule in the life of an item, and nothing else: no clock, no database, no HTTP. Its
//! versions live as all versions do (`ledger::versions`); an item's own is that a version may not
//! ask for more than the one before (只减不增). Absent: what is wrong with a content, which is
//! `check`.

use jiff::civil::Date;
use kernel::fault::Param;
use ledger::{Lifecycle, VersionEvent, VersionStop, Versions};
use seal::Digest32;

use crate::ItemId;
use crate::change::Added;
use crate::check::{Finding, Severity};

/// What can be asked of an item.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Begin the next version with this content.
    Draft {
        /// Digest of the canonical content.
        digest: Digest32,
    },
    /// Give a version that is not published yet another content.
    Edit {
        /// The version.
        number: u32,
        /// Digest of the canonical content.
        digest: Digest32,
    },
    /// Record that a draft is free of errors.
    Check {
        /// The version.
        number: u32,
    },
    /// Put a checked version in force.
    Publish {
        /// The version.
        number: u32,
        /// The first day.
        effective: Date,
    },
    /// Take the item off the list: every published version of it.
    Withdraw,
}

/// What a decision needs to know.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The legal day.
    pub today: Date,
    /// What `check` found in the version that the command names.
    pub findings: Vec<Finding>,
    /// What that version asks for beyond the one in force, without a law that makes it.
    pub added: Vec<Added>,
}

/// How a rule says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The life of versions forbids it.
    Version(VersionStop),
    /// 只减不增: it asks for more than the version in force, and names no law for it.
    OnlyLess {
        /// The first thing that there is more of.
        added: Added,
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
            Self::OnlyLess { added } => return added.measure.refusal(),
            Self::Version(stop) => stop,
        };
        match stop {
            VersionStop::NoSuchVersion { .. } => "catalogue.no_such_version",
            VersionStop::PublishedNeverChanges => "catalogue.published_never_changes",
            VersionStop::DraftOpen { .. } => "catalogue.draft_open",
            VersionStop::NotPublishable { .. } => "catalogue.not_publishable",
            VersionStop::NotChecked => "catalogue.not_checked",
            VersionStop::EffectiveInThePast => "catalogue.effective_in_the_past",
            VersionStop::NotPublished => "catalogue.not_published",
        }
    }

    fn statute(&self) -> Option<&'static str> {
        match self {
            Self::Version(VersionStop::NotPublishable { .. }) => Some("行政许可法第三十条"),
            Self::Version(VersionStop::EffectiveInThePast) => Some("行政许可法第五条"),
            _ => None,
        }
    }

    fn params(&self) -> Vec<Param> {
        match self {
            Self::Version(stop) => stop.params(),
            Self::OnlyLess { added } => {
                vec![("from", added.from.clone()), ("to", added.to.clone())]
            }
        }
    }
}

/// An item 事项 and its versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// Its versions, by number.
    pub versions: Versions,
}

impl Lifecycle for Item {
    const KIND: &'static str = "item";
    type Id = ItemId;
    type Event = VersionEvent;
    type Command = Command;
    type Facts = Facts;
    type Refusal = Refusal;

    fn id(&self) -> ItemId {
        self.id
    }

    fn begin(id: ItemId, event: &VersionEvent) -> Option<Self> {
        match event {
            VersionEvent::Drafted { number: 1, digest } => Some(Self {
                id,
                versions: Versions::begin(1, *digest),
            }),
            _ => None,
        }
    }

    fn evolve(&mut self, event: &VersionEvent) {
        self.versions.evolve(event);
    }

    fn decide(&self, command: Command, facts: &Facts) -> Result<Vec<VersionEvent>, Refusal> {
        let event = match command {
            Command::Draft { digest } => Some(self.versions.draft(digest)?),
            Command::Edit { number, digest } => self.versions.edit(number, digest)?,
            Command::Check { number } => self.versions.check(number, errors(facts))?,
            Command::Publish { number, effective } => self.publish(number, effective, facts)?,
            Command::Withdraw => return self.withdraw(facts.today),
        };
        Ok(event.into_iter().collect())
    }
}

impl Item {
    /// Publishes a version that asks for no more than the one in force, save by a law.
    fn publish(
        &self,
        number: u32,
        effective: Date,
        facts: &Facts,
    ) -> Result<Option<VersionEvent>, Refusal> {
        let known = (facts.today, errors(facts));
        let event = self.versions.publish(number, effective, known)?;
        match facts.added.first().filter(|_| event.is_some()) {
            Some(added) => Err(Refusal::OnlyLess {
                added: added.clone(),
            }),
            None => Ok(event),
        }
    }

    /// Takes every published version out of force.
    fn withdraw(&self, on: Date) -> Result<Vec<VersionEvent>, Refusal> {
        let published = self.versions.published();
        let events: Vec<VersionEvent> = published
            .map(|version| VersionEvent::Withdrawn {
                number: version.number,
                on,
            })
            .collect();
        if events.is_empty() {
            return Err(VersionStop::NotPublished.into());
        }
        Ok(events)
    }
}

fn errors(facts: &Facts) -> usize {
    let severe = |finding: &&Finding| finding.severity == Severity::Error;
    facts.findings.iter().filter(severe).count()
}
