//! The short facts of a guide: at a glance, where and whom to ask, rights and remedies.

use web::Shell;
use web::parts::Fact;

use crate::model::{ItemContent, Service};
use crate::view::{limit, maybe, text};

pub(super) fn facts(shell: &Shell, content: &ItemContent) -> Vec<Fact> {
    let lang = shell.lang;
    let mut facts = Vec::new();
    let mut add = |key: &str, value: String| {
        if !value.is_empty() {
            facts.push(Fact::plain(shell.t(key), value));
        }
    };
    let joint = shell.language().pick("、", ", ");
    let targets: Vec<&str> = content
        .targets
        .iter()
        .map(|target| target.name(lang))
        .collect();
    add("catalogue.fact.for", targets.join(joint));
    add("catalogue.fact.body", text(shell, &content.body.name));
    let promised = content.promised.map(|promised| promised.words(lang));
    add("catalogue.fact.promised", promised.unwrap_or_default());
    let statutory = content.statutory.as_ref();
    let statutory = statutory.map(|statutory| limit(shell, statutory.limit));
    add("catalogue.fact.statutory", statutory.unwrap_or_default());
    add(
        "catalogue.fact.limit_note",
        maybe(shell, content.limit_note.as_ref()),
    );
    if let Some(kind) = content.case_kind {
        add("catalogue.fact.case_kind", kind.name(lang).to_owned());
    }
    if let Some(outcome) = &content.outcome {
        add("catalogue.fact.outcome", text(shell, &outcome.name));
        add(
            "catalogue.fact.validity",
            maybe(shell, outcome.validity_note.as_ref()),
        );
    }
    if let Some(service) = &content.service {
        let channels: Vec<&str> = service.channels.iter().map(|one| one.name(lang)).collect();
        add("catalogue.fact.channels", channels.join(joint));
        add("catalogue.fact.visits", visits(shell, service));
    }
    if let Some(age) = content.age_min {
        add(
            "catalogue.fact.age",
            shell.say("catalogue.age", &[("age", age.to_string())]),
        );
    }
    if let Some(quantity) = &content.quantity_limit {
        add(
            "catalogue.fact.quantity",
            format!("{} {}", quantity.count, text(shell, &quantity.note)),
        );
    }
    if content.major_matter {
        add(
            "catalogue.fact.major",
            shell.t("catalogue.major").to_owned(),
        );
    }
    for (key, code) in codes(content) {
        add(key, code.cloned().unwrap_or_default());
    }
    facts
}

/// How often one must come, and why.
fn visits(shell: &Shell, service: &Service) -> String {
    let count = [("count", service.hall_visits.to_string())];
    let visits = shell.say("catalogue.visits", &count);
    let reason = maybe(shell, service.visit_reason.as_ref());
    if reason.is_empty() {
        return visits;
    }
    let mark = shell.language().pick("：", ": ");
    format!("{visits}{mark}{reason}")
}

/// The national code is the one that is checked by its own digits; both are what they say.
fn codes(content: &ItemContent) -> [(&'static str, Option<&String>); 2] {
    let codes = &content.codes;
    let national = codes.handling_code.as_ref().or(codes.task_code.as_ref());
    [
        ("catalogue.fact.national_code", national),
        ("catalogue.fact.code", codes.local_task_code.as_ref()),
    ]
}

pub(super) fn contact(shell: &Shell, content: &ItemContent) -> Vec<Fact> {
    let Some(contact) = &content.contact else {
        return Vec::new();
    };
    vec![
        Fact::plain(shell.t("catalogue.fact.place"), text(shell, &contact.place)),
        Fact::plain(shell.t("catalogue.fact.hours"), text(shell, &contact.hours)),
        Fact::plain(
            shell.t("catalogue.fact.consult"),
            contact.consult_phone.clone(),
        ),
        Fact::plain(
            shell.t("catalogue.fact.complain"),
            contact.complaint_phone.clone(),
        ),
    ]
}

pub(super) fn remedies(shell: &Shell, content: &ItemContent) -> Vec<Fact> {
    let Some(remedies) = &content.remedies else {
        return Vec::new();
    };
    vec![
        Fact::plain(
            shell.t("catalogue.fact.rights"),
            text(shell, &remedies.rights),
        ),
        Fact::plain(
            shell.t("catalogue.fact.duties"),
            text(shell, &remedies.duties),
        ),
        Fact::plain(
            shell.t("catalogue.fact.review"),
            text(shell, &remedies.review_organ),
        ),
        Fact::plain(
            shell.t("catalogue.fact.court"),
            text(shell, &remedies.court),
        ),
    ]
}
