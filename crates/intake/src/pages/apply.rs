//! `/apply`: questions, exact materials, form, files, check, send. Every step is saved, so that a
//! person can go on another day from `/my`.

use std::sync::Arc;

use askama::Template;
use axum::response::{IntoResponse, Response};
use catalogue::Version;
use catalogue::form::FormChecker;
use catalogue::model::ItemContent;
use catalogue::scenario::{Picks, Reached};
use kernel::{Fault, Problem};
use web::parts::{Choice, Fact, Link, Step};
use web::{Again, App, Form, Path, Problems, Reply, Shell, Visitor, invalid, page, redirect};

use super::files::{MaterialView, material_view};
use super::{Posted, fields, who, wrong_fields};
use crate::model::{ApplicationId, By, Draft};

/// The steps, with the one at hand.
pub(super) fn steps(shell: &Shell, now: usize) -> Vec<Step> {
    let keys = ["questions", "materials", "form", "files", "check"];
    Step::way(keys.map(|key| shell.t(step_key(key)).to_owned()), now)
}

fn step_key(step: &str) -> &'static str {
    match step {
        "questions" => "intake.step_questions",
        "materials" => "intake.step_materials",
        "form" => "intake.step_form",
        "files" => "intake.step_files",
        _ => "intake.step_check",
    }
}

pub(super) fn crumbs(shell: &Shell, version: &Version) -> Vec<Link> {
    let content = &version.content;
    let name = content.name.get(shell.lang);
    let item = match content.codes.key() {
        Some(code) => Link::to(format!("/items/{code}"), name),
        None => Link::to("/items", name),
    };
    vec![Link::to("/items", shell.t("intake.items")), item]
}

pub(super) struct Open {
    pub(super) draft: Draft,
    pub(super) version: Arc<Version>,
}

pub(super) async fn open(app: &App, by: By, id: ApplicationId) -> Reply<Open> {
    let open = app
        .read(move |tx| {
            let draft = crate::draft(tx, &by, id)?;
            let version = crate::open_version(tx, draft.item)?;
            Ok(Open { draft, version })
        })
        .await?;
    Ok(open)
}

/// Where a draft goes on.
pub(super) fn next_step(draft: &Draft, version: &Version) -> String {
    let reached = catalogue::scenario::reach(&version.content, &draft.picks);
    let step = match reached {
        Ok(Reached::Scenario(_)) => "materials",
        Ok(Reached::Ask(_)) | Err(_) => "questions",
    };
    format!("/apply/drafts/{}/{step}", draft.id)
}

struct QuestionView {
    id: String,
    text: String,
    help: String,
    choices: Vec<Choice>,
    error: String,
}

#[derive(Template)]
#[template(path = "intake/questions.html")]
struct QuestionsPage {
    shell: Shell,
    crumbs: Vec<Link>,
    steps: Vec<Step>,
    base: String,
    revision: i64,
    changes: Vec<Fact>,
    problems: Problems,
    questions: Vec<QuestionView>,
}

fn questions_page(shell: Shell, open: &Open, picks: &Picks, problems: Problems) -> QuestionsPage {
    let content = &open.version.content;
    let mut walked = Picks::new();
    let mut questions = Vec::new();
    // Answered questions stay open to change; the next one is the last that is shown.
    while let Ok(Reached::Ask(question)) = catalogue::scenario::reach(content, &walked) {
        let picked = picks.get(&question.id).map_or("", String::as_str);
        let options = question.options.iter();
        let options = options.map(|one| (one.id.clone(), one.label.get(shell.lang).to_owned()));
        questions.push(QuestionView {
            id: question.id.clone(),
            text: question.text.get(shell.lang).to_owned(),
            help: question
                .help
                .as_ref()
                .map_or("", |help| help.get(shell.lang))
                .to_owned(),
            choices: Choice::list(options, picked),
            error: problems.of(&question.id).to_owned(),
        });
        let known = question.options.iter().any(|option| option.id == picked);
        if !known
            || walked
                .insert(question.id.clone(), picked.to_owned())
                .is_some()
        {
            break;
        }
    }
    QuestionsPage {
        crumbs: crumbs(&shell, &open.version),
        steps: steps(&shell, 0),
        base: format!("/apply/drafts/{}", open.draft.id),
        revision: open.draft.revision(),
        changes: Vec::new(),
        problems,
        questions,
        shell,
    }
}

pub(super) async fn show_questions(
    app: App,
    visitor: Visitor,
    Path(id): Path<ApplicationId>,
    shell: Shell,
) -> Reply<Response> {
    let open = open(&app, who(&visitor)?, id).await?;
    if open.version.content.questions.is_empty() {
        return Ok(redirect(format!("/apply/drafts/{id}/materials")).into_response());
    }
    page(&questions_page(
        shell,
        &open,
        &open.draft.picks,
        Problems::none(),
    ))
}

