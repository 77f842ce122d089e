//! Authority: who may decide what 分级授权, on whose list 首席审批服务官, after which resolution 审批委员会
//! and which legal review 法制审核; which powers moved where 赋权、委托, and which files with them 移交.
//!
//! Deliberately absent: the decision itself, which is the case room's; the roof asks this room who
//! may take it and tells the case room.

mod acts;
mod api;
pub mod decide;
mod matters;
pub mod model;
mod openapi;
mod pages;
mod papers;
pub mod rule;
mod sheet;
mod store;
pub mod use_cases;

use kernel::TypedId;
use ledger::audit::{self, Audited};
use web::{Access, App, Doors};

pub use matters::{Cases, Chain, HeldTask, Matter, Matters};
pub use openapi::openapi;
pub use web::Role;

use model::{
    AuthorityTable, ChiefApprovalOfficer, CommitteeSitting, Handover, LegalOpinion, PostGradeId,
    PowerDelegation,
};

/// The room's name.
pub const ROOM: &str = "authority";

/// The room's tables.
pub const MIGRATIONS: &[db::Migration] = &[
    db::Migration {
        room: ROOM,
        number: 1,
        sql: include_str!("../migrations/0001_authority.sql"),
    },
    db::Migration {
        room: ROOM,
        number: 2,
        sql: include_str!("../migrations/0002_number_of_the_day.sql"),
    },
];

/// The room's wording.
pub const MESSAGES: &str = include_str!("../messages.toml");

/// What `verify --deep` checks of this room.
#[must_use]
pub fn tables() -> Vec<Audited> {
    vec![
        audit::lifecycle::<AuthorityTable>(),
        Audited::Thing {
            kind: PostGradeId::PREFIX,
            table: &store::POST_GRADES,
        },
        audit::lifecycle::<ChiefApprovalOfficer>(),
        audit::lifecycle::<LegalOpinion>(),
        audit::lifecycle::<PowerDelegation>(),
        audit::lifecycle::<CommitteeSitting>(),
        audit::lifecycle::<Handover>(),
    ]
}

/// Who sees the tables, the lists and the handovers; the menu shows them to the same.
pub const DESK: Access = Access::Roles(&[
    Role::Reviewer,
    Role::LegalReviewer,
    Role::Decider,
    Role::HallManager,
    Role::Supervisor,
    Role::SecurityAdmin,
    Role::AuditAdmin,
]);
const MANAGER: Access = Access::Officer(Role::HallManager);
const GRANTER: Access = Access::Officer(Role::SecurityAdmin);
const CONVENERS: Access = Access::Roles(&[Role::HallManager, Role::Decider]);
const FILES: Access = Access::Roles(&[Role::Reviewer, Role::LegalReviewer, Role::Decider]);
const LEGAL: Access = Access::Officer(Role::LegalReviewer);
/// Who sees what is said of a case; which cases, the case room says.
const HANDLERS: Access = Access::Roles(&[
    Role::IntakeClerk,
    Role::Reviewer,
    Role::LegalReviewer,
    Role::Decider,
    Role::ExitClerk,
    Role::CoHandler,
    Role::HallManager,
    Role::Supervisor,
    Role::AuditAdmin,
]);

/// The room's doors.
#[must_use]
pub fn doors(app: App) -> Doors {
    let doors = Doors::new(ROOM, app);
    interface(handover_doors(committee_doors(list_doors(table_doors(
        doors,
    )))))
}

/// What programs of the organs write.
fn interface(doors: Doors) -> Doors {
    let table = |verb: &str| format!("/api/v1/authority_tables/{{id}}/{verb}");
    let sitting = |verb: &str| format!("/api/v1/sittings/{{id}}/{verb}");
    doors
        .post("/api/v1/authority_tables", MANAGER, acts::draft_table)
        .post(&table("add_line"), MANAGER, acts::add_line)
        .post(&table("remove_line"), MANAGER, acts::remove_line)
        .post(&table("adopt"), GRANTER, acts::adopt_table)
        .post("/api/v1/powers", MANAGER, acts::give_powers)
        .post("/api/v1/powers/{id}/recall", MANAGER, acts::recall_powers)
        .post("/api/v1/sittings", CONVENERS, acts::call_sitting)
        .get("/api/v1/sittings/{id}", DESK, acts::show_sitting)
        .post(&sitting("put_case"), DESK, acts::put_case)
        .post(&sitting("open"), DESK, acts::open_sitting)
        .post(&sitting("recuse"), DESK, acts::recuse_member)
        .post(&sitting("vote"), DESK, acts::vote)
        .post(&sitting("resolve"), DESK, acts::resolve_case)
        .post(&sitting("defer"), DESK, acts::defer_case)
        .post(&sitting("close"), DESK, acts::close_sitting)
}

