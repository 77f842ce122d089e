//! The interface for programs: pledges within reach, the after-check, the mended record, one's own
//! pledges and taking one back. The same use cases as the pages.

use catalogue::ItemId;
use codes::CaseNumber;
use db::Tx;
use jiff::civil::Date;
use kernel::PersonId;
use serde::{Deserialize, Serialize};
use web::{App, Citizen, Json, Officer, OnceToken, Paging, Path, Query, Reply};

use crate::decide::Found;
use crate::model::{Pledge, PledgeId, PledgeKind, PledgeStatus};
use crate::store::{NO_DUE, Show};
use crate::use_cases;

/// A pledge as programs see it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PledgeReply {
    id: PledgeId,
    kind: PledgeKind,
    status: PledgeStatus,
    number: Option<CaseNumber>,
    item: ItemId,
    version: u32,
    applicant: PersonId,
    materials: Vec<u16>,
    owed: Vec<u16>,
    signed_on: Date,
    due: Option<Date>,
    overdue_since: Option<Date>,
    closed_on: Option<Date>,
}

impl From<Pledge> for PledgeReply {
    fn from(one: Pledge) -> Self {
        Self {
            id: one.id,
            kind: one.kind,
            status: one.status,
            number: one.number,
            item: one.item,
            version: one.version,
            applicant: one.applicant,
            materials: one.materials,
            owed: one.owed,
            signed_on: one.signed_on,
            due: one.due,
            overdue_since: one.overdue_since,
            closed_on: one.closed_on,
        }
    }
}

/// A page of pledges.
#[derive(Debug, Serialize)]
pub(crate) struct PledgesReply {
    items: Vec<PledgeReply>,
    next: Option<String>,
}

/// One's own pledges, and whether the promise route is closed.
#[derive(Debug, Serialize)]
pub(crate) struct OwnReply {
    items: Vec<PledgeReply>,
    next: Option<String>,
    route_closed: bool,
}

/// Which pledges are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Wanted {
    /// Papers are owed.
    Owing,
    /// An after-check is due.
    Checking,
    /// Found false.
    Broken,
    /// All others.
    #[default]
    All,
}

/// What the list is narrowed to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    show: Wanted,
}

pub(crate) async fn list_pledges(
    app: App,
    by: Officer,
    paging: Paging,
    Query(asked): Query<Asked>,
) -> Reply<Json<PledgesReply>> {
    let reach = use_cases::reach(&by)?;
    let show = match asked.show {
        Wanted::Owing => Show::Owing,
        Wanted::Checking => Show::Checking,
        Wanted::Broken => Show::Broken,
        Wanted::All => Show::All,
    };
    let (after, most) = (
        paging.after::<(String, PledgeId)>()?,
        paging.limit_and_one(),
    );
    let all = app
        .read(move |tx| use_cases::list(tx, reach, show, after, most))
        .await?;
    let listed = paging.page(all, |one| {
        let due = one.due.map_or(NO_DUE.to_owned(), |due| due.to_string());
        (due, one.id)
    })?;
    Ok(Json(PledgesReply {
        items: listed.items.into_iter().map(PledgeReply::from).collect(),
        next: listed.next,
    }))
}

pub(crate) async fn show_pledge(
    app: App,
    by: Officer,
    Path(id): Path<PledgeId>,
) -> Reply<Json<PledgeReply>> {
    let one = app.read(move |tx| use_cases::visible(tx, &by, id)).await?;
    Ok(Json(one.into()))
}

pub(crate) async fn list_own(app: App, by: Citizen, paging: Paging) -> Reply<Json<OwnReply>> {
    let (after, most) = (paging.after::<PledgeId>()?, paging.limit_and_one());
    let (all, route_closed) = app
        .read(move |tx| {
            let all = use_cases::of_person(tx, by.id, after, most)?;
            Ok((all, use_cases::has_broken(tx, by.id)?))
        })
        .await?;
    let listed = paging.page(all, |one| one.id)?;
    Ok(Json(OwnReply {
        items: listed.items.into_iter().map(PledgeReply::from).collect(),
        next: listed.next,
        route_closed,
    }))
}

pub(crate) async fn retract(
    app: App,
    by: Citizen,
    once: OnceToken,
    Path(id): Path<PledgeId>,
) -> Reply<Json<PledgeReply>> {
    let person = by.id;
    let work = move |tx: &mut Tx<'_>| use_cases::retract(tx, person, id).map(PledgeReply::from);
    Ok(Json(app.write_once(&by, &once, work).await?))
}

/// What a check found.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckBody {
    found: Found,
    finding: String,
}

pub(crate) async fn check(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<PledgeId>,
    Json(body): Json<CheckBody>,
) -> Reply<Json<PledgeReply>> {
    let me = by.clone();
    let work = move |tx: &mut Tx<'_>| {
        let done = use_cases::check(tx, &me, id, body.found, &body.finding);
        done.map(PledgeReply::from)
    };
    Ok(Json(app.write_once(&by, &once, work).await?))
}

/// Why the route is opened again.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MendBody {
    reason: String,
}

pub(crate) async fn mend(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<PledgeId>,
    Json(body): Json<MendBody>,
) -> Reply<Json<PledgeReply>> {
    let me = by.clone();
    let work =
        move |tx: &mut Tx<'_>| use_cases::mend(tx, &me, id, &body.reason).map(PledgeReply::from);
    Ok(Json(app.write_once(&by, &once, work).await?))
}
