//! The nouns of the board: what the rooms' views count, and what is asked for.
//!
//! Deliberately absent: persons. No row here says who applied, who handled or who rated.

use std::fmt;

use calendar::DueUnit;
use jiff::civil::Date;
use kernel::{Fault, OrganId, Problem};

use crate::{CaseId, ItemId};

kernel::vocabulary! {
    /// How a running case stands 红黄灯, as the lists are filtered by it.
    pub enum Shade {
        /// In time.
        Green = "green",
        /// Near the promised limit.
        Yellow = "yellow",
        /// Past the promised limit 承诺时限.
        Red = "red",
        /// Past the statutory limit 法定时限.
        Black = "black",
        /// The clock stands 中止计时: a special procedure runs.
        Paused = "paused",
        /// Must be decided today.
        DueToday = "due_today",
    }
}

/// Whom a figure is about: one item as one organ handles it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// The organ.
    pub organ: OrganId,
    /// The item.
    pub item: ItemId,
}

/// How long a limit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Length {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: DueUnit,
}

/// Running cases that are alike in all that a light depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenGroup {
    /// Whose.
    pub subject: Subject,
    /// The newest item version among them.
    pub version: u32,
    /// The promised end, else the statutory one.
    pub due: Option<Date>,
    /// The statutory end.
    pub statutory_due: Option<Date>,
    /// How long the promised limit is.
    pub length: Length,
    /// Whether the clock stands.
    pub paused: bool,
    /// How many.
    pub count: u64,
}

/// Decided cases that are alike in all that the figures depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecidedGroup {
    /// Whose.
    pub subject: Subject,
    /// The newest item version among them.
    pub version: u32,
    /// Whether the promised limit was kept; none without one.
    pub kept_promise: Option<bool>,
    /// Whether the statutory limit was kept; none without one.
    pub kept_law: Option<bool>,
    /// The promised limit and the statutory one, where both count the same unit.
    pub limits: Option<(u32, u32)>,
    /// How many.
    pub count: u64,
}

/// Ratings that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatedGroup {
    /// Whose.
    pub subject: Subject,
    /// The newest item version among them.
    pub version: u32,
    /// Whether it is a bad rating 差评.
    pub is_bad: bool,
    /// Whether nobody rated and the time ran out 默认评价.
    pub is_default: bool,
    /// How many.
    pub count: u64,
}

/// What came in and went out on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCount {
    /// The day.
    pub day: Date,
    /// Cases opened.
    pub opened: u64,
    /// Cases decided.
    pub decided: u64,
}

/// A case as the lists of the board show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseLine {
    /// Its id.
    pub id: CaseId,
    /// Its number 办件编号.
    pub number: String,
    /// Whose.
    pub subject: Subject,
    /// The item version it keeps.
    pub version: u32,
    /// When it was accepted.
    pub opened_on: Date,
    /// The promised end, else the statutory one.
    pub due: Option<Date>,
    /// The statutory end.
    pub statutory_due: Option<Date>,
    /// How long the promised limit is.
    pub length: Length,
    /// Whether the clock stands.
    pub paused: bool,
}

/// A decision as everybody may see it 行政许可公开 (许可法 40): no person, no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionLine {
    /// The case's number.
    pub number: String,
    /// Whose.
    pub subject: Subject,
    /// The item version.
    pub version: u32,
    /// When the case was accepted.
    pub opened_on: Date,
    /// When it was decided.
    pub decided_on: Date,
    /// What was decided, a word of the case room.
    pub outcome: Option<String>,
    /// Whether the promised limit was kept.
    pub kept_promise: Option<bool>,
}

/// What a visitor may see and asks to see. The rights are part of every query.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Selection {
    /// The organ whose cases the visitor may see; none for all.
    pub right: Option<OrganId>,
    /// The organ asked for.
    pub organ: Option<OrganId>,
    /// The item asked for.
    pub item: Option<ItemId>,
}

/// How many days a period may have.
pub const PERIOD_DAYS_MAX: i32 = 366;
/// How many days a period has when nobody asks for another.
pub const PERIOD_DAYS_USUAL: i32 = 30;

/// The days over which decided cases and ratings are counted, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
}

impl Period {
    /// The period asked for; by default the thirty days that end today.
    ///
    /// # Errors
    /// [`Fault::Invalid`] when it ends before it begins or is longer than a leap year.
    pub fn new(today: Date, from: Option<Date>, until: Option<Date>) -> Result<Self, Fault> {
        let until = until.unwrap_or(today);
        let usual = jiff::Span::new().days(PERIOD_DAYS_USUAL - 1);
        let from = from.unwrap_or_else(|| until.saturating_sub(usual));
        let days = until.duration_since(from).as_hours() / 24 + 1;
        if days < 1 || i64::from(PERIOD_DAYS_MAX) < days {
            let problem = Problem::new("from", "analytics.period");
            return Err(Fault::Invalid(vec![problem.with("max", PERIOD_DAYS_MAX)]));
        }
        Ok(Self { from, until })
    }

    /// Its days, in order.
    pub fn days(self) -> impl Iterator<Item = Date> {
        self.from
            .series(jiff::Span::new().days(1))
            .take_while(move |day| *day <= self.until)
    }
}

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// How many of them.
    pub part: u64,
    /// How many there are.
    pub whole: u64,
}

impl Share {
    /// In thousandths, rounded half up; none of nothing.
    #[must_use]
    pub fn per_mille(self) -> Option<i64> {
        let whole = u128::from(self.whole);
        let doubled = (u128::from(self.part) * 2000).checked_add(whole)?;
        i64::try_from(doubled.checked_div(whole * 2)?).ok()
    }

    /// One more group of the kind.
    pub fn add(&mut self, part: u64, whole: u64) {
        self.part += part;
        self.whole += whole;
    }
}

/// An average of shares, each case counted once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mean {
    /// The sum, in millionths.
    pub millionths: i128,
    /// How many were summed.
    pub count: u64,
}

impl Mean {
    /// In thousandths, rounded half up; none of nothing.
    #[must_use]
    pub fn per_mille(self) -> Option<i64> {
        let count = i128::from(self.count);
        let doubled = self.millionths.checked_mul(2)?;
        let thousand = count.checked_mul(1000)?;
        if thousand == 0 {
            return None;
        }
        i64::try_from((doubled + thousand).div_euclid(thousand * 2)).ok()
    }
}

/// Thousandths as a percentage with one decimal, or a dash: `62.5%`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percent(pub Option<i64>);

impl fmt::Display for Percent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => out.write_str("—"),
            Some(value) => {
                let sign = if value < 0 { "-" } else { "" };
                let size = value.unsigned_abs();
                write!(out, "{sign}{}.{}%", size / 10, size % 10)
            }
        }
    }
}
