//! The command line of design §8: one file a subcommand. Exit 0 good, 1 a check failed or a
//! fault, 2 wrong usage. `--json` prints JSON; a bare `-` reads one value a line.

pub mod admin;
pub mod backup;
pub mod bench;
pub mod calendar;
pub mod codes;
pub mod decision;
pub mod doctor;
pub mod eventlog;
pub mod export;
pub mod import;
pub mod ledger;
pub mod migrate;
pub mod process;
pub mod serve;
pub mod tongue;

use std::io::{BufRead, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use kernel::Clock;
use serde::Serialize;

use tongue::Tongue;

/// How a subcommand ends, when it ends well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// All is good.
    Good,
    /// A check failed.
    Failed,
    /// What was asked cannot be asked.
    Usage,
}

impl Ending {
    /// Good or failed.
    #[must_use]
    pub fn of(good: bool) -> Self {
        if good { Ending::Good } else { Ending::Failed }
    }
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Good => ExitCode::SUCCESS,
            Ending::Failed => ExitCode::from(1),
            Ending::Usage => ExitCode::from(2),
        }
    }
}

/// Prints one JSON value on a line of its own.
///
/// # Errors
/// When standard output is gone.
pub fn print_json<T: Serialize + ?Sized>(value: &T) -> anyhow::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    std::io::stdout().lock().write_all(&line)?;
    Ok(())
}

/// Prints a line for people.
///
/// # Errors
/// When standard output is gone.
pub fn print_line(line: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout().lock(), "{line}")?;
    Ok(())
}

/// Runs `answer` on each line of standard input; the first line end stripped, empty lines
/// skipped. Good when every answer is good.
///
/// # Errors
/// When standard input is not text or standard output is gone.
pub fn each_line(mut answer: impl FnMut(&str) -> anyhow::Result<bool>) -> anyhow::Result<Ending> {
    let mut all_good = true;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if !line.trim().is_empty() {
            all_good &= answer(line.trim_end_matches('\r'))?;
        }
    }
    Ok(Ending::of(all_good))
}

/// Qingchuang 清窗: runs a government service hall.
#[derive(Debug, Parser)]
#[command(name = "qingchuang", version)]
struct Arguments {
    /// zh or en; that of the session by default.
    #[arg(long, global = true)]
    lang: Option<kernel::Lang>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Checks national codes.
    Codes(codes::Codes),
    /// Counts legal days.
    Calendar(calendar::Calendar),
    /// Checks and simulates BPMN files; moves running cases.
    Process(process::Process),
    /// Tests and checks DMN decisions.
    Decision(decision::Decision),
    /// Counts what happened in event logs.
    Eventlog(eventlog::Eventlog),
    /// Runs a hall.
    Serve(serve::Serve),
    /// Furnishes a demonstration hall and runs it.
    Demo(serve::Demo),
    /// Measures, beside the machine's own limit.
    Bench(bench::Bench),
    /// Verifies, rebuilds and proves the ledger.
    Ledger(ledger::Ledger),
    /// Brings items, organs, staff, days off or regions into a hall.
    Import(import::Import),
    /// Gives items, cases or the event log away as a file.
    Export(export::Export),
    /// Takes a backup, also while the hall serves.
    Backup(backup::Backup),
    /// Makes a hall of a backup, after verifying it.
    Restore(backup::Restore),
    /// Explains what is wrong with an installation.
    Doctor(doctor::Doctor),
    /// Makes the first administrators; helps who cannot log in.
    Admin(admin::Admin),
}

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log_to_stderr();
    let clock = Clock::real();
    match obey(&arguments, &clock) {
        Ok(ending) => ending.into(),
        Err(error) => {
            tell(&error, arguments.lang);
            ExitCode::from(1)
        }
    }
}

fn obey(arguments: &Arguments, clock: &Clock) -> anyhow::Result<Ending> {
    let tongue = || Tongue::new(arguments.lang);
    match &arguments.command {
        Command::Codes(codes) => codes::run(codes, clock, tongue::lang(arguments.lang)),
        Command::Calendar(calendar) => calendar::run(calendar, clock, &tongue),
        Command::Process(process) => process::run(process, clock, &tongue()?),
        Command::Decision(decision) => decision::run(decision, tongue::lang(arguments.lang)),
        Command::Eventlog(eventlog) => eventlog::run(eventlog, &tongue),
        Command::Serve(serve) => serve::run(serve),
        Command::Demo(demo) => serve::run_demo(demo),
        Command::Bench(bench) => bench::run(bench, clock),
        Command::Ledger(ledger) => ledger::run(ledger, clock),
        Command::Import(import) => import::run(import, clock, &tongue()?),
        Command::Export(export) => export::run(export, clock, &tongue()?),
        Command::Backup(backup) => backup::run(backup, clock, &tongue()?),
        Command::Restore(restore) => backup::run_restore(restore, clock, &tongue()?),
        Command::Doctor(doctor) => doctor::run(doctor, clock, &tongue()?),
        Command::Admin(admin) => admin::run(admin, clock, &tongue()?),
    }
}

/// Says why a command ended in a fault: in the person's language where the house has words for
/// it, as it is otherwise.
fn tell(error: &anyhow::Error, lang: Option<kernel::Lang>) {
    if let (Some(declined), Ok(tongue)) =
        (error.downcast_ref::<tongue::Declined>(), Tongue::new(lang))
    {
        let said = tongue.with_todo(declined.key, &declined.params);
        eprintln!("qingchuang: {said}");
        return;
    }
    match (error.downcast_ref::<kernel::Fault>(), Tongue::new(lang)) {
        (Some(fault), Ok(tongue)) if !matches!(fault, kernel::Fault::Broken { .. }) => {
            for line in tongue.fault(fault) {
                eprintln!("qingchuang: {line}");
            }
        }
        _ => eprintln!("qingchuang: {error:#}"),
    }
}

/// Structured logs on standard error; `RUST_LOG` chooses what, warnings when it says nothing.
fn log_to_stderr() {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}
