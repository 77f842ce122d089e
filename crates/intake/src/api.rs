//! The interface for programs: the same use cases as the pages, under `/api/v1`.

use catalogue::scenario::Picks;
use codes::{CaseNumber, QueryCode};
use db::Tx;
use jiff::civil::Date;
use kernel::{Channel, Fault, PersonId, Problem};
use ledger::FileId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use web::{
    Access, App, Citizen, Doors, Download, Form, FormReader, Json, Officer, OnceToken, Path,
    ReadForm, Reply, Role, Upload, Visitor,
};

use crate::model::{Application, ApplicationId, By, Correction, NewApplication, Status, UploadId};
use crate::onward::{OpenedCase, case_of};
use crate::pages::{keep_all, store_all, who};

/// The front desk.
const DESK: Access = Access::Officer(Role::IntakeClerk);
/// Longest reason, in characters.
const REASON_MAX: usize = 1000;
/// Longest name of an organ, in characters.
const ORGAN_MAX: usize = 200;

pub(crate) fn doors(app: App) -> Doors {
    let one = "/api/v1/applications/{id}";
    let act = |name: &str| format!("{one}/{name}");
    Doors::new(crate::ROOM, app)
        .post("/api/v1/uploads", Access::SignedIn, send_file)
        .post("/api/v1/applications", Access::Citizen, submit)
        .get(one, Access::SignedIn, show)
        .get(&act("files/{file}"), Access::SignedIn, download)
        .post(&act("accept"), DESK, accept)
        .post(&act("give_notice"), DESK, give_notice)
        .post(&act("correct"), Access::SignedIn, correct)
        .post(&act("correct_on_the_spot"), DESK, correct_on_the_spot)
        .post(&act("not_required"), DESK, not_required)
        .post(&act("not_accepted"), DESK, not_accepted)
        .post(&act("withdraw"), Access::Citizen, withdraw)
        .post(&act("lapse"), DESK, lapse)
}

/// A file that was sent.
#[derive(Serialize, Deserialize)]
struct UploadReply {
    id: UploadId,
    media: String,
    size: i64,
    sm3: String,
}

/// One file in the field `file`.
struct OneFile(Upload);

impl ReadForm for OneFile {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.file("file").map(Self)
    }
}

