//! The approval case over HTTP: every operation is a request with its session, its rights, its
//! idempotency and, for the application, the check of its form. Seven operations: submit, accept,
//! three opinions at once, decide, hand out.
//!
//! Alone, it is the case that is measured in process too; as a whole, with everything that a hall
//! does beside it: papers, certificate, letters, the invitation to rate, who may decide. The papers
//! are queued in the same transactions; they are drawn by a job that does not run here.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use axum::body::Bytes;
use db::Db;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use kernel::{Channel, Clock, OfficerId, OrganId};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use web::session::{self, Subject};
use web::{AppConfig, Role};

use super::measure::{Client, Figures, Load, micros};
use super::{Plan, silent, store};
use crate::config::Config;
use crate::house::{House, Mode, doors};
use crate::seed::rehearsal::{Rehearsal, rehearse};

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The case and its application alone.
    Alone,
    /// With everything that a hall does beside it.
    Whole,
}

impl Extent {
    fn name(self) -> &'static str {
        match self {
            Self::Alone => "case-lifecycle-http",
            Self::Whole => "hall-lifecycle-http",
        }
    }
}

/// Measures it.
///
/// # Errors
/// When the store or the rim fails.
pub fn case_lifecycle_http(
    plan: &Plan,
    folder: &Path,
    (clients, extent): (usize, Extent),
) -> anyhow::Result<Figures> {
    let config = Config {
        data: folder.to_owned(),
        database: plan.database.clone(),
        requests_per_minute: 0,
        ..Config::default()
    };
    let house = match extent {
        Extent::Alone => silent::house(&config)?,
        Extent::Whole => House::open(&config, Clock::real(), Mode::Write)?,
    };
    let rehearsal = rehearse(&house.db, false)?;
    store::prepare(&house.db)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    let rooms = doors(&house.app(&config)?);
    runtime.spawn(web::serve::serve(rooms, listener, std::future::pending()));
    let passes = Arc::new(Passes::issue(&house.db, &rehearsal)?);
    let load = Load {
        db: &house.db,
        clients,
        seconds: plan.seconds,
    };
    let client = || {
        let citizen = rehearsal.applicant(&house.db)?;
        let citizen = pass(&house.db, Subject::Citizen(citizen))?;
        let line = Line::open(address)?;
        Ok(live_cases(&house.db, line, citizen, Arc::clone(&passes)))
    };
    let runs = load.runs(client)?;
    let limits = load.runs(|| Ok(bare_requests(Line::open(address)?)))?;
    let limit = "bare GET /healthz over the same rim and clients";
    Ok(load.figures(extent.name(), &runs, (limit, &limits)))
}

/// The tokens of the staff and the first application.
struct Passes {
    application: String,
    clerk: String,
    exit: String,
    staff: Vec<((OrganId, Role), String)>,
}

impl Passes {
    fn issue(db: &Db, rehearsal: &Rehearsal) -> anyhow::Result<Self> {
        let officer = |id: OfficerId| pass(db, Subject::Officer(id));
        let seats = &rehearsal.staff;
        let clerk = seats.clerks.first().context("no clerk")?;
        let exit = seats.exit.first().context("no exit desk")?;
        let mut staff = Vec::new();
        for (place, all) in &seats.by_role {
            let first = all.first().context("an empty post")?;
            staff.push((*place, officer(first.officer)?));
        }
        let version = &rehearsal.version;
        let application = json!({
            "item": version.content.codes.key(),
            "scenario": rehearsal.picks,
            "answers": rehearsal.given,
        });
        Ok(Self {
            application: application.to_string(),
            clerk: officer(clerk.officer)?,
            exit: officer(exit.officer)?,
            staff,
        })
    }

    /// The token of whoever does a task.
    fn of(&self, task: &Value) -> anyhow::Result<&str> {
        let place: (OrganId, Role) = (
            serde_json::from_value(task["organ"].clone())?,
            serde_json::from_value(task["role"].clone())?,
        );
        let found = self.staff.iter().find(|(own, _)| *own == place);
        found
            .map(|(_, token)| token.as_str())
            .with_context(|| format!("nobody does {task}"))
    }
}

/// Logs somebody in, as after the check of the password.
fn pass(db: &Db, subject: Subject) -> anyhow::Result<String> {
    let policy = AppConfig::new([0; 32]).sessions;
    let token = db.write(db.cause(kernel::Actor::system()), move |tx| {
        session::begin(tx, subject, Channel::Api, &policy)
    })?;
    Ok(token.text().to_owned())
}

