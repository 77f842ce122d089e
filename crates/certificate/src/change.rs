//! Changing a certificate 变更 (行政许可法 49): another one takes its place, with the same holder,
//! number and serial, what it says changed.
//!
//! Deliberately absent: a change of the holder, which would hand a licence on (9).

use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, Problem};
use ledger::lifecycle::load_versioned;

use crate::decide::Refused;
use crate::issue::{Taking, issue_for};
use crate::model::{Certificate, CertificateField, CertificateId, CertificateText, NewCertificate};
use crate::{FailureCode, text_of};

/// Longest text of one line, and of the decision, in characters.
pub(crate) const VALUE_CHARS_MAX: usize = 1000;
pub(crate) const REASON_CHARS_MAX: usize = 2000;

/// What the changed certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amended {
    /// What it permits 许可范围.
    pub scope: String,
    /// What its lines say, in their order.
    pub values: Vec<String>,
    /// Its last day; none for long-term 长期.
    pub valid_until: Option<Date>,
    /// The words of the decision.
    pub reason: String,
}

/// Puts a changed certificate in the place of one, for the organ of the acting officer, who must
/// not be the one who issued it.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] for a wrong field, or when nothing is changed.
pub fn change(
    tx: &mut Tx<'_>,
    id: CertificateId,
    amended: &Amended,
) -> Result<CertificateId, Fault> {
    let old = load_versioned::<Certificate>(tx, id)?.record;
    let text = text_of(tx, &old)?;
    let text = text.ok_or(Refused::NotPrintable(FailureCode::Erased))?;
    let today = tx.today();
    let new = checked(amended, &text, &old, today).map_err(Fault::Invalid)?;
    let certificate = NewCertificate {
        type_code: Some(old.ecert_id.kind().to_owned()),
        number: Some(old.number.to_string()),
        name: text.name,
        copy_kind: text.copy_kind,
        about: old.about,
        item: old.item,
        item_version: old.item_version,
        organ: old.organ,
        holder: old.holder,
        valid_from: old.valid_from,
        valid_until: new.valid_until,
        scope: new.scope,
        fields: new.fields,
        replaces: Some(id),
    };
    issue_for(tx, certificate, Taking::Decided(&new.reason))
}

/// Puts one that runs until a later day in the place of a certificate 延续 (行政许可法 50): same
/// holder, number and serial. Who may say so, the room of renewals has decided.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] when the new end is not later than the old.
pub fn renew(tx: &mut Tx<'_>, id: CertificateId, until: Date) -> Result<CertificateId, Fault> {
    let old = load_versioned::<Certificate>(tx, id)?.record;
    let text = text_of(tx, &old)?;
    let text = text.ok_or(Refused::NotPrintable(FailureCode::Erased))?;
    if old.valid_until.is_none_or(|last| until <= last) {
        return Err(Fault::invalid("valid_until", "certificate.ends_no_later"));
    }
    let certificate = NewCertificate {
        type_code: Some(old.ecert_id.kind().to_owned()),
        number: Some(old.number.to_string()),
        name: text.name,
        copy_kind: text.copy_kind,
        about: old.about,
        item: old.item,
        item_version: old.item_version,
        organ: old.organ,
        holder: old.holder,
        valid_from: old.valid_from,
        valid_until: Some(until),
        scope: text.scope,
        fields: text.fields,
        replaces: Some(id),
    };
    issue_for(tx, certificate, Taking::Renewed)
}

/// What is left of it once it was checked.
struct Checked {
    scope: String,
    fields: Vec<CertificateField>,
    valid_until: Option<Date>,
    reason: String,
}

fn checked(
    amended: &Amended,
    text: &CertificateText,
    old: &Certificate,
    today: Date,
) -> Result<Checked, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut keep = |told: Result<String, Problem>| match told {
        Ok(text) => text,
        Err(problem) => {
            problems.push(problem);
            String::new()
        }
    };
    let scope = keep(kernel::text::optional(
        "scope",
        &amended.scope,
        VALUE_CHARS_MAX,
    ));
    let reason = keep(kernel::text::bounded(
        "change_reason",
        &amended.reason,
        REASON_CHARS_MAX,
    ));
    let mut fields = Vec::with_capacity(text.fields.len());
    for (at, field) in text.fields.iter().enumerate() {
        let value = amended.values.get(at).map_or("", String::as_str);
        let name = format!("value.{at}");
        fields.push(CertificateField {
            label: field.label.clone(),
            value: keep(kernel::text::bounded(&name, value, VALUE_CHARS_MAX)),
            public: field.public,
        });
    }
    if amended.valid_until.is_some_and(|last| last < today) {
        problems.push(Problem::new("valid_until", "certificate.ends_in_the_past"));
    }
    let same = scope == text.scope && fields == text.fields;
    if problems.is_empty() && same && amended.valid_until == old.valid_until {
        problems.push(Problem::new("scope", "certificate.nothing_changed"));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(Checked {
        scope,
        fields,
        valid_until: amended.valid_until,
        reason,
    })
}
