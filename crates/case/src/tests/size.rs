//! How little a finished case leaves behind.

use kernel::Actor;

use super::house::{House, houses};
use crate::*;

#[test]
fn a_finished_seven_op_case_fits_in_three_kilobytes() {
    for house in houses("bytes") {
        let staff = SevenOpStaff::default();
        let bytes = |house: &House| -> i64 {
            let sql = match house.db.kind() {
                db::StoreKind::Sqlite => "SELECT CAST(SUM(pgsize - unused) AS BIGINT) FROM dbstat",
                db::StoreKind::Postgres => return 0,
            };
            let found = house
                .db
                .read(|tx| tx.query_one(sql, &[], |row| row.get::<i64>(0)));
            found.unwrap().unwrap_or_default()
        };
        let before = bytes(&house);
        let cases = 100;
        for serial in 0..cases {
            let by = staff.clone();
            let system = house.by(Actor::system());
            let run = move |tx: &mut db::Tx<'_>| {
                let mut case = bench_case(tx, &by, serial)?;
                while !case.tasks.is_empty() {
                    case = bench_complete(tx, &by, &case, true)?;
                }
                Ok(())
            };
            house.db.write(system, run).unwrap();
        }
        let each = (bytes(&house) - before) / i64::try_from(cases).unwrap();
        assert!(each <= 3 * 1024, "{each} bytes a case");
    }
}
