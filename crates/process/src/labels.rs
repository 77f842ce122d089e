//! The labels of a process in English: `qc:nameEn` beside `name`, which modelers keep.
//!
//! Chinese is the language of the file and has legal force; English is for readers. Deliberately
//! absent: any effect on how the process runs, and labels of lanes and pools, which are not drawn.

use std::collections::BTreeMap;

use crate::kind::Kind;
use crate::model::{NAMESPACE, NodeId, Process};
use crate::order::order;
use crate::parse::Definitions;

impl Definitions {
    /// The process to run with its English labels; Chinese stays where the file has none.
    pub fn main_in_english(&self) -> Option<Process> {
        let mut process = self.main()?.clone();
        let labels = labels(&self.source);
        let label = |id: &str| labels.get(id).map(|label| Box::<str>::from(label.as_str()));
        if let Some(name) = label(&process.id) {
            process.name = name;
        }
        for node in &mut process.nodes {
            if let Some(name) = label(&node.id) {
                node.name = name;
            }
        }
        for flow in &mut process.flows {
            if let Some(name) = label(&flow.id) {
                flow.name = name;
            }
        }
        Some(process)
    }
}

impl Process {
    /// What people do on the way, in an order that follows the flows; reminders beside the road
    /// are left out.
    pub fn way(&self) -> Vec<NodeId> {
        let (order, _) = order(self);
        let done_by_people = |id: &NodeId| {
            let node = self.at(*id);
            node.kind == Kind::User && !node.side
        };
        order.into_iter().filter(done_by_people).collect()
    }
}

/// The English labels of a file that was read before, by the id of the element.
fn labels(source: &str) -> BTreeMap<String, String> {
    let Ok(document) = roxmltree::Document::parse(source) else {
        return BTreeMap::new();
    };
    let label = |node: roxmltree::Node<'_, '_>| {
        let name = node.attribute((NAMESPACE, "nameEn"))?.trim();
        let id = node.attribute("id")?;
        (!name.is_empty()).then(|| (id.to_owned(), name.to_owned()))
    };
    document.descendants().filter_map(label).collect()
}
