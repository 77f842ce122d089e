//! Cases: who may do what in which state, what follows, and the dates that the law sets. The
//! rules are those of the design and the statutes, written once more.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use case::{CO_TASK_FIRST, Duty, Finish, Verdict};
use catalogue::model::Promise;
use jiff::civil::{Date, DateTime};
use kernel::{OfficerId, OrganId};

use super::days::{Reckoned, Unit};
use super::model::{Case, Certificate, Hand, Phase, Seat, Task, Validity};
use super::procedures::{At, Step, find, rounds};
use super::rules::{against_duty, against_post, is_held_by, last_day, reckoned, some_grounds};
pub use super::rules::{against_working, code, is_kept_apart, people_of};
use super::run::Sim;

impl Sim {
    /// An accepted application became a case.
    pub fn open_case(&mut self, place: usize, by: Option<&Seat>, start: DateTime) -> Result<()> {
        let number = self.model.applications[place].number.clone();
        let found = self.db.read(move |tx| case::find_by_number(tx, &number))?;
        let Some(id) = found else {
            anyhow::bail!("no case follows {}", self.model.applications[place].id);
        };
        let application = &self.model.applications[place];
        let content = self.model.content(application);
        let scenario = &content.scenarios[application.scenario];
        let limit = scenario.statutory.as_ref().or(content.statutory.as_ref());
        let statutory = limit.map_or((20, Unit::Workday), |limit| reckoned(limit.limit));
        let promised = match scenario.promised.or(content.promised) {
            Some(Promise::Within(limit)) => reckoned(limit),
            Some(Promise::Instant) => (1, Unit::Workday),
            None => statutory,
        };
        let handling = content.handling.as_ref();
        let procedure = handling.map_or("standard", |one| one.procedure.as_str());
        let bodies = handling.iter().flat_map(|one| &one.consulted);
        let uscc = bodies.filter_map(|body| body.uscc.as_deref());
        let consulted: Vec<OrganId> = uscc
            .filter_map(|uscc| self.model.organs.get(uscc).copied())
            .collect();
        let accepted = by.map(|seat| Hand {
            duty: Duty::Accept,
            task: 0,
            people: people_of(seat),
        });
        let mut case = Case {
            id,
            application: place,
            procedure: rounds(procedure).0,
            organ: application.organ,
            hall: self.model.hall,
            consulted,
            phase: Phase::Handling,
            tasks: Vec::new(),
            hands: accepted.into_iter().collect(),
            clock: Reckoned {
                start,
                statutory,
                promised,
                pauses: Vec::new(),
                extension: 0,
            },
            promised_due: None,
            statutory_due: None,
            decided_on: None,
            delivery_due: None,
            timers: BTreeMap::new(),
            revision: 1,
            rating: None,
        };
        case.date(&self.model.days);
        self.open_round(&mut case, 0);
        let new = self.model.cases.len();
        self.model.applications[place].case = Some(new);
        self.model.cases.push(case);
        self.check_case(new)
    }

    /// The steps of a round become open tasks, with their reminders.
    fn open_round(&self, case: &mut Case, round: usize) {
        let (procedure, all) = rounds(case.procedure);
        for step in all[round] {
            let organ = match step.at {
                At::Lead => case.organ,
                At::Hall => case.hall,
                At::Consulted => case.consulted.first().copied().unwrap_or(case.organ),
            };
            case.tasks.push(Task {
                number: self.procedures.number(procedure, step.name),
                step: step.name,
                duty: step.duty,
                role: step.role,
                organ,
                held_by: None,
                held_for: None,
            });
            if let Some(days) = step.remind_after {
                let timer = self.procedures.reminder(procedure);
                case.timers
                    .insert(timer, self.model.days.after(self.today(), days));
            }
        }
    }

    /// A case, mostly one under way.
    pub fn some_case(&mut self) -> Option<usize> {
        let all = self.model.cases.len();
        let open: Vec<usize> = (0..all)
            .filter(|place| !self.model.cases[*place].is_over())
            .collect();
        match self.chance.percent(93) {
            true => self.chance.pick(&open).copied(),
            false => (0 < all).then(|| self.chance.below(all)),
        }
    }

