//! All SQL of the rim: log-ins, and whether the store answers at all.

use db::{Tx, params};
use kernel::Fault;

use crate::session::{Session, Subject, read};

const ALL: &str = "token_digest, kind, subject, post, channel, began_at, seen_at, ends_at, step";

/// Whether the store answers.
pub(crate) fn answers(tx: &mut Tx<'_>) -> Result<(), Fault> {
    tx.query_one("SELECT 1", &[], |_| Ok(())).map(|_| ())
}

/// The log-ins of somebody, newest first.
pub(crate) fn sessions_of(tx: &mut Tx<'_>, subject: Subject) -> Result<Vec<Session>, Fault> {
    let sql = format!(
        "SELECT {ALL} FROM session WHERE kind = $1 AND subject = $2 \
         ORDER BY began_at DESC, token_digest"
    );
    tx.query(&sql, params![subject.kind(), subject.bytes()], read)
}

/// Removes every log-in of somebody; answers how many.
pub(crate) fn remove_sessions_of(tx: &mut Tx<'_>, subject: Subject) -> Result<u64, Fault> {
    let sql = "DELETE FROM session WHERE kind = $1 AND subject = $2";
    tx.execute(sql, params![subject.kind(), subject.bytes()])
}

/// Removes what has ended; answers how many.
pub(crate) fn remove_ended(tx: &mut Tx<'_>) -> Result<u64, Fault> {
    let now = tx.now();
    tx.execute("DELETE FROM session WHERE ends_at < $1", params![now])
}
