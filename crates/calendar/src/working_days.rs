//! `WorkingDays`: the calendar of working days 工作日历 as one value with a version. Two arrays made
//! once (working days before each day, day of each working day) answer every question in O(1).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::Span;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::day::{DayKind, Notice, NoticeKind, NoticeRow, RowKind, Status, parse_rows};
use crate::{CalendarError, Due};

const OFFICIAL: &str = include_str!("../data/cn_holidays_2018_2026.csv");
const STATUTORY_2027: &str = include_str!("../data/cn_statutory_2027.csv");

static BUILT_IN: LazyLock<WorkingDays> =
    LazyLock::new(|| embedded().expect("the embedded notices are good: a test reads them"));

/// One known year as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Year {
    year: i16,
    status: Status,
    source: String,
    rows: Vec<NoticeRow>,
}

/// What is stored of a calendar; the arrays are made from it.
#[derive(Serialize, Deserialize)]
struct Definition {
    version: String,
    years: Vec<Year>,
}

/// The calendar of working days. Immutable: a notice makes a new one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Definition", into = "Definition")]
pub struct WorkingDays {
    version: String,
    years: Vec<Year>,
    first: Date,
    last: Date,
    named: BTreeMap<Date, (RowKind, String)>,
    /// `before[i]`: working days among the first `i` known days.
    before: Vec<u32>,
    /// `place[k]`: which known day the working day `k` is, both counted from 0.
    place: Vec<u32>,
}

impl WorkingDays {
    /// The embedded calendar: 2018–2026 official, 2027 provisional.
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// Name of this version, to be kept beside every date computed with it.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// First known day.
    pub fn first_day(&self) -> Date {
        self.first
    }

    /// Last known day.
    pub fn last_day(&self) -> Date {
        self.last
    }

    /// The known years with their status and source.
    pub fn years(&self) -> impl Iterator<Item = (i16, Status, &str)> {
        self.years
            .iter()
            .map(|year| (year.year, year.status, year.source.as_str()))
    }

    /// Status of a year; `None` for an unknown one.
    pub fn year_status(&self, year: i16) -> Option<Status> {
        self.years
            .iter()
            .find(|known| known.year == year)
            .map(|known| known.status)
    }

    /// What the day is.
    pub fn kind(&self, date: Date) -> Result<DayKind, CalendarError> {
        self.index(date)?;
        Ok(kind_of(&self.named, date))
    }

    /// Whether the day works.
    pub fn is_working(&self, date: Date) -> Result<bool, CalendarError> {
        let index = self.index(date)?;
        Ok(self.working_before(index) != self.working_before(index + 1))
    }

    /// The day `days` working days after `start`: the start is not counted, day 1 is the next
    /// working day (许可法 82). No days: the start itself, working or not.
    pub fn after(&self, start: Date, days: u32) -> Result<Due, CalendarError> {
        if days == 0 {
            return self.due_between(start, start);
        }
        let done = self.working_before(self.index(start)? + 1);
        self.due_between(start, self.nth_working(i64::from(done) + i64::from(days))?)
    }

    /// The last day that leaves `days` working days until `end`: `after(before(e, n), n) = e` for a
    /// working day `e`. For notices that must be given so many days ahead.
    pub fn before(&self, end: Date, days: u32) -> Result<Due, CalendarError> {
        if days == 0 {
            return self.due_between(end, end);
        }
        let left = self.working_before(self.index(end)?);
        let date = self.nth_working(i64::from(left) - i64::from(days) + 1)?;
        self.due_between(date, date).map(|due| Due {
            status: self.status(date, end),
            ..due
        })
    }

    /// Working days after `from` up to and with `to`; negative where `to` lies before `from`.
    pub fn between(&self, from: Date, to: Date) -> Result<i64, CalendarError> {
        let (from, to) = (self.index(from)?, self.index(to)?);
        Ok(i64::from(self.working_before(to + 1)) - i64::from(self.working_before(from + 1)))
    }

    /// Working days of a known year.
    pub fn working_days_in(&self, year: i16) -> Result<u32, CalendarError> {
        let outside = |_| self.outside();
        let first = self.index(Date::new(year, 1, 1).map_err(outside)?)?;
        let last = self.index(Date::new(year, 12, 31).map_err(outside)?)?;
        Ok(self.working_before(last + 1) - self.working_before(first))
    }

    /// A new version with a notice taken in. Running clocks are dated again by it: see
    /// [`crate::LegalClock::re_date`].
    pub fn extended(&self, notice: &Notice) -> Result<Self, CalendarError> {
        notice.check()?;
        let version = notice.version.trim();
        if version.is_empty() || version == self.version {
            return Err(CalendarError::SameVersion {
                version: notice.version.clone(),
            });
        }
        let mut years = self.years.clone();
        let known = years.iter_mut().find(|year| year.year == notice.year);
        match (known, notice.kind) {
            _ if notice.rows.is_empty() => {
                return Err(CalendarError::NotJoined { year: notice.year });
            }
            (Some(year), NoticeKind::WholeYear) => *year = Year::from_notice(notice),
            (Some(year), NoticeKind::Amendment) => {
                year.rows.extend(notice.rows.iter().cloned());
                year.source = format!("{}; {}", year.source, notice.source);
            }
            (None, NoticeKind::WholeYear) => years.push(Year::from_notice(notice)),
            (None, NoticeKind::Amendment) => {
                return Err(CalendarError::NotJoined { year: notice.year });
            }
        }
        years.sort_by_key(|year| year.year);
        Self::build(version.to_owned(), years)
    }

