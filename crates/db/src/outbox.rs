//! What to do after the commit, at least once, with a stable id: letters, messages, calls.

use jiff::{SignedDuration, Timestamp};
use kernel::{Fault, ToValue};
use uuid::Uuid;

use crate::params;
use crate::row_seal::SealedTable;
use crate::tx::Tx;

/// What waits to be sent.
pub const OUTBOX: SealedTable = SealedTable {
    name: "outbox",
    keys: &["id"],
    columns: &["topic", "body", "created_at", "attempts", "next_at"],
};

/// A wait doubles from this, up to [`WAIT_MAX`].
const WAIT_FIRST: SignedDuration = SignedDuration::from_secs(5);
const WAIT_MAX: SignedDuration = SignedDuration::from_hours(1);

/// A message that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Stable over all attempts: receivers can tell a repetition.
    pub id: Uuid,
    /// Who sends it, e.g. `sms`, `mail`, `webhook`.
    pub topic: String,
    /// What to send, JSON; personal data only as ids.
    pub body: String,
    /// When it was queued.
    pub created_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
}

/// Queues a message in this transaction.
///
/// # Errors
/// As [`Tx::execute`].
pub fn queue(tx: &mut Tx<'_>, topic: &str, body: &str) -> Result<Uuid, Fault> {
    let id = tx.clock().new_uuid();
    let now = tx.now();
    OUTBOX.put(tx, params![*id.as_bytes(), topic, body, now, 0u32, now])?;
    Ok(id)
}

/// The messages whose time has come, the oldest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn due(tx: &mut Tx<'_>, limit: u32) -> Result<Vec<Message>, Fault> {
    let sql = "SELECT id, topic, body, created_at, attempts FROM outbox \
               WHERE next_at <= $1 ORDER BY next_at LIMIT $2";
    let now = tx.now();
    tx.query(sql, &[now.to_value(), limit.to_value()], |row| {
        Ok(Message {
            id: Uuid::from_bytes(row.get(0)?),
            topic: row.get(1)?,
            body: row.get(2)?,
            created_at: row.get(3)?,
            attempts: row.get(4)?,
        })
    })
}

/// The messages of one topic whose time has come, the oldest first: for a sender that handles
/// this topic only, so that it never waits behind others.
///
/// # Errors
/// As [`Tx::query`].
pub fn due_of(tx: &mut Tx<'_>, topic: &str, limit: u32) -> Result<Vec<Message>, Fault> {
    let sql = "SELECT id, topic, body, created_at, attempts FROM outbox \
               WHERE next_at <= $1 AND topic = $2 ORDER BY next_at LIMIT $3";
    let now = tx.now();
    let values = [now.to_value(), topic.to_value(), limit.to_value()];
    tx.query(sql, &values, |row| {
        Ok(Message {
            id: Uuid::from_bytes(row.get(0)?),
            topic: row.get(1)?,
            body: row.get(2)?,
            created_at: row.get(3)?,
            attempts: row.get(4)?,
        })
    })
}

/// Takes a message out: it has been sent.
///
/// # Errors
/// As [`Tx::execute`].
pub fn sent(tx: &mut Tx<'_>, message: &Message) -> Result<(), Fault> {
    OUTBOX
        .remove(tx, params![*message.id.as_bytes()])
        .map(|_| ())
}

/// Puts a message back: it could not be sent; each wait is twice the last.
///
/// # Errors
/// As [`Tx::execute`].
pub fn failed(tx: &mut Tx<'_>, message: &Message) -> Result<(), Fault> {
    let attempts = message.attempts.saturating_add(1);
    let doubled = WAIT_FIRST
        .checked_mul(1 << message.attempts.min(20))
        .unwrap_or(WAIT_MAX);
    let next_at = tx
        .now()
        .checked_add(doubled.min(WAIT_MAX))
        .map_err(Fault::broken)?;
    let Message {
        id,
        topic,
        body,
        created_at,
        ..
    } = message;
    OUTBOX.put(
        tx,
        params![*id.as_bytes(), topic, body, created_at, attempts, next_at],
    )
}
