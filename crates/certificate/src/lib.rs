//! Notices 文书 and certificates 证照 of the hall: numbers, states, files, and whether a
//! certificate that somebody shows is true.
//!
//! Use cases run on a `Tx`; files are made after the commit, outside the writer. Deliberately
//! absent: what a case decides, and delivery.

mod api;
mod change;
mod change_pages;
pub mod decide;
mod desk_facts;
mod desk_pages;
mod issue;
pub mod keys;
mod model;
mod openapi;
mod own_pages;
mod pages;
pub mod public_check;
pub mod render;
mod standing;
mod store;
pub mod template;
mod template_pages;

pub use change::{Amended, change, renew};
pub use decide::{CertificateEvent, Hands, NoticeEvent, Refused};
pub use issue::{draw_notice, draw_paper, issue};
pub use keys::SealKeys;
pub use model::{
    CancellationGround, Certificate, CertificateField, CertificateId, CertificateState,
    CertificateText, DocumentNumber, ExitGround, ExitKind, FailureCode, FileState, NewCertificate,
    NewNotice, NewPaper, Notice, NoticeId, NoticeKind, PenaltyGround, Print, RevocationGround,
    SuspensionGround, TemplateId, WithdrawalGround, WrongNumber,
};
pub use openapi::openapi;
pub use pages::deliver;
pub use public_check::{Checked, FileVerdict, PublicCard, masked};
pub use render::{DocumentId, PublicAddress, pdf_of, render_pending};
pub use standing::{cancel, end, fire, issuing, lift, revoke, suspend};
pub use template::{PlainPaper, check_template, plain_paper, reset_template, save_template};

use db::Tx;
use identity::ActingAs;
use kernel::{Fault, PersonId, TypedId};
use ledger::audit::{self, Audited};
use uuid::Uuid;
use web::{Access, App, Doors, Role};

use crate::decide::PrintCommand;

/// The name of this room.
pub const ROOM: &str = "certificate";

/// This room's tables.
pub const MIGRATIONS: &[db::Migration] = &[
    db::Migration {
        room: ROOM,
        number: 1,
        sql: include_str!("../migrations/0001_certificate.sql"),
    },
    db::Migration {
        room: ROOM,
        number: 2,
        sql: include_str!("../migrations/0002_suspension.sql"),
    },
    db::Migration {
        room: ROOM,
        number: 3,
        sql: include_str!("../migrations/0003_exit.sql"),
    },
    db::Migration {
        room: ROOM,
        number: 4,
        sql: include_str!("../migrations/0004_matter.sql"),
    },
];

/// This room's wording.
pub const MESSAGES: &str = include_str!("../messages.toml");

/// The timer that notes the end of a certificate.
pub const EXPIRY_TIMER: &str = "certificate.expiry";
/// The timer that notes the end of a suspension.
pub const SUSPENSION_TIMER: &str = "certificate.suspension";

/// Who looks certificates up; what they find is within the right of their seat.
pub const READERS: Access = Access::Roles(&[
    Role::IntakeClerk,
    Role::Reviewer,
    Role::LegalReviewer,
    Role::Decider,
    Role::ExitClerk,
    Role::HallManager,
    Role::Supervisor,
]);
const DECIDER: Access = Access::Officer(Role::Decider);

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
        .get(
            "/certificates/{id}/proof.json",
            Access::SignedIn,
            pages::download_proof,
        )
        .get("/notices/{file}", Access::SignedIn, pages::download_notice)
        .get(
            "/api/v1/certificates/{ecert_id}",
            Access::Public,
            api::show_certificate,
        )
        .get("/my/certificates", Access::Citizen, own_pages::show_own)
        .get("/desk/certificates", READERS, desk_pages::show_list)
        .post("/desk/certificates/find", READERS, desk_pages::find_holder)
        .get("/desk/certificates/{id}", READERS, desk_pages::show_one)
        .post(
            "/desk/certificates/{id}/suspend",
            DECIDER,
            desk_pages::suspend,
        )
        .post("/desk/certificates/{id}/lift", DECIDER, desk_pages::lift)
        .get(
            "/desk/certificates/{id}/change",
            DECIDER,
            change_pages::show_change,
        )
        .post(
            "/desk/certificates/{id}/change",
            DECIDER,
            change_pages::change,
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

/// How many valid certificates of an item there are: what a quantity limit is held against
/// (行政许可法 57).
///
/// # Errors
/// As [`Tx::query`].
pub fn count_valid(tx: &mut Tx<'_>, item: Uuid) -> Result<u32, Fault> {
    store::count_valid(tx, item)
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

/// Every certificate of a person, ended ones too, the newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn all_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Certificate>, Fault> {
    store::of_holder(tx, ActingAs::own(person))
}

/// The certificates that somebody sees as the holder or for them, the newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn seen_as(tx: &mut Tx<'_>, acting: ActingAs) -> Result<Vec<Certificate>, Fault> {
    store::of_holder(tx, acting)
}

/// The standing certificates whose last day lies between two days, the first to end first; of
/// one organ or of the whole hall.
///
/// # Errors
/// As [`Tx::query`].
pub fn ending(
    tx: &mut Tx<'_>,
    from: jiff::civil::Date,
    until: jiff::civil::Date,
    organ: Option<kernel::OrganId>,
    most: i64,
) -> Result<Vec<Certificate>, Fault> {
    store::ending(tx, from, until, organ, most)
}

/// The certificate of this identifier.
///
/// # Errors
/// As [`Tx::query`].
pub fn by_ecert_id(tx: &mut Tx<'_>, id: &codes::EcertId) -> Result<Option<Certificate>, Fault> {
    store::by_ecert_id(tx, id)
}

/// How many documents have no file because it could not be made, up to `most` of each sort.
///
/// # Errors
/// As [`Tx::query`].
pub fn failed_papers(tx: &mut Tx<'_>, most: i64) -> Result<usize, Fault> {
    let notices = store::failed::<Notice>(tx, most)?.len();
    Ok(notices + store::failed::<Certificate>(tx, most)?.len())
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
