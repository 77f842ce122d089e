//! The nouns: a bundle 联办件 (one application over several cases), its parts, opinions, reminders
//! and joint check; a project 工程 with its stages and blockers.
//!
//! Deliberately absent: rules (see `decide`), texts of people (commitments), names.

mod project;

use calendar::{CalendarError, LegalClock, PauseKind, Rule, WorkingDays};
use case::{CaseId, Code};
use catalogue::ItemId;
use intake::ApplicationId;
use jiff::civil::Date;
use kernel::{OfficerId, OrganId, PersonId};
use ledger::{Commitment, FileCommitment};
use serde::{Deserialize, Serialize};

use crate::days::{Held, Holder};
use crate::theme::{Absence, CheckKind, Join, Need};

pub use project::{Blocker, Project, ProjectId, Stage, StageStatus};

kernel::id!(
    /// A bundle 联办件: several cases as one.
    BundleId,
    "bundle"
);

kernel::vocabulary! {
    /// How a part of a bundle stands.
    pub enum PartStatus {
        /// 待前置: waits for other parts, or for the award of the land.
        Waiting = "waiting",
        /// 已收件: at the front desk.
        Received = "received",
        /// 办理中.
        Handling = "handling",
        /// 准予.
        Granted = "granted",
        /// 不予许可.
        Refused = "refused",
        /// 不再办理: not accepted, withdrawn, or what it waited for was not granted.
        Dropped = "dropped",
        /// 需补办: it could not be handed in by itself; the applicant must look at it.
        Failed = "failed",
    }
}

impl PartStatus {
    /// Whether nothing more is expected of it.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(
            self,
            Self::Granted | Self::Refused | Self::Dropped | Self::Failed
        )
    }
}

kernel::vocabulary! {
    /// How a bundle stands.
    pub enum BundleStatus {
        /// 预审: looked at before the land is awarded.
        PreReview = "pre_review",
        /// 办理中.
        Running = "running",
        /// 办结.
        Passed = "passed",
        /// 未通过.
        Failed = "failed",
    }
}

impl BundleStatus {
    /// Whether it is concluded.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Passed | Self::Failed)
    }
}

kernel::vocabulary! {
    /// What a consulted department says.
    pub enum Stance {
        /// 同意.
        Agrees = "agrees",
        /// 附条件同意.
        WithConditions = "with_conditions",
        /// 不同意.
        Objects = "objects",
    }
}

/// A paper that waits to be handed in with its part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// Position of the material in the item version.
    pub material: u16,
    /// The file.
    pub file: FileCommitment,
}

/// A material that another part of the bundle issues 结果共享.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handed {
    /// Position of the material in the item version.
    pub material: u16,
    /// The number of the part that issues it.
    pub from: u16,
}

/// What is known of a part from the beginning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartPlan {
    /// Its place in the theme.
    pub at: u16,
    /// The item.
    pub item: ItemId,
    /// The version of the item whose form was filled in.
    pub version: u32,
    /// The position of its scenario.
    pub scenario: u16,
    /// The department that decides it.
    pub organ: OrganId,
    /// How it belongs to the theme.
    pub need: Need,
    /// Whether it follows by itself and holds nothing up.
    pub follow_up: bool,
    /// How many working days it may take within the theme.
    pub days: u32,
    /// Which parts must be granted before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<u16>,
    /// Its share of the one form, as JSON.
    pub answers: Commitment,
    /// Its share of the one set of materials.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub papers: Vec<Paper>,
    /// Materials that other parts issue, so that nobody was asked for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handed: Vec<Handed>,
}

/// Days on which a clock stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    /// First day that does not count.
    pub from: Date,
    /// First day that counts again.
    pub until: Option<Date>,
}

/// A part of a bundle: one item, one application, one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// What it is.
    pub plan: PartPlan,
    /// How it stands.
    pub status: PartStatus,
    /// Its application.
    pub application: Option<ApplicationId>,
    /// Its case.
    pub case: Option<CaseId>,
    /// When it was handed in.
    pub received_on: Option<Date>,
    /// When it was accepted.
    pub opened_on: Option<Date>,
    /// When it was over.
    pub ended_on: Option<Date>,
    /// Its special procedures.
    pub stops: Vec<Stop>,
}

impl Part {
    /// Whether a special procedure runs.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.stops.last().is_some_and(|stop| stop.until.is_none())
    }
}

kernel::vocabulary! {
    /// How a request for an opinion stands.
    pub enum OpinionStatus {
        /// 征求中.
        Asked = "asked",
        /// 已答复.
        Given = "given",
        /// 逾期视为无意见: silence, noted as no objection.
        Lapsed = "lapsed",
    }
}

/// An opinion that was asked for 征求意见, with its own clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opinion {
    /// Its number, from 1.
    pub number: u16,
    /// Of whom.
    pub organ: OrganId,
    /// When it was asked for.
    pub asked_on: Date,
    /// The last day to answer.
    pub due: Date,
    /// What was asked, beyond the papers of the bundle.
    pub question: Option<Commitment>,
    /// How it stands.
    pub status: OpinionStatus,
    /// What was said.
    pub stance: Option<Stance>,
    /// In which words.
    pub text: Option<Commitment>,
    /// When it was answered, or when silence was noted.
    pub settled_on: Option<Date>,
    /// When an answer came after all 迟到意见.
    pub late_on: Option<Date>,
}

/// A reminder of the lead 催办.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reminder {
    /// Whom.
    pub organ: OrganId,
    /// About which part.
    pub part: Option<u16>,
    /// About which opinion.
    pub opinion: Option<u16>,
    /// By whom.
    pub by: OfficerId,
    /// When.
    pub on: Date,
    /// In which words.
    pub text: Commitment,
}

