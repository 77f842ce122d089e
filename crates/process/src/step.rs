//! The machine: one input, one new marking, and what the hall has to do about it.
//!
//! Pure and deterministic: the same process, marking, input and data always give the same step.
//! A refused input leaves nothing behind. Routing (gateways, milestones) happens inside the
//! step; a token only ever rests at an activity, a catch event or an unfinished join.
//! Deliberately absent: the clock (a timer is asked for by [`Effect::SetTimer`] and comes back
//! as [`Input::TimerFired`]), people, storage.

use crate::condition::{Conditions, Data, Vars};
use crate::effect::{Closed, Effect, Input, Step, StepRefusal};
use crate::marking::{Entry, Marking, Token};
use crate::model::{FlowId, Kind, Node, NodeId, Process, Trigger};

/// Begins a case: at the none start event, or at the message start event of this name.
pub fn start(
    process: &Process,
    message: Option<&str>,
    data: &Data,
    conditions: &dyn Conditions,
) -> Result<Step, StepRefusal> {
    if !process.is_executable() {
        return Err(StepRefusal::NotExecutable);
    }
    let fits = |kind: &Kind| match (kind, message) {
        (Kind::Start, None) => true,
        (Kind::MessageStart(name), Some(wanted)) => &**name == wanted,
        _ => false,
    };
    let mut starts = process
        .starts
        .iter()
        .filter(|start| fits(&process.at(**start).kind));
    let start = *starts.next().ok_or(StepRefusal::NoStart)?;
    let vars = Vars {
        outcome: None,
        data,
    };
    let mut run = Run::new(process, Vec::with_capacity(4), vars, conditions);
    run.leave(start)?;
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
        Input::Complete { outcome, .. } | Input::ServiceDone { outcome, .. } => outcome,
        _ => None,
    };
    let mut entries = Vec::with_capacity(marking.entries.len() + 4);
    entries.extend_from_slice(&marking.entries);
    let vars = Vars { outcome, data };
    let mut run = Run::new(process, entries, vars, conditions);
    match input {
        Input::Complete { token, outcome } => run.complete(token.node(), outcome)?,
        Input::ServiceDone { token, .. } => run.service_done(token.node())?,
        Input::TimerFired { node } => run.timer_fired(node)?,
        Input::MessageArrived { name } => run.message_arrived(name)?,
        Input::Cancel => run.clear(Closed::Cancelled),
    }
    run.rest()
}

/// One step under way.
struct Run<'a> {
    process: &'a Process,
    entries: Vec<Entry>,
    effects: Vec<Effect>,
    /// Flows that carry a token; the last is taken first.
    stack: Vec<FlowId>,
    vars: Vars<'a>,
    conditions: &'a dyn Conditions,
}

impl<'a> Run<'a> {
    fn new(
        process: &'a Process,
        entries: Vec<Entry>,
        vars: Vars<'a>,
        conditions: &'a dyn Conditions,
    ) -> Self {
        let (effects, stack) = (Vec::with_capacity(4), Vec::with_capacity(4));
        Self {
            process,
            entries,
            effects,
            stack,
            vars,
            conditions,
        }
    }

    fn complete(&mut self, node: NodeId, outcome: Option<&str>) -> Result<(), StepRefusal> {
        let at = self.waiting(node, |kind| matches!(kind, Kind::User))?;
        let outcomes = &at.task.outcomes;
        let listed = |given: &str| outcomes.iter().any(|known| **known == *given);
        if !outcomes.is_empty() && !outcome.is_some_and(listed) {
            return Err(StepRefusal::NoSuchOutcome(node));
        }
        self.withdraw(node, Closed::Done, None);
        self.leave(node)
    }

    fn service_done(&mut self, node: NodeId) -> Result<(), StepRefusal> {
        self.waiting(node, |kind| matches!(kind, Kind::Service(_)))?;
        self.withdraw(node, Closed::Done, None);
        self.leave(node)
    }

    fn timer_fired(&mut self, node: NodeId) -> Result<(), StepRefusal> {
        let fired = self
            .process
            .node(node)
            .ok_or(StepRefusal::NotWaiting(node))?;
        match &fired.kind {
            Kind::Catch(Trigger::Timer(_)) => self.caught(node),
            Kind::Boundary {
                trigger: Trigger::Timer(_),
                interrupting,
            } => self.boundary_fired(node, *interrupting),
            _ => Err(StepRefusal::NotWaiting(node)),
        }
    }

