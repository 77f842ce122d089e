//! Faults from outside, through the whole program: it is killed, its disk fills up, its database
//! drops every connection, its clock goes back. What was acknowledged is there exactly once, the
//! ledger verifies, and a repeated request gets the same answer. `docs/reliability.md` counts.
//!
//! The load is ratings by link: public, under an `Idempotency-Key`, one event each. A rating that
//! was lost is still open, one that was doubled has a line too many.

mod disk;
mod journey;
mod program;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use evaluation::{Invitation, RatingId, Subject};
use jiff::SignedDuration;
use kernel::{Actor, Clock, TypedId};
use program::{Answer, Program, place, post, run, verify};
use qingchuang::config::Config;
use qingchuang::house::{House, Mode, tables};
use qingchuang::{jobs, seed};

use crate::hall::halls;

/// How many clients ask at once.
const CLIENTS: usize = 6;
/// How often the program is killed on each store.
const KILLS: usize = 5;
/// How often the database drops every connection.
const CUTS: usize = 8;
/// What is awaited comes within this time, or the test fails.
const PATIENCE: Duration = Duration::from_secs(120);

/// A hall on disk with services to be rated, closed.
struct Prepared {
    folder: tempfile::TempDir,
    database: Option<String>,
    /// Each service: the rating and the link to it.
    services: Vec<(RatingId, String)>,
}

/// What became of one request: the service and the answer, or none when the program was gone.
type Became = (usize, std::io::Result<Answer>);

impl Prepared {
    fn new(count: usize, database: Option<String>) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let prepared = Self {
            folder,
            database,
            services: Vec::new(),
        };
        let house = prepared.open(Mode::Write, Clock::real());
        seed::furnish_bare(&house.db).expect("a hall is furnished");
        let services = house.db.write(house.db.cause(Actor::system()), move |tx| {
            let hall = identity::hall(tx)?.id;
            let mut all = Vec::new();
            for _ in 0..count {
                let invitation = Invitation {
                    subject: Subject::CounterService(tx.clock().new_uuid()),
                    item: kernel::uuid::Uuid::from_u128(1),
                    version: 1,
                    organ: hall,
                    officer: None,
                    person: None,
                };
                let invited = evaluation::invite(tx, &invitation)?;
                all.push((invited.rating, invited.token.text()));
            }
            Ok(all)
        });
        let services = services.expect("people are invited");
        jobs::seal_all(&house.db, 0).expect("lines are sealed");
        Self {
            services,
            ..prepared
        }
    }

    fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    fn open(&self, mode: Mode, clock: Clock) -> House {
        let config = Config {
            data: self.data(),
            database: self.database.clone(),
            ..Config::default()
        };
        House::open(&config, clock, mode).expect("the hall opens")
    }

    fn serve(&self, limit: Option<u64>) -> Program {
        Program::serve(&self.data(), self.database.as_deref(), limit)
    }

    /// Rates one service, always with the same words under the same key.
    fn rate(&self, to: SocketAddr, service: usize) -> std::io::Result<Answer> {
        let path = format!("/api/v1/ratings/{}", self.services[service].1);
        let body = r#"{"grade":"satisfied","text":"办得很快"}"#;
        post(to, &path, &format!("service-{service}"), body)
    }

    /// Clients rate one service after another until told to stop or until the program is gone.
    fn load(&self, to: SocketAddr, next: &AtomicUsize, stop: &AtomicBool, tell: &Sender<Became>) {
        while !stop.load(Ordering::Relaxed) {
            let service = next.fetch_add(1, Ordering::Relaxed);
            if self.services.len() <= service {
                return;
            }
            let answer = self.rate(to, service);
            let is_gone = answer.is_err();
            let _nobody_counts_any_more = tell.send((service, answer));
            if is_gone {
                return;
            }
        }
    }

    /// Every service that somebody tried to rate is rated once, the others not at all.
    fn rated_once(&self, tried: usize) {
        verify(&self.data(), self.database.as_deref());
        let house = self.open(Mode::Read, Clock::real());
        let services = self.services.clone();
        let lines = house.db.read(move |tx| {
            let lines = services
                .iter()
                .map(|(id, _)| ledger::lines_of(tx, *id).map(|lines| lines.len()));
            lines.collect::<Result<Vec<usize>, _>>()
        });
        let lines = lines.expect("the ledger can be read");
        let doubled = lines.iter().filter(|count| 2 < **count).count();
        let lost = lines[..tried].iter().filter(|count| **count < 2).count();
        assert_eq!((lost, doubled), (0, 0), "lost and doubled of {tried}");
        assert!(lines[tried..].iter().all(|count| *count == 1));
    }
}

