//! The interface for programs, writing: versions of authority tables, powers that move, and
//! sittings of the committee from the call to the minutes. The same use cases as the desk, under
//! the eyes of the same two; a key that comes again has no second effect.

use axum::Json;
use catalogue::model::kind::ItemType;
use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, OfficerId, OrganId, TypedId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use web::{App, Officer, OnceToken, Path, Reply};

use crate::api::{PowerReply, TableReply, power_told, table_told};
use crate::model::{
    CommitteeSitting, Grade, Outcome, PowerForm, PowerId, SittingId, SittingState, TableId, Vote,
};
use crate::pages::cases::CaseRef;
use crate::rule;
use crate::use_cases::power::{self, NewPower};
use crate::use_cases::sitting::{self, NewSitting};
use crate::use_cases::table::{self, NewLine};

async fn once<T, F>(app: App, by: Officer, once: OnceToken, work: F) -> Reply<Json<T>>
where
    T: Serialize + serde::de::DeserializeOwned + Send + 'static,
    F: Fn(&mut Tx<'_>, &Officer) -> Result<T, Fault> + Send + 'static,
{
    let me = by.clone();
    let done = app.write_once(&by, &once, move |tx| work(tx, &me)).await?;
    Ok(Json(done))
}

/// What is done with a version of a table.
async fn on_table(
    app: App,
    by: Officer,
    key: OnceToken,
    work: impl Fn(&mut Tx<'_>, &Officer) -> Result<TableId, Fault> + Send + 'static,
) -> Reply<Json<TableReply>> {
    once(app, by, key, move |tx, by| {
        let id = work(tx, by)?;
        let done = table::table(tx, id)?;
        table_told(tx, &done)
    })
    .await
}

/// Whose table, on which ground.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DraftBody {
    organ: OrganId,
    ground: String,
}

pub(crate) async fn draft_table(
    app: App,
    by: Officer,
    key: OnceToken,
    web::Json(body): web::Json<DraftBody>,
) -> Reply<Json<TableReply>> {
    on_table(app, by, key, move |tx, by| {
        table::draft(tx, by, body.organ, &body.ground)
    })
    .await
}

/// A line; amounts as decimal texts or numbers of the form's unit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LineBody {
    #[serde(default)]
    item: String,
    #[serde(default)]
    item_type: Option<ItemType>,
    #[serde(default)]
    field: String,
    #[serde(default)]
    above: Option<Value>,
    #[serde(default)]
    up_to: Option<Value>,
    grade: Grade,
    #[serde(default)]
    committee: bool,
    #[serde(default)]
    legal_review: bool,
    #[serde(default)]
    counsel: bool,
    ground: String,
}

impl LineBody {
    fn read(self) -> Result<NewLine, Fault> {
        let amount = |field: &str, typed: Option<Value>| match typed {
            None => Ok(None),
            Some(typed) => match rule::hundredths(&typed) {
                Some(amount) => Ok(Some(amount)),
                None => Err(Fault::invalid(field, "field.number")),
            },
        };
        Ok(NewLine {
            above: amount("above", self.above)?,
            up_to: amount("up_to", self.up_to)?,
            item: self.item,
            item_type: self.item_type,
            field: self.field,
            grade: Some(self.grade),
            committee: self.committee,
            legal: self.legal_review,
            counsel: self.counsel,
            ground: self.ground,
        })
    }
}

pub(crate) async fn add_line(
    app: App,
    by: Officer,
    key: OnceToken,
    Path(id): Path<TableId>,
    web::Json(body): web::Json<LineBody>,
) -> Reply<Json<TableReply>> {
    let line = body.read()?;
    on_table(app, by, key, move |tx, by| {
        table::add_line(tx, by, id, &line)?;
        Ok(id)
    })
    .await
}

/// Which line, counted from 1.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhichLine {
    line: usize,
}

pub(crate) async fn remove_line(
    app: App,
    by: Officer,
    key: OnceToken,
    Path(id): Path<TableId>,
    web::Json(body): web::Json<WhichLine>,
) -> Reply<Json<TableReply>> {
    on_table(app, by, key, move |tx, by| {
        let at = body.line.checked_sub(1);
        let at = at.ok_or(crate::decide::Refusal::NoSuchLine)?;
        table::remove_line(tx, by, id, at)?;
        Ok(id)
    })
    .await
}

