//! The clock of a simulation: what happens next, to which case, and who is free to do it.
//!
//! Time is in working hours since the beginning, in fixed point (seconds), so that no sum ever
//! depends on the order of additions.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};

use serde_json::{Value, json};

use super::{DAY_HOURS, Outcome, Post, Profile};
use crate::chance::Chance;
use crate::condition::{Condition, ConditionFault, Conditions, Data, Literal, Vars};
use crate::effect::{Effect, Input, Step};
use crate::kind::{Delay, Kind, Trigger};
use crate::marking::{Marking, Token};
use crate::model::{Node, Process};

/// More happenings than any sound process of a hall needs.
const HAPPENINGS_MAX: usize = 20_000_000;
/// Departments asked when only the data would say how many.
const INSTANCES: u32 = 3;
const THROWS_MAX: usize = 8;

/// Seconds of working time.
type Time = u64;

pub(super) struct Found {
    pub days: Vec<f64>,
    pub tasks: usize,
    pub late_tasks: usize,
    pub posts: Vec<Outcome>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Happening {
    Arrives,
    /// A task has lain long enough and may be taken up.
    Ready(Token),
    /// An officer has done a task.
    Done(Token),
    /// Something outside answers: a call, or a message.
    Answers(Token),
    Fires(Token),
}

struct Case {
    marking: Marking,
    data: Data,
    begun: Time,
    /// When each open task came.
    open: BTreeMap<Token, Time>,
}

struct Desk {
    post: Post,
    free: u16,
    queue: VecDeque<(usize, Token, Time)>,
    tasks: u64,
    busy: Time,
    queued: Time,
}

struct World<'a> {
    process: &'a Process,
    profile: &'a Profile,
    chance: Chance,
    now: Time,
    count: u64,
    next: BinaryHeap<Reverse<(Time, u64, usize, Happening)>>,
    cases: Vec<Option<Case>>,
    desks: BTreeMap<String, Desk>,
    found: Found,
}

/// Answers what only data could: a coin, thrown with the same seed each time.
struct Coin(RefCell<Chance>);

impl Conditions for Coin {
    fn holds(&self, _expression: &str, _vars: &Vars<'_>) -> Result<bool, ConditionFault> {
        Ok(self.0.borrow_mut().share() < 0.5)
    }

    fn check(&self, _expression: &str) -> Result<(), ConditionFault> {
        Ok(())
    }

    fn count(&self, _expression: &str, _vars: &Vars<'_>) -> Result<u32, ConditionFault> {
        Ok(INSTANCES)
    }
}

pub(super) fn run(process: &Process, profile: &Profile, cases: usize, seed: u64) -> Found {
    let desk = |post: Post| Desk {
        post,
        free: post.staff.max(1),
        queue: VecDeque::new(),
        tasks: 0,
        busy: 0,
        queued: 0,
    };
    let desks = profile.staff(process).into_iter();
    let mut world = World {
        process,
        profile,
        chance: Chance::new(seed),
        now: 0,
        count: 0,
        next: BinaryHeap::new(),
        cases: Vec::new(),
        desks: desks.map(|(name, post)| (name, desk(post))).collect(),
        found: Found {
            days: Vec::with_capacity(cases),
            tasks: 0,
            late_tasks: 0,
            posts: Vec::new(),
        },
    };
    let mut at = 0.0;
    for case in 0..cases {
        world.plan(seconds(at * DAY_HOURS), case, Happening::Arrives);
        at += world.chance.gap(profile.arrivals());
    }
    for _ in 0..HAPPENINGS_MAX {
        let Some(Reverse((time, _, case, happening))) = world.next.pop() else {
            break;
        };
        world.now = time;
        world.happens(case, happening);
    }
    world.finish()
}

