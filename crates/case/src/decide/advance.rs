//! Moving on: finishing a task steps the process, and the service tasks on the way are answered
//! at once, so that one command is one event however far it leads.

use std::collections::VecDeque;

use jiff::civil::Date;
use process::{Data, Effect, Input, Marking, NodeId, PlainOnly, Step};

use super::{Advanced, DELIVERY_DAYS, Event, Facts, Opened, Refusal};
use crate::model::{
    CO_TASK_FIRST, Case, ClockFacts, Code, Completion, Delivery, Doer, Duty, Hand, Method, NewCase,
    Opening, Place, Role, Status, Task, Verdict,
};
use procedure::role_of;

/// Where a step led to.
pub(super) struct Moved {
    pub(super) marking: Marking,
    pub(super) opened: Vec<Opening>,
    pub(super) services: Vec<u16>,
}

/// `qc:organ`: `lead`, `hall`, `co:N` counted from 0, or `co:NAME` for the first consulted.
fn place(word: Option<&str>) -> Place {
    match word.unwrap_or("lead") {
        "hall" => Place::Hall,
        word => match word.strip_prefix("co:") {
            Some(name) => Place::Co(name.parse().unwrap_or(0)),
            None => Place::Lead,
        },
    }
}

/// The number of the next task beside the process.
#[must_use]
pub fn co_task_number(tasks: &[Task]) -> u16 {
    let open = tasks.iter().map(|task| task.number);
    let last = open.filter(|n| CO_TASK_FIRST <= *n).max();
    last.map_or(CO_TASK_FIRST, |last| last.saturating_add(1))
}

pub(super) fn settle(step: Step, facts: &Facts) -> Result<Moved, Refusal> {
    let process = facts.procedure.process();
    let mut effects: VecDeque<Effect> = step.effects.into();
    let mut moved = Moved {
        marking: step.marking,
        opened: Vec::new(),
        services: Vec::new(),
    };
    while let Some(effect) = effects.pop_front() {
        match effect {
            Effect::OpenTask { node, .. } => {
                moved.opened.push(task_at(node, facts)?);
            }
            Effect::CloseTask { token, .. } => {
                moved.opened.retain(|open| open.task != token.number());
            }
            Effect::CallService { token, node } => {
                moved.services.push(node.number());
                let outcome = None;
                let input = Input::ServiceDone { token, outcome };
                let marking = &moved.marking;
                let next = process::step(process, marking, input, &Data::new(), &PlainOnly)?;
                moved.marking = next.marking;
                effects.extend(next.effects);
            }
            // `process::served` keeps such procedures from being published.
            Effect::CallProcess { .. } | Effect::Signal { .. } => {
                return Err(Refusal::Process(process::StepRefusal::NotExecutable));
            }
            // Messages of the process have no receiver yet; timers follow from the marking, and
            // services are answered at once.
            Effect::Send { .. }
            | Effect::CancelCall { .. }
            | Effect::SetTimer { .. }
            | Effect::CancelTimer { .. }
            | Effect::Ended { .. } => {}
        }
    }
    Ok(moved)
}

pub(super) fn task_at(node: NodeId, facts: &Facts) -> Result<Opening, Refusal> {
    let task = facts.procedure.process().node(node).map(|node| &node.task);
    let limit = task.and_then(|task| task.limit_days);
    let due = match limit {
        Some(days) => Some(facts.calendar.after(facts.today(), u32::from(days))?.date),
        None => None,
    };
    Ok(Opening {
        task: node.number(),
        duty: Duty::of(task.and_then(|task| task.duty)),
        role: role_of(task.and_then(|task| task.post.as_deref())),
        at: place(task.and_then(|task| task.organ.as_deref())),
        due,
    })
}

