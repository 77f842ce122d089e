//! The life of a hearing: what each command does in each state.

use jiff::civil::Date;
use kernel::OfficerId;
use ledger::Lifecycle;

use super::{Command, Event, Facts, Refusal, Who};
use crate::model::{Hearing, HearingId, HearingStatus as Status};

/// Minutes of a day.
const DAY_MINUTES: u16 = 24 * 60;

impl Lifecycle for Hearing {
    const KIND: &'static str = "hearing";
    type Id = HearingId;
    type Event = Event;
    type Command = Command;
    type Facts = Facts;
    type Refusal = Refusal;

    fn id(&self) -> HearingId {
        self.id
    }

    fn begin(id: HearingId, event: &Event) -> Option<Self> {
        let Event::Begun(begun) = event else {
            return None;
        };
        let asked = begun.ask_by.is_none();
        Some(Self {
            id,
            subject: begun.subject,
            organ: begun.organ,
            party: begun.party,
            item: begun.item,
            status: if asked {
                Status::Asked
            } else {
                Status::Offered
            },
            offered_on: (!asked).then_some(begun.on),
            ask_by: begun.ask_by,
            asked_on: asked.then_some(begun.on),
            hold_by: begun.hold_by,
            day: None,
            minute: None,
            place: None,
            presider: None,
            closed_for: None,
            recusal: None,
            recusal_open: false,
            late_since: None,
            minutes: None,
            held_on: None,
            signed_on: None,
            refused_to_sign: false,
            closed_on: None,
        })
    }

    fn evolve(&mut self, event: &Event) {
        match event {
            Event::Begun(_) => {}
            Event::Asked { on, hold_by, .. } => {
                self.status = Status::Asked;
                self.asked_on = Some(*on);
                self.hold_by = Some(*hold_by);
            }
            Event::Lapsed { on } => self.close(Status::Lapsed, *on),
            Event::Scheduled {
                day,
                minute,
                place,
                presider,
                closed_for,
                ..
            } => {
                self.status = Status::Scheduled;
                self.day = Some(*day);
                self.minute = Some(*minute);
                self.place = Some(*place);
                self.presider = Some(*presider);
                self.closed_for = *closed_for;
            }
            Event::RecusalAsked { reason, .. } => {
                self.recusal = Some(*reason);
                self.recusal_open = true;
            }
            Event::RecusalDecided { granted, .. } => {
                self.recusal_open = false;
                if *granted {
                    self.presider = None;
                }
            }
            Event::PresiderNamed { presider, .. } => self.presider = Some(*presider),
            Event::Held { on, minutes, .. } => {
                self.status = Status::Held;
                self.held_on = Some(*on);
                self.minutes = Some(*minutes);
            }
            Event::LateNoted { on } => self.late_since = Some(*on),
            Event::Signed { on, .. } => {
                self.signed_on = Some(*on);
                self.close(Status::Concluded, *on);
            }
            Event::SigningRefused { on, .. } => {
                self.refused_to_sign = true;
                self.close(Status::Concluded, *on);
            }
            Event::GivenUp { on, .. } => self.close(Status::GivenUp, *on),
        }
    }

    fn decide(&self, command: Command, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if !self.status.is_open() {
            return match command {
                Command::Lapse | Command::NoteLate => Ok(Vec::new()),
                _ => Err(Refusal::Over),
            };
        }
        match command {
            Command::Ask => self.ask(facts),
            Command::Lapse => self.lapse(facts),
            Command::Schedule {
                day,
                minute,
                place,
                presider,
                closed_for,
            } => {
                let by = self.arranger(facts)?;
                // Another presider would hide who was challenged, and let them decide on it.
                if self.recusal_open {
                    return Err(Refusal::RecusalOpen);
                }
                self.may_schedule(day, minute, facts)?;
                self.may_preside(presider, facts)?;
                Ok(vec![Event::Scheduled {
                    on: facts.today,
                    by,
                    day,
                    minute,
                    place,
                    presider,
                    closed_for,
                }])
            }
            Command::AskRecusal { reason } => self.ask_recusal(reason, facts),
            Command::DecideRecusal { granted } => self.decide_recusal(granted, facts),
            Command::NamePresider { presider } => {
                let by = self.arranger(facts)?;
                self.scheduled()?;
                if self.presider.is_some() {
                    return Err(Refusal::NoRecusal);
                }
                self.may_preside(presider, facts)?;
                let on = facts.today;
                Ok(vec![Event::PresiderNamed { on, by, presider }])
            }
            Command::Hold { minutes } => {
                let by = self.on_the_day(facts)?;
                let on = facts.today;
                Ok(vec![Event::Held { on, by, minutes }])
            }
            Command::NoteAbsence => {
                self.on_the_day(facts)?;
                let on = facts.today;
                Ok(vec![Event::GivenUp { on, absent: true }])
            }
            Command::Sign => self.sign(facts),
            Command::RefuseToSign => self.refuse_to_sign(facts),
            Command::GiveUp => self.give_up(facts),
            Command::NoteLate => self.note_late(facts),
        }
    }
}

impl Hearing {
    /// 五日内提出: by the party, until the last day.
    fn ask(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let Who::Party(by) = facts.who else {
            return Err(Refusal::NotYours);
        };
        if self.status != Status::Offered {
            return Err(Refusal::AlreadyOpen);
        }
        if self.ask_by.is_none_or(|last| last < facts.today) {
            return Err(Refusal::AskedTooLate);
        }
        Ok(vec![Event::Asked {
            on: facts.today,
            by,
            hold_by: facts.hold_by,
        }])
    }

