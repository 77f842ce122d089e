//! A week in a hall by the real commands: the ledger stands behind every row of it, on both
//! stores, and one byte changed behind the program's back is found and named.

use jiff::civil::date;
use kernel::{Actor, Clock};
use ledger::verify::{rebuild_compare, verify_deep};
use qingchuang::house::tables;
use qingchuang::seed;

use crate::hall::{TestHall, halls};

fn week(name: &str) -> Vec<TestHall> {
    let start = kernel::clock::hall_instant(date(2026, 9, 21).at(8, 0, 0, 0));
    let halls = halls(name, move || Clock::virtual_at(start, 7));
    for hall in &halls {
        seed::live_days(&hall.house.db, date(2026, 9, 21), 5).expect("the week is lived");
    }
    halls
}

#[test]
fn a_lived_week_verifies_and_replays() {
    for hall in week("week") {
        let db = &hall.house.db;
        let deep = db
            .read(|tx| verify_deep(tx, &tables()))
            .expect("it can be read");
        assert_eq!(deep.findings, vec![]);
        assert!(100 < deep.size, "{} lines", deep.size);
        let rebuilt = db
            .read(|tx| rebuild_compare(tx, &tables()))
            .expect("it can be read");
        assert!(rebuilt.ok);
    }
}

#[test]
fn one_byte_changed_in_any_table_is_found_and_named() {
    for hall in week("byte") {
        let db = &hall.house.db;
        let columns = db
            .read(|tx| {
                let mut all = Vec::new();
                for table in tx.table_names()? {
                    for (column, kind) in tx.column_names(&table)? {
                        all.push((table.clone(), column, kind.to_lowercase()));
                    }
                }
                Ok(all)
            })
            .expect("the schema can be read");
        let mut unnoticed = Vec::new();
        for (table, column, kind) in columns {
            if let Some(change) = change_of(&table, &column, &kind) {
                if !is_noticed(&hall, &table, change) {
                    unnoticed.push(format!("{table}.{column}"));
                }
            }
        }
        assert_eq!(unnoticed, Vec::<String>::new());
    }
}

/// A statement that changes one value of a column in one row, where there is one.
fn change_of(table: &str, column: &str, kind: &str) -> Option<String> {
    let changed = match kind {
        "bigint" | "integer" => format!("{column} + 1"),
        "boolean" => format!("NOT {column}"),
        "text" => format!("{column} || 'x'"),
        // The same bytes but for the last: cut off and replaced.
        _ => return None,
    };
    Some(format!(
        "UPDATE {table} SET {column} = {changed} WHERE {column} = \
         (SELECT MIN({column}) FROM {table})"
    ))
}

/// Changes, verifies, and rolls everything back.
fn is_noticed(hall: &TestHall, table: &str, change: String) -> bool {
    let (db, table) = (&hall.house.db, table.to_owned());
    let (sender, receiver) = std::sync::mpsc::channel();
    let answer: Result<(), _> = db.write(db.cause(Actor::system()), move |tx| {
        let touched = tx.execute(&change, &[])?;
        let noticed = touched == 0 || {
            let report = verify_deep(tx, &tables())?;
            report
                .findings
                .iter()
                .any(|finding| finding.place.contains(&table))
        };
        let _ = sender.send(noticed);
        Err(kernel::Fault::invalid("none", "field.required"))
    });
    assert!(answer.is_err(), "the change must not stay");
    receiver.try_recv().unwrap_or(false)
}
