//! The slow and obvious interpreter: a workflow net with counted tokens, one place per flow and
//! one per open activity, every interleaving. What the fast machine and the proof must agree with.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// What a node is, as far as tokens see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Start,
    Task,
    Xor,
    And,
    /// Inclusive: any of its ways out, joined when nothing more can come.
    Or,
    End,
    /// Boundary event of a task, interrupting.
    Timer(usize),
}

/// A drawing: nodes `n0…`, flows `f0…`.
#[derive(Debug, Clone, Default)]
pub struct Drawing {
    pub parts: Vec<Part>,
    pub flows: Vec<(usize, usize)>,
}

/// Tokens on flows (by number) and in activities (by number after the flows).
pub type Tokens = BTreeMap<usize, u32>;

impl Drawing {
    pub fn add(&mut self, part: Part) -> usize {
        self.parts.push(part);
        self.parts.len() - 1
    }

    pub fn outs(&self, node: usize) -> Vec<usize> {
        (0..self.flows.len())
            .filter(|flow| self.flows[*flow].0 == node)
            .collect()
    }

    pub fn ins(&self, node: usize) -> Vec<usize> {
        (0..self.flows.len())
            .filter(|flow| self.flows[*flow].1 == node)
            .collect()
    }

    fn active(&self, node: usize) -> usize {
        self.flows.len() + node
    }

    pub fn open_tasks(&self, tokens: &Tokens) -> Vec<usize> {
        let open = |node: &usize| tokens.contains_key(&self.active(*node));
        (0..self.parts.len()).filter(open).collect()
    }

    /// Every way one node can fire, as the markings it leads to.
    pub fn fire(&self, tokens: &Tokens, node: usize) -> Vec<Tokens> {
        let (ins, outs) = (self.ins(node), self.outs(node));
        let full: Vec<usize> = ins
            .iter()
            .copied()
            .filter(|flow| tokens.contains_key(flow))
            .collect();
        let mut results = Vec::new();
        match self.parts[node] {
            Part::Start => {}
            Part::And => {
                if !ins.is_empty() && full.len() == ins.len() {
                    results.push(moved(tokens, &ins, &outs));
                }
            }
            Part::Xor => {
                for flow in full {
                    results.extend(outs.iter().map(|out| moved(tokens, &[flow], &[*out])));
                    if outs.is_empty() {
                        results.push(moved(tokens, &[flow], &[]));
                    }
                }
            }
            Part::Or => {
                if !full.is_empty() && self.nothing_more_comes(tokens, node, &full) {
                    for chosen in 1..1usize << outs.len().max(1) {
                        let some = outs.iter().enumerate();
                        let some = some.filter(|(at, _)| chosen >> at & 1 == 1);
                        let some: Vec<usize> = some.map(|(_, out)| *out).collect();
                        results.push(moved(tokens, &full, &some));
                    }
                }
            }
            Part::End => results.extend(full.iter().map(|flow| moved(tokens, &[*flow], &[]))),
            Part::Task => {
                let active = self.active(node);
                results.extend(full.iter().map(|flow| moved(tokens, &[*flow], &[active])));
                if tokens.contains_key(&active) {
                    results.push(moved(tokens, &[active], &outs));
                }
            }
            Part::Timer(host) => {
                let active = self.active(host);
                if tokens.contains_key(&active) {
                    results.push(moved(tokens, &[active], &outs));
                }
            }
        }
        results
    }

    /// BPMN 13.4.3, as it is written: a token anywhere that has a way to an empty way in, and no
    /// way to a full one, both without the gateway itself, is waited for.
    fn nothing_more_comes(&self, tokens: &Tokens, node: usize, full: &[usize]) -> bool {
        let ins = self.ins(node);
        let empty = |flow: &&usize| !full.contains(flow);
        tokens.keys().all(|place| {
            if ins.contains(place) {
                return true;
            }
            let from = match self.flows.get(*place) {
                Some((_, to)) => *to,
                None => *place - self.flows.len(),
            };
            let reached = self.flows_after(from, node);
            let comes = ins.iter().filter(empty).any(|flow| reached.contains(flow));
            !comes || full.iter().any(|flow| reached.contains(flow))
        })
    }

    /// Every flow that a token at a node can still take without passing the gateway.
    fn flows_after(&self, from: usize, gateway: usize) -> BTreeSet<usize> {
        let (mut seen, mut flows) = (BTreeSet::new(), BTreeSet::new());
        let mut open = vec![from];
        while let Some(at) = open.pop() {
            if at == gateway || !seen.insert(at) {
                continue;
            }
            for flow in self.outs(at) {
                flows.insert(flow);
                open.push(self.flows[flow].1);
            }
            let timers = (0..self.parts.len()).filter(|n| self.parts[*n] == Part::Timer(at));
            open.extend(timers);
        }
        flows
    }

    pub fn first(&self) -> Tokens {
        let starts = (0..self.parts.len()).filter(|node| self.parts[*node] == Part::Start);
        let flows: Vec<usize> = starts.flat_map(|node| self.outs(node)).collect();
        moved(&Tokens::new(), &[], &flows)
    }

