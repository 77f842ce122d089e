//! The legal clock of a case: special procedures stop it (许可法 45), the head of the organ extends
//! it once (许可法 42), a notice of the State Council dates it again.

use calendar::{DueUnit, PauseKind};
use ledger::Commitment;

use super::{DELIVERY_DAYS, EXTENSION_DAYS_MAX, Event, Facts, PAUSE_DAYS_MAX, Refusal};
use crate::model::{Asker, Case, Longer, NewPause, Role, Status};

/// Whether the item lists this procedure, and for how long at most.
fn listed(pause: &NewPause) -> Result<(), Refusal> {
    if pause.listed.is_empty() {
        return Ok(());
    }
    let found = pause.listed.iter().find(|known| known.kind == pause.kind);
    let days_max = found.ok_or(Refusal::PauseNotListed)?.days_max;
    if days_max < pause.expected_days {
        return Err(Refusal::PauseTooLong { max: days_max });
    }
    Ok(())
}

impl Case {
    pub(super) fn pause(&self, pause: NewPause, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        // A hearing that was asked for stops the clock by itself (许可法 45, 47).
        let by_law = pause.kind == PauseKind::Hearing && facts.by == Asker::System;
        if !by_law {
            self.lead_officer(facts, &[Role::Reviewer, Role::Decider])?;
        }
        match self.status {
            Status::Handling => {}
            Status::Paused => return Err(Refusal::AlreadyPaused),
            _ => return Err(Refusal::Decided),
        }
        if matches!(pause.kind, PauseKind::Correction | PauseKind::Other) {
            return Err(Refusal::NoSuchPause);
        }
        if !(1..=PAUSE_DAYS_MAX).contains(&pause.expected_days) {
            let max = PAUSE_DAYS_MAX;
            return Err(Refusal::DaysOutOfRange { max });
        }
        if !by_law {
            listed(&pause)?;
        }
        let on = facts.today();
        let mut clock = self.clock.clock(&facts.calendar, ["", ""])?;
        clock.pause(pause.kind, on)?;
        // The notice names the day on which the procedure ends: the calendar must know it.
        facts.calendar.after(on, pause.expected_days)?;
        Ok(vec![Event::Paused {
            on,
            kind: pause.kind,
            expected_days: pause.expected_days,
            reason: pause.reason,
        }])
    }

    pub(super) fn resume(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if facts.by != Asker::System {
            self.lead_officer(facts, &[Role::Reviewer, Role::Decider])?;
            self.no_hearing_open(facts)?;
        }
        if self.status != Status::Paused {
            return Err(Refusal::NotPaused);
        }
        let on = facts.today();
        let mut clock = self.clock.clone();
        if let Some(pause) = clock.pauses.last_mut() {
            pause.until = Some(on);
        }
        let dues = clock.dues(&facts.calendar)?;
        Ok(vec![Event::Resumed { on, dues }])
    }

    pub(super) fn extend(
        &self,
        days: u32,
        reason: Commitment,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        let head = self.lead_officer(facts, &[Role::Decider]);
        let head = head.map_err(|_| Refusal::HeadOnly)?;
        if !self.status.is_open() {
            return Err(Refusal::Decided);
        }
        if self.clock.extension.is_some() {
            return Err(Refusal::AlreadyExtended);
        }
        if !(1..=EXTENSION_DAYS_MAX).contains(&days) {
            let max = EXTENSION_DAYS_MAX;
            return Err(Refusal::DaysOutOfRange { max });
        }
        if self.clock.statutory.unit == DueUnit::Hour {
            return Err(Refusal::NotExtendable);
        }
        let on = facts.today();
        if self.dues.statutory.is_some_and(|due| due < on) {
            return Err(Refusal::LimitPassed);
        }
        let mut clock = self.clock.clone();
        clock.extension = Some(Longer { days, on });
        Ok(vec![Event::Extended {
            on,
            days,
            by: head.officer,
            reason,
            dues: clock.dues(&facts.calendar)?,
        }])
    }

    /// A late notice of the State Council dates the limits again, and after the decision the last
    /// day to hand out (许可法 44).
    pub(super) fn redate(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if let (Some(decided), Some(due)) = (self.decided_on, self.delivery_due)
            && !self.status.is_over()
        {
            let now = facts.calendar.after(decided, DELIVERY_DAYS)?.date;
            let moved = Event::Redated {
                dues: self.dues,
                delivery_due: Some(now),
            };
            return Ok(if now == due { Vec::new() } else { vec![moved] });
        }
        if !self.status.is_open() {
            return Ok(Vec::new());
        }
        let dues = self.clock.dues(&facts.calendar)?;
        if dues == self.dues {
            return Ok(Vec::new());
        }
        Ok(vec![Event::Redated {
            dues,
            delivery_due: None,
        }])
    }
}
