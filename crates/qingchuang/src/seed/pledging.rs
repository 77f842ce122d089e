//! Some matters of the last day that rest on pledges, so that the lists of owed papers and of
//! after-checks have something to show: one of them is the printed company's.

use std::sync::Arc;

use catalogue::Version;
use catalogue::model::kind::Necessity;
use catalogue::scenario::paths;
use db::{Db, Tx};
use identity::PersonKind;
use intake::{ApplicationId, By, NewDraft};
use kernel::{Actor, Channel, Fault, PersonId};
use ledger::FileStore;
use pledge::PledgeKind;
use serde_json::{Map, Value};
use web::{Directory, Role};

use super::answers::{Speaker, answers};
use super::dice::Dice;
use super::people;
use super::sending::Samples;
use super::staff::{Seated, Staff};

/// Outdoor advertising 户外广告: papers may follow, a promise may stand for proofs.
const ITEM: &str = "511A0188100003-511602000000-000-115113016823646795-1-00";

/// What the version lists for each kind.
const LATER: [&str; 1] = ["picture"];
const PROOFS: [&str; 2] = ["right", "structure"];

/// Somebody who applies.
struct Applicant {
    id: PersonId,
    name: String,
    given: Map<String, Value>,
}

/// A hall in which some apply on pledges.
pub(super) struct Pledging<'d> {
    db: &'d Db,
    staff: &'d Staff,
    samples: Samples,
    version: Arc<Version>,
    scenario: usize,
}

impl<'d> Pledging<'d> {
    /// Gets ready.
    ///
    /// # Errors
    /// When the store cannot be read or the item is not there.
    pub(super) fn new(db: &'d Db, staff: &'d Staff) -> Result<Self, Fault> {
        let samples = Samples::store(&*db.thing::<FileStore>()?, db.clock())?;
        let today = db.clock().today();
        let found = db.read(|tx| catalogue::published_by_code(tx, ITEM, today))?;
        Ok(Self {
            version: found.ok_or(Fault::NotFound { what: "item" })?,
            scenario: 0,
            db,
            staff,
            samples,
        })
    }

    /// The printed company owes a paper; others were granted on a promise, or wait with both.
    ///
    /// # Errors
    /// When a command fails that must not.
    pub(super) fn apply(&self) -> Result<(), Fault> {
        let own = self.staff.applicants.iter();
        let own = own.filter(|(_, kind)| *kind == PersonKind::Legal);
        for (company, _) in own {
            let who = self.known(*company)?;
            self.accepted(&who, &[PledgeKind::Tolerant])?;
        }
        let promised = self.accepted(&self.somebody()?, &[PledgeKind::Promise])?;
        self.grant(promised)?;
        let both = [PledgeKind::Promise, PledgeKind::Tolerant];
        self.accepted(&self.somebody()?, &both).map(|_| ())
    }

    /// Somebody known is granted a licence on a promise.
    ///
    /// # Errors
    /// When a command fails that must not.
    pub(super) fn licence(&self, holder: PersonId) -> Result<(), Fault> {
        let who = self.known(holder)?;
        let id = self.accepted(&who, &[PledgeKind::Promise])?;
        self.grant(id)
    }

    fn known(&self, id: PersonId) -> Result<Applicant, Fault> {
        let card = self.db.read(|tx| identity::person(tx, id))?;
        let speaker = Speaker {
            name: &card.name,
            number: &card.identity_number,
            phone: &card.phone,
            is_firm: true,
        };
        Ok(Applicant {
            id,
            given: self.answers(&speaker)?,
            name: card.name.clone(),
        })
    }

    fn somebody(&self) -> Result<Applicant, Fault> {
        let new = people::person(&Dice::new(self.db.clock()), PersonKind::Legal, None);
        let cause = self.db.cause(Actor::system());
        let id = self
            .db
            .write(cause, move |tx| identity::person_at_counter(tx, &new))?;
        self.known(id)
    }

    fn answers(&self, speaker: &Speaker<'_>) -> Result<Map<String, Value>, Fault> {
        let content = &self.version.content;
        let (dice, today) = (Dice::new(self.db.clock()), self.db.clock().today());
        let ways = paths(content).map_err(Fault::broken)?;
        let way = ways.get(self.scenario);
        let given =
            way.and_then(|(_, scenario)| answers(content, &scenario.id, speaker, today, &dice));
        given.ok_or_else(|| Fault::broken("no answers fit the form"))
    }

