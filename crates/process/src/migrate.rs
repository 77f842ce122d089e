//! A running case in another version of its process: where its tokens go, and whether it could
//! have come there by the new version itself. What is reachable in a sound process can always
//! still finish, so a move to such a place never gets a case stuck.
//!
//! Nodes are the same by their id, or by what the mover says. A token, an arrived branch or work
//! that may have to be undone is never lost: then the move is refused with the place. Memory that
//! only counts (returns taken, timers fired) follows where its node does. Deliberately absent:
//! people, clocks and due dates (the room `case`).

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::condition::{Data, PlainOnly};
use crate::effect::Input;
use crate::finding::Finding;
use crate::kind::{Kind, Trigger};
use crate::marking::{Entry, Marking, State};
use crate::model::{Node, NodeId, Process};
use crate::order::order;
use crate::step::{awaited, start, step};

/// Nodes of the old version by their ids, each with the id of its node in the new one.
pub type Mapping = BTreeMap<String, String>;

/// More places than these are not looked at: the version is then too wide to move cases into.
const PLACES_MAX: usize = 60_000;

/// Every place that a case can come to by a version.
#[derive(Debug, Clone)]
pub struct Places {
    skeletons: HashSet<Marking>,
    complete: bool,
}

/// Where a case goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Where it stands in the new version.
    pub marking: Marking,
    /// The numbers of the old version's nodes with those of the new one, where there is one.
    pub nodes: BTreeMap<u16, u16>,
    /// Tasks that are new and lie behind the case: it will not do them unless it is sent back.
    pub passed_over: Vec<NodeId>,
}

/// Where tokens rest, without what is only counted.
fn skeleton(marking: &Marking) -> Marking {
    let living = marking.entries.iter().filter(|entry| entry.lives());
    let bare = living.map(|entry| Entry {
        state: match entry.state {
            State::Rest(_) => State::Rest(0),
            State::Body {
                total, begun, done, ..
            } => State::Body {
                total,
                begun,
                done,
                fired: 0,
            },
            other => other,
        },
        ..*entry
    });
    Marking {
        entries: bare.collect(),
    }
}

/// Every place that the machine itself comes to, whatever people answer and whenever timers fire.
#[must_use]
pub fn places(process: &Process) -> Places {
    let mut places = Places {
        skeletons: HashSet::new(),
        complete: true,
    };
    let Ok(first) = start(process, None, &Data::new(), &PlainOnly) else {
        return places;
    };
    let mut seen: HashSet<Marking> = HashSet::new();
    let mut open = vec![first.marking];
    while let Some(marking) = open.pop() {
        if !seen.insert(marking.clone()) {
            continue;
        }
        if PLACES_MAX < seen.len() {
            places.complete = false;
            break;
        }
        open.extend(next(process, &marking));
        places.skeletons.insert(skeleton(&marking));
    }
    places
}

/// Where one input leads from a place.
pub(crate) fn next(process: &Process, marking: &Marking) -> Vec<Marking> {
    let mut found = Vec::new();
    let mut put = |input: Input<'_>| {
        if let Ok(step) = step(process, marking, input, &Data::new(), &PlainOnly) {
            found.push(step.marking);
        }
    };
    for token in marking.tokens() {
        let Some(node) = process.node(token.node()) else {
            continue;
        };
        let outcomes = || {
            let listed = node.task.outcomes.iter().map(|word| Some(&**word));
            let none = node.task.outcomes.is_empty().then_some(None);
            listed.chain(none)
        };
        match &node.kind {
            Kind::User => outcomes().for_each(|outcome| put(Input::Complete { token, outcome })),
            Kind::Service(_) => {
                outcomes().for_each(|outcome| put(Input::ServiceDone { token, outcome }));
            }
            Kind::Call(_) => outcomes().for_each(|outcome| put(Input::CallDone { token, outcome })),
            _ => {}
        }
    }
    for (token, node) in awaited(process, marking) {
        match process.node(node).and_then(|node| node.kind.trigger()) {
            Some(Trigger::Timer(_)) => put(Input::TimerFired { token }),
            Some(Trigger::Message(name)) => put(Input::MessageArrived { name }),
            Some(Trigger::Signal(name)) => put(Input::SignalArrived { name }),
            _ => {}
        }
    }
    found
}

