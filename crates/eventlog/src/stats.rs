//! The figures of a log, named as the answer keys name them.
//!
//! Events of a case are taken by time, file order on ties. Activity means `concept:name` alone,
//! whatever the lifecycle says; throughput is the last event minus the first.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::declare::{Pair, pairs};
use crate::figures::{Counts, Distribution, mean, of_counts, of_measures, percentile};
use crate::figures::{round, seconds};
use crate::law::{Deadlines, deadlines};
use crate::log::{Log, time};
use crate::order::{Ordered, Step};
use crate::people::{People, people};

/// The figures of a log 日志统计.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stats {
    /// How events of a case are ordered.
    pub order: &'static str,
    /// How percentiles are taken.
    pub percentiles: &'static str,
    /// The unit of every duration.
    pub time_unit: &'static str,
    /// Cases with at least one event.
    pub cases: u64,
    /// Events with a name and a time.
    pub events: u64,
    /// Different activities.
    pub activities: u64,
    /// Different sequences of activities.
    pub variants: u64,
    /// The first event of all.
    pub first_timestamp_utc: Option<String>,
    /// The last event of all.
    pub last_timestamp_utc: Option<String>,
    /// Events by activity, alphabetically.
    pub activity_counts: Counts,
    /// Events in a case.
    pub events_per_case: Option<Distribution>,
    /// From the first event of a case to its last.
    pub throughput_seconds: Option<Distribution>,
    /// Cases by their first activity.
    pub start_activities: Counts,
    /// Cases by their last activity.
    pub end_activities: Counts,
    /// What directly follows what, the most frequent first.
    pub dfg: Vec<Edge>,
    /// How many edges there are.
    pub dfg_edges: u64,
    /// Whether the order of the file gives the same edges.
    pub dfg_file_order_equal: bool,
    /// Cases in which an activity happened more than once.
    pub cases_with_repeated_activity: Counts,
    /// The 25 most frequent sequences.
    pub top_variants: Vec<Variant>,
    /// How many sequences cover four fifths of the cases.
    pub variants_covering_80pct_of_cases: u64,
    /// Response and precedence among the ten most frequent activities.
    pub declare_top10: Vec<Pair>,
    /// Where the order of the file gives other edges.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dfg_file_order_differences: Vec<EdgeDifference>,
    /// Who did how much and handed over to whom, when the log says.
    #[serde(flatten)]
    pub people: Option<People>,
    /// What became of the deadlines that the law set, when the log says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statutory_deadline: Option<Deadlines>,
    /// Events without a name or a time, which no other figure counts.
    #[serde(skip_serializing_if = "is_nought")]
    pub skipped_events: u64,
}

/// One activity directly followed by another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Edge {
    /// The first.
    pub from: String,
    /// The second.
    pub to: String,
    /// How often.
    pub count: u64,
    /// The time between, on average.
    pub mean_seconds: f64,
    /// The time between, in the middle.
    pub median_seconds: f64,
}

/// An edge that the order of the file gives another count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EdgeDifference {
    /// The first.
    pub from: String,
    /// The second.
    pub to: String,
    /// How often by time.
    pub time_order: u64,
    /// How often in the order of the file.
    pub file_order: u64,
}

/// A sequence of activities 变体 and how many cases took it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Variant {
    /// How many cases.
    pub count: u64,
    /// The activities.
    pub trace: Vec<String>,
}

const TOP_VARIANTS: usize = 25;