    /// Moves every token that nobody waits on; `choose` answers at exclusive gateways.
    pub fn settle(&self, mut tokens: Tokens, choose: &dyn Fn(usize) -> usize) -> Tokens {
        loop {
            let silent = |node: &usize| match self.parts[*node] {
                Part::Task => self.ins(*node).iter().any(|flow| tokens.contains_key(flow)),
                Part::Timer(_) => false,
                _ => !self.fire(&tokens, *node).is_empty(),
            };
            let Some(node) = (0..self.parts.len()).find(silent) else {
                return tokens;
            };
            tokens = match self.parts[node] {
                Part::Xor => {
                    let from = self
                        .ins(node)
                        .into_iter()
                        .find(|f| tokens.contains_key(f))
                        .unwrap();
                    moved(&tokens, &[from], &[choose(node)])
                }
                _ => self.fire(&tokens, node).swap_remove(0),
            };
        }
    }

    /// Completes an open task, or lets a timer on it fire.
    pub fn leave(&self, tokens: &Tokens, node: usize) -> Tokens {
        let host = if let Part::Timer(host) = self.parts[node] {
            host
        } else {
            node
        };
        moved(tokens, &[self.active(host)], &self.outs(node))
    }

    /// The definition itself, over every interleaving; `None` when there are too many markings.
    pub fn is_sound(&self) -> Option<bool> {
        let first = self.first();
        let mut known: BTreeMap<Tokens, usize> = BTreeMap::from([(first.clone(), 0)]);
        let mut before: Vec<Vec<usize>> = vec![Vec::new()];
        let mut queue = VecDeque::from([first]);
        let mut alive = BTreeSet::new();
        while let Some(tokens) = queue.pop_front() {
            let here = known[&tokens];
            for node in self.able(&tokens) {
                for next in self.fire(&tokens, node) {
                    let ended = self.parts[node] == Part::End
                        || (self.outs(node).is_empty() && next.len() < tokens.len());
                    if next.values().any(|count| *count > 1) || (ended && !next.is_empty()) {
                        return Some(false);
                    }
                    alive.insert(node);
                    if known.len() > 4_000 {
                        return None;
                    }
                    let fresh = known.len();
                    let at = *known.entry(next.clone()).or_insert(fresh);
                    if at == fresh {
                        before.push(Vec::new());
                        queue.push_back(next);
                    }
                    before[at].push(here);
                }
            }
        }
        let mut reaches = vec![false; known.len()];
        let mut open: Vec<usize> = known.get(&Tokens::new()).copied().into_iter().collect();
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut reaches[at], true) {
                open.extend(&before[at]);
            }
        }
        let linked = |node: usize| !self.ins(node).is_empty() || !self.outs(node).is_empty();
        let dead = (0..self.parts.len())
            .any(|node| self.parts[node] != Part::Start && linked(node) && !alive.contains(&node));
        Some(!dead && reaches.iter().all(|reaches| *reaches))
    }

    /// Which nodes may fire. Inclusive joins look at where all others are, so they come when
    /// nothing else moves by itself.
    fn able(&self, tokens: &Tokens) -> Vec<usize> {
        let all: Vec<usize> = (0..self.parts.len()).collect();
        if !self.parts.contains(&Part::Or) {
            return all;
        }
        let silent = |node: &usize| match self.parts[*node] {
            Part::Task => self.ins(*node).iter().any(|flow| tokens.contains_key(flow)),
            Part::Timer(_) | Part::Start | Part::Or => false,
            _ => !self.fire(tokens, *node).is_empty(),
        };
        if let Some(node) = all.iter().copied().find(silent) {
            return vec![node];
        }
        let or =
            |node: &usize| self.parts[*node] == Part::Or && !self.fire(tokens, *node).is_empty();
        match all.iter().copied().find(or) {
            Some(node) => vec![node],
            None => all
                .into_iter()
                .filter(|node| self.parts[*node] != Part::Or)
                .collect(),
        }
    }

    /// The drawing as a file. Every way out of a choice asks for `choose_n3 = "f7"`.
    pub fn file(&self) -> String {
        let mut text = String::new();
        for (node, part) in self.parts.iter().enumerate() {
            text += &match part {
                Part::Start => format!(r#"<startEvent id="n{node}"/>"#),
                Part::Task => format!(r#"<userTask id="n{node}"/>"#),
                Part::Xor => format!(r#"<exclusiveGateway id="n{node}"/>"#),
                Part::And => format!(r#"<parallelGateway id="n{node}"/>"#),
                Part::Or => format!(r#"<inclusiveGateway id="n{node}"/>"#),
                Part::End => format!(r#"<endEvent id="n{node}"/>"#),
                Part::Timer(host) => format!(
                    r#"<boundaryEvent id="n{node}" attachedToRef="n{host}" qc:workdays="5">
                    <timerEventDefinition/></boundaryEvent>"#
                ),
            };
        }
        for (flow, (from, to)) in self.flows.iter().enumerate() {
            let choice = self.parts[*from] == Part::Xor && self.outs(*from).len() > 1;
            let condition = if choice {
                format!("<conditionExpression>choose_n{from} = \"f{flow}\"</conditionExpression>")
            } else {
                String::new()
            };
            text += &format!(
                r#"<sequenceFlow id="f{flow}" sourceRef="n{from}" targetRef="n{to}">{condition}
                </sequenceFlow>"#
            );
        }
        super::support::file(&text)
    }
}

fn moved(tokens: &Tokens, from: &[usize], to: &[usize]) -> Tokens {
    let mut tokens = tokens.clone();
    for place in from {
        let count = tokens.get_mut(place).unwrap();
        *count -= 1;
        if *count == 0 {
            tokens.remove(place);
        }
    }
    for place in to {
        *tokens.entry(*place).or_default() += 1;
    }
    tokens
}