/// Moves a place of the old version into the new one.
///
/// # Errors
/// Everything that keeps it from being moved, each with its element in the old version and a
/// mend.
pub fn migrate(
    from: &Process,
    to: &Process,
    places: &Places,
    marking: &Marking,
    mapping: &Mapping,
) -> Result<Moved, Vec<Finding>> {
    let mut findings = unknown(from, to, mapping);
    let goes = |node: &Node| {
        let id = mapping.get(&*node.id).map_or(&*node.id, String::as_str);
        to.find(id)
    };
    let mut entries: Vec<Entry> = Vec::new();
    for entry in &marking.entries {
        let Some(node) = from.node(entry.node) else {
            let en = "The place of the case does not belong to its version.";
            findings.push(Finding::error("foreign_marking", "").says("办件位置不属于其版本。", en));
            continue;
        };
        match moved_entry(from, to, entry, node, goes(node)) {
            Ok(Some(moved)) => entries.push(moved),
            Ok(None) => {}
            Err(finding) => findings.push(finding.on_line(node.line)),
        }
    }
    entries.sort_by_key(Entry::key);
    for pair in entries.windows(2) {
        if let [one, two] = pair
            && one.key() == two.key()
        {
            let node = to.at(one.node);
            let zh = format!("两个环节会同时落在“{node}”上；请把它们对应到不同的环节。");
            let en = format!("Two tokens would meet at \"{node}\"; send them to different nodes.");
            findings.push(Finding::error("tokens_meet", &*node.id).says(zh, en));
        }
    }
    let moved = Marking { entries };
    if findings.is_empty() {
        findings.extend(unreachable(to, places, &moved));
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    let known = from
        .each()
        .filter_map(|(id, node)| Some((id.0, goes(node)?.0)));
    let nodes: BTreeMap<u16, u16> = known.collect();
    Ok(Moved {
        passed_over: passed_over(to, &moved, &nodes),
        marking: moved,
        nodes,
    })
}

/// What a mapping names that is not there.
fn unknown(from: &Process, to: &Process, mapping: &Mapping) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (old, new) in mapping {
        for (process, id, zh, en) in [(from, old, "原", "old"), (to, new, "新", "new")] {
            if process.find(id).is_none() {
                let zh = format!("{zh}版本中没有元素“{id}”；请核对对应关系。");
                let en = format!("The {en} version has no element \"{id}\"; correct the mapping.");
                findings.push(Finding::error("mapping_unknown", id).says(zh, en));
            }
        }
    }
    findings
}

fn moved_entry(
    from: &Process,
    to: &Process,
    entry: &Entry,
    node: &Node,
    goes: Option<NodeId>,
) -> Result<Option<Entry>, Finding> {
    let Some(target) = goes else {
        return match entry.state {
            // What is only counted may be forgotten with its node.
            State::Spent(_) | State::Returned(_) => Ok(None),
            State::Done(_) => {
                let zh = format!("“{node}”已办且可能需要撤回，新版本中没有它；请给出对应的环节。");
                let en = format!(
                    "\"{node}\" was done and may have to be undone, and the new version lacks it; \
                     say which node takes its place."
                );
                Err(Finding::error("undo_lost", &*node.id).says(zh, en))
            }
            _ => {
                let zh = format!("办件正在“{node}”，新版本中没有这个环节；请给出对应的环节。");
                let en = format!(
                    "The case stands at \"{node}\", which the new version lacks; say which node \
                     takes its place."
                );
                Err(Finding::error("token_lost", &*node.id).says(zh, en))
            }
        };
    };
    let there = to.at(target);
    let alike = std::mem::discriminant(&node.kind) == std::mem::discriminant(&there.kind)
        && node.repeat.is_some() == there.repeat.is_some()
        && node.depth == there.depth;
    if !alike {
        if !entry.lives() {
            return Ok(None);
        }
        let zh = format!("“{node}”与新版本的“{there}”不是同一种元素；请对应到同类的环节。");
        let en = format!("\"{node}\" and the new \"{there}\" differ in kind; choose one alike.");
        return Err(Finding::error("kind_differs", &*node.id).says(zh, en));
    }
    let state = match entry.state {
        State::Join(bits) => State::Join(branches(from, to, node, there, bits)?),
        State::Rest(fired) => State::Rest(fired_there(from, to, node, there, fired)),
        State::Body {
            total,
            begun,
            done,
            fired,
        } => State::Body {
            total,
            begun,
            done,
            fired: fired_there(from, to, node, there, fired),
        },
        other => other,
    };
    Ok(Some(Entry {
        node: target,
        path: entry.path,
        state,
    }))
}

