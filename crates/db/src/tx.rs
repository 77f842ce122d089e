//! A transaction: statements, the facts of the moment, and the news of what happened.

use std::any::Any;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Actor, Clock, CommandId, Fault, TypedId, Value};

use crate::kept::Kept;
use crate::memory::Memory;
use crate::postgres_store::PostgresConnection;
use crate::row::Row;
use crate::sqlite_store::SqliteConnection;
use crate::{Cause, Shared};

/// Something that happened in this transaction and that other rooms may follow.
pub type News = dyn Any + Send;

/// How much news the following of news may cause: a loop in `flow.rs` ends here, not in the disk.
const NEWS_MAX: usize = 1000;

/// One transaction. It ends by returning from the closure: `Ok` commits, `Err` leaves no trace.
pub struct Tx<'c> {
    pub(crate) connection: Connection<'c>,
    shared: &'c Shared,
    cause: &'c Cause,
    now: Timestamp,
    news: VecDeque<Box<News>>,
    pub(crate) memory: Memory,
    /// The last write that this transaction sees for certain, see [`crate::kept`].
    pub(crate) begun_after: u64,
    /// How many statements that write the connection had begun before.
    writes_before: u64,
    is_bare: bool,
}

pub(crate) enum Connection<'c> {
    Sqlite(&'c SqliteConnection),
    Postgres(&'c mut PostgresConnection),
}

impl<'c> Tx<'c> {
    pub(crate) fn new(connection: Connection<'c>, shared: &'c Shared, cause: &'c Cause) -> Self {
        let now = shared.clock.now();
        let writes_before = match &connection {
            Connection::Sqlite(connection) => connection.writes(),
            Connection::Postgres(_) => 0,
        };
        Self {
            writes_before,
            is_bare: false,
            connection,
            shared,
            cause,
            now,
            news: VecDeque::new(),
            memory: Memory::default(),
            begun_after: shared.kept.last(),
        }
    }

    /// Whether what this closure wrote is undone and the closure run again when it fails.
    pub(crate) fn may_be_run_again(&self) -> bool {
        self.is_bare
    }

    /// Whether nothing was written yet; then the news of what failed are dropped too.
    pub(crate) fn take_back_nothing(&mut self) -> bool {
        let wrote = match &self.connection {
            Connection::Sqlite(connection) => connection.writes() != self.writes_before,
            Connection::Postgres(_) => true,
        };
        if !wrote {
            self.news.clear();
        }
        !wrote
    }

    /// The same transaction, run without a savepoint of its own.
    pub(crate) fn bare(self) -> Self {
        Self {
            is_bare: true,
            ..self
        }
    }

    pub(crate) fn kept_rows(&self) -> &'c Kept {
        &self.shared.kept
    }

    /// Runs a statement and answers how many rows it touched.
    ///
    /// # Errors
    /// [`Fault::Conflict`] when a unique rule is broken, [`Fault::Unavailable`] when the store
    /// cannot, [`Fault::Broken`] when the statement is wrong.
    pub fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, Fault> {
        self.shared.statements.fetch_add(1, Ordering::Relaxed);
        match &mut self.connection {
            Connection::Sqlite(connection) => connection.execute(sql, params),
            Connection::Postgres(connection) => connection.execute(sql, params),
        }
    }

    /// Runs a query and maps every row.
    ///
    /// # Errors
    /// As [`Tx::execute`], and whatever `map` answers.
    pub fn query<T>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let mut found = Vec::new();
        self.each(sql, params, |row| {
            found.push(map(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Runs a query and hands over every row without keeping it.
    ///
    /// # Errors
    /// As [`Tx::query`].
    pub fn each(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        visit: impl FnMut(&Row<'_>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.shared.statements.fetch_add(1, Ordering::Relaxed);
        match &mut self.connection {
            Connection::Sqlite(connection) => connection.each(sql, params, visit),
            Connection::Postgres(connection) => connection.each(sql, params, visit),
        }
    }

    /// Runs a query of which the first row counts.
    ///
    /// # Errors
    /// As [`Tx::query`].
    pub fn query_one<T>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        map: impl FnMut(&Row<'_>) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        let mut found = self.query(sql, params, map)?;
        if found.is_empty() {
            Ok(None)
        } else {
            Ok(Some(found.swap_remove(0)))
        }
    }

    /// Takes a lock that only one transaction of all nodes holds, until the end of this one.
    /// On SQLite there is one writer, so it always holds it.
    ///
    /// # Errors
    /// [`Fault::Unavailable`].
    pub fn try_exclusive(&mut self, name: i64) -> Result<bool, Fault> {
        match &self.connection {
            Connection::Sqlite(_) => Ok(true),
            Connection::Postgres(_) => {
                // Halls in schemas of one database must not stand in each other's way.
                let sql = "SELECT pg_try_advisory_xact_lock(\
                           hashtextextended(current_schema()::text, $1))";
                let held = self.query_one(sql, &[Value::Int(name)], |row| row.get::<bool>(0))?;
                Ok(held.unwrap_or(false))
            }
        }
    }

    /// Whether this store carries out one write after the other, so that the order of insertion is
    /// the order of the commits.
    #[must_use]
    pub fn is_serial(&self) -> bool {
        matches!(self.connection, Connection::Sqlite(_))
    }

    /// The instant at which the transaction began.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The day, in the hall's zone, on which the transaction began.
    #[must_use]
    pub fn today(&self) -> Date {
        kernel::clock::hall_date(self.now)
    }

    /// Who asked.
    #[must_use]
    pub fn actor(&self) -> &'c Actor {
        &self.cause.actor
    }

    /// The command that is being carried out.
    #[must_use]
    pub fn command(&self) -> CommandId {
        self.cause.command
    }

    /// The clock, for ids and chance; use [`Tx::now`] for the time.
    #[must_use]
    pub fn clock(&self) -> &'c Clock {
        &self.shared.clock
    }

    /// A new id.
    #[must_use]
    pub fn new_id<I: TypedId>(&self) -> I {
        self.shared.clock.new_id()
    }

    /// A thing lent by [`crate::Db::lend`].
    ///
    /// # Errors
    /// [`Fault::Broken`] when nobody lent one.
    pub fn thing<T: Any + Send + Sync>(&self) -> Result<Arc<T>, Fault> {
        self.shared.thing()
    }

    /// Announces what happened; the roof's flow hears it before the commit.
    pub fn announce<E: Any + Send>(&mut self, news: E) {
        self.news.push_back(Box::new(news));
    }

    pub(crate) fn connection_mut(&mut self) -> &mut Connection<'c> {
        &mut self.connection
    }

    /// The seal of a row of a plain table, as its row carries it.
    #[must_use]
    pub fn row_seal(&self, table: &crate::SealedTable, values: &[Value<'_>]) -> [u8; 16] {
        table.seal(self.row_key(), values)
    }

    pub(crate) fn row_key(&self) -> &'c [u8; 32] {
        &self.shared.row_key
    }

    /// Lets the flow follow all news, and the news that this causes.
    pub(crate) fn follow_news(&mut self) -> Result<(), Fault> {
        let Some(follow) = self.shared.follow.get() else {
            self.news.clear();
            return Ok(());
        };
        for _ in 0..self.news.len() + NEWS_MAX {
            let Some(news) = self.news.pop_front() else {
                return Ok(());
            };
            follow(self, &*news)?;
        }
        Err(Fault::broken("news causes news without end"))
    }
}
