//! Time limits 办理时限 as the catalogue promises them. Counting days is the calendar's work and
//! is deliberately absent here: a limit is a number and a unit.

use super::LegalBasis;
use serde::{Deserialize, Serialize};

/// Unit of a time limit 时限单位.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitUnit {
    /// 工作日: counted on the working-day calendar (行政许可法 82).
    Workday,
    /// 自然日: every day counts.
    Day,
    /// 小时: office hours are not looked at.
    Hour,
}

impl LimitUnit {
    /// The unit for a reader of `language`.
    pub fn name(self, language: &str) -> &'static str {
        match (self, language.starts_with("en")) {
            (Self::Workday, false) => "个工作日",
            (Self::Day, false) => "个自然日",
            (Self::Hour, false) => "小时",
            (Self::Workday, true) => "working days",
            (Self::Day, true) => "calendar days",
            (Self::Hour, true) => "hours",
        }
    }

    /// Reads the unit from a table: Chinese name, our word or the exchange code.
    pub fn read(text: &str) -> Option<Self> {
        match text.trim() {
            "工作日" | "个工作日" | "workday" | "1" | "G" => Some(Self::Workday),
            "自然日" | "个自然日" | "天" | "日" | "day" | "2" | "Z" => Some(Self::Day),
            "小时" | "个小时" | "hour" | "3" => Some(Self::Hour),
            _ => None,
        }
    }
}

/// A number of working days, days or hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeLimit {
    /// How many.
    pub amount: u32,
    /// Of what.
    pub unit: LimitUnit,
}

/// How two limits compare when calendars are not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Never later than the other.
    Within,
    /// Later than the other at least sometimes, and longer by number.
    Beyond,
    /// Depends on the calendar: working days against calendar days.
    Undecided,
}

impl TimeLimit {
    /// `amount` working days.
    pub const fn workdays(amount: u32) -> Self {
        Self {
            amount,
            unit: LimitUnit::Workday,
        }
    }

    /// Whether this limit always ends no later than `other`.
    pub fn fits(self, other: Self) -> Fit {
        use LimitUnit::{Day, Hour, Workday};
        let (mine, theirs) = (u64::from(self.amount), u64::from(other.amount));
        let decided = |within: bool| if within { Fit::Within } else { Fit::Beyond };
        match (self.unit, other.unit) {
            (Workday, Workday) | (Day, Day) | (Hour, Hour) => decided(mine <= theirs),
            // A day is 24 hours; n calendar days never end after n working days.
            (Hour, Day | Workday) => decided(mine <= theirs * 24),
            (Day, Hour) => decided(mine * 24 <= theirs),
            (Day, Workday) if mine <= theirs => Fit::Within,
            (Day, Workday) => Fit::Undecided,
            // n working days need at least n days. In no Chinese calendar do they need more than
            // twice as many and a long holiday on top.
            (Workday, Day) if theirs < mine => Fit::Beyond,
            (Workday, Day) if mine * 2 + 14 <= theirs => Fit::Within,
            (Workday, Hour) if theirs < mine * 24 => Fit::Beyond,
            (Workday, Day | Hour) => Fit::Undecided,
        }
    }

    /// The limit in words, such as 5个工作日.
    pub fn words(self, language: &str) -> String {
        if language.starts_with("en") {
            let unit = self.unit.name(language);
            let unit = if self.amount == 1 {
                unit.trim_end_matches('s')
            } else {
                unit
            };
            format!("{} {unit}", self.amount)
        } else {
            format!("{}{}", self.amount, self.unit.name(language))
        }
    }
}

/// What the hall promises 承诺时限.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Promise {
    /// 即办: decided on the spot (行政许可法 34).
    Instant,
    /// Decided within this time from acceptance.
    Within(TimeLimit),
}

impl Promise {
    /// Whether the promise always ends no later than the statutory limit.
    pub fn fits(self, statutory: TimeLimit) -> Fit {
        match self {
            Self::Instant => Fit::Within,
            Self::Within(limit) => limit.fits(statutory),
        }
    }

    /// The promise in words.
    pub fn words(self, language: &str) -> String {
        match self {
            Self::Instant if language.starts_with("en") => "on the spot".to_owned(),
            Self::Instant => "即办".to_owned(),
            Self::Within(limit) => limit.words(language),
        }
    }
}

/// The limit that the law sets 法定时限, with the article it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatutoryLimit {
    /// How long.
    pub limit: TimeLimit,
    /// The article; none means the general rule of 行政许可法 42.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<LegalBasis>,
}
