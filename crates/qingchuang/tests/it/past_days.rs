//! A week in a hall by the real commands: the ledger stands behind every row of it, on both
//! stores, and one byte changed behind the program's back is found and named.

use jiff::civil::date;
use kernel::{Actor, Clock, Value};
use ledger::verify::{rebuild_compare, verify_deep};
use qingchuang::house::tables;
use qingchuang::seed;

use crate::hall::{TestHall, halls};

fn lived(name: &str, days: u32) -> Vec<TestHall> {
    let start = kernel::clock::hall_instant(date(2026, 9, 21).at(8, 0, 0, 0));
    let halls = halls(name, move || Clock::virtual_at(start, 7));
    for hall in &halls {
        seed::live_days(&hall.house.db, date(2026, 9, 21), days).expect("the days are lived");
    }
    halls
}

#[test]
fn a_lived_week_verifies_and_replays() {
    for hall in lived("week", 5) {
        let db = &hall.house.db;
        assert!(told(&hall) > 0, "applicants hear of their matters");
        assert_eq!(told(&hall), 0, "and of each thing once");
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

/// Follows the ledger into inboxes; answers how many letters came to be.
fn told(hall: &TestHall) -> i64 {
    let db = &hall.house.db;
    let count = || {
        let sql = "SELECT COUNT(*) FROM inbox_letter";
        let count = db.read(|tx| tx.query_one(sql, &[], |row| row.get(0)));
        count.expect("letters can be counted").unwrap_or(0)
    };
    qingchuang::jobs::seal_all(db, 0).expect("lines are sealed");
    let before: i64 = count();
    qingchuang::letters::follow(db).expect("the ledger can be followed");
    qingchuang::letters::remind(db).expect("reminders become letters");
    count() - before
}

#[test]
fn one_byte_changed_in_any_table_is_found_and_named() {
    for hall in lived("byte", 3) {
        let db = &hall.house.db;
        let columns = db
            .read(|tx| {
                let mut all = Vec::new();
                for table in tx.table_names()? {
                    for (column, _) in tx.column_names(&table)? {
                        all.push((table.clone(), column));
                    }
                }
                Ok(all)
            })
            .expect("the schema can be read");
        let unnoticed: Vec<String> = columns
            .into_iter()
            .filter(|(table, column)| !is_noticed(&hall, table, column))
            .map(|(table, column)| format!("{table}.{column}"))
            .collect();
        assert_eq!(unnoticed, Vec::<String>::new());
    }
}

/// Changes the largest value of a column wherever it stands, verifies, and rolls back.
fn is_noticed(hall: &TestHall, table: &str, column: &str) -> bool {
    let (db, table, column) = (&hall.house.db, table.to_owned(), column.to_owned());
    let (sender, receiver) = std::sync::mpsc::channel();
    let answer: Result<(), _> = db.write(db.cause(Actor::system()), move |tx| {
        let largest = format!(
            "SELECT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY {column} DESC LIMIT 1"
        );
        let found = tx.query_one(&largest, &[], |row| Ok(row.value(0)?.into_owned()))?;
        let noticed = match found {
            None => true,
            Some(was) => {
                let change = format!("UPDATE {table} SET {column} = $1 WHERE {column} = $2");
                tx.execute(&change, &[changed(&was), was])?;
                let report = verify_deep(tx, &tables())?;
                report
                    .findings
                    .iter()
                    .any(|finding| finding.place.contains(&table))
            }
        };
        let _the_test_waits = sender.send(noticed);
        Err(kernel::Fault::invalid("none", "field.required"))
    });
    assert!(answer.is_err(), "the change must not stay");
    receiver.try_recv().unwrap_or(false)
}

/// The same value with one thing different.
fn changed(value: &Value<'_>) -> Value<'static> {
    match value {
        Value::Null => Value::Null,
        Value::Int(number) => Value::Int(number + 1),
        Value::Bool(truth) => Value::Bool(!truth),
        Value::Text(text) => Value::Text(format!("{text}x").into()),
        Value::Bytes(bytes) => {
            let mut bytes = bytes.to_vec();
            if let Some(last) = bytes.last_mut() {
                *last ^= 1;
            }
            Value::Bytes(bytes.into())
        }
    }
}