async fn send_file(
    app: App,
    visitor: Visitor,
    once: OnceToken,
    form: Form<OneFile>,
) -> Reply<Json<UploadReply>> {
    let by = who(&visitor)?;
    let OneFile(file) = form.command?;
    let arrived = store_all(&app, vec![(String::new(), file)]).await?;
    let reply = app
        .write_once(&visitor, &once, move |tx| {
            let kept = keep_all(tx, &by, &arrived)?;
            let (first, (_, id)) = arrived
                .first()
                .zip(kept.first())
                .ok_or_else(|| Fault::broken("a file that is not there"))?;
            Ok(UploadReply {
                id: *id,
                media: first.media.to_owned(),
                size: first.stored.size,
                sm3: first.stored.content.to_string(),
            })
        })
        .await?;
    Ok(Json(reply))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentBody {
    material: String,
    upload: UploadId,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApplicationBody {
    item: String,
    #[serde(default)]
    scenario: Picks,
    answers: Map<String, Value>,
    #[serde(default)]
    documents: Vec<DocumentBody>,
    #[serde(default)]
    applicant: Option<PersonId>,
    #[serde(default)]
    by_hand: bool,
}

#[derive(Serialize, Deserialize)]
struct ReceiptReply {
    id: ApplicationId,
    number: CaseNumber,
    query_code: QueryCode,
}

async fn submit(
    app: App,
    by: Citizen,
    once: OnceToken,
    Json(body): Json<ApplicationBody>,
) -> Reply<Json<ReceiptReply>> {
    let me = By::from(&by);
    let person = by.id;
    let work = move |tx: &mut Tx<'_>| {
        let today = tx.today();
        let version = catalogue::published_by_code(tx, &body.item, today)?;
        let version = version.ok_or_else(|| Fault::invalid("item", "intake.no_such_item"))?;
        let applicant = body.applicant.unwrap_or(person);
        let documents = body
            .documents
            .iter()
            .map(|one| (one.material.clone(), one.upload));
        let new = NewApplication {
            item: version.item,
            applicant,
            agent: (applicant != person).then_some(person),
            picks: body.scenario.clone(),
            answers: body.answers.clone(),
            documents: documents.collect(),
            held: Vec::new(),
            at_counter: false,
            by_hand: body.by_hand,
        };
        let receipt = crate::submit_whole(tx, &me, new)?;
        let (id, number) = (receipt.application, receipt.number);
        Ok(ReceiptReply {
            id,
            number,
            query_code: receipt.query_code,
        })
    };
    Ok(Json(app.write_once(&by, &once, work).await?))
}

#[derive(Serialize, Deserialize)]
struct FileReply {
    id: FileId,
    material: String,
    media: String,
    size: i64,
    sm3: String,
}

#[derive(Serialize, Deserialize)]
struct ApplicationReply {
    id: ApplicationId,
    number: CaseNumber,
    status: Status,
    item: String,
    version: u32,
    scenario: String,
    applicant: PersonId,
    agent: Option<PersonId>,
    channel: Channel,
    received_on: Date,
    tell_by: Date,
    answer_by: Date,
    notice_due: Option<Date>,
    missing: Vec<String>,
    settled_on: Option<Date>,
    files: Vec<FileReply>,
    case: Option<OpenedCase>,
}

fn reply(tx: &mut Tx<'_>, application: Application) -> Result<ApplicationReply, Fault> {
    let version = crate::version_of(tx, &application)?;
    let content = &version.content;
    let material = |at: u16| {
        content
            .materials
            .get(usize::from(at))
            .map_or_else(String::new, |known| known.id.clone())
    };
    let files = crate::files(tx, &application)?
        .into_iter()
        .map(|(at, kept)| FileReply {
            id: kept.id,
            material: material(at),
            sm3: kept.content.to_string(),
            media: kept.media,
            size: kept.size,
        });
    let scenario = content.scenarios.get(usize::from(application.scenario));
    let notice = application.notice.as_ref();
    Ok(ApplicationReply {
        id: application.id,
        status: application.status,
        item: content.codes.key().unwrap_or_default().to_owned(),
        version: application.version,
        scenario: scenario.map_or_else(String::new, |known| known.id.clone()),
        applicant: application.applicant,
        agent: application.agent,
        channel: application.channel,
        received_on: application.received_on,
        tell_by: application.tell_by,
        answer_by: application.answer_by,
        notice_due: notice.map(|notice| notice.due),
        missing: notice.map_or_else(Vec::new, |notice| {
            notice.missing.iter().map(|at| material(*at)).collect()
        }),
        settled_on: application.settled.map(|settled| settled.on),
        files: files.collect(),
        case: None,
        number: application.number,
    })
}

async fn show(
    app: App,
    visitor: Visitor,
    Path(id): Path<ApplicationId>,
) -> Reply<Json<ApplicationReply>> {
    let by = who(&visitor)?;
    let read = app.read(move |tx| {
        let application = crate::visible(tx, &by, id)?;
        let case = case_of(tx, &application)?;
        Ok(ApplicationReply {
            case,
            ..reply(tx, application)?
        })
    });
    Ok(Json(read.await?))
}

async fn download(
    app: App,
    visitor: Visitor,
    Path((id, file)): Path<(ApplicationId, FileId)>,
) -> Reply<Download> {
    let by = who(&visitor)?;
    let read = app.read(move |tx| {
        let application = crate::visible(tx, &by, id)?;
        crate::file_content(tx, &application, file)
    });
    let (kept, content) = read.await?;
    let kind = crate::files::kind_of_media(&kept.media);
    let media = kind.map_or("application/octet-stream", |kind| kind.media_type());
    Ok(Download::new(kept.id.to_string(), media, content))
}

/// Does one thing to an application, once, and answers how it stands then: of an accepted one
/// also the case, which follows in the same transaction and is there once that is committed.
async fn act(
    app: App,
    visitor: Visitor,
    once: OnceToken,
    work: impl Fn(&mut Tx<'_>, &By) -> Result<Application, Fault> + Send + 'static,
) -> Reply<Json<ApplicationReply>> {
    let by = who(&visitor)?;
    let work = move |tx: &mut Tx<'_>| {
        let application = work(tx, &by)?;
        reply(tx, application)
    };
    let mut answer = app.write_once(&visitor, &once, work).await?;
    if answer.status.is_accepted() {
        let id = answer.id;
        let look = move |tx: &mut Tx<'_>| {
            let application = crate::application(tx, id)?;
            case_of(tx, &application)
        };
        answer.case = app.read(look).await?;
    }
    Ok(Json(answer))
}