    fn build(version: String, years: Vec<Year>) -> Result<Self, CalendarError> {
        let gap = years.windows(2).find_map(|pair| match pair {
            [a, b] if i32::from(a.year) + 1 != i32::from(b.year) => Some(b.year),
            _ => None,
        });
        if let Some(year) = gap {
            return Err(CalendarError::NotJoined { year });
        }
        let (Some(start), Some(end)) = (years.first(), years.last()) else {
            return Err(CalendarError::NotJoined { year: 0 });
        };
        let edge = |year, month, day| {
            Date::new(year, month, day).map_err(|_| CalendarError::NotJoined { year })
        };
        let (first, last) = (edge(start.year, 1, 1)?, edge(end.year, 12, 31)?);
        let mut named = BTreeMap::new();
        for row in years.iter().flat_map(|year| &year.rows) {
            named.insert(row.date, (row.kind, row.name.clone()));
        }
        let (mut before, mut place, mut count) = (vec![0], Vec::new(), 0);
        for (index, date) in (0_u32..).zip(first.series(Span::new().days(1))) {
            if last < date {
                break;
            }
            if kind_of(&named, date).is_working() {
                place.push(index);
                count += 1;
            }
            before.push(count);
        }
        Ok(Self {
            version,
            years,
            first,
            last,
            named,
            before,
            place,
        })
    }

    pub(crate) fn outside(&self) -> CalendarError {
        CalendarError::OutsideCalendar {
            first: self.first,
            last: self.last,
        }
    }

    /// Which known day this is, counted from 0.
    pub(crate) fn index(&self, date: Date) -> Result<usize, CalendarError> {
        if date < self.first || self.last < date {
            return Err(self.outside());
        }
        let days = date.duration_since(self.first).as_hours() / 24;
        usize::try_from(days).map_err(|_| self.outside())
    }

    /// The known day at an index.
    pub(crate) fn date_at(&self, index: i64) -> Result<Date, CalendarError> {
        let span = Span::new().try_days(index).map_err(|_| self.outside())?;
        let date = self.first.checked_add(span).map_err(|_| self.outside())?;
        if date < self.first || self.last < date {
            Err(self.outside())
        } else {
            Ok(date)
        }
    }

    /// Working days among the first `index` known days.
    pub(crate) fn working_before(&self, index: usize) -> u32 {
        self.before
            .get(index)
            .or(self.before.last())
            .copied()
            .unwrap_or(0)
    }

    /// The working day of this rank, counted from 1.
    pub(crate) fn nth_working(&self, rank: i64) -> Result<Date, CalendarError> {
        let place = usize::try_from(rank - 1)
            .ok()
            .and_then(|rank| self.place.get(rank));
        self.date_at(i64::from(*place.ok_or_else(|| self.outside())?))
    }

    /// Provisional as soon as one year touched is.
    pub(crate) fn status(&self, from: Date, to: Date) -> Status {
        let from = from.tomorrow().unwrap_or(from).min(to).year();
        let mut years = self
            .years
            .iter()
            .filter(|year| (from..=to.year()).contains(&year.year));
        match years.any(|year| year.status == Status::Provisional) {
            true => Status::Provisional,
            false => Status::Official,
        }
    }

    fn due_between(&self, start: Date, date: Date) -> Result<Due, CalendarError> {
        self.index(start)?;
        self.index(date)?;
        Ok(Due {
            date,
            time: None,
            status: self.status(start, date),
        })
    }
}

impl Year {
    fn from_notice(notice: &Notice) -> Self {
        Self {
            year: notice.year,
            status: notice.status,
            source: notice.source.clone(),
            rows: notice.rows.clone(),
        }
    }
}

impl TryFrom<Definition> for WorkingDays {
    type Error = CalendarError;
    fn try_from(stored: Definition) -> Result<Self, CalendarError> {
        Self::build(stored.version, stored.years)
    }
}

impl From<WorkingDays> for Definition {
    fn from(calendar: WorkingDays) -> Self {
        Self {
            version: calendar.version,
            years: calendar.years,
        }
    }
}

fn kind_of(named: &BTreeMap<Date, (RowKind, String)>, date: Date) -> DayKind {
    let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    match named.get(&date) {
        Some((RowKind::Holiday, name)) => DayKind::Holiday(name.clone()),
        Some((RowKind::Workday, name)) if weekend => DayKind::MakeUp(name.clone()),
        None if weekend => DayKind::Weekend,
        _ => DayKind::Working,
    }
}

fn embedded() -> Result<WorkingDays, CalendarError> {
    let rows = parse_rows(OFFICIAL)?;
    let official = (2018..=2026).map(|year| Year {
        year,
        status: Status::Official,
        source: format!("国务院办公厅关于{year}年部分节假日安排的通知"),
        rows: rows
            .iter()
            .filter(|row| row.date.year() == year)
            .cloned()
            .collect(),
    });
    let provisional = Year {
        year: 2027,
        status: Status::Provisional,
        source: "全国年节及纪念日放假办法（2027年安排尚未公布）".to_owned(),
        rows: parse_rows(STATUTORY_2027)?,
    };
    let years = official.chain([provisional]).collect();
    WorkingDays::build("cn-2018-2026+2027p".to_owned(), years)
}
