//! The doors of identity: pages and interface, each with who may enter.

use web::{Access, App, Doors, Role};

use crate::pages::{admin, desk, entry, grants, profile, traces};
use crate::{ROOM, api};

/// Any of the three administrators may look; each door that changes something names one.
const ADMINISTRATORS: Access =
    Access::Roles(&[Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin]);
const SYSTEM: Access = Access::Officer(Role::SystemAdmin);
const SECURITY: Access = Access::Officer(Role::SecurityAdmin);
const AUDIT: Access = Access::Officer(Role::AuditAdmin);

/// Every door of the room.
#[must_use]
pub fn doors(app: App) -> Doors {
    Doors::new(ROOM, app)
        .get("/login", Access::Public, entry::show_login)
        .post("/login", Access::Public, entry::log_in)
        .post("/logout", Access::Public, entry::log_out)
        .get("/register", Access::Public, entry::show_register)
        .post("/register", Access::Public, entry::register)
        .get("/my/profile", Access::Citizen, profile::show_profile)
        .post("/my/phone", Access::Citizen, profile::set_phone)
        .get("/password", Access::SignedIn, profile::show_password)
        .post("/password", Access::SignedIn, profile::change_password)
        .get("/desk", Access::AnyOfficer, desk::show_desk)
        .post("/desk/seat", Access::AnyOfficer, desk::choose_seat)
        .get("/desk/admin", ADMINISTRATORS, admin::show_admin)
        .get("/desk/admin/organs", ADMINISTRATORS, admin::show_organs)
        .post("/desk/admin/organs", SYSTEM, admin::add_organ)
        .get("/desk/admin/officers", ADMINISTRATORS, admin::show_officers)
        .post("/desk/admin/officers", SYSTEM, admin::add_officer)
        .post("/desk/admin/officers/{id}/state", SYSTEM, admin::set_state)
        .get("/desk/admin/posts", ADMINISTRATORS, grants::show_posts)
        .post("/desk/admin/posts", SECURITY, grants::add_post)
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
        .get("/desk/admin/audit", AUDIT, traces::show_audit)
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
        .post("/api/v1/login", Access::Public, api::log_in)
        .post("/api/v1/logout", Access::SignedIn, api::log_out)
        .get("/api/v1/me", Access::SignedIn, api::show_me)
        .post("/api/v1/persons", Access::Public, api::register_person)
}
