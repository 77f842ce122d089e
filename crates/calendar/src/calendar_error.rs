//! Why a date cannot be told: a stable code and a sentence in Chinese and English.

use jiff::civil::Date;

use crate::day::PublicHoliday;

fn missing_en(missing: &[PublicHoliday]) -> String {
    let names: Vec<&str> = missing.iter().map(|one| one.en()).collect();
    names.join(", ")
}

/// What is wrong with a question to the calendar or with a change to a clock.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The day, or the day the answer would fall on, lies outside the known years.
    #[error("the calendar knows {first} to {last} only; import a later year first")]
    OutsideCalendar {
        /// First known day.
        first: Date,
        /// Last known day.
        last: Date,
    },
    /// The text is no date, or no date and time.
    #[error("'{text}' is no date such as 2026-09-30 or 2026-09-30T10:30")]
    NotADate {
        /// What was given.
        text: String,
    },
    /// The text is no number of days.
    #[error("'{text}' is no number of days")]
    NotACount {
        /// What was given.
        text: String,
    },
    /// The unit is none of workday, day, hour.
    #[error("unknown unit '{text}'; one of workday, day, hour")]
    UnknownUnit {
        /// What was given.
        text: String,
    },
    /// A row of a notice cannot be read.
    #[error("line {line}: expected date,type,name with type holiday or workday")]
    BadRow {
        /// Line of the file, from 1.
        line: usize,
    },
    /// A notice names one day twice and differently.
    #[error("{date} is both a holiday and a working day in the notice")]
    Contradiction {
        /// The day.
        date: Date,
    },
    /// A notice names a day that is not in its year or next to it.
    #[error("{date} does not belong to the notice for {year}")]
    ForeignDay {
        /// The day.
        date: Date,
        /// Year of the notice.
        year: i16,
    },
    /// A notice leaves a gap to the known years, amends an unknown year, or is empty.
    #[error("the notice for {year} does not join the known years, or has no day")]
    NotJoined {
        /// Year of the notice.
        year: i16,
    },
    /// An official notice of a whole year leaves public holidays out.
    #[error(
        "the notice for {year} names no day off for {}; a year's notice names all seven public \
         holidays: complete it, or say that it only amends or is provisional",
        missing_en(missing)
    )]
    Incomplete {
        /// Year of the notice.
        year: i16,
        /// The holidays that are not in it.
        missing: Vec<PublicHoliday>,
    },
    /// The version of a new calendar is empty or taken.
    #[error("a changed calendar needs a version of its own, not '{version}'")]
    SameVersion {
        /// The version given.
        version: String,
    },
    /// Office hours are not in order or empty.
    #[error("office hours must be spans of whole minutes, in order, not overlapping, not empty")]
    BadOfficeHours,
    /// The promised limit is longer than the statutory one.
    #[error("the promised limit is longer than the statutory limit")]
    PromisedTooLong,
    /// The clock already stands.
    #[error("the clock is already paused")]
    AlreadyPaused,
    /// The clock runs.
    #[error("the clock is not paused")]
    NotPaused,
    /// A pause begins before the clock or ends before it begins.
    #[error("a pause must not begin before the clock nor end before it begins")]
    PauseOutOfOrder,
    /// 许可法 42: one extension only.
    #[error("the limit was extended already; the law allows it once")]
    AlreadyExtended,
}

impl CalendarError {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OutsideCalendar { .. } => "outside-calendar",
            Self::NotADate { .. } => "not-a-date",
            Self::NotACount { .. } => "not-a-count",
            Self::UnknownUnit { .. } => "unknown-unit",
            Self::BadRow { .. } => "bad-row",
            Self::Contradiction { .. } => "contradiction",
            Self::ForeignDay { .. } => "foreign-day",
            Self::NotJoined { .. } => "not-joined",
            Self::Incomplete { .. } => "incomplete",
            Self::SameVersion { .. } => "same-version",
            Self::BadOfficeHours => "bad-office-hours",
            Self::PromisedTooLong => "promised-too-long",
            Self::AlreadyPaused => "already-paused",
            Self::NotPaused => "not-paused",
            Self::PauseOutOfOrder => "pause-out-of-order",
            Self::AlreadyExtended => "already-extended",
        }
    }

    /// The reason in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::OutsideCalendar { first, last } => {
                format!("工作日历只覆盖 {first} 至 {last}，请先导入后续年份")
            }
            Self::NotADate { text } => {
                format!("“{text}”不是日期，应如 2026-09-30 或 2026-09-30T10:30")
            }
            Self::NotACount { text } => format!("“{text}”不是天数"),
            Self::UnknownUnit { text } => {
                format!("不认识的单位“{text}”，应为 workday、day 或 hour")
            }
            Self::BadRow { line } => {
                format!("第 {line} 行：应为 日期,类型,名称，类型为 holiday 或 workday")
            }
            Self::Contradiction { date } => format!("通知中 {date} 既是放假又是上班"),
            Self::ForeignDay { date, year } => format!("{date} 不属于 {year} 年的通知"),
            Self::NotJoined { year } => format!("{year} 年的通知与已有年份不相接，或没有任何日期"),
            Self::Incomplete { year, missing } => {
                let names: Vec<&str> = missing.iter().map(|one| one.zh()).collect();
                let names = names.join("、");
                format!(
                    "{year} 年的通知没有{names}的放假日；全年通知须含七个法定节日，请补全，\
                     或注明只是调整（--amendment）或暂定（--provisional）"
                )
            }
            Self::SameVersion { version } => {
                format!("改动后的日历须有自己的版本号，不能是“{version}”")
            }
            Self::BadOfficeHours => "办公时间须为整分钟、依次排列、互不重叠、不为空".to_owned(),
            Self::PromisedTooLong => "承诺时限长于法定时限".to_owned(),
            Self::AlreadyPaused => "计时已经暂停".to_owned(),
            Self::NotPaused => "计时没有暂停".to_owned(),
            Self::PauseOutOfOrder => "暂停不能早于受理，也不能先结束后开始".to_owned(),
            Self::AlreadyExtended => "时限已延长过一次，法律只允许一次".to_owned(),
        }
    }
}
