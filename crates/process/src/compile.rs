//! From the XML of a process to the arrays of `model`.
//!
//! Nothing is ignored in silence: an element that the engine cannot execute becomes a node of
//! kind `Foreign` and a finding with its line. Deliberately absent: rules about good processes
//! (see `check`).

use std::collections::BTreeMap;

use roxmltree::Node as Xml;

use crate::condition::Condition;
use crate::delay;
use crate::finding::Finding;
use crate::model::{
    Delay, Duty, Flow, FlowId, Kind, NAMESPACE, Node, NodeId, Process, Task, Trigger,
};
use crate::parse::{BPMN, Lines, is_bpmn};
use crate::side;

/// A join keeps its arrivals in the bits of one number.
const BRANCHES_MAX: usize = 64;

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
];

/// What every process of a file may refer to.
struct Shared<'a> {
    /// Message names by id.
    messages: BTreeMap<&'a str, &'a str>,
    lines: &'a Lines,
}

/// All processes below the root.
pub(crate) fn processes(root: Xml<'_, '_>, lines: &Lines) -> Vec<Process> {
    let messages = root
        .children()
        .filter(|child| is_bpmn(*child, "message"))
        .filter_map(|message| {
            let id = message.attribute("id")?;
            Some((id, message.attribute("name").unwrap_or(id)))
        })
        .collect();
    let shared = Shared { messages, lines };
    let processes = root.children().filter(|child| is_bpmn(*child, "process"));
    processes
        .map(|process| Builder::new(&shared).build(process))
        .collect()
}

struct Builder<'a> {
    shared: &'a Shared<'a>,
    nodes: Vec<Node>,
    flows: Vec<Flow>,
    by_id: BTreeMap<Box<str>, NodeId>,
    findings: Vec<Finding>,
}

impl<'a> Builder<'a> {
    fn new(shared: &'a Shared<'a>) -> Self {
        let (nodes, flows) = (Vec::new(), Vec::new());
        Self {
            shared,
            nodes,
            flows,
            by_id: BTreeMap::new(),
            findings: Vec::new(),
        }
    }

    fn build(mut self, process: Xml<'_, '_>) -> Process {
        let elements = || process.children().filter(Xml::is_element);
        for xml in elements().filter(|xml| xml.tag_name().namespace() == Some(BPMN)) {
            match xml.tag_name().name() {
                "sequenceFlow" => {}
                name if KEPT.contains(&name) => {}
                name => self.add_node(xml, name),
            }
        }
        elements()
            .filter(|xml| is_bpmn(*xml, "boundaryEvent"))
            .for_each(|xml| self.attach(xml));
        elements()
            .filter(|xml| is_bpmn(*xml, "sequenceFlow"))
            .for_each(|xml| self.add_flow(xml));
        elements().for_each(|xml| self.choose_default(xml));
        elements()
            .filter(|xml| is_bpmn(*xml, "laneSet"))
            .for_each(|xml| self.name_lanes(xml));
        self.limit_branches();
        self.refuse_conditional_splits();
        side::mark(&mut self.nodes, &self.flows);
        let starts = self.starts();
        Process {
            id: process.attribute("id").unwrap_or_default().into(),
            name: process.attribute("name").unwrap_or_default().into(),
            declared: process.attribute("isExecutable") == Some("true"),
            nodes: self.nodes,
            flows: self.flows,
            starts,
            by_id: self.by_id,
            findings: self.findings,
        }
    }

    fn starts(&self) -> Vec<NodeId> {
        let is_start = |node: &Node| matches!(node.kind, Kind::Start | Kind::MessageStart(_));
        let nodes = (0u16..).map(NodeId).zip(&self.nodes);
        nodes
            .filter(|(_, node)| is_start(node))
            .map(|(id, _)| id)
            .collect()
    }

