//! What a day is, and the notices that say so 国务院办公厅关于部分节假日安排的通知.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::CalendarError;

/// What a day is to the law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "name", rename_all = "snake_case")]
pub enum DayKind {
    /// An ordinary working day 工作日.
    Working,
    /// A weekend day that works 调休上班, for the holiday named.
    MakeUp(String),
    /// A weekend day 周末.
    Weekend,
    /// A day off 放假 for the holiday named, weekend days within it included.
    Holiday(String),
}

impl DayKind {
    /// Whether the day counts as a working day.
    pub fn is_working(&self) -> bool {
        matches!(self, Self::Working | Self::MakeUp(_))
    }
}

/// How sure a year is, and every answer that rests on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The State Council's notice is in the data.
    Official,
    /// No notice yet: statutory days only, no exchange and no make-up days.
    Provisional,
}

impl Status {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Provisional => "provisional",
        }
    }
}

/// What a row of a notice says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// 放假.
    Holiday,
    /// 上班.
    Workday,
}

/// One day of a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeRow {
    /// The day.
    pub date: Date,
    /// Off or working.
    #[serde(rename = "type")]
    pub kind: RowKind,
    /// Name of the holiday.
    pub name: String,
}

/// A public holiday 法定节日 (全国年节及纪念日放假办法 2): a year's notice gives each its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PublicHoliday {
    /// 元旦.
    NewYear,
    /// 春节.
    SpringFestival,
    /// 清明节.
    Qingming,
    /// 劳动节.
    LabourDay,
    /// 端午节.
    DragonBoat,
    /// 中秋节.
    MidAutumn,
    /// 国庆节.
    NationalDay,
}

impl PublicHoliday {
    /// All seven, in the order of the year.
    pub const ALL: [Self; 7] = [
        Self::NewYear,
        Self::SpringFestival,
        Self::Qingming,
        Self::LabourDay,
        Self::DragonBoat,
        Self::MidAutumn,
        Self::NationalDay,
    ];

    /// What every notice calls it by: 清明 for 清明 and 清明节 alike.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::NewYear => "元旦",
            Self::SpringFestival => "春节",
            Self::Qingming => "清明",
            Self::LabourDay => "劳动节",
            Self::DragonBoat => "端午",
            Self::MidAutumn => "中秋",
            Self::NationalDay => "国庆",
        }
    }

    /// In English.
    #[must_use]
    pub fn en(self) -> &'static str {
        match self {
            Self::NewYear => "New Year (元旦)",
            Self::SpringFestival => "Spring Festival (春节)",
            Self::Qingming => "Qingming (清明)",
            Self::LabourDay => "Labour Day (劳动节)",
            Self::DragonBoat => "Dragon Boat (端午)",
            Self::MidAutumn => "Mid-Autumn (中秋)",
            Self::NationalDay => "National Day (国庆)",
        }
    }
}

/// How much a notice says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// All days of the year: replaces what was known of it.
    WholeYear,
    /// Some days changed (as in 2019 and 2020): laid over what was known.
    Amendment,
}

/// A notice that makes a new version of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Version of the calendar that results.
    pub version: String,
    /// Where it comes from: number or title of the notice.
    pub source: String,
    /// The year it is about; days of the neighbouring years may be named too.
    pub year: i16,
    /// Official, or a provisional year given by hand.
    pub status: Status,
    /// Whole year or amendment.
    pub kind: NoticeKind,
    /// Its days.
    pub rows: Vec<NoticeRow>,
}

impl Notice {
    /// Whether an official notice of a whole year gives each public holiday a day off; what only
    /// amends or is provisional need not.
    ///
    /// # Errors
    /// [`CalendarError::Incomplete`] with those that are missing.
    pub fn is_whole(&self) -> Result<(), CalendarError> {
        if self.kind == NoticeKind::Amendment || self.status == Status::Provisional {
            return Ok(());
        }
        let days_off = || self.rows.iter().filter(|row| row.kind == RowKind::Holiday);
        let is_missing = |one: &PublicHoliday| !days_off().any(|row| row.name.contains(one.zh()));
        let missing: Vec<_> = PublicHoliday::ALL.into_iter().filter(is_missing).collect();
        match missing.is_empty() {
            true => Ok(()),
            false => Err(CalendarError::Incomplete {
                year: self.year,
                missing,
            }),
        }
    }

    /// Whether the days belong to the year and do not contradict each other.
    pub(crate) fn check(&self) -> Result<(), CalendarError> {
        for (index, row) in self.rows.iter().enumerate() {
            let apart = i32::from(row.date.year()) - i32::from(self.year);
            if 1 < apart.abs() {
                return Err(CalendarError::ForeignDay {
                    date: row.date,
                    year: self.year,
                });
            }
            let mut before = self.rows.iter().take(index);
            if before.any(|other| other.date == row.date && other.kind != row.kind) {
                return Err(CalendarError::Contradiction { date: row.date });
            }
        }
        Ok(())
    }
}

/// Reads rows `date,type,name`; an empty line and the heading `date,type,name` are passed over.
pub fn parse_rows(text: &str) -> Result<Vec<NoticeRow>, CalendarError> {
    let mut rows = Vec::new();
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || (index == 0 && line.starts_with("date,")) {
            continue;
        }
        let bad = CalendarError::BadRow { line: index + 1 };
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        let &[date, kind, name] = fields.as_slice() else {
            return Err(bad);
        };
        let Ok(date) = date.parse::<Date>() else {
            return Err(bad);
        };
        let kind = match kind {
            "holiday" => RowKind::Holiday,
            "workday" => RowKind::Workday,
            _ => return Err(bad),
        };
        rows.push(NoticeRow {
            date,
            kind,
            name: name.to_owned(),
        });
    }
    Ok(rows)
}