pub(super) async fn save_questions(
    app: App,
    visitor: Visitor,
    Path(id): Path<ApplicationId>,
    shell: Shell,
    form: Form<Posted>,
) -> Reply<Response> {
    let by = who(&visitor)?;
    let mut open = open(&app, by, id).await?;
    let content = &Arc::clone(&open.version).content;
    let is_question = |name: &str| content.questions.iter().any(|known| known.id == name);
    let typed = form.fields.iter().filter(|(name, _)| is_question(name));
    let picks: Picks = typed
        .map(|(name, pick)| (name.to_owned(), pick.to_owned()))
        .collect();
    let before = open.draft.picks.clone();
    let (kept, saved) = (picks.clone(), picks.clone());
    let seen = form.fields.revision();
    let save = move |tx: &mut db::Tx<'_>| {
        crate::draft::unchanged(tx, &by, id, seen, |draft| draft.picks == kept)?;
        crate::save_picks(tx, &by, id, &kept)?;
        crate::draft(tx, &by, id)
    };
    match app.write(&visitor, save).await {
        Ok(draft) => open.draft = draft,
        Err(fault) => {
            let again = Again::of(fault, &shell, |_| None)?;
            let changes = picked_elsewhere(&shell, &open, &saved, again.stale);
            let status = again.status();
            let mut filled = questions_page(shell, &open, &saved, again.problems);
            filled.changes = changes;
            return Again::show(status, &filled);
        }
    }
    match catalogue::scenario::reach(content, &saved) {
        Ok(Reached::Ask(question)) if before == saved => {
            let problem = Problem::new(&question.id, "question.unanswered");
            let problems = shell.problems(&[problem]);
            invalid(&questions_page(shell, &open, &saved, problems))
        }
        Ok(Reached::Scenario(_)) => {
            Ok(redirect(format!("/apply/drafts/{id}/materials")).into_response())
        }
        _ => Ok(redirect(format!("/apply/drafts/{id}/questions")).into_response()),
    }
}

/// What was chosen elsewhere, where it is not what was chosen here.
fn picked_elsewhere(shell: &Shell, open: &Open, here: &Picks, stale: bool) -> Vec<Fact> {
    let mut other = open.draft.picks.clone();
    other.retain(|question, option| stale && here.get(question) != Some(option));
    picked_facts(shell, &open.version.content, &other, "")
}

/// Answers to the questions as people read them, in their order; with the page on which each can
/// be changed, or "".
pub(super) fn picked_facts(
    shell: &Shell,
    content: &ItemContent,
    picks: &Picks,
    change: &str,
) -> Vec<Fact> {
    let fact = |question: &catalogue::model::Question| {
        let picked = picks.get(&question.id)?;
        let option = question.options.iter().find(|one| one.id == *picked)?;
        let plain = Fact::plain(question.text.get(shell.lang), option.label.get(shell.lang));
        Some(match change.is_empty() {
            true => plain,
            false => Fact {
                href: format!("{change}#{}", question.id),
                action: shell.t("intake.change").to_owned(),
                ..plain
            },
        })
    };
    content.questions.iter().filter_map(fact).collect()
}

#[derive(Template)]
#[template(path = "intake/materials.html")]
struct MaterialsPage {
    shell: Shell,
    crumbs: Vec<Link>,
    steps: Vec<Step>,
    base: String,
    facts: Vec<Fact>,
    materials: Vec<MaterialView>,
    /// Whether there are questions to go back to.
    asks: bool,
}

pub(super) async fn show_materials(
    app: App,
    visitor: Visitor,
    Path(id): Path<ApplicationId>,
    shell: Shell,
) -> Reply<Response> {
    let open = open(&app, who(&visitor)?, id).await?;
    let content = &open.version.content;
    let asked = match catalogue::scenario::reach(content, &open.draft.picks) {
        Ok(Reached::Scenario(asked)) => asked,
        _ => return Ok(redirect(format!("/apply/drafts/{id}/questions")).into_response()),
    };
    let lang = shell.lang;
    let mut facts = vec![Fact::plain(
        shell.t("intake.scenario"),
        asked.scenario.name.get(lang),
    )];
    if let Some(promised) = asked.promised {
        facts.push(Fact::plain(
            shell.t("intake.promised"),
            promised.words(lang),
        ));
    }
    if let Some(statutory) = asked.statutory {
        facts.push(Fact::plain(
            shell.t("intake.statutory"),
            statutory.limit.words(lang),
        ));
    }
    let fees: Vec<&str> = asked.fees.iter().map(|fee| fee.name.get(lang)).collect();
    let free = shell.t("intake.free").to_owned();
    let fees = if fees.is_empty() {
        free
    } else {
        fees.join("、")
    };
    facts.push(Fact::plain(shell.t("intake.fees"), fees));
    let none = Problems::none();
    let lines = asked.materials.lines().iter();
    let materials = lines
        .map(|line| material_view(&shell, line, Vec::new(), &none))
        .collect();
    page(&MaterialsPage {
        crumbs: crumbs(&shell, &open.version),
        steps: steps(&shell, 1),
        base: format!("/apply/drafts/{id}"),
        facts,
        materials,
        asks: !content.questions.is_empty(),
        shell,
    })
}

