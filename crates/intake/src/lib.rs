//! Intake 收件受理: a person answers the questions of an item, fills in its form, hands in the
//! materials and gets a receipt; the front desk accepts, tells once what is missing, or says that
//! nothing is needed or that somebody else is competent.
//!
//! Reading order: `model` (nouns), `decide` (every rule), `power` (who may act for whom), `draft`,
//! `submit`, `answer`, `acting`, `look` (use cases), `notices` (papers), `store` (all SQL), `pages`
//! and `api` (the rim).
//! Deliberately absent: what happens after acceptance, which is the business of the case room;
//! it follows the events `Accepted` and `DeemedAccepted` by way of the roof's flow.

mod acting;
mod answer;
mod api;
pub mod decide;
mod draft;
mod files;
mod look;
pub mod model;
mod notices;
mod onward;
mod openapi;
mod pages;
pub mod power;
mod promise;
mod store;
mod submit;
mod unasked;
mod visitor;

pub use acting::{
    Paper, end_power, may_act, power_behind, power_paper, powers_given, record_power,
};
pub use answer::{
    accept, accept_by_rule, correct, correct_on_the_spot, fire, give_notice, lapse, make_up,
    not_accepted, not_required, read_answers, requirements_of, version_of, withdraw,
};
pub use decide::{Command, Event, Received, Refusal};
pub use draft::{
    attach_file, detach_file, draft, drafts, drop_draft, drop_upload, erase, files_of_draft,
    keep_upload, open_version, prefilled, save_answers, save_picks, sent_file, start_draft, sweep,
    visitor,
};
pub use files::{FILE_BYTES_MAX, is_whole, kind_of, kind_of_media, size_words};
pub use look::{
    Moment, application, by_number, case_facts, file_content, files, moments, of_person,
    query_code, track, visible, waiting,
};
pub use model::{
    Application, ApplicationId, By, CaseFacts, Correction, Document, Draft, NewApplication,
    NewDraft, Notice, Receipt, SentFile, Settled, Status, UploadId,
};
pub use onward::{Became, Onward, OpenedCase, Standing, Together};
pub use openapi::openapi;
pub use pages::{
    Arrived, FieldView, FileView, MaterialView, SentFiles, Visitors, VisitorsView, answer_facts,
    field_views, keep_all, material_view, moment_key, store_all, visitor_field,
};
pub use promise::{Offer, offers, sign_pledge};
pub use store::is_named;
pub use submit::{
    next_number, problems_of, submit, submit_filled_on, submit_to_people, submit_whole,
};
pub use unasked::{Unasked, receive_unasked};

use ledger::audit::Audited;

#[cfg(test)]
mod tests;

/// The room's name.
pub const ROOM: &str = "intake";

/// The room's tables.
pub const MIGRATIONS: &[db::Migration] = &[
    db::Migration {
        room: ROOM,
        number: 1,
        sql: include_str!("../migrations/0001_intake.sql"),
    },
    db::Migration {
        room: ROOM,
        number: 2,
        sql: include_str!("../migrations/0002_power.sql"),
    },
    db::Migration {
        room: ROOM,
        number: 3,
        sql: include_str!("../migrations/0003_by_hand.sql"),
    },
];

/// The room's wording.
pub const MESSAGES: &str = include_str!("../messages.toml");

/// What `verify --deep` needs to know of the room's tables.
#[must_use]
pub fn tables() -> Vec<Audited> {
    vec![
        ledger::audit::lifecycle::<Application>(),
        ledger::audit::lifecycle::<power::Power>(),
        Audited::Sealed(&store::DRAFTS),
        Audited::Sealed(&store::UPLOADS),
    ]
}

/// The room's doors: pages and interface.
#[must_use]
pub fn doors(app: web::App) -> web::Doors {
    pages::doors(app.clone()).merge(api::doors(app))
}
