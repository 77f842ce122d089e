//! The catalogue on both stores: publication, versions in force, tables, the search.

use std::sync::Arc;

use db::{Db, Options, Tx};
use jiff::{SignedDuration, Timestamp};
use kernel::{Actor, Clock, Fault};
use ledger::{FileStore, Vault};
use seal::Suite;

use crate::find::Question;
use crate::import::Tally;
use crate::model::{Coverage, ItemContent, Text};
use crate::publish::RowState;
use crate::store::Narrow;
use crate::*;

/// A code of the food business licence.
pub(crate) const FOOD: &str = "511A0005200004-511602000000-000-115113016823646795-1-00";

pub(crate) struct House {
    pub(crate) db: Db,
    pub(crate) _folder: tempfile::TempDir,
}

pub(crate) fn houses(name: &str) -> Vec<House> {
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
        let all = [
            ledger::MIGRATIONS,
            web::MIGRATIONS,
            procedure::MIGRATIONS,
            MIGRATIONS,
        ];
        db::migrate::run(&db, db.cause(Actor::system()), &all).unwrap();
        furnish(&db).unwrap();
        houses.push(House {
            db,
            _folder: folder,
        });
    };
    add(&|folder, options| Db::sqlite(folder.path(), options).unwrap());
    if let Ok(url) = std::env::var("QINGCHUANG_TEST_POSTGRES") {
        let url = db::testing::schema(&url, &format!("catalogue_{name}"));
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

    fn seed(&self) {
        assert_eq!(self.write(seed_shipped), Ok(15));
        reindex(&self.db).unwrap();
    }

    fn food(&self) -> Arc<Version> {
        let found = self.db.read(|tx| published_by_code(tx, FOOD, tx.today()));
        found.unwrap().expect("the food licence is published")
    }

    fn names_found(&self, text: &str) -> Vec<String> {
        let question = Question {
            text: text.to_owned(),
            most: 5,
            ..Question::default()
        };
        let found = self.db.read(|tx| search(tx, &question)).unwrap();
        let name = |version: &Arc<Version>| version.content.name.zh.clone();
        found.versions.iter().map(name).collect()
    }
}

fn renamed(content: &ItemContent, name: &str) -> ItemContent {
    ItemContent {
        name: Text::zh(name),
        ..content.clone()
    }
}

#[test]
fn the_shipped_items_are_published_once() {
    for house in houses("seed") {
        house.seed();
        assert_eq!(house.write(seed_shipped), Ok(0));
        let food = house.food();
        assert_eq!(food.number, 1);
        assert!(food.content.takes_applications());
        let again = house.db.read(|tx| version(tx, food.item, 1)).unwrap();
        assert!(
            Arc::ptr_eq(&food, &again),
            "a published version is kept at hand"
        );
    }
}

#[test]
fn an_item_is_found_by_any_code_that_no_other_item_shares() {
    for house in houses("codes") {
        house.seed();
        let by = |code: &'static str| {
            let found = house.db.read(|tx| published_by_code(tx, code, tx.today()));
            found.unwrap().map(|version| version.item)
        };
        assert_eq!(by("511A0005200004"), Some(house.food().item));
        assert_eq!(by("511A0005200005"), None);
        assert_eq!(by(""), None);
    }
}

#[test]
fn a_case_keeps_its_version_when_a_new_one_comes_into_force() {
    for house in houses("versions") {
        house.seed();
        let old = house.food();
        let item = old.item;
        let content = renamed(&old.content, "食品经营许可（新版）");
        let number = house
            .write(move |tx| {
                let number = draft(tx, item, &content)?;
                check_version(tx, item, number)?;
                let tomorrow = tx.today().tomorrow().map_err(Fault::broken)?;
                publish(tx, item, number, tomorrow)?;
                Ok(number)
            })
            .unwrap();
        assert_eq!(number, 2);
        assert_eq!(house.food().number, 1, "it begins tomorrow");
        house.db.clock().advance(SignedDuration::from_hours(24));
        assert_eq!(house.food().content.name.zh, "食品经营许可（新版）");
        assert!(
            reindex(&house.db).unwrap(),
            "a new day is news to the index"
        );
        let kept = house.db.read(|tx| version(tx, item, 1)).unwrap();
        assert_eq!(kept.content.name.zh, old.content.name.zh);
        house
            .write(move |tx| withdraw(tx, item).map(|_| ()))
            .unwrap();
        let gone = house.db.read(|tx| published_by_code(tx, FOOD, tx.today()));
        assert_eq!(gone, Ok(None));
        assert!(house.db.read(|tx| version(tx, item, 2)).is_ok());
    }
}

