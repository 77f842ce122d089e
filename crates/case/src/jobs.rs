//! What the clock triggers: lights that turn, timers of the process, a new calendar.

use calendar::Light;
use db::Tx;
use db::timer::Timer;
use kernel::{Fault, TypedId};
use ledger::load;

use crate::decide::Command;
use crate::follow::{CLOCK_TIMER, NODE_TIMER, News, set_clock_after};
use crate::model::{Asker, Case, CaseId};
use crate::store;

/// Fires a timer of ours; false when it is another room's.
///
/// # Errors
/// As [`Tx::execute`].
pub fn fire(tx: &mut Tx<'_>, timer: &Timer) -> Result<bool, Fault> {
    let id = CaseId::from_uuid(timer.record);
    if timer.kind == CLOCK_TIMER {
        limit_passed(tx, id)?;
        return Ok(true);
    }
    let Some(node) = timer.kind.strip_prefix(NODE_TIMER) else {
        return Ok(false);
    };
    let node: u16 = node.parse().map_err(Fault::broken)?;
    // A case that moved on meanwhile does not wait there any more: nothing to do.
    match crate::perform(tx, id, Command::Fire(node), Asker::System) {
        Ok(_) | Err(Fault::Refused(_) | Fault::NotFound { .. }) => Ok(true),
        Err(fault) => Err(fault),
    }
}

/// Light events need no state: the dates say it. The roof hears of it once.
fn limit_passed(tx: &mut Tx<'_>, id: CaseId) -> Result<(), Fault> {
    let Some(found) = load::<Case>(tx, id)? else {
        return Ok(());
    };
    let (case, today) = (found.record, tx.today());
    if case.status.is_over() {
        return Ok(());
    }
    let over = |due: Option<jiff::civil::Date>| due.is_some_and(|due| due < today);
    let light = if !case.status.is_open() || over(case.dues.statutory) {
        Light::Black
    } else {
        Light::Red
    };
    if light == Light::Red
        && let Some(statutory) = case.dues.statutory
    {
        set_clock_after(tx, id, statutory)?;
    }
    tx.announce(News::LimitPassed { case: id, light });
    Ok(())
}

/// Dates open cases again by the calendar now lent, a batch at a time; answers where to go on,
/// and how many changed.
///
/// # Errors
/// As [`Tx::execute`].
pub fn redate_all(
    tx: &mut Tx<'_>,
    after: Option<CaseId>,
    batch: usize,
) -> Result<(Option<CaseId>, usize), Fault> {
    let ids = store::open_case_ids(tx, after, batch)?;
    let mut changed = 0;
    for id in &ids {
        let before = crate::case(tx, *id)?.dues;
        let now = crate::perform(tx, *id, Command::Redate, Asker::System)?.dues;
        changed += usize::from(before != now);
    }
    let next = ids.last().copied().filter(|_| ids.len() == batch);
    Ok((next, changed))
}
