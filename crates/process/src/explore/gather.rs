//! The inclusive join in the search: which tokens can still come.

use std::collections::BTreeMap;

use super::{Place, Search, holds, place};
use crate::net::{Net, Role};

impl Search<'_> {
    /// The first token at an inclusive join that need not wait any longer (BPMN 2.0, 13.4.3):
    /// no token elsewhere can come to an empty way in, other than by a way that could as well
    /// lead to a full one.
    pub(super) fn gathers(&self, join: usize, reach: &[u64], places: &[Place]) -> Option<usize> {
        let ins = &self.net.vertices[join].ins;
        let mut full = 0u64;
        for (bit, way) in (0u32..).zip(ins) {
            if holds(places, place(*way)) {
                full |= 1u64.checked_shl(bit).unwrap_or(0);
            }
        }
        let open = |marked: &Place| {
            let marked = *marked as usize;
            let at = match self.net.arcs.get(marked) {
                Some(arc) if arc.to == join => return true,
                Some(arc) => arc.to,
                None => marked - self.net.arcs.len(),
            };
            let ways = reach.get(at).copied().unwrap_or(0);
            ways & !full == 0 || ways & full != 0
        };
        let first = ins.iter().copied().find(|way| holds(places, place(*way)))?;
        places.iter().all(open).then_some(first)
    }
}

/// For each inclusive join of several ways in, which of them a token that comes to a vertex can
/// still take without passing the join.
pub(super) fn reach(net: &Net) -> BTreeMap<usize, Vec<u64>> {
    let joins = (0..net.vertices.len()).filter(|at| {
        let vertex = &net.vertices[*at];
        vertex.role == Role::Gather && !vertex.gone && vertex.ins.len() > 1
    });
    joins.map(|join| (join, ways_to(net, join))).collect()
}

fn ways_to(net: &Net, join: usize) -> Vec<u64> {
    let mut reach = vec![0u64; net.vertices.len()];
    let mut open = Vec::new();
    for (bit, way) in (0u32..).zip(&net.vertices[join].ins) {
        let from = net.arcs[*way].from;
        reach[from] |= 1u64.checked_shl(bit).unwrap_or(0);
        open.push(from);
    }
    while let Some(at) = open.pop() {
        if at == join {
            continue;
        }
        for way in &net.vertices[at].ins {
            let from = net.arcs[*way].from;
            let more = reach[from] | reach[at];
            if more != reach[from] {
                reach[from] = more;
                open.push(from);
            }
        }
    }
    reach
}
