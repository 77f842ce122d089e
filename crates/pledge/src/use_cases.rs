//! The use cases: gather facts, perform, set the timer. Pages, intake and the roof call them.

use codes::CaseNumber;
use db::Tx;
use db::timer::{self, Timer};
use jiff::ToSpan;
use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{Fault, OfficerId, PersonId, Problem, TypedId};
use ledger::lifecycle::{Done, apply, load_versioned};
use ledger::{Commitment, keep_text, read_text};
use serde::{Deserialize, Serialize};
use web::{Officer, Role};

use crate::decide::{Command, Facts, Found, Refusal, Who};
use crate::model::{Pledge, PledgeId, PledgeKind};
use crate::sign::PledgeWords;
use crate::store::{self, Reach, Show};

/// The timer of whatever is owed or to be checked.
pub const DUE_TIMER: &str = "pledge.due";
/// The timer that reminds the signer of papers before their last day.
pub const REMIND_TIMER: &str = "pledge.remind";
/// The topic under which reminders are queued.
pub const REMINDER: &str = "pledge.reminder";
/// So many days before the last one the signer is reminded.
const REMIND_DAYS: i64 = 2;

/// A reminder as it is queued; ids only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminder {
    /// Of which pledge.
    pub pledge: PledgeId,
}

/// Longest finding or reason, in characters.
const WORDS_CHARS_MAX: usize = 2000;

/// What was told and promised; none once it was erased.
///
/// # Errors
/// [`Fault::Broken`] when the text was changed.
pub fn words_of(tx: &mut Tx<'_>, pledge: &Pledge) -> Result<Option<PledgeWords>, Fault> {
    let text = read_text(tx, &pledge.words)?;
    let read = text.map(|text| serde_json::from_str(&text).map_err(Fault::broken));
    read.transpose()
}

/// The pledges of an application or of a draft.
///
/// # Errors
/// As [`Tx::query`].
pub fn of_application(tx: &mut Tx<'_>, application: Uuid) -> Result<Vec<Pledge>, Fault> {
    store::of_application(tx, application)
}

/// Materials that a standing pledge covers, by position in the item version.
///
/// # Errors
/// As [`Tx::query`].
pub fn covered(tx: &mut Tx<'_>, application: Uuid) -> Result<Vec<u16>, Fault> {
    let all = store::of_application(tx, application)?;
    let standing = all.iter().filter(|one| one.covers());
    Ok(standing.flat_map(|one| one.materials.clone()).collect())
}

/// Materials that are owed after acceptance, by position in the item version.
///
/// # Errors
/// As [`Tx::query`].
pub fn owed(tx: &mut Tx<'_>, application: Uuid) -> Result<Vec<u16>, Fault> {
    let all = store::of_application(tx, application)?;
    let owing = all.iter().filter(|one| one.is_owing());
    Ok(owing.flat_map(|one| one.owed.clone()).collect())
}

/// Whether the matter goes the way of the promise 告知承诺: decided at once, checked later.
///
/// # Errors
/// As [`Tx::query`].
pub fn rests_on_promise(tx: &mut Tx<'_>, application: Uuid) -> Result<bool, Fault> {
    let all = store::of_application(tx, application)?;
    Ok(all
        .iter()
        .any(|one| one.kind == PledgeKind::Promise && one.covers()))
}

/// Whether a promise of this person was found false and not mended.
///
/// # Errors
/// As [`Tx::query`].
pub fn has_broken(tx: &mut Tx<'_>, person: PersonId) -> Result<bool, Fault> {
    store::has_broken(tx, person)
}

/// A pledge.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn pledge(tx: &mut Tx<'_>, id: PledgeId) -> Result<Pledge, Fault> {
    Ok(load_versioned::<Pledge>(tx, id)?.record)
}

/// The pledges of a person, the newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn of_person(
    tx: &mut Tx<'_>,
    person: PersonId,
    after: Option<PledgeId>,
    most: usize,
) -> Result<Vec<Pledge>, Fault> {
    store::of_person(tx, person, after, most)
}

/// The pledges within reach, the most urgent first.
///
/// # Errors
/// As [`Tx::query`].
pub fn list(
    tx: &mut Tx<'_>,
    reach: Reach,
    show: Show,
    after: Option<(String, PledgeId)>,
    most: usize,
) -> Result<Vec<Pledge>, Fault> {
    store::list(tx, reach, show, after, most)
}

