//! `qingchuang calendar due`: due dates by the law's calendar, without any data folder; and
//! `qingchuang calendar explain`: why a case of a hall is due when it is due.

use calendar::{
    Answer, CalendarError, ExplainLine, OfficeHours, Status, WorkingDays, due, due_line,
};
use case::{Case, Lamp};
use clap::{Args, Subcommand};
use db::Tx;
use jiff::civil::Date;
use kernel::{Clock, Fault, Lang};
use serde_json::json;

use super::ledger::Where;
use super::tongue::Tongue;
use super::{Ending, each_line, print_json, print_line};
use crate::house::{House, Mode};

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
    /// Why a case is due when it is due, line by line.
    Explain {
        #[command(flatten)]
        place: Where,
        /// The case number.
        number: String,
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Runs the subcommand.
///
/// # Errors
/// When standard input or output fails.
pub fn run(
    arguments: &Calendar,
    clock: &Clock,
    tongue: &dyn Fn() -> anyhow::Result<Tongue>,
) -> anyhow::Result<Ending> {
    let (lines, start, days, unit, json) = match &arguments.command {
        CalendarCommand::Due {
            lines,
            start,
            days,
            unit,
            json,
        } => (lines, start, days, unit, json),
        CalendarCommand::Explain {
            place,
            number,
            json,
        } => return explain(place, number, *json, clock, &tongue()?),
    };
    let (calendar, hours) = (WorkingDays::built_in(), OfficeHours::default());
    match (lines.as_deref(), start, days) {
        (Some("-"), None, None) => {
            each_line(|line| show(line, due_line(calendar, &hours, line), true, tongue))
        }
        (None, Some(start), Some(days)) => {
            let answer = due(calendar, &hours, start, unit, *days);
            Ok(Ending::of(show(start, answer, *json, tongue)?))
        }
        _ => {
            eprintln!("give --start and --days, or - for lines start,days[,unit]");
            Ok(Ending::Usage)
        }
    }
}

fn show(
    asked: &str,
    answer: Result<Answer, CalendarError>,
    json: bool,
    tongue: &dyn Fn() -> anyhow::Result<Tongue>,
) -> anyhow::Result<bool> {
    match answer {
        Ok(answer) if json => print_json(&answer)?,
        // What is certain is a date and nothing more; what is not says so.
        Ok(answer) if answer.status == Status::Official => print_line(&answer.due.to_string())?,
        Ok(answer) => {
            let due = [("due", answer.due.to_string())];
            print_line(&tongue()?.say("cli.due_provisional", &due))?;
        }
        Err(error) if json => {
            print_json(&json!({
                "start": asked, "error": error.to_string(), "code": error.code(),
            }))?;
            return Ok(false);
        }
        Err(error) => {
            eprintln!("{}", tongue()?.lang.pick(error.zh(), error.to_string()));
            return Ok(false);
        }
    }
    Ok(true)
}

/// A case with the derivation of its dates.
struct Explained {
    case: Case,
    version: String,
    today: Date,
    lamp: Lamp,
    lines: Vec<ExplainLine>,
}

fn explained(tx: &mut Tx<'_>, number: &str, lang: Lang) -> Result<Explained, Fault> {
    let id = case::find_by_number(tx, number.trim())?;
    let id = id.ok_or(Fault::NotFound { what: "case" })?;
    let case = case::case(tx, id)?;
    let calendar = tx.thing::<WorkingDays>()?;
    Ok(Explained {
        version: calendar.version().to_owned(),
        today: tx.today(),
        lamp: case::lamp(&calendar, tx.today(), &case),
        lines: case::explain(tx, &case, lang)?,
        case,
    })
}

fn explain(
    place: &Where,
    number: &str,
    as_json: bool,
    clock: &Clock,
    tongue: &Tongue,
) -> anyhow::Result<Ending> {
    let house = House::open(&place.settings()?, clock.clone(), Mode::Read)?;
    let told = house.db.read(|tx| explained(tx, number, tongue.lang))?;
    let Explained { case, lamp, .. } = &told;
    if as_json {
        print_json(&json!({
            "case": case.number,
            "status": case.status,
            "calendar": told.version,
            "promised_due": case.dues.promised,
            "statutory_due": case.dues.statutory,
            "delivery_due": case.delivery_due,
            "today": told.today,
            "light": lamp.shade,
            "left": lamp.left,
            "lines": told.lines,
        }))?;
        return Ok(Ending::Good);
    }
    let head = [
        ("number", case.number.to_string()),
        ("status", tongue.t(&format!("case.status_{}", case.status))),
        ("version", told.version.clone()),
    ];
    print_line(&tongue.say("cli.explain_case", &head))?;
    for line in &told.lines {
        print_line(&format!("  {}", line.text))?;
    }
    if let (Some(decided), Some(due)) = (case.decided_on, case.delivery_due) {
        let days = [("decided", decided.to_string()), ("due", due.to_string())];
        print_line(&format!("  {}", tongue.say("cli.explain_delivery", &days)))?;
    }
    let light = match lamp.shade {
        "grey" => None,
        shade => Some(tongue.t(&format!("cli.light_{shade}"))),
    };
    let key = if light.is_some() {
        "cli.explain_light"
    } else {
        "cli.explain_no_light"
    };
    let last = [
        ("today", told.today.to_string()),
        ("light", light.unwrap_or_default()),
        ("left", lamp.left.to_string()),
    ];
    print_line(&format!("  {}", tongue.say(key, &last)))?;
    Ok(Ending::Good)
}
