//! The promises of the ledger, kept by both stores, on a small record: a lamp with a note.

use std::sync::Arc;

use db::{Db, Options, Row, Tx, Value, params};
use jiff::{SignedDuration, Timestamp};
use kernel::{Actor, Clock, Fault, PersonId, Refusal, ToValue, TypedId};
use seal::Suite;
use serde::{Deserialize, Serialize};

use crate::audit::{self, Audited};
use crate::lifecycle::{Event, Lifecycle};
use crate::verify::{rebuild_compare, verify_deep};
use crate::*;

mod versions;

kernel::id!(
    /// A lamp.
    LampId,
    "lamp"
);
kernel::id!(
    /// A shelf, which has only fields.
    ShelfId,
    "shelf"
);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum LampEvent {
    Hung { room: i64 },
    Lit { note: Commitment },
    Quenched,
    Pictured { picture: FileCommitment },
}
impl Event for LampEvent {}

#[derive(Debug, Clone, PartialEq)]
struct Lamp {
    id: LampId,
    room: i64,
    lit: bool,
    times: Vec<i64>,
}

enum Switch {
    On(Commitment),
    Off,
    Picture(FileCommitment),
}

#[derive(Debug)]
struct AlreadyLit;
impl Refusal for AlreadyLit {
    fn code(&self) -> &'static str {
        "lamp.already_lit"
    }
}

impl Lifecycle for Lamp {
    const KIND: &'static str = "lamp";
    type Id = LampId;
    type Event = LampEvent;
    type Command = Switch;
    type Facts = ();
    type Refusal = AlreadyLit;

    fn id(&self) -> LampId {
        self.id
    }
    fn begin(id: LampId, event: &LampEvent) -> Option<Self> {
        match event {
            LampEvent::Hung { room } => Some(Self {
                id,
                room: *room,
                lit: false,
                times: Vec::new(),
            }),
            _ => None,
        }
    }
    fn evolve(&mut self, event: &LampEvent) {
        match event {
            LampEvent::Hung { .. } | LampEvent::Pictured { .. } => {}
            LampEvent::Lit { .. } => {
                self.lit = true;
                self.times
                    .push(i64::try_from(self.times.len()).unwrap_or(0));
            }
            LampEvent::Quenched => {
                self.lit = false;
                self.times.pop();
            }
        }
    }
    fn decide(&self, command: Switch, (): &()) -> Result<Vec<LampEvent>, AlreadyLit> {
        match (command, self.lit) {
            (Switch::On(note), false) => Ok(vec![LampEvent::Lit { note }]),
            (Switch::On(_), true) => Err(AlreadyLit),
            (Switch::Picture(picture), _) => Ok(vec![LampEvent::Pictured { picture }]),
            (Switch::Off, true) => Ok(vec![LampEvent::Quenched]),
            (Switch::Off, false) => Ok(vec![]),
        }
    }
}

static GLOWS: ChildTable = ChildTable {
    name: "lamp_glow",
    parent: "lamp",
    key: "number",
    columns: &["bright"],
};

impl Stored for Lamp {
    const TABLE: Table = Table {
        name: "lamp",
        columns: &["room", "lit", "glows"],
        children: &[&GLOWS],
    };
    fn to_row(&self) -> Vec<Value<'_>> {
        let glows = i64::try_from(self.times.len()).unwrap_or(0);
        vec![self.room.to_value(), self.lit.to_value(), Value::Int(glows)]
    }
    fn from_row(id: LampId, row: &Row<'_>, first: usize) -> Result<Self, Fault> {
        let glows: i64 = row.get(first + 2)?;
        let times = (0..glows).collect();
        Ok(Self {
            id,
            room: row.get(first)?,
            lit: row.get(first + 1)?,
            times,
        })
    }
    fn children(&self) -> Vec<Child<'_>> {
        let child = |n: &i64| Child {
            table: &GLOWS,
            key: Value::Int(*n),
            values: vec![Value::Bool(true)],
        };
        self.times.iter().map(child).collect()
    }
}

