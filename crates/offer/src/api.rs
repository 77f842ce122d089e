//! The interface for programs: publishing, matching, answering, deciding, paying, checking.
//! The same use cases as the pages.

use case::Code;
use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, Money, PersonId};
use serde::{Deserialize, Serialize};
use web::{App, Citizen, Json, Officer, OnceToken, Paging, Path, Query, Reply};

use crate::desk::run_all;
use crate::model::{
    ListId, Offer, OfferId, OfferStatus, Scheme, SchemeContent, SchemeId, SchemeKind,
};
use crate::{run, use_cases};

/// A scheme with its totals, as everybody sees it.
#[derive(Debug, Serialize)]
pub(crate) struct SchemeReply {
    id: SchemeId,
    code: Code,
    kind: SchemeKind,
    content: SchemeContent,
    published_on: Date,
    closed_on: Option<Date>,
    left: Option<Money>,
    totals: Vec<TotalReply>,
}

#[derive(Debug, Serialize)]
struct TotalReply {
    status: OfferStatus,
    count: u32,
    sum: Money,
}

fn scheme_reply(tx: &mut Tx<'_>, scheme: Scheme) -> Result<SchemeReply, Fault> {
    let totals = use_cases::totals(tx, scheme.id)?;
    let left = use_cases::left(tx, &scheme)?;
    Ok(SchemeReply {
        content: use_cases::content(tx, &scheme)?,
        left: scheme.budget.map(|_| left),
        totals: totals
            .into_iter()
            .map(|(status, count, sum)| TotalReply { status, count, sum })
            .collect(),
        id: scheme.id,
        code: scheme.code,
        kind: scheme.kind,
        published_on: scheme.published_on,
        closed_on: scheme.closed_on,
    })
}

/// All schemes; there are as many as policies.
#[derive(Debug, Serialize)]
pub(crate) struct SchemesReply {
    items: Vec<SchemeReply>,
}

pub(crate) async fn list_schemes(app: App) -> Reply<Json<SchemesReply>> {
    let items = app
        .read(|tx| {
            let all = use_cases::schemes(tx)?;
            all.into_iter()
                .map(|scheme| scheme_reply(tx, scheme))
                .collect()
        })
        .await?;
    Ok(Json(SchemesReply { items }))
}

/// What was published.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PublishedReply {
    id: SchemeId,
}

pub(crate) async fn publish_scheme(
    app: App,
    by: Officer,
    once: OnceToken,
    Json(body): Json<SchemeContent>,
) -> Reply<Json<PublishedReply>> {
    let me = by.clone();
    let work = move |tx: &mut Tx<'_>| {
        let id = run::publish(tx, Some(&me), &body)?;
        Ok(PublishedReply { id })
    };
    Ok(Json(app.write_once(&by, &once, work).await?))
}

/// What a match did.
#[derive(Debug, Serialize)]
pub(crate) struct RunReply {
    looked: u32,
    made: u32,
}

pub(crate) async fn run_scheme(
    app: App,
    by: Officer,
    Path(id): Path<SchemeId>,
) -> Reply<Json<RunReply>> {
    let done = run_all(&app, &by, id).await?;
    Ok(Json(RunReply {
        looked: done.looked,
        made: done.made,
    }))
}

/// The list that was drawn up.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ListReply {
    id: ListId,
    count: u32,
    total: Money,
}

pub(crate) async fn draw_list(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<SchemeId>,
) -> Reply<Json<ListReply>> {
    let me = by.clone();
    let work = move |tx: &mut Tx<'_>| {
        let list = use_cases::draw_list(tx, &me, id)?;
        let (drawn, _) = use_cases::list(tx, &me, list)?;
        Ok(ListReply {
            id: list,
            count: drawn.count,
            total: drawn.total,
        })
    };
    Ok(Json(app.write_once(&by, &once, work).await?))
}

/// An offer as programs see it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct OfferReply {
    id: OfferId,
    kind: SchemeKind,
    scheme: SchemeId,
    party: PersonId,
    period: Code,
    status: OfferStatus,
    amount: Option<Money>,
    table: Code,
    rules: Vec<u16>,
    offered_on: Date,
    due: Option<Date>,
    decided_on: Option<Date>,
    list: Option<ListId>,
    paid_on: Option<Date>,
    number: Option<Code>,
}

