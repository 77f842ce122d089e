//! HTML for holders and the public: one's own licences on their way out, the days to state and to
//! ask for a hearing, the request to be struck off, and the public register.

use askama::Template;
use axum::response::Response;
use certificate::{CertificateId, CertificateState, masked};
use db::Tx;
use kernel::Fault;
use web::parts::{Fact, Link, Stage};
use web::{
    Again, App, Button, Citizen, Fields, Form, FormReader, OnceToken, Paging, Path, Problems,
    Query, ReadForm, Reply, Shell, answer_form, page, redirect,
};

use crate::desk::{Of, Row, row};
use crate::model::{ExitId, ExitStatus, LicenceExit};
use crate::use_cases::{self, WORDS_CHARS_MAX};
use crate::view::{self, tone};

#[derive(Template)]
#[template(path = "exit/own.html")]
struct OwnPage {
    shell: Shell,
    rows: Vec<Row>,
    standing: Vec<Link>,
}

pub(crate) async fn show_list(app: App, by: Citizen, shell: Shell) -> Reply<Response> {
    let (me, lang) = (by.id, shell.clone());
    let (rows, standing) = app
        .read(move |tx| {
            let mut rows = Vec::new();
            let mut standing = Vec::new();
            let today = tx.today();
            for acting in identity::acting_as(tx, me)? {
                for one in use_cases::of_holder(tx, acting)? {
                    rows.push(row(tx, &lang, &one, "/my/exits")?);
                }
                for one in certificate::seen_as(tx, acting)? {
                    let free = use_cases::running(tx, one.id)?.is_none();
                    if one.state_on(today) == CertificateState::Valid && free {
                        let text = certificate::text_of(tx, &one)?;
                        let name = text.map_or_else(String::new, |text| text.name);
                        let to = format!("/my/exits/request?certificate={}", one.id);
                        standing.push(Link::to(to, format!("{name} {}", one.number)));
                    }
                }
            }
            Ok((rows, standing))
        })
        .await?;
    page(&OwnPage {
        shell,
        rows,
        standing,
    })
}

#[derive(Template)]
#[template(path = "exit/own_one.html")]
struct OwnOnePage {
    shell: Shell,
    problems: Problems,
    typed: Fields,
    base: String,
    title: String,
    state: String,
    tone: &'static str,
    facts: Vec<Fact>,
    stages: Vec<Stage>,
    papers: Vec<Link>,
    until: String,
    may_state: bool,
    may_ask: bool,
    hearing: bool,
}

async fn own_page(
    app: &App,
    by: &Citizen,
    id: ExitId,
    shell: Shell,
    typed: Fields,
    problems: Problems,
) -> Reply<OwnOnePage> {
    let (me, lang) = (by.id, shell.clone());
    let (seen, today) = app
        .read(move |tx| {
            let one = use_cases::own(tx, me, id)?;
            Ok((view::seen(tx, &lang, one)?, tx.today()))
        })
        .await?;
    let one: &LicenceExit = &seen.exit;
    let kind = shell.t(&format!("exit.kind_{}", one.kind())).to_owned();
    let days = one.state_by.is_some_and(|last| today <= last);
    let may_state = days && one.status.is_open() && one.statements_closed_on.is_none();
    Ok(OwnOnePage {
        base: format!("/my/exits/{id}"),
        title: format!("{kind} · {}", seen.name),
        state: shell.t(&format!("exit.state_{}", one.status)).to_owned(),
        tone: tone(one.status),
        until: one.state_by.map_or_else(String::new, |day| day.to_string()),
        may_ask: may_state && one.has_hearing_right() && one.hearing_asked_on.is_none(),
        hearing: one.status == ExitStatus::Hearing,
        may_state,
        facts: seen.facts,
        stages: seen.stages,
        papers: seen.papers,
        typed,
        problems,
        shell,
    })
}

pub(crate) async fn show_one(
    app: App,
    by: Citizen,
    shell: Shell,
    Path(id): Path<ExitId>,
) -> Reply<Response> {
    let none = Problems::none();
    page(&own_page(&app, &by, id, shell, Fields::default(), none).await?)
}

/// What the holder states.
pub(crate) struct Statement(String);

impl ReadForm for Statement {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.text("statement", WORDS_CHARS_MAX).map(Self)
    }
}

