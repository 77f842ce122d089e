//! Tasks in people's hands: claim, release, hand over, ask another organ.

use kernel::{OfficerId, OrganId};
use ledger::Commitment;

use super::{Conflicting, Event, Facts, Refusal, co_task_number};
use crate::model::{Asker, Case, Doer, Duty, Role, Task};

/// The longest that another organ is given for its opinion, in working days.
const CO_HANDLER_DAYS_MAX: u32 = 20;

impl Doer {
    /// The person as separation looks at them.
    pub(super) fn conflicting(&self) -> Conflicting {
        Conflicting {
            officer: self.officer,
            standing_in: self.standing_in,
        }
    }

    /// Whether a task is held by them, or by whom they stand in for.
    fn holds(&self, task: &Task) -> bool {
        let mine = [Some(self.officer), self.standing_in];
        task.held_by.is_some() && mine.contains(&task.held_by)
    }
}

impl Facts {
    /// The officer who asks.
    pub(super) fn doer(&self) -> Result<&Doer, Refusal> {
        match &self.by {
            Asker::Officer(doer) => Ok(doer),
            Asker::Person(_) | Asker::System => Err(Refusal::WrongPost),
        }
    }
}

impl Case {
    /// The open task, when it is offered to this officer's post.
    pub(super) fn offered<'a>(&'a self, number: u16, doer: &Doer) -> Result<&'a Task, Refusal> {
        let task = self.task(number).ok_or(Refusal::TaskGone)?;
        if !doer.sits_for(task.organ, self.item) || !doer.roles.contains(&task.role) {
            return Err(Refusal::WrongPost);
        }
        Ok(task)
    }

    /// The open task, when this officer may work on it: theirs, or nobody's.
    pub(super) fn workable<'a>(&'a self, number: u16, doer: &Doer) -> Result<&'a Task, Refusal> {
        let task = self.offered(number, doer)?;
        if task.held_by.is_some() && !doer.holds(task) {
            return Err(Refusal::TaskHeld);
        }
        self.may_do(doer.conflicting(), task.duty, task.number)?;
        Ok(task)
    }

    pub(super) fn claim(&self, number: u16, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let doer = facts.doer()?;
        let task = self.workable(number, doer)?;
        self.within_authority(task.duty, facts)?;
        if task.held_by == Some(doer.officer) {
            return Ok(Vec::new());
        }
        Ok(vec![Event::Claimed {
            task: number,
            by: doer.officer,
            standing_in: doer.standing_in,
        }])
    }

    pub(super) fn release(&self, number: u16, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let doer = facts.doer()?;
        let task = self.offered(number, doer)?;
        if !doer.holds(task) {
            return Err(Refusal::NotHeld);
        }
        Ok(vec![Event::Released { task: number }])
    }

    pub(super) fn hand_over(
        &self,
        number: u16,
        receiver: Conflicting,
        holds_post: bool,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        let task = self.workable(number, facts.doer()?)?;
        if !holds_post {
            return Err(Refusal::ReceiverWithoutPost);
        }
        self.may_do(receiver, task.duty, task.number)?;
        self.within_authority(task.duty, facts)?;
        let Conflicting {
            officer: to,
            standing_in,
        } = receiver;
        if task.held_by == Some(to) {
            return Ok(Vec::new());
        }
        Ok(vec![Event::HandedOver {
            task: number,
            to,
            standing_in,
        }])
    }

    pub(super) fn add_co_handler(
        &self,
        organ: OrganId,
        question: Commitment,
        limit_days: u32,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        self.lead_officer(facts, &[Role::Reviewer, Role::Decider])?;
        if !self.status.is_open() {
            return Err(Refusal::Decided);
        }
        if organ == self.organ {
            return Err(Refusal::OwnOrgan);
        }
        if !(1..=CO_HANDLER_DAYS_MAX).contains(&limit_days) {
            let max = CO_HANDLER_DAYS_MAX;
            return Err(Refusal::DaysOutOfRange { max });
        }
        let on = facts.today();
        Ok(vec![Event::CoHandlerAdded(Task {
            number: co_task_number(&self.tasks),
            duty: Duty::Consult,
            role: Role::CoHandler,
            organ,
            on,
            due: Some(facts.calendar.after(on, limit_days)?.date),
            held_by: None,
            held_for: None,
            question: Some(question),
        })])
    }

    /// An officer of the lead organ with one of these roles.
    pub(super) fn lead_officer<'f>(
        &self,
        facts: &'f Facts,
        roles: &[Role],
    ) -> Result<&'f Doer, Refusal> {
        let doer = facts.doer()?;
        let sits = doer.sits_for(self.organ, self.item);
        let fits = sits && roles.iter().any(|role| doer.roles.contains(role));
        if fits {
            Ok(doer)
        } else {
            Err(Refusal::WrongPost)
        }
    }

    pub(super) fn hold(
        &mut self,
        number: u16,
        by: Option<OfficerId>,
        standing_in: Option<OfficerId>,
    ) {
        if let Some(task) = self.tasks.iter_mut().find(|task| task.number == number) {
            task.held_by = by;
            task.held_for = standing_in;
        }
    }
}
