//! A log in the order that figures need: one case a name, its events by time.
//!
//! Traces of one name are one case; traces without a name are a case each; traces without events
//! are none. Events of one instant keep the order of the file.

use std::collections::HashMap;

use crate::log::{Attribute, EventRow, Log};
use crate::words::Word;

/// The cases of a log, their events side by side; activities numbered in alphabetical order.
pub(crate) struct Ordered<'a> {
    pub(crate) log: &'a Log,
    /// The names of the activities, alphabetically.
    pub(crate) activities: Vec<&'a str>,
    /// The events of all cases, case after case.
    pub(crate) steps: Vec<Step>,
    /// Where the events of each case are.
    pub(crate) cases: Vec<OrderedCase>,
}

/// An event as figures need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    /// Microseconds since 1970.
    pub(crate) at: i64,
    /// Its activity's place in the alphabet.
    pub(crate) activity: u32,
    pub(crate) resource: Option<Word>,
    pub(crate) transition: Option<Word>,
}

/// A case: its events, and the traces that it was in the file.
#[derive(Debug, Clone, Default)]
pub(crate) struct OrderedCase {
    pub(crate) steps: std::ops::Range<usize>,
    pub(crate) traces: Vec<usize>,
}

impl<'a> Ordered<'a> {
    /// In the order of the file.
    pub(crate) fn new(log: &'a Log) -> Self {
        let ranks = Ranks::new(log);
        let mut steps = Vec::with_capacity(log.events.len());
        let mut cases = Vec::with_capacity(log.cases.len());
        for traces in groups(log) {
            let begin = steps.len();
            let events = traces
                .iter()
                .flat_map(|at| &log.events[log.cases[*at].events.clone()]);
            steps.extend(events.map(|event| ranks.step(event)));
            if begin < steps.len() {
                cases.push(OrderedCase {
                    steps: begin..steps.len(),
                    traces,
                });
            }
        }
        Self {
            log,
            activities: ranks.names,
            steps,
            cases,
        }
    }

    /// Puts the events of each case in the order of time; a stable sort keeps ties as they are.
    pub(crate) fn by_time(&mut self) {
        for case in &self.cases {
            self.steps[case.steps.clone()].sort_by_key(|step| step.at);
        }
    }

    /// The events of each case.
    pub(crate) fn sequences(&self) -> impl Iterator<Item = &[Step]> {
        self.cases
            .iter()
            .map(|case| &self.steps[case.steps.clone()])
    }

    /// The first value of an attribute that a case has.
    pub(crate) fn attribute(&self, case: &OrderedCase, key: Word) -> Option<Attribute> {
        let log = self.log;
        case.traces
            .iter()
            .flat_map(|at| &log.attributes[log.cases[*at].attributes.clone()])
            .find(|(name, _)| *name == key)
            .map(|(_, value)| *value)
    }
}

/// The traces of each case, by the name of the case; those without a name come last.
fn groups(log: &Log) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::with_capacity(log.cases.len());
    let mut known: HashMap<Word, usize> = HashMap::with_capacity(log.cases.len());
    for (at, case) in log.cases.iter().enumerate() {
        if let Some(group) = case.name.and_then(|name| known.get(&name)) {
            groups[*group].push(at);
            continue;
        }
        if let Some(name) = case.name {
            known.insert(name, groups.len());
        }
        groups.push(vec![at]);
    }
    let name = |traces: &Vec<usize>| log.cases[traces[0]].name.map(|name| log.words.text(name));
    groups.sort_by_key(|traces| (name(traces).is_none(), name(traces)));
    groups
}

/// The place of each activity in the alphabet.
struct Ranks<'a> {
    names: Vec<&'a str>,
    /// By the number of the word.
    of: Vec<u32>,
}

impl<'a> Ranks<'a> {
    fn new(log: &'a Log) -> Self {
        let mut used = vec![false; log.words.len()];
        let mut words = Vec::new();
        for event in &log.events {
            if !std::mem::replace(&mut used[event.activity.index()], true) {
                words.push(event.activity);
            }
        }
        words.sort_unstable_by_key(|word| log.words.text(*word));
        let mut of = vec![0; log.words.len()];
        for (rank, word) in (0..).zip(&words) {
            of[word.index()] = rank;
        }
        let names = words.iter().map(|word| log.words.text(*word)).collect();
        Self { names, of }
    }

    fn step(&self, event: &EventRow) -> Step {
        Step {
            at: event.at,
            activity: self.of[event.activity.index()],
            resource: event.resource,
            transition: event.transition,
        }
    }
}
