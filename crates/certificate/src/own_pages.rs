//! HTML: the certificates of whoever logged in, and of those for whom they may act.

use askama::Template;
use axum::response::Response;
use db::Tx;
use jiff::civil::Date;
use kernel::Fault;
use web::{App, Citizen, Reply, Shell, page};

use crate::model::{Certificate, CertificateState};

/// From how many days before its end a certificate is marked.
pub(crate) const WARN_DAYS: i32 = 90;
/// How many days before its end a renewal must be applied for (行政许可法 50).
const RENEWAL_DAYS: i32 = 30;

#[derive(Template)]
#[template(path = "certificate/own.html")]
struct OwnPage {
    shell: Shell,
    cards: Vec<OwnCard>,
}

struct OwnCard {
    id: String,
    ecert_id: String,
    name: String,
    number: String,
    holder: String,
    organ: String,
    validity: String,
    state: String,
    tone: &'static str,
    /// What to do before it ends; empty when that is far.
    warning: String,
}

/// A certificate with the words that a list shows.
pub(crate) struct Listed {
    pub(crate) certificate: Certificate,
    pub(crate) name: Option<String>,
    pub(crate) holder: Option<String>,
    pub(crate) organ: String,
}

/// Reads what a list shows of a certificate.
///
/// # Errors
/// As [`Tx::query`].
pub(crate) fn listed(tx: &mut Tx<'_>, certificate: Certificate) -> Result<Listed, Fault> {
    let text = crate::text_of(tx, &certificate)?;
    let organ = identity::organ(tx, certificate.organ)?.short_name;
    Ok(Listed {
        name: text.as_ref().map(|text| text.name.clone()),
        holder: text.map(|text| text.holder_name),
        organ,
        certificate,
    })
}

/// The tone of a state's tag.
pub(crate) fn tone(state: CertificateState) -> &'static str {
    match state {
        CertificateState::Valid => "green",
        CertificateState::Suspended | CertificateState::Expired => "yellow",
        CertificateState::Revoked
        | CertificateState::Withdrawn
        | CertificateState::PenaltyRevoked => "red",
        CertificateState::Changed | CertificateState::Cancelled => "",
    }
}

/// First and last day, in words.
pub(crate) fn validity(shell: &Shell, certificate: &Certificate) -> String {
    let until = certificate.valid_until.map_or_else(
        || shell.t("certificate.long_term").to_owned(),
        |last| last.to_string(),
    );
    format!("{} — {until}", certificate.valid_from)
}

/// Days until the last day, when that is near and the certificate stands.
pub(crate) fn days_left(certificate: &Certificate, today: Date) -> Option<i32> {
    let standing = certificate.state_on(today) == CertificateState::Valid;
    let last = certificate.valid_until.filter(|_| standing)?;
    let days = today.until(last).ok()?.get_days();
    (days <= WARN_DAYS).then_some(days)
}

fn warning(shell: &Shell, certificate: &Certificate, today: Date) -> String {
    let (Some(days), Some(last)) = (days_left(certificate, today), certificate.valid_until) else {
        return String::new();
    };
    let renew_by = last.checked_sub(jiff::Span::new().days(RENEWAL_DAYS));
    let renew_by = renew_by.ok().filter(|by| today <= *by);
    let days = ("days", days.to_string());
    match renew_by {
        Some(by) => {
            let params = vec![days, ("by", by.to_string())];
            shell.say("certificate.ends_soon", &params)
        }
        None => shell.say("certificate.ends_very_soon", &[days]),
    }
}

fn card(shell: &Shell, one: Listed, today: Date) -> OwnCard {
    let state = one.certificate.state_on(today);
    let erased = || shell.t("certificate.erased").to_owned();
    OwnCard {
        id: one.certificate.id.to_string(),
        ecert_id: one.certificate.ecert_id.to_string(),
        name: one.name.unwrap_or_else(erased),
        number: one.certificate.number.to_string(),
        holder: one.holder.unwrap_or_else(erased),
        organ: one.organ,
        validity: validity(shell, &one.certificate),
        state: shell.t(&format!("certificate.state_{state}")).to_owned(),
        tone: tone(state),
        warning: warning(shell, &one.certificate, today),
    }
}

pub(crate) async fn show_own(app: App, by: Citizen, shell: Shell) -> Reply<Response> {
    let me = by.id;
    let (found, today) = app
        .read(move |tx| {
            let mut found = Vec::new();
            for acting in identity::acting_as(tx, me)? {
                for certificate in crate::seen_as(tx, acting)? {
                    found.push(listed(tx, certificate)?);
                }
            }
            Ok((found, tx.today()))
        })
        .await?;
    let cards = found.into_iter().map(|one| card(&shell, one, today));
    page(&OwnPage {
        cards: cards.collect(),
        shell,
    })
}
