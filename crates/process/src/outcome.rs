//! The choices of a process: does every outcome have exactly one way?
//!
//! Looks at exclusive gateways, and at the task before one when it lists its outcomes. What only
//! data can tell is left to the default flow, which every such gateway must have.

use std::collections::BTreeMap;

use crate::condition::{Condition, Literal};
use crate::finding::Finding;
use crate::kind::Kind;
use crate::model::{FlowId, Node, NodeId, Process};

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

/// What the flows out of a gateway ask for.
#[derive(Default)]
struct Asked<'a> {
    /// How often each outcome is asked for.
    outcomes: BTreeMap<&'a str, u32>,
    /// Some flow asks for something else.
    others: bool,
}

fn asked<'a>(process: &'a Process, node: &Node, findings: &mut Vec<Finding>) -> Asked<'a> {
    let mut asked = Asked::default();
    let chosen = |flow: &&FlowId| Some(**flow) != node.default;
    for flow in node.outgoing.iter().filter(chosen) {
        let flow = process.flow(*flow);
        match &flow.condition {
            Condition::Always => {
                let id = &flow.id;
                let zh = format!("网关“{node}”的出线“{id}”没有条件；请填写条件或设为默认。");
                let en = format!(
                    "Flow \"{id}\" out of \"{node}\" has no condition; write one or make it the \
                     default."
                );
                let finding = Finding::error("no_condition", &**id).says(zh, en);
                findings.push(finding.on_line(node.line));
                asked.others = true;
            }
            Condition::Plain {
                path,
                values,
                negated: false,
            } if &**path == "outcome" => {
                for value in values {
                    match value {
                        Literal::Text(text) => *asked.outcomes.entry(&**text).or_default() += 1,
                        _ => asked.others = true,
                    }
                }
            }
            _ => asked.others = true,
        }
    }
    asked
}

/// Two conditions on the same name that one value makes true, other than two plain outcomes
/// (told with the outcome below). The first in the file would win in silence.
fn overlaps(process: &Process, node: &Node, findings: &mut Vec<Finding>) {
    let chosen = |flow: &&FlowId| Some(**flow) != node.default;
    let flows: Vec<_> = node
        .outgoing
        .iter()
        .filter(chosen)
        .map(|flow| process.flow(*flow))
        .collect();
    for (at, first) in flows.iter().enumerate() {
        for second in &flows[at + 1..] {
            let Some(value) = common(&first.condition, &second.condition) else {
                continue;
            };
            let (one, two) = (&first.id, &second.id);
            let zh =
                format!("网关“{node}”的出线“{one}”与“{two}”的条件重叠，例如 {value}；请改为互斥。");
            let en = format!(
                "The conditions of \"{one}\" and \"{two}\" out of \"{node}\" overlap, e.g. for \
                 {value}; make them exclude each other."
            );
            let finding = Finding::error("overlap", &*node.id).says(zh, en);
            findings.push(finding.on_line(node.line));
        }
    }
}

/// An example value for which both conditions hold.
fn common(first: &Condition, second: &Condition) -> Option<String> {
    if let (Condition::Feel(one), Condition::Feel(two)) = (first, second) {
        return (one == two).then(|| one.to_string());
    }
    let (
        Condition::Plain {
            path,
            values,
            negated,
        },
        Condition::Plain {
            path: other_path,
            values: others,
            negated: other_negated,
        },
    ) = (first, second)
    else {
        return None;
    };
    let told = &**path == "outcome" && !negated && !other_negated;
    if path != other_path || told {
        return None;
    }
    let holds = |list: &[Literal], negated: bool, value: &Literal| list.contains(value) != negated;
    let both =
        |value: &&Literal| holds(values, *negated, value) && holds(others, *other_negated, value);
    let shared = values.iter().chain(others).find(both);
    let shared = shared.map(|value| format!("{path} = {value}"));
    shared.or_else(|| (*negated && *other_negated).then(|| format!("{path} = null")))
}

fn gateway(process: &Process, id: NodeId, node: &Node, findings: &mut Vec<Finding>) {
    overlaps(process, node, findings);
    let asked = asked(process, node, findings);
    let given = outcomes_before(process, id);
    let mut find = |code, zh: String, en: String| {
        findings.push(
            Finding::error(code, &*node.id)
                .says(zh, en)
                .on_line(node.line),
        );
    };
    for (outcome, times) in &asked.outcomes {
        if *times > 1 {
            find(
                "overlap",
                format!("网关“{node}”有两条出线都要求结论为“{outcome}”；请只保留一条。"),
                format!("Two flows out of \"{node}\" ask for the outcome \"{outcome}\"; keep one."),
            );
        }
        if !given.is_empty() && !given.contains(outcome) {
            find(
                "unknown_outcome",
                format!("前一环节没有“{outcome}”这个结论；请改正条件或补充结论。"),
                format!("The task before has no outcome \"{outcome}\"; correct one of the two."),
            );
        }
    }
    let missing = given
        .iter()
        .filter(|outcome| !asked.outcomes.contains_key(**outcome));
    let missing: Vec<&str> = missing.copied().collect();
    let covered = !asked.others && !given.is_empty() && missing.is_empty();
    if node.default.is_none() && !covered {
        let missing = missing.join(", ");
        find(
            "no_default",
            format!("网关“{node}”没有默认出线，有的情形无路可走（{missing}）；请设默认。"),
            format!(
                "Gateway \"{node}\" has no default flow, so some cases find no way ({missing}); \
                 choose a default."
            ),
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
            Kind::Milestone | Kind::Throw(_) => {}
            _ => return Vec::new(),
        }
    }
    Vec::new()
}
