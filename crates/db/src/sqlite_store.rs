//! The embedded store: one writer thread that commits many commands in one fsync, readers on
//! their own connections.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use kernel::{Actor, Fault, Value};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{ErrorCode, OpenFlags};
use rustc_hash::FxHashMap;

use crate::row::Row;
use crate::tx::{Connection, Tx};
use crate::writer::{Answers, GROUP_MAX, Job, QUEUE_MAX};
use crate::{Cause, Durability, Options, Shared};

const FILE: &str = "hall.db";
const LOCK: &str = "hall.lock";
const STATEMENTS_CACHED: usize = 512;
/// How often a copy is tried while another program holds the whole store.
const COPY_TRIES_MAX: u32 = 100;
const COPY_REST: std::time::Duration = std::time::Duration::from_millis(100);

pub(crate) struct SqliteStore {
    queue: Option<SyncSender<Box<dyn Job>>>,
    writer: Option<JoinHandle<()>>,
    readers: Mutex<Vec<SqliteConnection>>,
    path: std::path::PathBuf,
    shared: Arc<Shared>,
    reading: Cause,
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
        let connection = SqliteConnection::open(&path, OpenFlags::default())?;
        connection.prepare_for_writing(options.durability)?;
        let (queue, jobs) = sync_channel(QUEUE_MAX);
        let of_writer = Arc::clone(&shared);
        let answers = Answers::start().map_err(unavailable)?;
        let writer = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || write_groups(&connection, &jobs, &of_writer, &answers))
            .map_err(unavailable)?;
        let mut store = Self::reader(path, options, shared);
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
        let source = SqliteConnection::open(&self.path, flags)?;
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
            _lock: None,
        }
    }

    pub(crate) fn send(&self, job: Box<dyn Job>) -> Result<(), Fault> {
        let queue = self.queue.as_ref().ok_or_else(|| Fault::Unavailable {
            detail: "the store is open for reading only".to_owned(),
        })?;
        queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => Fault::Unavailable {
                detail: "too many writes are waiting".to_owned(),
            },
            TrySendError::Disconnected(_) => crate::stopped(),
        })
    }

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
                SqliteConnection::open(&self.path, flags)?
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

impl Drop for SqliteStore {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(writer) = self.writer.take() {
            // The last owner of the store may be the writer itself (a thing lent to it).
            if writer.thread().id() != std::thread::current().id() {
                let _panicked_already_logged = writer.join();
            }
        }
    }
}

/// The writer's life: take what waits, run it, commit once, answer all.
///
/// Writes run bare as long as each ends well or ends before its first statement that writes, as
/// refusals do. The first one that must be undone sends the whole group back to be run again, each
/// in its savepoint then: savepoints copy every page they touch, and are hardly ever needed.
fn write_groups(
    connection: &SqliteConnection,
    jobs: &Receiver<Box<dyn Job>>,
    shared: &Shared,
    answers: &Answers,
) {
    while let Ok(first) = jobs.recv() {
        let mut group: Vec<Box<dyn Job>> = Vec::new();
        let mut next = Some(first);
        let begun = connection.execute("BEGIN IMMEDIATE", &[]);
        let mut failure = begun.err();
        let mut careful = false;
        while let Some(mut job) = next {
            if let Some(fault) = &failure {
                job.fail(fault.clone());
                group.push(job);
            } else if careful {
                failure = run_in_savepoint(connection, job.as_mut(), shared).err();
                group.push(job);
            } else {
                let ran = run_bare(connection, job.as_mut(), shared);
                group.push(job);
                failure = match ran {
                    Ok(Ran::Well) => None,
                    Ok(Ran::ToBeUndone) => {
                        careful = true;
                        run_again(connection, &mut group, shared).err()
                    }
                    Err(fault) => Some(fault),
                };
            }
            next = if group.len() < GROUP_MAX {
                jobs.try_recv().ok()
            } else {
                None
            };
        }
        if failure.is_none() {
            failure = connection.execute("COMMIT", &[]).err();
        }
        if let Some(fault) = failure {
            tracing::error!(%fault, writes = group.len(), "a group of writes was not committed");
            if !connection.is_idle() {
                let _the_connection_reports_again = connection.execute("ROLLBACK", &[]);
            }
            for job in &mut group {
                job.fail(as_unavailable(&fault));
            }
        }
        shared
            .commits
            .fetch_add(group.len() as u64, Ordering::Relaxed);
        answers.give(group);
    }
}

