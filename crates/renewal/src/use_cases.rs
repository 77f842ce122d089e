//! The use cases: watch, propose, ask, decide, check. Pages, the clock and the roof call them.

use certificate::{Certificate, CertificateId, CertificateState, ExitGround, RevocationGround};
use db::Tx;
use db::timer::{self, Timer};
use exit::{ExitSource, NewExit};
use identity::ActingAs;
use jiff::ToSpan;
use jiff::civil::Date;
use kernel::{Fault, PersonId, Problem, TypedId};
use ledger::lifecycle::{Done, apply, load_versioned};
use ledger::{Commitment, keep_text};
use web::{Officer, Role};

use crate::decide::{Command, Event, Facts, Refusal, Watched, Who, ask_by};
use crate::model::{Renewal, RenewalId, RenewalStatus};
use crate::papers::{self, Way};
use crate::silence;
use crate::store::{self, Key, Reach, Show};

/// The timer that begins to watch a certificate.
pub const WATCH_TIMER: &str = "renewal.watch";
/// The timer of whatever runs of a renewal.
pub const DUE_TIMER: &str = "renewal.due";
/// Days before its end from which a certificate is watched.
pub const WATCH_DAYS: i32 = 90;
/// Longest text of statements, opinions, reasons and findings, in characters.
pub const WORDS_CHARS_MAX: usize = 2000;
/// Most certificates that are caught up with at once.
const CATCH_UP_MAX: i64 = 1000;

/// A certificate was issued: it is watched from ninety days before its end.
///
/// # Errors
/// As [`Tx::execute`].
pub fn watch_certificate(
    tx: &mut Tx<'_>,
    id: CertificateId,
    last: Option<Date>,
) -> Result<(), Fault> {
    let Some(last) = last else {
        return Ok(());
    };
    let day = last.saturating_sub(WATCH_DAYS.days());
    let at = kernel::clock::hall_instant(day.at(8, 0, 0, 0));
    timer::set(tx, WATCH_TIMER, id.uuid(), at)
}

/// Sets the timers of certificates near their end that nobody watches yet: those of before this
/// room was there.
///
/// # Errors
/// As [`Tx::execute`].
pub fn catch_up(tx: &mut Tx<'_>) -> Result<(), Fault> {
    let today = tx.today();
    let until = today.saturating_add(WATCH_DAYS.days());
    for one in certificate::ending(tx, today, until, None, CATCH_UP_MAX)? {
        if store::of_certificate(tx, one.id)?.is_none() {
            watch_certificate(tx, one.id, one.valid_until)?;
        }
    }
    Ok(())
}

/// The certificate ended in another way: nothing is left to renew.
///
/// # Errors
/// As [`ledger::perform`].
pub fn certificate_ended(tx: &mut Tx<'_>, id: CertificateId) -> Result<(), Fault> {
    timer::cancel(tx, WATCH_TIMER, id.uuid())?;
    match store::of_certificate(tx, id)? {
        Some(found) if found.status.is_open() => {
            perform(tx, found.id, Command::End, Who::House).map(|_| ())
        }
        _ => Ok(()),
    }
}

/// The renewal of a certificate, begun now where there is none.
fn watched(tx: &mut Tx<'_>, of: &Certificate) -> Result<Renewal, Fault> {
    if let Some(found) = store::of_certificate(tx, of.id)? {
        return Ok(found);
    }
    let today = tx.today();
    let last = of.valid_until.ok_or(Refusal::NothingToRenew)?;
    if of.state_on(today) != CertificateState::Valid {
        return Err(Refusal::NothingToRenew.into());
    }
    let watched = Watched {
        certificate: of.id,
        holder: of.holder,
        organ: of.organ,
        item: of.item,
        expires_on: last,
        until: silence::until(tx, of, last)?,
        on: today,
    };
    let id: RenewalId = tx.new_id();
    let begun = Event::Watched(Box::new(watched));
    let opened = ledger::open::<Renewal>(tx, id, vec![begun])?;
    set_timer(tx, &opened.record)?;
    timer::cancel(tx, WATCH_TIMER, of.id.uuid())?;
    Ok(opened.record)
}

/// A renewal.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn renewal(tx: &mut Tx<'_>, id: RenewalId) -> Result<Renewal, Fault> {
    Ok(load_versioned::<Renewal>(tx, id)?.record)
}

/// The renewal of a certificate.
///
/// # Errors
/// As [`Tx::query`].
pub fn of_certificate(tx: &mut Tx<'_>, id: CertificateId) -> Result<Option<Renewal>, Fault> {
    store::of_certificate(tx, id)
}

/// A person's renewals, the newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn of_holder(tx: &mut Tx<'_>, of: ActingAs) -> Result<Vec<Renewal>, Fault> {
    store::of_holder(tx, of)
}

