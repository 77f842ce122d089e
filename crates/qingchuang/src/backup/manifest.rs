//! The manifest: what the backup is of, and the digest of its list of contents, signed with the
//! key of the hall's ledger.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use jiff::Timestamp;
use ledger::Vault;
use seal::{Digest32, Signature, Suite};
use serde::{Deserialize, Serialize};

/// The name of the manifest in the folder of a backup.
pub const MANIFEST: &str = "manifest.json";
/// The form of backups that this program writes and reads.
pub const FORM: u32 = 1;

/// How the store was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoreForm {
    /// The embedded store's file, page by page.
    Sqlite,
    /// Every table row by row, for either store.
    Tables,
}

/// What a backup is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the backup.
    pub form: u32,
    /// When it was made.
    pub made_at: Timestamp,
    /// The version of the program that made it.
    pub program: String,
    /// The ledger's name.
    pub origin: String,
    /// The ledger's algorithms.
    pub suite: Suite,
    /// How the store was copied.
    pub store: StoreForm,
    /// The folder of the store's copy.
    pub store_folder: String,
    /// How many lines the ledger had.
    pub lines: i64,
    /// How many of them were sealed.
    pub sealed: i64,
    /// The newest checkpoint.
    pub checkpoint: Option<String>,
    /// Whether the hall's keys lie in the backup.
    pub with_keys: bool,
    /// How many files the list of contents names.
    pub files: usize,
    /// How many bytes they hold.
    pub bytes: u64,
    /// The list of contents.
    pub contents: String,
    /// Its digest (SM3).
    pub contents_digest: Digest32,
    /// The signature over all of the above, hexadecimal.
    #[serde(default)]
    pub signature: String,
}

/// Digest and size of each file of a backup, by its path.
pub type Contents = BTreeMap<String, (Digest32, u64)>;

impl Manifest {
    fn message(&self) -> anyhow::Result<Vec<u8>> {
        let bare = Self {
            signature: String::new(),
            ..self.clone()
        };
        Ok(seal::canonical::to_vec(&bare)?)
    }

    /// Signs it with the hall's key.
    ///
    /// # Errors
    /// When the key cannot sign.
    pub fn sign(&mut self, vault: &Vault) -> anyhow::Result<()> {
        let signature = vault.signing_key.sign(&self.message()?)?;
        let raw = signature.to_raw();
        self.signature = raw.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(())
    }

    /// Whether the hall's key signed it.
    #[must_use]
    pub fn is_signed_by(&self, vault: &Vault) -> bool {
        let Some(raw) = unhex(&self.signature) else {
            return false;
        };
        let (Ok(message), Ok(signature)) = (self.message(), Signature::from_raw(vault.suite, &raw))
        else {
            return false;
        };
        let key = vault.signing_key.verifying_key();
        key.verify(&message, &signature).is_ok()
    }

    /// Reads the manifest of a folder.
    ///
    /// # Errors
    /// When there is none, or one that this program does not know.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(MANIFEST);
        let bytes = std::fs::read(&path)
            .with_context(|| format!("there is no backup: cannot read {}", path.display()))?;
        let manifest: Self = serde_json::from_slice(&bytes)
            .with_context(|| format!("{} is damaged", path.display()))?;
        if manifest.form != FORM {
            bail!(
                "the backup has form {}; this program knows {FORM}",
                manifest.form
            );
        }
        Ok(manifest)
    }
}

/// The list of contents as a text: `digest size path`, one file a line.
#[must_use]
pub fn write_contents(contents: &Contents) -> String {
    let line =
        |(path, (digest, size)): (&String, &(Digest32, u64))| format!("{digest} {size} {path}\n");
    contents.iter().map(line).collect()
}

/// Reads a list of contents; none when it is damaged, or names a place outside the backup.
#[must_use]
pub fn read_contents(text: &str) -> Option<Contents> {
    let read = |line: &str| {
        let mut words = line.splitn(3, ' ');
        let digest: Digest32 = words.next()?.parse().ok()?;
        let size: u64 = words.next()?.parse().ok()?;
        let path = words.next()?;
        let inside = path
            .split('/')
            .all(|part| !part.is_empty() && part != "." && part != ".." && !part.contains('\\'));
        inside.then(|| (path.to_owned(), (digest, size)))
    };
    text.lines().map(read).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || text.len() % 2 == 1 {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
        .collect()
}