/// A number that is not the same at every kill, and the same in every run.
fn spread(round: usize) -> usize {
    5 + (round * 37 + 11) % 60
}

fn take(answers: &Receiver<Became>) -> Became {
    take_within(answers)
}

/// What comes next, within patience.
fn take_within<T>(answers: &Receiver<T>) -> T {
    answers.recv_timeout(PATIENCE).expect("clients get answers")
}

fn killed_under_load(database: Option<String>) {
    let hall = Prepared::new(1500, database);
    let next = AtomicUsize::new(0);
    let mut acknowledged: BTreeMap<usize, Answer> = BTreeMap::new();
    let mut unanswered = 0;
    for round in 0..KILLS {
        let program = hall.serve(None);
        let (to, stop) = (program.address, AtomicBool::new(false));
        let (tell, answers) = channel();
        std::thread::scope(|clients| {
            for _ in 0..CLIENTS {
                let (hall, next, stop, tell) = (&hall, &next, &stop, tell.clone());
                clients.spawn(move || hall.load(to, next, stop, &tell));
            }
            drop(tell);
            let mut good = 0;
            while good < spread(round) {
                let (service, answer) = take(&answers);
                let answer = answer.expect("the program runs");
                assert_eq!(answer.status, 200, "{}", answer.body);
                acknowledged.insert(service, answer);
                good += 1;
            }
            program.kill();
            for (service, answer) in answers {
                match answer {
                    Ok(answer) => {
                        assert_eq!(answer.status, 200, "{}", answer.body);
                        acknowledged.insert(service, answer);
                    }
                    Err(_) => unanswered += 1,
                }
            }
        });
    }
    let tried = next.load(Ordering::Relaxed).min(hall.services.len());
    let program = hall.serve(None);
    for service in 0..tried {
        let again = hall.rate(program.address, service).expect("it answers");
        assert_eq!(again.status, 200, "{}", again.body);
        if let Some(first) = acknowledged.get(&service) {
            assert_eq!(&again, first, "a repeated request got another answer");
        }
    }
    program.kill();
    hall.rated_once(tried);
    let count = acknowledged.len();
    eprintln!("killed {KILLS} times: {count} acknowledged, {unanswered} without an answer, 0 lost");
}

#[test]
fn killed_at_any_moment_the_embedded_store_keeps_what_was_acknowledged_once() {
    killed_under_load(None);
}

#[test]
fn killed_at_any_moment_postgresql_keeps_what_was_acknowledged_once() {
    if let Ok(url) = std::env::var("QINGCHUANG_TEST_POSTGRES") {
        killed_under_load(Some(db::testing::schema(&url, "faults_killed")));
    }
}

