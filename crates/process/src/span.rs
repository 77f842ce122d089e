//! How many working days a process may take: 最短与最长办理时限, with the way that takes longest.
//!
//! Upper bounds from the limits of tasks and timers: branches run side by side, so a join waits
//! for the slowest; an interrupting timer bounds its host; a sub-process counts as its own
//! longest way; a limited way back (退回) counts as often as it may be taken. What nothing bounds
//! is reported, for no sum can bound it. Calendar days count as working days, the worst case.
//! Deliberately absent: arrivals, queues and people (see `simulate`), and calendars.

use std::collections::BTreeSet;

use crate::finding::Finding;
use crate::kind::{Count, Delay, Kind, Repeat, Trigger};
use crate::model::{Duty, FlowId, Node, NodeId, Process};
use crate::order::order;

/// The working days of a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The quickest way from start to end.
    pub shortest: u32,
    /// The slowest way without any way back.
    pub straight: u32,
    /// The slowest way, every limited way back taken as often as it may be.
    pub longest: u32,
    /// A slowest way, node by node: the witness of `straight`.
    pub path: Vec<NodeId>,
    /// Flows that lead back.
    pub back: Vec<Back>,
    /// Tasks and waits without a limit of their own, counted as no time.
    pub unlimited: Vec<NodeId>,
}

/// A way back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Back {
    /// The flow.
    pub flow: FlowId,
    /// How often a case may take it, `qc:returnsMax`; `None` for ever.
    pub most: Option<u16>,
    /// The working days that one more round takes at most.
    pub days: u32,
    /// Whether an event that interrupts leads out of the round: somebody else takes over.
    pub escalates: bool,
}

impl Span {
    /// Whether `longest` bounds every case.
    pub fn is_bounded(&self) -> bool {
        self.unlimited.is_empty() && self.back.iter().all(|back| back.most.is_some())
    }
}

/// Adds up the limits along every way.
pub fn span(process: &Process) -> Span {
    let (order, back) = order(process);
    let mut leads_back = vec![false; process.flows.len()];
    for flow in &back {
        leads_back[flow.at()] = true;
    }
    let mut sums = Sums {
        process,
        order,
        back,
        leads_back,
        unlimited: BTreeSet::new(),
    };
    let whole = sums.scope(None);
    let rounds = sums.rounds();
    let extra = rounds.iter().fold(0u32, |sum, back| {
        let times = u32::from(back.most.unwrap_or(0));
        sum.saturating_add(back.days.saturating_mul(times))
    });
    Span {
        shortest: whole.soon,
        straight: whole.late,
        longest: whole.late.saturating_add(extra),
        path: whole.path,
        back: rounds,
        unlimited: sums.unlimited.into_iter().collect(),
    }
}

/// As [`span`], up to the decision: handing out has a clock of its own (许可法 44).
pub fn span_to_decision(process: &Process) -> Span {
    let mut process = process.clone();
    for node in &mut process.nodes {
        if node.task.duty == Some(Duty::Deliver) {
            node.task.limit_days = Some(0);
        }
    }
    span(&process)
}

/// What is wrong with promising this many working days; nothing when the promise is kept by
/// every case.
pub fn promise(process: &Process, days: u16) -> Vec<Finding> {
    let span = span(process);
    let mut findings = Vec::new();
    if span.longest > u32::from(days) {
        let longest = span.longest;
        let zh = format!(
            "承诺 {days} 个工作日，但最长一条路需要 {longest} 个工作日；请延长承诺或缩短环节时限。"
        );
        let en = format!(
            "{days} working days are promised, but the longest way takes {longest}; promise more \
             or shorten the limits on the way shown."
        );
        let path = span
            .path
            .iter()
            .map(|node| process.at(*node).id.to_string());
        let finding = Finding::error("promise_too_short", process.id()).says(zh, en);
        findings.push(finding.after(path.collect()));
    }
    for id in &span.unlimited {
        let node = process.at(*id);
        let zh = format!("“{node}”没有时限，承诺无法证明；请填写 qc:limitDays 或加定时器。");
        let en = format!("\"{node}\" has no limit, so no promise can be proved; set qc:limitDays.");
        let finding = Finding::error("promise_unproved", &*node.id).says(zh, en);
        findings.push(finding.on_line(node.line));
    }
    for back in span.back.iter().filter(|back| back.most.is_none()) {
        let zh = "退回没有次数上限，承诺无法证明；请填写 qc:returnsMax。";
        let en = "A case may be sent back for ever, so no promise can be proved; set \
                  qc:returnsMax.";
        let flow = process.flow_id(back.flow);
        findings.push(Finding::error("promise_unproved", flow).says(zh, en));
    }
    findings
}

