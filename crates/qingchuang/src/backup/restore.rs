//! The way back: the digests first, then a hall under another name, verified to the last row, and
//! only then the folder that was asked for.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use kernel::{Actor, Clock, Fault};
use ledger::Vault;
use ledger::sealer::count;
use ledger::verify::{Report, rebuild_compare, verify_deep};
use seal::Suite;

use super::manifest::{Contents, Manifest, StoreForm, read_contents};
use super::{Wrong, copy_whole, digest_of, rows};
use crate::cli::tongue::Declined;
use crate::config::Config;
use crate::house::{House, Mode, tables};

/// How a restoration ended.
pub enum Restored {
    /// The hall stands where it was asked for.
    Good(Box<Manifest>, Report),
    /// The backup is not what its manifest says: nothing was made.
    Damaged(Vec<Wrong>),
    /// The hall that it makes does not verify: nothing was made.
    NotVerified(Report),
}

/// Restores a backup into a folder that must be empty.
///
/// # Errors
/// When the target is not empty, the keys are not those of the hall, or the disk cannot take it.
pub fn restore(
    backup: &Path,
    target: &Config,
    keys: Option<&Path>,
    clock: &Clock,
) -> anyhow::Result<Restored> {
    if !is_empty(&target.data)? {
        return Err(Declined::at("cli.target_not_empty", &target.data));
    }
    let manifest = Manifest::read(backup)?;
    let keys = match (keys, manifest.with_keys) {
        (Some(keys), _) => keys.to_owned(),
        (None, true) => backup.join("keys"),
        (None, false) => return Err(Declined::because("cli.no_keys_given", Vec::new())),
    };
    if !keys.join("suite").is_file() {
        return Err(Declined::at("cli.keys_not_there", &keys));
    }
    let vault = Vault::open(&keys, clock, manifest.suite, &manifest.origin)?;
    let (contents, wrong) = check(backup, &manifest, &vault)?;
    if !wrong.is_empty() {
        return Ok(Restored::Damaged(wrong));
    }
    let mut name = target.data.as_os_str().to_owned();
    name.push(".restoring");
    let work = PathBuf::from(name);
    if work.exists() {
        std::fs::remove_dir_all(&work)?;
    }
    let made = build(backup, &manifest, &contents, &keys, target, &work, clock);
    let report = match made {
        Ok(report) if report.ok => report,
        other => {
            std::fs::remove_dir_all(&work)?;
            return other.map(Restored::NotVerified);
        }
    };
    if target.data.exists() {
        std::fs::remove_dir(&target.data)?;
    }
    std::fs::rename(&work, &target.data)
        .with_context(|| format!("cannot make {}", target.data.display()))?;
    Ok(Restored::Good(Box::new(manifest), report))
}

fn is_empty(folder: &Path) -> std::io::Result<bool> {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// Compares every file with the manifest; each that differs is named.
fn check(
    backup: &Path,
    manifest: &Manifest,
    vault: &Vault,
) -> anyhow::Result<(Contents, Vec<Wrong>)> {
    let wrong = |code, place: &str| Wrong {
        code,
        place: place.to_owned(),
    };
    let mut found = Vec::new();
    if vault.origin != manifest.origin || !manifest.is_signed_by(vault) {
        found.push(wrong("backup.not_signed", super::manifest::MANIFEST));
    }
    let list = std::fs::read(backup.join(&manifest.contents)).unwrap_or_default();
    let digest = seal::digest::hash(Suite::ShangMi, &list);
    let contents = std::str::from_utf8(&list).ok().and_then(read_contents);
    let Some(contents) = contents.filter(|_| digest == manifest.contents_digest) else {
        found.push(wrong("backup.changed", &manifest.contents));
        return Ok((Contents::new(), found));
    };
    for (path, expected) in &contents {
        match digest_of(&backup.join(path)) {
            Ok(is) if is == *expected => {}
            Ok(_) => found.push(wrong("backup.changed", path)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                found.push(wrong("backup.missing", path));
            }
            Err(error) => return Err(error).with_context(|| format!("cannot read {path}")),
        }
    }
    Ok((contents, found))
}

fn build(
    backup: &Path,
    manifest: &Manifest,
    contents: &Contents,
    keys: &Path,
    target: &Config,
    work: &Path,
    clock: &Clock,
) -> anyhow::Result<Report> {
    let mut config = target.clone();
    config.data = work.to_owned();
    for path in super::walk(keys)? {
        copy_secret(&keys.join(&path), &work.join("keys").join(&path))?;
    }
    for path in contents.keys().filter(|path| path.starts_with("files/")) {
        copy_whole(&backup.join(path), &work.join(path))?;
    }
    let store = backup.join(&manifest.store_folder);
    if manifest.store == StoreForm::Sqlite {
        if config.database.is_some() {
            return Err(Declined::because("cli.backup_of_embedded", Vec::new()));
        }
        copy_whole(&store.join("hall.db"), &work.join("hall.db"))?;
    } else if let Some(url) = &config.database {
        refuse_used(url, &config, clock)?;
    }
    let house = House::open(&config, clock.clone(), Mode::Write)?;
    let lines = manifest.lines;
    if manifest.store == StoreForm::Sqlite {
        return Ok(house.db.read(|tx| verified(tx, lines))?);
    }
    // In one transaction: a hall that does not verify leaves no row in a server's tables.
    let (sender, receiver) = std::sync::mpsc::channel();
    let cause = house.db.cause(Actor::system());
    let written = house.db.write(cause, move |tx| {
        rows::read(tx, &store)?;
        ledger::sealer::settle_places(tx)?;
        let report = verified(tx, lines)?;
        let good = report.ok;
        let _the_receiver_waits = sender.send(report);
        if good {
            Ok(())
        } else {
            Err(Fault::Conflict { what: "hall" })
        }
    });
    match (written, receiver.try_iter().last()) {
        (Err(Fault::Conflict { .. }), Some(report)) | (Ok(()), Some(report)) => Ok(report),
        (Err(fault), _) => Err(fault.into()),
        (Ok(()), None) => bail!("the restored rows were not verified"),
    }
}

/// The whole verification, and that no line was lost.
fn verified(tx: &mut db::Tx<'_>, lines: i64) -> Result<Report, Fault> {
    let mut report = verify_deep(tx, &tables())?;
    let rebuilt = rebuild_compare(tx, &tables())?;
    report.findings.extend(rebuilt.findings);
    let (found, _) = count(tx)?;
    if found != lines {
        let message = format!("{found} lines in place of {lines}");
        report.findings.push(ledger::audit::Finding::new(
            "line.missing",
            "ledger_line",
            message,
        ));
    }
    report.ok = report.findings.is_empty();
    Ok(report)
}

/// A server's schema that holds tables already is not written over.
fn refuse_used(url: &str, config: &Config, clock: &Clock) -> anyhow::Result<()> {
    let mut options = db::Options::new(clock.clone(), [0; 32]);
    options.connections = config.connections.min(1);
    let used = db::Db::postgres(url, options)?.read(|tx| tx.table_names())?;
    if !used.is_empty() {
        return Err(Declined::because("cli.database_used", Vec::new()));
    }
    Ok(())
}

fn copy_secret(from: &Path, to: &Path) -> anyhow::Result<()> {
    copy_whole(from, to)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(to, std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}
