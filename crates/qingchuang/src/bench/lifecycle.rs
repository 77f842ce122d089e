//! The seven-op approval case, in process: the case room with its ledger and its engine, without
//! a rim and without neighbours.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use case::SevenOpStaff;
use db::Db;

use super::measure::{Client, Figures, Load, Run, micros};
use super::{Plan, silent, store};
use crate::config::Config;
use crate::house::House;

/// Operations of one case.
const OPS: u64 = 7;

/// Measures it.
///
/// # Errors
/// When the store fails.
pub fn case_lifecycle(plan: &Plan, folder: &Path, clients: usize) -> anyhow::Result<Figures> {
    let house = open(plan, folder)?;
    let serial = Arc::new(AtomicU64::new(0));
    let load = Load {
        db: &house.db,
        clients,
        seconds: plan.seconds,
    };
    let is_embedded = plan.database.is_none();
    let size = || match is_embedded {
        true => store::bytes(&house.db).map(Some),
        false => Ok(None),
    };
    let before = size()?;
    let runs = load.runs(|| Ok(live_cases(&house.db, &serial)))?;
    crate::jobs::seal_all(&house.db, 0)?;
    let cases = i64::try_from(runs.iter().map(Run::ops).sum::<u64>() / OPS)?;
    let grown = size()?.zip(before).map(|(after, before)| after - before);
    let limits = load.runs(|| Ok(store::bare_inserts(&house.db)))?;
    let mut figures = load.figures("case-lifecycle", &runs, (store::LIMIT, &limits));
    figures.bytes_per_case = grown.map(|bytes| bytes / cases.max(1));
    Ok(figures)
}

/// A house whose neighbours say nothing, with the table of the limit.
pub(super) fn open(plan: &Plan, folder: &Path) -> anyhow::Result<House> {
    let config = Config {
        data: folder.to_owned(),
        database: plan.database.clone(),
        ..Config::default()
    };
    let house = silent::house(&config)?;
    store::prepare(&house.db)?;
    Ok(house)
}

/// A client that lives whole cases.
fn live_cases(db: &Db, serial: &Arc<AtomicU64>) -> Client {
    let (db, serial, staff) = (db.clone(), Arc::clone(serial), SevenOpStaff::default());
    Box::new(move |latencies| {
        let number = serial.fetch_add(1, Ordering::Relaxed);
        let first = staff.clone();
        let began = Instant::now();
        let cause = db.cause(staff.clerk().actor());
        let mut case = db.write(cause, move |tx| case::bench_case(tx, &first, number))?;
        latencies.push(micros(began));
        while !case.tasks.is_empty() {
            let (staff, now, grant) = (staff.clone(), case, !number.is_multiple_of(5));
            let began = Instant::now();
            let cause = db.cause(staff.doer_of_first(&now).actor());
            case = db.write(cause, move |tx| {
                case::bench_complete(tx, &staff, &now, grant)
            })?;
            latencies.push(micros(began));
        }
        Ok(())
    })
}
