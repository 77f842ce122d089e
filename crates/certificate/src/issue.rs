//! Drawing notices and issuing certificates: numbers, identifiers, texts kept, files queued.
//!
//! Deliberately absent: rules about states, which stand in `decide`.

use codes::{EcertId, Uscc};
use db::{Tx, timer};
use jiff::civil::{Date, Time};
use kernel::{Fault, OrganId, PersonId, TypedId};
use ledger::lifecycle::load_versioned;
use serde_json::{Map, Value as Json};

use crate::decide::{CertificateCommand, CertificateEvent, Facts, NoticeEvent, Refused};
use crate::model::{
    Certificate, CertificateId, CertificateText, DocumentNumber, NewCertificate, NewNotice,
    NewPaper, Notice, NoticeId, NoticeKind,
};
use crate::{CertificateField, EXPIRY_TIMER, render};

/// Most lines of a certificate.
const FIELDS_MAX: usize = 40;
/// Longest text of one line, in characters.
const VALUE_CHARS_MAX: usize = 1000;
/// The type that a certificate has when its item names none: the issuer's own first type.
const OWN_TYPE: &str = "001";
const VERSION_MAX: u16 = 999;

/// Draws a notice: gives it a number, keeps what it says, and queues its file.
///
/// # Errors
/// [`Fault::NotFound`] when there is no such organ or person; [`Fault::Invalid`] for data that is
/// no object.
pub fn draw_notice(tx: &mut Tx<'_>, new: NewNotice) -> Result<NoticeId, Fault> {
    let Json::Object(fields) = new.data else {
        return Err(Fault::invalid("data", "field.wrong_type"));
    };
    let addressee = identity::person(tx, new.person)?.name;
    let said = [
        ("addressee", addressee.as_str()),
        ("case_number", &new.case_number),
    ];
    let fields = with(fields, &said);
    let paper = (new.kind, new.about, new.organ);
    draw(tx, paper, (Some(new.person), new.item), fields)
}

/// Draws a paper of an organ's own, which is for nobody in particular.
///
/// # Errors
/// As [`draw_notice`].
pub fn draw_paper(tx: &mut Tx<'_>, new: NewPaper) -> Result<NoticeId, Fault> {
    let Json::Object(fields) = new.data else {
        return Err(Fault::invalid("data", "field.wrong_type"));
    };
    draw(tx, (new.kind, new.about, new.organ), (None, None), fields)
}

fn draw(
    tx: &mut Tx<'_>,
    (kind, about, organ): (NoticeKind, uuid::Uuid, OrganId),
    (person, item): (Option<PersonId>, Option<uuid::Uuid>),
    fields: Map<String, Json>,
) -> Result<NoticeId, Fault> {
    let known = identity::organ(tx, organ)?;
    let today = tx.today();
    let number = notice_number(tx, &known.short_name, &kind, organ, today)?;
    let data = furnished(fields, &known.name, today, &number);
    let id: NoticeId = tx.new_id();
    let data = ledger::keep_text(tx, id, person, &Json::Object(data).to_string())?;
    let drawn = NoticeEvent::Drawn {
        kind,
        number,
        about,
        organ,
        person,
        item,
        on: today,
        data,
    };
    ledger::open::<Notice>(tx, id, vec![drawn])?;
    render::queue(tx, id.into())?;
    Ok(id)
}

/// `云审批受〔2026〕第 000171 号`: by organ, kind and year, without gaps.
fn notice_number(
    tx: &mut Tx<'_>,
    short_name: &str,
    kind: &crate::NoticeKind,
    organ: OrganId,
    today: Date,
) -> Result<DocumentNumber, Fault> {
    let year = today.year();
    let serial = ledger::counter::next(tx, &format!("notice/{organ}/{kind}/{year}"))?;
    let text = format!(
        "{}{}〔{year}〕第 {serial:06} 号",
        plain(short_name),
        kind.mark()
    );
    DocumentNumber::new(&text).map_err(Fault::broken)
}

