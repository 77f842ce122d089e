//! No room: a full disk under the embedded store, and what a full PostgreSQL server says. It is
//! told, nothing acknowledged is lost, and the same process goes on when there is room again.

use std::net::SocketAddr;

use kernel::{Actor, Clock};
use qingchuang::house::Mode;

use super::Prepared;
use super::program::Answer;

/// Rates one service after another until the hall says that it cannot; answers which.
fn until_full(hall: &Prepared, to: SocketAddr, from: usize) -> usize {
    for service in from..hall.services.len() {
        let answer = hall.rate(to, service).expect("the program runs on");
        if answer.status != 200 {
            is_told(&answer);
            return service;
        }
    }
    panic!("the disk is full some time");
}

/// 503 with a code, and what to do.
fn is_told(answer: &Answer) {
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert!(answer.body.contains("\"code\""), "{}", answer.body);
}

#[test]
fn a_full_disk_is_told_and_nothing_acknowledged_is_lost() {
    let hall = Prepared::new(4000, None);
    let size = |name: &str| std::fs::metadata(hall.data().join(name)).map_or(0, |file| file.len());
    let largest = size("hall.db").max(size("hall.db-wal"));
    // A little more than the store is now: the log of many writes does not fit.
    let mut blocks = largest / 512 + 6_000;
    let program = hall.serve(Some(blocks));
    let (to, mut full, mut writes) = (program.address, 0, Vec::new());
    for round in 0..3 {
        let before = full;
        full = until_full(&hall, to, before);
        writes.push(full - before);
        is_told(&hall.rate(to, full).expect("the program runs on"));
        blocks += 3_000;
        let room = if round == 2 {
            "unlimited".to_owned()
        } else {
            (blocks * 512).to_string()
        };
        let more = std::process::Command::new("prlimit")
            .args(["--pid", &program.id().to_string()])
            .arg(format!("--fsize={room}:"))
            .status();
        assert!(more.expect("prlimit runs").success());
    }
    for service in full..full + 20 {
        let answer = hall.rate(to, service).expect("the program runs on");
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    program.kill();
    hall.rated_once(full + 20);
    eprintln!("full after {writes:?} writes; none lost, and it went on when there was room");
}

/// What a program sees of a server whose disk is full: SQLSTATE 53100 at a statement, or only
/// when it commits. (`docs/reliability.md` tells of a server on a disk that was really full.)
#[test]
fn a_full_disk_of_postgresql_is_told_and_nothing_acknowledged_is_lost() {
    let Ok(url) = std::env::var("QINGCHUANG_TEST_POSTGRES") else {
        return;
    };
    let hall = Prepared::new(30, Some(db::testing::schema(&url, "faults_full")));
    let program = hall.serve(None);
    let to = program.address;
    let beside = hall.open(Mode::Write, Clock::real());
    let change = |sql: &'static str| {
        let cause = beside.db.cause(Actor::system());
        let done = beside
            .db
            .write(cause, move |tx| tx.execute(sql, &[]).map(|_| ()));
        done.expect("the schema is changed");
    };
    change(
        "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION \
         ''could not extend file: No space left on device'' USING ERRCODE = ''53100''; END'",
    );
    let full = [
        "CREATE TRIGGER full_disk BEFORE INSERT ON ledger_line FOR EACH ROW \
         EXECUTE FUNCTION no_room()",
        "CREATE CONSTRAINT TRIGGER full_disk AFTER INSERT ON ledger_line \
         DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION no_room()",
    ];
    let mut service = 0;
    for when in full {
        for _ in 0..5 {
            let answer = hall.rate(to, service).expect("the program runs on");
            assert_eq!(answer.status, 200, "{}", answer.body);
            service += 1;
        }
        change(when);
        for _ in 0..3 {
            is_told(&hall.rate(to, service).expect("the program runs on"));
        }
        change("DROP TRIGGER full_disk ON ledger_line");
        let answer = hall.rate(to, service).expect("the program runs on");
        assert_eq!(answer.status, 200, "{}", answer.body);
        service += 1;
    }
    change("DROP FUNCTION no_room()");
    program.kill();
    drop(beside);
    hall.rated_once(service);
}
