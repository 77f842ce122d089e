//! What tokens rest on: activities, their instances, sub-processes and the timers around them.

use serde_json::Value;

use super::Run;
use crate::condition::{Data, Vars, count};
use crate::effect::{Closed, Effect, StepRefusal};
use crate::kind::{Count, Kind, Repeat, Trigger};
use crate::marking::{Entry, Path, State};
use crate::model::{Node, NodeId};

/// More departments at one task than any office has.
const INSTANCES_MAX: u32 = 1000;

impl Run<'_> {
    /// A token comes to an activity. Beside the road (`side`) a second one is one too many and
    /// goes: a reminder that is already being written is not written twice.
    pub(super) fn open(&mut self, id: NodeId, path: Path) -> Result<(), StepRefusal> {
        let node = self.process.at(id);
        match &node.repeat {
            None => self.open_one(id, path),
            Some(repeat) => self.open_body(id, node, path, repeat),
        }
    }

    fn open_body(
        &mut self,
        id: NodeId,
        node: &Node,
        path: Path,
        repeat: &Repeat,
    ) -> Result<(), StepRefusal> {
        if self.seek(id, path).is_ok() {
            return second(node, id);
        }
        let (total, begun) = match repeat {
            Repeat::Each {
                count, sequential, ..
            } => {
                let total = self.count(id, count)?;
                (total, if *sequential { total.min(1) } else { total })
            }
            Repeat::While {
                condition, before, ..
            } => match condition.as_ref().filter(|_| *before) {
                Some(condition) => (0, u16::from(self.holds(id, condition)?)),
                None => (0, 1),
            },
        };
        if begun == 0 {
            return self.done(id, path);
        }
        let state = State::Body {
            total,
            begun,
            done: 0,
            fired: 0,
        };
        self.put(id, path, state);
        self.set_boundary_timers(node, path);
        for number in 1..=begun {
            self.open_one(id, path.with(node.depth, number))?;
        }
        Ok(())
    }

    fn count(&self, id: NodeId, wanted: &Count) -> Result<u16, StepRefusal> {
        let number = match wanted {
            Count::Fixed(number) => u32::from(*number),
            Count::Expression(text) => count(text, &self.vars, self.conditions)
                .map_err(|fault| StepRefusal::Condition(id, fault))?,
        };
        if number > INSTANCES_MAX {
            return Err(StepRefusal::TooManyInstances(id));
        }
        Ok(u16::try_from(number).unwrap_or(u16::MAX))
    }

    fn open_one(&mut self, id: NodeId, path: Path) -> Result<(), StepRefusal> {
        let node = self.process.at(id);
        let Err(place) = self.seek(id, path) else {
            return second(node, id);
        };
        let state = State::Rest(0);
        let entry = Entry {
            node: id,
            path,
            state,
        };
        self.entries.insert(place, entry);
        let token = entry.token();
        match &node.kind {
            Kind::User => self.effects.push(Effect::OpenTask { token, node: id }),
            Kind::Service(_) => self.effects.push(Effect::CallService { token, node: id }),
            Kind::Call(_) => self.effects.push(Effect::CallProcess { token, node: id }),
            Kind::Catch(_) => self.set_timer(id, path),
            Kind::EventBased => {
                for flow in &node.outgoing {
                    self.set_timer(self.process.flow(*flow).target, path);
                }
            }
            _ => {}
        }
        if node.repeat.is_none() {
            self.set_boundary_timers(node, path);
        }
        if node.kind == Kind::Sub {
            self.arm(&node.events, path);
            return self.begin(node, path);
        }
        Ok(())
    }

    /// Starts what lies in a sub-process.
    fn begin(&mut self, node: &Node, path: Path) -> Result<(), StepRefusal> {
        for start in &node.begins {
            if matches!(
                self.process.at(*start).kind,
                Kind::Start | Kind::StartOn { .. }
            ) {
                return self.leave(*start, path);
            }
        }
        for first in &node.begins {
            self.arrive(*first, path, 0)?;
        }
        Ok(())
    }

    pub(super) fn set_timer(&mut self, node: NodeId, path: Path) {
        if let Some(Trigger::Timer(delay)) = self.process.at(node).kind.trigger() {
            self.effects.push(Effect::SetTimer {
                token: crate::marking::Token::of(node, path),
                node,
                delay: *delay,
            });
        }
    }

    fn set_boundary_timers(&mut self, node: &Node, path: Path) {
        for event in &node.boundary {
            self.set_timer(*event, path);
        }
    }

    /// Sets the timers of event sub-processes whose scope has begun.
    pub(super) fn arm(&mut self, events: &[NodeId], path: Path) {
        for start in events {
            self.set_timer(*start, path);
        }
    }

    /// Forgets those timers, but for the one that just fired and those that fire no more.
    pub(super) fn disarm(&mut self, events: &[NodeId], path: Path, fired: Option<NodeId>) {
        for start in events.iter().filter(|start| Some(**start) != fired) {
            if !self.is_spent(*start, path) {
                self.forget_timer(*start, path);
            }
        }
    }

    pub(super) fn is_spent(&self, node: NodeId, path: Path) -> bool {
        let state = State::Spent(0);
        self.memory(Entry { node, path, state }) == Some(State::Spent(u16::MAX))
    }

    fn forget_timer(&mut self, node: NodeId, path: Path) {
        if let Some(Trigger::Timer(_)) = self.process.at(node).kind.trigger() {
            let token = crate::marking::Token::of(node, path);
            self.effects.push(Effect::CancelTimer { token, node });
        }
    }

    /// One run of an activity is done; `fired` is the event that ended it.
    pub(super) fn finish(
        &mut self,
        id: NodeId,
        path: Path,
        fired: Option<NodeId>,
    ) -> Result<(), StepRefusal> {
        let Ok(place) = self.seek(id, path) else {
            return Err(StepRefusal::NotWaiting(id));
        };
        let entry = self.entries.remove(place);
        self.close(entry, Closed::Done, fired);
        match &self.process.at(id).repeat {
            None => self.done(id, path),
            Some(repeat) => self.next_instance(id, path, repeat),
        }
    }

    fn next_instance(
        &mut self,
        id: NodeId,
        path: Path,
        repeat: &Repeat,
    ) -> Result<(), StepRefusal> {
        let depth = self.process.at(id).depth;
        let body = path.cut(depth);
        let place = self
            .seek(id, body)
            .map_err(|_| StepRefusal::NotWaiting(id))?;
        let State::Body {
            total,
            mut begun,
            mut done,
            fired,
        } = self.entries[place].state
        else {
            return Err(StepRefusal::ForeignMarking);
        };
        done += 1;
        let next = match repeat {
            Repeat::Each {
                until: Some(until), ..
            } if self.enough(id, until, (total, begun, done))? => None,
            Repeat::Each { .. } if done == total => None,
            Repeat::Each { sequential, .. } => Some(*sequential && begun < total),
            Repeat::While {
                condition, at_most, ..
            } => {
                let more = at_most.is_none_or(|most| begun < most) && begun < u16::MAX;
                let again = match condition.as_ref().filter(|_| more) {
                    Some(condition) => self.holds(id, condition)?,
                    None => more,
                };
                again.then_some(true)
            }
        };
        let Some(opens) = next else {
            self.withdraw(id, body, Closed::Done, None);
            return self.done(id, body);
        };
        begun += u16::from(opens);
        self.entries[place].state = State::Body {
            total,
            begun,
            done,
            fired,
        };
        if opens {
            return self.open_one(id, body.with(depth, begun));
        }
        Ok(())
    }

    /// The completion condition, over the data of the case and the counters of the standard.
    fn enough(
        &self,
        id: NodeId,
        until: &crate::condition::Condition,
        (total, begun, done): (u16, u16, u16),
    ) -> Result<bool, StepRefusal> {
        let mut data: Data = self.vars.data.clone();
        let counters = [
            ("numberOfInstances", total),
            ("numberOfActiveInstances", begun.saturating_sub(done)),
            ("numberOfCompletedInstances", done),
        ];
        for (name, number) in counters {
            data.insert(name.to_owned(), Value::from(number));
        }
        let vars = Vars {
            outcome: self.vars.outcome,
            data: &data,
        };
        let holds = until.holds(&vars, self.conditions);
        holds.map_err(|fault| StepRefusal::Condition(id, fault))
    }

    /// An activity is done with all its instances.
    fn done(&mut self, id: NodeId, path: Path) -> Result<(), StepRefusal> {
        let node = self.process.at(id);
        if node.handler.is_some() {
            let orders = self.entries.iter().filter_map(|entry| match entry.state {
                State::Done(order) => Some(order),
                _ => None,
            });
            let order = orders.max().unwrap_or(0).saturating_add(1);
            self.put(id, path, State::Done(order));
        }
        if node.undoes {
            return Ok(());
        }
        self.leave(id, path)
    }

    /// Takes the token from an activity, and with it its tasks, its timers and all that runs
    /// inside. `fired` is the event that caused it.
    pub(super) fn withdraw(&mut self, id: NodeId, path: Path, why: Closed, fired: Option<NodeId>) {
        let node = self.process.at(id);
        if node.kind == Kind::Sub || node.kind == Kind::EventSub || node.repeat.is_some() {
            let why = if why == Closed::Done {
                Closed::Interrupted
            } else {
                why
            };
            self.clear_if(why, |run, entry| {
                let instance = entry.node == id && entry.path != path;
                let inside = instance || run.process.lies_in(entry.node, id);
                inside && entry.path.cut(node.depth) == path
            });
        }
        if let Ok(place) = self.seek(id, path) {
            let entry = self.entries.remove(place);
            self.close(entry, why, fired);
        }
    }

    fn close(&mut self, entry: Entry, why: Closed, fired: Option<NodeId>) {
        let node = self.process.at(entry.node);
        let (token, path) = (entry.token(), entry.path);
        let rests = matches!(entry.state, State::Rest(_));
        match &node.kind {
            Kind::User if rests => self.effects.push(Effect::CloseTask { token, why }),
            Kind::Service(_) | Kind::Call(_) if rests && why != Closed::Done => {
                self.effects.push(Effect::CancelCall { token });
            }
            Kind::Catch(_) if rests && fired != Some(entry.node) => {
                self.forget_timer(entry.node, path);
            }
            Kind::EventBased => {
                let targets = node.outgoing.iter();
                for target in targets.map(|flow| self.process.flow(*flow).target) {
                    if fired != Some(target) {
                        self.forget_timer(target, path);
                    }
                }
            }
            Kind::Sub if rests => self.disarm(&node.events, path, None),
            _ => {}
        }
        let carries = entry.waits() && (node.repeat.is_none() || !rests);
        for (index, event) in node.boundary.iter().enumerate().filter(|_| carries) {
            let open = entry.fired() >> index.min(63) & 1 == 0;
            if open && fired != Some(*event) {
                self.forget_timer(*event, path);
            }
        }
        for event in node.boundary.iter().filter(|_| carries) {
            self.forget(*event, path);
        }
    }

    /// Forgets how often a timer has fired.
    fn forget(&mut self, node: NodeId, path: Path) {
        let state = State::Spent(0);
        let key = Entry { node, path, state }.key();
        if let Ok(place) = self.entries.binary_search_by_key(&key, Entry::key) {
            self.entries.remove(place);
        }
    }

    /// Takes away everything inside a scope, or everything there is.
    pub(super) fn clear(&mut self, scope: Option<NodeId>, path: Path, why: Closed) {
        let depth = scope.map_or(0, |scope| self.process.at(scope).inner_depth());
        let process = self.process;
        self.clear_if(why, |_, entry| {
            let inside = scope.is_none_or(|scope| process.lies_in(entry.node, scope));
            inside && entry.path.cut(depth) == path.cut(depth)
        });
    }

    fn clear_if(&mut self, why: Closed, gone: impl Fn(&Self, &Entry) -> bool) {
        let all = std::mem::take(&mut self.entries);
        let (lost, kept): (Vec<Entry>, Vec<Entry>) =
            all.into_iter().partition(|entry| gone(self, entry));
        let stack = std::mem::take(&mut self.stack);
        let on_the_way = |(flow, path): &(crate::model::FlowId, Path)| Entry {
            node: self.process.flow(*flow).source,
            path: *path,
            state: State::Rest(0),
        };
        self.stack = stack
            .into_iter()
            .filter(|carried| !gone(self, &on_the_way(carried)))
            .collect();
        self.entries = lost.clone();
        for entry in lost.iter().filter(|entry| entry.waits()) {
            self.close(*entry, why, None);
        }
        self.entries = kept;
    }

    /// A sub-process is done when nothing inside it lives any more.
    pub(super) fn end_subs(&mut self) -> Result<bool, StepRefusal> {
        let over = |entry: &&Entry| {
            let node = self.process.at(entry.node);
            let sub = matches!(node.kind, Kind::Sub | Kind::EventSub);
            let depth = node.inner_depth();
            let inside = |other: &Entry| {
                other.lives()
                    && other.path.cut(depth) == entry.path
                    && self.process.lies_in(other.node, entry.node)
            };
            sub && matches!(entry.state, State::Rest(_)) && !self.entries.iter().any(inside)
        };
        let Some(Entry { node: id, path, .. }) = self.entries.iter().find(over).copied() else {
            return Ok(false);
        };
        let node = self.process.at(id);
        if node.kind == Kind::EventSub {
            self.sweep(id, path);
            if let Ok(place) = self.seek(id, path) {
                self.entries.remove(place);
            }
            return Ok(true);
        }
        if let Ok(place) = self.seek(id, path) {
            let entry = self.entries.remove(place);
            self.close(entry, Closed::Done, None);
        }
        self.sweep(id, path);
        match &node.repeat {
            None => self.done(id, path)?,
            Some(repeat) => self.next_instance(id, path, repeat)?,
        }
        Ok(true)
    }

    /// Forgets what was remembered inside a sub-process, but for what can still be undone, and
    /// that its own start has fired: a handler that is done does not set its timer again.
    fn sweep(&mut self, sub: NodeId, path: Path) {
        let (process, depth) = (self.process, self.process.at(sub).inner_depth());
        self.entries.retain(|entry| {
            let memory = matches!(entry.state, State::Spent(_) | State::Returned(_));
            let inside = entry.path.cut(depth) == path && process.lies_in(entry.node, sub);
            let own_start = process.at(sub).kind == Kind::EventSub
                && process.at(entry.node).parent == Some(sub)
                && matches!(process.at(entry.node).kind, Kind::StartOn { .. });
            !(memory && inside) || own_start
        });
    }
}

fn second(node: &Node, id: NodeId) -> Result<(), StepRefusal> {
    if node.side {
        Ok(())
    } else {
        Err(StepRefusal::SecondToken(id))
    }
}
