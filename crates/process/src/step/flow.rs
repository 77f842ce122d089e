//! Tokens on the move: arriving, choosing, joining, leaving.

use super::Run;
use crate::condition::Condition;
use crate::effect::{Closed, Effect, StepRefusal};
use crate::kind::{Kind, Trigger};
use crate::marking::{Entry, Path, State};
use crate::model::{FlowId, Node, NodeId};

impl Run<'_> {
    pub(super) fn arrive(&mut self, id: NodeId, path: Path, branch: u8) -> Result<(), StepRefusal> {
        let node = self.process.at(id);
        match &node.kind {
            Kind::Catch(Trigger::Condition(condition)) if self.holds(id, condition)? => {
                self.leave(id, path)
            }
            Kind::User
            | Kind::Service(_)
            | Kind::Catch(_)
            | Kind::Sub
            | Kind::Call(_)
            | Kind::EventBased => self.open(id, path),
            Kind::Exclusive => {
                let flow = self.choose(id, node)?;
                self.take(flow, path)
            }
            Kind::Parallel => self.join(id, node, path, branch),
            Kind::Inclusive if node.incoming.len() < 2 => self.split(id, path),
            Kind::Inclusive => {
                self.gather(id, node, path, branch)?;
                Ok(())
            }
            Kind::Milestone | Kind::Start | Kind::StartOn { .. } | Kind::Boundary { .. } => {
                self.leave(id, path)
            }
            Kind::Throw(thrown) | Kind::ThrowEnd(thrown) => self.throw(id, path, thrown),
            Kind::End => {
                self.end(id);
                Ok(())
            }
            Kind::Terminate => {
                self.clear(node.parent, path, Closed::Interrupted);
                self.end(id);
                Ok(())
            }
            Kind::EventSub | Kind::Foreign(_) => Err(StepRefusal::NotExecutable),
        }
    }

    /// Sends a token down every flow out of the node, the first in the file first; of flows with
    /// conditions only those that hold, or the default.
    pub(super) fn leave(&mut self, id: NodeId, path: Path) -> Result<(), StepRefusal> {
        let at = self.process.at(id);
        let conditional = |flow: &FlowId| self.process.flow(*flow).condition != Condition::Always;
        match at.outgoing.as_slice() {
            [] => {
                self.end(id);
                Ok(())
            }
            [only] => self.take(*only, path),
            several if several.iter().any(conditional) || at.default.is_some() => {
                self.split(id, path)
            }
            several => {
                for flow in several.iter().rev() {
                    self.take(*flow, path)?;
                }
                Ok(())
            }
        }
    }

    /// Every flow whose condition holds, or the default.
    pub(super) fn split(&mut self, id: NodeId, path: Path) -> Result<(), StepRefusal> {
        let node = self.process.at(id);
        if let [only] = node.outgoing.as_slice() {
            return self.take(*only, path);
        }
        if node.outgoing.is_empty() {
            self.end(id);
            return Ok(());
        }
        let mut taken = 0;
        for flow in node.outgoing.iter().rev() {
            let open = Some(*flow) != node.default
                && self.holds(id, &self.process.flow(*flow).condition)?;
            if open {
                self.take(*flow, path)?;
                taken += 1;
            }
        }
        match node.default {
            _ if taken > 0 => Ok(()),
            Some(default) => self.take(default, path),
            None => Err(StepRefusal::NoWay(id)),
        }
    }

    /// Puts a token on a flow; a limited way back is counted.
    pub(super) fn take(&mut self, id: FlowId, path: Path) -> Result<(), StepRefusal> {
        let flow = self.process.flow(id);
        if let Some(most) = flow.returns_max {
            let node = flow.source;
            let state = State::Returned(0);
            let times = match self.memory(Entry { node, path, state }) {
                Some(State::Returned(times)) => times,
                _ => 0,
            };
            if times >= most {
                return Err(StepRefusal::ReturnsUsedUp(node));
            }
            self.put(node, path, State::Returned(times + 1));
        }
        self.stack.push((id, path));
        Ok(())
    }

    pub(super) fn end(&mut self, node: NodeId) {
        let outside = self.process.at(node).parent.is_none();
        let last = outside && self.stack.is_empty() && !self.lives();
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
            if self.holds(id, &self.process.flow(*flow).condition)? {
                return Ok(*flow);
            }
        }
        node.default.ok_or(StepRefusal::NoWay(id))
    }

    fn join(&mut self, id: NodeId, node: &Node, path: Path, branch: u8) -> Result<(), StepRefusal> {
        if node.incoming.len() < 2 {
            return self.leave_all(id, path);
        }
        let bits = self.gather(id, node, path, branch)?;
        let all = u64::MAX >> 64_usize.saturating_sub(node.incoming.len()).min(63);
        if bits == all {
            if let Ok(place) = self.seek(id, path) {
                self.entries.remove(place);
            }
            return self.leave_all(id, path);
        }
        Ok(())
    }

    /// A parallel gateway knows no conditions.
    fn leave_all(&mut self, id: NodeId, path: Path) -> Result<(), StepRefusal> {
        let at = self.process.at(id);
        if at.outgoing.is_empty() {
            self.end(id);
        }
        for flow in at.outgoing.iter().rev() {
            self.take(*flow, path)?;
        }
        Ok(())
    }

    /// Notes an arrival at a join; answers which branches have come.
    fn gather(
        &mut self,
        id: NodeId,
        node: &Node,
        path: Path,
        branch: u8,
    ) -> Result<u64, StepRefusal> {
        let bit = 1u64.checked_shl(u32::from(branch)).unwrap_or(0);
        let place = match self.seek(id, path) {
            Ok(place) => place,
            Err(place) => {
                let state = State::Join(0);
                self.entries.insert(
                    place,
                    Entry {
                        node: id,
                        path,
                        state,
                    },
                );
                place
            }
        };
        let State::Join(known) = self.entries[place].state else {
            return Err(StepRefusal::ForeignMarking);
        };
        if known & bit != 0 {
            return if node.side {
                Ok(0)
            } else {
                Err(StepRefusal::SecondToken(id))
            };
        }
        self.entries[place].state = State::Join(known | bit);
        Ok(known | bit)
    }
}
