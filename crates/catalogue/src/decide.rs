//! Every rule in the life of an item's versions, and nothing else: no clock, no database, no
//! HTTP. A version is drafted, checked, published from a day on, and at last withdrawn. What was
//! published never changes: an edit is a new version (政务公开 and 行政许可法 30 need one truth
//! a day). Absent: what is wrong with a content, which is `check`.

use jiff::civil::Date;
use kernel::fault::Param;
use ledger::Lifecycle;
use seal::Digest32;
use serde::{Deserialize, Serialize};

use crate::ItemId;
use crate::change::Added;
use crate::check::{Finding, Severity, publishable};
use crate::model::VersionStatus;

/// What happened to an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ItemEvent {
    /// 起草: a version got this content, for the first time or again.
    Drafted {
        /// The version.
        number: u32,
        /// Digest of its canonical content.
        digest: Digest32,
    },
    /// 校核: the content was found free of errors.
    Checked {
        /// The version.
        number: u32,
    },
    /// 发布: the version is in force from a day on.
    Published {
        /// The version.
        number: u32,
        /// The first day.
        effective: Date,
        /// Digest of its canonical content.
        digest: Digest32,
    },
    /// 撤销: no new application may rest on it; running cases keep it.
    Withdrawn {
        /// The version.
        number: u32,
        /// The day.
        on: Date,
    },
}

impl ledger::Event for ItemEvent {}

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
    /// A version of that number does not exist.
    NoSuchVersion {
        /// The number.
        number: u32,
    },
    /// What was published never changes: make a new version.
    PublishedNeverChanges,
    /// There is a version that is not published yet: edit that one.
    DraftOpen {
        /// Its number.
        number: u32,
    },
    /// The content has errors.
    NotPublishable {
        /// How many.
        errors: usize,
    },
    /// Check first.
    NotChecked,
    /// A version cannot have been in force before anybody could read it.
    EffectiveInThePast,
    /// Nothing of it is published.
    NotPublished,
    /// 只减不增: it asks for more than the version in force, and names no law for it.
    OnlyLess {
        /// The first thing that there is more of.
        added: Added,
    },
}

impl kernel::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchVersion { .. } => "catalogue.no_such_version",
            Self::PublishedNeverChanges => "catalogue.published_never_changes",
            Self::DraftOpen { .. } => "catalogue.draft_open",
            Self::NotPublishable { .. } => "catalogue.not_publishable",
            Self::NotChecked => "catalogue.not_checked",
            Self::EffectiveInThePast => "catalogue.effective_in_the_past",
            Self::NotPublished => "catalogue.not_published",
            Self::OnlyLess { added } => added.measure.refusal(),
        }
    }

    fn statute(&self) -> Option<&'static str> {
        match self {
            Self::NotPublishable { .. } => Some("行政许可法第三十条"),
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
            Self::OnlyLess { added } => {
                vec![("from", added.from.clone()), ("to", added.to.clone())]
            }
            _ => Vec::new(),
        }
    }
}

/// Where one version stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VersionState {
    /// Its number, from 1.
    pub number: u32,
    /// Where it stands.
    pub status: VersionStatus,
    /// Digest of its canonical content.
    pub digest: Digest32,
    /// The first day in force, once published.
    pub effective: Option<Date>,
    /// The day it was withdrawn.
    pub withdrawn_on: Option<Date>,
}

/// An item 事项 and its versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// Its versions, by number.
    pub versions: Vec<VersionState>,
}

impl Item {
    /// The newest version.
    #[must_use]
    pub fn latest(&self) -> Option<&VersionState> {
        self.versions.last()
    }

    /// A version.
    #[must_use]
    pub fn version(&self, number: u32) -> Option<&VersionState> {
        self.versions
            .iter()
            .find(|version| version.number == number)
    }

    /// The version in force on a day: of the published ones the one that began last.
    #[must_use]
    pub fn in_force(&self, on: Date) -> Option<&VersionState> {
        self.versions
            .iter()
            .filter(|version| version.status == VersionStatus::Published)
            .filter(|version| version.effective.is_some_and(|from| from <= on))
            .max_by_key(|version| (version.effective, version.number))
    }

    fn wanted(&self, number: u32) -> Result<&VersionState, Refusal> {
        self.version(number)
            .ok_or(Refusal::NoSuchVersion { number })
    }

    fn version_mut(&mut self, number: u32) -> Option<&mut VersionState> {
        self.versions
            .iter_mut()
            .find(|version| version.number == number)
    }
}

impl VersionState {
    fn drafted(number: u32, digest: Digest32) -> Self {
        Self {
            number,
            status: VersionStatus::Draft,
            digest,
            effective: None,
            withdrawn_on: None,
        }
    }

    /// Whether its content may still change.
    #[must_use]
    pub fn open(&self) -> bool {
        matches!(self.status, VersionStatus::Draft | VersionStatus::Checked)
    }
}

