//! What changed from one version of a process to the next, element by element: added, removed,
//! changed, moved. Elements are the same by their id, as modelers keep it.
//!
//! Pure. Deliberately absent: pictures (`diagram` marks them), and whether running cases can
//! follow (see `migrate`).

use std::collections::{BTreeMap, BTreeSet};

use crate::condition::Condition;
use crate::diagram::Diagram;
use crate::model::{Flow, Node, Process};
use crate::parse::Definitions;

/// How an element differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It does something else, or is called otherwise.
    Changed,
    /// Only its place in the picture is another.
    Moved,
}

impl Change {
    /// The word for machines and for style sheets.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Moved => "moved",
        }
    }
}

/// One element that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its id.
    pub element: String,
    /// Its name, in the version that has it; the newer one where both do.
    pub name: String,
    /// Whether it is a flow.
    pub is_flow: bool,
    /// How it differs.
    pub change: Change,
    /// What of it is other: attribute, before, after.
    pub details: Vec<Detail>,
}

/// One attribute that is other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// Which, as in the file: `name`, `qc:post`, `source` …
    pub attribute: &'static str,
    /// What it was; empty when it was not there.
    pub before: String,
    /// What it is; empty when it is not there any more.
    pub after: String,
}

type Facts = BTreeMap<&'static str, String>;

/// Compares two files by their main processes; whatever one of them lacks counts as empty.
#[must_use]
pub fn differences(before: &Definitions, after: &Definitions) -> Vec<Difference> {
    let (old, new) = (before.main(), after.main());
    let (english_old, english_new) = (before.main_in_english(), after.main_in_english());
    let mut all = Vec::new();
    let top = |process: Option<&Process>, english: Option<&Process>| {
        let mut facts = Facts::new();
        if let Some(process) = process {
            put(&mut facts, "name", process.name());
            put(&mut facts, "qc:nameEn", english.map_or("", Process::name));
            if let Some(days) = process.promised_days() {
                put(&mut facts, "qc:promisedDays", &days.to_string());
            }
        }
        facts
    };
    let details = details(
        &top(old, english_old.as_ref()),
        &top(new, english_new.as_ref()),
    );
    if let Some(process) = new.or(old).filter(|_| !details.is_empty()) {
        all.push(Difference {
            element: process.id().to_owned(),
            name: process.name().to_owned(),
            is_flow: false,
            change: Change::Changed,
            details,
        });
    }
    let (was, is) = (
        gather(old, english_old.as_ref()),
        gather(new, english_new.as_ref()),
    );
    let ids: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    for id in ids {
        let moved = place(&before.diagram, id) != place(&after.diagram, id);
        if let Some(difference) = compare(id, was.get(id), is.get(id), moved) {
            all.push(difference);
        }
    }
    // What only stands elsewhere comes last: room was made for what is new.
    all.sort_by_key(|one| one.change == Change::Moved);
    all
}

struct Part {
    is_flow: bool,
    facts: Facts,
}

fn compare(id: &str, was: Option<&Part>, is: Option<&Part>, moved: bool) -> Option<Difference> {
    let part = is.or(was)?;
    let none = Facts::new();
    let facts = |part: Option<&Part>| part.map_or(none.clone(), |part| part.facts.clone());
    let details = details(&facts(was), &facts(is));
    let change = match (was, is) {
        (None, _) => Change::Added,
        (_, None) => Change::Removed,
        _ if !details.is_empty() => Change::Changed,
        _ if moved => Change::Moved,
        _ => return None,
    };
    let details = match change {
        Change::Changed => details,
        _ => Vec::new(),
    };
    Some(Difference {
        element: id.to_owned(),
        name: part.facts.get("name").cloned().unwrap_or_default(),
        is_flow: part.is_flow,
        change,
        details,
    })
}

