//! A project at the desk: plan against fact, stages, blockers, key-project flag; and the parts of
//! the page that the owner's page shares.

use askama::Template;
use axum::response::{IntoResponse, Response};
use db::Tx;
use kernel::{Fault, OrganId, Problem};
use web::parts::{Choice, Fact, Link};
use web::{
    App, Fields, Form, FormReader, Officer, OnceToken, Path, Problems, ReadForm, Reply, Shell,
    invalid, page, redirect,
};

use super::mine::PlanForm;
use super::wrong_fields;
use crate::handle::TEXT_CHARS_MAX;
use crate::model::{Project, ProjectId, StageStatus};
use crate::{gantt as chart, projects, view};

/// A stage as a row.
pub(super) struct StageRow {
    pub(super) title: String,
    pub(super) href: String,
    pub(super) begin: String,
    pub(super) state: String,
    pub(super) tone: &'static str,
    pub(super) planned: String,
    pub(super) actual: String,
    pub(super) critical: String,
}

/// The stages of a project: what the chart draws, in words.
pub(super) fn stage_rows(
    tx: &mut Tx<'_>,
    shell: &Shell,
    project: &Project,
    bundles: &str,
) -> Result<Vec<StageRow>, Fault> {
    let bars = view::bars(tx, project, shell.language())?;
    let mut rows = Vec::new();
    for (number, (stage, bar)) in project.stages.iter().zip(bars).enumerate() {
        let span = |from: String, until: String| {
            shell.say("project.span", &[("from", from), ("until", until)])
        };
        let planned = match bar.planned {
            Some((from, until)) => span(from.to_string(), until.to_string()),
            None => shell.t("project.not_planned").to_owned(),
        };
        let actual = match bar.actual {
            Some((from, _)) if bar.runs => {
                span(from.to_string(), shell.t("project.so_far").to_owned())
            }
            Some((from, until)) => span(from.to_string(), until.to_string()),
            None => shell.t("project.not_begun").to_owned(),
        };
        let tone = match stage.status {
            StageStatus::Ahead => "",
            StageStatus::Running => "blue",
            StageStatus::Done => "green",
            StageStatus::Failed => "red",
        };
        let begin = match project.may_begin(stage) {
            true => {
                let theme = &stage.theme;
                format!("/bundles/{theme}?project={}&stage={number}", project.id)
            }
            false => String::new(),
        };
        rows.push(StageRow {
            title: bar.label,
            href: bar
                .bundle
                .map_or_else(String::new, |id| format!("{bundles}/{id}")),
            begin,
            state: shell.say(&format!("project.stage_{}", stage.status), &[]),
            tone,
            planned,
            actual,
            critical: shell
                .t(if bar.is_critical {
                    "project.yes"
                } else {
                    "project.no"
                })
                .to_owned(),
        });
    }
    Ok(rows)
}

/// The chart of a project; empty while there is nothing to draw.
pub(super) fn gantt(tx: &Tx<'_>, shell: &Shell, project: &Project) -> Result<String, Fault> {
    let bars = view::bars(tx, project, shell.language())?;
    let (title, text) = (shell.t("project.gantt"), shell.t("project.gantt_text"));
    Ok(chart::draw(&bars, tx.today(), title, text))
}

/// What every page says of a project first.
pub(super) fn facts(tx: &mut Tx<'_>, shell: &Shell, project: &Project) -> Result<Vec<Fact>, Fault> {
    let scheme = crate::shipped::scheme(project.scheme.as_str())?;
    let owner = identity::person(tx, project.applicant)?.name;
    let mut facts = vec![
        Fact::plain(shell.t("project.code"), project.code.to_string()),
        Fact::plain(shell.t("project.applicant"), owner),
        Fact::plain(shell.t("project.scheme"), scheme.title.get(shell.lang)),
    ];
    if project.is_key {
        facts.push(Fact::plain(
            shell.t("project.key_project"),
            shell.t("project.yes"),
        ));
    }
    if let Some(day) = project.wanted_on {
        facts.push(Fact::plain(shell.t("project.wanted_on"), day.to_string()));
    }
    Ok(facts)
}

/// A day that cannot be kept is a problem of its field; every other fault has its own page.
pub(super) fn plan_problem(fault: Fault) -> Reply<Vec<Problem>> {
    match fault {
        Fault::Refused(refused) if refused.code == "project.wanted_too_early" => {
            let mut problem = Problem::new("wanted_on", refused.code);
            problem.params = refused.params;
            Ok(vec![problem])
        }
        other => wrong_fields(other),
    }
}

struct BlockerRow {
    number: u16,
    organ: String,
    text: String,
    since: String,
    cleared: String,
}

#[derive(Template)]
#[template(path = "project/desk_project.html")]
struct ProjectPage {
    shell: Shell,
    crumbs: Vec<Link>,
    base: String,
    name: String,
    facts: Vec<Fact>,
    stages: Vec<StageRow>,
    /// Whether the reader may begin stages.
    own: bool,
    gantt: String,
    wanted_on: String,
    is_key: bool,
    blockers: Vec<BlockerRow>,
    organs: Vec<Choice>,
    typed: Fields,
    problems: Problems,
}

