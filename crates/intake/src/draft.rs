//! Use cases of an application that is being written: begin, save, attach, and go on later.

use catalogue::model::{ItemContent, Prefill};
use catalogue::scenario::{Picks, Reached, Requirements, reach};
use catalogue::{ItemId, Version};
use db::{Tx, params};
use identity::{PersonCard, PersonKind};
use jiff::SignedDuration;
use kernel::{Fault, PersonId, Problem};
use ledger::StoredFile;
use serde_json::{Map, Value};
use std::sync::Arc;

use crate::decide::{DOCUMENTS_MAX, Refusal};
use crate::files::{self, LOOSE_MAX};
use crate::model::{ApplicationId, By, Draft, NewDraft, SentFile, UploadId};
use crate::store;

/// Drafts and uploads that nobody touches are taken away after so many days.
const KEPT_DAYS: i64 = 90;

/// The version of an item that takes applications today.
///
/// # Errors
/// [`Refusal::ItemClosed`]: promise 5, no case outside the list.
pub fn open_version(tx: &mut Tx<'_>, item: ItemId) -> Result<Arc<Version>, Fault> {
    let today = tx.today();
    let found = catalogue::published(tx, item, today)?;
    let open = found.filter(|version| version.content.takes_applications());
    Ok(open.ok_or(Refusal::ItemClosed)?)
}

/// Begins a draft. A clerk begins it for a visitor, a person for themselves or, with a power of
/// attorney, for another.
///
/// # Errors
/// [`Refusal::ItemClosed`], [`Refusal::NoPowerOfAttorney`], [`Refusal::OutsidePower`],
/// [`Refusal::NotFrontDesk`].
pub fn start_draft(tx: &mut Tx<'_>, by: &By, new: NewDraft) -> Result<ApplicationId, Fault> {
    let version = open_version(tx, new.item)?;
    let applicant = identity::person(tx, new.applicant)?;
    let (agent, hall, clerk) = match by {
        By::Person(person) if *person == new.applicant => (None, None, None),
        By::Person(person) => (Some(*person), None, None),
        By::Clerk { officer, hall } => (new.agent, Some(*hall), Some(*officer)),
        By::Other => return Err(Refusal::NotFrontDesk.into()),
    };
    if let Some(agent) = agent {
        crate::may_act(tx, agent, new.applicant, new.item)?;
    }
    let draft = Draft {
        id: tx.new_id(),
        item: new.item,
        applicant: new.applicant,
        agent,
        hall,
        clerk,
        channel: tx.actor().channel,
        picks: Picks::new(),
        answers: prefilled(&version.content, &applicant),
        saved_at: tx.now(),
    };
    store::put_draft(tx, &draft)?;
    Ok(draft.id)
}

/// A draft that this visitor may write on.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn draft(tx: &mut Tx<'_>, by: &By, id: ApplicationId) -> Result<Draft, Fault> {
    store::draft(tx, by, id)
}

/// The drafts that somebody may go on with, the newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn drafts(tx: &mut Tx<'_>, by: &By) -> Result<Vec<Draft>, Fault> {
    store::drafts(tx, by)
}

/// The files of a draft.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn files_of_draft(tx: &mut Tx<'_>, by: &By, id: ApplicationId) -> Result<Vec<SentFile>, Fault> {
    store::draft(tx, by, id)?;
    store::uploads_of(tx, id)
}

/// Lets pass what was made from the draft as it is, or says the same as it.
///
/// # Errors
/// [`Fault::Conflict`] when it was saved elsewhere meanwhile; [`Fault::NotFound`].
pub(crate) fn unchanged(
    tx: &mut Tx<'_>,
    by: &By,
    id: ApplicationId,
    seen: i64,
    same: impl FnOnce(&Draft) -> bool,
) -> Result<(), Fault> {
    let draft = store::draft(tx, by, id)?;
    if draft.revision() == seen || same(&draft) {
        Ok(())
    } else {
        Err(Fault::Conflict { what: "draft" })
    }
}

/// Saves the answers to the scenario questions. A wrong one is told; a missing one only means
/// that there is more to ask.
///
/// # Errors
/// [`Fault::Invalid`] with the question as the field.
pub fn save_picks(tx: &mut Tx<'_>, by: &By, id: ApplicationId, picks: &Picks) -> Result<(), Fault> {
    let mut draft = store::draft(tx, by, id)?;
    let version = open_version(tx, draft.item)?;
    let picks = along(&version.content, picks);
    reached(&version.content, &picks)?;
    draft.picks = picks;
    draft.saved_at = tx.now();
    store::put_draft(tx, &draft)
}

/// Saves the answers to the form as they are: what is wrong with them is told when they are sent.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn save_answers(
    tx: &mut Tx<'_>,
    by: &By,
    id: ApplicationId,
    answers: &Map<String, Value>,
) -> Result<(), Fault> {
    let mut draft = store::draft(tx, by, id)?;
    draft.answers = answers.clone();
    draft.saved_at = tx.now();
    store::put_draft(tx, &draft)
}

