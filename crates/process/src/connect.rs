//! What connects the nodes of a process: flows, links, boundary events, handlers, lanes.
//!
//! Runs after `compile` has read the nodes of one scope.

use std::collections::BTreeMap;

use roxmltree::Node as Xml;

use crate::compile::{Builder, NUMBER_MAX};
use crate::condition::Condition;
use crate::finding::Finding;
use crate::kind::{Kind, Trigger};
use crate::model::{Flow, FlowId, NAMESPACE, NodeId};
use crate::parse::is_bpmn;

impl Builder<'_, '_> {
    pub(crate) fn attach(&mut self, xml: Xml<'_, '_>) {
        let id = xml.attribute("id").unwrap_or_default();
        let host = xml
            .attribute("attachedToRef")
            .map(|host| host.rsplit(':').next().unwrap_or(""));
        let Some(event) = self.find(id) else {
            return;
        };
        let host = host.and_then(|host| self.find(host));
        let (parent, event_kind) = (self.nodes[event.at()].parent, &self.nodes[event.at()].kind);
        let fits = |host: &NodeId| {
            let node = &self.nodes[host.at()];
            let waits = node.kind.is_activity() || matches!(node.kind, Kind::Catch(_));
            waits
                && node.parent == parent
                && matches!(event_kind, Kind::Boundary { .. } | Kind::Foreign(_))
        };
        match host.filter(fits) {
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

    pub(crate) fn add_flow(&mut self, xml: Xml<'_, '_>) {
        let id = xml.attribute("id").unwrap_or_default();
        let end = |name: &str| self.find(xml.attribute(name).unwrap_or_default());
        let ends = (end("sourceRef"), end("targetRef"));
        let in_one_place = |source: NodeId, target: NodeId| {
            self.nodes[source.at()].parent == self.nodes[target.at()].parent
        };
        let (Some(source), Some(target)) = ends else {
            let zh = "连线的起点或终点不存在；请重新连接。";
            let en = "The sequence flow begins or ends nowhere; connect it again.";
            let finding = Finding::error("dangling_flow", id).says(zh, en);
            self.findings
                .push(finding.on_line(self.shared.lines.line(xml)));
            return;
        };
        if !in_one_place(source, target) {
            let zh = "连线穿过了子流程的边界；请用边界事件或结束事件离开子流程。";
            let en =
                "The flow crosses the border of a sub-process; leave it by an event or an end.";
            self.says(xml, Finding::error("crossing_flow", id).says(zh, en));
            return;
        }
        let expression = xml
            .children()
            .find(|child| is_bpmn(*child, "conditionExpression"));
        let text = expression.and_then(|node| node.text()).unwrap_or_default();
        let name = xml.attribute("name").unwrap_or_default().trim();
        let condition = Condition::read(text);
        let returns = xml.attribute((NAMESPACE, "returnsMax"));
        let returns_max = returns.and_then(|times| times.trim().parse().ok());
        if returns.is_some() && returns_max.is_none() {
            let zh = "qc:returnsMax 不是数字；请填写退回次数上限。";
            let en = "qc:returnsMax is no number; say how often a case may be sent back.";
            self.says(xml, Finding::error("attribute", id).says(zh, en));
        }
        let id = self.key(id);
        if let Some(flow) = self.connect(&id, source, target) {
            flow.name = name.into();
            flow.condition = condition;
            flow.returns_max = returns_max;
        }
    }

    /// A flow between two nodes; `None` when the process is full.
    fn connect(&mut self, id: &str, source: NodeId, target: NodeId) -> Option<&mut Flow> {
        let number = u16::try_from(self.flows.len()).unwrap_or(u16::MAX);
        if number >= NUMBER_MAX {
            self.refuse_more(id);
            return None;
        }
        let incoming = &mut self.nodes[target.at()].incoming;
        let branch = u8::try_from(incoming.len()).unwrap_or(u8::MAX);
        incoming.push(FlowId(number));
        self.nodes[source.at()].outgoing.push(FlowId(number));
        self.flows.push(Flow {
            id: id.into(),
            name: Box::from(""),
            source,
            target,
            branch,
            condition: Condition::Always,
            returns_max: None,
        });
        self.flows.last_mut()
    }

    /// 链接事件: a throw jumps to the catch of the same name in the same place.
    pub(crate) fn join_links(&mut self, holder: Xml<'_, '_>) {
        let links = |element: &'static str| {
            holder
                .children()
                .filter(move |xml| is_bpmn(*xml, element))
                .filter_map(|xml| {
                    let link = xml
                        .children()
                        .find(|child| is_bpmn(*child, "linkEventDefinition"))?;
                    Some((xml, link.attribute("name").unwrap_or_default().to_owned()))
                })
        };
        let mut to: BTreeMap<String, NodeId> = BTreeMap::new();
        for (xml, name) in links("intermediateCatchEvent") {
            if let Some(node) = self.find(xml.attribute("id").unwrap_or_default()) {
                to.insert(name, node);
            }
        }
        for (xml, name) in links("intermediateThrowEvent") {
            let id = xml.attribute("id").unwrap_or_default();
            match (self.find(id), to.get(&name)) {
                (Some(from), Some(to)) => {
                    let flow = format!("{}~{}", self.nodes[from.at()].id, self.nodes[to.at()].id);
                    self.connect(&flow, from, *to);
                }
                _ => {
                    let zh = format!("链接事件“{name}”没有对应的落点；请补上同名的链接捕获事件。");
                    let en =
                        format!("The link \"{name}\" leads nowhere; add a catch of that name.");
                    self.says(xml, Finding::error("link", id).says(zh, en));
                }
            }
        }
    }

    /// An association from a compensation boundary event to the activity that undoes its host.
    pub(crate) fn associate(&mut self, xml: Xml<'_, '_>) {
        let end = |name: &str| self.find(xml.attribute(name).unwrap_or_default());
        let (Some(from), Some(to)) = (end("sourceRef"), end("targetRef")) else {
            return;
        };
        let pairs = [(from, to), (to, from)];
        for (event, handler) in pairs {
            let undone = matches!(
                self.nodes[event.at()].kind,
                Kind::Boundary {
                    trigger: Trigger::Compensation,
                    ..
                }
            );
            if let Some(host) = self.nodes[event.at()].host.filter(|_| undone) {
                self.nodes[host.at()].handler = Some(handler);
                self.nodes[handler.at()].undoes = true;
            }
        }
    }

    pub(crate) fn choose_default(&mut self, xml: Xml<'_, '_>) {
        let Some(default) = xml.attribute("default") else {
            return;
        };
        let id = xml.attribute("id").unwrap_or_default();
        let (Some(node), default) = (self.find(id), self.key(default)) else {
            return;
        };
        let outgoing = &self.nodes[node.at()].outgoing;
        let flow = outgoing
            .iter()
            .copied()
            .find(|flow| *self.flows[flow.at()].id == *default);
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
    pub(crate) fn name_lanes(&mut self, lanes: Xml<'_, '_>) {
        for lane in lanes.descendants().filter(|node| is_bpmn(*node, "lane")) {
            let name = lane.attribute("name").unwrap_or_default();
            let post = lane.attribute((NAMESPACE, "post"));
            for reference in lane
                .children()
                .filter(|child| is_bpmn(*child, "flowNodeRef"))
            {
                let id = reference.text().unwrap_or_default().trim();
                let Some(node) = self.find(id).map(NodeId::at) else {
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
}
