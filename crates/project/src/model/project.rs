//! A project 工程: its code, its stages with plan and fact, what blocks it.
//!
//! Deliberately absent: its cases, which belong to the bundles of its stages.

use case::Code;
use codes::ProjectCode;
use jiff::civil::Date;
use kernel::{OrganId, PersonId};
use ledger::Commitment;
use serde::{Deserialize, Serialize};

use super::BundleId;
use crate::schedule::Span;

kernel::id!(
    /// A project 工程.
    ProjectId,
    "project"
);

kernel::vocabulary! {
    /// How a stage of a project stands.
    pub enum StageStatus {
        /// Not begun.
        Ahead = "ahead",
        /// Its bundle runs.
        Running = "running",
        /// Done.
        Done = "done",
        /// Its bundle failed: it may be begun again.
        Failed = "failed",
    }
}

/// A stage 阶段 of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Its theme.
    pub theme: Code,
    /// Its limit, in working days.
    pub days: u32,
    /// Which stages must be done before, by their place.
    pub after: Vec<u16>,
    /// How it stands.
    pub status: StageStatus,
    /// Its bundle.
    pub bundle: Option<BundleId>,
    /// When it should be done, by the backward schedule.
    pub planned: Option<Span>,
    /// When it began.
    pub began_on: Option<Date>,
    /// When it was done.
    pub ended_on: Option<Date>,
}

/// Something that keeps a project from going on 堵点.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blocker {
    /// Its number, from 1.
    pub number: u16,
    /// Who is to move it.
    pub organ: OrganId,
    /// What it is.
    pub text: Commitment,
    /// Since when.
    pub raised_on: Date,
    /// By when it was moved.
    pub cleared_on: Option<Date>,
}

/// A project 工程.
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// 项目代码 (GB/T 40058—2021).
    pub code: ProjectCode,
    /// Its name.
    pub name: Commitment,
    /// 建设单位.
    pub applicant: PersonId,
    /// 委托代理人.
    pub agent: Option<PersonId>,
    /// Its scheme of stages.
    pub scheme: Code,
    /// The scheme's version.
    pub scheme_version: u32,
    /// The hall that coordinates it.
    pub hall: OrganId,
    /// 重点项目.
    pub is_key: bool,
    /// When it was registered.
    pub registered_on: Date,
    /// By when the owner wants all of it.
    pub wanted_on: Option<Date>,
    /// Its stages.
    pub stages: Vec<Stage>,
    /// Blockers, in order.
    pub blockers: Vec<Blocker>,
    /// When all stages were done.
    pub finished_on: Option<Date>,
}

impl Project {
    /// Whether a person may see it as theirs.
    #[must_use]
    pub fn belongs_to(&self, person: PersonId) -> bool {
        self.applicant == person || self.agent == Some(person)
    }

    /// Whether a stage may begin now.
    #[must_use]
    pub fn may_begin(&self, stage: &Stage) -> bool {
        let done = |at: &u16| {
            let other = self.stages.get(usize::from(*at));
            other.is_some_and(|other| other.status == StageStatus::Done)
        };
        let idle = matches!(stage.status, StageStatus::Ahead | StageStatus::Failed);
        idle && stage.after.iter().all(done)
    }
}
