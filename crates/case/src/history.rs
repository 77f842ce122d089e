//! The history of a case: its ledger lines, worded by kind, with the names that the viewer may see.
//!
//! Citizens see the post's organ and no officer's name beside officers' internal moves; opinions
//! are internal, grounds of a refusal are not.

use db::Tx;
use jiff::Timestamp;
use kernel::{ActorKind, Fault, Lang, OfficerId, TypedId};
use ledger::{Commitment, lines_of};

use crate::decide::Event;
use crate::model::{CaseId, Code};
use crate::neighbours::{Grounds, Hall};
use crate::store::Viewer;

/// One line of the history.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryLine {
    /// When.
    pub at: Timestamp,
    /// What kind of event: `case.event_KIND` is its wording.
    pub kind: &'static str,
    /// The task, where it is about one.
    pub task: Option<u16>,
    /// The step's name as drawn, or empty.
    pub step: String,
    /// The outcome as a machine word, or empty.
    pub outcome: String,
    /// Who, as far as the viewer may know.
    pub who: String,
    /// Whom they stood in for (AB 角), or empty.
    pub standing_in: String,
    /// The opinion or reason, as far as the viewer may read it.
    pub text: String,
    /// The grounds of a refusal (许可法 38), for all who see the case.
    pub grounds: Option<Grounds>,
    /// The revision, which names the line in the proof.
    pub revision: i64,
    /// The place in the tree; none until sealed.
    pub position: Option<i64>,
}

/// The history of a case for a viewer who may see it, oldest first.
///
/// # Errors
/// [`Fault::NotFound`] when the viewer may not see the case.
pub fn history(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    id: CaseId,
    lang: Lang,
) -> Result<Vec<HistoryLine>, Fault> {
    crate::seen(tx, viewer, id)?;
    let inside = matches!(viewer, Viewer::Officer(_));
    let hall = tx.thing::<Hall>()?;
    let mut procedure_name: Option<Code> = None;
    let mut said = Vec::new();
    for line in lines_of(tx, id)? {
        let event = event_of(&line)?;
        match &event {
            Event::Opened(opened) => procedure_name = Some(opened.procedure.clone()),
            Event::Rerouted(now) => procedure_name = Some(now.procedure.clone()),
            Event::Migrated(now) => {
                procedure_name = Some(now.procedure.clone());
                renumber(&mut said, now);
            }
            _ => {}
        }
        let told = Told::of(&event);
        let step = match (&procedure_name, told.task) {
            (Some(name), Some(task)) => {
                let procedure = crate::edition(tx, name.as_str())?;
                procedure.node_name(task, lang).to_owned()
            }
            _ => String::new(),
        };
        let text = match told.text.filter(|_| inside || told.is_public) {
            Some(text) => ledger::read_text(tx, &text)?.unwrap_or_default(),
            None => String::new(),
        };
        let text = with_departure(tx, text, told.departure.filter(|_| inside))?;
        let text = with_minutes(tx, text, told.minutes, lang)?;
        let who = match (line.actor.kind, line.actor.person) {
            (ActorKind::Officer, Some(person)) if inside => {
                hall.officer_name(tx, OfficerId::from_uuid(person))?
            }
            (ActorKind::Officer, _) => match line.actor.organ {
                Some(organ) => hall.organ_name(tx, organ)?,
                None => String::new(),
            },
            _ => String::new(),
        };
        let standing_in = match line.actor.deputizing.filter(|_| inside) {
            Some(officer) => hall.officer_name(tx, officer)?,
            None => String::new(),
        };
        said.push(HistoryLine {
            at: line.at,
            kind: told.kind,
            task: told.task,
            step,
            outcome: told.outcome,
            who,
            standing_in,
            text,
            grounds: match told.grounds {
                Some(grounds) => read_grounds(tx, &grounds)?,
                None => None,
            },
            revision: line.revision,
            position: line.position,
        });
    }
    Ok(said)
}

/// What was done before a move counts for the nodes that stand for it now.
fn renumber(said: &mut [HistoryLine], now: &crate::Migrated) {
    for line in said {
        let there = |old: u16| now.nodes.iter().find(|(from, _)| *from == old);
        line.task = line.task.and_then(there).map(|(_, to)| *to);
    }
}

/// The event that a line of a case holds.
fn event_of(line: &ledger::Line) -> Result<Event, Fault> {
    let mut tagged = serde_json::Map::new();
    tagged.insert(line.kind.clone(), line.data.clone());
    let empty = line.data.as_object().is_some_and(serde_json::Map::is_empty);
    match empty {
        true => serde_json::from_value(serde_json::Value::String(line.kind.clone())),
        false => serde_json::from_value(serde_json::Value::Object(tagged)),
    }
    .map_err(Fault::broken)
}

