//! `qingchuang import …`: lists brought into a hall, with a report row by row. The hall must not
//! be served by another process from the same folder; on PostgreSQL it may.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use kernel::Clock;
use operations::Taken;
use serde_json::json;

use super::ledger::Where;
use super::tongue::{Declined, Tongue};
use super::{Ending, print_json, print_line};
use crate::house::{House, Mode};
use crate::import::notice::{Done, Said};
use crate::import::{Report, State, items, notice, organs, regions, staff};
use crate::passwords::Passwords;

/// Brings a list into the hall.
#[derive(Debug, Args)]
pub struct Import {
    #[command(subcommand)]
    command: ImportCommand,
}

/// What every import is told.
#[derive(Debug, Args)]
struct Source {
    #[command(flatten)]
    place: Where,
    /// The file.
    file: PathBuf,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum ImportCommand {
    /// Items: a table (CSV, Excel), or whole contents (JSON) as drafts.
    Items(Source),
    /// Organs: the hall itself and the departments behind its windows.
    Organs(Source),
    /// Staff with their posts; first passwords are drawn.
    Users {
        #[command(flatten)]
        source: Source,
        /// Writes the drawn passwords into a new file that its owner alone can read; without it
        /// they are printed, once.
        #[arg(long)]
        passwords: Option<PathBuf>,
    },
    /// A notice of days off and make-up days: rows date,type,name.
    Calendar {
        #[command(flatten)]
        source: Source,
        /// The version of the calendar that results; it follows from the content by default.
        #[arg(long)]
        version: Option<String>,
        /// Number or title of the notice.
        #[arg(long = "source")]
        title: Option<String>,
        /// The notice changes some days only; without it, it says all days of its year.
        #[arg(long)]
        amendment: bool,
        /// A guess that a later notice will replace: every date that rests on it says so.
        #[arg(long)]
        provisional: bool,
    },
    /// A new list of regions (GB/T 2260): columns code and name, six digits.
    Regions {
        #[command(flatten)]
        source: Source,
        /// The version of the list.
        #[arg(long)]
        version: String,
    },
}

/// Runs the subcommand.
///
/// # Errors
/// When the hall cannot be opened or the file not be read.
pub fn run(arguments: &Import, clock: &Clock, tongue: &Tongue) -> anyhow::Result<Ending> {
    match &arguments.command {
        ImportCommand::Items(source) => with_report(source, clock, tongue, |house, bytes| {
            let name = file_name(&source.file);
            Ok(items::import(&house.db, tongue, bytes, &name)?)
        }),
        ImportCommand::Organs(source) => with_report(source, clock, tongue, |house, bytes| {
            Ok(organs::import(&house.db, tongue, bytes)?)
        }),
        ImportCommand::Users { source, passwords } => {
            import_users(source, passwords.as_deref(), clock, tongue)
        }
        ImportCommand::Calendar {
            source,
            version,
            title,
            amendment,
            provisional,
        } => {
            let said = Said {
                version: version.clone(),
                source: title.clone(),
                amendment: *amendment,
                provisional: *provisional,
            };
            import_calendar(source, &said, clock, tongue)
        }
        ImportCommand::Regions { source, version } => {
            import_regions(source, version, clock, tongue)
        }
    }
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy());
    name.unwrap_or_default().into_owned()
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| {
        let params = vec![
            ("path", path.display().to_string()),
            ("detail", error.to_string()),
        ];
        Declined::because("cli.cannot_read", params)
    })
}

/// Opens the hall after the file, so that a wrong path makes no hall; seals what was done.
fn opened<T>(
    source: &Source,
    clock: &Clock,
    work: impl FnOnce(&House, &[u8]) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let bytes = read(&source.file)?;
    let house = House::open(&source.place.settings()?, clock.clone(), Mode::Write)?;
    let done = work(&house, &bytes);
    crate::jobs::seal_all(&house.db, 0)?;
    done
}

fn with_report(
    source: &Source,
    clock: &Clock,
    tongue: &Tongue,
    work: impl FnOnce(&House, &[u8]) -> anyhow::Result<Report>,
) -> anyhow::Result<Ending> {
    let report = opened(source, clock, work)?;
    if source.json {
        print_json(&report)?;
    } else {
        show(&report, tongue)?;
    }
    Ok(Ending::of(report.ok))
}

fn show(report: &Report, tongue: &Tongue) -> anyhow::Result<()> {
    for line in &report.rows {
        let state = match line.state {
            State::Imported => "cli.row_imported",
            State::Changed => "cli.row_changed",
            State::Unchanged => "cli.row_unchanged",
            State::Refused => "cli.row_not_taken",
        };
        let row = [
            ("row", line.row.to_string()),
            ("key", line.key.clone()),
            ("state", tongue.t(state)),
        ];
        print_line(&tongue.say("cli.row", &row))?;
        for note in &line.notes {
            print_line(&format!("    {}", note.message))?;
        }
    }
    let counts = [
        ("imported", report.imported.to_string()),
        ("changed", report.changed.to_string()),
        ("unchanged", report.unchanged.to_string()),
        ("warned", report.warned.to_string()),
        ("refused", report.refused.to_string()),
    ];
    print_line(&tongue.say("cli.report", &counts))
}

