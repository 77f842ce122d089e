//! What the lead and the departments do with a bundle, and who may see it.

use std::sync::Arc;

use calendar::WorkingDays;
use db::{Tx, params};
use intake::ApplicationId;
use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{Fault, OrganId, PersonId, TypedId, text};
use ledger::lifecycle::{apply, load_versioned};
use ledger::{Commitment, keep_text};

use crate::days::{self, Days, Holder};
use crate::decide::{BundleCommand, Facts, Who};
use crate::model::{Bundle, BundleId, Stance};
use crate::news::follow;
use crate::store::{self, Reach};

/// The longest text of the room, in characters.
pub const TEXT_CHARS_MAX: usize = 1000;

pub(crate) fn facts(tx: &Tx<'_>, who: Who) -> Result<Facts, Fault> {
    Ok(Facts {
        today: tx.today(),
        calendar: calendar_of(tx)?,
        who,
    })
}

fn calendar_of(tx: &Tx<'_>) -> Result<Arc<WorkingDays>, Fault> {
    tx.thing::<WorkingDays>()
}

fn perform(
    tx: &mut Tx<'_>,
    id: BundleId,
    command: BundleCommand,
    who: Who,
) -> Result<Bundle, Fault> {
    let facts = facts(tx, who)?;
    let old = load_versioned::<Bundle>(tx, id)?;
    let done = apply(tx, old, command, &facts)?;
    follow(tx, &done)?;
    Ok(done.record)
}

pub(crate) fn by_system(
    tx: &mut Tx<'_>,
    id: BundleId,
    command: BundleCommand,
) -> Result<(), Fault> {
    perform(tx, id, command, Who::System).map(|_| ())
}

/// An officer as the rules see one.
fn officer(by: &web::Officer) -> Result<Who, Fault> {
    Ok(Who::Officer(case::doer(by)?))
}

/// How far an officer sees.
///
/// # Errors
/// [`Fault::Forbidden`] without a seat.
pub fn reach(by: &web::Officer) -> Result<Reach, Fault> {
    let all = [web::Role::HallManager, web::Role::Supervisor];
    if all.iter().any(|role| by.has(*role)) {
        return Ok(Reach::Hall);
    }
    let nothing = Fault::Forbidden {
        code: "access.role_missing",
    };
    by.organ().map(Reach::Organ).ok_or(nothing)
}

/// The bundle, for an officer who may see it.
///
/// # Errors
/// [`Fault::NotFound`] for all others.
pub fn seen(tx: &mut Tx<'_>, by: &web::Officer, id: BundleId) -> Result<Bundle, Fault> {
    if !store::seen_bundle(tx, reach(by)?, id)? {
        return Err(Fault::NotFound { what: "bundle" });
    }
    bundle(tx, id)
}

/// The bundle of a person.
///
/// # Errors
/// [`Fault::NotFound`] when it is not theirs.
pub fn own(tx: &mut Tx<'_>, by: PersonId, id: BundleId) -> Result<Bundle, Fault> {
    let found = bundle(tx, id)?;
    match found.belongs_to(by) {
        true => Ok(found),
        false => Err(Fault::NotFound { what: "bundle" }),
    }
}

/// The bundle, for other rooms; pages use [`own`] and [`seen`].
///
/// # Errors
/// [`Fault::NotFound`].
pub fn bundle(tx: &mut Tx<'_>, id: BundleId) -> Result<Bundle, Fault> {
    Ok(load_versioned::<Bundle>(tx, id)?.record)
}

/// Keeps words that may be left out.
fn keep(
    tx: &mut Tx<'_>,
    id: impl TypedId,
    field: &str,
    words: &str,
) -> Result<Option<Commitment>, Fault> {
    match words.trim().is_empty() {
        true => Ok(None),
        false => keep_words(tx, id, field, words).map(Some),
    }
}

/// Keeps a text that must be there.
pub(crate) fn keep_words(
    tx: &mut Tx<'_>,
    id: impl TypedId,
    field: &str,
    words: &str,
) -> Result<Commitment, Fault> {
    let words = text::bounded(field, words, TEXT_CHARS_MAX);
    let words = words.map_err(|problem| Fault::Invalid(vec![problem]))?;
    keep_text(tx, id, None, &words)
}

