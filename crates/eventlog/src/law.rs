//! What became of the deadlines that the law set, where cases carry them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::figures::{Counts, Distribution, of_measures, seconds};
use crate::log::Attribute;
use crate::moment;
use crate::order::{Ordered, OrderedCase};
use crate::words::Word;

/// Deadlines kept and missed 法定期限.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Deadlines {
    /// Cases that carry a deadline.
    pub cases_with_deadline: u64,
    /// Cases that carry an end.
    pub cases_with_enddate: u64,
    /// Cases that carry both.
    pub cases_with_both: u64,
    /// Those of them that ended late.
    pub enddate_after_deadline: u64,
    /// Cases with a deadline whose last event is after it.
    pub last_event_after_deadline_of_those_with_deadline: u64,
    /// Days allowed.
    pub days_from_startdate_to_deadline: Option<Distribution>,
    /// Days left at the end; negative when late.
    pub slack_days_deadline_minus_enddate: Option<Distribution>,
    /// Cases that carry a planned end.
    pub cases_with_planned_enddate: u64,
    /// Cases by the channel they came through.
    pub channel: Counts,
    /// Cases by department.
    pub department: Counts,
}

const SECONDS_A_DAY: f64 = 86_400.0;

/// The figures about deadlines; none when no case carries one.
pub(crate) fn deadlines(ordered: &Ordered<'_>) -> Option<Deadlines> {
    let key = |name: &str| ordered.log.words.find(name);
    let times = |name: &str| -> Vec<Option<i64>> {
        let key = key(name);
        ordered
            .cases
            .iter()
            .map(|case| instant(ordered, case, key?))
            .collect()
    };
    let due = times("deadline");
    due.iter().any(Option::is_some).then_some(())?;
    let (ended, planned) = (times("enddate"), times("enddate_planned"));
    let started = times("startdate");
    let last = ordered
        .sequences()
        .map(|case| case.last().map_or(i64::MIN, |step| step.at));
    let count = |times: &[Option<i64>]| times.iter().flatten().count() as u64;
    let both = || {
        due.iter()
            .zip(&ended)
            .filter_map(|(due, ended)| Some(((*due)?, (*ended)?)))
    };
    let days = |from: i64, to: i64| seconds(to.saturating_sub(from)) / SECONDS_A_DAY;
    let allowed = started
        .iter()
        .zip(&due)
        .filter_map(|(from, to)| Some(days((*from)?, (*to)?)));
    let late = last
        .zip(&due)
        .filter(|(last, due)| due.is_some_and(|due| *last > due));
    Some(Deadlines {
        cases_with_deadline: count(&due),
        cases_with_enddate: count(&ended),
        cases_with_both: both().count() as u64,
        enddate_after_deadline: both().filter(|(due, ended)| ended > due).count() as u64,
        last_event_after_deadline_of_those_with_deadline: late.count() as u64,
        days_from_startdate_to_deadline: of_measures(allowed.collect()),
        slack_days_deadline_minus_enddate: of_measures(
            both().map(|(due, ended)| days(ended, due)).collect(),
        ),
        cases_with_planned_enddate: count(&planned),
        channel: texts(ordered, key("channel")),
        department: texts(ordered, key("department")),
    })
}

/// A date; also one that stands in a text.
fn instant(ordered: &Ordered<'_>, case: &OrderedCase, key: Word) -> Option<i64> {
    match ordered.attribute(case, key)? {
        Attribute::Time(at) => Some(at),
        Attribute::Text(word) => moment::parse(ordered.log.words.text(word)),
        _ => None,
    }
}

fn texts(ordered: &Ordered<'_>, key: Option<Word>) -> Counts {
    let mut counts = BTreeMap::<&str, u64>::new();
    let values = key.into_iter().flat_map(|key| {
        ordered
            .cases
            .iter()
            .filter_map(move |case| ordered.attribute(case, key))
    });
    for value in values {
        if let Attribute::Text(word) = value {
            *counts.entry(ordered.log.words.text(word)).or_default() += 1;
        }
    }
    Counts::ranked(counts.into_iter())
}
