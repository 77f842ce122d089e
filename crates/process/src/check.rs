//! Whether a file may be published, and what to mend if not.
//!
//! Gathers what reading found, what the structure says, the outcomes at each choice (`outcome`),
//! the separation of duties (`duty`) and the proof of `soundness`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::condition::{Condition, Conditions, is_path};
use crate::finding::{Finding, Language};
use crate::kind::{Count, Kind, Repeat, Thrown, Trigger};
use crate::model::{NodeId, Process};
use crate::parse::Definitions;
use crate::{duty, outcome, soundness, span};

/// What a check says.
#[derive(Debug, Clone)]
pub struct Report {
    /// Executable, sound, and nothing that must be mended.
    pub ok: bool,
    /// How often each BPMN element occurs.
    pub elements: BTreeMap<String, u32>,
    /// The engine can run every process that has something to run.
    pub executable: bool,
    /// Nothing can get stuck; `None` when there is no verdict.
    pub sound: Option<bool>,
    /// Markings looked at, after reduction.
    pub markings: usize,
    /// What was found, in the order of the file.
    pub findings: Vec<Finding>,
}

impl Report {
    /// The report as `qingchuang process check --json` prints it.
    pub fn to_json(&self, language: Language) -> Value {
        let findings: Vec<Value> = self
            .findings
            .iter()
            .map(|finding| finding.to_json(language))
            .collect();
        json!({
            "ok": self.ok,
            "elements": self.elements,
            "executable": self.executable,
            "sound": self.sound,
            "markings": self.markings,
            "findings": findings,
        })
    }
}

/// Checks every process of a file that has something to run.
pub fn check(definitions: &Definitions, conditions: &dyn Conditions) -> Report {
    let mut findings = definitions.findings.clone();
    let processes = || {
        definitions
            .processes
            .iter()
            .filter(|process| !process.nodes.is_empty())
    };
    let mut sound = Some(true);
    let mut markings = 0;
    if processes().next().is_none() {
        let zh = "文件中没有可以运行的流程；请画出流程。";
        let en = "The file holds no process that could run; draw one.";
        findings.push(Finding::error("no_process", "").says(zh, en));
        sound = None;
    }
    for process in processes() {
        findings.extend(process.findings.iter().cloned());
        findings.extend(structure(process));
        findings.extend(uncaught(process));
        findings.extend(expressions(process, conditions));
        findings.extend(outcome::check(process));
        findings.extend(duty::check(process));
        if let Some(days) = process.promised_days() {
            findings.extend(span::promise(process, days));
        }
        let verdict = soundness::soundness(process);
        sound = match (sound, verdict.sound) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        };
        markings += verdict.markings;
        if !verdict
            .findings
            .iter()
            .any(|finding| finding.code == "circle")
        {
            findings.extend(span::unbounded(process));
        }
        findings.extend(verdict.findings);
    }
    let executable = !findings.iter().any(keeps_from_running);
    let ok = executable && sound == Some(true) && !findings.iter().any(Finding::is_error);
    let elements = definitions.elements.clone();
    Report {
        ok,
        elements,
        executable,
        sound,
        markings,
        findings,
    }
}

/// Faults of reading and of choices stop a run; faults of soundness and duty stop publication.
fn keeps_from_running(finding: &Finding) -> bool {
    const LATER: &[&str] = &[
        "deadlock",
        "no_way_out",
        "second_token",
        "early_end",
        "dead_step",
        "circle",
        "too_many_markings",
        "unreachable",
        "no_decision",
        "duty_order",
        "same_post",
        "overlap",
        "promise_too_short",
        "promise_unproved",
    ];
    finding.is_error() && !LATER.contains(&finding.code)
}

fn structure(process: &Process) -> Vec<Finding> {
    let mut findings = Vec::new();
    if process.starts.is_empty() {
        let zh = "流程没有开始事件；请添加一个。";
        let en = "The process has no start event; add one.";
        findings.push(Finding::error("no_start", process.id()).says(zh, en));
    }
    if !process.nodes.iter().any(|node| node.kind.ends()) {
        let zh = "流程没有结束事件；请添加一个。";
        let en = "The process has no end event; add one.";
        findings.push(Finding::error("no_end", process.id()).says(zh, en));
    }
    let reached = reached(process);
    for (id, node) in process.each() {
        let handler = matches!(node.kind, Kind::Foreign(_)) && node.incoming.is_empty();
        if !reached.contains(&id.number()) && !handler {
            let zh = format!("没有路通向“{node}”；请连接或删除。");
            let en = format!("No way leads to \"{node}\"; connect it or remove it.");
            findings.push(
                Finding::error("unreachable", &*node.id)
                    .says(zh, en)
                    .on_line(node.line),
            );
        }
        let handler = handler || node.kind == Kind::EventSub || node.undoes;
        let handler = handler || node.kind.trigger() == Some(&Trigger::Compensation);
        let gateway = matches!(
            node.kind,
            Kind::Exclusive | Kind::Parallel | Kind::Inclusive | Kind::EventBased
        );
        if gateway && node.outgoing.is_empty() {
            let zh = format!("网关“{node}”没有出路；请连接到下一步。");
            let en = format!("Gateway \"{node}\" leads nowhere; connect it to the next step.");
            findings.push(
                Finding::error("dead_end", &*node.id)
                    .says(zh, en)
                    .on_line(node.line),
            );
        } else if node.outgoing.is_empty() && !node.kind.ends() && !handler {
            let zh = format!("“{node}”之后没有画出结束；建议连接到结束事件。");
            let en = format!("Nothing follows \"{node}\"; better connect it to an end event.");
            let finding = Finding::warning("open_end", &*node.id).says(zh, en);
            findings.push(finding.on_line(node.line));
        }
        if node.id.is_empty() {
            let zh = format!("第 {} 行的元素没有编号；请填写 id。", node.line);
            let en = format!("The element on line {} has no id; give it one.", node.line);
            findings.push(Finding::error("no_id", "").says(zh, en).on_line(node.line));
        }
    }
    findings
}