/// How a write without a savepoint ended.
enum Ran {
    /// It may be committed, or it changed nothing.
    Well,
    /// It failed after it had written.
    ToBeUndone,
}

/// Runs one job without a savepoint. An error here means that the whole group is lost.
fn run_bare(
    connection: &SqliteConnection,
    job: &mut dyn Job,
    shared: &Shared,
) -> Result<Ran, Fault> {
    let before = connection.writes.get();
    let good = run_job(connection, job, shared)?;
    if good || connection.writes.get() == before {
        Ok(Ran::Well)
    } else {
        Ok(Ran::ToBeUndone)
    }
}

/// Undoes the group so far and runs it again, each job in its savepoint.
fn run_again(
    connection: &SqliteConnection,
    group: &mut [Box<dyn Job>],
    shared: &Shared,
) -> Result<(), Fault> {
    connection.execute("ROLLBACK", &[])?;
    connection.execute("BEGIN IMMEDIATE", &[])?;
    for job in group {
        run_in_savepoint(connection, job.as_mut(), shared)?;
    }
    Ok(())
}

/// Runs one job so that its failure undoes only itself. An error here means that the whole
/// group is lost (disk full, damaged file).
fn run_in_savepoint(
    connection: &SqliteConnection,
    job: &mut dyn Job,
    shared: &Shared,
) -> Result<(), Fault> {
    connection.execute("SAVEPOINT job", &[])?;
    if !run_job(connection, job, shared)? {
        connection.execute("ROLLBACK TO job", &[])?;
    }
    connection.execute("RELEASE job", &[])?;
    Ok(())
}

/// Runs one job; true when it may be committed.
fn run_job(
    connection: &SqliteConnection,
    job: &mut dyn Job,
    shared: &Shared,
) -> Result<bool, Fault> {
    let cause = job.cause().clone();
    let good = {
        let mut tx = Tx::new(Connection::Sqlite(connection), shared, &cause);
        job.run(&mut tx)
    };
    if connection.is_idle() {
        // SQLite rolled the whole transaction back by itself: full disk or I/O error.
        return Err(Fault::Unavailable {
            detail: "the store rolled back".to_owned(),
        });
    }
    Ok(good)
}

fn as_unavailable(fault: &Fault) -> Fault {
    Fault::Unavailable {
        detail: format!("not committed: {fault}"),
    }
}

/// One connection, with the rewritten text of every statement it has seen.
pub(crate) struct SqliteConnection {
    raw: rusqlite::Connection,
    rewritten: RefCell<FxHashMap<String, String>>,
    /// How many statements that write were begun.
    writes: Cell<u64>,
}

impl SqliteConnection {
    fn open(path: &Path, flags: OpenFlags) -> Result<Self, Fault> {
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
        })
    }

    fn prepare_for_writing(&self, durability: Durability) -> Result<(), Fault> {
        let pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                       PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4000; \
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
    fn is_idle(&self) -> bool {
        self.raw.is_autocommit()
    }

    pub(crate) fn batch(&self, sql: &str) -> Result<(), Fault> {
        self.writes.set(self.writes.get() + 1);
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
        let run = |text: &str| {
            let mut statement = self.raw.prepare_cached(text)?;
            if !statement.readonly() {
                self.writes.set(self.writes.get() + 1);
            }
            work(&mut statement)
        };
        if let Some(text) = self.rewritten.borrow().get(sql) {
            return run(text).map_err(fault);
        }
        let text = numbered(sql);
        let answer = run(&text).map_err(fault);
        self.rewritten.borrow_mut().insert(sql.to_owned(), text);
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
