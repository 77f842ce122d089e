//! The rules of the rim, seen from outside: a small room behind the whole frame.

mod api;
mod entry;
mod forms;
mod frame;
mod room;
mod store;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode, header};
use db::{Db, Options, Tx, migrate};
use jiff::{SignedDuration, Timestamp};
use kernel::{Actor, Channel, Fault, OfficerId, OrganId, PersonId, PostId, TypedId};
use tower::ServiceExt;

use crate::session::{self, Subject, Token};
use crate::{App, AppConfig, Citizen, Directory, Officer, Role, Seat, Words};

/// The small room behind the whole frame, with a clock in hand.
struct Hall {
    app: App,
    router: Router,
    _folder: tempfile::TempDir,
}

/// What came back.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    fn code(&self) -> String {
        self.json()["code"].as_str().unwrap().to_owned()
    }

    /// The value of a cookie that was set.
    fn cookie(&self, name: &str) -> Option<String> {
        let lines = self.headers.get_all(header::SET_COOKIE).iter();
        let mut pairs = lines.filter_map(|line| line.to_str().unwrap().split(';').next());
        pairs
            .find_map(|pair| pair.strip_prefix(&format!("{name}=")))
            .map(str::to_owned)
    }

    /// The form token in the page.
    fn form_token(&self) -> String {
        let (_, rest) = self
            .text
            .split_once("name=\"csrf\" value=\"")
            .expect("a form token");
        rest.split('"').next().unwrap().to_owned()
    }
}

/// A clerk with two seats, a dismissed one, and a citizen.
struct People;

const REVIEWER: u128 = 1;
const DISMISSED: u128 = 2;
const CITIZEN: u128 = 3;

fn seat(number: u128, role: Role) -> Seat {
    Seat {
        post: PostId::from_uuid(uuid(number)),
        post_name: "审查岗".to_owned(),
        organ: OrganId::from_uuid(uuid(90)),
        organ_name: "市场监督管理局".to_owned(),
        roles: [role].into(),
        deputizing: None,
    }
}

fn uuid(number: u128) -> kernel::uuid::Uuid {
    kernel::uuid::Uuid::from_u128(number)
}

impl Directory for People {
    fn tables(&self) -> &'static [&'static str] {
        &[]
    }

    fn officer(&self, _tx: &mut Tx<'_>, id: OfficerId) -> Result<Option<Officer>, Fault> {
        let officer = Officer {
            id,
            name: "李审".to_owned(),
            seats: vec![seat(10, Role::Reviewer), seat(11, Role::ExitClerk)],
            active: 0,
            channel: Channel::Web,
        };
        Ok((id.uuid() == uuid(REVIEWER)).then_some(officer))
    }

    fn citizen(&self, _tx: &mut Tx<'_>, id: PersonId) -> Result<Option<Citizen>, Fault> {
        let citizen = Citizen {
            id,
            name: "王小清".to_owned(),
            channel: Channel::Web,
        };
        Ok(Some(citizen))
    }
}

impl Hall {
    fn new() -> Self {
        Self::with(|_| {})
    }

    fn with(change: impl FnOnce(&mut AppConfig)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let start: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
        let clock = kernel::Clock::virtual_at(start, 5);
        let db = Db::sqlite(folder.path(), Options::new(clock, [7; 32])).unwrap();
        let rooms = [session::MIGRATIONS, room::MIGRATIONS];
        apart(|| migrate::run(&db, db.cause(Actor::system()), &rooms)).unwrap();
        let mut config = AppConfig::new([9; 32]);
        config.scratch = folder.path().join("scratch");
        std::fs::create_dir(&config.scratch).unwrap();
        config.nav = room::NAV.to_vec();
        change(&mut config);
        let words = Words::new(&[("note", room::MESSAGES)]).unwrap();
        let app = App::new(db, config, words, Arc::new(People));
        let router = crate::serve::router(room::doors(app.clone()));
        Self {
            app,
            router,
            _folder: folder,
        }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(ask("GET", path).body(Body::empty()).unwrap())
            .await
    }

    async fn get_as(&self, token: &Token, path: &str) -> Answer {
        let request = ask("GET", path).header(header::COOKIE, cookie(token));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A form, with cookies as given.
    async fn post_form(&self, cookies: &str, path: &str, form: &str) -> Answer {
        let request = ask("POST", path)
            .header(header::COOKIE, cookies)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form.to_owned())).unwrap())
            .await
    }

    /// A JSON body from a program that logged in.
    async fn post_json(&self, token: &Token, key: &str, body: &str) -> Answer {
        let mut request = ask("POST", "/api/v1/notes")
            .header(header::AUTHORIZATION, format!("Bearer {}", token.text()))
            .header(header::CONTENT_TYPE, "application/json");
        if !key.is_empty() {
            request = request.header("idempotency-key", key);
        }
        self.send(request.body(Body::from(body.to_owned())).unwrap())
            .await
    }

    fn log_in(&self, subject: Subject) -> Token {
        let policy = self.app.config().sessions;
        let db = self.app.db();
        let begin = move |tx: &mut Tx<'_>| session::begin(tx, subject, Channel::Web, &policy);
        apart(|| db.write(db.cause(Actor::system()), begin)).unwrap()
    }

    fn citizen(&self) -> Token {
        self.log_in(Subject::Citizen(PersonId::from_uuid(uuid(CITIZEN))))
    }

    fn reviewer(&self) -> Token {
        self.log_in(Subject::Officer(OfficerId::from_uuid(uuid(REVIEWER))))
    }

    fn wait(&self, by: SignedDuration) {
        self.app.clock().advance(by);
    }

    fn note_count(&self) -> i64 {
        let sql = "SELECT COUNT(*) FROM note";
        let count = self
            .app
            .db()
            .read(|tx| tx.query_one(sql, &[], |row| row.get(0)));
        count.unwrap().unwrap()
    }
}

/// Runs what waits for the store on a thread of its own: tests run inside a runtime.
fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(work).join().unwrap())
}

fn ask(method: &str, path: &str) -> axum::http::request::Builder {
    let peer: SocketAddr = "127.0.0.1:999".parse().unwrap();
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "hall.example")
        .extension(ConnectInfo(peer))
}

fn cookie(token: &Token) -> String {
    format!("qc_session={}", token.text())
}
