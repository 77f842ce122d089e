//! Figures, each beside the machine's own limit in the same run: a figure alone says more about
//! the machine's mood than about the program.

mod silent;
mod store;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use case::SevenOpStaff;
use db::Db;
use kernel::{Actor, Clock, Fault};
use serde::Serialize;

use crate::config::Config;
use crate::house::{House, Mode};

/// How often each measurement is taken; the median counts.
const RUNS: usize = 3;

/// One line of figures.
#[derive(Debug, Clone, Serialize)]
pub struct Figures {
    /// What was measured.
    pub name: String,
    /// Operations a second: the median of three runs.
    pub median: u64,
    /// `ops/s`.
    pub unit: &'static str,
    /// How many clients asked at once.
    pub clients: usize,
    /// Half of all answers came within so many milliseconds.
    pub p50_ms: f64,
    /// 99 of 100 answers came within so many milliseconds.
    pub p99_ms: f64,
    /// A bare insert of as many bytes through the same writer, in the same run, a second.
    pub limit: u64,
    /// The median as a share of the limit.
    pub ratio: f64,
    /// Processor time of the whole program for one operation, in milliseconds.
    pub cpu_ms_per_op: f64,
    /// SQL statements for one operation.
    pub statements_per_op: f64,
    /// Bytes on disk for one finished case, ledger included (embedded store only).
    pub bytes_per_case: Option<u64>,
    /// Largest resident memory so far, in MiB.
    pub resident_mib: u64,
}

struct Run {
    ops: u64,
    per_second: u64,
    latencies: Vec<u64>,
    cpu_ms: u64,
    statements: u64,
}

/// The seven-op approval case, durable, in process.
///
/// # Errors
/// When the store fails.
pub fn case_lifecycle(
    database: Option<&str>,
    folder: &Path,
    clients: usize,
    seconds: u64,
) -> anyhow::Result<Figures> {
    let config = Config {
        data: folder.to_owned(),
        database: database.map(str::to_owned),
        connections: 8,
        ..Config::default()
    };
    let house = House::open(&config, Clock::real(), Mode::Write)?;
    house
        .db
        .lend(Arc::new(case::Hall::new(Arc::new(silent::Silent))));
    store::prepare(&house.db)?;
    let (mut runs, mut limits) = (Vec::new(), Vec::new());
    let before = store::bytes(folder);
    let serial = Arc::new(AtomicU64::new(0));
    for _ in 0..RUNS {
        runs.push(measure(&house.db, clients, seconds, &serial, live_case)?);
    }
    crate::jobs::seal_all(&house.db, 0)?;
    let cases = runs.iter().map(|run| run.ops).sum::<u64>() / 7;
    let after = store::bytes(folder);
    for _ in 0..RUNS {
        limits.push(measure(&house.db, clients, seconds, &serial, bare_insert)?);
    }
    let bytes = database
        .is_none()
        .then(|| after.saturating_sub(before) / cases.max(1));
    Ok(summary("case-lifecycle", clients, runs, &limits, bytes))
}

/// Does some operations and says how many, with the time of each in microseconds.
type Load = fn(&Db, &AtomicU64, &mut Vec<u64>) -> Result<(), Fault>;

fn measure(
    db: &Db,
    clients: usize,
    seconds: u64,
    serial: &Arc<AtomicU64>,
    load: Load,
) -> Result<Run, Fault> {
    let stop = Arc::new(AtomicBool::new(false));
    let sealer = {
        let (db, stop) = (db.clone(), Arc::clone(&stop));
        std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                let _the_last_sealing_reports = crate::jobs::seal_all(&db, 0);
                std::thread::sleep(Duration::from_millis(250));
            }
        })
    };
    let (cpu, statements, began) = (cpu_ms(), db.statement_count(), Instant::now());
    let threads: Vec<_> = (0..clients)
        .map(|_| {
            let (db, serial) = (db.clone(), Arc::clone(serial));
            std::thread::spawn(move || {
                let mut latencies = Vec::new();
                while began.elapsed() < Duration::from_secs(seconds) {
                    load(&db, &serial, &mut latencies)?;
                }
                Ok::<_, Fault>(latencies)
            })
        })
        .collect();
    let mut latencies = Vec::new();
    for thread in threads {
        latencies.extend(
            thread
                .join()
                .map_err(|_| Fault::broken("a client panicked"))??,
        );
    }
    let elapsed = began.elapsed();
    stop.store(true, Ordering::Relaxed);
    sealer
        .join()
        .map_err(|_| Fault::broken("the sealer panicked"))?;
    let ops = latencies.len() as u64;
    let micros = u64::try_from(elapsed.as_micros())
        .unwrap_or(u64::MAX)
        .max(1);
    Ok(Run {
        ops,
        per_second: ops.saturating_mul(1_000_000) / micros,
        latencies,
        cpu_ms: cpu_ms().saturating_sub(cpu),
        statements: db.statement_count() - statements,
    })
}

