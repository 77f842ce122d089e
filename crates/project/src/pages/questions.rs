//! The guiding questions 情形引导 of a bundle that is being written: each once for all items, on one
//! page; an answer that opens a further question shows it next.

use askama::Template;
use axum::response::{IntoResponse, Response};
use catalogue::scenario::Picks;
use kernel::{Fault, Problem};
use web::parts::{Choice, Link, Step};
use web::{App, Form, Path, Problems, Reply, Shell, Visitor, invalid, page, redirect};

use super::apply::{steps, theme_crumbs};
use super::{Posted, who};
use crate::draft::{self, Draft, DraftId};
use crate::gathered::Surveyed;
use crate::questions::OneQuestion;

struct QuestionView {
    name: String,
    text: String,
    hint: String,
    choices: Vec<Choice>,
    error: String,
}

#[derive(Template)]
#[template(path = "project/questions.html")]
struct QuestionsPage {
    shell: Shell,
    crumbs: Vec<Link>,
    steps: Vec<Step>,
    base: String,
    problems: Problems,
    questions: Vec<QuestionView>,
}

fn questions_page(
    shell: Shell,
    id: DraftId,
    surveyed: &Surveyed,
    picks: &Picks,
    problems: Problems,
) -> QuestionsPage {
    let view = |one: &OneQuestion| {
        let options = one.options.iter();
        let options = options.map(|(id, label)| (id.clone(), label.get(shell.lang)));
        let picked = picks.get(&one.name).map_or("", String::as_str);
        let help = one.help.as_ref().map_or("", |help| help.get(shell.lang));
        QuestionView {
            name: one.name.clone(),
            text: one.text.get(shell.lang).to_owned(),
            hint: help.to_owned(),
            choices: Choice::list(options, picked),
            error: problems.of(&one.name).to_owned(),
        }
    };
    QuestionsPage {
        crumbs: theme_crumbs(&shell, surveyed.theme),
        steps: steps(&shell, true, "questions"),
        base: format!("/bundles/drafts/{id}"),
        questions: surveyed.guided.asked.iter().map(view).collect(),
        problems,
        shell,
    }
}

async fn asked(app: &App, by: &Visitor, id: DraftId) -> Reply<(Draft, Surveyed)> {
    let me = who(by)?;
    Ok(app.read(move |tx| draft::asked(tx, &me, id)).await?)
}

pub(crate) async fn show_questions(
    app: App,
    by: Visitor,
    Path(id): Path<DraftId>,
    shell: Shell,
) -> Reply<Response> {
    let (draft, surveyed) = asked(&app, &by, id).await?;
    if surveyed.guided.asked.is_empty() {
        return Ok(redirect(format!("/bundles/drafts/{id}/form")).into_response());
    }
    let made = questions_page(shell, id, &surveyed, &draft.picks, Problems::none());
    page(&made)
}

pub(crate) async fn save_questions(
    app: App,
    by: Visitor,
    Path(id): Path<DraftId>,
    shell: Shell,
    form: Form<Posted>,
) -> Reply<Response> {
    let (before, shown) = asked(&app, &by, id).await?;
    let is_asked = |name: &str| shown.guided.asked.iter().any(|one| one.name == name);
    let typed = form.fields.iter().filter(|(name, _)| is_asked(name));
    let picks: Picks = typed
        .map(|(name, pick)| (name.to_owned(), pick.to_owned()))
        .collect();
    let (me, kept) = (who(&by)?, picks.clone());
    let saved = app
        .write(&by, move |tx| draft::save_picks(tx, &me, id, &kept))
        .await;
    let surveyed = match saved {
        Ok(surveyed) => surveyed,
        // No item fits the answers: said beside the first question.
        Err(fault) if fault.refusal() == Some("project.nothing_chosen") => {
            let first = shown.guided.asked.first().map_or("", |one| &one.name);
            let problem = Problem::new(first, "project.nothing_chosen");
            let problems = shell.problems(&[problem]);
            return invalid(&questions_page(shell, id, &shown, &picks, problems));
        }
        Err(fault) => return Err(fault.into()),
    };
    let open = &surveyed.guided.open;
    if open.is_empty() {
        return Ok(redirect(format!("/bundles/drafts/{id}/form")).into_response());
    }
    // What was shown and left open is told; what the answers opened is only asked.
    let left = open.iter().filter(|name| is_asked(name));
    let wrong: Vec<Problem> = left
        .map(|name| Problem::new(name, "question.unanswered"))
        .collect();
    if wrong.is_empty() && before.picks != picks {
        return Ok(redirect(format!("/bundles/drafts/{id}/questions")).into_response());
    }
    let problems = shell.problems(&wrong);
    invalid(&questions_page(shell, id, &surveyed, &picks, problems))
}

/// Whether a fault only says that questions are open.
pub(super) fn asks_first(fault: &Fault) -> bool {
    match fault {
        Fault::Invalid(problems) => problems.iter().all(|one| one.code == "question.unanswered"),
        _ => false,
    }
}