/// What the starts lead to, through flows and boundary events.
pub(crate) fn reached(process: &Process) -> BTreeSet<u16> {
    let mut reached = BTreeSet::new();
    let mut open = process.starts.clone();
    open.extend(&process.events);
    while let Some(id) = open.pop() {
        if reached.insert(id.number()) {
            let node = process.at(id);
            open.extend(node.outgoing.iter().map(|flow| process.flow(*flow).target));
            open.extend(node.boundary.iter().chain(&node.begins).chain(&node.events));
            open.extend(node.handler);
            let handles = |sub: &NodeId| process.at(*sub).kind == Kind::EventSub;
            open.extend(node.parent.filter(handles));
        }
    }
    reached
}

/// Errors and escalations that nothing around takes: an error then ends the whole case, an
/// escalation is heard by nobody.
fn uncaught(process: &Process) -> Vec<Finding> {
    let takes = |event: &NodeId, thrown: &Thrown| {
        let (trigger, code) = match (process.at(*event).kind.trigger(), thrown) {
            (Some(Trigger::Error(trigger)), Thrown::Error(code)) => (trigger, code),
            (Some(Trigger::Escalation(trigger)), Thrown::Escalation(code)) => (trigger, code),
            _ => return false,
        };
        trigger.as_ref().is_none_or(|trigger| trigger == code)
    };
    let mut findings = Vec::new();
    for (id, node) in process.each() {
        let Some(thrown @ (Thrown::Error(_) | Thrown::Escalation(_))) = node.kind.thrown() else {
            continue;
        };
        let inside = process.around(id).any(|sub| {
            let sub = process.at(sub);
            let mut events = sub.events.iter().chain(&sub.boundary);
            events.any(|event| takes(event, thrown))
        });
        if !inside && !process.events.iter().any(|event| takes(event, thrown)) {
            let zh = format!("没有事件接住“{node}”抛出的错误或上报；请加边界事件或事件子流程。");
            let en = format!(
                "No event takes what \"{node}\" throws; add a boundary event or an event \
                 sub-process around it."
            );
            let finding = Finding::warning("not_caught", &*node.id).says(zh, en);
            findings.push(finding.on_line(node.line));
        }
    }
    findings
}

fn expressions(process: &Process, conditions: &dyn Conditions) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut look = |condition: &Condition, id: &str, line: u32| {
        if let Condition::Feel(text) = condition {
            findings.extend(unreadable(text, id, line, conditions));
        }
    };
    for flow in &process.flows {
        look(&flow.condition, &flow.id, process.at(flow.source).line);
    }
    for node in &process.nodes {
        if let Some(Trigger::Condition(condition)) = node.kind.trigger() {
            look(condition, &node.id, node.line);
        }
        match &node.repeat {
            Some(Repeat::Each { until, .. }) => {
                until
                    .iter()
                    .for_each(|until| look(until, &node.id, node.line));
            }
            Some(Repeat::While { condition, .. }) => {
                condition
                    .iter()
                    .for_each(|again| look(again, &node.id, node.line));
            }
            None => {}
        }
    }
    for node in &process.nodes {
        if let Some(Repeat::Each {
            count: Count::Expression(text),
            ..
        }) = &node.repeat
            && !is_path(text)
            && !text.is_empty()
        {
            findings.extend(unreadable(text, &node.id, node.line, conditions));
        }
    }
    findings
}

fn unreadable(text: &str, id: &str, line: u32, conditions: &dyn Conditions) -> Option<Finding> {
    let fault = conditions.check(text).err()?;
    let zh = format!("条件“{text}”无法读取；请按 FEEL 语法改正。");
    let en = format!("The condition cannot be read as FEEL: {fault}; correct it.");
    Some(Finding::error("condition", id).says(zh, en).on_line(line))
}
