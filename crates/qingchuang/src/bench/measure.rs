//! Measuring: some clients ask without rest for some seconds, three times; the median counts, and
//! the bare limit is measured right after, in the same way.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::anyhow;
use db::Db;
use serde::Serialize;

use super::machine::{cpu_ms, resident_mib};

/// How often each measurement is taken; the median counts.
pub(super) const RUNS: usize = 3;

/// One line of figures.
#[derive(Debug, Clone, Serialize)]
pub struct Figures {
    /// What was measured.
    pub name: String,
    /// `sqlite` or `postgres`.
    pub store: &'static str,
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
    /// The machine's own limit, in the same run, a second; `limit_of` says what it is.
    pub limit: u64,
    /// What the limit is.
    pub limit_of: &'static str,
    /// The median as a share of the limit.
    pub ratio: f64,
    /// Processor time of the whole program for one operation, in milliseconds; with HTTP the
    /// clients are part of the program.
    pub cpu_ms_per_op: f64,
    /// SQL statements for one operation.
    pub statements_per_op: f64,
    /// Bytes on disk for one finished case, ledger included (embedded store only).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes_per_case: Option<i64>,
    /// Largest resident memory so far, in MiB.
    pub resident_mib: u64,
}

/// One client: does a piece of work and writes down how long each operation took, in
/// microseconds.
pub(super) type Client = Box<dyn FnMut(&mut Vec<u64>) -> anyhow::Result<()> + Send>;

/// What a run is made of.
pub(super) struct Load<'a> {
    /// The store, for its counters and the sealer beside the load.
    pub(super) db: &'a Db,
    /// How many clients.
    pub(super) clients: usize,
    /// How long one run lasts.
    pub(super) seconds: u64,
}

/// One run.
pub(super) struct Run {
    per_second: u64,
    latencies: Vec<u64>,
    cpu_ms: u64,
    statements: u64,
}

impl Run {
    /// How many operations it did.
    pub(super) fn ops(&self) -> u64 {
        self.latencies.len() as u64
    }
}

impl Load<'_> {
    /// [`RUNS`] runs with fresh clients each.
    pub(super) fn runs(
        &self,
        client: impl Fn() -> anyhow::Result<Client>,
    ) -> anyhow::Result<Vec<Run>> {
        (0..RUNS).map(|_| self.run(&client)).collect()
    }

    fn run(&self, client: &impl Fn() -> anyhow::Result<Client>) -> anyhow::Result<Run> {
        let sealer = Sealer::beside(self.db);
        let clients: Vec<Client> = (0..self.clients)
            .map(|_| client())
            .collect::<Result<_, _>>()?;
        let (cpu, statements) = (cpu_ms(), self.db.statement_count());
        let (began, whole) = (Instant::now(), Duration::from_secs(self.seconds));
        let threads: Vec<_> = clients
            .into_iter()
            .map(|mut work| {
                std::thread::spawn(move || {
                    let mut latencies = Vec::new();
                    loop {
                        work(&mut latencies)?;
                        if whole <= began.elapsed() {
                            return anyhow::Ok(latencies);
                        }
                    }
                })
            })
            .collect();
        let mut latencies = Vec::new();
        for thread in threads {
            latencies.extend(thread.join().map_err(|_| anyhow!("a client panicked"))??);
        }
        let micros = self::micros(began).max(1);
        sealer.stop()?;
        Ok(Run {
            per_second: (latencies.len() as u64).saturating_mul(1_000_000) / micros,
            latencies,
            cpu_ms: cpu_ms().saturating_sub(cpu),
            statements: self.db.statement_count() - statements,
        })
    }

    /// Puts the runs of a measurement and of its limit into one line.
    pub(super) fn figures(
        &self,
        name: &str,
        runs: &[Run],
        (limit_of, limits): (&'static str, &[Run]),
    ) -> Figures {
        let median = median(runs);
        let limit = self::median(limits);
        let ops = runs.iter().map(Run::ops).sum::<u64>().max(1) as f64;
        let cpu: u64 = runs.iter().map(|run| run.cpu_ms).sum();
        let statements: u64 = runs.iter().map(|run| run.statements).sum();
        let mut all: Vec<u64> = runs
            .iter()
            .flat_map(|run| &run.latencies)
            .copied()
            .collect();
        all.sort_unstable();
        Figures {
            name: name.to_owned(),
            store: match self.db.kind() {
                db::StoreKind::Sqlite => "sqlite",
                db::StoreKind::Postgres => "postgres",
            },
            median,
            unit: "ops/s",
            clients: self.clients,
            p50_ms: percentile_ms(&all, 50),
            p99_ms: percentile_ms(&all, 99),
            limit,
            limit_of,
            ratio: median as f64 / limit.max(1) as f64,
            cpu_ms_per_op: cpu as f64 / ops,
            statements_per_op: statements as f64 / ops,
            bytes_per_case: None,
            resident_mib: resident_mib(),
        }
    }
}

/// Seals beside the load, as a running hall does.
struct Sealer {
    stop: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<()>,
}

impl Sealer {
    fn beside(db: &Db) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (db, told) = (db.clone(), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            while !told.load(Ordering::Relaxed) {
                if let Err(fault) = crate::jobs::seal_all(&db, 0) {
                    tracing::error!(%fault, "the sealer beside the load failed");
                }
                std::thread::sleep(Duration::from_millis(250));
            }
        });
        Self { stop, thread }
    }

    fn stop(self) -> anyhow::Result<()> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread
            .join()
            .map_err(|_| anyhow!("the sealer panicked"))
    }
}

/// Microseconds since `began`.
pub(super) fn micros(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX)
}

fn median(runs: &[Run]) -> u64 {
    let mut all: Vec<u64> = runs.iter().map(|run| run.per_second).collect();
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or(0)
}

fn percentile_ms(sorted: &[u64], percent: usize) -> f64 {
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).map_or(0.0, |micros| *micros as f64 / 1000.0)
}
