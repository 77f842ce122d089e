//! Forgetting what lies beside the ledger: texts with their salts, files with their names, and
//! the contents that nobody names any more. The lines stay, and the tree verifies as before.
//!
//! Deliberately absent: whether it may be forgotten, which the rooms decide, and the removal of
//! contents inside a transaction: they go after the commit, by way of the outbox.

use db::{Tx, outbox, params};
use kernel::{Fault, PersonId};
use serde_json::json;
use uuid::Uuid;

/// The outbox topic under which contents wait that a row has ceased to name.
pub const CONTENTS: &str = "ledger.content";

/// What was forgotten.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// How many texts.
    pub texts: u64,
    /// How many files.
    pub files: u64,
}

impl std::ops::AddAssign for Forgotten {
    fn add_assign(&mut self, more: Self) {
        self.texts += more.texts;
        self.files += more.files;
    }
}

/// Forgets every text and file of a record, whoever wrote it: opinions on a matter are about
/// the person whose matter it is.
///
/// # Errors
/// As [`Tx::execute`].
pub fn forget_record(tx: &mut Tx<'_>, record: Uuid) -> Result<Forgotten, Fault> {
    let sql = "SELECT DISTINCT address FROM kept_file WHERE record = $1";
    let record = record.into_bytes();
    let contents: Vec<[u8; 32]> = tx.query(sql, params![record], |row| row.get(0))?;
    let files = tx.execute("DELETE FROM kept_file WHERE record = $1", params![record])?;
    let texts = tx.execute("DELETE FROM kept_text WHERE record = $1", params![record])?;
    drop_contents(tx, &contents)?;
    Ok(Forgotten { texts, files })
}

/// Forgets every text and file that belongs to a person, in whatever record.
///
/// # Errors
/// As [`Tx::execute`].
pub fn forget_person(tx: &mut Tx<'_>, person: PersonId) -> Result<Forgotten, Fault> {
    let sql = "SELECT DISTINCT address FROM kept_file WHERE person = $1";
    let contents: Vec<[u8; 32]> = tx.query(sql, params![person], |row| row.get(0))?;
    let files = tx.execute("DELETE FROM kept_file WHERE person = $1", params![person])?;
    let texts = tx.execute("DELETE FROM kept_text WHERE person = $1", params![person])?;
    drop_contents(tx, &contents)?;
    Ok(Forgotten { texts, files })
}

/// Has contents removed from the store after the commit, unless some row still names them.
///
/// # Errors
/// As [`Tx::execute`].
pub fn drop_contents(tx: &mut Tx<'_>, addresses: &[[u8; 32]]) -> Result<(), Fault> {
    for address in addresses {
        let body = json!({ "address": seal::Digest32(*address) }).to_string();
        outbox::queue(tx, CONTENTS, &body)?;
    }
    Ok(())
}

/// The content that a message of [`CONTENTS`] is about; none when it is not such a message.
#[must_use]
pub fn content_of(message: &outbox::Message) -> Option<[u8; 32]> {
    #[derive(serde::Deserialize)]
    struct Body {
        address: seal::Digest32,
    }
    let body: Body = serde_json::from_str(&message.body).ok()?;
    Some(body.address.0)
}

/// Whether a record names a content.
///
/// # Errors
/// As [`Tx::query`].
pub fn is_named(tx: &mut Tx<'_>, address: &[u8; 32]) -> Result<bool, Fault> {
    let sql = "SELECT size FROM kept_file WHERE address = $1 LIMIT 1";
    let found = tx.query_one(sql, params![*address], |row| row.get::<i64>(0))?;
    Ok(found.is_some())
}
