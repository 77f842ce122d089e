//! `LegalClock` 时限计时: the two limits of a case, the statutory and the promised one, with the pauses
//! and the one extension that the law allows. The clock is a plain value kept with the case; a
//! calendar is lent to every question, so a later calendar dates a running clock again.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::limit::Run;
use crate::{
    CalendarError, DueUnit, Light, LightPolicy, Limit, OfficeHours, Reckoning, Remaining, Rule,
    WorkingDays,
};

/// Why a clock stands: the procedures whose time does not count 特别程序 (许可法 45).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseKind {
    /// 听证.
    Hearing,
    /// 招标.
    Tender,
    /// 拍卖.
    Auction,
    /// 检验.
    Inspection,
    /// 检测.
    Testing,
    /// 检疫.
    Quarantine,
    /// 鉴定.
    Appraisal,
    /// 专家评审.
    ExpertReview,
    /// 补正, where a law says that its time does not count.
    Correction,
    /// Another ground that a law names.
    Other,
}

/// A span in which days do not count: from its first day up to, but without, the day on which the
/// clock runs again. A pause ended on its first day has no effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Why.
    pub kind: PauseKind,
    /// First day that does not count.
    pub from: Date,
    /// First day that counts again; absent while the clock stands.
    pub until: Option<Date>,
}

impl Pause {
    pub(crate) fn covers(&self, date: Date) -> bool {
        self.from <= date && self.until.is_none_or(|until| date < until)
    }
}

/// The extension 延长, once (许可法 42): so many more units of the statutory limit. A promised limit
/// in the same unit grows with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// How many more units.
    pub count: u32,
    /// The article.
    pub article: String,
    /// The day on which it was approved.
    pub granted_on: Date,
}

/// The clock of one case. Fields change through its methods only, so pauses stay in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalClock {
    statutory: Rule,
    promised: Option<Rule>,
    start: DateTime,
    calendar_version: String,
    #[serde(default)]
    hours: OfficeHours,
    #[serde(default)]
    pauses: Vec<Pause>,
    #[serde(default)]
    extension: Option<Extension>,
}

/// What a new calendar did to a running clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redating {
    /// Version before.
    pub from_version: String,
    /// Version now.
    pub to_version: String,
    /// Statutory end before and now.
    pub statutory: (Reckoning, Reckoning),
    /// Promised end before and now.
    pub promised: (Reckoning, Reckoning),
}

impl Redating {
    /// Whether anything is different, be it only provisional become official.
    pub fn has_changed(&self) -> bool {
        self.statutory.0 != self.statutory.1 || self.promised.0 != self.promised.1
    }
}

impl LegalClock {
    /// Starts a clock on acceptance 受理. A promised limit in the unit of the statutory one must not
    /// be longer. The time of day matters to limits in hours only; a bare `Date` is midnight.
    pub fn new(
        calendar: &WorkingDays,
        statutory: Rule,
        promised: Option<Rule>,
        start: impl Into<DateTime>,
    ) -> Result<Self, CalendarError> {
        let too_long = |rule: &Rule| rule.unit == statutory.unit && statutory.count < rule.count;
        if promised.as_ref().is_some_and(too_long) {
            return Err(CalendarError::PromisedTooLong);
        }
        let start = start.into();
        calendar.index(start.date())?;
        Ok(Self {
            statutory,
            promised,
            start,
            calendar_version: calendar.version().to_owned(),
            hours: OfficeHours::default(),
            pauses: Vec::new(),
            extension: None,
        })
    }

    /// The same clock with other office hours.
    pub fn with_hours(mut self, hours: OfficeHours) -> Self {
        self.hours = hours;
        self
    }

    /// The rule of a limit; without a promise the statutory one holds for both.
    pub fn rule(&self, limit: Limit) -> &Rule {
        match (limit, &self.promised) {
            (Limit::Promised, Some(promised)) => promised,
            _ => &self.statutory,
        }
    }

    /// When the clock started.
    pub fn start(&self) -> DateTime {
        self.start
    }

    /// Version of the calendar that dated the clock last.
    pub fn calendar_version(&self) -> &str {
        &self.calendar_version
    }

    /// The office hours that a limit in hours runs in.
    pub fn hours(&self) -> &OfficeHours {
        &self.hours
    }

    /// The pauses in order.
    pub fn pauses(&self) -> &[Pause] {
        &self.pauses
    }

    /// The extension, if there was one.
    pub fn extension(&self) -> Option<&Extension> {
        self.extension.as_ref()
    }

