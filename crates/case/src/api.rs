//! JSON: the same use cases as the pages, for programs.

use axum::response::{IntoResponse, Response};
use calendar::PauseKind;
use db::Tx;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Fault, Lang, OfficerId, OrganId, PersonId};
use serde::{Deserialize, Serialize};
use web::{
    App, Citizen, Json, Officer, OnceToken, Page, Paging, Path, Query, Reply, Visit, Visitor,
};

use crate::history::HistoryLine;
use crate::model::{Case, CaseId, Code, Duty, Method, Role, Status, Verdict};
use crate::seat::unless_hidden;
use crate::store::{Scope, TaskKey, TaskLine, Viewer};
use crate::view::{CasePage, lamp_of};
use crate::{Finish, Grounds, HandOut};

/// Who looks, as the lists ask.
pub(crate) fn viewer(visitor: &Visitor) -> Result<Viewer, Fault> {
    match visitor {
        Visitor::Officer(officer) => Ok(Viewer::Officer(crate::doer(officer)?)),
        Visitor::Citizen(citizen) => Ok(Viewer::Person(citizen.id)),
        Visitor::Public(_) => Err(Fault::Unauthenticated),
    }
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    pub(crate) scope: Option<Scope>,
}

/// One task of a work list.
#[derive(Debug, Serialize)]
pub(crate) struct TaskReply {
    case: CaseId,
    task: u16,
    number: String,
    duty: Duty,
    role: Role,
    held_by: Option<OfficerId>,
    opened_on: Date,
    task_due: Option<Date>,
    case_due: Option<Date>,
    status: Status,
    light: &'static str,
    days_left: i64,
    #[serde(skip)]
    key: TaskKey,
}

impl TaskReply {
    fn new(line: TaskLine, calendar: &calendar::WorkingDays, today: Date) -> Self {
        let due = line.promised_due.filter(|_| !line.stands());
        let count = line.promised_count;
        let lamp = lamp_of(calendar, today, due, line.statutory_due, count);
        Self {
            key: line.key(),
            case: line.case,
            task: line.task,
            number: line.number,
            duty: line.duty,
            role: line.role,
            held_by: line.held_by,
            opened_on: line.opened_on,
            task_due: line.task_due,
            case_due: due,
            status: line.status,
            light: lamp.shade,
            days_left: lamp.left,
        }
    }
}

pub(crate) async fn list_tasks(
    app: App,
    by: Officer,
    paging: Paging,
    Query(asked): Query<Asked>,
) -> Reply<Json<Page<TaskReply>>> {
    let (after, most) = (paging.after::<TaskKey>()?, paging.limit_and_one());
    let doer = crate::doer(&by)?;
    let scope = asked.scope.unwrap_or(Scope::Post);
    let found = app
        .read(move |tx| {
            let calendar = tx.thing::<calendar::WorkingDays>()?;
            let today = tx.today();
            let lines = crate::tasks(tx, &doer, scope, after.as_ref(), most)?;
            let reply = |line| TaskReply::new(line, &calendar, today);
            Ok(lines.into_iter().map(reply).collect::<Vec<_>>())
        })
        .await?;
    Ok(Json(paging.page(found, |task| task.key.clone())?))
}

/// A case after a change, or as listed.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CaseReply {
    id: CaseId,
    number: Code,
    status: Status,
    verdict: Option<Verdict>,
    opened_on: Date,
    promised_due: Option<Date>,
    statutory_due: Option<Date>,
    decided_on: Option<Date>,
    delivery_due: Option<Date>,
    closed_on: Option<Date>,
    organ: OrganId,
    tasks: Vec<OpenReply>,
}

/// An open task of a case.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct OpenReply {
    task: u16,
    duty: Duty,
    role: Role,
    organ: OrganId,
    opened_on: Date,
    due: Option<Date>,
    held: bool,
}

impl From<Case> for CaseReply {
    fn from(case: Case) -> Self {
        let open = |task: &crate::Task| OpenReply {
            task: task.number,
            duty: task.duty,
            role: task.role,
            organ: task.organ,
            opened_on: task.on,
            due: task.due,
            held: task.held_by.is_some(),
        };
        Self {
            id: case.id,
            status: case.status,
            verdict: case.verdict,
            opened_on: case.opened_on,
            promised_due: case.dues.promised,
            statutory_due: case.dues.statutory,
            decided_on: case.decided_on,
            delivery_due: case.delivery_due,
            closed_on: case.closed_on,
            organ: case.organ,
            tasks: case.tasks.iter().map(open).collect(),
            number: case.number,
        }
    }
}