#[derive(Template)]
#[template(path = "intake/form.html")]
struct FormPage {
    shell: Shell,
    crumbs: Vec<Link>,
    steps: Vec<Step>,
    base: String,
    revision: i64,
    changes: Vec<Fact>,
    problems: Problems,
    fields: Vec<fields::FieldView>,
}

fn form_page(
    shell: Shell,
    open: &Open,
    answers: &serde_json::Map<String, serde_json::Value>,
    problems: Problems,
) -> Reply<FormPage> {
    let content = &open.version.content;
    let asked = crate::draft::whole(content, &open.draft.picks)?;
    let problems = fields::placed(&shell, content, "", problems);
    Ok(FormPage {
        crumbs: crumbs(&shell, &open.version),
        steps: steps(&shell, 2),
        base: format!("/apply/drafts/{}", open.draft.id),
        revision: open.draft.revision(),
        changes: Vec::new(),
        fields: fields::views(&shell, content, &asked, answers, &problems),
        problems,
        shell,
    })
}

/// What was saved elsewhere, where it is not what stands here.
fn written_elsewhere(
    shell: &Shell,
    open: &Open,
    here: &serde_json::Map<String, serde_json::Value>,
) -> Vec<Fact> {
    let content = &open.version.content;
    let here = fields::facts(shell, content, here, "");
    let mut saved = fields::facts(shell, content, &open.draft.answers, "");
    saved.retain(|fact| !here.contains(fact));
    saved
}

pub(super) async fn show_form(
    app: App,
    visitor: Visitor,
    Path(id): Path<ApplicationId>,
    shell: Shell,
) -> Reply<Response> {
    let open = open(&app, who(&visitor)?, id).await?;
    page(&form_page(
        shell,
        &open,
        &open.draft.answers,
        Problems::none(),
    )?)
}

pub(super) async fn save_form(
    app: App,
    visitor: Visitor,
    Path(id): Path<ApplicationId>,
    shell: Shell,
    form: Form<Posted>,
) -> Reply<Response> {
    let by = who(&visitor)?;
    let mut open = open(&app, by, id).await?;
    let content = &Arc::clone(&open.version).content;
    let asked = crate::draft::whole(content, &open.draft.picks)?;
    let answers = catalogue::form::from_pairs(content, form.fields.iter());
    let answers = answers.as_object().cloned().unwrap_or_default();
    // Saved as they are: nothing that was typed is lost, right or wrong.
    let (kept, seen) = (answers.clone(), form.fields.revision());
    let save = move |tx: &mut db::Tx<'_>| {
        crate::draft::unchanged(tx, &by, id, seen, |draft| draft.answers == kept)?;
        crate::save_answers(tx, &by, id, &kept)?;
        crate::draft(tx, &by, id)
    };
    match app.write(&visitor, save).await {
        Ok(draft) => open.draft = draft,
        Err(fault) => {
            let again = Again::of(fault, &shell, |_| None)?;
            let status = again.status();
            let changes = written_elsewhere(&shell, &open, &answers);
            let mut filled = form_page(shell, &open, &answers, again.problems)?;
            filled.changes = changes;
            return Again::show(status, &filled);
        }
    }
    if form.fields.has("later") {
        return Ok(redirect("/my")
            .flash(shell.t("intake.draft_saved"))
            .into_response());
    }
    let today = app.clock().today();
    let rules = FormChecker::new(content).map_err(Fault::broken)?;
    match crate::submit::checked_answers(&rules, &asked.scenario.id, &answers, today) {
        Ok(_) => Ok(redirect(format!("/apply/drafts/{id}/files")).into_response()),
        Err(fault) => {
            let problems = shell.problems(&wrong_fields(fault)?);
            invalid(&form_page(shell, &open, &answers, problems)?)
        }
    }
}
