//! `/my/bundles` and `/my/projects`: what one applied for in one, shown as one with its parts, and
//! one's building projects with their stages.

use askama::Template;
use axum::response::{IntoResponse, Response};
use certificate::CertificateState;
use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, TypedId};
use web::parts::{Choice, Fact, Link};
use web::{
    App, Citizen, Fields, Form, FormReader, OnceToken, Paging, Path, Problems, ReadForm, Reply,
    Shell, invalid, page, redirect,
};

use super::passed::{PassedRow, passed_rows};
use super::site::{StageRow, gantt, stage_rows};
use super::{DayRow, PartRow, day_rows, lamp_words, part_row, state, wrong_fields};
use crate::model::{Bundle, BundleId, Project, ProjectId};
use crate::projects::{self, NewProject};
use crate::{draft, handle, shipped, view};

pub(super) struct BundleRow {
    pub(super) href: String,
    pub(super) title: String,
    pub(super) number: String,
    pub(super) applicant: String,
    pub(super) on: String,
    pub(super) state: String,
    pub(super) tone: &'static str,
    pub(super) shade: &'static str,
    pub(super) left: String,
    pub(super) progress: String,
    pub(super) done: usize,
    pub(super) all: usize,
}

/// A bundle as a row of a list.
pub(super) fn bundle_row(
    tx: &mut Tx<'_>,
    shell: &Shell,
    bundle: &Bundle,
    base: &str,
) -> Result<BundleRow, Fault> {
    let lamp = view::lamp(tx, bundle)?;
    let (state, tone) = state(shell, bundle.status);
    let done = bundle
        .parts
        .iter()
        .filter(|part| part.status.is_over())
        .count();
    let all = bundle.parts.len();
    let params = [("done", done.to_string()), ("all", all.to_string())];
    Ok(BundleRow {
        href: format!("{base}/{}", bundle.id),
        title: view::title(bundle, shell.language())?,
        number: bundle.number.to_string(),
        applicant: identity::person(tx, bundle.applicant)?.name,
        on: bundle.handed_in_on.to_string(),
        state,
        tone,
        shade: lamp.shade,
        left: lamp_words(shell, bundle.status, &lamp),
        progress: shell.say("project.progress_text", &params),
        done,
        all,
    })
}

#[derive(Template)]
#[template(path = "project/my_bundles.html")]
struct BundlesPage {
    shell: Shell,
    drafts: Vec<Link>,
    bundles: Vec<BundleRow>,
    start: String,
    onward: String,
}

pub(crate) async fn list_bundles(
    app: App,
    by: Citizen,
    shell: Shell,
    paging: Paging,
) -> Reply<Response> {
    let (after, most) = (paging.after::<BundleId>()?, paging.limit_and_one());
    let words = shell.clone();
    let (drafts, rows) = app
        .read(move |tx| {
            let mut drafts = Vec::new();
            for one in draft::drafts(tx, &intake::By::Person(by.id))? {
                let title = shipped::theme(&one.theme)?.title.get(words.lang);
                drafts.push(Link::to(format!("/bundles/drafts/{}/form", one.id), title));
            }
            let mut rows = Vec::new();
            for bundle in handle::bundles_of(tx, by.id, after, most)? {
                rows.push((bundle.id, bundle_row(tx, &words, &bundle, "/my/bundles")?));
            }
            Ok((drafts, rows))
        })
        .await?;
    let listed = paging.page(rows, |(id, _)| *id)?;
    let onward = listed.onward("/my/bundles");
    page(&BundlesPage {
        drafts,
        bundles: listed.items.into_iter().map(|(_, row)| row).collect(),
        start: paging.start("/my/bundles"),
        onward,
        shell,
    })
}

#[derive(Template)]
#[template(path = "project/my_bundle.html")]
struct BundlePage {
    shell: Shell,
    crumbs: Vec<Link>,
    title: String,
    head: BundleRow,
    facts: Vec<Fact>,
    parts: Vec<PartRow>,
    passed: Vec<PassedRow>,
    certificates: Vec<Link>,
    sum: u32,
    days: Vec<DayRow>,
}

