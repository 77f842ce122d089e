//! One door to the database: the same synchronous closures run on SQLite and on PostgreSQL.
//!
//! A write is a closure on a [`Tx`] that may be run again whole; the answer is sent only after
//! the commit is durable. Deliberately absent: any table of any room, and asynchrony beyond
//! waiting for an answer.

mod copy;
mod flush;
mod group;
mod kept;
mod memory;
pub mod migrate;
pub mod once;
pub mod outbox;
mod postgres_store;
mod row;
pub mod row_seal;
mod sqlite_store;
pub mod testing;
pub mod texts;
pub mod timer;
mod tx;
mod writer;

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use kernel::{Actor, Clock, CommandId, Fault};

use crate::kept::Kept;

pub use kernel::{FromValue, ToValue, Value};
pub use migrate::Migration;
pub use row::Row;
pub use row_seal::SealedTable;
pub use tx::{News, Tx};

/// What causes a write: who asked, and which command it is.
#[derive(Debug, Clone)]
pub struct Cause {
    /// Who asked.
    pub actor: Actor,
    /// The command; all its ledger lines carry it.
    pub command: CommandId,
}

/// What follows from a piece of news: the roof's `flow.rs`.
pub type Follow = fn(&mut Tx<'_>, &News) -> Result<(), Fault>;

/// Which kind of store is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreKind {
    /// The embedded store.
    Sqlite,
    /// PostgreSQL 15 or later.
    Postgres,
}

/// What a commit of the embedded store waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// The disk: what was acknowledged survives a lost power supply.
    Disk,
    /// Nothing: for simulations, whose store is thrown away. No hall is opened so.
    Nothing,
}

/// How to open a store.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where time, ids and chance come from.
    pub clock: Clock,
    /// The key that seals the rows of plain tables, see [`row_seal`].
    pub row_key: [u8; 32],
    /// How many connections read at once; on PostgreSQL also how many threads write.
    pub connections: usize,
    /// What a commit of the embedded store waits for.
    pub durability: Durability,
    /// The tables whose rows may be kept from one transaction to the next, see [`Tx::kept`].
    pub kept: &'static [&'static str],
}

impl Options {
    /// Options with a key and the usual number of connections.
    #[must_use]
    pub fn new(clock: Clock, row_key: [u8; 32]) -> Self {
        Self {
            clock,
            row_key,
            connections: 8,
            durability: Durability::Disk,
            kept: &[],
        }
    }
}

/// An open store. Cloning shares it.
#[derive(Clone)]
pub struct Db {
    shared: Arc<Shared>,
    backend: Arc<Backend>,
}

enum Backend {
    Sqlite(Box<sqlite_store::SqliteStore>),
    Postgres(Box<postgres_store::PostgresStore>),
}

/// What every transaction can reach.
pub(crate) struct Shared {
    pub(crate) clock: Clock,
    pub(crate) row_key: [u8; 32],
    pub(crate) follow: OnceLock<Follow>,
    pub(crate) things: RwLock<BTreeMap<TypeId, Arc<dyn Any + Send + Sync>>>,
    pub(crate) statements: AtomicU64,
    pub(crate) commits: AtomicU64,
    pub(crate) kept: Arc<Kept>,
}

impl Db {
    /// Opens the embedded store in a folder, making it when there is none. A second process on
    /// the same folder is refused.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when the folder is in use, not writable or not a store.
    pub fn sqlite(folder: &Path, options: Options) -> Result<Self, Fault> {
        let shared = Shared::new(&options);
        let store = sqlite_store::SqliteStore::open(folder, &options, Arc::clone(&shared))?;
        Ok(Self {
            shared,
            backend: Arc::new(Backend::Sqlite(Box::new(store))),
        })
    }

    /// Opens the embedded store for reading only, also while another process serves from it.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when there is no store in the folder.
    pub fn sqlite_read_only(folder: &Path, options: Options) -> Result<Self, Fault> {
        // Another process may write meanwhile.
        let options = Options {
            kept: &[],
            ..options
        };
        let shared = Shared::new(&options);
        let store =
            sqlite_store::SqliteStore::open_read_only(folder, &options, Arc::clone(&shared))?;
        Ok(Self {
            shared,
            backend: Arc::new(Backend::Sqlite(Box::new(store))),
        })
    }

    /// Connects to PostgreSQL.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when the server cannot be reached or the address is wrong.
    pub fn postgres(url: &str, options: Options) -> Result<Self, Fault> {
        let shared = Shared::new(&options);
        let store = postgres_store::PostgresStore::open(url, &options, Arc::clone(&shared))?;
        Ok(Self {
            shared,
            backend: Arc::new(Backend::Postgres(Box::new(store))),
        })
    }

    /// Which kind of store this is.
    #[must_use]
    pub fn kind(&self) -> StoreKind {
        match *self.backend {
            Backend::Sqlite(_) => StoreKind::Sqlite,
            Backend::Postgres(_) => StoreKind::Postgres,
        }
    }

