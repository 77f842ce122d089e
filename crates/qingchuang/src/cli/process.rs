//! `qingchuang process check`: reads a BPMN file, says what it holds, whether it can run and
//! whether it can get stuck, without any data folder.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use decision::Feel;
use process::{Language, check, parse, span};
use serde_json::json;

use super::{Ending, print_json, print_line};

/// Larger files are no process of a hall.
const FILE_BYTES_MAX: u64 = 16 << 20;

/// Processes.
#[derive(Debug, Args)]
pub struct Process {
    #[command(subcommand)]
    command: ProcessCommand,
}

#[derive(Debug, Subcommand)]
enum ProcessCommand {
    /// Checks a BPMN file: elements, executable, sound, findings.
    Check {
        /// The file.
        file: PathBuf,
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
    /// Says how many working days the shortest and the longest way through take.
    Simulate {
        /// The file.
        file: PathBuf,
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Runs the subcommand.
///
/// # Errors
/// When the file cannot be read or standard output is gone.
pub fn run(arguments: &Process) -> anyhow::Result<Ending> {
    match &arguments.command {
        ProcessCommand::Check { file, json } => run_check(file, *json),
        ProcessCommand::Simulate { file, json } => run_simulate(file, *json),
    }
}

fn read(file: &PathBuf) -> anyhow::Result<Vec<u8>> {
    let size = std::fs::metadata(file)?.len();
    anyhow::ensure!(
        size <= FILE_BYTES_MAX,
        "{} is larger than 16 MiB",
        file.display()
    );
    Ok(std::fs::read(file)?)
}

fn run_check(file: &PathBuf, json: bool) -> anyhow::Result<Ending> {
    let bytes = read(file)?;
    let report = match parse(&bytes) {
        Ok(definitions) => check(&definitions, &Feel::new()).to_json(Language::English),
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
    if json {
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

fn run_simulate(file: &PathBuf, json: bool) -> anyhow::Result<Ending> {
    let bytes = read(file)?;
    let definitions = parse(&bytes)?;
    let Some(process) = definitions.main() else {
        eprintln!("{} holds no process", file.display());
        return Ok(Ending::Failed);
    };
    let span = span(process);
    if json {
        let unlimited: Vec<&str> = span
            .unlimited
            .iter()
            .filter_map(|id| process.node(*id))
            .map(|node| &*node.id)
            .collect();
        print_json(&json!({
            "shortest_days": span.shortest,
            "longest_days": span.longest,
            "unlimited": unlimited,
        }))?;
    } else {
        print_line(&format!(
            "{:?} to {:?} working days",
            span.shortest, span.longest
        ))?;
    }
    Ok(Ending::Good)
}
