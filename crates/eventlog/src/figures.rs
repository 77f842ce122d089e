//! Numbers as the answer keys write them: distributions, percentiles, three places.

use serde::ser::{Serialize, SerializeMap, Serializer};

/// A distribution: percentiles by linear interpolation between neighbours.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Distribution {
    /// How many values.
    pub n: u64,
    /// The least.
    pub min: Figure,
    /// A quarter is not above it.
    pub p25: f64,
    /// Half is not above it.
    pub median: f64,
    /// The sum by the number.
    pub mean: f64,
    /// Three quarters are not above it.
    pub p75: f64,
    /// Nine tenths are not above it.
    pub p90: f64,
    /// 95 in a hundred are not above it.
    pub p95: f64,
    /// 99 in a hundred are not above it.
    pub p99: f64,
    /// The greatest.
    pub max: Figure,
    /// The standard deviation of all values, not of a sample.
    pub stdev_population: f64,
}

/// A number that is whole where what it counts is whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Figure {
    /// A count.
    Whole(i64),
    /// A measure, to three places.
    Real(f64),
}

impl Figure {
    /// The number.
    #[must_use]
    pub fn value(self) -> f64 {
        match self {
            Self::Whole(number) => number as f64,
            Self::Real(number) => number,
        }
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Whole(number) => serializer.serialize_i64(*number),
            Self::Real(number) => serializer.serialize_f64(*number),
        }
    }
}

/// Counts by name, the most frequent first; written as an object in this order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts(pub Vec<(String, u64)>);

impl Counts {
    /// The count of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<u64> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, count)| *count)
    }

    /// The most frequent first, by name where they are equal; what never happened is left out.
    pub(crate) fn ranked<'a>(counts: impl Iterator<Item = (&'a str, u64)>) -> Self {
        let mut ranked: Vec<(&str, u64)> = counts.filter(|(_, count)| *count > 0).collect();
        ranked.sort_unstable_by(|one, two| two.1.cmp(&one.1).then(one.0.cmp(two.0)));
        Self(
            ranked
                .into_iter()
                .map(|(name, count)| (name.to_owned(), count))
                .collect(),
        )
    }
}

impl Serialize for Counts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, count) in &self.0 {
            map.serialize_entry(name, count)?;
        }
        map.end()
    }
}

/// The distribution of counts; none when there are none.
pub(crate) fn of_counts(counts: &[i64]) -> Option<Distribution> {
    let values: Vec<f64> = counts.iter().map(|count| *count as f64).collect();
    let (min, max) = (*counts.iter().min()?, *counts.iter().max()?);
    of_values(values, Figure::Whole(min), Figure::Whole(max))
}

/// The distribution of measures; none when there are none.
pub(crate) fn of_measures(values: Vec<f64>) -> Option<Distribution> {
    let min = round(values.iter().copied().min_by(f64::total_cmp)?);
    let max = round(values.iter().copied().max_by(f64::total_cmp)?);
    of_values(values, Figure::Real(min), Figure::Real(max))
}

fn of_values(mut values: Vec<f64>, min: Figure, max: Figure) -> Option<Distribution> {
    let mean = mean(&values)?;
    let squares: Vec<f64> = values
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .collect();
    let variance = sum(&squares) / values.len() as f64;
    values.sort_unstable_by(f64::total_cmp);
    let at = |percent: f64| percentile(&values, percent).map(round);
    Some(Distribution {
        n: values.len() as u64,
        min,
        p25: at(25.0)?,
        median: at(50.0)?,
        mean: round(mean),
        p75: at(75.0)?,
        p90: at(90.0)?,
        p95: at(95.0)?,
        p99: at(99.0)?,
        max,
        stdev_population: round(variance.sqrt()),
    })
}

/// The sum by the number.
pub(crate) fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| sum(values) / values.len() as f64)
}

/// The sum in the order in which the tools of the field add (pairwise, eight lanes), so that a
/// mean on the edge of rounding falls to the same side.
fn sum(values: &[f64]) -> f64 {
    const LANES: usize = 8;
    const BLOCK: usize = 128;
    if values.len() < LANES {
        return values.iter().sum();
    }
    if values.len() > BLOCK {
        let half = values.len() / 2;
        let (left, right) = values.split_at(half - half % LANES);
        return sum(left) + sum(right);
    }
    let mut lanes = [0.0_f64; LANES];
    let rows = values.chunks_exact(LANES);
    let rest = rows.remainder();
    for row in rows {
        for (lane, value) in lanes.iter_mut().zip(row) {
            *lane += value;
        }
    }
    let [a, b, c, d, e, f, g, h] = lanes;
    rest.iter()
        .fold(((a + b) + (c + d)) + ((e + f) + (g + h)), |sum, value| {
            sum + value
        })
}

/// The value below which so many of a hundred lie, between neighbours in proportion.
pub(crate) fn percentile(sorted: &[f64], percent: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = last as f64 * (percent / 100.0);
    let below = place.floor();
    // The place is between nought and the last index.
    let index = below as usize;
    let (low, high) = (sorted[index], sorted[(index + 1).min(last)]);
    let share = place - below;
    // As the field does: from the nearer end, so that both ends are met exactly.
    Some(if share >= 0.5 {
        high - (high - low) * (1.0 - share)
    } else {
        low + (high - low) * share
    })
}

/// Three places, as the answer keys round.
pub(crate) fn round(value: f64) -> f64 {
    let text = format!("{value:.3}");
    // What was just printed is a number; minus nought is nought.
    text.parse::<f64>().map_or(value, |rounded| rounded + 0.0)
}

/// Seconds from microseconds.
pub(crate) fn seconds(microseconds: i64) -> f64 {
    microseconds as f64 / 1_000_000.0
}
