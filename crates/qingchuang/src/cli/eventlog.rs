//! `qingchuang eventlog stats`: the figures of an XES log, plain or gzip, without any data folder.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use eventlog::{Limits, LogFault, Stats};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Ending, print_json, print_line};

/// Event logs.
#[derive(Debug, Args)]
pub struct Eventlog {
    #[command(subcommand)]
    command: EventlogCommand,
}

#[derive(Debug, Subcommand)]
enum EventlogCommand {
    /// Cases, variants, durations, handovers and deadlines of an XES log.
    Stats {
        /// The file, plain or gzip.
        file: PathBuf,
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Runs the subcommand.
///
/// # Errors
/// When the file cannot be opened or standard output is gone.
pub fn run(arguments: &Eventlog) -> anyhow::Result<Ending> {
    let EventlogCommand::Stats { file, json } = &arguments.command;
    let mut input = Digesting {
        inner: File::open(file)?,
        digest: Sha256::new(),
    };
    let read = eventlog::read(&mut input, &Limits::default());
    let log = match read {
        Ok(log) => log,
        Err(fault) => return refuse(&fault, *json),
    };
    // Bytes after the last element belong to the file, too.
    io::copy(&mut input, &mut io::sink())?;
    let stats = eventlog::stats(&log);
    if *json {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        print_json(&report(&name, input.digest, &stats))?;
    } else {
        show(&stats)?;
    }
    Ok(Ending::Good)
}

/// The figures, and what file they are of.
#[derive(Serialize)]
struct Report<'a> {
    source_file: &'a str,
    sha256_of_file: String,
    tool: &'static str,
    #[serde(flatten)]
    stats: &'a Stats,
}

fn report<'a>(file_name: &'a str, digest: Sha256, stats: &'a Stats) -> Report<'a> {
    let digest = digest.finalize();
    Report {
        source_file: file_name,
        sha256_of_file: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        tool: concat!("qingchuang ", env!("CARGO_PKG_VERSION")),
        stats,
    }
}

fn refuse(fault: &LogFault, json: bool) -> anyhow::Result<Ending> {
    if json {
        let place = fault.place().unwrap_or_default();
        print_json(&json!({
            "ok": false,
            "findings": [{
                "code": fault.code(),
                "message": fault.to_string(),
                "message_zh": fault.zh(),
                "line": place.line,
                "byte": place.byte,
                "trace": place.trace,
                "event": place.event,
            }],
        }))?;
    } else {
        eprintln!("{fault}");
        eprintln!("{}", fault.zh());
    }
    Ok(Ending::Failed)
}

/// A few lines for people; the whole is in the JSON.
fn show(stats: &Stats) -> anyhow::Result<()> {
    print_line(&format!(
        "{} cases, {} events, {} activities, {} variants",
        stats.cases, stats.events, stats.activities, stats.variants
    ))?;
    if let (Some(first), Some(last)) = (&stats.first_timestamp_utc, &stats.last_timestamp_utc) {
        print_line(&format!("from {first} to {last}"))?;
    }
    if let Some(throughput) = &stats.throughput_seconds {
        print_line(&format!(
            "throughput in seconds: median {}, mean {}, p90 {}, max {}",
            throughput.median,
            throughput.mean,
            throughput.p90,
            throughput.max.value()
        ))?;
    }
    for variant in stats.top_variants.iter().take(5) {
        print_line(&format!(
            "{} × {}",
            variant.count,
            variant.trace.join(" → ")
        ))?;
    }
    if let Some(deadlines) = &stats.statutory_deadline {
        print_line(&format!(
            "{} of {} ended after their deadline",
            deadlines.enddate_after_deadline, deadlines.cases_with_both
        ))?;
    }
    if stats.skipped_events > 0 {
        print_line(&format!(
            "{} events without name or time",
            stats.skipped_events
        ))?;
    }
    Ok(())
}

/// Reads on, and digests what was read.
struct Digesting<R> {
    inner: R,
    digest: Sha256,
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let amount = self.inner.read(target)?;
        self.digest.update(&target[..amount]);
        Ok(amount)
    }
}
