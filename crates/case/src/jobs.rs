//! What the clock triggers: lights that turn, timers of the process, a new calendar.

use calendar::Light;
use db::Tx;
use db::timer::Timer;
use kernel::{Fault, TypedId};
use ledger::load;

use crate::decide::Command;
use crate::follow::{CLOCK_TIMER, NODE_TIMER, News, set_clock_after};
use crate::model::{Asker, Case, CaseId, Code, Dues, Status};
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
    if case.status == Status::Handling && crate::approve_tacitly(tx, id)? {
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

/// What a new calendar did to one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// 办件编号.
    pub number: Code,
    /// The dates before; after the decision, the last day to hand out is in both.
    pub before: Dues,
    /// The dates now.
    pub now: Dues,
    /// The code of the rule that kept it from being dated; then it stays as it was.
    pub refused: Option<&'static str>,
}

/// Dates open cases again by the calendar now lent, a batch at a time; answers where to go on,
/// and which cases changed or could not be dated.
///
/// # Errors
/// As [`Tx::execute`].
pub fn redate_all(
    tx: &mut Tx<'_>,
    after: Option<CaseId>,
    batch: usize,
) -> Result<(Option<CaseId>, Vec<Moved>), Fault> {
    let ids = store::open_case_ids(tx, after, batch)?;
    let mut changed = Vec::new();
    for id in &ids {
        let old = crate::case(tx, *id)?;
        let before = dates(&old);
        let number = old.number;
        let (now, refused) = match crate::perform(tx, *id, Command::Redate, Asker::System) {
            Ok(case) => (dates(&case), None),
            // `decide` refused, so nothing was written: one case does not stop the others.
            Err(Fault::Refused(refused)) => (before, Some(refused.code)),
            Err(fault) => return Err(fault),
        };
        if before != now || refused.is_some() {
            changed.push(Moved {
                number,
                before,
                now,
                refused,
            });
        }
    }
    let next = ids.last().copied().filter(|_| ids.len() == batch);
    Ok((next, changed))
}

/// The dates that a case is held to as it stands.
fn dates(case: &Case) -> Dues {
    match case.delivery_due {
        Some(_) => Dues {
            promised: case.delivery_due,
            statutory: case.delivery_due,
        },
        None => case.dues,
    }
}
