//! Erasure: the person asks and sees what stands in the way; the security administrator carries
//! it out; the audit administrator reads.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kernel::{Fault, PersonId};
use web::parts::Fact;
use web::{
    App, Button, Citizen, Form, Officer, OnceToken, Paging, Path, Reply, Role, Shell, page,
    redirect,
};

use crate::erasure::{self, Erasure, ErasureId, ErasureStatus, Obstacle};

/// A matter that stands in the way, as a row.
struct Row {
    number: String,
    item: String,
    why: String,
    until: String,
}

fn rows(shell: &Shell, obstacles: Vec<Obstacle>) -> Vec<Row> {
    let row = |one: Obstacle| Row {
        number: one.number,
        item: one.item,
        why: format!(
            "{} ({})",
            shell.t(&format!("identity.bar_{}", one.bar)),
            one.bar.statute()
        ),
        until: one.until.map_or_else(String::new, |day| day.to_string()),
    };
    obstacles.into_iter().map(row).collect()
}

/// A request, as a list shows it.
struct Asked {
    id: String,
    asked_on: String,
    status: String,
    tone: &'static str,
    outcome: String,
    waits: bool,
}

fn asked(shell: &Shell, one: &Erasure) -> Asked {
    let params = vec![
        ("count", one.in_the_way.to_string()),
        (
            "free_on",
            one.free_on
                .map_or_else(|| "—".to_owned(), |day| day.to_string()),
        ),
        ("matters", one.erased.matters.to_string()),
        ("texts", one.erased.texts.to_string()),
        ("files", one.erased.files.to_string()),
        ("drafts", one.erased.drafts.to_string()),
        ("letters", one.erased.letters.to_string()),
        (
            "on",
            one.ended_on.map_or_else(String::new, |day| day.to_string()),
        ),
    ];
    let tone = match one.status {
        ErasureStatus::Asked => "blue",
        ErasureStatus::Refused => "red",
        ErasureStatus::Withdrawn => "",
        ErasureStatus::CarriedOut => "green",
    };
    Asked {
        id: one.id.to_string(),
        asked_on: one.asked_on.to_string(),
        status: shell
            .t(&format!("identity.erasure_{}", one.status))
            .to_owned(),
        tone,
        outcome: match one.free_on {
            None if one.status == ErasureStatus::Refused => {
                shell.say("identity.erasure_refused_open", &params)
            }
            _ => shell.say(&format!("identity.erasure_{}_text", one.status), &params),
        },
        waits: one.status == ErasureStatus::Asked,
    }
}

#[derive(Template)]
#[template(path = "identity/erasure.html")]
struct OwnPage {
    shell: Shell,
    obstacles: Vec<Row>,
    requests: Vec<Asked>,
    may_ask: bool,
}

pub(crate) async fn show_own(app: App, by: Citizen, shell: Shell) -> Reply<Response> {
    let me = by.id;
    let (obstacles, requests) = app
        .read(move |tx| Ok((erasure::obstacles(tx, me)?, erasure::of_person(tx, me)?)))
        .await?;
    let requests: Vec<Asked> = requests.iter().map(|one| asked(&shell, one)).collect();
    page(&OwnPage {
        obstacles: rows(&shell, obstacles),
        may_ask: !requests.iter().any(|one| one.waits),
        requests,
        shell,
    })
}

pub(crate) async fn ask(
    app: App,
    by: Citizen,
    shell: Shell,
    once: OnceToken,
    _form: Form<Button>,
) -> Reply<Response> {
    let me = by.id;
    let asked = move |tx: &mut db::Tx<'_>| Ok(erasure::ask(tx, me)?.status);
    let status = app.write_once(&by, &once, asked).await?;
    let said = match status {
        ErasureStatus::Refused => shell.t("identity.erasure_was_refused"),
        _ => shell.t("identity.erasure_was_asked"),
    };
    Ok(redirect("/my/erasure").flash(said).into_response())
}

pub(crate) async fn withdraw(
    app: App,
    by: Citizen,
    shell: Shell,
    Path(id): Path<ErasureId>,
    _form: Form<Button>,
) -> Reply<Response> {
    let me = by.id;
    app.write(&by, move |tx| erasure::withdraw(tx, me, id))
        .await?;
    let onward = redirect("/my/erasure").flash(shell.t("identity.erasure_was_withdrawn"));
    Ok(onward.into_response())
}

#[derive(Template)]
#[template(path = "identity/erasures.html")]
struct ListPage {
    shell: Shell,
    requests: Vec<Asked>,
    first_page: String,
    next_page: String,
}

pub(crate) async fn show_all(app: App, shell: Shell, paging: Paging) -> Reply<Response> {
    let (before, most) = (paging.after()?, paging.limit_and_one());
    let found = app.read(move |tx| erasure::all(tx, before, most)).await?;
    let found = paging.page(found, |one| one.id)?;
    let here = "/desk/admin/erasures";
    page(&ListPage {
        next_page: found.onward(here),
        requests: found.items.iter().map(|one| asked(&shell, one)).collect(),
        first_page: paging.start(here),
        shell,
    })
}

#[derive(Template)]
#[template(path = "identity/erasure_desk.html")]
struct DeskPage {
    shell: Shell,
    request: Asked,
    facts: Vec<Fact>,
    obstacles: Vec<Row>,
    may_carry_out: bool,
}

/// Who it is, as far as that must be seen to act; nobody once they are erased.
fn called(tx: &mut db::Tx<'_>, person: PersonId) -> Result<Option<[String; 2]>, Fault> {
    match crate::person(tx, person) {
        Ok(card) => Ok(Some([card.name.clone(), card.masked_number()])),
        Err(Fault::NotFound { .. }) => Ok(None),
        Err(fault) => Err(fault),
    }
}

pub(crate) async fn show_one(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<ErasureId>,
) -> Reply<Response> {
    let (request, who, obstacles) = app
        .read(move |tx| {
            let request = erasure::erasure(tx, id)?;
            let standing = match request.status {
                ErasureStatus::Asked => erasure::obstacles(tx, request.person)?,
                _ => Vec::new(),
            };
            let who = called(tx, request.person)?;
            Ok((request, who, standing))
        })
        .await?;
    let mut facts = vec![Fact::plain(
        shell.t("identity.erasure_person"),
        request.person.to_string(),
    )];
    if let Some([name, number]) = who {
        facts.push(Fact::plain(shell.t("identity.name"), name));
        facts.push(Fact::plain(shell.t("identity.identity_number"), number));
    }
    let request = asked(&shell, &request);
    page(&DeskPage {
        may_carry_out: request.waits && by.has(Role::SecurityAdmin) && obstacles.is_empty(),
        obstacles: rows(&shell, obstacles),
        request,
        facts,
        shell,
    })
}

pub(crate) async fn carry_out(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<ErasureId>,
    once: OnceToken,
    _form: Form<Button>,
) -> Reply<Response> {
    let work = move |tx: &mut db::Tx<'_>| Ok(erasure::carry_out(tx, id)?.id);
    app.write_once(&by, &once, work).await?;
    let onward = redirect(format!("/desk/admin/erasures/{id}"));
    Ok(onward
        .flash(shell.t("identity.erasure_was_carried_out"))
        .into_response())
}
