//! Whether a process can get stuck, and the way that leads there.
//!
//! Sound means: from wherever a case can come, the end can be reached; when it is reached nothing
//! is left open; no place ever holds two tokens; every step can happen. Gateways are taken blind
//! to data: any way out may be chosen. Reminders beside the road may outlive the end.

use std::collections::BTreeSet;

use crate::explore::{Broken, Explored, Flaw};
use crate::finding::Finding;
use crate::kind::{Kind, Trigger};
use crate::model::{FlowId, NodeId, Process};
use crate::net::{Net, Word};
use crate::region::prove;

/// The verdict on one process.
#[derive(Debug, Clone)]
pub struct Soundness {
    /// `None` when there is no verdict: elements without a meaning here, or too many markings.
    pub sound: Option<bool>,
    /// Markings looked at, after reduction.
    pub markings: usize,
    /// What breaks it, each with its way there.
    pub findings: Vec<Finding>,
}

/// Proves the process sound or shows what breaks it: the process itself and every sub-process.
pub fn soundness(process: &Process) -> Soundness {
    if let Some(finding) = circle(process) {
        return Soundness {
            sound: Some(false),
            markings: 0,
            findings: vec![finding],
        };
    }
    let inside = process
        .each()
        .filter(|(_, node)| matches!(node.kind, Kind::Sub | Kind::EventSub))
        .map(|(id, _)| Some(id));
    let mut all = Soundness {
        sound: Some(true),
        markings: 0,
        findings: Vec::new(),
    };
    for scope in std::iter::once(None).chain(inside) {
        let one = scope_soundness(process, scope);
        all.sound = match (all.sound, one.sound) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        };
        all.markings += one.markings;
        all.findings.extend(one.findings);
    }
    all
}

fn scope_soundness(process: &Process, scope: Option<NodeId>) -> Soundness {
    let Some(mut net) = Net::of(process, scope) else {
        let empty = !process.nodes.iter().any(|node| node.parent == scope);
        return Soundness {
            sound: empty.then_some(true),
            markings: 0,
            findings: Vec::new(),
        };
    };
    let explored = prove(&mut net);
    let mut findings: Vec<Finding> = explored
        .broken
        .iter()
        .map(|broken| describe(process, &net, broken))
        .collect();
    let broken = !findings.is_empty();
    if explored.complete && !broken {
        findings.extend(dead(process, scope, &explored));
    }
    if !explored.complete && !broken {
        let zh = "流程的并行组合过多，无法证明不会卡住；请简化并行部分。";
        let en = "Too many combinations in parallel to prove anything; simplify the branches.";
        let place = scope.map_or(process.id(), |sub| &process.at(sub).id);
        findings.push(Finding::error("too_many_markings", place).says(zh, en));
    }
    let sound = if broken || explored.complete {
        Some(findings.is_empty())
    } else {
        None
    };
    Soundness {
        sound,
        markings: explored.markings,
        findings,
    }
}

fn describe(process: &Process, net: &Net, broken: &Broken) -> Finding {
    let element = place(process, net, broken.vertex);
    let name = element
        .map(|node| process.at(node).to_string())
        .unwrap_or_default();
    let id = element
        .map(|node| process.at(node).id.to_string())
        .unwrap_or_default();
    let line = element.map_or(0, |node| process.at(node).line);
    let (code, zh, en) = match broken.flaw {
        Flaw::Deadlock => (
            "deadlock",
            format!("流程会卡在“{name}”：有的分支永远不会到达。请让分开与汇合的网关类型一致。"),
            format!(
                "The process gets stuck at \"{name}\": a branch that it waits for never \
                     comes. Let the gateways that split and join be of one kind."
            ),
        ),
        Flaw::NoWayOut => (
            "no_way_out",
            format!("从“{name}”再也走不到结束；请加一条通向结束的路。"),
            format!("From \"{name}\" the end can never be reached; add a way that leads there."),
        ),
        Flaw::SecondToken => (
            "second_token",
            format!("“{name}”会被同时启动两次；请先用并行网关汇合。"),
            format!("\"{name}\" can be started twice at once; join the branches before it."),
        ),
        Flaw::EarlyEnd => (
            "early_end",
            format!("到达“{name}”时还有未办完的环节；请先汇合各分支再结束。"),
            format!("\"{name}\" is reached while other work is open; join the branches first."),
        ),
    };
    let finding = Finding::error(code, id).says(zh, en).on_line(line);
    finding.after(
        broken
            .trace
            .iter()
            .map(|word| spell(process, *word))
            .collect(),
    )
}

