//! Log in, log out, register: one door for citizens and staff.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kernel::{Actor, ActorKind, Channel, Fault, PersonId, Problem, TypedId};
use serde::Deserialize;
use web::parts::Choice;
use web::session::{self, Session, Step, Subject, Token};
use web::{
    App, AsActor, Bucket, Entered, Fields, Form, FormReader, Left, OnceToken, Problems, Query,
    ReadForm, Reply, Shell, Visit, Visitor, invalid, local, page, redirect, too_many, with_next,
};
use zeroize::Zeroizing;

use crate::login::{self, Entry};
use crate::model::{NewAccount, NewPerson, PersonKind};
use crate::password::{PasswordCost, PasswordHash, hash_password};

/// Where to go after the log-in.
#[derive(Deserialize)]
pub(crate) struct Onward {
    next: Option<String>,
}

impl Onward {
    /// A page of this house, or nothing said.
    pub(crate) fn inside(&self) -> String {
        inside(self.next.as_deref().unwrap_or_default())
    }
}

#[derive(Template)]
#[template(path = "identity/login.html")]
struct LoginPage {
    shell: Shell,
    next: String,
    login: String,
    problems: Problems,
}

pub(crate) struct Credentials {
    login: String,
    password: Zeroizing<String>,
}

impl ReadForm for Credentials {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let login = form.text("login", 64);
        let password = form.secret("password");
        Some(Self {
            login: login?,
            password: Zeroizing::new(password?),
        })
    }
}

pub(crate) async fn show_login(shell: Shell, Query(onward): Query<Onward>) -> Reply<Response> {
    page(&LoginPage {
        shell,
        next: onward.inside(),
        login: String::new(),
        problems: Problems::none(),
    })
}

pub(crate) async fn log_in(
    app: App,
    visit: Visit,
    shell: Shell,
    form: Form<Credentials>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let next = inside(fields.get("next"));
    let entered = match command {
        Ok(given) => try_log_in(&app, &visit, given.login, given.password, None).await,
        Err(fault) => Err(fault),
    };
    match entered {
        Ok(Entry::Welcome {
            token,
            subject,
            step,
        }) => Ok(go_on(token, subject, step, &next, "")),
        Ok(Entry::Wrong | Entry::WrongCode | Entry::Unfinished { .. }) => {
            let problem = Problem::new("login", "identity.wrong_login");
            invalid(&refilled(shell, next, &fields, &[problem]))
        }
        Ok(Entry::Locked { wait_seconds }) | Err(Fault::TooMany { wait_seconds }) => {
            let problem = locked("login", wait_seconds);
            let filled = refilled(shell, next, &fields, &[problem]);
            too_many(&filled, wait_seconds)
        }
        Err(Fault::Invalid(problems)) => invalid(&refilled(shell, next, &fields, &problems)),
        Err(fault) => Err(fault.into()),
    }
}

/// Too many failures, with the time to wait in words.
pub(crate) fn locked(field: &str, wait_seconds: u64) -> Problem {
    Problem::new(field, "identity.locked").with("minutes", wait_seconds.div_ceil(60))
}

/// To where somebody begins, or first to the step that is left.
pub(crate) fn go_on(
    token: Token,
    subject: Subject,
    step: Option<Step>,
    next: &str,
    said: &str,
) -> Response {
    let onward = match step {
        Some(step) => redirect(with_next(step.page(), &first_page(subject, next))),
        None => redirect(first_page(subject, next)),
    };
    let onward = if said.is_empty() {
        onward
    } else {
        onward.flash(said)
    };
    (Entered(token), onward).into_response()
}

fn refilled(shell: Shell, next: String, fields: &Fields, wrong: &[Problem]) -> LoginPage {
    LoginPage {
        problems: shell.problems(wrong),
        login: fields.get("login").to_owned(),
        shell,
        next,
    }
}

/// The whole of a log-in: count the attempt, look up, compare, begin. Pages and interface.
pub(crate) async fn try_log_in(
    app: &App,
    visit: &Visit,
    login: String,
    password: Zeroizing<String>,
    code: Option<String>,
) -> Result<Entry, Fault> {
    app.allow(Bucket::Login, &visit.client_key())?;
    let attempt = app.read(move |tx| login::look_up(tx, &login)).await?;
    let verified = apart(move || attempt.verify(&password)).await?;
    let (channel, policy) = (channel(visit), app.config().sessions);
    let old = visit.session().cloned();
    let enter = move |tx: &mut db::Tx<'_>| {
        let entry = login::enter(tx, &verified, code.as_deref(), channel, &policy)?;
        if let (Entry::Welcome { .. }, Some(old)) = (&entry, &old) {
            session::end(tx, old)?;
        }
        Ok(entry)
    };
    app.write(visit.visitor(), enter).await
}

/// Runs the slow hash where it keeps nobody waiting.
pub(crate) async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(Fault::broken)?
}

/// Checks and hashes a new password.
pub(crate) async fn hash(
    app: &App,
    login: &str,
    password: Zeroizing<String>,
) -> Result<PasswordHash, Fault> {
    let cost = app.db().thing::<PasswordCost>();
    let cost = cost.map_or(PasswordCost::PRODUCTION, |lent| *lent);
    let (clock, login) = (app.clock().clone(), login.to_owned());
    apart(move || hash_password(&clock, cost, &login, &password)).await
}

pub(crate) fn channel(visit: &Visit) -> Channel {
    match visit.visitor() {
        Visitor::Officer(officer) => officer.channel,
        Visitor::Citizen(citizen) => citizen.channel,
        Visitor::Public(channel) => *channel,
    }
}

