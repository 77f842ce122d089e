//! The use cases: gather facts, perform. Pages and the interface call them.

use db::Tx;
use db::timer::{self, Timer};
use jiff::ToSpan;
use jiff::civil::Date;
use kernel::{Fault, PersonId, Problem, TypedId};
use ledger::lifecycle::{apply, load_versioned};
use ledger::{Commitment, keep_text};
use web::{Officer, Role};

use crate::decide::{self, Command, Facts, Opened, Refusal, Who};
use crate::list;
use crate::model::{Harm, Offence, OffenceId, OffenceStatus};
use crate::store;

/// Longest text, in characters.
const WORDS_CHARS_MAX: usize = 2000;
/// The timer of the nightly match.
pub const MATCH_TIMER: &str = "leniency.match";
/// The hour of the night at which open offences are matched.
const MATCH_HOUR: i8 = 2;
/// Most offences that are caught up with at once.
const CATCH_UP_MAX: i64 = 1000;
/// Working days within which somebody looks again at what was spared.
const LOOK_AGAIN_WORKDAYS: u32 = 30;

/// What is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOffence {
    /// The act, by its number in the list.
    pub entry: u16,
    /// Who did it.
    pub party: PersonId,
    /// When it was found.
    pub found_on: Date,
    /// What was found.
    pub facts: String,
}

/// Opens an offence 立案.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] without words.
pub fn open(tx: &mut Tx<'_>, by: &Officer, new: &NewOffence) -> Result<OffenceId, Fault> {
    let who = who(by)?;
    identity::person(tx, new.party)?;
    let id: OffenceId = tx.new_id();
    let facts = words(tx, id, new.party, "facts", &new.facts)?;
    let opened = Opened {
        entry: new.entry,
        party: new.party,
        organ: who.organ,
        found_on: new.found_on,
        by: by.id,
        facts,
    };
    let listed = list::entry(new.entry)?.is_some();
    let event = decide::open(opened, listed, tx.today(), who)?;
    ledger::open::<Offence>(tx, id, vec![event])?;
    watch(tx, id)?;
    Ok(id)
}

/// Says what was found 裁量; the law says the rest, and the hall's own records whether it is the
/// first.
///
/// # Errors
/// The rule that says no.
pub fn assess(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: OffenceId,
    minor: bool,
    harm: Harm,
    corrected: bool,
) -> Result<Offence, Fault> {
    let command = Command::Assess {
        minor,
        harm,
        corrected,
    };
    perform(tx, by, id, command)
}

/// Records what the party was taught 教育 (行政处罚法 33(3)).
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] without words.
pub fn educate(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: OffenceId,
    record: &str,
) -> Result<Offence, Fault> {
    let party = visible(tx, by, id)?.party;
    let record = words(tx, id, party, "record", record)?;
    perform(tx, by, id, Command::Educate { record })
}

/// Spares it 不予处罚, or sends it on to the ordinary procedure.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] without words.
pub fn settle(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: OffenceId,
    spare: bool,
    reason: &str,
) -> Result<Offence, Fault> {
    let party = visible(tx, by, id)?.party;
    let reason = words(tx, id, party, "reason", reason)?;
    perform(tx, by, id, Command::Decide { spare, reason })
}

/// Looks again at what was spared 回访.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] without words.
pub fn look_again(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: OffenceId,
    relapsed: bool,
    finding: &str,
) -> Result<Offence, Fault> {
    let party = visible(tx, by, id)?.party;
    let finding = words(tx, id, party, "finding", finding)?;
    perform(tx, by, id, Command::LookAgain { relapsed, finding })
}

/// An offence.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn offence(tx: &mut Tx<'_>, id: OffenceId) -> Result<Offence, Fault> {
    Ok(load_versioned::<Offence>(tx, id)?.record)
}

/// An offence that this officer may see.
///
/// # Errors
/// [`Fault::NotFound`], also for one of another organ.
pub fn visible(tx: &mut Tx<'_>, by: &Officer, id: OffenceId) -> Result<Offence, Fault> {
    let found = offence(tx, id)?;
    match sees_all(by) || by.organ() == Some(found.organ) {
        true => Ok(found),
        false => Err(Fault::NotFound { what: "offence" }),
    }
}

