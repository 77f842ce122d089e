//! Notices of days off 放假安排, and the calendar that follows from them.

use calendar::{Notice, WorkingDays};
use db::{Tx, params};
use kernel::{Fault, ToValue};

use crate::store::{self, NOTICES};
use crate::{Refusal, Taken};

kernel::id!(
    /// A notice of days off 放假安排.
    NoticeId,
    "notice_of_days"
);

/// The calendar has a new version: running cases are to be dated again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarChanged {
    /// The version.
    pub version: String,
}

/// The calendar: the embedded one with every notice taken in, in their order.
///
/// # Errors
/// [`Fault::Broken`] when a kept notice was changed; as [`Tx::query`].
pub fn calendar(tx: &mut Tx<'_>) -> Result<WorkingDays, Fault> {
    let bodies = store::all::<NoticeId, String>(tx, &NOTICES, "number", |row| row.get(3))?;
    let mut calendar = WorkingDays::built_in().clone();
    for body in bodies {
        let notice: Notice = serde_json::from_str(&body).map_err(Fault::broken)?;
        calendar = calendar.extended(&notice).map_err(Fault::broken)?;
    }
    Ok(calendar)
}

/// The version of [`calendar()`], without making it.
///
/// # Errors
/// As [`Tx::query`].
pub fn calendar_version(tx: &mut Tx<'_>) -> Result<String, Fault> {
    let newest = store::newest(tx, &NOTICES)?;
    Ok(newest.map_or_else(
        || WorkingDays::built_in().version().to_owned(),
        |(_, version)| version,
    ))
}

/// Takes a notice in. The same notice twice has no second effect.
///
/// # Errors
/// [`Refusal::VersionTaken`], [`Refusal::NoticeWrong`].
pub fn take_notice(tx: &mut Tx<'_>, notice: &Notice) -> Result<Taken, Fault> {
    let body = serde_json::to_string(notice).map_err(Fault::broken)?;
    let taken = Refusal::VersionTaken {
        version: notice.version.clone(),
    };
    if let Some(id) = store::by_version::<NoticeId>(tx, &NOTICES, &notice.version)? {
        let kept: Option<String> = NOTICES.get(tx, &[id.to_value()], |row| row.get(3))?;
        return match kept {
            Some(kept) if kept == body => Ok(Taken::Known),
            _ => Err(taken.into()),
        };
    }
    if notice.version == WorkingDays::built_in().version() {
        return Err(taken.into());
    }
    let now = calendar(tx)?;
    now.extended(notice).map_err(Refusal::NoticeWrong)?;
    let number = store::newest(tx, &NOTICES)?.map_or(1, |(number, _)| number + 1);
    let id: NoticeId = tx.new_id();
    let values = params![id, number, notice.version, body];
    ledger::edited(tx, &NOTICES, id, values, &["number", "version", "body"])?;
    tx.announce(CalendarChanged {
        version: notice.version.clone(),
    });
    Ok(Taken::New)
}
