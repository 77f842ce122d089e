//! The promises of the door, kept by both stores.

use std::sync::atomic::{AtomicU32, Ordering};

use jiff::{SignedDuration, Timestamp};
use kernel::{Actor, Clock, Fault};
use uuid::Uuid;

use crate::once::{OnceKey, once};
use crate::{Db, Migration, Options, Value, migrate, outbox, timer};

const STEPS: &[Migration] = &[Migration {
    room: "test",
    number: 1,
    sql: "CREATE TABLE thing (id {{auto_id}}, a BIGINT, b TEXT, c BOOLEAN, d BYTEA UNIQUE);",
}];

/// A store of each kind, empty, with a virtual clock. PostgreSQL gets a schema of its own.
fn stores(name: &str) -> Vec<(Db, Option<tempfile::TempDir>)> {
    let clock = || Clock::virtual_at(Timestamp::UNIX_EPOCH, 7);
    let folder = tempfile::tempdir().unwrap();
    let sqlite = Db::sqlite(folder.path(), Options::new(clock(), [7; 32])).unwrap();
    let mut all = vec![(sqlite, Some(folder))];
    if let Ok(url) = std::env::var("QINGCHUANG_TEST_POSTGRES") {
        let schema = format!("db_{name}_{}", std::process::id());
        let mut client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
        client
            .batch_execute(&format!("CREATE SCHEMA {schema}"))
            .unwrap();
        let joint = if url.contains('?') { '&' } else { '?' };
        let url = format!("{url}{joint}options=-csearch_path%3D{schema}");
        all.push((
            Db::postgres(&url, Options::new(clock(), [7; 32])).unwrap(),
            None,
        ));
    }
    for (db, _) in &all {
        migrate::run(db, db.cause(Actor::system()), &[STEPS]).unwrap();
    }
    all
}

fn count(db: &Db) -> i64 {
    let sql = "SELECT COUNT(*) FROM thing";
    db.read(|tx| tx.query_one(sql, &[], |row| row.get(0)))
        .unwrap()
        .unwrap()
}

#[test]
fn placeholders_bind_by_number_whatever_their_order() {
    for (db, _folder) in stores("bind") {
        db.write(db.cause(Actor::system()), |tx| {
            let sql = "INSERT INTO thing (b, a, c, d) VALUES ($2, $1, $4, $3)";
            tx.execute(sql, params![5i64, "文字 $9", vec![1u8, 2], true])?;
            Ok(())
        })
        .unwrap();
        let found = db
            .read(|tx| {
                let sql = "SELECT a, b, c, d FROM thing WHERE b = '文字 $9' AND a = $1";
                tx.query_one(sql, params![5i64], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                })
            })
            .unwrap();
        let expected: (i64, String, bool, Vec<u8>) = (5, "文字 $9".into(), true, vec![1, 2]);
        assert_eq!(found, Some(expected));
    }
}

#[test]
fn a_refused_write_leaves_no_trace_and_does_not_disturb_its_neighbours() {
    for (db, _folder) in stores("refused") {
        let waiting: Vec<_> = (0..40i64)
            .map(|n| {
                let db = db.clone();
                std::thread::spawn(move || {
                    db.write(db.cause(Actor::system()), move |tx| {
                        tx.execute("INSERT INTO thing (a) VALUES ($1)", params![n])?;
                        if n % 4 == 0 {
                            return Err(Fault::invalid("n", "field.required"));
                        }
                        assert!(n % 4 != 1, "a panic is a failure of one write only");
                        Ok(n)
                    })
                })
            })
            .collect();
        let good = waiting
            .into_iter()
            .filter_map(|w| w.join().unwrap().ok())
            .count();
        assert_eq!(good, 20);
        assert_eq!(count(&db), 20);
    }
}

#[test]
fn a_broken_unique_rule_is_a_conflict() {
    for (db, _folder) in stores("unique") {
        let insert = |db: &Db| {
            db.write(db.cause(Actor::system()), |tx| {
                tx.execute("INSERT INTO thing (d) VALUES ($1)", params![vec![9u8]])
            })
        };
        assert_eq!(insert(&db), Ok(1));
        assert!(matches!(insert(&db), Err(Fault::Conflict { .. })));
    }
}

#[test]
fn a_repeated_request_is_answered_from_memory() {
    static EFFECTS: AtomicU32 = AtomicU32::new(0);
    for (db, _folder) in stores("once") {
        EFFECTS.store(0, Ordering::SeqCst);
        let ask = |db: &Db, body: &'static [u8]| {
            db.write(db.cause(Actor::system()), move |tx| {
                once(tx, &OnceKey::new(b"someone", "key-1", body), |tx| {
                    tx.execute("INSERT INTO thing (a) VALUES (1)", &[])?;
                    Ok("done".to_owned())
                })
            })
        };
        assert_eq!(ask(&db, b"x"), Ok(("done".to_owned(), false)));
        assert_eq!(ask(&db, b"x"), Ok(("done".to_owned(), true)));
        let mixed_up = ask(&db, b"y").unwrap_err();
        assert_eq!(mixed_up.refusal(), Some("once.reused"));
        assert_eq!(count(&db), 1);
    }
}

