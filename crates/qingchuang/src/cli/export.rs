//! `qingchuang export …`: items, cases and the event log, to standard output or into a file that
//! appears when it is whole. Reads only, also while another process serves, but for personal data:
//! that they leave is written into the ledger first.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use kernel::{Actor, Clock};
use serde_json::json;

use super::ledger::Where;
use super::tongue::Tongue;
use super::{Ending, print_json};
use crate::export::out::{Format, Out, Rows};
use crate::export::{cases, xes};
use crate::house::{House, Mode};

/// Gives what the hall holds away as a file.
#[derive(Debug, Args)]
pub struct Export {
    #[command(subcommand)]
    command: ExportCommand,
}

/// Where from and where to.
#[derive(Debug, Args)]
struct Target {
    #[command(flatten)]
    place: Where,
    /// The file; standard output without it.
    #[arg(long)]
    output: Option<PathBuf>,
    /// Prints JSON about the export, when it goes into a file.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum ExportCommand {
    /// Items: tables that can be imported again, or their whole contents as JSON.
    Items {
        #[command(flatten)]
        target: Target,
        /// As what.
        #[arg(long, value_enum, default_value = "csv")]
        format: Format,
    },
    /// Cases, one row each, without personal data unless they are asked for.
    Cases {
        #[command(flatten)]
        target: Target,
        /// As what.
        #[arg(long, value_enum, default_value = "csv")]
        format: Format,
        /// Also who the applicants are: recorded in the ledger with the purpose.
        #[arg(long, requires = "purpose")]
        with_personal_data: bool,
        /// What the personal data are for.
        #[arg(long)]
        purpose: Option<String>,
    },
    /// The events of all cases for process mining (XES 1.0), officers under pseudonyms.
    Xes {
        #[command(flatten)]
        target: Target,
    },
    /// Tenders as open contracting data: not before public trading is there.
    Ocds {
        #[command(flatten)]
        target: Target,
    },
}

/// Runs the subcommand.
///
/// # Errors
/// When the hall cannot be opened or the file not be written.
pub fn run(arguments: &Export, clock: &Clock, tongue: &Tongue) -> anyhow::Result<Ending> {
    match &arguments.command {
        ExportCommand::Items { target, format } => export_items(target, *format, clock, tongue),
        ExportCommand::Cases {
            target,
            format,
            with_personal_data,
            purpose,
        } => {
            let purpose = purpose.as_deref().filter(|_| *with_personal_data);
            export_cases(target, *format, purpose, clock, tongue)
        }
        ExportCommand::Xes { target } => export_xes(target, clock, tongue),
        ExportCommand::Ocds { target } => {
            if target.json {
                print_json(
                    &json!({ "code": "cli.no_trading", "message": tongue.t("cli.no_trading") }),
                )?;
            }
            eprintln!("{}", tongue.t("cli.no_trading"));
            Ok(Ending::Usage)
        }
    }
}

fn export_items(
    target: &Target,
    format: Format,
    clock: &Clock,
    tongue: &Tongue,
) -> anyhow::Result<Ending> {
    let house = House::open(&target.place.settings()?, clock.clone(), Mode::Read)?;
    let items = house.db.read(catalogue::export_rows)?;
    let bytes = match format {
        Format::Csv => catalogue::export::csv(&items, tongue.lang)?,
        Format::Xlsx => catalogue::export::excel(&items, tongue.lang)?,
        Format::Json => {
            let values: Result<Vec<_>, _> = items.iter().map(|item| item.to_value()).collect();
            let mut bytes = serde_json::to_vec_pretty(&values?)?;
            bytes.push(b'\n');
            bytes
        }
    };
    whole(target, |out| {
        out.write_all(&bytes)?;
        Ok(json!({ "ok": true, "items": items.len() }))
    })
}

fn export_cases(
    target: &Target,
    format: Format,
    purpose: Option<&str>,
    clock: &Clock,
    tongue: &Tongue,
) -> anyhow::Result<Ending> {
    let mode = match purpose {
        Some(_) => Mode::Write,
        None => Mode::Read,
    };
    let house = House::open(&target.place.settings()?, clock.clone(), mode)?;
    let count = house.db.read(cases::count)?;
    if let Some(purpose) = purpose {
        let (purpose, operator) = (purpose.to_owned(), operator());
        house.db.write(house.db.cause(Actor::system()), move |tx| {
            operations::note_export(tx, "cases", &operator, &purpose, count)
        })?;
        crate::jobs::seal_all(&house.db, 0)?;
    }
    let (names, headings) = cases::columns(tongue.lang, purpose.is_some());
    whole(target, |out| {
        let mut rows = Rows::begin(format, out, names, &headings)?;
        house
            .db
            .read(|tx| cases::write(tx, &mut rows, purpose.is_some()))??;
        rows.end()?;
        Ok(json!({ "ok": true, "cases": count, "personal_data": purpose.is_some() }))
    })
}

/// Who runs the command, as the machine knows them.
fn operator() -> String {
    let named = ["SUDO_USER", "LOGNAME", "USER"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|name| !name.is_empty());
    named.map_or_else(|| "?".to_owned(), |name| name.chars().take(64).collect())
}

fn export_xes(target: &Target, clock: &Clock, tongue: &Tongue) -> anyhow::Result<Ending> {
    let house = House::open(&target.place.settings()?, clock.clone(), Mode::Read)?;
    whole(target, |out| {
        let (traces, events) = house.db.read(|tx| xes::write(tx, out, tongue))??;
        Ok(json!({ "ok": true, "traces": traces, "events": events }))
    })
}

/// Writes a file whole or not at all.
fn whole(
    target: &Target,
    work: impl FnOnce(&mut Out) -> anyhow::Result<serde_json::Value>,
) -> anyhow::Result<Ending> {
    let mut out = Out::to(target.output.as_deref())?;
    match work(&mut out) {
        Ok(said) => {
            out.finish()?;
            if target.json && target.output.is_some() {
                print_json(&said)?;
            }
            Ok(Ending::Good)
        }
        Err(error) => {
            out.abandon();
            Err(error)
        }
    }
}
