//! Repeating a request has no second effect: the reply is kept under the request's key, in the
//! transaction that did the work.

use jiff::SignedDuration;
use kernel::Fault;
use kernel::fault::Refused;
use kernel::uuid::Uuid;
use sm3::{Digest, Sm3};

use crate::params;
use crate::row_seal::SealedTable;
use crate::tx::Tx;

/// The replies that are kept.
pub const REPLIES: SealedTable = SealedTable {
    name: "idempotency",
    keys: &["key"],
    columns: &["asked", "answered_at", "reply"],
};

/// How long a reply is kept.
pub const KEPT: SignedDuration = SignedDuration::from_hours(48);

/// A request's identity: who asks, what they ask for, and the key they chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnceKey {
    key: [u8; 32],
    asked: [u8; 32],
}

impl OnceKey {
    /// `who` and `key` name the request; `asked` is all that was sent, so that the same key with
    /// another content is noticed.
    #[must_use]
    pub fn new(who: &[u8], key: &str, asked: &[u8]) -> Self {
        let mut name = Sm3::new();
        name.update((who.len() as u64).to_be_bytes());
        name.update(who);
        name.update(key.as_bytes());
        Self {
            key: in_order(key, name.finalize().into()),
            asked: Sm3::digest(asked).into(),
        }
    }
}

/// Names of keys that tell their time (UUID version 7, as the forms of the house carry) begin with
/// it: they come to lie one beside the other, where random ones touch a page each.
fn in_order(key: &str, mut name: [u8; 32]) -> [u8; 32] {
    let told = Uuid::try_parse(key)
        .ok()
        .filter(|id| id.get_version_num() == 7);
    if let Some(id) = told {
        name[..6].copy_from_slice(&id.as_bytes()[..6]);
    }
    name
}

/// Answers from memory, or does the work and remembers the answer. The flag is true when the
/// answer is from memory.
///
/// # Errors
/// `once.reused` when the key was used for something else; otherwise as `work`.
pub fn once(
    tx: &mut Tx<'_>,
    key: &OnceKey,
    work: impl FnOnce(&mut Tx<'_>) -> Result<String, Fault>,
) -> Result<(String, bool), Fault> {
    // Hardly any request is a repetition. Where a write that went wrong is undone and run again
    // anyway, it is simply done, and its key is looked up when that shows that it was one.
    if tx.may_be_run_again() {
        return match work(tx) {
            Ok(reply) if keep(tx, key, &reply)? => Ok((reply, false)),
            Ok(_) => Err(Fault::Conflict { what: "request" }),
            Err(fault) => match answered(tx, key)? {
                Some(reply) if tx.take_back_nothing() => Ok((reply, true)),
                _ => Err(fault),
            },
        };
    }
    match answered(tx, key)? {
        Some(reply) => Ok((reply, true)),
        None => {
            let reply = work(tx)?;
            let now = tx.now();
            REPLIES.put(tx, params![key.key, key.asked, now, reply])?;
            Ok((reply, false))
        }
    }
}

fn keep(tx: &mut Tx<'_>, key: &OnceKey, reply: &str) -> Result<bool, Fault> {
    let now = tx.now();
    REPLIES.put_new(tx, params![key.key, key.asked, now, *reply])
}

/// What was answered under the key.
fn answered(tx: &mut Tx<'_>, key: &OnceKey) -> Result<Option<String>, Fault> {
    let sql = "SELECT asked, reply FROM idempotency WHERE key = $1";
    let known = tx.query_one(sql, params![key.key], |row| {
        Ok((row.get::<[u8; 32]>(0)?, row.get::<String>(1)?))
    })?;
    match known {
        Some((asked, reply)) if asked == key.asked => Ok(Some(reply)),
        // Nobody changed anything meanwhile: the client mixed up its keys.
        Some(_) => Err(Fault::Refused(Box::new(Refused {
            code: "once.reused",
            statute: None,
            params: Vec::new(),
        }))),
        None => Ok(None),
    }
}

/// Forgets replies that are older than [`KEPT`]; answers how many.
///
/// # Errors
/// As [`Tx::execute`].
pub fn forget_old(tx: &mut Tx<'_>) -> Result<u64, Fault> {
    let before = tx.now().checked_sub(KEPT).map_err(Fault::broken)?;
    tx.execute(
        "DELETE FROM idempotency WHERE answered_at < $1",
        params![before],
    )
}