/// A client that lives whole cases.
fn live_cases(db: &Db, mut line: Line, citizen: String, passes: Arc<Passes>) -> Client {
    let db = db.clone();
    let mut serial = 0_u64;
    Box::new(move |latencies| {
        serial += 1;
        let mut ask = |path: &str, token: &str, body: &str| {
            let began = Instant::now();
            let answer = line.post(path, token, body);
            latencies.push(micros(began));
            answer
        };
        let receipt = ask("/api/v1/applications", &citizen, &passes.application)?;
        let path = format!("/api/v1/applications/{}/accept", text(&receipt, "id")?);
        let accepted = ask(&path, &passes.clerk, "{}")?;
        let id = text(&accepted["case"], "id")?.parse()?;
        let mut open = first_tasks(&db, id)?;
        while let Some(task) = open.as_array().and_then(|all| all.first()) {
            let (path, token, body) = step(&passes, id, task, serial)?;
            let answer = ask(&path, token, &body)?;
            open = answer["tasks"].clone();
        }
        Ok(())
    })
}

/// What is open at first, as the answers of later operations say it themselves.
fn first_tasks(db: &Db, id: case::CaseId) -> anyhow::Result<Value> {
    let case = db.read(|tx| case::case(tx, id))?;
    let open = case.tasks.iter().map(|task| {
        json!({
            "task": task.number,
            "duty": task.duty,
            "role": task.role,
            "organ": task.organ,
        })
    });
    Ok(open.collect())
}

/// The request that does a task: address, token and body.
fn step<'p>(
    passes: &'p Passes,
    id: case::CaseId,
    task: &Value,
    serial: u64,
) -> anyhow::Result<(String, &'p str, String)> {
    let path = format!("/api/v1/cases/{id}");
    let duty = text(task, "duty")?;
    if duty == "deliver" {
        let body = json!({
            "method": "counter",
            "identity_checked": true,
            "proof": "bench",
        });
        return Ok((format!("{path}/deliver"), &passes.exit, body.to_string()));
    }
    let refused = duty == "decide" && serial.is_multiple_of(5);
    let grounds = json!({
        "reason": "bench", "article": "bench", "review_organ": "bench", "court": "bench",
    });
    let body = json!({
        "outcome": match (duty, refused) {
            ("decide", true) => "refused",
            ("decide", false) => "granted",
            _ => "agree",
        },
        "opinion": "bench",
        "grounds": refused.then_some(grounds),
    });
    let path = format!("{path}/tasks/{}/complete", task["task"]);
    Ok((path, passes.of(task)?, body.to_string()))
}

/// The limit: requests that do next to nothing.
fn bare_requests(mut line: Line) -> Client {
    Box::new(move |latencies| {
        let began = Instant::now();
        line.ask(request("GET", "/healthz", "", "")?)?;
        latencies.push(micros(began));
        Ok(())
    })
}

fn text<'v>(answer: &'v Value, field: &str) -> anyhow::Result<&'v str> {
    answer[field]
        .as_str()
        .with_context(|| format!("no {field} in {answer}"))
}

/// A connection that stays open, on a runtime of its own.
struct Line {
    runtime: Runtime,
    sender: SendRequest<Full<Bytes>>,
}

impl Line {
    fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let sender = runtime.block_on(async {
            let stream = tokio::net::TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
            tokio::spawn(connection);
            anyhow::Ok(sender)
        })?;
        Ok(Self { runtime, sender })
    }

    fn post(&mut self, path: &str, token: &str, body: &str) -> anyhow::Result<Value> {
        let answer = self.ask(request("POST", path, token, body)?)?;
        serde_json::from_slice(&answer).context("an answer that is no JSON")
    }

    fn ask(&mut self, request: Request<Full<Bytes>>) -> anyhow::Result<Bytes> {
        let (runtime, sender) = (&self.runtime, &mut self.sender);
        runtime.block_on(async {
            let answer = sender.send_request(request).await?;
            let good = answer.status().is_success();
            let body = answer.into_body().collect().await?.to_bytes();
            anyhow::ensure!(good, "refused: {}", String::from_utf8_lossy(&body));
            Ok(body)
        })
    }
}

fn request(
    method: &str,
    path: &str,
    token: &str,
    body: &str,
) -> anyhow::Result<Request<Full<Bytes>>> {
    let mut new = Request::builder().method(method).uri(path);
    new = new
        .header("host", "bench")
        .header("content-type", "application/json");
    if !token.is_empty() {
        new = new
            .header("authorization", format!("Bearer {token}"))
            .header("idempotency-key", Clock::real().new_uuid().to_string());
    }
    Ok(new.body(Full::new(Bytes::copy_from_slice(body.as_bytes())))?)
}