#[test]
fn a_timer_fires_once_and_not_at_a_time_it_no_longer_has() {
    for (db, _folder) in stores("timer") {
        let record = Uuid::from_u128(5);
        let due = |db: &Db| db.read(|tx| timer::due(tx, 10)).unwrap();
        let at = |seconds| Timestamp::from_second(seconds).unwrap();
        let set = move |db: &Db, seconds| {
            db.write(db.cause(Actor::system()), move |tx| {
                timer::set(tx, "test", record, at(seconds))
            })
            .unwrap();
        };
        let take = |db: &Db, timer: timer::Timer| {
            db.write(db.cause(Actor::system()), move |tx| timer::take(tx, &timer))
                .unwrap()
        };
        set(&db, 100);
        assert_eq!(due(&db), vec![]);
        db.clock().advance(SignedDuration::from_secs(100));
        let old = due(&db).remove(0);
        set(&db, 90);
        assert!(!take(&db, old), "set to another time since");
        let new = due(&db).remove(0);
        assert!(take(&db, new.clone()));
        assert!(!take(&db, new));
    }
}

#[test]
fn an_unsent_message_comes_back_later_each_time() {
    for (db, _folder) in stores("outbox") {
        let cause = || db.cause(Actor::system());
        db.write(cause(), |tx| outbox::queue(tx, "sms", "{}"))
            .unwrap();
        for _ in 0..3 {
            let message = db.read(|tx| outbox::due(tx, 9)).unwrap().remove(0);
            db.write(cause(), move |tx| outbox::failed(tx, &message))
                .unwrap();
            assert_eq!(db.read(|tx| outbox::due(tx, 9)).unwrap(), vec![]);
            db.clock().advance(SignedDuration::from_hours(1));
        }
        let message = db.read(|tx| outbox::due(tx, 9)).unwrap().remove(0);
        assert_eq!(message.attempts, 3);
        db.write(cause(), move |tx| outbox::sent(tx, &message))
            .unwrap();
        assert_eq!(db.read(|tx| outbox::due(tx, 9)).unwrap(), vec![]);
    }
}

#[test]
fn one_byte_changed_in_a_sealed_row_is_found_and_named() {
    for (db, _folder) in stores("seal") {
        let cause = || db.cause(Actor::system());
        db.write(cause(), |tx| {
            timer::set(tx, "test", Uuid::from_u128(1), tx.now())?;
            timer::set(tx, "test", Uuid::from_u128(2), tx.now())
        })
        .unwrap();
        let check = || db.read(|tx| timer::TIMERS.check(tx)).unwrap();
        assert_eq!(check(), vec![]);
        db.write(cause(), |tx| {
            let record = *Uuid::from_u128(2).as_bytes();
            let sql = "UPDATE timer SET due_at = due_at + 1 WHERE record = $1";
            tx.execute(sql, params![record])
        })
        .unwrap();
        let broken = check();
        assert_eq!(broken.len(), 1);
        assert!(broken[0].key.ends_with("02"), "{}", broken[0].key);
        let get = |number: u128| {
            let record = *Uuid::from_u128(number).as_bytes();
            let keys = [
                Value::Text("test".into()),
                Value::Bytes(record.as_slice().into()),
            ];
            db.read(|tx| timer::TIMERS.get(tx, &keys, |row| row.get::<String>(0)))
        };
        assert_eq!(get(1), Ok(Some("test".to_owned())));
        assert!(matches!(get(2), Err(Fault::Broken { .. })));
        assert_eq!(get(3), Ok(None));
    }
}

#[test]
fn a_migration_runs_once_and_may_not_be_edited() {
    for (db, _folder) in stores("migrate") {
        migrate::run(&db, db.cause(Actor::system()), &[STEPS]).unwrap();
        let edited = Migration {
            sql: "SELECT 1",
            ..STEPS[0]
        };
        let edited: &'static [Migration] = Box::leak(Box::new([edited]));
        let answer = migrate::run(&db, db.cause(Actor::system()), &[edited]);
        assert!(matches!(answer, Err(Fault::Broken { .. })));
        let older_program = migrate::run(&db, db.cause(Actor::system()), &[]);
        assert!(matches!(older_program, Err(Fault::Broken { .. })));
    }
}

