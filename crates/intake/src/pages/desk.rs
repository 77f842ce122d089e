//! `/desk/intake`: what waits at the front desk with its clock, and a new application for a
//! person who stands at the window.

use askama::Template;
use axum::response::{IntoResponse, Response};
use calendar::WorkingDays;
use db::Tx;
use identity::{NewPerson, PersonKind};
use kernel::Fault;
use serde::Deserialize;
use web::parts::{Choice, Link};
use web::{
    App, Fields, Form, FormReader, Officer, OnceToken, Paging, Problems, Query, ReadForm, Reply,
    Shell, invalid, page, redirect,
};

use super::{apply, words, wrong_fields};
use crate::look::QueueKey;
use crate::model::{Application, ApplicationId, By, NewDraft, Status};

struct QueueRow {
    id: ApplicationId,
    href: String,
    number: String,
    item: String,
    applicant: String,
    received_on: String,
    shade: &'static str,
    clock: String,
}

#[derive(Template)]
#[template(path = "intake/queue.html")]
struct QueuePage {
    shell: Shell,
    tabs: Vec<Link>,
    queue: Vec<QueueRow>,
    drafts: Vec<Link>,
    start: String,
    onward: String,
}

#[derive(Deserialize)]
pub(super) struct AskedQueue {
    state: Option<Status>,
}

/// The states that the desk still has to do with.
const OPEN: [(Status, &str); 3] = [
    (Status::Received, "intake.tab_received"),
    (Status::Corrected, "intake.tab_corrected"),
    (Status::NoticeGiven, "intake.tab_notice_given"),
];

pub(super) async fn show_queue(
    app: App,
    by: Officer,
    shell: Shell,
    Query(asked): Query<AskedQueue>,
    paging: Paging,
) -> Reply<Response> {
    let me = By::from(&by);
    let By::Clerk { hall, .. } = me else {
        return Err(Fault::Forbidden {
            code: "access.role_missing",
        }
        .into());
    };
    let status = asked.state.unwrap_or(Status::Received);
    let (after, most) = (paging.after::<QueueKey>()?, paging.limit_and_one());
    let lang = shell.clone();
    let (rows, drafts, counts) = app
        .read(move |tx| {
            let mut rows = Vec::new();
            for application in crate::look::queue(tx, hall, status, after, most)? {
                rows.push((application.answer_by, queue_row(tx, &lang, &application)?));
            }
            let mut drafts = Vec::new();
            for draft in crate::drafts(tx, &me)? {
                let today = tx.today();
                let Some(version) = catalogue::published(tx, draft.item, today)? else {
                    continue;
                };
                let name = identity::shown_name(tx, draft.applicant)?;
                let words = format!("{name} · {}", version.content.name.get(lang.lang));
                drafts.push(Link::to(apply::next_step(&draft, &version), words));
            }
            let mut counts = Vec::new();
            for (state, _) in OPEN {
                counts.push(crate::waiting(tx, hall, state)?);
            }
            Ok((rows, drafts, counts))
        })
        .await?;
    let listed = paging.page(rows, |(day, row)| (*day, row.id))?;
    let tabs = OPEN.iter().zip(counts).map(|((state, key), count)| {
        let href = format!("/desk/intake?state={state}");
        let mut tab = Link::to(href, format!("{} {count}", shell.t(key)));
        tab.current = *state == status;
        tab
    });
    let here = format!("/desk/intake?state={status}");
    let onward = listed.next.map(|cursor| format!("{here}&cursor={cursor}"));
    page(&QueuePage {
        tabs: tabs.collect(),
        queue: listed.items.into_iter().map(|(_, row)| row).collect(),
        drafts,
        start: if paging.is_first() {
            String::new()
        } else {
            here
        },
        onward: onward.unwrap_or_default(),
        shell,
    })
}

