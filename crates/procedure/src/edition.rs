//! One version of a procedure, ready to run and to be drawn. Shipped files are read once; what
//! an office published is read from the store and kept at hand, for it never changes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, Lang};
use process::{Delay, Kind as NodeKind, Marking, NodeId, Process, Trigger};
use web::Role;

use crate::model::{EditionName, ProcedureName};
use crate::use_cases;

/// A procedure in one version, ready to run and to be drawn.
#[derive(Debug)]
pub struct Edition {
    /// Its name and version, as cases keep it.
    pub name: Box<str>,
    process: Process,
    english: Process,
    diagram: process::Diagram,
}

impl Edition {
    /// Reads a file.
    ///
    /// # Errors
    /// [`Fault::Broken`] for a file that cannot run: none such is published.
    pub fn read(name: &str, file: &str) -> Result<Self, Fault> {
        let wrong = || Fault::broken(format!("the procedure {name} does not run"));
        let definitions = process::parse(file.as_bytes()).map_err(Fault::broken)?;
        Ok(Self {
            name: name.into(),
            process: definitions.main().ok_or_else(wrong)?.clone(),
            english: definitions.main_in_english().ok_or_else(wrong)?,
            diagram: definitions.diagram,
        })
    }

    /// The process.
    #[must_use]
    pub fn process(&self) -> &Process {
        &self.process
    }

    /// The working days of the longest way to the decision.
    #[must_use]
    pub fn longest_to_decision(&self) -> u32 {
        process::span_to_decision(&self.process).longest
    }

    fn labelled(&self, lang: Lang) -> &Process {
        lang.pick(&self.process, &self.english)
    }

    /// The picture, with the nodes where a case stands.
    #[must_use]
    pub fn picture(&self, title: &str, lang: Lang, current: &[NodeId]) -> String {
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
    pub fn node_name(&self, number: u16, lang: Lang) -> &str {
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
            if let NodeKind::Catch(Trigger::Timer(delay)) = &node.kind {
                timers.insert(token.number(), *delay);
            }
            for boundary in &node.boundary {
                if let Some(NodeKind::Boundary {
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

/// The posts 岗位 that a task may name, each with the desk that does it.
pub const POSTS: &[(&str, Role)] = &[
    ("intake_clerk", Role::IntakeClerk),
    ("reviewer", Role::Reviewer),
    ("second_reviewer", Role::Reviewer),
    ("site_inspector", Role::Reviewer),
    ("certificate_clerk", Role::Reviewer),
    ("legal_reviewer", Role::LegalReviewer),
    ("decider", Role::Decider),
    ("back_office", Role::Decider),
    ("exit_clerk", Role::ExitClerk),
    ("consultee", Role::CoHandler),
    ("co_handler", Role::CoHandler),
];

/// The role of a post that a procedure names: several posts of one role are one desk.
#[must_use]
pub fn role_of(post: Option<&str>) -> Role {
    let post = post.unwrap_or_default();
    let known = POSTS.iter().find(|(word, _)| *word == post);
    // What names no post is the reviewers' of the department.
    known.map_or(Role::Reviewer, |(_, role)| *role)
}

/// Whether the product ships a procedure of this name: its version 1.
#[must_use]
pub fn is_shipped(name: &str) -> bool {
    process::procedures::find(name).is_some()
}

/// A shipped procedure, version 1 of its name.
#[must_use]
pub fn shipped(name: &str) -> Option<Arc<Edition>> {
    static ALL: OnceLock<BTreeMap<&'static str, Arc<Edition>>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let read = |shipped: &process::procedures::Procedure| {
            let edition = Edition::read(shipped.name, shipped.xml).ok()?;
            Some((shipped.name, Arc::new(edition)))
        };
        process::procedures::all().iter().filter_map(read).collect()
    });
    all.get(name).cloned()
}

/// Published versions at hand. The roof lends one to each store.
#[derive(Default)]
pub struct Shelf(Mutex<BTreeMap<String, Arc<Edition>>>);

/// More versions than run at one time in any hall; the shelf is emptied when it is full.
const SHELF_MAX: usize = 256;

impl Shelf {
    fn find(&self, name: &str) -> Option<Arc<Edition>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(name).cloned()
    }

    fn put(&self, edition: &Arc<Edition>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() == SHELF_MAX {
            all.clear();
        }
        all.insert(edition.name.to_string(), Arc::clone(edition));
    }
}

/// The version of this name that a case keeps, `standard` or `standard/2`.
///
/// # Errors
/// [`Fault::Broken`] when there is none, or it is not published: no case begins by such a one.
pub fn edition(tx: &mut Tx<'_>, name: &str) -> Result<Arc<Edition>, Fault> {
    if let Some(edition) = shipped(name) {
        return Ok(edition);
    }
    let shelf = tx.thing::<Shelf>().ok();
    if let Some(edition) = shelf.as_ref().and_then(|shelf| shelf.find(name)) {
        return Ok(edition);
    }
    let none = || Fault::broken(format!("there is no procedure {name}"));
    let wanted: EditionName = name.parse().map_err(|_| none())?;
    let file = use_cases::published_file(tx, &wanted)?.ok_or_else(none)?;
    let edition = Arc::new(Edition::read(name, &file)?);
    if let Some(shelf) = shelf {
        shelf.put(&edition);
    }
    Ok(edition)
}

/// The version of a procedure that begins cases on a day: the published one that began last, or
/// the one that the product ships; none when there is neither.
///
/// # Errors
/// As [`Tx::query`].
pub fn in_force(
    tx: &mut Tx<'_>,
    name: &ProcedureName,
    on: Date,
) -> Result<Option<EditionName>, Fault> {
    let drawn = use_cases::find(tx, name)?;
    let begun = drawn.as_ref().and_then(|drawn| {
        let version = drawn.versions.in_force(on)?;
        Some(drawn.edition_name(version.number))
    });
    let shipped = || {
        is_shipped(name.as_str()).then(|| EditionName {
            name: name.clone(),
            number: 1,
        })
    };
    Ok(begun.or_else(shipped))
}
