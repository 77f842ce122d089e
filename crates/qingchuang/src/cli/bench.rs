//! `qingchuang bench NAME`: figures beside the machine's own limit, as JSON lines.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Ending, print_json};
use crate::bench;

/// Measures.
#[derive(Debug, Args)]
pub struct Bench {
    /// What to measure.
    name: Name,
    /// A PostgreSQL address in place of the embedded store; its tables are left behind.
    #[arg(long)]
    database: Option<String>,
    /// An empty folder for the store; a temporary one when it is not given.
    #[arg(long)]
    data: Option<PathBuf>,
    /// How many clients at once; several are measured one after the other.
    #[arg(long, value_delimiter = ',', default_value = "1,16,64")]
    clients: Vec<usize>,
    /// How long each of the three runs lasts.
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// Prints JSON, which a figure always is.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Name {
    /// The seven-op approval case, durable, in process.
    CaseLifecycle,
    /// Search over 100,000 items.
    Search,
}

/// Runs the subcommand.
///
/// # Errors
/// When the store fails.
pub fn run(arguments: &Bench, clock: &kernel::Clock) -> anyhow::Result<Ending> {
    match arguments.name {
        Name::CaseLifecycle => {
            let root = arguments.data.clone().unwrap_or_else(|| {
                std::env::temp_dir().join(format!("qingchuang-bench-{}", clock.new_uuid()))
            });
            for clients in &arguments.clients {
                let folder = root.join(clients.to_string());
                let database = arguments.database.as_deref();
                let seconds = arguments.seconds;
                print_json(&bench::case_lifecycle(
                    database, &folder, *clients, seconds,
                )?)?;
            }
            std::fs::remove_dir_all(&root)?;
        }
        Name::Search => {
            let measured = catalogue::bench(catalogue::BENCH_ITEMS, 2000)?;
            print_json(&serde_json::json!({
                "name": "search",
                "median": measured.p50.as_secs_f64() * 1000.0,
                "unit": "ms",
                "p50_ms": measured.p50.as_secs_f64() * 1000.0,
                "p99_ms": measured.p99.as_secs_f64() * 1000.0,
                "limit": 20.0,
                "ratio": measured.p99.as_secs_f64() * 1000.0 / 20.0,
            }))?;
        }
    }
    Ok(Ending::Good)
}
