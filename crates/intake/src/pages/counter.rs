//! `/desk/intake/new`: a new application for somebody who stands at the window, and the power of
//! attorney of those who come for another.
//!
//! Deliberately absent: any rule; what says no is shown beside its field.

use std::sync::Arc;

use askama::Template;
use axum::response::{IntoResponse, Response};
use catalogue::{ItemId, Version};
use db::Tx;
use identity::{NewPerson, PersonKind};
use jiff::civil::Date;
use kernel::{Fault, PersonId, Problem};
use serde::Deserialize;
use web::parts::{Choice, Fact};
use web::{
    Again, App, Download, Fields, Form, FormReader, Officer, OnceToken, Path, Problems, Query,
    ReadForm, Reply, Shell, Upload, page, redirect,
};

use super::files::store_all;
use super::{apply, words};
use crate::acting::{Paper, SCOPE_CHARS_MAX};
use crate::model::{By, NewDraft};
use crate::power::{HandedIn, PowerId};

#[derive(Deserialize)]
pub(super) struct AskedNew {
    item: Option<String>,
}

/// The visitor at the window, and perhaps the person they stand for.
pub(super) struct Visitors {
    item: String,
    seen: Option<u32>,
    applicant: NewPerson,
    agent: Option<NewPerson>,
    power: Option<PowerForm>,
}

/// The power of attorney as the clerk writes it down.
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

impl ReadForm for Visitors {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let item = form.text("item", 100);
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
        // The page was made from a version of this item, unless another item was typed since.
        let fields = form.fields();
        let same = fields.get("item").trim() == fields.get("item_seen");
        let seen = u32::try_from(fields.revision()).ok();
        Some(Self {
            seen: seen.filter(|number| same && *number != 0),
            item: item?,
            applicant: applicant?,
            agent: agent?,
            power: power?,
        })
    }
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

#[derive(Template)]
#[template(path = "intake/new.html")]
struct NewPage {
    shell: Shell,
    item: String,
    /// The item's name, and the number of the version that the page was made from.
    item_name: String,
    revision: u32,
    changes: Vec<Fact>,
    typed: Fields,
    kinds: Vec<Choice>,
    matters: Vec<Choice>,
    for_another: bool,
    problems: Problems,
}

/// The item that the page is about, as it is published today.
async fn known(app: &App, code: &str) -> Reply<Option<Arc<Version>>> {
    let code = code.trim().to_owned();
    let find = move |tx: &mut Tx<'_>| {
        let today = tx.today();
        catalogue::published_by_code(tx, &code, today)
    };
    Ok(app.read(find).await?)
}

fn new_page(shell: Shell, typed: Fields, version: Option<&Version>, problems: Problems) -> NewPage {
    let kinds = [
        (
            PersonKind::Natural.as_str(),
            shell.t("intake.kind_natural").to_owned(),
        ),
        (
            PersonKind::Legal.as_str(),
            shell.t("intake.kind_legal").to_owned(),
        ),
    ];
    let matters = MATTERS.map(|(value, key)| (value, shell.t(key).to_owned()));
    let agent = ["agent_name", "agent_number", "agent_phone", "power_scope"];
    NewPage {
        item: typed.get("item").to_owned(),
        item_name: version.map_or_else(String::new, |version| {
            version.content.name.get(shell.lang).to_owned()
        }),
        revision: version.map_or(0, |version| version.number),
        changes: Vec::new(),
        kinds: Choice::list(kinds, typed.get("kind")),
        matters: Choice::list(matters, typed.or("power_matter", "item")),
        for_another: agent.iter().any(|name| !typed.get(name).is_empty()),
        typed,
        problems,
        shell,
    }
}

pub(super) async fn show_new(
    app: App,
    shell: Shell,
    Query(asked): Query<AskedNew>,
) -> Reply<Response> {
    let item = asked.item.unwrap_or_default();
    let typed = Fields::of([
        ("item", item.as_str()),
        ("kind", PersonKind::Natural.as_str()),
    ]);
    let version = known(&app, &item).await?;
    page(&new_page(
        shell,
        typed,
        version.as_deref(),
        Problems::none(),
    ))
}