#[test]
fn a_draft_with_errors_is_not_published_and_nobody_sees_it() {
    for house in houses("errors") {
        house.seed();
        let old = house.food();
        let item = old.item;
        let content = renamed(&old.content, "");
        house.write(move |tx| draft(tx, item, &content)).unwrap();
        let refused = house
            .write(move |tx| check_version(tx, item, 2))
            .unwrap_err();
        assert_eq!(refused.refusal(), Some("catalogue.not_publishable"));
        assert_eq!(house.food().number, 1);
        let other = ItemContent {
            codes: Default::default(),
            ..ItemContent::clone(&old.content)
        };
        let refused = house.write(move |tx| edit(tx, item, 2, &other));
        let stays = Fault::invalid("codes", "catalogue.code_stays");
        assert_eq!(refused, Err(stays));
    }
}

#[test]
fn a_version_that_a_failed_command_published_is_not_believed() {
    for house in houses("rollback") {
        house.seed();
        let old = house.food();
        let item = old.item;
        let lost = renamed(&old.content, "没有成功的版本");
        let failed: Result<(), Fault> = house.write(move |tx| {
            let number = draft(tx, item, &lost)?;
            check_version(tx, item, number)?;
            publish(tx, item, number, tx.today())?;
            version(tx, item, number)?;
            Err(Fault::broken("the disk is full"))
        });
        assert!(failed.is_err());
        let kept = renamed(&old.content, "成功的版本");
        house
            .write(move |tx| {
                let number = draft(tx, item, &kept)?;
                check_version(tx, item, number)?;
                publish(tx, item, number, tx.today()).map(|_| ())
            })
            .unwrap();
        assert_eq!(house.food().content.name.zh, "成功的版本");
    }
}

#[test]
fn the_districts_list_is_taken_in_and_twice_changes_nothing() {
    for house in houses("import") {
        house.seed();
        let take = |tx: &mut Tx<'_>| import_rows(tx, shipped::DISTRICT_LIST, "guangan.csv");
        let first = house.write(take).unwrap();
        let Tally { new, refused, .. } = first.tally;
        assert_eq!(
            first.tally.new + first.tally.changed + first.tally.unchanged + refused,
            1135
        );
        assert!(1100 < new, "{:?}", first.tally);
        let provisional = first.rows.iter().flat_map(|row| &row.notes);
        let provisional = provisional.filter(|note| note.code == "item.body_uscc_provisional");
        assert!(
            1 <= provisional.count(),
            "the provisional code is kept and told"
        );
        let drafts = first
            .rows
            .iter()
            .filter(|row| row.state == RowState::Drafted);
        assert_eq!(first.published + drafts.count(), new + first.tally.changed);
        let second = house.write(take).unwrap();
        assert_eq!((second.tally.new, second.tally.changed), (0, 0));
        assert_eq!(second.tally.unchanged + second.tally.refused, 1135);
        assert_eq!(house.food().content.coverage, Coverage::Full);
        assert!(reindex(&house.db).unwrap());
        let exported = house.db.read(export_rows).unwrap();
        let table = export::csv(&exported, kernel::Lang::Zh).unwrap();
        let third = house
            .write(move |tx| import_rows(tx, &table, "again.csv"))
            .unwrap();
        assert_eq!((third.tally.new, third.tally.changed), (0, 0));
        assert_eq!(third.tally.unchanged, exported.len());
    }
}

#[test]
fn a_broken_table_is_refused_whole_and_leaves_nothing() {
    for house in houses("broken") {
        for bytes in [&b""[..], b"PK\x03\x04cut", b"a,b\n1,2\n", b"\xff\xfe\x00"] {
            let refused = house.write(move |tx| import_rows(tx, bytes, "x"));
            let Err(Fault::Invalid(problems)) = refused else {
                panic!("{bytes:?} was taken");
            };
            assert_eq!(problems[0].field, "file");
        }
        let none = house.db.read(export_rows).unwrap();
        assert_eq!(none, vec![]);
    }
}

#[test]
fn the_list_of_published_items_goes_on_after_a_place_without_gap() {
    for house in houses("pages") {
        house.seed();
        let narrow = Narrow::default();
        let mut seen = Vec::new();
        let mut after: Option<Place> = None;
        loop {
            let page = house
                .db
                .read(|tx| in_force(tx, tx.today(), &narrow, after.as_ref(), 4))
                .unwrap();
            let Some((last, _)) = page.last() else { break };
            after = Some(last.clone());
            seen.extend(page.iter().map(|(_, version)| version.item));
        }
        let count = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!((count, seen.len()), (15, 15));
        let themed = Narrow {
            topic: Some("business_access".to_owned()),
            ..Narrow::default()
        };
        let themed = house
            .db
            .read(|tx| in_force(tx, tx.today(), &themed, None, 100));
        let themed = themed.unwrap();
        let of_topic = |version: &Version| {
            version
                .content
                .topics
                .iter()
                .any(|id| id == "business_access")
        };
        assert!(!themed.is_empty() && themed.iter().all(|(_, version)| of_topic(version)));
    }
}