/// All figures of a log.
#[must_use]
pub fn stats(log: &Log) -> Stats {
    let mut ordered = Ordered::new(log);
    let in_file = counted(&ordered);
    ordered.by_time();
    let by_time = follows(&ordered);
    let differences = differences(&ordered, &by_time, &in_file);
    let (dfg, edges) = edges(&ordered, &by_time);
    let (variants, top_variants, covering) = variants(&ordered);
    let ends = |pick: fn(&[Step]) -> Option<&Step>| {
        let mut counts = vec![0; ordered.activities.len()];
        for step in ordered.sequences().filter_map(pick) {
            counts[step.activity as usize] += 1;
        }
        Counts::ranked(named(&ordered, &counts))
    };
    let mut frequency = vec![0; ordered.activities.len()];
    for step in &ordered.steps {
        frequency[step.activity as usize] += 1;
    }
    let lengths: Vec<i64> = ordered.sequences().map(|case| case.len() as i64).collect();
    let sequence_seconds = |case: &[Step]| seconds(span(case));
    Stats {
        order: "per case by timestamp, file order on ties",
        percentiles: "linear interpolation (numpy default)",
        time_unit: "seconds",
        cases: ordered.cases.len() as u64,
        events: ordered.steps.len() as u64,
        activities: ordered.activities.len() as u64,
        variants,
        first_timestamp_utc: ordered.steps.iter().map(|step| step.at).min().map(instant),
        last_timestamp_utc: ordered.steps.iter().map(|step| step.at).max().map(instant),
        activity_counts: Counts(
            named(&ordered, &frequency)
                .map(|(name, count)| (name.to_owned(), count))
                .collect(),
        ),
        events_per_case: of_counts(&lengths),
        throughput_seconds: of_measures(ordered.sequences().map(sequence_seconds).collect()),
        start_activities: ends(<[Step]>::first),
        end_activities: ends(<[Step]>::last),
        dfg,
        dfg_edges: edges,
        dfg_file_order_equal: differences.is_empty(),
        cases_with_repeated_activity: repeated(&ordered),
        top_variants,
        variants_covering_80pct_of_cases: covering,
        declare_top10: pairs(&ordered, &frequency),
        dfg_file_order_differences: differences,
        people: people(&ordered),
        statutory_deadline: deadlines(&ordered),
        skipped_events: log.skipped,
    }
}

fn is_nought(number: &u64) -> bool {
    *number == 0
}

fn named<'a>(ordered: &'a Ordered<'_>, counts: &'a [u64]) -> impl Iterator<Item = (&'a str, u64)> {
    ordered
        .activities
        .iter()
        .copied()
        .zip(counts.iter().copied())
}

fn span(case: &[Step]) -> i64 {
    let first = case.first().map_or(0, |step| step.at);
    case.last().map_or(0, |step| step.at.saturating_sub(first))
}

/// `2011-09-30 22:38:44.546000+00:00`: a fraction only where there is one.
fn instant(at: i64) -> String {
    let fraction = at.rem_euclid(1_000_000) != 0;
    let form = if fraction {
        "%Y-%m-%d %H:%M:%S.%6f+00:00"
    } else {
        "%Y-%m-%d %H:%M:%S+00:00"
    };
    time(at).strftime(form).to_string()
}

/// Every pair of activities that directly follow each other, with the time between; each edge is
/// one run, in the order of the cases.
fn follows(ordered: &Ordered<'_>) -> Vec<(u64, i64)> {
    let mut pairs = Vec::with_capacity(ordered.steps.len());
    for case in ordered.sequences() {
        let steps = case.windows(2);
        pairs.extend(steps.map(|two| (edge(&two[0], &two[1]), two[1].at - two[0].at)));
    }
    pairs.sort_by_key(|(edge, _)| *edge);
    pairs
}

/// How often each pair of activities directly follows.
fn counted(ordered: &Ordered<'_>) -> BTreeMap<u64, u64> {
    let mut edges: Vec<u64> = Vec::with_capacity(ordered.steps.len());
    for case in ordered.sequences() {
        edges.extend(case.windows(2).map(|two| edge(&two[0], &two[1])));
    }
    edges.sort_unstable();
    let runs = edges.chunk_by(|one, two| one == two);
    runs.map(|run| (run[0], run.len() as u64)).collect()
}

fn edge(from: &Step, to: &Step) -> u64 {
    u64::from(from.activity) << 32 | u64::from(to.activity)
}

fn names<'a>(ordered: &Ordered<'a>, edge: u64) -> (&'a str, &'a str) {
    // Both halves were made from numbers of activities.
    let name = |number: u64| ordered.activities[(number & 0xffff_ffff) as usize];
    (name(edge >> 32), name(edge))
}

