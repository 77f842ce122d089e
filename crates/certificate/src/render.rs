//! Files of documents: made after the commit and outside the writer, typeset, sealed with the
//! organ's SM2 key, kept, and then noted in the ledger.
//!
//! Work is found by outbox messages of [`TOPIC`], or asked for by a reader who does not want to
//! wait ([`pdf_of`]). What can never succeed is noted once and shown to staff, not tried for ever.

use std::sync::Arc;

use db::{Db, Tx, outbox};
use document::{Assets, RenderError, SealImage, Signature, Template};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use kernel::{Actor, Fault, OrganId, PersonId, TypedId};
use ledger::{FileStore, Vault};
use seal::{Digest32, Suite};
use serde_json::{Value as Json, json};

use crate::decide::{CertificateCommand, PrintCommand, Refused};
use crate::keys::SealKeys;
use crate::model::{
    Certificate, CertificateId, CertificateText, FailureCode, FileState, Notice, NoticeId, Print,
};

/// The outbox topic under which documents wait.
pub const TOPIC: &str = "certificate.render";
/// After so many attempts a failing typesetter counts as a failure of the document.
const ATTEMPTS_MAX: u32 = 8;
const MEDIA: &str = "application/pdf";

/// The public address of the hall, e.g. `https://zw.example.gov.cn`, for the code 二维码 on
/// documents: a thing that is lent to the store. Without it the code holds a path only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicAddress(pub String);

/// A notice or a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DocumentId {
    /// A notice.
    Notice(NoticeId),
    /// A certificate.
    Certificate(CertificateId),
}

impl From<NoticeId> for DocumentId {
    fn from(id: NoticeId) -> Self {
        Self::Notice(id)
    }
}

impl From<CertificateId> for DocumentId {
    fn from(id: CertificateId) -> Self {
        Self::Certificate(id)
    }
}

impl std::fmt::Display for DocumentId {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Notice(id) => id.fmt(out),
            Self::Certificate(id) => id.fmt(out),
        }
    }
}

impl std::str::FromStr for DocumentId {
    type Err = kernel::id::WrongId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let notice = text.parse().map(Self::Notice);
        notice.or_else(|_| text.parse().map(Self::Certificate))
    }
}

/// Everything that a file is made of, read in one snapshot.
struct Job {
    print: Print,
    organ: OrganId,
    organ_name: String,
    person: Option<PersonId>,
    number: String,
    reason: &'static str,
    template: Template,
    /// What it says; none when it was erased.
    data: Option<Json>,
    now: Timestamp,
}

/// Why a file could not be made now.
enum Trouble {
    /// It never will be, unless somebody mends something.
    Hopeless(FailureCode, String),
    /// Perhaps the next time.
    Passing(Fault),
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Passing(fault)
    }
}

impl From<RenderError> for Trouble {
    fn from(error: RenderError) -> Self {
        let code = match &error {
            RenderError::Template { .. } => FailureCode::Template,
            RenderError::MissingGlyph { .. } => FailureCode::MissingGlyph,
            RenderError::TooLarge { .. } => FailureCode::TooLarge,
            RenderError::Qr(_) => FailureCode::Qr,
            RenderError::TooSlow { .. } => FailureCode::TooSlow,
            RenderError::Busy | RenderError::Engine(_) => {
                return Self::Passing(Fault::Unavailable {
                    detail: error.to_string(),
                });
            }
        };
        Self::Hopeless(code, error.to_string())
    }
}

impl From<document::SignError> for Trouble {
    fn from(error: document::SignError) -> Self {
        Self::Hopeless(FailureCode::Signature, error.to_string())
    }
}

/// A moment in the hall's zone.
pub(crate) fn hall_moment(at: Timestamp) -> Zoned {
    at.to_zoned(TimeZone::fixed(jiff::tz::offset(8)))
}

/// Queues the file of a document in this transaction.
pub(crate) fn queue(tx: &mut Tx<'_>, id: DocumentId) -> Result<(), Fault> {
    outbox::queue(
        tx,
        TOPIC,
        &json!({ "document": id.to_string() }).to_string(),
    )
    .map(|_| ())
}

/// Makes the files that wait, at most `limit`; answers how many messages it took up. For a thread
/// of its own: a file takes a good part of a second.
///
/// # Errors
/// [`Fault::Unavailable`] when the store cannot answer.
pub fn render_pending(db: &Db, limit: u32) -> Result<usize, Fault> {
    let waiting = db.read(|tx| outbox::due_of(tx, TOPIC, limit))?;
    for message in &waiting {
        let named = serde_json::from_str::<Json>(&message.body).unwrap_or_default();
        let id = named
            .get("document")
            .and_then(Json::as_str)
            .and_then(|id| id.parse().ok());
        let Some(id) = id else {
            tracing::error!(message = %message.id, "an outbox message names no document");
            settle(db, message, true)?;
            continue;
        };
        let last = ATTEMPTS_MAX <= message.attempts + 1;
        match produce(db, id, last) {
            Ok(_) | Err(Fault::Refused(_) | Fault::NotFound { .. }) => settle(db, message, true)?,
            Err(fault) => {
                tracing::warn!(document = %id, %fault, "a document could not be made yet");
                settle(db, message, false)?;
            }
        }
    }
    Ok(waiting.len())
}