    /// Only the clock, and only after the last day; a timer that comes again does nothing.
    fn lapse(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let Some(until) = self.ask_by.filter(|_| self.status == Status::Offered) else {
            return Ok(Vec::new());
        };
        if facts.who != Who::House || facts.today <= until {
            return Err(Refusal::StillTime { until });
        }
        Ok(vec![Event::Lapsed { on: facts.today }])
    }

    fn arranger(&self, facts: &Facts) -> Result<OfficerId, Refusal> {
        match facts.who {
            Who::Officer {
                officer,
                organ,
                arranges: true,
                ..
            } if organ == self.organ => Ok(officer),
            _ => Err(Refusal::NotAnArranger),
        }
    }

    /// Seven working days ahead, twenty at most after it was asked for. What is arranged once is
    /// arranged anew under the same rule.
    fn may_schedule(&self, day: Date, minute: u16, facts: &Facts) -> Result<(), Refusal> {
        match self.status {
            Status::Asked | Status::Scheduled => {}
            Status::Offered => return Err(Refusal::NotAsked),
            _ => return Err(Refusal::Over),
        }
        if !facts.works || DAY_MINUTES <= minute {
            return Err(Refusal::NoWorkingDay);
        }
        if day < facts.notice_from {
            let from = facts.notice_from;
            return Err(Refusal::NoticeTooShort { from });
        }
        match self.hold_by {
            // What is late already is held as soon as the notice allows.
            Some(until) if until < day && self.late_since.is_none() => {
                Err(Refusal::HeldTooLate { until })
            }
            _ => Ok(()),
        }
    }

    fn may_preside(&self, presider: OfficerId, facts: &Facts) -> Result<(), Refusal> {
        if !facts.serves {
            return Err(Refusal::PresiderElsewhere);
        }
        if facts.involved.contains(&presider) {
            return Err(Refusal::PresiderReviewed);
        }
        Ok(())
    }

    fn scheduled(&self) -> Result<(), Refusal> {
        if self.status == Status::Scheduled {
            Ok(())
        } else {
            Err(Refusal::NotScheduled)
        }
    }

    fn ask_recusal(
        &self,
        reason: ledger::Commitment,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        let Who::Party(by) = facts.who else {
            return Err(Refusal::NotYours);
        };
        self.scheduled()?;
        if self.presider.is_none() {
            return Err(Refusal::NoPresider);
        }
        if self.recusal_open {
            return Err(Refusal::RecusalOpen);
        }
        let on = facts.today;
        Ok(vec![Event::RecusalAsked { on, by, reason }])
    }

    fn decide_recusal(&self, granted: bool, facts: &Facts) -> Result<Vec<Event>, Refusal> {
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
        if !self.recusal_open {
            return Err(Refusal::NoRecusal);
        }
        if [Some(by), standing_in].contains(&self.presider) {
            return Err(Refusal::OwnRecusal);
        }
        let on = facts.today;
        Ok(vec![Event::RecusalDecided { on, by, granted }])
    }

    /// Held by the presider, not before its day, not while somebody asks them to step aside.
    fn on_the_day(&self, facts: &Facts) -> Result<OfficerId, Refusal> {
        self.scheduled()?;
        if self.recusal_open {
            return Err(Refusal::RecusalOpen);
        }
        let presider = self.presider.ok_or(Refusal::NoPresider)?;
        self.presides(presider, facts)?;
        match self.day {
            Some(day) if facts.today < day => Err(Refusal::NotYet { day }),
            _ => Ok(presider),
        }
    }

    fn presides(&self, presider: OfficerId, facts: &Facts) -> Result<(), Refusal> {
        match facts.who {
            Who::Officer { officer, .. } if officer == presider => Ok(()),
            _ => Err(Refusal::NotThePresider),
        }
    }

    fn sign(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let Who::Party(by) = facts.who else {
            return Err(Refusal::NotYours);
        };
        if self.status != Status::Held {
            return Err(Refusal::NotHeld);
        }
        let on = facts.today;
        Ok(vec![Event::Signed { on, by }])
    }

    fn refuse_to_sign(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if self.status != Status::Held {
            return Err(Refusal::NotHeld);
        }
        let presider = self.presider.ok_or(Refusal::NoPresider)?;
        self.presides(presider, facts)?;
        let (on, by) = (facts.today, presider);
        Ok(vec![Event::SigningRefused { on, by }])
    }

    fn give_up(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let Who::Party(_) = facts.who else {
            return Err(Refusal::NotYours);
        };
        match self.status {
            Status::Asked | Status::Scheduled | Status::Offered => {}
            _ => return Err(Refusal::Over),
        }
        let on = facts.today;
        Ok(vec![Event::GivenUp { on, absent: false }])
    }

    /// Twenty working days are over and it was not held: noted for those who watch.
    fn note_late(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let waits = matches!(self.status, Status::Asked | Status::Scheduled);
        let Some(until) = self.hold_by.filter(|_| waits && self.late_since.is_none()) else {
            return Ok(Vec::new());
        };
        if facts.who != Who::House || facts.today <= until {
            return Err(Refusal::StillTime { until });
        }
        Ok(vec![Event::LateNoted { on: facts.today }])
    }

    fn close(&mut self, status: Status, on: Date) {
        self.status = status;
        self.closed_on = Some(on);
    }
}
