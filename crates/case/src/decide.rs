//! Every rule of a case, and nothing else: no clock, no database, no HTTP.
//!
//! One command, one event: what a finished task causes in the process (next tasks, papers to
//! make, the decision, the delivery clock) is said by the one [`Event::Advanced`].

mod advance;
mod authority;
mod ending;
mod modes;
mod moving;
mod refusal;
mod ruled;
mod said;
mod separation;
mod timing;
mod work;

use std::sync::Arc;

use calendar::{PauseKind, WorkingDays};
use jiff::civil::{Date, DateTime};
use kernel::{OfficerId, OrganId};
use ledger::{Commitment, Lifecycle};
use serde::{Deserialize, Serialize};

pub use advance::{begin_case, co_task_number};
pub use authority::{Authority, Beyond, Heard, Resolution};
pub use ending::FILERS;
pub use modes::Conditions;
pub use moving::{Migrated, Move};
pub use refusal::Refusal;
pub use ruled::{Ruled, Ruling};
pub use said::{Advanced, Answerable, Opened, Rerouted, Tacit};
pub use separation::Conflicting;

use crate::model::{
    Asker, Case, CaseId, Completion, Delivery, Dues, Longer, NewPause, Procedure, Status, Task,
    Term,
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
    /// 容缺逾期未补: it counts as withdrawn.
    DeemedWithdrawn {
        /// When.
        on: Date,
    },
    /// A promise was taken back before the decision.
    Rerouted(Box<Rerouted>),
    /// 迁移: it goes on in another version of its procedure.
    Migrated(Box<Migrated>),
    /// 超时默认.
    TacitlyApproved(Box<Tacit>),
    /// What was granted by silence was checked.
    TacitChecked {
        /// When.
        on: Date,
        /// Who.
        by: OfficerId,
        /// Whether it stands.
        upheld: bool,
        /// What was found.
        finding: Commitment,
    },
    /// 按规则准予 (秒批, 无感审批).
    GrantedByRule(Box<Ruled>),
    /// What a table granted was checked.
    RuleChecked {
        /// When.
        on: Date,
        /// Who.
        by: OfficerId,
        /// Whether it stands.
        upheld: bool,
        /// What was found.
        finding: Commitment,
    },
    /// 绿色通道.
    Prioritised {
        /// When.
        on: Date,
        /// Who granted it.
        by: OfficerId,
        /// Why.
        reason: Commitment,
    },
    /// The file was closed for good.
    Archived,
}

impl ledger::Event for Event {}

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
    /// Papers that were owed never came.
    LapsePapers,
    /// Go the ordinary way: the procedure is the one in the facts.
    Reroute {
        /// The limit that is promised then.
        promised: Term,
    },
    /// Go on in the version in the facts.
    Migrate(Box<Move>),
    /// The promised time ran out.
    ApproveTacitly,
    /// The table of the item version grants it.
    GrantByRule(Ruling),
    /// Say what the check of a grant by silence or by a table found.
    CheckTacit {
        /// Whether it stands.
        upheld: bool,
        /// What was found.
        finding: Commitment,
    },
    /// Put it before others.
    Prioritise {
        /// Why.
        reason: Commitment,
    },
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
    /// What the modes of the item and the cases before this one say; asked where it matters.
    pub conditions: Conditions,
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
            priority: false,
            tacit: false,
            ruled: None,
            check_due: None,
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
            Event::Withdrawn { on, .. } => self.end_withdrawn(*on),
            Event::DeemedWithdrawn { on } => self.end_withdrawn(*on),
            Event::Rerouted(rerouted) => self.reroute_to(rerouted),
            Event::Migrated(migrated) => self.go_on_in(migrated),
            Event::TacitlyApproved(tacit) => self.grant_tacitly(tacit),
            Event::GrantedByRule(ruled) => self.take_grant_by_rule(ruled),
            Event::TacitChecked { .. } | Event::RuleChecked { .. } => self.check_due = None,
            Event::Prioritised { .. } => self.priority = true,
            Event::Archived => self.status = Status::Archived,
        }
    }

    fn decide(&self, command: Command, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let afterwards = matches!(
            command,
            Command::Archive | Command::Redate | Command::CheckTacit { .. }
        );
        if self.status.is_over() && !afterwards {
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
            Command::LapsePapers => self.lapse_papers(facts),
            Command::Reroute { promised } => self.reroute(promised, facts),
            Command::Migrate(order) => self.migrate(*order, facts),
            Command::ApproveTacitly => self.approve_tacitly(facts),
            Command::GrantByRule(ruling) => self.grant_by_rule(ruling, facts),
            Command::CheckTacit { upheld, finding } => self.check_tacit(upheld, finding, facts),
            Command::Prioritise { reason } => self.prioritise(reason, facts),
            Command::Archive => self.archive(facts),
            Command::Redate => self.redate(facts),
            Command::Fire(node) => self.fire(node, facts),
        }
    }
}
