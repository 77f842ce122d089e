//! The life of a pledge: what each command does in each state.

use ledger::{Commitment, Lifecycle};

use super::{Command, Event, Facts, Found, Refusal, Who};
use crate::model::{Pledge, PledgeId, PledgeKind, PledgeStatus as Status};

impl Lifecycle for Pledge {
    const KIND: &'static str = "pledge";
    type Id = PledgeId;
    type Event = Event;
    type Command = Command;
    type Facts = Facts;
    type Refusal = Refusal;

    fn id(&self) -> PledgeId {
        self.id
    }

    fn begin(id: PledgeId, event: &Event) -> Option<Self> {
        let Event::Signed(signed) = event else {
            return None;
        };
        let signed = signed.as_ref().clone();
        Some(Self {
            id,
            kind: signed.kind,
            status: Status::Signed,
            application: signed.application,
            number: None,
            item: signed.item,
            version: signed.version,
            applicant: signed.applicant,
            signer: signed.signer,
            witness: signed.witness,
            organ: signed.organ,
            materials: signed.materials,
            fields: signed.fields,
            owed: Vec::new(),
            words: signed.words,
            signed_on: signed.on,
            make_up_days: signed.make_up_days,
            check_days: signed.check_days,
            due: None,
            overdue_since: None,
            decider: None,
            checker: None,
            finding: None,
            closed_on: None,
        })
    }

    fn evolve(&mut self, event: &Event) {
        match event {
            Event::Signed(_) => {}
            Event::Retracted { on } => self.close(Status::Retracted, *on),
            Event::Accepted { number, due, .. } => {
                self.status = Status::Running;
                self.number = Some(number.clone());
                self.due = *due;
                if self.kind == PledgeKind::Tolerant {
                    self.owed = self.materials.clone();
                }
            }
            Event::PapersOwed { due, .. } => {
                self.status = Status::Owing;
                self.owed = self.materials.clone();
                self.due = Some(*due);
            }
            Event::HandedIn { on, materials } => {
                self.owed.retain(|owed| !materials.contains(owed));
                if self.owed.is_empty() {
                    self.close(Status::MadeUp, *on);
                }
            }
            Event::Lapsed { on } => self.close(Status::Lapsed, *on),
            Event::Granted { by, due, .. } => {
                self.status = Status::Checking;
                self.decider = *by;
                self.due = Some(*due);
            }
            Event::CheckOverdue { on } => self.overdue_since = Some(*on),
            Event::Kept { on, by, finding } => {
                self.found(*by, *finding);
                self.close(Status::Kept, *on);
            }
            Event::RectificationAsked {
                by, finding, due, ..
            } => {
                self.found(*by, *finding);
                self.status = Status::Rectifying;
                self.due = Some(*due);
                self.overdue_since = None;
            }
            Event::Broken { on, by, finding } => {
                self.found(*by, *finding);
                self.close(Status::Broken, *on);
            }
            Event::Mended { .. } => self.status = Status::Mended,
            Event::Voided { on } => self.close(Status::Void, *on),
        }
    }

    fn decide(&self, command: Command, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let on = facts.today;
        match command {
            Command::Retract => self.retract(facts),
            Command::Accept { number } => {
                if self.status != Status::Signed {
                    return Ok(Vec::new());
                }
                let owes = self.kind == PledgeKind::Tolerant;
                let due = owes.then_some(facts.make_up_on);
                Ok(vec![Event::Accepted { number, on, due }])
            }
            Command::HandIn { materials } => self.hand_in(materials, facts),
            Command::Lapse => self.lapse(facts),
            Command::Decide { granted, by } => Ok(self.decided(granted, by, facts)),
            Command::NoteOverdue => {
                let late = self.due.is_some_and(|due| due < on);
                let first = self.overdue_since.is_none();
                if self.status.waits_for_check() && late && first {
                    return Ok(vec![Event::CheckOverdue { on }]);
                }
                Ok(Vec::new())
            }
            Command::Check { found, finding } => self.check(found, finding, facts),
            Command::Mend { reason } => self.mend(reason, facts),
            Command::Void => match self.status {
                Status::Signed | Status::Running | Status::Owing => Ok(vec![Event::Voided { on }]),
                _ => Ok(Vec::new()),
            },
        }
    }
}

