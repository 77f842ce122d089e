//! Taking a backup, also while the hall serves. The store is copied first: every file that a row
//! names lay on the disk before the row was written.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use db::{Db, Options, StoreKind, Tx};
use jiff::Timestamp;
use kernel::{Clock, Fault};
use ledger::Vault;
use ledger::sealer::count;
use seal::{Digest32, Suite};

use super::manifest::{
    Contents, FORM, MANIFEST, Manifest, StoreForm, read_contents, write_contents,
};
use super::{copy_whole, digest_of, rows, walk};
use crate::cli::tongue::Declined;
use crate::config::Config;
use crate::house::House;

/// How often the store is copied again when somebody had a file erased meanwhile.
const TRIES_MAX: u32 = 3;

/// What is known of the store's copy.
struct Copied {
    lines: i64,
    sealed: i64,
    checkpoint: Option<String>,
    named: BTreeSet<String>,
}

fn look(tx: &mut Tx<'_>) -> Result<Copied, Fault> {
    let (lines, sealed) = count(tx)?;
    let addresses = ledger::files::addresses(tx)?;
    Ok(Copied {
        lines,
        sealed,
        checkpoint: ledger::sealer::newest_checkpoint(tx)?,
        named: addresses.into_iter().map(place_of).collect(),
    })
}

/// Where a stored file lies, from the data folder.
fn place_of(address: Digest32) -> String {
    let name = address.to_string();
    format!("files/{}/{name}", name.get(..2).unwrap_or_default())
}

/// Takes a backup of an open hall into a folder.
///
/// # Errors
/// When the folder is in use or cannot be written, or the hall not be read.
pub fn take(
    house: &House,
    config: &Config,
    folder: &Path,
    portable: bool,
    with_keys: bool,
) -> anyhow::Result<Manifest> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let lock = File::create(folder.join("backup.lock"))?;
    if lock.try_lock().is_err() {
        return Err(Declined::at("cli.backup_running", folder));
    }
    let before = known_contents(folder);
    let now = house.db.clock().now();
    let form = match house.db.kind() {
        StoreKind::Sqlite if !portable => StoreForm::Sqlite,
        StoreKind::Sqlite | StoreKind::Postgres => StoreForm::Tables,
    };
    for attempt in 0..TRIES_MAX {
        let stamp = format!("{}-{attempt}", stamp(now));
        let store_folder = format!("store-{stamp}");
        let copied = copy_store(house, form, &folder.join(&store_folder))?;
        let mut contents = Contents::new();
        for path in walk(&folder.join(&store_folder))? {
            let path = format!("{store_folder}/{path}");
            contents.insert(path.clone(), digest_of(&folder.join(&path))?);
        }
        copy_files(config, folder, "files", before.as_ref(), &mut contents)?;
        if with_keys {
            copy_files(config, folder, "keys", None, &mut contents)?;
        }
        if let Some(gone) = copied
            .named
            .iter()
            .find(|path| !contents.contains_key(*path))
        {
            tracing::warn!(
                path = gone,
                "a file went while the backup ran; copying again"
            );
            continue;
        }
        let mut manifest = Manifest {
            form: FORM,
            made_at: now,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            origin: house.vault.origin.clone(),
            suite: house.vault.suite,
            store: form,
            store_folder,
            lines: copied.lines,
            sealed: copied.sealed,
            checkpoint: copied.checkpoint,
            with_keys,
            files: contents.len(),
            bytes: contents.values().map(|(_, size)| size).sum(),
            contents: format!("contents-{stamp}.txt"),
            contents_digest: Digest32([0; 32]),
            signature: String::new(),
        };
        finish(folder, &mut manifest, &contents, &house.vault)?;
        return Ok(manifest);
    }
    Err(Declined::because("cli.files_missing", Vec::new()))
}

/// `20261123T083000Z`.
fn stamp(at: Timestamp) -> String {
    let whole = at.to_string();
    let text = whole.split('.').next().unwrap_or(&whole);
    let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{}Z", plain.trim_end_matches('Z'))
}

fn copy_store(house: &House, form: StoreForm, folder: &Path) -> anyhow::Result<Copied> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    match form {
        StoreForm::Sqlite => {
            house.db.copy_to(&folder.join("hall.db"))?;
            let options = Options::new(Clock::real(), house.vault.row_key);
            let copy = Db::sqlite_read_only(folder, options)?;
            Ok(copy.read(look)?)
        }
        StoreForm::Tables => Ok(house.db.read(|tx| {
            rows::write(tx, folder)?;
            look(tx)
        })?),
    }
}

/// What the backup that lies in the folder holds, if there is a good one.
fn known_contents(folder: &Path) -> Option<Contents> {
    let manifest = Manifest::read(folder).ok()?;
    let text = std::fs::read_to_string(folder.join(&manifest.contents)).ok()?;
    let digest = seal::digest::hash(Suite::ShangMi, text.as_bytes());
    (digest == manifest.contents_digest).then(|| read_contents(&text))?
}

/// Copies the files of a folder of the hall. One that the last backup named, and that still has
/// its size, was copied and digested then: a file is named by its content and never changes.
fn copy_files(
    config: &Config,
    folder: &Path,
    part: &str,
    before: Option<&Contents>,
    contents: &mut Contents,
) -> anyhow::Result<()> {
    for path in walk(&config.data.join(part))? {
        let path = format!("{part}/{path}");
        let (from, to) = (config.data.join(&path), folder.join(&path));
        let known = before.and_then(|before| before.get(&path));
        let kept = std::fs::metadata(&to).map(|found| found.len()).ok();
        let found = match known {
            Some(known) if kept == Some(known.1) => *known,
            _ => match copy_whole(&from, &to) {
                Ok(found) => found,
                // Erased since the folder was listed.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => {
                    return Err(error).with_context(|| format!("cannot copy {}", from.display()));
                }
            },
        };
        contents.insert(path, found);
    }
    Ok(())
}

/// Writes contents and manifest, then takes away what belongs to no backup any more: the store
/// of the last one, and files that were erased from the hall.
fn finish(
    folder: &Path,
    manifest: &mut Manifest,
    contents: &Contents,
    vault: &Vault,
) -> anyhow::Result<()> {
    let text = write_contents(contents);
    manifest.contents_digest = seal::digest::hash(Suite::ShangMi, text.as_bytes());
    manifest.sign(vault)?;
    write_whole(&folder.join(&manifest.contents), text.as_bytes())?;
    let mut bytes = serde_json::to_vec_pretty(&manifest)?;
    bytes.push(b'\n');
    write_whole(&folder.join(MANIFEST), &bytes)?;
    for path in walk(folder)? {
        let own = path == MANIFEST || path == manifest.contents || path == "backup.lock";
        if !own && !contents.contains_key(&path) && is_ours(&path) {
            std::fs::remove_file(folder.join(&path))?;
        }
    }
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("store-") && name != manifest.store_folder {
            std::fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Whether a path is one that backups write: nothing else in the folder is touched.
fn is_ours(path: &str) -> bool {
    ["files/", "keys/", "store-", "contents-"]
        .iter()
        .any(|start| path.starts_with(start))
}

fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let part = std::path::PathBuf::from(name);
    let mut file = File::create(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&part, path)?;
    Ok(())
}
