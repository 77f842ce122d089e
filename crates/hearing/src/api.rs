//! The interface for programs: a hearing from the right that is told to its signed minutes. The
//! same use cases as the pages; a key that comes again has no second effect.

use case::CaseId;
use db::Tx;
use jiff::civil::{Date, Time};
use kernel::{Fault, OfficerId, PersonId, TypedId};
use serde::{Deserialize, Serialize};
use web::{App, Citizen, Json, Officer, OnceToken, Path, Reply, Visitor};

use crate::model::{ClosedGround, Hearing, HearingId, HearingStatus, Subject, SubjectKind};
use crate::opening;
use crate::use_cases::{self, Arrangement, Minutes};

/// A hearing as programs see it; the minutes are a paper.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct HearingReply {
    id: HearingId,
    subject_kind: SubjectKind,
    subject: String,
    status: HearingStatus,
    offered_on: Option<Date>,
    ask_by: Option<Date>,
    asked_on: Option<Date>,
    hold_by: Option<Date>,
    day: Option<Date>,
    time: Option<String>,
    presider: Option<OfficerId>,
    closed_for: Option<ClosedGround>,
    recusal_open: bool,
    late_since: Option<Date>,
    held_on: Option<Date>,
    signed_on: Option<Date>,
    refused_to_sign: bool,
    closed_on: Option<Date>,
}

impl From<Hearing> for HearingReply {
    fn from(one: Hearing) -> Self {
        let subject = match one.subject.kind {
            SubjectKind::Case => CaseId::from_uuid(one.subject.id).to_string(),
            SubjectKind::Exit => exit::ExitId::from_uuid(one.subject.id).to_string(),
        };
        let time = one.minute.is_some().then(|| one.hour());
        Self {
            id: one.id,
            subject_kind: one.subject.kind,
            subject,
            status: one.status,
            offered_on: one.offered_on,
            ask_by: one.ask_by,
            asked_on: one.asked_on,
            hold_by: one.hold_by,
            day: one.day,
            time,
            presider: one.presider,
            closed_for: one.closed_for,
            recusal_open: one.recusal_open,
            late_since: one.late_since,
            held_on: one.held_on,
            signed_on: one.signed_on,
            refused_to_sign: one.refused_to_sign,
            closed_on: one.closed_on,
        }
    }
}

pub(crate) async fn show_hearing(
    app: App,
    visitor: Visitor,
    Path(id): Path<HearingId>,
) -> Reply<Json<HearingReply>> {
    let one = app
        .read(move |tx| match &visitor {
            Visitor::Officer(officer) => use_cases::visible(tx, officer, id),
            Visitor::Citizen(citizen) => use_cases::own(tx, citizen.id, id),
            _ => Err(Fault::NotFound { what: "hearing" }),
        })
        .await?;
    Ok(Json(one.into()))
}

/// What an officer does.
async fn by_officer(
    app: App,
    by: Officer,
    once: OnceToken,
    work: impl Fn(&mut Tx<'_>, &Officer) -> Result<Hearing, Fault> + Send + 'static,
) -> Reply<Json<HearingReply>> {
    let me = by.clone();
    let work = move |tx: &mut Tx<'_>| work(tx, &me).map(HearingReply::from);
    Ok(Json(app.write_once(&by, &once, work).await?))
}

/// What the party does.
async fn by_party(
    app: App,
    by: Citizen,
    once: OnceToken,
    work: impl Fn(&mut Tx<'_>, PersonId) -> Result<Hearing, Fault> + Send + 'static,
) -> Reply<Json<HearingReply>> {
    let me = by.id;
    let work = move |tx: &mut Tx<'_>| work(tx, me).map(HearingReply::from);
    Ok(Json(app.write_once(&by, &once, work).await?))
}

/// A hearing on a case: with a reason the party is told of the right, without one the organ orders
/// it 依职权.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BeginBody {
    case: CaseId,
    #[serde(default)]
    reason: Option<String>,
}

pub(crate) async fn begin(
    app: App,
    by: Officer,
    once: OnceToken,
    Json(body): Json<BeginBody>,
) -> Reply<Json<HearingReply>> {
    by_officer(app, by, once, move |tx, by| {
        let subject = Subject {
            kind: SubjectKind::Case,
            id: body.case.uuid(),
        };
        let id = match &body.reason {
            Some(reason) => opening::offer(tx, by, subject, reason)?,
            None => opening::order(tx, by, subject)?,
        };
        use_cases::hearing(tx, id)
    })
    .await
}

pub(crate) async fn ask(
    app: App,
    by: Citizen,
    once: OnceToken,
    Path(id): Path<HearingId>,
) -> Reply<Json<HearingReply>> {
    by_party(app, by, once, move |tx, me| use_cases::ask(tx, me, id)).await
}

pub(crate) async fn give_up(
    app: App,
    by: Citizen,
    once: OnceToken,
    Path(id): Path<HearingId>,
) -> Reply<Json<HearingReply>> {
    by_party(app, by, once, move |tx, me| use_cases::give_up(tx, me, id)).await
}

pub(crate) async fn sign(
    app: App,
    by: Citizen,
    once: OnceToken,
    Path(id): Path<HearingId>,
) -> Reply<Json<HearingReply>> {
    by_party(app, by, once, move |tx, me| use_cases::sign(tx, me, id)).await
}

/// Why the presider should step aside.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecusalBody {
    reason: String,
}

