//! The interface for programs, writing: what holder and organ do with an exit, from its opening to
//! the payment. The same use cases as the pages; a key that comes again has no second effect.

use certificate::{CertificateId, ExitGround, ExitKind};
use db::Tx;
use jiff::civil::Date;
use kernel::money::FEN_MAX;
use kernel::{Fault, Money, PersonId, Problem};
use serde::Deserialize;
use web::{App, Citizen, Json, Officer, OnceToken, Path, Reply};

use crate::api::ExitReply;
use crate::model::{DropGround, ExitId, ExitSource, LicenceExit};
use crate::opening::{self, NewExit, PenaltyPaper};
use crate::use_cases;

/// What an officer does.
async fn by_officer(
    app: App,
    by: Officer,
    once: OnceToken,
    work: impl Fn(&mut Tx<'_>, &Officer) -> Result<LicenceExit, Fault> + Send + 'static,
) -> Reply<Json<ExitReply>> {
    let me = by.clone();
    let work = move |tx: &mut Tx<'_>| work(tx, &me).map(ExitReply::from);
    Ok(Json(app.write_once(&by, &once, work).await?))
}

/// What the holder does.
async fn by_holder(
    app: App,
    by: Citizen,
    once: OnceToken,
    work: impl Fn(&mut Tx<'_>, PersonId) -> Result<LicenceExit, Fault> + Send + 'static,
) -> Reply<Json<ExitReply>> {
    let me = by.id;
    let work = move |tx: &mut Tx<'_>| work(tx, me).map(ExitReply::from);
    Ok(Json(app.write_once(&by, &once, work).await?))
}

/// The penalty decision of another organ.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PenaltyBody {
    organ: String,
    number: String,
    on: Date,
}

/// An exit as it is opened.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenBody {
    certificate: CertificateId,
    kind: ExitKind,
    ground: String,
    source: ExitSource,
    findings: String,
    #[serde(default)]
    penalty: Option<PenaltyBody>,
}

impl OpenBody {
    fn read(self) -> Result<NewExit, Fault> {
        let ground = ExitGround::parse(self.kind, &self.ground);
        let ground = ground.ok_or_else(|| Fault::invalid("ground", "field.choice"))?;
        let penalty_on = self.penalty.as_ref().map(|paper| paper.on);
        Ok(NewExit {
            certificate: self.certificate,
            ground,
            source: self.source,
            findings: self.findings,
            penalty: self.penalty.map(|paper| PenaltyPaper {
                organ: paper.organ,
                number: paper.number,
            }),
            penalty_on,
        })
    }
}

pub(crate) async fn open(
    app: App,
    by: Officer,
    once: OnceToken,
    Json(body): Json<OpenBody>,
) -> Reply<Json<ExitReply>> {
    let new = body.read()?;
    by_officer(app, by, once, move |tx, by| {
        let id = opening::open(tx, by, &new)?;
        use_cases::exit(tx, id)
    })
    .await
}

/// Why the holder wants to be struck off.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestBody {
    certificate: CertificateId,
    reason: String,
}

pub(crate) async fn request(
    app: App,
    by: Citizen,
    once: OnceToken,
    Json(body): Json<RequestBody>,
) -> Reply<Json<ExitReply>> {
    by_holder(app, by, once, move |tx, me| {
        let id = opening::request(tx, me, body.certificate, &body.reason)?;
        use_cases::exit(tx, id)
    })
    .await
}

/// What the holder states.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatementBody {
    statement: String,
}

pub(crate) async fn state(
    app: App,
    by: Citizen,
    once: OnceToken,
    Path(id): Path<ExitId>,
    Json(body): Json<StatementBody>,
) -> Reply<Json<ExitReply>> {
    by_holder(app, by, once, move |tx, me| {
        use_cases::state(tx, me, id, &body.statement)
    })
    .await
}

pub(crate) async fn waive(
    app: App,
    by: Citizen,
    once: OnceToken,
    Path(id): Path<ExitId>,
) -> Reply<Json<ExitReply>> {
    by_holder(app, by, once, move |tx, me| use_cases::waive(tx, me, id)).await
}

pub(crate) async fn ask_hearing(
    app: App,
    by: Citizen,
    once: OnceToken,
    Path(id): Path<ExitId>,
) -> Reply<Json<ExitReply>> {
    by_holder(app, by, once, move |tx, me| {
        use_cases::ask_hearing(tx, me, id)
    })
    .await
}

pub(crate) async fn order_hearing(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<ExitId>,
) -> Reply<Json<ExitReply>> {
    by_officer(app, by, once, move |tx, by| {
        use_cases::order_hearing(tx, by, id)
    })
    .await
}

/// Loss and compensation, in fen.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssessBody {
    loss_fen: i64,
    compensation_fen: i64,
    assessment: String,
}

fn amount(field: &str, fen: i64) -> Result<Money, Fault> {
    let sent = Money::sent_fen(fen).filter(|amount| Money::ZERO <= *amount);
    sent.ok_or_else(|| {
        let problem = Problem::new(field, "field.out_of_range");
        Fault::Invalid(vec![problem.with("min", 0).with("max", FEN_MAX)])
    })
}

pub(crate) async fn assess(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<ExitId>,
    Json(body): Json<AssessBody>,
) -> Reply<Json<ExitReply>> {
    let loss = amount("loss_fen", body.loss_fen)?;
    let paid = amount("compensation_fen", body.compensation_fen)?;
    by_officer(app, by, once, move |tx, by| {
        use_cases::assess(tx, by, id, loss, paid, &body.assessment)
    })
    .await
}

/// What the legal review says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviewBody {
    agreed: bool,
    #[serde(default)]
    barred: bool,
    opinion: String,
}

pub(crate) async fn review(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<ExitId>,
    Json(body): Json<ReviewBody>,
) -> Reply<Json<ExitReply>> {
    by_officer(app, by, once, move |tx, by| {
        use_cases::review(tx, by, id, body.agreed, body.barred, &body.opinion)
    })
    .await
}

/// The words of a decision.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecideBody {
    reason: String,
    #[serde(default)]
    minutes: Option<String>,
}

pub(crate) async fn decide(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<ExitId>,
    Json(body): Json<DecideBody>,
) -> Reply<Json<ExitReply>> {
    by_officer(app, by, once, move |tx, by| {
        use_cases::decide(tx, by, id, &body.reason, body.minutes.as_deref())
    })
    .await
}

/// Why the licence stays.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DropBody {
    ground: DropGround,
    reason: String,
}

pub(crate) async fn drop(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<ExitId>,
    Json(body): Json<DropBody>,
) -> Reply<Json<ExitReply>> {
    by_officer(app, by, once, move |tx, by| {
        use_cases::drop(tx, by, id, body.ground, &body.reason)
    })
    .await
}

pub(crate) async fn pay(
    app: App,
    by: Officer,
    once: OnceToken,
    Path(id): Path<ExitId>,
) -> Reply<Json<ExitReply>> {
    by_officer(app, by, once, move |tx, by| use_cases::pay(tx, by, id)).await
}