/// An organ's name as a number can carry it.
fn plain(short_name: &str) -> String {
    short_name
        .chars()
        .filter(|c| c.is_alphanumeric())
        .take(20)
        .collect()
}

/// What every template asks for is put in where the caller left it out; number and date of the
/// notice are always the hall's own.
fn furnished(
    fields: Map<String, Json>,
    organ: &str,
    today: Date,
    number: &DocumentNumber,
) -> Map<String, Json> {
    let mut fields = with(fields, &[("organ", organ)]);
    fields.insert("date".to_owned(), today.to_string().into());
    fields.insert("number".to_owned(), number.as_str().into());
    fields
}

/// Texts that the caller left out.
fn with(mut fields: Map<String, Json>, said: &[(&str, &str)]) -> Map<String, Json> {
    for (name, value) in said {
        if fields.get(*name).is_none_or(Json::is_null) {
            fields.insert((*name).to_owned(), (*value).into());
        }
    }
    fields
}

/// Issues a certificate: number, identifier, expiry timer, file queued. One that takes the place
/// of another changes that one in the same transaction.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] for a wrong type code, number, name or line.
pub fn issue(tx: &mut Tx<'_>, new: NewCertificate) -> Result<CertificateId, Fault> {
    issue_for(tx, new, Taking::Granted)
}

/// How a new certificate takes the place of an old one.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Taking<'w> {
    /// By the decision of a case.
    Granted,
    /// By a decision of its own, with these words: whoever acts must be allowed to.
    Decided(&'w str),
    /// Because the licence runs on 延续.
    Renewed,
}

/// As [`issue`], with the way in which one that is replaced gives way.
pub(crate) fn issue_for(
    tx: &mut Tx<'_>,
    new: NewCertificate,
    taking: Taking<'_>,
) -> Result<CertificateId, Fault> {
    let organ = identity::organ(tx, new.organ)?;
    let holder = identity::person(tx, new.holder)?;
    if new.valid_until.is_some_and(|last| last < new.valid_from) {
        return Err(Refused::EndsBeforeItBegins.into());
    }
    let text = CertificateText {
        name: kernel::text::bounded("name", &new.name, 80).map_err(invalid)?,
        copy_kind: kernel::text::optional("copy_kind", &new.copy_kind, 20).map_err(invalid)?,
        holder_name: holder.name,
        holder_is_natural: holder.kind == identity::PersonKind::Natural,
        scope: kernel::text::optional("scope", &new.scope, VALUE_CHARS_MAX).map_err(invalid)?,
        fields: checked_fields(new.fields)?,
    };
    let id: CertificateId = tx.new_id();
    let replaced = match new.replaces {
        Some(old) => Some(load_versioned::<Certificate>(tx, old)?),
        None => None,
    };
    if replaced
        .as_ref()
        .is_some_and(|old| old.record.holder != new.holder)
    {
        return Err(Refused::OtherHolder.into());
    }
    let issuer = Uscc::parse(&organ.uscc).map_err(Fault::broken)?;
    let kind = new
        .type_code
        .unwrap_or_else(|| format!("{issuer}{OWN_TYPE}"));
    let old = replaced.as_ref().map(|old| &old.record.ecert_id);
    let ecert_id = identifier(tx, &kind, &issuer, old)?;
    let today = tx.today();
    let number = match new.number {
        Some(number) => DocumentNumber::new(&number)
            .map_err(|_| Fault::invalid("number", "certificate.number_wrong"))?,
        None => certificate_number(tx, &organ.short_name, new.organ, today)?,
    };
    if let Some(old) = replaced {
        step_aside(tx, &old.record, id, taking)?;
    }
    let text = serde_json::to_string(&text).map_err(Fault::broken)?;
    let issued = CertificateEvent::Issued {
        ecert_id,
        number,
        holder: new.holder,
        about: new.about,
        item: new.item,
        item_version: new.item_version,
        organ: new.organ,
        on: today,
        valid_from: new.valid_from,
        valid_until: new.valid_until,
        text: ledger::keep_text(tx, id, Some(new.holder), &text)?,
    };
    ledger::open::<Certificate>(tx, id, vec![issued])?;
    if let Some(last) = new.valid_until {
        set_expiry(tx, id, last)?;
    }
    render::queue(tx, id.into())?;
    Ok(id)
}

