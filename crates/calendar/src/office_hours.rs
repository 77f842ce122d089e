//! Office hours 办公时间: a limit in hours runs only within them, on working days.

use jiff::civil::{Time, time};
use serde::{Deserialize, Serialize};

use crate::CalendarError;

/// The spans of a working day in which an hour clock runs; default 09:00–12:00 and 13:00–17:00.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<(Time, Time)>", into = "Vec<(Time, Time)>")]
pub struct OfficeHours(Vec<(Time, Time)>);

impl Default for OfficeHours {
    fn default() -> Self {
        Self(vec![
            (time(9, 0, 0, 0), time(12, 0, 0, 0)),
            (time(13, 0, 0, 0), time(17, 0, 0, 0)),
        ])
    }
}

impl OfficeHours {
    /// Checks that the spans are of whole minutes, in order, apart and not empty.
    pub fn new(spans: Vec<(Time, Time)>) -> Result<Self, CalendarError> {
        let whole = |time: &Time| time.second() == 0 && time.subsec_nanosecond() == 0;
        let ordered = spans
            .iter()
            .all(|(from, to)| from < to && whole(from) && whole(to));
        let apart = spans.windows(2).all(|pair| match pair {
            [(_, end), (begin, _)] => end <= begin,
            _ => true,
        });
        if ordered && apart && !spans.is_empty() {
            Ok(Self(spans))
        } else {
            Err(CalendarError::BadOfficeHours)
        }
    }

    /// The spans, in order.
    pub fn spans(&self) -> &[(Time, Time)] {
        &self.0
    }

    /// Minutes of a working day.
    pub fn minutes_a_day(&self) -> i64 {
        self.0
            .iter()
            .map(|(from, to)| minute(*to) - minute(*from))
            .sum()
    }

    /// Office minutes passed on a working day at this time; seconds are left out, to the
    /// applicant's favour.
    pub(crate) fn passed(&self, now: Time) -> i64 {
        let now = minute(now);
        self.0
            .iter()
            .map(|(from, to)| (now.min(minute(*to)) - minute(*from)).max(0))
            .sum()
    }

    /// The time at which so many office minutes (at least one, at most a day's) have passed: the
    /// end of a morning is 12:00, not 13:00.
    pub(crate) fn time_of(&self, minutes: i64) -> Time {
        let mut left = minutes;
        for (from, to) in &self.0 {
            let length = minute(*to) - minute(*from);
            if left <= length {
                let of_day = minute(*from) + left;
                let part = |number: i64| i8::try_from(number).unwrap_or(0);
                return Time::new(part(of_day / 60), part(of_day % 60), 0, 0).unwrap_or(*to);
            }
            left -= length;
        }
        self.0.last().map_or(Time::midnight(), |(_, to)| *to)
    }
}

impl TryFrom<Vec<(Time, Time)>> for OfficeHours {
    type Error = CalendarError;
    fn try_from(spans: Vec<(Time, Time)>) -> Result<Self, CalendarError> {
        Self::new(spans)
    }
}

impl From<OfficeHours> for Vec<(Time, Time)> {
    fn from(hours: OfficeHours) -> Self {
        hours.0
    }
}

fn minute(time: Time) -> i64 {
    i64::from(time.hour()) * 60 + i64::from(time.minute())
}
