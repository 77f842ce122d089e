//! The life of a licence's way out: what each command does in each state.

use certificate::{ExitKind, RevocationGround};
use jiff::civil::Date;
use kernel::{Money, OfficerId};
use ledger::{Commitment, Lifecycle};

use super::{Command, Event, ExitGround, Facts, Refusal, Who};
use crate::model::{DropGround, ExitId, ExitSource, ExitStatus as Status, LicenceExit};

impl Lifecycle for LicenceExit {
    const KIND: &'static str = "exit";
    type Id = ExitId;
    type Event = Event;
    type Command = Command;
    type Facts = Facts;
    type Refusal = Refusal;

    fn id(&self) -> ExitId {
        self.id
    }

    fn begin(id: ExitId, event: &Event) -> Option<Self> {
        let Event::Opened(opened) = event else {
            return None;
        };
        let asked = opened.source == ExitSource::HolderRequest;
        Some(Self {
            id,
            certificate: opened.certificate,
            holder: opened.holder,
            organ: opened.organ,
            item: opened.item,
            item_version: opened.item_version,
            ground: opened.ground,
            source: opened.source,
            // Who asks for it need not be told and heard.
            status: if asked {
                Status::Reviewing
            } else {
                Status::Told
            },
            opened_on: opened.on,
            opened_by: opened.by,
            opened_for: opened.standing_in,
            findings: opened.findings,
            penalty: opened.penalty,
            penalty_on: opened.penalty_on,
            state_by: opened.state_by,
            statement: None,
            stated_on: None,
            statements_closed_on: asked.then_some(opened.on),
            hearing_asked_on: None,
            hearing: None,
            hearing_closed_on: None,
            hearing_held: false,
            presider: None,
            assessment: None,
            loss: None,
            compensation: None,
            paid_on: None,
            reviewed_by: None,
            reviewed_for: None,
            reviewed_on: None,
            agreed: None,
            barred: false,
            opinion: None,
            decided_by: None,
            decided_on: None,
            dropped_for: None,
            reason: None,
        })
    }

    fn evolve(&mut self, event: &Event) {
        match event {
            Event::Opened(_) => {}
            Event::Stated { on, words, .. } => {
                self.statement = Some(*words);
                self.stated_on = Some(*on);
            }
            Event::StatementsClosed { on, .. } => {
                self.statements_closed_on = Some(*on);
                if self.status == Status::Told {
                    self.status = Status::Reviewing;
                }
            }
            Event::HearingAsked { on, .. } => {
                self.hearing_asked_on = Some(*on);
                self.status = Status::Hearing;
            }
            Event::HearingOpened { hearing } => self.hearing = Some(*hearing),
            Event::HearingClosed { on, presider, held } => {
                self.hearing_closed_on = Some(*on);
                self.hearing_held = *held;
                self.presider = *presider;
                self.status = match self.statements_closed_on {
                    Some(_) => Status::Reviewing,
                    None => Status::Told,
                };
            }
            Event::Assessed {
                loss,
                compensation,
                words,
                ..
            } => {
                self.assessment = Some(*words);
                self.loss = Some(*loss);
                self.compensation = Some(*compensation);
            }
            Event::Reviewed {
                on,
                by,
                standing_in,
                agreed,
                barred,
                opinion,
            } => {
                self.status = Status::Deciding;
                self.reviewed_on = Some(*on);
                self.reviewed_by = Some(*by);
                self.reviewed_for = *standing_in;
                self.agreed = Some(*agreed);
                self.barred = *barred;
                self.opinion = Some(*opinion);
            }
            Event::Decided { on, by, reason } => self.close(Status::Done, *on, *by, *reason),
            Event::Dropped {
                on,
                by,
                ground,
                reason,
            } => {
                self.close(Status::Dropped, *on, *by, *reason);
                self.dropped_for = Some(*ground);
            }
            Event::Paid { on, .. } => self.paid_on = Some(*on),
        }
    }

