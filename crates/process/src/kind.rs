//! What an element does: the kinds of nodes, triggers, and ways to repeat an activity.
//!
//! Names follow BPMN 2.0. Deliberately absent: what a hall can serve (see `served`).

use crate::condition::Condition;

/// How long a timer waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delay {
    /// 工作日, from `qc:workdays`: counted by the hall's calendar.
    WorkingDays(u16),
    /// An ISO 8601 duration: calendar months, calendar days and seconds.
    Calendar {
        /// Years and months.
        months: u16,
        /// Weeks and days.
        days: u16,
        /// Hours, minutes and seconds.
        seconds: u32,
    },
}

/// What sets off an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// Time has passed.
    Timer(Delay),
    /// A message of this name came.
    Message(Box<str>),
    /// A signal of this name was given, here or in another case.
    Signal(Box<str>),
    /// The data of the case made this true.
    Condition(Condition),
    /// Something inside failed with this code; `None` catches every code.
    Error(Option<Box<str>>),
    /// Something inside asked for a superior; `None` catches every code.
    Escalation(Option<Box<str>>),
    /// The activity, done before, is to be undone.
    Compensation,
}

/// What a throw or end event gives out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Thrown {
    /// A message of this name.
    Message(Box<str>),
    /// A signal of this name, to this case and to all others.
    Signal(Box<str>),
    /// An escalation with this code.
    Escalation(Box<str>),
    /// An error with this code: only at an end.
    Error(Box<str>),
    /// Undo the activity of this id, or everything that can be undone around it.
    Compensation(Option<Box<str>>),
}

/// What a node does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// None start event.
    Start,
    /// A start event with a trigger; in an event sub-process it may leave the rest running.
    StartOn {
        /// What sets it off.
        trigger: Trigger,
        /// Whether what runs around the event sub-process ends with it.
        interrupting: bool,
    },
    /// User, manual or plain task: waits for a person.
    User,
    /// Service, send, script or business-rule task: waits for an effect of ours of this name.
    Service(Box<str>),
    /// 子流程: an embedded sub-process, or a call of a process in the same file.
    Sub,
    /// 事件子流程: begins when its start event is set off.
    EventSub,
    /// A call of a process of this name outside the file: waits for its end.
    Call(Box<str>),
    /// Receive task or intermediate catch event: waits for its trigger.
    Catch(Trigger),
    /// Boundary event on `Node::host`.
    Boundary {
        /// What sets it off.
        trigger: Trigger,
        /// Whether the host ends with it.
        interrupting: bool,
    },
    /// Intermediate throw event: gives out and goes on.
    Throw(Thrown),
    /// Intermediate throw event without a trigger, or a link: a milestone.
    Milestone,
    /// 排他网关: one way.
    Exclusive,
    /// 并行网关: every way.
    Parallel,
    /// 包容网关: every way whose condition holds; joins what can still come.
    Inclusive,
    /// 事件网关: the way whose event comes first.
    EventBased,
    /// None end event.
    End,
    /// End event that gives something out.
    ThrowEnd(Thrown),
    /// Terminate end event: everything around it is over.
    Terminate,
    /// What the engine cannot execute; the name of the element. Never runs: `start` refuses.
    Foreign(Box<str>),
}

impl Kind {
    /// Whether a token rests here until somebody or something acts.
    pub fn waits(&self) -> bool {
        matches!(
            self,
            Self::User
                | Self::Service(_)
                | Self::Sub
                | Self::EventSub
                | Self::Call(_)
                | Self::Catch(_)
                | Self::EventBased
                | Self::Foreign(_)
        )
    }

    /// Whether boundary events may sit on it and it may be repeated.
    pub fn is_activity(&self) -> bool {
        let receives = matches!(self, Self::Catch(Trigger::Message(_)));
        receives
            || matches!(
                self,
                Self::User | Self::Service(_) | Self::Sub | Self::Call(_) | Self::Foreign(_)
            )
    }

    /// Whether this is one of the end events.
    pub fn ends(&self) -> bool {
        matches!(self, Self::End | Self::ThrowEnd(_) | Self::Terminate)
    }

    /// What it waits for, if it is an event that waits.
    pub fn trigger(&self) -> Option<&Trigger> {
        match self {
            Self::StartOn { trigger, .. }
            | Self::Catch(trigger)
            | Self::Boundary { trigger, .. } => Some(trigger),
            _ => None,
        }
    }

    /// What it gives out, if it throws.
    pub fn thrown(&self) -> Option<&Thrown> {
        match self {
            Self::Throw(thrown) | Self::ThrowEnd(thrown) => Some(thrown),
            _ => None,
        }
    }
}

/// How many times a repeated activity is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Count {
    /// A number in the file.
    Fixed(u16),
    /// FEEL: a number, or a list with one element for each time.
    Expression(Box<str>),
}

/// 多实例与循环.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repeat {
    /// Once for each, at the same time or one after the other.
    Each {
        /// How many.
        count: Count,
        /// One after the other.
        sequential: bool,
        /// The completion condition (quorum): the rest is taken away when it holds.
        until: Option<Condition>,
    },
    /// Again while a condition holds.
    While {
        /// The condition; `None` for ever, which `at_most` must end.
        condition: Option<Condition>,
        /// Asked before the first time too.
        before: bool,
        /// No more than this.
        at_most: Option<u16>,
    },
}
