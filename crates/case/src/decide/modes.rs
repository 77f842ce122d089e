//! Special ways of a case: papers that never came, a promise taken back, silence that grants, the
//! priority lane, and licences of which there are only so many.

use std::collections::VecDeque;

use jiff::civil::Date;
use kernel::OfficerId;
use ledger::Commitment;
use process::{Data, Input, Marking, PlainOnly, Token};

use super::advance::settle;
use super::{Answerable, Authority, DELIVERY_DAYS, Event, Facts, Refusal, Rerouted, Tacit};
use crate::model::{Asker, Case, Code, Duty, Opening, Role, RuleWay, Status, Term, Verdict};

/// No way to a decision is longer than this.
const STEPS_MAX: usize = 60;

/// What the modes of the item, and the cases before this one, say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conditions {
    /// How many papers a pledge owes.
    pub owed: usize,
    /// How many licences there are left, where the item limits them (许可法 57).
    pub left: Option<u32>,
    /// The number of a case that was accepted before this one and is not decided.
    pub earlier: Option<Code>,
    /// The day by which a tacit approval is checked, where the item version lists it 超时默认.
    pub tacit_check: Option<Date>,
    /// Whether a refusal rests on the lack of something that was granted by silence.
    pub rests_on_silence: bool,
    /// Who let a case lapse that silence granted.
    pub answerable: Vec<OfficerId>,
    /// By which tables the item version grants for the scenario (秒批, 无感审批).
    pub by_rule: Vec<RuleWay>,
    /// Whether the right to a hearing runs, or a hearing has not ended (许可法 46, 47).
    pub hearing: bool,
    /// Whether a hearing was held: the decision rests on its minutes (许可法 48).
    pub heard: bool,
    /// What the authority table says of the decision and of whoever asks (分级授权).
    pub authority: Authority,
}

impl Case {
    /// What stands in the way of a grant: papers that are owed (容缺), earlier cases and the number
    /// of licences (许可法 57).
    pub(super) fn may_grant(&self, facts: &Facts) -> Result<(), Refusal> {
        let Conditions {
            owed,
            left,
            earlier,
            ..
        } = &facts.conditions;
        self.no_hearing_open(facts)?;
        if 0 < *owed {
            return Err(Refusal::PapersOwed { owed: *owed });
        }
        if let Some(number) = earlier {
            let number = number.clone();
            return Err(Refusal::OutOfOrder { number });
        }
        if *left == Some(0) {
            return Err(Refusal::NoneLeft);
        }
        Ok(())
    }

    /// Whether a refusal may be given: the next office may not refuse on the ground that something
    /// is lacking which the law of the list takes as granted.
    pub(super) fn may_refuse(&self, facts: &Facts) -> Result<(), Refusal> {
        self.no_hearing_open(facts)?;
        if facts.conditions.rests_on_silence {
            return Err(Refusal::GrantedBySilence);
        }
        Ok(())
    }

    /// The decision rests on the minutes of a hearing, so it waits for them (许可法 48).
    pub(super) fn no_hearing_open(&self, facts: &Facts) -> Result<(), Refusal> {
        if facts.conditions.hearing {
            return Err(Refusal::HearingOpen);
        }
        Ok(())
    }

    /// Whoever decides after a hearing says how the decision rests on its minutes (许可法 48 第二款).
    pub(super) fn weighs_minutes(&self, weighed: bool, facts: &Facts) -> Result<(), Refusal> {
        if facts.conditions.heard && !weighed {
            return Err(Refusal::MinutesNotWeighed);
        }
        Ok(())
    }

    pub(super) fn lapse_papers(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if facts.by != Asker::System {
            return Err(Refusal::ClockOnly);
        }
        if !self.status.is_open() {
            return Err(Refusal::Decided);
        }
        let on = facts.today();
        Ok(vec![Event::DeemedWithdrawn { on }])
    }

    pub(super) fn end_withdrawn(&mut self, on: Date) {
        self.status = Status::Withdrawn;
        self.tasks.clear();
        self.marking = Code::of_marking(&Marking::default());
        self.closed_on = Some(on);
    }

    pub(super) fn reroute(&self, promised: Term, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if facts.by != Asker::System {
            return Err(Refusal::ClockOnly);
        }
        if !self.status.is_open() {
            return Err(Refusal::Decided);
        }
        let procedure: Code = facts
            .procedure
            .name
            .parse()
            .map_err(|_| Refusal::Process(process::StepRefusal::ForeignMarking))?;
        if procedure == self.procedure {
            return Ok(Vec::new());
        }
        let process = facts.procedure.process();
        let step = process::start(process, None, &Data::new(), &PlainOnly)?;
        let moved = settle(step, facts)?;
        let mut clock = self.clock.clone();
        clock.promised = promised;
        Ok(vec![Event::Rerouted(Box::new(Rerouted {
            on: facts.today(),
            procedure,
            promised,
            dues: clock.dues(&facts.calendar)?,
            marking: Code::of_marking(&moved.marking),
            opened: moved.opened,
            services: moved.services,
        }))])
    }

    pub(super) fn reroute_to(&mut self, rerouted: &Rerouted) {
        self.procedure = rerouted.procedure.clone();
        self.clock.promised = rerouted.promised;
        self.dues = rerouted.dues;
        self.tasks.clear();
        self.open_tasks(&rerouted.opened, rerouted.on);
        self.marking = rerouted.marking.clone();
    }

