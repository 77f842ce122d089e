//! One limit over one calendar: from a start, a number of units and the pauses to a due date. Pure
//! arithmetic on the scale of `due.rs`; which limit and why is the clock's affair.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::due::{begin, moment, position};
use crate::{CalendarError, Due, DueUnit, OfficeHours, Pause, WorkingDays};

/// What happens when the last day of a limit in calendar days does not work. Working days and
/// hours never end on such a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LastDay {
    /// It stays.
    #[default]
    AsCounted,
    /// It moves to the next working day (民法典 203, 民事诉讼法 85).
    NextWorkingDay,
}

/// A limit as a law or a promise states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// The article with its law and version, or the promise.
    pub article: String,
    /// How many units.
    pub count: u32,
    /// Which unit.
    pub unit: DueUnit,
    /// What a last day off does, for calendar days.
    #[serde(default)]
    pub last_day: LastDay,
}

impl Rule {
    /// A limit in working days 工作日.
    pub fn workdays(article: &str, count: u32) -> Self {
        Self {
            article: article.to_owned(),
            count,
            unit: DueUnit::Workday,
            last_day: LastDay::default(),
        }
    }

    /// A limit in calendar days 自然日 whose last day stays as counted.
    pub fn days(article: &str, count: u32) -> Self {
        Self {
            unit: DueUnit::Day,
            ..Self::workdays(article, count)
        }
    }

    /// A limit in office hours 小时.
    pub fn hours(article: &str, count: u32) -> Self {
        Self {
            unit: DueUnit::Hour,
            ..Self::workdays(article, count)
        }
    }
}

/// Which of the two limits of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// 法定时限.
    Statutory,
    /// 承诺时限.
    Promised,
}

/// When a limit ends, as far as it can be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Reckoning {
    /// It ends then.
    Known(Due),
    /// The clock stands, so the end is not known.
    Paused {
        /// First day that does not count.
        since: Date,
    },
}

impl Reckoning {
    /// The due date where it is known.
    pub fn due(self) -> Option<Due> {
        match self {
            Self::Known(due) => Some(due),
            Self::Paused { .. } => None,
        }
    }
}

/// What is left of a limit; below zero it is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remaining {
    /// Working days, calendar days, or for hours office minutes.
    pub count: i64,
    /// Which unit the limit has.
    pub unit: DueUnit,
    /// Whether the clock stands now.
    pub paused: bool,
}

/// A limit laid on a calendar.
pub(crate) struct Run<'a> {
    pub(crate) calendar: &'a WorkingDays,
    pub(crate) hours: &'a OfficeHours,
    pub(crate) unit: DueUnit,
    pub(crate) last_day: LastDay,
    pub(crate) start: DateTime,
    /// Units allowed, extension included.
    pub(crate) count: u32,
    /// In order of their first day.
    pub(crate) pauses: &'a [Pause],
}

impl Run<'_> {
    /// All positions the limit may use.
    pub(crate) fn total(&self) -> i64 {
        i64::from(self.count) * self.unit.size()
    }

    fn at(&self, moment: DateTime) -> Result<i64, CalendarError> {
        position(self.calendar, self.hours, self.unit, moment)
    }

    fn opening(&self, date: Date) -> Result<i64, CalendarError> {
        begin(self.calendar, self.hours, self.unit, date)
    }

    /// Each pause that begins before the limit is used up pushes the end by what it covers; days
    /// that two pauses cover are pushed once.
    pub(crate) fn reckon(&self) -> Result<Reckoning, CalendarError> {
        let start = self.at(self.start)?;
        let (mut target, mut covered) = (start + self.total(), start);
        for pause in self.pauses {
            let from = self.opening(pause.from)?.max(covered);
            if target <= from {
                break;
            }
            let Some(until) = pause.until else {
                return Ok(Reckoning::Paused { since: pause.from });
            };
            covered = self.opening(until)?.max(from);
            target += covered - from;
        }
        self.due_at(target).map(Reckoning::Known)
    }

    fn due_at(&self, target: i64) -> Result<Due, CalendarError> {
        let (date, time) = match (self.count, self.unit) {
            (0, DueUnit::Hour) => (self.start.date(), Some(self.start.time())),
            (0, _) => (self.start.date(), None),
            _ => moment(self.calendar, self.hours, self.unit, target)?,
        };
        let off = self.unit == DueUnit::Day && !self.calendar.is_working(date)?;
        let date = match self.last_day {
            LastDay::NextWorkingDay if off => self.calendar.after(date, 1)?.date,
            _ => date,
        };
        Ok(Due {
            date,
            time,
            status: self.calendar.status(self.start.date(), date),
        })
    }

    /// What is left now: all units less those that passed while the clock ran.
    pub(crate) fn remaining(&self, now: DateTime) -> Result<Remaining, CalendarError> {
        let start = self.at(self.start)?;
        let now_at = self.at(now)?.max(start);
        let (mut passed, mut covered) = (now_at - start, start);
        for pause in self.pauses {
            let from = self.opening(pause.from)?.max(covered);
            let until = match pause.until {
                Some(until) => self.opening(until)?,
                None => i64::MAX,
            };
            if from < now_at {
                passed -= (until.min(now_at) - from).max(0);
                covered = until.max(from);
            }
        }
        let paused = self.pauses.iter().any(|pause| pause.covers(now.date()));
        Ok(Remaining {
            count: self.total() - passed,
            unit: self.unit,
            paused,
        })
    }
}
