//! Files beside the ledger: encrypted, content-addressed, written before the event that names
//! them; the event holds a salted commitment to content, name and kind.
//!
//! Deliberately absent: object stores other than a local folder.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use db::{Tx, params};
use jiff::{SignedDuration, Timestamp};
use kernel::{Clock, Fault, PersonId, TypedId};
use seal::{Digest32, Suite};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::vault::{Vault, unavailable};

/// Into so many folders contents are spread.
pub const FOLDERS: u32 = 256;
/// How long a content that was handed in may wait for the row that names it.
const HANDED_IN: SignedDuration = SignedDuration::from_mins(30);

kernel::id!(
    /// A file that is kept beside the ledger.
    FileId,
    "file"
);

/// What an event holds in place of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileCommitment {
    /// Where the file is known.
    pub file: FileId,
    /// The digest of salt, content digest, name, kind and size.
    pub digest: Digest32,
}

/// A file that lies in the store and that no record names yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredFile {
    /// Its name in the store: a keyed digest of the content.
    pub address: [u8; 32],
    /// The SM3 digest of the content, as shown to people.
    pub content: Digest32,
    /// Its size in bytes.
    pub size: i64,
}

/// A file as a record knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFile {
    /// Its id.
    pub id: FileId,
    /// The record it belongs to.
    pub record: Uuid,
    /// Who can have it erased.
    pub person: Option<PersonId>,
    /// Its name in the store.
    pub address: [u8; 32],
    /// Its size in bytes.
    pub size: i64,
    /// Its media type.
    pub media: String,
    /// Its name, as its owner called it.
    pub name: String,
    /// The SM3 digest of its content.
    pub content: Digest32,
    salt: [u8; 16],
}

/// A folder of encrypted files.
pub struct FileStore {
    root: PathBuf,
    vault: Arc<Vault>,
}

impl FileStore {
    /// The store in a folder, which is made when it is not there.
    ///
    /// # Errors
    /// [`Fault::Unavailable`].
    pub fn open(root: &Path, vault: Arc<Vault>) -> Result<Self, Fault> {
        fs::create_dir_all(root).map_err(unavailable)?;
        Ok(Self {
            root: root.to_owned(),
            vault,
        })
    }

    /// Stores a content durably; the same content is stored once.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when the disk cannot take it: nothing half-written remains.
    pub fn put(&self, clock: &Clock, content: &[u8]) -> Result<StoredFile, Fault> {
        let digest = seal::digest::hash(Suite::ShangMi, content);
        let address = seal::digest::hmac_sm3(&self.vault.address_key, &digest.0).0;
        let size = i64::try_from(content.len()).map_err(Fault::broken)?;
        let stored = StoredFile {
            address,
            content: digest,
            size,
        };
        let path = self.path(&address);
        if self.touch(clock, &path)? {
            return Ok(stored);
        }
        let sealed =
            seal::cipher::seal_file(&self.vault.data_key, clock.random(), &address, content)
                .map_err(Fault::broken)?;
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).map_err(unavailable)?;
        let part = folder.join(format!("{}.part", clock.new_uuid()));
        let written = fs::File::create(&part)
            .and_then(|mut file| {
                file.write_all(&sealed)?;
                file.set_modified(clock.now().into())?;
                file.sync_all()
            })
            .and_then(|()| fs::rename(&part, &path))
            .and_then(|()| fs::File::open(folder)?.sync_all());
        if let Err(error) = written {
            let _the_first_error_counts = fs::remove_file(&part);
            return Err(unavailable(error));
        }
        Ok(stored)
    }

    /// The content at an address.
    ///
    /// # Errors
    /// [`Fault::NotFound`] when it was erased; [`Fault::Broken`] when it was changed.
    pub fn get(&self, address: &[u8; 32]) -> Result<Vec<u8>, Fault> {
        let sealed = match fs::read(self.path(address)) {
            Ok(sealed) => sealed,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(Fault::NotFound { what: "file" });
            }
            Err(error) => return Err(unavailable(error)),
        };
        seal::cipher::open_file(&self.vault.data_key, address, &sealed)
            .map_err(|error| Fault::broken(format!("a stored file: {error}")))
    }

    /// Removes a content that no row names, unless somebody handed it in a moment ago: their row
    /// may be about to be written. Answers whether it is gone.
    ///
    /// # Errors
    /// [`Fault::Unavailable`].
    pub fn remove_unused(&self, clock: &Clock, address: &[u8; 32]) -> Result<bool, Fault> {
        let path = self.path(address);
        let aside = path.with_extension("gone");
        match fs::rename(&path, &aside) {
            Ok(()) => {}
            // A removal that was cut off left it aside.
            Err(error) if error.kind() == ErrorKind::NotFound && aside.is_file() => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
            Err(error) => return Err(unavailable(error)),
        }
        // Looked at when nobody finds it any more, so that no hand-in slips in between.
        let touched = fs::metadata(&aside).and_then(|known| known.modified());
        let touched = Timestamp::try_from(touched.map_err(unavailable)?).map_err(Fault::broken)?;
        if clock.now().duration_since(touched) < HANDED_IN {
            fs::rename(&aside, &path).map_err(unavailable)?;
            return Ok(false);
        }
        fs::remove_file(&aside).map_err(unavailable)?;
        Ok(true)
    }

    /// What lies in one of the [`FOLDERS`] folders and was handed in long enough ago to have been
    /// named: the addresses of contents. What a cut write left behind is removed.
    ///
    /// # Errors
    /// [`Fault::Unavailable`].
    pub fn settled_in(&self, clock: &Clock, folder: u8) -> Result<Vec<[u8; 32]>, Fault> {
        let folder = self.root.join(format!("{folder:02x}"));
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(unavailable(error)),
        };
        let mut settled = Vec::new();
        for entry in entries {
            let entry = entry.map_err(unavailable)?;
            // A neighbour may have removed it meanwhile.
            let Ok(touched) = entry.metadata().and_then(|known| known.modified()) else {
                continue;
            };
            let touched = Timestamp::try_from(touched).map_err(Fault::broken)?;
            if clock.now().duration_since(touched) < HANDED_IN {
                continue;
            }
            let path = entry.path();
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("part") => fs::remove_file(&path).map_err(unavailable)?,
                Some(_) => {}
                None => {
                    let name = entry.file_name();
                    let address = name.to_str().and_then(|name| name.parse::<Digest32>().ok());
                    settled.extend(address.map(|address| address.0));
                }
            }
        }
        Ok(settled)
    }

    /// Marks a content as handed in just now; false when there is none.
    fn touch(&self, clock: &Clock, path: &Path) -> Result<bool, Fault> {
        let file = match fs::File::options().append(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(unavailable(error)),
        };
        file.set_modified(clock.now().into()).map_err(unavailable)?;
        // It may have been put aside before it was marked; then it is written again.
        Ok(path.is_file())
    }

    fn path(&self, address: &[u8; 32]) -> PathBuf {
        let name = Digest32(*address).to_string();
        self.root.join(&name[..2]).join(name)
    }
}

