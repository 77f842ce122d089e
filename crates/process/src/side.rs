//! Side roads: what a boundary event that does not interrupt sets going beside the main road,
//! a reminder for instance. They may outlive the end, and a second token on one is one too many.

use std::collections::BTreeSet;

use crate::kind::Kind;
use crate::model::{Flow, Node, NodeId};

/// Marks what only a boundary event that does not interrupt can reach.
pub(crate) fn mark(nodes: &mut [Node], flows: &[Flow]) {
    let mut reached = BTreeSet::new();
    let is_root =
        |node: &Node| !matches!(node.kind, Kind::Boundary { .. }) && node.incoming.is_empty();
    let roots = (0..nodes.len()).filter(|at| is_root(&nodes[*at]));
    let mut open: Vec<usize> = roots.collect();
    while let Some(at) = open.pop() {
        if !reached.insert(at) {
            continue;
        }
        open.extend(
            nodes[at]
                .outgoing
                .iter()
                .map(|flow| flows[flow.at()].target.at()),
        );
        let ends_host = |event: &&NodeId| {
            !matches!(
                nodes[event.at()].kind,
                Kind::Boundary {
                    interrupting: false,
                    ..
                }
            )
        };
        open.extend(
            nodes[at]
                .boundary
                .iter()
                .filter(ends_host)
                .map(|event| event.at()),
        );
    }
    let mut side: Vec<usize> = (0..nodes.len())
        .filter(|at| {
            matches!(
                nodes[*at].kind,
                Kind::Boundary {
                    interrupting: false,
                    ..
                }
            )
        })
        .collect();
    while let Some(at) = side.pop() {
        if reached.contains(&at) || nodes[at].side {
            continue;
        }
        nodes[at].side = true;
        side.extend(
            nodes[at]
                .outgoing
                .iter()
                .map(|flow| flows[flow.at()].target.at()),
        );
        side.extend(nodes[at].boundary.iter().map(|event| event.at()));
    }
}
