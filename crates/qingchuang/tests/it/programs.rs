//! The interface as a program meets it: the doors of a hall, a token, a key, a body, an answer.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use db::Db;
use kernel::{Actor, Channel};
use qingchuang::house::doors;
use serde_json::Value;
use tower::ServiceExt;
use web::session::{self, Subject};

use crate::hall::TestHall;

/// What programs talk to.
pub struct Programs {
    router: Router,
    runtime: tokio::runtime::Runtime,
    db: Db,
}

impl Programs {
    /// The doors of a hall.
    pub fn of(hall: &TestHall) -> Self {
        let app = hall.house.app(&hall.config).expect("the wording is whole");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        Self {
            router: web::serve::router(doors(&app)),
            runtime: runtime.expect("a runtime"),
            db: hall.house.db.clone(),
        }
    }

    fn token(&self, subject: Subject) -> String {
        let policy = web::config::SessionPolicy::default();
        let begin = move |tx: &mut db::Tx<'_>| session::begin(tx, subject, Channel::Api, &policy);
        let token = self.db.write(self.db.cause(Actor::system()), begin);
        token.expect("a log-in").text().to_owned()
    }

    /// Asks without a body.
    pub fn ask(&self, method: &str, path: &str, by: Subject) -> (StatusCode, Value) {
        self.send(method, path, by, None, None)
    }

    /// Posts a body under a key.
    pub fn post(&self, path: &str, by: Subject, key: &str, body: &Value) -> (StatusCode, Value) {
        self.send("POST", path, by, Some(key), Some(body))
    }

    fn send(
        &self,
        method: &str,
        path: &str,
        by: Subject,
        key: Option<&str>,
        body: Option<&Value>,
    ) -> (StatusCode, Value) {
        let peer: SocketAddr = "127.0.0.1:999".parse().expect("an address");
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "hall.example")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token(by)))
            .extension(ConnectInfo(peer));
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let request = request.body(body).expect("a request");
        let answer = async {
            let answer = self
                .router
                .clone()
                .oneshot(request)
                .await
                .expect("an answer");
            let (parts, body) = answer.into_parts();
            let bytes = axum::body::to_bytes(body, usize::MAX)
                .await
                .expect("a body");
            (parts.status, serde_json::from_slice(&bytes).expect("JSON"))
        };
        self.runtime.block_on(answer)
    }
}
