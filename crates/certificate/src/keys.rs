//! The organs' sealing keys: for each organ an SM2 key and a certificate that it signed itself,
//! made on first use, in a folder outside the database and readable by the service alone.
//!
//! Deliberately absent: key devices and certificates of a licensed authority (电子签名法 17). A hall
//! that has them puts its own file in place of ours: key and certificate as PEM, one after another.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use kernel::{Clock, Fault, OrganId};
use seal::certificate::Request;
use seal::{Certificate, SigningKey, Suite};
use zeroize::Zeroizing;

/// How long a certificate of ours is valid: ten years of 365.25 days.
const VALID_HOURS: i64 = 10 * 8766;
/// X.520: a name has at most 64 characters.
const NAME_CHARS_MAX: usize = 64;
const CERTIFICATE_BEGINS: &str = "-----BEGIN CERTIFICATE-----";

/// The sealing key of one organ and the certificate that goes with it.
pub struct OrganSeal {
    /// The private key.
    pub key: SigningKey,
    /// The certificate that every signature encloses.
    pub certificate: Certificate,
}

/// The sealing keys of all organs: a thing that is lent to the store ([`db::Db::lend`]).
pub struct SealKeys {
    folder: PathBuf,
    known: Mutex<BTreeMap<OrganId, Arc<OrganSeal>>>,
}

impl SealKeys {
    /// The keys in a folder, which is made when it is not there.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when the folder cannot be read or made; [`Fault::Broken`] when a key
    /// file is damaged.
    pub fn open(folder: &Path) -> Result<Self, Fault> {
        fs::create_dir_all(folder).map_err(unavailable)?;
        let keys = Self {
            folder: folder.to_owned(),
            known: Mutex::default(),
        };
        keys.read_all()?;
        Ok(keys)
    }

    /// The seal of an organ, made when it has none.
    ///
    /// # Errors
    /// As [`SealKeys::open`].
    pub fn of(
        &self,
        clock: &Clock,
        organ: OrganId,
        organ_name: &str,
    ) -> Result<Arc<OrganSeal>, Fault> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(&organ) {
            return Ok(Arc::clone(found));
        }
        let path = self.path(organ);
        if !path.is_file() {
            self.make(clock, &path, organ_name)?;
        }
        let found = Arc::new(read(&path)?);
        known.insert(organ, Arc::clone(&found));
        Ok(found)
    }

    /// The organ whose certificate this is, byte for byte; none for a stranger's.
    ///
    /// # Errors
    /// As [`SealKeys::open`]: another node may have made a key since.
    pub fn owner_of(&self, certificate: &Certificate) -> Result<Option<OrganId>, Fault> {
        if let Some(organ) = self.find(certificate) {
            return Ok(Some(organ));
        }
        self.read_all()?;
        Ok(self.find(certificate))
    }

    fn find(&self, certificate: &Certificate) -> Option<OrganId> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let owner = known
            .iter()
            .find(|(_, seal)| &seal.certificate == certificate);
        owner.map(|(organ, _)| *organ)
    }

    fn read_all(&self) -> Result<(), Fault> {
        for entry in fs::read_dir(&self.folder).map_err(unavailable)? {
            let path = entry.map_err(unavailable)?.path();
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            let organ = name
                .strip_suffix(".seal.pem")
                .and_then(|id| id.parse().ok());
            let Some(organ) = organ else { continue };
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if let std::collections::btree_map::Entry::Vacant(place) = known.entry(organ) {
                place.insert(Arc::new(read(&path)?));
            }
        }
        Ok(())
    }

    fn path(&self, organ: OrganId) -> PathBuf {
        self.folder.join(format!("{organ}.seal.pem"))
    }

    /// Writes a whole file under another name first: whoever links it first has made the key.
    fn make(&self, clock: &Clock, path: &Path, organ_name: &str) -> Result<(), Fault> {
        let text = new_seal(clock, organ_name)?;
        let part = self.folder.join(format!("{}.part", clock.new_uuid()));
        let linked = write_secret(&part, text.as_bytes()).and_then(|()| fs::hard_link(&part, path));
        let _only_a_name = fs::remove_file(&part);
        match linked {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                Err(unavailable(error))
            }
            _ => fs::File::open(&self.folder)
                .and_then(|folder| folder.sync_all())
                .map_err(unavailable),
        }
    }
}

impl std::fmt::Debug for SealKeys {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("SealKeys")
    }
}

fn new_seal(clock: &Clock, organ_name: &str) -> Result<Zeroizing<String>, Fault> {
    let key = new_key(clock)?;
    let whole_second = |at: Timestamp| Timestamp::from_second(at.as_second());
    let day_before = clock.now().checked_sub(SignedDuration::from_hours(24));
    let not_before = day_before.and_then(whole_second).map_err(Fault::broken)?;
    let not_after = not_before.checked_add(SignedDuration::from_hours(VALID_HOURS));
    let mut serial: [u8; 16] = clock.random();
    serial[0] = (serial[0] & 0x7f) | 0x40;
    let name: String = organ_name.chars().take(NAME_CHARS_MAX).collect();
    let request = Request {
        organ: &name,
        common_name: &name,
        serial: &serial,
        not_before,
        not_after: not_after.map_err(Fault::broken)?,
        authority: false,
    };
    let certificate = request.self_signed(&key).map_err(Fault::broken)?;
    let key_text = key.to_pem().map_err(Fault::broken)?;
    let certificate_text = certificate.to_pem().map_err(Fault::broken)?;
    Ok(Zeroizing::new(format!(
        "{}\n{certificate_text}",
        key_text.trim_end()
    )))
}

fn new_key(clock: &Clock) -> Result<SigningKey, Fault> {
    // A random scalar is out of range once in 2^32 for SM2; a few tries are more than enough.
    for _ in 0..8 {
        if let Ok(key) = SigningKey::generate(Suite::ShangMi, &clock.random()) {
            return Ok(key);
        }
    }
    Err(Fault::broken("no sealing key could be made"))
}

fn read(path: &Path) -> Result<OrganSeal, Fault> {
    let text = Zeroizing::new(fs::read_to_string(path).map_err(unavailable)?);
    let damaged = || Fault::broken("a sealing key file is damaged");
    let at = text.find(CERTIFICATE_BEGINS).ok_or_else(damaged)?;
    let (key, certificate) = text.split_at(at);
    let seal = OrganSeal {
        key: SigningKey::from_pem(key.trim()).map_err(|_| damaged())?,
        certificate: Certificate::from_pem(certificate).map_err(|_| damaged())?,
    };
    if seal.certificate.verifying_key() == &seal.key.verifying_key() {
        Ok(seal)
    } else {
        Err(damaged())
    }
}

fn write_secret(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn unavailable(error: std::io::Error) -> Fault {
    Fault::Unavailable {
        detail: error.to_string(),
    }
}
