//! The rules of a project: its stages one after the other, its plan, its blockers.

use case::{Code, Role};
use codes::ProjectCode;
use jiff::civil::Date;
use kernel::{OfficerId, OrganId, PersonId};
use ledger::{Commitment, Lifecycle};
use serde::{Deserialize, Serialize};

use super::{Facts, Refusal, Who};
use crate::model::{Blocker, BundleId, Project, ProjectId, Stage, StageStatus};
use crate::schedule::{self, Span, Task};

/// What can happen to a project.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// It was registered.
    Registered(Box<Registered>),
    /// It was planned backward from the wanted day.
    Planned {
        /// The wanted day.
        wanted_on: Date,
        /// For each stage its days; none for a stage that is done.
        spans: Vec<Option<Span>>,
    },
    /// It was made a key project, or an ordinary one again.
    Marked {
        /// 重点项目.
        is_key: bool,
        /// By whom.
        by: OfficerId,
    },
    /// A stage began.
    StageBegun {
        /// Which.
        stage: u16,
        /// Its bundle.
        bundle: BundleId,
        /// The day.
        on: Date,
    },
    /// A stage ended.
    StageEnded {
        /// Which.
        stage: u16,
        /// Whether it passed.
        passed: bool,
        /// The day.
        on: Date,
    },
    /// Something keeps it from going on.
    Blocked {
        /// Its number.
        number: u16,
        /// Who is to move it.
        organ: OrganId,
        /// What it is.
        text: Commitment,
        /// By whom it was raised.
        by: OfficerId,
        /// The day.
        on: Date,
    },
    /// That was moved.
    Unblocked {
        /// Its number.
        number: u16,
        /// By whom.
        by: OfficerId,
        /// The day.
        on: Date,
    },
    /// All stages are done.
    Finished {
        /// The day.
        on: Date,
    },
}

impl ledger::Event for Event {}

/// How a project began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registered {
    /// 项目代码.
    pub code: ProjectCode,
    /// Its name.
    pub name: Commitment,
    /// 建设单位.
    pub applicant: PersonId,
    /// 委托代理人.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<PersonId>,
    /// Its scheme.
    pub scheme: Code,
    /// The scheme's version.
    pub scheme_version: u32,
    /// The hall.
    pub hall: OrganId,
    /// The day.
    pub on: Date,
    /// Its stages: theme, days, and which must be done before.
    pub stages: Vec<(Code, u32, Vec<u16>)>,
}

/// What can be asked of a project.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Plan it backward from a day.
    Plan(Date),
    /// Make it a key project, or not.
    Mark(bool),
    /// Begin a stage.
    BeginStage(u16, BundleId),
    /// A stage's bundle is concluded.
    EndStage(u16, bool),
    /// Raise a blocker.
    Block(OrganId, Commitment),
    /// Say that it was moved.
    Unblock(u16),
}

/// Registers a project.
#[must_use]
pub fn begin(new: Registered) -> Vec<Event> {
    vec![Event::Registered(Box::new(new))]
}

impl Lifecycle for Project {
    const KIND: &'static str = "project";
    type Id = ProjectId;
    type Event = Event;
    type Command = Command;
    type Facts = Facts;
    type Refusal = Refusal;

    fn id(&self) -> ProjectId {
        self.id
    }

    fn begin(id: ProjectId, event: &Event) -> Option<Self> {
        let Event::Registered(new) = event else {
            return None;
        };
        let new = new.as_ref().clone();
        let stage = |(theme, days, after): (Code, u32, Vec<u16>)| Stage {
            theme,
            days,
            after,
            status: StageStatus::Ahead,
            bundle: None,
            planned: None,
            began_on: None,
            ended_on: None,
        };
        Some(Self {
            id,
            code: new.code,
            name: new.name,
            applicant: new.applicant,
            agent: new.agent,
            scheme: new.scheme,
            scheme_version: new.scheme_version,
            hall: new.hall,
            is_key: false,
            registered_on: new.on,
            wanted_on: None,
            stages: new.stages.into_iter().map(stage).collect(),
            blockers: Vec::new(),
            finished_on: None,
        })
    }

    fn evolve(&mut self, event: &Event) {
        match event {
            Event::Registered(_) => {}
            Event::Planned { wanted_on, spans } => {
                self.wanted_on = Some(*wanted_on);
                for (stage, span) in self.stages.iter_mut().zip(spans) {
                    stage.planned = span.or(stage.planned);
                }
            }
            Event::Marked { is_key, .. } => self.is_key = *is_key,
            Event::StageBegun { stage, bundle, on } => self.with_stage(*stage, |stage| {
                stage.status = StageStatus::Running;
                stage.bundle = Some(*bundle);
                stage.began_on = Some(*on);
                stage.ended_on = None;
            }),
            Event::StageEnded { stage, passed, on } => self.with_stage(*stage, |stage| {
                stage.ended_on = Some(*on);
                stage.status = match passed {
                    true => StageStatus::Done,
                    false => StageStatus::Failed,
                };
            }),
            Event::Blocked {
                number,
                organ,
                text,
                on,
                ..
            } => self.blockers.push(Blocker {
                number: *number,
                organ: *organ,
                text: *text,
                raised_on: *on,
                cleared_on: None,
            }),
            Event::Unblocked { number, on, .. } => {
                let blocker = self.blockers.iter_mut().find(|one| one.number == *number);
                if let Some(blocker) = blocker {
                    blocker.cleared_on = Some(*on);
                }
            }
            Event::Finished { on } => self.finished_on = Some(*on),
        }
    }

