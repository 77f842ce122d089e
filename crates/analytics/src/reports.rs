//! Pure sums over groups of rows: the figures of the board and of open government.
//!
//! Deliberately absent: averages of averages. Every total is summed from the groups, so that an
//! organ's figure is what its cases say and not what its items' figures say.

use std::collections::BTreeMap;

use kernel::{Fault, OrganId};

use crate::cutoffs::Cutoffs;
use crate::model::{DecidedGroup, Mean, OpenGroup, RatedGroup, Shade, Share, Subject};

const MILLION: i128 = 1_000_000;

/// Figures that can be put together.
pub trait Sum: Default {
    /// Takes the other's counts in.
    fn take(&mut self, other: &Self);
}

/// The lights of running cases.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lights {
    /// In time.
    pub green: u64,
    /// Near the promised limit.
    pub yellow: u64,
    /// Past the promised limit.
    pub red: u64,
    /// Past the statutory limit.
    pub black: u64,
    /// Standing clocks.
    pub paused: u64,
    /// Running clocks that end today; each has a light as well.
    pub due_today: u64,
}

impl Lights {
    /// All running cases.
    #[must_use]
    pub fn open(&self) -> u64 {
        self.green + self.yellow + self.red + self.black + self.paused
    }

    /// Past a limit, promised or statutory.
    #[must_use]
    pub fn overdue(&self) -> u64 {
        self.red + self.black
    }
}

impl Sum for Lights {
    fn take(&mut self, other: &Self) {
        self.green += other.green;
        self.yellow += other.yellow;
        self.red += other.red;
        self.black += other.black;
        self.paused += other.paused;
        self.due_today += other.due_today;
    }
}

/// The lights of running cases, by organ and item.
///
/// # Errors
/// As [`Cutoffs::yellow_until`].
pub fn lights(
    groups: &[OpenGroup],
    cutoffs: &Cutoffs<'_>,
) -> Result<BTreeMap<Subject, Lights>, Fault> {
    let mut sums: BTreeMap<Subject, Lights> = BTreeMap::new();
    for group in groups {
        let sum = sums.entry(group.subject).or_default();
        let shade = cutoffs.shade(group.paused, group.due, group.statutory_due, group.length)?;
        match shade {
            Shade::Green => sum.green += group.count,
            Shade::Yellow => sum.yellow += group.count,
            Shade::Red => sum.red += group.count,
            Shade::Black => sum.black += group.count,
            Shade::Paused | Shade::DueToday => sum.paused += group.count,
        }
        if !group.paused && is_due_on(group, cutoffs.today()) {
            sum.due_today += group.count;
        }
    }
    Ok(sums)
}

fn is_due_on(group: &OpenGroup, day: jiff::civil::Date) -> bool {
    group.due == Some(day) || group.statutory_due == Some(day)
}

/// How decided cases kept their limits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Handled {
    /// Cases decided.
    pub decided: u64,
    /// Within the promised limit, of those that have one 承诺时限内办结率.
    pub kept_promise: Share,
    /// Within the statutory limit, of those that have one 按时办结率.
    pub kept_law: Share,
    /// 1 − promised ÷ statutory 承诺提速率, of those whose two limits count the same unit.
    pub speed_up: Mean,
}

impl Sum for Handled {
    fn take(&mut self, other: &Self) {
        self.decided += other.decided;
        self.kept_promise
            .add(other.kept_promise.part, other.kept_promise.whole);
        self.kept_law.add(other.kept_law.part, other.kept_law.whole);
        self.speed_up.millionths += other.speed_up.millionths;
        self.speed_up.count += other.speed_up.count;
    }
}

/// How decided cases kept their limits, by organ and item.
#[must_use]
pub fn handled(groups: &[DecidedGroup]) -> BTreeMap<Subject, Handled> {
    let mut sums: BTreeMap<Subject, Handled> = BTreeMap::new();
    for group in groups {
        let sum = sums.entry(group.subject).or_default();
        sum.decided += group.count;
        let keep = |share: &mut Share, kept: Option<bool>| {
            if let Some(kept) = kept {
                share.add(if kept { group.count } else { 0 }, group.count);
            }
        };
        keep(&mut sum.kept_promise, group.kept_promise);
        keep(&mut sum.kept_law, group.kept_law);
        if let Some(each) = speed_up(group.limits) {
            sum.speed_up.millionths += each * i128::from(group.count);
            sum.speed_up.count += group.count;
        }
    }
    sums
}

/// 1 − promised ÷ statutory, in millionths. A promise of no days (即办) is a speed-up of one.
fn speed_up(limits: Option<(u32, u32)>) -> Option<i128> {
    let (promised, statutory) = limits?;
    let (promised, statutory) = (i128::from(promised), i128::from(statutory));
    ((statutory - promised) * MILLION).checked_div(statutory)
}

/// How people rated 好差评. Ratings by lapse are counted apart and never as satisfaction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rated {
    /// Services whose rating is finished, by a person or by lapse.
    pub finished: u64,
    /// Rated by a person 主动评价: the n of the satisfaction.
    pub answered: u64,
    /// Rated by a person with one of the three good grades.
    pub satisfied: u64,
}

impl Rated {
    /// 满意率, without defaults.
    #[must_use]
    pub fn satisfaction(&self) -> Share {
        Share {
            part: self.satisfied,
            whole: self.answered,
        }
    }

    /// 主动评价率.
    #[must_use]
    pub fn response(&self) -> Share {
        Share {
            part: self.answered,
            whole: self.finished,
        }
    }
}

impl Sum for Rated {
    fn take(&mut self, other: &Self) {
        self.finished += other.finished;
        self.answered += other.answered;
        self.satisfied += other.satisfied;
    }
}

/// How people rated, by organ and item.
#[must_use]
pub fn rated(groups: &[RatedGroup]) -> BTreeMap<Subject, Rated> {
    let mut sums: BTreeMap<Subject, Rated> = BTreeMap::new();
    for group in groups {
        let sum = sums.entry(group.subject).or_default();
        sum.finished += group.count;
        if !group.is_default {
            sum.answered += group.count;
            if !group.is_bad {
                sum.satisfied += group.count;
            }
        }
    }
    sums
}

/// The figures of each organ.
#[must_use]
pub fn by_organ<S: Sum>(sums: &BTreeMap<Subject, S>) -> BTreeMap<OrganId, S> {
    let mut organs: BTreeMap<OrganId, S> = BTreeMap::new();
    for (subject, sum) in sums {
        organs.entry(subject.organ).or_default().take(sum);
    }
    organs
}

/// The figures of all.
#[must_use]
pub fn total<S: Sum>(sums: &BTreeMap<Subject, S>) -> S {
    let mut whole = S::default();
    for sum in sums.values() {
        whole.take(sum);
    }
    whole
}
