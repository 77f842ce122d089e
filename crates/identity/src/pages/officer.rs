//! One officer's account as the administrators see it: state, password, lock, second factor.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kernel::{Fault, OfficerId};
use web::parts::Fact;
use web::{
    App, Button, Form, FormReader, Officer, Path, ReadForm, Reply, Role, Shell, page, redirect,
};
use zeroize::Zeroizing;

use super::account::{minute, words};
use super::entry;
use crate::account::{self, Safety};
use crate::factor;
use crate::model::{OfficerCard, OfficerState};

#[derive(Template)]
#[template(path = "identity/officer.html")]
struct OfficerPage {
    shell: Shell,
    id: String,
    name: String,
    facts: Vec<Fact>,
    posts: Vec<String>,
    /// A password that was just made, to be shown this once.
    password: String,
    is_system: bool,
    is_security: bool,
    own: bool,
    active: bool,
    closed: bool,
    locked: bool,
    armed: bool,
}

struct Found {
    card: OfficerCard,
    safety: Option<Safety>,
    posts: Vec<String>,
}

async fn officer_page(
    app: &App,
    by: &Officer,
    shell: Shell,
    id: OfficerId,
    password: String,
) -> Result<OfficerPage, Fault> {
    let found = app
        .read(move |tx| {
            let mut posts = Vec::new();
            for one in crate::appointments(tx)? {
                if one.officer == id {
                    let (_, post) = crate::audit::names(tx, one.officer, one.post)?;
                    posts.push(post);
                }
            }
            Ok(Found {
                card: crate::officer(tx, id)?,
                safety: account::safety(tx, id)?,
                posts,
            })
        })
        .await?;
    let safety = found.safety.as_ref();
    Ok(OfficerPage {
        id: id.to_string(),
        name: found.card.name.clone(),
        facts: facts(&shell, &found),
        posts: found.posts,
        password,
        is_system: by.has(Role::SystemAdmin),
        is_security: by.has(Role::SecurityAdmin),
        own: by.id == id,
        active: found.card.state == OfficerState::Active,
        closed: found.card.state == OfficerState::Closed,
        locked: safety.is_some_and(|safety| 0 < safety.locked_seconds),
        armed: safety.is_some_and(|safety| safety.factor.active),
        shell,
    })
}

fn facts(shell: &Shell, found: &Found) -> Vec<Fact> {
    let state = format!("identity.state_{}", found.card.state);
    let mut facts = vec![
        Fact::plain(shell.t("identity.login"), &found.card.login),
        Fact::plain(shell.t("identity.state"), shell.t(&state)),
    ];
    let Some(safety) = &found.safety else {
        return facts;
    };
    let password = match safety.handed_out_until {
        Some(until) => shell.say("identity.password_handed_out", &[("until", minute(until))]),
        None => shell.t("identity.password_own").to_owned(),
    };
    facts.push(Fact::plain(shell.t("identity.password"), password));
    let factor = words(shell, safety.factor);
    facts.push(Fact::plain(shell.t("identity.factor"), factor));
    let lock = match safety.locked_seconds {
        0 => shell.t("identity.lock_none").to_owned(),
        seconds => {
            let minutes = vec![("minutes", seconds.div_ceil(60).to_string())];
            shell.say("identity.lock_minutes", &minutes)
        }
    };
    facts.push(Fact::plain(shell.t("identity.lock"), lock));
    let log_ins = safety.log_ins.to_string();
    facts.push(Fact::plain(shell.t("identity.log_ins"), log_ins));
    facts
}

pub(crate) async fn show_officer(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<OfficerId>,
) -> Reply<Response> {
    page(&officer_page(&app, &by, shell, id, String::new()).await?)
}

fn back(id: OfficerId, said: &str) -> Response {
    redirect(format!("/desk/admin/officers/{id}"))
        .flash(said)
        .into_response()
}

pub(crate) struct StateChoice(OfficerState);

impl ReadForm for StateChoice {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.word("state").map(Self)
    }
}

pub(crate) async fn set_state(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<OfficerId>,
    form: Form<StateChoice>,
) -> Reply<Response> {
    let StateChoice(state) = form.command?;
    app.write(&by, move |tx| crate::set_state(tx, id, state))
        .await?;
    Ok(back(id, shell.t("identity.state_set")))
}

/// Makes a password and shows it in the answer itself, never again: sent twice, the form makes
/// a second password in place of the first.
pub(crate) async fn hand_out(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<OfficerId>,
    _form: Form<Button>,
) -> Reply<Response> {
    let card = app.read(move |tx| crate::officer(tx, id)).await?;
    let password = Zeroizing::new(account::one_time_password(app.clock()));
    let hash = entry::hash(&app, &card.login, password.clone()).await?;
    app.write(&by, move |tx| account::hand_out(tx, id, &hash))
        .await?;
    page(&officer_page(&app, &by, shell, id, password.to_string()).await?)
}

pub(crate) async fn unlock(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<OfficerId>,
    _form: Form<Button>,
) -> Reply<Response> {
    app.write(&by, move |tx| account::unlock(tx, id)).await?;
    Ok(back(id, shell.t("identity.unlocked")))
}

pub(crate) async fn reset_factor(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<OfficerId>,
    _form: Form<Button>,
) -> Reply<Response> {
    app.write(&by, move |tx| factor::reset(tx, id)).await?;
    Ok(back(id, shell.t("identity.factor_was_reset")))
}
