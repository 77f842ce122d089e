//! JSON of erasure: ask for it, look at requests, carry one out.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use kernel::PersonId;
use serde::Serialize;
use web::{App, Citizen, Json, Officer, OnceToken, Page, Paging, Path, Reply};

use crate::erasure::{self, Erased, Erasure, ErasureId, ErasureStatus, Obstacle};

/// A request as programs see it.
#[derive(Serialize)]
pub(crate) struct ErasureReply {
    id: ErasureId,
    person: PersonId,
    status: ErasureStatus,
    asked_on: Date,
    ended_on: Option<Date>,
    in_the_way: u64,
    free_on: Option<Date>,
    erased: Erased,
}

impl From<Erasure> for ErasureReply {
    fn from(one: Erasure) -> Self {
        Self {
            id: one.id,
            person: one.person,
            status: one.status,
            asked_on: one.asked_on,
            ended_on: one.ended_on,
            in_the_way: one.in_the_way,
            free_on: one.free_on,
            erased: one.erased,
        }
    }
}

/// A request with what stands in its way today.
#[derive(Serialize)]
pub(crate) struct WholeReply {
    #[serde(flatten)]
    request: ErasureReply,
    obstacles: Vec<Obstacle>,
}

fn whole(tx: &mut db::Tx<'_>, request: Erasure) -> Result<WholeReply, kernel::Fault> {
    let obstacles = match request.status {
        ErasureStatus::Asked | ErasureStatus::Refused => erasure::obstacles(tx, request.person)?,
        ErasureStatus::Withdrawn | ErasureStatus::CarriedOut => Vec::new(),
    };
    Ok(WholeReply {
        request: request.into(),
        obstacles,
    })
}

pub(crate) async fn ask(app: App, by: Citizen, once: OnceToken) -> Reply<Response> {
    let me = by.id;
    let work = move |tx: &mut db::Tx<'_>| Ok(erasure::ask(tx, me)?.id);
    let id = app.write_once(&by, &once, work).await?;
    let reply = app
        .read(move |tx| {
            let request = erasure::erasure(tx, id)?;
            whole(tx, request)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(reply)).into_response())
}

pub(crate) async fn show_all(app: App, paging: Paging) -> Reply<Json<Page<ErasureReply>>> {
    let (before, most) = (paging.after()?, paging.limit_and_one());
    let found = app.read(move |tx| erasure::all(tx, before, most)).await?;
    let found = paging.page(found, |one| one.id)?;
    Ok(Json(found.map(ErasureReply::from)))
}

pub(crate) async fn show_one(app: App, Path(id): Path<ErasureId>) -> Reply<Json<WholeReply>> {
    let read = move |tx: &mut db::Tx<'_>| {
        let request = erasure::erasure(tx, id)?;
        whole(tx, request)
    };
    Ok(Json(app.read(read).await?))
}

pub(crate) async fn carry_out(
    app: App,
    by: Officer,
    Path(id): Path<ErasureId>,
    once: OnceToken,
) -> Reply<Json<ErasureReply>> {
    let work = move |tx: &mut db::Tx<'_>| Ok(erasure::carry_out(tx, id)?.id);
    let id = app.write_once(&by, &once, work).await?;
    let request = app.read(move |tx| erasure::erasure(tx, id)).await?;
    Ok(Json(request.into()))
}