/// The renewals within reach, the first to end first.
///
/// # Errors
/// As [`Tx::query`].
pub fn list(
    tx: &mut Tx<'_>,
    reach: Reach,
    show: Show,
    after: Option<Key>,
    most: usize,
) -> Result<Vec<Renewal>, Fault> {
    store::list(tx, reach, show, after, most)
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

/// A renewal that this officer may see.
///
/// # Errors
/// [`Fault::NotFound`], also for one that is not within reach.
pub fn visible(tx: &mut Tx<'_>, by: &Officer, id: RenewalId) -> Result<Renewal, Fault> {
    let found = store::within(tx, reach(by)?, id)?;
    found.ok_or(Fault::NotFound { what: "renewal" })
}

/// The holder asks for a renewal 申请延续 (行政许可法 50).
///
/// # Errors
/// The rule that says no; [`Fault::NotFound`] for anybody else's certificate.
pub fn ask(
    tx: &mut Tx<'_>,
    by: PersonId,
    id: CertificateId,
    statement: &str,
) -> Result<RenewalId, Fault> {
    let found = certificate::certificate(tx, id)?;
    if !identity::may_act_for(tx, by, found.holder, Some(found.item))? {
        return Err(Fault::NotFound { what: "cert" });
    }
    let watched = watched(tx, &found)?;
    let statement = words(tx, watched.id, found.holder, "statement", statement)?;
    perform(tx, watched.id, Command::Ask { statement }, Who::Holder(by))?;
    Ok(watched.id)
}

/// The holder says no to a silent renewal 不同意无感延续.
///
/// # Errors
/// The rule that says no; [`Fault::NotFound`] for anybody else's.
pub fn decline(tx: &mut Tx<'_>, by: PersonId, id: RenewalId) -> Result<Renewal, Fault> {
    own(tx, by, id)?;
    Ok(perform(tx, id, Command::Decline, Who::Holder(by))?.record)
}

/// A renewal that this person may see: the holder, or who may act for them.
///
/// # Errors
/// [`Fault::NotFound`] for anybody else's.
pub fn own(tx: &mut Tx<'_>, by: PersonId, id: RenewalId) -> Result<Renewal, Fault> {
    let found = renewal(tx, id)?;
    if identity::may_act_for(tx, by, found.holder, Some(found.item))? {
        Ok(found)
    } else {
        Err(Fault::NotFound { what: "renewal" })
    }
}

/// Proposes a silent renewal 拟无感延续; the clock does so by itself where the item lists it.
///
/// # Errors
/// The rule that says no.
pub fn propose(tx: &mut Tx<'_>, id: CertificateId) -> Result<RenewalId, Fault> {
    let found = certificate::certificate(tx, id)?;
    let watched = watched(tx, &found)?;
    let done = perform(tx, watched.id, Command::Propose, Who::House)?;
    papers::proposed(tx, &done.record)?;
    Ok(watched.id)
}

/// Reviews a renewal that was asked for 审查.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] without words.
pub fn review(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: RenewalId,
    agreed: bool,
    opinion: &str,
) -> Result<Renewal, Fault> {
    let found = visible(tx, by, id)?;
    let opinion = words(tx, id, found.holder, "opinion", opinion)?;
    by_officer(tx, by, id, Command::Review { agreed, opinion })
}

/// Grants a renewal 准予延续: the certificate runs on in another.
///
/// # Errors
/// The rule that says no.
pub fn grant(tx: &mut Tx<'_>, by: &Officer, id: RenewalId) -> Result<Renewal, Fault> {
    let done = by_officer(tx, by, id, Command::Grant)?;
    run_on(tx, &done, Way::Granted)?;
    Ok(done)
}

/// Refuses a renewal 不予延续, with reasons and remedies.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] without words.
pub fn refuse(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: RenewalId,
    reason: &str,
) -> Result<Renewal, Fault> {
    let found = visible(tx, by, id)?;
    let kept = words(tx, id, found.holder, "reason", reason)?;
    let done = by_officer(tx, by, id, Command::Refuse { reason: kept })?;
    papers::refused(tx, &done, reason.trim())?;
    Ok(done)
}

/// Says what the check of a silent renewal found 事后核查. What does not stand is taken to an exit.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] without words.
pub fn check(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: RenewalId,
    upheld: bool,
    finding: &str,
) -> Result<Renewal, Fault> {
    let found = visible(tx, by, id)?;
    let kept = words(tx, id, found.holder, "finding", finding)?;
    let command = Command::Check {
        upheld,
        finding: kept,
    };
    let done = by_officer(tx, by, id, command)?;
    if !upheld {
        let old = certificate::certificate(tx, done.certificate)?;
        if let Some(successor) = old.successor {
            let new = NewExit {
                certificate: successor,
                ground: ExitGround::Revocation(RevocationGround::ApplicantNotEligible),
                source: ExitSource::Check,
                findings: finding.trim().to_owned(),
                penalty: None,
                penalty_on: None,
            };
            exit::open(tx, by, &new)?;
        }
    }
    Ok(done)
}

fn by_officer(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: RenewalId,
    command: Command,
) -> Result<Renewal, Fault> {
    visible(tx, by, id)?;
    let seat = by.seat().ok_or(Fault::Forbidden {
        code: "access.role_missing",
    })?;
    let who = Who::Officer {
        officer: by.id,
        standing_in: seat.deputizing,
        organ: seat.organ,
        reviews: by.has(Role::Reviewer),
        decides: by.has(Role::Decider),
    };
    Ok(perform(tx, id, command, who)?.record)
}

/// The certificate runs on in another, and the holder is told in writing.
fn run_on(tx: &mut Tx<'_>, of: &Renewal, way: Way) -> Result<(), Fault> {
    certificate::renew(tx, of.certificate, of.until)?;
    papers::renewed(tx, of, way)
}

fn words(
    tx: &mut Tx<'_>,
    id: RenewalId,
    holder: PersonId,
    field: &str,
    text: &str,
) -> Result<Commitment, Fault> {
    let text = kernel::text::bounded(field, text, WORDS_CHARS_MAX);
    let text = text.map_err(|problem: Problem| Fault::Invalid(vec![problem]))?;
    keep_text(tx, id, Some(holder), &text)
}

/// Fires the room's timers; false when it is another room's. Early or again, it does nothing.
///
/// # Errors
/// As [`ledger::perform`].
pub fn fire(tx: &mut Tx<'_>, fired: &Timer) -> Result<bool, Fault> {
    match fired.kind.as_str() {
        WATCH_TIMER => begin_watching(tx, CertificateId::from_uuid(fired.record))?,
        DUE_TIMER => fall_due(tx, RenewalId::from_uuid(fired.record))?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// Ninety days before its end: proposed in silence where that is lawful, else the holder is told.
fn begin_watching(tx: &mut Tx<'_>, id: CertificateId) -> Result<(), Fault> {
    let found = certificate::certificate(tx, id)?;
    let watched = match watched(tx, &found) {
        Ok(watched) => watched,
        // It ended meanwhile.
        Err(Fault::Refused(_)) => return Ok(()),
        Err(fault) => return Err(fault),
    };
    match perform(tx, watched.id, Command::Propose, Who::House) {
        Ok(done) => papers::proposed(tx, &done.record),
        Err(Fault::Refused(_)) => Ok(()),
        Err(fault) => Err(fault),
    }
}

fn fall_due(tx: &mut Tx<'_>, id: RenewalId) -> Result<(), Fault> {
    let found = renewal(tx, id)?;
    let command = match found.status {
        RenewalStatus::Proposed => Command::RenewSilently,
        RenewalStatus::Checking => Command::NoteOverdue,
        _ => Command::Lapse,
    };
    let done = match perform(tx, id, command, Who::House) {
        Ok(done) => done,
        // A clock that was set back fires early: the day is still to come.
        Err(Fault::Refused(_)) => return set_timer(tx, &found),
        Err(fault) => return Err(fault),
    };
    for event in &done.events {
        match event {
            Event::Deemed { .. } => run_on(tx, &done.record, Way::Deemed)?,
            Event::RenewedSilently { .. } => run_on(tx, &done.record, Way::Silent)?,
            _ => {}
        }
    }
    Ok(())
}

fn perform(
    tx: &mut Tx<'_>,
    id: RenewalId,
    command: Command,
    who: Who,
) -> Result<Done<Renewal>, Fault> {
    let old = load_versioned::<Renewal>(tx, id)?;
    let of = certificate::certificate(tx, old.record.certificate)?;
    let silent = matches!(command, Command::Propose | Command::RenewSilently);
    let facts = Facts {
        today: tx.today(),
        who,
        silence: silence::known(tx, &of, silent)?,
    };
    let done = apply(tx, old, command, &facts)?;
    if !done.events.is_empty() {
        set_timer(tx, &done.record)?;
    }
    Ok(done)
}

/// The timer stands after the last day of what runs now, or is taken away.
fn set_timer(tx: &mut Tx<'_>, of: &Renewal) -> Result<(), Fault> {
    let record = of.id.uuid();
    let last = match of.status {
        RenewalStatus::Proposed => of.say_no_by,
        RenewalStatus::Checking if of.overdue_since.is_none() => of.check_due,
        status if status.is_open() => Some(of.expires_on),
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

/// The last day to ask for the renewal of a certificate that ends on a day.
#[must_use]
pub fn last_day_to_ask(expires_on: Date) -> Date {
    ask_by(expires_on)
}