/// Who acts on their own account: they may have a step left and be a stranger to other doors.
pub(crate) fn actor(visit: &Visit, session: &Session) -> Actor {
    if session.step.is_none() {
        return visit.visitor().as_actor();
    }
    let channel = channel(visit);
    match session.subject {
        Subject::Citizen(id) => Actor::citizen(id, channel),
        Subject::Officer(id) => Actor {
            kind: ActorKind::Officer,
            person: Some(id.uuid()),
            ..Actor::public(channel)
        },
    }
}

/// A page of this house, or nothing said.
pub(crate) fn inside(next: &str) -> String {
    let next = local(next);
    let loops = next.starts_with("/login") || next.starts_with("/register");
    if next == "/" || loops {
        String::new()
    } else {
        next.to_owned()
    }
}

/// Where somebody begins: where they wanted to go, if it is a page for them.
pub(crate) fn first_page(subject: Subject, next: &str) -> String {
    let home = match subject {
        Subject::Officer(_) => "/desk",
        Subject::Citizen(_) => "/my",
    };
    let of_desk = next == "/desk" || next.starts_with("/desk/");
    let fits = match subject {
        Subject::Officer(_) => true,
        Subject::Citizen(_) => !of_desk,
    };
    if fits && !next.is_empty() {
        next.to_owned()
    } else {
        home.to_owned()
    }
}

pub(crate) async fn log_out(app: App, visit: Visit) -> Reply<Response> {
    if let Some(session) = visit.session().cloned() {
        app.write(visit.visitor(), move |tx| session::end(tx, &session))
            .await?;
    }
    Ok((Left, redirect("/")).into_response())
}

#[derive(Template)]
#[template(path = "identity/register.html")]
struct RegisterPage {
    shell: Shell,
    next: String,
    kinds: Vec<Choice>,
    typed: Fields,
    agreed: bool,
    problems: Problems,
}

impl RegisterPage {
    fn new(shell: Shell, next: String, typed: Fields, wrong: &[Problem]) -> Self {
        let chosen = match typed.get("kind") {
            "" => PersonKind::Natural.as_str(),
            chosen => chosen,
        };
        let kinds = PersonKind::ALL.iter().map(|kind| {
            let key = format!("identity.kind_{kind}");
            (kind.as_str(), shell.t(&key).to_owned())
        });
        Self {
            kinds: Choice::list(kinds, chosen),
            problems: shell.problems(wrong),
            agreed: typed.has("agreed"),
            shell,
            next,
            typed,
        }
    }
}

pub(crate) struct Registration {
    kind: PersonKind,
    name: String,
    identity_number: String,
    phone: String,
    login: String,
    password: Zeroizing<String>,
}

impl ReadForm for Registration {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let kind = form.word("kind");
        let name = form.text("name", kernel::text::NAME_CHARS_MAX);
        let identity_number = form.text("identity_number", 18);
        let phone = form.phone("phone");
        let login = form.text("login", 64);
        let password = new_password(form);
        let agreed = form.consent("agreed");
        agreed?;
        Some(Self {
            kind: kind?,
            name: name?,
            identity_number: identity_number?,
            phone: phone?,
            login: login?,
            password: password?,
        })
    }
}

/// A new password, typed twice.
pub(crate) fn new_password(form: &mut FormReader<'_>) -> Option<Zeroizing<String>> {
    let password = form.secret("password");
    let again = form.secret("password_again");
    if let (Some(password), Some(again)) = (&password, &again)
        && password != again
    {
        let problem = Problem::new("password_again", "identity.password_differs");
        return form.problem(problem);
    }
    again.and(password).map(Zeroizing::new)
}

pub(crate) async fn show_register(shell: Shell, Query(onward): Query<Onward>) -> Reply<Response> {
    let next = onward.inside();
    page(&RegisterPage::new(shell, next, Fields::default(), &[]))
}

pub(crate) async fn register(
    app: App,
    visit: Visit,
    shell: Shell,
    once: OnceToken,
    form: Form<Registration>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let next = inside(fields.get("next"));
    let done = match command {
        Ok(given) => try_register(&app, &visit, &once, given).await,
        Err(fault) => Err(fault),
    };
    match done.map_err(beside_its_field) {
        Ok(person) => {
            let (channel, policy) = (channel(&visit), app.config().sessions);
            let subject = Subject::Citizen(person);
            let begin = move |tx: &mut db::Tx<'_>| session::begin(tx, subject, channel, &policy);
            let token = app.write(visit.visitor(), begin).await?;
            let onward = redirect(first_page(subject, &next)).flash(shell.t("identity.welcome"));
            Ok((Entered(token), onward).into_response())
        }
        Err(Fault::Invalid(problems)) => {
            invalid(&RegisterPage::new(shell, next, fields, &problems))
        }
        Err(Fault::TooMany { wait_seconds }) => {
            let problem = locked("login", wait_seconds);
            let filled = RegisterPage::new(shell, next, fields, &[problem]);
            too_many(&filled, wait_seconds)
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn try_register(
    app: &App,
    visit: &Visit,
    once: &OnceToken,
    given: Registration,
) -> Result<PersonId, Fault> {
    app.allow(Bucket::Login, &visit.client_key())?;
    let password = hash(app, &given.login, given.password).await?;
    let new = NewPerson {
        kind: given.kind,
        name: given.name,
        identity_number: given.identity_number,
        phone: given.phone,
        account: Some(NewAccount {
            login: given.login,
            password,
        }),
    };
    let register = move |tx: &mut db::Tx<'_>| crate::register_person(tx, &new);
    app.write_once(visit.visitor(), once, register).await
}

fn beside_its_field(fault: Fault) -> Fault {
    let field = match fault.refusal() {
        Some("identity.login_taken") => "login",
        _ => "identity_number",
    };
    super::beside(fault, field)
}