async fn project_page(
    app: &App,
    id: ProjectId,
    shell: Shell,
    typed: Fields,
    problems: Problems,
) -> Reply<ProjectPage> {
    let made = app
        .read(move |tx| {
            let project = projects::project(tx, id)?;
            let mut blockers = Vec::new();
            for one in &project.blockers {
                let day = |key: &str, day: String| shell.say(key, &[("day", day)]);
                blockers.push(BlockerRow {
                    number: one.number,
                    organ: view::organ_name(tx, one.organ)?,
                    text: ledger::read_text(tx, &one.text)?.unwrap_or_default(),
                    since: day("project.since", one.raised_on.to_string()),
                    cleared: one
                        .cleared_on
                        .map_or_else(String::new, |on| day("project.cleared", on.to_string())),
                });
            }
            let facts = facts(tx, &shell, &project)?;
            let stages = stage_rows(tx, &shell, &project, "/desk/bundles")?;
            Ok(ProjectPage {
                crumbs: vec![Link::to("/desk/projects", shell.t("project.desk"))],
                base: format!("/desk/projects/{id}"),
                name: projects::name_of(tx, &project)?,
                facts,
                stages,
                own: false,
                gantt: gantt(tx, &shell, &project)?,
                wanted_on: project
                    .wanted_on
                    .map_or_else(String::new, |day| day.to_string()),
                is_key: project.is_key,
                blockers,
                organs: organs(tx, typed.get("organ"))?,
                typed,
                problems,
                shell,
            })
        })
        .await?;
    Ok(made)
}

/// The departments, to choose from.
pub(super) fn organs(tx: &mut Tx<'_>, chosen: &str) -> Result<Vec<Choice>, Fault> {
    let all = identity::organs(tx)?.into_iter();
    let departments = all.filter(|one| one.kind == identity::OrganKind::Department);
    let pairs = departments.map(|one| (one.id.to_string(), one.short_name));
    Ok(Choice::list(pairs, chosen))
}

pub(crate) async fn show_project(
    app: App,
    Path(id): Path<ProjectId>,
    shell: Shell,
) -> Reply<Response> {
    let none = Problems::none();
    page(&project_page(&app, id, shell, Fields::default(), none).await?)
}

/// Does something to a project and comes back to its page.
async fn act<F>(
    app: App,
    by: Officer,
    id: ProjectId,
    shell: Shell,
    once: OnceToken,
    (fields, work): (Fields, Result<F, Fault>),
    said: &'static str,
) -> Reply<Response>
where
    F: Fn(&mut Tx<'_>, &Officer) -> Result<(), Fault> + Send + 'static,
{
    let actor = by.actor();
    let done = match work {
        Ok(work) => app.write_once(&actor, &once, move |tx| work(tx, &by)).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(()) => {
            let to = redirect(format!("/desk/projects/{id}"));
            Ok(to.flash(shell.t(said)).into_response())
        }
        Err(fault) => {
            let problems = shell.problems(&plan_problem(fault)?);
            invalid(&project_page(&app, id, shell, fields, problems).await?)
        }
    }
}

pub(crate) async fn plan(
    app: App,
    by: Officer,
    Path(id): Path<ProjectId>,
    shell: Shell,
    once: OnceToken,
    form: Form<PlanForm>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let work = command.map(|PlanForm(day)| {
        move |tx: &mut Tx<'_>, by: &Officer| projects::plan(tx, by, id, day).map(|_| ())
    });
    act(app, by, id, shell, once, (fields, work), "project.planned").await
}

/// Whether it is a key project.
pub(crate) struct MarkForm(bool);

impl ReadForm for MarkForm {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        Some(Self(form.flag("is_key")))
    }
}

pub(crate) async fn mark(
    app: App,
    by: Officer,
    Path(id): Path<ProjectId>,
    shell: Shell,
    once: OnceToken,
    form: Form<MarkForm>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let work = command.map(|MarkForm(is_key)| {
        move |tx: &mut Tx<'_>, by: &Officer| projects::mark(tx, by, id, is_key).map(|_| ())
    });
    act(app, by, id, shell, once, (fields, work), "project.marked").await
}

/// A blocker as it is typed.
pub(crate) struct BlockForm {
    organ: OrganId,
    text: String,
}

impl ReadForm for BlockForm {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let (organ, text) = (form.id("organ"), form.text("text", TEXT_CHARS_MAX));
        Some(Self {
            organ: organ?,
            text: text?,
        })
    }
}

pub(crate) async fn block(
    app: App,
    by: Officer,
    Path(id): Path<ProjectId>,
    shell: Shell,
    once: OnceToken,
    form: Form<BlockForm>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let work = command.map(|BlockForm { organ, text }| {
        move |tx: &mut Tx<'_>, by: &Officer| projects::block(tx, by, id, organ, &text).map(|_| ())
    });
    act(app, by, id, shell, once, (fields, work), "project.blocked").await
}

/// Which blocker was moved.
pub(crate) struct UnblockForm(u16);

impl ReadForm for UnblockForm {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.number("number", 1..=u16::MAX).map(Self)
    }
}

pub(crate) async fn unblock(
    app: App,
    by: Officer,
    Path(id): Path<ProjectId>,
    shell: Shell,
    once: OnceToken,
    form: Form<UnblockForm>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let work = command.map(|UnblockForm(number)| {
        move |tx: &mut Tx<'_>, by: &Officer| projects::unblock(tx, by, id, number).map(|_| ())
    });
    act(
        app,
        by,
        id,
        shell,
        once,
        (fields, work),
        "project.unblocked",
    )
    .await
}
