//! The one sealer: gives committed lines their position, appends their leaves to the tree and
//! signs a checkpoint, within a second, without any lock that a writer would wait for.
//!
//! Hashing and signing are prepared in a reading transaction; the writing one only puts down what
//! was prepared, if nobody sealed in between. So the store's writer is hardly kept.

use std::cell::RefCell;

use db::{SealedTable, Tx, params};
use kernel::Fault;
use seal::merkle::{Appender, Tile, Tiles};
use seal::{Checkpoint, SignedCheckpoint};
use uuid::Uuid;

use crate::store;
use crate::vault::Vault;

/// Signed checkpoints: the newest, and the last of every earlier hour.
pub const CHECKPOINTS: SealedTable = SealedTable {
    name: "ledger_checkpoint",
    keys: &["size"],
    columns: &["at", "note"],
};

/// How many lines one sealing takes: short enough that writers hardly wait for it.
pub const BATCH_MAX: u32 = 256;

const LOCK: i64 = 0x71_63_5f_73_65_61_6c;
const HOUR_MICROS: i64 = 3_600_000_000;

/// Lines with their places in the tree, ready to be put down.
#[derive(Debug)]
pub struct Sealing {
    /// How large the tree was.
    size: i64,
    /// Record and revision of each line, in order.
    lines: Vec<(Uuid, i64)>,
    tiles: Vec<Tile>,
    /// When it was signed, in microseconds.
    at: i64,
    /// How large the tree will be.
    new_size: i64,
    note: String,
}

/// Seals up to [`BATCH_MAX`] lines; answers how many. Call again while it answers that many.
///
/// # Errors
/// [`Fault::Broken`] when the tree is damaged; otherwise as [`Tx::execute`].
pub fn seal_lines(tx: &mut Tx<'_>) -> Result<u32, Fault> {
    match prepare(tx)? {
        Some(sealing) => sealing.put_down(tx),
        None => Ok(0),
    }
}

/// Prepares the sealing of up to [`BATCH_MAX`] lines; none when nothing waits. Reads only.
///
/// # Errors
/// [`Fault::Broken`] when the tree is damaged; otherwise as [`Tx::query`].
pub fn prepare(tx: &mut Tx<'_>) -> Result<Option<Sealing>, Fault> {
    let size = store::sealed_count(tx)?;
    let lines = store::unsealed(tx, size, BATCH_MAX)?;
    if lines.is_empty() {
        return Ok(None);
    }
    for (expected, line) in (size..).zip(&lines) {
        if line.position.is_some_and(|position| position != expected) {
            let place = line.record_id();
            return Err(Fault::broken(format!(
                "{place} is not at its place {expected}"
            )));
        }
    }
    let vault = tx.thing::<Vault>()?;
    let mut tree = resume(tx, &vault, size)?;
    let leaves = lines.iter().map(|line| line.leaf(vault.suite));
    let tiles = tree.append(leaves.collect::<Result<Vec<_>, _>>()?);
    // A clock that was set back must not make the tree seem to grow backwards in time.
    let newest = tx
        .query_one("SELECT MAX(at) FROM ledger_checkpoint", &[], |row| {
            row.get::<Option<jiff::Timestamp>>(0)
        })?
        .flatten();
    let now = newest.map_or(tx.now(), |newest| newest.max(tx.now()));
    let checkpoint = Checkpoint {
        origin: vault.origin.clone(),
        size: tree.size(),
        root: tree.root(),
        time: now,
        suite: vault.suite,
    };
    let note = SignedCheckpoint::sign(checkpoint, &vault.origin, &vault.signing_key)
        .map_err(Fault::broken)?;
    Ok(Some(Sealing {
        size,
        lines: lines
            .iter()
            .map(|line| (line.record, line.revision))
            .collect(),
        tiles,
        at: now.as_microsecond(),
        new_size: i64::try_from(tree.size()).map_err(Fault::broken)?,
        note: note.to_string(),
    }))
}

