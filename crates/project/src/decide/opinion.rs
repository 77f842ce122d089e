//! Opinions, reminders and the joint check: parallel circulation 联审联批 under the lead department
//! (行政许可法 26), each department with its own clock.

use case::Role;
use jiff::civil::Date;
use kernel::OrganId;
use ledger::Commitment;

use super::bundle::LIMIT_DAYS_MAX;
use super::event::Event;
use super::{Facts, Refusal, Who};
use crate::model::{Bundle, Opinion, OpinionStatus, PartStatus, Reminder, Stance};
use crate::theme::{Absence, CheckKind};

impl Bundle {
    pub(super) fn evolve_opinion(&mut self, event: &Event) {
        match event {
            Event::OpinionAsked {
                number,
                organ,
                on,
                due,
                question,
            } => self.opinions.push(Opinion {
                number: *number,
                organ: *organ,
                asked_on: *on,
                due: *due,
                question: *question,
                status: OpinionStatus::Asked,
                stance: None,
                text: None,
                settled_on: None,
                late_on: None,
            }),
            Event::OpinionGiven {
                number,
                stance,
                text,
                on,
                ..
            } => self.with_opinion(*number, |opinion| {
                opinion.stance = Some(*stance);
                opinion.text = *text;
                if opinion.status == OpinionStatus::Lapsed {
                    opinion.late_on = Some(*on);
                } else {
                    opinion.settled_on = Some(*on);
                    opinion.late_on = Some(*on).filter(|on| opinion.due < *on);
                }
                opinion.status = OpinionStatus::Given;
            }),
            Event::OpinionLapsed { number, on } => self.with_opinion(*number, |opinion| {
                opinion.status = OpinionStatus::Lapsed;
                opinion.settled_on = Some(*on);
            }),
            _ => {}
        }
    }

    fn with_opinion(&mut self, number: u16, change: impl FnOnce(&mut Opinion)) {
        if let Some(opinion) = self.opinions.iter_mut().find(|one| one.number == number) {
            change(opinion);
        }
    }

    pub(super) fn ask(
        &self,
        organ: OrganId,
        days: u32,
        question: Option<Commitment>,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        self.lead_officer(facts)?;
        if self.status.is_over() {
            return Err(Refusal::Over);
        }
        if organ == self.lead {
            return Err(Refusal::OwnOrgan);
        }
        if !(1..=LIMIT_DAYS_MAX).contains(&days) {
            let max = LIMIT_DAYS_MAX;
            return Err(Refusal::DaysOutOfRange { max });
        }
        let number = self.opinions.iter().map(|one| one.number).max();
        Ok(vec![Event::OpinionAsked {
            number: number.unwrap_or(0) + 1,
            organ,
            on: facts.today,
            due: facts.calendar.after(facts.today, days)?.date,
            question,
        }])
    }

    pub(super) fn give(
        &self,
        number: u16,
        stance: Stance,
        text: Option<Commitment>,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        let opinion = self.opinion(number).ok_or(Refusal::NoSuchOpinion)?;
        let Who::Officer(doer) = &facts.who else {
            return Err(Refusal::NotAsked);
        };
        let roles = [Role::CoHandler, Role::Reviewer, Role::Decider];
        let may = roles.iter().any(|role| doer.roles.contains(role));
        if doer.organ != opinion.organ || !may {
            return Err(Refusal::NotAsked);
        }
        if opinion.status == OpinionStatus::Given {
            return Err(Refusal::AlreadyGiven);
        }
        // Conditions and objections are nothing without their words.
        if stance != Stance::Agrees && text.is_none() {
            return Err(Refusal::GroundsMissing);
        }
        Ok(vec![Event::OpinionGiven {
            number,
            stance,
            text,
            by: doer.officer,
            on: facts.today,
            late: opinion.status == OpinionStatus::Lapsed || opinion.due < facts.today,
        }])
    }

    /// The limit of an opinion is over: where the theme says so, silence is no objection.
    pub(super) fn lapse(&self, number: u16, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let opinion = self.opinion(number).ok_or(Refusal::NoSuchOpinion)?;
        let silent = opinion.status == OpinionStatus::Asked && opinion.due < facts.today;
        if !silent || self.absence != Absence::NoObjection {
            return Ok(Vec::new());
        }
        // The limit ended with its last day, whenever the clock came round to say so.
        let on = opinion.due;
        Ok(vec![Event::OpinionLapsed { number, on }])
    }

    pub(super) fn remind(
        &self,
        part: Option<u16>,
        opinion: Option<u16>,
        text: Commitment,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        let by = self.lead_officer(facts)?.officer;
        let open = |status| matches!(status, PartStatus::Received | PartStatus::Handling);
        let organ = match (part, opinion) {
            (Some(number), _) => {
                let part = self.part(number).ok_or(Refusal::NoSuchPart)?;
                Some(part.plan.organ).filter(|_| open(part.status))
            }
            (None, Some(number)) => {
                let asked = self.opinion(number).ok_or(Refusal::NoSuchOpinion)?;
                Some(asked.organ).filter(|_| asked.status == OpinionStatus::Asked)
            }
            (None, None) => None,
        };
        Ok(vec![Event::Reminded(Reminder {
            organ: organ.ok_or(Refusal::NothingOpen)?,
            part,
            opinion,
            by,
            on: facts.today,
            text,
        })])
    }

    pub(super) fn plan_visit(&self, day: Date, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let by = self.lead_officer(facts)?.officer;
        let check = self
            .check
            .as_ref()
            .filter(|one| one.kind == CheckKind::Visit);
        let check = check.ok_or(Refusal::NoCheck)?;
        if check.passed == Some(true) {
            return Err(Refusal::AlreadyPassed);
        }
        if day < facts.today {
            return Err(Refusal::NotVisited);
        }
        facts.calendar.is_working(day)?;
        Ok(vec![Event::VisitPlanned { visit_on: day, by }])
    }

    /// One conclusion for all 一个结论: after the opinions, on the list, and after the visit where
    /// there is one.
    pub(super) fn hold_check(
        &self,
        marks: Vec<bool>,
        passed: bool,
        text: Option<Commitment>,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        let by = self.lead_officer(facts)?.officer;
        let check = self.check.as_ref().ok_or(Refusal::NoCheck)?;
        if check.passed == Some(true) {
            return Err(Refusal::AlreadyPassed);
        }
        if self
            .opinions
            .iter()
            .any(|one| one.status == OpinionStatus::Asked)
        {
            return Err(Refusal::OpinionsOpen);
        }
        let visited = check.visit_on.is_some_and(|day| day <= facts.today);
        if check.kind == CheckKind::Visit && !visited {
            return Err(Refusal::NotVisited);
        }
        if marks.len() != usize::from(check.points) {
            return Err(Refusal::MarksMissing);
        }
        if passed && marks.contains(&false) {
            return Err(Refusal::PointsWrong);
        }
        if !passed && text.is_none() {
            return Err(Refusal::GroundsMissing);
        }
        Ok(vec![Event::CheckHeld {
            marks,
            passed,
            text,
            by,
            on: facts.today,
        }])
    }
}
