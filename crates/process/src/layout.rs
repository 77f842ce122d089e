//! Places for the elements of a process whose file has no picture: columns from left to right in
//! the order of the flows, branches below each other. Plain on purpose; a modeler draws better.

use crate::diagram::{Bounds, Diagram};
use crate::kind::Kind;
use crate::model::{Node, Process};
use crate::order::order;

const COLUMN: f32 = 150.0;
const ROW: f32 = 110.0;
const MARGIN: f32 = 30.0;

/// Places every node and draws every flow.
pub(crate) fn layout(process: &Process) -> Diagram {
    let (order, back) = order(process);
    let mut column = vec![0u16; process.nodes.len()];
    for id in &order {
        let node = process.at(*id);
        let ways = node.incoming.iter().filter(|flow| !back.contains(flow));
        let before = ways.map(|flow| process.flow(*flow).source);
        let furthest = before
            .map(|source| column[source.at()].saturating_add(1))
            .max();
        let host = node.host.map(|host| column[host.at()]);
        column[id.at()] = furthest.or(host).unwrap_or(0);
    }
    let mut used: Vec<u16> = Vec::new();
    let mut diagram = Diagram::default();
    for id in &order {
        let node = process.at(*id);
        let here = usize::from(column[id.at()]);
        if used.len() <= here {
            used.resize(here + 1, 0);
        }
        let row = used[here];
        used[here] = row.saturating_add(1);
        let (width, height) = size(node);
        let x = MARGIN + f32::from(column[id.at()]) * COLUMN + (100.0 - width) / 2.0;
        let y = MARGIN + 20.0 + f32::from(row) * ROW + (80.0 - height) / 2.0;
        diagram.shapes.insert(
            node.id.to_string(),
            Bounds {
                x,
                y,
                width,
                height,
            },
        );
    }
    for flow in &process.flows {
        let ends = (&process.at(flow.source).id, &process.at(flow.target).id);
        let (Some(from), Some(to)) = (
            diagram.shapes.get(&**ends.0).copied(),
            diagram.shapes.get(&**ends.1).copied(),
        ) else {
            continue;
        };
        diagram.edges.insert(flow.id.to_string(), route(from, to));
    }
    diagram
}

fn size(node: &Node) -> (f32, f32) {
    match node.kind {
        Kind::Exclusive | Kind::Parallel | Kind::Inclusive | Kind::EventBased => (50.0, 50.0),
        Kind::User | Kind::Service(_) | Kind::Sub | Kind::EventSub | Kind::Call(_) => (100.0, 80.0),
        Kind::Foreign(_) if !node.element.ends_with("Event") => (100.0, 80.0),
        _ => (36.0, 36.0),
    }
}

fn route(from: Bounds, to: Bounds) -> Vec<(f32, f32)> {
    let (start, end) = (from.x + from.width, to.x);
    let (high, low) = (from.y + from.height / 2.0, to.y + to.height / 2.0);
    if end >= start {
        let middle = (start + end) / 2.0;
        return vec![(start, high), (middle, high), (middle, low), (end, low)];
    }
    let (out, home) = (from.x + from.width / 2.0, to.x + to.width / 2.0);
    let above = (from.y.min(to.y) - 20.0).max(5.0);
    vec![(out, from.y), (out, above), (home, above), (home, to.y)]
}
