//! Hearings 听证 (行政许可法 46–48): the right told, asked for in time, arranged and announced, held by
//! somebody who did not examine the matter, its minutes signed. For a running case, whose clock
//! stands meanwhile, and for a licence on its way out.
//!
//! Deliberately absent: what the matter's decision makes of the minutes (`case`, `exit`), and any
//! fee: a hearing is free.

mod api;
pub mod decide;
mod desk;
mod forms;
mod matter;
mod model;
mod openapi;
mod opening;
mod own_pages;
mod papers;
mod store;
mod use_cases;

use ledger::audit::{self, Audited};
use web::{Access, App, Doors, Role};

pub use decide::{ASK_DAYS, Command, Event, HOLD_DAYS, NOTICE_DAYS, Refusal};
pub use matter::{Matter, matter};
pub use model::{ClosedGround, Hearing, HearingId, HearingStatus, Subject, SubjectKind};
pub use openapi::openapi;
pub use opening::{asked_for, offer, order};
pub use store::{Reach, Show};
pub use use_cases::{
    Arrangement, DUE_TIMER, Minutes, announced, ask, ask_recusal, decide_recusal, fire, give_up,
    hearing, hold, is_open, last_of, list, minutes_of, name_presider, note_absence, of_party, own,
    presiders, reach, refuse_to_sign, schedule, sign, visible,
};

#[cfg(test)]
mod tests;

/// The room's name.
pub const ROOM: &str = "hearing";

/// The room's tables.
pub const MIGRATIONS: &[db::Migration] = &[
    db::Migration {
        room: ROOM,
        number: 1,
        sql: include_str!("../migrations/0001_hearing.sql"),
    },
    db::Migration {
        room: ROOM,
        number: 2,
        sql: include_str!("../migrations/0002_matter.sql"),
    },
];

/// The room's wording.
pub const MESSAGES: &str = include_str!("../messages.toml");

/// What `verify --deep` checks of this room.
#[must_use]
pub fn tables() -> Vec<Audited> {
    vec![audit::lifecycle::<Hearing>()]
}

/// Who sees the list of hearings; what they find is within the right of their seat.
pub const READERS: Access = Access::Roles(&[
    Role::Reviewer,
    Role::LegalReviewer,
    Role::Decider,
    Role::HallManager,
    Role::Supervisor,
]);

const ARRANGERS: Access = Access::Roles(&[Role::Reviewer, Role::LegalReviewer, Role::Decider]);

/// The room's doors.
#[must_use]
pub fn doors(app: App) -> Doors {
    let own = Access::Citizen;
    let decider = Access::Officer(Role::Decider);
    let doors = Doors::new(ROOM, app)
        .get("/hearings", Access::Public, own_pages::show_announced)
        .get("/my/hearings", own, own_pages::show_list)
        .get("/my/hearings/{id}", own, own_pages::show_one)
        .post("/my/hearings/{id}/ask", own, own_pages::ask)
        .post("/my/hearings/{id}/give_up", own, own_pages::give_up)
        .post("/my/hearings/{id}/recusal", own, own_pages::ask_recusal)
        .post("/my/hearings/{id}/sign", own, own_pages::sign)
        .get("/desk/hearings", READERS, desk::show_list)
        .get("/desk/hearings/new", ARRANGERS, desk::show_new)
        .post("/desk/hearings/new", ARRANGERS, desk::offer)
        .get("/desk/hearings/{id}", READERS, desk::show_one)
        .post("/desk/hearings/{id}/schedule", ARRANGERS, forms::schedule)
        .post(
            "/desk/hearings/{id}/recusal",
            decider,
            forms::decide_recusal,
        )
        .post(
            "/desk/hearings/{id}/presider",
            ARRANGERS,
            forms::name_presider,
        )
        .post("/desk/hearings/{id}/hold", ARRANGERS, forms::hold)
        .post("/desk/hearings/{id}/absent", ARRANGERS, forms::note_absence)
        .post(
            "/desk/hearings/{id}/unsigned",
            ARRANGERS,
            forms::refuse_to_sign,
        );
    interface(doors)
}

/// What programs do with a hearing.
fn interface(doors: Doors) -> Doors {
    let own = Access::Citizen;
    let decider = Access::Officer(Role::Decider);
    let of = |verb: &str| format!("/api/v1/hearings/{{id}}/{verb}");
    doors
        .post("/api/v1/hearings", ARRANGERS, api::begin)
        .get("/api/v1/hearings/{id}", Access::SignedIn, api::show_hearing)
        .post(&of("ask"), own, api::ask)
        .post(&of("give_up"), own, api::give_up)
        .post(&of("ask_recusal"), own, api::ask_recusal)
        .post(&of("sign"), own, api::sign)
        .post(&of("schedule"), ARRANGERS, api::schedule)
        .post(&of("decide_recusal"), decider, api::decide_recusal)
        .post(&of("name_presider"), ARRANGERS, api::name_presider)
        .post(&of("hold"), ARRANGERS, api::hold)
        .post(&of("note_absence"), ARRANGERS, api::note_absence)
        .post(&of("refuse_to_sign"), ARRANGERS, api::refuse_to_sign)
}