impl Pledge {
    /// 撤回承诺: the law of the route lets it be taken back until the decision, not after.
    fn retract(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        match facts.who {
            Who::Person(person) if self.binds(person) => {}
            _ => return Err(Refusal::NotYours),
        }
        let on = facts.today;
        match (self.kind, self.status) {
            (_, Status::Signed) => Ok(vec![Event::Retracted { on }]),
            (PledgeKind::Promise, Status::Running) => {
                if self.materials.is_empty() {
                    return Ok(vec![Event::Retracted { on }]);
                }
                let due = facts.make_up_on;
                Ok(vec![Event::PapersOwed { on, due }])
            }
            (PledgeKind::Tolerant, Status::Running) | (_, Status::Owing) => {
                Err(Refusal::NotRetractable)
            }
            (_, Status::Checking | Status::Rectifying | Status::Kept | Status::Broken) => {
                Err(Refusal::Decided)
            }
            _ => Err(Refusal::Over),
        }
    }

    fn hand_in(&self, mut materials: Vec<u16>, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if !self.is_owing() {
            return Err(Refusal::NothingOwed);
        }
        materials.sort_unstable();
        materials.dedup();
        if let Some(material) = materials.iter().find(|one| !self.owed.contains(one)) {
            return Err(Refusal::NotOwed {
                material: *material,
            });
        }
        if materials.is_empty() {
            return Err(Refusal::NothingPledged);
        }
        let on = facts.today;
        Ok(vec![Event::HandedIn { on, materials }])
    }

    /// Only the clock, and only after the last day; a timer that comes again does nothing.
    fn lapse(&self, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let Some(due) = self.due.filter(|_| self.is_owing()) else {
            return Ok(Vec::new());
        };
        if facts.who != Who::House || facts.today <= due {
            return Err(Refusal::NotYetOver { due });
        }
        Ok(vec![Event::Lapsed { on: facts.today }])
    }

    fn decided(&self, granted: bool, by: Option<kernel::OfficerId>, facts: &Facts) -> Vec<Event> {
        let on = facts.today;
        let due = facts.check_on;
        match (self.kind, self.status) {
            (PledgeKind::Promise, Status::Running) if granted => {
                vec![Event::Granted { on, by, due }]
            }
            (_, Status::Signed | Status::Running | Status::Owing) => vec![Event::Voided { on }],
            _ => Vec::new(),
        }
    }

    fn check(
        &self,
        found: Found,
        finding: Commitment,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        let Who::Officer {
            officer: by,
            standing_in,
            organ,
            checks: true,
            ..
        } = facts.who
        else {
            return Err(Refusal::NotAChecker);
        };
        if organ != self.organ {
            return Err(Refusal::NotAChecker);
        }
        if !self.status.waits_for_check() {
            return Err(Refusal::NothingToCheck);
        }
        if self.decider.is_some() && [Some(by), standing_in].contains(&self.decider) {
            return Err(Refusal::CheckedByDecider);
        }
        let on = facts.today;
        Ok(vec![match found {
            Found::True => Event::Kept { on, by, finding },
            Found::False => Event::Broken { on, by, finding },
            Found::Rectifiable if self.status == Status::Rectifying => {
                return Err(Refusal::AlreadyRectifying);
            }
            Found::Rectifiable => Event::RectificationAsked {
                on,
                by,
                finding,
                due: facts.make_up_on,
            },
        }])
    }

    fn mend(&self, reason: Commitment, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let Who::Officer {
            officer: by,
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
        if self.status != Status::Broken {
            return Err(Refusal::NotBroken);
        }
        if self.checker == Some(by) {
            return Err(Refusal::MendedByChecker);
        }
        let on = facts.today;
        Ok(vec![Event::Mended { on, by, reason }])
    }

    /// Whether a person is bound by it, or signed for whoever is.
    #[must_use]
    pub fn binds(&self, person: kernel::PersonId) -> bool {
        self.applicant == person || self.signer == Some(person)
    }

    fn found(&mut self, by: kernel::OfficerId, finding: Commitment) {
        self.checker = Some(by);
        self.finding = Some(finding);
    }

    fn close(&mut self, status: Status, on: jiff::civil::Date) {
        self.status = status;
        self.due = None;
        self.closed_on = Some(on);
    }
}