impl From<Offer> for OfferReply {
    fn from(one: Offer) -> Self {
        Self {
            id: one.id,
            kind: one.kind,
            scheme: one.scheme,
            party: one.party,
            period: one.period,
            status: one.status,
            amount: one.amount,
            table: one.ruling.table,
            rules: one.ruling.rules,
            offered_on: one.offered_on,
            due: one.due,
            decided_on: one.decided_on,
            list: one.list,
            paid_on: one.paid_on,
            number: one.number,
        }
    }
}

/// A page of offers.
#[derive(Debug, Serialize)]
pub(crate) struct OffersReply {
    items: Vec<OfferReply>,
    next: Option<String>,
}

/// Which offers are wanted.
#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    status: Option<OfferStatus>,
}

pub(crate) async fn list_offers(
    app: App,
    by: Officer,
    paging: Paging,
    Path(id): Path<SchemeId>,
    Query(wanted): Query<Wanted>,
) -> Reply<Json<OffersReply>> {
    let (after, most) = (paging.after::<OfferId>()?, paging.limit_and_one());
    let status = wanted.status.unwrap_or(OfferStatus::Confirmed);
    let all = app
        .read(move |tx| use_cases::of_scheme(tx, &by, id, status, after, most))
        .await?;
    let listed = paging.page(all, |one| one.id)?;
    Ok(Json(OffersReply {
        items: listed.items.into_iter().map(OfferReply::from).collect(),
        next: listed.next,
    }))
}

pub(crate) async fn list_own(app: App, by: Citizen, paging: Paging) -> Reply<Json<OffersReply>> {
    let (after, most) = (paging.after::<OfferId>()?, paging.limit_and_one());
    let all = app
        .read(move |tx| use_cases::of_party(tx, by.id, after, most))
        .await?;
    let listed = paging.page(all, |one| one.id)?;
    Ok(Json(OffersReply {
        items: listed.items.into_iter().map(OfferReply::from).collect(),
        next: listed.next,
    }))
}

pub(crate) async fn show_offer(
    app: App,
    by: Officer,
    Path(id): Path<OfferId>,
) -> Reply<Json<OfferReply>> {
    let one = app.read(move |tx| use_cases::visible(tx, &by, id)).await?;
    Ok(Json(one.into()))
}

pub(crate) async fn confirm(
    app: App,
    by: Citizen,
    once: OnceToken,
    Path(id): Path<OfferId>,
) -> Reply<Json<OfferReply>> {
    let person = by.id;
    let work = move |tx: &mut Tx<'_>| use_cases::confirm(tx, person, id).map(OfferReply::from);
    Ok(Json(app.write_once(&by, &once, work).await?))
}

pub(crate) async fn decline(
    app: App,
    by: Citizen,
    once: OnceToken,
    Path(id): Path<OfferId>,
) -> Reply<Json<OfferReply>> {
    let person = by.id;
    let work = move |tx: &mut Tx<'_>| use_cases::decline(tx, person, id).map(OfferReply::from);
    Ok(Json(app.write_once(&by, &once, work).await?))
}

/// A decision.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionBody {
    granted: bool,
    #[serde(default)]
    reason: Option<String>,
}

pub(crate) async fn decide_offer(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<OfferId>,
    Json(body): Json<DecisionBody>,
) -> Reply<Json<OfferReply>> {
    let me = by.clone();
    let work = move |tx: &mut Tx<'_>| {
        let done = use_cases::settle(tx, &me, id, body.granted, body.reason.as_deref());
        done.map(OfferReply::from)
    };
    Ok(Json(app.write_once(&by, &once, work).await?))
}

/// What the treasury answered.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PaymentBody {
    /// Why it failed; none when it was paid.
    #[serde(default)]
    failed: Option<String>,
}

pub(crate) async fn note_payment(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<OfferId>,
    Json(body): Json<PaymentBody>,
) -> Reply<Json<OfferReply>> {
    let me = by.clone();
    let work = move |tx: &mut Tx<'_>| {
        let done = use_cases::note_payment(tx, &me, id, body.failed.as_deref());
        done.map(OfferReply::from)
    };
    Ok(Json(app.write_once(&by, &once, work).await?))
}

/// What a check found.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FindingBody {
    upheld: bool,
    finding: String,
}

pub(crate) async fn check_offer(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<OfferId>,
    Json(body): Json<FindingBody>,
) -> Reply<Json<OfferReply>> {
    let me = by.clone();
    let work = move |tx: &mut Tx<'_>| {
        let done = use_cases::check(tx, &me, id, body.upheld, &body.finding);
        done.map(OfferReply::from)
    };
    Ok(Json(app.write_once(&by, &once, work).await?))
}