const SHELVES: db::SealedTable = db::SealedTable {
    name: "shelf",
    keys: &["id"],
    columns: &["height"],
};

const TABLES: &[db::Migration] = &[db::Migration {
    room: "lamp",
    number: 1,
    sql: "CREATE TABLE lamp (id BYTEA PRIMARY KEY, revision BIGINT NOT NULL, room BIGINT, \
          lit BOOLEAN, glows BIGINT); \
          CREATE TABLE lamp_glow (lamp BYTEA NOT NULL, number BIGINT NOT NULL, bright BOOLEAN, \
          PRIMARY KEY (lamp, number)); \
          CREATE TABLE shelf (id BYTEA PRIMARY KEY, height BIGINT, row_seal BYTEA NOT NULL)",
}];

fn rooms() -> Vec<Audited> {
    vec![
        audit::lifecycle::<Lamp>(),
        Audited::Thing {
            kind: "shelf",
            table: &SHELVES,
        },
    ]
}

struct House {
    db: Db,
    _folder: tempfile::TempDir,
}

fn houses(name: &str) -> Vec<House> {
    let clock = || Clock::virtual_at(Timestamp::from_second(1_790_000_000).unwrap(), 7);
    let mut houses = Vec::new();
    let mut add = |open: &dyn Fn(&tempfile::TempDir, Options) -> Db| {
        let folder = tempfile::tempdir().unwrap();
        let clock = clock();
        let vault = Arc::new(Vault::fresh(&clock, Suite::ShangMi, "hall.test/ledger").unwrap());
        let db = open(&folder, Options::new(clock, vault.row_key));
        db.lend(Arc::new(
            FileStore::open(&folder.path().join("files"), vault.clone()).unwrap(),
        ));
        db.lend(vault);
        db::migrate::run(&db, db.cause(Actor::system()), &[MIGRATIONS, TABLES]).unwrap();
        houses.push(House {
            db,
            _folder: folder,
        });
    };
    add(&|folder, options| Db::sqlite(folder.path(), options).unwrap());
    if let Ok(url) = std::env::var("QINGCHUANG_TEST_POSTGRES") {
        let url = db::testing::schema(&url, &format!("ledger_{name}"));
        add(&move |_, options| Db::postgres(&url, options).unwrap());
    }
    houses
}

impl House {
    fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let person = PersonId::from_uuid(uuid::Uuid::from_u128(99));
        let actor = Actor::citizen(person, kernel::Channel::Web);
        self.db.clock().advance(SignedDuration::from_secs(1));
        self.db.write(self.db.cause(actor), work)
    }

    fn hang(&self) -> LampId {
        let id: LampId = self.db.clock().new_id();
        self.write(move |tx| open::<Lamp>(tx, id, vec![LampEvent::Hung { room: 4 }]).map(|_| ()))
            .unwrap();
        id
    }

    fn light(&self, id: LampId, note: &'static str) -> Result<i64, Fault> {
        self.write(move |tx| {
            let person = tx.actor().as_citizen();
            let note = keep_text(tx, id, person, note)?;
            Ok(perform::<Lamp>(tx, id, Switch::On(note), &())?.revision)
        })
    }

    fn furnish(&self) -> LampId {
        let ids: Vec<LampId> = (0..5).map(|_| self.hang()).collect();
        for id in &ids {
            self.light(*id, "给老人留一盏灯").unwrap();
        }
        let (first, second) = (ids[0], ids[1]);
        self.write(move |tx| perform::<Lamp>(tx, first, Switch::Off, &()).map(|_| ()))
            .unwrap();
        self.write(move |tx| {
            let stored = tx
                .thing::<FileStore>()?
                .put(tx.clock(), b"a picture of a lamp")?;
            let file = keep_file(
                tx,
                second,
                tx.actor().as_citizen(),
                &stored,
                "image/png",
                "灯.png",
            )?;
            perform::<Lamp>(tx, second, Switch::Picture(file), &())?;
            edited(
                tx,
                &SHELVES,
                ShelfId::from_uuid(file.file.uuid()),
                params![file.file, 180i64],
                &["height"],
            )
        })
        .unwrap();
        while self.write(sealer::seal_lines).unwrap() == sealer::BATCH_MAX {}
        ids[2]
    }

    fn findings(&self) -> Vec<audit::Finding> {
        self.db
            .read(|tx| verify_deep(tx, &rooms()))
            .unwrap()
            .findings
    }

    fn sql(&self, sql: &'static str) {
        let touched = self.write(move |tx| tx.execute(sql, &[])).unwrap();
        assert!(1 <= touched, "{sql}");
    }
}