pub(crate) async fn show_bundle(
    app: App,
    by: Citizen,
    Path(id): Path<BundleId>,
    shell: Shell,
) -> Reply<Response> {
    let made = app
        .read(move |tx| {
            let bundle = handle::own(tx, by.id, id)?;
            bundle_page(tx, shell, &bundle)
        })
        .await?;
    page(&made)
}

fn bundle_page(tx: &mut Tx<'_>, shell: Shell, bundle: &Bundle) -> Result<BundlePage, Fault> {
    let head = bundle_row(tx, &shell, bundle, "/my/bundles")?;
    let mut parts = Vec::new();
    for part in view::parts(tx, bundle, shell.language())? {
        let known = bundle.part(part.number);
        let href = known.map_or_else(String::new, |known| match (known.case, known.application) {
            (Some(case), _) => format!("/my/cases/{case}"),
            (None, Some(application)) => format!("/my/applications/{application}"),
            (None, None) => String::new(),
        });
        parts.push(part_row(&shell, part, href));
    }
    let mut certificates = Vec::new();
    for one in certificate::certificates_of(tx, bundle.id.uuid())? {
        if one.state == CertificateState::Valid {
            let label = format!("{} {}", shell.t("project.certificate"), one.number);
            certificates.push(Link::to(format!("/certificates/{}.pdf", one.id), label));
        }
    }
    let (sum, days) = view::holder_days(tx, bundle)?;
    let lamp = view::lamp(tx, bundle)?;
    let lead = view::organ_name(tx, bundle.lead)?;
    let used = [
        ("used", lamp.used.to_string()),
        ("limit", bundle.limit_days.to_string()),
    ];
    let mut facts = vec![
        Fact::plain(shell.t("project.number"), head.number.clone()),
        Fact::plain(shell.t("project.handed_in"), head.on.clone()),
        Fact::plain(shell.t("project.lead"), lead),
        Fact::plain(shell.t("project.limit"), shell.say("project.used", &used)),
    ];
    if let Some(due) = lamp.due {
        facts.push(Fact::plain(shell.t("project.due"), due.to_string()));
    }
    Ok(BundlePage {
        crumbs: vec![Link::to("/my/bundles", shell.t("project.my_bundles"))],
        title: head.title.clone(),
        head,
        facts,
        parts,
        passed: passed_rows(tx, &shell, bundle)?,
        certificates,
        sum,
        days: day_rows(&shell, days),
        shell,
    })
}

struct ProjectRow {
    href: String,
    code: String,
    name: String,
    done: usize,
    all: usize,
    progress: String,
}

#[derive(Template)]
#[template(path = "project/my_projects.html")]
struct ProjectsPage {
    shell: Shell,
    projects: Vec<ProjectRow>,
    schemes: Vec<Choice>,
    typed: Fields,
    problems: Problems,
}

