//! A year of cases in a second: virtual clock, arrivals, durations, officers with working hours.
//!
//! Runs the real machine, so whatever is executable can be simulated. Time is working time: a
//! day here is a working day. The same seed gives the same year. Deliberately absent: where the
//! figures come from (the roof fits a [`Profile`] from an event log), and calendars.

mod run;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::kind::Kind;
use crate::model::{Node, Process};
use crate::span::span;

/// How long something takes, in hours.
#[derive(Debug, Clone, PartialEq)]
pub enum Spread {
    /// A guess by somebody who knows the work: lowest, most likely, highest.
    Triangle {
        /// Never less.
        low: f64,
        /// Most often.
        mode: f64,
        /// Never more.
        high: f64,
    },
    /// As it was: the times at equal shares of all, from the shortest to the longest, with
    /// straight lines between them.
    Seen(Vec<f64>),
}

impl Spread {
    /// Always the same.
    #[must_use]
    pub const fn fixed(hours: f64) -> Self {
        Self::Triangle {
            low: hours,
            mode: hours,
            high: hours,
        }
    }

    fn mean(&self) -> f64 {
        match self {
            Self::Triangle { low, mode, high } => (low + mode + high) / 3.0,
            Self::Seen(times) => {
                // A straight line between two times has their middle as its mean.
                let middles = times.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0);
                let lines = times.len().saturating_sub(1);
                match lines {
                    0 => times.first().copied().unwrap_or(0.0),
                    lines => middles.sum::<f64>() / lines as f64,
                }
            }
        }
    }

    fn at(&self, share: f64) -> f64 {
        match self {
            Self::Triangle { low, mode, high } => triangle(*low, *mode, *high, share),
            Self::Seen(times) => between(times, share),
        }
    }
}

fn triangle(low: f64, mode: f64, high: f64, share: f64) -> f64 {
    let width = high - low;
    if width <= 0.0 {
        return low.max(0.0);
    }
    let turn = ((mode - low) / width).clamp(0.0, 1.0);
    let from_low = (share * width * (mode - low).max(0.0)).sqrt();
    let to_high = ((1.0 - share) * width * (high - mode).max(0.0)).sqrt();
    if share < turn {
        low + from_low
    } else {
        high - to_high
    }
}

/// The time at a share of all times.
fn between(times: &[f64], share: f64) -> f64 {
    let last = times.len().saturating_sub(1);
    let place = share.clamp(0.0, 1.0) * last as f64;
    let below = place.floor();
    let time = |at: usize| times.get(at.min(last)).copied().unwrap_or(0.0);
    let (from, to) = (time(below as usize), time(below as usize + 1));
    (from + (to - from) * (place - below)).max(0.0)
}

/// The officers of one post.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Post {
    /// How many.
    pub staff: u16,
    /// Working hours a day.
    pub hours: f64,
}

/// What a simulation assumes. Whatever is left out follows from the limits in the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Profile {
    /// New cases a working day; 5 when 0.
    pub arrivals_per_day: f64,
    /// Hours of work of an officer, by the id of the task.
    pub work: BTreeMap<String, Spread>,
    /// Hours (8 a day) that a task lies or waits for others before work begins, by its id.
    pub lying: BTreeMap<String, Spread>,
    /// Weights of outcomes, by the id of the task and the outcome.
    pub outcomes: BTreeMap<String, BTreeMap<String, f64>>,
    /// Officers, by the post; enough for three quarters of the load when left out.
    pub posts: BTreeMap<String, Post>,
    /// Working days after which a case is overdue; the promise, or the bound, when left out.
    pub limit_days: Option<u32>,
}

/// Hours in a working day.
pub const DAY_HOURS: f64 = 8.0;
const ARRIVALS: f64 = 5.0;
const LOAD: f64 = 0.75;

/// What one post did.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The post.
    pub post: String,
    /// Officers.
    pub staff: u16,
    /// Tasks done.
    pub tasks: u64,
    /// Share of their working hours spent at work.
    pub utilisation: f64,
    /// Working days that a task waited for a free officer, on average.
    pub queue_days: f64,
}

/// What a simulation found.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulation {
    /// Cases begun.
    pub cases: usize,
    /// Cases that came to their end.
    pub finished: usize,
    /// Working days of a case on average.
    pub expected_days: f64,
    /// Half of the cases take no longer.
    pub p50_days: f64,
    /// Nine of ten take no longer.
    pub p90_days: f64,
    /// Ninety-nine of a hundred take no longer.
    pub p99_days: f64,
    /// The longest.
    pub max_days: f64,
    /// Working days after which a case counts as overdue.
    pub limit_days: u32,
    /// The share of cases that took longer.
    pub overdue_share: f64,
    /// The share of tasks that took longer than their own limit.
    pub late_task_share: f64,
    /// Tasks of a case on average.
    pub tasks_per_case: f64,
    /// Every post.
    pub posts: Vec<Outcome>,
}

