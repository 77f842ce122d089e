//! The rules of openness: what is published can be checked, what was changed is told, and the
//! public board holds no person.
//!
//! The proofs that the Python script's tests read lie in `tools/testdata`; run the tests with
//! `UPDATE_PROOFS=1` to write them anew.

use std::path::PathBuf;
use std::sync::Arc;

use analytics::model::{DecisionLine, Subject};
use analytics::{CaseId, ItemId, Names, Style};
use db::{Db, Options, Tx};
use jiff::Timestamp;
use jiff::civil::date;
use kernel::{Actor, Clock, Fault, Lang, OrganId, TypedId};
use ledger::proof::{self, Proof};
use ledger::{Vault, sealer};
use seal::Suite;
use uuid::Uuid;

use crate::disclosure;

kernel::id!(
    /// A shelf, which has only fields: enough to fill a ledger.
    ShelfId,
    "shelf"
);

const SHELVES: db::SealedTable = db::SealedTable {
    name: "shelf",
    keys: &["id"],
    columns: &["height", "label"],
};

const TABLES: &[db::Migration] = &[db::Migration {
    room: "shelf",
    number: 1,
    sql: "CREATE TABLE shelf (id BYTEA PRIMARY KEY, height BIGINT, label TEXT, \
          row_seal BYTEA NOT NULL)",
}];

fn put(tx: &mut Tx<'_>, shelf: ShelfId, height: i64) -> Result<(), Fault> {
    let values = db::params![shelf, height, "书架"];
    ledger::edited(tx, &SHELVES, shelf, values, &["height", "label"])
}

/// A ledger of eleven lines, three of each of the two shelves that are answered.
fn house(suite: Suite) -> (Db, tempfile::TempDir, [ShelfId; 2]) {
    let folder = tempfile::tempdir().unwrap();
    let start: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
    let clock = Clock::virtual_at(start, 11);
    let vault = Arc::new(Vault::fresh(&clock, suite, "hall.example.gov.cn/ledger").unwrap());
    let db = Db::sqlite(folder.path(), Options::new(clock, vault.row_key)).unwrap();
    db.lend(vault);
    let rooms = [ledger::MIGRATIONS, TABLES];
    db::migrate::run(&db, db.cause(Actor::system()), &rooms).unwrap();
    let shelves: [ShelfId; 2] = [db.clock().new_id(), db.clock().new_id()];
    for number in 0..11i64 {
        let other: ShelfId = db.clock().new_id();
        let one = match number % 4 {
            0 => shelves[0],
            2 => shelves[1],
            _ => other,
        };
        let work = move |tx: &mut Tx<'_>| put(tx, one, number);
        db.clock().advance(jiff::SignedDuration::from_secs(1));
        db.write(db.cause(Actor::system()), work).unwrap();
    }
    db.write(db.cause(Actor::system()), sealer::seal_lines)
        .unwrap();
    (db, folder, shelves)
}

/// The proof of both shelves: a matter is more than one record.
fn proof_of(db: &Db, shelves: [ShelfId; 2]) -> Proof {
    let records = shelves.map(TypedId::uuid);
    db.read(|tx| proof::prove_all(tx, &records, "shelf"))
        .unwrap()
}

