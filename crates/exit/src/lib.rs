//! Ways out of a licence 行政许可退出: withdrawal 撤回, revocation 撤销, cancellation 注销 and the record of
//! a penalty 吊销, each a flow: told, heard, reviewed, decided by somebody else, written, registered.
//!
//! Deliberately absent: what a certificate's states are (`certificate`), how a hearing is held
//! (`hearing`, above), and suspension 暂扣, after which a licence stands again.

mod acts;
mod api;
pub mod decide;
mod desk;
mod forms;
mod model;
mod openapi;
mod opening;
mod own_pages;
mod papers;
mod store;
mod use_cases;
mod view;

use ledger::audit::{self, Audited};
use web::{Access, App, Doors, Role};

pub use decide::{Command, Event, Refusal};
pub use model::{DropGround, ExitId, ExitSource, ExitStatus, LicenceExit};
pub use openapi::openapi;
pub use opening::{NewExit, PenaltyPaper, open, open_after_check, request};
pub use papers::act;
pub use store::{Reach, Show};
pub use use_cases::{
    STATEMENT_DAYS, STATEMENT_TIMER, ask_hearing, assess, decide, drop, exit, fire, hearing_closed,
    hearing_opened, list, of_holder, order_hearing, own, pay, reach, register, review, running,
    state, visible, waive,
};

#[cfg(test)]
mod tests;

/// The room's name.
pub const ROOM: &str = "exit";

/// The room's tables.
pub const MIGRATIONS: &[db::Migration] = &[db::Migration {
    room: ROOM,
    number: 1,
    sql: include_str!("../migrations/0001_exit.sql"),
}];

/// The room's wording.
pub const MESSAGES: &str = include_str!("../messages.toml");

/// What `verify --deep` checks of this room.
#[must_use]
pub fn tables() -> Vec<Audited> {
    vec![audit::lifecycle::<LicenceExit>()]
}

/// Who sees the list of exits; what they find is within the right of their seat.
pub const READERS: Access = Access::Roles(&[
    Role::Reviewer,
    Role::LegalReviewer,
    Role::Decider,
    Role::HallManager,
    Role::Supervisor,
]);

const OPENERS: Access = Access::Roles(&[Role::Reviewer, Role::LegalReviewer, Role::Decider]);

/// The room's doors.
#[must_use]
pub fn doors(app: App) -> Doors {
    let own = Access::Citizen;
    let decider = Access::Officer(Role::Decider);
    let legal = Access::Officer(Role::LegalReviewer);
    let doors = Doors::new(ROOM, app)
        .get("/sunshine/exits", Access::Public, own_pages::show_register)
        .get("/my/exits", own, own_pages::show_list)
        .get("/my/exits/request", own, own_pages::show_request)
        .post("/my/exits/request", own, own_pages::request)
        .get("/my/exits/{id}", own, own_pages::show_one)
        .post("/my/exits/{id}/state", own, own_pages::state)
        .post("/my/exits/{id}/waive", own, own_pages::waive)
        .post("/my/exits/{id}/hearing", own, own_pages::ask_hearing)
        .get("/desk/exits", READERS, desk::show_list)
        .get("/desk/exits/new", OPENERS, desk::show_new)
        .post("/desk/exits/new", OPENERS, desk::open)
        .get("/desk/exits/{id}", READERS, desk::show_one)
        .post("/desk/exits/{id}/hearing", OPENERS, forms::order_hearing)
        .post("/desk/exits/{id}/assess", OPENERS, forms::assess)
        .post("/desk/exits/{id}/review", legal, forms::review)
        .post("/desk/exits/{id}/decide", decider, forms::decide)
        .post("/desk/exits/{id}/drop", decider, forms::drop)
        .post("/desk/exits/{id}/pay", OPENERS, forms::pay)
        .get("/api/v1/exits", Access::Public, api::list_register)
        .get("/api/v1/exits/{id}", Access::SignedIn, api::show_exit);
    writing_doors(doors)
}

/// What programs do with an exit.
fn writing_doors(doors: Doors) -> Doors {
    let own = Access::Citizen;
    let decider = Access::Officer(Role::Decider);
    let legal = Access::Officer(Role::LegalReviewer);
    let of = |verb: &str| format!("/api/v1/exits/{{id}}/{verb}");
    doors
        .post("/api/v1/exits", OPENERS, acts::open)
        .post("/api/v1/my/exits", own, acts::request)
        .post(&of("state"), own, acts::state)
        .post(&of("waive"), own, acts::waive)
        .post(&of("ask_hearing"), own, acts::ask_hearing)
        .post(&of("order_hearing"), OPENERS, acts::order_hearing)
        .post(&of("assess"), OPENERS, acts::assess)
        .post(&of("review"), legal, acts::review)
        .post(&of("decide"), decider, acts::decide)
        .post(&of("drop"), decider, acts::drop)
        .post(&of("pay"), OPENERS, acts::pay)
}