async fn projects_page(
    app: &App,
    by: &Citizen,
    shell: Shell,
    typed: Fields,
    problems: Problems,
) -> Reply<ProjectsPage> {
    let person = by.id;
    let words = shell.clone();
    let projects = app
        .read(move |tx| {
            let mut rows = Vec::new();
            for project in projects::projects_of(tx, person)? {
                rows.push(project_row(tx, &words, &project)?);
            }
            Ok(rows)
        })
        .await?;
    let schemes = shipped::schemes()?.iter();
    let schemes = schemes.map(|one| (one.id.as_str(), one.title.get(shell.lang)));
    Ok(ProjectsPage {
        projects,
        schemes: Choice::list(schemes, typed.get("scheme")),
        typed,
        problems,
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
    Ok(ProjectRow {
        href: format!("/my/projects/{}", project.id),
        code: project.code.to_string(),
        name: projects::name_of(tx, project)?,
        done,
        all,
        progress: shell.say("project.progress_text", &params),
    })
}

pub(crate) async fn list_projects(app: App, by: Citizen, shell: Shell) -> Reply<Response> {
    let none = Problems::none();
    page(&projects_page(&app, &by, shell, Fields::default(), none).await?)
}

/// A project as it is typed.
pub(crate) struct ProjectForm {
    code: String,
    name: String,
    scheme: String,
}

impl ReadForm for ProjectForm {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let (code, name, scheme) = (
            form.text("code", 40),
            form.text("name", 100),
            form.text("scheme", 40),
        );
        Some(Self {
            code: code?,
            name: name?,
            scheme: scheme?,
        })
    }
}

pub(crate) async fn register(
    app: App,
    by: Citizen,
    shell: Shell,
    once: OnceToken,
    form: Form<ProjectForm>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let person = by.id;
    let done = match command {
        Ok(ProjectForm { code, name, scheme }) => {
            let new = NewProject {
                code,
                name,
                applicant: person,
                scheme,
            };
            app.write_once(&by, &once, move |tx| projects::register(tx, person, &new))
                .await
        }
        Err(fault) => Err(fault),
    };
    match done {
        Ok(id) => {
            let to = redirect(format!("/my/projects/{id}"));
            Ok(to.flash(shell.t("project.registered")).into_response())
        }
        Err(fault) => {
            let problems = shell.problems(&wrong_fields(fault)?);
            invalid(&projects_page(&app, &by, shell, fields, problems).await?)
        }
    }
}

#[derive(Template)]
#[template(path = "project/my_project.html")]
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
    problems: Problems,
}

async fn project_page(
    app: &App,
    by: &Citizen,
    id: ProjectId,
    shell: Shell,
    problems: Problems,
) -> Reply<ProjectPage> {
    let person = by.id;
    let made = app
        .read(move |tx| {
            let project = projects::own_project(tx, person, id)?;
            let facts = super::site::facts(tx, &shell, &project)?;
            let stages = stage_rows(tx, &shell, &project, "/my/bundles")?;
            Ok(ProjectPage {
                crumbs: vec![Link::to("/my/projects", shell.t("project.my_projects"))],
                base: format!("/my/projects/{id}"),
                name: projects::name_of(tx, &project)?,
                facts,
                stages,
                own: true,
                gantt: gantt(tx, &shell, &project)?,
                wanted_on: project
                    .wanted_on
                    .map_or_else(String::new, |day| day.to_string()),
                problems,
                shell,
            })
        })
        .await?;
    Ok(made)
}

pub(crate) async fn show_project(
    app: App,
    by: Citizen,
    Path(id): Path<ProjectId>,
    shell: Shell,
) -> Reply<Response> {
    page(&project_page(&app, &by, id, shell, Problems::none()).await?)
}

/// The day by which the owner wants all of it.
pub(crate) struct PlanForm(pub(super) Date);

impl ReadForm for PlanForm {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.date("wanted_on").map(Self)
    }
}

pub(crate) async fn plan(
    app: App,
    by: Citizen,
    Path(id): Path<ProjectId>,
    shell: Shell,
    once: OnceToken,
    form: Form<PlanForm>,
) -> Reply<Response> {
    let person = by.id;
    let done = match form.command {
        Ok(PlanForm(wanted)) => {
            let work =
                move |tx: &mut Tx<'_>| projects::plan_own(tx, person, id, wanted).map(|_| ());
            app.write_once(&by, &once, work).await
        }
        Err(fault) => Err(fault),
    };
    match done {
        Ok(()) => {
            let to = redirect(format!("/my/projects/{id}"));
            Ok(to.flash(shell.t("project.planned")).into_response())
        }
        Err(fault) => {
            let problems = shell.problems(&super::site::plan_problem(fault)?);
            invalid(&project_page(&app, &by, id, shell, problems).await?)
        }
    }
}
