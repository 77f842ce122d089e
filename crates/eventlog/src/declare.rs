//! Two rules of the Declare language, counted for pairs of frequent activities.

use serde::Serialize;

use crate::order::Ordered;

/// How often two rules hold for a pair of activities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pair {
    /// The first activity.
    pub a: String,
    /// The second activity.
    pub b: String,
    /// Cases in which the first happened.
    pub cases_with_a: u64,
    /// Those in which its last occurrence is before the last of the second.
    pub response_holds: u64,
    /// Cases in which the second happened.
    pub cases_with_b: u64,
    /// Those in which the first occurrence of the first is before the first of the second.
    pub precedence_holds: u64,
}

const TOP: usize = 10;

/// Where an activity happened in a case, first and last.
type Places = Option<(usize, usize)>;

/// All pairs of the most frequent activities.
pub(crate) fn pairs(ordered: &Ordered<'_>, frequency: &[u64]) -> Vec<Pair> {
    let mut top: Vec<usize> = (0..frequency.len()).collect();
    top.sort_by(|one, two| frequency[*two].cmp(&frequency[*one]));
    top.truncate(TOP);
    let mut place = vec![None; frequency.len()];
    for (at, activity) in top.iter().enumerate() {
        place[*activity] = Some(at);
    }
    let mut counts = vec![[[0_u64; 2]; TOP]; TOP];
    let mut present = [0_u64; TOP];
    for case in ordered.sequences() {
        let mut seen: [Places; TOP] = [None; TOP];
        for (at, step) in case.iter().enumerate() {
            if let Some(activity) = place[step.activity as usize] {
                let first = seen[activity].map_or(at, |(first, _)| first);
                seen[activity] = Some((first, at));
            }
        }
        count(&seen, &mut counts, &mut present);
    }
    let mut pairs = Vec::with_capacity(top.len() * top.len());
    for (a, first) in top.iter().enumerate() {
        for (b, second) in top.iter().enumerate().filter(|(b, _)| *b != a) {
            pairs.push(Pair {
                a: ordered.activities[*first].to_owned(),
                b: ordered.activities[*second].to_owned(),
                cases_with_a: present[a],
                response_holds: counts[a][b][0],
                cases_with_b: present[b],
                precedence_holds: counts[a][b][1],
            });
        }
    }
    pairs
}

fn count(seen: &[Places; TOP], counts: &mut [[[u64; 2]; TOP]], present: &mut [u64; TOP]) {
    for (a, one) in seen.iter().enumerate() {
        let Some((first_a, last_a)) = one else {
            continue;
        };
        present[a] += 1;
        for (b, two) in seen.iter().enumerate() {
            if let Some((first_b, last_b)) = two {
                counts[a][b][0] += u64::from(last_a < last_b);
                counts[a][b][1] += u64::from(first_a < first_b);
            }
        }
    }
}
