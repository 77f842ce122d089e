//! The interface for programs: asking for a renewal, saying no to a silent one, review, decision
//! and check. The same use cases as the pages; a key that comes again has no second effect.

use certificate::CertificateId;
use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, PersonId};
use serde::{Deserialize, Serialize};
use web::{App, Citizen, Json, Officer, OnceToken, Path, Reply, Visitor};

use crate::model::{Renewal, RenewalId, RenewalStatus};
use crate::use_cases;

/// A renewal as programs see it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RenewalReply {
    id: RenewalId,
    certificate: CertificateId,
    status: RenewalStatus,
    expires_on: Date,
    until: Date,
    asked_on: Option<Date>,
    agreed: Option<bool>,
    decided_on: Option<Date>,
    say_no_by: Option<Date>,
    check_due: Option<Date>,
    overdue_since: Option<Date>,
}

impl From<Renewal> for RenewalReply {
    fn from(one: Renewal) -> Self {
        Self {
            id: one.id,
            certificate: one.certificate,
            status: one.status,
            expires_on: one.expires_on,
            until: one.until,
            asked_on: one.asked_on,
            agreed: one.agreed,
            decided_on: one.decided_on,
            say_no_by: one.say_no_by,
            check_due: one.check_due,
            overdue_since: one.overdue_since,
        }
    }
}

pub(crate) async fn show_renewal(
    app: App,
    visitor: Visitor,
    Path(id): Path<RenewalId>,
) -> Reply<Json<RenewalReply>> {
    let one = app
        .read(move |tx| match &visitor {
            Visitor::Officer(officer) => use_cases::visible(tx, officer, id),
            Visitor::Citizen(citizen) => use_cases::own(tx, citizen.id, id),
            _ => Err(Fault::NotFound { what: "renewal" }),
        })
        .await?;
    Ok(Json(one.into()))
}

/// What an officer does.
async fn by_officer(
    app: App,
    by: Officer,
    once: OnceToken,
    work: impl Fn(&mut Tx<'_>, &Officer) -> Result<Renewal, Fault> + Send + 'static,
) -> Reply<Json<RenewalReply>> {
    let me = by.clone();
    let work = move |tx: &mut Tx<'_>| work(tx, &me).map(RenewalReply::from);
    Ok(Json(app.write_once(&by, &once, work).await?))
}

/// What the holder does.
async fn by_holder(
    app: App,
    by: Citizen,
    once: OnceToken,
    work: impl Fn(&mut Tx<'_>, PersonId) -> Result<Renewal, Fault> + Send + 'static,
) -> Reply<Json<RenewalReply>> {
    let me = by.id;
    let work = move |tx: &mut Tx<'_>| work(tx, me).map(RenewalReply::from);
    Ok(Json(app.write_once(&by, &once, work).await?))
}

/// Which licence is to run on, and why.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskBody {
    certificate: CertificateId,
    statement: String,
}

pub(crate) async fn ask(
    app: App,
    by: Citizen,
    once: OnceToken,
    Json(body): Json<AskBody>,
) -> Reply<Json<RenewalReply>> {
    by_holder(app, by, once, move |tx, me| {
        let id = use_cases::ask(tx, me, body.certificate, &body.statement)?;
        use_cases::renewal(tx, id)
    })
    .await
}

pub(crate) async fn decline(
    app: App,
    by: Citizen,
    once: OnceToken,
    Path(id): Path<RenewalId>,
) -> Reply<Json<RenewalReply>> {
    by_holder(app, by, once, move |tx, me| use_cases::decline(tx, me, id)).await
}

/// What the review says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviewBody {
    agreed: bool,
    opinion: String,
}

pub(crate) async fn review(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<RenewalId>,
    Json(body): Json<ReviewBody>,
) -> Reply<Json<RenewalReply>> {
    by_officer(app, by, once, move |tx, by| {
        use_cases::review(tx, by, id, body.agreed, &body.opinion)
    })
    .await
}

pub(crate) async fn grant(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<RenewalId>,
) -> Reply<Json<RenewalReply>> {
    by_officer(app, by, once, move |tx, by| use_cases::grant(tx, by, id)).await
}

/// Why it does not run on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefuseBody {
    reason: String,
}

pub(crate) async fn refuse(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<RenewalId>,
    Json(body): Json<RefuseBody>,
) -> Reply<Json<RenewalReply>> {
    by_officer(app, by, once, move |tx, by| {
        use_cases::refuse(tx, by, id, &body.reason)
    })
    .await
}

/// What the check of a silent renewal found.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckBody {
    upheld: bool,
    finding: String,
}

pub(crate) async fn check(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<RenewalId>,
    Json(body): Json<CheckBody>,
) -> Reply<Json<RenewalReply>> {
    by_officer(app, by, once, move |tx, by| {
        use_cases::check(tx, by, id, body.upheld, &body.finding)
    })
    .await
}