/// Where an element is drawn, in whole points; comparing needs no more.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the reader of diagrams keeps coordinates below a million"
)]
fn place(diagram: &Diagram, id: &str) -> Vec<(i32, i32)> {
    if let Some(shape) = diagram.shapes.get(id) {
        let corner = (shape.x.round() as i32, shape.y.round() as i32);
        let size = (shape.width.round() as i32, shape.height.round() as i32);
        return vec![corner, size];
    }
    let corners = diagram.edges.get(id).into_iter().flatten();
    corners
        .map(|(x, y)| (x.round() as i32, y.round() as i32))
        .collect()
}

fn details(was: &Facts, is: &Facts) -> Vec<Detail> {
    let keys: BTreeSet<&&'static str> = was.keys().chain(is.keys()).collect();
    let of = |facts: &Facts, key: &str| facts.get(key).cloned().unwrap_or_default();
    let detail = |key: &&'static str| {
        let (before, after) = (of(was, key), of(is, key));
        (before != after).then_some(Detail {
            attribute: key,
            before,
            after,
        })
    };
    keys.into_iter().filter_map(detail).collect()
}

fn gather(process: Option<&Process>, english: Option<&Process>) -> BTreeMap<String, Part> {
    let mut parts = BTreeMap::new();
    let Some(process) = process else {
        return parts;
    };
    for (id, node) in process.each() {
        let mut facts = node_facts(process, node);
        let label = english.and_then(|english| english.node(id));
        put(&mut facts, "qc:nameEn", label.map_or("", |node| &node.name));
        let part = Part {
            is_flow: false,
            facts,
        };
        parts.insert(node.id.to_string(), part);
    }
    for flow in process.flows() {
        let part = Part {
            is_flow: true,
            facts: flow_facts(process, flow),
        };
        parts.insert(flow.id.to_string(), part);
    }
    parts
}

fn put(facts: &mut Facts, key: &'static str, value: &str) {
    if !value.is_empty() {
        facts.insert(key, value.to_owned());
    }
}

fn node_facts(process: &Process, node: &Node) -> Facts {
    let mut facts = Facts::new();
    let id_of = |id| process.node(id).map_or("", |node| &*node.id);
    put(&mut facts, "name", &node.name);
    put(&mut facts, "element", &node.element);
    put(&mut facts, "does", &format!("{:?}", node.kind));
    put(
        &mut facts,
        "qc:post",
        node.task.post.as_deref().unwrap_or_default(),
    );
    put(
        &mut facts,
        "qc:organ",
        node.task.organ.as_deref().unwrap_or_default(),
    );
    put(
        &mut facts,
        "qc:form",
        node.task.form.as_deref().unwrap_or_default(),
    );
    put(
        &mut facts,
        "qc:duty",
        node.task.duty.map_or("", |duty| duty.word()),
    );
    put(&mut facts, "qc:outcomes", &node.task.outcomes.join(","));
    if let Some(days) = node.task.limit_days {
        put(&mut facts, "qc:limitDays", &days.to_string());
    }
    put(&mut facts, "attachedToRef", node.host.map_or("", id_of));
    put(&mut facts, "parent", node.parent.map_or("", id_of));
    if let Some(repeat) = &node.repeat {
        put(&mut facts, "repeat", &format!("{repeat:?}"));
    }
    put(
        &mut facts,
        "default",
        node.default.map_or("", |flow| process.flow_id(flow)),
    );
    facts
}

fn flow_facts(process: &Process, flow: &Flow) -> Facts {
    let mut facts = Facts::new();
    let id_of = |id| process.node(id).map_or("", |node| &*node.id);
    put(&mut facts, "name", &flow.name);
    put(&mut facts, "source", id_of(flow.source));
    put(&mut facts, "target", id_of(flow.target));
    if flow.condition != Condition::Always {
        put(&mut facts, "condition", &flow.condition.to_string());
    }
    if let Some(most) = flow.returns_max {
        put(&mut facts, "qc:returnsMax", &most.to_string());
    }
    facts
}
