//! HTML for those who are heard, and for the public: one's own hearings with the right to ask, to
//! recuse and to sign; the public hearings to come.

use askama::Template;
use axum::response::Response;
use db::Tx;
use kernel::Fault;
use web::parts::{Fact, Link};
use web::{
    Again, App, Button, Citizen, Fields, Form, FormReader, OnceToken, Path, Problems, ReadForm,
    Reply, Shell, answer_form, page, redirect,
};

use crate::desk::{Row, facts, papers, row, tone};
use crate::matter::matter;
use crate::model::{HearingId, HearingStatus};
use crate::use_cases::{self, WORDS_CHARS_MAX};

/// Most public hearings on one page.
const ANNOUNCED_MAX: usize = 200;

/// A public hearing to come.
struct Coming {
    matter: String,
    organ: String,
    when: String,
    place: String,
}

#[derive(Template)]
#[template(path = "hearing/announced.html")]
struct AnnouncedPage {
    shell: Shell,
    rows: Vec<Coming>,
}

pub(crate) async fn show_announced(app: App, shell: Shell) -> Reply<Response> {
    let rows = app
        .read(|tx| {
            let mut rows = Vec::new();
            for one in use_cases::announced(tx, ANNOUNCED_MAX)? {
                let place = match &one.place {
                    Some(kept) => use_cases::said(tx, kept)?,
                    None => String::new(),
                };
                let day = one.day.map_or_else(String::new, |day| day.to_string());
                rows.push(Coming {
                    matter: matter(tx, one.subject)?.name,
                    organ: identity::organ(tx, one.organ)?.name,
                    when: format!("{day} {}", one.hour()),
                    place,
                });
            }
            Ok(rows)
        })
        .await?;
    page(&AnnouncedPage { shell, rows })
}

#[derive(Template)]
#[template(path = "hearing/own.html")]
struct OwnPage {
    shell: Shell,
    rows: Vec<Row>,
}

pub(crate) async fn show_list(app: App, by: Citizen, shell: Shell) -> Reply<Response> {
    let (me, lang) = (by.id, shell.clone());
    let rows = app
        .read(move |tx| {
            let mut rows = Vec::new();
            for acting in identity::acting_as(tx, me)? {
                for one in use_cases::of_party(tx, acting)? {
                    rows.push(row(tx, &lang, &one, "/my/hearings")?);
                }
            }
            Ok(rows)
        })
        .await?;
    page(&OwnPage { shell, rows })
}

#[derive(Template)]
#[template(path = "hearing/own_one.html")]
struct OwnOnePage {
    shell: Shell,
    problems: Problems,
    typed: Fields,
    base: String,
    title: String,
    state: String,
    tone: &'static str,
    facts: Vec<Fact>,
    papers: Vec<Link>,
    until: String,
    may_ask: bool,
    may_recuse: bool,
    may_sign: bool,
    may_give_up: bool,
}

async fn own_page(
    app: &App,
    by: &Citizen,
    id: HearingId,
    shell: Shell,
    typed: Fields,
    problems: Problems,
) -> Reply<OwnOnePage> {
    let (me, lang) = (by.id, shell.clone());
    let (one, facts, papers, title, today) = app
        .read(move |tx| {
            let one = use_cases::own(tx, me, id)?;
            let facts = facts(tx, &lang, &one)?;
            let papers = papers(tx, &lang, &one)?;
            let title = matter(tx, one.subject)?.name;
            Ok((one, facts, papers, title, tx.today()))
        })
        .await?;
    let scheduled = one.status == HearingStatus::Scheduled;
    let in_time = one.ask_by.is_some_and(|last| today <= last);
    Ok(OwnOnePage {
        base: format!("/my/hearings/{id}"),
        title,
        state: shell.t(&format!("hearing.state_{}", one.status)).to_owned(),
        tone: tone(one.status),
        until: one.ask_by.map_or_else(String::new, |day| day.to_string()),
        may_ask: one.status == HearingStatus::Offered && in_time,
        may_recuse: scheduled && one.presider.is_some() && !one.recusal_open,
        may_sign: one.status == HearingStatus::Held,
        may_give_up: scheduled || one.status == HearingStatus::Asked,
        facts,
        papers,
        typed,
        problems,
        shell,
    })
}

pub(crate) async fn show_one(
    app: App,
    by: Citizen,
    shell: Shell,
    Path(id): Path<HearingId>,
) -> Reply<Response> {
    let none = Problems::none();
    page(&own_page(&app, &by, id, shell, Fields::default(), none).await?)
}

pub(crate) async fn ask(
    app: App,
    by: Citizen,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<HearingId>,
    form: Form<Button>,
) -> Reply<Response> {
    let me = by.id;
    let work = form
        .command
        .map(|_| move |tx: &mut Tx<'_>| use_cases::ask(tx, me, id).map(|_| ()));
    carry_out(app, by, id, shell, once, form.fields, work).await
}

pub(crate) async fn give_up(
    app: App,
    by: Citizen,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<HearingId>,
    form: Form<Button>,
) -> Reply<Response> {
    let me = by.id;
    let work = form
        .command
        .map(|_| move |tx: &mut Tx<'_>| use_cases::give_up(tx, me, id).map(|_| ()));
    carry_out(app, by, id, shell, once, form.fields, work).await
}

/// Why the presider should step aside.
pub(crate) struct Recusal(String);

impl ReadForm for Recusal {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.text("recusal", WORDS_CHARS_MAX).map(Self)
    }
}

pub(crate) async fn ask_recusal(
    app: App,
    by: Citizen,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<HearingId>,
    form: Form<Recusal>,
) -> Reply<Response> {
    let me = by.id;
    let work = form.command.map(|Recusal(why)| {
        move |tx: &mut Tx<'_>| use_cases::ask_recusal(tx, me, id, &why).map(|_| ())
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

pub(crate) async fn sign(
    app: App,
    by: Citizen,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<HearingId>,
    form: Form<Button>,
) -> Reply<Response> {
    let me = by.id;
    let work = form
        .command
        .map(|_| move |tx: &mut Tx<'_>| use_cases::sign(tx, me, id).map(|_| ()));
    carry_out(app, by, id, shell, once, form.fields, work).await
}

async fn carry_out(
    app: App,
    by: Citizen,
    id: HearingId,
    shell: Shell,
    once: OnceToken,
    typed: Fields,
    work: Result<impl Fn(&mut Tx<'_>) -> Result<(), Fault> + Send + 'static, Fault>,
) -> Reply<Response> {
    let done = app.write_form(&by, &once, work).await;
    let onward = redirect(format!("/my/hearings/{id}")).flash(shell.t("hearing.noted"));
    let again =
        async |again: Again| own_page(&app, &by, id, shell.clone(), typed, again.problems).await;
    answer_form(done.map(|()| onward), &shell, |_| None, again).await
}
