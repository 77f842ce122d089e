//! The rules of a bundle: who may ask, answer, press and conclude; when the whole is done.
//!
//! What happens to a part is told by the rooms beneath through the flow; a part's own rules are
//! those of its application and its case.

use case::{CaseId, Role};
use intake::ApplicationId;
use jiff::civil::Date;
use kernel::OrganId;
use ledger::{Commitment, Lifecycle};

use super::event::{Event, HandedIn};
use super::{Facts, Refusal, Who};
use crate::model::{
    Bundle, BundleId, BundleStatus, Check, Opinion, OpinionStatus, Part, PartPlan, PartStatus,
    Stance, Stop,
};
use crate::theme::{Join, Need};

/// The most working days that a department is given for an opinion.
pub const LIMIT_DAYS_MAX: u32 = 20;

/// What can be asked of a bundle.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// The land was awarded.
    Award,
    /// A part was handed in.
    Receive(u16, ApplicationId),
    /// A part cannot be handed in.
    Fail(u16),
    /// A part's case began.
    Open(u16, CaseId),
    /// A part's clock stands.
    Stop(u16),
    /// A part's clock runs.
    Resume(u16),
    /// A part is over.
    End(u16, PartStatus),
    /// Ask a department.
    Ask {
        /// Whom.
        organ: OrganId,
        /// How many working days it has.
        days: u32,
        /// What.
        question: Option<Commitment>,
    },
    /// Answer.
    Give {
        /// Which request.
        number: u16,
        /// What it says.
        stance: Stance,
        /// In which words.
        text: Option<Commitment>,
    },
    /// The limit of an opinion is over.
    Lapse(u16),
    /// Press.
    Remind {
        /// About which part.
        part: Option<u16>,
        /// About which opinion.
        opinion: Option<u16>,
        /// In which words.
        text: Commitment,
    },
    /// Fix the day of the visit.
    PlanVisit(Date),
    /// Conclude the joint check.
    HoldCheck {
        /// The list.
        marks: Vec<bool>,
        /// The conclusion.
        passed: bool,
        /// What it says.
        text: Option<Commitment>,
    },
}

/// Begins a bundle: one application, and the opinions that its theme asks for.
///
/// # Errors
/// The rule that says no.
pub fn begin(
    new: HandedIn,
    asked: &[(OrganId, u32)],
    facts: &Facts,
) -> Result<Vec<Event>, Refusal> {
    if new.parts.is_empty() {
        return Err(Refusal::NothingChosen);
    }
    let on = new.on;
    let mut events = vec![Event::HandedIn(Box::new(new))];
    for (number, (organ, days)) in (1..).zip(asked) {
        events.push(Event::OpinionAsked {
            number,
            organ: *organ,
            on,
            due: facts.calendar.after(on, *days)?.date,
            question: None,
        });
    }
    Ok(events)
}

impl Lifecycle for Bundle {
    const KIND: &'static str = "bundle";
    type Id = BundleId;
    type Event = Event;
    type Command = Command;
    type Facts = Facts;
    type Refusal = Refusal;

    fn id(&self) -> BundleId {
        self.id
    }

    fn begin(id: BundleId, event: &Event) -> Option<Self> {
        let Event::HandedIn(new) = event else {
            return None;
        };
        let new = new.as_ref().clone();
        let check = new.check.map(|(kind, points)| Check {
            kind,
            points,
            visit_on: None,
            marks: Vec::new(),
            passed: None,
            text: None,
            held_on: None,
        });
        let part = |plan: PartPlan| Part {
            plan,
            status: PartStatus::Waiting,
            application: None,
            case: None,
            received_on: None,
            opened_on: None,
            ended_on: None,
            stops: Vec::new(),
        };
        let status = match new.pre_review {
            true => BundleStatus::PreReview,
            false => BundleStatus::Running,
        };
        Some(Self {
            id,
            number: new.number,
            theme: new.theme,
            theme_version: new.theme_version,
            project: new.project,
            applicant: new.applicant,
            agent: new.agent,
            lead: new.lead,
            hall: new.hall,
            join: new.join,
            absence: new.absence,
            status,
            limit_days: new.limit_days,
            handed_in_on: new.on,
            started_on: Some(new.on).filter(|_| !new.pre_review),
            stops: Vec::new(),
            parts: new.parts.into_iter().map(part).collect(),
            opinions: Vec::new(),
            reminders: Vec::new(),
            check,
            concluded_on: None,
            at_counter: new.at_counter,
        })
    }

