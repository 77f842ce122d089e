//! The life of a renewal: what each command does in each state.

use jiff::civil::Date;
use kernel::OfficerId;
use ledger::{Commitment, Lifecycle};

use super::{Command, Event, Facts, Refusal, Who, ask_by};
use crate::model::{Renewal, RenewalCheck, RenewalId, RenewalStatus as Status};

impl Lifecycle for Renewal {
    const KIND: &'static str = "renewal";
    type Id = RenewalId;
    type Event = Event;
    type Command = Command;
    type Facts = Facts;
    type Refusal = Refusal;

    fn id(&self) -> RenewalId {
        self.id
    }

    fn begin(id: RenewalId, event: &Event) -> Option<Self> {
        let Event::Watched(watched) = event else {
            return None;
        };
        Some(Self {
            id,
            certificate: watched.certificate,
            holder: watched.holder,
            organ: watched.organ,
            item: watched.item,
            status: Status::Near,
            expires_on: watched.expires_on,
            until: watched.until,
            begun_on: watched.on,
            asked_on: None,
            statement: None,
            reviewed_by: None,
            reviewed_for: None,
            agreed: None,
            opinion: None,
            decided_by: None,
            decided_on: None,
            reason: None,
            say_no_by: None,
            check_days: None,
            check_due: None,
            overdue_since: None,
            checker: None,
            finding: None,
        })
    }

    fn evolve(&mut self, event: &Event) {
        match event {
            Event::Watched(_) => {}
            Event::Proposed {
                say_no_by,
                check_days,
                ..
            } => {
                self.status = Status::Proposed;
                self.say_no_by = Some(*say_no_by);
                self.check_days = Some(*check_days);
            }
            Event::Declined { .. } => self.status = Status::Declined,
            Event::ProposalDropped { .. } => self.status = Status::Near,
            Event::RenewedSilently { on, check_due } => {
                self.status = Status::Checking;
                self.decided_on = Some(*on);
                self.check_due = Some(*check_due);
            }
            Event::Asked { on, statement, .. } => {
                self.status = Status::Asked;
                self.asked_on = Some(*on);
                self.statement = Some(*statement);
            }
            Event::Reviewed {
                by,
                standing_in,
                agreed,
                opinion,
                ..
            } => {
                self.status = Status::Reviewed;
                self.reviewed_by = Some(*by);
                self.reviewed_for = *standing_in;
                self.agreed = Some(*agreed);
                self.opinion = Some(*opinion);
            }
            Event::Granted { on, by } => self.decided(Status::Granted, *on, Some(*by)),
            Event::Refused { on, by, reason } => {
                self.decided(Status::Refused, *on, Some(*by));
                self.reason = Some(*reason);
            }
            Event::Deemed { on, .. } => self.decided(Status::Deemed, *on, None),
            Event::Checked {
                by,
                upheld,
                finding,
                ..
            } => {
                self.status = if *upheld {
                    Status::Upheld
                } else {
                    Status::Doubted
                };
                self.checker = Some(*by);
                self.finding = Some(*finding);
                self.check_due = None;
            }
            Event::CheckOverdue { on } => self.overdue_since = Some(*on),
            Event::Ended { .. } => self.status = Status::Over,
        }
    }

    fn decide(&self, command: Command, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let on = facts.today;
        match command {
            Command::Propose => self.propose(facts),
            Command::Decline => self.decline(facts),
            Command::RenewSilently => self.renew_silently(facts),
            Command::Ask { statement } => self.ask(statement, facts),
            Command::Review { agreed, opinion } => self.review(agreed, opinion, facts),
            Command::Grant => {
                let by = self.decider(facts)?;
                Ok(vec![Event::Granted { on, by }])
            }
            Command::Refuse { reason } => {
                let by = self.decider(facts)?;
                Ok(vec![Event::Refused { on, by, reason }])
            }
            Command::Lapse => self.lapse(facts),
            Command::Check { upheld, finding } => self.check(upheld, finding, facts),
            Command::NoteOverdue => Ok(self.note_overdue(facts)),
            Command::End if self.status.is_open() => Ok(vec![Event::Ended { on }]),
            Command::End => Ok(Vec::new()),
        }
    }
}

impl Renewal {
    /// 无感延续: only what the item lists, never a safety item, only what the hall's own data bear
    /// out, and only while there are days to say no.
    fn propose(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if self.status != Status::Near {
            return Err(Refusal::NotWaiting);
        }
        self.may_renew_silently(facts)?;
        let say_no_by = facts.silence.say_no_by;
        if self.expires_on <= say_no_by {
            return Err(Refusal::TooNear);
        }
        Ok(vec![Event::Proposed {
            on: facts.today,
            checks: RenewalCheck::ALL.to_vec(),
            say_no_by,
            check_days: facts.silence.check_days,
        }])
    }

    fn may_renew_silently(&self, facts: &Facts) -> Result<(), Refusal> {
        if facts.silence.safety {
            return Err(Refusal::SafetyItem);
        }
        if !facts.silence.listed {
            return Err(Refusal::NotListed);
        }
        match facts.silence.fails {
            Some(check) => Err(Refusal::CheckFails { check }),
            None => Ok(()),
        }
    }

