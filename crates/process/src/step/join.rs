//! 包容汇合: when an inclusive join need not wait any longer (BPMN 2.0, 13.4.3).
//!
//! It goes on when no token elsewhere can still come to an empty way in without passing the join
//! itself, other than by a way that could as well lead to one where a token already stands.
//! A token at an activity may also leave by its boundary events.

use super::Run;
use crate::effect::StepRefusal;
use crate::kind::Kind;
use crate::marking::{Entry, Path, State};
use crate::model::{NodeId, Process};

impl Run<'_> {
    /// Lets the first inclusive join go on that may; false when none may.
    pub(super) fn join_inclusive(&mut self) -> Result<bool, StepRefusal> {
        let ready = |entry: &&Entry| match entry.state {
            State::Join(bits) => {
                let kind = &self.process.at(entry.node).kind;
                *kind == Kind::Inclusive && self.is_ready(entry.node, entry.path, bits)
            }
            _ => false,
        };
        let Some(entry) = self.entries.iter().find(ready).copied() else {
            return Ok(false);
        };
        if let Ok(place) = self.seek(entry.node, entry.path) {
            self.entries.remove(place);
        }
        self.split(entry.node, entry.path)?;
        Ok(true)
    }

    fn is_ready(&self, join: NodeId, path: Path, bits: u64) -> bool {
        let node = self.process.at(join);
        let others: Vec<NodeId> = self
            .entries
            .iter()
            .filter(|entry| entry.lives() && entry.path.cut(node.depth) == path)
            .filter_map(|entry| self.beside(entry.node, node.parent))
            .filter(|other| *other != join)
            .collect();
        if others.is_empty() {
            return true;
        }
        let reach = reach(self.process, join);
        others.iter().all(|other| {
            let ways = reach[other.at()];
            ways & !bits == 0 || ways & bits != 0
        })
    }

    /// The node of this scope that holds an entry: itself, or the sub-process around it.
    fn beside(&self, node: NodeId, scope: Option<NodeId>) -> Option<NodeId> {
        let around = std::iter::once(node).chain(self.process.around(node));
        let mut here = around.filter(|node| self.process.at(*node).parent == scope);
        here.next()
    }
}

/// For every node, the ways into the join that a token there can come by, without passing it.
fn reach(process: &Process, join: NodeId) -> Vec<u64> {
    let mut reach = vec![0u64; process.nodes.len()];
    let mut open: Vec<NodeId> = Vec::new();
    for (branch, flow) in (0u32..).zip(&process.at(join).incoming) {
        let source = process.flow(*flow).source;
        reach[source.at()] |= 1u64.checked_shl(branch).unwrap_or(0);
        open.push(source);
    }
    while let Some(id) = open.pop() {
        if id == join {
            continue;
        }
        let node = process.at(id);
        let before = node.incoming.iter().map(|flow| process.flow(*flow).source);
        for source in before.chain(node.host) {
            let more = reach[source.at()] | reach[id.at()];
            if more != reach[source.at()] {
                reach[source.at()] = more;
                open.push(source);
            }
        }
    }
    reach
}
