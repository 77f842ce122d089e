//! Tables in, tables out: real lists, twice the same list, and files that mean harm.

use super::item;
use crate::export;
use crate::import::table::measure;
use crate::import::{Change, ImportFault, ImportReport, RowOutcome, Tally, import};
use crate::model::{Coverage, ItemContent, Promise};
use crate::shipped::{self, DISTRICT_LIST};
use rust_xlsxwriter::Workbook;
use std::collections::BTreeMap;
use std::io::Write;

type Catalogue = BTreeMap<String, ItemContent>;

fn into(catalogue: &mut Catalogue, bytes: &[u8]) -> ImportReport {
    let report = import(bytes, |key| catalogue.get(key).cloned()).expect("a readable table");
    for row in &report.rows {
        if let Change::New(content) | Change::Changed(content) = &row.change {
            catalogue.insert(row.key.clone(), (**content).clone());
        }
    }
    report
}

fn fresh(bytes: &[u8]) -> Result<ImportReport, ImportFault> {
    import(bytes, |_| None)
}

fn refusals(text: &str) -> Vec<(u32, Option<&'static str>, &'static str)> {
    let report = fresh(text.as_bytes()).expect("a readable table");
    let refused = |row: &RowOutcome| match &row.change {
        Change::Refused(note) => Some((row.row, note.column, note.code)),
        _ => None,
    };
    report.rows.iter().filter_map(refused).collect()
}

const HEAD: &str = "地方实施编码,事项名称,事项类型,部门,统一社会信用代码,承诺时限,承诺时限单位\n";
const GOOD: &str =
    "511A1-511602000000-000-115113016823646795-1-00,某许可,行政许可,区行政审批局,,5,\n";

#[test]
fn the_real_list_is_taken_whole_and_doubts_are_told() {
    let mut catalogue = Catalogue::new();
    let report = into(&mut catalogue, DISTRICT_LIST);
    let tally = report.tally();
    assert_eq!((tally.new, tally.refused), (1135, 0));
    assert_eq!(catalogue.len(), 1135);
    // 146 rows name no credit code (one more hides it in small letters), 7 a provisional one.
    let told = |code: &str| {
        report
            .rows
            .iter()
            .filter(|r| r.warnings.iter().any(|w| w.code == code))
            .count()
    };
    assert_eq!(told("item.body_uscc_provisional"), 7);
    assert_eq!(told("item.body_uscc_missing"), 146);
    assert_eq!(told("item.local_code_shape"), 3);
    let tobacco = &catalogue["511A62001001-511602000000-000-TE5116020105116050-1-00"];
    assert_eq!(tobacco.body.uscc.as_deref(), Some("TE5116020105116050"));
    assert_eq!(tobacco.coverage, Coverage::Listed);
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let mut catalogue = Catalogue::new();
    into(&mut catalogue, DISTRICT_LIST);
    let before = catalogue.clone();
    let tally = into(&mut catalogue, DISTRICT_LIST).tally();
    assert_eq!((tally.new, tally.changed, tally.unchanged), (0, 0, 1135));
    assert_eq!(catalogue, before);
}

#[test]
fn a_full_item_keeps_its_materials_when_the_list_is_imported() {
    let mut catalogue: Catalogue = shipped::items()
        .expect("shipped items")
        .into_iter()
        .map(|item| (item.codes.key().expect("a code").to_owned(), item))
        .collect();
    let full = catalogue.len();
    let before = catalogue.clone();
    let tally = into(&mut catalogue, DISTRICT_LIST).tally();
    assert_eq!(
        (tally.new, tally.changed, tally.unchanged),
        (1135 - full, 0, full)
    );
    assert!(before.iter().all(|(key, item)| catalogue[key] == *item));
}

#[test]
fn what_is_exported_is_imported_unchanged() {
    let mut catalogue = Catalogue::new();
    into(&mut catalogue, DISTRICT_LIST);
    for item in shipped::items().expect("shipped items") {
        catalogue.insert(item.codes.key().expect("a code").to_owned(), item);
    }
    let items: Vec<ItemContent> = catalogue.values().cloned().collect();
    let mut tables = Vec::new();
    for lang in [kernel::Lang::Zh, kernel::Lang::En] {
        tables.push(export::csv(&items, lang).expect("a CSV file"));
        tables.push(export::excel(&items, lang).expect("a workbook"));
    }
    for table in tables {
        let tally = into(&mut catalogue, &table).tally();
        assert_eq!(
            (tally.unchanged, tally.changed, tally.new, tally.refused),
            (1135, 0, 0, 0)
        );
    }
}

