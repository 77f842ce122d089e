//! `qingchuang calendar due`: due dates by the law's calendar, without any data folder.

use calendar::{Answer, CalendarError, OfficeHours, WorkingDays, due, due_line};
use clap::{Args, Subcommand};
use serde_json::json;

use super::{Ending, each_line, print_json, print_line};

/// The legal calendar.
#[derive(Debug, Args)]
pub struct Calendar {
    #[command(subcommand)]
    command: CalendarCommand,
}

#[derive(Debug, Subcommand)]
enum CalendarCommand {
    /// When a limit ends. The day of the start is not counted (行政许可法 82).
    Due {
        /// `-` reads lines `start,days[,unit]` and answers one JSON object a line.
        lines: Option<String>,
        /// The start, a date or a date and time.
        #[arg(long)]
        start: Option<String>,
        /// How many units.
        #[arg(long)]
        days: Option<u32>,
        /// workday, day or hour.
        #[arg(long, default_value = "workday")]
        unit: String,
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Runs the subcommand.
///
/// # Errors
/// When standard input or output fails.
pub fn run(arguments: &Calendar) -> anyhow::Result<Ending> {
    let CalendarCommand::Due {
        lines,
        start,
        days,
        unit,
        json,
    } = &arguments.command;
    let (calendar, hours) = (WorkingDays::built_in(), OfficeHours::default());
    match (lines.as_deref(), start, days) {
        (Some("-"), None, None) => {
            each_line(|line| show(line, due_line(calendar, &hours, line), true))
        }
        (None, Some(start), Some(days)) => {
            let answer = due(calendar, &hours, start, unit, *days);
            Ok(Ending::of(show(start, answer, *json)?))
        }
        _ => {
            eprintln!("give --start and --days, or - for lines start,days[,unit]");
            Ok(Ending::Usage)
        }
    }
}

fn show(asked: &str, answer: Result<Answer, CalendarError>, json: bool) -> anyhow::Result<bool> {
    match answer {
        Ok(answer) if json => print_json(&answer)?,
        Ok(answer) => print_line(&format!("{} ({:?})", answer.due, answer.status))?,
        Err(error) if json => {
            print_json(&json!({
                "start": asked, "error": error.to_string(), "code": error.code(),
            }))?;
            return Ok(false);
        }
        Err(error) => {
            eprintln!("{error}");
            return Ok(false);
        }
    }
    Ok(true)
}
