//! Who did how much, and who handed over to whom.

use std::collections::HashMap;

use serde::Serialize;

use crate::figures::Counts;
use crate::order::Ordered;
use crate::words::Word;

/// What a log says about resources 资源: people, posts or machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct People {
    /// How many there are.
    pub resources: u64,
    /// Events by resource.
    pub events_per_resource: Counts,
    /// The thirty most frequent handovers from one to another, next event by next event.
    pub handover_of_work_top30: Vec<Handover>,
}

/// One resource's event directly followed by another's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Handover {
    /// Who handed over.
    pub from: String,
    /// Who took over.
    pub to: String,
    /// How often.
    pub count: u64,
}

const TOP: usize = 30;

/// The figures about resources; none when no event names one.
pub(crate) fn people(ordered: &Ordered<'_>) -> Option<People> {
    let mut events = HashMap::<Word, u64>::new();
    let mut handovers = HashMap::<(Word, Word), u64>::new();
    for case in ordered.sequences() {
        let mut before = None;
        for step in case {
            if let Some(resource) = step.resource {
                *events.entry(resource).or_default() += 1;
            }
            if let (Some(from), Some(to)) = (before, step.resource)
                && from != to
            {
                *handovers.entry((from, to)).or_default() += 1;
            }
            before = step.resource;
        }
    }
    if events.is_empty() {
        return None;
    }
    let text = |word: &Word| ordered.log.words.text(*word);
    let mut ranked: Vec<(u64, &str, &str)> = handovers
        .iter()
        .map(|((from, to), count)| (*count, text(from), text(to)))
        .collect();
    ranked.sort_unstable_by(|one, two| two.0.cmp(&one.0).then((one.1, one.2).cmp(&(two.1, two.2))));
    let top = ranked
        .into_iter()
        .take(TOP)
        .map(|(count, from, to)| Handover {
            from: from.to_owned(),
            to: to.to_owned(),
            count,
        });
    Some(People {
        resources: events.len() as u64,
        events_per_resource: Counts::ranked(
            events.iter().map(|(word, count)| (text(word), *count)),
        ),
        handover_of_work_top30: top.collect(),
    })
}
