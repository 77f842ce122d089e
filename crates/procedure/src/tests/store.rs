//! Drawing, checking, publishing and withdrawing on both stores.

use std::sync::Arc;

use db::{Db, Options, Tx};
use jiff::{SignedDuration, Timestamp};
use kernel::{Actor, Clock, Fault};
use ledger::{FileStore, Vault, VersionStatus};
use seal::Suite;

use crate::*;

/// One item that promises ten working days and names whatever is asked for.
struct Promising;

impl Neighbours for Promising {
    fn items(&self, _tx: &mut Tx<'_>, name: &str) -> Result<Vec<ItemUse>, Fault> {
        let item = ItemUse {
            code: "511-1".to_owned(),
            name: "食品经营许可".to_owned(),
            promised_days: Some(10),
        };
        Ok(if name == "own" {
            Vec::new()
        } else {
            vec![item]
        })
    }

    fn staff(
        &self,
        _tx: &mut Tx<'_>,
        _name: &str,
    ) -> Result<Vec<(String, process::Assignment)>, Fault> {
        Ok(Vec::new())
    }
}

struct House {
    db: Db,
    _folder: tempfile::TempDir,
}

fn houses(name: &str) -> Vec<House> {
    let clock = || Clock::virtual_at(Timestamp::from_second(1_795_400_000).unwrap(), 7);
    let mut houses = Vec::new();
    let mut add = |open: &dyn Fn(&tempfile::TempDir, Options) -> Db| {
        let folder = tempfile::tempdir().unwrap();
        let clock = clock();
        let vault = Arc::new(Vault::fresh(&clock, Suite::ShangMi, "hall.test/ledger").unwrap());
        let db = open(&folder, Options::new(clock, vault.row_key));
        let files = FileStore::open(&folder.path().join("files"), vault.clone()).unwrap();
        db.lend(Arc::new(files));
        db.lend(vault);
        db.lend(Arc::new(Hall(Arc::new(Promising))));
        db.lend(Arc::new(Shelf::default()));
        let all = [ledger::MIGRATIONS, web::MIGRATIONS, MIGRATIONS];
        db::migrate::run(&db, db.cause(Actor::system()), &all).unwrap();
        houses.push(House {
            db,
            _folder: folder,
        });
    };
    add(&|folder, options| Db::sqlite(folder.path(), options).unwrap());
    if let Ok(url) = std::env::var("QINGCHUANG_TEST_POSTGRES") {
        let url = db::testing::schema(&url, &format!("procedure_{name}"));
        add(&move |_, options| Db::postgres(&url, options).unwrap());
    }
    houses
}

impl House {
    fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.db.clock().advance(SignedDuration::from_secs(1));
        self.db.write(self.db.cause(Actor::system()), work)
    }

    fn current(&self, name: &'static str) -> Option<String> {
        let asked = self.db.read(move |tx| {
            let today = tx.today();
            in_force(tx, &word(name), today)
        });
        asked.unwrap().map(|found| found.to_string())
    }
}

fn word(name: &str) -> ProcedureName {
    name.parse().unwrap()
}

fn version(name: &str) -> EditionName {
    name.parse().unwrap()
}

fn publish_now(tx: &mut Tx<'_>, name: &str) -> Result<(), Fault> {
    let today = tx.today();
    publish(tx, &version(name), today).map(|_| ())
}

#[test]
fn an_office_copies_a_shipped_procedure_and_publishes_its_own() {
    for house in houses("copy") {
        assert_eq!(house.current("standard").as_deref(), Some("standard"));
        assert_eq!(house.current("own"), None);
        let copied = house
            .write(|tx| copy(tx, &version("standard"), &word("own")))
            .unwrap();
        assert_eq!(copied.to_string(), "own/1");
        // A draft begins no case.
        assert_eq!(house.current("own"), None);
        assert!(house.db.read(|tx| edition(tx, "own/1")).is_err());
        house.write(|tx| publish_now(tx, "own/1")).unwrap();
        assert_eq!(house.current("own").as_deref(), Some("own/1"));
        let ready = house.db.read(|tx| edition(tx, "own/1")).unwrap();
        assert_eq!(ready.process().name(), "标准程序");
        // Twice the same name, or the name of a shipped one.
        let again = house.write(|tx| copy(tx, &version("standard"), &word("own")));
        assert_eq!(again, Err(Fault::Conflict { what: "procedure" }));
        let shipped = house.write(|tx| copy(tx, &version("own/1"), &word("instant")));
        assert_eq!(shipped, Err(Fault::Conflict { what: "procedure" }));
    }
}