pub(crate) async fn state(
    app: App,
    by: Citizen,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<ExitId>,
    form: Form<Statement>,
) -> Reply<Response> {
    let me = by.id;
    let work = form.command.map(|Statement(said)| {
        move |tx: &mut Tx<'_>| use_cases::state(tx, me, id, &said).map(|_| ())
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

pub(crate) async fn waive(
    app: App,
    by: Citizen,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<ExitId>,
    form: Form<Button>,
) -> Reply<Response> {
    let me = by.id;
    let work = form
        .command
        .map(|_| move |tx: &mut Tx<'_>| use_cases::waive(tx, me, id).map(|_| ()));
    carry_out(app, by, id, shell, once, form.fields, work).await
}

pub(crate) async fn ask_hearing(
    app: App,
    by: Citizen,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<ExitId>,
    form: Form<Button>,
) -> Reply<Response> {
    let me = by.id;
    let work = form
        .command
        .map(|_| move |tx: &mut Tx<'_>| use_cases::ask_hearing(tx, me, id).map(|_| ()));
    carry_out(app, by, id, shell, once, form.fields, work).await
}

async fn carry_out(
    app: App,
    by: Citizen,
    id: ExitId,
    shell: Shell,
    once: OnceToken,
    typed: Fields,
    work: Result<impl Fn(&mut Tx<'_>) -> Result<(), Fault> + Send + 'static, Fault>,
) -> Reply<Response> {
    let done = app.write_form(&by, &once, work).await;
    let onward = redirect(format!("/my/exits/{id}")).flash(shell.t("exit.noted"));
    let again =
        async |again: Again| own_page(&app, &by, id, shell.clone(), typed, again.problems).await;
    answer_form(done.map(|()| onward), &shell, |_| None, again).await
}

#[derive(Template)]
#[template(path = "exit/request.html")]
struct RequestPage {
    shell: Shell,
    problems: Problems,
    typed: Fields,
    certificate: String,
    facts: Vec<Fact>,
}

async fn request_page(
    app: &App,
    by: &Citizen,
    id: CertificateId,
    shell: Shell,
    typed: Fields,
    problems: Problems,
) -> Reply<RequestPage> {
    let (me, lang) = (by.id, shell.clone());
    let facts = app
        .read(move |tx| {
            let found = certificate::certificate(tx, id)?;
            if !identity::may_act_for(tx, me, found.holder, Some(found.item))? {
                return Err(Fault::NotFound { what: "cert" });
            }
            let name = certificate::text_of(tx, &found)?.map_or_else(String::new, |text| text.name);
            Ok(vec![
                Fact::plain(lang.t("exit.certificate"), name),
                Fact::plain(lang.t("certificate.number"), found.number.to_string()),
            ])
        })
        .await?;
    Ok(RequestPage {
        certificate: id.to_string(),
        facts,
        typed,
        problems,
        shell,
    })
}

pub(crate) async fn show_request(
    app: App,
    by: Citizen,
    shell: Shell,
    Query(of): Query<Of>,
) -> Reply<Response> {
    let (typed, none) = (Fields::default(), Problems::none());
    page(&request_page(&app, &by, of.certificate, shell, typed, none).await?)
}

/// Why the holder wants to be struck off.
pub(crate) struct Wish(String);

impl ReadForm for Wish {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.text("findings", WORDS_CHARS_MAX).map(Self)
    }
}

pub(crate) async fn request(
    app: App,
    by: Citizen,
    shell: Shell,
    once: OnceToken,
    Query(of): Query<Of>,
    form: Form<Wish>,
) -> Reply<Response> {
    let (me, id) = (by.id, of.certificate);
    let work = form
        .command
        .map(|Wish(said)| move |tx: &mut Tx<'_>| crate::request(tx, me, id, &said));
    let done = app.write_form(&by, &once, work).await;
    let onward =
        done.map(|exit| redirect(format!("/my/exits/{exit}")).flash(shell.t("exit.was_requested")));
    let again = async |again: Again| {
        request_page(&app, &by, id, shell.clone(), form.fields, again.problems).await
    };
    answer_form(onward, &shell, |_| None, again).await
}

/// A line of the public register.
struct Line {
    href: String,
    name: String,
    number: String,
    holder: String,
    kind: String,
    article: String,
    day: String,
}

#[derive(Template)]
#[template(path = "exit/register.html")]
struct RegisterPage {
    shell: Shell,
    rows: Vec<Line>,
    start: String,
    onward: String,
}

pub(crate) async fn show_register(app: App, shell: Shell, paging: Paging) -> Reply<Response> {
    let (after, most) = (paging.after::<ExitId>()?, paging.limit_and_one());
    let lang = shell.clone();
    let rows = app
        .read(move |tx| {
            let mut rows = Vec::new();
            for one in use_cases::register(tx, after, most)? {
                let head = view::head(tx, &lang, &one)?;
                let line = Line {
                    href: format!("/certificates/verify/{}", head.ecert_id),
                    name: head.name,
                    number: head.number,
                    holder: match head.natural {
                        true => masked(&head.holder),
                        false => head.holder,
                    },
                    kind: lang.t(&format!("exit.kind_{}", one.kind())).to_owned(),
                    article: one.ground.article().to_owned(),
                    day: one
                        .decided_on
                        .map_or_else(String::new, |day| day.to_string()),
                };
                rows.push((one.id, line));
            }
            Ok(rows)
        })
        .await?;
    let listed = paging.page(rows, |(id, _)| *id)?;
    let here = "/sunshine/exits";
    page(&RegisterPage {
        onward: listed.onward(here),
        rows: listed.items.into_iter().map(|(_, row)| row).collect(),
        start: paging.start(here),
        shell,
    })
}