/// Ways back that neither a number nor an escalation bounds.
pub(crate) fn unbounded(process: &Process) -> Vec<Finding> {
    let span = span(process);
    let endless = |back: &&Back| back.most.is_none() && !back.escalates;
    let one = |back: &Back| {
        let flow = process.flow(back.flow);
        let target = process.at(flow.target);
        let zh = format!(
            "可以无限次退回到“{target}”；请填写 qc:returnsMax 或加一个升级处理的中断边界事件。"
        );
        let en = format!(
            "A case can be sent back to \"{target}\" for ever; set qc:returnsMax, or let an \
             interrupting boundary event escalate it."
        );
        let finding = Finding::warning("unbounded_return", &*flow.id).says(zh, en);
        let line = process.at(flow.source).line;
        let ring = [process.at(flow.source), target].map(|node| node.id.to_string());
        finding.on_line(line).after(ring.into())
    };
    span.back.iter().filter(endless).map(one).collect()
}

struct Sums<'a> {
    process: &'a Process,
    order: Vec<NodeId>,
    back: Vec<FlowId>,
    leads_back: Vec<bool>,
    unlimited: BTreeSet<NodeId>,
}

#[derive(Default, Clone)]
struct Way {
    soon: u32,
    late: u32,
    path: Vec<NodeId>,
}

