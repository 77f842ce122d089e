//! What a transaction has read: within one, the same row is the same until it is written, so
//! whoever asks for it again need not ask the store. It ends with the transaction.
//!
//! Deliberately absent: anything that outlives a transaction.

use std::any::Any;

use kernel::uuid::Uuid;

use crate::tx::Tx;

/// More are not remembered: a transaction that visits thousands of rows visits each once.
const REMEMBERED_MAX: usize = 32;

/// The rows that a transaction remembers; so few that looking through them costs nothing.
#[derive(Default)]
pub(crate) struct Memory(Vec<Remembered>);

#[cfg(test)]
impl Memory {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

struct Remembered {
    table: &'static str,
    key: Uuid,
    value: Box<dyn Any>,
}

impl Tx<'_> {
    /// What this transaction last read or wrote as the row of a key.
    #[must_use]
    pub fn remembered<T: Any + Clone>(&self, table: &'static str, key: Uuid) -> Option<T> {
        let found = self.memory.0.iter().find(|one| one.is(table, key));
        found.and_then(|one| one.value.downcast_ref::<T>()).cloned()
    }

    /// Remembers the row of a key; of each table always the same type.
    pub fn remember<T: Any + Clone>(&mut self, table: &'static str, key: Uuid, value: T) {
        let known = &mut self.memory.0;
        known.retain(|one| !one.is(table, key));
        if REMEMBERED_MAX <= known.len() {
            known.clear();
        }
        known.push(Remembered {
            table,
            key,
            value: Box::new(value),
        });
    }

    /// Forgets all rows of a table, because it is written to.
    pub(crate) fn forget(&mut self, table: &'static str) {
        self.memory.0.retain(|one| one.table != table);
    }
}

impl Remembered {
    fn is(&self, table: &'static str, key: Uuid) -> bool {
        self.table == table && self.key == key
    }
}
