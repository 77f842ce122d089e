//! Use cases of an application that has been received: the front desk answers, the applicant
//! corrects or takes back, the clock accepts what nobody answered.

use std::sync::Arc;

use catalogue::Version;
use catalogue::model::kind::Necessity;
use catalogue::scenario::{Requirements, requirements};
use db::Tx;
use db::timer::Timer;
use kernel::{Fault, Problem, TypedId};
use ledger::lifecycle::{Done, apply, load_versioned};
use ledger::{Commitment, keep_text, read_text};
use serde_json::{Map, Value};

use crate::decide::{CORRECT_WORKDAYS, Command, Event, Facts, Who};
use crate::draft::{file_problems, material_field};
use crate::model::{Application, ApplicationId, By, Correction, Document, SentFile, UploadId};
use crate::submit::{DEEMED, checked_answers, documents, listed, position, watch, workdays_after};
use crate::{notices, store};

/// Accepts an application 受理 (行政许可法 32(1)(5)).
///
/// # Errors
/// A [`crate::Refusal`].
pub fn accept(tx: &mut Tx<'_>, by: &By, id: ApplicationId) -> Result<Application, Fault> {
    let done = command(tx, by, id, Command::Accept)?;
    settled(tx, done)
}

/// Accepts an application by the decision table that grants it (秒批, 无感审批). Only the roof, which
/// asks the table, calls this.
///
/// # Errors
/// A [`crate::Refusal`]: something is missing, or the applicant wants people to handle it.
pub fn accept_by_rule(tx: &mut Tx<'_>, id: ApplicationId) -> Result<Application, Fault> {
    let old = load_versioned::<Application>(tx, id)?;
    let facts = facts(tx, Who::Clock, &old.record)?;
    let done = apply(tx, old, Command::AcceptByRule, &facts)?;
    settled(tx, done)
}

/// Tells once, and whole, what is missing 一次性告知 (行政许可法 32(1)(4)).
///
/// # Errors
/// A [`crate::Refusal`]; [`Fault::Invalid`] for a material that the item version does not have.
pub fn give_notice(
    tx: &mut Tx<'_>,
    by: &By,
    id: ApplicationId,
    corrections: &[Correction],
) -> Result<Application, Fault> {
    let application = store::visible(tx, by, id)?;
    let version = version_of(tx, &application)?;
    let mut missing = Vec::new();
    for material in corrections.iter().filter_map(|one| one.material.as_deref()) {
        let at = position(&version.content.materials, |known| known.id == material);
        let at = at.map_err(|_| Fault::invalid(material_field(material), "material.not_listed"))?;
        if missing.contains(&at) {
            return Err(Fault::invalid(
                material_field(material),
                "material.used_twice",
            ));
        }
        missing.push(at);
    }
    let form = corrections.iter().any(|one| one.material.is_none());
    let texts = serde_json::to_string(corrections).map_err(Fault::broken)?;
    let texts = keep_text(tx, id, Some(application.applicant), &texts)?;
    let done = command(
        tx,
        by,
        id,
        Command::GiveNotice {
            missing,
            form,
            texts,
        },
    )?;
    settled(tx, done)
}

/// Hands in what was asked for 补正.
///
/// # Errors
/// A [`crate::Refusal`]; [`Fault::Invalid`] for wrong answers or files.
pub fn correct(
    tx: &mut Tx<'_>,
    by: &By,
    id: ApplicationId,
    answers: Option<&Map<String, Value>>,
    files: Vec<(String, UploadId)>,
) -> Result<Application, Fault> {
    let (answers, documents) = corrections(tx, by, id, answers, files)?;
    let done = command(tx, by, id, Command::Correct { answers, documents })?;
    watch(tx, &done.record)?;
    Ok(done.record)
}