    /// The clock that transactions see.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// Says what follows from news. The first call counts.
    pub fn set_follow(&self, follow: Follow) {
        let _first_call_counts = self.shared.follow.set(follow);
    }

    /// Lends a thing (calendar, keys, files) to every transaction; a later one replaces it.
    pub fn lend<T: Any + Send + Sync>(&self, thing: Arc<T>) {
        let mut things = self
            .shared
            .things
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        things.insert(TypeId::of::<T>(), thing);
    }

    /// The thing lent under its type.
    ///
    /// # Errors
    /// [`Fault::Broken`] when nobody lent one.
    pub fn thing<T: Any + Send + Sync>(&self) -> Result<Arc<T>, Fault> {
        self.shared.thing()
    }

    /// A cause with a new command id.
    #[must_use]
    pub fn cause(&self, actor: Actor) -> Cause {
        Cause {
            actor,
            command: self.shared.clock.new_id(),
        }
    }

    /// Writes and waits for the durable commit. Not from asynchronous code.
    ///
    /// # Errors
    /// Whatever `work` answers, or [`Fault::Unavailable`] when the commit failed.
    pub fn write<T, F>(&self, cause: Cause, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    {
        let (job, answer) = writer::job(cause, work);
        self.send(job)?;
        answer.blocking_recv().map_err(|_| stopped())?
    }

    /// Writes and waits for the durable commit, from asynchronous code.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn write_async<T, F>(&self, cause: Cause, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    {
        let (job, answer) = writer::job(cause, work);
        self.send(job)?;
        answer.await.map_err(|_| stopped())?
    }

    /// Reads from one snapshot, on the calling thread. Not from asynchronous code. Nobody is shown
    /// what is not on the disk.
    ///
    /// # Errors
    /// Whatever `work` answers, or [`Fault::Unavailable`].
    pub fn read<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, Fault>) -> Result<T, Fault> {
        match &*self.backend {
            Backend::Sqlite(store) => {
                let answer = store.read(work)?;
                store.on_disk()?;
                Ok(answer)
            }
            Backend::Postgres(store) => store.read(work),
        }
    }

    /// Reads from one snapshot, from asynchronous code: SQLite answers on the spot, PostgreSQL
    /// on a thread that may wait.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn read_async<T, F>(&self, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    {
        match &*self.backend {
            Backend::Sqlite(store) => {
                let answer = store.read(work)?;
                store.on_disk_async().await?;
                Ok(answer)
            }
            Backend::Postgres(_) => self.read_early_async(work).await,
        }
    }

    /// As [`Db::read_async`], and may run ahead of the disk by a flush: for what nobody is shown
    /// and what only decides how the same request goes on, since its reads and writes wait.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn read_early_async<T, F>(&self, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    {
        match &*self.backend {
            Backend::Sqlite(store) => store.read(work),
            Backend::Postgres(_) => {
                let db = self.clone();
                let answer = tokio::task::spawn_blocking(move || db.read(work)).await;
                answer.map_err(|error| Fault::broken(format!("a read stopped: {error}")))?
            }
        }
    }

    /// How many statements have run since the store was opened.
    #[must_use]
    pub fn statement_count(&self) -> u64 {
        self.shared.statements.load(Ordering::Relaxed)
    }

    /// How many commands have been committed since the store was opened.
    #[must_use]
    pub fn commit_count(&self) -> u64 {
        self.shared.commits.load(Ordering::Relaxed)
    }

    fn send(&self, job: Box<dyn writer::Job>) -> Result<(), Fault> {
        match &*self.backend {
            Backend::Sqlite(store) => store.send(job),
            Backend::Postgres(store) => store.send(job),
        }
    }
}

impl Shared {
    fn new(options: &Options) -> Arc<Self> {
        Arc::new(Self {
            clock: options.clock.clone(),
            row_key: options.row_key,
            follow: OnceLock::new(),
            things: RwLock::default(),
            statements: AtomicU64::new(0),
            commits: AtomicU64::new(0),
            kept: Arc::new(Kept::new(options.kept)),
        })
    }

    pub(crate) fn thing<T: Any + Send + Sync>(&self) -> Result<Arc<T>, Fault> {
        let things = self.things.read().unwrap_or_else(PoisonError::into_inner);
        let found = things.get(&TypeId::of::<T>()).cloned();
        found
            .and_then(|thing| thing.downcast::<T>().ok())
            .ok_or_else(|| Fault::broken(format!("nobody lent a {}", std::any::type_name::<T>())))
    }
}

pub(crate) fn stopped() -> Fault {
    Fault::Unavailable {
        detail: "the store has stopped".to_owned(),
    }
}

/// The values of a statement, in the order of its placeholders `$1`, `$2` …
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::ToValue::to_value(&$value)),*] };
}

#[cfg(test)]
mod tests;