/// The application was accepted: what was signed for it begins to run.
///
/// # Errors
/// As [`ledger::perform`].
pub fn accepted(tx: &mut Tx<'_>, application: Uuid, number: &CaseNumber) -> Result<(), Fault> {
    for one in store::of_application(tx, application)? {
        let number = number.clone();
        perform(tx, one.id, Command::Accept { number }, Who::House)?;
    }
    Ok(())
}

/// The matter was decided.
///
/// # Errors
/// As [`ledger::perform`].
pub fn decided(
    tx: &mut Tx<'_>,
    application: Uuid,
    granted: bool,
    by: Option<OfficerId>,
) -> Result<(), Fault> {
    for one in store::of_application(tx, application)? {
        perform(tx, one.id, Command::Decide { granted, by }, Who::House)?;
    }
    Ok(())
}

/// The application ended without a decision.
///
/// # Errors
/// As [`ledger::perform`].
pub fn void(tx: &mut Tx<'_>, application: Uuid) -> Result<(), Fault> {
    for one in store::of_application(tx, application)? {
        perform(tx, one.id, Command::Void, Who::House)?;
    }
    Ok(())
}

/// Papers that were owed have come; the caller has taken them in.
///
/// # Errors
/// The rule that says no: nothing owed, or not these.
pub fn hand_in(tx: &mut Tx<'_>, application: Uuid, materials: &[u16]) -> Result<(), Fault> {
    let all = store::of_application(tx, application)?;
    let owing: Vec<&Pledge> = all.iter().filter(|one| one.is_owing()).collect();
    let stranger = |at: &&u16| !owing.iter().any(|one| one.owed.contains(at));
    if let Some(material) = materials.iter().find(stranger) {
        return Err(Refusal::NotOwed {
            material: *material,
        }
        .into());
    }
    if owing.is_empty() {
        return Err(Refusal::NothingOwed.into());
    }
    for one in owing {
        let mine = materials.iter().filter(|at| one.owed.contains(at));
        let materials: Vec<u16> = mine.copied().collect();
        if !materials.is_empty() {
            perform(tx, one.id, Command::HandIn { materials }, Who::House)?;
        }
    }
    Ok(())
}

/// The applicant takes a promise back 撤回承诺.
///
/// # Errors
/// The rule that says no; [`Fault::NotFound`] for anybody else's.
pub fn retract(tx: &mut Tx<'_>, by: PersonId, id: PledgeId) -> Result<Pledge, Fault> {
    if !pledge(tx, id)?.binds(by) {
        return Err(Fault::NotFound { what: "pledge" });
    }
    Ok(perform(tx, id, Command::Retract, Who::Person(by))?.record)
}

/// How far an officer sees.
///
/// # Errors
/// [`Fault::Forbidden`] without a seat.
pub fn reach(by: &Officer) -> Result<Reach, Fault> {
    if by.has(Role::HallManager) || by.has(Role::Supervisor) {
        return Ok(Reach::Hall);
    }
    let nothing = Fault::Forbidden {
        code: "access.role_missing",
    };
    by.organ().map(Reach::Organ).ok_or(nothing)
}

/// A pledge that this officer may see.
///
/// # Errors
/// [`Fault::NotFound`], also for one that is not within reach.
pub fn visible(tx: &mut Tx<'_>, by: &Officer, id: PledgeId) -> Result<Pledge, Fault> {
    let found = store::within(tx, reach(by)?, id)?;
    found.ok_or(Fault::NotFound { what: "pledge" })
}

/// Says what the after-check found 事后核查.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] without words.
pub fn check(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: PledgeId,
    found: Found,
    finding: &str,
) -> Result<Pledge, Fault> {
    visible(tx, by, id)?;
    let finding = keep_words(tx, id, "finding", finding)?;
    let who = officer(by)?;
    Ok(perform(tx, id, Command::Check { found, finding }, who)?.record)
}

/// Opens the route again after a broken promise 信用修复.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] without words.
pub fn mend(tx: &mut Tx<'_>, by: &Officer, id: PledgeId, reason: &str) -> Result<Pledge, Fault> {
    visible(tx, by, id)?;
    let reason = keep_words(tx, id, "reason", reason)?;
    let who = officer(by)?;
    Ok(perform(tx, id, Command::Mend { reason }, who)?.record)
}