/// Names a stored file in a record.
///
/// # Errors
/// As [`Tx::execute`].
pub fn keep_file<I: TypedId>(
    tx: &mut Tx<'_>,
    record: I,
    person: Option<PersonId>,
    stored: &StoredFile,
    media: &str,
    name: &str,
) -> Result<FileCommitment, Fault> {
    let vault = tx.thing::<Vault>()?;
    let kept = KeptFile {
        id: tx.new_id(),
        record: record.uuid(),
        person,
        address: stored.address,
        size: stored.size,
        media: media.to_owned(),
        name: name.to_owned(),
        content: stored.content,
        salt: tx.clock().random(),
    };
    let inner = json!({ "digest": kept.content, "name": name }).to_string();
    let body = vault.lock(tx.clock(), &kept.context(), inner.as_bytes())?;
    let sql = "INSERT INTO kept_file (id, record, person, salt, address, size, media, body) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let record = kept.record.into_bytes();
    tx.execute(
        sql,
        params![
            kept.id,
            record,
            person,
            kept.salt,
            kept.address,
            kept.size,
            media,
            body
        ],
    )?;
    Ok(FileCommitment {
        file: kept.id,
        digest: kept.commitment(&vault)?,
    })
}

/// A file by its id.
///
/// # Errors
/// [`Fault::NotFound`] when it was erased or never was; [`Fault::Broken`] when its row was
/// changed.
pub fn get_file(tx: &mut Tx<'_>, id: FileId) -> Result<KeptFile, Fault> {
    let vault = tx.thing::<Vault>()?;
    let sql = "SELECT id, record, person, salt, address, size, media, body \
               FROM kept_file WHERE id = $1";
    let found = tx.query_one(sql, params![id], |row| KeptFile::from_row(&vault, row))?;
    found.ok_or(Fault::NotFound { what: "file" })
}

/// The name in the store of every content that a record names.
///
/// # Errors
/// As [`Tx::query`].
pub fn addresses(tx: &mut Tx<'_>) -> Result<Vec<Digest32>, Fault> {
    let sql = "SELECT DISTINCT address FROM kept_file ORDER BY address";
    tx.query(sql, &[], |row| row.get(0).map(Digest32))
}

