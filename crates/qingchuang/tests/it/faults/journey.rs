//! Whole cases through the interface, from the application to the rating, by several clients,
//! while the program is killed again and again: every acknowledged answer is given once more
//! under its key, every record has the lines of a case that nobody disturbed, and no more.
//!
//! In CI a few kills with a fixed seed on each store; `cargo xtask faults SEED [--kills N]` asks
//! for others.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};

use evaluation::Subject;
use kernel::{Actor, Channel, Clock, OrganId, TypedId};
use qingchuang::config::Config;
use qingchuang::house::{House, Mode};
use qingchuang::jobs;
use qingchuang::seed::scene::{self, Scene};
use serde_json::{Value, json};
use web::Role;
use web::session::{self, Subject as Who};

use super::program::{Answer, Program, post_as, verify};
use super::{CLIENTS, take_within};

/// How often the program is killed on each store, when nobody asks for more.
const KILLS: u64 = 3;

/// A hall on disk, and the log-ins of everybody.
struct Town {
    folder: tempfile::TempDir,
    database: Option<String>,
    application: String,
    clerk: String,
    exit: String,
    staff: BTreeMap<(OrganId, Role), String>,
    citizens: Vec<String>,
}

/// A request, so that it can be sent again exactly.
#[derive(Clone)]
struct Ask {
    path: String,
    token: String,
    key: String,
    body: String,
}

/// What comes next for a matter.
enum Next {
    Submit,
    Accept(String),
    Work(case::CaseId, Value),
    Rate(case::CaseId),
    Over(case::CaseId),
}

/// One matter on its way, and every answer that it was given.
struct Journey {
    name: String,
    citizen: String,
    application: String,
    next: Next,
    pending: Option<Ask>,
    answered: Vec<(Ask, Answer)>,
}

