//! The use cases of an exit under way: gather facts, perform, make the paper, end the certificate.
//! Pages, other rooms and the roof call them.
//!
//! Deliberately absent: how one begins (`opening`).

use certificate::CertificateId;
use db::Tx;
use db::timer::{self, Timer};
use identity::ActingAs;
use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{Fault, Money, OfficerId, PersonId, Problem, TypedId};
use ledger::lifecycle::{Done, apply, load_versioned};
use ledger::{Commitment, keep_text};
use web::{Officer, Role};

use crate::decide::{Command, Event, Facts, Refusal, Who};
use crate::model::{DropGround, ExitId, LicenceExit};
use crate::papers;
use crate::store::{self, Reach, Show};

/// The timer of the days to state and to defend.
pub const STATEMENT_TIMER: &str = "exit.statements";
/// Working days to state, to defend and to ask for a hearing (行政许可法 47: five for the hearing).
pub const STATEMENT_DAYS: u32 = 5;
/// Longest text of findings, statements, opinions and reasons, in characters.
pub const WORDS_CHARS_MAX: usize = 2000;

/// An exit.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn exit(tx: &mut Tx<'_>, id: ExitId) -> Result<LicenceExit, Fault> {
    Ok(load_versioned::<LicenceExit>(tx, id)?.record)
}

/// The exit of a certificate that is under way.
///
/// # Errors
/// As [`Tx::query`].
pub fn running(tx: &mut Tx<'_>, certificate: CertificateId) -> Result<Option<LicenceExit>, Fault> {
    store::running(tx, certificate)
}

/// The exits of a person's certificates, the newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn of_holder(tx: &mut Tx<'_>, of: ActingAs) -> Result<Vec<LicenceExit>, Fault> {
    store::of_holder(tx, of)
}

/// The exits within reach.
///
/// # Errors
/// As [`Tx::query`].
pub fn list(
    tx: &mut Tx<'_>,
    reach: Reach,
    show: Show,
    after: Option<ExitId>,
    most: usize,
) -> Result<Vec<LicenceExit>, Fault> {
    store::list(tx, reach, show, after, most)
}