impl KeptFile {
    fn from_row(vault: &Vault, row: &db::Row<'_>) -> Result<Self, Fault> {
        let mut kept = Self {
            id: row.get(0)?,
            record: Uuid::from_bytes(row.get(1)?),
            person: row.get(2)?,
            salt: row.get(3)?,
            address: row.get(4)?,
            size: row.get(5)?,
            media: row.get(6)?,
            name: String::new(),
            content: Digest32([0; 32]),
        };
        let body: Vec<u8> = row.get(7)?;
        let damaged = || Fault::broken(format!("{} was changed", kept.id));
        let inner = vault.unlock(&kept.context(), &body).ok_or_else(damaged)?;
        let inner: Inner = serde_json::from_slice(&inner).map_err(Fault::broken)?;
        kept.name = inner.name;
        kept.content = inner.digest;
        Ok(kept)
    }

    /// What the ledger must hold for this file.
    pub(crate) fn commitment(&self, vault: &Vault) -> Result<Digest32, Fault> {
        let bound = json!({
            "digest": self.content, "media": self.media, "name": self.name, "size": self.size,
        });
        let bound = seal::canonical::to_vec(&bound).map_err(Fault::broken)?;
        Ok(seal::digest::commit(vault.suite, &self.salt, &bound))
    }

    fn context(&self) -> Vec<u8> {
        let mut context = Vec::with_capacity(160);
        context.extend(self.id.uuid().as_bytes());
        context.extend(self.record.as_bytes());
        context.extend(
            self.person
                .map_or([0; 16], |person| person.uuid().into_bytes()),
        );
        context.extend(self.salt);
        context.extend(self.address);
        context.extend(self.size.to_be_bytes());
        context.extend(self.media.as_bytes());
        context
    }
}

#[derive(Deserialize)]
struct Inner {
    digest: Digest32,
    name: String,
}

/// Visits every kept file; a row that cannot be read is handed over by the fault.
pub(crate) fn each_file(
    tx: &mut Tx<'_>,
    mut visit: impl FnMut(Result<KeptFile, Fault>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let vault = tx.thing::<Vault>()?;
    let sql = "SELECT id, record, person, salt, address, size, media, body \
               FROM kept_file ORDER BY id";
    tx.each(sql, &[], |row| visit(KeptFile::from_row(&vault, row)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_handed_in_a_moment_ago_waits_and_later_goes() {
        let clock = Clock::virtual_at(Timestamp::from_second(1_790_000_000).unwrap(), 3);
        let folder = tempfile::tempdir().unwrap();
        let vault = Arc::new(Vault::fresh(&clock, Suite::ShangMi, "hall.test").unwrap());
        let files = FileStore::open(folder.path(), vault).unwrap();
        let stored = files.put(&clock, b"a letter").unwrap();
        clock.advance(SignedDuration::from_mins(29));
        assert_eq!(files.remove_unused(&clock, &stored.address), Ok(false));
        assert_eq!(files.get(&stored.address).unwrap(), b"a letter");
        // Somebody else hands in the same: it counts anew.
        assert_eq!(files.put(&clock, b"a letter").unwrap(), stored);
        clock.advance(SignedDuration::from_mins(29));
        assert_eq!(files.remove_unused(&clock, &stored.address), Ok(false));
        clock.advance(SignedDuration::from_mins(1));
        assert_eq!(files.remove_unused(&clock, &stored.address), Ok(true));
        let gone = Err(Fault::NotFound { what: "file" });
        assert_eq!(files.get(&stored.address), gone);
        assert_eq!(files.remove_unused(&clock, &stored.address), Ok(true));
        // A removal that was cut off is finished, and the content can come back.
        assert_eq!(files.put(&clock, b"a letter").unwrap(), stored);
        let path = files.path(&stored.address);
        fs::rename(&path, path.with_extension("gone")).unwrap();
        clock.advance(SignedDuration::from_hours(1));
        assert_eq!(files.remove_unused(&clock, &stored.address), Ok(true));
        assert!(!path.with_extension("gone").exists());
        files.put(&clock, b"a letter").unwrap();
        assert_eq!(files.get(&stored.address).unwrap(), b"a letter");
        // What lies there long enough is told; half a file from a cut write is removed.
        let half = path.with_extension("part");
        fs::write(&half, b"half a letter").unwrap();
        fs::File::options()
            .append(true)
            .open(&half)
            .and_then(|half| half.set_modified(clock.now().into()))
            .unwrap();
        let folder = stored.address[0];
        assert_eq!(files.settled_in(&clock, folder), Ok(vec![]));
        assert!(half.exists());
        clock.advance(HANDED_IN);
        assert_eq!(files.settled_in(&clock, folder), Ok(vec![stored.address]));
        assert!(!half.exists());
        assert_eq!(files.settled_in(&clock, folder ^ 1), Ok(vec![]));
    }
}
