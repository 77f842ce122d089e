//! `qingchuang codes check`: numbers of people, bodies and cases, without any data folder.

use clap::{Args, Subcommand};
use codes::Kind;
use serde_json::json;

use super::{Ending, each_line, print_json, print_line};

/// National codes.
#[derive(Debug, Args)]
pub struct Codes {
    #[command(subcommand)]
    command: CodesCommand,
}

#[derive(Debug, Subcommand)]
enum CodesCommand {
    /// Checks one value, or one a line when the value is `-`.
    Check {
        /// uscc, citizen-id, region, case-no, ecert-id, task-code, …
        #[arg(long)]
        kind: Kind,
        /// The value, or `-`.
        value: String,
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Runs the subcommand.
///
/// # Errors
/// When standard input or output fails.
pub fn run(codes: &Codes, clock: &kernel::Clock) -> anyhow::Result<Ending> {
    let CodesCommand::Check { kind, value, json } = &codes.command;
    let today = clock.today();
    if value == "-" {
        return each_line(|line| check(*kind, line, today, true));
    }
    Ok(Ending::of(check(*kind, value, today, *json)?))
}

fn check(kind: Kind, value: &str, today: jiff::civil::Date, json: bool) -> anyhow::Result<bool> {
    let verdict = codes::check(kind, value, today);
    if json {
        print_json(&json!({
            "value": verdict.value,
            "valid": verdict.valid,
            "reason": verdict.reason,
            "code": verdict.code,
            "reason_zh": verdict.reason_zh,
        }))?;
    } else {
        let word = if verdict.valid { "valid" } else { "invalid" };
        let reason = verdict
            .reason
            .map(|reason| format!(": {reason}"))
            .unwrap_or_default();
        print_line(&format!("{word}{reason}"))?;
    }
    Ok(verdict.valid)
}
