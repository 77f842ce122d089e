//! `doctor`: what is wrong with an installation, each finding with a code, what it means and what
//! to do. It looks only; what it cannot look at is a finding too.
//!
//! Deliberately absent: fonts, which the program carries, and the deep verification, which
//! `ledger verify --deep` does.

use std::collections::BTreeMap;
use std::path::Path;

use calendar::{Status, WorkingDays};
use db::{StoreKind, Tx, outbox, timer};
use jiff::{SignedDuration, Timestamp, ToSpan};
use kernel::fault::Param;
use kernel::{Clock, Fault};
use serde::Serialize;

use crate::config::Config;
use crate::house::{House, MIGRATIONS, Mode};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The hall cannot work, or not rightly.
    Error,
    /// Somebody should look at it.
    Warning,
    /// Good to know.
    Note,
}

/// Something that the doctor found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The stable code; its wording is `doctor.CODE`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What the wording needs.
    pub params: Vec<Param>,
}

/// Free space below which the hall will stop soon, and below which somebody should look, in MiB.
const DISK_MIB: (u64, u64) = (512, 4096);
/// How long the calendar should reach beyond today.
const CALENDAR_DAYS: i32 = 90;
/// How far two clocks may be apart.
const SKEW: SignedDuration = SignedDuration::from_secs(5);
/// How long a committed line may wait for its place in the tree.
const SEALING: SignedDuration = SignedDuration::from_mins(1);
/// How long a timer may be overdue.
const TIMERS: SignedDuration = SignedDuration::from_mins(10);
/// How long a message may wait.
const MESSAGES: SignedDuration = SignedDuration::from_hours(1);
/// More failed papers of a sort are not counted.
const PAPERS_MAX: i64 = 1000;
/// Ledgers of more lines are verified by `ledger verify` alone.
const LINES_QUICK: i64 = 200_000;
/// The oldest PostgreSQL that the house is tested with.
const POSTGRES_MIN: u32 = 15;

fn finding(code: &'static str, severity: Severity, params: Vec<Param>) -> Finding {
    Finding {
        code,
        severity,
        params,
    }
}

/// Looks at everything.
#[must_use]
pub fn examine(config: &Config, clock: &Clock) -> Vec<Finding> {
    let mut found = Vec::new();
    if !folder(config, clock, &mut found) {
        return found;
    }
    settings(config, &mut found);
    let house = match House::open(config, clock.clone(), Mode::Read) {
        Ok(house) => house,
        Err(error) => {
            let detail = vec![("detail", format!("{error:#}"))];
            found.push(finding("store_unreachable", Severity::Error, detail));
            return found;
        }
    };
    if !schema(&house, &mut found) {
        return found;
    }
    let checks: [(&'static str, Check); 10] = [
        ("store", store),
        ("calendar", days),
        ("clock", clocks),
        ("sealing", sealing),
        ("timers", timers),
        ("outbox", messages),
        ("letters", letters),
        ("papers", papers),
        ("ledger", ledger_quick),
        ("people", people),
    ];
    for (name, check) in checks {
        match house.db.read(|tx| check(tx, house.db.kind())) {
            Ok(more) => found.extend(more),
            Err(fault) => found.push(finding(
                "check_failed",
                Severity::Error,
                vec![("what", name.to_owned()), ("detail", fault.to_string())],
            )),
        }
    }
    found.sort_by_key(|one| one.severity);
    found
}

type Check = fn(&mut Tx<'_>, StoreKind) -> Result<Vec<Finding>, Fault>;

/// The data folder; false when there is nothing to look at in it.
fn folder(config: &Config, clock: &Clock, found: &mut Vec<Finding>) -> bool {
    let data = &config.data;
    let place = || vec![("folder", data.display().to_string())];
    let keys = data.join("keys");
    if !keys.join("suite").is_file() {
        let code = if data.join("hall.db").is_file() {
            "no_keys"
        } else {
            "no_hall"
        };
        found.push(finding(code, Severity::Error, place()));
        return false;
    }
    let probe = data.join(format!(".doctor-{}", clock.new_uuid()));
    let probed = std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe));
    if let Err(error) = probed {
        let mut params = place();
        params.push(("detail", error.to_string()));
        found.push(finding("not_writable", Severity::Error, params));
    }
    open_keys(&keys, found);
    match free_mib(data) {
        Some(mib) if mib < DISK_MIB.1 => {
            let severity = if mib < DISK_MIB.0 {
                Severity::Error
            } else {
                Severity::Warning
            };
            found.push(finding(
                "disk_full",
                severity,
                vec![("mib", mib.to_string())],
            ));
        }
        Some(_) => {}
        None => found.push(finding("disk_unknown", Severity::Note, place())),
    }
    if config.database.is_none() && !data.join("hall.db").is_file() {
        found.push(finding("no_hall", Severity::Error, place()));
        return false;
    }
    if is_served(data) {
        found.push(finding("served", Severity::Note, place()));
    }
    true
}