/// The old certificate gives way to the new one, and its end need not be noted any more.
fn step_aside(
    tx: &mut Tx<'_>,
    old: &Certificate,
    successor: CertificateId,
    taking: Taking<'_>,
) -> Result<(), Fault> {
    let house = Facts {
        organ: Some(old.organ),
        ..crate::standing::system_facts(tx.today())
    };
    let (change, facts) = match taking {
        Taking::Decided(words) => {
            let reason = ledger::keep_text(tx, old.id, Some(old.holder), words)?;
            let change = CertificateCommand::Amend { successor, reason };
            (change, crate::standing::facts(tx, old.id)?)
        }
        Taking::Granted => (CertificateCommand::Change { successor }, house),
        Taking::Renewed => (CertificateCommand::Renew { successor }, house),
    };
    ledger::perform::<Certificate>(tx, old.id, change, &facts)?;
    timer::cancel(tx, EXPIRY_TIMER, old.id.uuid()).map(|_| ())
}

fn invalid(problem: kernel::Problem) -> Fault {
    Fault::Invalid(vec![problem])
}

fn checked_fields(fields: Vec<CertificateField>) -> Result<Vec<CertificateField>, Fault> {
    if FIELDS_MAX < fields.len() {
        let problem = kernel::Problem::new("fields", "certificate.too_many_fields");
        return Err(invalid(problem.with("max", FIELDS_MAX)));
    }
    let checked = |field: CertificateField| {
        Ok(CertificateField {
            label: kernel::text::bounded("label", &field.label, 40).map_err(invalid)?,
            value: kernel::text::bounded("value", &field.value, VALUE_CHARS_MAX)
                .map_err(invalid)?,
            public: field.public,
        })
    };
    fields.into_iter().map(checked).collect()
}

/// A changed certificate keeps its serial and counts its version up (GB/T 36904); a new one takes
/// the next serial of its type and issuer.
fn identifier(
    tx: &mut Tx<'_>,
    kind: &str,
    issuer: &Uscc,
    old: Option<&EcertId>,
) -> Result<EcertId, Fault> {
    let same = |old: &&EcertId| {
        old.kind().eq_ignore_ascii_case(kind)
            && old.issuer() == issuer.as_str()
            && old.version() < VERSION_MAX
    };
    let wrong = |error: codes::CodeError| {
        let problem = kernel::Problem::new("type_code", "certificate.type_code_wrong");
        invalid(problem.with("reason", error.zh()))
    };
    if let Some(old) = old.filter(same) {
        return EcertId::new(kind, issuer, old.serial(), old.version() + 1).map_err(wrong);
    }
    let serial = ledger::counter::next(tx, &format!("ecert/{kind}/{issuer}"))?;
    EcertId::new(kind, issuer, &format!("{serial:010}"), 1).map_err(wrong)
}

/// `云审批证字〔2026〕第 0171 号`.
fn certificate_number(
    tx: &mut Tx<'_>,
    short_name: &str,
    organ: OrganId,
    today: Date,
) -> Result<DocumentNumber, Fault> {
    let year = today.year();
    let serial = ledger::counter::next(tx, &format!("cert/{organ}/{year}"))?;
    let text = format!("{}证字〔{year}〕第 {serial:04} 号", plain(short_name));
    DocumentNumber::new(&text).map_err(Fault::broken)
}

/// The end is noted at the first moment after the last day.
pub(crate) fn set_expiry(tx: &mut Tx<'_>, id: CertificateId, last: Date) -> Result<(), Fault> {
    let Ok(day) = last.tomorrow() else {
        return Ok(());
    };
    let at = kernel::clock::hall_instant(day.to_datetime(Time::midnight()));
    timer::set(tx, EXPIRY_TIMER, id.uuid(), at)
}
