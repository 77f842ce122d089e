//! `qingchuang process`: reads a BPMN file, says what it holds, whether it can run, whether it
//! can get stuck and how long it takes, and simulates it; without any data folder.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use decision::Feel;
use process::{
    Definitions, Finding, Language, Picture, Profile, Served, Span, check, draw_trace, parse,
    promise, served, simulate, span,
};
use serde_json::{Value, json};

use super::{Ending, print_json, print_line};

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
pub fn run(arguments: &Process) -> anyhow::Result<Ending> {
    match &arguments.command {
        ProcessCommand::Check(asked) => run_check(asked),
        ProcessCommand::Simulate(asked) => run_simulate(asked),
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

fn run_check(asked: &Check) -> anyhow::Result<Ending> {
    let report = match parse(&read(&asked.file)?) {
        Ok(definitions) => checked(asked, &definitions)?,
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
        print_line(if good { "good" } else { "not good" })?;
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

fn checked(asked: &Check, definitions: &Definitions) -> anyhow::Result<Value> {
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
            let worst = faults.max_by_key(|finding| finding.severity);
            std::fs::write(out, picture(definitions, process, worst))?;
        }
    }
    report.ok &= !report.findings.iter().any(Finding::is_error);
    let mut value = report.to_json(Language::English);
    if let Some(process) = definitions.main() {
        value["days"] = span_json(process, &span(process));
    }
    Ok(value)
}

fn picture(
    definitions: &Definitions,
    process: &process::Process,
    fault: Option<&Finding>,
) -> String {
    let title = fault.map_or(process.name(), |fault| &*fault.zh);
    let picture = Picture {
        title,
        language: Language::Chinese,
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
fn simulated(asked: &Simulate, file: &Path) -> anyhow::Result<Result<Value, String>> {
    let definitions = match parse(&read(file)?) {
        Ok(definitions) => definitions,
        Err(fault) => return Ok(Err(fault.to_string())),
    };
    let Some(process) = definitions.main() else {
        return Ok(Err("holds no process".to_owned()));
    };
    let report = check(&definitions, &Feel::new());
    if !report.executable || report.sound != Some(true) {
        return Ok(Err("cannot run to its end; see `process check`".to_owned()));
    }
    let profile = if asked.on_paper {
        Profile::on_paper(process)
    } else {
        Profile {
            arrivals_per_day: asked.arrivals,
            ..Profile::default()
        }
    };
    let figures = simulate(process, &profile, asked.cases, asked.seed);
    let mut value = figures.to_json();
    let bounds = span_json(process, &span(process));
    for key in ["shortest_days", "longest_days", "bounded", "unlimited"] {
        value[key] = bounds[key].clone();
    }
    value["file"] = file.display().to_string().into();
    Ok(Ok(value))
}

fn run_simulate(asked: &Simulate) -> anyhow::Result<Ending> {
    anyhow::ensure!(
        (1..=CASES_MAX).contains(&asked.cases),
        "--cases must be from 1 to {CASES_MAX}"
    );
    anyhow::ensure!(
        asked.arrivals.is_finite() && asked.arrivals > 0.0,
        "--arrivals must be more than 0"
    );
    let mut results = Vec::new();
    for file in std::iter::once(&asked.file).chain(&asked.against) {
        match simulated(asked, file)? {
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
        let beside = other
            .as_ref()
            .map(|other| format!("  against {}", other[key]));
        print_line(&format!(
            "{key}: {}{}",
            answer[key],
            beside.unwrap_or_default()
        ))?;
    }
    for post in answer["posts"].as_array().into_iter().flatten() {
        let (name, staff) = (post["post"].as_str().unwrap_or("-"), &post["staff"]);
        let (load, queue) = (&post["utilisation"], &post["queue_days"]);
        print_line(&format!(
            "{name}: staff {staff}, load {load}, queue {queue} days"
        ))?;
    }
    Ok(Ending::Good)
}

fn saved(one: &Value, other: &Value) -> Value {
    let days = |value: &Value| value["expected_days"].as_f64().unwrap_or(0.0);
    (((days(one) - days(other)) * 1000.0).round() / 1000.0).into()
}
