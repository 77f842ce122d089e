//! Projects for programs: register, show with plan and fact, plan, mark, blockers, saved days.

use codes::ProjectCode;
use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, OrganId, PersonId};
use serde::{Deserialize, Serialize};
use web::{App, Citizen, Json, Officer, OnceToken, Path, Reply, Visitor};

use crate::model::{BundleId, Project, ProjectId, StageStatus};
use crate::projects::{self, NewProject, Saved};
use crate::schedule::Span;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProjectBody {
    code: String,
    name: String,
    scheme: String,
    #[serde(default)]
    applicant: Option<PersonId>,
}

/// A project as programs see it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ProjectReply {
    id: ProjectId,
    code: ProjectCode,
    name: String,
    scheme: case::Code,
    is_key: bool,
    registered_on: Date,
    wanted_on: Option<Date>,
    finished_on: Option<Date>,
    days_left: u32,
    critical_path: Vec<usize>,
    stages: Vec<StageReply>,
    blockers: Vec<BlockerReply>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StageReply {
    theme: case::Code,
    status: StageStatus,
    limit_days: u32,
    bundle: Option<BundleId>,
    planned: Option<Span>,
    began_on: Option<Date>,
    ended_on: Option<Date>,
}

#[derive(Debug, Serialize, Deserialize)]
struct BlockerReply {
    number: u16,
    organ: OrganId,
    raised_on: Date,
    cleared_on: Option<Date>,
}

fn reply(tx: &mut Tx<'_>, project: &Project) -> Result<ProjectReply, Fault> {
    let plan = projects::plan_of(project)?;
    let stage = |one: &crate::Stage| StageReply {
        theme: one.theme.clone(),
        status: one.status,
        limit_days: one.days,
        bundle: one.bundle,
        planned: one.planned,
        began_on: one.began_on,
        ended_on: one.ended_on,
    };
    let blocker = |one: &crate::Blocker| BlockerReply {
        number: one.number,
        organ: one.organ,
        raised_on: one.raised_on,
        cleared_on: one.cleared_on,
    };
    Ok(ProjectReply {
        id: project.id,
        code: project.code.clone(),
        name: projects::name_of(tx, project)?,
        scheme: project.scheme.clone(),
        is_key: project.is_key,
        registered_on: project.registered_on,
        wanted_on: project.wanted_on,
        finished_on: project.finished_on,
        days_left: plan.days,
        critical_path: plan.path,
        stages: project.stages.iter().map(stage).collect(),
        blockers: project.blockers.iter().map(blocker).collect(),
    })
}

pub(crate) async fn register_project(
    app: App,
    by: Citizen,
    once: OnceToken,
    Json(body): Json<ProjectBody>,
) -> Reply<Json<ProjectReply>> {
    let person = by.id;
    let work = move |tx: &mut Tx<'_>| {
        let new = NewProject {
            code: body.code.clone(),
            name: body.name.clone(),
            applicant: body.applicant.unwrap_or(person),
            scheme: body.scheme.clone(),
        };
        let id = projects::register(tx, person, &new)?;
        let project = projects::project(tx, id)?;
        reply(tx, &project)
    };
    Ok(Json(app.write_once(&by, &once, work).await?))
}

pub(crate) async fn show_project(
    app: App,
    visitor: Visitor,
    Path(id): Path<ProjectId>,
) -> Reply<Json<ProjectReply>> {
    let read = app.read(move |tx| {
        let project = match &visitor {
            Visitor::Citizen(citizen) => projects::own_project(tx, citizen.id, id)?,
            Visitor::Officer(officer) if crate::at_desk(officer) => projects::project(tx, id)?,
            Visitor::Officer(_) => return Err(Fault::NotFound { what: "project" }),
            Visitor::Public(_) => return Err(Fault::Unauthenticated),
        };
        reply(tx, &project)
    });
    Ok(Json(read.await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanBody {
    wanted_on: Date,
}

pub(crate) async fn plan_project(
    app: App,
    visitor: Visitor,
    Path(id): Path<ProjectId>,
    once: OnceToken,
    Json(body): Json<PlanBody>,
) -> Reply<Json<ProjectReply>> {
    let asker = visitor.clone();
    let work = move |tx: &mut Tx<'_>| {
        let project = match &asker {
            Visitor::Citizen(citizen) => projects::plan_own(tx, citizen.id, id, body.wanted_on)?,
            Visitor::Officer(officer) => projects::plan(tx, officer, id, body.wanted_on)?,
            Visitor::Public(_) => return Err(Fault::Unauthenticated),
        };
        reply(tx, &project)
    };
    Ok(Json(app.write_once(&visitor, &once, work).await?))
}

async fn act<F>(app: App, by: Officer, once: OnceToken, work: F) -> Reply<Json<ProjectReply>>
where
    F: Fn(&mut Tx<'_>, &Officer) -> Result<Project, Fault> + Send + 'static,
{
    let actor = by.actor();
    let done = app.write_once(&actor, &once, move |tx| {
        let project = work(tx, &by)?;
        reply(tx, &project)
    });
    Ok(Json(done.await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MarkBody {
    is_key: bool,
}

pub(crate) async fn mark_project(
    app: App,
    by: Officer,
    Path(id): Path<ProjectId>,
    once: OnceToken,
    Json(body): Json<MarkBody>,
) -> Reply<Json<ProjectReply>> {
    act(app, by, once, move |tx, by| {
        projects::mark(tx, by, id, body.is_key)
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BlockBody {
    organ: OrganId,
    text: String,
}

pub(crate) async fn block_project(
    app: App,
    by: Officer,
    Path(id): Path<ProjectId>,
    once: OnceToken,
    Json(body): Json<BlockBody>,
) -> Reply<Json<ProjectReply>> {
    act(app, by, once, move |tx, by| {
        projects::block(tx, by, id, body.organ, &body.text)
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnblockBody {
    number: u16,
}

pub(crate) async fn unblock_project(
    app: App,
    by: Officer,
    Path(id): Path<ProjectId>,
    once: OnceToken,
    Json(body): Json<UnblockBody>,
) -> Reply<Json<ProjectReply>> {
    act(app, by, once, move |tx, by| {
        projects::unblock(tx, by, id, body.number)
    })
    .await
}

/// What the bundles of each theme saved.
#[derive(Debug, Serialize)]
pub(crate) struct SavedReply {
    items: Vec<SavedLine>,
    count: u32,
    promised_days: u32,
    used_days: u32,
    saved_days: i64,
}

#[derive(Debug, Serialize)]
struct SavedLine {
    theme: String,
    count: u32,
    promised_days: u32,
    used_days: u32,
    saved_days: i64,
}

pub(crate) async fn show_saved(app: App) -> Reply<Json<SavedReply>> {
    let all = app.read(projects::saved).await?;
    let sum = |of: fn(&Saved) -> u32| all.iter().map(of).sum::<u32>();
    Ok(Json(SavedReply {
        count: sum(|one| one.count),
        promised_days: sum(|one| one.promised_days),
        used_days: sum(|one| one.used_days),
        saved_days: all.iter().map(Saved::saved_days).sum(),
        items: all
            .iter()
            .map(|one| SavedLine {
                theme: one.theme.clone(),
                count: one.count,
                promised_days: one.promised_days,
                used_days: one.used_days,
                saved_days: one.saved_days(),
            })
            .collect(),
    }))
}
