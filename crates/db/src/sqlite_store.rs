//! The embedded store: one writer thread that commits many commands in one fsync, readers on
//! their own connections.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::path::Path;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use kernel::{Actor, Fault, Value};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{ErrorCode, OpenFlags};
use rustc_hash::FxHashMap;

use crate::flush::{Flusher, Progress};
use crate::group::{Order, Writer};
use crate::kept::{Kept, Target, Touched};
use crate::row::Row;
use crate::tx::{Connection, Tx};
use crate::writer::{Job, QUEUE_MAX};
use crate::{Cause, Durability, Options, Shared};

const FILE: &str = "hall.db";
/// The log 预写日志 that SQLite keeps beside its file.
const LOG: &str = "hall.db-wal";
const LOCK: &str = "hall.lock";
const STATEMENTS_CACHED: usize = 512;
/// How often a copy is tried while another program holds the whole store.
const COPY_TRIES_MAX: u32 = 100;
const COPY_REST: std::time::Duration = std::time::Duration::from_millis(100);

pub(crate) struct SqliteStore {
    queue: Option<SyncSender<Order>>,
    writer: Option<JoinHandle<()>>,
    readers: Mutex<Vec<SqliteConnection>>,
    path: std::path::PathBuf,
    shared: Arc<Shared>,
    reading: Cause,
    progress: Arc<Progress>,
    _lock: Option<File>,
}

impl SqliteStore {
    pub(crate) fn open(
        folder: &Path,
        options: &Options,
        shared: Arc<Shared>,
    ) -> Result<Self, Fault> {
        std::fs::create_dir_all(folder).map_err(unavailable)?;
        let lock = File::create(folder.join(LOCK)).map_err(unavailable)?;
        lock.try_lock().map_err(|_| Fault::Unavailable {
            detail: format!("{} is in use by another process", folder.display()),
        })?;
        let path = folder.join(FILE);
        let connection = SqliteConnection::open(&path, OpenFlags::default(), &shared.kept)?;
        connection.prepare_for_writing(options.durability)?;
        let (queue, orders) = sync_channel(QUEUE_MAX);
        let of_writer = Arc::clone(&shared);
        let log = match options.durability {
            Durability::Disk => Some(folder.join(LOG)),
            Durability::Nothing => None,
        };
        let progress = Arc::new(Progress::default());
        let flusher = Flusher::start(log, Arc::clone(&progress), queue.clone());
        let flusher = flusher.map_err(unavailable)?;
        let mut store = Self::reader(path, options, shared);
        store.progress = Arc::clone(&progress);
        let writer = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || {
                let writer = Writer {
                    connection: &connection,
                    shared: &of_writer,
                    flusher: &flusher,
                    progress: &progress,
                };
                writer.live(&orders);
            })
            .map_err(unavailable)?;
        store.queue = Some(queue);
        store.writer = Some(writer);
        store._lock = Some(lock);
        Ok(store)
    }

    pub(crate) fn open_read_only(
        folder: &Path,
        options: &Options,
        shared: Arc<Shared>,
    ) -> Result<Self, Fault> {
        let path = folder.join(FILE);
        if !path.is_file() {
            let detail = format!("there is no hall in {}", folder.display());
            return Err(Fault::Unavailable { detail });
        }
        Ok(Self::reader(path, options, shared))
    }

    /// Copies the store into a new file, in one read transaction of a connection of its own: in
    /// WAL mode that holds nobody up.
    pub(crate) fn copy_to(&self, path: &Path) -> Result<(), Fault> {
        use rusqlite::backup::{Backup, StepResult};
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let source = SqliteConnection::open(&self.path, flags, &self.shared.kept)?;
        let mut copy = rusqlite::Connection::open(path).map_err(fault)?;
        let mut tries = 0;
        {
            let backup = Backup::new(&source.raw, &mut copy).map_err(fault)?;
            while backup.step(-1).map_err(fault)? != StepResult::Done {
                tries += 1;
                if COPY_TRIES_MAX < tries {
                    return Err(Fault::Unavailable {
                        detail: "the store is locked by another program".to_owned(),
                    });
                }
                std::thread::sleep(COPY_REST);
            }
        }
        // The copy is one file: no log beside it.
        copy.execute_batch("PRAGMA journal_mode = DELETE")
            .map_err(fault)?;
        copy.close().map_err(|(_, error)| fault(error))?;
        File::open(path)
            .and_then(|file| file.sync_all())
            .map_err(unavailable)
    }

    fn reader(path: std::path::PathBuf, options: &Options, shared: Arc<Shared>) -> Self {
        let reading = Cause {
            actor: Actor::system(),
            command: options.clock.new_id(),
        };
        let readers = Mutex::new(Vec::with_capacity(options.connections));
        Self {
            queue: None,
            writer: None,
            readers,
            path,
            shared,
            reading,
            progress: Arc::default(),
            _lock: None,
        }
    }

    pub(crate) fn send(&self, job: Box<dyn Job>) -> Result<(), Fault> {
        let queue = self.queue.as_ref().ok_or_else(|| Fault::Unavailable {
            detail: "the store is open for reading only".to_owned(),
        })?;
        queue
            .try_send(Order::Write(job))
            .map_err(|error| match error {
                TrySendError::Full(_) => Fault::Unavailable {
                    detail: "too many writes are waiting".to_owned(),
                },
                TrySendError::Disconnected(_) => crate::stopped(),
            })
    }

    /// Reads, also what is committed and not yet on the disk: see [`SqliteStore::on_disk`].
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let idle = self
            .readers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let connection = match idle {
            Some(connection) => connection,
            None => {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                SqliteConnection::open(&self.path, flags, &self.shared.kept)?
            }
        };
        connection.execute("BEGIN", &[])?;
        let answer = {
            let mut tx = Tx::new(Connection::Sqlite(&connection), &self.shared, &self.reading);
            work(&mut tx)
        };
        // Nothing was written, so ROLLBACK and COMMIT are the same; this one cannot fail late.
        if connection.execute("ROLLBACK", &[]).is_ok() {
            self.readers
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(connection);
        }
        answer
    }
}