fn officer(by: &Officer) -> Result<Who, Fault> {
    let seat = by.seat().ok_or(Fault::Forbidden {
        code: "access.role_missing",
    })?;
    let has = |role: &Role| seat.roles.contains(role);
    Ok(Who::Officer {
        officer: by.id,
        standing_in: seat.deputizing,
        organ: seat.organ,
        checks: [Role::Reviewer, Role::LegalReviewer, Role::Decider]
            .iter()
            .any(has),
        decides: has(&Role::Decider),
    })
}

fn keep_words(tx: &mut Tx<'_>, id: PledgeId, field: &str, text: &str) -> Result<Commitment, Fault> {
    let text = kernel::text::bounded(field, text, WORDS_CHARS_MAX);
    let text = text.map_err(|problem: Problem| Fault::Invalid(vec![problem]))?;
    keep_text(tx, id, None, &text)
}

/// Fires the room's timer; false when it is another room's. Early or again, it does nothing.
///
/// # Errors
/// As [`ledger::perform`].
pub fn fire(tx: &mut Tx<'_>, fired: &Timer) -> Result<bool, Fault> {
    let id = PledgeId::from_uuid(fired.record);
    if fired.kind == REMIND_TIMER {
        remind(tx, id)?;
        return Ok(true);
    }
    if fired.kind != DUE_TIMER {
        return Ok(false);
    }
    let found = pledge(tx, id)?;
    let command = if found.is_owing() {
        Command::Lapse
    } else {
        Command::NoteOverdue
    };
    match perform(tx, id, command, Who::House) {
        Ok(_) => Ok(true),
        // A clock that was set back fires early: the day is still to come.
        Err(Fault::Refused(_)) => {
            watch(tx, &found)?;
            Ok(true)
        }
        Err(fault) => Err(fault),
    }
}

fn perform(
    tx: &mut Tx<'_>,
    id: PledgeId,
    command: Command,
    who: Who,
) -> Result<Done<Pledge>, Fault> {
    let old = load_versioned::<Pledge>(tx, id)?;
    let today = tx.today();
    let facts = Facts {
        today,
        who,
        make_up_on: after(tx, today, old.record.make_up_days)?,
        check_on: after(tx, today, old.record.check_days)?,
    };
    let before = old.record.due;
    let done = apply(tx, old, command, &facts)?;
    if done.record.due != before {
        watch(tx, &done.record)?;
    }
    Ok(done)
}

/// Queues a reminder of what is still owed.
fn remind(tx: &mut Tx<'_>, id: PledgeId) -> Result<(), Fault> {
    if !pledge(tx, id)?.is_owing() {
        return Ok(());
    }
    let body = serde_json::to_string(&Reminder { pledge: id }).map_err(Fault::broken)?;
    db::outbox::queue(tx, REMINDER, &body).map(|_| ())
}

/// So many working days later; the same day where the version gives none.
fn after(tx: &Tx<'_>, today: Date, days: Option<u32>) -> Result<Date, Fault> {
    let Some(days) = days else {
        return Ok(today);
    };
    let calendar = tx.thing::<calendar::WorkingDays>()?;
    let due = calendar.after(today, days);
    Ok(due.map_err(|_| Refusal::CalendarEnds)?.date)
}

/// Sets the timer to the end of the last day, or takes it away.
fn watch(tx: &mut Tx<'_>, pledge: &Pledge) -> Result<(), Fault> {
    let record = pledge.id.uuid();
    match pledge.due.filter(|_| pledge.is_owing()) {
        Some(due) => {
            let day = due.checked_sub(REMIND_DAYS.days()).map_err(Fault::broken)?;
            let at = kernel::clock::hall_instant(day.at(9, 0, 0, 0)).max(tx.now());
            timer::set(tx, REMIND_TIMER, record, at)?;
        }
        None => timer::cancel(tx, REMIND_TIMER, record).map(|_| ())?,
    }
    match pledge.due {
        Some(due) => {
            let first_late = due.tomorrow().map_err(Fault::broken)?;
            let at = kernel::clock::hall_instant(first_late.at(0, 0, 0, 0));
            timer::set(tx, DUE_TIMER, record, at)
        }
        None => timer::cancel(tx, DUE_TIMER, record).map(|_| ()),
    }
}

/// How many matters went the way of a kind, and how many were found false.
///
/// # Errors
/// As [`Tx::query`].
pub fn count(tx: &mut Tx<'_>, kind: PledgeKind) -> Result<(i64, i64), Fault> {
    store::count(tx, kind)
}
