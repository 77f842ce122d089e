//! Silent renewal 无感延续: what the item publishes of it, and what the hall's own data say of one
//! licence.

use catalogue::ItemId;
use catalogue::model::Mode;
use catalogue::model::kind::ModeKind;
use certificate::Certificate;
use db::Tx;
use jiff::ToSpan;
use jiff::civil::Date;
use kernel::{Fault, TypedId};

use crate::decide::{Refusal, Silence};
use crate::model::RenewalCheck;

/// Working days to say no where the list names none; the catalogue lets none be missing.
const OBJECTION_DAYS: u32 = 10;
/// Working days to check where the list names none.
const CHECK_DAYS: u32 = 20;

/// Until when a licence would run on: as long again as the item's result is valid.
pub(crate) fn until(tx: &mut Tx<'_>, of: &Certificate, last: Date) -> Result<Date, Fault> {
    let version = catalogue::version(tx, ItemId::from_uuid(of.item), of.item_version)?;
    let outcome = version.content.outcome.as_ref();
    let months = outcome.and_then(|outcome| outcome.validity_months);
    let longer = match months {
        Some(months) => last.checked_add(i64::from(months).months()),
        // A licence with an end of its own runs on for as long as it ran.
        None => last.checked_add(of.valid_from.duration_until(last)),
    };
    longer.map_err(Fault::broken)
}

/// What is known of silent renewal for a certificate today; days and checks only where they are
/// asked for.
pub(crate) fn known(tx: &mut Tx<'_>, of: &Certificate, asked: bool) -> Result<Silence, Fault> {
    let today = tx.today();
    // What does not look at the list must not need its days.
    let days = |tx: &Tx<'_>, days: u32| {
        if asked {
            later(tx, today, days)
        } else {
            Ok(today)
        }
    };
    let version = catalogue::published(tx, ItemId::from_uuid(of.item), today)?;
    let content = version.as_ref().map(|version| &version.content);
    let listed = content.and_then(|content| {
        let mut modes = content.modes.iter();
        modes.find(|mode| mode.kind == ModeKind::SilentRenewal)
    });
    let objection = listed.and_then(|mode: &Mode| mode.objection_workdays);
    let check = listed.and_then(|mode: &Mode| mode.check_workdays);
    let check_days = check.unwrap_or(CHECK_DAYS);
    Ok(Silence {
        listed: listed.is_some(),
        safety: content.is_none_or(|content| content.safety_item),
        fails: match listed {
            Some(_) if asked => fails(tx, of)?,
            _ => None,
        },
        say_no_by: days(tx, objection.unwrap_or(OBJECTION_DAYS))?,
        check_days,
        check_due: days(tx, check_days)?,
    })
}

/// The first check that speaks against it.
fn fails(tx: &mut Tx<'_>, of: &Certificate) -> Result<Option<RenewalCheck>, Fault> {
    let today = tx.today();
    if of.state_on(today) != certificate::CertificateState::Valid {
        return Ok(Some(RenewalCheck::Standing));
    }
    let lines = ledger::lines_of(tx, of.id)?;
    if lines.iter().any(|line| line.kind == "suspended") {
        return Ok(Some(RenewalCheck::NeverSuspended));
    }
    let text = certificate::text_of(tx, of)?;
    let name = identity::person(tx, of.holder)?.name;
    if text.is_none_or(|text| text.holder_name != name) {
        return Ok(Some(RenewalCheck::NameUnchanged));
    }
    if pledge::has_broken(tx, of.holder)? {
        return Ok(Some(RenewalCheck::PromisesKept));
    }
    if exit::running(tx, of.id)?.is_some() {
        return Ok(Some(RenewalCheck::NoExit));
    }
    Ok(None)
}

pub(crate) fn later(tx: &Tx<'_>, from: Date, days: u32) -> Result<Date, Fault> {
    let calendar = tx.thing::<calendar::WorkingDays>()?;
    let due = calendar.after(from, days);
    Ok(due.map_err(|_| Refusal::CalendarEnds)?.date)
}
