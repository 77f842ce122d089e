//! What a hall can serve: a process may be right and still ask for what the hall has no room
//! for yet. Such a process is refused at publication, never run half.
//!
//! Deliberately absent: which hall serves what (it says so itself).

use std::collections::BTreeSet;

use crate::finding::Finding;
use crate::kind::{Delay, Kind, Repeat, Thrown, Trigger};
use crate::model::{Node, Process};

/// What a hall serves beyond tasks of people and gateways.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Served {
    /// Names of effects that it carries out, e.g. `certificate.issue`.
    pub effects: BTreeSet<String>,
    /// It sets and fires timers.
    pub timers: bool,
    /// It sends messages, and hands on those that come.
    pub messages: bool,
    /// It hands signals to all cases.
    pub signals: bool,
    /// It starts called processes and says when they end.
    pub calls: bool,
    /// It keeps several tasks of one node apart by their instance.
    pub instances: bool,
    /// It runs what lies in sub-processes, and their timers.
    pub sub_processes: bool,
    /// It tells the machine when data change.
    pub conditions: bool,
    /// It reports failures of services and asks superiors.
    pub failures: bool,
    /// It answers conditions that are more than plain comparisons, over the data of the case.
    pub data: bool,
}

impl Served {
    /// What the `case` room of this release serves.
    pub fn by_the_hall() -> Self {
        let effects = ["certificate.issue", "refusal.issue", "reminder.send"];
        Self {
            effects: effects.map(str::to_owned).into(),
            timers: true,
            ..Self::default()
        }
    }

    /// Everything the machine can ask for: a hall of the future, and tests.
    pub fn everything(process: &Process) -> Self {
        let effects = process.nodes().iter().filter_map(|node| match &node.kind {
            Kind::Service(effect) => Some(effect.to_string()),
            _ => None,
        });
        Self {
            effects: effects.collect(),
            timers: true,
            messages: true,
            signals: true,
            calls: true,
            instances: true,
            sub_processes: true,
            conditions: true,
            failures: true,
            data: true,
        }
    }
}

/// What a process asks for that the hall does not serve yet, one finding for each element.
pub fn served(process: &Process, served: &Served) -> Vec<Finding> {
    let mut findings = Vec::new();
    for node in process.nodes() {
        for (zh, en) in lacks(node, served) {
            let told = format!("“{node}”需要{zh}，政务大厅目前尚未提供；请改用其他画法。");
            let said =
                format!("\"{node}\" needs {en}: not yet served by the hall; draw it otherwise.");
            let finding = Finding::error("not_served", &*node.id).says(told, said);
            findings.push(finding.on_line(node.line));
        }
    }
    for flow in process.flows() {
        let source = process.node(flow.source);
        let asks_data = match &flow.condition {
            crate::condition::Condition::Always => false,
            crate::condition::Condition::Plain { path, .. } => &**path != "outcome",
            crate::condition::Condition::Feel(_) => true,
        };
        if asks_data && !served.data {
            let zh = "条件引用了办件数据，政务大厅目前只提供环节结论；请改用结论。";
            let en = "The condition looks at data: not yet served by the hall, which gives the \
                      outcome of the task only; ask for the outcome.";
            let line = source.map_or(0, |node| node.line);
            findings.push(
                Finding::error("not_served", &*flow.id)
                    .says(zh, en)
                    .on_line(line),
            );
        }
    }
    findings
}

fn lacks(node: &Node, served: &Served) -> Vec<(String, String)> {
    let mut lacks = Vec::new();
    let mut need = |given: bool, zh: &str, en: &str| {
        if !given {
            lacks.push((zh.to_owned(), en.to_owned()));
        }
    };
    match &node.kind {
        Kind::Service(effect) if !served.effects.contains(&**effect) => {
            need(
                false,
                &format!("动作“{effect}”"),
                &format!("the effect \"{effect}\""),
            );
        }
        Kind::Call(_) => need(served.calls, "调用其他流程", "a call of another process"),
        Kind::Sub | Kind::EventSub => need(served.sub_processes, "子流程", "a sub-process"),
        Kind::EventBased => need(
            served.timers && served.messages,
            "等待事件",
            "to wait for events",
        ),
        _ => {}
    }
    if let Some(Repeat::Each { .. } | Repeat::While { .. }) = &node.repeat {
        need(
            served.instances,
            "多实例环节",
            "several instances of one task",
        );
    }
    match node.kind.trigger() {
        Some(Trigger::Timer(delay)) => {
            let whole = matches!(delay, Delay::WorkingDays(_) | Delay::Calendar { .. });
            let once = node.times == 1 || served.sub_processes;
            need(served.timers && whole && once, "定时器", "this timer");
        }
        Some(Trigger::Message(_)) => need(served.messages, "接收消息", "to receive messages"),
        Some(Trigger::Signal(_)) => need(served.signals, "信号", "signals"),
        Some(Trigger::Condition(_)) => need(served.conditions, "条件事件", "conditional events"),
        Some(Trigger::Error(_) | Trigger::Escalation(_)) => {
            need(served.failures, "出错或上报", "errors or escalations");
        }
        Some(Trigger::Compensation) | None => {}
    }
    match node.kind.thrown() {
        Some(Thrown::Message(_)) => need(served.messages, "发送消息", "to send messages"),
        Some(Thrown::Signal(_)) => need(served.signals, "信号", "signals"),
        _ => {}
    }
    lacks
}
