//! How a hearing begins: the right is told, the organ orders one, or it was asked for already.
//!
//! Deliberately absent: the rules, which are those of `decide`.

use db::Tx;
use jiff::civil::Date;
use kernel::Fault;
use web::Officer;

use crate::decide::{self, ASK_DAYS, Begun, HOLD_DAYS, Known};
use crate::matter::{Matter, matter};
use crate::model::{Hearing, HearingId, Subject};
use crate::papers;
use crate::store;
use crate::use_cases::{WORDS_CHARS_MAX, arranges, bounded, days_later, watch};

/// Tells the party of a case that they may ask for a hearing 告知听证权利 (行政许可法 47).
///
/// # Errors
/// The rule that says no; [`Fault::NotFound`] for another organ's matter.
pub fn offer(
    tx: &mut Tx<'_>,
    by: &Officer,
    subject: Subject,
    reason: &str,
) -> Result<HearingId, Fault> {
    let found = matter(tx, subject)?;
    if by.organ() != Some(found.organ) {
        return Err(Fault::NotFound { what: "hearing" });
    }
    let reason = bounded("reason", reason, WORDS_CHARS_MAX)?;
    let today = tx.today();
    let ask_by = days_later(tx, today, ASK_DAYS)?;
    let arranges = arranges(by);
    let hearing = begin(tx, subject, &found, Some(ask_by), arranges)?;
    papers::offered(tx, &hearing, &found, &reason)?;
    Ok(hearing.id)
}

/// Orders a hearing on a case without waiting to be asked 依职权听证 (行政许可法 46).
///
/// # Errors
/// As [`offer`].
pub fn order(tx: &mut Tx<'_>, by: &Officer, subject: Subject) -> Result<HearingId, Fault> {
    let found = matter(tx, subject)?;
    if by.organ() != Some(found.organ) {
        return Err(Fault::NotFound { what: "hearing" });
    }
    let arranges = arranges(by);
    Ok(begin(tx, subject, &found, None, arranges)?.id)
}

/// A hearing was asked for where the right had been told already: its record begins.
///
/// # Errors
/// The rule that says no.
pub fn asked_for(tx: &mut Tx<'_>, subject: Subject) -> Result<HearingId, Fault> {
    let found = matter(tx, subject)?;
    Ok(begin(tx, subject, &found, None, true)?.id)
}

fn begin(
    tx: &mut Tx<'_>,
    subject: Subject,
    found: &Matter,
    ask_by: Option<Date>,
    arranges: bool,
) -> Result<Hearing, Fault> {
    let today = tx.today();
    let hold_by = days_later(tx, today, HOLD_DAYS)?;
    let begun = Begun {
        subject,
        organ: found.organ,
        party: found.party,
        item: Some(found.item),
        on: today,
        ask_by,
        hold_by: ask_by.is_none().then_some(hold_by),
    };
    let known = Known {
        undecided: found.undecided,
        last: store::last_of(tx, subject.id)?.map(|last| last.status),
        arranges,
    };
    let event = decide::begin(begun, known)?;
    let id: HearingId = tx.new_id();
    let opened = ledger::open::<Hearing>(tx, id, vec![event])?;
    watch(tx, &opened.record)?;
    Ok(opened.record)
}
