//! PostgreSQL: writer threads with a transaction per command, retried whole when the server
//! says that two of them could not both be first; readers on their own connections.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use kernel::{Actor, Fault, Value};
use postgres::error::SqlState;
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{IsNull, ToSql, Type, private::BytesMut};
use postgres::{Client, Config, NoTls, Statement};

use crate::row::Row;
use crate::tx::{Connection, Tx};
use crate::writer::{Job, QUEUE_MAX};
use crate::{Cause, Options, Shared};

/// How often a transaction is tried before the visitor is asked to come back.
const TRIES_MAX: u32 = 8;
const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ";
const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

pub(crate) struct PostgresStore {
    queue: Option<SyncSender<Box<dyn Job>>>,
    writers: Vec<std::thread::JoinHandle<()>>,
    readers: Mutex<Vec<PostgresConnection>>,
    config: Config,
    shared: Arc<Shared>,
    reading: Cause,
}

impl PostgresStore {
    pub(crate) fn open(url: &str, options: &Options, shared: Arc<Shared>) -> Result<Self, Fault> {
        let mut config: Config =
            url.parse()
                .map_err(|error: postgres::Error| Fault::Unavailable {
                    detail: format!("the database address is wrong: {error}"),
                })?;
        config.application_name("qingchuang");
        let first = PostgresConnection::open(&config)?;
        let (queue, jobs) = sync_channel::<Box<dyn Job>>(QUEUE_MAX);
        let jobs = Arc::new(Mutex::new(jobs));
        let mut writers = Vec::new();
        for number in 0..options.connections {
            let (jobs, config, shared) = (Arc::clone(&jobs), config.clone(), Arc::clone(&shared));
            let writer = std::thread::Builder::new()
                .name(format!("store-writer-{number}"))
                .spawn(move || write_each(&config, &jobs, &shared))
                .map_err(|error| Fault::Unavailable {
                    detail: error.to_string(),
                })?;
            writers.push(writer);
        }
        let reading = Cause {
            actor: Actor::system(),
            command: options.clock.new_id(),
        };
        let readers = Mutex::new(vec![first]);
        Ok(Self {
            queue: Some(queue),
            writers,
            readers,
            config,
            shared,
            reading,
        })
    }

    pub(crate) fn send(&self, job: Box<dyn Job>) -> Result<(), Fault> {
        let queue = self.queue.as_ref().ok_or_else(crate::stopped)?;
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
        let mut connection = self.begin_reading(idle)?;
        let answer = {
            let mut tx = Tx::new(
                Connection::Postgres(&mut connection),
                &self.shared,
                &self.reading,
            );
            work(&mut tx)
        };
        if connection.batch("ROLLBACK").is_ok() {
            self.readers
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(connection);
        }
        answer
    }

    /// Begins on an idle connection, or on a new one where that died while nobody used it.
    fn begin_reading(&self, idle: Option<PostgresConnection>) -> Result<PostgresConnection, Fault> {
        if let Some(mut connection) = idle.filter(PostgresConnection::is_alive)
            && connection.batch(BEGIN_READ).is_ok()
        {
            return Ok(connection);
        }
        let mut connection = PostgresConnection::open(&self.config)?;
        connection.batch(BEGIN_READ)?;
        Ok(connection)
    }
}

impl Drop for PostgresStore {
    fn drop(&mut self) {
        drop(self.queue.take());
        for writer in self.writers.drain(..) {
            if writer.thread().id() != std::thread::current().id() {
                let _panicked_already_logged = writer.join();
            }
        }
    }
}

/// A writer's life: one command, one transaction; a lost connection is opened again.
fn write_each(config: &Config, jobs: &Mutex<Receiver<Box<dyn Job>>>, shared: &Shared) {
    let mut connection: Option<PostgresConnection> = None;
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(mut job) = next else { return };
        if let Err(fault) = write_one(config, &mut connection, job.as_mut(), shared) {
            job.fail(fault);
        }
        shared.commits.fetch_add(1, Ordering::Relaxed);
        job.answer();
    }
}

fn write_one(
    config: &Config,
    slot: &mut Option<PostgresConnection>,
    job: &mut dyn Job,
    shared: &Shared,
) -> Result<(), Fault> {
    let cause = job.cause().clone();
    let mut last = crate::stopped();
    for _ in 0..TRIES_MAX {
        let mut connection = match slot.take().filter(PostgresConnection::is_alive) {
            Some(connection) => connection,
            None => PostgresConnection::open(config)?,
        };
        connection.clashed = false;
        // A connection that died while idle shows here, before anything was done: try another.
        if let Err(fault) = connection.batch(BEGIN_WRITE) {
            last = fault;
            continue;
        }
        let good = {
            let mut tx = Tx::new(Connection::Postgres(&mut connection), shared, &cause);
            job.run(&mut tx)
        };
        // Lost before the commit was asked for: nothing of it stands, so all of it may be tried
        // again. Lost while it is asked for, nobody here knows, and the visitor asks again.
        if !good && connection.lost {
            last = Fault::Unavailable {
                detail: "the connection to the database was lost".to_owned(),
            };
            continue;
        }
        let ended = connection.batch(if good { "COMMIT" } else { "ROLLBACK" });
        let clashed = connection.clashed;
        if !good || ended.is_ok() || clashed {
            *slot = Some(connection);
        }
        match ended {
            _ if clashed => last = Fault::Conflict { what: "record" },
            Err(fault) if good => return Err(fault),
            Ok(()) | Err(_) => return Ok(()),
        }
    }
    Err(last)
}