/// A case with its derivation and history.
#[derive(Debug, Serialize)]
pub(crate) struct WholeReply {
    #[serde(flatten)]
    case: CaseReply,
    light: &'static str,
    days_left: i64,
    explain: Vec<String>,
    history: Vec<LineReply>,
    documents: Vec<DocumentReply>,
}

#[derive(Debug, Serialize)]
struct LineReply {
    at: Timestamp,
    kind: &'static str,
    step: String,
    outcome: String,
    who: String,
    standing_in: String,
    text: String,
    revision: i64,
    position: Option<i64>,
}

#[derive(Debug, Serialize)]
struct DocumentReply {
    title: String,
    number: String,
    href: String,
}

impl From<CasePage> for WholeReply {
    fn from(page: CasePage) -> Self {
        let line = |line: HistoryLine| LineReply {
            at: line.at,
            kind: line.kind,
            step: line.step,
            outcome: line.outcome,
            who: line.who,
            standing_in: line.standing_in,
            text: line.text,
            revision: line.revision,
            position: line.position,
        };
        let documents = page.documents.into_iter().map(|document| DocumentReply {
            title: document.title,
            number: document.number,
            href: document.href,
        });
        Self {
            case: page.case.into(),
            light: page.lamp.shade,
            days_left: page.lamp.left,
            explain: page.explain.into_iter().map(|line| line.text).collect(),
            history: page.history.into_iter().map(line).collect(),
            documents: documents.collect(),
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct Sought {
    #[serde(default)]
    number: String,
}

/// The longest number anybody may ask for.
const NUMBER_CHARS_MAX: usize = 40;

/// The case of a number, as a list of one; of none when there is none that the asker may see.
pub(crate) async fn find_case(
    app: App,
    visitor: Visitor,
    Query(sought): Query<Sought>,
) -> Reply<Json<Page<CaseReply>>> {
    let number = kernel::text::bounded("number", &sought.number, NUMBER_CHARS_MAX);
    let number = number.map_err(|problem| Fault::Invalid(vec![problem]))?;
    let viewer = viewer(&visitor)?;
    let find = move |tx: &mut Tx<'_>| {
        let found = crate::seen_by_number(tx, &viewer, &number.to_uppercase())?;
        found.map(|id| crate::case(tx, id)).transpose()
    };
    let found = app.read(find).await?;
    let items = found.into_iter().map(CaseReply::from).collect();
    Ok(Json(Page { items, next: None }))
}

pub(crate) async fn show_case(
    app: App,
    visitor: Visitor,
    visit: Visit,
    Path(id): Path<CaseId>,
) -> Reply<Json<WholeReply>> {
    let (viewer, lang): (Viewer, Lang) = (viewer(&visitor)?, visit.lang());
    let page = app
        .read(move |tx| crate::case_page(tx, &viewer, id, lang))
        .await?;
    Ok(Json(page.into()))
}

pub(crate) async fn show_proof(
    app: App,
    visitor: Visitor,
    Path(id): Path<CaseId>,
) -> Reply<Response> {
    let viewer = viewer(&visitor)?;
    let proof = app.read(move |tx| crate::proof(tx, &viewer, id)).await?;
    Ok(Json(proof).into_response())
}

async fn change(
    app: App,
    by: Officer,
    once: OnceToken,
    id: CaseId,
    work: impl Fn(&mut Tx<'_>, &Officer) -> Result<Case, Fault> + Send + 'static,
) -> Reply<Json<CaseReply>> {
    let actor = by.actor();
    let done = app.write_once(&actor, &once, move |tx| {
        let done = work(tx, &by);
        unless_hidden(tx, &by, id, done).map(CaseReply::from)
    });
    Ok(Json(done.await?))
}

pub(crate) async fn claim(
    app: App,
    by: Officer,
    once: OnceToken,
    Path((id, task)): Path<(CaseId, u16)>,
) -> Reply<Json<CaseReply>> {
    change(app, by, once, id, move |tx, by| {
        crate::claim(tx, by, id, task)
    })
    .await
}

pub(crate) async fn release(
    app: App,
    by: Officer,
    once: OnceToken,
    Path((id, task)): Path<(CaseId, u16)>,
) -> Reply<Json<CaseReply>> {
    change(app, by, once, id, move |tx, by| {
        crate::release(tx, by, id, task)
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandOverBody {
    to: OfficerId,
}

pub(crate) async fn hand_over(
    app: App,
    by: Officer,
    once: OnceToken,
    Path((id, task)): Path<(CaseId, u16)>,
    Json(body): Json<HandOverBody>,
) -> Reply<Json<CaseReply>> {
    let to = body.to;
    change(app, by, once, id, move |tx, by| {
        crate::hand_over(tx, by, id, task, to)
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompleteBody {
    #[serde(default)]
    outcome: Option<Code>,
    #[serde(default)]
    opinion: Option<String>,
    #[serde(default)]
    departure: Option<String>,
    #[serde(default)]
    minutes: Option<String>,
    #[serde(default)]
    grounds: Option<Grounds>,
}

pub(crate) async fn complete(
    app: App,
    by: Officer,
    once: OnceToken,
    Path((id, task)): Path<(CaseId, u16)>,
    Json(body): Json<CompleteBody>,
) -> Reply<Json<CaseReply>> {
    let finish = Finish {
        task,
        outcome: body.outcome,
        opinion: body.opinion,
        departure: body.departure,
        minutes: body.minutes,
        grounds: body.grounds,
        ..Finish::default()
    };
    change(app, by, once, id, move |tx, by| {
        crate::complete(tx, by, id, &finish)
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CoHandlerBody {
    organ: OrganId,
    question: String,
    limit_days: u32,
}

pub(crate) async fn add_co_handler(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<CaseId>,
    Json(body): Json<CoHandlerBody>,
) -> Reply<Json<CaseReply>> {
    change(app, by, once, id, move |tx, by| {
        crate::add_co_handler(tx, by, id, body.organ, &body.question, body.limit_days)
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PauseBody {
    kind: PauseKind,
    expected_days: u32,
    reason: String,
}

pub(crate) async fn pause(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<CaseId>,
    Json(body): Json<PauseBody>,
) -> Reply<Json<CaseReply>> {
    change(app, by, once, id, move |tx, by| {
        crate::pause(tx, by, id, body.kind, body.expected_days, &body.reason)
    })
    .await
}

pub(crate) async fn resume(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<CaseId>,
) -> Reply<Json<CaseReply>> {
    change(app, by, once, id, move |tx, by| crate::resume(tx, by, id)).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExtendBody {
    days: u32,
    reason: String,
}

pub(crate) async fn extend(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<CaseId>,
    Json(body): Json<ExtendBody>,
) -> Reply<Json<CaseReply>> {
    change(app, by, once, id, move |tx, by| {
        crate::extend(tx, by, id, body.days, &body.reason)
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeliverBody {
    method: Method,
    #[serde(default)]
    identity_checked: bool,
    #[serde(default)]
    proof: Option<String>,
}

pub(crate) async fn deliver(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<CaseId>,
    Json(body): Json<DeliverBody>,
) -> Reply<Json<CaseReply>> {
    let out = HandOut {
        method: body.method,
        identity_checked: body.identity_checked,
        proof: body.proof,
    };
    change(app, by, once, id, move |tx, by| {
        crate::deliver(tx, by, id, &out)
    })
    .await
}

pub(crate) async fn archive(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<CaseId>,
) -> Reply<Json<CaseReply>> {
    change(app, by, once, id, move |tx, by| {
        crate::archive_by(tx, by, id)
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WithdrawBody {
    #[serde(default)]
    reason: Option<String>,
}

pub(crate) async fn withdraw(
    app: App,
    by: Citizen,
    once: OnceToken,
    Path(id): Path<CaseId>,
    Json(body): Json<WithdrawBody>,
) -> Reply<Json<CaseReply>> {
    let (actor, person): (_, PersonId) = (by.actor(), by.id);
    let done = app.write_once(&actor, &once, move |tx| {
        let case = crate::withdraw(tx, person, id, body.reason.as_deref())?;
        Ok(CaseReply::from(case))
    });
    Ok(Json(done.await?))
}
