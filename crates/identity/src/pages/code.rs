//! The second factor: the step of the log-in, setting up with a QR code, recovery codes.
//!
//! Secrets and recovery codes stand in the page that makes them and in no other: they never
//! pass through a redirect, a cookie or the store of repeated answers.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kernel::{Fault, OfficerId, Problem};
use web::session::{Session, Subject};
use web::{
    App, Button, Entered, Form, FormReader, Left, Problems, Query, ReadForm, Reply, Shell, Visit,
    invalid, page, redirect, too_many,
};

use super::account::words;
use super::entry::{self, Onward};
use crate::factor::{self, Pending, Standing};
use crate::login::{self, Entry, Proof};

#[derive(Template)]
#[template(path = "identity/code.html")]
struct CodePage {
    shell: Shell,
    next: String,
    problems: Problems,
}

pub(crate) struct Typed(String);

impl ReadForm for Typed {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.text("code", 64).map(Self)
    }
}

pub(crate) async fn show_code(
    session: Session,
    shell: Shell,
    Query(onward): Query<Onward>,
) -> Reply<Response> {
    let next = onward.inside();
    if session.step.is_none() {
        return Ok(redirect(entry::first_page(session.subject, &next)).into_response());
    }
    page(&CodePage {
        shell,
        next,
        problems: Problems::none(),
    })
}

pub(crate) async fn enter_code(
    app: App,
    visit: Visit,
    session: Session,
    shell: Shell,
    form: Form<Typed>,
) -> Reply<Response> {
    let next = entry::inside(form.fields.get("next"));
    let problem = match form.command {
        Ok(Typed(code)) => {
            let (channel, policy) = (entry::channel(&visit), app.config().sessions);
            let actor = entry::actor(&visit, &session);
            let enter =
                move |tx: &mut db::Tx<'_>| login::enter_code(tx, &session, &code, channel, &policy);
            match app.write(&actor, enter).await? {
                Entry::Welcome {
                    token,
                    subject,
                    step,
                } => return Ok(entry::go_on(token, subject, step, &next, "")),
                Entry::Locked { wait_seconds } => {
                    let minutes = vec![("minutes", wait_seconds.div_ceil(60).to_string())];
                    let said = shell.say("identity.locked", &minutes);
                    return Ok((Left, redirect("/login").flash(said)).into_response());
                }
                Entry::Wrong | Entry::Unfinished { .. } => {
                    return Ok((Left, redirect("/login")).into_response());
                }
                Entry::WrongCode => Problem::new("code", "identity.code_wrong"),
            }
        }
        Err(Fault::Invalid(mut problems)) if !problems.is_empty() => problems.remove(0),
        Err(fault) => return Err(fault.into()),
    };
    let problems = shell.problems(&[problem]);
    invalid(&CodePage {
        shell,
        next,
        problems,
    })
}

#[derive(Template)]
#[template(path = "identity/factor.html")]
struct FactorPage {
    shell: Shell,
    standing: String,
    active: bool,
    /// Nothing else opens before it is set up.
    due: bool,
    /// The QR code of a secret that waits for its first code; empty without one.
    qr: String,
    secret: String,
    problems: Problems,
}

#[derive(Template)]
#[template(path = "identity/recovery.html")]
struct RecoveryPage {
    shell: Shell,
    codes: Vec<String>,
    onward: String,
}

fn officer(session: &Session) -> Result<OfficerId, Fault> {
    match session.subject {
        Subject::Officer(id) => Ok(id),
        Subject::Citizen(_) => Err(Fault::NotFound { what: "page" }),
    }
}

async fn factor_page(
    app: &App,
    session: &Session,
    shell: Shell,
    wrong: &[Problem],
) -> Result<FactorPage, Fault> {
    let me = officer(session)?;
    let read = move |tx: &mut db::Tx<'_>| {
        let standing = factor::standing(tx, me)?;
        Ok((standing, factor::pending(tx, me)?))
    };
    let (standing, pending): (Standing, Option<Pending>) = app.read(read).await?;
    let (qr, secret) = match &pending {
        Some(pending) => {
            let qr = document::qr_svg(&pending.address).map_err(Fault::broken)?;
            (qr, in_groups(&pending.secret))
        }
        None => (String::new(), String::new()),
    };
    Ok(FactorPage {
        standing: words(&shell, standing),
        active: standing.active,
        due: session.step.is_some(),
        qr,
        secret,
        problems: shell.problems(wrong),
        shell,
    })
}

/// A secret in groups of four, to be read and typed.
fn in_groups(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let groups = letters.chunks(4).map(|group| group.iter().collect());
    groups.collect::<Vec<String>>().join(" ")
}

pub(crate) async fn show_factor(app: App, session: Session, shell: Shell) -> Reply<Response> {
    page(&factor_page(&app, &session, shell, &[]).await?)
}