pub(crate) async fn ask_recusal(
    app: App,
    by: Citizen,
    once: OnceToken,
    Path(id): Path<HearingId>,
    Json(body): Json<RecusalBody>,
) -> Reply<Json<HearingReply>> {
    by_party(app, by, once, move |tx, me| {
        use_cases::ask_recusal(tx, me, id, &body.reason)
    })
    .await
}

/// When, where and by whom it is held: what the notice says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoticeBody {
    day: Date,
    time: Time,
    place: String,
    presider: OfficerId,
    #[serde(default)]
    closed_for: Option<ClosedGround>,
}

pub(crate) async fn schedule(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<HearingId>,
    Json(body): Json<NoticeBody>,
) -> Reply<Json<HearingReply>> {
    let part = |number: i8| u16::try_from(number).map_err(Fault::broken);
    let new = Arrangement {
        day: body.day,
        minute: part(body.time.hour())? * 60 + part(body.time.minute())?,
        place: body.place,
        presider: body.presider,
        closed_for: body.closed_for,
    };
    by_officer(app, by, once, move |tx, by| {
        use_cases::schedule(tx, by, id, &new)
    })
    .await
}

/// Whether the presider steps aside.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RulingBody {
    granted: bool,
}

pub(crate) async fn decide_recusal(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<HearingId>,
    Json(body): Json<RulingBody>,
) -> Reply<Json<HearingReply>> {
    by_officer(app, by, once, move |tx, by| {
        use_cases::decide_recusal(tx, by, id, body.granted)
    })
    .await
}

/// Who presides instead.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PresiderBody {
    presider: OfficerId,
}

pub(crate) async fn name_presider(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<HearingId>,
    Json(body): Json<PresiderBody>,
) -> Reply<Json<HearingReply>> {
    by_officer(app, by, once, move |tx, by| {
        use_cases::name_presider(tx, by, id, body.presider)
    })
    .await
}

/// The minutes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MinutesBody {
    attendees: String,
    text: String,
}

pub(crate) async fn hold(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<HearingId>,
    Json(body): Json<MinutesBody>,
) -> Reply<Json<HearingReply>> {
    let minutes = Minutes {
        attendees: body.attendees,
        text: body.text,
    };
    by_officer(app, by, once, move |tx, by| {
        use_cases::hold(tx, by, id, &minutes)
    })
    .await
}

pub(crate) async fn note_absence(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<HearingId>,
) -> Reply<Json<HearingReply>> {
    by_officer(app, by, once, move |tx, by| {
        use_cases::note_absence(tx, by, id)
    })
    .await
}

pub(crate) async fn refuse_to_sign(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<HearingId>,
) -> Reply<Json<HearingReply>> {
    by_officer(app, by, once, move |tx, by| {
        use_cases::refuse_to_sign(tx, by, id)
    })
    .await
}
