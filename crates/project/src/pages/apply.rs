//! The one form and the last look before it is sent; every step is saved.

use askama::Template;
use axum::response::{IntoResponse, Response};
use catalogue::scenario::requirements;
use intake::{By, FieldView, FileView, answer_facts, field_views};
use kernel::{Fault, Problem};
use serde_json::{Map, Value};
use web::parts::{Fact, Link, Step};
use web::{
    App, Button, Form, OnceToken, Path, Problems, Reply, Shell, Visitor, invalid, page, redirect,
};

use super::questions::asks_first;
use super::{Posted, home, who, wrong_fields};
use crate::draft::{self, DraftId, Open};
use crate::hand_in::{self, answer_problems};
use crate::one_form::SCENARIO;
use crate::theme::Theme;

/// The steps, with the one at hand; the first only where the theme asks anything.
pub(super) fn steps(shell: &Shell, asks: bool, now: &str) -> Vec<Step> {
    let all = ["questions", "form", "files", "send"];
    let all = &all[usize::from(!asks)..];
    let at = all.iter().position(|step| *step == now).unwrap_or(0);
    let words = all
        .iter()
        .map(|step| shell.say(&format!("project.{step}"), &[]));
    Step::way(words, at)
}

pub(super) fn crumbs(shell: &Shell, open: &Open) -> Vec<Link> {
    theme_crumbs(shell, open.gathered.theme)
}

pub(super) fn theme_crumbs(shell: &Shell, theme: &Theme) -> Vec<Link> {
    let title = theme.title.get(shell.lang);
    vec![
        Link::to("/themes", shell.t("project.themes")),
        Link::to(format!("/bundles/{}", theme.id), title),
    ]
}

pub(super) async fn opened(app: &App, by: &Visitor, id: DraftId) -> Reply<Open> {
    let me = who(by)?;
    Ok(app.read(move |tx| draft::open(tx, &me, id)).await?)
}

#[derive(Template)]
#[template(path = "project/form.html")]
struct FormPage {
    shell: Shell,
    crumbs: Vec<Link>,
    steps: Vec<Step>,
    base: String,
    problems: Problems,
    fields: Vec<FieldView>,
}

fn form_page(
    shell: Shell,
    open: &Open,
    answers: &Map<String, Value>,
    problems: Problems,
) -> Reply<FormPage> {
    let content = &open.form.content;
    let asked = requirements(content, SCENARIO).map_err(Fault::broken)?;
    Ok(FormPage {
        crumbs: crumbs(&shell, open),
        steps: steps(&shell, open.asks(), "form"),
        base: format!("/bundles/drafts/{}", open.draft.id),
        fields: field_views(&shell, content, &asked, answers, &problems),
        problems,
        shell,
    })
}

pub(crate) async fn show_form(
    app: App,
    by: Visitor,
    Path(id): Path<DraftId>,
    shell: Shell,
) -> Reply<Response> {
    let me = who(&by)?;
    let open = match app.read(move |tx| draft::open(tx, &me, id)).await {
        Ok(open) => open,
        Err(fault) if asks_first(&fault) => {
            return Ok(redirect(format!("/bundles/drafts/{id}/questions")).into_response());
        }
        Err(fault) => return Err(fault.into()),
    };
    page(&form_page(
        shell,
        &open,
        &open.draft.answers,
        Problems::none(),
    )?)
}

pub(crate) async fn save_form(
    app: App,
    by: Visitor,
    Path(id): Path<DraftId>,
    shell: Shell,
    form: Form<Posted>,
) -> Reply<Response> {
    let open = opened(&app, &by, id).await?;
    let answers = catalogue::form::from_pairs(&open.form.content, form.fields.iter());
    let answers = answers.as_object().cloned().unwrap_or_default();
    // Saved as they are: nothing that was typed is lost, right or wrong.
    let (me, kept) = (who(&by)?, answers.clone());
    app.write(&by, move |tx| draft::save_answers(tx, &me, id, &kept))
        .await?;
    if form.fields.has("later") {
        let back = redirect(home(&by));
        return Ok(back.flash(shell.t("project.saved_later")).into_response());
    }
    let (given, looked) = (answers.clone(), open.clone());
    let wrong = app
        .read(move |tx| answer_problems(tx, &looked, &given))
        .await?;
    if wrong.is_empty() {
        return Ok(redirect(format!("/bundles/drafts/{id}/files")).into_response());
    }
    let problems = shell.problems(&wrong);
    invalid(&form_page(shell, &open, &answers, problems)?)
}