/// The joint check 联合审图, 联合验收.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// What kind.
    pub kind: CheckKind,
    /// How long its list is.
    pub points: u16,
    /// The day of the visit 现场踏勘.
    pub visit_on: Option<Date>,
    /// The list, ticked off.
    pub marks: Vec<bool>,
    /// The one conclusion 验收结论.
    pub passed: Option<bool>,
    /// What it says.
    pub text: Option<Commitment>,
    /// When.
    pub held_on: Option<Date>,
}

/// A bundle 联办件: one application over several cases.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    /// Its id.
    pub id: BundleId,
    /// 联办编号.
    pub number: Code,
    /// Its theme.
    pub theme: Code,
    /// The theme's version.
    pub theme_version: u32,
    /// The project that it is a stage of.
    pub project: Option<ProjectId>,
    /// 申请人.
    pub applicant: PersonId,
    /// 委托代理人.
    pub agent: Option<PersonId>,
    /// 牵头部门.
    pub lead: OrganId,
    /// 政务服务中心.
    pub hall: OrganId,
    /// When it is done.
    pub join: Join,
    /// What silence means.
    pub absence: Absence,
    /// How it stands.
    pub status: BundleStatus,
    /// The limit of the whole, in working days.
    pub limit_days: u32,
    /// When it was handed in.
    pub handed_in_on: Date,
    /// When its clock started: the day of handing in, or of the award.
    pub started_on: Option<Date>,
    /// When its clock stood.
    pub stops: Vec<Stop>,
    /// Its parts.
    pub parts: Vec<Part>,
    /// Opinions.
    pub opinions: Vec<Opinion>,
    /// Reminders, in order.
    pub reminders: Vec<Reminder>,
    /// The joint check, where the theme has one.
    pub check: Option<Check>,
    /// When it was concluded.
    pub concluded_on: Option<Date>,
    /// Whether a clerk took it in at the counter 窗口收件.
    pub at_counter: bool,
}

impl Bundle {
    /// Whether a person may see it as theirs.
    #[must_use]
    pub fn belongs_to(&self, person: PersonId) -> bool {
        self.applicant == person || self.agent == Some(person)
    }

    /// The part of this number, from 0.
    #[must_use]
    pub fn part(&self, number: u16) -> Option<&Part> {
        self.parts.get(usize::from(number))
    }

    /// The opinion of this number, from 1.
    #[must_use]
    pub fn opinion(&self, number: u16) -> Option<&Opinion> {
        self.opinions.iter().find(|one| one.number == number)
    }

    /// The parts that can be handed in now.
    #[must_use]
    pub fn ready(&self) -> Vec<u16> {
        if self.status == BundleStatus::PreReview {
            return Vec::new();
        }
        let granted = |at: &u16| {
            self.part(*at)
                .is_some_and(|one| one.status == PartStatus::Granted)
        };
        let is_ready =
            |part: &Part| part.status == PartStatus::Waiting && part.plan.after.iter().all(granted);
        let numbered = (0..).zip(&self.parts);
        numbered
            .filter(|(_, part)| is_ready(part))
            .map(|(number, _)| number)
            .collect()
    }

    /// The clock of the whole: working days from its start without those of special procedures.
    ///
    /// # Errors
    /// When a day lies outside the calendar.
    pub fn clock(&self, calendar: &WorkingDays) -> Result<Option<LegalClock>, CalendarError> {
        let Some(start) = self.started_on else {
            return Ok(None);
        };
        let rule = Rule::workdays("", self.limit_days);
        let start = start.at(0, 0, 0, 0);
        let mut clock = LegalClock::new(calendar, rule, None, start)?;
        for stop in &self.stops {
            clock.pause(PauseKind::Other, stop.from)?;
            if let Some(until) = stop.until {
                clock.resume(until)?;
            }
        }
        Ok(Some(clock))
    }

    /// The last day of the whole; none while its clock stands or has not started.
    ///
    /// # Errors
    /// As [`Bundle::clock`].
    pub fn due(&self, calendar: &WorkingDays) -> Result<Option<Date>, CalendarError> {
        let Some(clock) = self.clock(calendar)? else {
            return Ok(None);
        };
        Ok(clock.due_statutory(calendar)?.due().map(|due| due.date))
    }

    /// Who had what open when, for adding up the days.
    #[must_use]
    pub fn held(&self) -> Vec<Held> {
        let mut held = Vec::new();
        for part in &self.parts {
            let Some(from) = part.received_on else {
                continue;
            };
            // Until it is accepted it lies at the front desk of the hall.
            let at_desk = part.opened_on.or(part.ended_on);
            held.push(of(Holder::Organ(self.hall), from, at_desk));
            let Some(opened) = part.opened_on else {
                continue;
            };
            let mut after = opened;
            for stop in &part.stops {
                // The first day that does not count is the first of the procedure.
                let before = stop.from.yesterday().unwrap_or(stop.from);
                if after < before {
                    held.push(of(Holder::Organ(part.plan.organ), after, Some(before)));
                }
                let last = stop.until.map(|day| day.yesterday().unwrap_or(day));
                held.push(of(Holder::Special, before.max(after), last));
                after = last.unwrap_or(before);
            }
            if !part.stands() {
                held.push(of(Holder::Organ(part.plan.organ), after, part.ended_on));
            }
        }
        for opinion in &self.opinions {
            let until = opinion.settled_on;
            held.push(of(Holder::Organ(opinion.organ), opinion.asked_on, until));
        }
        held
    }
}

fn of(holder: Holder, after: Date, until: Option<Date>) -> Held {
    Held {
        holder,
        after,
        until,
    }
}