    fn decide(&self, command: Command, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Plan(wanted) => self.plan(wanted, facts),
            Command::Mark(is_key) => {
                let by = coordinator(facts)?;
                let same = self.is_key == is_key;
                let marked = Some(Event::Marked { is_key, by }).filter(|_| !same);
                Ok(marked.into_iter().collect())
            }
            Command::BeginStage(stage, bundle) => self.begin_stage(stage, bundle, facts),
            Command::EndStage(stage, passed) => self.end_stage(stage, passed, facts),
            Command::Block(organ, text) => Ok(vec![Event::Blocked {
                by: coordinator(facts)?,
                number: self
                    .blockers
                    .iter()
                    .map(|one| one.number)
                    .max()
                    .unwrap_or(0)
                    + 1,
                organ,
                text,
                on: facts.today,
            }]),
            Command::Unblock(number) => {
                let by = coordinator(facts)?;
                let mut open = self.blockers.iter().filter(|one| one.cleared_on.is_none());
                let found = open.any(|one| one.number == number);
                let on = facts.today;
                match found {
                    true => Ok(vec![Event::Unblocked { number, by, on }]),
                    false => Err(Refusal::NoSuchBlocker),
                }
            }
        }
    }
}

/// Who coordinates projects 牵头调度: the hall's manager, or a department that reviews or decides.
fn coordinator(facts: &Facts) -> Result<OfficerId, Refusal> {
    let Who::Officer(doer) = &facts.who else {
        return Err(Refusal::CoordinatorOnly);
    };
    let roles = [Role::HallManager, Role::Reviewer, Role::Decider];
    match roles.iter().any(|role| doer.roles.contains(role)) {
        true => Ok(doer.officer),
        false => Err(Refusal::CoordinatorOnly),
    }
}

impl Project {
    fn with_stage(&mut self, number: u16, change: impl FnOnce(&mut Stage)) {
        if let Some(stage) = self.stages.get_mut(usize::from(number)) {
            change(stage);
        }
    }

    /// What is still to be done, as tasks; done stages take no more days.
    #[must_use]
    pub fn tasks(&self) -> Vec<Task> {
        let task = |stage: &Stage| Task {
            days: match stage.status {
                StageStatus::Done => 0,
                _ => stage.days,
            },
            after: stage.after.iter().map(|at| usize::from(*at)).collect(),
        };
        self.stages.iter().map(task).collect()
    }

    fn plan(&self, wanted: Date, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if facts.who == Who::System {
            return Err(Refusal::CoordinatorOnly);
        }
        let plan = schedule::plan(&self.tasks()).map_err(|_| Refusal::NoPlan)?;
        // A stage that runs has used some of its days; it is planned from its first one.
        let first = self.stages.iter().filter_map(|stage| stage.began_on).min();
        let from = first
            .filter(|day| *day < facts.today)
            .unwrap_or(facts.today);
        let can = facts.calendar.after(from, plan.days)?.date;
        if wanted < can || wanted < facts.today {
            return Err(Refusal::WantedTooEarly { first: can });
        }
        let spans = plan.backward(&facts.calendar, wanted)?;
        let open = self.stages.iter().zip(spans);
        let spans = open.map(|(stage, span)| match stage.status {
            StageStatus::Done => None,
            _ => Some(span),
        });
        Ok(vec![Event::Planned {
            wanted_on: wanted,
            spans: spans.collect(),
        }])
    }

    fn begin_stage(
        &self,
        number: u16,
        bundle: BundleId,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        let stage = self
            .stages
            .get(usize::from(number))
            .ok_or(Refusal::NoSuchStage)?;
        if !self.may_begin(stage) {
            return Err(Refusal::StageNotReady);
        }
        Ok(vec![Event::StageBegun {
            stage: number,
            bundle,
            on: facts.today,
        }])
    }

    fn end_stage(&self, number: u16, passed: bool, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let stage = self
            .stages
            .get(usize::from(number))
            .ok_or(Refusal::NoSuchStage)?;
        if stage.status != StageStatus::Running {
            return Ok(Vec::new());
        }
        let on = facts.today;
        let mut events = vec![Event::StageEnded {
            stage: number,
            passed,
            on,
        }];
        let others = self.stages.iter().enumerate();
        let mut others = others.filter(|(at, _)| *at != usize::from(number));
        if passed && others.all(|(_, stage)| stage.status == StageStatus::Done) {
            events.push(Event::Finished { on });
        }
        Ok(events)
    }
}
