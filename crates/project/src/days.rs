//! Who had how many days 各部门用时: every working day of a bundle is counted once, for whoever held
//! the whole up on it, so that the days of all add up to the days that passed.
//!
//! On a day on which several departments work side by side it counts for the one whose answer
//! comes last. A day on which only a special procedure runs (行政许可法 45) counts for that, a day
//! on which something waits for the applicant for the applicant, and a day on which nobody has
//! anything open for the lead, who should have moved it on. Pure.

use calendar::{CalendarError, WorkingDays};
use jiff::civil::Date;
use kernel::OrganId;

/// For whom a day counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// A department.
    Organ(OrganId),
    /// A special procedure 特别程序: its days do not count against anybody.
    Special,
    /// The applicant.
    Applicant,
}

/// Somebody has something open: the days after one day up to and with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Who.
    pub holder: Holder,
    /// The day on which it came; not counted.
    pub after: Date,
    /// The day on which it was answered; counted. None while it is open.
    pub until: Option<Date>,
}

impl Held {
    fn on(&self, day: Date) -> bool {
        self.after < day && self.until.is_none_or(|until| day <= until)
    }
}

/// The days of one holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Who.
    pub holder: Holder,
    /// Days that count for it: over all holders they add up to the days that passed.
    pub counted: u32,
    /// Days on which it had something open, whoever else had too.
    pub busy: u32,
}

/// How the days of a bundle were spent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Days {
    /// Working days that passed.
    pub passed: u32,
    /// By holder: the one with most days first.
    pub shares: Vec<Share>,
}

/// Adds up the working days after `start` up to and with `end`. `rest` gets the days on which
/// nobody has anything open.
///
/// # Errors
/// When a day lies outside the calendar.
pub fn add_up(
    calendar: &WorkingDays,
    start: Date,
    end: Date,
    held: &[Held],
    rest: Holder,
) -> Result<Days, CalendarError> {
    let passed = u32::try_from(calendar.between(start, end)?).unwrap_or(0);
    let mut shares: Vec<Share> = Vec::new();
    let mut count = |holder: Holder, counted: u32, busy: u32| match shares
        .iter_mut()
        .find(|share| share.holder == holder)
    {
        Some(share) => {
            share.counted += counted;
            share.busy += busy;
        }
        None => shares.push(Share {
            holder,
            counted,
            busy,
        }),
    };
    let mut day = start;
    for _ in 0..passed {
        day = calendar.after(day, 1)?.date;
        count(holder_of(day, held).unwrap_or(rest), 1, 0);
        let mut seen: Vec<Holder> = Vec::new();
        for one in held.iter().filter(|one| one.on(day)) {
            if !seen.contains(&one.holder) {
                seen.push(one.holder);
                count(one.holder, 0, 1);
            }
        }
    }
    shares.sort_by(|one, other| {
        let most = other.counted.cmp(&one.counted);
        most.then(one.holder.cmp(&other.holder))
    });
    Ok(Days { passed, shares })
}

/// For whom a day counts.
fn holder_of(day: Date, held: &[Held]) -> Option<Holder> {
    let open = || held.iter().filter(|one| one.on(day));
    let of = |wanted: Holder| {
        open()
            .find(|one| one.holder == wanted)
            .map(|one| one.holder)
    };
    let organs = open().filter(|one| matches!(one.holder, Holder::Organ(_)));
    // The last to answer; of several that are still open the one that has had it longest.
    let last = organs.max_by(|one, other| {
        let open = one.until.is_none().cmp(&other.until.is_none());
        let later = open.then(one.until.cmp(&other.until));
        let longer = later.then(other.after.cmp(&one.after));
        longer.then(other.holder.cmp(&one.holder))
    });
    last.map(|one| one.holder)
        .or_else(|| of(Holder::Special))
        .or_else(|| of(Holder::Applicant))
}
