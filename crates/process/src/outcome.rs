//! The choices of a process: does every outcome have exactly one way?
//!
//! Looks at exclusive gateways, and at the task before one when it lists its outcomes. What only
//! data can tell is left to the default flow, which every such gateway must have.

use std::collections::BTreeMap;

use crate::condition::{Condition, Literal};
use crate::finding::Finding;
use crate::model::{Kind, Node, NodeId, Process};

/// Findings about every exclusive gateway with more than one way out.
pub(crate) fn check(process: &Process) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (id, node) in process.each() {
        let splits = node.outgoing.len() > 1;
        if splits && matches!(node.kind, Kind::Exclusive) {
            gateway(process, id, node, &mut findings);
        }
    }
    findings
}

fn gateway(process: &Process, id: NodeId, node: &Node, findings: &mut Vec<Finding>) {
    let mut tested: BTreeMap<&str, u32> = BTreeMap::new();
    let mut by_outcome_only = true;
    for flow in node
        .outgoing
        .iter()
        .filter(|flow| Some(**flow) != node.default)
    {
        let flow = process.flow(*flow);
        match &flow.condition {
            Condition::Always => {
                let zh = format!(
                    "网关“{node}”的出线“{}”没有条件；请填写条件或设为默认。",
                    flow.id
                );
                let en = format!(
                    "Flow \"{}\" out of \"{node}\" has no condition; write one or make it the \
                     default.",
                    flow.id
                );
                findings.push(Finding::error("no_condition", &*flow.id).says(zh, en));
                by_outcome_only = false;
            }
            Condition::Plain {
                path,
                values,
                negated: false,
            } if &**path == "outcome" => {
                for value in values {
                    match value {
                        Literal::Text(text) => *tested.entry(&**text).or_default() += 1,
                        _ => by_outcome_only = false,
                    }
                }
            }
            _ => by_outcome_only = false,
        }
    }
    let outcomes = outcomes_before(process, id);
    for (outcome, _) in tested.iter().filter(|(_, times)| **times > 1) {
        let zh = format!("网关“{node}”有两条出线都要求结论为“{outcome}”；请只保留一条。");
        let en =
            format!("Two flows out of \"{node}\" ask for the outcome \"{outcome}\"; keep one.");
        findings.push(
            Finding::error("overlap", &*node.id)
                .says(zh, en)
                .on_line(node.line),
        );
    }
    let unknown = |outcome: &str| !outcomes.is_empty() && !outcomes.contains(&outcome);
    for outcome in tested.keys().filter(|outcome| unknown(outcome)) {
        let zh = format!("前一环节没有“{outcome}”这个结论；请改正条件或补充结论。");
        let en = format!("The task before has no outcome \"{outcome}\"; correct one or the other.");
        findings.push(
            Finding::error("unknown_outcome", &*node.id)
                .says(zh, en)
                .on_line(node.line),
        );
    }
    let covered = by_outcome_only
        && !outcomes.is_empty()
        && outcomes.iter().all(|outcome| tested.contains_key(outcome));
    if node.default.is_none() && !covered {
        let missing: Vec<&str> = outcomes
            .iter()
            .copied()
            .filter(|known| !tested.contains_key(known))
            .collect();
        let missing = missing.join(", ");
        let zh = format!("网关“{node}”没有默认出线，有的情形无路可走（{missing}）；请设默认。");
        let en = format!(
            "Gateway \"{node}\" has no default flow, so some cases find no way \
                          ({missing}); choose a default."
        );
        findings.push(
            Finding::error("no_default", &*node.id)
                .says(zh, en)
                .on_line(node.line),
        );
    }
}

/// The outcomes of the task that alone leads to the gateway, if it lists them.
fn outcomes_before(process: &Process, gateway: NodeId) -> Vec<&str> {
    let mut at = gateway;
    for _ in 0..process.nodes.len() {
        let [only] = process.at(at).incoming.as_slice() else {
            return Vec::new();
        };
        at = process.flow(*only).source;
        let node = process.at(at);
        match node.kind {
            Kind::User => {
                return node
                    .task
                    .outcomes
                    .iter()
                    .map(|outcome| &**outcome)
                    .collect();
            }
            Kind::Milestone | Kind::Send(_) => {}
            _ => return Vec::new(),
        }
    }
    Vec::new()
}
