//! Pledges 承诺书: what an applicant promises in writing so that the hall goes on without a paper:
//! to hand it in later 容缺受理, or that the conditions are met 告知承诺. A pledge is signed within the
//! published list of the item version, runs, and is made up, lapses, is kept or broken.
//!
//! Deliberately absent: acceptance (`intake`) and decision (`case`), which ask this room what is
//! covered and owed; what follows for them stands in the roof's flow.

mod api;
pub mod decide;
mod model;
mod openapi;
mod pages;
mod sign;
mod store;
mod use_cases;

use ledger::audit::{self, Audited};
use web::{Access, App, Doors, Role};

pub use decide::{Command, Event, Found, Refusal};
pub use model::{Pledge, PledgeId, PledgeKind, PledgeStatus};
pub use openapi::openapi;
pub use sign::{NewPledge, PledgeWords, mode_of, sign};
pub use store::{Reach, Show};
pub use use_cases::{
    DUE_TIMER, REMIND_TIMER, REMINDER, Reminder, accepted, check, count, covered, decided, fire,
    hand_in, has_broken, list, mend, of_application, of_person, owed, pledge, reach,
    rests_on_promise, retract, visible, void, words_of,
};

#[cfg(test)]
mod tests;

/// The room's name.
pub const ROOM: &str = "pledge";

/// The room's tables.
pub const MIGRATIONS: &[db::Migration] = &[db::Migration {
    room: ROOM,
    number: 1,
    sql: include_str!("../migrations/0001_pledge.sql"),
}];

/// The room's wording.
pub const MESSAGES: &str = include_str!("../messages.toml");

/// What `verify --deep` checks of this room.
#[must_use]
pub fn tables() -> Vec<Audited> {
    vec![audit::lifecycle::<Pledge>()]
}

/// Who sees the list of pledges; what they find is within the right of their seat.
pub const READERS: Access = Access::Roles(&[
    Role::IntakeClerk,
    Role::Reviewer,
    Role::LegalReviewer,
    Role::Decider,
    Role::HallManager,
    Role::Supervisor,
]);

const CHECKERS: Access = Access::Roles(&[Role::Reviewer, Role::LegalReviewer, Role::Decider]);

/// The room's doors.
#[must_use]
pub fn doors(app: App) -> Doors {
    Doors::new(ROOM, app)
        .get("/my/pledges", Access::Citizen, pages::show_own)
        .post(
            "/my/pledges/{id}/retract",
            Access::Citizen,
            pages::take_back,
        )
        .get("/desk/pledges", READERS, pages::show_list)
        .get("/desk/pledges/{id}", READERS, pages::show_one)
        .post("/desk/pledges/{id}/check", CHECKERS, pages::check_one)
        .post(
            "/desk/pledges/{id}/mend",
            Access::Officer(Role::Decider),
            pages::mend_one,
        )
        .get("/api/v1/pledges", READERS, api::list_pledges)
        .get("/api/v1/my/pledges", Access::Citizen, api::list_own)
        .get("/api/v1/pledges/{id}", READERS, api::show_pledge)
        .post(
            "/api/v1/pledges/{id}/retract",
            Access::Citizen,
            api::retract,
        )
        .post("/api/v1/pledges/{id}/check", CHECKERS, api::check)
        .post(
            "/api/v1/pledges/{id}/mend",
            Access::Officer(Role::Decider),
            api::mend,
        )
}