    fn evolve(&mut self, event: &Event) {
        match event {
            Event::HandedIn(_) => {}
            Event::Awarded { on } => {
                self.status = BundleStatus::Running;
                self.started_on = Some(*on);
            }
            Event::PartReceived {
                part,
                application,
                on,
            } => self.with_part(*part, |part| {
                part.status = PartStatus::Received;
                part.application = Some(*application);
                part.received_on = Some(*on);
            }),
            Event::PartFailed { part, on } => self.end(*part, PartStatus::Failed, *on),
            Event::PartOpened { part, case, on } => self.with_part(*part, |part| {
                part.status = PartStatus::Handling;
                part.case = Some(*case);
                part.opened_on = Some(*on);
            }),
            Event::PartStopped { part, on } => self.stop(*part, *on),
            Event::PartResumed { part, on } => self.resume(*part, *on),
            Event::PartEnded { part, status, on } => self.end(*part, *status, *on),
            Event::Reminded(reminder) => self.reminders.push(reminder.clone()),
            Event::VisitPlanned { visit_on, .. } => {
                if let Some(check) = &mut self.check {
                    check.visit_on = Some(*visit_on);
                }
            }
            Event::CheckHeld {
                marks,
                passed,
                text,
                on,
                ..
            } => {
                if let Some(check) = &mut self.check {
                    check.marks.clone_from(marks);
                    check.passed = Some(*passed);
                    check.text = *text;
                    check.held_on = Some(*on);
                }
            }
            Event::Concluded { passed, on } => {
                self.status = match passed {
                    true => BundleStatus::Passed,
                    false => BundleStatus::Failed,
                };
                self.concluded_on = Some(*on);
            }
            Event::OpinionAsked { .. }
            | Event::OpinionGiven { .. }
            | Event::OpinionLapsed { .. } => self.evolve_opinion(event),
        }
    }

    fn decide(&self, command: Command, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let mut events = match command {
            Command::Award => self.award(facts)?,
            Command::Receive(part, application) => self.when(
                part,
                PartStatus::Waiting,
                |on| Event::PartReceived {
                    part,
                    application,
                    on,
                },
                facts,
            )?,
            Command::Fail(part) => self.when(
                part,
                PartStatus::Waiting,
                |on| Event::PartFailed { part, on },
                facts,
            )?,
            Command::Open(part, case) => self.when(
                part,
                PartStatus::Received,
                |on| Event::PartOpened { part, case, on },
                facts,
            )?,
            Command::Stop(part) => self.stop_part(part, facts)?,
            Command::Resume(part) => self.resume_part(part, facts)?,
            Command::End(part, status) => self.end_part(part, status, facts)?,
            Command::Ask {
                organ,
                days,
                question,
            } => self.ask(organ, days, question, facts)?,
            Command::Give {
                number,
                stance,
                text,
            } => self.give(number, stance, text, facts)?,
            Command::Lapse(number) => self.lapse(number, facts)?,
            Command::Remind {
                part,
                opinion,
                text,
            } => self.remind(part, opinion, text, facts)?,
            Command::PlanVisit(day) => self.plan_visit(day, facts)?,
            Command::HoldCheck {
                marks,
                passed,
                text,
            } => self.hold_check(marks, passed, text, facts)?,
        };
        self.follow(&mut events, facts.today);
        Ok(events)
    }
}

impl Bundle {
    fn with_part(&mut self, number: u16, change: impl FnOnce(&mut Part)) {
        if let Some(part) = self.parts.get_mut(usize::from(number)) {
            change(part);
        }
    }

    fn end(&mut self, number: u16, status: PartStatus, on: Date) {
        self.with_part(number, |part| {
            part.status = status;
            part.ended_on = Some(on);
            if let Some(stop) = part.stops.last_mut() {
                stop.until = stop.until.or(Some(on));
            }
        });
        self.run_again(on);
    }

    fn stop(&mut self, number: u16, on: Date) {
        self.with_part(number, |part| {
            part.stops.push(Stop {
                from: on,
                until: None,
            });
        });
        // The whole stands as long as one of the parts that it waits for stands.
        let stands = self.stops.last().is_some_and(|stop| stop.until.is_none());
        if !stands && self.holds_up(number) {
            self.stops.push(Stop {
                from: on,
                until: None,
            });
        }
    }

    fn resume(&mut self, number: u16, on: Date) {
        self.with_part(number, |part| {
            if let Some(stop) = part.stops.last_mut() {
                stop.until = Some(on);
            }
        });
        self.run_again(on);
    }

    fn run_again(&mut self, on: Date) {
        let numbered = (0..).zip(&self.parts);
        let mut standing = numbered.filter(|(_, part)| part.stands());
        let held = standing.any(|(number, _)| self.holds_up(number));
        if let Some(stop) = self.stops.last_mut().filter(|_| !held) {
            stop.until = stop.until.or(Some(on));
        }
    }

