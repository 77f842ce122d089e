//! `qingchuang ledger …`: verifies the tree, replays the records, proves a case. All of it reads
//! only, also while another process serves from the same folder.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use db::Tx;
use kernel::{Clock, Fault};
use ledger::proof::Proof;
use ledger::verify::{Report, rebuild_compare, verify, verify_deep};

use super::{Ending, print_json, print_line};
use crate::config::Config;
use crate::house::{House, Mode, tables};

/// The ledger.
#[derive(Debug, Args)]
pub struct Ledger {
    #[command(subcommand)]
    command: LedgerCommand,
}

/// Where the hall lies.
#[derive(Debug, Args)]
pub struct Where {
    /// The settings.
    #[arg(long)]
    pub config: Option<PathBuf>,
    /// The data folder.
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// A PostgreSQL address in place of the embedded store.
    #[arg(long)]
    pub database: Option<String>,
}

impl Where {
    /// The settings with what the command line says over them.
    ///
    /// # Errors
    /// As [`Config::read`].
    pub fn settings(&self) -> anyhow::Result<Config> {
        let mut config = Config::read(self.config.as_deref())?;
        if let Some(data) = &self.data {
            config.data.clone_from(data);
        }
        if self.database.is_some() {
            config.database.clone_from(&self.database);
        }
        Ok(config)
    }
}

#[derive(Debug, Subcommand)]
enum LedgerCommand {
    /// Verifies every leaf, tile and checkpoint; `--deep` also records, texts, files and rows.
    Verify {
        #[command(flatten)]
        place: Where,
        /// Also replays every record and recomputes every commitment and seal.
        #[arg(long)]
        deep: bool,
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
    /// Replays every record and compares it with its tables.
    Rebuild {
        #[command(flatten)]
        place: Where,
        /// Compares and changes nothing; the only way this command works.
        #[arg(long, required = true)]
        compare: bool,
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
    /// Prints the proof of a case by its number.
    Prove {
        #[command(flatten)]
        place: Where,
        /// The case number.
        number: String,
        /// Prints JSON, which a proof always is.
        #[arg(long)]
        json: bool,
    },
}

/// Runs the subcommand.
///
/// # Errors
/// When the hall cannot be opened.
pub fn run(arguments: &Ledger, clock: &Clock) -> anyhow::Result<Ending> {
    match &arguments.command {
        LedgerCommand::Verify { place, deep, json } => {
            let house = House::open(&place.settings()?, clock.clone(), Mode::Read)?;
            let report = house.db.read(|tx| {
                if *deep {
                    verify_deep(tx, &tables())
                } else {
                    verify(tx)
                }
            })?;
            show(&report, *json)
        }
        LedgerCommand::Rebuild { place, json, .. } => {
            let house = House::open(&place.settings()?, clock.clone(), Mode::Read)?;
            let report = house.db.read(|tx| rebuild_compare(tx, &tables()))?;
            show(&report, *json)
        }
        LedgerCommand::Prove { place, number, .. } => {
            let house = House::open(&place.settings()?, clock.clone(), Mode::Read)?;
            let proof = house.db.read(|tx| proof_of(tx, number))?;
            print_json(&proof)?;
            Ok(Ending::Good)
        }
    }
}

fn show(report: &Report, json: bool) -> anyhow::Result<Ending> {
    if json {
        print_json(report)?;
    } else {
        let word = if report.ok { "good" } else { "NOT good" };
        print_line(&format!(
            "{word}: {} lines, {} sealed",
            report.lines, report.size
        ))?;
        print_line(&format!("root {}", report.root))?;
        for finding in &report.findings {
            print_line(&format!(
                "{} {}: {}",
                finding.code, finding.place, finding.message
            ))?;
        }
    }
    Ok(Ending::of(report.ok))
}

/// The proof of a case by its number: every step of the matter against the newest checkpoint.
fn proof_of(tx: &mut Tx<'_>, number: &str) -> Result<Proof, Fault> {
    let found = case::find_by_number(tx, number)?;
    let id = found.ok_or(Fault::NotFound { what: "case" })?;
    case::prove(tx, id)
}
