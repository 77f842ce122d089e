//! Notices 文书 and certificates 证照 of the hall: numbers, states, files, and whether a
//! certificate that somebody shows is true.
//!
//! Use cases run on a `Tx`; files are made after the commit, outside the writer. Deliberately
//! absent: what a case decides, and delivery.

mod api;
pub mod decide;
mod issue;
pub mod keys;
mod model;
mod openapi;
mod pages;
pub mod public_check;
pub mod render;
mod store;
pub mod template;
mod template_pages;

pub use decide::{CertificateEvent, NoticeEvent, Refused};
pub use issue::{draw_notice, issue};
pub use keys::SealKeys;
pub use model::{
    CancellationGround, Certificate, CertificateField, CertificateId, CertificateState,
    CertificateText, DocumentNumber, FailureCode, FileState, NewCertificate, NewNotice, Notice,
    NoticeId, NoticeKind, Print, RevocationGround, TemplateId, WrongNumber,
};
pub use openapi::openapi;
pub use public_check::{Checked, FileVerdict, PublicCard};
pub use render::{DocumentId, PublicAddress, pdf_of, render_pending};
pub use template::{check_template, reset_template, save_template};

use db::{Tx, timer};
use kernel::{Fault, PersonId, TypedId};
use ledger::audit::{self, Audited};
use uuid::Uuid;
use web::{Access, App, Doors, Role};

use crate::decide::{CertificateCommand, Facts, PrintCommand};

/// The name of this room.
pub const ROOM: &str = "certificate";

/// This room's tables.
pub const MIGRATIONS: &[db::Migration] = &[db::Migration {
    room: ROOM,
    number: 1,
    sql: include_str!("../migrations/0001_certificate.sql"),
}];

/// This room's wording.
pub const MESSAGES: &str = include_str!("../messages.toml");

/// The timer that notes the end of a certificate.
pub const EXPIRY_TIMER: &str = "certificate.expiry";

/// Who keeps the templates.
const TEMPLATE_KEEPERS: Access = Access::Roles(&[Role::CatalogueEditor, Role::SystemAdmin]);

/// What `verify --deep` checks of this room.
#[must_use]
pub fn tables() -> Vec<Audited> {
    vec![
        audit::lifecycle::<Notice>(),
        audit::lifecycle::<Certificate>(),
        Audited::Thing {
            kind: TemplateId::PREFIX,
            table: &store::TEMPLATES,
        },
    ]
}

/// This room's doors.
pub fn doors(app: App) -> Doors {
    let templates = "/desk/catalogue/templates";
    let template = "/desk/catalogue/templates/{name}";
    Doors::new(ROOM, app)
        .get("/certificates/verify", Access::Public, pages::show_verify)
        .post("/certificates/verify", Access::Public, pages::verify_file)
        .get(
            "/certificates/verify/{ecert_id}",
            Access::Public,
            pages::show_card,
        )
        .get(
            "/certificates/{file}",
            Access::SignedIn,
            pages::download_certificate,
        )
        .get("/notices/{file}", Access::SignedIn, pages::download_notice)
        .get(
            "/api/v1/certificates/{ecert_id}",
            Access::Public,
            api::show_certificate,
        )
        .get(templates, TEMPLATE_KEEPERS, template_pages::list_templates)
        .post(
            "/desk/catalogue/templates/retry",
            TEMPLATE_KEEPERS,
            template_pages::retry,
        )
        .get(template, TEMPLATE_KEEPERS, template_pages::show_template)
        .post(template, TEMPLATE_KEEPERS, template_pages::change_template)
}

/// Fires a timer of this room; false when it belongs to another.
///
/// # Errors
/// As [`ledger::perform`].
pub fn fire(tx: &mut Tx<'_>, fired: &timer::Timer) -> Result<bool, Fault> {
    if fired.kind != EXPIRY_TIMER {
        return Ok(false);
    }
    let id = CertificateId::from_uuid(fired.record);
    let facts = Facts {
        today: tx.today(),
        organ: None,
    };
    let done = ledger::perform::<Certificate>(tx, id, CertificateCommand::Expire, &facts)?;
    // A clock that was set back may fire early: then the end is still to come.
    match (done.record.state, done.record.valid_until) {
        (CertificateState::Valid, Some(last)) => issue::set_expiry(tx, id, last)?,
        _ => {
            timer::cancel(tx, EXPIRY_TIMER, id.uuid())?;
        }
    }
    Ok(true)
}