/// From when it binds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdoptBody {
    from: Date,
}

pub(crate) async fn adopt_table(
    app: App,
    by: Officer,
    key: OnceToken,
    Path(id): Path<TableId>,
    web::Json(body): web::Json<AdoptBody>,
) -> Reply<Json<TableReply>> {
    on_table(app, by, key, move |tx, by| {
        table::adopt(tx, by, id, body.from)?;
        Ok(id)
    })
    .await
}

/// Powers as they are given.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GiveBody {
    from_organ: OrganId,
    to_organ: OrganId,
    form: PowerForm,
    #[serde(default)]
    items: Vec<String>,
    #[serde(default)]
    theme: String,
    #[serde(default)]
    chain: String,
    ground: String,
    from: Date,
    #[serde(default)]
    until: Option<Date>,
}

pub(crate) async fn give_powers(
    app: App,
    by: Officer,
    key: OnceToken,
    web::Json(body): web::Json<GiveBody>,
) -> Reply<Json<PowerReply>> {
    let new = NewPower {
        from_organ: body.from_organ,
        to_organ: body.to_organ,
        form: body.form,
        items: body.items.join("\n"),
        theme: body.theme,
        chain: body.chain,
        ground: body.ground,
        from: body.from,
        until: body.until,
    };
    once(app, by, key, move |tx, by| {
        let id = power::give(tx, by, &new)?;
        let given = power::power(tx, id)?;
        power_told(tx, &given)
    })
    .await
}

/// Until when they hold, and why they are taken back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecallBody {
    until: Date,
    reason: String,
}

pub(crate) async fn recall_powers(
    app: App,
    by: Officer,
    key: OnceToken,
    Path(id): Path<PowerId>,
    web::Json(body): web::Json<RecallBody>,
) -> Reply<Json<PowerReply>> {
    once(app, by, key, move |tx, by| {
        power::recall(tx, by, id, body.until, &body.reason)?;
        let taken = power::power(tx, id)?;
        power_told(tx, &taken)
    })
    .await
}

/// A case on the agenda; how each member voted stands in the minutes.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AgendaReply {
    case: CaseRef,
    recused: Vec<OfficerId>,
    votes: usize,
    outcome: Option<Outcome>,
}

/// A sitting as programs see it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SittingReply {
    id: SittingId,
    organ: OrganId,
    on: Date,
    number: u32,
    state: SittingState,
    chair: OfficerId,
    secretary: OfficerId,
    members: Vec<OfficerId>,
    quorum: u32,
    present: Vec<OfficerId>,
    agenda: Vec<AgendaReply>,
}

impl From<CommitteeSitting> for SittingReply {
    fn from(one: CommitteeSitting) -> Self {
        let agenda = one.agenda.into_iter().map(|item| AgendaReply {
            case: CaseRef::from_uuid(item.case),
            recused: item.recused,
            votes: item.votes.len(),
            outcome: item.outcome,
        });
        Self {
            id: one.id,
            organ: one.organ,
            on: one.on,
            number: one.number,
            state: one.state,
            chair: one.chair,
            secretary: one.secretary,
            members: one.members,
            quorum: one.quorum,
            present: one.present,
            agenda: agenda.collect(),
        }
    }
}

pub(crate) async fn show_sitting(
    app: App,
    by: Officer,
    Path(id): Path<SittingId>,
) -> Reply<Json<SittingReply>> {
    let one = app.read(move |tx| sitting::visible(tx, &by, id)).await?;
    Ok(Json(one.into()))
}

/// What is done with a sitting that this officer may see.
async fn on_sitting(
    app: App,
    by: Officer,
    key: OnceToken,
    id: SittingId,
    work: impl Fn(&mut Tx<'_>, &Officer) -> Result<(), Fault> + Send + 'static,
) -> Reply<Json<SittingReply>> {
    once(app, by, key, move |tx, by| {
        sitting::visible(tx, by, id)?;
        work(tx, by)?;
        sitting::sitting(tx, id).map(SittingReply::from)
    })
    .await
}

/// A sitting as it is called.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CallBody {
    organ: OrganId,
    on: Date,
    chair: OfficerId,
    members: Vec<OfficerId>,
    quorum: u32,
}

