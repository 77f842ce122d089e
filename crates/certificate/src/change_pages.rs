//! `/desk/certificates/{id}/change`: what a certificate says, to be changed by a decider who did
//! not issue it.
//!
//! Deliberately absent: any rule; what says no stands beside its field.

use askama::Template;
use axum::response::{IntoResponse, Response};
use db::Tx;
use jiff::civil::Date;
use kernel::Fault;
use web::parts::Fact;
use web::{
    Again, App, Fields, Form, FormReader, Officer, OnceToken, Path, Problems, ReadForm, Reply,
    Shell, page, redirect,
};

use crate::change::{Amended, REASON_CHARS_MAX, VALUE_CHARS_MAX};
use crate::desk_pages::{self, LIST};
use crate::model::{CertificateId, CertificateState, CertificateText};

/// More lines than a certificate has are not read.
const LINES_MAX: usize = 40;

struct Line {
    control: String,
    label: String,
    value: String,
    error: String,
}

#[derive(Template)]
#[template(path = "certificate/change.html")]
struct ChangePage {
    shell: Shell,
    id: String,
    name: String,
    facts: Vec<Fact>,
    /// Why this officer cannot change it; empty when they can.
    refusal: String,
    revision: i64,
    scope: String,
    lines: Vec<Line>,
    valid_until: String,
    reason: String,
    problems: Problems,
}

struct Found {
    one: desk_pages::Found,
    text: Option<CertificateText>,
    revision: i64,
}

fn find(tx: &mut Tx<'_>, by: &Officer, id: CertificateId) -> Result<Found, Fault> {
    let one = desk_pages::find(tx, by, id)?;
    Ok(Found {
        text: crate::text_of(tx, &one.one.certificate)?,
        revision: ledger::lines_of(tx, id)?
            .last()
            .map_or(0, |line| line.revision),
        one,
    })
}

async fn change_page(
    app: &App,
    by: &Officer,
    shell: Shell,
    id: CertificateId,
    again: Option<(Fields, Again)>,
) -> Reply<ChangePage> {
    let officer = by.clone();
    let found = app.read(move |tx| find(tx, &officer, id)).await?;
    let erased = || shell.t("certificate.erased").to_owned();
    let (certificate, text) = (&found.one.one.certificate, found.text.as_ref());
    let until = certificate.valid_until;
    let until = until.map_or_else(String::new, |last| last.to_string());
    let was = |name: &str, old: &str| match &again {
        Some((typed, _)) => typed.get(name).to_owned(),
        None => old.to_owned(),
    };
    let problems = match &again {
        Some((_, again)) => again.problems.clone(),
        None => Problems::none(),
    };
    let own = text.map_or(&[][..], |text| text.fields.as_slice());
    let lines = own.iter().take(LINES_MAX).enumerate().map(|(at, field)| {
        let control = format!("value.{at}");
        Line {
            label: field.label.clone(),
            value: was(&control, &field.value),
            error: problems.of(&control).to_owned(),
            control,
        }
    });
    Ok(ChangePage {
        lines: lines.collect(),
        id: id.to_string(),
        name: text.map_or_else(erased, |text| text.name.clone()),
        facts: crate::desk_facts::facts(&shell, &found.one),
        refusal: refusal(&shell, by, &found),
        revision: found.revision,
        scope: was("scope", text.map_or("", |text| text.scope.as_str())),
        valid_until: was("valid_until", &until),
        reason: was("change_reason", ""),
        problems,
        shell,
    })
}

/// Why this officer cannot change it, in words; the rule is asked again when they do.
fn refusal(shell: &Shell, by: &Officer, found: &Found) -> String {
    let certificate = &found.one.one.certificate;
    let state = certificate.state_on(found.one.today);
    let key = match state {
        _ if by.organ() != Some(certificate.organ) => "certificate.not_the_issuer",
        _ if found.one.own_issue => "certificate.own_issue",
        _ if found.text.is_none() => "certificate.erased",
        CertificateState::Valid => return String::new(),
        _ => "certificate.change_only_valid",
    };
    shell.t(key).to_owned()
}

pub(crate) async fn show_change(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<CertificateId>,
) -> Reply<Response> {
    page(&change_page(&app, &by, shell, id, None).await?)
}

pub(crate) struct ChangeForm {
    scope: String,
    values: Vec<String>,
    valid_until: Option<Date>,
    reason: String,
}

impl ReadForm for ChangeForm {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let scope = form.optional_text("scope", VALUE_CHARS_MAX);
        let mut values = Some(Vec::new());
        for at in 0..LINES_MAX {
            let name = format!("value.{at}");
            if !form.fields().has(&name) {
                break;
            }
            let value = form.text(&name, VALUE_CHARS_MAX);
            values = values.zip(value).map(|(mut all, value)| {
                all.push(value);
                all
            });
        }
        let valid_until = form.optional_date("valid_until");
        let reason = form.text("change_reason", REASON_CHARS_MAX);
        Some(Self {
            scope: scope?,
            values: values?,
            valid_until: valid_until?,
            reason: reason?,
        })
    }
}

/// The field that a refusal is about.
fn field_of(code: &str) -> Option<&'static str> {
    (code == "certificate.ends_before_it_begins").then_some("valid_until")
}

pub(crate) async fn change(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<CertificateId>,
    form: Form<ChangeForm>,
) -> Reply<Response> {
    let seen = form.fields.revision();
    let done = match form.command {
        Ok(asked) => {
            let amended = Amended {
                scope: asked.scope,
                values: asked.values,
                valid_until: asked.valid_until,
                reason: asked.reason,
            };
            let act = move |tx: &mut Tx<'_>| {
                ledger::unchanged_since(tx, id, seen)?;
                crate::change(tx, id, &amended)
            };
            app.write_once(&by, &once, act).await
        }
        Err(fault) => Err(fault),
    };
    match done {
        Ok(new) => {
            let onward = redirect(format!("{LIST}/{new}"));
            Ok(onward
                .flash(shell.t("certificate.was_changed"))
                .into_response())
        }
        Err(fault) => {
            let again = Again::of(fault, &shell, field_of)?;
            let status = again.status();
            let filled = change_page(&app, &by, shell, id, Some((form.fields, again))).await?;
            Again::show(status, &filled)
        }
    }
}
