//! The writer of the embedded store: it takes what waits, runs it, commits once, and has the group
//! flushed and answered.
//!
//! Writes run bare as long as each ends well or ends before its first statement that writes, as
//! refusals do. The first one that must be undone sends the whole group back to be run again, each
//! in its savepoint then: savepoints copy every page they touch, and are hardly ever needed.

use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;

use kernel::Fault;

use crate::Shared;
use crate::flush::{Flusher, Progress, not_flushed};
use crate::sqlite_store::SqliteConnection;
use crate::tx::{Connection, Tx};
use crate::writer::{GROUP_MAX, Job};

/// What the writer is told.
pub(crate) enum Order {
    /// Run this.
    Write(Box<dyn Job>),
    /// A flush has ended: whoever waits for it to commit may go on.
    Flushed,
    /// The store is closed; everything before this is still done.
    Stop,
}

/// The one writer and what it works with.
pub(crate) struct Writer<'w> {
    pub(crate) connection: &'w SqliteConnection,
    pub(crate) shared: &'w Shared,
    pub(crate) flusher: &'w Flusher,
    pub(crate) progress: &'w Progress,
}

/// Writes that share one commit.
#[derive(Default)]
struct Group {
    jobs: Vec<Box<dyn Job>>,
    /// Why none of them can be committed.
    failure: Option<Fault>,
    /// Each runs in its savepoint.
    is_careful: bool,
}

/// How a write without a savepoint ended.
enum Ran {
    /// It may be committed, or it changed nothing.
    Well,
    /// It failed after it had written.
    ToBeUndone,
}

impl Writer<'_> {
    /// Works until the store is closed.
    pub(crate) fn live(&self, orders: &Receiver<Order>) {
        while let Ok(order) = orders.recv() {
            let is_last = match order {
                Order::Write(first) => self.write_together(first, orders),
                Order::Flushed => false,
                Order::Stop => true,
            };
            if is_last || self.progress.is_stopped() {
                return;
            }
        }
    }

    /// One commit for this write and those that come meanwhile. While an earlier group is on its
    /// way to the disk a commit would only wait there, so that long more writes may join. Answers
    /// whether the store was closed meanwhile.
    fn write_together(&self, first: Box<dyn Job>, orders: &Receiver<Order>) -> bool {
        let mut group = Group {
            failure: self.begin().err(),
            ..Group::default()
        };
        self.run(&mut group, first);
        let mut is_last = false;
        while group.jobs.len() < GROUP_MAX && !is_last {
            let next = match self.flusher.is_busy() {
                true => orders.recv().ok(),
                false => orders.try_recv().ok(),
            };
            match next {
                Some(Order::Write(job)) => self.run(&mut group, job),
                Some(Order::Flushed) => {}
                Some(Order::Stop) => is_last = true,
                None => break,
            }
        }
        self.commit(group);
        is_last
    }

    /// Begins a group, unless an earlier one was not flushed: what lies in memory is then no
    /// longer what lies on the disk, and only a new start tells which.
    fn begin(&self) -> Result<(), Fault> {
        if self.progress.is_broken() {
            return Err(not_flushed("an earlier flush failed"));
        }
        self.connection.execute("BEGIN IMMEDIATE", &[]).map(|_| ())
    }

    fn run(&self, group: &mut Group, mut job: Box<dyn Job>) {
        if let Some(fault) = &group.failure {
            job.fail(fault.clone());
            group.jobs.push(job);
        } else if group.is_careful {
            group.failure = self.run_in_savepoint(job.as_mut()).err();
            group.jobs.push(job);
        } else {
            let ran = self.run_bare(job.as_mut());
            group.jobs.push(job);
            group.failure = match ran {
                Ok(Ran::Well) => None,
                Ok(Ran::ToBeUndone) => {
                    group.is_careful = true;
                    self.run_again(&mut group.jobs).err()
                }
                Err(fault) => Some(fault),
            };
        }
    }

    fn commit(&self, group: Group) {
        let Group {
            mut jobs, failure, ..
        } = group;
        let number = self.progress.begin();
        let failure = match failure {
            None => self.connection.execute("COMMIT", &[]).err(),
            failed => failed,
        };
        if let Some(fault) = failure {
            tracing::error!(%fault, writes = jobs.len(), "a group of writes was not committed");
            if !self.connection.is_idle() {
                let _the_connection_reports_again = self.connection.execute("ROLLBACK", &[]);
            }
            for job in &mut jobs {
                job.fail(as_unavailable(&fault));
            }
        }
        self.shared.kept.settle(self.connection.touched());
        let count = jobs.len() as u64;
        self.shared.commits.fetch_add(count, Ordering::Relaxed);
        self.flusher.give(number, jobs);
    }

    /// Runs one job without a savepoint. An error here means that the whole group is lost.
    fn run_bare(&self, job: &mut dyn Job) -> Result<Ran, Fault> {
        let before = self.connection.writes();
        let good = self.run_job(job, true)?;
        if good || self.connection.writes() == before {
            Ok(Ran::Well)
        } else {
            Ok(Ran::ToBeUndone)
        }
    }

    /// Undoes the group so far and runs it again, each job in its savepoint.
    fn run_again(&self, jobs: &mut [Box<dyn Job>]) -> Result<(), Fault> {
        self.connection.execute("ROLLBACK", &[])?;
        self.connection.execute("BEGIN IMMEDIATE", &[])?;
        for job in jobs {
            self.run_in_savepoint(job.as_mut())?;
        }
        Ok(())
    }

    /// Runs one job so that its failure undoes only itself. An error here means that the whole
    /// group is lost (disk full, damaged file).
    fn run_in_savepoint(&self, job: &mut dyn Job) -> Result<(), Fault> {
        self.connection.execute("SAVEPOINT job", &[])?;
        if !self.run_job(job, false)? {
            self.connection.execute("ROLLBACK TO job", &[])?;
        }
        self.connection.execute("RELEASE job", &[])?;
        Ok(())
    }

    /// Runs one job; true when it may be committed.
    fn run_job(&self, job: &mut dyn Job, is_bare: bool) -> Result<bool, Fault> {
        let cause = job.cause().clone();
        let good = {
            let tx = Tx::new(Connection::Sqlite(self.connection), self.shared, &cause);
            let mut tx = if is_bare { tx.bare() } else { tx };
            job.run(&mut tx)
        };
        if self.connection.is_idle() {
            // SQLite rolled the whole transaction back by itself: full disk or I/O error.
            return Err(Fault::Unavailable {
                detail: "the store rolled back".to_owned(),
            });
        }
        Ok(good)
    }
}

fn as_unavailable(fault: &Fault) -> Fault {
    Fault::Unavailable {
        detail: format!("not committed: {fault}"),
    }
}