/// What an officer asks of a bundle that they may see.
fn asked_by(
    tx: &mut Tx<'_>,
    by: &web::Officer,
    id: BundleId,
    command: impl FnOnce(&mut Tx<'_>) -> Result<BundleCommand, Fault>,
) -> Result<Bundle, Fault> {
    seen(tx, by, id)?;
    let command = command(tx)?;
    perform(tx, id, command, officer(by)?)
}

/// Asks a department for its opinion 征求意见.
///
/// # Errors
/// The rule that says no.
pub fn ask(
    tx: &mut Tx<'_>,
    by: &web::Officer,
    id: BundleId,
    organ: OrganId,
    days: u32,
    question: &str,
) -> Result<Bundle, Fault> {
    asked_by(tx, by, id, |tx| {
        // An organ that is not there would never answer.
        identity::organ(tx, organ)?;
        let question = keep(tx, id, "question", question)?;
        Ok(BundleCommand::Ask {
            organ,
            days,
            question,
        })
    })
}

/// Gives the opinion that was asked for; late ones are taken and marked.
///
/// # Errors
/// The rule that says no.
pub fn give_opinion(
    tx: &mut Tx<'_>,
    by: &web::Officer,
    id: BundleId,
    number: u16,
    stance: Stance,
    words: &str,
) -> Result<Bundle, Fault> {
    asked_by(tx, by, id, |tx| {
        let text = keep(tx, id, "text", words)?;
        Ok(BundleCommand::Give {
            number,
            stance,
            text,
        })
    })
}

/// Presses a department 催办, and logs it.
///
/// # Errors
/// The rule that says no.
pub fn remind(
    tx: &mut Tx<'_>,
    by: &web::Officer,
    id: BundleId,
    part: Option<u16>,
    opinion: Option<u16>,
    words: &str,
) -> Result<Bundle, Fault> {
    asked_by(tx, by, id, |tx| {
        let text = keep_words(tx, id, "text", words)?;
        Ok(BundleCommand::Remind {
            part,
            opinion,
            text,
        })
    })
}

/// Fixes the day of the visit 现场踏勘.
///
/// # Errors
/// The rule that says no.
pub fn plan_visit(
    tx: &mut Tx<'_>,
    by: &web::Officer,
    id: BundleId,
    day: Date,
) -> Result<Bundle, Fault> {
    asked_by(tx, by, id, |_| Ok(BundleCommand::PlanVisit(day)))
}

/// Concludes the joint check with one conclusion.
///
/// # Errors
/// The rule that says no.
pub fn hold_check(
    tx: &mut Tx<'_>,
    by: &web::Officer,
    id: BundleId,
    marks: Vec<bool>,
    passed: bool,
    words: &str,
) -> Result<Bundle, Fault> {
    asked_by(tx, by, id, |tx| {
        let text = keep(tx, id, "text", words)?;
        Ok(BundleCommand::HoldCheck {
            marks,
            passed,
            text,
        })
    })
}

/// The land was awarded 拿地: what was looked at before is handed in today.
///
/// # Errors
/// The rule that says no.
pub fn award(tx: &mut Tx<'_>, by: &web::Officer, id: BundleId) -> Result<Bundle, Fault> {
    asked_by(tx, by, id, |_| Ok(BundleCommand::Award))
}

/// How the working days of a bundle were spent, up to its conclusion or today.
///
/// # Errors
/// [`Fault::Broken`] when a day lies outside the calendar.
pub fn days_of(tx: &Tx<'_>, bundle: &Bundle) -> Result<Days, Fault> {
    let calendar = calendar_of(tx)?;
    let start = bundle.started_on.unwrap_or(bundle.handed_in_on);
    let end = bundle.concluded_on.unwrap_or_else(|| tx.today());
    let rest = Holder::Organ(bundle.lead);
    days::add_up(&calendar, start, end, &bundle.held(), rest).map_err(Fault::broken)
}

/// The bundles of a person, the newest first, before one.
///
/// # Errors
/// As [`Tx::query`].
pub fn bundles_of(
    tx: &mut Tx<'_>,
    person: PersonId,
    before: Option<BundleId>,
    most: usize,
) -> Result<Vec<Bundle>, Fault> {
    store::bundles_of(tx, person, before, most)
}

/// The bundles that an officer may see, the newest first, before one; only those that run, where
/// asked.
///
/// # Errors
/// As [`Tx::query`].
pub fn within(
    tx: &mut Tx<'_>,
    by: &web::Officer,
    open_only: bool,
    before: Option<BundleId>,
    most: usize,
) -> Result<Vec<Bundle>, Fault> {
    store::within(tx, reach(by)?, open_only, before, most)
}

/// The opinions that an officer's organ still owes, the most urgent first.
///
/// # Errors
/// As [`Tx::query`].
pub fn opinions_asked(
    tx: &mut Tx<'_>,
    by: &web::Officer,
    most: usize,
) -> Result<Vec<(BundleId, u16)>, Fault> {
    match by.organ() {
        Some(organ) => store::opinions_of(tx, organ, most),
        None => Ok(Vec::new()),
    }
}

/// The bundle that an application is a part of.
///
/// # Errors
/// As [`Tx::query`].
pub fn bundle_of_application(
    tx: &mut Tx<'_>,
    application: ApplicationId,
) -> Result<Option<BundleId>, Fault> {
    let found = store::bundle_of_application(tx, application.uuid())?;
    Ok(found.map(|(bundle, _)| bundle))
}

/// The bundle of a number.
///
/// # Errors
/// As [`Tx::query`].
pub fn find_by_number(tx: &mut Tx<'_>, number: &str) -> Result<Option<BundleId>, Fault> {
    store::number_of_bundle(tx, number)
}

/// Forgets what a person was writing; answers how many drafts. Texts and files go with the
/// ledger's.
///
/// # Errors
/// As [`Tx::execute`].
pub fn erase(tx: &mut Tx<'_>, person: PersonId) -> Result<u64, Fault> {
    let mut gone = 0;
    for draft in store::drafts_about(tx, person)? {
        store::DRAFTS.remove(tx, params![draft])?;
        gone += 1;
    }
    Ok(gone)
}

/// The bundles and projects that a person applied for, by raw id: whose texts are theirs.
///
/// # Errors
/// As [`Tx::query`].
pub fn records_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Uuid>, Fault> {
    store::records_of(tx, person)
}