#[test]
fn the_same_items_give_the_same_workbook() {
    let items = [item("felling_permit")];
    let made = || export::excel(&items, kernel::Lang::Zh).expect("a workbook");
    assert_eq!(made(), made());
}

#[test]
fn a_text_that_looks_like_a_formula_stays_a_text() {
    let mut evil = item("felling_permit");
    evil.name.zh = "=HYPERLINK(\"x\")".to_owned();
    let csv = export::csv(std::slice::from_ref(&evil), kernel::Lang::Zh).expect("a CSV file");
    let text = String::from_utf8(csv.clone()).expect("UTF-8");
    assert!(!text.contains(",\"=") && text.contains("'=HYPERLINK"));
    let report = fresh(&csv).expect("a readable table");
    assert_eq!(report.rows[0].name, evil.name.zh);
}

#[test]
fn a_wrong_cell_refuses_its_row_and_names_row_and_column() {
    let name = "511A2-511602000000-000-115113016823646795-1-00";
    for (line, column, code) in [
        (
            format!("{name},,行政许可,某局,,,"),
            Some("事项名称"),
            "import.cell_missing",
        ),
        (
            format!("{name},某事,行政魔法,某局,,,"),
            Some("事项类型"),
            "import.cell_unknown",
        ),
        (
            ",某事,行政许可,某局,,,".to_owned(),
            Some("地方实施编码"),
            "import.cell_missing",
        ),
        (
            format!("{name},某事,行政许可,某局,,五天,"),
            Some("承诺时限"),
            "import.cell_unknown",
        ),
        (
            format!("{name},某事,行政许可,某局,,5,光年"),
            Some("承诺时限单位"),
            "import.cell_unknown",
        ),
        (
            format!("{name},某事,行政许可,某局,,5,工作日,多"),
            None,
            "import.row_too_long",
        ),
        (
            format!("{name},{},行政许可,某局,,,", "长".repeat(501)),
            Some("事项名称"),
            "import.cell_too_long",
        ),
        (
            format!("{name},\"某\n事\",行政许可,某局,,,"),
            Some("事项名称"),
            "import.cell_line_break",
        ),
        (
            "短码,某事,行政许可,某局,,,".to_owned(),
            Some("行政区划代码"),
            "import.cell_missing",
        ),
        (GOOD.trim_end().to_owned(), None, "import.row_repeats"),
    ] {
        let found = refusals(&format!("{HEAD}{GOOD}{line}\n"));
        assert_eq!(found, [(3, column, code)], "{line}");
    }
}

#[test]
fn a_good_row_beside_a_bad_one_is_taken() {
    let report = fresh(format!("{HEAD},x,y,z,,,\n{GOOD}").as_bytes()).expect("a readable table");
    let expected = Tally {
        new: 1,
        refused: 1,
        ..Tally::default()
    };
    assert_eq!(report.tally(), expected);
    let Change::New(content) = &report.rows[1].change else {
        panic!("not taken")
    };
    assert_eq!(content.region, "511602000000");
    assert_eq!(content.body.uscc.as_deref(), Some("115113016823646795"));
    assert!(matches!(content.promised, Some(Promise::Within(limit)) if limit.amount == 5));
}

#[test]
fn a_row_that_was_refused_does_not_stand_in_the_way_of_its_correction() {
    let bad = GOOD.replace("行政许可", "行政魔法");
    let tally = fresh(format!("{HEAD}{bad}{GOOD}").as_bytes())
        .expect("a table")
        .tally();
    assert_eq!((tally.new, tally.refused), (1, 1));
}

