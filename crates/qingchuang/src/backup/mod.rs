//! Backups of a whole hall: the store as it was at one moment, the encrypted files beside it, and
//! a signed manifest with the digest of everything; and the way back, which believes nothing that
//! it has not verified.
//!
//! A folder holds one backup, the newest; files are copied once and named by their content. The
//! manifest is written last, so an interrupted backup leaves the one before it good.

pub mod manifest;
pub mod restore;
mod rows;
pub mod take;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use seal::{Digest32, Hasher, Suite};

/// Something that is not as the manifest says.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Wrong {
    /// The stable code.
    pub code: &'static str,
    /// Which file, or which place in the hall.
    #[serde(rename = "where")]
    pub place: String,
}

/// The SM3 digest and size of a file, read piece by piece.
fn digest_of(path: &Path) -> std::io::Result<(Digest32, u64)> {
    let mut file = File::open(path)?;
    let mut hasher = Hasher::new(Suite::ShangMi);
    let mut piece = vec![0_u8; 1 << 16];
    let mut size = 0;
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok((hasher.finish(), size));
        }
        hasher.update(&piece[..read]);
        size += u64::try_from(read).unwrap_or(0);
    }
}

/// Copies a file so that it lies on the disk whole or not at all, and answers digest and size of
/// what was written.
fn copy_whole(from: &Path, to: &Path) -> std::io::Result<(Digest32, u64)> {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut name = to.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    std::fs::copy(from, &part)?;
    File::open(&part)?.sync_all()?;
    let found = digest_of(&part)?;
    std::fs::rename(&part, to)?;
    Ok(found)
}

/// Every file under a folder by its path from there, with `/` between the parts; parts of files
/// that are still being written are left out.
fn walk(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut open = vec![(folder.to_owned(), String::new())];
    while let Some((folder, prefix)) = open.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if prefix.is_empty() {
                name.clone()
            } else {
                format!("{prefix}/{name}")
            };
            if entry.file_type()?.is_dir() {
                open.push((entry.path(), path));
            } else if !name.ends_with(".part") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
