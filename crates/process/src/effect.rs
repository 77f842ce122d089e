//! What goes into the machine and what comes out: inputs, effects, refusals.

use crate::condition::ConditionFault;
use crate::kind::Delay;
use crate::marking::{Marking, Token};
use crate::model::NodeId;

/// What happened to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input<'a> {
    /// A person finished a task.
    Complete {
        /// The task.
        token: Token,
        /// 结论, e.g. `granted`; one of the task's outcomes where it lists some.
        outcome: Option<&'a str>,
    },
    /// A service task's effect is done.
    ServiceDone {
        /// The task.
        token: Token,
        /// What came of it, for conditions on `outcome`.
        outcome: Option<&'a str>,
    },
    /// A called process has ended.
    CallDone {
        /// The call activity.
        token: Token,
        /// What came of it, for conditions on `outcome`.
        outcome: Option<&'a str>,
    },
    /// A task, service or call failed; an error event around it must take the error.
    Failed {
        /// What failed.
        token: Token,
        /// The error code.
        error: &'a str,
    },
    /// Somebody at a task asks for a superior; the task may go on.
    Escalated {
        /// The task.
        token: Token,
        /// The escalation code.
        escalation: &'a str,
    },
    /// A timer that was set has run out.
    TimerFired {
        /// The timer event.
        token: Token,
    },
    /// A message of this name came.
    MessageArrived {
        /// The name in the file.
        name: &'a str,
    },
    /// A signal of this name was given: everything that waits for it takes it.
    SignalArrived {
        /// The name in the file.
        name: &'a str,
    },
    /// The data of the case changed: events that wait for a condition look again.
    DataChanged,
    /// 撤回、终止: the case is over whatever its process says.
    Cancel,
}

/// Why a task is no longer open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// It was done.
    Done,
    /// A boundary event or the end of the process took it away.
    Interrupted,
    /// The case was cancelled.
    Cancelled,
}

/// What the hall has to do, in this order, in the same transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Put a task on the work list.
    OpenTask {
        /// Names the task in later inputs.
        token: Token,
        /// The user task.
        node: NodeId,
    },
    /// Take a task off the work list.
    CloseTask {
        /// The task.
        token: Token,
        /// Why.
        why: Closed,
    },
    /// Carry out `Process::effect(node)`, then answer with `ServiceDone`.
    CallService {
        /// Names the call in the answer.
        token: Token,
        /// The service task.
        node: NodeId,
    },
    /// Start the process that the call activity names, then answer with `CallDone`.
    CallProcess {
        /// Names the call in the answer.
        token: Token,
        /// The call activity.
        node: NodeId,
    },
    /// Forget a service or a called process that is no longer wanted.
    CancelCall {
        /// The call.
        token: Token,
    },
    /// Send the message that the node names; no answer is awaited.
    Send {
        /// The throw or end event.
        node: NodeId,
    },
    /// Give the signal that the node names to all other cases; this one has it already.
    Signal {
        /// The throw or end event.
        node: NodeId,
    },
    /// Answer with `TimerFired` after the delay.
    SetTimer {
        /// Names the timer in the answer.
        token: Token,
        /// The timer event.
        node: NodeId,
        /// How long.
        delay: Delay,
    },
    /// Forget a timer; one that has just fired is not mentioned.
    CancelTimer {
        /// The timer.
        token: Token,
        /// The timer event.
        node: NodeId,
    },
    /// An end was reached.
    Ended {
        /// The end event, or the last activity where a path just stops.
        node: NodeId,
        /// Nothing is left to do: the process is over.
        last: bool,
    },
}

/// The result of one input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// Where the case stands now.
    pub marking: Marking,
    /// What follows.
    pub effects: Vec<Effect>,
}

/// Why an input is refused. The case stands where it stood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StepRefusal {
    /// The process has errors that `check` names.
    #[error("the process cannot be executed")]
    NotExecutable,
    /// There is no start event of the wanted kind.
    #[error("the process has no such start event")]
    NoStart,
    /// The marking belongs to another process.
    #[error("the marking is not one of this process")]
    ForeignMarking,
    /// Nothing waits there: done before, or never opened.
    #[error("nothing waits at {0:?}")]
    NotWaiting(NodeId),
    /// Nobody waits for this message or signal.
    #[error("nothing of this name is awaited")]
    NotAwaited,
    /// No event around the place takes this error or escalation.
    #[error("no event around {0:?} takes it")]
    NotCaught(NodeId),
    /// The limited way back has been taken as often as allowed.
    #[error("the way back out of {0:?} has been taken as often as it may")]
    ReturnsUsedUp(NodeId),
    /// More instances of one activity than any process has.
    #[error("too many instances of {0:?}")]
    TooManyInstances(NodeId),
    /// The task lists its outcomes, and this is none of them.
    #[error("the task at {0:?} has no such outcome")]
    NoSuchOutcome(NodeId),
    /// No condition holds and there is no default.
    #[error("no way leads out of {0:?}")]
    NoWay(NodeId),
    /// A second token came to a place that holds one: the process is unsound.
    #[error("a second token came to {0:?}")]
    SecondToken(NodeId),
    /// The token never comes to rest: a loop of gateways.
    #[error("the process runs in a circle at {0:?}")]
    Circle(NodeId),
    /// A condition gave no answer.
    #[error("the condition at {0:?} has no answer: {1}")]
    Condition(NodeId, ConditionFault),
}
