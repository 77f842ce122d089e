//! Who stands at the window: the visitor, perhaps the person they stand for, and the power of
//! attorney. One part for single items and for bundles.
//!
//! Deliberately absent: any rule; what says no is shown beside its field.

use catalogue::ItemId;
use db::Tx;
use identity::{NewPerson, PersonKind};
use jiff::civil::Date;
use kernel::{Fault, PersonId, Problem};
use web::parts::Choice;
use web::{App, Fields, FormReader, Shell, Upload};

use super::files::store_all;
use crate::acting::{Paper, SCOPE_CHARS_MAX};
use crate::model::By;
use crate::power::{HandedIn, PowerId};

/// The visitor at the window, and perhaps the person they stand for.
#[derive(Debug)]
pub struct Visitors {
    applicant: NewPerson,
    agent: Option<NewPerson>,
    power: Option<PowerForm>,
}

/// The power of attorney as the clerk writes it down.
#[derive(Debug)]
struct PowerForm {
    file: Option<Upload>,
    every_matter: bool,
    scope: String,
    until: Date,
    original_seen: bool,
}

/// What the paper may be about.
const MATTERS: [(&str, &str); 2] = [
    ("item", "intake.power_this_item"),
    ("all", "intake.power_every_matter"),
];

impl Visitors {
    /// Reads visitor, agent and paper of a form; nothing when a field is wrong.
    pub fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let applicant = read_person(form, "");
        let agent = if form.fields().get("agent_number").trim().is_empty() {
            Some(None)
        } else {
            read_person(form, "agent_").map(Some)
        };
        let power = match agent {
            Some(None) => Some(None),
            Some(Some(_)) | None => read_power(form),
        };
        Some(Self {
            applicant: applicant?,
            agent: agent?,
            power: power?,
        })
    }

    /// Stores the paper that was sent, before the transaction names it.
    ///
    /// # Errors
    /// [`Fault::Invalid`] for a paper of a wrong kind.
    pub async fn store_paper(&mut self, app: &App) -> Result<Option<Paper>, Fault> {
        let file = self.power.as_mut().and_then(|power| power.file.take());
        let Some(file) = file else {
            return Ok(None);
        };
        let mut arrived = store_all(app, vec![(String::new(), file)]).await?;
        let one = arrived.pop();
        let one = one.ok_or_else(|| Fault::invalid("power_file", "field.file_required"))?;
        if !matches!(one.media, "application/pdf" | "image/jpeg" | "image/png") {
            let problem = Problem::new("power_file", "material.wrong_kind");
            let problem = problem
                .with("name", one.name)
                .with("kinds", "pdf, jpg, png");
            return Err(Fault::Invalid(vec![problem]));
        }
        Ok(Some(Paper {
            stored: one.stored,
            media: one.media.to_owned(),
            name: one.name,
        }))
    }

    /// Writes the visitors down, and the paper for the matters that it is about; answers who
    /// applies and who acts.
    ///
    /// # Errors
    /// What identity says of a person, what `power` says of the paper; each at its field.
    pub fn write_down(
        &self,
        tx: &mut Tx<'_>,
        by: &By,
        items: &[ItemId],
        paper: Option<&Paper>,
    ) -> Result<(PersonId, Option<PersonId>), Fault> {
        let applicant = at_counter(tx, by, &self.applicant, "")?;
        let agent = match &self.agent {
            Some(agent) => Some(at_counter(tx, by, agent, "agent_")?),
            None => None,
        };
        if let (Some(agent), Some(power), Some(paper)) = (agent, &self.power, paper) {
            let every = [None];
            let each: Vec<Option<ItemId>> = items.iter().copied().map(Some).collect();
            let about: &[Option<ItemId>] = if power.every_matter { &every } else { &each };
            for item in about {
                record(tx, by, (applicant, agent, *item), power, paper)?;
            }
        }
        Ok((applicant, agent))
    }
}

/// What the part of the page shows: `intake/visitors.html`, its fields beside `problems`.
#[derive(Debug, Clone)]
pub struct VisitorsView {
    /// What was typed.
    pub typed: Fields,
    /// A person or a body.
    pub kinds: Vec<Choice>,
    /// What the paper may be about.
    pub matters: Vec<Choice>,
    /// Whether somebody is named who acts for another.
    pub for_another: bool,
}