#[test]
fn the_first_version_drawn_over_a_shipped_one_is_its_second() {
    for house in houses("second") {
        let drawn = house
            .write(|tx| draft_again(tx, &version("standard")))
            .unwrap();
        assert_eq!(drawn.to_string(), "standard/2");
        house.write(|tx| publish_now(tx, "standard/2")).unwrap();
        assert_eq!(house.current("standard").as_deref(), Some("standard/2"));
        // What runs by the shipped version still finds it, and withdrawal falls back to it.
        assert!(house.db.read(|tx| edition(tx, "standard")).is_ok());
        house
            .write(|tx| withdraw(tx, &version("standard/2")))
            .unwrap();
        assert_eq!(house.current("standard").as_deref(), Some("standard"));
        assert!(house.db.read(|tx| edition(tx, "standard/2")).is_ok());
    }
}

#[test]
fn a_version_that_takes_longer_than_its_items_promise_is_refused_whole() {
    for house in houses("promise") {
        house
            .write(|tx| draft_again(tx, &version("standard")))
            .unwrap();
        let longer = process::procedures::STANDARD
            .xml
            .replace("qc:limitDays=\"5\"", "qc:limitDays=\"6\"");
        let seen = house.write({
            let longer = longer.clone();
            move |tx| look(tx, &word("standard"), Kind::Process, &longer)
        });
        let seen = seen.unwrap();
        let finding = seen
            .findings
            .iter()
            .find(|one| one.code == "item_promise_too_short");
        let finding = finding.expect("the item is named");
        assert!(finding.en.contains("食品经营许可"), "{}", finding.en);
        assert!(finding.trace.iter().any(|id| id == "review"));
        house
            .write(move |tx| edit(tx, &version("standard/2"), &longer))
            .unwrap();
        let refused = house.write(|tx| publish_now(tx, "standard/2"));
        assert!(matches!(refused, Err(Fault::Refused(_))), "{refused:?}");
        assert_eq!(house.current("standard").as_deref(), Some("standard"));
        let standing = house
            .db
            .read(|tx| find(tx, &word("standard")))
            .unwrap()
            .unwrap();
        assert_eq!(
            standing.versions.version(2).unwrap().status,
            VersionStatus::Draft
        );
    }
}

#[test]
fn a_decision_table_is_published_and_decides() {
    for house in houses("table") {
        let draw_it = |tx: &mut Tx<'_>| draw(tx, &word("fees"), Kind::Decision, super::files::FEES);
        house.write(draw_it).unwrap();
        house.write(|tx| publish_now(tx, "fees/1")).unwrap();
        let found = house.db.read(|tx| {
            let today = tx.today();
            rules(tx, &word("fees"), today)
        });
        let found = found.unwrap().expect("in force");
        let asked = serde_json::json!({ "area": 30 });
        let told = decision::DecisionEngine::decide(&found, "Fee", &asked).unwrap();
        assert_eq!(told, serde_json::json!(100));
        // A table is no way of a case.
        assert!(house.db.read(|tx| edition(tx, "fees/1")).is_err());
    }
}

#[test]
fn rows_equal_the_replay_of_their_lines_and_a_changed_file_is_not_read() {
    for house in houses("deep") {
        house
            .write(|tx| copy(tx, &version("standard"), &word("own")))
            .unwrap();
        house.write(|tx| publish_now(tx, "own/1")).unwrap();
        house
            .write(|tx| {
                let sql = "UPDATE procedure_file SET file = file || ' '";
                tx.execute(sql, db::params![]).map(|_| ())
            })
            .unwrap();
        let read = house.db.read(|tx| source(tx, &version("own/1")));
        assert!(read.is_err(), "a changed file must not run");
    }
}
