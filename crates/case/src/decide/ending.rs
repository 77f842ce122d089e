//! How a case ends other than by its process: withdrawal by the applicant, and filing.

use ledger::Commitment;

use super::{Event, Facts, Refusal};
use crate::model::{Asker, Case, Role, Status};

/// Who files finished cases.
pub const FILERS: [Role; 2] = [Role::ExitClerk, Role::HallManager];

impl Case {
    pub(super) fn withdraw(
        &self,
        reason: Option<Commitment>,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        match facts.by {
            Asker::Person(person) if self.belongs_to(person) => {}
            _ => return Err(Refusal::ApplicantOnly),
        }
        if !self.status.is_open() {
            return Err(Refusal::Decided);
        }
        let on = facts.today();
        Ok(vec![Event::Withdrawn { on, reason }])
    }

    /// Files a finished case 归档: the house itself, or the results desk and the manager of the
    /// hall that took it in.
    pub(super) fn archive(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        match &facts.by {
            Asker::System => {}
            Asker::Officer(doer)
                if doer.organ == self.hall
                    && FILERS.iter().any(|role| doer.roles.contains(role)) => {}
            Asker::Officer(_) | Asker::Person(_) => return Err(Refusal::WrongPost),
        }
        match self.status {
            Status::Archived => Ok(Vec::new()),
            status if status.is_over() => Ok(vec![Event::Archived]),
            _ => Err(Refusal::NotOver),
        }
    }
}
