//! A process as the machine runs it: nodes and flows in dense arrays, addressed by small numbers.
//!
//! Built once by `compile` and never changed: a case keeps the process version it began with.
//! Deliberately absent: the XML (see `parse`), the picture (see `diagram`), any state of a case
//! (see `marking`).

use std::collections::BTreeMap;
use std::fmt;

use crate::condition::Condition;
use crate::finding::Finding;
use crate::kind::{Kind, Repeat};

/// The namespace of our attributes in a BPMN file, by custom under the prefix `qc`.
pub const NAMESPACE: &str = "https://qingchuang.gov.example/bpmn";

/// The place of a node in its process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u16);

/// The place of a sequence flow in its process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlowId(pub(crate) u16);

impl NodeId {
    /// The node with this number; the process answers `None` for a number it does not have.
    pub fn new(number: u16) -> Self {
        Self(number)
    }

    /// The number, as kept in a column.
    pub fn number(self) -> u16 {
        self.0
    }

    pub(crate) fn at(self) -> usize {
        usize::from(self.0)
    }
}

impl FlowId {
    pub(crate) fn at(self) -> usize {
        usize::from(self.0)
    }
}

/// What an officer does at a task, used to keep duties apart 岗位分离.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Duty {
    /// 受理: takes the application in.
    Accept,
    /// 审查: examines it.
    Review,
    /// 法制审核: examines its lawfulness.
    Legal,
    /// 征求意见: gives a department's opinion.
    Consult,
    /// 决定: grants or refuses.
    Decide,
    /// 制证: makes the paper.
    Issue,
    /// 出件: hands it out.
    Deliver,
    /// Anything else; takes no part in the separation.
    Other,
}

impl Duty {
    /// Reads the value of `qc:duty`.
    pub fn read(text: &str) -> Option<Self> {
        Some(match text {
            "accept" => Self::Accept,
            "review" => Self::Review,
            "legal" => Self::Legal,
            "consult" => Self::Consult,
            "decide" => Self::Decide,
            "issue" => Self::Issue,
            "deliver" => Self::Deliver,
            "other" => Self::Other,
            _ => return None,
        })
    }

    /// The value of `qc:duty`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Review => "review",
            Self::Legal => "legal",
            Self::Consult => "consult",
            Self::Decide => "decide",
            Self::Issue => "issue",
            Self::Deliver => "deliver",
            Self::Other => "other",
        }
    }

    /// 受理、审查、决定、出件: the four that must be four people.
    pub fn is_kept_apart(self) -> bool {
        matches!(
            self,
            Self::Accept | Self::Review | Self::Decide | Self::Deliver
        )
    }
}

/// What our attributes say about a user task.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Task {
    /// 候选岗位, `qc:post`; from the lane when the task names none.
    pub post: Option<Box<str>>,
    /// 经办机构, `qc:organ`: `lead`, `co:<name>`, or an expression after `=`.
    pub organ: Option<Box<str>>,
    /// 表单, `qc:form`.
    pub form: Option<Box<str>>,
    /// 职责, `qc:duty`.
    pub duty: Option<Duty>,
    /// 允许的结论, `qc:outcomes`, separated by commas; empty means that any is taken.
    pub outcomes: Vec<Box<str>>,
    /// 环节时限 in working days, `qc:limitDays`.
    pub limit_days: Option<u16>,
}

/// One element that a token can visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The id in the file.
    pub id: Box<str>,
    /// 名称 as drawn; may be empty.
    pub name: Box<str>,
    /// The name of the BPMN element, e.g. `userTask`.
    pub element: Box<str>,
    /// What it does.
    pub kind: Kind,
    /// Our attributes, on anything a person does.
    pub task: Task,
    /// 泳道: the lane it lies in.
    pub lane: Option<Box<str>>,
    /// The activity that a boundary event sits on.
    pub host: Option<NodeId>,
    /// The boundary events that sit on it, in the order of the file.
    pub boundary: Vec<NodeId>,
    /// Flows in, in the order of the file.
    pub incoming: Vec<FlowId>,
    /// Flows out, in the order of the file.
    pub outgoing: Vec<FlowId>,
    /// The flow taken when no condition holds.
    pub default: Option<FlowId>,
    /// The sub-process or called process that it lies in.
    pub parent: Option<NodeId>,
    /// How often an activity is done: 多实例, or again while a condition holds.
    pub repeat: Option<Repeat>,
    /// How many repeated activities lie around it: the length of its path in a marking.
    pub depth: u8,
    /// Of a sub-process: where it begins.
    pub begins: Vec<NodeId>,
    /// Of a sub-process: the start events of the event sub-processes in it.
    pub events: Vec<NodeId>,
    /// Of an activity that can be undone: the compensation handler.
    pub handler: Option<NodeId>,
    /// 补偿: runs only to undo another activity.
    pub undoes: bool,
    /// Of a timer: how often it fires; 0 for ever. One unless it is a cycle.
    pub times: u16,
    /// Reached only through a boundary event that does not interrupt: a reminder beside the road.
    pub side: bool,
    /// The line in the file.
    pub line: u32,
}