#[test]
fn a_lost_database_connection_loses_and_doubles_nothing() {
    let Ok(url) = std::env::var("QINGCHUANG_TEST_POSTGRES") else {
        return;
    };
    let url = db::testing::database(&url, "faults_cut");
    let hall = Prepared::new(900, Some(url.clone()));
    let program = hall.serve(None);
    let (to, next, stop) = (program.address, AtomicUsize::new(0), AtomicBool::new(false));
    let (tell, answers) = channel();
    let (mut again, mut ended) = (Vec::new(), 0);
    std::thread::scope(|clients| {
        for _ in 0..CLIENTS {
            let (hall, next, stop, tell) = (&hall, &next, &stop, tell.clone());
            clients.spawn(move || hall.load(to, next, stop, &tell));
        }
        drop(tell);
        let mut look = |(service, answer): Became| {
            let answer = answer.expect("the program runs on");
            if answer.status != 200 {
                assert_eq!(answer.status, 503, "{}", answer.body);
                assert!(answer.body.contains("\"code\""), "{}", answer.body);
                again.push(service);
            }
        };
        for round in 0..CUTS {
            for _ in 0..spread(round) {
                look(take(&answers));
            }
            ended += db::testing::end_connections(&url);
        }
        stop.store(true, Ordering::Relaxed);
        answers.into_iter().for_each(look);
    });
    let turned_away = again.len();
    for service in again {
        let answer = hall.rate(to, service).expect("the program runs on");
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    program.kill();
    let tried = next.load(Ordering::Relaxed).min(hall.services.len());
    hall.rated_once(tried);
    assert!(0 < ended, "no connection was cut");
    eprintln!("{ended} connections cut in {CUTS} goes: {tried} asked, {turned_away} told 503");
}

#[test]
fn a_second_program_on_one_folder_is_refused_with_the_reason() {
    let hall = Prepared::new(1, None);
    let program = hall.serve(None);
    let second = run(
        &["serve", "--listen", "127.0.0.1:0"],
        &place(&hall.data(), None),
    );
    assert_eq!(second.status.code(), Some(1));
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(said.contains("in use by another process"), "{said}");
    assert_eq!(
        hall.rate(program.address, 0).expect("it answers").status,
        200
    );
    program.kill();
    hall.rated_once(1);
}

/// The clock is put right by an hour and more between two steps of one rating, before the first
/// was sealed: the tree must not hold the second step before the first.
#[test]
fn a_clock_set_back_never_puts_a_later_step_before_an_earlier_one() {
    let start = kernel::clock::hall_instant(jiff::civil::date(2026, 9, 21).at(10, 30, 0, 0));
    for hall in halls("clock_back", move || Clock::virtual_at(start, 3)) {
        let db = &hall.house.db;
        seed::furnish_bare(db).expect("a hall is furnished");
        jobs::seal_all(db, 0).expect("lines are sealed");
        let before = db
            .read(ledger::sealer::newest_checkpoint)
            .expect("it is read");
        let mut ids = Vec::new();
        for round in 0..30_i64 {
            let invited = db.write(db.cause(Actor::system()), |tx| {
                let invitation = Invitation {
                    subject: Subject::CounterService(tx.clock().new_uuid()),
                    item: kernel::uuid::Uuid::from_u128(1),
                    version: 1,
                    organ: identity::hall(tx)?.id,
                    officer: None,
                    person: None,
                };
                evaluation::invite(tx, &invitation)
            });
            let invited = invited.expect("somebody is invited");
            db.clock().advance(SignedDuration::from_secs(-300 * round));
            let said = evaluation::Said {
                grade: evaluation::Grade::Satisfied,
                tags: Vec::new(),
                text: String::new(),
                channel: evaluation::RatingChannel::Qr,
                real_name: false,
            };
            let token = invited.token.clone();
            let actor = Actor::public(kernel::Channel::Mobile);
            let rated = db.write(db.cause(actor), move |tx| {
                evaluation::rate(tx, &token, &said).map(|_| ())
            });
            rated.expect("the rating is taken");
            db.clock().advance(SignedDuration::from_secs(100));
            ids.push(invited.rating);
        }
        jobs::fire_due(db).expect("timers fire");
        jobs::seal_all(db, 0).expect("lines are sealed");
        let report = db.read(|tx| ledger::verify::verify_deep(tx, &tables()));
        assert_eq!(report.expect("it can be read").findings, vec![]);
        for id in ids {
            let lines = db
                .read(move |tx| ledger::lines_of(tx, id))
                .expect("they are read");
            let places: Vec<_> = lines.iter().map(|line| line.position).collect();
            assert!(places.is_sorted(), "{} lies at {places:?}", id.uuid());
        }
        let after = db
            .read(ledger::sealer::newest_checkpoint)
            .expect("it is read");
        let time = |note: Option<String>| {
            let note = note.expect("something was sealed");
            let signed = seal::SignedCheckpoint::parse(&note).expect("a checkpoint");
            signed.checkpoint().time
        };
        assert!(
            time(before) <= time(after),
            "the tree grew backwards in time"
        );
    }
}

/// A program that starts again with a clock that is behind the ledger.
#[test]
fn a_hall_that_starts_with_an_earlier_clock_goes_on_and_verifies() {
    let hall = Prepared::new(40, None);
    let now = Clock::real().now();
    let late = Clock::virtual_at(now - SignedDuration::from_hours(30), 5);
    let house = hall.open(Mode::Write, late);
    jobs::fire_due(&house.db).expect("timers fire");
    let cause = house.db.cause(Actor::system());
    let hall_organ = house.db.read(identity::hall).expect("there is a hall").id;
    let invited = house.db.write(cause, move |tx| {
        let invitation = Invitation {
            subject: Subject::CounterService(tx.clock().new_uuid()),
            item: kernel::uuid::Uuid::from_u128(1),
            version: 1,
            organ: hall_organ,
            officer: None,
            person: None,
        };
        evaluation::invite(tx, &invitation).map(|_| ())
    });
    invited.expect("the hall works");
    jobs::seal_all(&house.db, 0).expect("lines are sealed");
    drop(house);
    let program = hall.serve(None);
    assert_eq!(
        hall.rate(program.address, 0).expect("it answers").status,
        200
    );
    program.kill();
    hall.rated_once(1);
}
