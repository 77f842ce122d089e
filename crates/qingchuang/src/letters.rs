//! Who gets which letter: follows the sealed lines of the ledger and the reminders of cases, and
//! writes letters into inboxes. The write path pays nothing for it.
//!
//! At least once: the place in the ledger and the letters of a batch are one transaction, and
//! the same line makes the same letter. Deliberately absent: words, and sending (`inbox`).

use db::{Db, Tx, outbox};
use inbox::{LetterKind, NewLetter, Owner};
use kernel::{Actor, Fault, OfficerId, OrganId, PersonId, TypedId};
use ledger::Line;
use serde::Deserialize;
use web::Role;

use case::Neighbours;

use crate::neighbours::Beneath;

/// How many lines are followed in one transaction.
const LINES_MAX: u32 = 500;
/// How many reminders are taken up at once.
const REMINDERS_MAX: u32 = 100;
/// The topic under which cases queue reminders.
const REMINDER: &str = "case.reminder";

/// Follows the ledger to its sealed end.
///
/// # Errors
/// [`Fault::Unavailable`] when the store cannot answer.
pub fn follow(db: &Db) -> Result<(), Fault> {
    loop {
        let waits = db.read(|tx| {
            let from = inbox::position(tx)?;
            Ok(!ledger::line::sealed_from(tx, from, 1)?.is_empty())
        })?;
        if !waits {
            return Ok(());
        }
        let read = db.write(db.cause(Actor::system()), |tx| {
            let from = inbox::position(tx)?;
            let lines = ledger::line::sealed_from(tx, from, LINES_MAX)?;
            for line in &lines {
                for letter in letters(tx, line)? {
                    inbox::write(tx, &letter)?;
                }
            }
            let last = lines.last().and_then(|line| line.position);
            if let Some(last) = last {
                inbox::set_position(tx, last + 1)?;
            }
            Ok(lines.len())
        })?;
        if read < usize::try_from(LINES_MAX).unwrap_or(usize::MAX) {
            return Ok(());
        }
    }
}

/// What a line has to be told as, and to whom.
fn letters(tx: &mut Tx<'_>, line: &Line) -> Result<Vec<NewLetter>, Fault> {
    let kind = match (line.record_kind.as_str(), line.kind.as_str()) {
        ("application", "accepted") => LetterKind::Accepted,
        ("pledge", "lapsed") => LetterKind::PledgeLapsed,
        ("pledge", "kept") => LetterKind::PledgeKept,
        ("pledge", "rectification_asked") => LetterKind::PledgeToMend,
        ("pledge", "broken") => LetterKind::RouteClosed,
        ("pledge", "mended") => LetterKind::RouteOpened,
        ("offer", "made") => LetterKind::OfferMade,
        ("offer", "granted") => LetterKind::OfferGranted,
        ("offer", "refused") => LetterKind::OfferRefused,
        ("offer", "paid") => LetterKind::OfferPaid,
        ("case", "granted_by_rule" | "tacitly_approved") => LetterKind::Granted,
        ("application", "deemed_accepted") => LetterKind::DeemedAccepted,
        ("application", "notice_given") => LetterKind::CorrectionAsked,
        ("application", "not_accepted") => LetterKind::NotAccepted,
        ("application", "not_required") => LetterKind::NotRequired,
        ("exit", "opened") => LetterKind::ExitTold,
        ("exit", "decided") => LetterKind::ExitDecided,
        ("exit", "dropped") => LetterKind::ExitDropped,
        // Where it was asked for already, there is no right to tell.
        ("hearing", "begun") if line.data.get("ask_by").is_some() => LetterKind::HearingOffered,
        ("hearing", "scheduled" | "presider_named") => LetterKind::HearingSet,
        ("hearing", "held") => LetterKind::MinutesToSign,
        ("renewal", "watched") => LetterKind::LicenceNear,
        ("renewal", "proposed") => LetterKind::SilentRenewal,
        ("renewal", "granted" | "deemed" | "renewed_silently") => LetterKind::Renewed,
        ("renewal", "refused") => LetterKind::NotRenewed,
        ("case", "paused") => LetterKind::Paused,
        ("case", "extended") => LetterKind::Extended,
        ("case", "advanced") => match line.data.get("verdict").and_then(|word| word.as_str()) {
            Some("granted") => LetterKind::Granted,
            Some("refused") => LetterKind::Refused,
            _ => return Ok(Vec::new()),
        },
        _ => return Ok(Vec::new()),
    };
    let found = match line.record_kind.as_str() {
        "application" => of_application(tx, line),
        "pledge" => of_pledge(tx, pledge::PledgeId::from_uuid(line.record)),
        "offer" => of_offer(tx, line),
        "exit" => of_exit(tx, line),
        "hearing" => of_hearing(tx, line),
        "renewal" => of_renewal(tx, line),
        _ => of_case(tx, line),
    };
    let (applicant, agent, number, href) = match found {
        Ok(found) => found,
        // Erased meanwhile: there is nobody to tell.
        Err(Fault::NotFound { .. }) => return Ok(Vec::new()),
        Err(fault) => return Err(fault),
    };
    let people = std::iter::once(applicant).chain(agent);
    let letter = |person: PersonId| NewLetter {
        cause: format!("{} {}", line.record_id(), line.revision),
        kind,
        to: Owner::Citizen(person),
        number: number.clone(),
        href: href.clone(),
        at: line.at,
    };
    Ok(people.map(letter).collect())
}

type Told = (PersonId, Option<PersonId>, String, String);

fn of_application(tx: &mut Tx<'_>, line: &Line) -> Result<Told, Fault> {
    let id = intake::ApplicationId::from_uuid(line.record);
    let application = intake::application(tx, id)?;
    let number = application.number.to_string();
    let href = format!("/my/applications/{id}");
    Ok((application.applicant, application.agent, number, href))
}