impl Town {
    fn new(database: Option<String>) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let mut town = Self {
            folder,
            database,
            application: String::new(),
            clerk: String::new(),
            exit: String::new(),
            staff: BTreeMap::new(),
            citizens: Vec::new(),
        };
        let house = town.open(Mode::Write);
        let scene: Scene = scene::furnish(&house.db).expect("a hall is furnished");
        let pass = |who: Who| {
            let policy = web::config::SessionPolicy::default();
            let begin = move |tx: &mut db::Tx<'_>| session::begin(tx, who, Channel::Api, &policy);
            let token = house.db.write(house.db.cause(Actor::system()), begin);
            token.expect("a log-in").text().to_owned()
        };
        town.application = scene.application.to_string();
        town.clerk = pass(Who::Officer(scene.clerk));
        town.exit = pass(Who::Officer(scene.exit));
        let staff = scene.staff.iter();
        town.staff = staff
            .map(|(at, id)| (*at, pass(Who::Officer(*id))))
            .collect();
        for _ in 0..CLIENTS {
            let person = scene::applicant(&house.db).expect("somebody applies");
            town.citizens.push(pass(Who::Citizen(person)));
        }
        jobs::seal_all(&house.db, 0).expect("lines are sealed");
        drop(house);
        town
    }

    fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    fn open(&self, mode: Mode) -> House {
        let config = Config {
            data: self.data(),
            database: self.database.clone(),
            ..Config::default()
        };
        House::open(&config, Clock::real(), mode).expect("the hall opens")
    }

    fn serve(&self) -> Program {
        Program::serve(&self.data(), self.database.as_deref(), None)
    }

    fn journey(&self, client: usize, number: usize) -> Journey {
        Journey {
            name: format!("{client}-{number}"),
            citizen: self.citizens[client].clone(),
            application: String::new(),
            next: Next::Submit,
            pending: None,
            answered: Vec::new(),
        }
    }

    /// The request that a matter needs next; none when it is over.
    fn plan(&self, journey: &Journey, reader: &House) -> Option<Ask> {
        let (path, token, body) = match &journey.next {
            Next::Submit => (
                "/api/v1/applications".to_owned(),
                journey.citizen.clone(),
                self.application.clone(),
            ),
            Next::Accept(id) => (
                format!("/api/v1/applications/{id}/accept"),
                self.clerk.clone(),
                "{}".to_owned(),
            ),
            Next::Work(id, tasks) => self.work(*id, &tasks[0]),
            Next::Rate(id) => {
                let subject = Subject::Case(id.uuid());
                let link = reader.db.read(|tx| evaluation::link_of(tx, subject));
                let (_, token) = link.expect("it is read").expect("somebody was asked");
                (
                    format!("/api/v1/ratings/{}", token.text()),
                    journey.citizen.clone(),
                    r#"{"grade":"satisfied","text":"办得很快"}"#.to_owned(),
                )
            }
            Next::Over(_) => return None,
        };
        let key = format!("journey-{}-{}", journey.name, journey.answered.len());
        Some(Ask {
            path,
            token,
            key,
            body,
        })
    }

    /// The request that does a task.
    fn work(&self, id: case::CaseId, task: &Value) -> (String, String, String) {
        let path = format!("/api/v1/cases/{id}");
        if task["duty"] == "deliver" {
            let body = json!({ "method": "counter", "identity_checked": true, "proof": "签收" });
            return (
                format!("{path}/deliver"),
                self.exit.clone(),
                body.to_string(),
            );
        }
        let place: (OrganId, Role) = (
            serde_json::from_value(task["organ"].clone()).expect("an organ"),
            serde_json::from_value(task["role"].clone()).expect("a role"),
        );
        let outcome = match task["duty"].as_str() {
            Some("decide") => "granted",
            _ => "agree",
        };
        let body = json!({ "outcome": outcome, "opinion": "符合要求" });
        let path = format!("{path}/tasks/{}/complete", task["task"]);
        (path, self.staff[&place].clone(), body.to_string())
    }

    /// Takes a matter one step on. An error when the program is gone: the request stays pending,
    /// for nobody knows what became of it.
    fn step(&self, to: SocketAddr, journey: &mut Journey, reader: &House) -> std::io::Result<bool> {
        if journey.pending.is_none() {
            journey.pending = self.plan(journey, reader);
        }
        let Some(ask) = journey.pending.clone() else {
            return Ok(false);
        };
        let answer = send(to, &ask)?;
        assert!(
            matches!(answer.status, 200 | 201),
            "{}: {}",
            ask.path,
            answer.body
        );
        journey.learn(&answer, reader);
        journey.pending = None;
        journey.answered.push((ask, answer));
        Ok(true)
    }

    /// One client: matter after matter until told to stop or until the program is gone.
    fn live(
        &self,
        to: SocketAddr,
        client: usize,
        journeys: &mut Vec<Journey>,
        stop: &AtomicBool,
        tell: &Sender<()>,
    ) {
        let reader = self.open(Mode::Read);
        while !stop.load(Ordering::Relaxed) {
            let number = journeys.len();
            let is_over = journeys
                .last()
                .is_none_or(|last| matches!(last.next, Next::Over(_)));
            if is_over {
                journeys.push(self.journey(client, number));
            }
            let Some(last) = journeys.last_mut() else {
                return;
            };
            match self.step(to, last, &reader) {
                Ok(_) => drop(tell.send(())),
                Err(_) => return,
            }
        }
    }

    /// Runs the program under load and kills it after so many answers.
    fn live_and_die(&self, clients: &mut [Vec<Journey>], answers: u64) {
        let program = self.serve();
        let (to, stop) = (program.address, AtomicBool::new(false));
        let (tell, told) = channel();
        std::thread::scope(|threads| {
            for (client, journeys) in clients.iter_mut().enumerate() {
                let (stop, tell) = (&stop, tell.clone());
                threads.spawn(move || self.live(to, client, journeys, stop, &tell));
            }
            drop(tell);
            for _ in 0..answers {
                take_within(&told);
            }
            program.kill();
            stop.store(true, Ordering::Relaxed);
        });
    }
}

fn send(to: SocketAddr, ask: &Ask) -> std::io::Result<Answer> {
    post_as(to, &ask.token, &ask.path, &ask.key, &ask.body)
}

impl Journey {
    /// What an answer says of the way on.
    fn learn(&mut self, answer: &Answer, reader: &House) {
        let said: Value = serde_json::from_str(&answer.body).expect("an answer in JSON");
        self.next = match &self.next {
            Next::Submit => {
                self.application = said["id"].as_str().expect("an id").to_owned();
                Next::Accept(self.application.clone())
            }
            Next::Accept(_) => {
                let id = said["case"]["id"].as_str().expect("a case");
                let id: case::CaseId = id.parse().expect("an id");
                let case = reader
                    .db
                    .read(|tx| case::case(tx, id))
                    .expect("it is there");
                let open = case.tasks.iter().map(|task| {
                    json!({
                        "task": task.number, "duty": task.duty, "role": task.role,
                        "organ": task.organ,
                    })
                });
                Next::Work(id, open.collect())
            }
            Next::Work(id, _) if said["tasks"] == json!([]) => Next::Rate(*id),
            Next::Work(id, _) => Next::Work(*id, said["tasks"].clone()),
            Next::Rate(id) | Next::Over(id) => Next::Over(*id),
        };
    }