/// One connection with its prepared statements.
pub(crate) struct PostgresConnection {
    client: Client,
    statements: HashMap<String, Statement>,
    /// The server said that the transaction must be tried again from the start.
    clashed: bool,
    /// The server is gone, or has ended this connection.
    lost: bool,
}

impl PostgresConnection {
    fn open(config: &Config) -> Result<Self, Fault> {
        let client = config.connect(NoTls).map_err(|error| Fault::Unavailable {
            detail: format!("cannot reach the database: {error}"),
        })?;
        Ok(Self {
            client,
            statements: HashMap::new(),
            clashed: false,
            lost: false,
        })
    }

    fn is_alive(&self) -> bool {
        !self.client.is_closed()
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), Fault> {
        let answer = self.client.batch_execute(sql);
        answer.map_err(|error| self.fault(&error))
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, Fault> {
        let statement = self.statement(sql)?;
        let bound: Vec<Bound<'_>> = params.iter().map(Bound).collect();
        let refs: Vec<&(dyn ToSql + Sync)> = bound.iter().map(|b| b as _).collect();
        let answer = self.client.execute(&statement, &refs);
        answer.map_err(|error| self.fault(&error))
    }

    pub(crate) fn each(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        mut visit: impl FnMut(&Row<'_>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let statement = self.statement(sql)?;
        let mut inner = Ok(());
        let answer = {
            let rows = self.client.query_raw(&statement, params.iter().map(Bound));
            rows.and_then(|mut rows| {
                while let Some(row) = rows.next()? {
                    inner = visit(&Row::Postgres(&row));
                    if inner.is_err() {
                        break;
                    }
                }
                Ok(())
            })
        };
        answer.map_err(|error| self.fault(&error))?;
        inner
    }

    fn statement(&mut self, sql: &str) -> Result<Statement, Fault> {
        if let Some(known) = self.statements.get(sql) {
            return Ok(known.clone());
        }
        let prepared = self.client.prepare(sql);
        let statement = prepared.map_err(|error| self.fault(&error))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    fn fault(&mut self, error: &postgres::Error) -> Fault {
        let detail = error
            .as_db_error()
            .map_or_else(|| error.to_string(), ToString::to_string);
        let Some(state) = error.code() else {
            return if error.is_closed() || self.client.is_closed() {
                self.lost = true;
                Fault::Unavailable { detail }
            } else {
                Fault::Broken { detail }
            };
        };
        if [
            SqlState::T_R_SERIALIZATION_FAILURE,
            SqlState::T_R_DEADLOCK_DETECTED,
        ]
        .contains(state)
        {
            self.clashed = true;
            Fault::Conflict { what: "record" }
        } else if *state == SqlState::UNIQUE_VIOLATION {
            Fault::Conflict { what: "row" }
        } else if ["53", "57", "58", "08"]
            .iter()
            .any(|class| state.code().starts_with(class))
        {
            self.lost |= ["57P", "08"]
                .iter()
                .any(|class| state.code().starts_with(class));
            Fault::Unavailable { detail }
        } else {
            Fault::Broken { detail }
        }
    }
}

#[derive(Debug)]
struct Bound<'v>(&'v Value<'v>);

impl ToSql for Bound<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(number) if *kind == Type::INT4 => i32::try_from(*number)?.to_sql(kind, out),
            Value::Int(number) => number.to_sql(kind, out),
            Value::Bool(truth) => truth.to_sql(kind, out),
            Value::Text(text) => text.as_ref().to_sql(kind, out),
            Value::Bytes(bytes) => bytes.as_ref().to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        let fits = match self.0 {
            Value::Null => true,
            Value::Int(_) => [Type::INT8, Type::INT4].contains(kind),
            Value::Bool(_) => *kind == Type::BOOL,
            Value::Text(_) => [Type::TEXT, Type::VARCHAR].contains(kind),
            Value::Bytes(_) => *kind == Type::BYTEA,
        };
        if fits {
            self.to_sql(kind, out)
        } else {
            Err(format!(
                "a value of kind {} is bound where {kind} is due",
                self.0.kind()
            )
            .into())
        }
    }
}