    /// Whether the clock stands with no end known.
    pub fn is_paused(&self) -> bool {
        self.pauses.iter().any(|pause| pause.until.is_none())
    }

    /// Stops the clock: `on` is the first day that does not count.
    pub fn pause(&mut self, kind: PauseKind, on: Date) -> Result<(), CalendarError> {
        if self.is_paused() {
            return Err(CalendarError::AlreadyPaused);
        }
        let ended = self.pauses.last().and_then(|pause| pause.until);
        if on < self.start.date() || ended.is_some_and(|ended| on < ended) {
            return Err(CalendarError::PauseOutOfOrder);
        }
        self.pauses.push(Pause {
            kind,
            from: on,
            until: None,
        });
        Ok(())
    }

    /// Lets the clock run again: `on` is the first day that counts.
    pub fn resume(&mut self, on: Date) -> Result<(), CalendarError> {
        let Some(pause) = self.pauses.last_mut().filter(|pause| pause.until.is_none()) else {
            return Err(CalendarError::NotPaused);
        };
        if on < pause.from {
            return Err(CalendarError::PauseOutOfOrder);
        }
        pause.until = Some(on);
        Ok(())
    }

    /// Extends the statutory limit, once.
    pub fn extend(&mut self, count: u32, article: &str, on: Date) -> Result<(), CalendarError> {
        if self.extension.is_some() {
            return Err(CalendarError::AlreadyExtended);
        }
        self.extension = Some(Extension {
            count,
            article: article.to_owned(),
            granted_on: on,
        });
        Ok(())
    }

    /// When the statutory limit ends.
    pub fn due_statutory(&self, calendar: &WorkingDays) -> Result<Reckoning, CalendarError> {
        self.run(calendar, Limit::Statutory).reckon()
    }

    /// When the promised limit ends.
    pub fn due_promised(&self, calendar: &WorkingDays) -> Result<Reckoning, CalendarError> {
        self.run(calendar, Limit::Promised).reckon()
    }

    /// What is left of a limit at `now` (a bare `Date` is its midnight, right for days).
    pub fn remaining(
        &self,
        calendar: &WorkingDays,
        limit: Limit,
        now: impl Into<DateTime>,
    ) -> Result<Remaining, CalendarError> {
        self.run(calendar, limit).remaining(now.into())
    }

    /// The light: black when the statutory limit is over, red when the promised one is, yellow when
    /// little is left of it. A clock that stands keeps the light it had.
    pub fn light(
        &self,
        calendar: &WorkingDays,
        now: impl Into<DateTime>,
        policy: &LightPolicy,
    ) -> Result<Light, CalendarError> {
        let now = now.into();
        let over = |reckoning: Reckoning| reckoning.due().is_some_and(|due| due.is_over(now));
        if over(self.due_statutory(calendar)?) {
            return Ok(Light::Black);
        }
        if over(self.due_promised(calendar)?) {
            return Ok(Light::Red);
        }
        let promised = self.run(calendar, Limit::Promised);
        let left = promised.remaining(now)?;
        let few = left.unit != DueUnit::Hour && left.count <= i64::from(policy.yellow_days);
        let share = promised.total() * i64::from(policy.yellow_percent);
        let near = few || left.count * 100 <= share;
        Ok(if near { Light::Yellow } else { Light::Green })
    }

    /// Dates the clock by a new calendar and tells what moved: a late notice re-dates cases.
    pub fn re_date(
        &mut self,
        old: &WorkingDays,
        new: &WorkingDays,
    ) -> Result<Redating, CalendarError> {
        let redating = Redating {
            from_version: self.calendar_version.clone(),
            to_version: new.version().to_owned(),
            statutory: (self.due_statutory(old)?, self.due_statutory(new)?),
            promised: (self.due_promised(old)?, self.due_promised(new)?),
        };
        self.calendar_version = new.version().to_owned();
        Ok(redating)
    }

    /// Units of a limit with the extension, where it applies.
    pub(crate) fn allowed(&self, limit: Limit) -> u32 {
        let rule = self.rule(limit);
        let extended = self
            .extension
            .as_ref()
            .filter(|_| rule.unit == self.statutory.unit);
        rule.count
            .saturating_add(extended.map_or(0, |extension| extension.count))
    }

    pub(crate) fn run<'a>(&'a self, calendar: &'a WorkingDays, limit: Limit) -> Run<'a> {
        let rule = self.rule(limit);
        Run {
            calendar,
            hours: &self.hours,
            unit: rule.unit,
            last_day: rule.last_day,
            start: self.start,
            count: self.allowed(limit),
            pauses: &self.pauses,
        }
    }
}
