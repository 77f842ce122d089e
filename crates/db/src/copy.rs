//! Copies of a whole store: page by page while it is written to (SQLite), or row by row as values
//! that either store can take in again.

use std::path::Path;

use kernel::{Fault, Value};

use crate::sqlite_store::SqliteStore;
use crate::tx::{Connection, Tx};
use crate::{Backend, Db};

impl Db {
    /// Copies the embedded store into a file as it is at one moment, while others go on writing.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when the disk cannot take it, or for a store that is not embedded.
    pub fn copy_to(&self, path: &Path) -> Result<(), Fault> {
        match &*self.backend {
            Backend::Sqlite(store) => SqliteStore::copy_to(store, path),
            Backend::Postgres(_) => Err(Fault::Unavailable {
                detail: "a PostgreSQL store is copied row by row".to_owned(),
            }),
        }
    }
}

impl Tx<'_> {
    /// Visits every row of a table: its columns in the order given.
    ///
    /// # Errors
    /// As [`Tx::query`], and whatever `visit` answers.
    pub fn each_row(
        &mut self,
        table: &str,
        columns: &[&str],
        mut visit: impl FnMut(&[Value<'_>]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let sql = format!("SELECT {} FROM {table}", columns.join(", "));
        self.each(&sql, &[], |row| {
            let values: Result<Vec<Value<'_>>, Fault> =
                (0..columns.len()).map(|at| row.value(at)).collect();
            visit(&values?)
        })
    }

    /// Puts a row into a table as it was read by [`Tx::each_row`], its seal included.
    ///
    /// # Errors
    /// As [`Tx::execute`].
    pub fn insert_row(
        &mut self,
        table: &str,
        columns: &[&str],
        values: &[Value<'_>],
    ) -> Result<(), Fault> {
        let places: Vec<String> = (1..=columns.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "INSERT INTO {table} ({}) VALUES ({})",
            columns.join(", "),
            places.join(", ")
        );
        self.execute(&sql, values).map(|_| ())
    }

    /// Takes every row out of a table.
    ///
    /// # Errors
    /// As [`Tx::execute`].
    pub fn empty_table(&mut self, table: &str) -> Result<(), Fault> {
        self.execute(&format!("DELETE FROM {table}"), &[])
            .map(|_| ())
    }

    /// The store's own version: `3.50.4` for SQLite, `15.18` for PostgreSQL.
    ///
    /// # Errors
    /// As [`Tx::query`].
    pub fn store_version(&mut self) -> Result<String, Fault> {
        let sql = match self.connection_mut() {
            Connection::Sqlite(_) => "SELECT sqlite_version()",
            Connection::Postgres(_) => "SELECT current_setting('server_version')",
        };
        let found = self.query_one(sql, &[], |row| row.get(0))?;
        Ok(found.unwrap_or_default())
    }

    /// The store's own clock in microseconds, where it has one of its own: a PostgreSQL server may
    /// stand on another machine.
    ///
    /// # Errors
    /// As [`Tx::query`].
    pub fn store_clock(&mut self) -> Result<Option<i64>, Fault> {
        match self.connection_mut() {
            Connection::Sqlite(_) => Ok(None),
            Connection::Postgres(_) => {
                let sql = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)";
                self.query_one(sql, &[], |row| row.get(0))
            }
        }
    }
}
