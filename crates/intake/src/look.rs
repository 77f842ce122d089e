//! Looking at applications: lists for people and for the front desk, the files of one, the way by
//! number and query code, and what the case room needs to know.

use codes::{CaseNumber, QueryCode};
use db::Tx;
use jiff::Timestamp;
use kernel::{Actor, Fault, OrganId, PersonId};
use ledger::{FileId, FileStore, KeptFile, lines_of, read_text};

use crate::answer::version_of;
use crate::model::{Application, ApplicationId, By, CaseFacts, Status};
use crate::store;

pub(crate) use store::QueueKey;

/// One step of an application as the ledger tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// What happened: the word of the event.
    pub kind: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: Actor,
}

/// An application, for other rooms; pages use [`visible`].
///
/// # Errors
/// [`Fault::NotFound`].
pub fn application(tx: &mut Tx<'_>, id: ApplicationId) -> Result<Application, Fault> {
    Ok(ledger::lifecycle::load_versioned::<Application>(tx, id)?.record)
}

/// An application that this visitor may see.
///
/// # Errors
/// [`Fault::NotFound`], also when there is one that is not theirs.
pub fn visible(tx: &mut Tx<'_>, by: &By, id: ApplicationId) -> Result<Application, Fault> {
    store::visible(tx, by, id)
}

/// An application by the number on its receipt.
///
/// # Errors
/// As [`Tx::query`]; an unknown number is no error.
pub fn by_number(tx: &mut Tx<'_>, number: &CaseNumber) -> Result<Option<Application>, Fault> {
    store::by_number(tx, number.as_ref())
}

/// The application that number and query code open together; the answer does not tell which of
/// the two was wrong.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn track(tx: &mut Tx<'_>, number: &str, query_code: &str) -> Result<Application, Fault> {
    let not_found = || Fault::NotFound {
        what: "application",
    };
    let number = CaseNumber::parse(number).map_err(|_| not_found())?;
    let given = QueryCode::parse(query_code).map_err(|_| not_found())?;
    let application = store::by_number(tx, number.as_ref())?.ok_or_else(not_found)?;
    let kept = read_text(tx, &application.query_code)?.ok_or_else(not_found)?;
    // Every digit is looked at, so that the time taken tells nothing.
    let pairs = kept.bytes().zip(given.as_str().bytes());
    let apart = pairs.fold(0, |apart, (one, other)| apart | (one ^ other));
    if apart == 0 && kept.len() == given.as_str().len() {
        Ok(application)
    } else {
        Err(not_found())
    }
}

/// A person's applications, the newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn of_person(
    tx: &mut Tx<'_>,
    person: PersonId,
    after: Option<ApplicationId>,
    limit: usize,
) -> Result<Vec<Application>, Fault> {
    store::of_person(tx, person, after, limit)
}

/// What waits at the front desk of a hall in one state, the most urgent first.
///
/// # Errors
/// As [`Tx::query`].
pub(crate) fn queue(
    tx: &mut Tx<'_>,
    hall: OrganId,
    status: Status,
    after: Option<QueueKey>,
    limit: usize,
) -> Result<Vec<Application>, Fault> {
    store::queue(tx, hall, status, after, limit)
}

/// How many wait in one state at a hall.
///
/// # Errors
/// As [`Tx::query`].
pub fn waiting(tx: &mut Tx<'_>, hall: OrganId, status: Status) -> Result<i64, Fault> {
    store::waiting(tx, hall, status)
}

/// What the case room needs of an accepted application.
///
/// # Errors
/// [`Fault::NotFound`]; [`Fault::Broken`] when it was not accepted.
pub fn case_facts(tx: &mut Tx<'_>, id: ApplicationId) -> Result<CaseFacts, Fault> {
    let application = application(tx, id)?;
    let settled = application
        .settled
        .filter(|_| application.status.is_accepted());
    let settled = settled.ok_or_else(|| Fault::broken(format!("{id} was not accepted")))?;
    let version = version_of(tx, &application)?;
    let scenario = version
        .content
        .scenarios
        .get(usize::from(application.scenario));
    let scenario = scenario.ok_or_else(|| Fault::broken("no such scenario in the version"))?;
    Ok(CaseFacts {
        application: id,
        query_code: query_code(tx, &application)?,
        number: application.number,
        item: application.item,
        version: application.version,
        scenario: scenario.id.clone(),
        applicant: application.applicant,
        agent: application.agent,
        received_on: application.received_on,
        accepted_on: settled.on,
        accepted_by: settled.by,
        organ: application.organ,
        hall: application.hall,
        channel: application.channel,
    })
}

/// The query code; none once it was erased.
///
/// # Errors
/// [`Fault::Broken`] when the text was changed.
pub fn query_code(tx: &mut Tx<'_>, application: &Application) -> Result<Option<QueryCode>, Fault> {
    let kept = read_text(tx, &application.query_code)?;
    kept.map(|text| QueryCode::parse(&text).map_err(Fault::broken))
        .transpose()
}

/// The files of an application as they are known; erased ones are left out.
///
/// # Errors
/// As [`ledger::files::get_file`].
pub fn files(tx: &mut Tx<'_>, application: &Application) -> Result<Vec<(u16, KeptFile)>, Fault> {
    let mut files = Vec::new();
    for document in &application.documents {
        match ledger::files::get_file(tx, document.file.file) {
            Ok(file) => files.push((document.material, file)),
            Err(Fault::NotFound { .. }) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(files)
}

/// A file of an application and its content; the caller has looked whether the visitor may.
///
/// # Errors
/// [`Fault::NotFound`] when the application does not name it.
pub fn file_content(
    tx: &mut Tx<'_>,
    application: &Application,
    file: FileId,
) -> Result<(KeptFile, Vec<u8>), Fault> {
    let named = application
        .documents
        .iter()
        .any(|document| document.file.file == file);
    if !named {
        return Err(Fault::NotFound { what: "file" });
    }
    let kept = ledger::files::get_file(tx, file)?;
    let content = tx.thing::<FileStore>()?.get(&kept.address)?;
    Ok((kept, content))
}

/// What happened to an application, the newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn moments(tx: &mut Tx<'_>, id: ApplicationId) -> Result<Vec<Moment>, Fault> {
    let lines = lines_of(tx, id)?;
    let moment = |line: ledger::Line| Moment {
        kind: line.kind,
        at: line.at,
        actor: line.actor,
    };
    Ok(lines.into_iter().rev().map(moment).collect())
}
