//! `qingchuang process`: reads a BPMN file, says what it holds, whether it can run, whether it
//! can get stuck and how long it takes, and simulates it; without any data folder. Only `migrate`,
//! which moves running cases, opens a hall.

use std::fs::File;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use decision::Feel;
use kernel::Clock;
use process::{
    Definitions, Finding, Language, Picture, Profile, Served, Span, check, draw_trace, parse,
    promise, served, simulate, span,
};
use serde_json::{Value, json};

use super::tongue::Tongue;
use super::{Ending, print_json, print_line};
use crate::fitting::fit;

/// Larger files are no process of a hall.
const FILE_BYTES_MAX: u64 = 16 << 20;
/// A million cases are a century of a busy hall.
const CASES_MAX: usize = 1_000_000;

/// Processes.
#[derive(Debug, Args)]
pub struct Process {
    #[command(subcommand)]
    command: ProcessCommand,
}

#[derive(Debug, Subcommand)]
enum ProcessCommand {
    /// Checks a BPMN file: elements, executable, sound, findings.
    Check(Check),
    /// Runs cases through a BPMN file on a virtual clock: days, percentiles, load, overdue share.
    Simulate(Simulate),
    /// Moves running cases of a hall to another version of their procedure, or only looks.
    Migrate(super::migrate::Migrate),
    /// Writes a BPMN file back as UTF-8 with everything it holds.
    Export {
        /// The file.
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
struct Check {
    /// The file.
    file: PathBuf,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
    /// Also says what the hall does not serve yet.
    #[arg(long)]
    served: bool,
    /// Also refuses a promise of so many working days that some way through cannot keep.
    #[arg(long, value_name = "DAYS")]
    promised: Option<u16>,
    /// Draws the process, with the way to the first fault made thick and numbered.
    #[arg(long, value_name = "OUT")]
    svg: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Simulate {
    /// The file.
    file: PathBuf,
    /// How many cases.
    #[arg(long, default_value_t = 1000)]
    cases: usize,
    /// The same seed gives the same figures.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// New cases on a working day.
    #[arg(long, default_value_t = 5.0)]
    arrivals: f64,
    /// Every task takes exactly its limit: the days on paper.
    #[arg(long)]
    on_paper: bool,
    /// Arrivals, durations and staff as an event log tells (XES, plain or gzip).
    #[arg(long, value_name = "XES", conflicts_with_all = ["on_paper", "arrivals"])]
    log: Option<PathBuf>,
    /// Compares with another file.
    #[arg(long, value_name = "OTHER")]
    against: Option<PathBuf>,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the subcommand.
///
/// # Errors
/// When the file cannot be read or standard output is gone.
pub fn run(arguments: &Process, clock: &Clock, tongue: &Tongue) -> anyhow::Result<Ending> {
    match &arguments.command {
        ProcessCommand::Check(asked) => run_check(asked, tongue),
        ProcessCommand::Simulate(asked) => run_simulate(asked, tongue),
        ProcessCommand::Migrate(asked) => super::migrate::run(asked, clock, tongue),
        ProcessCommand::Export { file } => {
            print_line(&parse(&read(file)?)?.export())?;
            Ok(Ending::Good)
        }
    }
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    let size = std::fs::metadata(file)?.len();
    anyhow::ensure!(
        size <= FILE_BYTES_MAX,
        "{} is larger than 16 MiB",
        file.display()
    );
    Ok(std::fs::read(file)?)
}

fn run_check(asked: &Check, tongue: &Tongue) -> anyhow::Result<Ending> {
    let report = match parse(&read(&asked.file)?) {
        Ok(definitions) => checked(asked, &definitions, language(tongue))?,
        Err(fault) => json!({
            "ok": false, "elements": {}, "executable": false, "sound": null,
            "findings": [{
                "code": "unreadable",
                "element": null,
                "message": fault.to_string(),
                "line": fault.line,
            }],
        }),
    };
    let good = report["ok"] == true;
    if asked.json {
        print_json(&report)?;
    } else {
        print_line(&tongue.t(if good {
            "cli.process_good"
        } else {
            "cli.process_bad"
        }))?;
        for finding in report["findings"].as_array().into_iter().flatten() {
            let text = |key: &str| finding[key].as_str().unwrap_or("-").to_owned();
            print_line(&format!(
                "{} {}: {}",
                text("code"),
                text("element"),
                text("message")
            ))?;
        }
    }
    Ok(Ending::of(good))
}

fn language(tongue: &Tongue) -> Language {
    match tongue.lang {
        kernel::Lang::Zh => Language::Chinese,
        kernel::Lang::En => Language::English,
    }
}

fn checked(asked: &Check, definitions: &Definitions, language: Language) -> anyhow::Result<Value> {
    let mut report = check(definitions, &Feel::new());
    if let Some(process) = definitions.main() {
        if asked.served {
            report
                .findings
                .extend(served(process, &Served::by_the_hall()));
        }
        if let Some(days) = asked.promised {
            report.findings.extend(promise(process, days));
        }
        if let Some(out) = &asked.svg {
            let faults = report
                .findings
                .iter()
                .filter(|finding| !finding.trace.is_empty());
            let worst = faults.min_by_key(|finding| std::cmp::Reverse(finding.severity));
            std::fs::write(out, picture(definitions, process, worst, language))?;
        }
    }
    report.ok &= !report.findings.iter().any(Finding::is_error);
    let mut value = report.to_json(language);
    if let Some(process) = definitions.main() {
        value["days"] = span_json(process, &span(process));
    }
    Ok(value)
}

fn picture(
    definitions: &Definitions,
    process: &process::Process,
    fault: Option<&Finding>,
    language: Language,
) -> String {
    let title = fault.map_or(process.name(), |fault| fault.message(language));
    let picture = Picture {
        title,
        language,
        current: &[],
    };
    let trace = fault.map_or(&[][..], |fault| &fault.trace);
    draw_trace(process, &definitions.diagram, &picture, trace)
}

fn span_json(process: &process::Process, span: &Span) -> Value {
    let id = |id: &process::NodeId| process.node(*id).map(|node| node.id.to_string());
    let back = |back: &process::Back| {
        json!({
            "flow": process.flow_id(back.flow),
            "most": back.most,
            "days": back.days,
            "escalates": back.escalates,
        })
    };
    json!({
        "shortest_days": span.shortest,
        "longest_days": span.longest,
        "bounded": span.is_bounded(),
        "witness": span.path.iter().filter_map(id).collect::<Vec<_>>(),
        "back": span.back.iter().map(back).collect::<Vec<_>>(),
        "unlimited": span.unlimited.iter().filter_map(id).collect::<Vec<_>>(),
    })
}

/// The figures of one file, or why it cannot be simulated.
fn simulated(
    asked: &Simulate,
    file: &Path,
    past: Option<&eventlog::Profile>,
    tongue: &Tongue,
) -> anyhow::Result<Result<Value, String>> {
    let definitions = match parse(&read(file)?) {
        Ok(definitions) => definitions,
        Err(fault) => return Ok(Err(fault.to_string())),
    };
    let Some(process) = definitions.main() else {
        return Ok(Err(tongue.t("cli.process_none")));
    };
    let report = check(&definitions, &Feel::new());
    if !report.executable || report.sound != Some(true) {
        return Ok(Err(tongue.t("cli.process_stuck")));
    }
    let mut fitted = None;
    let profile = match (past, asked.on_paper) {
        (Some(past), _) => {
            let english = definitions.main_in_english();
            let (profile, fit) = fit(process, english.as_ref(), past);
            fitted = Some(fit);
            profile
        }
        (None, true) => Profile::on_paper(process),
        (None, false) => Profile {
            arrivals_per_day: asked.arrivals,
            ..Profile::default()
        },
    };
    let figures = simulate(process, &profile, asked.cases, asked.seed);
    let mut value = figures.to_json();
    let bounds = span_json(process, &span(process));
    for key in ["shortest_days", "longest_days", "bounded", "unlimited"] {
        value[key] = bounds[key].clone();
    }
    value["file"] = file.display().to_string().into();
    if let Some(fit) = fitted {
        value["fit"] = serde_json::to_value(fit)?;
    }
    Ok(Ok(value))
}

fn run_simulate(asked: &Simulate, tongue: &Tongue) -> anyhow::Result<Ending> {
    anyhow::ensure!(
        (1..=CASES_MAX).contains(&asked.cases),
        "--cases must be from 1 to {CASES_MAX}"
    );
    anyhow::ensure!(
        asked.arrivals.is_finite() && asked.arrivals > 0.0,
        "--arrivals must be more than 0"
    );
    let past = match &asked.log {
        Some(log) => match eventlog::read(File::open(log)?, &eventlog::Limits::default()) {
            Ok(log) => Some(eventlog::profile(&log)),
            Err(fault) => {
                eprintln!("{}: {fault}", log.display());
                return Ok(Ending::Failed);
            }
        },
        None => None,
    };
    let mut results = Vec::new();
    for file in std::iter::once(&asked.file).chain(&asked.against) {
        match simulated(asked, file, past.as_ref(), tongue)? {
            Ok(value) => results.push(value),
            Err(reason) => {
                eprintln!("{}: {reason}", file.display());
                return Ok(Ending::Failed);
            }
        }
    }
    let mut answer = results.remove(0);
    answer["seed"] = asked.seed.into();
    let other = results.pop();
    if let Some(other) = &other {
        answer["saved_days"] = saved(&answer, other);
        answer["against"] = other.clone();
    }
    if asked.json {
        print_json(&answer)?;
        return Ok(Ending::Good);
    }
    show(&answer, other.as_ref(), tongue)?;
    Ok(Ending::Good)
}

/// The figures in words, beside those of the other file.
fn show(answer: &Value, other: Option<&Value>, tongue: &Tongue) -> anyhow::Result<()> {
    for key in [
        "expected_days",
        "p50_days",
        "p90_days",
        "p99_days",
        "overdue_share",
        "tasks_per_case",
        "shortest_days",
        "longest_days",
    ] {
        let name = tongue.t(&format!("cli.process_{key}"));
        let figures = match other {
            Some(other) => format!("{} | {}", answer[key], other[key]),
            None => answer[key].to_string(),
        };
        print_line(&format!("{name}: {figures}"))?;
    }
    let number = |key: &str| answer[key].as_f64().unwrap_or(0.0);
    if number("expected_days") < number("shortest_days") {
        print_line(&tongue.t("cli.process_below_limits"))?;
    }
    if let Some(fit) = answer.get("fit") {
        let of = |key: &str| match &fit[key] {
            Value::Array(names) => {
                let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
                names.join(", ")
            }
            other => other.to_string(),
        };
        for key in ["cases", "arrivals_per_day", "fitted", "assumed", "unknown"] {
            let name = tongue.t(&format!("cli.process_fit_{key}"));
            print_line(&format!("{name}: {}", of(key)))?;
        }
    }
    for post in answer["posts"].as_array().into_iter().flatten() {
        let text = |key: &str| match &post[key] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let params = ["post", "staff", "utilisation", "queue_days"].map(|key| (key, text(key)));
        print_line(&tongue.say("cli.process_post", &params))?;
    }
    Ok(())
}

fn saved(one: &Value, other: &Value) -> Value {
    let days = |value: &Value| value["expected_days"].as_f64().unwrap_or(0.0);
    (((days(one) - days(other)) * 1000.0).round() / 1000.0).into()
}