pub(super) async fn add_new(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    form: Form<Visitors>,
) -> Reply<Response> {
    let Form {
        fields: typed,
        command,
    } = form;
    let done = match command {
        Ok(new) => begin_draft(&app, &by, &once, new).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(to) => Ok(redirect(to).into_response()),
        Err(fault) => {
            let again = Again::of(fault, &shell, field_of)?;
            let status = again.status();
            let version = known(&app, typed.get("item")).await?;
            let version = version.as_deref();
            let changes = version.filter(|_| again.stale);
            let changes = changes.map(|version| new_version(&shell, version));
            let mut filled = new_page(shell, typed, version, again.problems);
            filled.changes = changes.into_iter().collect();
            Again::show(status, &filled)
        }
    }
}

/// What is in force now, with the way to its guide.
fn new_version(shell: &Shell, version: &Version) -> Fact {
    let said = [
        ("number", version.number.to_string()),
        ("day", version.effective.to_string()),
    ];
    let code = version.content.codes.key().unwrap_or_default();
    Fact {
        label: version.content.name.get(shell.lang).to_owned(),
        text: shell.say("intake.new_version", &said),
        href: format!("/items/{code}"),
        action: shell.t("intake.power_show").to_owned(),
    }
}

/// The field that a refusal is about.
fn field_of(code: &str) -> Option<&'static str> {
    Some(match code {
        "intake.no_power_of_attorney" | "intake.outside_power" => "power_file",
        "intake.original_not_seen" => "power_seen",
        "intake.power_over" => "power_until",
        "intake.item_closed" => "item",
        "identity.same_person" => "agent_number",
        "identity.person_differs" => "number",
        _ => return None,
    })
}

/// Stores the paper, then writes visitors, paper and draft down in one transaction.
async fn begin_draft(
    app: &App,
    by: &Officer,
    once: &OnceToken,
    mut new: Visitors,
) -> Result<String, Fault> {
    let me = By::from(by);
    let file = new.power.as_mut().and_then(|power| power.file.take());
    let paper = match file {
        Some(file) => {
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
            Some(Paper {
                stored: one.stored,
                media: one.media.to_owned(),
                name: one.name,
            })
        }
        None => None,
    };
    app.write_once(by, once, move |tx| begin(tx, &me, &new, paper.as_ref()))
        .await
}

fn begin(tx: &mut Tx<'_>, by: &By, new: &Visitors, paper: Option<&Paper>) -> Result<String, Fault> {
    let today = tx.today();
    let version = catalogue::published_by_code(tx, new.item.trim(), today)?;
    let version = version.ok_or_else(|| Fault::invalid("item", "intake.no_such_item"))?;
    if new.seen.is_some_and(|seen| seen != version.number) {
        return Err(Fault::Conflict { what: "item" });
    }
    let applicant = at_counter(tx, by, &new.applicant, "")?;
    let agent = match &new.agent {
        Some(agent) => Some(at_counter(tx, by, agent, "agent_")?),
        None => None,
    };
    if let (Some(agent), Some(power), Some(paper)) = (agent, &new.power, paper) {
        record(tx, by, (applicant, agent, version.item), power, paper)?;
    }
    let asked = NewDraft {
        item: version.item,
        applicant,
        agent,
    };
    let id = crate::start_draft(tx, by, asked)?;
    Ok(apply::next_step(&crate::draft(tx, by, id)?, &version))
}

fn record(
    tx: &mut Tx<'_>,
    by: &By,
    (principal, agent, item): (PersonId, PersonId, ItemId),
    power: &PowerForm,
    paper: &Paper,
) -> Result<PowerId, Fault> {
    let new = HandedIn {
        principal,
        agent,
        item: (!power.every_matter).then_some(item),
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

/// The paper itself, for the front desk that took it.
pub(super) async fn download_power(
    app: App,
    by: Officer,
    Path(id): Path<PowerId>,
) -> Reply<Download> {
    let me = By::from(&by);
    let (kept, content) = app.read(move |tx| crate::power_paper(tx, &me, id)).await?;
    Ok(words::download(kept, content))
}
