//! 岗位分离: who accepts, reviews, decides and hands out are four, already in the drawing.
//!
//! The rooms above refuse the second duty to the person who had the first; here a process is
//! refused that could not be run so, or that lets a paper be made without a decision. A drawing
//! without any `qc:duty` is no approval process and is left alone.

use std::collections::BTreeMap;

use crate::finding::Finding;
use crate::kind::Kind;
use crate::model::{Duty, Node, NodeId, Process};

/// Findings about the duties of one process.
pub(crate) fn check(process: &Process) -> Vec<Finding> {
    let users = || {
        process
            .each()
            .filter(|(_, node)| matches!(node.kind, Kind::User))
    };
    if users().all(|(_, node)| node.task.duty.is_none()) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (_, node) in users().filter(|(_, node)| node.task.duty.is_none()) {
        let zh = format!("环节“{node}”没有写明职责；请填写 qc:duty。");
        let en = format!("Task \"{node}\" names no duty; set qc:duty.");
        findings.push(
            Finding::warning("no_duty", &*node.id)
                .says(zh, en)
                .on_line(node.line),
        );
    }
    if !users().any(|(_, node)| node.task.duty == Some(Duty::Decide)) {
        let zh = "流程没有决定环节；请加一个 qc:duty=\"decide\" 的任务。";
        let en = "Nobody decides in this process; add a task with qc:duty=\"decide\".";
        findings.push(Finding::error("no_decision", process.id()).says(zh, en));
    }
    shared_posts(process, &mut findings);
    undecided(process, &mut findings);
    findings
}

/// One post with two duties that must be kept apart: a post with one officer could not go on.
fn shared_posts(process: &Process, findings: &mut Vec<Finding>) {
    let mut first: BTreeMap<&str, (&Node, Duty)> = BTreeMap::new();
    for node in process
        .nodes
        .iter()
        .filter(|node| matches!(node.kind, Kind::User))
    {
        let (Some(post), Some(duty)) = (&node.task.post, node.task.duty) else {
            continue;
        };
        if !duty.is_kept_apart() {
            continue;
        }
        let (other, known) = *first.entry(post).or_insert((node, duty));
        if known != duty {
            let zh = format!("岗位“{post}”既办“{other}”又办“{node}”；请分给不同岗位。");
            let en = format!("Post \"{post}\" has both \"{other}\" and \"{node}\"; use two posts.");
            findings.push(
                Finding::error("same_post", &*node.id)
                    .says(zh, en)
                    .on_line(node.line),
            );
        }
    }
}

/// A paper or a hand-over that can be reached without anybody having decided.
fn undecided(process: &Process, findings: &mut Vec<Finding>) {
    let mut seen = vec![false; process.nodes.len()];
    let mut open: Vec<NodeId> = process.starts.clone();
    while let Some(id) = open.pop() {
        let node = process.at(id);
        if std::mem::replace(&mut seen[id.at()], true) {
            continue;
        }
        let issues = matches!(&node.kind, Kind::Service(effect) if effect.ends_with(".issue"));
        if issues || matches!(node.task.duty, Some(Duty::Issue | Duty::Deliver)) {
            let zh = format!("未经决定就能到达“{node}”；请把它放在决定之后。");
            let en = format!("\"{node}\" can be reached without a decision; put it after one.");
            findings.push(
                Finding::error("duty_order", &*node.id)
                    .says(zh, en)
                    .on_line(node.line),
            );
            continue;
        }
        let decides = node.task.duty == Some(Duty::Decide);
        if !decides {
            open.extend(node.outgoing.iter().map(|flow| process.flow(*flow).target));
        }
        open.extend(&node.boundary);
    }
}