impl Sealing {
    /// Puts it down; answers how many lines that sealed: none when another sealer was faster.
    ///
    /// # Errors
    /// As [`Tx::execute`].
    pub fn put_down(&self, tx: &mut Tx<'_>) -> Result<u32, Fault> {
        if !tx.try_exclusive(LOCK)? || store::sealed_count(tx)? != self.size {
            return Ok(0);
        }
        if !tx.is_serial() {
            for (position, (record, revision)) in (self.size..).zip(&self.lines) {
                store::set_position(tx, *record, *revision, position)?;
            }
        }
        for tile in &self.tiles {
            store::put_tile(tx, tile)?;
        }
        let hour = self.at - self.at.rem_euclid(HOUR_MICROS);
        tx.execute(
            "DELETE FROM ledger_checkpoint WHERE at >= $1",
            params![hour],
        )?;
        CHECKPOINTS.put(tx, params![self.new_size, self.at, self.note])?;
        u32::try_from(self.lines.len()).map_err(Fault::broken)
    }
}

/// Whether committed lines wait for their place in the tree.
///
/// # Errors
/// As [`Tx::query`].
pub fn is_pending(tx: &mut Tx<'_>) -> Result<bool, Fault> {
    let size = store::sealed_count(tx)?;
    Ok(!store::unsealed(tx, size, 1)?.is_empty())
}

/// How many lines there are, and how many of them are sealed.
///
/// # Errors
/// As [`Tx::query`].
pub fn count(tx: &mut Tx<'_>) -> Result<(i64, i64), Fault> {
    let sealed = store::sealed_count(tx)?;
    Ok((sealed + store::unsealed_count(tx)?, sealed))
}

/// Puts lines that were copied from the other kind of store, unsealed, where this kind expects
/// them.
///
/// # Errors
/// As [`Tx::execute`].
pub fn settle_places(tx: &mut Tx<'_>) -> Result<(), Fault> {
    store::settle_places(tx)
}

/// Since when the oldest committed line waits for its place in the tree; none while none waits.
///
/// # Errors
/// As [`Tx::query`].
pub fn waiting_since(tx: &mut Tx<'_>) -> Result<Option<jiff::Timestamp>, Fault> {
    let size = store::sealed_count(tx)?;
    Ok(store::unsealed(tx, size, 1)?.first().map(|line| line.at))
}

/// When the newest sealed line was written.
///
/// # Errors
/// As [`Tx::query`].
pub fn newest_line_at(tx: &mut Tx<'_>) -> Result<Option<jiff::Timestamp>, Fault> {
    let last = store::sealed_count(tx)? - 1;
    let line = store::sealed_from(tx, last.max(0), 1)?.pop();
    Ok(line.map(|line| line.at))
}

/// The newest checkpoint as a signed text, if anything was sealed yet.
///
/// # Errors
/// As [`Tx::query`].
pub fn newest_checkpoint(tx: &mut Tx<'_>) -> Result<Option<String>, Fault> {
    let sql = "SELECT note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1";
    tx.query_one(sql, &[], |row| row.get(0))
}

/// All kept checkpoints, the oldest first.
pub(crate) fn checkpoints(tx: &mut Tx<'_>) -> Result<Vec<(i64, String)>, Fault> {
    let sql = "SELECT size, note FROM ledger_checkpoint ORDER BY size";
    tx.query(sql, &[], |row| Ok((row.get(0)?, row.get(1)?)))
}

fn resume(tx: &mut Tx<'_>, vault: &Vault, size: i64) -> Result<Appender, Fault> {
    let tiles = TxTiles::new(tx);
    let size = u64::try_from(size).map_err(Fault::broken)?;
    Appender::resume(vault.suite, size, &tiles).map_err(Fault::broken)
}

/// The tree's tiles as a transaction sees them.
pub(crate) struct TxTiles<'a, 'c>(RefCell<&'a mut Tx<'c>>);

impl<'a, 'c> TxTiles<'a, 'c> {
    pub(crate) fn new(tx: &'a mut Tx<'c>) -> Self {
        Self(RefCell::new(tx))
    }
}

impl Tiles for TxTiles<'_, '_> {
    type Error = Fault;

    fn read(&self, level: u8, index: u64) -> Result<Option<Vec<u8>>, Fault> {
        store::tile(&mut self.0.borrow_mut(), level, index)
    }
}