/// How a case begins: its clock is dated and its process started.
///
/// # Errors
/// When the process cannot start or a date lies outside the calendar.
pub fn begin_case(new: NewCase, facts: &Facts) -> Result<Event, Refusal> {
    let process = facts.procedure.process();
    let step = process::start(process, None, &Data::new(), &PlainOnly)?;
    let moved = settle(step, facts)?;
    let clock = ClockFacts {
        start: new.accepted_at,
        statutory: new.statutory,
        promised: new.promised,
        pauses: Vec::new(),
        extension: None,
    };
    let accepted = new.accepted_by.map(|by| Hand {
        duty: Duty::Accept,
        task: 0,
        by,
        standing_in: new.accepted_for,
    });
    Ok(Event::Opened(Box::new(Opened {
        application: new.application,
        number: new.number,
        item: new.item,
        version: new.version,
        procedure: new.procedure,
        result: new.result,
        applicant: new.applicant,
        agent: new.agent,
        organ: new.organ,
        hall: new.hall,
        consulted: new.consulted,
        accepted,
        dues: clock.dues(&facts.calendar)?,
        clock,
        on: facts.today(),
        marking: Code::of_marking(&moved.marking),
        opened: moved.opened,
        services: moved.services,
    })))
}

impl Case {
    pub(super) fn complete(
        &self,
        completion: Completion,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        let doer = facts.doer()?;
        let task = self.workable(completion.task, doer)?;
        if task.duty == Duty::Deliver {
            return Err(Refusal::DeliverInstead);
        }
        self.within_authority(task.duty, facts)?;
        self.well_said(task, &completion, doer, facts)?;
        self.finish(task, completion, None, Some(doer), facts)
    }

    /// A refusal states its grounds; sending back and disagreeing state a reason; nothing is
    /// decided while the clock stands.
    fn well_said(
        &self,
        task: &Task,
        completion: &Completion,
        doer: &Doer,
        facts: &Facts,
    ) -> Result<(), Refusal> {
        let outcome = completion.outcome.as_ref().map(Code::as_str);
        if task.duty == Duty::Decide {
            if self.status == Status::Paused {
                return Err(Refusal::ClockStands);
            }
            if outcome == Some("refused") && completion.grounds.is_none() {
                return Err(Refusal::GroundsMissing);
            }
            match outcome {
                Some("granted") => {
                    self.may_grant(facts)?;
                    self.weighs_minutes(completion.minutes.is_some(), facts)?;
                    self.may_conclude(Verdict::Granted, completion, doer, facts)?;
                }
                Some("refused") => {
                    self.may_refuse(facts)?;
                    self.weighs_minutes(completion.minutes.is_some(), facts)?;
                    self.may_conclude(Verdict::Refused, completion, doer, facts)?;
                }
                _ => {}
            }
        }
        let needs_reason = matches!(outcome, Some("returned" | "disagree"));
        if (needs_reason || task.is_beside()) && completion.opinion.is_none() {
            return Err(Refusal::OpinionMissing);
        }
        Ok(())
    }

    pub(super) fn deliver(&self, delivery: Delivery, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let task = self.tasks.iter().find(|task| task.duty == Duty::Deliver);
        let task = task.ok_or(Refusal::NothingToDeliver)?;
        let doer = match (&facts.by, delivery.method) {
            (crate::model::Asker::Person(person), Method::Online) if self.belongs_to(*person) => {
                None
            }
            _ => Some(facts.doer()?),
        };
        if let Some(doer) = doer {
            self.workable(task.number, doer)?;
        }
        match delivery.method {
            Method::Counter if !delivery.identity_checked || delivery.proof.is_none() => {
                return Err(Refusal::CounterCheckMissing);
            }
            Method::Post if delivery.proof.is_none() => return Err(Refusal::TrackingMissing),
            Method::Counter | Method::Post | Method::Online => {}
        }
        let completion = Completion {
            task: task.number,
            outcome: None,
            opinion: None,
            files: Vec::new(),
            grounds: None,
            departure: None,
            minutes: None,
        };
        self.finish(task, completion, Some(delivery), doer, facts)
    }

    /// A timer of the process ran out.
    pub(super) fn fire(&self, node: u16, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let token = process::Token::on(NodeId::new(node));
        let moved = self.step(Input::TimerFired { token }, facts)?;
        let completion = Completion {
            task: node,
            outcome: None,
            opinion: None,
            files: Vec::new(),
            grounds: None,
            departure: None,
            minutes: None,
        };
        Ok(vec![advanced(completion, None, None, moved, facts)?])
    }

    fn finish(
        &self,
        task: &Task,
        completion: Completion,
        delivery: Option<Delivery>,
        doer: Option<&Doer>,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        let by = doer.map(|doer| (task.duty, doer));
        let moved = if task.is_beside() {
            Moved {
                marking: self.marking()?,
                opened: Vec::new(),
                services: Vec::new(),
            }
        } else {
            let outcome = completion.outcome.as_ref().map(Code::as_str);
            let token = task.token();
            self.step(Input::Complete { token, outcome }, facts)?
        };
        Ok(vec![advanced(completion, delivery, by, moved, facts)?])
    }

