//! Leniency 轻微免罚: minor offences that the law does not punish, or need not. A published list says
//! which acts; what was found decides, with who did it before; whoever is spared is taught, and
//! somebody looks again.
//!
//! Deliberately absent: penalties. What is not spared goes on to the ordinary procedure of the
//! organ, which is none of this house's.

mod api;
pub mod decide;
mod desk;
pub mod list;
mod model;
mod openapi;
mod pages;
mod store;
mod use_cases;

use ledger::audit::{self, Audited};
use web::{Access, App, Doors, Role};

pub use decide::{Event, Refusal};
pub use model::{Assessment, Harm, Offence, OffenceId, OffenceStatus, Outcome};
pub use openapi::openapi;
pub use use_cases::{
    MATCH_TIMER, NewOffence, assess, catch_up, counts, educate, fire, look_again, of_party,
    offence, offences, open, settle, visible,
};

#[cfg(test)]
mod tests;

/// The room's name.
pub const ROOM: &str = "leniency";

/// The room's tables.
pub const MIGRATIONS: &[db::Migration] = &[db::Migration {
    room: ROOM,
    number: 1,
    sql: include_str!("../migrations/0001_leniency.sql"),
}];

/// The room's wording.
pub const MESSAGES: &str = include_str!("../messages.toml");

/// What `verify --deep` checks of this room.
#[must_use]
pub fn tables() -> Vec<Audited> {
    vec![audit::lifecycle::<Offence>()]
}

/// Who sees the desk of the room; what they find is within the right of their seat.
pub const READERS: Access = Access::Roles(&[
    Role::Reviewer,
    Role::LegalReviewer,
    Role::Decider,
    Role::HallManager,
    Role::Supervisor,
]);

const HANDLERS: Access = Access::Roles(&[Role::Reviewer, Role::LegalReviewer]);
const CHECKERS: Access = Access::Roles(&[Role::Reviewer, Role::LegalReviewer, Role::Decider]);

/// The room's doors.
#[must_use]
pub fn doors(app: App) -> Doors {
    let decider = Access::Officer(Role::Decider);
    let desk = "/desk/leniency/{id}";
    let api = "/api/v1/offences/{id}";
    Doors::new(ROOM, app)
        .get("/leniency", Access::Public, pages::show_public)
        .get("/my/leniency", Access::Citizen, pages::show_own)
        .get("/desk/leniency", READERS, desk::show_list)
        .get("/desk/leniency/new", HANDLERS, desk::show_new)
        .post("/desk/leniency/new", HANDLERS, desk::open_offence)
        .get(desk, READERS, desk::show_one)
        .post(&format!("{desk}/assess"), HANDLERS, desk::assess)
        .post(&format!("{desk}/educate"), HANDLERS, desk::educate)
        .post(&format!("{desk}/decide"), decider, desk::settle)
        .post(&format!("{desk}/look_again"), CHECKERS, desk::look_again)
        .get("/api/v1/leniency", Access::Public, api::show_list)
        .get("/api/v1/offences", READERS, api::list_offences)
        .post("/api/v1/offences", HANDLERS, api::open_offence)
        .get(api, READERS, api::show_offence)
        .post(&format!("{api}/assess"), HANDLERS, api::assess)
        .post(&format!("{api}/educate"), HANDLERS, api::educate)
        .post(&format!("{api}/decide"), decider, api::settle)
        .post(&format!("{api}/look_again"), CHECKERS, api::look_again)
}