fn settle(db: &Db, message: &outbox::Message, done: bool) -> Result<(), Fault> {
    let message = message.clone();
    db.write(db.cause(Actor::system()), move |tx| {
        if done {
            outbox::sent(tx, &message)
        } else {
            outbox::failed(tx, &message)
        }
    })
}

/// The file of a document, made now when it still waits. Never inside a transaction. Whether the
/// reader may have it must have been asked before.
///
/// # Errors
/// [`Fault::NotFound`]; `certificate.not_printable` when it could not be made.
pub fn pdf_of(db: &Db, id: impl Into<DocumentId>) -> Result<Vec<u8>, Fault> {
    produce(db, id.into(), false)
}

/// Makes the file unless it is there, and answers its bytes.
fn produce(db: &Db, id: DocumentId, last_attempt: bool) -> Result<Vec<u8>, Fault> {
    let job = db.read(|tx| gather(tx, id))?;
    match (job.print.state, job.print.file, job.print.failure) {
        (FileState::Ready, Some(file), _) => {
            let kept = db.read(|tx| ledger::files::get_file(tx, file.file))?;
            return db.thing::<FileStore>()?.get(&kept.address);
        }
        (FileState::Failed, _, Some(code)) => return Err(Refused::NotPrintable(code).into()),
        _ => {}
    }
    let (code, detail) = match make(db, id, &job) {
        Ok(bytes) => {
            keep(db, id, &job, bytes.clone())?;
            return Ok(bytes);
        }
        Err(Trouble::Hopeless(code, detail)) => (code, detail),
        Err(Trouble::Passing(Fault::Unavailable { detail })) if last_attempt => {
            (FailureCode::Engine, detail)
        }
        Err(Trouble::Passing(fault)) => return Err(fault),
    };
    tracing::warn!(document = %id, code = %code, "a document cannot be made");
    let person = job.person;
    db.write(db.cause(Actor::system()), move |tx| {
        let detail = match id {
            DocumentId::Notice(id) => ledger::keep_text(tx, id, person, &detail)?,
            DocumentId::Certificate(id) => ledger::keep_text(tx, id, person, &detail)?,
        };
        report(tx, id, PrintCommand::Fail { code, detail })
    })?;
    Err(Refused::NotPrintable(code).into())
}

fn gather(tx: &mut Tx<'_>, id: DocumentId) -> Result<Job, Fault> {
    match id {
        DocumentId::Notice(id) => {
            let notice = ledger::lifecycle::load_versioned::<Notice>(tx, id)?.record;
            let text = ledger::read_text(tx, &notice.data)?;
            let data = text.map(|text| serde_json::from_str::<Json>(&text));
            Ok(Job {
                print: notice.print,
                organ: notice.organ,
                organ_name: identity::organ(tx, notice.organ)?.name,
                person: notice.person,
                number: notice.number.to_string(),
                reason: "签发文书",
                template: crate::template::template_in_use(tx, notice.kind.as_str())?,
                data: data.transpose().map_err(Fault::broken)?.map(|mut data| {
                    add_track_code(tx, &mut data);
                    data
                }),
                now: tx.now(),
            })
        }
        DocumentId::Certificate(id) => {
            let record = ledger::lifecycle::load_versioned::<Certificate>(tx, id)?.record;
            let organ_name = identity::organ(tx, record.organ)?.name;
            let text = crate::text_of(tx, &record)?;
            Ok(Job {
                print: record.print,
                organ: record.organ,
                person: Some(record.holder),
                number: record.ecert_id.to_string(),
                reason: "签发电子证照",
                template: crate::template::template_in_use(tx, "certificate")?,
                data: text.map(|text| certificate_data(tx, &record, &organ_name, text)),
                organ_name,
                now: tx.now(),
            })
        }
    }
}

fn address(tx: &Tx<'_>, path: &str) -> String {
    let origin = tx
        .thing::<PublicAddress>()
        .map_or_else(|_| String::new(), |at| at.0.clone());
    format!("{}{path}", origin.trim_end_matches('/'))
}

/// The code 二维码 leads to the progress of the case, unless the notice brought its own.
fn add_track_code(tx: &Tx<'_>, data: &mut Json) {
    let number = data
        .get("case_number")
        .and_then(Json::as_str)
        .unwrap_or_default();
    let text = address(tx, &format!("/track?number={}", percent_encoded(number)));
    if let Some(fields) = data
        .as_object_mut()
        .filter(|fields| !fields.contains_key("qr"))
    {
        fields.insert(
            "qr".to_owned(),
            json!({ "text": text, "caption": "扫码查询办理进度" }),
        );
    }
}

