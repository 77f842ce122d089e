//! Offers 主动服务: the hall goes to people instead of waiting for them. A scheme says by which rule
//! over what the hall knows of a party it brings money (免申即享) or an item (无感审批); parties are
//! matched and told, say yes or no, and somebody who did not run the match decides and has it paid.
//!
//! Deliberately absent: the grant of an item itself, which is a case like any other; the roof opens
//! it when nobody said no (`Event::Unopposed`).

mod api;
pub mod decide;
mod desk;
mod export;
mod known;
mod list_pages;
mod model;
mod openapi;
mod pages;
mod run;
pub mod shipped;
mod store;
mod use_cases;

use ledger::audit::{self, Audited};
use web::{Access, App, Doors, Role};

pub use decide::{Event, Refusal, SchemeEvent};
pub use known::known;
pub use model::{
    ListId, Match, Offer, OfferId, OfferStatus, PaymentList, Period, Scheme, SchemeContent,
    SchemeId, SchemeKind,
};
pub use openapi::openapi;
pub use run::{BATCH, Run, match_some, note_run, offer_to, publish, silent_scenario};
pub use use_cases::{
    ANSWER_TIMER, check, close, confirm, content, decline, draw_list, fire, fulfil, left, list,
    lists, note_payment, of_party, of_scheme, offer, scheme, schemes, settle, totals, visible,
};

#[cfg(test)]
mod tests;

/// The room's name.
pub const ROOM: &str = "offer";

/// The room's tables.
pub const MIGRATIONS: &[db::Migration] = &[db::Migration {
    room: ROOM,
    number: 1,
    sql: include_str!("../migrations/0001_offer.sql"),
}];

/// The room's wording.
pub const MESSAGES: &str = include_str!("../messages.toml");

/// What `verify --deep` checks of this room.
#[must_use]
pub fn tables() -> Vec<Audited> {
    vec![
        audit::lifecycle::<Scheme>(),
        audit::lifecycle::<Offer>(),
        audit::lifecycle::<PaymentList>(),
    ]
}

/// Who sees the desk of the room; what they find is within the right of their seat.
pub const READERS: Access = Access::Roles(&[
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
    let decider = Access::Officer(Role::Decider);
    let heads = Access::Roles(&[Role::Decider, Role::HallManager]);
    let doors = Doors::new(ROOM, app)
        .get("/benefits", Access::Public, pages::show_schemes)
        .get("/my/offers", Access::Citizen, pages::show_own)
        .post("/my/offers/{id}/confirm", Access::Citizen, pages::confirm)
        .post("/my/offers/{id}/decline", Access::Citizen, pages::decline)
        .get("/desk/offers", READERS, desk::show_schemes)
        .get("/desk/offers/schemes/{id}", READERS, desk::show_scheme)
        .post("/desk/offers/schemes/{id}/run", CHECKERS, desk::run_scheme)
        .post("/desk/offers/schemes/{id}/list", decider, desk::draw_list)
        .post("/desk/offers/schemes/{id}/close", heads, desk::close_scheme)
        .get("/desk/offers/lists/{id}", READERS, list_pages::show_list)
        .get(
            "/desk/offers/lists/{id}/export",
            READERS,
            list_pages::export_list,
        )
        .get("/desk/offers/{id}", READERS, desk::show_offer)
        .post("/desk/offers/{id}/decide", decider, desk::decide_offer)
        .post("/desk/offers/{id}/payment", CHECKERS, desk::note_payment)
        .post("/desk/offers/{id}/check", CHECKERS, desk::check_offer);
    doors
        .get("/api/v1/schemes", Access::Public, api::list_schemes)
        .post("/api/v1/schemes", heads, api::publish_scheme)
        .post("/api/v1/schemes/{id}/run", CHECKERS, api::run_scheme)
        .post("/api/v1/schemes/{id}/list", decider, api::draw_list)
        .get("/api/v1/schemes/{id}/offers", READERS, api::list_offers)
        .get("/api/v1/my/offers", Access::Citizen, api::list_own)
        .get("/api/v1/offers/{id}", READERS, api::show_offer)
        .post("/api/v1/offers/{id}/confirm", Access::Citizen, api::confirm)
        .post("/api/v1/offers/{id}/decline", Access::Citizen, api::decline)
        .post("/api/v1/offers/{id}/decide", decider, api::decide_offer)
        .post("/api/v1/offers/{id}/payment", CHECKERS, api::note_payment)
        .post("/api/v1/offers/{id}/check", CHECKERS, api::check_offer)
}
