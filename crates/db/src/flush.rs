//! Flushing beside the writer: while one group of writes is on its way to the disk, the writer
//! runs the next. Nobody is answered, and nobody is shown a row, before it is on the disk.
//!
//! SQLite writes a commit into its log and leaves the flush to us (`synchronous = NORMAL`); one
//! flush of the log covers every group that was committed before it began.
//!
//! Deliberately absent: what a commit is (`sqlite_store`), and PostgreSQL, which does all this.

use std::fs::File;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SendError, Sender, SyncSender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use kernel::Fault;
use tokio::sync::Notify;

use crate::group::Order;
use crate::writer::Job;

/// Groups up to this size that nobody waits behind are flushed by the writer itself: a hop to
/// another thread costs a lone visitor more than it saves.
const ALONE_MAX: usize = 2;

/// How far the groups of writes are, by their numbers 1, 2, 3 …
#[derive(Default)]
pub(crate) struct Progress {
    now: Mutex<Now>,
    changed: Condvar,
    notice: Notify,
}

#[derive(Debug, Default, Clone, Copy)]
struct Now {
    /// The last group whose commit was begun: what a reader may have seen.
    begun: u64,
    /// The last group that is on the disk, as all before it are.
    flushed: u64,
    /// The disk did not take a flush; what was committed since may be lost.
    is_broken: bool,
    /// The store is being closed.
    is_stopped: bool,
}

impl Progress {
    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of the group whose commit begins.
    pub(crate) fn begin(&self) -> u64 {
        let mut now = self.now();
        now.begun += 1;
        now.begun
    }

    /// Whether the disk did not take a flush.
    pub(crate) fn is_broken(&self) -> bool {
        self.now().is_broken
    }

    /// Whether the store is being closed.
    pub(crate) fn is_stopped(&self) -> bool {
        self.now().is_stopped
    }

    /// The store is being closed.
    pub(crate) fn stop(&self) {
        self.now().is_stopped = true;
    }

    fn flushed(&self, group: u64) {
        let mut now = self.now();
        now.flushed = now.flushed.max(group);
        self.tell(now);
    }

    fn broken(&self) {
        let mut now = self.now();
        now.is_broken = true;
        self.tell(now);
    }

    fn tell(&self, now: MutexGuard<'_, Now>) {
        drop(now);
        self.changed.notify_all();
        self.notice.notify_waiters();
    }

    /// Waits until everything that a reader may have seen by now is on the disk.
    pub(crate) fn wait(&self) -> Result<(), Fault> {
        let mut now = self.now();
        let seen = now.begun;
        loop {
            match settled(*now, seen) {
                Some(answer) => return answer,
                None => {
                    now = self
                        .changed
                        .wait(now)
                        .unwrap_or_else(PoisonError::into_inner)
                }
            }
        }
    }

    /// The same from asynchronous code.
    pub(crate) async fn wait_async(&self) -> Result<(), Fault> {
        let seen = self.now().begun;
        loop {
            let changed = self.notice.notified();
            let now = *self.now();
            match settled(now, seen) {
                Some(answer) => return answer,
                None => changed.await,
            }
        }
    }
}

fn settled(now: Now, seen: u64) -> Option<Result<(), Fault>> {
    if seen <= now.flushed {
        Some(Ok(()))
    } else if now.is_broken {
        Some(Err(not_flushed("an earlier flush failed")))
    } else {
        None
    }
}

pub(crate) fn not_flushed(why: impl std::fmt::Display) -> Fault {
    Fault::Unavailable {
        detail: format!("the disk did not take what was written: {why}"),
    }
}

/// A group whose commit has ended, well or not.
struct Group {
    number: u64,
    jobs: Vec<Box<dyn Job>>,
}

/// The thread that flushes and answers.
///
/// It ends by itself when the writer is gone. Nobody waits for it: whoever waits for an answer
/// keeps the store open, and the last owner of the store may be a closure in its hands.
pub(crate) struct Flusher {
    queue: Sender<Group>,
    log: Arc<Log>,
    /// How many groups the thread has not flushed yet.
    waiting: Arc<AtomicUsize>,
}

/// The store's log, and how far it is.
struct Log {
    /// None where nothing is flushed, see [`crate::Durability::Nothing`].
    path: Option<PathBuf>,
    /// Opened at the first flush: the log is there once something was committed, and stays as
    /// long as the writer is connected.
    file: Mutex<Option<File>>,
    progress: Arc<Progress>,
}

impl Flusher {
    /// Starts the thread, which tells the writer when it has nothing left to flush.
    pub(crate) fn start(
        path: Option<PathBuf>,
        progress: Arc<Progress>,
        writer: SyncSender<Order>,
    ) -> std::io::Result<Self> {
        let log = Arc::new(Log {
            path,
            file: Mutex::new(None),
            progress,
        });
        let waiting = Arc::new(AtomicUsize::new(0));
        let (queue, groups) = channel();
        let thread = Thread {
            groups,
            log: Arc::clone(&log),
            waiting: Arc::clone(&waiting),
            writer,
        };
        std::thread::Builder::new()
            .name("store-flusher".to_owned())
            .spawn(move || thread.live())?;
        Ok(Self {
            queue,
            log,
            waiting,
        })
    }