#[test]
fn people_find_an_item_by_word_initials_and_life_word() {
    for house in houses("search") {
        house.seed();
        for typed in ["食品经营许可", "spjy", "开饭店", FOOD] {
            let found = house.names_found(typed);
            let first = found.first().map(String::as_str);
            assert_eq!(first, Some("食品(含保健食品)经营许可核发"), "{typed}");
        }
        let item = house.food().item;
        house
            .write(move |tx| withdraw(tx, item).map(|_| ()))
            .unwrap();
        let found = house.names_found("spjy");
        assert!(
            !found.iter().any(|name| name.starts_with("食品(含")),
            "not even before reindexing"
        );
        assert!(reindex(&house.db).unwrap());
        assert!(!reindex(&house.db).unwrap(), "nothing is new");
    }
}

/// A newcomer typed 我想开一家理发店 and found nothing.
#[test]
fn what_people_say_finds_the_right_item_among_the_first_three_of_the_whole_list() {
    let house = houses("life").remove(0);
    house.seed();
    let take = |tx: &mut Tx<'_>| import_rows(tx, shipped::DISTRICT_LIST, "guangan.csv");
    house.write(take).unwrap();
    assert!(reindex(&house.db).unwrap());
    let mut missed = Vec::new();
    for line in include_str!("life_phrases.tsv").lines() {
        let Some((said, wanted)) = line.split_once('\t') else {
            continue;
        };
        let mut found = house.names_found(said);
        found.truncate(3);
        let is_wanted = |name: &String| wanted.split('|').any(|part| name.contains(part));
        if !line.starts_with('#') && !found.iter().any(is_wanted) {
            missed.push(format!("{said}: {found:?} instead of {wanted}"));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// A change behind the program's back, the table it hits, and the way back.
const CHANGES: &[(&str, &str, &str)] = &[
    ("latest = latest + 1", "item", "latest = latest - 1"),
    (
        "versions = versions || ' '",
        "item",
        "versions = substr(versions, 1, length(versions) - 1)",
    ),
    ("status = 'draft'", "item_version", "status = 'published'"),
    (
        "effective = 'x' || effective",
        "item_version",
        "effective = substr(effective, 2)",
    ),
    (
        "name = 'x' || name",
        "item_content",
        "name = substr(name, 2)",
    ),
    (
        "content = ' ' || content",
        "item_content",
        "content = substr(content, 2)",
    ),
    ("code = 'x' || code", "item_key", "code = substr(code, 2)"),
    ("number = 7", "item_code", "number = 1"),
];

#[test]
fn one_byte_changed_in_any_table_is_found() {
    let mut rooms = tables();
    rooms.extend(procedure::tables());
    rooms.push(ledger::audit::Audited::Sealed(&web::session::SESSIONS));
    for house in houses("deep") {
        assert_eq!(house.write(seed_shipped), Ok(15));
        while house.write(ledger::sealer::seal_lines).unwrap() == ledger::sealer::BATCH_MAX {}
        let findings = || {
            let report = house.db.read(|tx| ledger::verify::verify_deep(tx, &rooms));
            report.unwrap().findings
        };
        let change = |table: &str, set: &str| {
            let sql = format!("UPDATE {table} SET {set}");
            house.write(move |tx| tx.execute(&sql, &[])).unwrap();
        };
        assert_eq!(findings(), vec![]);
        for (set, table, back) in CHANGES {
            change(table, set);
            let found = findings();
            let named = found.iter().any(|one| one.place.starts_with(table));
            assert!(named, "{table} {set}: {found:?}");
            change(table, back);
        }
        assert_eq!(findings(), vec![], "every change was taken back");
    }
}

#[test]
fn a_content_put_back_to_an_older_state_is_not_read() {
    for house in houses("digest") {
        house.seed();
        let old = house.food();
        let item = old.item;
        let other = renamed(&old.content, "另一份内容");
        house
            .write(move |tx| {
                let text = serde_json::to_string(&other.to_value().map_err(Fault::broken)?);
                let text = text.map_err(Fault::broken)?;
                crate::store::put_content(tx, item, 1, &other, &text)
            })
            .unwrap();
        // A fresh shelf: nothing at hand.
        furnish(&house.db).unwrap_err();
        let read = house.db.read(|tx| version(tx, item, 1));
        assert!(matches!(read, Err(Fault::Broken { .. })));
    }
}
