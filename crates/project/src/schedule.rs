//! Backward schedule 倒排工期: from the wanted day back to the day on which each stage must begin,
//! with the critical path. Pure; whole working days.
//!
//! Deliberately absent: resources; a stage takes as long as its theme allows.

use calendar::{CalendarError, WorkingDays};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Something that takes days and waits for others, by their place in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// How many working days.
    pub days: u32,
    /// What must be finished before.
    pub after: Vec<usize>,
}

/// When a task can and must be done, in working days from the beginning of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Days before it at the earliest.
    pub earliest: u32,
    /// Days before it at the latest.
    pub latest: u32,
    /// How long it takes.
    pub days: u32,
}

impl Slot {
    /// Whether every day that it loses is lost to the whole.
    #[must_use]
    pub fn is_critical(self) -> bool {
        self.earliest == self.latest
    }

    /// 机动时间: how many days it may lose.
    #[must_use]
    pub fn slack(self) -> u32 {
        self.latest - self.earliest
    }
}

/// A plan of the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// For each task its slot.
    pub slots: Vec<Slot>,
    /// How many working days the whole takes.
    pub days: u32,
    /// 关键线路: one chain of tasks that takes so long, in order.
    pub path: Vec<usize>,
}

/// Why there is no plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPlan {
    /// A task waits for itself, perhaps by way of others.
    Circle,
    /// A task waits for one that is not there.
    Unknown,
}

/// Plans tasks by what waits for what.
///
/// # Errors
/// [`NoPlan`].
pub fn plan(tasks: &[Task]) -> Result<Plan, NoPlan> {
    if tasks
        .iter()
        .flat_map(|task| &task.after)
        .any(|at| tasks.len() <= *at)
    {
        return Err(NoPlan::Unknown);
    }
    let order = order(tasks).ok_or(NoPlan::Circle)?;
    let mut earliest = vec![0u32; tasks.len()];
    let mut longest: Vec<Option<usize>> = vec![None; tasks.len()];
    for at in &order {
        for before in &tasks[*at].after {
            let end = earliest[*before].saturating_add(tasks[*before].days);
            if longest[*at].is_none() || earliest[*at] < end {
                earliest[*at] = end;
                longest[*at] = Some(*before);
            }
        }
    }
    let end = |at: usize| earliest[at].saturating_add(tasks[at].days);
    let days = (0..tasks.len()).map(end).max().unwrap_or(0);
    let mut latest: Vec<u32> = tasks
        .iter()
        .map(|task| days - task.days.min(days))
        .collect();
    for at in order.iter().rev() {
        for before in &tasks[*at].after {
            let must = latest[*at].saturating_sub(tasks[*before].days);
            latest[*before] = latest[*before].min(must);
        }
    }
    let mut path = Vec::new();
    let mut next = (0..tasks.len()).find(|at| end(*at) == days);
    while let Some(at) = next {
        path.push(at);
        next = longest[at];
    }
    path.reverse();
    let slot = |at: usize| Slot {
        earliest: earliest[at],
        latest: latest[at],
        days: tasks[at].days,
    };
    Ok(Plan {
        slots: (0..tasks.len()).map(slot).collect(),
        days,
        path,
    })
}

/// An order in which each task stands behind those it waits for.
fn order(tasks: &[Task]) -> Option<Vec<usize>> {
    let mut order = Vec::with_capacity(tasks.len());
    let mut placed = vec![false; tasks.len()];
    while order.len() < tasks.len() {
        let before = order.len();
        for at in 0..tasks.len() {
            if !placed[at] && tasks[at].after.iter().all(|other| placed[*other]) {
                placed[at] = true;
                order.push(at);
            }
        }
        if order.len() == before {
            return None;
        }
    }
    Some(order)
}

/// The first and the last day of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// Its first working day.
    pub from: Date,
    /// Its last working day.
    pub until: Date,
}

impl Plan {
    /// The days on which each task must be done at the latest, so that the whole ends on a day.
    ///
    /// # Errors
    /// When a day lies outside the calendar.
    pub fn backward(
        &self,
        calendar: &WorkingDays,
        wanted: Date,
    ) -> Result<Vec<Span>, CalendarError> {
        let mut last = wanted;
        while !calendar.is_working(last)? {
            last = last.yesterday().unwrap_or(last);
        }
        let mut spans = Vec::with_capacity(self.slots.len());
        for slot in &self.slots {
            let left = self.days - (slot.latest + slot.days).min(self.days);
            let until = calendar.before(last, left)?.date;
            let from = calendar.before(until, slot.days.max(1) - 1)?.date;
            spans.push(Span { from, until });
        }
        Ok(spans)
    }
}