/// Takes a draft away, with its files.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn drop_draft(tx: &mut Tx<'_>, by: &By, id: ApplicationId) -> Result<(), Fault> {
    store::draft(tx, by, id)?;
    let sent = store::uploads_of(tx, id)?;
    forget_draft(tx, id)?;
    drop_contents_of(tx, &sent)
}

/// Has the contents of files that no draft names any more removed after the commit.
fn drop_contents_of(tx: &mut Tx<'_>, sent: &[SentFile]) -> Result<(), Fault> {
    let addresses: Vec<[u8; 32]> = sent.iter().map(|one| one.stored.address).collect();
    ledger::drop_contents(tx, &addresses)
}

/// Removes a draft that has become an application, or nothing.
pub(crate) fn forget_draft(tx: &mut Tx<'_>, id: ApplicationId) -> Result<(), Fault> {
    for sent in store::uploads_of(tx, id)? {
        store::UPLOADS.remove(tx, params![sent.id])?;
    }
    store::DRAFTS.remove(tx, params![id])?;
    Ok(())
}

/// Keeps a file that was sent and stored, until an application names it. The kind was found in
/// its content.
///
/// # Errors
/// [`Fault::Invalid`] when too many files wait; [`Fault::Forbidden`] for other officers.
pub fn keep_upload(
    tx: &mut Tx<'_>,
    by: &By,
    stored: StoredFile,
    media: &str,
    name: &str,
) -> Result<SentFile, Fault> {
    let owner = by.uuid().ok_or(Fault::Forbidden {
        code: "access.role_missing",
    })?;
    if LOOSE_MAX <= store::loose_uploads(tx, owner)? {
        let problem = Problem::new("file", "material.too_many").with("max", LOOSE_MAX);
        return Err(Fault::Invalid(vec![problem]));
    }
    let sent = SentFile {
        id: tx.new_id(),
        owner,
        draft: None,
        material: None,
        stored,
        media: media.to_owned(),
        name: name.to_owned(),
    };
    store::put_upload(tx, &sent)?;
    Ok(sent)
}

/// A file that this visitor sent and that no application names yet.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn sent_file(tx: &mut Tx<'_>, by: &By, upload: UploadId) -> Result<SentFile, Fault> {
    let owner = by.uuid().ok_or(Fault::NotFound { what: "upload" })?;
    store::upload(tx, owner, upload)
}

/// Takes away a file that this visitor sent and that no application names yet.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn drop_upload(tx: &mut Tx<'_>, by: &By, upload: UploadId) -> Result<(), Fault> {
    let sent = sent_file(tx, by, upload)?;
    store::UPLOADS.remove(tx, params![sent.id])?;
    Ok(())
}

/// Puts a file that was sent to a material of a draft.
///
/// # Errors
/// [`Fault::Invalid`] when the material is not listed, takes no such files, or has enough.
pub fn attach_file(
    tx: &mut Tx<'_>,
    by: &By,
    id: ApplicationId,
    material: &str,
    upload: UploadId,
) -> Result<(), Fault> {
    let draft = store::draft(tx, by, id)?;
    let owner = by.uuid().ok_or(Fault::NotFound { what: "upload" })?;
    let mut sent = store::upload(tx, owner, upload)?;
    let version = open_version(tx, draft.item)?;
    let requirements = whole(&version.content, &draft.picks)?;
    let others = store::uploads_of(tx, id)?;
    if DOCUMENTS_MAX <= others.len() {
        return Err(Refusal::TooManyDocuments.into());
    }
    sent.draft = Some(id);
    sent.material = Some(material.to_owned());
    let mut files: Vec<&SentFile> = others.iter().filter(|other| other.id != sent.id).collect();
    files.push(&sent);
    let of_material = files
        .into_iter()
        .filter(|file| file.material.as_deref() == Some(material));
    let problems = file_problems(&requirements, of_material);
    if !problems.is_empty() {
        return Err(Fault::Invalid(problems));
    }
    store::put_upload(tx, &sent)
}

/// Takes a file away from a draft.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn detach_file(
    tx: &mut Tx<'_>,
    by: &By,
    id: ApplicationId,
    upload: UploadId,
) -> Result<(), Fault> {
    store::draft(tx, by, id)?;
    let found = store::uploads_of(tx, id)?
        .into_iter()
        .find(|sent| sent.id == upload);
    let sent = found.ok_or(Fault::NotFound { what: "upload" })?;
    store::UPLOADS.remove(tx, params![sent.id])?;
    drop_contents_of(tx, &[sent])
}