/// The public register of licences that left, the newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn register(
    tx: &mut Tx<'_>,
    after: Option<ExitId>,
    most: usize,
) -> Result<Vec<LicenceExit>, Fault> {
    store::register(tx, after, most)
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

/// An exit that this officer may see.
///
/// # Errors
/// [`Fault::NotFound`], also for one that is not within reach.
pub fn visible(tx: &mut Tx<'_>, by: &Officer, id: ExitId) -> Result<LicenceExit, Fault> {
    let found = store::within(tx, reach(by)?, id)?;
    found.ok_or(Fault::NotFound { what: "exit" })
}

/// An exit that this person may see: the holder, or who may act for them.
///
/// # Errors
/// [`Fault::NotFound`] for anybody else's.
pub fn own(tx: &mut Tx<'_>, by: PersonId, id: ExitId) -> Result<LicenceExit, Fault> {
    let found = exit(tx, id)?;
    if identity::may_act_for(tx, by, found.holder, Some(found.item))? {
        Ok(found)
    } else {
        Err(Fault::NotFound { what: "exit" })
    }
}

/// The holder states and defends 陈述、申辩.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] without words.
pub fn state(tx: &mut Tx<'_>, by: PersonId, id: ExitId, said: &str) -> Result<LicenceExit, Fault> {
    let found = own(tx, by, id)?;
    let words = words(tx, id, found.holder, "statement", said)?;
    Ok(perform(tx, id, Command::State { words }, Who::Holder(by))?.record)
}

/// The holder gives the rest of the days up 放弃陈述、申辩.
///
/// # Errors
/// The rule that says no.
pub fn waive(tx: &mut Tx<'_>, by: PersonId, id: ExitId) -> Result<LicenceExit, Fault> {
    own(tx, by, id)?;
    Ok(perform(tx, id, Command::Waive, Who::Holder(by))?.record)
}

/// The holder asks for a hearing 要求听证.
///
/// # Errors
/// The rule that says no.
pub fn ask_hearing(tx: &mut Tx<'_>, by: PersonId, id: ExitId) -> Result<LicenceExit, Fault> {
    own(tx, by, id)?;
    Ok(perform(tx, id, Command::AskHearing, Who::Holder(by))?.record)
}

/// The organ orders a hearing 依职权听证.
///
/// # Errors
/// The rule that says no.
pub fn order_hearing(tx: &mut Tx<'_>, by: &Officer, id: ExitId) -> Result<LicenceExit, Fault> {
    by_officer(tx, by, id, Command::AskHearing)
}

/// The hearing has a record of its own.
///
/// # Errors
/// As [`ledger::perform`].
pub fn hearing_opened(tx: &mut Tx<'_>, id: ExitId, hearing: Uuid) -> Result<(), Fault> {
    perform(tx, id, Command::OpenHearing { hearing }, Who::House).map(|_| ())
}

/// The hearing ended; `held` says whether there are minutes.
///
/// # Errors
/// As [`ledger::perform`].
pub fn hearing_closed(
    tx: &mut Tx<'_>,
    id: ExitId,
    presider: Option<OfficerId>,
    held: bool,
) -> Result<(), Fault> {
    perform(tx, id, Command::CloseHearing { presider, held }, Who::House).map(|_| ())
}

/// Assesses loss and compensation 损失评估 (行政许可法 8, 69).
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] without words.
pub fn assess(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: ExitId,
    loss: Money,
    compensation: Money,
    how: &str,
) -> Result<LicenceExit, Fault> {
    let found = visible(tx, by, id)?;
    let words = words(tx, id, found.holder, "assessment", how)?;
    let command = Command::Assess {
        loss,
        compensation,
        words,
    };
    by_officer(tx, by, id, command)
}

/// Reviews the law of it 法制审核.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] without words.
pub fn review(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: ExitId,
    agreed: bool,
    barred: bool,
    opinion: &str,
) -> Result<LicenceExit, Fault> {
    let found = visible(tx, by, id)?;
    let opinion = words(tx, id, found.holder, "opinion", opinion)?;
    let command = Command::Review {
        agreed,
        barred,
        opinion,
    };
    by_officer(tx, by, id, command)
}

/// Decides that the licence leaves: the decision is drawn and the certificate ends with it.
/// `minutes` says how the decision rests on the minutes of a hearing.
///
/// # Errors
/// The rule that says no, of this room or of the certificate; [`Fault::Invalid`] without words.
pub fn decide(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: ExitId,
    reason: &str,
    minutes: Option<&str>,
) -> Result<LicenceExit, Fault> {
    let found = visible(tx, by, id)?;
    let minutes = minutes.map(str::trim).filter(|said| !said.is_empty());
    let said = match minutes {
        Some(minutes) => format!("{}\n根据听证笔录：{minutes}", reason.trim()),
        None => reason.to_owned(),
    };
    let said = bounded("reason", &said)?;
    let kept = words(tx, id, found.holder, "reason", &said)?;
    let command = Command::Decide {
        reason: kept,
        on_minutes: minutes.is_some(),
    };
    let done = by_officer(tx, by, id, command)?;
    certificate::end(tx, done.certificate, done.ground, &said)?;
    papers::decided(tx, &done, &said)?;
    timer::cancel(tx, STATEMENT_TIMER, id.uuid())?;
    Ok(done)
}

/// Decides that the licence stays 终止退出程序.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] without words.
pub fn drop(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: ExitId,
    ground: DropGround,
    reason: &str,
) -> Result<LicenceExit, Fault> {
    let found = visible(tx, by, id)?;
    let reason = bounded("drop_reason", reason)?;
    let kept = words(tx, id, found.holder, "drop_reason", &reason)?;
    let command = Command::Drop {
        ground,
        reason: kept,
    };
    let done = by_officer(tx, by, id, command)?;
    papers::dropped(tx, &done, ground, &reason)?;
    timer::cancel(tx, STATEMENT_TIMER, id.uuid())?;
    Ok(done)
}

