//! A process as a workflow net, blind to data: one net for the process and one for each
//! sub-process in it.
//!
//! Vertices fire, arcs hold tokens. Deliberately absent: shrinking (see `reduce`), the search
//! (see `explore`) and the wording (see `soundness`).

use std::collections::BTreeMap;

use crate::kind::{Kind, Thrown, Trigger};
use crate::model::{FlowId, Node, NodeId, Process};

/// One word of a trace: an element passed, or a flow chosen at a gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Word {
    Node(NodeId),
    Flow(FlowId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// One token in, one out, which way is open.
    Choice,
    /// A token from each way in, one on each way out.
    Fork,
    /// 包容汇合: tokens from all ways in by which some can still come.
    Gather,
    /// 包容分支: one on each of some ways out, at least one.
    Spread,
    /// An activity, before it is folded into an arc.
    Work,
    /// An activity with boundary events that do not interrupt; it leaves by one of `outs`.
    Host,
    /// An end event.
    End,
    /// A terminate end event.
    Terminate,
}

#[derive(Debug, Clone)]
pub(crate) struct Vertex {
    pub role: Role,
    pub word: Option<Word>,
    pub waits: bool,
    pub side: bool,
    pub ins: Vec<usize>,
    pub outs: Vec<usize>,
    /// Arcs of boundary events that do not interrupt.
    pub sides: Vec<usize>,
    pub gone: bool,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Arc {
    pub from: usize,
    pub to: usize,
    /// What a token passes on this arc, in order.
    pub words: Vec<Word>,
    /// What it might have passed instead: alive, but not in a trace.
    pub also: Vec<Word>,
    /// Whether a token may rest here.
    pub waits: bool,
    pub side: bool,
    pub gone: bool,
}

impl Arc {
    /// The choice that sends a token here: told when it is made.
    pub(crate) fn chosen(&self) -> Option<Word> {
        self.words
            .first()
            .copied()
            .filter(|word| matches!(word, Word::Flow(_)))
    }