async fn accept(
    app: App,
    by: Officer,
    Path(id): Path<ApplicationId>,
    once: OnceToken,
) -> Reply<Json<ApplicationReply>> {
    act(app, Visitor::Officer(by), once, move |tx, me| {
        crate::accept(tx, me, id)
    })
    .await
}

async fn lapse(
    app: App,
    by: Officer,
    Path(id): Path<ApplicationId>,
    once: OnceToken,
) -> Reply<Json<ApplicationReply>> {
    act(app, Visitor::Officer(by), once, move |tx, me| {
        crate::lapse(tx, me, id)
    })
    .await
}

async fn withdraw(
    app: App,
    by: Citizen,
    Path(id): Path<ApplicationId>,
    once: OnceToken,
) -> Reply<Json<ApplicationReply>> {
    act(app, Visitor::Citizen(by), once, move |tx, me| {
        crate::withdraw(tx, me, id)
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoticeBody {
    corrections: Vec<Correction>,
}

async fn give_notice(
    app: App,
    by: Officer,
    Path(id): Path<ApplicationId>,
    once: OnceToken,
    Json(body): Json<NoticeBody>,
) -> Reply<Json<ApplicationReply>> {
    let mut problems = Vec::new();
    for (at, one) in body.corrections.iter().enumerate() {
        for (name, text) in [("problem", &one.problem), ("request", &one.request)] {
            let field = format!("corrections[{at}].{name}");
            problems.extend(kernel::text::bounded(&field, text, REASON_MAX).err());
        }
    }
    told(problems)?;
    let work = move |tx: &mut Tx<'_>, me: &By| crate::give_notice(tx, me, id, &body.corrections);
    act(app, Visitor::Officer(by), once, work).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CorrectBody {
    #[serde(default)]
    answers: Option<Map<String, Value>>,
    #[serde(default)]
    documents: Vec<DocumentBody>,
}

impl CorrectBody {
    fn files(&self) -> Vec<(String, UploadId)> {
        self.documents
            .iter()
            .map(|one| (one.material.clone(), one.upload))
            .collect()
    }
}

async fn correct(
    app: App,
    visitor: Visitor,
    Path(id): Path<ApplicationId>,
    once: OnceToken,
    Json(body): Json<CorrectBody>,
) -> Reply<Json<ApplicationReply>> {
    let work = move |tx: &mut Tx<'_>, me: &By| {
        crate::correct(tx, me, id, body.answers.as_ref(), body.files())
    };
    act(app, visitor, once, work).await
}

async fn correct_on_the_spot(
    app: App,
    by: Officer,
    Path(id): Path<ApplicationId>,
    once: OnceToken,
    Json(body): Json<CorrectBody>,
) -> Reply<Json<ApplicationReply>> {
    let work = move |tx: &mut Tx<'_>, me: &By| {
        crate::correct_on_the_spot(tx, me, id, body.answers.as_ref(), body.files())
    };
    act(app, Visitor::Officer(by), once, work).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReasonBody {
    reason: String,
}

async fn not_required(
    app: App,
    by: Officer,
    Path(id): Path<ApplicationId>,
    once: OnceToken,
    Json(body): Json<ReasonBody>,
) -> Reply<Json<ApplicationReply>> {
    let reason = bounded("reason", &body.reason, REASON_MAX)?;
    let work = move |tx: &mut Tx<'_>, me: &By| crate::not_required(tx, me, id, &reason);
    act(app, Visitor::Officer(by), once, work).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotAcceptedBody {
    competent: String,
    reason: String,
}

async fn not_accepted(
    app: App,
    by: Officer,
    Path(id): Path<ApplicationId>,
    once: OnceToken,
    Json(body): Json<NotAcceptedBody>,
) -> Reply<Json<ApplicationReply>> {
    let competent = bounded("competent", &body.competent, ORGAN_MAX)?;
    let reason = bounded("reason", &body.reason, REASON_MAX)?;
    let work = move |tx: &mut Tx<'_>, me: &By| crate::not_accepted(tx, me, id, &competent, &reason);
    act(app, Visitor::Officer(by), once, work).await
}

fn bounded(field: &str, text: &str, chars_max: usize) -> Result<String, Fault> {
    kernel::text::bounded(field, text, chars_max).map_err(|wrong| Fault::Invalid(vec![wrong]))
}

fn told(problems: Vec<Problem>) -> Result<(), Fault> {
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Fault::Invalid(problems))
    }
}