    /// Whether an earlier group is still on its way to the disk.
    pub(crate) fn is_busy(&self) -> bool {
        0 < self.waiting.load(Ordering::Acquire)
    }

    /// Flushes and answers a group that is committed, or failed as a whole.
    pub(crate) fn give(&self, number: u64, jobs: Vec<Box<dyn Job>>) {
        let group = Group { number, jobs };
        if group.jobs.len() <= ALONE_MAX {
            self.log.settle(vec![group], || ());
            return;
        }
        self.waiting.fetch_add(1, Ordering::AcqRel);
        if let Err(SendError(group)) = self.queue.send(group) {
            self.waiting.fetch_sub(1, Ordering::AcqRel);
            self.log.settle(vec![group], || ());
        }
    }
}

/// The other end.
struct Thread {
    groups: Receiver<Group>,
    log: Arc<Log>,
    waiting: Arc<AtomicUsize>,
    writer: SyncSender<Order>,
}

impl Thread {
    fn live(self) {
        while let Ok(first) = self.groups.recv() {
            let mut together = vec![first];
            together.extend(self.groups.try_iter());
            let count = together.len();
            self.log.settle(together, || {
                self.waiting.fetch_sub(count, Ordering::AcqRel);
                // A full queue means that the writer has work, and looks again by itself.
                let _has_work_or_is_gone = self.writer.try_send(Order::Flushed);
            });
        }
    }
}

impl Log {
    /// One flush for all of them, then `flushed`, and then their answers.
    fn settle(&self, groups: Vec<Group>, flushed: impl FnOnce()) {
        let last = groups.iter().map(|group| group.number).max();
        let done = self.flush();
        match &done {
            Ok(()) => self.progress.flushed(last.unwrap_or_default()),
            Err(fault) => {
                tracing::error!(%fault, "the store stops: its log was not flushed");
                self.progress.broken();
            }
        }
        flushed();
        for mut job in groups.into_iter().flat_map(|group| group.jobs) {
            if let Err(fault) = &done {
                job.fail(fault.clone());
            }
            job.answer();
        }
    }

    fn flush(&self) -> Result<(), Fault> {
        let Some(path) = &self.path else {
            return Ok(());
        };
        if self.progress.is_broken() {
            // After a failed flush the next one may succeed without the lost pages.
            return Err(not_flushed("an earlier flush failed"));
        }
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let log = match file.take() {
            Some(log) => log,
            None => File::open(path).map_err(not_flushed)?,
        };
        log.sync_data().map_err(not_flushed)?;
        *file = Some(log);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::{Actor, Clock, Fault};

    use super::{Flusher, Progress};
    use crate::writer::job;
    use crate::{Cause, Tx};

    fn committed() -> (
        Box<dyn crate::writer::Job>,
        impl Future<Output = Result<(), Fault>>,
    ) {
        let cause = Cause {
            actor: Actor::system(),
            command: Clock::real().new_id(),
        };
        let (mut job, answer) = job(cause, |_: &mut Tx<'_>| Ok(()));
        job.fail(Fault::NotFound { what: "as run" });
        (job, async move { answer.await.map_err(Fault::broken)? })
    }

    #[tokio::test]
    async fn a_reader_waits_for_the_group_it_may_have_seen_and_for_no_later_one() {
        let progress = Progress::default();
        progress.wait_async().await.unwrap();
        let first = progress.begin();
        let mut waiting = std::pin::pin!(progress.wait_async());
        tokio::select! {
            biased;
            _ = &mut waiting => panic!("a reader went ahead of the disk"),
            () = std::future::ready(()) => {}
        }
        let second = progress.begin();
        progress.flushed(first);
        waiting.await.unwrap();
        progress.flushed(second);
        progress.wait().unwrap();
    }

    #[tokio::test]
    async fn after_a_flush_that_failed_nothing_is_acknowledged_any_more() {
        let nowhere = std::path::PathBuf::from("/nonexistent/hall.db-wal");
        let progress = Arc::new(Progress::default());
        let (writer, _orders) = std::sync::mpsc::sync_channel(8);
        let flusher = Flusher::start(Some(nowhere), Arc::clone(&progress), writer).unwrap();
        let (jobs, answers): (Vec<_>, Vec<_>) = (0..5).map(|_| committed()).unzip();
        flusher.give(progress.begin(), jobs);
        for answer in answers {
            let answer = answer.await;
            assert!(
                matches!(answer, Err(Fault::Unavailable { .. })),
                "{answer:?}"
            );
        }
        assert!(progress.is_broken());
        assert!(
            progress.wait().is_err(),
            "a reader was shown what may be lost"
        );
    }
}
