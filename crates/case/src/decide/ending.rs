//! How a case ends other than by its process: withdrawal by the applicant, and filing.

use ledger::Commitment;

use super::{Event, Facts, Refusal};
use crate::model::{Asker, Case, Status};

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

    pub(super) fn archive(&self) -> Result<Vec<Event>, Refusal> {
        match self.status {
            Status::Archived => Ok(Vec::new()),
            status if status.is_over() => Ok(vec![Event::Archived]),
            _ => Err(Refusal::NotOver),
        }
    }
}