#[test]
fn a_command_leaves_a_line_and_a_row_or_nothing() {
    for house in houses("command") {
        let id = house.hang();
        assert_eq!(house.light(id, "一"), Ok(2));
        let again = house.light(id, "二").unwrap_err();
        assert_eq!(again.refusal(), Some("lamp.already_lit"));
        let lines = house.db.read(|tx| lines_of(tx, id)).unwrap();
        assert_eq!(
            lines
                .iter()
                .map(|line| line.kind.as_str())
                .collect::<Vec<_>>(),
            ["hung", "lit"]
        );
        let texts = "SELECT COUNT(*) FROM kept_text";
        let texts = house
            .db
            .read(|tx| tx.query_one(texts, &[], |row| row.get::<i64>(0)))
            .unwrap();
        assert_eq!(
            texts,
            Some(1),
            "the text of the refused command is not kept"
        );
    }
}

#[test]
fn of_two_writers_on_one_revision_one_wins() {
    for house in houses("race") {
        let id = house.hang();
        let stale =
            house.write(move |tx| perform_at::<Lamp>(tx, id, 7, Switch::Off, &()).map(|_| ()));
        assert_eq!(stale, Err(Fault::Conflict { what: "lamp" }));
        let racing: Vec<_> = (0..8)
            .map(|_| {
                let db = house.db.clone();
                std::thread::spawn(move || {
                    db.write(db.cause(Actor::system()), move |tx| {
                        let note = keep_text(tx, id, None, "x")?;
                        perform::<Lamp>(tx, id, Switch::On(note), &()).map(|_| ())
                    })
                })
            })
            .collect();
        let won = racing
            .into_iter()
            .filter(|_| true)
            .map(|one| one.join().unwrap());
        assert_eq!(won.filter(Result::is_ok).count(), 1);
    }
}

#[test]
fn a_proof_holds_offline_and_a_changed_line_does_not() {
    for house in houses("proof") {
        let id = house.furnish();
        let proof = house.db.read(|tx| proof::prove(tx, id)).unwrap();
        assert_eq!((proof.lines.len(), proof.pending), (2, 0));
        assert_eq!(proof::check(&proof, None), Vec::<String>::new());
        let mut forged = proof.clone();
        forged.lines[0].line["data"]["room"] = 5.into();
        assert_eq!(proof::check(&forged, None).len(), 1);
        let mut unsigned = proof;
        unsigned.checkpoint = unsigned.checkpoint.replacen("time=20", "time=21", 1);
        assert_eq!(proof::check(&unsigned, None).len(), 1);
    }
}

#[test]
fn the_tree_grows_consistently_over_many_sealings() {
    for house in houses("grow") {
        let mut sizes = Vec::new();
        for _ in 0..4 {
            house.furnish();
            let note = house.db.read(sealer::newest_checkpoint).unwrap().unwrap();
            let signed = seal::SignedCheckpoint::parse(&note).unwrap();
            sizes.push(signed.checkpoint().clone());
        }
        for pair in sizes.windows(2) {
            let (old, new) = (&pair[0], &pair[1]);
            let path = house
                .db
                .read(|tx| proof::consistency(tx, old.size, new.size))
                .unwrap();
            assert!(proof::check_consistency(
                &old.root,
                &new.root,
                Suite::ShangMi,
                &path
            ));
        }
        assert_eq!(house.findings(), vec![]);
    }
}