/// The element to point at: the vertex's own, or the next that has one.
fn place(process: &Process, net: &Net, vertex: usize) -> Option<NodeId> {
    let mut seen = BTreeSet::new();
    let mut open = vec![vertex];
    while let Some(at) = open.pop() {
        if !seen.insert(at) {
            continue;
        }
        let vertex = net.vertices.get(at)?;
        let ahead = vertex.outs.iter().flat_map(|arc| &net.arcs[*arc].words);
        match vertex.word.iter().chain(ahead).next() {
            Some(Word::Node(node)) => return Some(*node),
            Some(Word::Flow(flow)) => return Some(process.flow(*flow).source),
            None => {}
        }
        open.extend(vertex.outs.iter().map(|arc| net.arcs[*arc].to));
    }
    last_before(net, vertex)
}

/// A path that just stops has no end event to name: the element before it is named.
fn last_before(net: &Net, vertex: usize) -> Option<NodeId> {
    let mut seen = BTreeSet::new();
    let mut open = vec![vertex];
    while let Some(at) = open.pop() {
        for arc in net.vertices[at].ins.iter().map(|arc| &net.arcs[*arc]) {
            let words = arc.words.iter().rev().chain(&net.vertices[arc.from].word);
            for word in words {
                if let Word::Node(node) = word {
                    return Some(*node);
                }
            }
            if seen.insert(arc.from) {
                open.push(arc.from);
            }
        }
    }
    None
}

fn spell(process: &Process, word: Word) -> String {
    match word {
        Word::Node(node) => process.at(node).id.to_string(),
        Word::Flow(flow) => process.flow(flow).id.to_string(),
    }
}

/// Steps that no case ever comes to. What is connected to nothing (event sub-processes,
/// compensation handlers) is no step; a forgotten one is named by `check`.
fn dead(process: &Process, scope: Option<NodeId>, explored: &Explored) -> Vec<Finding> {
    let loose = |node: NodeId| {
        let node = process.at(node);
        node.incoming.is_empty() && node.outgoing.is_empty() && node.host.is_none()
    };
    let here = process.each().filter(|(_, node)| node.parent == scope);
    let undoing =
        |node: &crate::Node| node.kind.trigger() == Some(&Trigger::Compensation) || node.undoes;
    here.filter(|(_, node)| !undoing(node))
        .map(|(id, _)| id)
        .filter(|node| !loose(*node) && !explored.alive.contains(&Word::Node(*node)))
        .map(|node| {
            let node = process.at(node);
            let zh = format!("“{node}”永远不会被执行；请删除或重新连接。");
            let en = format!("\"{node}\" can never happen; remove it or connect it again.");
            Finding::error("dead_step", &*node.id)
                .says(zh, en)
                .on_line(node.line)
        })
        .collect()
}

/// Gateways in a ring with nobody to wait for: a case would run round for ever.
fn circle(process: &Process) -> Option<Finding> {
    let mut state = vec![0u8; process.nodes.len()];
    for first in process.each().map(|(id, _)| id) {
        let mut path: Vec<(NodeId, usize)> = Vec::new();
        if rests(process, first) || state[first.at()] != 0 {
            continue;
        }
        state[first.at()] = 1;
        path.push((first, 0));
        while let Some((node, way)) = path.last_mut() {
            let here = *node;
            let Some(flow) = process.at(here).outgoing.get(*way).copied() else {
                state[here.at()] = 2;
                path.pop();
                continue;
            };
            *way += 1;
            let target = process.flow(flow).target;
            if rests(process, target) || state[target.at()] == 2 {
                continue;
            }
            if state[target.at()] == 1 {
                return Some(ring(process, &path, target, flow));
            }
            state[target.at()] = 1;
            path.push((target, 0));
        }
    }
    None
}

fn rests(process: &Process, node: NodeId) -> bool {
    let node = process.at(node);
    node.kind.waits() && &*node.element != "complexGateway"
        || node.kind.ends()
        || matches!(node.kind, Kind::Parallel) && node.incoming.len() > 1
}

fn ring(process: &Process, path: &[(NodeId, usize)], back: NodeId, last: FlowId) -> Finding {
    let ids = path
        .iter()
        .map(|(node, _)| *node)
        .skip_while(|node| *node != back);
    let mut trace: Vec<String> = ids.map(|node| process.at(node).id.to_string()).collect();
    trace.push(process.flow(last).id.to_string());
    let node = process.at(back);
    let zh = format!("从“{node}”出发的一圈网关之间没有任何环节，会空转；请断开。");
    let en = format!("From \"{node}\" gateways lead round in a ring without any task; break it.");
    Finding::error("circle", &*node.id)
        .says(zh, en)
        .on_line(node.line)
        .after(trace)
}