    fn add_node(&mut self, xml: Xml<'_, '_>, element: &str) {
        let id = xml.attribute("id").unwrap_or_default();
        let line = self.shared.lines.line(xml);
        let Ok(number) = u16::try_from(self.nodes.len()) else {
            return;
        };
        if number == u16::MAX {
            let zh = "流程的元素过多，请拆分流程。";
            let en = "The process has too many elements; split it.";
            self.findings
                .push(Finding::error("too_many", id).says(zh, en).on_line(line));
            return;
        }
        let kind = self.kind(xml, element, id);
        if let Kind::Foreign(what) = &kind {
            let zh = format!("本系统不能执行“{what}”；请改用可执行的元素。");
            let en = format!("The engine cannot execute <{what}>; use an element that it can.");
            self.findings.push(
                Finding::error("not_executable", id)
                    .says(zh, en)
                    .on_line(line),
            );
        }
        let task = self.task(xml, id, line);
        self.nodes.push(Node {
            id: id.into(),
            name: xml.attribute("name").unwrap_or_default().trim().into(),
            element: element.into(),
            kind,
            task,
            lane: None,
            host: None,
            boundary: Vec::new(),
            incoming: Vec::new(),
            outgoing: Vec::new(),
            default: None,
            side: false,
            line,
        });
        self.by_id.entry(id.into()).or_insert(NodeId(number));
    }

    fn kind(&mut self, xml: Xml<'_, '_>, element: &str, id: &str) -> Kind {
        let repeats = xml.children().find(|child| {
            is_bpmn(*child, "multiInstanceLoopCharacteristics")
                || is_bpmn(*child, "standardLoopCharacteristics")
        });
        if let Some(repeats) = repeats {
            return Kind::Foreign(repeats.tag_name().name().into());
        }
        match element {
            "userTask" | "manualTask" | "task" => Kind::User,
            "serviceTask" | "sendTask" | "businessRuleTask" => self.service(xml, id),
            "receiveTask" => Kind::Catch(Trigger::Message(self.message(xml, xml))),
            "exclusiveGateway" => Kind::Exclusive,
            "parallelGateway" => Kind::Parallel,
            "startEvent"
            | "endEvent"
            | "intermediateCatchEvent"
            | "intermediateThrowEvent"
            | "boundaryEvent" => self.event(xml, element, id),
            other => Kind::Foreign(other.into()),
        }
    }

    fn service(&mut self, xml: Xml<'_, '_>, id: &str) -> Kind {
        if let Some(effect) = xml
            .attribute((NAMESPACE, "effect"))
            .filter(|text| !text.is_empty())
        {
            return Kind::Service(effect.into());
        }
        let zh = "服务任务没有写明要执行的动作；请填写 qc:effect。";
        let en = "The service task names no effect; set qc:effect.";
        let finding = Finding::error("no_effect", id).says(zh, en);
        self.findings
            .push(finding.on_line(self.shared.lines.line(xml)));
        Kind::Service(Box::from(""))
    }

    fn event(&mut self, xml: Xml<'_, '_>, element: &str, id: &str) -> Kind {
        let definitions: Vec<Xml<'_, '_>> = xml
            .children()
            .filter(|child| child.is_element() && child.tag_name().namespace() == Some(BPMN))
            .filter(|child| child.tag_name().name().ends_with("EventDefinition"))
            .collect();
        let referred = xml
            .children()
            .any(|child| is_bpmn(child, "eventDefinitionRef"));
        let definition = match definitions.as_slice() {
            [] if referred => return Kind::Foreign("eventDefinitionRef".into()),
            [] => None,
            [one] => Some(*one),
            _ => return Kind::Foreign("multipleEventDefinition".into()),
        };
        let name = definition.map_or("", |definition| definition.tag_name().name());
        let trigger = match (name, definition) {
            ("timerEventDefinition", Some(timer)) => match self.delay(xml, timer, id) {
                Some(delay) => Some(Trigger::Timer(delay)),
                None => return Kind::Foreign(name.into()),
            },
            ("messageEventDefinition", Some(message)) => {
                Some(Trigger::Message(self.message(xml, message)))
            }
            _ => None,
        };
        let interrupting = xml.attribute("cancelActivity") != Some("false");
        match (element, trigger, name) {
            ("startEvent", None, "") => Kind::Start,
            ("startEvent", Some(Trigger::Message(message)), _) => Kind::MessageStart(message),
            ("endEvent", None, "") => Kind::End,
            ("endEvent", Some(Trigger::Message(message)), _) => Kind::SendEnd(message),
            ("endEvent", None, "terminateEventDefinition") => Kind::Terminate,
            ("intermediateCatchEvent", Some(trigger), _) => Kind::Catch(trigger),
            ("intermediateThrowEvent", None, "") => Kind::Milestone,
            ("intermediateThrowEvent", Some(Trigger::Message(message)), _) => Kind::Send(message),
            ("boundaryEvent", Some(trigger), _) => Kind::Boundary {
                trigger,
                interrupting,
            },
            (element, _, "") => Kind::Foreign(element.into()),
            (element, _, name) => Kind::Foreign(format!("{element}/{name}").into()),
        }
    }