fn table_doors(doors: Doors) -> Doors {
    use pages::{cases, grades, tables};
    let at = "/desk/authority/tables/{id}";
    doors
        .get("/desk/authority", DESK, tables::show_tables)
        .post("/desk/authority", MANAGER, tables::draft_table)
        .post("/desk/authority/grades", GRANTER, grades::set_grade)
        .get(at, DESK, tables::show_table)
        .post(
            "/desk/authority/tables/{id}/lines",
            MANAGER,
            tables::add_line,
        )
        .post(
            "/desk/authority/tables/{id}/remove",
            MANAGER,
            tables::remove_line,
        )
        .post(
            "/desk/authority/tables/{id}/adopt",
            GRANTER,
            tables::adopt_table,
        )
        .get("/desk/authority/cases/{id}", HANDLERS, cases::show_case)
        .post(
            "/desk/authority/cases/{id}/opinions",
            LEGAL,
            cases::say_opinion,
        )
}

fn list_doors(doors: Doors) -> Doors {
    use pages::{chiefs, powers, public};
    let at = "/desk/authority/chiefs/{id}";
    doors
        .get("/desk/authority/chiefs", DESK, chiefs::show_chiefs)
        .post("/desk/authority/chiefs", MANAGER, chiefs::appoint_chief)
        .get(at, DESK, chiefs::show_chief)
        .post(
            "/desk/authority/chiefs/{id}/list",
            MANAGER,
            chiefs::change_list,
        )
        .post(
            "/desk/authority/chiefs/{id}/dismiss",
            MANAGER,
            chiefs::dismiss_chief,
        )
        .get("/desk/authority/powers", DESK, powers::show_powers)
        .post("/desk/authority/powers", MANAGER, powers::give_powers)
        .post(
            "/desk/authority/powers/recall",
            MANAGER,
            powers::recall_powers,
        )
        .get("/authority", Access::Public, public::show_public)
        .get(
            "/authority/papers/{file}",
            Access::Public,
            public::download_paper,
        )
        .get("/api/v1/authority_tables", Access::Public, api::list_tables)
        .get("/api/v1/powers", Access::Public, api::list_powers)
        .get("/api/v1/chief_officers", Access::Public, api::list_chiefs)
}

fn committee_doors(doors: Doors) -> Doors {
    use pages::sittings;
    let all = "/desk/authority/committee";
    doors
        .get(all, DESK, sittings::show_sittings)
        .post(all, CONVENERS, sittings::call_sitting)
        .get(
            "/desk/authority/committee/{id}",
            DESK,
            sittings::show_sitting,
        )
        .post(
            "/desk/authority/committee/{id}/cases",
            DESK,
            sittings::put_case,
        )
        .post(
            "/desk/authority/committee/{id}/open",
            DESK,
            sittings::open_sitting,
        )
        .post(
            "/desk/authority/committee/{id}/recuse",
            DESK,
            sittings::recuse_member,
        )
        .post(
            "/desk/authority/committee/{id}/vote",
            DESK,
            sittings::vote_on_case,
        )
        .post(
            "/desk/authority/committee/{id}/resolve",
            DESK,
            sittings::resolve_case,
        )
        .post(
            "/desk/authority/committee/{id}/defer",
            DESK,
            sittings::defer_case,
        )
        .post(
            "/desk/authority/committee/{id}/close",
            DESK,
            sittings::close_sitting,
        )
}

fn handover_doors(doors: Doors) -> Doors {
    use pages::handovers;
    let all = "/desk/authority/handovers";
    let at = "/desk/authority/handovers/{id}";
    doors
        .get(all, DESK, handovers::show_handovers)
        .post(all, FILES, handovers::list_files)
        .get(at, DESK, handovers::show_handover)
        .post(
            "/desk/authority/handovers/{id}/hand",
            FILES,
            handovers::hand_files,
        )
        .post(
            "/desk/authority/handovers/{id}/receive",
            FILES,
            handovers::receive_file,
        )
        .post(
            "/desk/authority/handovers/{id}/dispute",
            FILES,
            handovers::dispute_file,
        )
        .post(
            "/desk/authority/handovers/{id}/sign",
            FILES,
            handovers::sign_files,
        )
}

#[cfg(test)]
mod tests;