fn edges(ordered: &Ordered<'_>, follows: &[(u64, i64)]) -> (Vec<Edge>, u64) {
    let mut runs: Vec<&[(u64, i64)]> = follows.chunk_by(|one, two| one.0 == two.0).collect();
    // The alphabetical order of the edges is the order of their numbers.
    runs.sort_by_key(|run| std::cmp::Reverse(run.len()));
    let edges = runs.iter().map(|run| {
        let (from, to) = names(ordered, run[0].0);
        let mut between: Vec<f64> = run.iter().map(|(_, between)| seconds(*between)).collect();
        let mean = mean(&between).map_or(0.0, round);
        between.sort_unstable_by(f64::total_cmp);
        Edge {
            from: from.to_owned(),
            to: to.to_owned(),
            count: run.len() as u64,
            mean_seconds: mean,
            median_seconds: percentile(&between, 50.0).map_or(0.0, round),
        }
    });
    (edges.collect(), runs.len() as u64)
}

fn differences(
    ordered: &Ordered<'_>,
    by_time: &[(u64, i64)],
    in_file: &BTreeMap<u64, u64>,
) -> Vec<EdgeDifference> {
    let mut counts: BTreeMap<u64, (u64, u64)> = in_file
        .iter()
        .map(|(edge, file)| (*edge, (0, *file)))
        .collect();
    for run in by_time.chunk_by(|one, two| one.0 == two.0) {
        counts.entry(run[0].0).or_default().0 = run.len() as u64;
    }
    let differing = counts.into_iter().filter(|(_, (time, file))| time != file);
    differing
        .map(|(edge, (time_order, file_order))| {
            let (from, to) = names(ordered, edge);
            EdgeDifference {
                from: from.to_owned(),
                to: to.to_owned(),
                time_order,
                file_order,
            }
        })
        .collect()
}

fn repeated(ordered: &Ordered<'_>) -> Counts {
    let mut cases = vec![0; ordered.activities.len()];
    // In which case an activity was seen last, and whether it was counted there.
    let mut seen = vec![(usize::MAX, false); ordered.activities.len()];
    for (at, case) in ordered.sequences().enumerate() {
        for step in case {
            let activity = step.activity as usize;
            seen[activity] = match seen[activity] {
                (last, true) if last == at => (at, true),
                (last, false) if last == at => {
                    cases[activity] += 1;
                    (at, true)
                }
                _ => (at, false),
            };
        }
    }
    Counts::ranked(named(ordered, &cases))
}

/// How many sequences there are, the most frequent, and how many cover four fifths of the cases.
fn variants(ordered: &Ordered<'_>) -> (u64, Vec<Variant>, u64) {
    let mut counts = HashMap::<Vec<u32>, u64>::new();
    let mut trace = Vec::new();
    for case in ordered.sequences() {
        trace.clear();
        trace.extend(case.iter().map(|step| step.activity));
        match counts.get_mut(trace.as_slice()) {
            Some(count) => *count += 1,
            None => drop(counts.insert(trace.clone(), 1)),
        }
    }
    let mut ranked: Vec<(Vec<u32>, u64)> = counts.into_iter().collect();
    // Activities are numbered alphabetically, so sequences of numbers compare as their names do.
    ranked.sort_unstable_by(|one, two| two.1.cmp(&one.1).then_with(|| one.0.cmp(&two.0)));
    let enough = 0.8 * ordered.cases.len() as f64;
    let mut covered = 0;
    let covering = ranked.iter().position(|(_, count)| {
        covered += count;
        covered as f64 >= enough
    });
    let name = |activity: &u32| ordered.activities[*activity as usize].to_owned();
    let top = ranked
        .iter()
        .take(TOP_VARIANTS)
        .map(|(trace, count)| Variant {
            count: *count,
            trace: trace.iter().map(name).collect(),
        });
    let top = top.collect();
    (
        ranked.len() as u64,
        top,
        covering.map_or(0, |at| at as u64 + 1),
    )
}