/// Keys that others than the owner can read.
#[cfg(unix)]
fn open_keys(keys: &Path, found: &mut Vec<Finding>) {
    use std::os::unix::fs::PermissionsExt;
    let mut open = vec![keys.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let Ok(metadata) = entry.metadata() else {
                continue;
            };
            if metadata.is_dir() {
                open.push(entry.path());
            } else if metadata.permissions().mode() & 0o077 != 0 {
                let path = vec![("path", entry.path().display().to_string())];
                found.push(finding("keys_open", Severity::Error, path));
            }
        }
    }
}

#[cfg(not(unix))]
fn open_keys(_keys: &Path, _found: &mut Vec<Finding>) {}

/// Free space where a folder lies, as `df` tells it.
fn free_mib(folder: &Path) -> Option<u64> {
    let output = std::process::Command::new("df")
        .arg("-Pk")
        .arg(folder)
        .env("LC_ALL", "C")
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let line = text.lines().nth(1)?;
    let free: u64 = line.split_whitespace().nth(3)?.parse().ok()?;
    Some(free >> 10)
}

/// Whether another process serves from the folder.
fn is_served(data: &Path) -> bool {
    match std::fs::File::open(data.join("hall.lock")) {
        Ok(lock) => lock.try_lock().is_err(),
        Err(_) => false,
    }
}

fn settings(config: &Config, found: &mut Vec<Finding>) {
    match &config.public_address {
        None => found.push(finding("no_public_address", Severity::Note, Vec::new())),
        Some(address) if !address.starts_with("https://") => {
            let address = vec![("address", address.clone())];
            found.push(finding("not_https", Severity::Warning, address));
        }
        Some(_) => {}
    }
}

/// What the store's schema says; false when the tables are not those of this program.
fn schema(house: &House, found: &mut Vec<Finding>) -> bool {
    let read = house.db.read(|tx| {
        let mut done = Vec::new();
        tx.each_row("schema_migration", &["room", "number"], |values| {
            if let [db::Value::Text(room), db::Value::Int(number)] = values {
                done.push(format!("{room} {number}"));
            }
            Ok(())
        })?;
        Ok(done)
    });
    let done = match read {
        Ok(done) => done,
        Err(fault) => {
            let detail = vec![("detail", fault.to_string())];
            found.push(finding("store_unreachable", Severity::Error, detail));
            return false;
        }
    };
    let steps = db::migrate::OWN
        .iter()
        .chain(MIGRATIONS.iter().copied().flatten());
    let known: Vec<String> = steps
        .map(|step| format!("{} {}", step.room, step.number))
        .collect();
    let newer: Vec<&str> = done
        .iter()
        .filter(|step| !known.contains(step))
        .map(String::as_str)
        .collect();
    if !newer.is_empty() {
        let steps = vec![("steps", newer.join(", "))];
        found.push(finding("schema_ahead", Severity::Error, steps));
        return false;
    }
    let behind: Vec<&str> = known
        .iter()
        .filter(|step| !done.contains(step))
        .map(String::as_str)
        .collect();
    if !behind.is_empty() {
        let steps = vec![("steps", behind.join(", "))];
        found.push(finding("schema_behind", Severity::Warning, steps));
        return false;
    }
    true
}

fn store(tx: &mut Tx<'_>, kind: StoreKind) -> Result<Vec<Finding>, Fault> {
    let version = tx.store_version()?;
    let major = version.split(['.', ' ']).next().unwrap_or_default();
    let major: u32 = major.parse().unwrap_or(0);
    let old = kind == StoreKind::Postgres && major < POSTGRES_MIN;
    let params = vec![("version", version), ("min", POSTGRES_MIN.to_string())];
    Ok(if old {
        vec![finding("postgres_old", Severity::Error, params)]
    } else {
        Vec::new()
    })
}

fn days(tx: &mut Tx<'_>, _kind: StoreKind) -> Result<Vec<Finding>, Fault> {
    let Ok(calendar) = tx.thing::<WorkingDays>() else {
        return Ok(vec![finding(
            "calendar_damaged",
            Severity::Error,
            Vec::new(),
        )]);
    };
    let today = tx.today();
    let mut found = Vec::new();
    let until = today
        .checked_add(CALENDAR_DAYS.days())
        .map_err(Fault::broken)?;
    if calendar.last_day() < until {
        let last = vec![("last", calendar.last_day().to_string())];
        found.push(finding("calendar_ends", Severity::Error, last));
    }
    // The notice for a year is published in the autumn before it.
    let next = if today.month() == 12 { 1 } else { 0 };
    for year in today.year()..=today.year() + next {
        if calendar.year_status(year) != Some(Status::Official) {
            let year = vec![("year", year.to_string())];
            found.push(finding("calendar_provisional", Severity::Warning, year));
        }
    }
    Ok(found)
}