/// Hands in after acceptance what a pledge owes 补交.
///
/// # Errors
/// A [`crate::Refusal`] or a [`pledge::Refusal`]; [`Fault::Invalid`] for wrong files.
pub fn make_up(
    tx: &mut Tx<'_>,
    by: &By,
    id: ApplicationId,
    files: Vec<(String, UploadId)>,
) -> Result<Application, Fault> {
    let (_, documents) = corrections(tx, by, id, None, files)?;
    let mut materials: Vec<u16> = documents.iter().map(|one| one.material).collect();
    materials.sort_unstable();
    materials.dedup();
    let done = command(tx, by, id, Command::MakeUp { documents })?;
    pledge::hand_in(tx, id.uuid(), &materials)?;
    Ok(done.record)
}

/// Corrects at the window what can be corrected there 当场更正 (行政许可法 32(1)(3)); the ledger
/// keeps both the old and the new answers.
///
/// # Errors
/// A [`crate::Refusal`]; [`Fault::Invalid`] for wrong answers or files.
pub fn correct_on_the_spot(
    tx: &mut Tx<'_>,
    by: &By,
    id: ApplicationId,
    answers: Option<&Map<String, Value>>,
    files: Vec<(String, UploadId)>,
) -> Result<Application, Fault> {
    let application = store::visible(tx, by, id)?;
    let before = read_answers(tx, &application)?;
    let fields = changed(&before, answers, &files);
    if fields.is_empty() {
        return Err(Fault::invalid("", "intake.nothing_changed"));
    }
    let fields = serde_json::to_string(&fields).map_err(Fault::broken)?;
    let fields = keep_text(tx, id, Some(application.applicant), &fields)?;
    let (answers, documents) = corrections(tx, by, id, answers, files)?;
    let asked = Command::CorrectOnTheSpot {
        fields,
        answers,
        documents,
    };
    Ok(command(tx, by, id, asked)?.record)
}

/// Says that no licence is needed 不受理 (行政许可法 32(1)(1)).
///
/// # Errors
/// A [`crate::Refusal`].
pub fn not_required(
    tx: &mut Tx<'_>,
    by: &By,
    id: ApplicationId,
    reason: &str,
) -> Result<Application, Fault> {
    let application = store::visible(tx, by, id)?;
    let reason = keep_text(tx, id, Some(application.applicant), reason)?;
    let done = command(tx, by, id, Command::SayNotRequired { reason })?;
    settled(tx, done)
}

/// A name that sends somebody to the right door has at least place and organ: 广安区教体局.
const COMPETENT_CHARS_MIN: usize = 4;

/// Says that another organ is competent 不予受理 (行政许可法 32(1)(2)); the law wants it named.
///
/// # Errors
/// A [`crate::Refusal`].
pub fn not_accepted(
    tx: &mut Tx<'_>,
    by: &By,
    id: ApplicationId,
    competent: &str,
    reason: &str,
) -> Result<Application, Fault> {
    let application = store::visible(tx, by, id)?;
    let ours = identity::organ(tx, application.organ)?;
    if [ours.name.as_str(), ours.short_name.as_str()].contains(&competent.trim()) {
        return Err(Fault::invalid("competent", "intake.competent_is_ours"));
    }
    if competent.trim().chars().count() < COMPETENT_CHARS_MIN {
        return Err(Fault::invalid("competent", "intake.competent_unclear"));
    }
    let competent = keep_text(tx, id, Some(application.applicant), competent)?;
    let reason = keep_text(tx, id, Some(application.applicant), reason)?;
    let done = command(tx, by, id, Command::RefuseAcceptance { competent, reason })?;
    settled(tx, done)
}

/// Takes an application back before it is accepted 撤件.
///
/// # Errors
/// A [`crate::Refusal`].
pub fn withdraw(tx: &mut Tx<'_>, by: &By, id: ApplicationId) -> Result<Application, Fault> {
    let done = command(tx, by, id, Command::Withdraw)?;
    settled(tx, done)
}

/// Closes what was never corrected 补正不来办结.
///
/// # Errors
/// A [`crate::Refusal`].
pub fn lapse(tx: &mut Tx<'_>, by: &By, id: ApplicationId) -> Result<Application, Fault> {
    let done = command(tx, by, id, Command::Lapse)?;
    settled(tx, done)
}