    fn decide(&self, command: Command, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if !self.status.is_open() {
            return match command {
                Command::Pay => self.pay(facts),
                // What comes late from the clock or from a hearing changes nothing.
                Command::CloseStatements | Command::CloseHearing { .. } => Ok(Vec::new()),
                _ => Err(Refusal::Over),
            };
        }
        match command {
            Command::State { words } => self.state(words, facts),
            Command::Waive => self.waive(facts),
            Command::AskHearing => self.ask_hearing(facts),
            Command::OpenHearing { hearing } => Ok(vec![Event::HearingOpened { hearing }]),
            Command::CloseHearing { presider, held } => self.close_hearing(presider, held, facts),
            Command::CloseStatements => self.close_statements(facts),
            Command::Assess {
                loss,
                compensation,
                words,
            } => self.assess(loss, compensation, words, facts),
            Command::Review {
                agreed,
                barred,
                opinion,
            } => self.review(agreed, barred, opinion, facts),
            Command::Decide { reason, on_minutes } => self.leave(reason, on_minutes, facts),
            Command::Drop { ground, reason } => self.stay(ground, reason, facts),
            Command::Pay => Err(Refusal::NothingToPay),
        }
    }
}

/// Who decides, apart from who opened, reviewed and presided.
type Hands = [Option<OfficerId>; 2];

fn meet(one: Hands, other: Hands) -> bool {
    one.iter()
        .flatten()
        .any(|hand| other.contains(&Some(*hand)))
}

impl LicenceExit {
    /// 陈述、申辩: within the days that were told, again where more comes to mind.
    fn state(&self, words: Commitment, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let Who::Holder(by) = facts.who else {
            return Err(Refusal::NotYours);
        };
        self.still_time(facts)?;
        let on = facts.today;
        Ok(vec![Event::Stated { on, by, words }])
    }

    fn waive(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let Who::Holder(_) = facts.who else {
            return Err(Refusal::NotYours);
        };
        self.still_time(facts)?;
        let on = facts.today;
        Ok(vec![Event::StatementsClosed { on, waived: true }])
    }

    /// The days run until the last one is over, unless they were given up.
    fn still_time(&self, facts: &Facts) -> Result<(), Refusal> {
        let open = self.statements_closed_on.is_none();
        match self.state_by {
            Some(last) if open && facts.today <= last => Ok(()),
            _ => Err(Refusal::StatementsOver),
        }
    }

    fn ask_hearing(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let on = facts.today;
        if self.source == ExitSource::HolderRequest {
            return Err(Refusal::NoHearing);
        }
        let by = match facts.who {
            Who::Holder(person) => {
                if !self.has_hearing_right() {
                    return Err(Refusal::NoHearing);
                }
                Some(person)
            }
            // 依职权: the organ may hold one wherever it sees the need (行政许可法 46).
            Who::Officer {
                organ, opens: true, ..
            } if organ == self.organ => None,
            _ => return Err(Refusal::NotAnOpener),
        };
        if self.hearing_asked_on.is_some() {
            return Err(Refusal::HearingAsked);
        }
        if by.is_some() {
            self.still_time(facts)?;
        }
        if self.status == Status::Deciding {
            return Err(Refusal::StatementsOver);
        }
        Ok(vec![Event::HearingAsked { on, by }])
    }

    fn close_hearing(
        &self,
        presider: Option<OfficerId>,
        held: bool,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        if !self.awaits_hearing() {
            return Ok(Vec::new());
        }
        let on = facts.today;
        Ok(vec![Event::HearingClosed { on, presider, held }])
    }

    /// Only the clock, and only after the last day; a timer that comes again does nothing.
    fn close_statements(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let Some(until) = self
            .state_by
            .filter(|_| self.statements_closed_on.is_none())
        else {
            return Ok(Vec::new());
        };
        if facts.who != Who::House || facts.today <= until {
            return Err(Refusal::StatementsRunning { until });
        }
        let on = facts.today;
        Ok(vec![Event::StatementsClosed { on, waived: false }])
    }

    fn assess(
        &self,
        loss: Money,
        compensation: Money,
        words: Commitment,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        let Who::Officer {
            officer: by,
            organ,
            opens: true,
            ..
        } = facts.who
        else {
            return Err(Refusal::NotAnOpener);
        };
        if organ != self.organ {
            return Err(Refusal::NotAnOpener);
        }
        if !self.is_compensated() {
            return Err(Refusal::NotCompensated);
        }
        // The legal review saw these amounts; others would be decided on unseen.
        if self.status == Status::Deciding && self.assessment.is_some() {
            return Err(Refusal::NotInReview);
        }
        if loss < compensation || compensation < Money::ZERO {
            return Err(Refusal::MoreThanTheLoss);
        }
        let on = facts.today;
        Ok(vec![Event::Assessed {
            on,
            by,
            loss,
            compensation,
            words,
        }])
    }