fn queue_row(tx: &mut Tx<'_>, shell: &Shell, one: &Application) -> Result<QueueRow, Fault> {
    let version = crate::version_of(tx, one)?;
    let calendar = tx.thing::<WorkingDays>()?;
    let (shade, clock) = words::light(shell, &calendar, one, tx.today());
    Ok(QueueRow {
        id: one.id,
        href: format!("/desk/intake/{}", one.id),
        number: one.number.to_string(),
        item: version.content.name.get(shell.lang).to_owned(),
        applicant: identity::shown_name(tx, one.applicant)?,
        received_on: one.received_on.to_string(),
        shade,
        clock,
    })
}

#[derive(Deserialize)]
pub(super) struct AskedNew {
    item: Option<String>,
}

/// The visitor at the window, and perhaps the person they stand for.
pub(super) struct Visitors {
    item: String,
    applicant: NewPerson,
    agent: Option<NewPerson>,
}

impl ReadForm for Visitors {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let item = form.text("item", 100);
        let applicant = read_person(form, "");
        let agent = if form.fields().get("agent_number").trim().is_empty() {
            Some(None)
        } else {
            read_person(form, "agent_").map(Some)
        };
        Some(Self {
            item: item?,
            applicant: applicant?,
            agent: agent?,
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

#[derive(Template)]
#[template(path = "intake/new.html")]
struct NewPage {
    shell: Shell,
    item: String,
    typed: Fields,
    kinds: Vec<Choice>,
    problems: Problems,
}

fn new_page(shell: Shell, typed: Fields, problems: Problems) -> NewPage {
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
    NewPage {
        item: typed.get("item").to_owned(),
        kinds: Choice::list(kinds, typed.get("kind")),
        typed,
        problems,
        shell,
    }
}

pub(super) async fn show_new(shell: Shell, Query(asked): Query<AskedNew>) -> Reply<Response> {
    let item = asked.item.unwrap_or_default();
    let typed = Fields::of([
        ("item", item.as_str()),
        ("kind", PersonKind::Natural.as_str()),
    ]);
    page(&new_page(shell, typed, Problems::none()))
}

pub(super) async fn add_new(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    form: Form<Visitors>,
) -> Reply<Response> {
    let me = By::from(&by);
    let Form {
        fields: typed,
        command,
    } = form;
    let done = match command {
        Ok(new) => {
            app.write_once(&by, &once, move |tx| begin(tx, &me, &new))
                .await
        }
        Err(fault) => Err(fault),
    };
    match done {
        Ok(to) => Ok(redirect(to).into_response()),
        Err(fault) => {
            let problems = shell.problems(&wrong_fields(fault)?);
            invalid(&new_page(shell, typed, problems))
        }
    }
}

fn begin(tx: &mut Tx<'_>, by: &By, new: &Visitors) -> Result<String, Fault> {
    let today = tx.today();
    let version = catalogue::published_by_code(tx, new.item.trim(), today)?;
    let version = version.ok_or_else(|| Fault::invalid("item", "intake.no_such_item"))?;
    let applicant = at_counter(tx, by, &new.applicant, "")?;
    let agent = match &new.agent {
        Some(agent) => Some(at_counter(tx, by, agent, "agent_")?),
        None => None,
    };
    let asked = NewDraft {
        item: version.item,
        applicant,
        agent,
    };
    let id = crate::start_draft(tx, by, asked)?;
    Ok(apply::next_step(&crate::draft(tx, by, id)?, &version))
}

/// What identity says of a person is told at the fields of this page.
fn at_counter(
    tx: &mut Tx<'_>,
    by: &By,
    person: &NewPerson,
    prefix: &str,
) -> Result<kernel::PersonId, Fault> {
    crate::visitor(tx, by, person.clone()).map_err(|fault| match fault {
        Fault::Invalid(mut problems) => {
            for problem in &mut problems {
                let field = match problem.field.as_str() {
                    "identity_number" => "number",
                    other => other,
                };
                problem.field = format!("{prefix}{field}");
            }
            Fault::Invalid(problems)
        }
        other => other,
    })
}
