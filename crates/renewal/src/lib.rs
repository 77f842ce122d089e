//! Renewals 延续 (行政许可法 50): licences near their end are watched, their holders told; what is
//! asked for in time and not decided before the end counts as renewed; listed items are renewed
//! in silence 无感延续 where the hall's own data bear it out and the holder does not say no.
//!
//! Deliberately absent: what a certificate that runs on looks like (`certificate`), and an
//! application anew after the end (`intake`).

mod api;
pub mod decide;
mod desk;
mod model;
mod openapi;
mod own_pages;
mod papers;
mod silence;
mod store;
mod use_cases;

use ledger::audit::{self, Audited};
use web::{Access, App, Doors, Role};

pub use decide::{ASK_DAYS, Command, Event, Refusal};
pub use model::{Renewal, RenewalCheck, RenewalId, RenewalStatus};
pub use openapi::openapi;
pub use store::{Reach, Show};
pub use use_cases::{
    DUE_TIMER, WATCH_DAYS, WATCH_TIMER, ask, catch_up, certificate_ended, check, decline, fire,
    grant, last_day_to_ask, list, of_certificate, of_holder, own, propose, reach, refuse, renewal,
    review, visible, watch_certificate,
};

#[cfg(test)]
mod tests;

/// The room's name.
pub const ROOM: &str = "renewal";

/// The room's tables.
pub const MIGRATIONS: &[db::Migration] = &[db::Migration {
    room: ROOM,
    number: 1,
    sql: include_str!("../migrations/0001_renewal.sql"),
}];

/// The room's wording.
pub const MESSAGES: &str = include_str!("../messages.toml");

/// What `verify --deep` checks of this room.
#[must_use]
pub fn tables() -> Vec<Audited> {
    vec![audit::lifecycle::<Renewal>()]
}

/// Who sees the list of renewals; what they find is within the right of their seat.
pub const READERS: Access = Access::Roles(&[
    Role::Reviewer,
    Role::LegalReviewer,
    Role::Decider,
    Role::HallManager,
    Role::Supervisor,
]);

/// The room's doors.
#[must_use]
pub fn doors(app: App) -> Doors {
    let own = Access::Citizen;
    let reviewer = Access::Officer(Role::Reviewer);
    let decider = Access::Officer(Role::Decider);
    Doors::new(ROOM, app)
        .get("/my/renewals", own, own_pages::show_own)
        .get("/my/renewals/ask", own, own_pages::show_ask)
        .post("/my/renewals/ask", own, own_pages::ask)
        .post("/my/renewals/{id}/decline", own, own_pages::decline)
        .get("/desk/renewals", READERS, desk::show_list)
        .get("/desk/renewals/{id}", READERS, desk::show_one)
        .post("/desk/renewals/{id}/review", reviewer, desk::review)
        .post("/desk/renewals/{id}/decide", decider, desk::decide)
        .post("/desk/renewals/{id}/check", reviewer, desk::check)
        .post("/api/v1/renewals", own, api::ask)
        .get("/api/v1/renewals/{id}", Access::SignedIn, api::show_renewal)
        .post("/api/v1/renewals/{id}/decline", own, api::decline)
        .post("/api/v1/renewals/{id}/review", reviewer, api::review)
        .post("/api/v1/renewals/{id}/grant", decider, api::grant)
        .post("/api/v1/renewals/{id}/refuse", decider, api::refuse)
        .post("/api/v1/renewals/{id}/check", reviewer, api::check)
}