/// An opinion, and behind it why a decision departs from what the committee resolved.
fn with_departure(
    tx: &mut Tx<'_>,
    text: String,
    departure: Option<Commitment>,
) -> Result<String, Fault> {
    let Some(departure) = departure else {
        return Ok(text);
    };
    let why = ledger::read_text(tx, &departure)?.unwrap_or_default();
    let both = [text, why];
    let said: Vec<String> = both.into_iter().filter(|text| !text.is_empty()).collect();
    Ok(said.join("；"))
}

/// What was said, and behind it how the decision rests on the minutes of a hearing: the paper of
/// the decision says it to everybody concerned.
fn with_minutes(
    tx: &mut Tx<'_>,
    text: String,
    minutes: Option<Commitment>,
    lang: Lang,
) -> Result<String, Fault> {
    let Some(minutes) = minutes else {
        return Ok(text);
    };
    let weighed = ledger::read_text(tx, &minutes)?.unwrap_or_default();
    let weighed = match weighed.as_str() {
        "" => weighed,
        said => lang.pick(
            format!("根据听证笔录：{said}"),
            format!("By the minutes of the hearing: {said}"),
        ),
    };
    let both = [text, weighed];
    let said: Vec<String> = both.into_iter().filter(|text| !text.is_empty()).collect();
    Ok(said.join("；"))
}

/// The grounds behind their commitment; none once they were erased.
fn read_grounds(tx: &mut Tx<'_>, kept: &Commitment) -> Result<Option<Grounds>, Fault> {
    let text = ledger::read_text(tx, kept)?;
    text.map(|text| serde_json::from_str(&text).map_err(Fault::broken))
        .transpose()
}

/// What one event tells.
struct Told {
    kind: &'static str,
    task: Option<u16>,
    outcome: String,
    text: Option<Commitment>,
    grounds: Option<Commitment>,
    departure: Option<Commitment>,
    minutes: Option<Commitment>,
    is_public: bool,
}

impl Told {
    fn of(event: &Event) -> Self {
        let plain = |kind| Self {
            kind,
            task: None,
            outcome: String::new(),
            text: None,
            grounds: None,
            departure: None,
            minutes: None,
            is_public: true,
        };
        match event {
            Event::Opened(_) => plain("opened"),
            Event::Claimed { task, .. } => plain("claimed").at(*task),
            Event::Released { task } => plain("released").at(*task),
            Event::HandedOver { task, .. } => plain("handed_over").at(*task),
            Event::CoHandlerAdded(task) => Self {
                text: task.question,
                is_public: false,
                ..plain("co_handler_added")
            },
            Event::Advanced(advanced) => {
                let kind = match (&advanced.delivery, advanced.verdict, advanced.by) {
                    (Some(_), _, _) => "delivered",
                    (None, Some(crate::Verdict::Granted), _) => "granted",
                    (None, Some(crate::Verdict::Refused), _) => "refused",
                    (None, None, None) => "timed",
                    (None, None, Some(_)) => "advanced",
                };
                let outcome = advanced.outcome.as_ref();
                Self {
                    outcome: outcome.map(ToString::to_string).unwrap_or_default(),
                    text: advanced.opinion,
                    grounds: advanced.grounds,
                    departure: advanced.departure,
                    minutes: advanced.minutes,
                    is_public: false,
                    ..plain(kind).at(advanced.task)
                }
            }
            Event::Paused { reason, .. } => plain("paused").saying(*reason),
            Event::Resumed { .. } => plain("resumed"),
            Event::Extended { reason, .. } => plain("extended").saying(*reason),
            Event::Redated { .. } => plain("redated"),
            Event::Withdrawn { reason, .. } => Self {
                text: *reason,
                ..plain("withdrawn")
            },
            Event::DeemedWithdrawn { .. } => plain("deemed_withdrawn"),
            Event::Rerouted(_) => plain("rerouted"),
            Event::Migrated(now) => Self {
                outcome: format!("{} → {}", now.from, now.procedure),
                ..plain("migrated").saying(now.reason)
            },
            Event::TacitlyApproved(_) => plain("tacitly_approved"),
            Event::TacitChecked { finding, .. } => Self {
                is_public: false,
                ..plain("tacit_checked").saying(*finding)
            },
            Event::GrantedByRule(_) => plain("granted_by_rule"),
            Event::RuleChecked { finding, .. } => Self {
                is_public: false,
                ..plain("rule_checked").saying(*finding)
            },
            Event::Prioritised { reason, .. } => plain("prioritised").saying(*reason),
            Event::Archived => plain("archived"),
        }
    }

    fn at(self, task: u16) -> Self {
        Self {
            task: Some(task),
            ..self
        }
    }

    fn saying(self, text: Commitment) -> Self {
        Self {
            text: Some(text),
            ..self
        }
    }
}
