//! How a hall has worked, as its event log tells, in the terms of a simulation: how often cases
//! come, how long each step took, who did it. Deliberately absent: what no log says. A step of
//! which only the end was logged has one time, waiting and work together, and takes nobody's
//! hours; a step that the log does not know keeps what its limit allows.

use process::{Kind, Post, Process, Profile, Spread};
use serde::Serialize;

/// A week of seven days has five of eight hours: what one hour of the wall clock is worth.
const WORKING_SHARE: f64 = 40.0 / 168.0;
/// And one day of it.
const WORKDAYS_A_DAY: f64 = 5.0 / 7.0;
const HOUR_SECONDS: f64 = 3600.0;
const DAY_SECONDS: f64 = 86_400.0;

/// What was taken from a log and what was not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fit {
    /// Cases in the log.
    pub cases: u64,
    /// New cases on a working day.
    pub arrivals_per_day: f64,
    /// Tasks of the process that take as long as they took, by their ids.
    pub fitted: Vec<String>,
    /// Tasks that the log does not know.
    pub assumed: Vec<String>,
    /// Activities of the log that are no task of the process.
    pub unknown: Vec<String>,
}

/// Fits a process to a log. A task is the activity with its name, its English name or its id.
#[must_use]
pub fn fit(
    process: &Process,
    english: Option<&Process>,
    log: &eventlog::Profile,
) -> (Profile, Fit) {
    let english_name = |id: &str| {
        let node = english?.nodes().iter().find(|node| &*node.id == id)?;
        Some(&*node.name)
    };
    let mut profile = Profile::default();
    let mut fit = Fit {
        cases: log.cases,
        arrivals_per_day: arrivals(log),
        fitted: Vec::new(),
        assumed: Vec::new(),
        unknown: Vec::new(),
    };
    profile.arrivals_per_day = fit.arrivals_per_day;
    let mut known = Vec::new();
    for node in process.nodes().iter().filter(|node| is_step(&node.kind)) {
        let names = [Some(&*node.name), english_name(&node.id), Some(&*node.id)];
        let is_this = |activity: &str| names.iter().flatten().any(|name| *name == activity);
        let found = log.activities.iter().find(|one| is_this(&one.activity));
        let Some(activity) = found else {
            fit.assumed.push(node.id.to_string());
            continue;
        };
        known.push(activity.activity.as_str());
        fit.fitted.push(node.id.to_string());
        let id = node.id.to_string();
        let (lying, work) = times(activity);
        profile.lying.insert(id.clone(), lying);
        profile.work.insert(id, work);
        let post = node.task.post.as_deref().unwrap_or("-").to_owned();
        let staff = u16::try_from(activity.resources.max(1)).unwrap_or(u16::MAX);
        let seats = profile
            .posts
            .entry(post)
            .or_insert(Post { staff, hours: 8.0 });
        seats.staff = seats.staff.max(staff);
    }
    let names = log.activities.iter().map(|one| one.activity.as_str());
    let unknown = names.filter(|name| !known.contains(name));
    fit.unknown = unknown.map(str::to_owned).collect();
    (profile, fit)
}

/// What somebody does, as opposed to what the process does by itself.
fn is_step(kind: &Kind) -> bool {
    matches!(kind, Kind::User | Kind::Service(_))
}

/// Cases a working day.
fn arrivals(log: &eventlog::Profile) -> f64 {
    let Some(between) = &log.between_arrivals else {
        return 0.0;
    };
    let days = between.mean_seconds / DAY_SECONDS * WORKDAYS_A_DAY;
    if days > 0.0 { 1.0 / days } else { 0.0 }
}

/// How long a step lay, and how long somebody worked on it.
fn times(activity: &eventlog::ActivityProfile) -> (Spread, Spread) {
    let Some(duration) = &activity.duration else {
        return (Spread::fixed(0.0), Spread::fixed(0.0));
    };
    let hours = |seconds: &f64| seconds / HOUR_SECONDS * WORKING_SHARE;
    let seen = Spread::Seen(duration.quantiles_seconds.iter().map(hours).collect());
    // Where the log says when each began, the time is work, and the queue follows from the staff.
    if activity.timed == duration.n {
        (Spread::fixed(0.0), seen)
    } else {
        (seen, Spread::fixed(0.0))
    }
}