/// The offences that an officer may see, the newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn offences(
    tx: &mut Tx<'_>,
    by: &Officer,
    status: OffenceStatus,
    before: Option<OffenceId>,
    most: usize,
) -> Result<Vec<Offence>, Fault> {
    let organ = match sees_all(by) {
        true => None,
        false => Some(who(by)?.organ),
    };
    store::list(tx, organ, status, before, most)
}

/// The offences of a party, the newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn of_party(
    tx: &mut Tx<'_>,
    party: PersonId,
    before: Option<OffenceId>,
    most: usize,
) -> Result<Vec<Offence>, Fault> {
    store::of_party(tx, party, before, most)
}

/// How many offences stand how 公示.
///
/// # Errors
/// As [`Tx::query`].
pub fn counts(tx: &mut Tx<'_>) -> Result<Vec<(OffenceStatus, u32)>, Fault> {
    store::counts(tx)
}

fn sees_all(by: &Officer) -> bool {
    by.has(Role::HallManager) || by.has(Role::Supervisor)
}

fn who(by: &Officer) -> Result<Who, Fault> {
    let seat = by.seat().ok_or(Fault::Forbidden {
        code: "access.role_missing",
    })?;
    let has = |role: &Role| seat.roles.contains(role);
    Ok(Who {
        officer: by.id,
        standing_in: seat.deputizing,
        organ: seat.organ,
        reviews: has(&Role::Reviewer) || has(&Role::LegalReviewer),
        decides: has(&Role::Decider),
    })
}

fn words(
    tx: &mut Tx<'_>,
    id: OffenceId,
    party: PersonId,
    field: &str,
    text: &str,
) -> Result<Commitment, Fault> {
    let text = kernel::text::bounded(field, text, WORDS_CHARS_MAX);
    let text = text.map_err(|problem: Problem| Fault::Invalid(vec![problem]))?;
    keep_text(tx, id, Some(party), &text)
}

/// Sets the timers of open offences that nothing watches yet: those of before there was one.
///
/// # Errors
/// As [`Tx::execute`].
pub fn catch_up(tx: &mut Tx<'_>) -> Result<(), Fault> {
    for id in store::open(tx, CATCH_UP_MAX)? {
        if timer::find(tx, MATCH_TIMER, id.uuid())?.is_none() {
            watch(tx, id)?;
        }
    }
    Ok(())
}

/// An open offence is matched in the night that comes 夜间比对.
fn watch(tx: &mut Tx<'_>, id: OffenceId) -> Result<(), Fault> {
    let tomorrow = tx.today().tomorrow().map_err(Fault::broken)?;
    let at = kernel::clock::hall_instant(tomorrow.at(MATCH_HOUR, 0, 0, 0));
    timer::set(tx, MATCH_TIMER, id.uuid(), at)
}

/// Fires the room's timer; false when it is another room's. What is decided is not matched again.
///
/// # Errors
/// As [`ledger::perform`].
pub fn fire(tx: &mut Tx<'_>, fired: &Timer) -> Result<bool, Fault> {
    if fired.kind != MATCH_TIMER {
        return Ok(false);
    }
    let id = OffenceId::from_uuid(fired.record);
    match perform_as(tx, None, id, Command::Match) {
        Ok(_) => watch(tx, id)?,
        Err(Fault::Refused(_)) => {}
        Err(fault) => return Err(fault),
    }
    Ok(true)
}

fn perform(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: OffenceId,
    command: Command,
) -> Result<Offence, Fault> {
    visible(tx, by, id)?;
    let who = who(by)?;
    perform_as(tx, Some(who), id, command)
}

fn perform_as(
    tx: &mut Tx<'_>,
    who: Option<Who>,
    id: OffenceId,
    command: Command,
) -> Result<Offence, Fault> {
    let old = load_versioned::<Offence>(tx, id)?;
    let today = tx.today();
    let months = list::entry(old.record.entry)?.map_or(0, |entry| i64::from(entry.period_months));
    let from = old.record.found_on.checked_sub(months.months());
    let before = store::did_before(tx, &old.record, from.map_err(Fault::broken)?)?;
    let calendar = tx.thing::<calendar::WorkingDays>()?;
    let look_again = calendar.after(today, LOOK_AGAIN_WORKDAYS);
    let facts = Facts {
        today,
        who,
        first: !before,
        look_again_on: look_again.map_err(|_| Refusal::CalendarEnds)?.date,
    };
    Ok(apply(tx, old, command, &facts)?.record)
}