fn fixture(suite: Suite) -> PathBuf {
    let name = format!("../../tools/testdata/proof-{suite}.json");
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[test]
fn the_proofs_that_the_script_reads_are_proofs_of_this_program() {
    for suite in [Suite::ShangMi, Suite::International] {
        let (db, _folder, shelves) = house(suite);
        let fresh = proof_of(&db, shelves);
        assert_eq!((fresh.lines.len(), fresh.pending), (6, 0));
        if std::env::var_os("UPDATE_PROOFS").is_some() {
            let text = serde_json::to_string_pretty(&fresh).unwrap();
            std::fs::write(fixture(suite), text + "\n").unwrap();
        }
        let kept = std::fs::read_to_string(fixture(suite)).unwrap();
        let kept: Proof = serde_json::from_str(&kept).unwrap();
        assert_eq!(proof::check(&kept, None), Vec::<String>::new());
        assert_eq!(
            (kept.suite, kept.lines.len()),
            (fresh.suite, fresh.lines.len())
        );
    }
}

#[test]
fn a_whole_proof_is_whole_and_any_change_is_told() {
    let (db, _folder, shelves) = house(Suite::ShangMi);
    let proof = proof_of(&db, shelves);
    let key = db.read(disclosure::key_line).unwrap();
    let text = serde_json::to_string(&proof).unwrap();
    let whole = disclosure::check(&text, &key);
    assert!(whole.is_whole() && whole.lines.len() == 6, "{whole:?}");
    assert!(disclosure::check(&text, " ").is_whole());

    let told = |text: &str, key: &str| {
        let checked = disclosure::check(text, key);
        checked.flaws.first().map(|flaw| flaw.wording)
    };
    let (other, _other_folder, _) = {
        let (db, folder, shelves) = house(Suite::International);
        (db.read(disclosure::key_line).unwrap(), folder, shelves)
    };
    assert_eq!(told(&text, &other), Some("verify.not_signature"));
    assert_eq!(told(&text, "not a key"), Some("verify.not_key"));
    assert_eq!(told("{}", &key), Some("verify.not_unreadable"));
    assert_eq!(
        told(&text[..text.len() / 2], &key),
        Some("verify.not_unreadable")
    );
    let changed = text.replacen("\"kind\":\"edited\"", "\"kind\":\"removed\"", 1);
    assert_ne!(changed, text);
    assert_eq!(told(&changed, &key), Some("verify.not_root"));
    let mut gap = proof.clone();
    gap.lines.remove(2);
    let gap = serde_json::to_string(&gap).unwrap();
    assert_eq!(told(&gap, &key), Some("verify.not_gap"));
    let mut empty = proof;
    empty.lines.clear();
    let empty = serde_json::to_string(&empty).unwrap();
    assert_eq!(told(&empty, &key), Some("verify.not_empty"));
}

#[test]
fn every_leaf_can_be_followed_to_the_published_root() {
    let (db, _folder, _shelves) = house(Suite::ShangMi);
    let now = db.read(disclosure::published).unwrap().unwrap();
    assert_eq!(
        (now.size, now.origin.as_str()),
        (11, "hall.example.gov.cn/ledger")
    );
    for position in 0..now.size {
        let leaf = db.read(|tx| proof::inclusion(tx, position, None)).unwrap();
        let (suite, size) = (now.suite, leaf.size);
        let held = seal::merkle::verify_inclusion(
            suite, position, size, &leaf.leaf, &leaf.path, &now.root,
        );
        assert!(held.is_ok(), "{position}");
    }
    let beyond = db.read(|tx| proof::inclusion(tx, 11, None));
    assert_eq!(beyond, Err(Fault::NotFound { what: "leaf" }));
    let small = db.read(|tx| proof::inclusion(tx, 5, Some(5)));
    assert!(matches!(small, Err(Fault::Invalid(_))), "{small:?}");
    let large = db.read(|tx| proof::inclusion(tx, 5, Some(12)));
    assert!(matches!(large, Err(Fault::Invalid(_))), "{large:?}");
    let huge = db.read(|tx| proof::inclusion(tx, u64::MAX, Some(u64::MAX)));
    assert!(huge.is_err());
}

#[test]
fn before_anything_is_sealed_there_is_a_key_and_no_checkpoint() {
    let clock = Clock::virtual_at(Timestamp::UNIX_EPOCH, 3);
    let folder = tempfile::tempdir().unwrap();
    let db = Db::sqlite(folder.path(), Options::new(clock.clone(), [1; 32])).unwrap();
    db.lend(Arc::new(
        Vault::fresh(&clock, Suite::ShangMi, "hall.test/ledger").unwrap(),
    ));
    db::migrate::run(&db, db.cause(Actor::system()), &[ledger::MIGRATIONS]).unwrap();
    assert_eq!(db.read(disclosure::published), Ok(None));
    assert!(
        db.read(disclosure::key_line)
            .unwrap()
            .starts_with("hall.test/ledger+")
    );
}

#[test]
fn a_published_decision_shows_numbers_and_days_and_no_id() {
    let words = web::Words::new(&[
        ("analytics", analytics::MESSAGES),
        ("supervision", crate::MESSAGES),
    ])
    .unwrap();
    let line = DecisionLine {
        number: "A001".to_owned(),
        subject: Subject {
            organ: OrganId::from_uuid(Uuid::from_u128(1)),
            item: ItemId::from_uuid(Uuid::from_u128(2)),
        },
        version: 1,
        opened_on: date(2026, 11, 2),
        decided_on: date(2026, 11, 9),
        outcome: Some("granted".to_owned()),
        kept_promise: Some(true),
    };
    let style = Style {
        words: &words,
        lang: Lang::Zh,
        linked: false,
    };
    let sheet = crate::sunshine::decisions_sheet(&[line], &Names::default(), style);
    let shown: Vec<String> = sheet.rows[0].iter().map(|cell| cell.shown()).collect();
    assert_eq!(shown[0], "A001");
    assert_eq!(shown[3..], ["准予", "2026-11-02", "2026-11-09", "是"]);
    assert_eq!(sheet.head.len(), shown.len());
    assert!(
        !sheet.head.iter().any(|head| head.contains('.')),
        "{:?}",
        sheet.head
    );
    let case = CaseId::from_uuid(Uuid::nil()).to_string();
    assert!(!shown.iter().any(|cell| cell.starts_with(&case[..5])));
}

#[test]
fn the_script_is_handed_out_as_it_is_tested() {
    assert!(disclosure::VERIFIER.contains(proof::FORMAT));
    assert!(disclosure::VERIFIER.is_ascii() || disclosure::VERIFIER.starts_with("#!"));
}