    /// Nothing is reviewed before the holder was heard.
    fn heard(&self) -> Result<(), Refusal> {
        if self.awaits_hearing() {
            return Err(Refusal::HearingOpen);
        }
        match self.state_by {
            Some(until) if self.statements_closed_on.is_none() => {
                Err(Refusal::StatementsRunning { until })
            }
            _ => Ok(()),
        }
    }

    fn review(
        &self,
        agreed: bool,
        barred: bool,
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
            return Err(Refusal::NotALegalReviewer);
        };
        if organ != self.organ {
            return Err(Refusal::NotALegalReviewer);
        }
        if meet([Some(by), standing_in], self.opening()) {
            return Err(Refusal::ReviewedByOpener);
        }
        if meet([Some(by), standing_in], [self.presider, None]) {
            return Err(Refusal::ReviewedByPresider);
        }
        self.heard()?;
        if self.status != Status::Reviewing {
            return Err(Refusal::NotInReview);
        }
        if barred && self.kind() != ExitKind::Revocation {
            return Err(Refusal::BarOnlyRevocation);
        }
        let on = facts.today;
        Ok(vec![Event::Reviewed {
            on,
            by,
            standing_in,
            agreed,
            barred,
            opinion,
        }])
    }

    fn opening(&self) -> Hands {
        [self.opened_by, self.opened_for]
    }

    /// Who may decide: a decider of the organ who had no hand in it before.
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
        let hands = [Some(by), standing_in];
        if meet(hands, self.opening()) {
            return Err(Refusal::DecidedByOpener);
        }
        if meet(hands, [self.reviewed_by, self.reviewed_for]) {
            return Err(Refusal::DecidedByReviewer);
        }
        if meet(hands, [self.presider, None]) {
            return Err(Refusal::DecidedByPresider);
        }
        self.heard()?;
        if self.status != Status::Deciding {
            return Err(Refusal::NotReviewed);
        }
        Ok(by)
    }

    fn leave(
        &self,
        reason: Commitment,
        on_minutes: bool,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        let by = self.decider(facts)?;
        if self.barred {
            return Err(Refusal::Barred);
        }
        if self.agreed == Some(false) {
            return Err(Refusal::ReviewedAgainst);
        }
        if self.is_compensated() && self.compensation.is_none() {
            return Err(Refusal::LossNotAssessed);
        }
        if self.hearing_held && !on_minutes {
            return Err(Refusal::MinutesNotWeighed);
        }
        let on = facts.today;
        Ok(vec![Event::Decided { on, by, reason }])
    }

    fn stay(
        &self,
        ground: DropGround,
        reason: Commitment,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        let by = self.decider(facts)?;
        let fraud = ExitGround::Revocation(RevocationGround::ObtainedByFraud);
        match ground {
            DropGround::NotEstablished => {}
            DropGround::GravePublicHarm if !self.barred => return Err(Refusal::NotBarred),
            DropGround::GravePublicHarm => {}
            DropGround::Discretion if self.ground == fraud => return Err(Refusal::MustRevoke),
            DropGround::Discretion if self.kind() != ExitKind::Revocation => {
                return Err(Refusal::NoDiscretion);
            }
            DropGround::Discretion => {}
        }
        let on = facts.today;
        Ok(vec![Event::Dropped {
            on,
            by,
            ground,
            reason,
        }])
    }

    fn pay(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let Who::Officer {
            officer: by,
            organ,
            opens: true,
            ..
        } = facts.who
        else {
            return Err(Refusal::NotAnOpener);
        };
        if organ != self.organ {
            return Err(Refusal::NotAnOpener);
        }
        let owed = self.compensation.filter(|owed| Money::ZERO < *owed);
        if self.status != Status::Done || owed.is_none() || self.paid_on.is_some() {
            return Err(Refusal::NothingToPay);
        }
        let on = facts.today;
        Ok(vec![Event::Paid { on, by }])
    }

    fn close(&mut self, status: Status, on: Date, by: OfficerId, reason: Commitment) {
        self.status = status;
        self.decided_on = Some(on);
        self.decided_by = Some(by);
        self.reason = Some(reason);
    }
}
