//! The use cases of a hearing: gather facts, perform, set the timers, draw the papers. Pages and
//! the roof call them.
//!
//! Deliberately absent: how one begins (`opening`).

use db::Tx;
use db::timer::{self, Timer};
use identity::ActingAs;
use jiff::civil::Date;
use kernel::{Fault, OfficerId, PersonId, Problem, TypedId};
use ledger::lifecycle::{Done, apply, load_versioned};
use ledger::{Commitment, keep_text};
use serde::{Deserialize, Serialize};
use web::{Officer, Role};

use crate::decide::{Command, Event, Facts, HOLD_DAYS, NOTICE_DAYS, Refusal, Who};
use crate::matter::matter;
use crate::model::{ClosedGround, Hearing, HearingId, HearingStatus};
use crate::papers;
use crate::store::{self, Reach, Show};

/// The timer of the days to ask for a hearing, and then of those to hold it.
pub const DUE_TIMER: &str = "hearing.due";
/// Longest minutes, in characters.
pub const MINUTES_CHARS_MAX: usize = 8000;
/// Longest other text, in characters.
pub const WORDS_CHARS_MAX: usize = 2000;

/// The minutes 听证笔录, kept beside the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Minutes {
    /// Who came.
    pub attendees: String,
    /// What was said.
    pub text: String,
}

/// When and where a hearing is held, by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrangement {
    /// The day.
    pub day: Date,
    /// The minute of that day.
    pub minute: u16,
    /// Where.
    pub place: String,
    /// Who presides.
    pub presider: OfficerId,
    /// Why it is not public.
    pub closed_for: Option<ClosedGround>,
}

/// A hearing.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn hearing(tx: &mut Tx<'_>, id: HearingId) -> Result<Hearing, Fault> {
    Ok(load_versioned::<Hearing>(tx, id)?.record)
}

/// The last hearing on a matter.
///
/// # Errors
/// As [`Tx::query`].
pub fn last_of(tx: &mut Tx<'_>, subject: kernel::uuid::Uuid) -> Result<Option<Hearing>, Fault> {
    store::last_of(tx, subject)
}

/// Whether a decision on a matter must wait for a hearing.
///
/// # Errors
/// As [`Tx::query`].
pub fn is_open(tx: &mut Tx<'_>, subject: kernel::uuid::Uuid) -> Result<bool, Fault> {
    let last = store::last_of(tx, subject)?;
    Ok(last.is_some_and(|last| last.status.is_open()))
}

/// A person's hearings, the newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn of_party(tx: &mut Tx<'_>, of: ActingAs) -> Result<Vec<Hearing>, Fault> {
    store::of_party(tx, of)
}

/// The hearings within reach.
///
/// # Errors
/// As [`Tx::query`].
pub fn list(
    tx: &mut Tx<'_>,
    reach: Reach,
    show: Show,
    after: Option<HearingId>,
    most: usize,
) -> Result<Vec<Hearing>, Fault> {
    store::list(tx, reach, show, after, most)
}

