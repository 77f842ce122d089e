//! A process as a workflow net, blind to data, shrunk by rules that keep soundness.
//!
//! Vertices fire, arcs hold tokens. An activity without boundary events is only a label on an
//! arc, so a structured process shrinks to one arc and needs no search at all. The rules are the
//! known ones of workflow graphs: sequence, parallel block, choice block, loop. Deliberately
//! absent: the search (see `explore`) and the wording (see `soundness`).

use std::collections::BTreeMap;

use crate::model::{FlowId, Kind, Node, NodeId, Process};

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
}

/// The part of a vertex where flows come in, and the part where they leave.
#[derive(Clone, Copy)]
struct Ports {
    entry: usize,
    exit: usize,
}

impl Net {
    /// The net of a process, or `None` when it holds something whose meaning a net has not.
    pub(crate) fn of(process: &Process) -> Option<Self> {
        let beyond = |node: &Node| matches!(&*node.element, "inclusiveGateway" | "complexGateway");
        if process.nodes.iter().any(beyond) {
            return None;
        }
        let mut net = Self {
            vertices: Vec::new(),
            arcs: Vec::new(),
            source: 0,
        };
        let ports: Vec<Ports> = process
            .each()
            .map(|(id, node)| net.add(process, id, node))
            .collect();
        let source = net.vertex(Role::Choice, None, false, false);
        let origin = net.vertex(Role::Choice, None, false, false);
        net.source = net.arc(origin, source, Vec::new(), false);
        for (id, node) in process.each() {
            if is_start(process, node) {
                net.arc(source, ports[id.at()].entry, Vec::new(), false);
            }
            for event in &node.boundary {
                let beside = process.at(*event);
                let host = ports[id.at()].exit_host(&net);
                let arc = net.arc(host, ports[event.at()].entry, Vec::new(), beside.side);
                if is_side_event(beside) {
                    net.vertices[host].outs.pop();
                    net.vertices[host].sides.push(arc);
                }
            }
        }
        for (flow, id) in process.flows.iter().zip((0u16..).map(FlowId)) {
            let (from, to) = (ports[flow.source.at()].exit, ports[flow.target.at()].entry);
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

    fn role(&self, vertex: usize) -> Role {
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
            let role = if node.kind == Kind::Terminate {
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
        let choice = matches!(node.kind, Kind::Exclusive) || &*node.element == "eventBasedGateway";
        let conditional =
            |flow: &FlowId| process.flow(*flow).condition != crate::condition::Condition::Always;
        let last = if choice || node.outgoing.iter().any(conditional) {
            Role::Choice
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

    /// Applies the rules until none fits.
    pub(crate) fn reduce(&mut self) {
        let mut open: Vec<usize> = (0..self.vertices.len()).rev().collect();
        while let Some(vertex) = open.pop() {
            if self.vertices[vertex].gone {
                continue;
            }
            let near = self.around(vertex);
            let changed = self.settle_host(vertex)
                || self.merge(vertex)
                || self.drop_loops(vertex)
                || self.fold(vertex);
            if changed {
                open.push(vertex);
                open.extend(near);
            }
        }
    }

    fn around(&self, vertex: usize) -> Vec<usize> {
        let here = &self.vertices[vertex];
        let before = here.ins.iter().map(|arc| self.arcs[*arc].from);
        before
            .chain(here.outs.iter().map(|arc| self.arcs[*arc].to))
            .collect()
    }

    /// A boundary event that interrupts is one more way out of its host. One that only starts a
    /// sound side road may be left out; a host without such events is an arc with a choice after.
    fn settle_host(&mut self, vertex: usize) -> bool {
        if self.vertices[vertex].role != Role::Host {
            return false;
        }
        let sides = std::mem::take(&mut self.vertices[vertex].sides);
        let (ending, others): (Vec<usize>, Vec<usize>) = sides.into_iter().partition(|arc| {
            let target = &self.vertices[self.arcs[*arc].to];
            target.role == Role::End && target.side
        });
        self.vertices[vertex].sides = others;
        let mut also = Vec::new();
        for arc in ending {
            let end = self.arcs[arc].to;
            also.extend(self.vertices[end].word);
            also.append(&mut self.arcs[arc].words);
            also.append(&mut self.arcs[arc].also);
            self.arcs[arc].gone = true;
            self.vertices[end].ins.retain(|other| *other != arc);
        }
        let (&[entry], true) = (
            self.vertices[vertex].ins.as_slice(),
            self.vertices[vertex].sides.is_empty(),
        ) else {
            if let Some(&first) = self.vertices[vertex].ins.first() {
                self.arcs[first].also.append(&mut also);
            }
            return false;
        };
        let word = self.vertices[vertex].word.take();
        self.vertices[vertex].role = Role::Choice;
        let arc = &mut self.arcs[entry];
        arc.waits = true;
        arc.words.extend(word);
        arc.also.append(&mut also);
        true
    }

    /// Two ways from one choice to the same place are one; two branches of one block are one.
    fn merge(&mut self, vertex: usize) -> bool {
        let role = self.role(vertex);
        if !matches!(role, Role::Choice | Role::Fork) {
            return false;
        }
        let mut first: BTreeMap<usize, usize> = BTreeMap::new();
        let mut changed = false;
        for arc in self.vertices[vertex].outs.clone() {
            let to = self.arcs[arc].to;
            let fits = (role == Role::Fork) == (self.role(to) == Role::Fork);
            if to == vertex || !fits {
                continue;
            }
            match first.get(&to) {
                None => {
                    first.insert(to, arc);
                }
                Some(&kept) => {
                    self.absorb(kept, arc, role == Role::Fork);
                    changed = true;
                }
            }
        }
        changed
    }

    fn absorb(&mut self, kept: usize, lost: usize, both: bool) {
        let Arc {
            from,
            to,
            mut words,
            mut also,
            waits,
            ..
        } = self.arcs[lost].clone();
        self.arcs[lost].gone = true;
        self.vertices[from].outs.retain(|arc| *arc != lost);
        self.vertices[to].ins.retain(|arc| *arc != lost);
        let arc = &mut self.arcs[kept];
        arc.waits |= waits;
        arc.also.append(&mut also);
        if both {
            arc.words.append(&mut words)
        } else {
            arc.also.append(&mut words)
        }
    }

    /// 退回: a way back to the head of the loop that the choice itself closes.
    fn drop_loops(&mut self, vertex: usize) -> bool {
        let here = &self.vertices[vertex];
        let (Role::Choice, &[entry]) = (here.role, here.ins.as_slice()) else {
            return false;
        };
        let head = self.arcs[entry].from;
        let before = &self.vertices[head];
        if head == vertex || before.role != Role::Choice || before.outs.len() != 1 {
            return false;
        }
        let back = here
            .outs
            .iter()
            .copied()
            .find(|arc| self.arcs[*arc].to == head);
        let Some(back) = back.filter(|_| here.outs.len() > 1 && before.ins.len() > 1) else {
            return false;
        };
        self.absorb_loop(entry, back);
        true
    }

    fn absorb_loop(&mut self, body: usize, back: usize) {
        let Arc {
            from,
            to,
            mut words,
            mut also,
            ..
        } = self.arcs[back].clone();
        self.arcs[back].gone = true;
        self.vertices[from].outs.retain(|arc| *arc != back);
        self.vertices[to].ins.retain(|arc| *arc != back);
        self.arcs[body].also.append(&mut words);
        self.arcs[body].also.append(&mut also);
    }

    /// A vertex with one way in and one way out is a word on the way.
    fn fold(&mut self, vertex: usize) -> bool {
        let here = &self.vertices[vertex];
        if !matches!(here.role, Role::Choice | Role::Fork | Role::Work) {
            return false;
        }
        let (&[before], &[after]) = (here.ins.as_slice(), here.outs.as_slice()) else {
            return false;
        };
        if before == after {
            return false;
        }
        let (word, waits) = (here.word, here.waits);
        let Arc {
            to,
            mut words,
            mut also,
            waits: after_waits,
            side,
            ..
        } = self.arcs[after].clone();
        self.arcs[after].gone = true;
        self.vertices[vertex].gone = true;
        let arc = &mut self.arcs[before];
        arc.words.extend(word);
        arc.words.append(&mut words);
        arc.also.append(&mut also);
        arc.waits |= waits || after_waits;
        arc.side &= side;
        arc.to = to;
        for way in &mut self.vertices[to].ins {
            if *way == after {
                *way = before;
            }
        }
        true
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
    role == Role::Choice
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

/// Start events; where a process draws none, whatever nothing leads to.
fn is_start(process: &Process, node: &Node) -> bool {
    let drawn = process
        .nodes
        .iter()
        .any(|other| &*other.element == "startEvent");
    let loose = node.incoming.is_empty() && node.host.is_none() && !node.outgoing.is_empty();
    if drawn {
        &*node.element == "startEvent"
    } else {
        loose
    }
}
