//! A page of an officer's work list among many open cases, rights in the query.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use case::{Scope, SevenOpStaff};
use db::Db;
use indicatif::ProgressBar;

use super::measure::{Client, Figures, Load, micros};
use super::{Plan, lifecycle, store};

/// How many threads fill the store: as many as share a commit well.
const FILLERS: u64 = 64;
/// Lines of a page, as the pages ask for.
const LINES: usize = 51;
/// What the limit is.
const LIMIT: &str = "bare seeks of as many rows over an index of the same store";

/// Measures it among `cases` open cases.
///
/// # Errors
/// When the store fails.
pub fn worklist(plan: &Plan, folder: &Path, clients: usize, cases: u64) -> anyhow::Result<Figures> {
    let house = lifecycle::open(plan, folder)?;
    fill(&house.db, cases)?;
    crate::jobs::seal_all(&house.db, 0)?;
    let load = Load {
        db: &house.db,
        clients,
        seconds: plan.seconds,
    };
    let runs = load.runs(|| Ok(reader(&house.db)))?;
    let limits = load.runs(|| Ok(store::bare_pages(&house.db, LINES as i64)))?;
    Ok(load.figures(&format!("worklist-{cases}"), &runs, (LIMIT, &limits)))
}

/// Opens cases; every tenth is finished, every third has its first opinion.
fn fill(db: &Db, cases: u64) -> anyhow::Result<()> {
    let serial = Arc::new(AtomicU64::new(0));
    let bar = ProgressBar::new(cases);
    let threads: Vec<_> = (0..FILLERS)
        .map(|_| {
            let (db, serial, bar) = (db.clone(), Arc::clone(&serial), bar.clone());
            std::thread::spawn(move || {
                loop {
                    let number = serial.fetch_add(1, Ordering::Relaxed);
                    if number >= cases {
                        return anyhow::Ok(());
                    }
                    one_case(&db, number)?;
                    bar.inc(1);
                }
            })
        })
        .collect();
    for thread in threads {
        let ended = thread.join();
        ended.map_err(|_| anyhow::anyhow!("a filler panicked"))??;
    }
    bar.finish_and_clear();
    Ok(())
}

fn one_case(db: &Db, number: u64) -> anyhow::Result<()> {
    let staff = SevenOpStaff::default();
    let first = staff.clone();
    let cause = db.cause(staff.clerk().actor());
    let mut case = db.write(cause, move |tx| case::bench_case(tx, &first, number))?;
    let steps = match (number % 10, number % 3) {
        (0, _) => u32::MAX,
        (_, 0) => 2,
        _ => 1,
    };
    for _ in 0..steps {
        if case.tasks.is_empty() {
            break;
        }
        let (staff, now) = (staff.clone(), case);
        let cause = db.cause(kernel::Actor::system());
        case = db.write(cause, move |tx| {
            case::bench_complete(tx, &staff, &now, true)
        })?;
    }
    Ok(())
}

/// A client that opens its list: what its post may take, what the organ has, what it holds.
fn reader(db: &Db) -> Client {
    let (db, staff) = (db.clone(), SevenOpStaff::default());
    let mut turn = 0_usize;
    Box::new(move |latencies| {
        let scope = Scope::ALL[turn % Scope::ALL.len()];
        turn += 1;
        let began = Instant::now();
        db.read(|tx| case::bench_worklist(tx, &staff, scope, LINES))?;
        latencies.push(micros(began));
        Ok(())
    })
}
