//! The machine: one input, one new marking, and what the hall has to do about it.
//!
//! Pure and deterministic: the same process, marking, input and data always give the same step.
//! A refused input leaves nothing behind. Routing (gateways, throws) happens inside the step; a
//! token only ever rests at an activity, a catch event, an event gateway or an unfinished join.
//! `flow` moves tokens, `activity` opens and closes what they rest on, `trigger` answers events,
//! `throw` gives them out, `join` is the inclusive join. Deliberately absent: the clock (a timer
//! is asked for by [`Effect::SetTimer`] and comes back as [`Input::TimerFired`]), people, storage.

mod activity;
mod flow;
mod join;
mod throw;
mod trigger;

use crate::condition::{Condition, Conditions, Data, Vars};
use crate::effect::{Closed, Effect, Input, Step, StepRefusal};
use crate::kind::{Kind, Trigger};
use crate::marking::{Entry, Marking, Path, State, Token};
use crate::model::{FlowId, Node, NodeId, Process};

/// Begins a case: at the none start event (or one that time or data set off), or at the start
/// event that waits for a message or signal of this name.
pub fn start(
    process: &Process,
    message: Option<&str>,
    data: &Data,
    conditions: &dyn Conditions,
) -> Result<Step, StepRefusal> {
    if !process.is_executable() {
        return Err(StepRefusal::NotExecutable);
    }
    let named = |start: &&NodeId| match (process.at(**start).kind.trigger(), message) {
        (Some(Trigger::Message(name) | Trigger::Signal(name)), Some(wanted)) => **name == *wanted,
        (None, None) => true,
        _ => false,
    };
    let silent = |start: &&NodeId| {
        let trigger = process.at(**start).kind.trigger();
        message.is_none() && matches!(trigger, Some(Trigger::Timer(_) | Trigger::Condition(_)))
    };
    let starts = || process.starts.iter();
    let start = starts().find(named).or_else(|| starts().find(silent));
    let start = *start.ok_or(StepRefusal::NoStart)?;
    let vars = Vars {
        outcome: None,
        data,
    };
    let mut run = Run::new(process, Vec::with_capacity(4), vars, conditions);
    run.arm(&process.events, Path::default());
    run.leave(start, Path::default())?;
    run.rest()
}

/// Takes one input. `data` is the data of the case after it.
pub fn step(
    process: &Process,
    marking: &Marking,
    input: Input<'_>,
    data: &Data,
    conditions: &dyn Conditions,
) -> Result<Step, StepRefusal> {
    marking
        .check(process)
        .map_err(|_| StepRefusal::ForeignMarking)?;
    let outcome = match input {
        Input::Complete { outcome, .. }
        | Input::ServiceDone { outcome, .. }
        | Input::CallDone { outcome, .. } => outcome,
        _ => None,
    };
    let mut entries = Vec::with_capacity(marking.entries.len() + 4);
    entries.extend_from_slice(&marking.entries);
    let vars = Vars { outcome, data };
    let mut run = Run::new(process, entries, vars, conditions);
    match input {
        Input::Complete { token, outcome } => run.complete(token, outcome)?,
        Input::ServiceDone { token, .. } => {
            run.answered(token, |kind| matches!(kind, Kind::Service(_)))?;
        }
        Input::CallDone { token, .. } => {
            run.answered(token, |kind| matches!(kind, Kind::Call(_)))?;
        }
        Input::Failed { token, error } => run.failed(token, error)?,
        Input::Escalated { token, escalation } => run.escalated(token, escalation)?,
        Input::TimerFired { token } => run.timer_fired(token)?,
        Input::MessageArrived { name } => run.message_arrived(name)?,
        Input::SignalArrived { name } => run.signal_arrived(name)?,
        Input::DataChanged => run.data_changed()?,
        Input::Cancel => run.clear(None, Path::default(), Closed::Cancelled),
    }
    run.rest()
}

/// Every event that a case at this place waits for: timers to be set, messages and signals to be
/// handed on. The token names a timer in [`Input::TimerFired`].
pub fn awaited(process: &Process, marking: &Marking) -> Vec<(Token, NodeId)> {
    if marking.check(process).is_err() || marking.is_empty() {
        return Vec::new();
    }
    let data = Data::new();
    let vars = Vars {
        outcome: None,
        data: &data,
    };
    let entries = marking.entries.clone();
    let run = Run::new(process, entries, vars, &crate::condition::PlainOnly);
    let hits = run.hits(&|_, _| true);
    let event = |hit: &trigger::Hit| hit.event(process);
    hits.iter()
        .map(|hit| (event(hit), event(hit).node()))
        .collect()
}

