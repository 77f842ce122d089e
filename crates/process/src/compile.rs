//! From the XML of a process to the arrays of `model`.
//!
//! Nothing is ignored in silence: an element that the engine cannot execute becomes a node of
//! kind `Foreign` and a finding with its line. Deliberately absent: rules about good processes
//! (see `check`), and what connects the nodes (see `connect`).

use std::collections::BTreeMap;

use roxmltree::Node as Xml;

use crate::finding::Finding;
use crate::kind::Kind;
use crate::marking::DEPTH_MAX;
use crate::model::{Duty, Flow, NAMESPACE, Node, NodeId, Process, Task};
use crate::names::Shared;
use crate::parse::{BPMN, Lines, is_bpmn};
use crate::side;

/// A join keeps its arrivals in the bits of one number.
const BRANCHES_MAX: usize = 64;
/// Processes that call processes that call processes …
const CALLS_MAX: usize = 16;
/// Nodes and flows are numbered in 16 bits.
pub(crate) const NUMBER_MAX: u16 = u16::MAX - 1;

/// Elements of a process that hold no token: read, counted and kept, without effect on a run.
const KEPT: &[&str] = &[
    "documentation",
    "extensionElements",
    "laneSet",
    "dataObject",
    "dataObjectReference",
    "dataStoreReference",
    "dataStore",
    "textAnnotation",
    "association",
    "group",
    "property",
    "ioSpecification",
    "ioBinding",
    "auditing",
    "monitoring",
    "category",
    "resourceRole",
    "performer",
    "humanPerformer",
    "potentialOwner",
    "supports",
    "correlationSubscription",
    "supportedInterfaceRef",
    "dataInputAssociation",
    "dataOutputAssociation",
    "artifact",
    "incoming",
    "outgoing",
    "multiInstanceLoopCharacteristics",
    "standardLoopCharacteristics",
];

/// All processes below the root.
pub(crate) fn processes(root: Xml<'_, '_>, lines: &Lines) -> Vec<Process> {
    let shared = Shared::read(root, lines);
    let processes = root.children().filter(|child| is_bpmn(*child, "process"));
    processes
        .map(|process| Builder::new(&shared).build(process))
        .collect()
}

pub(crate) struct Builder<'a, 'x> {
    pub(crate) shared: &'a Shared<'a, 'x>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) flows: Vec<Flow>,
    pub(crate) by_id: BTreeMap<Box<str>, NodeId>,
    pub(crate) findings: Vec<Finding>,
    /// Stands before the ids of a called process: the ids of the calls.
    prefix: String,
    /// The processes that are being called.
    calls: Vec<&'a str>,
    full: bool,
}

impl<'a, 'x> Builder<'a, 'x> {
    fn new(shared: &'a Shared<'a, 'x>) -> Self {
        Self {
            shared,
            nodes: Vec::new(),
            flows: Vec::new(),
            by_id: BTreeMap::new(),
            findings: Vec::new(),
            prefix: String::new(),
            calls: Vec::new(),
            full: false,
        }
    }

    fn build(mut self, process: Xml<'a, 'x>) -> Process {
        self.calls.extend(process.attribute("id"));
        self.scope(process, None);
        self.limit_branches();
        side::mark(&mut self.nodes, &self.flows);
        let nodes = || (0u16..).map(NodeId).zip(&self.nodes);
        let outside = |(id, node): (NodeId, &Node)| node.parent.is_none().then_some(id);
        let starts = nodes()
            .filter(|(_, node)| matches!(node.kind, Kind::Start | Kind::StartOn { .. }))
            .filter_map(outside)
            .collect();
        let events = self.events_of(None);
        let plain = events.is_empty() && self.nodes.iter().all(is_plain);
        let promised = process.attribute((NAMESPACE, "promisedDays"));
        let promised = promised.and_then(|days| days.trim().parse().ok());
        Process {
            id: process.attribute("id").unwrap_or_default().into(),
            name: process.attribute("name").unwrap_or_default().into(),
            declared: process.attribute("isExecutable") == Some("true"),
            nodes: self.nodes,
            flows: self.flows,
            starts,
            events,
            plain,
            promised,
            by_id: self.by_id,
            findings: self.findings,
        }
    }

