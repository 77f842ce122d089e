//! Plain tables whose rows carry a seal: a keyed digest over all their columns.
//!
//! Tables of records with a lifecycle are checked by replaying the ledger; every other table is
//! a [`SealedTable`], so that one byte changed behind the program's back is found. The key lies
//! outside the database. A row put back to an older state of its own, or removed, is found by
//! the ledger where the table holds things of the hall (see `ledger::edited`), and not at all
//! where it holds passing state such as sessions.

use hmac::{Hmac, KeyInit, Mac};
use kernel::{Fault, Value};
use sm3::Sm3;

use crate::row::Row;
use crate::texts::{self, Verb};
use crate::tx::Tx;

const PUT: Verb = 101;
const PUT_NEW: Verb = 102;
const GET: Verb = 103;
const REMOVE: Verb = 104;

/// A table with a key, columns and a last column `row_seal`.
#[derive(Debug, Clone, Copy)]
pub struct SealedTable {
    /// The table's name.
    pub name: &'static str,
    /// The columns of the primary key.
    pub keys: &'static [&'static str],
    /// The other columns, without `row_seal`.
    pub columns: &'static [&'static str],
}

/// A row whose seal does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenSeal {
    /// The table.
    pub table: &'static str,
    /// The key of the row, for people.
    pub key: String,
}

