//! Answers to what happens: timers, messages, signals, conditions, failures.

use super::Run;
use crate::effect::{Closed, StepRefusal};
use crate::kind::{Kind, Trigger};
use crate::marking::{Entry, Path, State, Token};
use crate::model::{FlowId, NodeId, Process};

/// An event that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hit {
    /// A catch event or receive task where a token rests.
    Catch(NodeId, Path),
    /// One way out of an event gateway.
    Choice(NodeId, Path, FlowId),
    /// A boundary event of this host.
    Boundary(NodeId, Path, NodeId),
    /// The start event of an event sub-process whose scope runs.
    Handler(NodeId, Path),
}

impl Hit {
    /// The event that would fire, in its instance.
    pub(super) fn event(&self, process: &Process) -> Token {
        match *self {
            Self::Catch(node, path) | Self::Handler(node, path) => Token::of(node, path),
            Self::Choice(_, path, flow) => Token::of(process.flow(flow).target, path),
            Self::Boundary(_, path, event) => Token::of(event, path),
        }
    }
}

impl Run<'_> {
    /// Everything that waits for a trigger like this, in the order of the marking; event
    /// sub-processes at the top come last.
    pub(super) fn hits(&self, fits: &dyn Fn(NodeId, &Trigger) -> bool) -> Vec<Hit> {
        let mut hits = Vec::new();
        let right = |node: NodeId| {
            let trigger = self.process.at(node).kind.trigger();
            trigger.is_some_and(|trigger| fits(node, trigger))
        };
        for entry in self.entries.iter().filter(|entry| entry.waits()) {
            let (node, path) = (self.process.at(entry.node), entry.path);
            let rests = matches!(entry.state, State::Rest(_));
            if rests && matches!(node.kind, Kind::Catch(_)) && right(entry.node) {
                hits.push(Hit::Catch(entry.node, path));
            }
            if node.kind == Kind::EventBased {
                let ways = node.outgoing.iter().copied();
                let found = ways.filter(|flow| right(self.process.flow(*flow).target));
                hits.extend(found.map(|flow| Hit::Choice(entry.node, path, flow)));
            }
            for event in node.boundary.iter().filter(|event| right(**event)) {
                if self.is_open(entry, *event) {
                    hits.push(Hit::Boundary(entry.node, path, *event));
                }
            }
            if rests && node.kind == Kind::Sub {
                self.handlers(&node.events, path, &right, &mut hits);
            }
        }
        self.handlers(&self.process.events, Path::default(), &right, &mut hits);
        hits
    }

    fn handlers(
        &self,
        events: &[NodeId],
        path: Path,
        right: &dyn Fn(NodeId) -> bool,
        hits: &mut Vec<Hit>,
    ) {
        let found = events.iter().copied();
        let found = found.filter(|start| right(*start) && self.is_armed(*start, path));
        hits.extend(found.map(|start| Hit::Handler(start, path)));
    }

    /// Whether a boundary event on this entry may still fire.
    fn is_open(&self, entry: &Entry, event: NodeId) -> bool {
        let node = self.process.at(entry.node);
        let carries = node.repeat.is_none() || matches!(entry.state, State::Body { .. });
        let index = node.boundary.iter().position(|other| *other == event);
        carries && index.is_some_and(|index| entry.fired() >> index.min(63) & 1 == 0)
    }

    /// Whether an event sub-process of a running scope may begin.
    fn is_armed(&self, start: NodeId, path: Path) -> bool {
        let sub = self.process.at(start).parent;
        let runs = sub.is_some_and(|sub| self.seek(sub, path).is_ok());
        !runs && !self.is_spent(start, path)
    }

    pub(super) fn fire(&mut self, hit: Hit) -> Result<(), StepRefusal> {
        match hit {
            Hit::Catch(node, path) => self.finish(node, path, Some(node)),
            Hit::Choice(gateway, path, flow) => {
                let event = self.process.flow(flow).target;
                self.withdraw(gateway, path, Closed::Done, Some(event));
                self.leave(event, path)
            }
            Hit::Boundary(host, path, event) => self.fire_boundary(host, path, event),
            Hit::Handler(start, path) => self.fire_handler(start, path),
        }
    }

    fn fire_boundary(
        &mut self,
        host: NodeId,
        path: Path,
        event: NodeId,
    ) -> Result<(), StepRefusal> {
        let node = self.process.at(event);
        if let Kind::Boundary {
            interrupting: true, ..
        } = node.kind
        {
            self.withdraw(host, path, Closed::Interrupted, Some(event));
            return self.leave(event, path);
        }
        let again =
            matches!(node.kind.trigger(), Some(Trigger::Timer(_))) && self.fires_again(event, path);
        let boundary = &self.process.at(host).boundary;
        let index = boundary.iter().position(|other| *other == event);
        if let (Some(index), Ok(place), false) = (index, self.seek(host, path), again) {
            let bit = 1u64 << index.min(63);
            match &mut self.entries[place].state {
                State::Rest(fired) | State::Body { fired, .. } => *fired |= bit,
                _ => {}
            }
        }
        self.leave(event, path)
    }

    /// A cycle sets its timer again until it has fired often enough.
    fn fires_again(&mut self, event: NodeId, path: Path) -> bool {
        let times = self.process.at(event).times;
        let state = State::Spent(0);
        let node = event;
        let before = match self.memory(Entry { node, path, state }) {
            Some(State::Spent(before)) => before,
            _ => 0,
        };
        let fired = before.saturating_add(1);
        let again = times == 0 || fired < times;
        if again {
            if times > 0 {
                self.put(event, path, State::Spent(fired));
            }
            self.set_timer(event, path);
        }
        again
    }

    fn fire_handler(&mut self, start: NodeId, path: Path) -> Result<(), StepRefusal> {
        let node = self.process.at(start);
        let sub = node.parent.ok_or(StepRefusal::NotWaiting(start))?;
        let scope = self.process.at(sub).parent;
        let events = match scope {
            Some(scope) => &self.process.at(scope).events,
            None => &self.process.events,
        };
        if let Kind::StartOn {
            interrupting: true, ..
        } = node.kind
        {
            self.disarm(events, path, Some(start));
            self.clear(scope, path, Closed::Interrupted);
            for event in events {
                self.put(*event, path, State::Spent(u16::MAX));
            }
        } else if matches!(node.kind.trigger(), Some(Trigger::Timer(_)))
            && !self.fires_again(start, path)
        {
            self.put(start, path, State::Spent(u16::MAX));
        }
        self.put(sub, path, State::Rest(0));
        self.leave(start, path)
    }

    pub(super) fn timer_fired(&mut self, token: Token) -> Result<(), StepRefusal> {
        let (id, path) = (token.node(), token.path());
        let this =
            |node: NodeId, trigger: &Trigger| node == id && matches!(trigger, Trigger::Timer(_));
        let here = |hit: &Hit| match *hit {
            Hit::Catch(_, at) | Hit::Choice(_, at, _) => at == path,
            Hit::Boundary(_, at, _) | Hit::Handler(_, at) => at == path,
        };
        let hit = self.hits(&this).into_iter().find(here);
        self.fire(hit.ok_or(StepRefusal::NotWaiting(id))?)
    }

    /// A message goes to the first that waits for it, in the order of the nodes.
    pub(super) fn message_arrived(&mut self, name: &str) -> Result<(), StepRefusal> {
        let awaited = |_: NodeId, trigger: &Trigger| match trigger {
            Trigger::Message(awaited) => **awaited == *name,
            _ => false,
        };
        let hit = self.hits(&awaited).into_iter().next();
        self.fire(hit.ok_or(StepRefusal::NotAwaited)?)
    }

    /// A signal goes to everything that waits for it.
    pub(super) fn signal_arrived(&mut self, name: &str) -> Result<(), StepRefusal> {
        if self.spread(name)? {
            Ok(())
        } else {
            Err(StepRefusal::NotAwaited)
        }
    }

    pub(super) fn spread(&mut self, name: &str) -> Result<bool, StepRefusal> {
        let awaited = |_: NodeId, trigger: &Trigger| match trigger {
            Trigger::Signal(awaited) => **awaited == *name,
            _ => false,
        };
        let waiting = self.hits(&awaited);
        for hit in &waiting {
            // What an earlier one took away waits no longer.
            if self.hits(&awaited).contains(hit) {
                self.fire(*hit)?;
            }
        }
        Ok(!waiting.is_empty())
    }

    /// Every awaited condition that now holds.
    pub(super) fn data_changed(&mut self) -> Result<(), StepRefusal> {
        let conditional = |_: NodeId, trigger: &Trigger| matches!(trigger, Trigger::Condition(_));
        for hit in self.hits(&conditional) {
            let event = match hit {
                Hit::Catch(node, _) | Hit::Boundary(_, _, node) | Hit::Handler(node, _) => node,
                Hit::Choice(_, _, flow) => self.process.flow(flow).target,
            };
            let Some(Trigger::Condition(condition)) = self.process.at(event).kind.trigger() else {
                continue;
            };
            if self.holds(event, condition)? && self.hits(&conditional).contains(&hit) {
                self.fire(hit)?;
            }
        }
        Ok(())
    }

    pub(super) fn failed(&mut self, token: Token, error: &str) -> Result<(), StepRefusal> {
        self.waiting(token, Kind::is_activity)?;
        let takes = |trigger: &Trigger| takes_error(trigger, error);
        let hit = self.caught(token.node(), token.path(), true, &takes);
        self.fire(hit.ok_or(StepRefusal::NotCaught(token.node()))?)
    }

    pub(super) fn escalated(&mut self, token: Token, code: &str) -> Result<(), StepRefusal> {
        self.waiting(token, Kind::is_activity)?;
        let takes = |trigger: &Trigger| takes_escalation(trigger, code);
        let hit = self.caught(token.node(), token.path(), true, &takes);
        self.fire(hit.ok_or(StepRefusal::NotCaught(token.node()))?)
    }

    /// The innermost event around a node that takes this: event sub-processes of each scope,
    /// then the border of the scope, and so on outwards.
    pub(super) fn caught(
        &self,
        node: NodeId,
        path: Path,
        own: bool,
        takes: &dyn Fn(&Trigger) -> bool,
    ) -> Option<Hit> {
        let right = |event: &NodeId| self.process.at(*event).kind.trigger().is_some_and(takes);
        let on_border = |at: NodeId| {
            let host = self.process.at(at);
            let place = self.seek(at, path.cut(host.depth)).ok()?;
            let entry = &self.entries[place];
            let mut events = host.boundary.iter().copied();
            let event = events.find(|event| right(event) && self.is_open(entry, *event))?;
            Some(Hit::Boundary(at, entry.path, event))
        };
        let mut at = node;
        if let Some(hit) = own.then(|| on_border(at)).flatten() {
            return Some(hit);
        }
        loop {
            let (scope, path) = (
                self.process.at(at).parent,
                path.cut(self.process.at(at).depth),
            );
            let events = match scope {
                Some(scope) => &self.process.at(scope).events,
                None => &self.process.events,
            };
            let mut ready = events.iter().copied();
            let ready = ready.find(|start| right(start) && self.is_armed(*start, path));
            if let Some(start) = ready {
                return Some(Hit::Handler(start, path));
            }
            at = scope?;
            if let Some(hit) = on_border(at) {
                return Some(hit);
            }
        }
    }
}

pub(super) fn takes_error(trigger: &Trigger, code: &str) -> bool {
    matches!(trigger, Trigger::Error(awaited)
        if awaited.as_ref().is_none_or(|awaited| **awaited == *code))
}

pub(super) fn takes_escalation(trigger: &Trigger, code: &str) -> bool {
    matches!(trigger, Trigger::Escalation(awaited)
        if awaited.as_ref().is_none_or(|awaited| **awaited == *code))
}
