//! Every door of `docs/doors.txt`, tried by a stranger, a citizen, an officer without a seat and
//! an officer of each role: each gets in exactly where the list says so.
//!
//! What says no is told apart by its code: the door's own refusals come before the check of the
//! form token, so a POST that was let in fails on the token it does not carry.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use identity::{NewOfficer, NewOrgan, NewPerson, OrganKind, PasswordCost, PersonKind};
use kernel::{Channel, Clock, Fault};
use qingchuang::house::doors;
use tower::ServiceExt;
use web::Role;
use web::session::{self, Subject};

use crate::hall::{TestHall, halls};

/// Who knocks.
struct Caller {
    name: String,
    role: Option<Role>,
    is_officer: bool,
    cookie: String,
}

/// A door as the list names it.
struct Listed {
    method: String,
    path: String,
    access: String,
}

fn listed() -> Vec<Listed> {
    let path = format!("{}/../../docs/doors.txt", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the list is there");
    let line = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        Listed {
            method: words[0].to_owned(),
            path: words[1].to_owned(),
            access: words[2].to_owned(),
        }
    };
    text.lines().map(line).collect()
}

/// Whether the list lets somebody in.
fn lets_in(access: &str, caller: &Caller) -> bool {
    let known = !caller.cookie.is_empty();
    match access {
        "public" => true,
        "signed_in" => known,
        "citizen" => known && !caller.is_officer,
        "officer" => caller.is_officer,
        _ if access.starts_with("signed_in|step:") => known,
        _ => {
            let roles = access.strip_prefix("officer:").expect("a known access");
            let roles: BTreeSet<&str> = roles.split('|').collect();
            caller
                .role
                .is_some_and(|role| roles.contains(role.as_str()))
        }
    }
}

fn log_in(hall: &TestHall, subject: Subject) -> String {
    let policy = web::config::SessionPolicy::default();
    let db = &hall.house.db;
    let begin = move |tx: &mut db::Tx<'_>| session::begin(tx, subject, Channel::Web, &policy);
    let token = db.write(db.cause(kernel::Actor::system()), begin);
    format!("qc_session={}", token.expect("a log-in").text())
}

fn furnish(tx: &mut db::Tx<'_>) -> Result<Vec<(String, Option<Role>, Subject)>, Fault> {
    let hall = NewOrgan {
        uscc: "91350100M000100Y43".to_owned(),
        name: "清江县政务服务中心".to_owned(),
        short_name: "政务中心".to_owned(),
        dept4: "ZWZX".to_owned(),
        region6: "511602".to_owned(),
        kind: OrganKind::Hall,
    };
    let hall = identity::add_organ(tx, &hall)?;
    let password = identity::hash_password(
        tx.clock(),
        PasswordCost::QUICK,
        "somebody",
        "Qing-Chuang-2026",
    )?;
    let mut people = Vec::new();
    for role in Role::ALL.iter().copied().map(Some).chain([None]) {
        let login = role.map_or("unseated", Role::as_str).to_owned();
        let new = NewOfficer {
            login: login.clone(),
            name: login.clone(),
            password: password.clone(),
        };
        let officer = identity::add_officer(tx, &new)?;
        if let Some(role) = role {
            let post = identity::add_post(tx, hall, role.as_str(), [role].into())?;
            let today = tx.today();
            identity::appoint(tx, officer, post, today, None)?;
        }
        people.push((login, role, Subject::Officer(officer)));
    }
    let person = NewPerson {
        kind: PersonKind::Natural,
        name: "王小清".to_owned(),
        identity_number: "11010519491231002X".to_owned(),
        phone: "13800138000".to_owned(),
        account: None,
    };
    let person = identity::person_at_counter(tx, &person)?;
    people.push(("citizen".to_owned(), None, Subject::Citizen(person)));
    Ok(people)
}

fn callers(hall: &TestHall) -> Vec<Caller> {
    let db = &hall.house.db;
    let people = db.write(db.cause(kernel::Actor::system()), furnish);
    let known = people.expect("the hall is furnished").into_iter();
    let mut callers: Vec<Caller> = known
        .map(|(name, role, subject)| Caller {
            name,
            role,
            is_officer: matches!(subject, Subject::Officer(_)),
            cookie: log_in(hall, subject),
        })
        .collect();
    callers.push(Caller {
        name: "stranger".to_owned(),
        role: None,
        is_officer: false,
        cookie: String::new(),
    });
    callers
}

/// Knocks at a door; answers the status and what was said.
async fn knock(router: &Router, door: &Listed, caller: &Caller) -> (StatusCode, String) {
    let mut path = String::new();
    for part in door.path.split('/').skip(1) {
        path.push('/');
        path.push_str(if part.contains('{') { "x" } else { part });
    }
    let path = if path.is_empty() { "/" } else { path.as_str() };
    let peer: SocketAddr = "127.0.0.1:999".parse().expect("an address");
    let request = Request::builder()
        .method(door.method.as_str())
        .uri(path)
        .header(header::HOST, "hall.example")
        .header(header::ACCEPT, "application/json")
        .header(header::COOKIE, &caller.cookie)
        .extension(ConnectInfo(peer));
    let request = request.body(Body::empty()).expect("a request");
    let answer = router.clone().oneshot(request).await.expect("an answer");
    let (parts, body) = answer.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await;
    let bytes = bytes.expect("a body");
    (parts.status, String::from_utf8_lossy(&bytes).into_owned())
}

/// What is wrong with an answer, if anything.
fn wrong(door: &Listed, caller: &Caller, status: StatusCode, said: &str) -> bool {
    let turned_away = status == StatusCode::UNAUTHORIZED
        || said.contains("access.role_missing")
        || said.contains("access.citizens_only");
    if lets_in(&door.access, caller) {
        return turned_away;
    }
    let citizen = !caller.is_officer && !caller.cookie.is_empty();
    if citizen && door.access.starts_with("officer") {
        return status != StatusCode::NOT_FOUND;
    }
    !turned_away
}

#[test]
fn everybody_gets_in_exactly_where_the_list_of_doors_says_so() {
    let hall = halls("access", Clock::real).remove(0);
    let app = hall.house.app(&hall.config).expect("the wording is whole");
    let router = web::serve::router(doors(&app));
    let callers = callers(&hall);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let mut found = Vec::new();
    for door in &listed() {
        for caller in &callers {
            let (status, said) = runtime.block_on(knock(&router, door, caller));
            if wrong(door, caller, status, &said) {
                let Listed { method, path, .. } = door;
                found.push(format!("{method} {path} by {}: {status}", caller.name));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}
