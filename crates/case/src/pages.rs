//! Pages of cases: work lists, the officer's and the citizen's case, the results desk, the archive.
//!
//! What a form does is what the interface does: one use case each.

mod archive;
mod forms;
mod lists;
pub(crate) mod moving;
mod ruled;
mod show;
mod tacit;
pub(crate) mod told;

use web::{Access, App, Doors, Role};

use crate::{ROOM, api};

const HANDLERS: Access = Access::Roles(&[
    Role::IntakeClerk,
    Role::Reviewer,
    Role::LegalReviewer,
    Role::Decider,
    Role::ExitClerk,
    Role::CoHandler,
]);
const FILERS: Access = Access::Roles(&[Role::ExitClerk, Role::HallManager]);
const LEADERS: Access = Access::Roles(&[Role::Reviewer, Role::Decider]);

/// Who moves running cases to another version of their procedure.
pub const MOVING_ROLES: &[Role] = &[Role::HallManager, Role::CatalogueEditor];
const MOVERS: Access = Access::Roles(MOVING_ROLES);

/// Who sees what silence granted; what they find is within the right of their seat.
pub const WATCHERS: Access = Access::Roles(&[
    Role::Reviewer,
    Role::LegalReviewer,
    Role::Decider,
    Role::HallManager,
    Role::Supervisor,
]);

/// The room's doors.
#[must_use]
pub fn doors(app: App) -> Doors {
    interface(moves(pages(Doors::new(ROOM, app))))
}

fn pages(doors: Doors) -> Doors {
    let exit = Access::Officer(Role::ExitClerk);
    let head = Access::Officer(Role::Decider);
    doors
        .get("/desk/tasks", HANDLERS, lists::show_tasks)
        .get("/desk/delivery", exit, lists::show_delivery)
        .get("/desk/archive", FILERS, archive::show_archive)
        .get("/desk/cases/{id}", Access::AnyOfficer, show::show_desk_case)
        .get(
            "/desk/cases/{id}/proof.json",
            Access::AnyOfficer,
            show::download_proof,
        )
        .get("/my/cases/{id}", Access::Citizen, show::show_my_case)
        .get(
            "/my/cases/number/{number}",
            Access::Citizen,
            show::find_my_case,
        )
        .get(
            "/my/cases/{id}/proof.json",
            Access::Citizen,
            show::download_proof,
        )
        .post("/my/cases/{id}/withdraw", Access::Citizen, forms::withdraw)
        .post("/my/cases/{id}/take", Access::Citizen, forms::take_online)
        .post(
            "/desk/cases/{id}/tasks/{task}/claim",
            HANDLERS,
            forms::claim,
        )
        .post(
            "/desk/cases/{id}/tasks/{task}/release",
            HANDLERS,
            forms::release,
        )
        .post(
            "/desk/cases/{id}/tasks/{task}/hand_over",
            HANDLERS,
            forms::hand_over,
        )
        .post(
            "/desk/cases/{id}/tasks/{task}/complete",
            HANDLERS,
            forms::complete,
        )
        .post(
            "/desk/cases/{id}/co_handlers",
            LEADERS,
            forms::add_co_handler,
        )
        .post("/desk/cases/{id}/pause", LEADERS, forms::pause)
        .post("/desk/cases/{id}/resume", LEADERS, forms::resume)
        .post("/desk/cases/{id}/extend", head, forms::extend)
        .get("/desk/tacit", WATCHERS, tacit::show_list)
        .get("/desk/ruled", WATCHERS, ruled::show_list)
        .post(
            "/desk/cases/{id}/prioritise",
            Access::Roles(&[Role::HallManager, Role::Decider]),
            forms::prioritise,
        )
        .post(
            "/desk/cases/{id}/check_tacit",
            Access::Roles(&[Role::Reviewer, Role::LegalReviewer, Role::Decider]),
            forms::check_tacit,
        )
        .post("/desk/cases/{id}/deliver", exit, forms::deliver)
        .post("/desk/cases/{id}/archive", FILERS, forms::archive)
}

fn moves(doors: Doors) -> Doors {
    const MOVE: &str = "/desk/procedures/{name}/versions/{number}/move";
    doors
        .get(MOVE, MOVERS, moving::show_move)
        .post(MOVE, MOVERS, moving::move_cases)
        .post(
            "/api/v1/cases/{id}/preview_move",
            MOVERS,
            crate::moves_api::preview,
        )
        .post(
            "/api/v1/cases/{id}/migrate",
            MOVERS,
            crate::moves_api::migrate,
        )
}

fn interface(doors: Doors) -> Doors {
    let exit = Access::Officer(Role::ExitClerk);
    let head = Access::Officer(Role::Decider);
    doors
        .get("/api/v1/tasks", HANDLERS, api::list_tasks)
        .get("/api/v1/cases", Access::SignedIn, api::find_case)
        .get("/api/v1/cases/{id}", Access::SignedIn, api::show_case)
        .get(
            "/api/v1/cases/{id}/proof",
            Access::SignedIn,
            api::show_proof,
        )
        .post(
            "/api/v1/cases/{id}/tasks/{task}/claim",
            HANDLERS,
            api::claim,
        )
        .post(
            "/api/v1/cases/{id}/tasks/{task}/release",
            HANDLERS,
            api::release,
        )
        .post(
            "/api/v1/cases/{id}/tasks/{task}/hand_over",
            HANDLERS,
            api::hand_over,
        )
        .post(
            "/api/v1/cases/{id}/tasks/{task}/complete",
            HANDLERS,
            api::complete,
        )
        .post(
            "/api/v1/cases/{id}/co_handlers",
            LEADERS,
            api::add_co_handler,
        )
        .post("/api/v1/cases/{id}/pause", LEADERS, api::pause)
        .post("/api/v1/cases/{id}/resume", LEADERS, api::resume)
        .post("/api/v1/cases/{id}/extend", head, api::extend)
        .post("/api/v1/cases/{id}/deliver", exit, api::deliver)
        .post("/api/v1/cases/{id}/archive", FILERS, api::archive)
        .post(
            "/api/v1/cases/{id}/withdraw",
            Access::Citizen,
            api::withdraw,
        )
}
