//! How far a case is: the stages of its way, and a decided case against its clock.
//!
//! Deliberately absent: wording, and who may see what; pages and interface say both.

use std::collections::BTreeMap;

use calendar::{CalendarError, DueUnit, Limit, WorkingDays};
use jiff::civil::{Date, DateTime};
use kernel::{Lang, OrganId};
use web::parts::Progress;

use crate::history::HistoryLine;
use crate::model::{Case, Term};

/// A stage 环节 of a case's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Its name as drawn; empty for an opinion asked for beside the process.
    pub name: String,
    /// Whether it is done, being done or to come.
    pub progress: Progress,
    /// Since when it is being done, or when it was done.
    pub on: Option<Date>,
    /// With whom it is.
    pub organ: Option<OrganId>,
}

/// The stages of a case: what was done and not sent back, what is being done, what is to come.
/// Nothing is to come any more when it is over.
#[must_use]
pub fn stages(
    procedure: &procedure::Edition,
    case: &Case,
    history: &[HistoryLine],
    lang: Lang,
) -> Vec<Stage> {
    let done = done(history);
    let mut stages = Vec::new();
    for node in procedure.process().way() {
        let number = node.number();
        let (progress, on, organ) = match (case.task(number), done.get(&number)) {
            (Some(task), _) => (Progress::Now, Some(task.on), Some(task.organ)),
            (None, Some(day)) => (Progress::Done, Some(*day), None),
            (None, None) if case.status.is_over() => continue,
            (None, None) => (Progress::Next, None, None),
        };
        stages.push(Stage {
            name: procedure.node_name(number, lang).to_owned(),
            progress,
            on,
            organ,
        });
    }
    for task in case.tasks.iter().filter(|task| task.is_beside()) {
        stages.push(Stage {
            name: String::new(),
            progress: Progress::Now,
            on: Some(task.on),
            organ: Some(task.organ),
        });
    }
    stages
}

/// The tasks that were finished, with the day; sending back begins the way again.
fn done(history: &[HistoryLine]) -> BTreeMap<u16, Date> {
    let mut done = BTreeMap::new();
    for line in history {
        let finished = matches!(line.kind, "advanced" | "granted" | "refused" | "delivered");
        match line.task.filter(|_| finished) {
            Some(_) if line.outcome == "returned" => done.clear(),
            Some(task) => {
                done.insert(task, kernel::clock::hall_time(line.at).date());
            }
            None => {}
        }
    }
    done
}

/// A decided case against its clock 办结时效: what the law and the hall promised, what it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// How much of the clock it took, in the promised limit's unit, begun hours as whole ones.
    pub used: i64,
    /// 承诺时限, with the extension where there was one.
    pub promised: Term,
    /// 法定时限, with the extension where there was one.
    pub statutory: Term,
    /// `green` within the promise, `red` beyond it, `black` beyond the law.
    pub shade: &'static str,
}

/// What a decision took; none before it.
///
/// # Errors
/// As [`crate::ClockFacts::clock`].
pub fn ended(
    case: &Case,
    calendar: &WorkingDays,
    history: &[HistoryLine],
) -> Result<Option<Ended>, CalendarError> {
    let decision = |line: &&HistoryLine| matches!(line.kind, "granted" | "refused");
    let at: Option<DateTime> = history
        .iter()
        .rev()
        .find(decision)
        .map(|line| kernel::clock::hall_time(line.at));
    let Some(at) = at.filter(|_| case.decided_on.is_some()) else {
        return Ok(None);
    };
    let clock = case.clock.clock(calendar, ["", ""])?;
    let promised = clock.remaining(calendar, Limit::Promised, at)?;
    let statutory = clock.remaining(calendar, Limit::Statutory, at)?;
    let allowed = |term: Term| Term {
        count: term.count
            + case.clock.extension.map_or(0, |longer| longer.days)
                * u32::from(term.unit == case.clock.statutory.unit),
        ..term
    };
    let (promise, law) = (allowed(case.clock.promised), allowed(case.clock.statutory));
    let whole = i64::from(promise.count);
    let used = match promise.unit {
        DueUnit::Hour => (whole * 60 - promised.count + 59) / 60,
        DueUnit::Workday | DueUnit::Day => whole - promised.count,
    };
    let shade = match () {
        () if statutory.count < 0 => "black",
        () if promised.count < 0 => "red",
        () => "green",
    };
    Ok(Some(Ended {
        used: used.max(0),
        promised: promise,
        statutory: law,
        shade,
    }))
}