    /// 超时默认: only what the version lists, only after the promised day, never while the clock
    /// stands; who let it lapse is named.
    pub(super) fn approve_tacitly(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if facts.by != Asker::System {
            return Err(Refusal::ClockOnly);
        }
        let Some(check_due) = facts.conditions.tacit_check else {
            return Err(Refusal::NotListedForSilence);
        };
        match self.status {
            Status::Handling => {}
            Status::Paused => return Err(Refusal::ClockStands),
            _ => return Err(Refusal::Decided),
        }
        let on = facts.today();
        match self.dues.promised {
            Some(due) if due < on => {}
            Some(due) => return Err(Refusal::NotYetOver { due }),
            None => return Err(Refusal::ClockStands),
        }
        self.may_grant(facts)?;
        self.may_grant_unasked(facts)?;
        let answerable = self.tasks.iter().map(|task| Answerable {
            task: task.number,
            duty: task.duty,
            organ: task.organ,
            role: task.role,
            held_by: task.held_by,
        });
        let answerable = answerable.collect();
        let (marking, opened, services) = self.granted_unasked(facts)?;
        let hands_out = opened.iter().any(|task| task.role == Role::ExitClerk);
        let delivery_due = match hands_out {
            true => Some(facts.calendar.after(on, DELIVERY_DAYS)?.date),
            false => None,
        };
        Ok(vec![Event::TacitlyApproved(Box::new(Tacit {
            on,
            answerable,
            check_due,
            delivery_due,
            marking: Code::of_marking(&marking),
            opened,
            services,
        }))])
    }

    /// Walks from where the case stands to its grant, each open task answered as if it had agreed.
    pub(super) fn granted_unasked(
        &self,
        facts: &Facts,
    ) -> Result<(Marking, Vec<Opening>, Vec<u16>), Refusal> {
        let process = facts.procedure.process();
        let mut marking: Marking = self
            .marking
            .as_str()
            .parse()
            .map_err(|_| Refusal::Process(process::StepRefusal::ForeignMarking))?;
        let own = self.tasks.iter().filter(|task| !task.is_beside());
        let mut waiting: VecDeque<(u16, Duty)> = own.map(|task| (task.number, task.duty)).collect();
        let mut services = Vec::new();
        for _ in 0..STEPS_MAX {
            let Some((number, duty)) = waiting.pop_front() else {
                break;
            };
            let node = process::NodeId::new(number);
            if !marking.holds(node) {
                continue;
            }
            let outcomes = facts.procedure.outcomes(number);
            let known = |word: &str| outcomes.iter().any(|one| one == word);
            let outcome = match (known("granted"), known("agree"), outcomes.is_empty()) {
                (true, _, _) => Some("granted"),
                (_, true, _) => Some("agree"),
                (_, _, true) => None,
                _ => return Err(Refusal::NotListedForSilence),
            };
            let token = Token::on(node);
            let input = Input::Complete { token, outcome };
            let step = process::step(process, &marking, input, &Data::new(), &PlainOnly)?;
            let moved = settle(step, facts)?;
            marking = moved.marking;
            services.extend(moved.services);
            if duty == Duty::Decide {
                return Ok((marking, moved.opened, services));
            }
            waiting.extend(moved.opened.iter().map(|open| (open.task, open.duty)));
        }
        Err(Refusal::NotListedForSilence)
    }

    pub(super) fn grant_tacitly(&mut self, tacit: &Tacit) {
        let marking: Marking = tacit.marking.as_str().parse().unwrap_or_default();
        self.tasks.clear();
        self.open_tasks(&tacit.opened, tacit.on);
        self.marking = tacit.marking.clone();
        self.verdict = Some(Verdict::Granted);
        self.status = Status::Granted;
        self.decided_on = Some(tacit.on);
        self.delivery_due = tacit.delivery_due;
        self.tacit = true;
        self.check_due = Some(tacit.check_due);
        if marking.is_empty() {
            self.status = Status::Closed;
            self.closed_on = Some(tacit.on);
            self.hands.clear();
        }
    }

    pub(super) fn check_tacit(
        &self,
        upheld: bool,
        finding: Commitment,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        // To set it aside takes the licence away: that is a decision (许可法 69).
        let roles: &[Role] = match upheld {
            true => &[Role::Reviewer, Role::LegalReviewer, Role::Decider],
            false => &[Role::Decider],
        };
        let doer = self.lead_officer(facts, roles)?;
        if self.check_due.is_none() {
            return Err(Refusal::NothingToCheck);
        }
        let theirs = [Some(doer.officer), doer.standing_in];
        let lapsed = facts.conditions.answerable.iter();
        if lapsed.into_iter().any(|one| theirs.contains(&Some(*one))) {
            return Err(Refusal::CheckedByAnswerable);
        }
        let (on, by) = (facts.today(), doer.officer);
        Ok(vec![match self.ruled {
            Some(_) => Event::RuleChecked {
                on,
                by,
                upheld,
                finding,
            },
            None => Event::TacitChecked {
                on,
                by,
                upheld,
                finding,
            },
        }])
    }

    /// 绿色通道: with a reason, by the head of the hall or a decider of the department; never past
    /// the order that the law itself sets.
    pub(super) fn prioritise(
        &self,
        reason: Commitment,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        let doer = facts.doer()?;
        let heads_hall = doer.roles.contains(&Role::HallManager);
        let decides = doer.organ == self.organ && doer.roles.contains(&Role::Decider);
        if !heads_hall && !decides {
            return Err(Refusal::WrongPost);
        }
        if !self.status.is_open() {
            return Err(Refusal::Decided);
        }
        if facts.conditions.left.is_some() {
            return Err(Refusal::OrderIsLaw);
        }
        if self.priority {
            return Err(Refusal::AlreadyPrior);
        }
        Ok(vec![Event::Prioritised {
            on: facts.today(),
            by: doer.officer,
            reason,
        }])
    }
}