    /// A message goes to the first that waits for it, in the order of the nodes.
    fn message_arrived(&mut self, name: &str) -> Result<(), StepRefusal> {
        let process = self.process;
        for entry in 0..self.entries.len() {
            let Entry { node, join, bits } = self.entries[entry];
            let here = process.at(node);
            if join {
                continue;
            }
            if matches!(&here.kind, Kind::Catch(Trigger::Message(awaited)) if **awaited == *name) {
                return self.caught(node);
            }
            for (index, event) in here.boundary.iter().enumerate() {
                if let Kind::Boundary {
                    trigger: Trigger::Message(awaited),
                    interrupting,
                } = &process.at(*event).kind
                    && **awaited == *name
                    && bits >> index & 1 == 0
                {
                    return self.boundary_fired(*event, *interrupting);
                }
            }
        }
        Err(StepRefusal::NotAwaited)
    }

    fn caught(&mut self, node: NodeId) -> Result<(), StepRefusal> {
        self.waiting(node, |kind| matches!(kind, Kind::Catch(_)))?;
        self.withdraw(node, Closed::Done, Some(node));
        self.leave(node)
    }

    fn boundary_fired(&mut self, event: NodeId, interrupting: bool) -> Result<(), StepRefusal> {
        let refusal = StepRefusal::NotWaiting(event);
        let host = self.process.at(event).host.ok_or_else(|| refusal.clone())?;
        let entry = self.place(host).map_err(|_| refusal.clone())?;
        let index = self
            .process
            .at(host)
            .boundary
            .iter()
            .position(|other| *other == event);
        let bit = 1u64 << index.ok_or_else(|| refusal.clone())?;
        if self.entries[entry].bits & bit != 0 {
            return Err(refusal);
        }
        if interrupting {
            self.withdraw(host, Closed::Interrupted, Some(event));
        } else {
            self.entries[entry].bits |= bit;
        }
        self.leave(event)
    }

    fn place(&self, node: NodeId) -> Result<usize, usize> {
        self.entries.binary_search_by_key(&node, |entry| entry.node)
    }