    /// A task of a case; now and then one that is not open, or never was.
    fn some_task(&mut self, place: usize) -> u16 {
        let tasks: Vec<u16> = self.model.cases[place]
            .tasks
            .iter()
            .map(|one| one.number)
            .collect();
        let stale = u16::try_from(self.chance.below(12)).unwrap_or(0);
        match self.chance.pick(&tasks) {
            Some(task) if self.chance.percent(94) => *task,
            _ => stale,
        }
    }

    /// Somebody for a task: one who may, one of the right post who may not, or anybody.
    fn somebody_for(&mut self, place: usize, number: u16) -> Option<Seat> {
        let today = self.today();
        let case = &self.model.cases[place];
        let found = case.task(number).cloned();
        let Some(task) = found else {
            return self.any_seat();
        };
        let fitting = self.model.seats_with(task.organ, task.role, today);
        let right: Vec<Seat> = fitting
            .iter()
            .filter(|seat| against_working(&self.model.cases[place], &task, seat).is_empty())
            .cloned()
            .collect();
        let roll = self.chance.below(100);
        let hand = self.another_hand(place, roll);
        match roll {
            0..76 => self.chance.pick(&right).or(fitting.first()).cloned(),
            76..86 => self.chance.pick(&fitting).cloned(),
            86..94 => hand,
            _ => self.any_seat(),
        }
    }

    /// Whoever did something in this case before, at any seat.
    fn another_hand(&mut self, place: usize, roll: usize) -> Option<Seat> {
        let hands: Vec<OfficerId> = self.model.cases[place]
            .hands
            .iter()
            .flat_map(|hand| hand.people.clone())
            .collect();
        let officer = *hands.get(roll % hands.len().max(1))?;
        let seats = self.model.seats(officer, self.today());
        self.chance.pick(&seats).cloned()
    }

    pub fn work(&mut self) -> Result<()> {
        let Some(place) = self.some_case() else {
            return Ok(());
        };
        match self.chance.below(100) {
            0..14 => self.claim(place),
            14..20 => self.release(place),
            20..26 => self.hand_over(place),
            26..30 => self.ask_other_organ(place),
            30..37 => self.pause(place),
            37..46 => self.resume(place),
            46..50 => self.extend(place),
            50..66 => self.deliver(place),
            _ => self.complete(place),
        }
    }

    fn claim(&mut self, place: usize) -> Result<()> {
        let number = self.some_task(place);
        let Some(seat) = self.somebody_for(place, number) else {
            return Ok(());
        };
        let case = &self.model.cases[place];
        let no = case.against(number, |case, task| against_working(case, task, &seat));
        let id = case.id;
        let told = format!("{id} task {number}");
        let done = self.officer_asks("claim", &seat, &told, &no, move |tx, officer| {
            case::claim(tx, officer, id, number).map(|_| ())
        })?;
        if done.is_some() {
            let case = &mut self.model.cases[place];
            if case
                .task(number)
                .is_some_and(|task| task.held_by != Some(seat.officer))
            {
                case.hold(number, Some(seat.officer), seat.standing_in);
                case.revision += 1;
            }
        }
        self.check_case(place)
    }

    fn release(&mut self, place: usize) -> Result<()> {
        let number = self.some_task(place);
        let Some(mut seat) = self.somebody_for(place, number) else {
            return Ok(());
        };
        let holder = self.model.cases[place]
            .task(number)
            .and_then(|task| task.held_by);
        if let (Some(holder), true) = (holder, self.chance.percent(70)) {
            let seats = self.model.seats(holder, self.today());
            seat = self.chance.pick(&seats).cloned().unwrap_or(seat);
        }
        let case = &self.model.cases[place];
        let no = case.against(number, |_, task| {
            let mut no = against_post(task, &seat);
            if !is_held_by(task, &seat) {
                no.push("case.not_held");
            }
            no
        });
        let id = case.id;
        let told = format!("{id} task {number}");
        let done = self.officer_asks("release", &seat, &told, &no, move |tx, officer| {
            case::release(tx, officer, id, number).map(|_| ())
        })?;
        if done.is_some() {
            let case = &mut self.model.cases[place];
            case.hold(number, None, None);
            case.revision += 1;
        }
        self.check_case(place)
    }