#[test]
fn a_file_in_another_encoding_is_named_and_refused() {
    let gbk = [b"\xca\xc2\xcf\xee\xc3\xfb\xb3\xc6,".as_slice(), b"code\n"].concat();
    let encoding = |found: &str| {
        Err(ImportFault::Encoding {
            found: found.to_owned(),
        })
    };
    assert_eq!(fresh(&gbk), encoding("GBK"));
    assert_eq!(fresh(b"\xff\xfe\x8b\x4e"), encoding("UTF-16"));
    assert_eq!(fresh(b"name\xff\xffx"), encoding("?"));
    let cut = &HEAD.as_bytes()[..4];
    assert_eq!(fresh(cut), Err(ImportFault::CutOff));
}

#[test]
fn a_file_that_is_no_table_is_told_so() {
    assert_eq!(fresh(b""), Err(ImportFault::Empty));
    assert_eq!(fresh(b"\n\n,,\n"), Err(ImportFault::Empty));
    assert_eq!(fresh(b"%PDF-1.7"), Err(ImportFault::NotATable));
    assert_eq!(fresh(b"<html><table>"), Err(ImportFault::NotATable));
    assert_eq!(
        fresh(b"\xd0\xcf\x11\xe0\xa1\xb1"),
        Err(ImportFault::OldExcel)
    );
    let missing = "事项名称、事项类型、部门、地方实施编码".to_owned();
    assert_eq!(
        fresh(b"a,b,c\n1,2,3\n"),
        Err(ImportFault::Heading { missing })
    );
}

#[test]
fn a_workbook_cut_off_anywhere_is_a_fault_and_never_a_panic() {
    let whole = export::excel(&[item("felling_permit")], kernel::Lang::Zh).expect("a workbook");
    for part in 1..40 {
        let cut = &whole[..whole.len() * part / 40];
        assert!(
            fresh(cut).is_err(),
            "{part}/40 of a workbook was taken for a whole one"
        );
    }
}

#[test]
fn a_workbook_with_a_changed_byte_never_panics() {
    let whole = export::excel(&[item("felling_permit")], kernel::Lang::Zh).expect("a workbook");
    for at in (0..whole.len()).step_by(whole.len() / 150) {
        let mut harmed = whole.clone();
        harmed[at] ^= 0xff;
        drop(fresh(&harmed));
    }
}

#[test]
fn a_zip_bomb_is_measured_before_it_is_read() {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive
        .start_file("xl/worksheets/sheet1.xml", options)
        .expect("a part");
    for _ in 0..64 {
        archive.write_all(&[b' '; 1 << 15]).expect("room");
    }
    let bomb = archive.finish().expect("an archive").into_inner();
    assert!(bomb.len() < 1 << 15);
    assert_eq!(
        measure(&bomb, 1 << 20),
        Err(ImportFault::Bomb { max_mib: 1 })
    );
    assert_eq!(measure(&bomb, 4 << 20), Ok(()));
}

fn workbook(fill: impl Fn(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().expect("a workbook")
}

#[test]
fn a_cell_at_the_far_end_of_a_sheet_does_not_take_the_memory() {
    let far = workbook(|sheet| {
        sheet
            .write_string(1_048_575, 16_383, "x")
            .expect("the last cell");
    });
    assert!(matches!(
        fresh(&far),
        Err(ImportFault::TooManyColumns { .. })
    ));
}

#[test]
fn a_long_number_that_excel_damaged_is_not_taken_for_a_code() {
    let sheet = workbook(|sheet| {
        for (column, name) in (0..).zip([
            "地方实施编码",
            "事项名称",
            "事项类型",
            "部门",
            "统一社会信用代码",
        ]) {
            sheet.write_string(0, column, name).expect("a heading");
        }
        let code = "511A1-511602000000-000-115113016823646795-1-00";
        for (column, text) in (0..).zip([code, "某许可", "行政许可", "区行政审批局"]) {
            sheet.write_string(1, column, text).expect("a cell");
        }
        sheet
            .write_number(1, 4, 115_113_016_823_646_795.0)
            .expect("a cell");
    });
    let report = fresh(&sheet).expect("a readable workbook");
    let Change::Refused(note) = &report.rows[0].change else {
        panic!("taken")
    };
    assert_eq!(
        (note.code, note.column),
        ("import.cell_damaged", Some("统一社会信用代码"))
    );
}
