//! Who is who: organs, posts, officers, their appointments and deputies; persons and agents.

mod login;
mod model;

pub use login::{PasswordCost, PasswordHash};
pub use model::{
    AccountId, Agency, AgencyId, Appointment, AppointmentId, Deputy, DeputyId, NewAccount,
    NewOfficer, NewOrgan, NewPerson, OfficerCard, OfficerState, Organ, OrganKind, PersonCard,
    PersonKind, Post,
};
