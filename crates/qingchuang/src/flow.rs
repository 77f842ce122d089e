//! What follows from what: the only place where two rooms meet sideways or upwards. It runs in
//! the transaction of the news that it follows.

use case::{Code, NewCase, Term};
use catalogue::model::{LimitUnit, Promise, TimeLimit};
use catalogue::scenario::requirements;
use db::{News, Tx};
use evaluation::{Invitation, Subject};
use kernel::{Fault, TypedId};
use ledger::Happened;

/// Follows one piece of news; news that nobody follows is good news.
///
/// # Errors
/// Whatever a room says; then nothing of it happened.
pub fn follow(tx: &mut Tx<'_>, news: &News) -> Result<(), Fault> {
    if let Some(happened) = news.downcast_ref::<Happened<intake::Application>>() {
        return match happened.event {
            intake::Event::Received(_) => crate::ruling::received(tx, happened.id),
            intake::Event::Accepted { .. } | intake::Event::DeemedAccepted { .. } => {
                open_case(tx, happened.id).map(|_| ())
            }
            intake::Event::NotRequired { .. }
            | intake::Event::NotAccepted { .. }
            | intake::Event::WithdrawnByApplicant { .. }
            | intake::Event::LapsedForCorrection { .. } => {
                crate::modes::ended(tx, happened.id)?;
                project::application_over(tx, happened.id)
            }
            _ => Ok(()),
        };
    }
    if let Some(happened) = news.downcast_ref::<Happened<pledge::Pledge>>() {
        return crate::modes::pledged(tx, happened.id, &happened.event);
    }
    if let Some(happened) = news.downcast_ref::<Happened<certificate::Certificate>>() {
        return crate::licences::certified(tx, happened.id, &happened.event);
    }
    if let Some(happened) = news.downcast_ref::<Happened<exit::LicenceExit>>() {
        return crate::licences::leaving(tx, happened.id, &happened.event);
    }
    if let Some(happened) = news.downcast_ref::<Happened<hearing::Hearing>>() {
        return crate::licences::heard(tx, happened.id, &happened.event);
    }
    if let Some(happened) = news.downcast_ref::<Happened<offer::Offer>>() {
        return match happened.event {
            offer::Event::Unopposed { .. } => crate::ruling::unopposed(tx, happened.id),
            _ => Ok(()),
        };
    }
    if let Some(happened) = news.downcast_ref::<Happened<case::Case>>() {
        return project::case_changed(tx, happened.id, &happened.event);
    }
    if let Some(news) = news.downcast_ref::<case::News>() {
        return match *news {
            case::News::Delivered { case } => invite(tx, case),
            case::News::Decided { case, verdict } => crate::modes::decided(tx, case, verdict),
            case::News::Closed { case } => crate::modes::closed(tx, case),
            case::News::SetAside { case } => crate::modes::set_aside(tx, case),
            case::News::LegallyReviewed {
                case,
                by,
                standing_in,
                agrees,
                said,
            } => crate::deciding::reviewed(tx, case, (by, standing_in), agrees, said.as_ref()),
            case::News::TacitlyApproved { .. } | case::News::LimitPassed { .. } => Ok(()),
        };
    }
    if news.downcast_ref::<operations::CalendarChanged>().is_some() {
        return crate::days::begin_redating(tx);
    }
    Ok(())
}

