//! The last step of `/apply`: everything once more, and then it is sent or dropped.

use askama::Template;
use axum::response::{IntoResponse, Response};
use catalogue::model::kind::ModeKind;
use kernel::{Fault, Problem};
use web::parts::{Fact, Link, Step};
use web::{
    Again, App, Button, Form, OnceToken, Path, Problems, Reply, Shell, Visitor, invalid, page,
    redirect,
};

use super::apply::{Open, crumbs, open, picked_facts, steps};
use super::files::FileView;
use super::{Posted, fields, who};
use crate::model::{ApplicationId, By};

#[derive(Template)]
#[template(path = "intake/check.html")]
struct CheckPage {
    shell: Shell,
    crumbs: Vec<Link>,
    steps: Vec<Step>,
    base: String,
    revision: i64,
    problems: Problems,
    facts: Vec<Fact>,
    files: Vec<FileView>,
    /// Where pledges are signed; empty where the item publishes none for this scenario.
    pledges: String,
    signed: Vec<&'static str>,
    /// What the item tells of granting at once by rule; empty where it does not.
    instant: String,
}

async fn check_page(
    app: &App,
    by: By,
    id: ApplicationId,
    shell: Shell,
    problems: Problems,
) -> Reply<CheckPage> {
    let Open { draft, version } = open(app, by, id).await?;
    let (files, names, offers) = app
        .read(move |tx| {
            let applicant = identity::person(tx, draft.applicant)?.name;
            let agent = match draft.agent {
                Some(agent) => Some(identity::person(tx, agent)?.name),
                None => None,
            };
            // While questions are open nothing is offered yet.
            let offers = match crate::offers(tx, &by, id) {
                Ok(offers) => offers,
                Err(Fault::Invalid(_)) => Vec::new(),
                Err(fault) => return Err(fault),
            };
            let files = crate::files_of_draft(tx, &by, id)?;
            Ok((files, (applicant, agent), offers))
        })
        .await?;
    let content = &version.content;
    let mut facts = vec![Fact::plain(
        shell.t("intake.item"),
        content.name.get(shell.lang),
    )];
    facts.push(Fact::plain(shell.t("intake.applicant"), names.0));
    facts.extend(
        names
            .1
            .map(|agent| Fact::plain(shell.t("intake.agent"), agent)),
    );
    let base = format!("/apply/drafts/{id}");
    let questions = format!("{base}/questions");
    facts.extend(picked_facts(&shell, content, &draft.picks, &questions));
    let change = format!("{base}/form");
    facts.extend(fields::facts(&shell, content, &draft.answers, &change));
    let signed = offers.iter().filter(|offer| offer.signed.is_some());
    let signed = signed.map(|offer| pledge::mode_of(offer.kind).name(shell.lang));
    let scenario = match catalogue::scenario::reach(content, &draft.picks) {
        Ok(catalogue::scenario::Reached::Scenario(asked)) => asked.scenario.id.clone(),
        Ok(catalogue::scenario::Reached::Ask(_)) | Err(_) => String::new(),
    };
    let instant = content.mode(ModeKind::Instant, &scenario);
    Ok(CheckPage {
        instant: instant.map_or_else(String::new, |mode| mode.terms.get(shell.lang).to_owned()),
        pledges: match offers.is_empty() {
            true => String::new(),
            false => format!("{base}/pledges"),
        },
        signed: signed.collect(),
        crumbs: crumbs(&shell, &version),
        steps: steps(&shell, 4),
        revision: draft.revision(),
        problems: fields::placed(&shell, content, &base, problems),
        facts,
        files: files
            .iter()
            .map(|sent| FileView::of_upload(id, sent).named(content, sent, shell.lang))
            .collect(),
        base,
        shell,
    })
}

pub(super) async fn show_check(
    app: App,
    visitor: Visitor,
    Path(id): Path<ApplicationId>,
    shell: Shell,
) -> Reply<Response> {
    let by = who(&visitor)?;
    let problems = app.read(move |tx| crate::problems_of(tx, &by, id)).await?;
    let problems = shell.problems(&problems);
    page(&check_page(&app, by, id, shell, problems).await?)
}

pub(super) async fn submit(
    app: App,
    visitor: Visitor,
    Path(id): Path<ApplicationId>,
    shell: Shell,
    once: OnceToken,
    form: Form<Posted>,
) -> Reply<Response> {
    let by = who(&visitor)?;
    if !form.fields.has("truth") {
        let problems = shell.problems(&[Problem::new("truth", "field.consent")]);
        return invalid(&check_page(&app, by, id, shell, problems).await?);
    }
    let seen = form.fields.revision();
    let by_hand = form.fields.has("by_hand");
    let send = move |tx: &mut db::Tx<'_>| {
        crate::draft::unchanged(tx, &by, id, seen, |_| false)?;
        match by_hand {
            true => crate::submit_to_people(tx, &by, id),
            false => crate::submit(tx, &by, id),
        }
    };
    match app.write_once(&visitor, &once, send).await {
        Ok(receipt) => {
            let to = match by {
                By::Person(_) => format!("/my/applications/{id}"),
                By::Clerk { .. } | By::Other => format!("/desk/intake/{id}"),
            };
            let params = [("number", receipt.number.to_string())];
            Ok(redirect(to)
                .flash(shell.say("intake.sent", &params))
                .into_response())
        }
        Err(fault) => {
            let again = Again::of(fault, &shell, |_| None)?;
            let status = again.status();
            Again::show(
                status,
                &check_page(&app, by, id, shell, again.problems).await?,
            )
        }
    }
}

pub(super) async fn drop_draft(
    app: App,
    visitor: Visitor,
    Path(id): Path<ApplicationId>,
    shell: Shell,
    _form: Form<Button>,
) -> Reply<Response> {
    let by = who(&visitor)?;
    app.write(&visitor, move |tx| crate::drop_draft(tx, &by, id))
        .await?;
    let to = match by {
        By::Person(_) => "/my",
        By::Clerk { .. } | By::Other => "/desk/intake",
    };
    Ok(redirect(to)
        .flash(shell.t("intake.draft_dropped"))
        .into_response())
}