/// The branches that have arrived at a join, by the ids of their flows.
fn branches(
    from: &Process,
    to: &Process,
    node: &Node,
    there: &Node,
    bits: u64,
) -> Result<u64, Finding> {
    let mut moved = 0;
    for (at, flow) in node.incoming.iter().enumerate() {
        if at >= 64 || bits >> at & 1 == 0 {
            continue;
        }
        let id = from.flow_id(*flow);
        let same = there.incoming.iter().position(|new| to.flow_id(*new) == id);
        let Some(same) = same.filter(|same| *same < 64) else {
            let zh = format!("已办完的分支“{id}”在新版本的“{there}”没有对应；请保留这条连线。");
            let en = format!(
                "The branch \"{id}\" is done and has no counterpart at the new \"{there}\"; keep \
                 that flow."
            );
            return Err(Finding::error("branch_lost", &*node.id).says(zh, en));
        };
        moved |= 1 << same;
    }
    Ok(moved)
}

/// Which boundary events have fired, by their ids.
fn fired_there(from: &Process, to: &Process, node: &Node, there: &Node, fired: u64) -> u64 {
    let mut moved = 0;
    for (at, event) in node.boundary.iter().enumerate() {
        if at >= 64 || fired >> at & 1 == 0 {
            continue;
        }
        let id = &from.at(*event).id;
        let same = there.boundary.iter().position(|new| to.at(*new).id == *id);
        if let Some(same) = same.filter(|same| *same < 64) {
            moved |= 1 << same;
        }
    }
    moved
}

fn unreachable(to: &Process, places: &Places, moved: &Marking) -> Option<Finding> {
    if places.skeletons.contains(&skeleton(moved)) {
        return None;
    }
    let at: Vec<String> = moved.nodes().map(|node| to.at(node).to_string()).collect();
    let element = moved.nodes().next().map_or("", |node| &*to.at(node).id);
    let at = at.join("、");
    let (code, zh, en) = if places.complete {
        (
            "never_there",
            format!("按新版本，办件不会同时处于：{at}，迁移后可能办不完；请调整对应关系。"),
            format!(
                "No case comes to {at} by the new version, so it might never finish; change the \
                 mapping or the version."
            ),
        )
    } else {
        (
            "too_many_places",
            "新版本的并行组合过多，无法证明迁移后能办完；请简化并行部分。".to_owned(),
            "The new version is too wide to prove that the case can finish; simplify it."
                .to_owned(),
        )
    };
    Some(Finding::error(code, element).says(zh, en))
}

/// New tasks that the case has behind it, unless it is sent back.
fn passed_over(to: &Process, moved: &Marking, nodes: &BTreeMap<u16, u16>) -> Vec<NodeId> {
    let old: BTreeSet<u16> = nodes.values().copied().collect();
    // A way back may lead there again; nobody should count on it.
    let (_, back) = order(to);
    let mut ahead: BTreeSet<NodeId> = BTreeSet::new();
    let mut open: Vec<NodeId> = moved.nodes().collect();
    while let Some(id) = open.pop() {
        if ahead.insert(id) {
            let node = to.at(id);
            let onward = node.outgoing.iter().filter(|flow| !back.contains(flow));
            open.extend(onward.map(|flow| to.flow(*flow).target));
            open.extend(node.boundary.iter().chain(&node.begins).copied());
            open.extend(node.parent);
        }
    }
    let passed = to.each().filter(|(id, node)| {
        node.kind == Kind::User && !old.contains(&id.0) && !ahead.contains(id)
    });
    passed.map(|(id, _)| id).collect()
}

/// The working days that the longest way from a place to the end takes by the limits of its
/// tasks, no way back taken; handing out is not counted (it has a clock of its own).
#[must_use]
pub fn remaining(process: &Process, marking: &Marking) -> u32 {
    let (order, back) = order(process);
    let mut days = vec![0u32; process.nodes.len()];
    for id in order.iter().rev() {
        let node = process.at(*id);
        let own = match node.task.duty {
            Some(crate::Duty::Deliver) => 0,
            _ => u32::from(node.task.limit_days.unwrap_or(0)),
        };
        let onward = node.outgoing.iter().filter(|flow| !back.contains(flow));
        let onward = onward.map(|flow| days[process.flow(*flow).target.at()]);
        days[id.at()] = own.saturating_add(onward.max().unwrap_or(0));
    }
    let at = marking.nodes().filter_map(|node| days.get(node.at()));
    at.copied().max().unwrap_or(0)
}
