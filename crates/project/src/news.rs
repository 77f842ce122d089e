//! What follows from what happened to a bundle (timers, the combined certificate, the end of a
//! project's stage), and the news that the roof brings from applications and cases.

use case::{CaseId, Role};
use certificate::{CertificateField, NewCertificate};
use db::Tx;
use db::timer::{self, Timer};
use intake::ApplicationId;
use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{Fault, TypedId};
use ledger::Done;
use ledger::lifecycle::{apply, load_versioned};
use serde_json::json;

use crate::decide::{BundleCommand, BundleEvent, ProjectCommand, Who};
use crate::hand_in::{RELEASE_TIMER, ask_release, release, theme_of};
use crate::handle::{by_system, facts};
use crate::model::{Bundle, BundleId, PartStatus, Project, Reminder};
use crate::store;

/// Timers of opinions: this, and the number.
const OPINION_TIMER: &str = "project.opinion.";
/// The topic under which the house turns reminders into letters.
const REMINDER: &str = "case.reminder";

/// What follows from what happened to a bundle.
pub(crate) fn follow(tx: &mut Tx<'_>, done: &Done<Bundle>) -> Result<(), Fault> {
    let bundle = &done.record;
    let mut freed = false;
    for event in &done.events {
        match event {
            BundleEvent::OpinionAsked { number, due, .. } => {
                let after = due.tomorrow().map_err(Fault::broken)?;
                let at = kernel::clock::hall_instant(after.at(0, 0, 0, 0));
                timer::set(
                    tx,
                    &format!("{OPINION_TIMER}{number}"),
                    bundle.id.uuid(),
                    at,
                )?;
            }
            BundleEvent::OpinionGiven { number, .. }
            | BundleEvent::OpinionLapsed { number, .. } => {
                timer::cancel(tx, &format!("{OPINION_TIMER}{number}"), bundle.id.uuid())?;
            }
            BundleEvent::Awarded { .. } | BundleEvent::PartEnded { .. } => freed = true,
            BundleEvent::Concluded { passed, .. } => concluded(tx, bundle, *passed)?,
            BundleEvent::Reminded(reminder) => press(tx, bundle, reminder)?,
            _ => {}
        }
    }
    if freed && !bundle.ready().is_empty() {
        ask_release(tx, bundle.id)?;
    }
    Ok(())
}

/// Queues letters to whoever holds what is pressed for; ids only.
fn press(tx: &mut Tx<'_>, bundle: &Bundle, reminder: &Reminder) -> Result<(), Fault> {
    let part = reminder.part.and_then(|number| bundle.part(number));
    if let Some(case) = part.and_then(|part| part.case) {
        let case = case::case(tx, case)?;
        for task in &case.tasks {
            let body = json!({
                "case": case.id, "number": case.number, "organ": task.organ, "role": task.role,
                "officer": task.held_by,
            });
            db::outbox::queue(tx, REMINDER, &body.to_string())?;
        }
        return Ok(());
    }
    let (organ, role) = match part {
        Some(_) => (bundle.hall, Role::IntakeClerk),
        None => (reminder.organ, Role::CoHandler),
    };
    let body = json!({
        "bundle": bundle.id, "number": bundle.number, "organ": organ, "role": role,
        "officer": null,
    });
    db::outbox::queue(tx, REMINDER, &body.to_string()).map(|_| ())
}

fn concluded(tx: &mut Tx<'_>, bundle: &Bundle, passed: bool) -> Result<(), Fault> {
    if passed {
        combine(tx, bundle)?;
    }
    let Some(project) = bundle.project else {
        return Ok(());
    };
    let facts = facts(tx, Who::System)?;
    let old = load_versioned::<Project>(tx, project)?;
    let stages = old.record.stages.iter();
    let stage = (0..)
        .zip(stages)
        .find(|(_, one)| one.bundle == Some(bundle.id));
    if let Some((stage, _)) = stage {
        apply(tx, old, ProjectCommand::EndStage(stage, passed), &facts)?;
    }
    Ok(())
}