    /// The parts that the conclusion waits for: the mandatory ones, or where the applicant chose
    /// from a menu, all that do not merely follow.
    fn holds_up(&self, number: u16) -> bool {
        let counts = |part: &Part| part.plan.need == Need::Mandatory && !part.plan.follow_up;
        let any = self.parts.iter().any(counts);
        self.part(number).is_some_and(|part| match any {
            true => counts(part),
            false => !part.plan.follow_up,
        })
    }

    fn when(
        &self,
        number: u16,
        status: PartStatus,
        event: impl FnOnce(Date) -> Event,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        let part = self.part(number).ok_or(Refusal::NoSuchPart)?;
        // Told twice is told once.
        if part.status != status {
            return Ok(Vec::new());
        }
        Ok(vec![event(facts.today)])
    }

    fn stop_part(&self, number: u16, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let part = self.part(number).ok_or(Refusal::NoSuchPart)?;
        let (part, on) = (Some(part).filter(|part| !part.stands()), facts.today);
        let stopped = part.map(|_| Event::PartStopped { part: number, on });
        Ok(stopped.into_iter().collect())
    }

    fn resume_part(&self, number: u16, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let part = self.part(number).ok_or(Refusal::NoSuchPart)?;
        let (part, on) = (Some(part).filter(|part| part.stands()), facts.today);
        let resumed = part.map(|_| Event::PartResumed { part: number, on });
        Ok(resumed.into_iter().collect())
    }

    fn end_part(
        &self,
        number: u16,
        status: PartStatus,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        let part = self.part(number).ok_or(Refusal::NoSuchPart)?;
        if part.status.is_over() || !status.is_over() {
            return Ok(Vec::new());
        }
        Ok(vec![Event::PartEnded {
            part: number,
            status,
            on: facts.today,
        }])
    }

    fn award(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        self.lead_officer(facts)?;
        if self.status != BundleStatus::PreReview {
            return Err(Refusal::NotInPreReview);
        }
        Ok(vec![Event::Awarded { on: facts.today }])
    }

    /// What follows from the events: parts whose predecessor was not granted are dropped, and the
    /// whole is concluded when nothing holds it up.
    fn follow(&self, events: &mut Vec<Event>, on: Date) {
        let mut after = self.clone();
        for event in events.iter() {
            after.evolve(event);
        }
        loop {
            let lost = |at: &u16| {
                let before = after.part(*at).map(|part| part.status);
                before.is_some_and(|status| status.is_over() && status != PartStatus::Granted)
            };
            let waits = |part: &Part| part.status == PartStatus::Waiting;
            let mut numbered = (0..).zip(&after.parts);
            let next = numbered.find(|(_, part)| waits(part) && part.plan.after.iter().any(lost));
            let Some((part, _)) = next else { break };
            let status = PartStatus::Dropped;
            let dropped = Event::PartEnded { part, status, on };
            after.evolve(&dropped);
            events.push(dropped);
        }
        if let Some(passed) = after.conclusion() {
            events.push(Event::Concluded { passed, on });
        }
    }

    /// Whether the whole is done now, and how.
    fn conclusion(&self) -> Option<bool> {
        if self.status != BundleStatus::Running {
            return None;
        }
        let numbered = (0..).zip(&self.parts);
        let held: Vec<&Part> = numbered
            .filter(|(number, _)| self.holds_up(*number))
            .map(|(_, part)| part)
            .collect();
        let granted = |part: &&Part| part.status == PartStatus::Granted;
        let all_over = held.iter().all(|part| part.status.is_over());
        let (done, passed) = match self.join {
            Join::All => (all_over, held.iter().all(granted)),
            Join::Any => {
                let one = held.iter().any(granted);
                (one || all_over, one)
            }
        };
        if !done {
            return None;
        }
        let asked = |opinion: &Opinion| opinion.status == OpinionStatus::Asked;
        let checked = self
            .check
            .as_ref()
            .is_none_or(|check| check.passed == Some(true));
        // What failed is over at once; what passed waits for opinions and the joint check.
        match passed {
            false => Some(false),
            true if self.opinions.iter().any(asked) || !checked => None,
            true => Some(true),
        }
    }

    /// The officer of the lead department, or the hall's manager.
    pub(super) fn lead_officer<'f>(&self, facts: &'f Facts) -> Result<&'f case::Doer, Refusal> {
        let Who::Officer(doer) = &facts.who else {
            return Err(Refusal::LeadOnly);
        };
        let has = |role| doer.roles.contains(&role);
        let leads = doer.organ == self.lead && (has(Role::Reviewer) || has(Role::Decider));
        match leads || has(Role::HallManager) {
            true => Ok(doer),
            false => Err(Refusal::LeadOnly),
        }
    }
}
