//! JSON of identity: log in and out, who am I, register.

pub(crate) mod erasure;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Fault, OfficerId, OrganId, PersonId, PostId, Problem};
use serde::{Deserialize, Serialize};
use web::session::{self, Session, Step, Subject};
use web::{App, Bucket, Entered, Json, Left, OnceToken, Reply, Role, Visit, Visitor};
use zeroize::Zeroizing;

use crate::decide::Refusal;
use crate::login::Entry;
use crate::model::{NewAccount, NewPerson, PersonKind};
use crate::pages::entry;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LoginBody {
    login: String,
    password: String,
    code: Option<String>,
}

#[derive(Serialize)]
struct LoginReply {
    token: String,
    kind: &'static str,
    id: String,
}

pub(crate) async fn log_in(app: App, visit: Visit, Json(body): Json<LoginBody>) -> Reply<Response> {
    let password = Zeroizing::new(body.password);
    if password.len() > crate::decide::PASSWORD_BYTES_MAX {
        return Err(wrong_login());
    }
    match entry::try_log_in(&app, &visit, body.login, password, body.code).await? {
        Entry::Welcome { token, subject, .. } => {
            let (kind, id) = match subject {
                Subject::Officer(id) => ("officer", id.to_string()),
                Subject::Citizen(id) => ("citizen", id.to_string()),
            };
            let reply = LoginReply {
                token: token.text().to_owned(),
                kind,
                id,
            };
            Ok((Entered(token), Json(reply)).into_response())
        }
        Entry::Wrong => Err(wrong_login()),
        Entry::WrongCode => Err(wrong("code", "identity.code_wrong")),
        Entry::Unfinished { step: Step::Code } => Err(wrong("code", "identity.code_needed")),
        Entry::Unfinished { .. } => Err(Fault::from(Refusal::StepLeft).into()),
        Entry::Locked { wait_seconds } => Err(Fault::TooMany { wait_seconds }.into()),
    }
}

fn wrong_login() -> web::Failure {
    wrong("login", "identity.wrong_login")
}

fn wrong(field: &str, code: &'static str) -> web::Failure {
    Fault::Invalid(vec![Problem::new(field, code)]).into()
}

pub(crate) async fn log_out(app: App, visit: Visit, session: Session) -> Reply<Response> {
    app.write(visit.visitor(), move |tx| session::end(tx, &session))
        .await?;
    Ok((Left, StatusCode::NO_CONTENT).into_response())
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum MeReply {
    Officer {
        id: OfficerId,
        name: String,
        seats: Vec<SeatReply>,
    },
    Citizen {
        id: PersonId,
        name: String,
    },
}

#[derive(Serialize)]
struct SeatReply {
    post: PostId,
    post_name: String,
    organ: OrganId,
    organ_name: String,
    roles: Vec<Role>,
    deputizing: Option<OfficerId>,
    active: bool,
}

pub(crate) async fn show_me(visit: Visit) -> Reply<Response> {
    let me = match visit.visitor() {
        Visitor::Officer(officer) => {
            let seat = |(at, seat): (usize, &web::Seat)| SeatReply {
                post: seat.post,
                post_name: seat.post_name.clone(),
                organ: seat.organ,
                organ_name: seat.organ_name.clone(),
                roles: seat.roles.iter().copied().collect(),
                deputizing: seat.deputizing,
                active: at == officer.active,
            };
            MeReply::Officer {
                id: officer.id,
                name: officer.name.clone(),
                seats: officer.seats.iter().enumerate().map(seat).collect(),
            }
        }
        Visitor::Citizen(citizen) => MeReply::Citizen {
            id: citizen.id,
            name: citizen.name.clone(),
        },
        Visitor::Public(_) => return Err(web::Failure::unauthenticated()),
    };
    Ok(Json(me).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PersonBody {
    kind: PersonKind,
    name: String,
    identity_number: String,
    phone: String,
    login: String,
    password: String,
}

#[derive(Serialize)]
struct PersonReply {
    id: PersonId,
}

pub(crate) async fn register_person(
    app: App,
    visit: Visit,
    once: OnceToken,
    Json(body): Json<PersonBody>,
) -> Reply<Response> {
    app.allow(Bucket::Login, &visit.client_key())?;
    let password = Zeroizing::new(body.password);
    let password = entry::hash(&app, &body.login, password).await?;
    let new = NewPerson {
        kind: body.kind,
        name: body.name,
        identity_number: body.identity_number,
        phone: body.phone,
        account: Some(NewAccount {
            login: body.login,
            password,
        }),
    };
    let register = move |tx: &mut db::Tx<'_>| crate::register_person(tx, &new);
    let id = app.write_once(visit.visitor(), &once, register).await?;
    Ok((StatusCode::CREATED, Json(PersonReply { id })).into_response())
}
