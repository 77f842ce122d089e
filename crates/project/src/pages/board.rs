//! `/desk/projects`: the board of the lead. Projects with how far they are, bundles that run with
//! their lamps, opinions that one's own department owes, and the days that were saved.

use askama::Template;
use axum::response::Response;
use db::Tx;
use kernel::Fault;
use web::{App, Officer, Paging, Reply, Role, Shell, page};

use super::mine::{BundleRow, bundle_row};
use crate::model::{BundleId, Project};
use crate::projects::{self, Saved};
use crate::{handle, shipped, view};

/// How many projects the board shows.
const PROJECTS_MAX: usize = 50;
/// How many opinions the board shows.
const OPINIONS_MAX: usize = 50;

struct ProjectRow {
    href: String,
    code: String,
    name: String,
    is_key: bool,
    done: usize,
    all: usize,
    progress: String,
    blockers: usize,
}

struct OpinionRow {
    href: String,
    title: String,
    number: String,
    due: String,
}

struct SavedRow {
    theme: String,
    count: u32,
    promised: u32,
    used: u32,
    saved: i64,
}

#[derive(Template)]
#[template(path = "project/board.html")]
struct BoardPage {
    shell: Shell,
    projects: Vec<ProjectRow>,
    bundles: Vec<BundleRow>,
    opinions: Vec<OpinionRow>,
    saved: Vec<SavedRow>,
    /// Whether who looks takes in at the counter.
    takes_in: bool,
    start: String,
    onward: String,
}

pub(crate) async fn show_board(
    app: App,
    by: Officer,
    shell: Shell,
    paging: Paging,
) -> Reply<Response> {
    let (after, most) = (paging.after::<BundleId>()?, paging.limit_and_one());
    let words = shell.clone();
    let takes_in = by.has(Role::IntakeClerk);
    let (projects, rows, opinions, saved) = app
        .read(move |tx| {
            let mut rows = Vec::new();
            for bundle in handle::within(tx, &by, true, after, most)? {
                rows.push((bundle.id, bundle_row(tx, &words, &bundle, "/desk/bundles")?));
            }
            let mut found = Vec::new();
            for project in projects::projects(tx, None, PROJECTS_MAX)? {
                found.push(project_row(tx, &words, &project)?);
            }
            Ok((
                found,
                rows,
                opinion_rows(tx, &words, &by)?,
                saved_rows(tx, &words)?,
            ))
        })
        .await?;
    let listed = paging.page(rows, |(id, _)| *id)?;
    let onward = listed.onward("/desk/projects");
    page(&BoardPage {
        takes_in,
        projects,
        bundles: listed.items.into_iter().map(|(_, row)| row).collect(),
        opinions,
        saved,
        start: paging.start("/desk/projects"),
        onward,
        shell,
    })
}

fn project_row(tx: &mut Tx<'_>, shell: &Shell, project: &Project) -> Result<ProjectRow, Fault> {
    let done = project
        .stages
        .iter()
        .filter(|stage| stage.ended_on.is_some())
        .count();
    let all = project.stages.len();
    let params = [("done", done.to_string()), ("all", all.to_string())];
    let open = project
        .blockers
        .iter()
        .filter(|one| one.cleared_on.is_none());
    Ok(ProjectRow {
        href: format!("/desk/projects/{}", project.id),
        code: project.code.to_string(),
        name: projects::name_of(tx, project)?,
        is_key: project.is_key,
        done,
        all,
        progress: shell.say("project.progress_text", &params),
        blockers: open.count(),
    })
}

fn opinion_rows(tx: &mut Tx<'_>, shell: &Shell, by: &Officer) -> Result<Vec<OpinionRow>, Fault> {
    let mut rows = Vec::new();
    for (id, number) in handle::opinions_asked(tx, by, OPINIONS_MAX)? {
        let bundle = handle::bundle(tx, id)?;
        let due = bundle.opinion(number).map(|one| one.due.to_string());
        rows.push(OpinionRow {
            href: format!("/desk/bundles/{id}"),
            title: view::title(&bundle, shell.language())?,
            number: bundle.number.to_string(),
            due: due.unwrap_or_default(),
        });
    }
    Ok(rows)
}

fn saved_rows(tx: &mut Tx<'_>, shell: &Shell) -> Result<Vec<SavedRow>, Fault> {
    let all = projects::saved(tx)?;
    let mut rows = Vec::new();
    for one in &all {
        let theme = shipped::theme(&one.theme)?.title.get(shell.lang).to_owned();
        rows.push(saved_row(theme, one));
    }
    if 1 < rows.len() {
        let sum = Saved {
            theme: String::new(),
            count: all.iter().map(|one| one.count).sum(),
            promised_days: all.iter().map(|one| one.promised_days).sum(),
            used_days: all.iter().map(|one| one.used_days).sum(),
        };
        rows.push(saved_row(shell.t("project.sum").to_owned(), &sum));
    }
    Ok(rows)
}

fn saved_row(theme: String, one: &Saved) -> SavedRow {
    SavedRow {
        theme,
        count: one.count,
        promised: one.promised_days,
        used: one.used_days,
        saved: one.saved_days(),
    }
}
