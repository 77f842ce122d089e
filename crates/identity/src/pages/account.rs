//! One's own account: where one is logged in, and the ways to password and second factor.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kernel::OfficerId;
use web::session::{Session, Subject};
use web::{App, Button, Form, Left, Path, Reply, Shell, Visit, page, redirect};

use super::entry;
use crate::account;
use crate::factor::{self, Standing};

#[derive(Template)]
#[template(path = "identity/account.html")]
struct AccountPage {
    shell: Shell,
    log_ins: Vec<LogInRow>,
    /// The second factor of staff, in words; empty for citizens.
    factor: String,
    factor_on: bool,
}

struct LogInRow {
    handle: String,
    channel: String,
    began: String,
    seen: String,
    current: bool,
}

fn officer_of(session: &Session) -> Option<OfficerId> {
    match session.subject {
        Subject::Officer(id) => Some(id),
        Subject::Citizen(_) => None,
    }
}

pub(crate) async fn show_account(app: App, session: Session, shell: Shell) -> Reply<Response> {
    let subject = session.subject;
    let officer = officer_of(&session);
    let (log_ins, standing) = app
        .read(move |tx| {
            let standing = officer.map(|officer| factor::standing(tx, officer));
            Ok((account::log_ins(tx, subject)?, standing.transpose()?))
        })
        .await?;
    let row = |one: &Session| LogInRow {
        handle: one.handle(),
        channel: shell
            .t(&format!("identity.channel_{}", one.channel))
            .to_owned(),
        began: minute(one.began_at),
        seen: minute(one.seen_at),
        current: one.handle() == session.handle(),
    };
    page(&AccountPage {
        log_ins: log_ins.iter().map(row).collect(),
        factor: standing.map_or_else(String::new, |standing| words(&shell, standing)),
        factor_on: standing.is_some_and(|standing| standing.active),
        shell,
    })
}

/// An instant by the hall's clock, to the minute.
pub(crate) fn minute(at: jiff::Timestamp) -> String {
    let at = kernel::clock::hall_time(at);
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

/// How it stands with a second factor, in words.
pub(crate) fn words(shell: &Shell, standing: Standing) -> String {
    match (standing.active, standing.required) {
        (true, _) => {
            let left = vec![("left", standing.recovery_left.to_string())];
            shell.say("identity.factor_on", &left)
        }
        (false, true) => shell.t("identity.factor_required").to_owned(),
        (false, false) => shell.t("identity.factor_off").to_owned(),
    }
}

pub(crate) async fn end_log_in(
    app: App,
    visit: Visit,
    session: Session,
    shell: Shell,
    Path(handle): Path<String>,
    _form: Form<Button>,
) -> Reply<Response> {
    let (subject, own) = (session.subject, session.handle() == handle);
    app.write(&entry::actor(&visit, &session), move |tx| {
        account::end_log_in(tx, subject, &handle)
    })
    .await?;
    if own {
        return Ok((Left, redirect("/login")).into_response());
    }
    let onward = redirect("/account").flash(shell.t("identity.log_in_ended"));
    Ok(onward.into_response())
}

pub(crate) async fn end_everywhere(
    app: App,
    visit: Visit,
    session: Session,
    _form: Form<Button>,
) -> Reply<Response> {
    let subject = session.subject;
    app.write(&entry::actor(&visit, &session), move |tx| {
        account::end_everywhere(tx, subject)
    })
    .await?;
    Ok((Left, redirect("/login")).into_response())
}
