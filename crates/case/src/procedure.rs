//! The shipped procedures, read once. A case keeps the procedure it began with by its name.
//!
//! Deliberately absent: procedures that an office changed (they come with the catalogue desk).

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use kernel::Fault;
use process::{Delay, Kind, Marking, NodeId, Process, Trigger};
use web::Role;

/// A procedure ready to run and to be drawn.
#[derive(Debug)]
pub struct Procedure {
    /// Its name.
    pub name: &'static str,
    process: Process,
    english: Process,
    diagram: process::Diagram,
}

impl Procedure {
    /// The process.
    #[must_use]
    pub fn process(&self) -> &Process {
        &self.process
    }

    fn labelled(&self, lang: kernel::Lang) -> &Process {
        lang.pick(&self.process, &self.english)
    }

    /// The picture, with the nodes where a case stands.
    #[must_use]
    pub fn picture(&self, title: &str, lang: kernel::Lang, current: &[NodeId]) -> String {
        let language = lang.pick(process::Language::Chinese, process::Language::English);
        let picture = process::Picture {
            title,
            language,
            current,
        };
        process::draw(self.labelled(lang), &self.diagram, &picture)
    }

    /// The name of a node as drawn; empty for tasks beside the process.
    #[must_use]
    pub fn node_name(&self, number: u16, lang: kernel::Lang) -> &str {
        let node = self.labelled(lang).node(NodeId::new(number));
        node.map_or("", |node| &node.name)
    }

    /// The outcomes that a task lists.
    #[must_use]
    pub fn outcomes(&self, number: u16) -> Vec<String> {
        let node = self.process.node(NodeId::new(number));
        let outcomes = node.map_or(&[][..], |node| &node.task.outcomes);
        outcomes.iter().map(ToString::to_string).collect()
    }

    /// The timers that run while a case stands at these tokens.
    #[must_use]
    pub fn timers(&self, marking: &Marking) -> BTreeMap<u16, Delay> {
        let mut timers = BTreeMap::new();
        for token in marking.tokens() {
            let Some(node) = self.process.node(token.node()) else {
                continue;
            };
            if let Kind::Catch(Trigger::Timer(delay)) = &node.kind {
                timers.insert(token.number(), *delay);
            }
            for boundary in &node.boundary {
                if let Some(Kind::Boundary {
                    trigger: Trigger::Timer(delay),
                    ..
                }) = self.process.node(*boundary).map(|node| &node.kind)
                {
                    timers.insert(boundary.number(), *delay);
                }
            }
        }
        timers
    }
}

/// The role of a post that a procedure names: several posts of one role are one desk.
#[must_use]
pub fn role_of(post: Option<&str>) -> Role {
    match post.unwrap_or_default() {
        "intake_clerk" => Role::IntakeClerk,
        "legal_reviewer" => Role::LegalReviewer,
        "decider" | "back_office" => Role::Decider,
        "exit_clerk" => Role::ExitClerk,
        "consultee" | "co_handler" => Role::CoHandler,
        // Reviewers, second reviewers, site inspectors and certificate clerks of the department.
        _ => Role::Reviewer,
    }
}

/// The procedure of this name.
///
/// # Errors
/// [`Fault::Broken`] when there is none: the catalogue publishes no item with such a one.
pub fn procedure(name: &str) -> Result<Arc<Procedure>, Fault> {
    static ALL: OnceLock<BTreeMap<&'static str, Arc<Procedure>>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let read = |shipped: &process::procedures::Procedure| {
            let definitions = process::parse(shipped.xml.as_bytes()).ok()?;
            let procedure = Procedure {
                name: shipped.name,
                process: definitions.main()?.clone(),
                english: definitions.main_in_english()?,
                diagram: definitions.diagram,
            };
            Some((shipped.name, Arc::new(procedure)))
        };
        process::procedures::all().iter().filter_map(read).collect()
    });
    let found = all.get(name).cloned();
    found.ok_or_else(|| Fault::broken(format!("there is no procedure {name}")))
}
