//! Where a certificate stands on a day, and who may change, end or suspend it on which ground.

use jiff::civil::Date;
use ledger::Commitment;

use super::{CertificateEvent, Facts, Refused, SUSPENSION_DAYS_MAX};
use crate::model::{
    CancellationGround, Certificate, CertificateId, CertificateState, ExitGround, SuspensionGround,
};

impl Certificate {
    /// Where it stands on a day: the timer that notes its end may be late.
    #[must_use]
    pub fn state_on(&self, day: Date) -> CertificateState {
        let over = self.valid_until.is_some_and(|last| last < day);
        let held = self.suspended_until.is_some_and(|last| day <= last);
        match self.state {
            CertificateState::Valid | CertificateState::Suspended if over => {
                CertificateState::Expired
            }
            CertificateState::Suspended if !held => CertificateState::Valid,
            state => state,
        }
    }

    /// Who may change, end or suspend it: a decider of the organ that issued it, never who did so.
    fn may_end(&self, facts: &Facts) -> Result<(), Refused> {
        if facts.organ != Some(self.organ) {
            return Err(Refused::NotTheIssuer);
        }
        if !facts.decides {
            return Err(Refused::NotADecider);
        }
        if facts.asking.meet(facts.issuing) {
            return Err(Refused::IssuedByYou);
        }
        Ok(())
    }

    /// Another certificate takes its place; only what stands can be changed.
    pub(super) fn give_way(
        &self,
        successor: CertificateId,
        reason: Option<Commitment>,
        facts: &Facts,
    ) -> Result<Vec<CertificateEvent>, Refused> {
        match self.state_on(facts.today) {
            CertificateState::Valid => Ok(vec![CertificateEvent::Changed {
                on: facts.today,
                successor,
                reason,
            }]),
            ended => Err(Refused::AlreadyEnded(ended)),
        }
    }

    pub(super) fn amend(
        &self,
        successor: CertificateId,
        reason: Commitment,
        facts: &Facts,
    ) -> Result<Vec<CertificateEvent>, Refused> {
        self.may_end(facts)?;
        self.give_way(successor, Some(reason), facts)
    }

    pub(super) fn suspend(
        &self,
        until: Date,
        ground: SuspensionGround,
        reason: Commitment,
        facts: &Facts,
    ) -> Result<Vec<CertificateEvent>, Refused> {
        self.may_end(facts)?;
        let on = facts.today;
        let days = on.until(until).map_or(0, |span| span.get_days());
        if !(1..=SUSPENSION_DAYS_MAX).contains(&days) {
            return Err(Refused::SuspensionDays);
        }
        match self.state_on(on) {
            CertificateState::Valid => Ok(vec![CertificateEvent::Suspended {
                on,
                until,
                ground,
                reason,
            }]),
            ended => Err(Refused::AlreadyEnded(ended)),
        }
    }

    pub(super) fn lift(&self, facts: &Facts) -> Result<Vec<CertificateEvent>, Refused> {
        self.may_end(facts)?;
        match self.state_on(facts.today) {
            CertificateState::Suspended => Ok(vec![CertificateEvent::Restored { on: facts.today }]),
            _ => Err(Refused::NotSuspended),
        }
    }

    /// The suspension ends by itself after its last day; a late timer does not move the day.
    pub(super) fn restore(&self, facts: &Facts) -> Vec<CertificateEvent> {
        match (self.state, self.suspended_until) {
            (CertificateState::Suspended, Some(last)) if last < facts.today => {
                let on = last.tomorrow().unwrap_or(facts.today);
                vec![CertificateEvent::Restored { on }]
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn expire(&self, facts: &Facts) -> Vec<CertificateEvent> {
        let standing = matches!(
            self.state,
            CertificateState::Valid | CertificateState::Suspended
        );
        match self.valid_until {
            Some(last) if standing && last < facts.today => {
                let on = last.tomorrow().unwrap_or(facts.today);
                vec![CertificateEvent::Expired { on }]
            }
            _ => Vec::new(),
        }
    }

    /// Whether a ground can end it as it stands on a day: what has left cannot leave again, save
    /// that the register strikes off 注销 what was taken away.
    ///
    /// # Errors
    /// The rule that says no.
    pub fn could_end(&self, ground: ExitGround, day: Date) -> Result<(), Refused> {
        use CertificateState as State;
        let state = self.state_on(day);
        let standing = matches!(state, State::Valid | State::Suspended);
        let taken = matches!(
            state,
            State::Revoked | State::Withdrawn | State::PenaltyRevoked
        );
        match ground {
            ExitGround::Withdrawal(_) | ExitGround::Penalty(_) if standing => Ok(()),
            ExitGround::Revocation(_) if standing || state == State::Expired => Ok(()),
            ExitGround::Cancellation(CancellationGround::NotRenewed) if standing => {
                Err(Refused::NotExpiredYet)
            }
            ExitGround::Cancellation(CancellationGround::RevokedOrWithdrawn)
                if standing || state == State::Expired =>
            {
                Err(Refused::NotTakenAway)
            }
            ExitGround::Cancellation(CancellationGround::RevokedOrWithdrawn) if taken => Ok(()),
            ExitGround::Cancellation(_) if taken => Err(Refused::GroundMustBeRevocation),
            ExitGround::Cancellation(_) if standing || state == State::Expired => Ok(()),
            _ => Err(Refused::AlreadyEnded(state)),
        }
    }

    pub(super) fn end_by(
        &self,
        ground: ExitGround,
        reason: Commitment,
        facts: &Facts,
    ) -> Result<Vec<CertificateEvent>, Refused> {
        self.may_end(facts)?;
        self.could_end(ground, facts.today)?;
        let on = facts.today;
        Ok(vec![match ground {
            ExitGround::Withdrawal(ground) => CertificateEvent::Withdrawn { on, ground, reason },
            ExitGround::Revocation(ground) => CertificateEvent::Revoked { on, ground, reason },
            ExitGround::Cancellation(ground) => CertificateEvent::Cancelled { on, ground, reason },
            ExitGround::Penalty(ground) => CertificateEvent::PenaltyRevoked { on, ground, reason },
        }])
    }

    /// 延续: one that runs on takes its place. Silence renews at the very end of the last day
    /// (行政许可法 50), so what the clock noted as expired can still give way.
    pub(super) fn renew(
        &self,
        successor: CertificateId,
        facts: &Facts,
    ) -> Result<Vec<CertificateEvent>, Refused> {
        if facts.organ != Some(self.organ) {
            return Err(Refused::NotTheIssuer);
        }
        match self.state_on(facts.today) {
            CertificateState::Valid | CertificateState::Expired => {
                Ok(vec![CertificateEvent::Changed {
                    on: facts.today,
                    successor,
                    reason: None,
                }])
            }
            ended => Err(Refused::AlreadyEnded(ended)),
        }
    }

    pub(super) fn end(&mut self, state: CertificateState, on: Date) {
        self.state = state;
        self.state_since = on;
    }
}