    /// Everything directly inside a process or sub-process; then what lies in its sub-processes.
    fn scope(&mut self, holder: Xml<'a, 'x>, parent: Option<NodeId>) {
        let elements = || holder.children().filter(Xml::is_element);
        for xml in elements().filter(|xml| xml.tag_name().namespace() != Some(BPMN)) {
            let (name, id) = (
                xml.tag_name().name(),
                xml.attribute("id").unwrap_or_default(),
            );
            let zh = format!("“{name}”不是 BPMN 元素：保留但不执行；请移入 extensionElements。");
            let en = format!(
                "<{name}> is no BPMN element: kept, but not executed; move it into \
                 extensionElements."
            );
            self.says(xml, Finding::warning("foreign_element", id).says(zh, en));
        }
        for xml in elements().filter(|xml| xml.tag_name().namespace() == Some(BPMN)) {
            match xml.tag_name().name() {
                "sequenceFlow" => {}
                name if KEPT.contains(&name) => {}
                name => self.add_node(xml, name, parent),
            }
        }
        let named = |name: &'static str| elements().filter(move |xml| is_bpmn(*xml, name));
        named("boundaryEvent").for_each(|xml| self.attach(xml));
        named("sequenceFlow").for_each(|xml| self.add_flow(xml));
        self.join_links(holder);
        elements().for_each(|xml| self.choose_default(xml));
        named("association").for_each(|xml| self.associate(xml));
        named("laneSet").for_each(|xml| self.name_lanes(xml));
        if let Some(sub) = parent {
            self.nodes[sub.at()].begins = self.begins_of(sub);
            self.nodes[sub.at()].events = self.events_of(parent);
        }
    }

    /// Where a sub-process begins: at its start event, or at everything that nothing leads to.
    fn begins_of(&self, sub: NodeId) -> Vec<NodeId> {
        let inside = || {
            let nodes = (0u16..).map(NodeId).zip(&self.nodes);
            nodes.filter(move |(_, node)| node.parent == Some(sub))
        };
        let starts: Vec<NodeId> = inside()
            .filter(|(_, node)| matches!(node.kind, Kind::Start | Kind::StartOn { .. }))
            .map(|(id, _)| id)
            .collect();
        if !starts.is_empty() {
            return starts;
        }
        let loose = |node: &Node| {
            node.incoming.is_empty()
                && node.host.is_none()
                && !node.undoes
                && !matches!(node.kind, Kind::EventSub | Kind::Boundary { .. })
        };
        inside()
            .filter(|(_, node)| loose(node))
            .map(|(id, _)| id)
            .collect()
    }

    /// The start events of the event sub-processes directly inside.
    fn events_of(&self, scope: Option<NodeId>) -> Vec<NodeId> {
        let here = |node: &Node| node.kind == Kind::EventSub && node.parent == scope;
        let subs = self.nodes.iter().filter(|node| here(node));
        subs.flat_map(|sub| sub.begins.iter().copied())
            .filter(|start| matches!(self.nodes[start.at()].kind, Kind::StartOn { .. }))
            .collect()
    }

    pub(crate) fn key(&self, id: &str) -> String {
        format!("{}{id}", self.prefix)
    }

    pub(crate) fn find(&self, id: &str) -> Option<NodeId> {
        self.by_id.get(self.key(id).as_str()).copied()
    }

    pub(crate) fn says(&mut self, xml: Xml<'_, '_>, finding: Finding) {
        self.findings
            .push(finding.on_line(self.shared.lines.line(xml)));
    }

    fn add_node(&mut self, xml: Xml<'a, 'x>, element: &str, parent: Option<NodeId>) {
        let id = xml.attribute("id").unwrap_or_default();
        let line = self.shared.lines.line(xml);
        let number = u16::try_from(self.nodes.len()).unwrap_or(u16::MAX);
        if number >= NUMBER_MAX {
            self.refuse_more(id);
            return;
        }
        let mut node = self.blank(xml, element, parent, line);
        node.repeat = self.repeat(xml, id);
        let called = self.called(xml, element);
        (node.kind, node.times) = match called {
            Some(_) => (Kind::Sub, 1),
            None => self.kind(xml, element, id),
        };
        if node.inner_depth() > DEPTH_MAX {
            let zh = format!("多实例嵌套超过 {DEPTH_MAX} 层；请拆分。");
            let en = format!("Repeated activities are nested deeper than {DEPTH_MAX}; split them.");
            self.says(xml, Finding::error("too_deep", id).says(zh, en));
            node.repeat = None;
        }
        if let Kind::Foreign(what) = &node.kind {
            let zh = format!("本系统不能执行“{what}”；请改用可执行的元素。");
            let en = format!("The engine cannot execute <{what}>; use an element that it can.");
            self.says(xml, Finding::error("not_executable", id).says(zh, en));
        }
        let inside = matches!(node.kind, Kind::Sub | Kind::EventSub);
        self.by_id.entry(node.id.clone()).or_insert(NodeId(number));
        self.nodes.push(node);
        match called {
            Some(process) => self.call(process, id, NodeId(number)),
            None if inside => self.scope(xml, Some(NodeId(number))),
            None => {}
        }
    }