impl World<'_> {
    fn plan(&mut self, time: Time, case: usize, happening: Happening) {
        self.count += 1;
        self.next.push(Reverse((time, self.count, case, happening)));
    }

    fn happens(&mut self, case: usize, happening: Happening) {
        match happening {
            Happening::Arrives => self.arrive(case),
            Happening::Ready(token) => self.ready(case, token),
            Happening::Done(token) => {
                self.leave_desk(token);
                if self.is_open(case, token) {
                    self.complete(case, token);
                }
                self.call_next(token);
            }
            Happening::Answers(token) => self.answer(case, token),
            Happening::Fires(token) => {
                self.step(case, &[Input::TimerFired { token }]);
            }
        }
    }

    fn arrive(&mut self, case: usize) {
        self.cases
            .resize_with(self.cases.len().max(case + 1), || None);
        let data = self.data();
        let coin = self.coin();
        let message = self.process.starts().iter().find_map(|start| {
            match self.process.at(*start).kind.trigger() {
                Some(Trigger::Message(name) | Trigger::Signal(name)) => Some(&**name),
                _ => None,
            }
        });
        let first = crate::step::start(self.process, None, &data, &coin);
        let first = first.or_else(|_| crate::step::start(self.process, message, &data, &coin));
        let Ok(step) = first else {
            return;
        };
        self.cases[case] = Some(Case {
            marking: Marking::default(),
            data,
            begun: self.now,
            open: BTreeMap::new(),
        });
        self.settle(case, step);
    }

    fn coin(&mut self) -> Coin {
        Coin(RefCell::new(Chance::new(self.chance.next())))
    }

    /// One value for every name that a condition compares.
    fn data(&mut self) -> Data {
        let mut wanted: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for flow in self.process.flows() {
            if let Condition::Plain { path, values, .. } = &flow.condition
                && &**path != "outcome"
            {
                let known = wanted.entry(path).or_default();
                known.extend(values.iter().map(|value| match value {
                    Literal::Text(text) => json!(text),
                    Literal::Flag(flag) => json!(flag),
                    Literal::Whole(number) => json!(number),
                }));
            }
        }
        let mut data = Data::new();
        for (path, mut values) in wanted {
            let flags = values.iter().all(Value::is_boolean);
            values.push(if flags { json!(false) } else { Value::Null });
            let chosen = values.swap_remove(self.chance.below(values.len()));
            put(&mut data, path, chosen);
        }
        data
    }

    /// Follows what a step asks for; services answer at once.
    fn settle(&mut self, case: usize, step: Step) {
        let mut effects: VecDeque<Effect> = step.effects.into();
        if let Some(Some(here)) = self.cases.get_mut(case) {
            here.marking = step.marking;
        }
        while let Some(effect) = effects.pop_front() {
            match effect {
                Effect::OpenTask { token, node } => {
                    let lying = self.profile.lying_of(self.process.at(node));
                    let wait = seconds(lying.at(self.chance.share()));
                    if let Some(Some(here)) = self.cases.get_mut(case) {
                        here.open.insert(token, self.now);
                    }
                    self.plan(self.now + wait, case, Happening::Ready(token));
                }
                Effect::CloseTask { token, .. } => self.close(case, token),
                Effect::CallService { token, .. } => {
                    let input = Input::ServiceDone {
                        token,
                        outcome: None,
                    };
                    if let Some(next) = self.try_step(case, input) {
                        if let Some(Some(here)) = self.cases.get_mut(case) {
                            here.marking = next.marking;
                        }
                        effects.extend(next.effects);
                    }
                }
                Effect::CallProcess { token, node } => {
                    let lying = self.profile.lying_of(self.process.at(node));
                    let wait = seconds(lying.at(self.chance.share()));
                    self.plan(self.now + wait, case, Happening::Answers(token));
                }
                Effect::SetTimer { token, delay, .. } => {
                    self.plan(self.now + length(delay), case, Happening::Fires(token));
                }
                // Timers and answers that come too late are refused by the machine.
                Effect::CancelTimer { .. }
                | Effect::CancelCall { .. }
                | Effect::Send { .. }
                | Effect::Signal { .. }
                | Effect::Ended { .. } => {}
            }
        }
        self.await_answers(case);
        self.end(case);
    }

    /// Whoever was written to answers some time later.
    fn await_answers(&mut self, case: usize) {
        let Some(Some(here)) = self.cases.get(case) else {
            return;
        };
        let outside = |token: &Token| {
            let node = self.process.at(token.node());
            match &node.kind {
                Kind::EventBased => true,
                Kind::Catch(trigger) => !matches!(trigger, Trigger::Timer(_)),
                _ => false,
            }
        };
        let new = |token: &Token| !here.open.contains_key(token);
        let waits: Vec<Token> = here.marking.tokens().filter(outside).filter(new).collect();
        for token in waits {
            let lying = self.profile.lying_of(self.process.at(token.node()));
            let wait = seconds(lying.at(self.chance.share()));
            if let Some(Some(here)) = self.cases.get_mut(case) {
                here.open.insert(token, self.now);
            }
            self.plan(self.now + wait, case, Happening::Answers(token));
        }
    }

    fn end(&mut self, case: usize) {
        let over = |here: &Case| here.marking.is_empty();
        if let Some(slot) = self.cases.get_mut(case)
            && slot.as_ref().is_some_and(over)
            && let Some(here) = slot.take()
        {
            self.found.days.push(days(self.now - here.begun));
        }
    }

    fn is_open(&self, case: usize, token: Token) -> bool {
        let here = self.cases.get(case).and_then(Option::as_ref);
        here.is_some_and(|here| here.open.contains_key(&token) && here.marking.holds_token(token))
    }

    fn close(&mut self, case: usize, token: Token) {
        let Some(Some(here)) = self.cases.get_mut(case) else {
            return;
        };
        let Some(since) = here.open.remove(&token) else {
            return;
        };
        self.found.tasks += 1;
        let limit = self.process.at(token.node()).task.limit_days;
        let taken = days(self.now - since);
        if limit.is_some_and(|limit| taken > f64::from(limit) + 1e-9) {
            self.found.late_tasks += 1;
        }
    }

    fn desk(&mut self, token: Token) -> Option<&mut Desk> {
        let post = self.process.at(token.node()).task.post.as_deref();
        self.desks.get_mut(post.unwrap_or("-"))
    }

    fn ready(&mut self, case: usize, token: Token) {
        if !self.is_open(case, token) {
            return;
        }
        let now = self.now;
        if let Some(desk) = self.desk(token) {
            desk.queue.push_back((case, token, now));
        }
        self.call_next(token);
    }

    /// Gives a free officer of the post the next task.
    fn call_next(&mut self, token: Token) {
        let now = self.now;
        while let Some(desk) = self.desk(token) {
            if desk.free == 0 {
                return;
            }
            let Some((case, token, since)) = desk.queue.pop_front() else {
                return;
            };
            let hours = desk.post.hours.clamp(0.1, 24.0);
            if !self.is_open(case, token) {
                continue;
            }
            let work = self.profile.work_of(self.process.at(token.node()));
            let work = seconds(work.at(self.chance.share()));
            // Whoever works half days takes twice as long.
            let elapsed = seconds(work as f64 / 3600.0 * DAY_HOURS / hours);
            if let Some(desk) = self.desk(token) {
                desk.free -= 1;
                desk.tasks += 1;
                desk.busy += work;
                desk.queued += now - since;
            }
            self.plan(now + elapsed, case, Happening::Done(token));
        }
    }

    fn leave_desk(&mut self, token: Token) {
        if let Some(desk) = self.desk(token) {
            desk.free += 1;
        }
    }

    /// The outcome by weight; one that the machine refuses (sent back too often) gives way to
    /// the others.
    fn complete(&mut self, case: usize, token: Token) {
        let node: &Node = self.process.at(token.node());
        let outcomes = &node.task.outcomes;
        let given = self.profile.outcomes.get(&*node.id);
        let weights: Vec<f64> = (0..)
            .zip(outcomes)
            .map(|(at, outcome)| match given {
                Some(given) => given.get(&**outcome).copied().unwrap_or(0.0),
                None if at == 0 => 8.0,
                None => 1.0,
            })
            .collect();
        let chosen = self.chance.draw(&weights);
        let order = chosen.into_iter().chain(0..outcomes.len());
        let mut inputs: Vec<Input<'_>> = order
            .map(|at| Input::Complete {
                token,
                outcome: outcomes.get(at).map(|outcome| &**outcome),
            })
            .collect();
        if outcomes.is_empty() {
            inputs.push(Input::Complete {
                token,
                outcome: None,
            });
        }
        self.step(case, &inputs);
    }

    fn answer(&mut self, case: usize, token: Token) {
        let node = self.process.at(token.node());
        if let Some(Some(here)) = self.cases.get_mut(case) {
            if !here.marking.holds_token(token) {
                return;
            }
            // A condition that did not come true is not asked again and again.
            if !matches!(node.kind.trigger(), Some(Trigger::Condition(_))) {
                here.open.remove(&token);
            }
        }
        let mut inputs = vec![Input::CallDone {
            token,
            outcome: None,
        }];
        let ways = node
            .outgoing
            .iter()
            .map(|flow| self.process.flow(*flow).target);
        let targets: Vec<_> = match node.kind {
            Kind::EventBased => ways.collect(),
            _ => vec![token.node()],
        };
        for target in targets {
            match self.process.at(target).kind.trigger() {
                Some(Trigger::Message(name)) => inputs.push(Input::MessageArrived { name }),
                Some(Trigger::Signal(name)) => inputs.push(Input::SignalArrived { name }),
                Some(Trigger::Condition(_)) => inputs.push(Input::DataChanged),
                _ => {}
            }
        }
        self.step(case, &inputs);
    }

    fn try_step(&mut self, case: usize, input: Input<'_>) -> Option<Step> {
        let coin = self.coin();
        let here = self.cases.get(case)?.as_ref()?;
        crate::step::step(self.process, &here.marking, input, &here.data, &coin).ok()
    }

    /// Takes the first input that the machine takes.
    fn step(&mut self, case: usize, inputs: &[Input<'_>]) {
        // The coin may fall so that no way is open: it is thrown again.
        let mut tries = (0..THROWS_MAX).flat_map(|_| inputs);
        if let Some(step) = tries.find_map(|input| self.try_step(case, *input)) {
            self.settle(case, step);
        }
    }

    fn finish(mut self) -> Found {
        let span = self.now.max(1);
        for (post, desk) in std::mem::take(&mut self.desks) {
            let staff = desk.post.staff.max(1);
            let share = desk.post.hours.clamp(0.1, 24.0) / DAY_HOURS;
            let hours = span as f64 * f64::from(staff) * share;
            self.found.posts.push(Outcome {
                post,
                staff,
                tasks: desk.tasks,
                utilisation: desk.busy as f64 / hours,
                queue_days: days(desk.queued) / (desk.tasks.max(1) as f64),
            });
        }
        self.found
    }
}

fn put(data: &mut Data, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            data.insert(path.to_owned(), value);
        }
        Some((first, rest)) => {
            let inner = data.entry(first).or_insert_with(|| json!({}));
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

fn seconds(hours: f64) -> Time {
    (hours * 3600.0).round().max(0.0) as Time
}

fn days(time: Time) -> f64 {
    time as f64 / (DAY_HOURS * 3600.0)
}

/// Calendar days as working days: five of seven.
fn length(delay: Delay) -> Time {
    match delay {
        Delay::WorkingDays(days) => seconds(f64::from(days) * DAY_HOURS),
        Delay::Calendar {
            months,
            days,
            seconds: rest,
        } => {
            let days = f64::from(months) * 30.44 + f64::from(days) + f64::from(rest) / 86_400.0;
            seconds(days * 5.0 / 7.0 * DAY_HOURS)
        }
    }
}
