//! The clock of a case: its two limits 时限, what made it stand, and the days they lead to.
//!
//! Deliberately absent: the reckoning itself, which is the calendar's.

use calendar::{CalendarError, DueUnit, LegalClock, Pause, Rule, WorkingDays};
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// A limit 时限 as a number and a unit; its article stands in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: DueUnit,
}

impl Term {
    /// So many working days.
    #[must_use]
    pub fn workdays(count: u32) -> Self {
        Self {
            count,
            unit: DueUnit::Workday,
        }
    }

    fn rule(self, article: &str) -> Rule {
        match self.unit {
            DueUnit::Workday => Rule::workdays(article, self.count),
            DueUnit::Day => Rule::days(article, self.count),
            DueUnit::Hour => Rule::hours(article, self.count),
        }
    }
}

/// An extension 延长 (许可法 42).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Longer {
    /// How many more units of the statutory limit.
    pub days: u32,
    /// The day of approval.
    pub on: Date,
}

/// What the legal clock of a case follows from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockFacts {
    /// When it started: acceptance 受理.
    pub start: DateTime,
    /// 法定时限.
    pub statutory: Term,
    /// 承诺时限.
    pub promised: Term,
    /// 特别程序, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// 延长, once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<Longer>,
}

/// The article of the extension.
pub const ARTICLE_EXTENSION: &str = "行政许可法第四十二条";

impl ClockFacts {
    /// The clock on a calendar; `articles` are those of the statutory and the promised limit.
    ///
    /// # Errors
    /// When a day lies outside the calendar.
    pub fn clock(
        &self,
        calendar: &WorkingDays,
        articles: [&str; 2],
    ) -> Result<LegalClock, CalendarError> {
        let [statutory, promised] = articles;
        let statutory = self.statutory.rule(statutory);
        let promised = self.promised.rule(promised);
        let mut clock = LegalClock::new(calendar, statutory, Some(promised), self.start)?;
        for pause in &self.pauses {
            clock.pause(pause.kind, pause.from)?;
            if let Some(until) = pause.until {
                clock.resume(until)?;
            }
        }
        if let Some(Longer { days, on }) = self.extension {
            clock.extend(days, ARTICLE_EXTENSION, on)?;
        }
        Ok(clock)
    }

    /// Both due dates; none while the clock stands.
    ///
    /// # Errors
    /// As [`ClockFacts::clock`].
    pub fn dues(&self, calendar: &WorkingDays) -> Result<Dues, CalendarError> {
        let clock = self.clock(calendar, ["", ""])?;
        let day = |reckoning: calendar::Reckoning| reckoning.due().map(|due| due.date);
        Ok(Dues {
            promised: day(clock.due_promised(calendar)?),
            statutory: day(clock.due_statutory(calendar)?),
        })
    }
}

/// The two due dates; none while the clock stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dues {
    /// 承诺办结日.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<Date>,
    /// 法定办结日.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statutory: Option<Date>,
}

impl Dues {
    /// The dates that lie before a day; the others are not known once the clock stands from it.
    #[must_use]
    pub fn before(self, day: Date) -> Self {
        let passed = |due: &Date| *due < day;
        Self {
            promised: self.promised.filter(passed),
            statutory: self.statutory.filter(passed),
        }
    }
}