    /// Says once that there is no room for another node or flow.
    pub(crate) fn refuse_more(&mut self, id: &str) {
        if !std::mem::replace(&mut self.full, true) {
            let zh = "流程的元素过多，请拆分流程。";
            let en = "The process has too many elements; split it.";
            self.findings
                .push(Finding::error("too_many", id).says(zh, en));
        }
    }

    fn blank(
        &mut self,
        xml: Xml<'_, '_>,
        element: &str,
        parent: Option<NodeId>,
        line: u32,
    ) -> Node {
        let id = xml.attribute("id").unwrap_or_default();
        let around = parent.map(|parent| &self.nodes[parent.at()]);
        let depth = around.map_or(0, Node::inner_depth);
        Node {
            id: self.key(id).into(),
            name: xml.attribute("name").unwrap_or_default().trim().into(),
            element: element.into(),
            kind: Kind::Milestone,
            task: self.task(xml, id, line),
            lane: None,
            host: None,
            boundary: Vec::new(),
            incoming: Vec::new(),
            outgoing: Vec::new(),
            default: None,
            parent,
            repeat: None,
            depth: depth.min(DEPTH_MAX),
            begins: Vec::new(),
            events: Vec::new(),
            handler: None,
            undoes: xml.attribute("isForCompensation") == Some("true"),
            times: 1,
            side: false,
            line,
        }
    }

    /// The process of this file that a call activity names.
    fn called(&mut self, xml: Xml<'_, '_>, element: &str) -> Option<Xml<'a, 'x>> {
        if element != "callActivity" {
            return None;
        }
        let name = xml.attribute("calledElement").unwrap_or_default();
        let name = name.rsplit(':').next().unwrap_or_default();
        let (name, process) = self.shared.processes.get_key_value(name)?;
        let filled = process
            .children()
            .any(|child| child.is_element() && !KEPT.contains(&child.tag_name().name()));
        if self.calls.contains(name) || self.calls.len() > CALLS_MAX {
            let id = xml.attribute("id").unwrap_or_default();
            let zh = format!("流程“{name}”最终调用了它自己；请断开循环调用。");
            let en = format!("The process \"{name}\" ends up calling itself; break the ring.");
            self.says(xml, Finding::error("recursive_call", id).says(zh, en));
            return None;
        }
        filled.then_some(*process)
    }

    /// A call of a process in the same file runs as if that process stood here.
    fn call(&mut self, process: Xml<'a, 'x>, id: &str, sub: NodeId) {
        let before = self.prefix.clone();
        self.prefix = format!("{before}{id}/");
        self.calls.extend(process.attribute("id"));
        self.scope(process, Some(sub));
        self.calls.pop();
        self.prefix = before;
    }

    fn task(&mut self, xml: Xml<'_, '_>, id: &str, line: u32) -> Task {
        let own = |name: &str| {
            xml.attribute((NAMESPACE, name))
                .map(str::trim)
                .filter(|text| !text.is_empty())
        };
        let split = |text: &str| text.split(',').map(|part| Box::from(part.trim())).collect();
        let task = Task {
            post: own("post").map(Box::from),
            organ: own("organ").map(Box::from),
            form: own("form").map(Box::from),
            duty: own("duty").and_then(Duty::read),
            outcomes: own("outcomes").map(split).unwrap_or_default(),
            limit_days: own("limitDays").and_then(|days| days.parse().ok()),
        };
        for (name, bad) in [
            ("duty", own("duty").is_some() && task.duty.is_none()),
            (
                "limitDays",
                own("limitDays").is_some() && task.limit_days.is_none(),
            ),
        ] {
            if bad {
                let value = own(name).unwrap_or_default();
                let zh = format!("qc:{name} 的值“{value}”无法识别，请改正。");
                let en = format!("The value \"{value}\" of qc:{name} is not known; correct it.");
                self.findings
                    .push(Finding::error("attribute", id).says(zh, en).on_line(line));
            }
        }
        task
    }

    fn limit_branches(&mut self) {
        for node in &self.nodes {
            let joins = matches!(node.kind, Kind::Parallel | Kind::Inclusive)
                && node.incoming.len() > BRANCHES_MAX;
            if joins || node.boundary.len() > BRANCHES_MAX {
                let zh = format!("此处的分支超过 {BRANCHES_MAX} 条；请分层。");
                let en = format!("More than {BRANCHES_MAX} branches meet here; use two levels.");
                let finding = Finding::error("too_many_branches", &*node.id).says(zh, en);
                self.findings.push(finding.on_line(node.line));
            }
        }
    }
}

/// Whether the plain machine is enough for a node.
fn is_plain(node: &Node) -> bool {
    let special = matches!(node.kind, Kind::Sub | Kind::EventSub | Kind::Inclusive);
    !special && node.repeat.is_none() && node.handler.is_none()
}