    fn waiting(&self, node: NodeId, fits: impl Fn(&Kind) -> bool) -> Result<&'a Node, StepRefusal> {
        let process = self.process;
        let found = process.node(node).filter(|found| fits(&found.kind));
        let found = found.filter(|_| self.place(node).is_ok());
        found.ok_or(StepRefusal::NotWaiting(node))
    }

    /// Takes the token from an activity, and with it its task and its timers. `fired` is the
    /// event that caused it.
    fn withdraw(&mut self, node: NodeId, why: Closed, fired: Option<NodeId>) {
        let Ok(place) = self.place(node) else {
            return;
        };
        let entry = self.entries.remove(place);
        self.close(entry, why, fired);
    }

    fn close(&mut self, entry: Entry, why: Closed, fired: Option<NodeId>) {
        let node = self.process.at(entry.node);
        if matches!(node.kind, Kind::User) {
            self.effects.push(Effect::CloseTask {
                token: Token::on(entry.node),
                why,
            });
        }
        if matches!(node.kind, Kind::Catch(Trigger::Timer(_))) && fired != Some(entry.node) {
            self.effects.push(Effect::CancelTimer { node: entry.node });
        }
        for (index, event) in node.boundary.iter().enumerate() {
            let timer = matches!(
                self.process.at(*event).kind,
                Kind::Boundary {
                    trigger: Trigger::Timer(_),
                    ..
                }
            );
            if timer && entry.bits >> index & 1 == 0 && fired != Some(*event) {
                self.effects.push(Effect::CancelTimer { node: *event });
            }
        }
    }

    fn clear(&mut self, why: Closed) {
        for entry in std::mem::take(&mut self.entries) {
            if !entry.join {
                self.close(entry, why, None);
            }
        }
        self.stack.clear();
    }

    /// Sends a token down every flow out of the node, the first in the file first.
    fn leave(&mut self, node: NodeId) -> Result<(), StepRefusal> {
        let at = self.process.at(node);
        if at.outgoing.is_empty() {
            self.end(node);
        }
        self.stack.extend(at.outgoing.iter().rev());
        Ok(())
    }

    /// Moves tokens until all of them rest.
    fn rest(mut self) -> Result<Step, StepRefusal> {
        // Every move of a sound process passes a flow at most once between two rests.
        let mut moves = 4 * self.process.flows.len() + 16;
        while let Some(flow) = self.stack.pop() {
            let flow = self.process.flow(flow);
            moves -= 1;
            if moves == 0 {
                return Err(StepRefusal::Circle(flow.target));
            }
            self.arrive(flow.target, flow.branch)?;
        }
        Ok(Step {
            marking: Marking {
                entries: self.entries,
            },
            effects: self.effects,
        })
    }

    fn arrive(&mut self, id: NodeId, branch: u8) -> Result<(), StepRefusal> {
        let node = self.process.at(id);
        match &node.kind {
            Kind::User | Kind::Service(_) | Kind::Catch(_) => self.open(id, node),
            Kind::Exclusive => {
                let flow = self.choose(id, node)?;
                self.stack.push(flow);
                Ok(())
            }
            Kind::Parallel => self.join(id, node, branch),
            Kind::Send(_) => {
                self.effects.push(Effect::Send { node: id });
                self.leave(id)
            }
            Kind::Milestone | Kind::Start | Kind::MessageStart(_) | Kind::Boundary { .. } => {
                self.leave(id)
            }
            Kind::SendEnd(_) => {
                self.effects.push(Effect::Send { node: id });
                self.end(id);
                Ok(())
            }
            Kind::End => {
                self.end(id);
                Ok(())
            }
            Kind::Terminate => {
                self.clear(Closed::Interrupted);
                self.end(id);
                Ok(())
            }
            Kind::Foreign(_) => Err(StepRefusal::NotExecutable),
        }
    }

    fn end(&mut self, node: NodeId) {
        let last = self.entries.is_empty() && self.stack.is_empty();
        self.effects.push(Effect::Ended { node, last });
    }

    fn choose(&self, id: NodeId, node: &Node) -> Result<FlowId, StepRefusal> {
        if let [only] = node.outgoing.as_slice() {
            return Ok(*only);
        }
        for flow in node
            .outgoing
            .iter()
            .filter(|flow| Some(**flow) != node.default)
        {
            let condition = &self.process.flow(*flow).condition;
            let holds = condition.holds(&self.vars, self.conditions);
            if holds.map_err(|fault| StepRefusal::Condition(id, fault))? {
                return Ok(*flow);
            }
        }
        node.default.ok_or(StepRefusal::NoWay(id))
    }

    fn join(&mut self, id: NodeId, node: &Node, branch: u8) -> Result<(), StepRefusal> {
        if node.incoming.len() < 2 {
            return self.leave(id);
        }
        let bit = 1u64 << branch;
        let all = u64::MAX >> (64 - node.incoming.len());
        match self.place(id) {
            Ok(place) => {
                let entry = &mut self.entries[place];
                if entry.bits & bit != 0 {
                    return if node.side {
                        Ok(())
                    } else {
                        Err(StepRefusal::SecondToken(id))
                    };
                }
                entry.bits |= bit;
                if entry.bits != all {
                    return Ok(());
                }
                self.entries.remove(place);
                self.leave(id)
            }
            Err(place) => {
                self.entries.insert(
                    place,
                    Entry {
                        node: id,
                        join: true,
                        bits: bit,
                    },
                );
                Ok(())
            }
        }
    }

    /// A token comes to rest. Beside the road (`side`) a second one is one too many and goes:
    /// a reminder that is already being written is not written twice.
    fn open(&mut self, id: NodeId, node: &Node) -> Result<(), StepRefusal> {
        let Err(place) = self.place(id) else {
            return if node.side {
                Ok(())
            } else {
                Err(StepRefusal::SecondToken(id))
            };
        };
        self.entries.insert(
            place,
            Entry {
                node: id,
                join: false,
                bits: 0,
            },
        );
        let token = Token::on(id);
        match &node.kind {
            Kind::User => self.effects.push(Effect::OpenTask { token, node: id }),
            Kind::Service(_) => self.effects.push(Effect::CallService { token, node: id }),
            Kind::Catch(Trigger::Timer(delay)) => {
                self.effects.push(Effect::SetTimer {
                    node: id,
                    delay: *delay,
                });
            }
            _ => {}
        }
        for event in &node.boundary {
            if let Kind::Boundary {
                trigger: Trigger::Timer(delay),
                ..
            } = &self.process.at(*event).kind
            {
                self.effects.push(Effect::SetTimer {
                    node: *event,
                    delay: *delay,
                });
            }
        }
        Ok(())
    }
}