    /// An application that was accepted on pledges of these kinds.
    fn accepted(&self, who: &Applicant, kinds: &[PledgeKind]) -> Result<ApplicationId, Fault> {
        let id = self.submitted(who, kinds)?;
        let Some(clerk) = self.staff.clerks.first().copied() else {
            return Ok(id);
        };
        let by = By::Clerk {
            officer: clerk.officer,
            hall: clerk.organ,
        };
        self.at(clerk, move |tx| intake::accept(tx, &by, id).map(|_| ()))?;
        Ok(id)
    }

    fn submitted(&self, who: &Applicant, kinds: &[PledgeKind]) -> Result<ApplicationId, Fault> {
        let (me, by) = (who.id, By::Person(who.id));
        let listed = |kind: PledgeKind| -> Vec<String> {
            let names = match kind {
                PledgeKind::Tolerant => &LATER[..],
                PledgeKind::Promise => &PROOFS[..],
            };
            names.iter().map(|id| (*id).to_owned()).collect()
        };
        let pledged: Vec<(PledgeKind, Vec<String>)> =
            kinds.iter().map(|kind| (*kind, listed(*kind))).collect();
        let version = Arc::clone(&self.version);
        let ways = paths(&version.content).map_err(Fault::broken)?;
        let (picks, scenario) = ways
            .into_iter()
            .nth(self.scenario)
            .ok_or_else(|| Fault::broken("the item has no scenario"))?;
        let there = |id: &String| !pledged.iter().any(|(_, all)| all.contains(id));
        let lines = scenario.materials.iter();
        let lines = lines.filter(|line| line.necessity != Necessity::Optional);
        let sent: Vec<String> = lines
            .map(|line| line.material.clone())
            .filter(there)
            .collect();
        let (samples, given, name) = (self.samples, who.given.clone(), who.name.clone());
        let content = Arc::clone(&version.content);
        let item = version.item;
        let actor = Actor::citizen(me, Channel::Web);
        self.db.write(self.db.cause(actor), move |tx| {
            let new = NewDraft {
                item,
                applicant: me,
                agent: None,
            };
            let id = intake::start_draft(tx, &by, new)?;
            intake::save_picks(tx, &by, id, &picks)?;
            intake::save_answers(tx, &by, id, &given)?;
            for material in &sent {
                let file = samples.send(tx, &by, &content, material)?;
                intake::attach_file(tx, &by, id, material, file)?;
            }
            for (kind, materials) in &pledged {
                intake::sign_pledge(tx, &by, id, *kind, materials.clone(), &name)?;
            }
            intake::submit(tx, &by, id)?;
            Ok(id)
        })
    }

    /// What rests on a promise is decided at once.
    fn grant(&self, id: ApplicationId) -> Result<(), Fault> {
        let case = self.db.read(|tx| {
            let number = intake::application(tx, id)?.number;
            let found = case::find_by_number(tx, number.as_ref())?;
            case::case(tx, found.ok_or(Fault::NotFound { what: "case" })?)
        })?;
        let Some(task) = case.tasks.first().map(|task| task.number) else {
            return Ok(());
        };
        let seats = self.staff.by_role.get(&(case.organ, Role::Decider));
        // The printed decider is the first: they keep this one to check.
        let Some(seat) = seats.and_then(|all| all.last()).copied() else {
            return Ok(());
        };
        let finish = case::Finish {
            task,
            outcome: Some(case::Code::try_from("granted".to_owned()).map_err(Fault::broken)?),
            opinion: Some("申请人已作出承诺，准予设置".to_owned()),
            ..case::Finish::default()
        };
        self.at(seat, move |tx| {
            let officer = identity::HallDirectory.officer(tx, seat.officer)?;
            let officer = officer.ok_or(Fault::NotFound { what: "officer" })?;
            case::complete(tx, &officer, case.id, &finish).map(|_| ())
        })
    }

    fn at(
        &self,
        seat: Seated,
        work: impl Fn(&mut Tx<'_>) -> Result<(), Fault> + Send + 'static,
    ) -> Result<(), Fault> {
        let actor = Actor::officer(seat.officer, seat.post, seat.organ, Channel::Counter);
        self.db.write(self.db.cause(actor), work)
    }
}
