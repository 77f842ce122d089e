//! What the room promises, on both stores.

use std::collections::BTreeMap;
use std::sync::Arc;

use calendar::{Notice, NoticeKind, NoticeRow, RowKind, Status};
use codes::{RegionCode, Standing};
use db::{Db, Options};
use jiff::civil::date;
use kernel::{Actor, Clock};
use ledger::verify::verify_deep;
use ledger::{FileStore, Vault};
use seal::Suite;

use crate::{Taken, calendar, calendar_version, exports, note_export, regions};
use crate::{take_notice, take_regions};

fn houses(name: &str) -> Vec<(Db, tempfile::TempDir)> {
    let mut urls = vec![None];
    if let Ok(url) = std::env::var("QINGCHUANG_TEST_POSTGRES") {
        urls.push(Some(db::testing::schema(
            &url,
            &format!("operations_{name}"),
        )));
    }
    let open = |url: Option<String>| {
        let at = "2026-11-23T02:00:00Z".parse().unwrap();
        let clock = Clock::virtual_at(at, 7);
        let folder = tempfile::tempdir().unwrap();
        let vault = Arc::new(Vault::fresh(&clock, Suite::ShangMi, "test/operations").unwrap());
        let options = Options::new(clock, vault.row_key);
        let db = match url {
            Some(url) => Db::postgres(&url, options).unwrap(),
            None => Db::sqlite(folder.path(), options).unwrap(),
        };
        let cause = db.cause(Actor::system());
        db::migrate::run(&db, cause, &[ledger::MIGRATIONS, crate::MIGRATIONS]).unwrap();
        let files = FileStore::open(&folder.path().join("files"), Arc::clone(&vault)).unwrap();
        db.lend(Arc::new(files));
        db.lend(vault);
        (db, folder)
    };
    urls.into_iter().map(open).collect()
}

fn write<T: Send + 'static>(
    db: &Db,
    work: impl Fn(&mut db::Tx<'_>) -> Result<T, kernel::Fault> + Send + 'static,
) -> Result<T, kernel::Fault> {
    db.write(db.cause(Actor::system()), work)
}

fn notice(version: &str) -> Notice {
    let row = |day, kind| NoticeRow {
        date: day,
        kind,
        name: "元旦".to_owned(),
    };
    Notice {
        version: version.to_owned(),
        source: "a test".to_owned(),
        year: 2027,
        status: Status::Official,
        kind: NoticeKind::WholeYear,
        rows: vec![
            row(date(2027, 1, 1), RowKind::Holiday),
            row(date(2027, 1, 4), RowKind::Holiday),
            row(date(2027, 1, 9), RowKind::Workday),
        ],
    }
}

#[test]
fn a_notice_makes_a_new_calendar_once_and_a_version_names_one_content() {
    for (db, _folder) in houses("notice") {
        let first = notice("cn-2027");
        let again = first.clone();
        assert_eq!(
            write(&db, move |tx| take_notice(tx, &first)),
            Ok(Taken::New)
        );
        assert_eq!(
            write(&db, move |tx| take_notice(tx, &again)),
            Ok(Taken::Known)
        );
        let mut other = notice("cn-2027");
        other.rows.pop();
        let refused = write(&db, move |tx| take_notice(tx, &other)).unwrap_err();
        assert_eq!(refused.refusal(), Some("operations.version_taken"));
        let mut gap = notice("cn-2031");
        gap.year = 2031;
        gap.rows = vec![NoticeRow {
            date: date(2031, 1, 1),
            kind: RowKind::Holiday,
            name: "元旦".to_owned(),
        }];
        let refused = write(&db, move |tx| take_notice(tx, &gap)).unwrap_err();
        assert_eq!(refused.refusal(), Some("operations.notice_wrong"));
        let days = db.read(calendar).unwrap();
        assert_eq!(db.read(calendar_version).unwrap(), "cn-2027");
        assert_eq!(days.is_working(date(2027, 1, 4)), Ok(false));
        assert_eq!(days.is_working(date(2027, 1, 9)), Ok(true));
        assert_eq!(days.year_status(2027), Some(Status::Official));
        let report = db.read(|tx| verify_deep(tx, &crate::tables())).unwrap();
        assert!(report.ok, "{:?}", report.findings);
    }
}

#[test]
fn a_region_that_a_new_list_leaves_out_is_abolished_and_still_resolves() {
    for (db, _folder) in houses("regions") {
        let code = |text: &str| RegionCode::parse(text).unwrap();
        let before = db.read(regions).unwrap();
        let mut list: BTreeMap<RegionCode, String> = before
            .counties()
            .into_iter()
            .filter(|(code, _)| code.as_str().starts_with("51"))
            .collect();
        list.remove(&code("511602"));
        list.insert(code("511699"), "新区".to_owned());
        let again = list.clone();
        let done = write(&db, move |tx| take_regions(tx, "gbt2260-2027", &list)).unwrap();
        assert_eq!(done.added, [code("511699")]);
        assert_eq!(done.abolished, [code("511602")]);
        let done = write(&db, move |tx| take_regions(tx, "gbt2260-2027", &again)).unwrap();
        assert_eq!(done.taken, Taken::Known);
        let now = db.read(regions).unwrap();
        assert_eq!(now.standing(&code("511602")), Standing::Abolished);
        assert_eq!(now.standing(&code("511699")), Standing::Current);
        assert_eq!(now.find(&code("511602")).unwrap().name, "广安区");
        assert_eq!(
            now.standing(&code("110101")),
            Standing::Current,
            "another province"
        );
    }
}

#[test]
fn personal_data_leave_with_a_purpose_only_and_the_ledger_knows() {
    for (db, _folder) in houses("export") {
        let refused = write(&db, |tx| note_export(tx, "cases", "root", " ", 3)).unwrap_err();
        assert_eq!(refused.refusal(), Some("operations.purpose_missing"));
        let id = write(&db, |tx| note_export(tx, "cases", "root", "审计", 3)).unwrap();
        let found = db.read(exports).unwrap();
        assert_eq!((found.len(), found[0].id, found[0].rows), (1, id, 3));
        assert_eq!(found[0].purpose, "审计");
        let lines = db.read(|tx| ledger::lines_of(tx, id)).unwrap();
        assert_eq!(lines.len(), 1);
    }
}
