//! What throw and end events give out, and undoing what was done.

use super::Run;
use super::trigger::{takes_error, takes_escalation};
use crate::effect::{Closed, Effect, StepRefusal};
use crate::kind::{Kind, Thrown, Trigger};
use crate::marking::{Entry, Path, State};
use crate::model::NodeId;

impl Run<'_> {
    pub(super) fn throw(
        &mut self,
        id: NodeId,
        path: Path,
        thrown: &Thrown,
    ) -> Result<(), StepRefusal> {
        match thrown {
            Thrown::Message(_) => {
                self.effects.push(Effect::Send { node: id });
                self.go_on(id, path)
            }
            Thrown::Signal(name) => {
                self.effects.push(Effect::Signal { node: id });
                self.go_on(id, path)?;
                self.spread(name).map(drop)
            }
            // The token goes on first: an event that interrupts takes it away with the rest.
            Thrown::Escalation(code) => {
                self.go_on(id, path)?;
                let takes = |trigger: &Trigger| takes_escalation(trigger, code);
                match self.caught(id, path, false, &takes) {
                    Some(hit) => self.fire(hit),
                    None => Ok(()),
                }
            }
            Thrown::Error(error) => {
                let takes = |trigger: &Trigger| takes_error(trigger, error);
                match self.caught(id, path, false, &takes) {
                    Some(hit) => {
                        self.end(id);
                        self.fire(hit)
                    }
                    None => {
                        self.clear(None, Path::default(), Closed::Interrupted);
                        self.effects.push(Effect::Ended {
                            node: id,
                            last: true,
                        });
                        Ok(())
                    }
                }
            }
            Thrown::Compensation(_) => {
                if self.seek(id, path).is_ok() {
                    return Err(StepRefusal::SecondToken(id));
                }
                self.put(id, path, State::Rest(0));
                self.undo_at(id, path).map(drop)
            }
        }
    }

    fn go_on(&mut self, id: NodeId, path: Path) -> Result<(), StepRefusal> {
        if self.process.at(id).kind.ends() {
            self.end(id);
            return Ok(());
        }
        self.leave(id, path)
    }

    /// Goes on undoing where a handler is done; false when nothing is to be undone now.
    pub(super) fn undo_next(&mut self) -> Result<bool, StepRefusal> {
        let undoing = |entry: &Entry| entry.lives() && self.process.at(entry.node).undoes;
        if self.entries.iter().any(undoing) {
            return Ok(false);
        }
        let throws = |entry: &&Entry| entry.lives() && self.process.at(entry.node).undoes_others();
        match self.entries.iter().find(throws).copied() {
            Some(Entry { node, path, .. }) => self.undo_at(node, path),
            None => Ok(false),
        }
    }

    /// Undoes the last that was done; when nothing is left, the throw goes on.
    fn undo_at(&mut self, id: NodeId, path: Path) -> Result<bool, StepRefusal> {
        let mut last: Option<(u16, Entry)> = None;
        for entry in &self.entries {
            let State::Done(order) = entry.state else {
                continue;
            };
            let later = last.is_none_or(|(known, _)| order > known);
            if later && self.is_meant(id, path, entry) {
                last = Some((order, *entry));
            }
        }
        let Some((_, entry)) = last else {
            if let Ok(place) = self.seek(id, path) {
                self.entries.remove(place);
            }
            self.go_on(id, path)?;
            return Ok(true);
        };
        self.entries.retain(|other| *other != entry);
        if let Some(handler) = self.process.at(entry.node).handler {
            self.open(handler, entry.path)?;
        }
        Ok(true)
    }

    /// Whether a throw asks to undo this: the named activity, or all in the scope around it.
    fn is_meant(&self, id: NodeId, path: Path, done: &Entry) -> bool {
        let node = self.process.at(id);
        if let Some(Thrown::Compensation(Some(name))) = node.kind.thrown() {
            let prefix = node.id.rfind('/').map_or(0, |at| at + 1);
            let named = self.process.find(&format!("{}{name}", &node.id[..prefix]));
            return named
                .is_some_and(|named| done.node == named || self.process.lies_in(done.node, named));
        }
        let scope = node
            .parent
            .filter(|sub| self.process.at(*sub).kind == Kind::EventSub);
        let scope = scope.map_or(node.parent, |handler| self.process.at(handler).parent);
        let depth = scope.map_or(0, |scope| self.process.at(scope).inner_depth());
        let inside = scope.is_none_or(|scope| self.process.lies_in(done.node, scope));
        inside && done.path.cut(depth) == path.cut(depth)
    }
}