impl VisitorsView {
    /// The part, filled with what was typed.
    #[must_use]
    pub fn of(shell: &Shell, typed: Fields) -> Self {
        let natural = PersonKind::Natural.as_str();
        let kinds = [
            (natural, "intake.kind_natural"),
            (PersonKind::Legal.as_str(), "intake.kind_legal"),
        ];
        let worded = |(value, key): (&'static str, &'static str)| (value, shell.t(key));
        let agent = ["agent_name", "agent_number", "agent_phone", "power_scope"];
        Self {
            kinds: Choice::list(kinds.map(worded), typed.or("kind", natural)),
            matters: Choice::list(MATTERS.map(worded), typed.or("power_matter", "item")),
            for_another: agent.iter().any(|name| !typed.get(name).is_empty()),
            typed,
        }
    }
}

/// The field of the part that a refusal is about.
#[must_use]
pub fn visitor_field(code: &str) -> Option<&'static str> {
    Some(match code {
        "intake.no_power_of_attorney" | "intake.outside_power" => "power_file",
        "intake.original_not_seen" => "power_seen",
        "intake.power_over" => "power_until",
        "identity.same_person" => "agent_number",
        "identity.person_differs" => "number",
        _ => return None,
    })
}

fn read_person(form: &mut FormReader<'_>, prefix: &str) -> Option<NewPerson> {
    let field = |name: &str| format!("{prefix}{name}");
    let kind = match prefix {
        "" => form.word(&field("kind")),
        _ => Some(PersonKind::Natural),
    };
    let name = form.text(&field("name"), 100);
    let number = form.text(&field("number"), 18);
    let phone = form.phone(&field("phone"));
    Some(NewPerson {
        kind: kind?,
        name: name?,
        identity_number: number?,
        phone: phone?,
        account: None,
    })
}

/// The paper, when one is handed in: an agent whose paper lies in the hall already brings none.
fn read_power(form: &mut FormReader<'_>) -> Option<Option<PowerForm>> {
    let typed = ["power_scope", "power_until"];
    let typed = typed.map(|name| !form.fields().get(name).trim().is_empty());
    // Files are taken out of the form once.
    let mut files = form.files("power_file").into_iter();
    let sent = files.find(|file| 0 < file.bytes);
    if sent.is_none() && !typed.contains(&true) && !form.flag("power_seen") {
        return Some(None);
    }
    let file = match sent {
        Some(file) => Some(file),
        None => form.problem(Problem::new("power_file", "field.file_required")),
    };
    let scope = form.text("power_scope", SCOPE_CHARS_MAX);
    let until = form.date("power_until");
    Some(Some(PowerForm {
        file: Some(file?),
        every_matter: form.fields().get("power_matter") == "all",
        scope: scope?,
        until: until?,
        original_seen: form.flag("power_seen"),
    }))
}

fn record(
    tx: &mut Tx<'_>,
    by: &By,
    (principal, agent, item): (PersonId, PersonId, Option<ItemId>),
    power: &PowerForm,
    paper: &Paper,
) -> Result<PowerId, Fault> {
    let new = HandedIn {
        principal,
        agent,
        item,
        until: power.until,
        original_seen: power.original_seen,
    };
    let recorded = crate::record_power(tx, by, &new, &power.scope, paper);
    recorded.map_err(|fault| renamed(fault, |_| "power_scope".to_owned()))
}

/// What identity says of a person is told at the fields of this page.
fn at_counter(
    tx: &mut Tx<'_>,
    by: &By,
    person: &NewPerson,
    prefix: &str,
) -> Result<PersonId, Fault> {
    let field = |field: &str| match field {
        "identity_number" => format!("{prefix}number"),
        other => format!("{prefix}{other}"),
    };
    crate::visitor(tx, by, person.clone()).map_err(|fault| renamed(fault, field))
}

/// The same fault, its problems at other fields.
fn renamed(fault: Fault, field: impl Fn(&str) -> String) -> Fault {
    match fault {
        Fault::Invalid(mut problems) => {
            for problem in &mut problems {
                problem.field = field(&problem.field);
            }
            Fault::Invalid(problems)
        }
        other => other,
    }
}