impl SealedTable {
    /// Writes a row, new or in place of the one with the same key. `values` are the keys, then
    /// the columns.
    ///
    /// # Errors
    /// As [`Tx::execute`].
    pub fn put(&self, tx: &mut Tx<'_>, values: &[Value<'_>]) -> Result<(), Fault> {
        let seal = self.seal(tx.row_key(), values);
        let mut values = values.to_vec();
        values.push(Value::Bytes(seal.as_slice().into()));
        tx.forget(self.name);
        let sql = texts::text(self.name, PUT, || self.upsert());
        tx.execute(&sql, &values).map(|_| ())
    }

    /// Writes a row unless there is one with the same key; true when it was written.
    ///
    /// # Errors
    /// As [`Tx::execute`].
    pub fn put_new(&self, tx: &mut Tx<'_>, values: &[Value<'_>]) -> Result<bool, Fault> {
        let seal = self.seal(tx.row_key(), values);
        let mut values = values.to_vec();
        values.push(Value::Bytes(seal.as_slice().into()));
        tx.forget(self.name);
        let sql = texts::text(self.name, PUT_NEW, || {
            let keys = self.keys.join(", ");
            format!("{} ON CONFLICT ({keys}) DO NOTHING", self.insert())
        });
        Ok(tx.execute(&sql, &values)? == 1)
    }

    /// The row with a key, as `map` reads it: the keys, then the columns. For tables whose rows
    /// open doors: a row that somebody wrote behind the program's back is not believed.
    ///
    /// # Errors
    /// [`Fault::Broken`] when the seal does not fit; otherwise as [`Tx::query`].
    pub fn get<T>(
        &self,
        tx: &mut Tx<'_>,
        keys: &[Value<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        let secret = *tx.row_key();
        let sql = texts::text(self.name, GET, || {
            let columns = self.all_columns().join(", ");
            format!(
                "SELECT {columns}, row_seal FROM {} WHERE {}",
                self.name,
                self.wanted()
            )
        });
        let width = self.keys.len() + self.columns.len();
        tx.query_one(&sql, keys, |row| {
            let values: Vec<Value<'_>> = (0..width)
                .map(|index| row.value(index))
                .collect::<Result<_, _>>()?;
            let fits = match row.value(width)? {
                Value::Bytes(found) => found.as_ref() == self.seal(&secret, &values).as_slice(),
                _ => false,
            };
            if fits {
                map(row)
            } else {
                Err(Fault::broken(format!("a row of {} is not ours", self.name)))
            }
        })
    }

    /// Removes the row with a key; true when there was one.
    ///
    /// # Errors
    /// As [`Tx::execute`].
    pub fn remove(&self, tx: &mut Tx<'_>, keys: &[Value<'_>]) -> Result<bool, Fault> {
        tx.forget(self.name);
        let sql = texts::text(self.name, REMOVE, || {
            format!("DELETE FROM {} WHERE {}", self.name, self.wanted())
        });
        Ok(tx.execute(&sql, keys)? == 1)
    }

    /// The seal of a row: the first 16 bytes of HMAC-SM3 over the table's name and all values.
    #[must_use]
    pub fn seal(&self, key: &[u8; 32], values: &[Value<'_>]) -> [u8; 16] {
        let mut mac =
            <Hmac<Sm3> as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
        absorb(&mut mac, 4, self.name.as_bytes());
        for value in values {
            match value {
                Value::Null => absorb(&mut mac, 0, &[]),
                Value::Int(number) => absorb(&mut mac, 1, &number.to_be_bytes()),
                // SQLite keeps booleans as integers.
                Value::Bool(truth) => absorb(&mut mac, 1, &i64::from(*truth).to_be_bytes()),
                Value::Text(text) => absorb(&mut mac, 2, text.as_bytes()),
                Value::Bytes(bytes) => absorb(&mut mac, 3, bytes),
            }
        }
        let full = mac.finalize().into_bytes();
        let mut seal = [0u8; 16];
        seal.copy_from_slice(&full[..16]);
        seal
    }

    /// Visits every row: its values (keys, then columns) and whether its seal fits.
    ///
    /// # Errors
    /// As [`Tx::query`].
    pub fn each(
        &self,
        tx: &mut Tx<'_>,
        mut visit: impl FnMut(&[Value<'_>], bool) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let key = *tx.row_key();
        let all = self.all_columns().join(", ");
        let sql = format!(
            "SELECT {all}, row_seal FROM {} ORDER BY {}",
            self.name,
            self.keys.join(", ")
        );
        let width = self.keys.len() + self.columns.len();
        tx.each(&sql, &[], |row| {
            let values: Vec<Value<'_>> = (0..width)
                .map(|index| row.value(index))
                .collect::<Result<_, _>>()?;
            let fits = match row.value(width)? {
                Value::Bytes(found) => found.as_ref() == self.seal(&key, &values).as_slice(),
                _ => false,
            };
            visit(&values, fits)
        })
    }

    /// Every row whose seal does not fit.
    ///
    /// # Errors
    /// As [`Tx::query`].
    pub fn check(&self, tx: &mut Tx<'_>) -> Result<Vec<BrokenSeal>, Fault> {
        let mut broken = Vec::new();
        self.each(tx, |values, fits| {
            if !fits {
                let key = self.keys.iter().zip(values);
                let key: Vec<String> = key.map(|(name, value)| describe(name, value)).collect();
                broken.push(BrokenSeal {
                    table: self.name,
                    key: key.join(" "),
                });
            }
            Ok(())
        })?;
        Ok(broken)
    }

    fn all_columns(&self) -> Vec<&'static str> {
        self.keys.iter().chain(self.columns).copied().collect()
    }

    fn wanted(&self) -> String {
        let keys = (1..).zip(self.keys);
        let keys: Vec<String> = keys.map(|(n, column)| format!("{column} = ${n}")).collect();
        keys.join(" AND ")
    }

    // The names that go into these texts are constants of the program.
    fn insert(&self) -> String {
        let all = self.all_columns();
        let places: Vec<String> = (1..=all.len() + 1).map(|n| format!("${n}")).collect();
        let (columns, places) = (all.join(", "), places.join(", "));
        format!(
            "INSERT INTO {} ({columns}, row_seal) VALUES ({places})",
            self.name
        )
    }

    fn upsert(&self) -> String {
        let sets = self.columns.iter().copied().chain(["row_seal"]);
        let sets: Vec<String> = sets
            .map(|column| format!("{column} = excluded.{column}"))
            .collect();
        let (key, sets) = (self.keys.join(", "), sets.join(", "));
        format!("{} ON CONFLICT ({key}) DO UPDATE SET {sets}", self.insert())
    }
}

fn absorb(mac: &mut Hmac<Sm3>, kind: u8, bytes: &[u8]) {
    mac.update(&[kind]);
    mac.update(&(bytes.len() as u64).to_be_bytes());
    mac.update(bytes);
}

/// A key column for people: ids in hexadecimal.
fn describe(name: &str, value: &Value<'_>) -> String {
    match value {
        Value::Null => format!("{name}=null"),
        Value::Int(number) => format!("{name}={number}"),
        Value::Bool(truth) => format!("{name}={truth}"),
        Value::Text(text) => format!("{name}={text}"),
        Value::Bytes(bytes) => {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("{name}={hex}")
        }
    }
}
