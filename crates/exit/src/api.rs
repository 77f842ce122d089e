//! The interface for programs: the public register, and one exit for those whom it concerns. What
//! they do with it stands in `acts`.

use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, Money};
use serde::{Deserialize, Serialize};
use web::{App, Json, Page, Paging, Path, Reply, Visitor};

use certificate::{CertificateId, ExitKind, masked};

use crate::model::{DropGround, ExitId, ExitSource, ExitStatus, LicenceExit};
use crate::use_cases;

/// A line of the public register 行政许可退出公示; a human holder's name is masked.
#[derive(Debug, Serialize)]
pub(crate) struct RegisterReply {
    ecert_id: String,
    number: String,
    name: Option<String>,
    holder: Option<String>,
    kind: ExitKind,
    ground: &'static str,
    article: &'static str,
    decided_on: Option<Date>,
}

fn entry(tx: &mut Tx<'_>, one: &LicenceExit) -> Result<RegisterReply, Fault> {
    let of = certificate::certificate(tx, one.certificate)?;
    let text = certificate::text_of(tx, &of)?;
    Ok(RegisterReply {
        ecert_id: of.ecert_id.to_string(),
        number: of.number.to_string(),
        holder: text.as_ref().map(|text| match text.holder_is_natural {
            true => masked(&text.holder_name),
            false => text.holder_name.clone(),
        }),
        name: text.map(|text| text.name),
        kind: one.kind(),
        ground: one.ground.word(),
        article: one.ground.article(),
        decided_on: one.decided_on,
    })
}

pub(crate) async fn list_register(app: App, paging: Paging) -> Reply<Json<Page<RegisterReply>>> {
    let (after, most) = (paging.after::<ExitId>()?, paging.limit_and_one());
    let rows = app
        .read(move |tx| {
            let mut rows = Vec::new();
            for one in use_cases::register(tx, after, most)? {
                rows.push((one.id, entry(tx, &one)?));
            }
            Ok(rows)
        })
        .await?;
    let listed = paging.page(rows, |(id, _)| *id)?;
    Ok(Json(listed.map(|(_, row)| row)))
}

/// One exit, as programs of those whom it concerns see it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ExitReply {
    id: ExitId,
    certificate: CertificateId,
    kind: ExitKind,
    ground: String,
    article: String,
    source: ExitSource,
    status: ExitStatus,
    opened_on: Date,
    state_by: Option<Date>,
    stated_on: Option<Date>,
    hearing_asked_on: Option<Date>,
    hearing_closed_on: Option<Date>,
    reviewed_on: Option<Date>,
    decided_on: Option<Date>,
    dropped_for: Option<DropGround>,
    loss_fen: Option<i64>,
    compensation_fen: Option<i64>,
    paid_on: Option<Date>,
}

impl From<LicenceExit> for ExitReply {
    fn from(one: LicenceExit) -> Self {
        Self {
            id: one.id,
            certificate: one.certificate,
            kind: one.kind(),
            ground: one.ground.word().to_owned(),
            article: one.ground.article().to_owned(),
            source: one.source,
            status: one.status,
            opened_on: one.opened_on,
            state_by: one.state_by,
            stated_on: one.stated_on,
            hearing_asked_on: one.hearing_asked_on,
            hearing_closed_on: one.hearing_closed_on,
            reviewed_on: one.reviewed_on,
            decided_on: one.decided_on,
            dropped_for: one.dropped_for,
            loss_fen: one.loss.map(Money::fen),
            compensation_fen: one.compensation.map(Money::fen),
            paid_on: one.paid_on,
        }
    }
}

pub(crate) async fn show_exit(
    app: App,
    visitor: Visitor,
    Path(id): Path<ExitId>,
) -> Reply<Json<ExitReply>> {
    let one = app
        .read(move |tx| match &visitor {
            Visitor::Officer(officer) => use_cases::visible(tx, officer, id),
            Visitor::Citizen(citizen) => use_cases::own(tx, citizen.id, id),
            _ => Err(Fault::NotFound { what: "exit" }),
        })
        .await?;
    Ok(Json(one.into()))
}
