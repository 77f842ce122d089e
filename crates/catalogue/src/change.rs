//! 只减不增: does a version ask for more than the one it follows? Steps, materials, days and visits
//! may become fewer; more of any is refused unless the version names the law that makes it so.
//! Deliberately absent: the refusal itself, which is `decide`'s.

use crate::model::kind::Necessity;
use crate::model::{Fit, ItemContent, Promise, Scenario};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// 审批环节.
    Steps,
    /// 申请材料 without which there is no acceptance.
    Materials,
    /// 承诺时限.
    Days,
    /// 跑腿次数.
    Visits,
}

impl Measure {
    /// The code of the refusal.
    #[must_use]
    pub const fn refusal(self) -> &'static str {
        match self {
            Self::Steps => "catalogue.more_steps",
            Self::Materials => "catalogue.more_materials",
            Self::Days => "catalogue.more_days",
            Self::Visits => "catalogue.more_visits",
        }
    }

    /// The key of its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Steps => "catalogue.measure.steps",
            Self::Materials => "catalogue.measure.materials",
            Self::Days => "catalogue.measure.days",
            Self::Visits => "catalogue.measure.visits",
        }
    }
}

/// Something that there is more of than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// Of what.
    pub measure: Measure,
    /// How much there was.
    pub from: String,
    /// How much there would be.
    pub to: String,
}

/// One measure of two versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// What is counted.
    pub measure: Measure,
    /// In the version in force.
    pub from: String,
    /// In the new one.
    pub to: String,
    /// Whether it is more.
    pub more: bool,
}

/// What the new version asks for beyond the old one; nothing when it names the law that makes it.
#[must_use]
pub fn added(old: &ItemContent, new: &ItemContent) -> Vec<Added> {
    if new.increase_basis.is_some() {
        return Vec::new();
    }
    let more = compare(old, new).into_iter().filter(|one| one.more);
    more.map(|one| Added {
        measure: one.measure,
        from: one.from,
        to: one.to,
    })
    .collect()
}

/// The four measures side by side. A scenario that is new has nothing to be compared with; of those
/// that were there before the one that grew most counts.
#[must_use]
pub fn compare(old: &ItemContent, new: &ItemContent) -> Vec<Compared> {
    let count = |measure, from: usize, to: usize| Compared {
        measure,
        from: from.to_string(),
        to: to.to_string(),
        more: from < to,
    };
    let (from, to) = materials(old, new);
    vec![
        count(Measure::Steps, steps(old), steps(new)),
        count(Measure::Materials, from, to),
        days(old, new),
        count(Measure::Visits, visits(old), visits(new)),
    ]
}

fn steps(content: &ItemContent) -> usize {
    content
        .handling
        .as_ref()
        .map_or(0, |handling| handling.steps.len())
}

fn visits(content: &ItemContent) -> usize {
    let visits = content.service.as_ref().map_or(0, |one| one.hall_visits);
    usize::try_from(visits).unwrap_or(usize::MAX)
}

fn needed(scenario: &Scenario) -> usize {
    let lines = scenario.materials.iter();
    lines
        .filter(|line| line.necessity != Necessity::Optional)
        .count()
}

fn materials(old: &ItemContent, new: &ItemContent) -> (usize, usize) {
    let pairs = new.scenarios.iter().filter_map(|scenario| {
        let before = old.scenario(&scenario.id)?;
        Some((needed(before), needed(scenario)))
    });
    let most = |content: &ItemContent| content.scenarios.iter().map(needed).max().unwrap_or(0);
    let grown = pairs.max_by_key(|(from, to)| to.saturating_sub(*from));
    match grown {
        Some((from, to)) if from < to => (from, to),
        Some(_) => (most(old), most(new).min(most(old))),
        // Scenarios with other names: then the longest lists are compared.
        None => (most(old), most(new)),
    }
}

fn days(old: &ItemContent, new: &ItemContent) -> Compared {
    let pairs = new.scenarios.iter().filter_map(|scenario| {
        let before = old.scenario(&scenario.id)?;
        let from = before.promised.or(old.promised)?;
        let to = scenario.promised.or(new.promised);
        Some((from, to, longer(from, to)))
    });
    let mut pairs: Vec<_> = pairs.collect();
    if let (true, Some(from)) = (pairs.is_empty(), old.promised) {
        pairs.push((from, new.promised, longer(from, new.promised)));
    }
    let found = pairs.iter().find(|pair| pair.2).or(pairs.first());
    let words = |promise: Promise| promise.words("zh");
    Compared {
        measure: Measure::Days,
        from: found.map_or_else(String::new, |pair| words(pair.0)),
        to: found
            .and_then(|pair| pair.1)
            .map_or_else(String::new, words),
        more: found.is_some_and(|pair| pair.2),
    }
}

/// Whether a promise became longer; one that was dropped did. What only the calendar could tell is
/// held against the change.
fn longer(from: Promise, to: Option<Promise>) -> bool {
    match (from, to) {
        (_, None) | (Promise::Instant, Some(Promise::Within(_))) => true,
        (_, Some(Promise::Instant)) => false,
        (Promise::Within(from), Some(to)) => to.fits(from) != Fit::Within,
    }
}
