//! The hall's keys: one to encrypt what lies beside the ledger, one to seal rows, one to sign.
//! They lie in a folder outside the database, readable by the service alone.

use std::fs;
use std::io::Write;
use std::path::Path;

use kernel::{Clock, Fault};
use seal::cipher::CipherKey;
use seal::{SigningKey, Suite};

/// The keys of one hall.
pub struct Vault {
    /// The algorithms, chosen when the ledger was made.
    pub suite: Suite,
    /// Who the ledger belongs to: the first line of every checkpoint.
    pub origin: String,
    pub(crate) data_key: CipherKey,
    /// Signs checkpoints.
    pub signing_key: SigningKey,
    /// Seals rows, see [`db::row_seal`].
    pub row_key: [u8; 32],
    /// Names files in the blob store, so that a file's name tells nothing about its content.
    pub(crate) address_key: [u8; 32],
}

impl Vault {
    /// New keys, kept nowhere: tests and simulation.
    ///
    /// # Errors
    /// [`Fault::Broken`] when no key could be made.
    pub fn fresh(clock: &Clock, suite: Suite, origin: &str) -> Result<Self, Fault> {
        Self::with_data_key(clock, suite, origin, clock.random())
    }

    fn with_data_key(
        clock: &Clock,
        suite: Suite,
        origin: &str,
        data_key: [u8; 16],
    ) -> Result<Self, Fault> {
        let signing_key = new_signing_key(clock, suite)?;
        Ok(Self {
            suite,
            origin: origin.to_owned(),
            data_key: CipherKey::new(data_key),
            signing_key,
            row_key: clock.random(),
            address_key: clock.random(),
        })
    }

    /// Reads the keys of a folder, or makes them when the folder holds none.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when the folder cannot be read or written; [`Fault::Broken`] when
    /// it holds something else than keys.
    pub fn open(folder: &Path, clock: &Clock, suite: Suite, origin: &str) -> Result<Self, Fault> {
        if folder.join("suite").is_file() {
            return Self::read(folder);
        }
        let data_key: [u8; 16] = clock.random();
        let new = Self::with_data_key(clock, suite, origin, data_key)?;
        fs::create_dir_all(folder).map_err(unavailable)?;
        let pem = new.signing_key.to_pem().map_err(Fault::broken)?;
        write_secret(&folder.join("signing.pem"), pem.as_bytes())?;
        write_secret(&folder.join("data.key"), &data_key)?;
        write_secret(&folder.join("row.key"), &new.row_key)?;
        write_secret(&folder.join("address.key"), &new.address_key)?;
        write_secret(&folder.join("origin"), new.origin.as_bytes())?;
        // Written last: a folder without it is a folder without keys.
        write_secret(&folder.join("suite"), new.suite.name().as_bytes())?;
        Ok(new)
    }

    fn read(folder: &Path) -> Result<Self, Fault> {
        let text = |name: &str| fs::read_to_string(folder.join(name)).map_err(unavailable);
        let bytes = |name: &str| fs::read(folder.join(name)).map_err(unavailable);
        let wrong = |name: &str| Fault::broken(format!("the key file {name} is damaged"));
        Ok(Self {
            suite: text("suite")?.trim().parse().map_err(Fault::broken)?,
            origin: text("origin")?.trim().to_owned(),
            data_key: CipherKey::new(
                bytes("data.key")?
                    .try_into()
                    .map_err(|_| wrong("data.key"))?,
            ),
            signing_key: SigningKey::from_pem(&text("signing.pem")?).map_err(Fault::broken)?,
            row_key: bytes("row.key")?.try_into().map_err(|_| wrong("row.key"))?,
            address_key: bytes("address.key")?
                .try_into()
                .map_err(|_| wrong("address.key"))?,
        })
    }

    /// Encrypts a short text; `context` binds it to its place.
    ///
    /// # Errors
    /// [`Fault::Broken`] when the text is longer than one key and nonce allow.
    pub fn lock(&self, clock: &Clock, context: &[u8], plain: &[u8]) -> Result<Vec<u8>, Fault> {
        let nonce: [u8; 12] = clock.random();
        let sealed = seal::cipher::seal_bytes(&self.data_key, &nonce, context, plain);
        let mut body = nonce.to_vec();
        body.extend(sealed.map_err(Fault::broken)?);
        Ok(body)
    }

    /// Decrypts what [`Vault::lock`] encrypted; none when it was changed or moved.
    #[must_use]
    pub fn unlock(&self, context: &[u8], body: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = body.split_first_chunk::<12>()?;
        seal::cipher::open_bytes(&self.data_key, nonce, context, sealed).ok()
    }

    /// A keyed digest by which equal texts can be found without being stored (HMAC-SM3).
    #[must_use]
    pub fn finder(&self, purpose: &str, text: &str) -> [u8; 32] {
        let mut message = purpose.as_bytes().to_vec();
        message.push(0);
        message.extend(text.as_bytes());
        seal::digest::hmac_sm3(&self.row_key, &message).0
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Vault({}, {})", self.origin, self.suite)
    }
}

fn new_signing_key(clock: &Clock, suite: Suite) -> Result<SigningKey, Fault> {
    // A random scalar is out of range once in 2^32 for SM2; a few tries are more than enough.
    for _ in 0..8 {
        if let Ok(key) = SigningKey::generate(suite, &clock.random()) {
            return Ok(key);
        }
    }
    Err(Fault::broken("no signing key could be made"))
}

fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(unavailable)?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(unavailable)
}

pub(crate) fn unavailable(error: std::io::Error) -> Fault {
    Fault::Unavailable {
        detail: error.to_string(),
    }
}
