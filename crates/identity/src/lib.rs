//! Who is who: organs, posts, officers, their appointments and deputies; persons and agents;
//! how they prove it; the three administrators.
//!
//! Deliberately absent: what a role may do in a room, log-ins themselves (`web::session`), and
//! sign-on by the national identity platform.

pub mod account;
mod administration;
mod api;
pub mod audit;
pub mod closure;
pub mod decide;
mod directory;
mod doors;
pub mod erasure;
pub mod factor;
pub mod login;
mod model;
mod officer;
mod openapi;
mod organ;
mod pages;
mod password;
mod person;
mod store;
mod totp;

pub use directory::HallDirectory;
pub use doors::doors;
pub use factor::FactorPolicy;
pub use login::set_password;
pub use model::{
    AccountId, ActingAs, Agency, AgencyId, AgencyScope, Appointment, AppointmentId, ClosureId,
    Deputy, DeputyId, FactorId, FactorState, NewAccount, NewOfficer, NewOrgan, NewPerson,
    OfficerCard, OfficerState, Organ, OrganKind, PersonCard, PersonKind, Post,
};
pub use officer::{
    add_officer, appoint, appointment, appointments, deputies, deputy, end_appointment, end_deputy,
    officer, officer_by_login, officer_name, officers, set_deputy, set_state,
};
pub use openapi::openapi;
pub use organ::{add_organ, add_post, hall, organ, organ_by_uscc, organs, post, post_for, posts};
pub use password::{PasswordCost, PasswordHash, hash_password};
pub use person::{
    acting_as, agencies, authorize, end_agency, erase, may_act_for, person, person_at_counter,
    person_by_number, person_ids, register_person, set_phone, shown_name,
};
pub use store::tables;
pub use web::Role;

/// The room's name.
pub const ROOM: &str = "identity";

/// The tables whose rows the store may keep in memory: organs, seats, and who somebody is.
pub const KEPT: &[&str] = &[
    "identity_organ",
    "identity_post",
    "identity_officer",
    "identity_appointment",
    "identity_deputy",
    "identity_person",
];

/// Wording of the room, Chinese first.
pub const MESSAGES: &str = include_str!("../messages.toml");

/// The room's tables.
pub const MIGRATIONS: &[db::Migration] = &[
    db::Migration {
        room: ROOM,
        number: 1,
        sql: include_str!("../migrations/0001_identity.sql"),
    },
    db::Migration {
        room: ROOM,
        number: 2,
        sql: include_str!("../migrations/0002_access.sql"),
    },
    db::Migration {
        room: ROOM,
        number: 3,
        sql: include_str!("../migrations/0003_closure.sql"),
    },
    db::Migration {
        room: ROOM,
        number: 4,
        sql: include_str!("../migrations/0004_erasure.sql"),
    },
    db::Migration {
        room: ROOM,
        number: 5,
        sql: include_str!("../migrations/0005_scope.sql"),
    },
];

#[cfg(test)]
mod tests;