/// Fires the room's timer: true when it was one of this room. Early or again, it does nothing.
///
/// # Errors
/// [`Fault::NotFound`] for a record that is gone.
pub fn fire(tx: &mut Tx<'_>, timer: &Timer) -> Result<bool, Fault> {
    if timer.kind != DEEMED {
        return Ok(false);
    }
    let id = ApplicationId::from_uuid(timer.record);
    let old = load_versioned::<Application>(tx, id)?;
    let facts = facts(tx, Who::Clock, &old.record)?;
    let done = apply(tx, old, Command::Deem, &facts)?;
    if !done.events.is_empty() {
        settled(tx, done)?;
    }
    Ok(true)
}

/// The item version that an application keeps for life.
///
/// # Errors
/// As [`catalogue::version`].
pub fn version_of(tx: &mut Tx<'_>, application: &Application) -> Result<Arc<Version>, Fault> {
    catalogue::version(tx, application.item, application.version)
}

/// What the scenario of an application asks for.
///
/// # Errors
/// [`Fault::Broken`] when the version does not hold the scenario.
pub fn requirements_of<'v>(
    version: &'v Version,
    application: &Application,
) -> Result<Requirements<'v>, Fault> {
    let scenario = version
        .content
        .scenarios
        .get(usize::from(application.scenario));
    let scenario = scenario.ok_or_else(|| Fault::broken("no such scenario in the version"))?;
    requirements(&version.content, &scenario.id).map_err(Fault::broken)
}

/// The answers to the form; empty once they were erased.
///
/// # Errors
/// [`Fault::Broken`] when the text was changed.
pub fn read_answers(
    tx: &mut Tx<'_>,
    application: &Application,
) -> Result<Map<String, Value>, Fault> {
    read_json(tx, &application.answers)
}