fn import_users(
    source: &Source,
    passwords: Option<&Path>,
    clock: &Clock,
    tongue: &Tongue,
) -> anyhow::Result<Ending> {
    let bytes = read(&source.file)?;
    let place = Passwords::to(passwords)?;
    let house = House::open(&source.place.settings()?, clock.clone(), Mode::Write)?;
    let done = staff::import(&house.db, tongue, &bytes);
    crate::jobs::seal_all(&house.db, 0)?;
    let (report, drawn) = done?;
    if source.json {
        let shown = match &place {
            Passwords::File(_) => &[][..],
            Passwords::Screen => &drawn,
        };
        let mut value = serde_json::to_value(&report)?;
        value["passwords"] = serde_json::to_value(shown)?;
        print_json(&value)?;
        if let Passwords::File(_) = &place {
            place.write(&drawn)?;
        }
    } else {
        show(&report, tongue)?;
        // Above a list that goes into a file there is no heading.
        if !drawn.is_empty() && matches!(place, Passwords::Screen) {
            print_line(&tongue.t("cli.passwords_once"))?;
        }
        place.write(&drawn)?;
    }
    Ok(Ending::of(report.ok))
}

fn import_calendar(
    source: &Source,
    said: &Said,
    clock: &Clock,
    tongue: &Tongue,
) -> anyhow::Result<Ending> {
    let done = opened(source, clock, |house, bytes| {
        let text = std::str::from_utf8(bytes);
        let text = text.map_err(|_| Declined::because("cli.not_utf8", Vec::new()))?;
        Ok(notice::import(&house.db, text, said)?)
    })?;
    let good = done.moved.iter().all(|moved| moved.refused.is_none());
    if source.json {
        print_json(&calendar_json(&done, good))?;
        return Ok(Ending::of(good));
    }
    let key = match done.taken {
        Taken::New => "cli.notice_new",
        Taken::Known => "cli.notice_known",
    };
    let params = [
        ("year", done.notice.year.to_string()),
        ("days", done.notice.rows.len().to_string()),
        ("version", done.notice.version.clone()),
        ("cases", done.moved.len().to_string()),
    ];
    print_line(&tongue.say(key, &params))?;
    for moved in &done.moved {
        print_line(&moved_line(moved, tongue))?;
    }
    Ok(Ending::of(good))
}

fn day(date: Option<jiff::civil::Date>) -> String {
    date.map_or_else(|| "—".to_owned(), |date| date.to_string())
}

fn moved_line(moved: &case::Moved, tongue: &Tongue) -> String {
    if let Some(code) = moved.refused {
        return format!("{}: {}", moved.number, tongue.with_todo(code, &[]));
    }
    let params = [
        ("number", moved.number.to_string()),
        ("promised_before", day(moved.before.promised)),
        ("promised", day(moved.now.promised)),
        ("statutory_before", day(moved.before.statutory)),
        ("statutory", day(moved.now.statutory)),
    ];
    tongue.say("cli.case_redated", &params)
}

fn calendar_json(done: &Done, good: bool) -> serde_json::Value {
    let cases: Vec<_> = done
        .moved
        .iter()
        .map(|moved| {
            json!({
                "case": moved.number, "before": moved.before, "now": moved.now,
                "refused": moved.refused,
            })
        })
        .collect();
    json!({
        "ok": good,
        "year": done.notice.year,
        "version": done.notice.version,
        "new": done.taken == Taken::New,
        "days": done.notice.rows.len(),
        "cases": cases,
    })
}

fn import_regions(
    source: &Source,
    version: &str,
    clock: &Clock,
    tongue: &Tongue,
) -> anyhow::Result<Ending> {
    let done = opened(source, clock, |house, bytes| {
        Ok(regions::import(&house.db, tongue, bytes, version)?)
    })?;
    if source.json {
        let codes = |list: Option<&Vec<codes::RegionCode>>| json!(list);
        let taken = done.taken.as_ref();
        print_json(&json!({
            "ok": done.report.ok,
            "version": version,
            "new": taken.is_some_and(|taken| taken.taken == Taken::New),
            "added": codes(taken.map(|taken| &taken.added)),
            "renamed": codes(taken.map(|taken| &taken.renamed)),
            "abolished": codes(taken.map(|taken| &taken.abolished)),
            "unchanged": done.report.unchanged,
            "rows": done.report.rows,
        }))?;
        return Ok(Ending::of(done.report.ok));
    }
    show(&done.report, tongue)?;
    if let Some(taken) = &done.taken {
        let lists = [
            ("cli.regions_added", &taken.added),
            ("cli.regions_renamed", &taken.renamed),
            ("cli.regions_abolished", &taken.abolished),
        ];
        for (key, list) in lists.iter().filter(|(_, list)| !list.is_empty()) {
            let words: Vec<&str> = list.iter().map(|code| code.as_str()).collect();
            print_line(&tongue.say(key, &[("codes", words.join(" "))]))?;
        }
    }
    Ok(Ending::of(done.report.ok))
}
