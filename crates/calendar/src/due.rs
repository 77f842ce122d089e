//! Units and due dates, and the plain question of the command line: so many of a unit after a
//! start, when is that.
//!
//! All three units are one scale: a position counts the units passed since the first known day, so
//! a due date is an addition and O(1).
//! - `workday`: the start is not counted, day 1 is the next working day (许可法 82).
//! - `day`: every day counts, the start does not (民法典 201); the last day is taken as counted, see
//!   [`crate::LastDay`] for the rule of 民法典 203.
//! - `hour`: office minutes. The clock runs only within the office hours of working days and begins
//!   at the start itself; a start outside them begins at the next opening; a start that is only a
//!   date begins at that day's first opening, or the next working day's.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};

use crate::{CalendarError, OfficeHours, Status, WorkingDays};

/// What a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueUnit {
    /// 工作日.
    Workday,
    /// 自然日.
    Day,
    /// 小时 (office hours).
    Hour,
}

impl DueUnit {
    /// The word on the command line and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Workday => "workday",
            Self::Day => "day",
            Self::Hour => "hour",
        }
    }

    /// Positions that one unit takes: an hour is sixty.
    pub(crate) fn size(self) -> i64 {
        match self {
            Self::Workday | Self::Day => 1,
            Self::Hour => 60,
        }
    }
}

impl FromStr for DueUnit {
    type Err = CalendarError;
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let all = [Self::Workday, Self::Day, Self::Hour];
        let found = all.into_iter().find(|unit| unit.word() == text);
        found.ok_or_else(|| CalendarError::UnknownUnit {
            text: text.to_owned(),
        })
    }
}

/// When a limit ends, and how sure that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The last day.
    pub date: Date,
    /// The last minute, for a limit in hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Time>,
    /// Provisional where a year without a notice was counted through.
    pub status: Status,
}

impl Due {
    /// Whether this is over: after the day, or for hours after the minute.
    pub fn is_over(&self, now: DateTime) -> bool {
        match self.time {
            Some(time) => self.date.to_datetime(time) < now,
            None => self.date < now.date(),
        }
    }
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.time {
            Some(time) => write!(f, "{}T{}", self.date, time.strftime("%H:%M")),
            None => write!(f, "{}", self.date),
        }
    }
}

/// Units passed since the first known day, up to and with this moment.
pub(crate) fn position(
    calendar: &WorkingDays,
    hours: &OfficeHours,
    unit: DueUnit,
    at: DateTime,
) -> Result<i64, CalendarError> {
    let whole = begin(calendar, hours, unit, at.date())?;
    let working = calendar.is_working(at.date())?;
    Ok(match unit {
        DueUnit::Workday => whole + i64::from(working),
        DueUnit::Day => whole + 1,
        DueUnit::Hour if working => whole + hours.passed(at.time()),
        DueUnit::Hour => whole,
    })
}

/// Units passed before this day begins.
pub(crate) fn begin(
    calendar: &WorkingDays,
    hours: &OfficeHours,
    unit: DueUnit,
    date: Date,
) -> Result<i64, CalendarError> {
    let index = calendar.index(date)?;
    let working = i64::from(calendar.working_before(index));
    Ok(match unit {
        DueUnit::Workday => working,
        DueUnit::Day => i64::try_from(index).unwrap_or(i64::MAX),
        DueUnit::Hour => working * hours.minutes_a_day(),
    })
}

/// The moment at which a position is reached.
pub(crate) fn moment(
    calendar: &WorkingDays,
    hours: &OfficeHours,
    unit: DueUnit,
    position: i64,
) -> Result<(Date, Option<Time>), CalendarError> {
    match unit {
        DueUnit::Workday => Ok((calendar.nth_working(position)?, None)),
        DueUnit::Day => Ok((calendar.date_at(position - 1)?, None)),
        DueUnit::Hour => {
            let day = hours.minutes_a_day();
            let full = (position - 1).div_euclid(day);
            let date = calendar.nth_working(full + 1)?;
            Ok((date, Some(hours.time_of(position - full * day))))
        }
    }
}

/// The answer of `qingchuang calendar due`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The start as given.
    pub start: String,
    /// How many units.
    pub days: u32,
    /// Which unit.
    pub unit: DueUnit,
    /// `2026-11-03`, or `2026-11-03T10:30` for hours.
    pub due: String,
    /// Official or provisional.
    pub status: Status,
}

/// When `count` units after `start` (a date, or a date and time) is, by the rules above.
pub fn due(
    calendar: &WorkingDays,
    hours: &OfficeHours,
    start: &str,
    unit: &str,
    count: u32,
) -> Result<Answer, CalendarError> {
    let unit: DueUnit = unit.parse()?;
    let at = read_moment(start)?;
    let from = position(calendar, hours, unit, at)?;
    let (date, time) = match (count, unit) {
        (0, DueUnit::Hour) => (at.date(), Some(at.time())),
        (0, _) => (at.date(), None),
        _ => moment(calendar, hours, unit, from + i64::from(count) * unit.size())?,
    };
    let due = Due {
        date,
        time,
        status: calendar.status(at.date(), date),
    };
    let status = due.status;
    Ok(Answer {
        start: start.to_owned(),
        days: count,
        unit,
        due: due.to_string(),
        status,
    })
}

/// The same for a line `start,days[,unit]`; the unit is `workday` where none is given.
pub fn due_line(
    calendar: &WorkingDays,
    hours: &OfficeHours,
    line: &str,
) -> Result<Answer, CalendarError> {
    let mut fields = line.split(',').map(str::trim);
    let start = fields.next().unwrap_or("");
    let count = fields.next().unwrap_or("");
    let unit = fields
        .next()
        .filter(|unit| !unit.is_empty())
        .unwrap_or("workday");
    read_moment(start)?;
    let count: u32 = count.parse().map_err(|_| CalendarError::NotACount {
        text: count.to_owned(),
    })?;
    due(calendar, hours, start, unit, count)
}

fn read_moment(text: &str) -> Result<DateTime, CalendarError> {
    let date = text.parse::<Date>().map(DateTime::from);
    match if text.contains(['T', ' ']) {
        text.parse::<DateTime>()
    } else {
        date
    } {
        Ok(moment) => Ok(moment),
        Err(_) => Err(CalendarError::NotADate {
            text: text.to_owned(),
        }),
    }
}
