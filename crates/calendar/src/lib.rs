//! The law is the clock: which days work (from the State Council's notices, with make-up days),
//! when a limit of working days, calendar days or office hours ends, what a pause and an extension
//! do to it, and the derivation of all that in words.
//!
//! Deliberately absent: the system clock (now is a parameter), time zones (every date and time is
//! civil, in the hall's zone), and any guess: a day outside the known years is an error, a year
//! without a notice answers "provisional".

mod calendar_error;
mod day;
mod due;
mod explain;
mod legal_clock;
mod light;
mod limit;
mod office_hours;
mod working_days;

pub use calendar_error::CalendarError;
pub use day::{DayKind, Notice, NoticeKind, NoticeRow, PublicHoliday, RowKind, Status, parse_rows};
pub use due::{Answer, Due, DueUnit, due, due_line};
pub use explain::{ExplainLine, ExplainStep, Lang};
pub use legal_clock::{Extension, LegalClock, Pause, PauseKind, Redating};
pub use light::{Light, LightPolicy};
pub use limit::{LastDay, Limit, Reckoning, Remaining, Rule};
pub use office_hours::OfficeHours;
pub use working_days::WorkingDays;