/// Public hearings to come 听证公告.
///
/// # Errors
/// As [`Tx::query`].
pub fn announced(tx: &mut Tx<'_>, most: usize) -> Result<Vec<Hearing>, Fault> {
    let today = tx.today();
    store::announced(tx, today, most)
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

/// A hearing that this officer may see.
///
/// # Errors
/// [`Fault::NotFound`], also for one that is not within reach.
pub fn visible(tx: &mut Tx<'_>, by: &Officer, id: HearingId) -> Result<Hearing, Fault> {
    let found = store::within(tx, reach(by)?, id)?;
    found.ok_or(Fault::NotFound { what: "hearing" })
}

/// A hearing that this person may see: who is heard, or who may act for them.
///
/// # Errors
/// [`Fault::NotFound`] for anybody else's.
pub fn own(tx: &mut Tx<'_>, by: PersonId, id: HearingId) -> Result<Hearing, Fault> {
    let found = hearing(tx, id)?;
    if identity::may_act_for(tx, by, found.party, found.item)? {
        Ok(found)
    } else {
        Err(Fault::NotFound { what: "hearing" })
    }
}

/// The party asks for it 要求听证.
///
/// # Errors
/// The rule that says no.
pub fn ask(tx: &mut Tx<'_>, by: PersonId, id: HearingId) -> Result<Hearing, Fault> {
    by_party(tx, by, id, Command::Ask)
}

/// The party gives it up 放弃听证.
///
/// # Errors
/// The rule that says no.
pub fn give_up(tx: &mut Tx<'_>, by: PersonId, id: HearingId) -> Result<Hearing, Fault> {
    by_party(tx, by, id, Command::GiveUp)
}

/// The party asks the presider to step aside 申请回避.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] without words.
pub fn ask_recusal(
    tx: &mut Tx<'_>,
    by: PersonId,
    id: HearingId,
    reason: &str,
) -> Result<Hearing, Fault> {
    let found = own(tx, by, id)?;
    let reason = bounded("recusal", reason, WORDS_CHARS_MAX)?;
    let reason = keep_text(tx, id, Some(found.party), &reason)?;
    by_party(tx, by, id, Command::AskRecusal { reason })
}

/// The party signs the minutes 签署笔录.
///
/// # Errors
/// The rule that says no.
pub fn sign(tx: &mut Tx<'_>, by: PersonId, id: HearingId) -> Result<Hearing, Fault> {
    let done = by_party(tx, by, id, Command::Sign)?;
    papers::minutes(tx, &done)?;
    Ok(done)
}

/// Arranges it: time, place, presider; the notice is drawn 听证通知书.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] without a place.
pub fn schedule(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: HearingId,
    new: &Arrangement,
) -> Result<Hearing, Fault> {
    visible(tx, by, id)?;
    let place = bounded("place", &new.place, 200)?;
    let command = Command::Schedule {
        day: new.day,
        minute: new.minute,
        place: keep_text(tx, id, None, &place)?,
        presider: new.presider,
        closed_for: new.closed_for,
    };
    let done = by_officer(tx, by, id, command)?;
    papers::scheduled(tx, &done)?;
    Ok(done)
}

/// Decides whether the presider steps aside 回避决定.
///
/// # Errors
/// The rule that says no.
pub fn decide_recusal(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: HearingId,
    granted: bool,
) -> Result<Hearing, Fault> {
    by_officer(tx, by, id, Command::DecideRecusal { granted })
}

/// Names another presider after a recusal.
///
/// # Errors
/// The rule that says no.
pub fn name_presider(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: HearingId,
    presider: OfficerId,
) -> Result<Hearing, Fault> {
    let done = by_officer(tx, by, id, Command::NamePresider { presider })?;
    papers::scheduled(tx, &done)?;
    Ok(done)
}

/// Holds it: the presider takes the minutes 听证笔录.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] without words.
pub fn hold(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: HearingId,
    minutes: &Minutes,
) -> Result<Hearing, Fault> {
    let found = visible(tx, by, id)?;
    let minutes = Minutes {
        attendees: bounded("attendees", &minutes.attendees, WORDS_CHARS_MAX)?,
        text: bounded("minutes", &minutes.text, MINUTES_CHARS_MAX)?,
    };
    let text = serde_json::to_string(&minutes).map_err(Fault::broken)?;
    let minutes = keep_text(tx, id, Some(found.party), &text)?;
    by_officer(tx, by, id, Command::Hold { minutes })
}

/// The party stayed away without cause: it counts as given up.
///
/// # Errors
/// The rule that says no.
pub fn note_absence(tx: &mut Tx<'_>, by: &Officer, id: HearingId) -> Result<Hearing, Fault> {
    by_officer(tx, by, id, Command::NoteAbsence)
}

/// The party refuses to sign; the presider notes it.
///
/// # Errors
/// The rule that says no.
pub fn refuse_to_sign(tx: &mut Tx<'_>, by: &Officer, id: HearingId) -> Result<Hearing, Fault> {
    let done = by_officer(tx, by, id, Command::RefuseToSign)?;
    papers::minutes(tx, &done)?;
    Ok(done)
}

fn by_party(
    tx: &mut Tx<'_>,
    by: PersonId,
    id: HearingId,
    command: Command,
) -> Result<Hearing, Fault> {
    own(tx, by, id)?;
    Ok(perform(tx, id, command, Who::Party(by))?.record)
}

fn by_officer(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: HearingId,
    command: Command,
) -> Result<Hearing, Fault> {
    visible(tx, by, id)?;
    let seat = by.seat().ok_or(Fault::Forbidden {
        code: "access.role_missing",
    })?;
    let who = Who::Officer {
        officer: by.id,
        standing_in: seat.deputizing,
        organ: seat.organ,
        arranges: arranges(by),
        decides: by.has(Role::Decider),
    };
    Ok(perform(tx, id, command, who)?.record)
}

/// Who arranges hearings: whoever reviews or decides for the organ.
pub(crate) fn arranges(by: &Officer) -> bool {
    by.has(Role::Reviewer) || by.has(Role::LegalReviewer) || by.has(Role::Decider)
}

pub(crate) fn bounded(field: &str, text: &str, most: usize) -> Result<String, Fault> {
    let text = kernel::text::bounded(field, text, most);
    text.map_err(|problem: Problem| Fault::Invalid(vec![problem]))
}

/// What was kept, or that it was erased.
pub(crate) fn said(tx: &mut Tx<'_>, kept: &Commitment) -> Result<String, Fault> {
    let text = ledger::read_text(tx, kept)?;
    Ok(text.unwrap_or_else(|| "（已依法删除）".to_owned()))
}

/// The minutes; none where there are none or they were erased.
///
/// # Errors
/// [`Fault::Broken`] when the text was changed.
pub fn minutes_of(tx: &mut Tx<'_>, of: &Hearing) -> Result<Option<Minutes>, Fault> {
    let text = match &of.minutes {
        Some(kept) => ledger::read_text(tx, kept)?,
        None => None,
    };
    let read = text.map(|text| serde_json::from_str(&text).map_err(Fault::broken));
    read.transpose()
}

/// Who may preside: officers who decide, review or review the law for the organ and had no hand in
/// the matter.
///
/// # Errors
/// As [`Tx::query`].
pub fn presiders(tx: &mut Tx<'_>, of: &Hearing) -> Result<Vec<(OfficerId, String)>, Fault> {
    let involved = matter(tx, of.subject)?.involved;
    let mut found: Vec<(OfficerId, String)> = Vec::new();
    for one in identity::appointments(tx)? {
        let known = found.iter().any(|(id, _)| *id == one.officer);
        if known || involved.contains(&one.officer) || !serves(tx, of, one.officer)? {
            continue;
        }
        found.push((one.officer, identity::officer_name(tx, one.officer)?));
    }
    Ok(found)
}

/// Whether an officer reviews, reviews the law or decides for the organ.
fn serves(tx: &mut Tx<'_>, of: &Hearing, officer: OfficerId) -> Result<bool, Fault> {
    let fits = [Role::Reviewer, Role::LegalReviewer, Role::Decider];
    for one in identity::appointments(tx)? {
        if one.officer == officer {
            let post = identity::post(tx, one.post)?;
            if post.organ == of.organ && fits.iter().any(|role| post.roles.contains(role)) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Fires the room's timer; false when it is another room's. Early or again, it does nothing.
///
/// # Errors
/// As [`ledger::perform`].
pub fn fire(tx: &mut Tx<'_>, fired: &Timer) -> Result<bool, Fault> {
    if fired.kind != DUE_TIMER {
        return Ok(false);
    }
    let id = HearingId::from_uuid(fired.record);
    let found = hearing(tx, id)?;
    let command = match found.status {
        HearingStatus::Offered => Command::Lapse,
        _ => Command::NoteLate,
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
    id: HearingId,
    command: Command,
    who: Who,
) -> Result<Done<Hearing>, Fault> {
    let old = load_versioned::<Hearing>(tx, id)?;
    let today = tx.today();
    let (day, presider) = match command {
        Command::Schedule { day, presider, .. } => (Some(day), Some(presider)),
        Command::NamePresider { presider } => (None, Some(presider)),
        _ => (None, None),
    };
    let serves = match presider {
        Some(officer) => serves(tx, &old.record, officer)?,
        None => false,
    };
    let involved = match presider {
        Some(_) => matter(tx, old.record.subject)?.involved,
        None => Vec::new(),
    };
    let calendar = tx.thing::<calendar::WorkingDays>()?;
    let works = match day {
        Some(day) => calendar
            .is_working(day)
            .map_err(|_| Refusal::CalendarEnds)?,
        None => true,
    };
    let facts = Facts {
        today,
        who,
        notice_from: days_later(tx, today, NOTICE_DAYS)?,
        hold_by: days_later(tx, today, HOLD_DAYS)?,
        works,
        involved,
        serves,
    };
    let done = apply(tx, old, command, &facts)?;
    let moved = |event: &Event| !matches!(event, Event::RecusalAsked { .. });
    if done.events.iter().any(moved) {
        watch(tx, &done.record)?;
    }
    Ok(done)
}

pub(crate) fn days_later(tx: &Tx<'_>, today: Date, days: u32) -> Result<Date, Fault> {
    let calendar = tx.thing::<calendar::WorkingDays>()?;
    let due = calendar.after(today, days);
    Ok(due.map_err(|_| Refusal::CalendarEnds)?.date)
}

/// The timer stands at the end of the days that run now, or is taken away.
pub(crate) fn watch(tx: &mut Tx<'_>, of: &Hearing) -> Result<(), Fault> {
    let record = of.id.uuid();
    let last = match of.status {
        HearingStatus::Offered => of.ask_by,
        HearingStatus::Asked | HearingStatus::Scheduled if of.late_since.is_none() => of.hold_by,
        _ => None,
    };
    match last {
        Some(last) => {
            let first_late = last.tomorrow().map_err(Fault::broken)?;
            let at = kernel::clock::hall_instant(first_late.at(0, 0, 0, 0));
            timer::set(tx, DUE_TIMER, record, at)
        }
        None => timer::cancel(tx, DUE_TIMER, record).map(|_| ()),
    }
}