#[test]
fn an_erased_text_leaves_the_ledger_whole() {
    for house in houses("erase") {
        house.furnish();
        let person = PersonId::from_uuid(uuid::Uuid::from_u128(99));
        let forgotten = house.write(move |tx| Ok(forget_person(tx, person)?.texts));
        assert_eq!(forgotten, Ok(5));
        assert_eq!(house.findings(), vec![]);
    }
}

#[test]
fn whatever_is_changed_behind_the_program_is_found_and_named() {
    let changes: &[(&str, &str)] = &[
        ("UPDATE lamp SET room = room + 1 WHERE lit", "lamp"),
        ("UPDATE lamp SET lit = NOT lit", "lamp"),
        ("UPDATE lamp SET revision = revision + 1", "lamp"),
        ("DELETE FROM lamp WHERE lit", "lamp"),
        ("UPDATE lamp_glow SET bright = NOT bright", "lamp_glow"),
        ("DELETE FROM lamp_glow", "lamp_glow"),
        (
            "INSERT INTO lamp_glow (lamp, number, bright) SELECT id, 9, lit FROM lamp",
            "lamp_glow",
        ),
        (
            "UPDATE ledger_line SET data = (SELECT lit.data FROM ledger_line lit \
             WHERE lit.kind = 'lit' LIMIT 1) WHERE kind = 'hung'",
            "ledger_line",
        ),
        (
            "UPDATE ledger_line SET data = command WHERE kind = 'hung'",
            "ledger_line",
        ),
        (
            "UPDATE ledger_line SET at = at + 1 WHERE kind = 'lit'",
            "ledger_line",
        ),
        (
            "UPDATE ledger_line SET channel = 'api' WHERE kind = 'lit'",
            "ledger_line",
        ),
        ("UPDATE ledger_line SET person = NULL", "ledger_line"),
        ("DELETE FROM ledger_line WHERE position = 3", "ledger_line"),
        ("DELETE FROM ledger_line WHERE kind = 'quenched'", "lamp"),
        (
            "UPDATE ledger_tile SET hashes = hashes || hashes",
            "ledger_tile",
        ),
        ("DELETE FROM ledger_tile", "ledger_tile"),
        (
            "UPDATE ledger_checkpoint SET at = at + 1",
            "ledger_checkpoint",
        ),
        ("DELETE FROM ledger_checkpoint", "ledger_checkpoint"),
        ("UPDATE kept_text SET person = NULL", "kept_text"),
        ("UPDATE kept_text SET body = salt", "kept_text"),
        ("UPDATE kept_text SET salt = id", "kept_text"),
        ("UPDATE shelf SET height = 181", "shelf"),
        ("DELETE FROM shelf", "shelf"),
        (
            "UPDATE schema_migration SET applied_at = 0",
            "schema_migration",
        ),
        ("CREATE TABLE intruder (a BIGINT)", "intruder"),
    ];
    for (number, (sql, named)) in changes.iter().enumerate() {
        for house in houses(&format!("tamper{number}")) {
            house.furnish();
            if sql.starts_with("CREATE") {
                house.write(|tx| tx.execute(sql, &[])).unwrap();
            } else {
                house.sql(sql);
            }
            let findings = house.findings();
            let names = findings
                .iter()
                .any(|finding| finding.place.starts_with(named));
            assert!(names, "{sql}: {findings:?}");
        }
    }
}

#[test]
fn rebuild_compares_records_alone() {
    for house in houses("rebuild") {
        house.furnish();
        let report = |house: &House| house.db.read(|tx| rebuild_compare(tx, &rooms())).unwrap();
        assert!(report(&house).ok);
        house.sql("UPDATE lamp SET room = 17");
        assert_eq!(report(&house).findings.len(), 5);
    }
}

#[test]
fn keys_are_read_back_as_they_were_made() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::real();
    let keys = || Vault::open(folder.path(), &clock, Suite::ShangMi, "hall.test/ledger").unwrap();
    let (first, again) = (keys(), keys());
    assert_eq!(first.row_key, again.row_key);
    let locked = first.lock(&clock, b"here", b"secret").unwrap();
    assert_eq!(again.unlock(b"here", &locked), Some(b"secret".to_vec()));
    assert_eq!(again.unlock(b"there", &locked), None);
}
