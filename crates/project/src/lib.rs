//! Projects 工程, stages 阶段 and bundles 一件事: several cases as one. One form and one set of
//! materials for all items, handed in once; the departments work side by side, each with its own
//! clock; the lead presses; the whole is concluded once.
//!
//! Reading order: `theme` (what belongs together, as data), `questions` (what is asked to choose),
//! `one_form` (one form and one set), `handed` (what one item issues for another), `schedule` and
//! `days` (pure arithmetic), `model`, `decide`, `draft` and `hand_in`, `handle`, `passed`,
//! `projects`, `store`, `pages`, `api`. Deliberately absent: rules of applications and of cases,
//! which stay in their rooms; this room hears of them through the roof's flow.

mod api;
mod bench;
pub mod days;
mod decide;
mod draft;
mod gantt;
mod gathered;
mod hand_in;
pub mod handed;
mod handle;
mod model;
mod news;
pub mod one_form;
mod openapi;
mod pages;
mod passed;
mod projects;
pub mod questions;
pub mod schedule;
pub mod shipped;
mod store;
pub mod theme;
mod view;

use ledger::audit::{self, Audited};
use web::{Access, App, Doors, Role};

pub use bench::{StageFigures, bench_stage};
pub use decide::{BundleCommand, BundleEvent, Facts, ProjectCommand, ProjectEvent, Refusal, Who};
pub use draft::{
    Draft, DraftId, NewBundle, Open, asked, attach, detach, drafts, drop_draft, open, save_answers,
    save_picks, start, sweep,
};
pub use gathered::{Gathered, Surveyed, gather, gather_all, survey};
pub use hand_in::{
    Receipt, accept, answer_problems, hand_in, hand_in_whole, problems_of, theme_of,
};
pub use handle::{
    TEXT_CHARS_MAX, ask, award, bundle, bundle_of_application, bundles_of, days_of, erase,
    find_by_number, give_opinion, hold_check, opinions_asked, own, plan_visit, reach, records_of,
    remind, seen, within,
};
pub use model::{
    Blocker, Bundle, BundleId, BundleStatus, Check, Handed, Opinion, OpinionStatus, Paper, Part,
    PartPlan, PartStatus, Project, ProjectId, Reminder, Stage, StageStatus, Stance, Stop,
};
pub use news::{application_over, case_changed, case_opened, fire};
pub use openapi::openapi;
pub use pages::{Brief, brief};
pub use passed::{PassedOn, held_for, passed_in, passed_to};
pub use projects::{
    NewProject, Saved, block, mark, name_of, own_project, plan, plan_of, plan_own, project,
    projects, projects_of, register, saved, unblock, used_days,
};
pub use store::Reach;
pub use view::{Bar, HolderDays, Lamp, PartView, bars, holder_days, lamp, parts, title};

/// The room's name.
pub const ROOM: &str = "project";

/// The room's tables.
pub const MIGRATIONS: &[db::Migration] = &[
    db::Migration {
        room: ROOM,
        number: 1,
        sql: include_str!("../migrations/0001_project.sql"),
    },
    db::Migration {
        room: ROOM,
        number: 2,
        sql: include_str!("../migrations/0002_counter.sql"),
    },
];

/// What the tables are, for `verify --deep`.
#[must_use]
pub fn tables() -> Vec<Audited> {
    vec![
        audit::lifecycle::<Bundle>(),
        audit::lifecycle::<Project>(),
        Audited::Sealed(&store::DRAFTS),
    ]
}

/// The room's wording.
pub const MESSAGES: &str = include_str!("../messages.toml");

/// Who works on bundles and projects at the desk.
const DESK_ROLES: &[Role] = &[
    Role::IntakeClerk,
    Role::Reviewer,
    Role::LegalReviewer,
    Role::Decider,
    Role::CoHandler,
    Role::Supervisor,
    Role::HallManager,
];

/// Who may enter the desk of bundles and projects.
pub const DESK: Access = Access::Roles(DESK_ROLES);

/// Whether an officer acts from a seat that may enter this desk.
fn at_desk(by: &web::Officer) -> bool {
    DESK_ROLES.iter().any(|role| by.has(*role))
}

/// The room's doors: pages and interface.
#[must_use]
pub fn doors(app: App) -> Doors {
    pages::doors(api::doors(Doors::new(ROOM, app)))
}

#[cfg(test)]
mod tests;