/// Letters and digits stay; everything else as bytes.
pub(crate) fn percent_encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn certificate_data(tx: &Tx<'_>, record: &Certificate, organ: &str, text: CertificateText) -> Json {
    let mut fields = text.fields;
    let mut lead = Vec::new();
    for (label, value) in [("持证人", &text.holder_name), ("许可范围", &text.scope)] {
        if !value.is_empty() && fields.iter().all(|field| &field.value != value) {
            lead.push(crate::CertificateField::new(label, value));
        }
    }
    lead.append(&mut fields);
    let verify = address(tx, &format!("/certificates/verify/{}", record.ecert_id));
    let mut data = json!({
        "organ": organ,
        "date": record.issued_on.to_string(),
        "qr": { "text": verify, "caption": "扫码验证证照" },
        "certificate_name": text.name,
        "certificate_number": record.number.as_str(),
        "fields": lead,
        "valid_from": record.valid_from.to_string(),
        "ecert_id": record.ecert_id.as_str(),
    });
    if !text.copy_kind.is_empty() {
        data["copy_kind"] = text.copy_kind.into();
    }
    if let Some(last) = record.valid_until {
        data["valid_to"] = last.to_string().into();
    }
    data
}

/// Typesets and seals.
fn make(db: &Db, id: DocumentId, job: &Job) -> Result<Vec<u8>, Trouble> {
    let Some(data) = &job.data else {
        let detail = format!("{id}: the text was erased");
        return Err(Trouble::Hopeless(FailureCode::Erased, detail));
    };
    let hopeless =
        |error: document::SealError| Trouble::Hopeless(FailureCode::Seal, error.to_string());
    let picture = SealImage::new(&job.organ_name).to_svg().map_err(hopeless)?;
    let made_at = hall_moment(job.now);
    let assets = Assets::new(made_at.clone())
        .with_seal(picture)
        .with_identifier(&job.number);
    let pdf = document::render(&job.template, data, &assets)?;
    let seal = db
        .thing::<SealKeys>()?
        .of(db.clock(), job.organ, &job.organ_name)?;
    let signature = Signature::new(&job.organ_name, job.reason, made_at);
    document::sign(pdf.bytes(), &signature, |covered| {
        let digest = seal::hash(Suite::ShangMi, covered);
        let signed = seal::cms::sign_detached(&digest, &seal.certificate, &seal.key, job.now);
        signed.map_err(|error| Trouble::Hopeless(FailureCode::Signature, error.to_string()))
    })
}

/// The keyed digest by which a file is found again; without the hall's key it says nothing.
pub(crate) fn mark_of(vault: &Vault, bytes: &[u8]) -> Digest32 {
    let digest = seal::hash(Suite::ShangMi, bytes);
    Digest32(vault.finder("certificate.file", &digest.to_string()))
}

/// Stores the file and notes it; a node that was faster keeps its own.
fn keep(db: &Db, id: DocumentId, job: &Job, bytes: Vec<u8>) -> Result<(), Fault> {
    let mark = mark_of(&*db.thing::<Vault>()?, &bytes);
    let files: Arc<FileStore> = db.thing()?;
    let stored = files.put(db.clock(), &bytes)?;
    let (person, name) = (job.person, format!("{id}.pdf"));
    db.write(db.cause(Actor::system()), move |tx| {
        if print_of(tx, id)?.state == FileState::Ready {
            return Ok(());
        }
        let file = match id {
            DocumentId::Notice(id) => ledger::keep_file(tx, id, person, &stored, MEDIA, &name)?,
            DocumentId::Certificate(id) => {
                ledger::keep_file(tx, id, person, &stored, MEDIA, &name)?
            }
        };
        report(tx, id, PrintCommand::Done { file, mark })
    })
}

fn print_of(tx: &mut Tx<'_>, id: DocumentId) -> Result<Print, Fault> {
    Ok(match id {
        DocumentId::Notice(id) => {
            ledger::lifecycle::load_versioned::<Notice>(tx, id)?
                .record
                .print
        }
        DocumentId::Certificate(id) => {
            ledger::lifecycle::load_versioned::<Certificate>(tx, id)?
                .record
                .print
        }
    })
}

/// Tells a document what became of its file.
pub(crate) fn report(tx: &mut Tx<'_>, id: DocumentId, command: PrintCommand) -> Result<(), Fault> {
    match id {
        DocumentId::Notice(id) => ledger::perform::<Notice>(tx, id, command, &()).map(|_| ()),
        DocumentId::Certificate(id) => {
            let facts = crate::standing::system_facts(tx.today());
            let command = CertificateCommand::Print(command);
            ledger::perform::<Certificate>(tx, id, command, &facts).map(|_| ())
        }
    }
}

/// The raw id, for the ledger's proofs.
impl DocumentId {
    /// The raw id of the record.
    #[must_use]
    pub fn uuid(self) -> kernel::uuid::Uuid {
        match self {
            Self::Notice(id) => id.uuid(),
            Self::Certificate(id) => id.uuid(),
        }
    }
}