pub(crate) async fn begin_factor(
    app: App,
    visit: Visit,
    session: Session,
    _form: Form<Button>,
) -> Reply<Response> {
    let me = officer(&session)?;
    app.write(&entry::actor(&visit, &session), move |tx| {
        factor::begin(tx, me)
    })
    .await?;
    Ok(redirect("/account/code").into_response())
}

pub(crate) async fn confirm_factor(
    app: App,
    visit: Visit,
    session: Session,
    shell: Shell,
    form: Form<Typed>,
) -> Reply<Response> {
    let me = officer(&session)?;
    let Typed(code) = match form.command {
        Ok(typed) => typed,
        Err(Fault::Invalid(wrong)) => {
            return invalid(&factor_page(&app, &session, shell, &wrong).await?);
        }
        Err(fault) => return Err(fault.into()),
    };
    let (channel, policy) = (entry::channel(&visit), app.config().sessions);
    let old = session.clone();
    let confirm = move |tx: &mut db::Tx<'_>| {
        let codes = match factor::confirm(tx, me, &code)? {
            Ok(codes) => codes,
            Err(proof) => return Ok(Err(proof)),
        };
        let entry = match old.step {
            Some(_) => Some(login::enter_enrolled(tx, &old, channel, &policy)?),
            None => None,
        };
        Ok(Ok((codes, entry)))
    };
    match app.write(&entry::actor(&visit, &session), confirm).await? {
        Ok((codes, entry)) => {
            let shown = recovery_page(shell, codes)?;
            Ok(match entry {
                Some(Entry::Welcome { token, .. }) => (Entered(token), shown).into_response(),
                _ => shown,
            })
        }
        Err(proof) => {
            let wrong = wrong_proof("code", proof);
            unproven(&factor_page(&app, &session, shell, &[wrong]).await?, proof)
        }
    }
}

fn recovery_page(shell: Shell, codes: Vec<String>) -> Reply<Response> {
    page(&RecoveryPage {
        shell,
        codes,
        onward: "/desk".to_owned(),
    })
}

fn wrong_proof(field: &str, proof: Proof) -> Problem {
    match proof {
        Proof::Locked { wait_seconds } => entry::locked(field, wait_seconds),
        Proof::Right | Proof::Wrong => Problem::new(field, "identity.code_wrong"),
    }
}

/// The page once more: the code was wrong, or there were too many wrong ones.
fn unproven(page: &FactorPage, proof: Proof) -> Reply<Response> {
    match proof {
        Proof::Locked { wait_seconds } => too_many(page, wait_seconds),
        Proof::Right | Proof::Wrong => invalid(page),
    }
}

pub(crate) struct Renewal(String);

impl ReadForm for Renewal {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.text("renew_code", 64).map(Self)
    }
}

pub(crate) async fn renew_recovery(
    app: App,
    visit: Visit,
    session: Session,
    shell: Shell,
    form: Form<Renewal>,
) -> Reply<Response> {
    let me = officer(&session)?;
    let wrong = match form.command {
        Ok(Renewal(code)) => {
            let renew = move |tx: &mut db::Tx<'_>| factor::renew_recovery(tx, me, &code);
            match app.write(&entry::actor(&visit, &session), renew).await? {
                Ok(codes) => return recovery_page(shell, codes),
                Err(proof) => {
                    let wrong = wrong_proof("renew_code", proof);
                    let again = factor_page(&app, &session, shell, &[wrong]).await?;
                    return unproven(&again, proof);
                }
            }
        }
        Err(Fault::Invalid(wrong)) => wrong,
        Err(fault) => return Err(fault.into()),
    };
    invalid(&factor_page(&app, &session, shell, &wrong).await?)
}

pub(crate) struct TurningOff(String);

impl ReadForm for TurningOff {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.text("off_code", 64).map(Self)
    }
}

pub(crate) async fn turn_off(
    app: App,
    visit: Visit,
    session: Session,
    shell: Shell,
    form: Form<TurningOff>,
) -> Reply<Response> {
    let me = officer(&session)?;
    let wrong = match form.command {
        Ok(TurningOff(code)) => {
            let turn_off = move |tx: &mut db::Tx<'_>| factor::turn_off(tx, me, &code);
            match app.write(&entry::actor(&visit, &session), turn_off).await? {
                Proof::Right => {
                    let onward = redirect("/login").flash(shell.t("identity.factor_was_off"));
                    return Ok((Left, onward).into_response());
                }
                proof => {
                    let wrong = wrong_proof("off_code", proof);
                    let again = factor_page(&app, &session, shell, &[wrong]).await?;
                    return unproven(&again, proof);
                }
            }
        }
        Err(Fault::Invalid(wrong)) => wrong,
        Err(fault) => return Err(fault.into()),
    };
    invalid(&factor_page(&app, &session, shell, &wrong).await?)
}
