//! The interface for programs: the published list, and offences from opening to looking again. The
//! same use cases as the pages.

use db::Tx;
use jiff::civil::Date;
use kernel::PersonId;
use serde::{Deserialize, Serialize};
use web::{App, Json, Officer, OnceToken, Paging, Path, Query, Reply};

use crate::desk::party;
use crate::list::{self, LeniencyList};
use crate::model::{Assessment, Harm, Offence, OffenceId, OffenceStatus, Outcome};
use crate::use_cases::{self, NewOffence};

pub(crate) async fn show_list(_app: App) -> Reply<Json<LeniencyList>> {
    Ok(Json(list::list()?.clone()))
}

/// An offence as programs see it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct OffenceReply {
    id: OffenceId,
    entry: u16,
    party: PersonId,
    status: OffenceStatus,
    found_on: Date,
    assessment: Option<Assessment>,
    outcome: Option<Outcome>,
    educated_on: Option<Date>,
    decided_on: Option<Date>,
    due: Option<Date>,
}

impl From<Offence> for OffenceReply {
    fn from(one: Offence) -> Self {
        Self {
            id: one.id,
            entry: one.entry,
            party: one.party,
            status: one.status,
            found_on: one.found_on,
            assessment: one.assessment,
            outcome: one.outcome,
            educated_on: one.educated_on,
            decided_on: one.decided_on,
            due: one.due,
        }
    }
}

/// A page of offences.
#[derive(Debug, Serialize)]
pub(crate) struct OffencesReply {
    items: Vec<OffenceReply>,
    next: Option<String>,
}

/// Which offences are wanted.
#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    status: Option<OffenceStatus>,
}

pub(crate) async fn list_offences(
    app: App,
    by: Officer,
    paging: Paging,
    Query(wanted): Query<Wanted>,
) -> Reply<Json<OffencesReply>> {
    let (before, most) = (paging.after::<OffenceId>()?, paging.limit_and_one());
    let status = wanted.status.unwrap_or(OffenceStatus::Assessed);
    let all = app
        .read(move |tx| use_cases::offences(tx, &by, status, before, most))
        .await?;
    let listed = paging.page(all, |one| one.id)?;
    Ok(Json(OffencesReply {
        items: listed.items.into_iter().map(OffenceReply::from).collect(),
        next: listed.next,
    }))
}

pub(crate) async fn show_offence(
    app: App,
    by: Officer,
    Path(id): Path<OffenceId>,
) -> Reply<Json<OffenceReply>> {
    let one = app.read(move |tx| use_cases::visible(tx, &by, id)).await?;
    Ok(Json(one.into()))
}

/// What is opened.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OffenceBody {
    entry: u16,
    identity_number: String,
    found_on: Date,
    facts: String,
}

pub(crate) async fn open_offence(
    app: App,
    by: Officer,
    once: OnceToken,
    Json(body): Json<OffenceBody>,
) -> Reply<Json<OffenceReply>> {
    let me = by.clone();
    let work = move |tx: &mut Tx<'_>| {
        let new = NewOffence {
            entry: body.entry,
            party: party(tx, &body.identity_number)?,
            found_on: body.found_on,
            facts: body.facts.clone(),
        };
        let id = use_cases::open(tx, &me, &new)?;
        Ok(OffenceReply::from(use_cases::offence(tx, id)?))
    };
    Ok(Json(app.write_once(&by, &once, work).await?))
}

/// What was found.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FoundBody {
    minor: bool,
    harm: Harm,
    corrected: bool,
}

pub(crate) async fn assess(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<OffenceId>,
    Json(body): Json<FoundBody>,
) -> Reply<Json<OffenceReply>> {
    let me = by.clone();
    let work = move |tx: &mut Tx<'_>| {
        let done = use_cases::assess(tx, &me, id, body.minor, body.harm, body.corrected);
        done.map(OffenceReply::from)
    };
    Ok(Json(app.write_once(&by, &once, work).await?))
}

/// What was taught.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TaughtBody {
    record: String,
}

pub(crate) async fn educate(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<OffenceId>,
    Json(body): Json<TaughtBody>,
) -> Reply<Json<OffenceReply>> {
    let me = by.clone();
    let work = move |tx: &mut Tx<'_>| {
        use_cases::educate(tx, &me, id, &body.record).map(OffenceReply::from)
    };
    Ok(Json(app.write_once(&by, &once, work).await?))
}

/// Whether it is spared, and why.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionBody {
    spare: bool,
    reason: String,
}

pub(crate) async fn settle(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<OffenceId>,
    Json(body): Json<DecisionBody>,
) -> Reply<Json<OffenceReply>> {
    let me = by.clone();
    let work = move |tx: &mut Tx<'_>| {
        let done = use_cases::settle(tx, &me, id, body.spare, &body.reason);
        done.map(OffenceReply::from)
    };
    Ok(Json(app.write_once(&by, &once, work).await?))
}

/// What looking again found.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeenBody {
    relapsed: bool,
    finding: String,
}

pub(crate) async fn look_again(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<OffenceId>,
    Json(body): Json<SeenBody>,
) -> Reply<Json<OffenceReply>> {
    let me = by.clone();
    let work = move |tx: &mut Tx<'_>| {
        let done = use_cases::look_again(tx, &me, id, body.relapsed, &body.finding);
        done.map(OffenceReply::from)
    };
    Ok(Json(app.write_once(&by, &once, work).await?))
}