#[test]
fn a_second_process_on_the_same_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let options = || Options::new(Clock::real(), [0; 32]);
    let first = Db::sqlite(folder.path(), options()).unwrap();
    assert!(matches!(
        Db::sqlite(folder.path(), options()),
        Err(Fault::Unavailable { .. })
    ));
    assert!(Db::sqlite_read_only(folder.path(), options()).is_ok());
    drop(first);
    assert!(Db::sqlite(folder.path(), options()).is_ok());
}

#[test]
fn a_transaction_forgets_what_it_has_read_of_a_table_that_it_writes() {
    for (db, _folder) in stores("memory") {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        db.write(db.cause(Actor::system()), move |tx| {
            tx.remember("timer", one, 7_i64);
            tx.remember("timer", one, 8_i64);
            tx.remember("thing", two, 9_i64);
            assert_eq!(tx.remembered("timer", one), Some(8_i64));
            assert_eq!(tx.remembered::<i64>("timer", two), None);
            timer::set(tx, "test", two, tx.now())?;
            assert_eq!(tx.remembered::<i64>("timer", one), None);
            assert_eq!(tx.remembered("thing", two), Some(9_i64));
            for row in 0..1_000 {
                tx.remember("thing", Uuid::from_u128(row), 0_i64);
            }
            assert!(tx.memory.len() < 100);
            Ok(())
        })
        .unwrap();
        let later = db.read(move |tx| Ok(tx.remembered::<i64>("thing", two)));
        assert_eq!(later, Ok(None));
    }
}

#[test]
fn what_is_kept_lasts_until_somebody_writes_to_its_table() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = Options::new(Clock::virtual_at(Timestamp::UNIX_EPOCH, 7), [7; 32]);
    options.kept = &["thing", "other"];
    let db = Db::sqlite(folder.path(), options).unwrap();
    migrate::run(&db, db.cause(Actor::system()), &[STEPS]).unwrap();
    let asked = std::sync::Arc::new(AtomicU32::new(0));
    let count_by = |tables: &'static [&'static str]| {
        let asked = std::sync::Arc::clone(&asked);
        move |tx: &mut crate::Tx<'_>| {
            let kept = tx.kept("test.count", tables, b"all", |tx| {
                asked.fetch_add(1, Ordering::SeqCst);
                let sql = "SELECT COUNT(*) FROM thing";
                Ok(tx
                    .query_one(sql, &[], |row| row.get::<i64>(0))?
                    .unwrap_or(-1))
            })?;
            Ok(*kept)
        }
    };
    let put = |b: &'static str| {
        db.write(db.cause(Actor::system()), move |tx| {
            tx.execute("INSERT INTO thing (a, b) VALUES (1, $1)", params![b])?;
            Ok(())
        })
    };
    let times = || asked.load(Ordering::SeqCst);
    for _ in 0..3 {
        assert_eq!(db.read(count_by(&["thing"])).unwrap(), 0);
    }
    assert_eq!(times(), 1, "asked once, and kept");
    put("one").unwrap();
    assert_eq!(
        db.read(count_by(&["thing"])).unwrap(),
        1,
        "written meanwhile"
    );
    // Within a write its own rows count, and what is undone is not kept.
    let inside = count_by(&["thing"]);
    let undone = db.write(db.cause(Actor::system()), move |tx| {
        tx.execute("INSERT INTO thing (a, b) VALUES (2, 'two')", &[])?;
        let count = inside(tx)?;
        Err::<(), _>(Fault::invalid(count.to_string(), "test.undone"))
    });
    assert!(matches!(&undone, Err(Fault::Invalid(all)) if all[0].field == "2"));
    assert_eq!(
        db.read(count_by(&["thing"])).unwrap(),
        1,
        "the second was undone"
    );
    let before = times();
    db.read(count_by(&["thing", "unnamed"])).unwrap();
    db.read(count_by(&["thing", "unnamed"])).unwrap();
    assert_eq!(
        times(),
        before + 2,
        "what rests on other tables is never kept"
    );
}

#[test]
fn a_repetition_that_is_refused_now_is_still_answered_as_before() {
    for (db, _folder) in stores("again") {
        let key = OnceKey::new(b"somebody", "key", b"the same");
        let put = move |tx: &mut crate::Tx<'_>| {
            once(tx, &key, |tx| {
                let there = "SELECT COUNT(*) FROM thing";
                let there = tx.query_one(there, &[], |row| row.get::<i64>(0))?;
                if there != Some(0) {
                    return Err(Fault::NotFound { what: "room" });
                }
                tx.execute("INSERT INTO thing (a, b) VALUES (1, 'once')", &[])?;
                Ok("done".to_owned())
            })
        };
        let first = db.write(db.cause(Actor::system()), put).unwrap();
        assert_eq!(first, ("done".to_owned(), false));
        let again = db.write(db.cause(Actor::system()), put).unwrap();
        assert_eq!(again, ("done".to_owned(), true));
        assert_eq!(count(&db), 1);
    }
}
