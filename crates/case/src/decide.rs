//! Every rule of a case, and nothing else: no clock, no database, no HTTP.
//!
//! One command, one event: what a finished task causes in the process (next tasks, papers to
//! make, the decision, the delivery clock) is said by the one [`Event::Advanced`].

mod advance;
mod ending;
mod refusal;
mod separation;
mod timing;
mod work;

use std::sync::Arc;

use calendar::{PauseKind, WorkingDays};
use jiff::civil::{Date, DateTime};
use kernel::uuid::Uuid;
use kernel::{OfficerId, OrganId, PersonId};
use ledger::{Commitment, FileCommitment, Lifecycle};
use serde::{Deserialize, Serialize};

pub use advance::{begin_case, co_task_number};
pub use ending::FILERS;
pub use refusal::Refusal;
pub use separation::Conflicting;

use crate::model::{
    Asker, Case, CaseId, ClockFacts, Code, Completion, Delivery, Dues, Hand, Longer, NewPause,
    Opening, Procedure, Status, Task, Verdict,
};

/// 许可法 42: ten working days, once, approved by the head of the organ.
pub const EXTENSION_DAYS_MAX: u32 = 10;
/// 许可法 44: the result is handed out within ten working days of the decision.
pub const DELIVERY_DAYS: u32 = 10;
/// No special procedure is announced for longer than this.
pub const PAUSE_DAYS_MAX: u32 = 365;

/// What can happen to a case. Past tense, no free text: an event is public for ever.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Handling began.
    Opened(Box<Opened>),
    /// Somebody took a task.
    Claimed {
        /// Which.
        task: u16,
        /// Who.
        by: OfficerId,
        /// In whose stead.
        #[serde(rename = "for", default, skip_serializing_if = "Option::is_none")]
        standing_in: Option<OfficerId>,
    },
    /// Somebody gave a task back to the post.
    Released {
        /// Which.
        task: u16,
    },
    /// A task went to a colleague.
    HandedOver {
        /// Which.
        task: u16,
        /// To whom.
        to: OfficerId,
        /// In whose stead (AB 角): the record shows both.
        #[serde(rename = "for", default, skip_serializing_if = "Option::is_none")]
        standing_in: Option<OfficerId>,
    },
    /// A task was finished and the case moved on.
    Advanced(Box<Advanced>),
    /// Another organ was asked for its opinion.
    CoHandlerAdded(Task),
    /// The clock stopped (许可法 45).
    Paused {
        /// First day that does not count.
        on: Date,
        /// Which special procedure.
        kind: PauseKind,
        /// How long it is expected to take.
        expected_days: u32,
        /// Why.
        reason: Commitment,
    },
    /// The clock runs again.
    Resumed {
        /// First day that counts.
        on: Date,
        /// The dates now.
        dues: Dues,
    },
    /// The limit was extended (许可法 42).
    Extended {
        /// When.
        on: Date,
        /// By how much.
        days: u32,
        /// Who approved.
        by: OfficerId,
        /// Why.
        reason: Commitment,
        /// The dates now.
        dues: Dues,
    },
    /// A notice of the State Council changed the days that count.
    Redated {
        /// The dates now.
        dues: Dues,
        /// The last day to hand out, where the case is decided and that day moved.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        delivery_due: Option<Date>,
    },
    /// The applicant withdrew.
    Withdrawn {
        /// When.
        on: Date,
        /// Why, if they said so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Commitment>,
    },
    /// The file was closed for good.
    Archived,
}

impl ledger::Event for Event {}

/// How a case began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// The application.
    pub application: Uuid,
    /// 受理编号.
    pub number: Code,
    /// The item.
    pub item: Uuid,
    /// Its version.
    pub version: u32,
    /// The procedure.
    pub procedure: Code,
    /// What comes out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Code>,
    /// 申请人.
    pub applicant: PersonId,
    /// 委托代理人.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<PersonId>,
    /// 牵头机关.
    pub organ: OrganId,
    /// 政务服务中心.
    pub hall: OrganId,
    /// 协办机关.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consulted: Vec<OrganId>,
    /// Who accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Hand>,
    /// The clock.
    pub clock: ClockFacts,
    /// Its dates.
    pub dues: Dues,
    /// When.
    pub on: Date,
    /// Where it stands.
    pub marking: Code,
    /// The first tasks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opened: Vec<Opening>,
    /// Service tasks that were carried out at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<u16>,
}

/// A finished task, or a timer of the process, and what it led to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advanced {
    /// When.
    pub on: Date,
    /// The task or the timer.
    pub task: u16,
    /// Who, for a task that an officer finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OfficerId>,
    /// In whose stead (AB 角).
    #[serde(rename = "for", default, skip_serializing_if = "Option::is_none")]
    pub standing_in: Option<OfficerId>,
    /// 结论.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Code>,
    /// 意见.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opinion: Option<Commitment>,
    /// 附件.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileCommitment>,
    /// The grounds of a refusal (许可法 38).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grounds: Option<Commitment>,
    /// The decision, when this was it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// By when it is to be handed out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_due: Option<Date>,
    /// How it was handed out, when this was it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// Where the case stands now; empty when the process is over.
    pub marking: Code,
    /// Tasks that this opened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opened: Vec<Opening>,
    /// Service tasks that were carried out at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<u16>,
}