/// Notes that the compensation was paid 补偿、赔偿已支付.
///
/// # Errors
/// The rule that says no.
pub fn pay(tx: &mut Tx<'_>, by: &Officer, id: ExitId) -> Result<LicenceExit, Fault> {
    by_officer(tx, by, id, Command::Pay)
}

fn by_officer(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: ExitId,
    command: Command,
) -> Result<LicenceExit, Fault> {
    visible(tx, by, id)?;
    let who = officer(by)?;
    Ok(perform(tx, id, command, who)?.record)
}

pub(crate) fn officer(by: &Officer) -> Result<Who, Fault> {
    let seat = by.seat().ok_or(Fault::Forbidden {
        code: "access.role_missing",
    })?;
    let has = |role: &Role| seat.roles.contains(role);
    Ok(Who::Officer {
        officer: by.id,
        standing_in: seat.deputizing,
        organ: seat.organ,
        opens: [Role::Reviewer, Role::LegalReviewer, Role::Decider]
            .iter()
            .any(has),
        reviews: has(&Role::LegalReviewer),
        decides: has(&Role::Decider),
    })
}

fn bounded(field: &str, text: &str) -> Result<String, Fault> {
    let text = kernel::text::bounded(field, text, WORDS_CHARS_MAX);
    text.map_err(|problem: Problem| Fault::Invalid(vec![problem]))
}

pub(crate) fn words(
    tx: &mut Tx<'_>,
    id: ExitId,
    holder: PersonId,
    field: &str,
    text: &str,
) -> Result<Commitment, Fault> {
    let text = bounded(field, text)?;
    keep_text(tx, id, Some(holder), &text)
}

/// Fires the room's timer; false when it is another room's. Early or again, it does nothing.
///
/// # Errors
/// As [`ledger::perform`].
pub fn fire(tx: &mut Tx<'_>, fired: &Timer) -> Result<bool, Fault> {
    if fired.kind != STATEMENT_TIMER {
        return Ok(false);
    }
    let id = ExitId::from_uuid(fired.record);
    match perform(tx, id, Command::CloseStatements, Who::House) {
        Ok(_) => Ok(true),
        // A clock that was set back fires early: the day is still to come.
        Err(Fault::Refused(_)) => {
            if let Some(last) = exit(tx, id)?.state_by {
                watch(tx, id, last)?;
            }
            Ok(true)
        }
        Err(fault) => Err(fault),
    }
}

fn perform(
    tx: &mut Tx<'_>,
    id: ExitId,
    command: Command,
    who: Who,
) -> Result<Done<LicenceExit>, Fault> {
    let old = load_versioned::<LicenceExit>(tx, id)?;
    let facts = Facts {
        today: tx.today(),
        who,
    };
    let done = apply(tx, old, command, &facts)?;
    let waived = |event: &Event| matches!(event, Event::StatementsClosed { .. });
    if done.events.iter().any(waived) {
        timer::cancel(tx, STATEMENT_TIMER, id.uuid())?;
    }
    Ok(done)
}

pub(crate) fn days_later(tx: &Tx<'_>, today: Date, days: u32) -> Result<Date, Fault> {
    let calendar = tx.thing::<calendar::WorkingDays>()?;
    let due = calendar.after(today, days);
    Ok(due.map_err(|_| Refusal::CalendarEnds)?.date)
}

/// The days are over at the first moment after the last one.
pub(crate) fn watch(tx: &mut Tx<'_>, id: ExitId, last: Date) -> Result<(), Fault> {
    let first_late = last.tomorrow().map_err(Fault::broken)?;
    let at = kernel::clock::hall_instant(first_late.at(0, 0, 0, 0));
    timer::set(tx, STATEMENT_TIMER, id.uuid(), at)
}