/// One sequence flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// The id in the file.
    pub id: Box<str>,
    /// 名称 as drawn; may be empty.
    pub name: Box<str>,
    /// Where it comes from.
    pub source: NodeId,
    /// Where it goes.
    pub target: NodeId,
    /// Its place among the flows into the target.
    pub branch: u8,
    /// When it is taken.
    pub condition: Condition,
    /// 退回次数上限, `qc:returnsMax`: how often a case may take it; for ways back.
    pub returns_max: Option<u16>,
}

/// A process ready to run, or to be told why it is not.
#[derive(Debug, Clone)]
pub struct Process {
    pub(crate) id: Box<str>,
    pub(crate) name: Box<str>,
    pub(crate) declared: bool,
    pub(crate) nodes: Vec<Node>,
    pub(crate) flows: Vec<Flow>,
    pub(crate) starts: Vec<NodeId>,
    /// The start events of the event sub-processes at the top.
    pub(crate) events: Vec<NodeId>,
    /// Whether some node needs more than the plain machine: sub-processes, inclusive joins,
    /// repeated activities, compensation.
    pub(crate) plain: bool,
    /// 承诺时限 in working days, `qc:promisedDays`.
    pub(crate) promised: Option<u16>,
    pub(crate) by_id: BTreeMap<Box<str>, NodeId>,
    pub(crate) findings: Vec<Finding>,
}

impl Process {
    /// The id in the file.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// 名称; may be empty.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the file says `isExecutable="true"`.
    pub fn is_declared_executable(&self) -> bool {
        self.declared
    }

    /// All nodes, in the order of the file.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// All flows, in the order of the file.
    pub fn flows(&self) -> &[Flow] {
        &self.flows
    }

    /// The start events.
    pub fn starts(&self) -> &[NodeId] {
        &self.starts
    }

    /// 承诺时限 in working days, `qc:promisedDays` on the process.
    pub fn promised_days(&self) -> Option<u16> {
        self.promised
    }

    /// What was found wrong while reading.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether reading found nothing that keeps the engine from running it.
    pub fn is_executable(&self) -> bool {
        self.findings.iter().all(|finding| !finding.is_error())
    }

    /// The node, if there is one of this number.
    pub fn node(&self, node: NodeId) -> Option<&Node> {
        self.nodes.get(node.at())
    }

    /// The node with this id in the file.
    pub fn find(&self, id: &str) -> Option<NodeId> {
        self.by_id.get(id).copied()
    }

    /// Every node with its number.
    pub fn each(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        (0u16..).map(NodeId).zip(&self.nodes)
    }

    /// The id of a flow in the file; empty for a flow of another process.
    pub fn flow_id(&self, flow: FlowId) -> &str {
        self.flows.get(flow.at()).map_or("", |flow| &flow.id)
    }

    /// The name of the effect that a service task asks for, e.g. `certificate.issue`.
    pub fn effect(&self, node: NodeId) -> Option<&str> {
        match &self.node(node)?.kind {
            Kind::Service(effect) => Some(effect),
            _ => None,
        }
    }

    /// The innermost sub-process around a node, and so on outwards.
    pub fn around(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let parent = |node: &NodeId| self.node(*node)?.parent;
        std::iter::successors(parent(&node), move |node| parent(node))
    }

    /// Whether a node lies in this sub-process, however deep.
    pub fn lies_in(&self, node: NodeId, sub: NodeId) -> bool {
        self.around(node).any(|around| around == sub)
    }

    pub(crate) fn at(&self, node: NodeId) -> &Node {
        &self.nodes[node.at()]
    }

    pub(crate) fn flow(&self, flow: FlowId) -> &Flow {
        &self.flows[flow.at()]
    }
}

impl Node {
    /// How many numbers name one run of what lies inside it.
    pub(crate) fn inner_depth(&self) -> u8 {
        self.depth + u8::from(self.repeat.is_some())
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.name.is_empty() {
            &self.id
        } else {
            &self.name
        })
    }
}
