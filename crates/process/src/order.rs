//! The order of the nodes along the flows, and the flows that lead back.

use crate::model::{FlowId, NodeId, Process};

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