/// Where the writes are whose rows a reader may have seen.
impl SqliteStore {
    /// Waits until they are on the disk.
    pub(crate) fn on_disk(&self) -> Result<(), Fault> {
        self.progress.wait()
    }

    /// The same from asynchronous code.
    pub(crate) async fn on_disk_async(&self) -> Result<(), Fault> {
        self.progress.wait_async().await
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        let (Some(queue), Some(writer)) = (self.queue.take(), self.writer.take()) else {
            return;
        };
        self.progress.stop();
        // The last owner of the store may be the writer itself (a thing lent to it): it looks for
        // the end after each order, and must not wait for itself.
        if writer.thread().id() != std::thread::current().id() {
            let _gone_already = queue.send(Order::Stop);
            let _panicked_already_logged = writer.join();
        }
    }
}

/// One connection, with the rewritten text of every statement it has seen.
pub(crate) struct SqliteConnection {
    raw: rusqlite::Connection,
    rewritten: RefCell<FxHashMap<String, (String, Target)>>,
    /// How many statements that write were begun.
    writes: Cell<u64>,
    kept: Arc<Kept>,
    touched: Touched,
}

impl SqliteConnection {
    fn open(path: &Path, flags: OpenFlags, kept: &Arc<Kept>) -> Result<Self, Fault> {
        let raw = rusqlite::Connection::open_with_flags(path, flags).map_err(fault)?;
        raw.set_prepared_statement_cache_capacity(STATEMENTS_CACHED);
        // Otherwise a statement whose plan could profit from the values is prepared again each
        // time other values are bound: a third of a request's time.
        raw.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .map_err(fault)?;
        raw.execute_batch("PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY;")
            .map_err(fault)?;
        Ok(Self {
            raw,
            rewritten: RefCell::default(),
            writes: Cell::default(),
            kept: Arc::clone(kept),
            touched: Touched::default(),
        })
    }