/// What can be asked of a case.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Take a task.
    Claim(u16),
    /// Give it back to the post.
    Release(u16),
    /// Give it to a colleague of the same post.
    HandOver {
        /// Which task.
        task: u16,
        /// To whom.
        to: OfficerId,
        /// Whether the roof knows them to hold that post.
        holds_post: bool,
        /// In whose stead they hold it.
        standing_in: Option<OfficerId>,
    },
    /// Finish a task; sending back is one of its outcomes.
    Complete(Completion),
    /// Ask another organ.
    AddCoHandler {
        /// Which.
        organ: OrganId,
        /// What.
        question: Commitment,
        /// How long it has.
        limit_days: u32,
    },
    /// Stop the clock.
    Pause(NewPause),
    /// Let it run again.
    Resume,
    /// Extend the limit.
    Extend {
        /// By how many days.
        days: u32,
        /// Why.
        reason: Commitment,
    },
    /// Hand the result out.
    Deliver(Delivery),
    /// Withdraw the application.
    Withdraw(Option<Commitment>),
    /// Close the file.
    Archive,
    /// Date it again by the calendar in the facts.
    Redate,
    /// A timer of the process ran out.
    Fire(u16),
}

/// What a decision needs to know beside the case.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The procedure of the case.
    pub procedure: Procedure,
    /// The working days.
    pub calendar: Arc<WorkingDays>,
    /// Now, in the hall's zone.
    pub now: DateTime,
    /// Who asks.
    pub by: Asker,
}

impl Facts {
    /// The legal day.
    #[must_use]
    pub fn today(&self) -> Date {
        self.now.date()
    }
}

impl Lifecycle for Case {
    const KIND: &'static str = "case";
    type Id = CaseId;
    type Event = Event;
    type Command = Command;
    type Facts = Facts;
    type Refusal = Refusal;

    fn id(&self) -> CaseId {
        self.id
    }

    fn begin(id: CaseId, event: &Event) -> Option<Self> {
        let Event::Opened(opened) = event else {
            return None;
        };
        let Opened {
            application,
            number,
            item,
            version,
            procedure,
            result,
            applicant,
            agent,
            organ,
            hall,
            consulted,
            accepted,
            clock,
            dues,
            on,
            marking,
            opened,
            services: _,
        } = opened.as_ref().clone();
        let mut case = Self {
            id,
            application,
            number,
            item,
            version,
            procedure,
            result,
            applicant,
            agent,
            organ,
            hall,
            consulted,
            status: Status::Handling,
            verdict: None,
            marking,
            tasks: Vec::new(),
            hands: accepted.into_iter().collect(),
            clock,
            dues,
            opened_on: on,
            decided_on: None,
            delivery_due: None,
            closed_on: None,
        };
        case.open_tasks(&opened, on);
        Some(case)
    }

    fn evolve(&mut self, event: &Event) {
        match event {
            Event::Opened(_) => {}
            Event::Claimed {
                task,
                by,
                standing_in,
            } => self.hold(*task, Some(*by), *standing_in),
            Event::Released { task } => self.hold(*task, None, None),
            Event::HandedOver {
                task,
                to,
                standing_in,
            } => self.hold(*task, Some(*to), *standing_in),
            Event::Advanced(advanced) => self.advance(advanced),
            Event::CoHandlerAdded(task) => self.tasks.push(task.clone()),
            Event::Paused { on, kind, .. } => {
                self.status = Status::Paused;
                self.clock.pauses.push(calendar::Pause {
                    kind: *kind,
                    from: *on,
                    until: None,
                });
                // A limit that was over before the clock stopped stays over.
                self.dues = self.dues.before(*on);
            }
            Event::Resumed { on, dues } => {
                self.status = Status::Handling;
                if let Some(pause) = self.clock.pauses.last_mut() {
                    pause.until = Some(*on);
                }
                self.dues = *dues;
            }
            Event::Extended { on, days, dues, .. } => {
                let (days, on) = (*days, *on);
                self.clock.extension = Some(Longer { days, on });
                self.dues = *dues;
            }
            Event::Redated { dues, delivery_due } => {
                self.dues = *dues;
                self.delivery_due = delivery_due.or(self.delivery_due);
            }
            Event::Withdrawn { on, .. } => {
                self.status = Status::Withdrawn;
                self.tasks.clear();
                self.marking = Code::of_marking(&process::Marking::default());
                self.closed_on = Some(*on);
            }
            Event::Archived => self.status = Status::Archived,
        }
    }

    fn decide(&self, command: Command, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if self.status.is_over() && !matches!(command, Command::Archive | Command::Redate) {
            return Err(Refusal::Over);
        }
        match command {
            Command::Claim(task) => self.claim(task, facts),
            Command::Release(task) => self.release(task, facts),
            Command::HandOver {
                task,
                to,
                holds_post,
                standing_in,
            } => {
                let receiver = Conflicting {
                    officer: to,
                    standing_in,
                };
                self.hand_over(task, receiver, holds_post, facts)
            }
            Command::Complete(completion) => self.complete(completion, facts),
            Command::AddCoHandler {
                organ,
                question,
                limit_days,
            } => self.add_co_handler(organ, question, limit_days, facts),
            Command::Pause(pause) => self.pause(pause, facts),
            Command::Resume => self.resume(facts),
            Command::Extend { days, reason } => self.extend(days, reason, facts),
            Command::Deliver(delivery) => self.deliver(delivery, facts),
            Command::Withdraw(reason) => self.withdraw(reason, facts),
            Command::Archive => self.archive(facts),
            Command::Redate => self.redate(facts),
            Command::Fire(node) => self.fire(node, facts),
        }
    }
}
