//! HTML for holders: one's licences near their end, the request to renew one, and the right to say
//! no to a silent renewal.

use askama::Template;
use axum::response::{IntoResponse, Response};
use certificate::CertificateId;
use db::Tx;
use kernel::Fault;
use serde::Deserialize;
use web::parts::Fact;
use web::{
    Again, App, Button, Citizen, Fields, Form, FormReader, OnceToken, Path, Problems, Query,
    ReadForm, Reply, Shell, page, redirect,
};

use crate::desk::{Row, row};
use crate::model::{RenewalId, RenewalStatus};
use crate::use_cases::{self, WORDS_CHARS_MAX, last_day_to_ask};

/// A licence near its end, with what its holder may do.
struct Card {
    row: Row,
    ask: String,
    decline: String,
    say_no_by: String,
    ask_by: String,
}

#[derive(Template)]
#[template(path = "renewal/own.html")]
struct OwnPage {
    shell: Shell,
    cards: Vec<Card>,
}

pub(crate) async fn show_own(app: App, by: Citizen, shell: Shell) -> Reply<Response> {
    let (me, lang) = (by.id, shell.clone());
    let cards = app
        .read(move |tx| {
            let today = tx.today();
            let mut cards = Vec::new();
            for acting in identity::acting_as(tx, me)? {
                for one in use_cases::of_holder(tx, acting)? {
                    let ask_by = last_day_to_ask(one.expires_on);
                    let open = matches!(one.status, RenewalStatus::Near | RenewalStatus::Declined);
                    let may_ask = open && today <= ask_by;
                    let proposed = one.status == RenewalStatus::Proposed;
                    let in_time = one.say_no_by.is_some_and(|last| today <= last);
                    let to = |path: String, may: bool| if may { path } else { String::new() };
                    cards.push(Card {
                        row: row(tx, &lang, &one)?,
                        ask: to(
                            format!("/my/renewals/ask?certificate={}", one.certificate),
                            may_ask,
                        ),
                        decline: to(
                            format!("/my/renewals/{}/decline", one.id),
                            proposed && in_time,
                        ),
                        say_no_by: one
                            .say_no_by
                            .map_or_else(String::new, |day| day.to_string()),
                        ask_by: ask_by.to_string(),
                    });
                }
            }
            Ok(cards)
        })
        .await?;
    page(&OwnPage { shell, cards })
}

pub(crate) async fn decline(
    app: App,
    by: Citizen,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<RenewalId>,
    form: Form<Button>,
) -> Reply<Response> {
    form.command?;
    let me = by.id;
    let work = move |tx: &mut Tx<'_>| use_cases::decline(tx, me, id).map(|_| ());
    app.write_once(&by, &once, work).await?;
    let back = redirect("/my/renewals").flash(shell.t("renewal.was_declined"));
    Ok(back.into_response())
}

/// Which licence is to be renewed.
#[derive(Debug, Deserialize)]
pub(crate) struct Of {
    certificate: CertificateId,
}

#[derive(Template)]
#[template(path = "renewal/ask.html")]
struct AskPage {
    shell: Shell,
    problems: Problems,
    typed: Fields,
    certificate: String,
    facts: Vec<Fact>,
}

async fn ask_page(
    app: &App,
    by: &Citizen,
    id: CertificateId,
    shell: Shell,
    typed: Fields,
    problems: Problems,
) -> Reply<AskPage> {
    let (me, lang) = (by.id, shell.clone());
    let facts = app
        .read(move |tx| {
            let found = certificate::certificate(tx, id)?;
            if !identity::may_act_for(tx, me, found.holder, Some(found.item))? {
                return Err(Fault::NotFound { what: "cert" });
            }
            let name = certificate::text_of(tx, &found)?.map_or_else(String::new, |text| text.name);
            let last = found.valid_until;
            let day = |day: Option<jiff::civil::Date>| {
                day.map_or_else(String::new, |day| day.to_string())
            };
            Ok(vec![
                Fact::plain(lang.t("renewal.certificate"), name),
                Fact::plain(lang.t("certificate.number"), found.number.to_string()),
                Fact::plain(lang.t("renewal.expires_on"), day(last)),
                Fact::plain(lang.t("renewal.ask_by"), day(last.map(last_day_to_ask))),
            ])
        })
        .await?;
    Ok(AskPage {
        certificate: id.to_string(),
        facts,
        typed,
        problems,
        shell,
    })
}

pub(crate) async fn show_ask(
    app: App,
    by: Citizen,
    shell: Shell,
    Query(of): Query<Of>,
) -> Reply<Response> {
    let (typed, none) = (Fields::default(), Problems::none());
    page(&ask_page(&app, &by, of.certificate, shell, typed, none).await?)
}

/// What the holder states.
pub(crate) struct Statement(String);

impl ReadForm for Statement {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.text("statement", WORDS_CHARS_MAX).map(Self)
    }
}

pub(crate) async fn ask(
    app: App,
    by: Citizen,
    shell: Shell,
    once: OnceToken,
    Query(of): Query<Of>,
    form: Form<Statement>,
) -> Reply<Response> {
    let (me, id) = (by.id, of.certificate);
    let done = match form.command {
        Ok(Statement(said)) => {
            let work = move |tx: &mut Tx<'_>| use_cases::ask(tx, me, id, &said);
            app.write_once(&by, &once, work).await
        }
        Err(fault) => Err(fault),
    };
    match done {
        Ok(_) => {
            let onward = redirect("/my/renewals").flash(shell.t("renewal.was_asked"));
            Ok(onward.into_response())
        }
        Err(fault) => {
            let again = Again::of(fault, &shell, |_| None)?;
            let status = again.status();
            let (typed, problems) = (form.fields, again.problems);
            let shown = ask_page(&app, &by, id, shell, typed, problems).await?;
            Again::show(status, &shown)
        }
    }
}