/// Forgets what a person is writing or has sent without an application, drafts of their agents
/// included (个人信息保护法 47); answers how many drafts. Applications stay: the roof forgets
/// their texts.
///
/// # Errors
/// As [`Tx::execute`].
pub fn erase(tx: &mut Tx<'_>, person: PersonId) -> Result<u64, Fault> {
    let mut erased = 0;
    for id in store::drafts_about(tx, person)? {
        let sent = store::uploads_of(tx, id)?;
        forget_draft(tx, id)?;
        drop_contents_of(tx, &sent)?;
        erased += 1;
    }
    let loose = store::uploads_by(tx, kernel::TypedId::uuid(person))?;
    for sent in &loose {
        store::UPLOADS.remove(tx, params![sent.id])?;
    }
    drop_contents_of(tx, &loose)?;
    Ok(erased)
}

/// Takes away drafts and uploads that nobody has touched for a long time; answers how many.
///
/// # Errors
/// As [`Tx::execute`].
pub fn sweep(tx: &mut Tx<'_>) -> Result<(u64, u64), Fault> {
    let before = tx
        .now()
        .checked_sub(SignedDuration::from_hours(24 * KEPT_DAYS));
    store::sweep(tx, before.map_err(Fault::broken)?)
}

/// Only the answers that lie on the way through the questions.
fn along(content: &ItemContent, picks: &Picks) -> Picks {
    let mut kept = Picks::new();
    while let Ok(Reached::Ask(question)) = reach(content, &kept) {
        match picks.get(&question.id) {
            Some(option) if !kept.contains_key(&question.id) => {
                kept.insert(question.id.clone(), option.clone());
            }
            _ => break,
        }
    }
    kept
}

/// Where the answers lead; a wrong answer is a problem of its question.
pub(crate) fn reached<'a>(content: &'a ItemContent, picks: &Picks) -> Result<Reached<'a>, Fault> {
    reach(content, picks).map_err(|fault| match fault {
        catalogue::scenario::ScenarioFault::NoSuchOption { question, .. } => {
            Fault::invalid(question, "question.no_such_option")
        }
        other => Fault::broken(other),
    })
}

/// The scenario, or the question that is still open.
pub(crate) fn whole<'a>(
    content: &'a ItemContent,
    picks: &Picks,
) -> Result<Requirements<'a>, Fault> {
    match reached(content, picks)? {
        Reached::Scenario(requirements) => Ok(requirements),
        Reached::Ask(question) => Err(Fault::invalid(&question.id, "question.unanswered")),
    }
}

/// The field of a page at which a material stands.
#[must_use]
pub fn material_field(material: &str) -> String {
    format!("material.{material}")
}

/// What is wrong with files for materials: not listed, of a kind not accepted, too many.
pub(crate) fn file_problems<'f>(
    requirements: &Requirements<'_>,
    files: impl IntoIterator<Item = &'f SentFile>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut counts = std::collections::BTreeMap::<&str, u32>::new();
    for file in files {
        let id = file.material.as_deref().unwrap_or_default();
        let field = material_field(id);
        let line = requirements
            .materials
            .lines()
            .iter()
            .find(|line| line.material.id == id);
        let Some(line) = line else {
            problems.push(Problem::new(field, "material.not_listed"));
            continue;
        };
        let kinds = &line.material.file_kinds;
        let kind = files::kind_of_media(&file.media);
        if !kinds.is_empty() && !kind.is_some_and(|kind| kinds.contains(&kind)) {
            let accepted: Vec<&str> = kinds.iter().map(|kind| kind.extension()).collect();
            let problem = Problem::new(&field, "material.wrong_kind").with("name", &file.name);
            problems.push(problem.with("kinds", accepted.join(", ")));
        }
        let count = counts.entry(&line.material.id).or_default();
        *count += 1;
        if *count == line.material.files_max() + 1 {
            let max = line.material.files_max();
            problems.push(Problem::new(field, "material.too_many").with("max", max));
        }
    }
    problems
}

/// What the hall knows already is not asked again.
#[must_use]
pub fn prefilled(content: &ItemContent, person: &PersonCard) -> Map<String, Value> {
    let natural = person.kind == PersonKind::Natural;
    let known = |meaning: Prefill| match meaning {
        Prefill::PersonName if natural => Some(&person.name),
        Prefill::PersonIdentityNumber if natural => Some(&person.identity_number),
        Prefill::PersonPhone => Some(&person.phone),
        Prefill::OrganisationName if !natural => Some(&person.name),
        Prefill::OrganisationUscc if !natural => Some(&person.identity_number),
        _ => None,
    };
    let answer = |field: &catalogue::model::FormField| {
        let value = known(field.prefill?)?;
        Some((field.name.clone(), Value::from(value.as_str())))
    };
    content.fields.iter().filter_map(answer).collect()
}

/// A person visits the counter: found by identity number, or written down.
///
/// # Errors
/// [`Refusal::NotFrontDesk`]; what identity says of the number.
pub fn visitor(tx: &mut Tx<'_>, by: &By, person: identity::NewPerson) -> Result<PersonId, Fault> {
    match by {
        By::Clerk { .. } => identity::person_at_counter(tx, &person),
        By::Person(_) | By::Other => Err(Refusal::NotFrontDesk.into()),
    }
}
