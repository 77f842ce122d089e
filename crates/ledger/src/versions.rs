//! The life of what is published in versions 版本: items, procedures, themes. A version is drafted,
//! checked, published from a day on, and at last withdrawn. What was published never changes, for
//! running cases rest on it: an edit is a new version (政务公开 and 行政许可法 30 need one truth a
//! day).
//!
//! Deliberately absent: what is wrong with a content (the rooms count its errors), and its bytes:
//! a version is known by its digest.

use std::ops::Deref;

use jiff::civil::Date;
use kernel::fault::Param;
use seal::Digest32;
use serde::{Deserialize, Serialize};

kernel::vocabulary! {
    /// Where a version stands.
    pub enum VersionStatus {
        /// 草稿: being written; only its editors see it.
        Draft = "draft",
        /// 已校核: free of errors at the time of checking.
        Checked = "checked",
        /// 已发布: in force from its effective date.
        Published = "published",
        /// 已撤销: nothing new begins by it; what runs keeps it.
        Withdrawn = "withdrawn",
    }
}

/// What happened to a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum VersionEvent {
    /// 起草: a version got this content, for the first time or again.
    Drafted {
        /// The version.
        number: u32,
        /// Digest of its content.
        digest: Digest32,
    },
    /// 校核: the content was found free of errors.
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
        /// Digest of its content.
        digest: Digest32,
    },
    /// 撤销: nothing new may rest on it.
    Withdrawn {
        /// The version.
        number: u32,
        /// The day.
        on: Date,
    },
}

impl crate::Event for VersionEvent {}

/// Why a version does not go where it was asked to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionStop {
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
}

impl VersionStop {
    /// What its message names.
    #[must_use]
    pub fn params(&self) -> Vec<Param> {
        match self {
            Self::NoSuchVersion { number } | Self::DraftOpen { number } => {
                vec![("number", number.to_string())]
            }
            Self::NotPublishable { errors } => vec![("errors", errors.to_string())],
            Self::PublishedNeverChanges
            | Self::NotChecked
            | Self::EffectiveInThePast
            | Self::NotPublished => Vec::new(),
        }
    }
}

/// One version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VersionState {
    /// Its number.
    pub number: u32,
    /// Where it stands.
    pub status: VersionStatus,
    /// Digest of its content.
    pub digest: Digest32,
    /// The first day in force, once published.
    pub effective: Option<Date>,
    /// The day it was withdrawn.
    pub withdrawn_on: Option<Date>,
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
    pub fn is_open(&self) -> bool {
        use VersionStatus::{Checked, Draft};
        matches!(self.status, Draft | Checked)
    }
}

/// All versions of one thing, by number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Versions(Vec<VersionState>);

impl Deref for Versions {
    type Target = [VersionState];

    fn deref(&self) -> &[VersionState] {
        &self.0
    }
}

impl Versions {
    /// The versions of a thing that begins with this one.
    #[must_use]
    pub fn begin(number: u32, digest: Digest32) -> Self {
        Self(vec![VersionState::drafted(number, digest)])
    }

    /// The newest version.
    #[must_use]
    pub fn latest(&self) -> Option<&VersionState> {
        self.0.last()
    }

    /// A version.
    #[must_use]
    pub fn version(&self, number: u32) -> Option<&VersionState> {
        self.0.iter().find(|version| version.number == number)
    }

    /// The version in force on a day: of the published ones the one that began last.
    #[must_use]
    pub fn in_force(&self, on: Date) -> Option<&VersionState> {
        self.published()
            .filter(|version| version.effective.is_some_and(|from| from <= on))
            .max_by_key(|version| (version.effective, version.number))
    }

    /// The versions that are published, whatever their first day.
    pub fn published(&self) -> impl Iterator<Item = &VersionState> {
        let published = |version: &&VersionState| version.status == VersionStatus::Published;
        self.0.iter().filter(published)
    }

    /// What happened, made true.
    pub fn evolve(&mut self, event: &VersionEvent) {
        match *event {
            VersionEvent::Drafted { number, digest } => {
                let drafted = VersionState::drafted(number, digest);
                match self.version_mut(number) {
                    Some(version) => *version = drafted,
                    None => self.0.push(drafted),
                }
            }
            VersionEvent::Checked { number } => {
                if let Some(version) = self.version_mut(number) {
                    version.status = VersionStatus::Checked;
                }
            }
            VersionEvent::Published {
                number, effective, ..
            } => {
                if let Some(version) = self.version_mut(number) {
                    version.status = VersionStatus::Published;
                    version.effective = Some(effective);
                }
            }
            VersionEvent::Withdrawn { number, on } => {
                if let Some(version) = self.version_mut(number) {
                    version.status = VersionStatus::Withdrawn;
                    version.withdrawn_on = Some(on);
                }
            }
        }
    }

