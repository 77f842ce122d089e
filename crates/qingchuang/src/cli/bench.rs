//! `qingchuang bench NAME`: figures beside the machine's own limit, as JSON lines.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Ending, print_json};
use crate::bench::{self, Extent, Plan};

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
    /// How many cases the work list is measured among.
    #[arg(long, default_value_t = 100_000)]
    cases: u64,
    /// How long each of the three runs lasts.
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// Prints JSON, which a figure always is.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Name {
    /// The seven-op approval case, durable, in process.
    CaseLifecycle,
    /// The same over HTTP, with sessions, rights, idempotency and the check of the form.
    CaseLifecycleHttp,
    /// As before, with all that a hall does beside a case: papers, letters, ratings, authority.
    HallLifecycleHttp,
    /// Applications with their files.
    Submit,
    /// Pages of a work list among many open cases.
    Worklist,
    /// Search over 100,000 items.
    Search,
    /// A stage of thirty items: its one form, and its life from opening to joining.
    Stage,
}

/// Runs the subcommand.
///
/// # Errors
/// When the store fails.
pub fn run(arguments: &Bench, clock: &kernel::Clock) -> anyhow::Result<Ending> {
    if arguments.name == Name::Search {
        print_json(&search()?)?;
        return Ok(Ending::Good);
    }
    if arguments.name == Name::Stage {
        print_json(&stage()?)?;
        return Ok(Ending::Good);
    }
    let root = arguments.data.clone().unwrap_or_else(|| {
        std::env::temp_dir().join(format!("qingchuang-bench-{}", clock.new_uuid()))
    });
    let plan = Plan {
        database: arguments.database.clone(),
        seconds: arguments.seconds,
    };
    for clients in &arguments.clients {
        let folder = root.join(clients.to_string());
        let figures = match arguments.name {
            Name::CaseLifecycleHttp => {
                bench::case_lifecycle_http(&plan, &folder, (*clients, Extent::Alone))
            }
            Name::HallLifecycleHttp => {
                bench::case_lifecycle_http(&plan, &folder, (*clients, Extent::Whole))
            }
            Name::Submit => bench::submit(&plan, &folder, *clients),
            Name::Worklist => bench::worklist(&plan, &folder, *clients, arguments.cases),
            Name::CaseLifecycle | Name::Search | Name::Stage => {
                bench::case_lifecycle(&plan, &folder, *clients)
            }
        };
        let mut line = serde_json::to_value(figures?)?;
        line["probe_fsync_ms"] = bench::probe(&folder)?.into();
        print_json(&line)?;
        std::fs::remove_dir_all(&folder)?;
    }
    Ok(Ending::Good)
}

fn search() -> anyhow::Result<serde_json::Value> {
    let measured = catalogue::bench(catalogue::BENCH_ITEMS, 2000)?;
    let ms = |time: std::time::Duration| time.as_secs_f64() * 1000.0;
    Ok(serde_json::json!({
        "name": "search",
        "median": ms(measured.p50),
        "unit": "ms",
        "p50_ms": ms(measured.p50),
        "p99_ms": ms(measured.p99),
        "limit": 20.0,
        "limit_of": "what the design allows, in milliseconds",
        "ratio": ms(measured.p99) / 20.0,
    }))
}

/// How many items the stage has, and how often it lives.
const STAGE: (usize, usize) = (30, 101);

fn stage() -> anyhow::Result<serde_json::Value> {
    let measured = project::bench_stage(STAGE.0, STAGE.1)?;
    let ms = |time: std::time::Duration| time.as_secs_f64() * 1000.0;
    Ok(serde_json::json!({
        "name": "stage",
        "items": measured.items,
        "form_ms": ms(measured.form),
        "median": ms(measured.life),
        "unit": "ms",
    }))
}
