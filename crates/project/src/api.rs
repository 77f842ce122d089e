//! The interface for programs: the same use cases as the pages, under `/api/v1`.

mod projects;
mod themes;

use catalogue::scenario::Picks;
use db::Tx;
use intake::{ApplicationId, By, UploadId};
use jiff::civil::Date;
use kernel::{Fault, OrganId, PersonId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use web::{Access, App, Citizen, Doors, Json, Officer, OnceToken, Path, Reply, Role, Visitor};

use crate::hand_in::theme_of;
use crate::model::{Bundle, BundleId, BundleStatus, OpinionStatus, PartStatus, ProjectId, Stance};
use crate::view::{self, HolderDays, Lamp};
use crate::{DESK, draft::NewBundle, hand_in, handle};

pub(crate) fn doors(doors: Doors) -> Doors {
    let bundle = "/api/v1/bundles/{id}";
    let project = "/api/v1/projects/{id}";
    let of = |name: &str| format!("{bundle}/{name}");
    let act = |name: &str| format!("{project}/{name}");
    doors
        .get("/api/v1/themes", Access::Public, themes::list_themes)
        .get("/api/v1/themes/{id}", Access::Public, themes::show_theme)
        .post("/api/v1/bundles", Access::Citizen, submit_bundle)
        .get(bundle, Access::SignedIn, show_bundle)
        .post(&of("accept"), Access::Officer(Role::IntakeClerk), accept)
        .post(&of("ask"), DESK, ask)
        .post(&of("give_opinion"), DESK, give_opinion)
        .post(&of("remind"), DESK, remind)
        .post(&of("award"), DESK, award)
        .post(&of("plan_visit"), DESK, plan_visit)
        .post(&of("hold_check"), DESK, hold_check)
        .post(
            "/api/v1/projects",
            Access::Citizen,
            projects::register_project,
        )
        .get("/api/v1/projects/saved_days", DESK, projects::show_saved)
        .get(project, Access::SignedIn, projects::show_project)
        .post(&act("plan"), Access::SignedIn, projects::plan_project)
        .post(&act("mark"), DESK, projects::mark_project)
        .post(&act("block"), DESK, projects::block_project)
        .post(&act("unblock"), DESK, projects::unblock_project)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PaperBody {
    material: String,
    upload: UploadId,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BundleBody {
    theme: String,
    #[serde(default)]
    items: Vec<String>,
    #[serde(default)]
    applicant: Option<PersonId>,
    #[serde(default)]
    project: Option<ProjectId>,
    #[serde(default)]
    stage: Option<u16>,
    #[serde(default)]
    pre_review: bool,
    #[serde(default)]
    picks: Picks,
    answers: Map<String, Value>,
    #[serde(default)]
    documents: Vec<PaperBody>,
}

/// A bundle as programs see it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct BundleReply {
    id: BundleId,
    number: case::Code,
    theme: case::Code,
    theme_version: u32,
    project: Option<ProjectId>,
    status: BundleStatus,
    limit_days: u32,
    handed_in_on: Date,
    started_on: Option<Date>,
    due: Option<Date>,
    used_days: u32,
    concluded_on: Option<Date>,
    parts: Vec<PartReply>,
    opinions: Vec<OpinionReply>,
    reminders: usize,
    passed_days: u32,
    days: Vec<DaysReply>,
}

#[derive(Debug, Serialize, Deserialize)]
struct PartReply {
    key: String,
    status: PartStatus,
    organ: OrganId,
    application: Option<ApplicationId>,
    case: Option<case::CaseId>,
    received_on: Option<Date>,
    opened_on: Option<Date>,
    ended_on: Option<Date>,
}

#[derive(Debug, Serialize, Deserialize)]
struct OpinionReply {
    number: u16,
    organ: OrganId,
    status: OpinionStatus,
    stance: Option<Stance>,
    asked_on: Date,
    due: Date,
    settled_on: Option<Date>,
    late_on: Option<Date>,
}

#[derive(Debug, Serialize, Deserialize)]
struct DaysReply {
    holder: String,
    organ: String,
    counted: u32,
    busy: u32,
}

fn bundle_reply(tx: &mut Tx<'_>, bundle: &Bundle) -> Result<BundleReply, Fault> {
    let theme = theme_of(bundle)?;
    let Lamp { due, used, .. } = view::lamp(tx, bundle)?;
    let (passed, days) = view::holder_days(tx, bundle)?;
    let part = |part: &crate::Part| PartReply {
        key: theme
            .items
            .get(usize::from(part.plan.at))
            .map_or_else(String::new, |item| item.key.clone()),
        status: part.status,
        organ: part.plan.organ,
        application: part.application,
        case: part.case,
        received_on: part.received_on,
        opened_on: part.opened_on,
        ended_on: part.ended_on,
    };
    let opinion = |one: &crate::Opinion| OpinionReply {
        number: one.number,
        organ: one.organ,
        status: one.status,
        stance: one.stance,
        asked_on: one.asked_on,
        due: one.due,
        settled_on: one.settled_on,
        late_on: one.late_on,
    };
    let day = |one: HolderDays| DaysReply {
        holder: one.kind.to_owned(),
        organ: one.organ,
        counted: one.counted,
        busy: one.busy,
    };
    Ok(BundleReply {
        id: bundle.id,
        number: bundle.number.clone(),
        theme: bundle.theme.clone(),
        theme_version: bundle.theme_version,
        project: bundle.project,
        status: bundle.status,
        limit_days: bundle.limit_days,
        handed_in_on: bundle.handed_in_on,
        started_on: bundle.started_on,
        due,
        used_days: used,
        concluded_on: bundle.concluded_on,
        parts: bundle.parts.iter().map(part).collect(),
        opinions: bundle.opinions.iter().map(opinion).collect(),
        reminders: bundle.reminders.len(),
        passed_days: passed,
        days: days.into_iter().map(day).collect(),
    })
}

async fn submit_bundle(
    app: App,
    by: Citizen,
    once: OnceToken,
    Json(body): Json<BundleBody>,
) -> Reply<Json<BundleReply>> {
    let person = by.id;
    let work = move |tx: &mut Tx<'_>| {
        let new = NewBundle {
            theme: body.theme.clone(),
            stage: body.project.zip(body.stage),
            applicant: body.applicant.unwrap_or(person),
            agent: None,
            chosen: body.items.clone(),
            picks: body.picks.clone(),
            pre_review: body.pre_review,
        };
        let papers = body.documents.iter();
        let papers: Vec<(String, UploadId)> = papers
            .map(|one| (one.material.clone(), one.upload))
            .collect();
        let receipt =
            hand_in::hand_in_whole(tx, &By::Person(person), &new, &body.answers, &papers)?;
        let bundle = handle::bundle(tx, receipt.bundle)?;
        bundle_reply(tx, &bundle)
    };
    Ok(Json(app.write_once(&by, &once, work).await?))
}

async fn show_bundle(
    app: App,
    visitor: Visitor,
    Path(id): Path<BundleId>,
) -> Reply<Json<BundleReply>> {
    let read = app.read(move |tx| {
        let bundle = match &visitor {
            Visitor::Citizen(citizen) => handle::own(tx, citizen.id, id)?,
            Visitor::Officer(officer) => handle::seen(tx, officer, id)?,
            Visitor::Public(_) => return Err(Fault::Unauthenticated),
        };
        bundle_reply(tx, &bundle)
    });
    Ok(Json(read.await?))
}

/// Does something as an officer and tells how the bundle stands then.
async fn act<F>(app: App, by: Officer, once: OnceToken, work: F) -> Reply<Json<BundleReply>>
where
    F: Fn(&mut Tx<'_>, &Officer) -> Result<BundleId, Fault> + Send + 'static,
{
    let actor = by.actor();
    let done = app.write_once(&actor, &once, move |tx| {
        let id = work(tx, &by)?;
        let bundle = handle::bundle(tx, id)?;
        bundle_reply(tx, &bundle)
    });
    Ok(Json(done.await?))
}

async fn accept(
    app: App,
    by: Officer,
    Path(id): Path<BundleId>,
    once: OnceToken,
) -> Reply<Json<BundleReply>> {
    let work = move |tx: &mut Tx<'_>, by: &Officer| {
        hand_in::accept(tx, &By::from(by), id)?;
        Ok(id)
    };
    act(app, by, once, work).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AskBody {
    organ: OrganId,
    days: u32,
    #[serde(default)]
    question: String,
}

async fn ask(
    app: App,
    by: Officer,
    Path(id): Path<BundleId>,
    once: OnceToken,
    Json(body): Json<AskBody>,
) -> Reply<Json<BundleReply>> {
    let work = move |tx: &mut Tx<'_>, by: &Officer| {
        let asked = handle::ask(tx, by, id, body.organ, body.days, &body.question)?;
        Ok(asked.id)
    };
    act(app, by, once, work).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OpinionBody {
    number: u16,
    stance: Stance,
    #[serde(default)]
    text: String,
}

async fn give_opinion(
    app: App,
    by: Officer,
    Path(id): Path<BundleId>,
    once: OnceToken,
    Json(body): Json<OpinionBody>,
) -> Reply<Json<BundleReply>> {
    let work = move |tx: &mut Tx<'_>, by: &Officer| {
        let OpinionBody { number, stance, .. } = body;
        Ok(handle::give_opinion(tx, by, id, number, stance, &body.text)?.id)
    };
    act(app, by, once, work).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RemindBody {
    #[serde(default)]
    part: Option<u16>,
    #[serde(default)]
    opinion: Option<u16>,
    text: String,
}

async fn remind(
    app: App,
    by: Officer,
    Path(id): Path<BundleId>,
    once: OnceToken,
    Json(body): Json<RemindBody>,
) -> Reply<Json<BundleReply>> {
    let work = move |tx: &mut Tx<'_>, by: &Officer| {
        Ok(handle::remind(tx, by, id, body.part, body.opinion, &body.text)?.id)
    };
    act(app, by, once, work).await
}

async fn award(
    app: App,
    by: Officer,
    Path(id): Path<BundleId>,
    once: OnceToken,
) -> Reply<Json<BundleReply>> {
    act(app, by, once, move |tx, by| {
        Ok(handle::award(tx, by, id)?.id)
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VisitBody {
    on: Date,
}

async fn plan_visit(
    app: App,
    by: Officer,
    Path(id): Path<BundleId>,
    once: OnceToken,
    Json(body): Json<VisitBody>,
) -> Reply<Json<BundleReply>> {
    let work = move |tx: &mut Tx<'_>, by: &Officer| Ok(handle::plan_visit(tx, by, id, body.on)?.id);
    act(app, by, once, work).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckBody {
    marks: Vec<bool>,
    passed: bool,
    #[serde(default)]
    text: String,
}

async fn hold_check(
    app: App,
    by: Officer,
    Path(id): Path<BundleId>,
    once: OnceToken,
    Json(body): Json<CheckBody>,
) -> Reply<Json<BundleReply>> {
    let work = move |tx: &mut Tx<'_>, by: &Officer| {
        let marks = body.marks.clone();
        Ok(handle::hold_check(tx, by, id, marks, body.passed, &body.text)?.id)
    };
    act(app, by, once, work).await
}
