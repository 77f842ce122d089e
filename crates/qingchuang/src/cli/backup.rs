//! `qingchuang backup` takes a backup, also while the hall serves; `qingchuang restore` makes a
//! hall of one, after everything in it was verified.

use std::path::PathBuf;

use clap::Args;
use kernel::Clock;
use serde_json::json;

use super::ledger::Where;
use super::tongue::Tongue;
use super::{Ending, print_json, print_line};
use crate::backup::restore::{Restored, restore};
use crate::backup::take::take;
use crate::config::Config;
use crate::house::{House, Mode};

/// Takes a backup of the hall.
#[derive(Debug, Args)]
pub struct Backup {
    #[command(flatten)]
    place: Where,
    /// The folder of the backup; files that lie there already are not copied again.
    folder: PathBuf,
    /// Copies the embedded store row by row, so that it can be restored into PostgreSQL too.
    #[arg(long)]
    portable: bool,
    /// Puts the hall's keys beside it: whoever has the folder can read everything then.
    #[arg(long)]
    with_keys: bool,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

/// Makes a hall of a backup.
#[derive(Debug, Args)]
pub struct Restore {
    /// The folder of the backup.
    folder: PathBuf,
    /// The folder of the new hall, which must be empty.
    #[arg(long)]
    data: PathBuf,
    /// An empty PostgreSQL schema in place of the embedded store.
    #[arg(long)]
    database: Option<String>,
    /// The folder of the hall's keys, where the backup holds none.
    #[arg(long)]
    keys: Option<PathBuf>,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

/// Takes a backup.
///
/// # Errors
/// When the hall cannot be read or the folder not be written.
pub fn run(backup: &Backup, clock: &Clock, tongue: &Tongue) -> anyhow::Result<Ending> {
    let config = backup.place.settings()?;
    let house = House::open(&config, clock.clone(), Mode::Read)?;
    let folder = &backup.folder;
    let made = take(&house, &config, folder, backup.portable, backup.with_keys)?;
    if backup.json {
        let mut value = serde_json::to_value(&made)?;
        value["ok"] = json!(true);
        print_json(&value)?;
        return Ok(Ending::Good);
    }
    let params = [
        ("folder", folder.display().to_string()),
        ("lines", made.lines.to_string()),
        ("files", made.files.to_string()),
        ("mib", made.bytes.div_ceil(1 << 20).to_string()),
    ];
    print_line(&tongue.say("cli.backup_done", &params))?;
    let key = if backup.with_keys {
        "cli.backup_with_keys"
    } else {
        "cli.backup_without_keys"
    };
    let keys = config.data.join("keys").display().to_string();
    print_line(&tongue.say(key, &[("keys", keys)]))?;
    Ok(Ending::Good)
}

/// Makes a hall of a backup.
///
/// # Errors
/// When the target is not empty or the keys are missing.
pub fn run_restore(restored: &Restore, clock: &Clock, tongue: &Tongue) -> anyhow::Result<Ending> {
    let target = Config {
        data: restored.data.clone(),
        database: restored.database.clone(),
        ..Config::default()
    };
    match restore(&restored.folder, &target, restored.keys.as_deref(), clock)? {
        Restored::Good(manifest, report) => {
            if restored.json {
                print_json(&json!({
                    "ok": true, "made_at": manifest.made_at, "lines": report.lines,
                    "size": report.size, "root": report.root,
                }))?;
            } else {
                let params = [
                    ("folder", restored.data.display().to_string()),
                    ("made", manifest.made_at.to_string()),
                    ("lines", report.lines.to_string()),
                    ("root", report.root),
                ];
                print_line(&tongue.say("cli.restore_done", &params))?;
            }
            Ok(Ending::Good)
        }
        Restored::Damaged(wrong) => {
            if restored.json {
                print_json(&json!({ "ok": false, "findings": wrong }))?;
            } else {
                for one in &wrong {
                    let place = [("place", one.place.clone())];
                    print_line(&tongue.with_todo(&format!("cli.{}", one.code), &place))?;
                }
            }
            Ok(Ending::Failed)
        }
        Restored::NotVerified(report) => {
            if restored.json {
                print_json(&report)?;
            } else {
                print_line(&tongue.t("cli.restore_not_verified"))?;
                for one in &report.findings {
                    print_line(&format!("{} {}: {}", one.code, one.place, one.message))?;
                }
            }
            Ok(Ending::Failed)
        }
    }
}