    fn hand_over(&mut self, place: usize) -> Result<()> {
        let number = self.some_task(place);
        let receiver = self.somebody_for(place, number);
        let (Some(seat), Some(receiver)) = (self.somebody_for(place, number), receiver) else {
            return Ok(());
        };
        let to = receiver.officer;
        let today = self.today();
        let case = &self.model.cases[place];
        let mut held_for = None;
        let no = case.against(number, |case, task| {
            let mut no = against_working(case, task, &seat);
            let mut theirs = self.model.seats_with(task.organ, task.role, today);
            theirs.retain(|seat| seat.officer == to);
            // In their own right where they have it.
            match theirs.iter().min_by_key(|seat| seat.standing_in.is_some()) {
                None => no.push("case.receiver_without_post"),
                Some(seat) => held_for = seat.standing_in,
            }
            let people: Vec<OfficerId> = held_for.into_iter().chain([to]).collect();
            no.extend(against_duty(case, task, &people));
            no
        });
        let id = case.id;
        let told = format!("{id} task {number} to {to}");
        let done = self.officer_asks("hand over", &seat, &told, &no, move |tx, officer| {
            case::hand_over(tx, officer, id, number, to).map(|_| ())
        })?;
        if done.is_some() {
            let case = &mut self.model.cases[place];
            if case
                .task(number)
                .is_some_and(|task| task.held_by != Some(to))
            {
                case.hold(number, Some(to), held_for);
                case.revision += 1;
            }
        }
        self.check_case(place)
    }

    fn complete(&mut self, place: usize) -> Result<()> {
        let number = self.some_task(place);
        let Some(seat) = self.somebody_for(place, number) else {
            return Ok(());
        };
        let step = self.step_of(place, number);
        let is_beside = CO_TASK_FIRST <= number;
        let outcome = self.some_outcome(step);
        let opinion = match self.chance.below(100) {
            0..3 => Some(String::new()),
            3..12 => None,
            _ => Some("经审查，意见如上".to_owned()),
        };
        let grounds = (outcome == "refused" && self.chance.percent(85)).then(some_grounds);
        let case = &self.model.cases[place];
        let mut no = case.against(number, |case, task| {
            let mut no = against_working(case, task, &seat);
            if task.duty == Duty::Deliver {
                no.push("case.deliver_instead");
            }
            if task.duty == Duty::Decide && case.phase == Phase::Paused {
                no.push("case.clock_stands");
            }
            if task.duty == Duty::Decide && outcome == "refused" && grounds.is_none() {
                no.push("case.grounds_missing");
            }
            let needs_reason = matches!(outcome, "returned" | "disagree");
            if (needs_reason || is_beside) && opinion.is_none() {
                no.push("case.opinion_missing");
            }
            if step.is_some_and(|step| !step.outcomes.contains(&outcome)) {
                no.push("case.no_such_outcome");
            }
            no
        });
        if opinion.as_deref() == Some("") {
            no.push("field.required");
        }
        let (id, revision) = (case.id, case.revision);
        let finish = Finish {
            task: number,
            outcome: Some(code(outcome)),
            opinion,
            files: Vec::new(),
            grounds,
            departure: None,
            minutes: None,
        };
        let told = format!("{id} at {revision} task {number} {outcome}");
        let done = self.officer_asks("complete", &seat, &told, &no, move |tx, officer| {
            case::complete(tx, officer, id, &finish).map(|_| ())
        })?;
        if done.is_some() {
            self.completed(place, number, &seat, outcome)?;
        }
        self.check_case(place)
    }

    fn step_of(&self, place: usize, number: u16) -> Option<Step> {
        let case = &self.model.cases[place];
        let task = case
            .task(number)
            .filter(|task| task.number < CO_TASK_FIRST)?;
        find(case.procedure, task.step).map(|(_, step)| step)
    }

