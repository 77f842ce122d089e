//! `qingchuang codes check`: numbers of people, bodies and cases, without any data folder.
//!
//! Values read from standard input are answered with one JSON object a line, which programs read;
//! on a terminal, where a person reads, with a line for people unless they ask for JSON.

use std::io::IsTerminal;

use clap::{Args, Subcommand};
use codes::Kind;
use kernel::Lang;
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
    /// Checks one value, or one a line when the value is `-`: answered in JSON, on a terminal in
    /// words.
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
pub fn run(codes: &Codes, clock: &kernel::Clock, lang: Lang) -> anyhow::Result<Ending> {
    let CodesCommand::Check { kind, value, json } = &codes.command;
    let today = clock.today();
    if value == "-" {
        let json = *json || !std::io::stdout().is_terminal();
        let shown = if json { None } else { Some(lang) };
        return each_line(|line| check(*kind, line, today, shown, true));
    }
    let shown = if *json { None } else { Some(lang) };
    Ok(Ending::of(check(*kind, value, today, shown, false)?))
}

/// Answers about one value: in JSON, or in words of a language; of many, each with its value.
fn check(
    kind: Kind,
    value: &str,
    today: jiff::civil::Date,
    shown: Option<Lang>,
    is_one_of_many: bool,
) -> anyhow::Result<bool> {
    let verdict = codes::check(kind, value, today);
    let Some(lang) = shown else {
        print_json(&json!({
            "value": verdict.value,
            "valid": verdict.valid,
            "reason": verdict.reason,
            "code": verdict.code,
            "reason_zh": verdict.reason_zh,
        }))?;
        return Ok(verdict.valid);
    };
    let word = match verdict.valid {
        true => lang.pick("有效", "valid"),
        false => lang.pick("无效", "invalid"),
    };
    let reason = lang.pick(verdict.reason_zh, verdict.reason);
    let joint = lang.pick("：", ": ");
    let reason = reason.map_or_else(String::new, |reason| format!("{joint}{reason}"));
    let value = match is_one_of_many {
        true => format!("{}\t", verdict.value),
        false => String::new(),
    };
    print_line(&format!("{value}{word}{reason}"))?;
    Ok(verdict.valid)
}