/// A notice.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn notice(tx: &mut Tx<'_>, id: NoticeId) -> Result<Notice, Fault> {
    Ok(ledger::lifecycle::load_versioned::<Notice>(tx, id)?.record)
}

/// A certificate.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn certificate(tx: &mut Tx<'_>, id: CertificateId) -> Result<Certificate, Fault> {
    Ok(ledger::lifecycle::load_versioned::<Certificate>(tx, id)?.record)
}

/// What a certificate says; none when it was erased.
///
/// # Errors
/// [`Fault::Broken`] when the text was changed.
pub fn text_of(tx: &mut Tx<'_>, of: &Certificate) -> Result<Option<CertificateText>, Fault> {
    let text = ledger::read_text(tx, &of.text)?;
    let text = text.map(|text| serde_json::from_str(&text));
    text.transpose().map_err(Fault::broken)
}

/// The notices of an application or a case, the oldest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn notices_of(tx: &mut Tx<'_>, about: Uuid) -> Result<Vec<Notice>, Fault> {
    store::of_matter(tx, about)
}

/// The certificates of a case, the oldest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn certificates_of(tx: &mut Tx<'_>, about: Uuid) -> Result<Vec<Certificate>, Fault> {
    store::of_matter(tx, about)
}

/// The valid certificates of a person, the newest first: what the hall holds is not asked for
/// again.
///
/// # Errors
/// As [`Tx::query`].
pub fn valid_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Certificate>, Fault> {
    let today = tx.today();
    store::valid_of(tx, person, today)
}

/// Takes a grant back 撤销 (行政许可法 69), for the organ of the acting officer.
///
/// # Errors
/// The rule that says no.
pub fn revoke(
    tx: &mut Tx<'_>,
    id: CertificateId,
    ground: RevocationGround,
    reason: &str,
) -> Result<(), Fault> {
    end(tx, id, reason, |reason| CertificateCommand::Revoke {
        ground,
        reason,
    })
}

/// Strikes a certificate off 注销 (行政许可法 70), for the organ of the acting officer.
///
/// # Errors
/// The rule that says no.
pub fn cancel(
    tx: &mut Tx<'_>,
    id: CertificateId,
    ground: CancellationGround,
    reason: &str,
) -> Result<(), Fault> {
    end(tx, id, reason, |reason| CertificateCommand::Cancel {
        ground,
        reason,
    })
}

fn end(
    tx: &mut Tx<'_>,
    id: CertificateId,
    reason: &str,
    command: impl FnOnce(ledger::Commitment) -> CertificateCommand,
) -> Result<(), Fault> {
    let reason = kernel::text::bounded("reason", reason, 2000);
    let reason = reason.map_err(|problem| Fault::Invalid(vec![problem]))?;
    let old = ledger::lifecycle::load_versioned::<Certificate>(tx, id)?;
    let reason = ledger::keep_text(tx, id, Some(old.record.holder), &reason)?;
    let facts = Facts {
        today: tx.today(),
        organ: tx.actor().organ,
    };
    ledger::lifecycle::apply(tx, old, command(reason), &facts)?;
    timer::cancel(tx, EXPIRY_TIMER, id.uuid())?;
    Ok(())
}

/// Has the file of a document made once more, after template or data were mended.
///
/// # Errors
/// `certificate.nothing_failed` when it is there already.
pub fn render_again(tx: &mut Tx<'_>, id: impl Into<DocumentId>) -> Result<(), Fault> {
    let id = id.into();
    render::report(tx, id, PrintCommand::Again)?;
    render::queue(tx, id)
}

#[cfg(test)]
mod tests;