    fn step(&self, input: Input<'_>, facts: &Facts) -> Result<Moved, Refusal> {
        let process = facts.procedure.process();
        let marking = self.marking()?;
        let step = process::step(process, &marking, input, &Data::new(), &PlainOnly)?;
        settle(step, facts)
    }

    fn marking(&self) -> Result<Marking, Refusal> {
        let foreign = |_| Refusal::Process(process::StepRefusal::ForeignMarking);
        self.marking.as_str().parse().map_err(foreign)
    }

    /// Puts tasks on the list.
    pub(super) fn open_tasks(&mut self, opened: &[Opening], on: Date) {
        for open in opened {
            self.tasks.push(Task {
                number: open.task,
                duty: open.duty,
                role: open.role,
                organ: self.organ_at(open.at),
                on,
                due: open.due,
                held_by: None,
                held_for: None,
                question: None,
            });
        }
    }

    /// What [`Event::Advanced`] does to the state.
    pub(super) fn advance(&mut self, advanced: &Advanced) {
        let marking: Marking = advanced.marking.as_str().parse().unwrap_or_default();
        let opens = |number: u16| advanced.opened.iter().any(|open| open.task == number);
        let duty = self.task(advanced.task).map(|task| task.duty);
        self.tasks.retain(|task| {
            let stands = task.is_beside() || marking.holds(NodeId::new(task.number));
            task.number != advanced.task && stands && !opens(task.number)
        });
        self.open_tasks(&advanced.opened, advanced.on);
        self.marking = advanced.marking.clone();
        // Only the four duties are kept: what others did, the ledger tells.
        if let (Some(duty), Some(by)) = (duty.filter(|duty| duty.is_kept_apart()), advanced.by) {
            let hand = Hand {
                duty,
                task: advanced.task,
                by,
                standing_in: advanced.standing_in,
            };
            if !self.hands.contains(&hand) {
                self.hands.push(hand);
            }
        }
        if let Some(verdict) = advanced.verdict {
            self.verdict = Some(verdict);
            self.decided_on = Some(advanced.on);
            self.delivery_due = advanced.delivery_due;
            self.status = match verdict {
                Verdict::Granted => Status::Granted,
                Verdict::Refused => Status::Refused,
            };
            self.tasks.retain(|task| !task.is_beside());
        }
        if advanced.delivery.is_some() {
            self.status = Status::Delivered;
        }
        if marking.is_empty() {
            if self.status != Status::Delivered {
                self.status = Status::Closed;
            }
            self.tasks.clear();
        }
        if self.status.is_over() {
            self.closed_on = Some(advanced.on);
            // Nothing is left to keep apart; who did what, the ledger tells.
            self.hands.clear();
        }
    }
}

fn advanced(
    completion: Completion,
    delivery: Option<Delivery>,
    by: Option<(Duty, &Doer)>,
    moved: Moved,
    facts: &Facts,
) -> Result<Event, Refusal> {
    let on = facts.today();
    let outcome = completion.outcome.as_ref().map(Code::as_str);
    let decides = by.is_some_and(|(duty, _)| duty == Duty::Decide);
    let verdict = match outcome.filter(|_| decides) {
        Some("granted") => Some(Verdict::Granted),
        Some("refused") => Some(Verdict::Refused),
        _ => None,
    };
    let hands_out = moved.opened.iter().any(|task| task.role == Role::ExitClerk);
    let delivery_due = match verdict.filter(|_| hands_out) {
        Some(_) => Some(facts.calendar.after(on, DELIVERY_DAYS)?.date),
        None => None,
    };
    Ok(Event::Advanced(Box::new(Advanced {
        on,
        task: completion.task,
        by: by.map(|(_, doer)| doer.officer),
        standing_in: by.and_then(|(_, doer)| doer.standing_in),
        outcome: completion.outcome,
        opinion: completion.opinion,
        files: completion.files,
        grounds: completion.grounds,
        departure: completion.departure,
        minutes: completion.minutes,
        verdict,
        delivery_due,
        delivery,
        marking: Code::of_marking(&moved.marking),
        opened: moved.opened,
        services: moved.services,
    })))
}
