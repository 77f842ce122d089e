//! A running case goes on in another version of its procedure 在办件迁移. Where its tokens go was
//! worked out by `process::migrate`; here stands what a case adds: clocks, open tasks and who
//! holds them are kept, and nothing may be lost or get worse against the law.

use jiff::civil::Date;
use kernel::OfficerId;
use ledger::Commitment;
use process::{Finding, NodeId};
use serde::{Deserialize, Serialize};

use super::{Event, Facts, Refusal};
use crate::model::{Case, Code, Duty, Role, Task};

/// What is worked out before a case is moved.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    /// Where its tokens go, or everything that keeps them from going.
    pub moved: Result<process::Moved, Vec<Finding>>,
    /// Working days of the longest way from here, before and after.
    pub remaining: (u32, u32),
    /// Why it is moved.
    pub reason: Commitment,
}

/// A case goes on in another version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Migrated {
    /// When.
    pub on: Date,
    /// Who moved it.
    pub by: OfficerId,
    /// The version that it leaves.
    pub from: Code,
    /// The version now.
    pub procedure: Code,
    /// The numbers of the old version's nodes with those of the new one.
    pub nodes: Vec<(u16, u16)>,
    /// Where it stands now.
    pub marking: Code,
    /// Its open tasks now.
    pub tasks: Vec<Task>,
    /// Why.
    pub reason: Commitment,
}

impl Case {
    pub(super) fn migrate(&self, order: Move, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let doer = facts.doer()?;
        let foreign = |_| Refusal::Process(process::StepRefusal::ForeignMarking);
        let procedure: Code = facts.procedure.name.parse().map_err(foreign)?;
        if procedure == self.procedure {
            return Ok(Vec::new());
        }
        let moved = order.moved.map_err(|findings| Refusal::CannotMove {
            place: findings
                .first()
                .map(|one| one.element.clone())
                .unwrap_or_default(),
        })?;
        let tasks = self.moved_tasks(&moved, order.remaining, facts)?;
        Ok(vec![Event::Migrated(Box::new(Migrated {
            on: facts.today(),
            by: doer.officer,
            from: self.procedure.clone(),
            procedure,
            nodes: moved.nodes.iter().map(|(old, new)| (*old, *new)).collect(),
            marking: Code::of_marking(&moved.marking),
            tasks,
            reason: order.reason,
        }))])
    }

    /// Its open tasks as they would be after a move: what a preview asks, and a move itself.
    ///
    /// # Errors
    /// The rule that says no.
    pub fn moved_tasks(
        &self,
        moved: &process::Moved,
        remaining: (u32, u32),
        facts: &Facts,
    ) -> Result<Vec<Task>, Refusal> {
        let doer = facts.doer()?;
        let moves = [Role::HallManager, Role::CatalogueEditor];
        if !moves.iter().any(|role| doer.roles.contains(role)) {
            return Err(Refusal::WrongPost);
        }
        if self.status.is_over() {
            return Err(Refusal::Over);
        }
        self.stays_in_time(remaining, facts)?;
        let tasks = self.tasks.iter();
        tasks
            .map(|task| self.moved_task(task, moved, facts))
            .collect()
    }

    /// A move may not push the longest way past the statutory day that it kept before.
    fn stays_in_time(&self, remaining: (u32, u32), facts: &Facts) -> Result<(), Refusal> {
        let (before, after) = remaining;
        let Some(due) = self.dues.statutory.filter(|_| self.status.is_open()) else {
            return Ok(());
        };
        if after <= before {
            return Ok(());
        }
        let today = facts.today();
        let was = facts.calendar.after(today, before)?.date;
        let is = facts.calendar.after(today, after)?.date;
        if was <= due && due < is {
            return Err(Refusal::MovePastLimit { due });
        }
        Ok(())
    }

    /// The task at its new place: who holds it, since when and until when stay; a task that
    /// somebody holds keeps its post and its duty.
    fn moved_task(
        &self,
        task: &Task,
        moved: &process::Moved,
        facts: &Facts,
    ) -> Result<Task, Refusal> {
        if task.is_beside() {
            return Ok(task.clone());
        }
        let lost = || Refusal::CannotMove {
            place: task.number.to_string(),
        };
        let number = *moved.nodes.get(&task.number).ok_or_else(lost)?;
        if !moved.marking.holds(NodeId::new(number)) {
            return Err(lost());
        }
        let open = super::advance::task_at(NodeId::new(number), facts)?;
        let organ = self.organ_at(open.at);
        let same = (open.role, open.duty, organ) == (task.role, task.duty, task.organ);
        if task.held_by.is_some() && !same {
            return Err(Refusal::HeldTaskChanges { task: task.number });
        }
        Ok(Task {
            number,
            duty: open.duty,
            role: open.role,
            organ,
            ..task.clone()
        })
    }

    pub(super) fn go_on_in(&mut self, migrated: &Migrated) {
        self.procedure = migrated.procedure.clone();
        self.marking = migrated.marking.clone();
        self.tasks.clone_from(&migrated.tasks);
        let there = |old: u16| {
            let found = migrated.nodes.iter().find(|(from, _)| *from == old);
            // What no node stands for any more was done before this version.
            found.map_or(0, |(_, to)| *to)
        };
        for hand in self
            .hands
            .iter_mut()
            .filter(|hand| hand.duty != Duty::Accept)
        {
            hand.task = there(hand.task);
        }
    }
}