    fn version_mut(&mut self, number: u32) -> Option<&mut VersionState> {
        self.0.iter_mut().find(|version| version.number == number)
    }
}

/// The rules.
impl Versions {
    /// A version.
    ///
    /// # Errors
    /// [`VersionStop::NoSuchVersion`].
    pub fn wanted(&self, number: u32) -> Result<&VersionState, VersionStop> {
        self.version(number)
            .ok_or(VersionStop::NoSuchVersion { number })
    }

    /// Begins the next version.
    ///
    /// # Errors
    /// [`VersionStop::DraftOpen`] while one is being written.
    pub fn draft(&self, digest: Digest32) -> Result<VersionEvent, VersionStop> {
        let latest = self.latest();
        if let Some(open) = latest.filter(|version| version.is_open()) {
            let number = open.number;
            return Err(VersionStop::DraftOpen { number });
        }
        let number = latest.map_or(1, |version| version.number.saturating_add(1));
        Ok(VersionEvent::Drafted { number, digest })
    }

    /// Gives a version that is not published yet another content; nothing when it has it already.
    ///
    /// # Errors
    /// [`VersionStop::PublishedNeverChanges`].
    pub fn edit(&self, number: u32, digest: Digest32) -> Result<Option<VersionEvent>, VersionStop> {
        let version = self.wanted(number)?;
        if !version.is_open() {
            return Err(VersionStop::PublishedNeverChanges);
        }
        let new = version.digest != digest;
        Ok(new.then_some(VersionEvent::Drafted { number, digest }))
    }

    /// Records that a draft is free of errors; nothing when that is recorded already.
    ///
    /// # Errors
    /// [`VersionStop::NotPublishable`] with errors, [`VersionStop::PublishedNeverChanges`].
    pub fn check(&self, number: u32, errors: usize) -> Result<Option<VersionEvent>, VersionStop> {
        match self.wanted(number)?.status {
            VersionStatus::Draft => {
                free_of_errors(errors)?;
                Ok(Some(VersionEvent::Checked { number }))
            }
            VersionStatus::Checked => Ok(None),
            VersionStatus::Published | VersionStatus::Withdrawn => {
                Err(VersionStop::PublishedNeverChanges)
            }
        }
    }

    /// Puts a checked version in force from a day on; nothing when it is. The errors are asked for
    /// again: rules, and what rests on the version, may have become stricter since the check.
    ///
    /// # Errors
    /// Every other stop but [`VersionStop::DraftOpen`] and [`VersionStop::NotPublished`].
    pub fn publish(
        &self,
        number: u32,
        effective: Date,
        (today, errors): (Date, usize),
    ) -> Result<Option<VersionEvent>, VersionStop> {
        let version = self.wanted(number)?;
        match version.status {
            VersionStatus::Draft => return Err(VersionStop::NotChecked),
            VersionStatus::Published if version.effective == Some(effective) => return Ok(None),
            VersionStatus::Published | VersionStatus::Withdrawn => {
                return Err(VersionStop::PublishedNeverChanges);
            }
            VersionStatus::Checked => {}
        }
        free_of_errors(errors)?;
        if effective < today {
            return Err(VersionStop::EffectiveInThePast);
        }
        let digest = version.digest;
        Ok(Some(VersionEvent::Published {
            number,
            effective,
            digest,
        }))
    }

    /// Takes a published version out of force.
    ///
    /// # Errors
    /// [`VersionStop::NotPublished`].
    pub fn withdraw(&self, number: u32, on: Date) -> Result<VersionEvent, VersionStop> {
        if self.wanted(number)?.status != VersionStatus::Published {
            return Err(VersionStop::NotPublished);
        }
        Ok(VersionEvent::Withdrawn { number, on })
    }
}

fn free_of_errors(errors: usize) -> Result<(), VersionStop> {
    match errors {
        0 => Ok(()),
        errors => Err(VersionStop::NotPublishable { errors }),
    }
}
