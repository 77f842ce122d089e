//! The calendar that the house lends, and what a new notice of days off does: every open case is
//! dated again, batch by batch, by timers, so that a hall that stops half-way goes on at its
//! next start.
//!
//! A node that has not seen the notice yet may open a case by the old calendar while the first
//! walk runs; a second walk, a minute later, dates those.

use std::sync::Arc;

use calendar::WorkingDays;
use case::{CaseId, Moved};
use db::timer::{self, Timer};
use db::{Db, Tx};
use jiff::SignedDuration;
use kernel::uuid::Uuid;
use kernel::{Actor, Fault, TypedId};

use crate::house::Mode;

/// A walk over the open cases; the timer's record is the case behind which it goes on.
const WALKS: [&str; 2] = ["calendar.redate", "calendar.redate_again"];
/// How long after the notice the second walk begins.
const SECOND_WALK: SignedDuration = SignedDuration::from_mins(1);
/// How many cases are dated again in one transaction.
const BATCH: usize = 200;

/// Lends the calendar of the store. A hall that is only looked at and whose notices were changed
/// lends none: no date is told by a calendar that is not the hall's.
///
/// # Errors
/// As [`operations::calendar`].
pub fn lend(db: &Db, mode: Mode) -> Result<(), Fault> {
    let read = db.read(|tx| {
        // A store that an older program wrote and nobody has opened for writing since.
        let known = tx.table_names()?;
        if mode == Mode::Read && !known.iter().any(|table| table == "operations_notice") {
            return Ok(WorkingDays::built_in().clone());
        }
        operations::calendar(tx)
    });
    match read {
        Ok(calendar) => {
            db.lend(Arc::new(calendar));
            Ok(())
        }
        Err(Fault::Broken { detail }) if mode == Mode::Read => {
            tracing::warn!(detail, "the kept notices of days off are damaged");
            Ok(())
        }
        Err(fault) => Err(fault),
    }
}

/// Lends a newer calendar when another node, or the command line, has taken a notice in.
///
/// # Errors
/// As [`operations::calendar`].
pub fn refresh(db: &Db) -> Result<(), Fault> {
    let lent = db.thing::<WorkingDays>()?;
    let version = db.read(operations::calendar_version)?;
    if version == lent.version() {
        return Ok(());
    }
    let calendar = db.read(operations::calendar)?;
    db.lend(Arc::new(calendar));
    Ok(())
}

/// A new calendar holds: sets the timers of both walks.
///
/// # Errors
/// As [`Tx::execute`].
pub fn begin_redating(tx: &mut Tx<'_>) -> Result<(), Fault> {
    let now = tx.now();
    timer::set(tx, WALKS[0], Uuid::nil(), now)?;
    timer::set(tx, WALKS[1], Uuid::nil(), now + SECOND_WALK)
}

/// Fires a timer of a walk; false when it is another's.
///
/// # Errors
/// As [`case::redate_all`].
pub fn fire(tx: &mut Tx<'_>, timer: &Timer) -> Result<bool, Fault> {
    if !WALKS.contains(&timer.kind.as_str()) {
        return Ok(false);
    }
    walk(tx, timer).map(|_| true)
}

/// One batch of a walk, by the calendar of the store: a node that lends an older one waits until
/// it lends the newest.
fn walk(tx: &mut Tx<'_>, timer: &Timer) -> Result<Vec<Moved>, Fault> {
    let version = operations::calendar_version(tx)?;
    if tx.thing::<WorkingDays>()?.version() != version {
        timer::set(
            tx,
            &timer.kind,
            timer.record,
            tx.now() + SignedDuration::from_secs(1),
        )?;
        return Ok(Vec::new());
    }
    let after = (!timer.record.is_nil()).then(|| CaseId::from_uuid(timer.record));
    let (next, moved) = case::redate_all(tx, after, BATCH)?;
    for one in moved.iter().filter(|one| one.refused.is_some()) {
        tracing::warn!(number = %one.number, code = one.refused, "a case was not dated again");
    }
    if let Some(next) = next {
        timer::set(tx, &timer.kind, next.uuid(), tx.now())?;
    }
    Ok(moved)
}

/// Walks over all open cases now, for whoever waits for the answer; answers what moved.
///
/// # Errors
/// As [`case::redate_all`].
pub fn redate_now(db: &Db) -> Result<Vec<Moved>, Fault> {
    refresh(db)?;
    let mut moved = Vec::new();
    loop {
        let due = db.read(|tx| timer::due(tx, u32::MAX))?;
        let Some(timer) = due.into_iter().find(|timer| timer.kind == WALKS[0]) else {
            return Ok(moved);
        };
        let batch = db.write(db.cause(Actor::system()), move |tx| {
            if timer::take(tx, &timer)? {
                walk(tx, &timer)
            } else {
                Ok(Vec::new())
            }
        })?;
        moved.extend(batch);
    }
}
