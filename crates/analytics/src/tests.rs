//! The rules of the board: sums by hand-computed examples, lights against the legal clock, and
//! the store's answers against the pure rule on both stores.

use std::sync::Arc;

use calendar::{DueUnit, LegalClock, LightPolicy, Rule, WorkingDays};
use db::{Db, Migration, Options, Tx, params};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use kernel::uuid::Uuid;
use kernel::{Actor, Clock, Fault, Lang, OrganId, TypedId};

use crate::cutoffs::Cutoffs;
use crate::model::{DecidedGroup, Length, Mean, OpenGroup, Percent, RatedGroup, Share, Subject};
use crate::names::{Called, NameBook};
use crate::reports::{self, Lights};
use crate::sheet::{Cell, Sheet};
use crate::{CaseId, ItemId, Period, Selection, Shade, Style, Table};

/// A Monday, and the clock's day.
const TODAY: Date = date(2026, 11, 23);

fn days(count: u32) -> Length {
    Length {
        count,
        unit: DueUnit::Workday,
    }
}

fn subject(organ: u128, item: u128) -> Subject {
    Subject {
        organ: OrganId::from_uuid(Uuid::from_u128(organ)),
        item: ItemId::from_uuid(Uuid::from_u128(item)),
    }
}

fn cutoffs() -> Cutoffs<'static> {
    Cutoffs::new(TODAY, WorkingDays::built_in(), LightPolicy::default())
}

#[test]
fn a_light_by_cut_off_is_the_light_of_the_legal_clock() {
    let calendar = WorkingDays::built_in();
    let rule = |count| Rule::workdays("行政许可法 42", count);
    let mut met = std::collections::BTreeSet::new();
    for promised in [1, 3, 5, 10, 15, 20] {
        for back in 0..45 {
            let start = TODAY.saturating_sub(jiff::Span::new().days(back));
            let clock = LegalClock::new(calendar, rule(20), Some(rule(promised)), start).unwrap();
            let end = |count| calendar.after(start, count).unwrap().date;
            let (due, law) = (Some(end(promised)), Some(end(20)));
            let shade = cutoffs().shade(false, due, law, days(promised)).unwrap();
            let light = clock
                .light(calendar, TODAY, &LightPolicy::default())
                .unwrap();
            assert_eq!(
                format!("{light:?}"),
                format!("{shade:?}"),
                "{promised} from {start}"
            );
            met.insert(shade);
        }
    }
    assert_eq!(
        met.len(),
        4,
        "the example must meet all four lights: {met:?}"
    );
}

fn open(due: Date, law: Date, paused: bool, count: u64) -> OpenGroup {
    OpenGroup {
        subject: subject(1, 7),
        version: 1,
        due: Some(due),
        statutory_due: Some(law),
        length: days(10),
        paused,
        count,
    }
}

#[test]
fn each_running_case_has_one_light_and_a_standing_clock_none() {
    let late = date(2027, 1, 15);
    let groups = [
        open(date(2026, 12, 10), late, false, 5),
        open(TODAY, late, false, 2),
        open(date(2026, 11, 20), late, false, 3),
        open(date(2026, 11, 10), date(2026, 11, 20), false, 1),
        open(date(2026, 11, 10), date(2026, 11, 20), true, 4),
        open(date(2026, 11, 20), TODAY, false, 6),
    ];
    let lights = reports::lights(&groups, &cutoffs()).unwrap();
    let expected = Lights {
        green: 5,
        yellow: 2,
        red: 9,
        black: 1,
        paused: 4,
        due_today: 8,
    };
    assert_eq!(lights[&subject(1, 7)], expected);
    assert_eq!((expected.open(), expected.overdue()), (21, 10));
}

#[test]
fn speed_up_is_averaged_over_cases_not_over_items() {
    let group = |item, kept, limits, count| DecidedGroup {
        subject: subject(1, item),
        version: 1,
        kept_promise: kept,
        kept_law: Some(true),
        limits,
        count,
    };
    // 3 cases of 5 in 20 days (75 %), 1 of 10 in 20 (50 %), 1 whose limits cannot be compared.
    let sums = reports::handled(&[
        group(1, Some(true), Some((5, 20)), 3),
        group(2, Some(false), Some((10, 20)), 1),
        group(2, None, None, 1),
    ]);
    let total = reports::total(&sums);
    assert_eq!(total.decided, 5);
    assert_eq!(
        total.speed_up.per_mille(),
        Some(688),
        "(3 × 75 + 50) ÷ 4 = 68.75 %"
    );
    assert_eq!(total.kept_promise, Share { part: 3, whole: 4 });
    assert_eq!(total.kept_law.per_mille(), Some(1000));
    let by_organ = reports::by_organ(&sums);
    assert_eq!(by_organ.values().copied().collect::<Vec<_>>(), [total]);
}