    /// The rest, told when the token has passed.
    pub(crate) fn on_the_way(&self) -> &[Word] {
        &self.words[usize::from(self.chosen().is_some())..]
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Net {
    pub vertices: Vec<Vertex>,
    pub arcs: Vec<Arc>,
    /// The arc that holds the first token.
    pub source: usize,
    /// Whether an end takes everything with it: some rules must then not be used.
    pub terminates: bool,
}

/// The part of a vertex where flows come in, and the part where they leave.
#[derive(Clone, Copy)]
struct Ports {
    entry: usize,
    exit: usize,
}

impl Net {
    /// The net of what lies directly in a process or sub-process, or `None` when it holds
    /// something whose meaning a net has not. What lies deeper is a net of its own: a sound
    /// sub-process is one step to whatever is around it.
    pub(crate) fn of(process: &Process, scope: Option<NodeId>) -> Option<Self> {
        let here = || process.each().filter(move |(_, node)| node.parent == scope);
        if here().any(|(_, node)| &*node.element == "complexGateway") {
            return None;
        }
        let starts = starts(process, scope);
        let mut net = Self {
            vertices: Vec::new(),
            arcs: Vec::new(),
            source: 0,
            terminates: here().any(|(_, node)| takes_all(&node.kind)),
        };
        let ports: BTreeMap<NodeId, Ports> = here()
            .map(|(id, node)| (id, net.add(process, id, node)))
            .collect();
        let source = net.vertex(Role::Choice, None, false, false);
        let origin = net.vertex(Role::Choice, None, false, false);
        net.source = net.arc(origin, source, Vec::new(), false);
        for (id, node) in here() {
            if starts.contains(&id) {
                net.arc(source, ports[&id].entry, Vec::new(), false);
            }
            for event in &node.boundary {
                let beside = process.at(*event);
                if beside.kind.trigger() == Some(&Trigger::Compensation) {
                    continue;
                }
                let host = ports[&id].exit_host(&net);
                let arc = net.arc(host, ports[event].entry, Vec::new(), beside.side);
                if is_side_event(beside) {
                    net.vertices[host].outs.pop();
                    net.vertices[host].sides.push(arc);
                }
            }
        }
        for (flow, id) in process.flows.iter().zip((0u16..).map(FlowId)) {
            let ends = (ports.get(&flow.source), ports.get(&flow.target));
            let (Some(from), Some(to)) = ends else {
                continue;
            };
            let (from, to) = (from.exit, to.entry);
            let chosen = process.at(flow.source).outgoing.len() > 1 && is_choice(net.role(from));
            let words = if chosen {
                vec![Word::Flow(id)]
            } else {
                Vec::new()
            };
            let side = process.at(flow.source).side && process.at(flow.target).side;
            net.arc(from, to, words, side);
        }
        (!net.vertices[source].outs.is_empty()).then_some(net)
    }

    pub(crate) fn role(&self, vertex: usize) -> Role {
        self.vertices[vertex].role
    }

    fn vertex(&mut self, role: Role, word: Option<Word>, waits: bool, side: bool) -> usize {
        let (ins, outs, sides) = (Vec::new(), Vec::new(), Vec::new());
        self.vertices.push(Vertex {
            role,
            word,
            waits,
            side,
            ins,
            outs,
            sides,
            gone: false,
        });
        self.vertices.len() - 1
    }

    fn arc(&mut self, from: usize, to: usize, words: Vec<Word>, side: bool) -> usize {
        let arc = self.arcs.len();
        self.arcs.push(Arc {
            from,
            to,
            words,
            side,
            ..Arc::default()
        });
        self.vertices[from].outs.push(arc);
        self.vertices[to].ins.push(arc);
        arc
    }

    /// Splits a node into parts that do one thing each: gather, work, leave.
    fn add(&mut self, process: &Process, id: NodeId, node: &Node) -> Ports {
        let (word, side) = (Some(Word::Node(id)), node.side);
        if node.kind == Kind::Inclusive {
            return self.add_inclusive(word, side, node.outgoing.is_empty());
        }
        if matches!(node.kind, Kind::Parallel) {
            let both = self.vertex(Role::Fork, word, false, side);
            if node.outgoing.is_empty() {
                let end = self.vertex(Role::End, None, false, side);
                self.arc(both, end, Vec::new(), side);
            }
            return Ports {
                entry: both,
                exit: both,
            };
        }
        if node.outgoing.is_empty() && is_end(node) {
            let role = if takes_all(&node.kind) {
                Role::Terminate
            } else {
                Role::End
            };
            let end = self.vertex(role, word, false, side);
            return Ports {
                entry: end,
                exit: end,
            };
        }
        let entry = self.vertex(Role::Choice, None, false, side);
        let choice = matches!(node.kind, Kind::Exclusive | Kind::EventBased);
        let conditional =
            |flow: &FlowId| process.flow(*flow).condition != crate::condition::Condition::Always;
        let several = node.outgoing.len() > 1;
        let last = if several && (node.outgoing.iter().any(conditional) || node.default.is_some()) {
            Role::Spread
        } else {
            Role::Fork
        };
        let (body, exit) = if choice {
            let exit = self.vertex(Role::Choice, word, false, side);
            (exit, exit)
        } else if node.boundary.is_empty() {
            let body = self.vertex(Role::Work, word, node.kind.waits(), side);
            let exit = self.vertex(last, None, false, side);
            self.arc(body, exit, Vec::new(), side);
            (body, exit)
        } else {
            let body = self.vertex(Role::Host, word, true, side);
            let exit = self.vertex(last, None, false, side);
            self.arc(body, exit, Vec::new(), side);
            (body, exit)
        };
        self.arc(entry, body, Vec::new(), side);
        if node.outgoing.is_empty() {
            let end = self.vertex(Role::End, None, false, side);
            self.arc(exit, end, Vec::new(), side);
        }
        Ports { entry, exit }
    }

    fn add_inclusive(&mut self, word: Option<Word>, side: bool, ends: bool) -> Ports {
        let entry = self.vertex(Role::Gather, word, false, side);
        let exit = self.vertex(Role::Spread, None, false, side);
        self.arc(entry, exit, Vec::new(), side);
        if ends {
            let end = self.vertex(Role::End, None, false, side);
            self.arc(exit, end, Vec::new(), side);
        }
        Ports { entry, exit }
    }
}

impl Ports {
    /// The host stands before its exit, at the end of the arc that `add` drew between them.
    fn exit_host(self, net: &Net) -> usize {
        let arc = net.vertices[self.exit].ins.first().copied();
        arc.map_or(self.exit, |arc| net.arcs[arc].from)
    }
}

fn is_choice(role: Role) -> bool {
    matches!(role, Role::Choice | Role::Spread)
}

/// An end that takes everything around it away: terminate, or an error that leaves the scope.
fn takes_all(kind: &Kind) -> bool {
    matches!(kind, Kind::Terminate | Kind::ThrowEnd(Thrown::Error(_)))
}

fn is_end(node: &Node) -> bool {
    node.kind.ends() || &*node.element == "endEvent"
}

fn is_side_event(node: &Node) -> bool {
    matches!(
        node.kind,
        Kind::Boundary {
            interrupting: false,
            ..
        }
    )
}

/// Where a scope begins: start events; where a process draws none, whatever nothing leads to.
fn starts(process: &Process, scope: Option<NodeId>) -> Vec<NodeId> {
    if let Some(sub) = scope {
        return process.at(sub).begins.clone();
    }
    let here = || process.each().filter(|(_, node)| node.parent.is_none());
    let drawn: Vec<NodeId> = here()
        .filter(|(_, node)| &*node.element == "startEvent")
        .map(|(id, _)| id)
        .collect();
    let loose =
        |node: &Node| node.incoming.is_empty() && node.host.is_none() && !node.outgoing.is_empty();
    if drawn.is_empty() {
        here()
            .filter(|(_, node)| loose(node))
            .map(|(id, _)| id)
            .collect()
    } else {
        drawn
    }
}
