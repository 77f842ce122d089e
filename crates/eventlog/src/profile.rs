//! What a simulation needs to know of the past: how often cases come, how long steps take, what
//! follows what. Fitted from a log, nothing assumed.
//!
//! A step's time is from its `start` to its `complete` where the log says both (XES lifecycle),
//! else from the event before it in the case: waiting and working together. Deliberately absent:
//! a guess which of the two it was, and fitted curves; a profile keeps quantiles of what was seen.

use serde::Serialize;

use crate::figures::{Counts, mean, percentile, seconds};
use crate::log::Log;
use crate::order::{Ordered, Step};

/// How a hall has worked 运行画像, as its log tells.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Profile {
    /// Cases with at least one event.
    pub cases: u64,
    /// From the first event of a case to the first event of the next, by time.
    pub between_arrivals: Option<Spread>,
    /// Cases that began on each day of the week, Monday first (UTC).
    pub arrivals_by_weekday: [u64; 7],
    /// Cases that began in each hour of the day (UTC).
    pub arrivals_by_hour: Vec<u64>,
    /// From the first event of a case to its last.
    pub throughput: Option<Spread>,
    /// Every activity, alphabetically.
    pub activities: Vec<ActivityProfile>,
}

/// How one activity went.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActivityProfile {
    /// Its name.
    pub activity: String,
    /// How often it was done.
    pub count: u64,
    /// How long it took, or how long after the event before it; none for what only begins cases.
    pub duration: Option<Spread>,
    /// Of how many times the log says both beginning and end.
    pub timed: u64,
    /// How many different resources did it.
    pub resources: u64,
    /// What came next, the most frequent first; cases that ended here are missing in the sum.
    pub next: Counts,
    /// Cases that ended with it.
    pub ends: u64,
}

/// How times are spread: enough to draw from by linear interpolation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Spread {
    /// How many were seen.
    pub n: u64,
    /// Seconds, on average.
    pub mean_seconds: f64,
    /// Seconds at 0, ½, 1 … 100 of a hundred.
    pub quantiles_seconds: Vec<f64>,
}

/// Every half of a hundred: fine enough that one case that took a year does not stand for many.
const QUANTILES: u32 = 200;

impl Spread {
    /// The spread of some times; none when there are none.
    fn of(mut times: Vec<f64>) -> Option<Self> {
        times.sort_unstable_by(f64::total_cmp);
        let quantile = |at: u32| percentile(&times, f64::from(at * 100) / f64::from(QUANTILES));
        Some(Self {
            n: times.len() as u64,
            mean_seconds: mean(&times)?,
            quantiles_seconds: (0..=QUANTILES).map(quantile).collect::<Option<_>>()?,
        })
    }

    /// The time at a share between nought and one: a draw, when the share is drawn.
    #[must_use]
    pub fn at(&self, share: f64) -> f64 {
        percentile(&self.quantiles_seconds, share.clamp(0.0, 1.0) * 100.0).unwrap_or(0.0)
    }
}

/// Fits a profile from a log.
#[must_use]
pub fn profile(log: &Log) -> Profile {
    let mut ordered = Ordered::new(log);
    ordered.by_time();
    let mut starts: Vec<i64> = ordered
        .sequences()
        .filter_map(|case| case.first())
        .map(|step| step.at)
        .collect();
    starts.sort_unstable();
    let (mut weekdays, mut hours) = ([0; 7], vec![0; 24]);
    for start in &starts {
        const HOUR: i64 = 3_600_000_000;
        // The first of January 1970 was a Thursday, the fourth day of a week.
        weekdays[(start.div_euclid(24 * HOUR) + 3).rem_euclid(7) as usize] += 1;
        hours[start.div_euclid(HOUR).rem_euclid(24) as usize] += 1;
    }
    let between = starts.windows(2).map(|two| seconds(two[1] - two[0]));
    let throughput = ordered
        .sequences()
        .map(|case| match (case.first(), case.last()) {
            (Some(first), Some(last)) => seconds(last.at - first.at),
            _ => 0.0,
        });
    Profile {
        cases: ordered.cases.len() as u64,
        between_arrivals: Spread::of(between.collect()),
        arrivals_by_weekday: weekdays,
        arrivals_by_hour: hours,
        throughput: Spread::of(throughput.collect()),
        activities: activities(&ordered),
    }
}

/// What is gathered about one activity.
#[derive(Clone, Default)]
struct Gathered {
    count: u64,
    timed: u64,
    ends: u64,
    durations: Vec<f64>,
    next: std::collections::BTreeMap<u32, u64>,
    resources: std::collections::BTreeSet<crate::words::Word>,
}

/// How an event stands in the life of its step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// It begins a step that will complete.
    Start,
    /// It completes one, or says nothing of beginning.
    Complete,
    /// It schedules, assigns, suspends …: no step done.
    Other,
}

fn phase(ordered: &Ordered<'_>, step: &Step) -> Phase {
    let said = step.transition.map(|word| ordered.log.words.text(word));
    match said {
        None => Phase::Complete,
        Some(said) if said.eq_ignore_ascii_case("complete") => Phase::Complete,
        Some(said) if said.eq_ignore_ascii_case("start") => Phase::Start,
        Some(_) => Phase::Other,
    }
}

fn activities(ordered: &Ordered<'_>) -> Vec<ActivityProfile> {
    let mut gathered = vec![Gathered::default(); ordered.activities.len()];
    for case in ordered.sequences() {
        gather(ordered, case, &mut gathered);
    }
    let name = |activity: u32| ordered.activities[activity as usize];
    let profiles = gathered.into_iter().zip(&ordered.activities);
    let profiles = profiles.filter(|(seen, _)| seen.count > 0);
    profiles
        .map(|(seen, activity)| ActivityProfile {
            activity: (*activity).to_owned(),
            count: seen.count,
            duration: Spread::of(seen.durations),
            timed: seen.timed,
            resources: seen.resources.len() as u64,
            next: Counts::ranked(seen.next.iter().map(|(next, count)| (name(*next), *count))),
            ends: seen.ends,
        })
        .collect()
}

/// Adds the completed steps of a case, in the order of their ends.
fn gather(ordered: &Ordered<'_>, case: &[Step], gathered: &mut [Gathered]) {
    let mut begun = std::collections::BTreeMap::<u32, Vec<i64>>::new();
    let mut before: Option<&Step> = None;
    for step in case {
        match phase(ordered, step) {
            Phase::Start => begun.entry(step.activity).or_default().push(step.at),
            Phase::Other => {}
            Phase::Complete => {
                let started = begun.get_mut(&step.activity).and_then(Vec::pop);
                if let Some(before) = before {
                    *gathered[before.activity as usize]
                        .next
                        .entry(step.activity)
                        .or_default() += 1;
                }
                let seen = &mut gathered[step.activity as usize];
                seen.count += 1;
                seen.timed += u64::from(started.is_some());
                seen.resources.extend(step.resource);
                if let Some(from) = started.or(before.map(|before| before.at)) {
                    seen.durations.push(seconds(step.at - from));
                }
                before = Some(step);
            }
        }
    }
    if let Some(last) = before {
        gathered[last.activity as usize].ends += 1;
    }
}
