//! Commitments: the ledger holds the digest of a random salt and a text; salt and text lie
//! beside it, encrypted. Deleting both erases the text, and the ledger still verifies.

use db::{Tx, params};
use kernel::{Fault, PersonId, TypedId};
use seal::Digest32;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::vault::Vault;

kernel::id!(
    /// A text that is kept beside the ledger.
    TextId,
    "text"
);

/// What an event holds in place of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    /// Where the text lies.
    pub text: TextId,
    /// The digest of salt and text.
    pub digest: Digest32,
}

/// Keeps a text that belongs to a record, and says who can have it erased.
///
/// # Errors
/// As [`Tx::execute`].
pub fn keep_text<I: TypedId>(
    tx: &mut Tx<'_>,
    record: I,
    person: Option<PersonId>,
    text: &str,
) -> Result<Commitment, Fault> {
    let vault = tx.thing::<Vault>()?;
    let id: TextId = tx.new_id();
    let salt: [u8; 16] = tx.clock().random();
    let digest = seal::digest::commit(vault.suite, &salt, text.as_bytes());
    let context = context(id, record.uuid(), person, &salt);
    let body = vault.lock(tx.clock(), &context, text.as_bytes())?;
    let sql = "INSERT INTO kept_text (id, record, person, salt, body) VALUES ($1, $2, $3, $4, $5)";
    tx.execute(
        sql,
        params![id, record.uuid().into_bytes(), person, salt, body],
    )?;
    Ok(Commitment { text: id, digest })
}

/// The text of a commitment; none when it was erased.
///
/// # Errors
/// [`Fault::Broken`] when the text is not the one that was committed to.
pub fn read_text(tx: &mut Tx<'_>, commitment: &Commitment) -> Result<Option<String>, Fault> {
    let vault = tx.thing::<Vault>()?;
    let sql = "SELECT id, record, person, salt, body FROM kept_text WHERE id = $1";
    let Some(kept) = tx.query_one(sql, params![commitment.text], KeptText::from_row)? else {
        return Ok(None);
    };
    match kept.open(&vault) {
        Some((text, digest)) if digest == commitment.digest => Ok(Some(text)),
        _ => Err(Fault::broken(format!("{} was changed", commitment.text))),
    }
}

/// A row of texts, for reading and for checking.
pub(crate) struct KeptText {
    pub(crate) id: TextId,
    record: Uuid,
    person: Option<PersonId>,
    salt: [u8; 16],
    body: Vec<u8>,
}

impl KeptText {
    fn from_row(row: &db::Row<'_>) -> Result<Self, Fault> {
        Ok(Self {
            id: row.get(0)?,
            record: Uuid::from_bytes(row.get(1)?),
            person: row.get(2)?,
            salt: row.get(3)?,
            body: row.get(4)?,
        })
    }

    /// The text and its digest; none when any column was changed.
    pub(crate) fn open(&self, vault: &Vault) -> Option<(String, Digest32)> {
        let context = context(self.id, self.record, self.person, &self.salt);
        let plain = vault.unlock(&context, &self.body)?;
        let digest = seal::digest::commit(vault.suite, &self.salt, &plain);
        Some((String::from_utf8(plain).ok()?, digest))
    }
}

/// Visits every kept text; a row that cannot even be read is handed over by the fault.
pub(crate) fn each_text(
    tx: &mut Tx<'_>,
    mut visit: impl FnMut(Result<KeptText, Fault>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let sql = "SELECT id, record, person, salt, body FROM kept_text ORDER BY id";
    tx.each(sql, &[], |row| visit(KeptText::from_row(row)))
}

/// Binds a text to its row: moving it to another record or person shows.
fn context(id: TextId, record: Uuid, person: Option<PersonId>, salt: &[u8; 16]) -> Vec<u8> {
    let mut context = Vec::with_capacity(64);
    context.extend(id.uuid().as_bytes());
    context.extend(record.as_bytes());
    context.extend(person.map_or([0; 16], |person| person.uuid().into_bytes()));
    context.extend(salt);
    context
}