    fn some_outcome(&mut self, step: Option<Step>) -> &'static str {
        let listed = step.map_or(&["agree", "disagree"][..], |step| step.outcomes);
        let first = listed.first().copied().unwrap_or("agree");
        match self.chance.below(100) {
            0..4 => "no_such_outcome",
            4..30 => self.chance.pick(listed).copied().unwrap_or("agree"),
            _ => first,
        }
    }

    /// What follows from a finished task.
    fn completed(
        &mut self,
        place: usize,
        number: u16,
        seat: &Seat,
        outcome: &'static str,
    ) -> Result<()> {
        let today = self.today();
        let procedure = self.model.cases[place].procedure;
        let reminder = rounds(procedure).1[0]
            .iter()
            .any(|step| step.remind_after.is_some())
            .then(|| self.procedures.reminder(procedure));
        let case = &mut self.model.cases[place];
        case.revision += 1;
        let Some(at) = case.tasks.iter().position(|task| task.number == number) else {
            anyhow::bail!("a task was finished that was not open");
        };
        let task = case.tasks.remove(at);
        if is_kept_apart(task.duty) {
            case.hands.push(Hand {
                duty: task.duty,
                task: number,
                people: people_of(seat),
            });
        }
        if CO_TASK_FIRST <= number {
            return Ok(());
        }
        let Some((round, step)) = find(procedure, task.step) else {
            anyhow::bail!("a step nobody knows");
        };
        if step.remind_after.is_some() {
            case.timers.retain(|timer, _| Some(*timer) != reminder);
        }
        let more = case.tasks.iter().any(|task| task.number < CO_TASK_FIRST);
        let next = match outcome {
            "returned" => Some(0),
            _ if more => None,
            _ => Some(round + 1),
        };
        let verdict = match (step.duty, outcome) {
            (Duty::Decide, "granted") => Some(Verdict::Granted),
            (Duty::Decide, "refused") => Some(Verdict::Refused),
            _ => None,
        };
        if let Some(verdict) = verdict {
            case.phase = Phase::Decided(verdict);
            case.decided_on = Some(today);
            case.delivery_due = Some(self.model.days.after(today, 10));
            case.tasks.clear();
        }
        if let Some(next) = next {
            self.with_case(place, |sim, case| sim.open_round(case, next));
        }
        match verdict {
            Some(Verdict::Granted) => self.granted(place, today),
            Some(Verdict::Refused) => {
                self.model.paper("refusal_decision");
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Works on a case while reading the rest of the model.
    fn with_case(&mut self, place: usize, work: impl FnOnce(&Self, &mut Case)) {
        let mut case = self.model.cases.swap_remove(place);
        work(self, &mut case);
        self.model.cases.push(case);
        let last = self.model.cases.len() - 1;
        self.model.cases.swap(place, last);
    }

    /// A grant is a decision on paper and one certificate.
    fn granted(&mut self, place: usize, today: Date) -> Result<()> {
        self.model.paper("grant_decision");
        let id = self.model.cases[place].id;
        let found = self
            .db
            .read(move |tx| certificate::certificates_of(tx, kernel::TypedId::uuid(id)))?;
        ensure!(found.len() == 1, "{id} has {} certificates", found.len());
        let application = &self.model.applications[self.model.cases[place].application];
        let outcome = self.model.content(application).outcome.clone();
        let months = outcome.and_then(|outcome| outcome.validity_months);
        let last_day = months.map(|months| last_day(today, months));
        ensure!(
            found[0].valid_until == last_day,
            "{id} is valid until {last_day:?}"
        );
        // Who sent it back earlier did not issue it.
        let mut hands = self.model.cases[place].hands.iter().rev();
        let granted = hands.find(|hand| hand.duty == Duty::Decide);
        let issued_by = granted.map_or_else(Vec::new, |hand| hand.people.clone());
        self.model.certificates.push(Certificate {
            id: found[0].id,
            issued_by,
            organ: self.model.cases[place].organ,
            last_day,
            validity: Validity::Valid,
        });
        Ok(())
    }
}
