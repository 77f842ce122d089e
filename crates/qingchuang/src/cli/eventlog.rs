//! `qingchuang eventlog stats`: the figures of an XES log, plain or gzip, without any data folder.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use eventlog::{Limits, LogFault, Stats};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::tongue::Tongue;
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
pub fn run(
    arguments: &Eventlog,
    tongue: &dyn Fn() -> anyhow::Result<Tongue>,
) -> anyhow::Result<Ending> {
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
        show(&stats, &tongue()?)?;
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
fn show(stats: &Stats, tongue: &Tongue) -> anyhow::Result<()> {
    let say = |key: &str, params: &[(&'static str, String)]| print_line(&tongue.say(key, params));
    let counts = [
        ("cases", stats.cases.to_string()),
        ("events", stats.events.to_string()),
        ("activities", stats.activities.to_string()),
        ("variants", stats.variants.to_string()),
    ];
    say("cli.log_counts", &counts)?;
    if let (Some(first), Some(last)) = (&stats.first_timestamp_utc, &stats.last_timestamp_utc) {
        let span = [("first", first.clone()), ("last", last.clone())];
        say("cli.log_span", &span)?;
    }
    if let Some(throughput) = &stats.throughput_seconds {
        let figures = [
            ("median", duration(throughput.median, tongue)),
            ("mean", duration(throughput.mean, tongue)),
            ("p90", duration(throughput.p90, tongue)),
            ("max", duration(throughput.max.value(), tongue)),
        ];
        say("cli.log_throughput", &figures)?;
    }
    for variant in stats.top_variants.iter().take(5) {
        let trace = variant.trace.join(" → ");
        print_line(&format!("{} × {trace}", variant.count))?;
    }
    if let Some(deadlines) = &stats.statutory_deadline {
        let late = [
            ("late", deadlines.enddate_after_deadline.to_string()),
            ("cases", deadlines.cases_with_both.to_string()),
        ];
        say("cli.log_late", &late)?;
    }
    if stats.skipped_events > 0 {
        let skipped = [("events", stats.skipped_events.to_string())];
        say("cli.log_skipped", &skipped)?;
    }
    Ok(())
}

/// A span as people say it: its two largest units, of days, hours, minutes and seconds.
fn duration(seconds: f64, tongue: &Tongue) -> String {
    const UNITS: [(&str, f64); 4] = [
        ("cli.span_days", 86_400.0),
        ("cli.span_hours", 3_600.0),
        ("cli.span_minutes", 60.0),
        ("cli.span_seconds", 1.0),
    ];
    let whole = seconds.max(0.0).round();
    let first = UNITS.iter().position(|(_, size)| *size <= whole);
    let first = first.unwrap_or(UNITS.len() - 1);
    let mut rest = whole;
    let mut said = Vec::new();
    for (key, size) in UNITS.iter().skip(first).take(2) {
        let count = (rest / size).floor();
        rest -= count * size;
        if 0.0 < count || said.is_empty() {
            said.push(tongue.say(key, &[("n", format!("{count}"))]));
        }
    }
    said.join(tongue.lang.pick("", " "))
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