impl Lifecycle for Item {
    const KIND: &'static str = "item";
    type Id = ItemId;
    type Event = ItemEvent;
    type Command = Command;
    type Facts = Facts;
    type Refusal = Refusal;

    fn id(&self) -> ItemId {
        self.id
    }

    fn begin(id: ItemId, event: &ItemEvent) -> Option<Self> {
        match event {
            ItemEvent::Drafted { number: 1, digest } => Some(Self {
                id,
                versions: vec![VersionState::drafted(1, *digest)],
            }),
            _ => None,
        }
    }

    fn evolve(&mut self, event: &ItemEvent) {
        match event {
            ItemEvent::Drafted { number, digest } => match self.version_mut(*number) {
                Some(version) => *version = VersionState::drafted(*number, *digest),
                None => self.versions.push(VersionState::drafted(*number, *digest)),
            },
            ItemEvent::Checked { number } => {
                if let Some(version) = self.version_mut(*number) {
                    version.status = VersionStatus::Checked;
                }
            }
            ItemEvent::Published {
                number, effective, ..
            } => {
                if let Some(version) = self.version_mut(*number) {
                    version.status = VersionStatus::Published;
                    version.effective = Some(*effective);
                }
            }
            ItemEvent::Withdrawn { number, on } => {
                if let Some(version) = self.version_mut(*number) {
                    version.status = VersionStatus::Withdrawn;
                    version.withdrawn_on = Some(*on);
                }
            }
        }
    }

    fn decide(&self, command: Command, facts: &Facts) -> Result<Vec<ItemEvent>, Refusal> {
        match command {
            Command::Draft { digest } => self.draft(digest),
            Command::Edit { number, digest } => self.edit(number, digest),
            Command::Check { number } => {
                let version = self.wanted(number)?;
                match version.status {
                    VersionStatus::Draft => {
                        free_of_errors(facts)?;
                        Ok(vec![ItemEvent::Checked { number }])
                    }
                    VersionStatus::Checked => Ok(Vec::new()),
                    VersionStatus::Published | VersionStatus::Withdrawn => {
                        Err(Refusal::PublishedNeverChanges)
                    }
                }
            }
            Command::Publish { number, effective } => self.publish(number, effective, facts),
            Command::Withdraw => self.withdraw(facts.today),
        }
    }
}

impl Item {
    fn draft(&self, digest: Digest32) -> Result<Vec<ItemEvent>, Refusal> {
        let latest = self.latest();
        if let Some(open) = latest.filter(|version| version.open()) {
            return Err(Refusal::DraftOpen {
                number: open.number,
            });
        }
        let number = latest.map_or(1, |version| version.number + 1);
        Ok(vec![ItemEvent::Drafted { number, digest }])
    }

    fn edit(&self, number: u32, digest: Digest32) -> Result<Vec<ItemEvent>, Refusal> {
        let version = self.wanted(number)?;
        if !version.open() {
            return Err(Refusal::PublishedNeverChanges);
        }
        if version.digest == digest {
            return Ok(Vec::new());
        }
        Ok(vec![ItemEvent::Drafted { number, digest }])
    }

    fn publish(
        &self,
        number: u32,
        effective: Date,
        facts: &Facts,
    ) -> Result<Vec<ItemEvent>, Refusal> {
        let version = self.wanted(number)?;
        match version.status {
            VersionStatus::Draft => return Err(Refusal::NotChecked),
            VersionStatus::Published if version.effective == Some(effective) => {
                return Ok(Vec::new());
            }
            VersionStatus::Published | VersionStatus::Withdrawn => {
                return Err(Refusal::PublishedNeverChanges);
            }
            VersionStatus::Checked => {}
        }
        // Rules may have become stricter since the check.
        free_of_errors(facts)?;
        if let Some(added) = facts.added.first() {
            return Err(Refusal::OnlyLess {
                added: added.clone(),
            });
        }
        if effective < facts.today {
            return Err(Refusal::EffectiveInThePast);
        }
        Ok(vec![ItemEvent::Published {
            number,
            effective,
            digest: version.digest,
        }])
    }

    fn withdraw(&self, on: Date) -> Result<Vec<ItemEvent>, Refusal> {
        let published = self
            .versions
            .iter()
            .filter(|version| version.status == VersionStatus::Published);
        let events: Vec<ItemEvent> = published
            .map(|version| ItemEvent::Withdrawn {
                number: version.number,
                on,
            })
            .collect();
        if events.is_empty() {
            Err(Refusal::NotPublished)
        } else {
            Ok(events)
        }
    }
}

fn free_of_errors(facts: &Facts) -> Result<(), Refusal> {
    if publishable(&facts.findings) {
        return Ok(());
    }
    let errors = facts
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .count();
    Err(Refusal::NotPublishable { errors })
}