/// 一业一证: one certificate over the permits of the bundle, which name their own numbers.
fn combine(tx: &mut Tx<'_>, bundle: &Bundle) -> Result<(), Fault> {
    let Some(name) = &theme_of(bundle)?.combined else {
        return Ok(());
    };
    let (mut fields, mut scope) = (Vec::new(), Vec::new());
    let mut until: Option<Date> = None;
    for part in &bundle.parts {
        let granted = part.status == PartStatus::Granted;
        let Some(case) = part.case.filter(|_| granted) else {
            continue;
        };
        let version = catalogue::version(tx, part.plan.item, part.plan.version)?;
        let label = version.content.name.get("zh").to_owned();
        for one in certificate::certificates_of(tx, case.uuid())? {
            // The whole is valid as long as all of its parts are.
            until = match (until, one.valid_until) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
            fields.push(CertificateField {
                public: true,
                ..CertificateField::new(&label, one.number.to_string())
            });
        }
        scope.push(label);
    }
    let first = bundle
        .parts
        .first()
        .map(|part| (part.plan.item, part.plan.version));
    let Some((item, item_version)) = first else {
        return Ok(());
    };
    let new = NewCertificate {
        type_code: None,
        number: None,
        name: name.get("zh").to_owned(),
        copy_kind: "正本".to_owned(),
        about: bundle.id.uuid(),
        item: item.uuid(),
        item_version,
        organ: bundle.lead,
        holder: bundle.applicant,
        valid_from: tx.today(),
        valid_until: until,
        scope: scope.join("、"),
        fields,
        replaces: None,
    };
    certificate::issue(tx, new).map(|_| ())
}

/// An application became a case.
///
/// # Errors
/// As [`Tx::execute`].
pub fn case_opened(tx: &mut Tx<'_>, application: Uuid, case: CaseId) -> Result<(), Fault> {
    match store::bundle_of_application(tx, application)? {
        Some((id, part)) => by_system(tx, id, BundleCommand::Open(part, case)),
        None => Ok(()),
    }
}

/// An application ended at the front desk.
///
/// # Errors
/// As [`Tx::execute`].
pub fn application_over(tx: &mut Tx<'_>, application: ApplicationId) -> Result<(), Fault> {
    match store::bundle_of_application(tx, application.uuid())? {
        Some((id, part)) => by_system(tx, id, BundleCommand::End(part, PartStatus::Dropped)),
        None => Ok(()),
    }
}

/// Something happened to a case that may be a part of a bundle. Only what matters asks the store.
///
/// # Errors
/// As [`Tx::execute`].
pub fn case_changed(tx: &mut Tx<'_>, id: CaseId, event: &case::Event) -> Result<(), Fault> {
    let command: fn(u16) -> BundleCommand = match event {
        case::Event::Paused { .. } => BundleCommand::Stop,
        case::Event::Resumed { .. } => BundleCommand::Resume,
        case::Event::Withdrawn { .. } | case::Event::DeemedWithdrawn { .. } => {
            |part| BundleCommand::End(part, PartStatus::Dropped)
        }
        // 超时默认: what silence granted joins as what was granted.
        case::Event::TacitlyApproved(_) => |part| BundleCommand::End(part, PartStatus::Granted),
        case::Event::Advanced(advanced) => match advanced.verdict {
            Some(case::Verdict::Granted) => |part| BundleCommand::End(part, PartStatus::Granted),
            Some(case::Verdict::Refused) => |part| BundleCommand::End(part, PartStatus::Refused),
            None => return Ok(()),
        },
        _ => return Ok(()),
    };
    match store::bundle_of_case(tx, id.uuid())? {
        Some((bundle, part)) => by_system(tx, bundle, command(part)),
        None => Ok(()),
    }
}

/// Fires a timer of ours; false when it is another room's.
///
/// # Errors
/// As [`Tx::execute`].
pub fn fire(tx: &mut Tx<'_>, timer: &Timer) -> Result<bool, Fault> {
    let id = BundleId::from_uuid(timer.record);
    if timer.kind == RELEASE_TIMER {
        release(tx, id)?;
        return Ok(true);
    }
    let Some(number) = timer.kind.strip_prefix(OPINION_TIMER) else {
        return Ok(false);
    };
    let number: u16 = number.parse().map_err(Fault::broken)?;
    by_system(tx, id, BundleCommand::Lapse(number))?;
    Ok(true)
}