    fn decline(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let Who::Holder(by) = facts.who else {
            return Err(Refusal::NotYours);
        };
        match (self.status, self.say_no_by) {
            (Status::Proposed, Some(last)) if facts.today <= last => {
                let on = facts.today;
                Ok(vec![Event::Declined { on, by }])
            }
            _ => Err(Refusal::SayNoOver),
        }
    }

    /// Only the clock, and only after the last day to say no; what changed meanwhile counts.
    fn renew_silently(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let Some(until) = self.say_no_by.filter(|_| self.status == Status::Proposed) else {
            return Ok(Vec::new());
        };
        if facts.who != Who::House || facts.today <= until {
            return Err(Refusal::SayNoRuns { until });
        }
        let on = facts.today;
        Ok(vec![match self.may_renew_silently(facts) {
            Ok(()) => Event::RenewedSilently {
                on,
                check_due: facts.silence.check_due,
            },
            Err(Refusal::CheckFails { check }) => Event::ProposalDropped { on, check },
            Err(no) => return Err(no),
        }])
    }

    /// 三十日前提出.
    fn ask(&self, statement: Commitment, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let Who::Holder(by) = facts.who else {
            return Err(Refusal::NotYours);
        };
        match self.status {
            Status::Near | Status::Declined => {}
            Status::Proposed => return Err(Refusal::AlreadyProposed),
            Status::Asked | Status::Reviewed => return Err(Refusal::AlreadyAsked),
            _ => return Err(Refusal::NothingToRenew),
        }
        let last = ask_by(self.expires_on);
        if last < facts.today {
            return Err(Refusal::AskedTooLate { by: last });
        }
        let on = facts.today;
        Ok(vec![Event::Asked { on, by, statement }])
    }

    /// What is decided is decided before the end; afterwards the law has spoken.
    fn undecided(&self, facts: &Facts) -> Result<(), Refusal> {
        if self.expires_on < facts.today {
            return Err(Refusal::DeemedAlready);
        }
        Ok(())
    }

    fn review(
        &self,
        agreed: bool,
        opinion: Commitment,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        let Who::Officer {
            officer: by,
            standing_in,
            organ,
            reviews: true,
            ..
        } = facts.who
        else {
            return Err(Refusal::NotAReviewer);
        };
        if organ != self.organ {
            return Err(Refusal::NotAReviewer);
        }
        if self.status != Status::Asked {
            return Err(Refusal::NotWaiting);
        }
        self.undecided(facts)?;
        let on = facts.today;
        Ok(vec![Event::Reviewed {
            on,
            by,
            standing_in,
            agreed,
            opinion,
        }])
    }

    fn decider(&self, facts: &Facts) -> Result<OfficerId, Refusal> {
        let Who::Officer {
            officer: by,
            standing_in,
            organ,
            decides: true,
            ..
        } = facts.who
        else {
            return Err(Refusal::NotADecider);
        };
        if organ != self.organ {
            return Err(Refusal::NotADecider);
        }
        match self.status {
            Status::Reviewed => {}
            Status::Asked => return Err(Refusal::NotReviewed),
            _ => return Err(Refusal::NotWaiting),
        }
        self.undecided(facts)?;
        let before = [self.reviewed_by, self.reviewed_for];
        let hands = [Some(by), standing_in];
        if hands
            .iter()
            .flatten()
            .any(|hand| before.contains(&Some(*hand)))
        {
            return Err(Refusal::DecidedByReviewer);
        }
        Ok(by)
    }

    /// The last day is over: what was asked for and not decided counts as renewed; the rest ended.
    fn lapse(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if !self.status.is_open() {
            return Ok(Vec::new());
        }
        let until = self.expires_on;
        if facts.who != Who::House || facts.today <= until {
            return Err(Refusal::NotYetOver { until });
        }
        let on = until.tomorrow().unwrap_or(facts.today);
        Ok(vec![match self.status {
            Status::Asked | Status::Reviewed => Event::Deemed {
                on,
                organ: self.organ,
                held_by: self.reviewed_by,
            },
            _ => Event::Ended { on },
        }])
    }

    fn check(
        &self,
        upheld: bool,
        finding: Commitment,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        let Who::Officer {
            officer: by,
            organ,
            reviews: true,
            ..
        } = facts.who
        else {
            return Err(Refusal::NotAReviewer);
        };
        if organ != self.organ {
            return Err(Refusal::NotAReviewer);
        }
        if self.status != Status::Checking {
            return Err(Refusal::NothingToCheck);
        }
        let on = facts.today;
        Ok(vec![Event::Checked {
            on,
            by,
            upheld,
            finding,
        }])
    }

    fn note_overdue(&self, facts: &Facts) -> Vec<Event> {
        let late = self.check_due.is_some_and(|due| due < facts.today);
        if self.status == Status::Checking && late && self.overdue_since.is_none() {
            let on = facts.today;
            return vec![Event::CheckOverdue { on }];
        }
        Vec::new()
    }

    fn decided(&mut self, status: Status, on: Date, by: Option<OfficerId>) {
        self.status = status;
        self.decided_on = Some(on);
        self.decided_by = by;
    }
}
