//! Lights by cut-offs: for today, the last due date that is yellow for a limit of so many days.
//! So a store can group by due date and nobody dates a million clocks. The rule is the one of
//! `calendar::LegalClock::light`; a test compares the two.
//!
//! Deliberately absent: the light that a paused clock kept (on the board it counts as paused) and
//! office hours: a limit in hours is yellow on its last day.

use std::cell::RefCell;
use std::collections::BTreeMap;

use calendar::{DueUnit, LightPolicy, WorkingDays};
use jiff::civil::Date;
use kernel::Fault;

use crate::model::{Length, Shade};

/// Today's cut-offs.
#[derive(Debug)]
pub struct Cutoffs<'c> {
    today: Date,
    calendar: &'c WorkingDays,
    policy: LightPolicy,
    yellow: RefCell<BTreeMap<u32, Date>>,
}

impl<'c> Cutoffs<'c> {
    /// The cut-offs of a day.
    #[must_use]
    pub fn new(today: Date, calendar: &'c WorkingDays, policy: LightPolicy) -> Self {
        Self {
            today,
            calendar,
            policy,
            yellow: RefCell::default(),
        }
    }

    /// The day.
    #[must_use]
    pub fn today(&self) -> Date {
        self.today
    }

    /// The last due date that is yellow today for a limit of a length.
    ///
    /// # Errors
    /// [`Fault::Broken`] when a number is out of range.
    pub fn yellow_until(&self, length: Length) -> Result<Date, Fault> {
        if length.unit == DueUnit::Hour {
            return Ok(self.today);
        }
        let share = u64::from(length.count) * u64::from(self.policy.yellow_percent) / 100;
        let share = u32::try_from(share).map_err(Fault::broken)?;
        let left = share.max(self.policy.yellow_days);
        if length.unit == DueUnit::Day {
            let left = jiff::Span::new().days(left);
            return self.today.checked_add(left).map_err(Fault::broken);
        }
        if let Some(known) = self.yellow.borrow().get(&left) {
            return Ok(*known);
        }
        // Where the calendar ends sooner, every due date that it knows is nearer than that.
        let due = self.calendar.after(self.today, left);
        let until = due.map_or(self.calendar.last_day(), |due| due.date);
        self.yellow.borrow_mut().insert(left, until);
        Ok(until)
    }

    /// How a running case stands today.
    ///
    /// # Errors
    /// As [`Cutoffs::yellow_until`].
    pub fn shade(
        &self,
        paused: bool,
        due: Option<Date>,
        statutory_due: Option<Date>,
        length: Length,
    ) -> Result<Shade, Fault> {
        let over = |due: Option<Date>| due.is_some_and(|due| due < self.today);
        if paused {
            return Ok(Shade::Paused);
        }
        if over(statutory_due) {
            return Ok(Shade::Black);
        }
        if over(due) {
            return Ok(Shade::Red);
        }
        match due {
            Some(due) if due <= self.yellow_until(length)? => Ok(Shade::Yellow),
            _ => Ok(Shade::Green),
        }
    }
}
