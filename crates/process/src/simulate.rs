//! How many working days a process may take: 最短与最长办理时限, from the limits of its tasks.
//!
//! Branches run side by side, so a join waits for the slowest. A way back (退回) is not
//! counted but reported, for no sum can bound it. Deliberately absent: arrivals,
//! queues and people (a later issue), and calendars.

use crate::model::{Delay, FlowId, Kind, NodeId, Process, Trigger};

/// The working days of a process without ways back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The quickest way from start to end.
    pub shortest: u32,
    /// The slowest way.
    pub longest: u32,
    /// A slowest way, node by node.
    pub path: Vec<NodeId>,
    /// Flows that lead back and are left out.
    pub back: Vec<FlowId>,
    /// Tasks without a limit of their own, counted as no time.
    pub unlimited: Vec<NodeId>,
}

/// Adds up the limits along every way.
pub fn span(process: &Process) -> Span {
    let (order, back) = order(process);
    let count = process.nodes.len();
    let (mut least, mut most) = (
        vec![None::<u32>; count],
        vec![None::<(u32, Option<NodeId>)>; count],
    );
    for id in &order {
        let node = process.at(*id);
        let ways = node.incoming.iter().filter(|flow| !back.contains(flow));
        let sources = ways.map(|flow| process.flow(*flow).source).chain(node.host);
        let mut quickest: Option<u32> = None;
        let mut slowest: Option<(u32, Option<NodeId>)> = None;
        let joins = matches!(node.kind, Kind::Parallel);
        for source in sources {
            let (Some(soon), Some((late, _))) = (least[source.at()], most[source.at()]) else {
                continue;
            };
            let better = |known: u32| {
                if joins {
                    known.max(soon)
                } else {
                    known.min(soon)
                }
            };
            quickest = Some(quickest.map_or(soon, better));
            if slowest.is_none_or(|(known, _)| late > known) {
                slowest = Some((late, Some(source)));
            }
        }
        let days = days(process, *id);
        if process.starts.contains(id) {
            (quickest, slowest) = (Some(0), Some((0, None)));
        }
        least[id.at()] = quickest.map(|soon| soon.saturating_add(days));
        most[id.at()] = slowest.map(|(late, from)| (late.saturating_add(days), from));
    }
    let ends = || {
        process
            .each()
            .filter(|(_, node)| node.kind.ends() && !node.side)
    };
    let shortest = ends()
        .filter_map(|(id, _)| least[id.at()])
        .min()
        .unwrap_or(0);
    let last = ends()
        .filter_map(|(id, _)| Some((most[id.at()]?.0, id)))
        .max();
    let mut path: Vec<NodeId> = last.map(|(_, id)| id).into_iter().collect();
    while let Some((_, Some(before))) = path.last().and_then(|id| most[id.at()]) {
        path.push(before);
    }
    path.reverse();
    let unlimited = process
        .each()
        .filter(|(_, node)| matches!(node.kind, Kind::User) && node.task.limit_days.is_none());
    let unlimited = unlimited.map(|(id, _)| id).collect();
    Span {
        shortest,
        longest: last.map_or(0, |(days, _)| days),
        path,
        back,
        unlimited,
    }
}

fn days(process: &Process, id: NodeId) -> u32 {
    let node = process.at(id);
    match &node.kind {
        Kind::Catch(Trigger::Timer(Delay::WorkingDays(days))) => u32::from(*days),
        _ => node.task.limit_days.map_or(0, u32::from),
    }
}

/// Nodes in an order that follows the flows, and the flows that lead back.
pub(crate) fn order(process: &Process) -> (Vec<NodeId>, Vec<FlowId>) {
    let mut state = vec![0u8; process.nodes.len()];
    let (mut order, mut back) = (Vec::new(), Vec::new());
    let loose = process
        .each()
        .filter(|(_, node)| node.incoming.is_empty() && node.host.is_none());
    let roots = process
        .starts
        .iter()
        .copied()
        .chain(loose.map(|(id, _)| id));
    for root in roots.chain(process.each().map(|(id, _)| id)) {
        if state[root.at()] != 0 {
            continue;
        }
        state[root.at()] = 1;
        let mut path = vec![(root, 0usize)];
        while let Some((id, way)) = path.last_mut() {
            let (here, next) = (*id, *way);
            *way += 1;
            let node = process.at(here);
            let flow = node.outgoing.get(next).copied();
            let target = match flow {
                Some(flow) => Some(process.flow(flow).target),
                None => node.boundary.get(next - node.outgoing.len()).copied(),
            };
            let Some(target) = target else {
                state[here.at()] = 2;
                order.push(here);
                path.pop();
                continue;
            };
            match (state[target.at()], flow) {
                (0, _) => {
                    state[target.at()] = 1;
                    path.push((target, 0));
                }
                (1, Some(flow)) => back.push(flow),
                _ => {}
            }
        }
    }
    order.reverse();
    (order, back)
}