#[derive(Template)]
#[template(path = "project/check.html")]
struct CheckPage {
    shell: Shell,
    crumbs: Vec<Link>,
    steps: Vec<Step>,
    base: String,
    problems: Problems,
    facts: Vec<Fact>,
    files: Vec<FileView>,
}

async fn check_page(
    app: &App,
    by: &Visitor,
    id: DraftId,
    shell: Shell,
    problems: Vec<Problem>,
) -> Reply<CheckPage> {
    let open = opened(app, by, id).await?;
    let me = who(by)?;
    let (papers, applicant) = (open.draft.papers.clone(), open.draft.applicant);
    let (files, name) = app
        .read(move |tx| {
            let files = super::files::sent(tx, &me, id, &papers)?;
            Ok((files, identity::person(tx, applicant)?.name))
        })
        .await?;
    let content = &open.form.content;
    let mut facts = vec![
        Fact::plain(shell.t("project.theme"), content.name.get(shell.lang)),
        Fact::plain(shell.t("project.applicant"), name),
    ];
    let items = open.gathered.taking();
    let items: Vec<&str> = items
        .iter()
        .map(|one| one.content.name.get(shell.lang))
        .collect();
    let items = items.join(shell.t("project.comma"));
    facts.push(Fact::plain(shell.t("project.items"), items));
    let base = format!("/bundles/drafts/{id}");
    let change = format!("{base}/form");
    facts.extend(answer_facts(&shell, content, &open.draft.answers, &change));
    Ok(CheckPage {
        crumbs: crumbs(&shell, &open),
        steps: steps(&shell, open.asks(), "send"),
        base,
        problems: shell.problems(&problems),
        facts,
        files: files.into_iter().map(|(_, file)| file).collect(),
        shell,
    })
}

pub(crate) async fn show_check(
    app: App,
    by: Visitor,
    Path(id): Path<DraftId>,
    shell: Shell,
) -> Reply<Response> {
    let me = who(&by)?;
    let problems = app
        .read(move |tx| hand_in::problems_of(tx, &me, id))
        .await?;
    page(&check_page(&app, &by, id, shell, problems).await?)
}

pub(crate) async fn send(
    app: App,
    by: Visitor,
    Path(id): Path<DraftId>,
    shell: Shell,
    once: OnceToken,
    form: Form<Posted>,
) -> Reply<Response> {
    if !form.fields.has("truth") {
        let problem = Problem::new("truth", "field.consent");
        return invalid(&check_page(&app, &by, id, shell, vec![problem]).await?);
    }
    let me = who(&by)?;
    let sent = app
        .write_once(&by, &once, move |tx| {
            let receipt = hand_in::hand_in(tx, &me, id)?;
            Ok((receipt.bundle, receipt.number.to_string()))
        })
        .await;
    match sent {
        Ok((bundle, number)) => {
            let said = shell.say("project.sent", &[("number", number)]);
            let to = match me {
                By::Person(_) => redirect(format!("/my/bundles/{bundle}")),
                By::Clerk { .. } | By::Other => redirect(format!("/desk/bundles/{bundle}")),
            };
            Ok(to.flash(said).into_response())
        }
        Err(fault) => {
            let problems = wrong_fields(fault)?;
            invalid(&check_page(&app, &by, id, shell, problems).await?)
        }
    }
}

pub(crate) async fn drop_draft(
    app: App,
    by: Visitor,
    Path(id): Path<DraftId>,
    _form: Form<Button>,
) -> Reply<Response> {
    let me = who(&by)?;
    app.write(&by, move |tx| draft::drop_draft(tx, &me, id))
        .await?;
    Ok(redirect(home(&by)).into_response())
}
