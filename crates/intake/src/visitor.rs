//! Who a visitor of the house is to this room: an applicant, a clerk at the front desk, or nobody.
//!
//! Deliberately absent: what each of them may do, which `decide` says.

use web::{Citizen, Officer, Role, Visitor};

use crate::model::By;

impl From<&Officer> for By {
    fn from(officer: &Officer) -> Self {
        match officer.seat() {
            Some(seat) if seat.roles.contains(&Role::IntakeClerk) => Self::Clerk {
                officer: officer.id,
                hall: seat.organ,
            },
            _ => Self::Other,
        }
    }
}

impl From<&Citizen> for By {
    fn from(citizen: &Citizen) -> Self {
        Self::Person(citizen.id)
    }
}

impl By {
    /// Who a visitor is to this room; none for strangers.
    #[must_use]
    pub fn visitor(visitor: &Visitor) -> Option<Self> {
        match visitor {
            Visitor::Officer(officer) => Some(officer.into()),
            Visitor::Citizen(citizen) => Some(citizen.into()),
            Visitor::Public(_) => None,
        }
    }
}