    /// What happened to its application, its case and its rating, as the ledger tells it.
    fn lines(&self, reader: &House) -> [Vec<String>; 3] {
        let application: intake::ApplicationId = self.application.parse().expect("an id");
        let Next::Over(case) = self.next else {
            panic!("{} did not come to its end", self.name);
        };
        let read = reader.db.read(move |tx| {
            let subject = Subject::Case(case.uuid());
            let rating = evaluation::of_subject(tx, subject)?.expect("it was rated");
            let kinds = |lines: Vec<ledger::Line>| {
                lines.into_iter().map(|line| line.kind).collect::<Vec<_>>()
            };
            Ok([
                kinds(ledger::lines_of(tx, application)?),
                kinds(ledger::lines_of(tx, case)?),
                kinds(ledger::lines_of(tx, rating.id)?),
            ])
        });
        read.expect("the ledger can be read")
    }
}

/// Kills a hall again and again; the n-th time after a number of answers that the seed says.
fn lived_under_kills(database: Option<String>, seed: u64, kills: u64) {
    let town = Town::new(database);
    let mut clients: Vec<Vec<Journey>> = (0..CLIENTS).map(|_| Vec::new()).collect();
    let mut mixed = seed;
    for _ in 0..kills {
        // A linear congruential step (Knuth): the same moments for the same seed.
        mixed = mixed.wrapping_mul(6_364_136_223_846_793_005);
        mixed = mixed.wrapping_add(1_442_695_040_888_963_407);
        town.live_and_die(&mut clients, 10 + (mixed >> 33) % 50);
    }
    let program = town.serve();
    let to = program.address;
    let reader = town.open(Mode::Read);
    let mut undisturbed = town.journey(0, clients[0].len());
    while town
        .step(to, &mut undisturbed, &reader)
        .expect("it answers")
    {}
    let mut unanswered = 0;
    for journey in clients.iter_mut().flatten() {
        unanswered += usize::from(journey.pending.is_some());
        while town.step(to, journey, &reader).expect("it answers") {}
        for (ask, first) in &journey.answered {
            let again = send(to, ask).expect("it answers");
            assert_eq!(&again, first, "{} was answered in another way", ask.path);
        }
    }
    drop(reader);
    program.kill();
    verify(&town.data(), town.database.as_deref());
    let reader = town.open(Mode::Read);
    let expected = undisturbed.lines(&reader);
    let all: Vec<&Journey> = clients.iter().flatten().collect();
    for journey in &all {
        assert_eq!(journey.lines(&reader), expected, "of {}", journey.name);
    }
    let sql = "SELECT COUNT(*) FROM application";
    let count = reader
        .db
        .read(|tx| tx.query_one(sql, &[], |row| row.get::<i64>(0)));
    let count = count.expect("it is counted").unwrap_or(0);
    assert_eq!(count, i64::try_from(all.len() + 1).unwrap_or(0), "matters");
    let answers: usize = all.iter().map(|journey| journey.answered.len()).sum();
    eprintln!(
        "seed {seed}, killed {kills} times: {} matters, {answers} answers, {unanswered} pending",
        all.len()
    );
}

#[test]
fn killed_at_any_step_of_a_case_the_embedded_store_goes_on_where_it_stood() {
    lived_under_kills(None, 20_261_123, KILLS);
}

#[test]
fn killed_at_any_step_of_a_case_postgresql_goes_on_where_it_stood() {
    if let Ok(url) = std::env::var("QINGCHUANG_TEST_POSTGRES") {
        let url = db::testing::schema(&url, "faults_journey");
        lived_under_kills(Some(url), 20_261_124, KILLS);
    }
}

/// `cargo xtask faults SEED` names the seed; without one there is nothing more to try.
#[test]
fn the_kills_asked_for_lose_and_double_nothing() {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let Some(seed) = number("QINGCHUANG_FAULTS_SEED") else {
        return;
    };
    let kills = number("QINGCHUANG_FAULTS_KILLS").unwrap_or(20);
    lived_under_kills(None, seed, kills);
    if let Ok(url) = std::env::var("QINGCHUANG_TEST_POSTGRES") {
        let url = db::testing::schema(&url, "faults_asked");
        lived_under_kills(Some(url), seed, kills);
    }
}