#[test]
fn a_rating_by_lapse_is_never_satisfaction() {
    let group = |is_bad, is_default, count| RatedGroup {
        subject: subject(1, 1),
        version: 1,
        is_bad,
        is_default,
        count,
    };
    let sums = reports::rated(&[
        group(false, false, 3),
        group(true, false, 1),
        group(false, true, 6),
    ]);
    let rated = sums[&subject(1, 1)];
    assert_eq!(rated.satisfaction(), Share { part: 3, whole: 4 });
    assert_eq!(rated.response(), Share { part: 4, whole: 10 });
}

#[test]
fn a_share_of_nothing_is_a_dash_and_halves_round_up() {
    let share = |part, whole| Percent(Share { part, whole }.per_mille()).to_string();
    assert_eq!(share(0, 0), "—");
    assert_eq!(share(1, 3), "33.3%");
    assert_eq!(share(2, 3), "66.7%");
    assert_eq!(share(1, 16), "6.3%");
    let mean = |millionths, count| Percent(Mean { millionths, count }.per_mille()).to_string();
    assert_eq!(mean(0, 0), "—");
    assert_eq!(mean(-500_000, 2), "-25.0%");
}

#[test]
fn a_period_is_thirty_days_unless_asked_and_never_backwards() {
    let usual = Period::new(TODAY, None, None).unwrap();
    assert_eq!((usual.from, usual.days().count()), (date(2026, 10, 25), 30));
    assert!(Period::new(TODAY, Some(TODAY), Some(date(2026, 11, 22))).is_err());
    assert!(Period::new(TODAY, Some(date(2025, 11, 22)), None).is_err());
    assert!(Period::new(TODAY, Some(Date::MIN), Some(Date::MAX)).is_err());
}

#[test]
fn a_name_that_looks_like_a_formula_stays_a_text_in_both_files() {
    let sheet = Sheet {
        key: "cases",
        caption: String::new(),
        head: vec!["事项".to_owned(), "n".to_owned()],
        rows: vec![vec![
            Cell::Text("=HYPERLINK(\"x\")".to_owned()).into(),
            Cell::Count(7).into(),
        ]],
    };
    let csv = String::from_utf8(sheet.csv(TODAY).bytes).unwrap();
    assert!(csv.contains("\"'=HYPERLINK(\"\"x\"\")\",7"), "{csv}");
    let xlsx = sheet.xlsx(TODAY).unwrap();
    assert!(xlsx.bytes.starts_with(b"PK"));
    assert_eq!(
        sheet.xlsx(TODAY).unwrap(),
        xlsx,
        "the same table is the same file"
    );
}

/// The columns of the rooms' views that the board reads.
const VIEWS: &[Migration] = &[Migration {
    room: "stand_in",
    number: 1,
    sql: "CREATE TABLE case_view_board (id BYTEA, number TEXT, organ BYTEA, item BYTEA, \
          version BIGINT, status TEXT, verdict TEXT, statutory_count BIGINT, \
          statutory_unit TEXT, promised_count BIGINT, promised_unit TEXT, promised_due TEXT, \
          statutory_due TEXT, opened_on TEXT, decided_on TEXT, closed_on TEXT); \
          CREATE TABLE evaluation_view_board (organ BYTEA, item BYTEA, item_version BIGINT, \
          grade TEXT, is_default BOOLEAN, is_bad BOOLEAN, rated_on TEXT)",
}];

struct Book;
impl NameBook for Book {
    fn item(
        &self,
        _tx: &mut Tx<'_>,
        item: ItemId,
        version: u32,
    ) -> Result<(String, Option<String>), Fault> {
        Ok((format!("事项{}·{version}", item.uuid().as_u128()), None))
    }
    fn organ(&self, _tx: &mut Tx<'_>, organ: OrganId) -> Result<String, Fault> {
        Ok(format!("机关{}", organ.uuid().as_u128()))
    }
}