/// An accepted application becomes a case (行政许可法 32, 42).
pub(crate) fn open_case(
    tx: &mut Tx<'_>,
    application: intake::ApplicationId,
) -> Result<case::CaseId, Fault> {
    let facts = intake::case_facts(tx, application)?;
    let version = catalogue::version(tx, facts.item, facts.version)?;
    let content = &version.content;
    let handling = content.handling.as_ref();
    let at_once = crate::modes::accepted(tx, application, &facts)?;
    let (ordinary, promised) = ordinary(tx, &facts)?;
    // What rests on a promise is decided at once 当场决定.
    let (procedure, promised) = match at_once {
        Some(procedure) => (in_force(tx, procedure)?, Term::workdays(1)),
        None => (ordinary, promised),
    };
    // A scenario may have limits of its own; its notice of acceptance names them.
    let asked = requirements(content, &facts.scenario).map_err(Fault::broken)?;
    let statutory = asked.statutory.map(|limit| limit.limit);
    let statutory = statutory.map_or(Term::workdays(20), term);
    let mut consulted = Vec::new();
    for body in handling.iter().flat_map(|handling| &handling.consulted) {
        let uscc = body.uscc.as_deref().unwrap_or_default();
        if let Some(organ) = identity::organ_by_uscc(tx, uscc)? {
            consulted.push(organ.id);
        }
    }
    let start = if facts.accepted_on == tx.today() {
        kernel::clock::hall_time(tx.now())
    } else {
        facts.accepted_on.at(9, 0, 0, 0)
    };
    let new = NewCase {
        application: application.uuid(),
        number: code(facts.number.as_ref())?,
        item: facts.item.uuid(),
        version: facts.version,
        procedure: code(&procedure)?,
        result: content
            .outcome
            .as_ref()
            .map(|outcome| code(outcome.kind.word()))
            .transpose()?,
        statutory,
        promised,
        applicant: facts.applicant,
        agent: facts.agent,
        accepted_by: facts.accepted_by,
        accepted_for: None,
        accepted_at: start,
        organ: facts.organ,
        hall: facts.hall,
        consulted,
    };
    let opened = case::open(tx, new)?;
    project::case_opened(tx, application.uuid(), opened)?;
    Ok(opened)
}

/// The ordinary way of an accepted application: its procedure, and the limit that is promised.
pub(crate) fn ordinary(
    tx: &mut Tx<'_>,
    facts: &intake::CaseFacts,
) -> Result<(String, Term), Fault> {
    let version = catalogue::version(tx, facts.item, facts.version)?;
    let content = &version.content;
    let handling = content.handling.as_ref();
    let procedure = handling.map_or("standard", |handling| handling.procedure.as_str());
    let procedure = in_force(tx, procedure)?;
    let asked = requirements(content, &facts.scenario).map_err(Fault::broken)?;
    let statutory = asked.statutory.map(|limit| limit.limit);
    let promised = match asked.promised {
        Some(Promise::Within(limit)) => term(limit),
        Some(Promise::Instant) => Term::workdays(1),
        None => statutory.map_or(Term::workdays(20), term),
    };
    Ok((procedure, promised))
}

/// The version of a procedure by which a case begins today.
fn in_force(tx: &mut Tx<'_>, name: &str) -> Result<String, Fault> {
    let today = tx.today();
    let none = || Fault::broken(format!("no procedure {name} is in force"));
    let wanted = name.parse().map_err(|_| none())?;
    let found = procedure::in_force(tx, &wanted, today)?;
    Ok(found.ok_or_else(none)?.to_string())
}

/// A result was handed out: the applicant is asked for one rating.
fn invite(tx: &mut Tx<'_>, id: case::CaseId) -> Result<(), Fault> {
    let case = case::case(tx, id)?;
    let officer = tx.actor().as_officer();
    let invitation = Invitation {
        subject: Subject::Case(id.uuid()),
        item: case.item,
        version: case.version,
        organ: case.organ,
        officer,
        person: Some(case.applicant),
    };
    evaluation::invite(tx, &invitation).map(|_| ())
}

fn term(limit: TimeLimit) -> Term {
    let unit = match limit.unit {
        LimitUnit::Workday => calendar::DueUnit::Workday,
        LimitUnit::Day => calendar::DueUnit::Day,
        LimitUnit::Hour => calendar::DueUnit::Hour,
    };
    Term {
        count: limit.amount,
        unit,
    }
}

fn code(word: &str) -> Result<Code, Fault> {
    Code::try_from(word.to_owned()).map_err(Fault::broken)
}