fn of_case(tx: &mut Tx<'_>, line: &Line) -> Result<Told, Fault> {
    let id = case::CaseId::from_uuid(line.record);
    let case = case::case(tx, id)?;
    let href = format!("/my/cases/{id}");
    Ok((case.applicant, case.agent, case.number.to_string(), href))
}

fn of_exit(tx: &mut Tx<'_>, line: &Line) -> Result<Told, Fault> {
    let id = exit::ExitId::from_uuid(line.record);
    let one = exit::exit(tx, id)?;
    let number = certificate::certificate(tx, one.certificate)?.number;
    let href = format!("/my/exits/{id}");
    Ok((one.holder, None, number.to_string(), href))
}

fn of_hearing(tx: &mut Tx<'_>, line: &Line) -> Result<Told, Fault> {
    let id = hearing::HearingId::from_uuid(line.record);
    let one = hearing::hearing(tx, id)?;
    let number = hearing::matter(tx, one.subject)?.number;
    Ok((one.party, None, number, format!("/my/hearings/{id}")))
}

fn of_renewal(tx: &mut Tx<'_>, line: &Line) -> Result<Told, Fault> {
    let one = renewal::renewal(tx, renewal::RenewalId::from_uuid(line.record))?;
    let number = certificate::certificate(tx, one.certificate)?.number;
    Ok((
        one.holder,
        None,
        number.to_string(),
        "/my/renewals".to_owned(),
    ))
}

fn of_pledge(tx: &mut Tx<'_>, id: pledge::PledgeId) -> Result<Told, Fault> {
    let one = pledge::pledge(tx, id)?;
    let number = one.number.map_or_else(String::new, |one| one.to_string());
    let signer = one.signer.filter(|signer| *signer != one.applicant);
    Ok((one.applicant, signer, number, "/my/pledges".to_owned()))
}

fn of_offer(tx: &mut Tx<'_>, line: &Line) -> Result<Told, Fault> {
    let one = offer::offer(tx, offer::OfferId::from_uuid(line.record))?;
    let code = offer::scheme(tx, one.scheme)?.code.to_string();
    Ok((one.party, None, code, "/my/offers".to_owned()))
}

/// A reminder as the case queued it.
#[derive(Deserialize)]
struct Reminder {
    #[serde(default)]
    case: Option<case::CaseId>,
    /// The bundle, where the lead presses for an opinion or at the front desk.
    #[serde(default)]
    bundle: Option<project::BundleId>,
    number: String,
    organ: OrganId,
    role: Role,
    officer: Option<OfficerId>,
}

/// Turns the reminders of cases into letters to whoever holds the task, or to everybody at its
/// post.
///
/// # Errors
/// [`Fault::Unavailable`] when the store cannot answer.
pub fn remind(db: &Db) -> Result<(), Fault> {
    let due = db.read(|tx| outbox::due_of(tx, REMINDER, REMINDERS_MAX))?;
    for message in due {
        db.write(db.cause(Actor::system()), move |tx| {
            match serde_json::from_str::<Reminder>(&message.body) {
                Ok(reminder) => {
                    for letter in reminders(tx, &message, &reminder)? {
                        inbox::write(tx, &letter)?;
                    }
                }
                Err(error) => tracing::error!(%error, id = %message.id, "no reminder"),
            }
            outbox::sent(tx, &message)
        })?;
    }
    Ok(())
}

/// Turns the reminders of pledges into letters to their signers.
///
/// # Errors
/// [`Fault::Unavailable`] when the store cannot answer.
pub fn remind_of_pledges(db: &Db) -> Result<(), Fault> {
    let due = db.read(|tx| outbox::due_of(tx, pledge::REMINDER, REMINDERS_MAX))?;
    for message in due {
        db.write(db.cause(Actor::system()), move |tx| {
            match serde_json::from_str::<pledge::Reminder>(&message.body) {
                Ok(reminder) => {
                    let (applicant, signer, number, href) = of_pledge(tx, reminder.pledge)?;
                    for person in std::iter::once(applicant).chain(signer) {
                        let letter = NewLetter {
                            cause: message.id.to_string(),
                            kind: LetterKind::PapersDue,
                            to: Owner::Citizen(person),
                            number: number.clone(),
                            href: href.clone(),
                            at: message.created_at,
                        };
                        inbox::write(tx, &letter)?;
                    }
                }
                Err(error) => tracing::error!(%error, id = %message.id, "no reminder"),
            }
            outbox::sent(tx, &message)
        })?;
    }
    Ok(())
}

fn reminders(
    tx: &mut Tx<'_>,
    message: &outbox::Message,
    reminder: &Reminder,
) -> Result<Vec<NewLetter>, Fault> {
    let officers: Vec<OfficerId> = match reminder.officer {
        Some(officer) => vec![officer],
        None => {
            let holders = Beneath.holders(tx, reminder.organ, reminder.role)?;
            holders.into_iter().map(|one| one.officer).collect()
        }
    };
    let href = match (reminder.case, reminder.bundle) {
        (Some(case), _) => format!("/desk/cases/{case}"),
        (None, Some(bundle)) => format!("/desk/bundles/{bundle}"),
        (None, None) => "/desk".to_owned(),
    };
    let letter = |officer: OfficerId| NewLetter {
        cause: message.id.to_string(),
        kind: LetterKind::TaskDue,
        to: Owner::Officer(officer),
        number: reminder.number.clone(),
        href: href.clone(),
        at: message.created_at,
    };
    Ok(officers.into_iter().map(letter).collect())
}