impl Sums<'_> {
    /// The quickest and the slowest way through what lies directly in a scope.
    fn scope(&mut self, scope: Option<NodeId>) -> Way {
        let process = self.process;
        let begins = match scope {
            None => &process.starts,
            Some(sub) => &process.at(sub).begins,
        };
        let (least, most) = self.walk(scope, begins);
        let here = || {
            process
                .each()
                .filter(|(_, node)| node.parent == scope && !node.side)
        };
        let ends = || here().filter(|(_, node)| node.outgoing.is_empty());
        let soon = ends()
            .filter_map(|(id, _)| least[id.at()])
            .min()
            .unwrap_or(0);
        let last = ends()
            .filter_map(|(id, _)| Some((most[id.at()]?.0, id)))
            .max();
        let mut path: Vec<NodeId> = last.map(|(_, id)| id).into_iter().collect();
        while let Some((_, Some(before))) = path.last().and_then(|id| most[id.at()]) {
            path.push(before);
        }
        path.reverse();
        // An event sub-process may begin at the last moment.
        let handlers: Vec<NodeId> = here()
            .filter(|(_, node)| node.kind == Kind::EventSub)
            .map(|(id, _)| id)
            .collect();
        let mut late = last.map_or(0, |(days, _)| days);
        let longest = handlers
            .into_iter()
            .map(|sub| self.scope(Some(sub)).late)
            .max();
        late = late.saturating_add(longest.unwrap_or(0));
        Way { soon, late, path }
    }

    #[expect(
        clippy::type_complexity,
        reason = "days, and days with the node before"
    )]
    fn walk(
        &mut self,
        scope: Option<NodeId>,
        begins: &[NodeId],
    ) -> (Vec<Option<u32>>, Vec<Option<(u32, Option<NodeId>)>>) {
        let process = self.process;
        let count = process.nodes.len();
        let (mut least, mut most) = (vec![None::<u32>; count], vec![None; count]);
        for id in self.order.clone() {
            let node = process.at(id);
            if node.parent != scope {
                continue;
            }
            let (quickest, slowest) = if begins.contains(&id) {
                (Some(0), Some((0, None)))
            } else {
                self.before(node, &least, &most)
            };
            let (soon, late) = self.days(id);
            least[id.at()] = quickest.map(|before| before.saturating_add(soon));
            most[id.at()] = slowest.map(|(before, from)| (before.saturating_add(late), from));
        }
        (least, most)
    }

    fn before(
        &self,
        node: &Node,
        least: &[Option<u32>],
        most: &[Option<(u32, Option<NodeId>)>],
    ) -> (Option<u32>, Option<(u32, Option<NodeId>)>) {
        let ways = node
            .incoming
            .iter()
            .filter(|flow| !self.leads_back[flow.at()]);
        let sources = ways
            .map(|flow| self.process.flow(*flow).source)
            .chain(node.host);
        let joins = node.kind == Kind::Parallel;
        let mut quickest: Option<u32> = None;
        let mut slowest: Option<(u32, Option<NodeId>)> = None;
        for source in sources {
            let (Some(soon), Some((late, _))) = (least[source.at()], most[source.at()]) else {
                continue;
            };
            // An interrupting timer fires while its host is at work: its days are the host's.
            let better = |known: u32| {
                if joins {
                    known.max(soon)
                } else {
                    known.min(soon)
                }
            };
            quickest = Some(quickest.map_or(soon, better));
            if slowest.is_none_or(|(known, _)| late > known) {
                slowest = Some((late, Some(source)));
            }
        }
        (quickest, slowest)
    }

    /// The fewest and the most working days at a node.
    fn days(&mut self, id: NodeId) -> (u32, u32) {
        let node = self.process.at(id);
        let own = node.task.limit_days.map(u32::from);
        let (soon, late) = match &node.kind {
            Kind::Catch(Trigger::Timer(delay)) => (worst(*delay), Some(worst(*delay))),
            Kind::Catch(_) => (0, own.or_else(|| self.raced(node))),
            Kind::Sub => {
                let inner = self.scope(Some(id));
                (inner.soon, Some(inner.late))
            }
            // A service of ours is done in the same transaction.
            Kind::Service(_) => (own.unwrap_or(0), Some(own.unwrap_or(0))),
            Kind::User | Kind::Call(_) => (own.unwrap_or(0), own),
            _ => return (0, 0),
        };
        let (soon, late) = match (&node.repeat, late) {
            (Some(repeat), Some(late)) => (soon, times(repeat).map(|n| late.saturating_mul(n))),
            (_, late) => (soon, late),
        };
        let timers = node
            .boundary
            .iter()
            .filter_map(|event| self.interrupts_after(*event));
        let bound = timers.min();
        let late = match (late, bound) {
            (Some(late), Some(bound)) => Some(late.min(bound)),
            (late, bound) => late.or(bound),
        };
        if late.is_none() && !node.undoes {
            self.unlimited.insert(id);
        }
        (soon.min(bound.unwrap_or(u32::MAX)), late.unwrap_or(0))
    }

    fn interrupts_after(&self, event: NodeId) -> Option<u32> {
        match &self.process.at(event).kind {
            Kind::Boundary {
                trigger: Trigger::Timer(delay),
                interrupting: true,
            } => Some(worst(*delay)),
            _ => None,
        }
    }

    /// The shortest timer that waits at the same event gateway.
    fn raced(&self, node: &Node) -> Option<u32> {
        let mut sources = node
            .incoming
            .iter()
            .map(|flow| self.process.flow(*flow).source);
        let gateway = sources.find(|at| self.process.at(*at).kind == Kind::EventBased)?;
        let ways = self.process.at(gateway).outgoing.iter();
        let timers =
            ways.filter_map(
                |flow| match &self.process.at(self.process.flow(*flow).target).kind {
                    Kind::Catch(Trigger::Timer(delay)) => Some(worst(*delay)),
                    _ => None,
                },
            );
        timers.min()
    }

    /// Each way back: how long one more round takes, and whether something leads out of it.
    fn rounds(&mut self) -> Vec<Back> {
        let mut rounds = Vec::new();
        for id in self.back.clone() {
            let flow = self.process.flow(id);
            let (from, to) = (flow.source, flow.target);
            let scope = self.process.at(from).parent;
            let (_, most) = self.walk(scope, &[to]);
            let days = most[from.at()].map_or(0, |(days, _)| days);
            let escalates = flow.returns_max.is_none() && self.escalates(from, to);
            rounds.push(Back {
                flow: id,
                most: flow.returns_max,
                days,
                escalates,
            });
        }
        rounds
    }

    /// Whether an event that interrupts leads out of the round between the two.
    fn escalates(&self, from: NodeId, to: NodeId) -> bool {
        let process = self.process;
        let walk = |first: NodeId, ahead: bool| {
            let mut seen = vec![false; process.nodes.len()];
            let mut open = vec![first];
            while let Some(at) = open.pop() {
                if std::mem::replace(&mut seen[at.at()], true) {
                    continue;
                }
                let node = process.at(at);
                if ahead {
                    open.extend(node.outgoing.iter().map(|flow| process.flow(*flow).target));
                    open.extend(&node.boundary);
                } else {
                    open.extend(node.incoming.iter().map(|flow| process.flow(*flow).source));
                    open.extend(node.host);
                }
            }
            seen
        };
        let (after, before) = (walk(to, true), walk(from, false));
        let on_ring = |at: NodeId| after[at.at()] && before[at.at()];
        process.each().any(|(id, node)| {
            let ends = matches!(
                node.kind,
                Kind::Boundary {
                    interrupting: true,
                    ..
                }
            );
            ends && !on_ring(id) && node.host.is_some_and(on_ring)
        })
    }
}

/// How often at most, one after the other; `None` when the file does not say.
fn times(repeat: &Repeat) -> Option<u32> {
    match repeat {
        Repeat::Each {
            sequential: false, ..
        } => Some(1),
        Repeat::Each {
            count: Count::Fixed(number),
            ..
        } => Some(u32::from(*number)),
        Repeat::Each { .. } => None,
        Repeat::While { at_most, .. } => at_most.map(u32::from),
    }
}

/// No more working days than this.
pub(crate) fn worst(delay: Delay) -> u32 {
    match delay {
        Delay::WorkingDays(days) => u32::from(days),
        Delay::Calendar {
            months,
            days,
            seconds,
        } => {
            let parts = u32::from(months) * 31 + u32::from(days);
            parts.saturating_add(seconds.div_ceil(86_400))
        }
    }
}