pub(crate) async fn call_sitting(
    app: App,
    by: Officer,
    key: OnceToken,
    web::Json(body): web::Json<CallBody>,
) -> Reply<Json<SittingReply>> {
    let new = NewSitting {
        organ: body.organ,
        on: body.on,
        chair: body.chair,
        members: body.members,
        quorum: body.quorum,
    };
    once(app, by, key, move |tx, by| {
        let id = sitting::call(tx, by, &new)?;
        sitting::sitting(tx, id).map(SittingReply::from)
    })
    .await
}

/// A case, and the paper that reports on it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PutBody {
    case: CaseRef,
    paper: String,
}

pub(crate) async fn put_case(
    app: App,
    by: Officer,
    key: OnceToken,
    Path(id): Path<SittingId>,
    web::Json(body): web::Json<PutBody>,
) -> Reply<Json<SittingReply>> {
    on_sitting(app, by, key, id, move |tx, by| {
        sitting::put_case(tx, by, id, body.case.uuid(), &body.paper)
    })
    .await
}

/// Who is there.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PresentBody {
    present: Vec<OfficerId>,
}

pub(crate) async fn open_sitting(
    app: App,
    by: Officer,
    key: OnceToken,
    Path(id): Path<SittingId>,
    web::Json(body): web::Json<PresentBody>,
) -> Reply<Json<SittingReply>> {
    on_sitting(app, by, key, id, move |tx, by| {
        sitting::open(tx, by, id, &body.present)
    })
    .await
}

/// Who steps aside, from which case, why.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AsideBody {
    case: CaseRef,
    member: OfficerId,
    reason: String,
}

pub(crate) async fn recuse_member(
    app: App,
    by: Officer,
    key: OnceToken,
    Path(id): Path<SittingId>,
    web::Json(body): web::Json<AsideBody>,
) -> Reply<Json<SittingReply>> {
    on_sitting(app, by, key, id, move |tx, by| {
        sitting::recuse(tx, by, id, body.case.uuid(), body.member, &body.reason)
    })
    .await
}

/// A vote of whoever asks.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VoteBody {
    case: CaseRef,
    vote: Vote,
}

pub(crate) async fn vote(
    app: App,
    by: Officer,
    key: OnceToken,
    Path(id): Path<SittingId>,
    web::Json(body): web::Json<VoteBody>,
) -> Reply<Json<SittingReply>> {
    on_sitting(app, by, key, id, move |tx, by| {
        sitting::vote(tx, by, id, body.case.uuid(), body.vote)
    })
    .await
}

/// Which case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhichCase {
    case: CaseRef,
}

pub(crate) async fn resolve_case(
    app: App,
    by: Officer,
    key: OnceToken,
    Path(id): Path<SittingId>,
    web::Json(body): web::Json<WhichCase>,
) -> Reply<Json<SittingReply>> {
    on_sitting(app, by, key, id, move |tx, by| {
        sitting::resolve(tx, by, id, body.case.uuid())
    })
    .await
}

pub(crate) async fn defer_case(
    app: App,
    by: Officer,
    key: OnceToken,
    Path(id): Path<SittingId>,
    web::Json(body): web::Json<WhichCase>,
) -> Reply<Json<SittingReply>> {
    on_sitting(app, by, key, id, move |tx, by| {
        sitting::defer(tx, by, id, body.case.uuid())
    })
    .await
}

/// What the minutes say beside the votes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CloseBody {
    remarks: String,
}

pub(crate) async fn close_sitting(
    app: App,
    by: Officer,
    key: OnceToken,
    Path(id): Path<SittingId>,
    web::Json(body): web::Json<CloseBody>,
) -> Reply<Json<SittingReply>> {
    on_sitting(app, by, key, id, move |tx, by| {
        sitting::close(tx, by, id, &body.remarks)
    })
    .await
}