    fn prepare_for_writing(&self, durability: Durability) -> Result<(), Fault> {
        // NORMAL: SQLite orders log and file, and the flusher puts each commit on the disk.
        let pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; \
                       PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 8000; \
                       PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;";
        self.raw.execute_batch(pragmas).map_err(fault)?;
        match durability {
            Durability::Disk => Ok(()),
            Durability::Nothing => {
                let careless = "PRAGMA synchronous = OFF;";
                self.raw.execute_batch(careless).map_err(fault)
            }
        }
    }

    /// Whether no transaction is open.
    pub(crate) fn is_idle(&self) -> bool {
        self.raw.is_autocommit()
    }

    /// How many statements that write were begun.
    pub(crate) fn writes(&self) -> u64 {
        self.writes.get()
    }

    /// What the group of writes that is on its way has touched so far.
    pub(crate) fn touched(&self) -> &Touched {
        &self.touched
    }

    pub(crate) fn batch(&self, sql: &str) -> Result<(), Fault> {
        self.writes.set(self.writes.get() + 1);
        self.touched.note(Target::Unknown);
        self.raw.execute_batch(sql).map_err(fault)
    }

    pub(crate) fn execute(&self, sql: &str, params: &[Value<'_>]) -> Result<u64, Fault> {
        let touched = self.with_statement(sql, |statement| {
            statement.execute(rusqlite::params_from_iter(params.iter().map(Bound)))
        })?;
        Ok(touched as u64)
    }

    pub(crate) fn each(
        &self,
        sql: &str,
        params: &[Value<'_>],
        mut visit: impl FnMut(&Row<'_>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut inner = Ok(());
        self.with_statement(sql, |statement| {
            let mut rows = statement.query(rusqlite::params_from_iter(params.iter().map(Bound)))?;
            while let Some(row) = rows.next()? {
                inner = visit(&Row::Sqlite(row));
                if inner.is_err() {
                    break;
                }
            }
            Ok(())
        })?;
        inner
    }

    fn with_statement<T>(
        &self,
        sql: &str,
        work: impl FnOnce(&mut rusqlite::CachedStatement<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, Fault> {
        let run = |text: &str, target: Target| {
            let mut statement = self.raw.prepare_cached(text)?;
            if !statement.readonly() {
                self.writes.set(self.writes.get() + 1);
                self.touched.note(target);
            }
            work(&mut statement)
        };
        if let Some((text, target)) = self.rewritten.borrow().get(sql) {
            return run(text, *target).map_err(fault);
        }
        let (text, target) = (numbered(sql), self.kept.target(sql));
        let answer = run(&text, target).map_err(fault);
        let known = (text, target);
        self.rewritten.borrow_mut().insert(sql.to_owned(), known);
        answer
    }
}

/// Rewrites `$n` to `?n`. SQLite takes `$2` for a *name* and numbers names in the order in which
/// they appear, so `$2 … $1` would bind wrongly without a word.
fn numbered(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len());
    let mut quoted = false;
    let mut rest = sql.chars().peekable();
    while let Some(c) = rest.next() {
        quoted ^= c == '\'';
        let placeholder = c == '$' && !quoted && rest.peek().is_some_and(char::is_ascii_digit);
        text.push(if placeholder { '?' } else { c });
    }
    text
}

struct Bound<'v>(&'v Value<'v>);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Bool(truth) => ValueRef::Integer((*truth).into()),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn unavailable(error: std::io::Error) -> Fault {
    Fault::Unavailable {
        detail: error.to_string(),
    }
}

fn fault(error: rusqlite::Error) -> Fault {
    use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE};
    let Some(inner) = error.sqlite_error() else {
        return Fault::broken(error);
    };
    let unique = [SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY];
    if unique.contains(&inner.extended_code) {
        return Fault::Conflict { what: "row" };
    }
    match inner.code {
        ErrorCode::DiskFull
        | ErrorCode::SystemIoFailure
        | ErrorCode::DatabaseBusy
        | ErrorCode::DatabaseLocked
        | ErrorCode::CannotOpen
        | ErrorCode::ReadOnly
        | ErrorCode::DatabaseCorrupt
        | ErrorCode::NotADatabase => Fault::Unavailable {
            detail: error.to_string(),
        },
        _ => Fault::broken(error),
    }
}