/// One step under way.
struct Run<'a> {
    process: &'a Process,
    entries: Vec<Entry>,
    effects: Vec<Effect>,
    /// Flows that carry a token, and in which instance; the last is taken first.
    stack: Vec<(FlowId, Path)>,
    vars: Vars<'a>,
    conditions: &'a dyn Conditions,
    /// Moves left before the step is held to run in a circle.
    moves: usize,
}

impl<'a> Run<'a> {
    fn new(
        process: &'a Process,
        entries: Vec<Entry>,
        vars: Vars<'a>,
        conditions: &'a dyn Conditions,
    ) -> Self {
        let (effects, stack) = (Vec::with_capacity(4), Vec::with_capacity(4));
        // Every move of a sound process passes a flow at most once between two rests.
        let mut moves = 4 * process.flows.len() + 16;
        if !process.plain {
            moves = moves.saturating_mul(64);
        }
        Self {
            process,
            entries,
            effects,
            stack,
            vars,
            conditions,
            moves,
        }
    }

    fn complete(&mut self, token: Token, outcome: Option<&str>) -> Result<(), StepRefusal> {
        let node = token.node();
        let at = self.waiting(token, |kind| matches!(kind, Kind::User))?;
        let outcomes = &at.task.outcomes;
        let listed = |given: &str| outcomes.iter().any(|known| **known == *given);
        if !outcomes.is_empty() && !outcome.is_some_and(listed) {
            return Err(StepRefusal::NoSuchOutcome(node));
        }
        self.finish(node, token.path(), None)
    }

    fn answered(&mut self, token: Token, fits: fn(&Kind) -> bool) -> Result<(), StepRefusal> {
        self.waiting(token, fits)?;
        self.finish(token.node(), token.path(), None)
    }

    /// The node where this token rests, if it is of the wanted kind.
    fn waiting(&self, token: Token, fits: impl Fn(&Kind) -> bool) -> Result<&'a Node, StepRefusal> {
        let process = self.process;
        let found = process.node(token.node()).filter(|found| fits(&found.kind));
        let place = self.seek(token.node(), token.path()).ok();
        let rests = place.is_some_and(|at| matches!(self.entries[at].state, State::Rest(_)));
        found
            .filter(|_| rests)
            .ok_or(StepRefusal::NotWaiting(token.node()))
    }

    /// The place of a living entry.
    fn seek(&self, node: NodeId, path: Path) -> Result<usize, usize> {
        self.entries
            .binary_search_by_key(&(node, path, 0), Entry::key)
    }

    fn put(&mut self, node: NodeId, path: Path, state: State) {
        let entry = Entry { node, path, state };
        match self.entries.binary_search_by_key(&entry.key(), Entry::key) {
            Ok(at) => self.entries[at] = entry,
            Err(at) => self.entries.insert(at, entry),
        }
    }

    /// What is remembered beside the tokens at a place.
    fn memory(&self, entry: Entry) -> Option<State> {
        let found = self.entries.binary_search_by_key(&entry.key(), Entry::key);
        found.ok().map(|at| self.entries[at].state)
    }

    fn lives(&self) -> bool {
        self.entries.iter().any(Entry::lives)
    }

    fn holds(&self, node: NodeId, condition: &Condition) -> Result<bool, StepRefusal> {
        let holds = condition.holds(&self.vars, self.conditions);
        holds.map_err(|fault| StepRefusal::Condition(node, fault))
    }

    /// Moves tokens until all of them rest.
    fn rest(mut self) -> Result<Step, StepRefusal> {
        loop {
            while let Some((flow, path)) = self.stack.pop() {
                let flow = self.process.flow(flow);
                self.moves = self.moves.saturating_sub(1);
                if self.moves == 0 {
                    return Err(StepRefusal::Circle(flow.target));
                }
                self.arrive(flow.target, path, flow.branch)?;
            }
            if self.process.plain
                || !(self.end_subs()? || self.undo_next()? || self.join_inclusive()?)
            {
                break;
            }
            self.moves = self.moves.saturating_sub(1);
        }
        if !self.lives() {
            self.disarm(&self.process.events, Path::default(), None);
            self.entries.clear();
        }
        Ok(Step {
            marking: Marking {
                entries: self.entries,
            },
            effects: self.effects,
        })
    }
}