impl Simulation {
    /// The figures as the command line prints them.
    pub fn to_json(&self) -> Value {
        let round = |number: f64| (number * 1000.0).round() / 1000.0;
        let posts: Vec<Value> = self
            .posts
            .iter()
            .map(|post| {
                json!({
                    "post": post.post,
                    "staff": post.staff,
                    "tasks": post.tasks,
                    "utilisation": round(post.utilisation),
                    "queue_days": round(post.queue_days),
                })
            })
            .collect();
        json!({
            "cases": self.cases,
            "finished": self.finished,
            "expected_days": round(self.expected_days),
            "p50_days": round(self.p50_days),
            "p90_days": round(self.p90_days),
            "p99_days": round(self.p99_days),
            "max_days": round(self.max_days),
            "limit_days": self.limit_days,
            "overdue_share": round(self.overdue_share),
            "late_task_share": round(self.late_task_share),
            "tasks_per_case": round(self.tasks_per_case),
            "posts": posts,
        })
    }
}

impl Profile {
    /// Every task takes exactly its limit and nobody is short of hands: the days on paper.
    pub fn on_paper(process: &Process) -> Self {
        let mut profile = Self {
            arrivals_per_day: 1.0,
            ..Self::default()
        };
        for node in process.nodes() {
            let hours = f64::from(node.task.limit_days.unwrap_or(0)) * DAY_HOURS;
            profile
                .lying
                .insert(node.id.to_string(), Spread::fixed(hours));
            profile.work.insert(node.id.to_string(), Spread::fixed(0.0));
        }
        profile
    }

    fn arrivals(&self) -> f64 {
        if self.arrivals_per_day > 0.0 {
            self.arrivals_per_day
        } else {
            ARRIVALS
        }
    }

    /// Half an hour to two hours of work, more where the limit is long.
    fn work_of(&self, node: &Node) -> Spread {
        let given = self.work.get(&*node.id).cloned();
        given.unwrap_or_else(|| {
            let days = f64::from(node.task.limit_days.unwrap_or(1)).max(1.0);
            Spread::Triangle {
                low: 0.5,
                mode: 0.5 + 0.25 * days,
                high: 1.0 + days,
            }
        })
    }

    /// A tenth to nine tenths of the limit.
    fn lying_of(&self, node: &Node) -> Spread {
        let given = self.lying.get(&*node.id).cloned();
        given.unwrap_or_else(|| {
            let hours = f64::from(node.task.limit_days.unwrap_or(1)) * DAY_HOURS;
            Spread::Triangle {
                low: 0.1 * hours,
                mode: 0.4 * hours,
                high: 0.9 * hours,
            }
        })
    }

    /// The officers of every post of the process.
    fn staff(&self, process: &Process) -> BTreeMap<String, Post> {
        let mut hours: BTreeMap<String, f64> = BTreeMap::new();
        let people = process
            .nodes()
            .iter()
            .filter(|node| node.kind == Kind::User);
        for node in people {
            let post = node.task.post.as_deref().unwrap_or("-").to_owned();
            *hours.entry(post).or_default() += self.work_of(node).mean() * self.arrivals();
        }
        let mut staff = BTreeMap::new();
        for (post, load) in hours {
            let enough = (load / (DAY_HOURS * LOAD)).ceil().clamp(1.0, 10_000.0);
            let default = Post {
                staff: enough as u16,
                hours: DAY_HOURS,
            };
            let given = self.posts.get(&post).copied();
            staff.insert(post, given.unwrap_or(default));
        }
        staff
    }
}

/// Runs so many cases through a process.
pub fn simulate(process: &Process, profile: &Profile, cases: usize, seed: u64) -> Simulation {
    let bound = || {
        process
            .promised_days()
            .map_or_else(|| span(process).longest, u32::from)
    };
    let limit_days = profile.limit_days.unwrap_or_else(bound);
    let mut found = run::run(process, profile, cases, seed);
    found.days.sort_by(f64::total_cmp);
    let days = &found.days;
    let finished = days.len();
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    let rank = |share: f64| {
        let at = (share * finished as f64).ceil() as usize;
        days.get(at.saturating_sub(1)).copied().unwrap_or(0.0)
    };
    let late = days
        .iter()
        .filter(|days| **days > f64::from(limit_days) + 1e-9)
        .count();
    Simulation {
        cases,
        finished,
        expected_days: days.iter().sum::<f64>() / finished.max(1) as f64,
        p50_days: rank(0.5),
        p90_days: rank(0.9),
        p99_days: rank(0.99),
        max_days: days.last().copied().unwrap_or(0.0),
        limit_days,
        overdue_share: share(late + (cases - finished), cases),
        late_task_share: share(found.late_tasks, found.tasks),
        tasks_per_case: share(found.tasks, cases),
        posts: found.posts,
    }
}
