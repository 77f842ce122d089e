//! JSON: what a stranger may know of a certificate.

use jiff::civil::Date;
use kernel::{Fault, Problem};
use serde::Serialize;
use web::{App, Json, Path, Reply, Visit};

use crate::public_check::{Checked, PublicCard};

/// What the interface answers. Fields without content are `null`.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct CertificateReply {
    ecert_id: String,
    state: &'static str,
    state_since: Option<Date>,
    article: Option<&'static str>,
    name: Option<String>,
    number: Option<String>,
    organ: Option<String>,
    holder: Option<String>,
    issued_on: Option<Date>,
    valid_from: Option<Date>,
    valid_until: Option<Date>,
    successor: Option<String>,
}

impl CertificateReply {
    fn unknown(ecert_id: String) -> Self {
        Self {
            ecert_id,
            state: "unknown",
            state_since: None,
            article: None,
            name: None,
            number: None,
            organ: None,
            holder: None,
            issued_on: None,
            valid_from: None,
            valid_until: None,
            successor: None,
        }
    }
}

impl From<PublicCard> for CertificateReply {
    fn from(card: PublicCard) -> Self {
        Self {
            ecert_id: card.ecert_id,
            state: card.state.as_str(),
            state_since: Some(card.state_since),
            article: card.article,
            name: card.name,
            number: Some(card.number),
            organ: Some(card.organ),
            holder: card.holder,
            issued_on: Some(card.issued_on),
            valid_from: Some(card.valid_from),
            valid_until: card.valid_until,
            successor: card.successor,
        }
    }
}

pub(crate) async fn show_certificate(
    app: App,
    visit: Visit,
    Path(typed): Path<String>,
) -> Reply<Json<CertificateReply>> {
    let lang = visit.lang();
    match app
        .read(move |tx| crate::public_check::check(tx, &typed))
        .await?
    {
        Checked::Known(card) => Ok(Json((*card).into())),
        Checked::Unknown(id) => Ok(Json(CertificateReply::unknown(id.to_string()))),
        Checked::Wrong(error) => {
            let reason = crate::pages::reason(lang, &error);
            let problem = Problem::new("ecert_id", "certificate.ecert_id_wrong");
            Err(Fault::Invalid(vec![problem.with("reason", reason)]).into())
        }
    }
}
