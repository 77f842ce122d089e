//! The doors of identity: pages and interface, each with who may enter.

use web::session::Step;
use web::{Access, App, Doors, Role};

use crate::pages::{
    account, admin, code, desk, entry, erasure, grants, keeping, officer, profile, traces,
};
use crate::{ROOM, api};

/// Any of the three administrators may look; each door that changes something names one.
const ADMINISTRATORS: Access =
    Access::Roles(&[Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin]);
const SYSTEM: Access = Access::Officer(Role::SystemAdmin);
const SECURITY: Access = Access::Officer(Role::SecurityAdmin);
const CODE: Access = Access::Step(Step::Code);
const PASSWORD: Access = Access::Step(Step::Password);
const ENROL: Access = Access::Step(Step::Enrol);
const AUDIT: Access = Access::Officer(Role::AuditAdmin);

/// The security administrator acts, the audit administrator reads.
const ERASERS: Access = Access::Roles(&[Role::SecurityAdmin, Role::AuditAdmin]);

/// Every door of the room.
#[must_use]
pub fn doors(app: App) -> Doors {
    own_doors(app.clone())
        .merge(administrators_doors(app.clone()))
        .merge(audit_doors(app.clone()))
        .merge(erasure_doors(app))
}

/// The doors to oneself: in, out, one's data, one's account, the desk.
fn own_doors(app: App) -> Doors {
    Doors::new(ROOM, app)
        .get("/login", Access::Public, entry::show_login)
        .post("/login", Access::Public, entry::log_in)
        .post("/logout", Access::Public, entry::log_out)
        .get("/register", Access::Public, entry::show_register)
        .post("/register", Access::Public, entry::register)
        .get("/my/profile", Access::Citizen, profile::show_profile)
        .post("/my/phone", Access::Citizen, profile::set_phone)
        .get("/login/code", CODE, code::show_code)
        .post("/login/code", CODE, code::enter_code)
        .get("/password", PASSWORD, profile::show_password)
        .post("/password", PASSWORD, profile::change_password)
        .get("/account", Access::SignedIn, account::show_account)
        .post(
            "/account/log-ins/{handle}/end",
            Access::SignedIn,
            account::end_log_in,
        )
        .post(
            "/account/log-ins/end",
            Access::SignedIn,
            account::end_everywhere,
        )
        .get("/account/code", ENROL, code::show_factor)
        .post("/account/code", ENROL, code::begin_factor)
        .post("/account/code/confirm", ENROL, code::confirm_factor)
        .post(
            "/account/code/recovery",
            Access::AnyOfficer,
            code::renew_recovery,
        )
        .post("/account/code/off", Access::AnyOfficer, code::turn_off)
        .get("/desk", Access::AnyOfficer, desk::show_desk)
        .post("/desk/seat", Access::AnyOfficer, desk::choose_seat)
        .post("/api/v1/login", Access::Public, api::log_in)
        .post("/api/v1/logout", Access::SignedIn, api::log_out)
        .get("/api/v1/me", Access::SignedIn, api::show_me)
        .post("/api/v1/persons", Access::Public, api::register_person)
}

/// The doors of the three administrators.
fn administrators_doors(app: App) -> Doors {
    Doors::new(ROOM, app)
        .get("/desk/admin", ADMINISTRATORS, admin::show_admin)
        .get("/desk/admin/organs", ADMINISTRATORS, admin::show_organs)
        .post("/desk/admin/organs", SYSTEM, admin::add_organ)
        .get(
            "/desk/admin/organs/{id}",
            ADMINISTRATORS,
            keeping::show_organ,
        )
        .post("/desk/admin/organs/{id}", SYSTEM, keeping::rename_organ)
        .post(
            "/desk/admin/organs/{id}/close",
            SYSTEM,
            keeping::close_organ,
        )
        .get("/desk/admin/officers", ADMINISTRATORS, admin::show_officers)
        .post("/desk/admin/officers", SYSTEM, admin::add_officer)
        .get(
            "/desk/admin/officers/{id}",
            ADMINISTRATORS,
            officer::show_officer,
        )
        .post(
            "/desk/admin/officers/{id}/state",
            SYSTEM,
            officer::set_state,
        )
        .post(
            "/desk/admin/officers/{id}/password",
            SYSTEM,
            officer::hand_out,
        )
        .post("/desk/admin/officers/{id}/unlock", SYSTEM, officer::unlock)
        .post(
            "/desk/admin/officers/{id}/code",
            SECURITY,
            officer::reset_factor,
        )
        .get("/desk/admin/posts", ADMINISTRATORS, grants::show_posts)
        .post("/desk/admin/posts", SECURITY, grants::add_post)
        .get("/desk/admin/posts/{id}", ADMINISTRATORS, keeping::show_post)
        .post("/desk/admin/posts/{id}", SECURITY, keeping::change_post)
        .post(
            "/desk/admin/posts/{id}/close",
            SECURITY,
            keeping::close_post,
        )
        .get("/desk/admin/grants", ADMINISTRATORS, grants::show_grants)
        .post("/desk/admin/appointments", SECURITY, grants::appoint)
        .post(
            "/desk/admin/appointments/{id}/end",
            SECURITY,
            grants::end_appointment,
        )
        .post("/desk/admin/deputies", SECURITY, grants::set_deputy)
        .post(
            "/desk/admin/deputies/{id}/end",
            SECURITY,
            grants::end_deputy,
        )
}

/// Erasure: asked by oneself, carried out by the security administrator.
fn erasure_doors(app: App) -> Doors {
    Doors::new(ROOM, app)
        .get("/my/erasure", Access::Citizen, erasure::show_own)
        .post("/my/erasure", Access::Citizen, erasure::ask)
        .post(
            "/my/erasure/{id}/withdraw",
            Access::Citizen,
            erasure::withdraw,
        )
        .get("/desk/admin/erasures", ERASERS, erasure::show_all)
        .get("/desk/admin/erasures/{id}", ERASERS, erasure::show_one)
        .post(
            "/desk/admin/erasures/{id}/carry_out",
            SECURITY,
            erasure::carry_out,
        )
        .post("/api/v1/erasures", Access::Citizen, api::erasure::ask)
        .get("/api/v1/erasures", ERASERS, api::erasure::show_all)
        .get("/api/v1/erasures/{id}", ERASERS, api::erasure::show_one)
        .post(
            "/api/v1/erasures/{id}/carry_out",
            SECURITY,
            api::erasure::carry_out,
        )
}

/// What the audit administrator reads.
fn audit_doors(app: App) -> Doors {
    Doors::new(ROOM, app)
        .get("/desk/admin/audit", AUDIT, traces::show_audit)
        .get("/desk/admin/audit/organs", AUDIT, traces::show_organ_audit)
        .get(
            "/desk/admin/audit/officers",
            AUDIT,
            traces::show_officer_audit,
        )
        .get(
            "/desk/admin/audit/deputies",
            AUDIT,
            traces::show_deputy_audit,
        )
}
