//! One's own data: what the hall keeps of a citizen, and a new password for anybody.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kernel::{Fault, Problem};
use web::parts::Fact;
use web::session::Session;
use web::{
    App, Citizen, Form, FormReader, OnceToken, Problems, Query, ReadForm, Reply, Shell, Visit,
    invalid, page, redirect, too_many,
};
use zeroize::Zeroizing;

use super::entry::{self, Onward};
use crate::login::{self, Entry};
use crate::model::PersonCard;

#[derive(Template)]
#[template(path = "identity/profile.html")]
struct ProfilePage {
    shell: Shell,
    facts: Vec<Fact>,
    principals: Vec<Principal>,
    phone: String,
    problems: Problems,
}

/// Somebody whom one may act for.
struct Principal {
    name: String,
    until: String,
}

async fn profile_page(app: &App, by: &Citizen, shell: Shell) -> Result<ProfilePage, Fault> {
    let me = by.id;
    let (card, principals) = app
        .read(move |tx| {
            let card = crate::person(tx, me)?;
            let mut principals = Vec::new();
            for agency in crate::agencies(tx, me)? {
                principals.push(Principal {
                    name: crate::person(tx, agency.principal)?.name,
                    until: agency.until.map_or_else(String::new, |day| day.to_string()),
                });
            }
            Ok((card, principals))
        })
        .await?;
    Ok(ProfilePage {
        facts: facts(&shell, &card),
        principals,
        phone: card.phone,
        problems: Problems::none(),
        shell,
    })
}

fn facts(shell: &Shell, card: &PersonCard) -> Vec<Fact> {
    let kind = format!("identity.kind_{}", card.kind);
    let mut facts = vec![
        Fact::plain(shell.t("identity.kind"), shell.t(&kind)),
        Fact::plain(shell.t("identity.name"), &card.name),
        Fact::plain(shell.t("identity.identity_number"), card.masked_number()),
        Fact::plain(shell.t("identity.phone"), card.masked_phone()),
    ];
    if let Some(day) = card.birth_date {
        facts.push(Fact::plain(shell.t("identity.birth_date"), day.to_string()));
    }
    facts
}

pub(crate) async fn show_profile(app: App, by: Citizen, shell: Shell) -> Reply<Response> {
    page(&profile_page(&app, &by, shell).await?)
}

pub(crate) struct NewPhone(String);

impl ReadForm for NewPhone {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.phone("phone").map(Self)
    }
}

pub(crate) async fn set_phone(
    app: App,
    by: Citizen,
    shell: Shell,
    once: OnceToken,
    form: Form<NewPhone>,
) -> Reply<Response> {
    let me = by.id;
    let done = match form.command {
        Ok(NewPhone(phone)) => {
            let set = move |tx: &mut db::Tx<'_>| crate::set_phone(tx, me, &phone);
            app.write_once(&by, &once, set).await
        }
        Err(fault) => Err(fault),
    };
    match done {
        Ok(()) => {
            let onward = redirect("/my/profile").flash(shell.t("identity.phone_set"));
            Ok(onward.into_response())
        }
        Err(Fault::Invalid(problems)) => {
            let problems = shell.problems(&problems);
            let mut filled = profile_page(&app, &by, shell).await?;
            filled.phone = form.fields.get("phone").to_owned();
            filled.problems = problems;
            invalid(&filled)
        }
        Err(fault) => Err(fault.into()),
    }
}

#[derive(Template)]
#[template(path = "identity/password.html")]
struct PasswordPage {
    shell: Shell,
    /// The password was handed out: nothing else opens before it is changed.
    first: bool,
    next: String,
    problems: Problems,
}

pub(crate) async fn show_password(
    session: Session,
    shell: Shell,
    Query(onward): Query<Onward>,
) -> Reply<Response> {
    page(&PasswordPage {
        shell,
        first: session.step.is_some(),
        next: onward.inside(),
        problems: Problems::none(),
    })
}

pub(crate) struct PasswordChange {
    old: Zeroizing<String>,
    new: Zeroizing<String>,
}

impl ReadForm for PasswordChange {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let old = form.secret("old_password");
        let new = entry::new_password(form);
        if let (Some(old), Some(new)) = (&old, &new)
            && *old == **new
        {
            return form.problem(Problem::new("password", "identity.password_same"));
        }
        Some(Self {
            old: Zeroizing::new(old?),
            new: new?,
        })
    }
}

pub(crate) async fn change_password(
    app: App,
    visit: Visit,
    session: Session,
    shell: Shell,
    form: Form<PasswordChange>,
) -> Reply<Response> {
    // The typed passwords are dropped: a page never shows one again.
    let next = entry::inside(form.fields.get("next"));
    let entered = match form.command {
        Ok(change) => try_change(&app, &visit, &session, change).await,
        Err(fault) => Err(fault),
    };
    let (problems, wait) = match entered {
        Ok(Entry::Welcome {
            token,
            subject,
            step,
        }) => {
            let said = shell.t("identity.password_set");
            let next = match visit.visitor().citizen() {
                Some(_) if next.is_empty() => "/my/profile".to_owned(),
                _ => next,
            };
            return Ok(entry::go_on(token, subject, step, &next, said));
        }
        Ok(Entry::Wrong | Entry::WrongCode | Entry::Unfinished { .. }) => {
            let problem = Problem::new("old_password", "identity.old_password");
            (vec![problem], None)
        }
        Ok(Entry::Locked { wait_seconds }) | Err(Fault::TooMany { wait_seconds }) => {
            let problem = entry::locked("old_password", wait_seconds);
            (vec![problem], Some(wait_seconds))
        }
        Err(Fault::Invalid(problems)) => (problems, None),
        Err(fault) => return Err(fault.into()),
    };
    let again = PasswordPage {
        problems: shell.problems(&problems),
        shell,
        first: session.step.is_some(),
        next,
    };
    match wait {
        Some(wait_seconds) => too_many(&again, wait_seconds),
        None => invalid(&again),
    }
}

async fn try_change(
    app: &App,
    visit: &Visit,
    session: &Session,
    change: PasswordChange,
) -> Result<Entry, Fault> {
    let subject = session.subject;
    let attempt = app.read(move |tx| login::look_up_own(tx, subject)).await?;
    let hash = entry::hash(app, "", change.new).await?;
    let verified = entry::apart(move || attempt.verify(&change.old)).await?;
    let (channel, policy) = (entry::channel(visit), app.config().sessions);
    let set =
        move |tx: &mut db::Tx<'_>| login::change_password(tx, &verified, &hash, channel, &policy);
    app.write(&entry::actor(visit, session), set).await
}
