//! The legal clock once more, written independently: it walks day by day through the notices,
//! where the product adds on a scale. Deliberately absent: anything of the `calendar` crate.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime, Weekday};

const NOTICES: &str = include_str!("../../../../calendar/data/cn_holidays_2018_2026.csv");
const STATUTORY_2027: &str = include_str!("../../../../calendar/data/cn_statutory_2027.csv");
/// Office hours in minutes of the day: 09:00–12:00 and 13:00–17:00.
const OFFICE: [(i64, i64); 2] = [(540, 720), (780, 1020)];

/// What a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Workday,
    Day,
    Hour,
}

/// The days of the notices.
#[derive(Debug, Clone)]
pub struct Days {
    named: BTreeMap<Date, bool>,
}

/// A clock: when it began, its limits, what stopped it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reckoned {
    pub start: DateTime,
    pub statutory: (u32, Unit),
    pub promised: (u32, Unit),
    pub pauses: Vec<(Date, Option<Date>)>,
    pub extension: u32,
}

impl Days {
    pub fn read() -> Self {
        let mut named = BTreeMap::new();
        for line in NOTICES.lines().chain(STATUTORY_2027.lines()) {
            let mut cells = line.split(',');
            let (Some(day), Some(kind)) = (cells.next(), cells.next()) else {
                continue;
            };
            if let Ok(day) = day.parse::<Date>() {
                named.insert(day, kind == "workday");
            }
        }
        Self { named }
    }

    /// A notice that came late.
    pub fn amend(&mut self, day: Date, works: bool) {
        self.named.insert(day, works);
    }

    pub fn works(&self, day: Date) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        self.named.get(&day).copied().unwrap_or(!weekend)
    }

    /// So many working days later.
    pub fn after(&self, start: Date, count: u32) -> Date {
        let (mut day, mut left) = (start, count);
        while 0 < left {
            day = day.tomorrow().expect("the simulated year ends before time");
            left -= u32::from(self.works(day));
        }
        day
    }

    /// The last day of a limit; none while the clock stands.
    pub fn due(&self, clock: &Reckoned, (count, unit): (u32, Unit)) -> Option<Date> {
        let extended = unit == clock.statutory.1;
        let count = count + if extended { clock.extension } else { 0 };
        match unit {
            Unit::Hour => self.due_in_hours(clock, i64::from(count) * 60),
            Unit::Workday | Unit::Day => self.due_in_days(clock, count, unit),
        }
    }

    fn due_in_days(&self, clock: &Reckoned, count: u32, unit: Unit) -> Option<Date> {
        let (mut day, mut left) = (clock.start.date(), count);
        while 0 < left {
            day = day.tomorrow().expect("the simulated year ends before time");
            match clock.pause_on(day) {
                Some(None) => return None,
                Some(Some(_)) => {}
                None => left -= u32::from(unit == Unit::Day || self.works(day)),
            }
        }
        Some(day)
    }

    fn due_in_hours(&self, clock: &Reckoned, minutes: i64) -> Option<Date> {
        let (mut day, mut left) = (clock.start.date(), minutes);
        let mut from = i64::from(clock.start.hour()) * 60 + i64::from(clock.start.minute());
        loop {
            match clock.pause_on(day) {
                Some(None) => return None,
                None if self.works(day) => {
                    for (opens, closes) in OFFICE {
                        left -= (closes - opens.max(from)).max(0);
                        if left <= 0 {
                            return Some(day);
                        }
                    }
                }
                Some(Some(_)) | None => {}
            }
            day = day.tomorrow().expect("the simulated year ends before time");
            from = 0;
        }
    }
}

impl Reckoned {
    /// The pause that covers a day: none, one with an end, or one without.
    fn pause_on(&self, day: Date) -> Option<Option<Date>> {
        let covers = |(from, until): &&(Date, Option<Date>)| {
            *from <= day && until.is_none_or(|until| day < until)
        };
        self.pauses.iter().find(covers).map(|(_, until)| *until)
    }
}