fn houses(name: &str) -> Vec<(Db, tempfile::TempDir)> {
    let mut houses = Vec::new();
    let mut add = |open: &dyn Fn(&tempfile::TempDir, Options) -> Db| {
        let folder = tempfile::tempdir().unwrap();
        let start: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
        let db = open(&folder, Options::new(Clock::virtual_at(start, 5), [7; 32]));
        db.lend(Arc::new(WorkingDays::built_in().clone()));
        db.lend(Arc::new(Called(Box::new(Book))));
        db::migrate::run(&db, db.cause(Actor::system()), &[VIEWS]).unwrap();
        db.write(db.cause(Actor::system()), furnish).unwrap();
        houses.push((db, folder));
    };
    add(&|folder, options| Db::sqlite(folder.path(), options).unwrap());
    if let Ok(url) = std::env::var("QINGCHUANG_TEST_POSTGRES") {
        let url = db::testing::schema(&url, &format!("analytics_{name}"));
        add(&move |_, options| Db::postgres(&url, options).unwrap());
    }
    houses
}

/// Sixty running cases of two organs around today, twenty decided ones, ten ratings.
fn furnish(tx: &mut Tx<'_>) -> Result<(), Fault> {
    let calendar = WorkingDays::built_in();
    let sql = "INSERT INTO case_view_board (id, number, organ, item, version, status, verdict, \
               statutory_count, statutory_unit, promised_count, promised_unit, promised_due, \
               statutory_due, opened_on, decided_on, closed_on) VALUES ($1, $2, $3, $4, $5, $6, \
               $7, 20, 'workday', $8, 'workday', $9, $10, $11, $12, $12)";
    for number in 0..80u32 {
        let (id, whose) = (
            CaseId::from_uuid(Uuid::from_u128(u128::from(number) + 1000)),
            subject(u128::from(number % 2) + 1, u128::from(number % 3) + 1),
        );
        let promised = [3u32, 5, 10][number as usize % 3];
        let opened = TODAY.saturating_sub(jiff::Span::new().days(i64::from(number % 40)));
        let end = |count| calendar.after(opened, count).map(|due| due.date);
        let decided = (60 <= number).then_some(opened);
        let status = match number {
            60.. => "delivered",
            7 | 8 => "paused",
            _ => "under_review",
        };
        tx.execute(
            sql,
            params![
                id,
                format!("A{number:03}"),
                whose.organ,
                whose.item,
                1 + i64::from(number % 2),
                status,
                decided.map(|_| "granted"),
                promised,
                end(promised).map_err(Fault::broken)?,
                end(20).map_err(Fault::broken)?,
                opened,
                decided,
            ],
        )?;
    }
    let sql = "INSERT INTO evaluation_view_board (organ, item, item_version, grade, is_default, \
               is_bad, rated_on) VALUES ($1, $2, 1, 'satisfied', $3, FALSE, $4)";
    for number in 0..10u32 {
        let whose = subject(1, 1);
        tx.execute(sql, params![whose.organ, whose.item, number < 4, TODAY])?;
    }
    Ok(())
}

#[test]
fn the_list_behind_a_count_has_as_many_cases_as_the_count() {
    for (db, _folder) in houses("drill") {
        let period = Period::new(TODAY, None, None).unwrap();
        let all = Selection::default();
        let board = db.read(|tx| crate::board(tx, &all, period)).unwrap();
        let total: Lights = reports::total(&board.lights);
        assert_eq!(total.open(), 60);
        let list = |shade| {
            let listed = db
                .read(|tx| crate::cases(tx, &all, shade, None, 100))
                .unwrap()
                .0;
            let fits = |one: &crate::ListedCase| {
                shade.is_none_or(|shade| shade == one.shade || shade == Shade::DueToday)
            };
            assert!(listed.iter().all(fits), "{shade:?}");
            listed.len() as u64
        };
        assert_eq!(list(None), 60);
        assert_eq!(list(Some(Shade::Green)), total.green);
        assert_eq!(list(Some(Shade::Yellow)), total.yellow);
        assert_eq!(list(Some(Shade::Red)), total.red);
        assert_eq!(list(Some(Shade::Black)), total.black);
        assert_eq!((list(Some(Shade::Paused)), total.paused), (2, 2));
        assert_eq!(list(Some(Shade::DueToday)), total.due_today);
        assert!(
            1 <= total
                .green
                .min(total.yellow)
                .min(total.red)
                .min(total.black)
        );
    }
}