fn clocks(tx: &mut Tx<'_>, _kind: StoreKind) -> Result<Vec<Finding>, Fault> {
    let now = tx.now();
    let mut found = Vec::new();
    if let Some(newest) = ledger::sealer::newest_line_at(tx)?
        && now + SKEW < newest
    {
        let at = vec![("now", now.to_string()), ("newest", newest.to_string())];
        found.push(finding("clock_behind", Severity::Error, at));
    }
    if let Some(there) = tx.store_clock()? {
        let there = Timestamp::from_microsecond(there).map_err(Fault::broken)?;
        let apart = there.duration_since(now).abs();
        if SKEW < apart {
            let seconds = vec![("seconds", apart.as_secs().to_string())];
            found.push(finding("clock_skew", Severity::Warning, seconds));
        }
    }
    Ok(found)
}

fn sealing(tx: &mut Tx<'_>, _kind: StoreKind) -> Result<Vec<Finding>, Fault> {
    let now = tx.now();
    let waits = ledger::sealer::waiting_since(tx)?;
    let Some(since) = waits.filter(|since| *since + SEALING < now) else {
        return Ok(Vec::new());
    };
    let (lines, sealed) = ledger::sealer::count(tx)?;
    let params = vec![
        ("since", since.to_string()),
        ("count", (lines - sealed).to_string()),
    ];
    Ok(vec![finding("unsealed", Severity::Warning, params)])
}

fn timers(tx: &mut Tx<'_>, _kind: StoreKind) -> Result<Vec<Finding>, Fault> {
    let now = tx.now();
    let due = timer::next_due(tx)?;
    let Some(since) = due.filter(|due| *due + TIMERS < now) else {
        return Ok(Vec::new());
    };
    let count = timer::due(tx, 10_000)?.len();
    let params = vec![("since", since.to_string()), ("count", count.to_string())];
    Ok(vec![finding("timers_overdue", Severity::Warning, params)])
}

fn messages(tx: &mut Tx<'_>, _kind: StoreKind) -> Result<Vec<Finding>, Fault> {
    let now = tx.now();
    let mut stuck: BTreeMap<String, (usize, Timestamp)> = BTreeMap::new();
    for message in outbox::due(tx, 10_000)? {
        if message.created_at + MESSAGES < now {
            let entry = stuck.entry(message.topic);
            let (count, since) = entry.or_insert((0, message.created_at));
            *count += 1;
            *since = message.created_at.min(*since);
        }
    }
    let told = |(topic, (count, since)): (String, (usize, Timestamp))| {
        let params = vec![
            ("topic", topic),
            ("count", count.to_string()),
            ("since", since.to_string()),
        ];
        finding("outbox_stuck", Severity::Warning, params)
    };
    Ok(stuck.into_iter().map(told).collect())
}

/// Letters that a gateway does not take.
fn letters(tx: &mut Tx<'_>, _kind: StoreKind) -> Result<Vec<Finding>, Fault> {
    let told = |(channel, count, error): (inbox::Channel, i64, String)| {
        let params = vec![
            ("channel", channel.to_string()),
            ("count", count.to_string()),
            ("error", error),
        ];
        finding("letters_failing", Severity::Warning, params)
    };
    Ok(inbox::finding(tx)?.into_iter().map(told).collect())
}

/// Notices and certificates whose file could not be made.
fn papers(tx: &mut Tx<'_>, _kind: StoreKind) -> Result<Vec<Finding>, Fault> {
    let count = certificate::failed_papers(tx, PAPERS_MAX)?;
    let params = vec![("count", count.to_string())];
    Ok(match count {
        0 => Vec::new(),
        _ => vec![finding("papers_failed", Severity::Warning, params)],
    })
}

fn ledger_quick(tx: &mut Tx<'_>, _kind: StoreKind) -> Result<Vec<Finding>, Fault> {
    let (lines, _) = ledger::sealer::count(tx)?;
    if LINES_QUICK < lines {
        let lines = vec![("lines", lines.to_string())];
        return Ok(vec![finding("ledger_large", Severity::Note, lines)]);
    }
    let report = ledger::verify::verify(tx)?;
    let told = |wrong: ledger::audit::Finding| {
        let params = vec![("place", wrong.place), ("message", wrong.message)];
        finding("ledger_wrong", Severity::Error, params)
    };
    Ok(report.findings.into_iter().map(told).collect())
}

fn people(tx: &mut Tx<'_>, _kind: StoreKind) -> Result<Vec<Finding>, Fault> {
    let mut found = Vec::new();
    if matches!(identity::hall(tx), Err(Fault::NotFound { .. })) {
        found.push(finding("no_hall_organ", Severity::Warning, Vec::new()));
    }
    let all = crate::admin::list(tx)?;
    let missing: Vec<&str> = identity::decide::ADMINISTRATORS
        .iter()
        .filter(|role| !all.iter().any(|one| one.roles.contains(role)))
        .map(|role| role.as_str())
        .collect();
    if !missing.is_empty() {
        let roles = vec![("roles", missing.join(", "))];
        found.push(finding("no_administrators", Severity::Warning, roles));
    }
    let today = tx.today();
    if catalogue::names(tx, today)?.is_empty() {
        found.push(finding("no_items", Severity::Warning, Vec::new()));
    }
    Ok(found)
}