pub(crate) fn read_json<T>(tx: &mut Tx<'_>, kept: &Commitment) -> Result<T, Fault>
where
    T: serde::de::DeserializeOwned + Default,
{
    match read_text(tx, kept)? {
        Some(text) => serde_json::from_str(&text).map_err(Fault::broken),
        None => Ok(T::default()),
    }
}

fn command(
    tx: &mut Tx<'_>,
    by: &By,
    id: ApplicationId,
    command: Command,
) -> Result<Done<Application>, Fault> {
    // Whoever may not see it learns nothing about it.
    store::visible(tx, by, id)?;
    let old = load_versioned::<Application>(tx, id)?;
    let who = match by {
        By::Person(person) => Who::Person(*person),
        By::Clerk { officer, hall } if *hall == old.record.hall => Who::FrontDesk(*officer),
        By::Clerk { .. } | By::Other => Who::OtherOfficer,
    };
    let facts = facts(tx, who, &old.record)?;
    apply(tx, old, command, &facts)
}

fn facts(tx: &mut Tx<'_>, who: Who, application: &Application) -> Result<Facts, Fault> {
    let version = version_of(tx, application)?;
    let asked = requirements_of(&version, application)?;
    let lines = asked.materials.lines().iter();
    // What may follow later is not there either: a pledge stands for it, or it is missing.
    let required = lines.filter(|line| {
        line.requirement.necessity != Necessity::Optional && !line.material.from_form
    });
    let (pledged, owed) = pledges(tx, &version, application)?;
    let at = |id: &str| position(&version.content.materials, |material| material.id == id);
    let mut required = required
        .map(|line| at(&line.material.id))
        .collect::<Result<Vec<u16>, _>>()?;
    // What another matter of the same bundle issues is not missing: the hall brings it itself.
    let held = crate::onward::held(tx, application)?;
    required.retain(|material| !held.contains(material));
    let today = tx.today();
    Ok(Facts {
        today,
        who,
        listed: listed(&version.content, &asked)?,
        required,
        pledged,
        owed,
        five_workdays_on: workdays_after(tx, today, CORRECT_WORKDAYS)?,
    })
}

/// What pledges stand for and owe; asked only where the item version publishes a mode.
fn pledges(
    tx: &mut Tx<'_>,
    version: &Version,
    application: &Application,
) -> Result<(Vec<u16>, Vec<u16>), Fault> {
    if version.content.modes.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let of = application.id.uuid();
    let owed = match application.status.is_accepted() {
        true => pledge::owed(tx, of)?,
        false => Vec::new(),
    };
    Ok((pledge::covered(tx, of)?, owed))
}

/// What follows in this room: the paper of the outcome, and no more waiting.
fn settled(tx: &mut Tx<'_>, done: Done<Application>) -> Result<Application, Fault> {
    let application = done.record;
    db::timer::cancel(tx, DEEMED, application.id.uuid())?;
    for event in &done.events {
        match event {
            Event::Accepted { .. } | Event::AcceptedByRule { .. } => {
                notices::acceptance(tx, &application)?;
            }
            Event::NoticeGiven(_) => notices::one_time_notice(tx, &application)?,
            Event::NotRequired { .. } => notices::not_required(tx, &application)?,
            Event::NotAccepted { .. } => notices::not_accepted(tx, &application)?,
            Event::DeemedAccepted { .. } => notices::deemed_accepted(tx, &application)?,
            Event::WithdrawnByApplicant { .. } | Event::LapsedForCorrection { .. } => {
                notices::withdrawal(tx, &application)?;
            }
            Event::Received(_)
            | Event::Corrected { .. }
            | Event::CorrectedOnTheSpot { .. }
            | Event::MadeUp { .. } => {}
        }
    }
    Ok(application)
}

/// Checks answers and files that come later, and names them in the record.
fn corrections(
    tx: &mut Tx<'_>,
    by: &By,
    id: ApplicationId,
    answers: Option<&Map<String, Value>>,
    files: Vec<(String, UploadId)>,
) -> Result<(Option<Commitment>, Vec<Document>), Fault> {
    let application = store::visible(tx, by, id)?;
    let version = version_of(tx, &application)?;
    let asked = requirements_of(&version, &application)?;
    let owner = by.uuid().ok_or(Fault::NotFound {
        what: "application",
    })?;
    let mut sent: Vec<SentFile> = Vec::new();
    for (material, upload) in files {
        let mut file = store::upload(tx, owner, upload)?;
        if file.draft.is_some() || sent.iter().any(|other| other.id == file.id) {
            return Err(Fault::invalid(
                material_field(&material),
                "material.used_twice",
            ));
        }
        file.material = Some(material);
        sent.push(file);
    }
    let mut problems: Vec<Problem> = file_problems(&asked, &sent);
    let form = catalogue::checker(tx, &version)?;
    let checked =
        answers.map(|given| checked_answers(&form, &asked.scenario.id, given, tx.today()));
    let clean = match checked.transpose() {
        Ok(clean) => clean,
        Err(Fault::Invalid(wrong)) => {
            problems.extend(wrong);
            None
        }
        Err(other) => return Err(other),
    };
    if !problems.is_empty() {
        return Err(Fault::Invalid(problems));
    }
    let person = application.applicant;
    let answers = match clean {
        Some(clean) => {
            let text = serde_json::to_string(&clean).map_err(Fault::broken)?;
            Some(keep_text(tx, id, Some(person), &text)?)
        }
        None => None,
    };
    let documents = documents(tx, id, person, &version.content, &sent)?;
    Ok((answers, documents))
}

/// Which fields change, from what to what, and which materials get other files.
fn changed(
    before: &Map<String, Value>,
    after: Option<&Map<String, Value>>,
    files: &[(String, UploadId)],
) -> Vec<Value> {
    let mut changed = Vec::new();
    if let Some(after) = after {
        let names = before
            .keys()
            .chain(after.keys().filter(|name| !before.contains_key(*name)));
        for name in names.filter(|name| before.get(*name) != after.get(*name)) {
            let (from, to) = (before.get(name), after.get(name));
            changed.push(serde_json::json!({ "field": name, "from": from, "to": to }));
        }
    }
    changed.extend(
        files
            .iter()
            .map(|(material, _)| serde_json::json!({ "material": material })),
    );
    changed
}