    /// The name that a message is waited for or sent under: `qc:message`, the referred message,
    /// or the id of the element.
    fn message(&self, xml: Xml<'_, '_>, holder: Xml<'_, '_>) -> Box<str> {
        if let Some(name) = xml.attribute((NAMESPACE, "message")) {
            return name.into();
        }
        let reference = holder.attribute("messageRef").unwrap_or_default();
        let local = reference.rsplit(':').next().unwrap_or_default();
        let name = self.shared.messages.get(local).copied();
        name.or_else(|| xml.attribute("id"))
            .unwrap_or_default()
            .into()
    }

    fn delay(&mut self, xml: Xml<'_, '_>, timer: Xml<'_, '_>, id: &str) -> Option<Delay> {
        let days = [xml, timer]
            .iter()
            .find_map(|node| node.attribute((NAMESPACE, "workdays")));
        let duration = timer
            .children()
            .find(|child| is_bpmn(*child, "timeDuration"));
        let written = duration
            .and_then(|node| node.text())
            .unwrap_or_default()
            .trim();
        let delay = match days {
            Some(days) => days.trim().parse().ok().map(Delay::WorkingDays),
            None => delay::duration(written),
        };
        if delay.is_none() {
            let zh = "定时器没有可用的时长；请写 qc:workdays 或 timeDuration（如 P5D）。";
            let en = "The timer has no usable length; set qc:workdays or timeDuration (P5D).";
            let finding = Finding::error("timer", id).says(zh, en);
            self.findings
                .push(finding.on_line(self.shared.lines.line(xml)));
        }
        delay
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

    fn attach(&mut self, xml: Xml<'_, '_>) {
        let id = xml.attribute("id").unwrap_or_default();
        let host = xml
            .attribute("attachedToRef")
            .map(|host| host.rsplit(':').next().unwrap_or(""));
        let Some(&event) = self.by_id.get(id) else {
            return;
        };
        let host = host.and_then(|host| self.by_id.get(host)).copied();
        match host.filter(|host| *host != event && self.nodes[host.at()].kind.waits()) {
            Some(host) => {
                self.nodes[event.at()].host = Some(host);
                self.nodes[host.at()].boundary.push(event);
            }
            None => {
                let zh = "边界事件没有附着在活动上；请重新附着。";
                let en = "The boundary event sits on no activity; attach it again.";
                let finding = Finding::error("boundary", id).says(zh, en);
                self.findings
                    .push(finding.on_line(self.shared.lines.line(xml)));
            }
        }
    }

    fn add_flow(&mut self, xml: Xml<'_, '_>) {
        let id = xml.attribute("id").unwrap_or_default();
        let end = |name: &str| {
            self.by_id
                .get(xml.attribute(name).unwrap_or_default())
                .copied()
        };
        let (Some(source), Some(target)) = (end("sourceRef"), end("targetRef")) else {
            let zh = "连线的起点或终点不存在；请重新连接。";
            let en = "The sequence flow begins or ends nowhere; connect it again.";
            let finding = Finding::error("dangling_flow", id).says(zh, en);
            self.findings
                .push(finding.on_line(self.shared.lines.line(xml)));
            return;
        };
        let Ok(number) = u16::try_from(self.flows.len()) else {
            return;
        };
        let expression = xml
            .children()
            .find(|child| is_bpmn(*child, "conditionExpression"));
        let text = expression.and_then(|node| node.text()).unwrap_or_default();
        let incoming = &mut self.nodes[target.at()].incoming;
        let branch = u8::try_from(incoming.len()).unwrap_or(u8::MAX);
        incoming.push(FlowId(number));
        self.nodes[source.at()].outgoing.push(FlowId(number));
        let name = xml.attribute("name").unwrap_or_default().trim().into();
        let condition = Condition::read(text);
        self.flows.push(Flow {
            id: id.into(),
            name,
            source,
            target,
            branch,
            condition,
        });
    }

    fn choose_default(&mut self, xml: Xml<'_, '_>) {
        let Some(default) = xml.attribute("default") else {
            return;
        };
        let id = xml.attribute("id").unwrap_or_default();
        let Some(&node) = self.by_id.get(id) else {
            return;
        };
        let outgoing = &self.nodes[node.at()].outgoing;
        let flow = outgoing
            .iter()
            .copied()
            .find(|flow| &*self.flows[flow.at()].id == default);
        if flow.is_none() {
            let zh = format!("默认连线“{default}”不从此处出发；请重新指定。");
            let en = format!("The default flow \"{default}\" does not leave here; choose again.");
            let finding = Finding::error("default_flow", id).says(zh, en);
            self.findings
                .push(finding.on_line(self.shared.lines.line(xml)));
        }
        self.nodes[node.at()].default = flow;
    }

    /// The innermost lane names the role; its `qc:post` is the post of tasks that name none.
    fn name_lanes(&mut self, lanes: Xml<'_, '_>) {
        for lane in lanes.descendants().filter(|node| is_bpmn(*node, "lane")) {
            let name = lane.attribute("name").unwrap_or_default();
            let post = lane.attribute((NAMESPACE, "post"));
            for reference in lane
                .children()
                .filter(|child| is_bpmn(*child, "flowNodeRef"))
            {
                let id = reference.text().unwrap_or_default().trim();
                let Some(node) = self.by_id.get(id).map(|node| node.at()) else {
                    continue;
                };
                let node = &mut self.nodes[node];
                node.lane = Some(name.into());
                if node.task.post.is_none() {
                    node.task.post = post.map(Box::from);
                }
            }
        }
    }

    fn limit_branches(&mut self) {
        for node in &self.nodes {
            let joins = matches!(node.kind, Kind::Parallel) && node.incoming.len() > BRANCHES_MAX;
            if joins || node.boundary.len() > BRANCHES_MAX {
                let zh = format!("此处的分支超过 {BRANCHES_MAX} 条；请分层。");
                let en = format!("More than {BRANCHES_MAX} branches meet here; use two levels.");
                let finding = Finding::error("too_many_branches", &*node.id).says(zh, en);
                self.findings.push(finding.on_line(node.line));
            }
        }
    }

    /// A condition on a flow that leaves no exclusive gateway would be an inclusive choice.
    fn refuse_conditional_splits(&mut self) {
        for flow in &self.flows {
            let source = &self.nodes[flow.source.at()];
            let routed = matches!(source.kind, Kind::Exclusive | Kind::Foreign(_));
            if flow.condition != Condition::Always && !routed {
                let zh = "条件只能写在排他网关的出线上；请加一个排他网关。";
                let en =
                    "A condition may only stand on a flow out of an exclusive gateway; add one.";
                let finding = Finding::error("conditional_flow", &*flow.id).says(zh, en);
                self.findings.push(finding.on_line(source.line));
            }
        }
    }
}
