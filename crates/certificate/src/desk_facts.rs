//! What the desk tells of one certificate: number, holder, validity, and why it does not stand.

use web::Shell;
use web::parts::Fact;

use crate::desk_pages::{Found, LIST};
use crate::model::Certificate;
use crate::own_pages::validity;

pub(crate) fn facts(shell: &Shell, found: &Found) -> Vec<Fact> {
    let certificate: &Certificate = &found.one.certificate;
    let row = |key: &str, text: String| Fact::plain(shell.t(key), text);
    let erased = || shell.t("certificate.erased").to_owned();
    let mut facts = vec![
        row("certificate.number", certificate.number.to_string()),
        row(
            "certificate.holder",
            found.one.holder.clone().unwrap_or_else(erased),
        ),
        row("certificate.organ", found.one.organ.clone()),
        row("certificate.issued_on", certificate.issued_on.to_string()),
        row("certificate.validity", validity(shell, certificate)),
        row("certificate.since", certificate.state_since.to_string()),
    ];
    let ground = certificate
        .revoked_for
        .map(|one| (one.as_str(), one.article()))
        .or(certificate
            .cancelled_for
            .map(|one| (one.as_str(), one.article())))
        .or(certificate
            .withdrawn_for
            .map(|one| (one.as_str(), one.article())))
        .or(certificate
            .penalty_for
            .map(|one| (one.as_str(), one.article())))
        .or(certificate
            .suspended_for
            .map(|one| (one.as_str(), one.article())));
    if let Some((ground, article)) = ground {
        let words = format!("certificate.ground_{ground}");
        let words = shell.t(&words);
        facts.push(row("certificate.article", format!("{words}（{article}）")));
    }
    if let Some(next) = certificate.successor {
        facts.push(Fact {
            label: shell.t("certificate.successor").to_owned(),
            text: certificate.number.to_string(),
            href: format!("{LIST}/{next}"),
            action: shell.t("certificate.show").to_owned(),
        });
    }
    if let Some(until) = certificate.suspended_until {
        facts.push(row("certificate.suspended_until", until.to_string()));
    }
    facts
}