fn live_case(db: &Db, serial: &AtomicU64, latencies: &mut Vec<u64>) -> Result<(), Fault> {
    let staff = SevenOpStaff::default();
    let number = serial.fetch_add(1, Ordering::Relaxed);
    let actor = staff.clerk().actor();
    let first = staff.clone();
    let began = Instant::now();
    let mut case = db.write(db.cause(actor), move |tx| {
        case::bench_case(tx, &first, number)
    })?;
    latencies.push(micros(began));
    while !case.tasks.is_empty() {
        let (staff, now, grant) = (staff.clone(), case, !number.is_multiple_of(5));
        let began = Instant::now();
        let cause = db.cause(Actor::system());
        case = db.write(cause, move |tx| {
            case::bench_complete(tx, &staff, &now, grant)
        })?;
        latencies.push(micros(began));
    }
    Ok(())
}

fn bare_insert(db: &Db, serial: &AtomicU64, latencies: &mut Vec<u64>) -> Result<(), Fault> {
    let number = serial.fetch_add(1, Ordering::Relaxed);
    let began = Instant::now();
    db.write(db.cause(Actor::system()), move |tx| {
        store::bare_insert(tx, number)
    })?;
    latencies.push(micros(began));
    Ok(())
}

fn micros(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX)
}

fn summary(
    name: &str,
    clients: usize,
    mut runs: Vec<Run>,
    limits: &[Run],
    bytes_per_case: Option<u64>,
) -> Figures {
    let median = median(runs.iter().map(|run| run.per_second).collect());
    let limit = self::median(limits.iter().map(|run| run.per_second).collect());
    let ops: u64 = runs.iter().map(|run| run.ops).sum::<u64>().max(1);
    let (cpu, statements) = runs.iter().fold((0, 0), |(cpu, sql), run| {
        (cpu + run.cpu_ms, sql + run.statements)
    });
    let mut all: Vec<u64> = runs
        .iter_mut()
        .flat_map(|run| run.latencies.drain(..))
        .collect();
    all.sort_unstable();
    Figures {
        name: name.to_owned(),
        median,
        unit: "ops/s",
        clients,
        p50_ms: percentile_ms(&all, 50),
        p99_ms: percentile_ms(&all, 99),
        limit,
        ratio: median as f64 / limit.max(1) as f64,
        cpu_ms_per_op: cpu as f64 / ops as f64,
        statements_per_op: statements as f64 / ops as f64,
        bytes_per_case,
        resident_mib: resident_mib(),
    }
}

fn median(mut all: Vec<u64>) -> u64 {
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or(0)
}

fn percentile_ms(sorted: &[u64], percent: usize) -> f64 {
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).map_or(0.0, |micros| *micros as f64 / 1000.0)
}

/// Processor time of the program so far, in milliseconds (Linux counts hundredths of a second).
fn cpu_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = stat.rsplit(") ").next().unwrap_or_default();
    let fields: Vec<&str> = behind_name.split(' ').collect();
    let ticks = |index: usize| fields.get(index).and_then(|text| text.parse::<u64>().ok());
    (ticks(11).unwrap_or(0) + ticks(12).unwrap_or(0)) * 10
}

/// The largest resident memory so far, in MiB.
fn resident_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap_or_default();
    let kib = line
        .split_whitespace()
        .nth(1)
        .and_then(|text| text.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}
