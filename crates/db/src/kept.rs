//! What the house has read of rows that hardly ever change (who is logged in, which organs there
//! are), kept from one transaction to the next until somebody writes to their table.
//!
//! Only where this process is the only writer, on the embedded store. What is kept is asked for
//! under the names of all tables that it rests on; a table counts as written from the moment its
//! commit can be seen, and within the group of writes that is on its way it is always read anew.
//!
//! Deliberately absent: PostgreSQL, where other nodes write, and stores that are only looked at.

use std::any::Any;
use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use kernel::Fault;
use rustc_hash::FxHashMap;

use crate::tx::{Connection, Tx};

/// More are not kept: then all are forgotten, and asked for again.
const KEPT_MAX: usize = 8192;

/// What is kept, and which writes have been seen.
pub(crate) struct Kept {
    /// The tables whose rows may be kept, with the number of the write that last touched each.
    tables: Vec<(&'static str, AtomicU64)>,
    /// The number of the last write.
    last: AtomicU64,
    rows: Mutex<FxHashMap<(&'static str, Vec<u8>), Row>>,
}

struct Row {
    /// The number of the last write to a table that it rests on, when it was read.
    written: u64,
    value: Arc<dyn Any + Send + Sync>,
}

/// Which of the tables are written to by the group of writes that is on its way.
#[derive(Default)]
pub(crate) struct Touched(RefCell<u64>);

/// Which table a statement writes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// None that is kept.
    Other,
    /// The one at this place.
    At(usize),
    /// What it is cannot be told from the text: all count as written.
    Unknown,
}

impl Kept {
    pub(crate) fn new(tables: &[&'static str]) -> Self {
        // One bit each in `Touched`.
        let tables = tables.iter().take(64);
        Self {
            tables: tables.map(|name| (*name, AtomicU64::new(0))).collect(),
            last: AtomicU64::new(0),
            rows: Mutex::default(),
        }
    }

    /// The number of the last write: a transaction asks before it reads.
    pub(crate) fn last(&self) -> u64 {
        self.last.load(Ordering::Acquire)
    }

    /// What a statement that writes writes to.
    pub(crate) fn target(&self, sql: &str) -> Target {
        let mut words = sql.split_ascii_whitespace();
        let table = match words.next() {
            Some("INSERT" | "REPLACE") => words.find(|word| *word == "INTO").and(words.next()),
            Some("DELETE") => words.find(|word| *word == "FROM").and(words.next()),
            Some("UPDATE") => words.next(),
            Some("BEGIN" | "COMMIT" | "ROLLBACK" | "SAVEPOINT" | "RELEASE" | "PRAGMA") => {
                return Target::Other;
            }
            _ => None,
        };
        let Some(table) = table else {
            return Target::Unknown;
        };
        let name = table.split('(').next().unwrap_or_default();
        let at = self.tables.iter().position(|(known, _)| *known == name);
        at.map_or(Target::Other, Target::At)
    }

    /// The commit of a group can be seen now, or was undone: its tables count as written.
    pub(crate) fn settle(&self, touched: &Touched) {
        let bits = touched.0.replace(0);
        if bits == 0 {
            return;
        }
        let number = self.last.fetch_add(1, Ordering::AcqRel) + 1;
        for (at, (_, written)) in self.tables.iter().enumerate() {
            if bits & (1 << at) != 0 {
                written.store(number, Ordering::Release);
            }
        }
    }

    /// The bits of these tables and their last write; none when one of them is not kept.
    fn about(&self, names: &[&str]) -> Option<(u64, u64)> {
        let (mut bits, mut last) = (0, 0);
        for name in names {
            let at = self.tables.iter().position(|(known, _)| known == name)?;
            let (_, written) = self.tables.get(at)?;
            bits |= 1 << at;
            last = last.max(written.load(Ordering::Acquire));
        }
        Some((bits, last))
    }
}

impl Touched {
    pub(crate) fn note(&self, target: Target) {
        let mut bits = self.0.borrow_mut();
        match target {
            Target::Other => {}
            Target::At(at) => *bits |= 1 << at,
            Target::Unknown => *bits = u64::MAX,
        }
    }

    fn has(&self, bits: u64) -> bool {
        *self.0.borrow() & bits != 0
    }
}

impl Tx<'_> {
    /// What `read` answers, kept as long as nobody writes to the tables that it rests on; `name`
    /// and `key` say what it is. It must depend on nothing else.
    ///
    /// # Errors
    /// As `read`.
    pub fn kept<T: Any + Send + Sync>(
        &mut self,
        name: &'static str,
        tables: &[&str],
        key: &[u8],
        read: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<Arc<T>, Fault> {
        let kept = self.kept_rows();
        let about = kept.about(tables).filter(|(bits, _)| !in_hand(self, *bits));
        let Some((bits, written)) = about else {
            return read(self).map(Arc::new);
        };
        let id = (name, key.to_vec());
        let rows = || kept.rows.lock().unwrap_or_else(PoisonError::into_inner);
        let found = rows()
            .get(&id)
            .filter(|row| row.written == written)
            .map(|row| Arc::clone(&row.value));
        if let Some(Ok(value)) = found.map(Arc::downcast::<T>) {
            return Ok(value);
        }
        let value = Arc::new(read(self)?);
        // What was written since this transaction began may be missing from its view; what it
        // wrote itself may still be undone.
        let still = kept.about(tables).is_some_and(|(_, now)| now == written);
        if still && written <= self.begun_after && !in_hand(self, bits) {
            let mut rows = rows();
            if KEPT_MAX <= rows.len() {
                rows.clear();
            }
            let value: Arc<dyn Any + Send + Sync> = value.clone();
            rows.insert(id, Row { written, value });
        }
        Ok(value)
    }
}

/// Whether the group of writes that is on its way touches one of these tables; of a store that
/// others write to, nobody knows.
fn in_hand(tx: &Tx<'_>, bits: u64) -> bool {
    match &tx.connection {
        Connection::Sqlite(connection) => connection.touched().has(bits),
        Connection::Postgres(_) => true,
    }
}
