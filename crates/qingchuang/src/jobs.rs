//! What the clock does, and how often: seals lines, fires timers, sends messages, sweeps.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use db::timer::{self, Timer};
use db::{Db, Tx};
use kernel::{Actor, Fault};

/// How long the jobs rest when there is nothing to do.
const REST: Duration = Duration::from_millis(250);
/// How many timers are fetched at once.
const TIMERS_MAX: u32 = 200;
/// How many letters a channel takes up at once.
const SENT_MAX: u32 = 20;
/// How often the sweeping jobs run, in rests.
const SWEEP_EVERY: u32 = 240;

/// The threads of the jobs; dropping it stops them.
pub struct Jobs {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Jobs {
    /// Starts the jobs over a store.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn start(db: &Db) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut threads = Vec::new();
        for (name, job) in [
            ("jobs-ledger", seal_all as Job),
            ("jobs-clock", tick as Job),
        ] {
            let (db, stop) = (db.clone(), Arc::clone(&stop));
            let thread = std::thread::Builder::new()
                .name(name.to_owned())
                .spawn(move || repeat(&db, &stop, job))?;
            threads.push(thread);
        }
        let (of_messages, of_stop) = (db.clone(), Arc::clone(&stop));
        threads.push(
            std::thread::Builder::new()
                .name("jobs-messages".to_owned())
                .spawn(move || repeat(&of_messages, &of_stop, tell))?,
        );
        let (db, of_letters) = (db.clone(), Arc::clone(&stop));
        threads.push(
            std::thread::Builder::new()
                .name("jobs-letters".to_owned())
                .spawn(move || repeat(&db, &of_letters, render))?,
        );
        Ok(Self { stop, threads })
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _a_panic_was_logged = thread.join();
        }
    }
}

/// A job: does what is to be done at the n-th round.
type Job = fn(&Db, u32) -> Result<(), Fault>;

fn repeat(db: &Db, stop: &AtomicBool, job: Job) {
    let mut round: u32 = 0;
    while !stop.load(Ordering::Relaxed) {
        if let Err(fault) = job(db, round) {
            tracing::error!(%fault, "a job failed and will be tried again");
        }
        round = round.wrapping_add(1);
        std::thread::sleep(REST);
    }
}

/// Seals all committed lines.
///
/// # Errors
/// As [`ledger::sealer::seal_lines`].
pub fn seal_all(db: &Db, _round: u32) -> Result<(), Fault> {
    while let Some(sealing) = db.read(ledger::sealer::prepare)? {
        let cause = db.cause(Actor::system());
        let sealed = db.write(cause, move |tx| sealing.put_down(tx))?;
        if sealed < ledger::sealer::BATCH_MAX {
            break;
        }
    }
    Ok(())
}

fn tick(db: &Db, round: u32) -> Result<(), Fault> {
    crate::days::refresh(db)?;
    fire_due(db)?;
    if round.is_multiple_of(SWEEP_EVERY) {
        catalogue::reindex(db)?;
        let cause = db.cause(Actor::system());
        db.write(cause, |tx| {
            web::session::sweep(tx)?;
            identity::login::sweep(tx)?;
            intake::sweep(tx)?;
            project::sweep(tx)?;
            renewal::catch_up(tx)?;
            leniency::catch_up(tx)?;
            db::once::forget_old(tx).map(|_| ())
        })?;
    }
    Ok(())
}

/// Fires every timer that is due: each in a transaction of its own, exactly once in effect.
/// A timer whose command fails is logged and set again, an hour later.
///
/// # Errors
/// [`Fault::Unavailable`] when the store cannot answer.
pub fn fire_due(db: &Db) -> Result<(), Fault> {
    loop {
        let due = db.read(|tx| timer::due(tx, TIMERS_MAX))?;
        if due.is_empty() {
            return Ok(());
        }
        for timer in due {
            let firing = timer.clone();
            let fired = db.write(db.cause(Actor::system()), move |tx| {
                if timer::take(tx, &firing)? {
                    fire(tx, &firing)
                } else {
                    Ok(())
                }
            });
            match fired {
                Ok(()) => {}
                Err(fault @ Fault::Unavailable { .. }) => return Err(fault),
                Err(fault) => postpone(db, timer, &fault)?,
            }
        }
    }
}

fn postpone(db: &Db, timer: Timer, fault: &Fault) -> Result<(), Fault> {
    tracing::error!(%fault, kind = timer.kind, record = %timer.record, "a timer failed");
    db.write(db.cause(Actor::system()), move |tx| {
        let later = tx.now() + jiff::SignedDuration::from_hours(1);
        timer::set(tx, &timer.kind, timer.record, later)
    })
}

fn fire(tx: &mut Tx<'_>, timer: &Timer) -> Result<(), Fault> {
    let fired = crate::days::fire(tx, timer)?
        || intake::fire(tx, timer)?
        || pledge::fire(tx, timer)?
        || case::fire(tx, timer)?
        || exit::fire(tx, timer)?
        || hearing::fire(tx, timer)?
        || renewal::fire(tx, timer)?
        || leniency::fire(tx, timer)?
        || certificate::fire(tx, timer)?
        || evaluation::fire(tx, timer)?
        || offer::fire(tx, timer)?
        || project::fire(tx, timer)?;
    if fired {
        Ok(())
    } else {
        Err(Fault::broken(format!("no room knows {}", timer.kind)))
    }
}

/// Writes letters and sends what goes out of the house: a thread of its own, because a gateway
/// may take its time.
fn tell(db: &Db, _round: u32) -> Result<(), Fault> {
    crate::letters::follow(db)?;
    crate::letters::remind(db)?;
    crate::letters::remind_of_pledges(db)?;
    inbox::send_pending(db, SENT_MAX).map(|_| ())
}

fn render(db: &Db, round: u32) -> Result<(), Fault> {
    crate::erasure::remove_contents(db)?;
    // A folder a minute: four hours for the whole store, however large.
    if round.is_multiple_of(SWEEP_EVERY) {
        let folder = round / SWEEP_EVERY % ledger::files::FOLDERS;
        crate::erasure::remove_orphans(db, u8::try_from(folder).unwrap_or(0))?;
    }
    certificate::render_pending(db, 20).map(|_| ())
}