#[test]
fn a_list_turns_its_pages_without_gap_or_twin() {
    for (db, _folder) in houses("pages") {
        let all = Selection::default();
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = db
                .read(|tx| crate::cases(tx, &all, None, after, 7))
                .unwrap()
                .0;
            let Some(last) = page.last() else { break };
            after = Some(crate::store::key_of(&last.line));
            seen.extend(page.iter().map(|one| one.line.id));
        }
        let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
        assert_eq!((seen.len(), distinct.len()), (60, 60));
    }
}

#[test]
fn a_department_counts_its_own_cases_whatever_it_asks_for() {
    for (db, _folder) in houses("rights") {
        let period = Period::new(TODAY, None, None).unwrap();
        let open = |right: Option<u128>, organ: Option<u128>| {
            let id = |number| subject(number, 1).organ;
            let selection = Selection {
                right: right.map(id),
                organ: organ.map(id),
                item: None,
            };
            let board = db.read(|tx| crate::board(tx, &selection, period)).unwrap();
            let decided: reports::Handled = reports::total(&board.handled);
            let lights: Lights = reports::total(&board.lights);
            (lights.open(), decided.decided)
        };
        let (whole, own, other) = (open(None, None), open(Some(1), None), open(None, Some(2)));
        assert_eq!(own.0 + other.0, whole.0);
        assert_eq!(own.1 + other.1, whole.1);
        assert_eq!(open(Some(1), Some(2)), (0, 0));
    }
}

#[test]
fn a_sheet_is_as_wide_as_its_head_and_has_words_for_all_of_it() {
    let words = web::Words::new(&[("analytics", crate::MESSAGES)]).unwrap();
    for (db, _folder) in houses("sheets") {
        let period = Period::new(TODAY, None, None).unwrap();
        let all = Selection::default();
        let board = db.read(|tx| crate::board(tx, &all, period)).unwrap();
        for table in Table::ALL {
            let (words, linked) = (&words, true);
            let style = Style {
                words,
                lang: Lang::En,
                linked,
            };
            let sheet = board.sheet(*table, style);
            assert!(!sheet.rows.is_empty(), "{table}");
            assert!(
                sheet.rows.iter().all(|row| row.len() == sheet.head.len()),
                "{table}"
            );
            assert!(!sheet.head.iter().any(|head| head.starts_with("analytics.")));
            assert!(!sheet.caption.starts_with("analytics."));
        }
        let rated: reports::Rated = reports::total(&board.rated);
        assert_eq!((rated.finished, rated.answered), (10, 6));
    }
}

#[test]
fn every_shipped_process_may_be_published_and_keeps_its_promise() {
    for procedure in crate::workshop::shipped() {
        for lang in [kernel::Lang::Zh, kernel::Lang::En] {
            let looked = crate::workshop::look(procedure.xml.as_bytes(), lang);
            assert!(looked.good, "{}: {:?}", procedure.name, looked.findings);
            assert!(looked.picture.starts_with("<svg"), "{}", procedure.name);
            let (promised, longest) = (looked.promised, looked.longest);
            let kept = promised.zip(longest);
            assert!(kept.is_none_or(|(promised, longest)| longest <= promised.into()));
        }
    }
}

#[test]
fn a_process_that_gets_stuck_is_shown_with_the_way_to_it() {
    let stuck = process::procedures::JOINT_OPINION.xml;
    let stuck = stuck.replace("parallelGateway", "exclusiveGateway");
    let looked = crate::workshop::look(stuck.as_bytes(), kernel::Lang::En);
    assert!(!looked.good);
    assert!(looked.findings.iter().any(|finding| finding.error));
    let nothing = crate::workshop::look(b"<nothing", kernel::Lang::Zh);
    assert!(!nothing.good && nothing.picture.is_empty());
    assert_eq!(nothing.findings.len(), 1);
}

#[test]
fn two_processes_are_compared_by_the_same_year() {
    let days = |name| {
        let procedure = crate::workshop::shipped().find(|one| one.name == name);
        crate::workshop::lived(procedure.unwrap().xml, 5, 300, 7).unwrap()
    };
    let (before, after) = (days("construction_42"), days("construction_38"));
    assert!(after.expected_days * 4.0 < before.expected_days);
    assert_eq!(days("construction_38"), after);
}
