//! Notices 文书 and certificates 证照 of the hall: numbers, states, files, and whether a
//! certificate that somebody shows is true.
//!
//! Use cases run on a `Tx`; files are made after the commit, outside the writer. Deliberately
//! absent: what a case decides, and delivery.

mod model;

pub use model::{
    CancellationGround, Certificate, CertificateField, CertificateId, CertificateState,
    CertificateText, DocumentNumber, FailureCode, FileState, NewCertificate, NewNotice, Notice,
    NoticeId, NoticeKind, RevocationGround, TemplateId, WrongNumber,
};

use db::Tx;
use kernel::{Fault, PersonId};
use uuid::Uuid;

/// The name of this room.
pub const ROOM: &str = "certificate";

/// Draws a notice: gives it a number, keeps what it says, and queues its file.
///
/// # Errors
/// [`Fault::NotFound`] when there is no such organ; [`Fault::Invalid`] for data that is no object.
pub fn draw_notice(tx: &mut Tx<'_>, new: NewNotice) -> Result<NoticeId, Fault> {
    let _ = (tx, new);
    Err(Fault::broken("not yet"))
}

/// Issues a certificate: number, identifier, expiry timer, file queued.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] for a wrong type code, number or field.
pub fn issue(tx: &mut Tx<'_>, new: NewCertificate) -> Result<CertificateId, Fault> {
    let _ = (tx, new);
    Err(Fault::broken("not yet"))
}

/// The notices of an application or a case, the oldest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn notices_of(tx: &mut Tx<'_>, about: Uuid) -> Result<Vec<Notice>, Fault> {
    let _ = (tx, about);
    Ok(Vec::new())
}

/// The certificates of a case, the oldest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn certificates_of(tx: &mut Tx<'_>, about: Uuid) -> Result<Vec<Certificate>, Fault> {
    let _ = (tx, about);
    Ok(Vec::new())
}

/// The valid certificates of a person, the newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn valid_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Certificate>, Fault> {
    let _ = (tx, person);
    Ok(Vec::new())
}
