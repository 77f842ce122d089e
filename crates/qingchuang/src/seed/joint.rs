//! Bundles and projects by the real commands: a hall with every department that they need, and the
//! hands to apply, accept, review, decide and give opinions. For the demonstration and for stories.

use std::sync::Arc;

use case::{CaseId, Code, Duty, Finish};
use catalogue::scenario::Picks;
use db::{Db, Tx};
use identity::PersonKind;
use intake::By;
use jiff::civil::Date;
use kernel::{Actor, Channel, Fault, OrganId, PersonId};
use ledger::FileStore;
use project::{
    BundleId, NewBundle, NewProject, PartStatus, ProjectId, Stance, attach, hand_in, open,
    save_answers, start, survey,
};
use web::{Directory, Role};

use super::answers::{Speaker, answers};
use super::dice::Dice;
use super::people;
use super::sending::Samples;
use super::staff::{Seated, Staff};
use crate::jobs;

/// Everybody who works on bundles and projects.
pub struct Hands {
    db: Db,
    dice: Dice,
    staff: Arc<Staff>,
    samples: Samples,
}

/// What somebody applies for in one.
#[derive(Debug, Clone)]
pub struct Wanted<'w> {
    /// The theme.
    pub theme: &'w str,
    /// The project and its stage.
    pub stage: Option<(ProjectId, u16)>,
    /// The items chosen beside the mandatory ones.
    pub chosen: &'w [&'w str],
    /// Answers to the guiding questions, by name; where there is none, the first of them.
    pub picks: &'w [(&'w str, &'w str)],
    /// Whether it is to be looked at before the land is awarded.
    pub pre_review: bool,
    /// Dates that are answered with the day itself, by field of the one form.
    pub today: &'w [&'w str],
}

/// Who sends a bundle: a person, or a clerk for somebody.
struct Sender {
    me: By,
    actor: Actor,
    applicant: PersonId,
    agent: Option<PersonId>,
    without: &'static [&'static str],
}

fn clerk_of(clerk: Seated) -> By {
    By::Clerk {
        officer: clerk.officer,
        hall: clerk.organ,
    }
}

impl Hands {
    /// Furnishes an empty hall with everything that bundles and projects need.
    ///
    /// # Errors
    /// When a command fails that must not.
    pub fn furnish(db: &Db) -> Result<Self, Fault> {
        let staff = super::people_and_items(db, super::Items::WithBundles)?;
        Self::of(db, Arc::new(staff))
    }

    pub(crate) fn of(db: &Db, staff: Arc<Staff>) -> Result<Self, Fault> {
        let samples = Samples::store(&*db.thing::<FileStore>()?, db.clock())?;
        Ok(Self {
            db: db.clone(),
            dice: Dice::new(db.clock()),
            staff,
            samples,
        })
    }

    /// The printed applicant of a kind.
    ///
    /// # Errors
    /// When there is none.
    pub fn applicant(&self, kind: PersonKind) -> Result<PersonId, Fault> {
        let found = self.staff.applicants.iter().find(|(_, own)| *own == kind);
        let found = found.map(|(id, _)| *id);
        found.ok_or_else(|| Fault::broken("the hall has no such applicant"))
    }

    /// The organ with a credit code.
    ///
    /// # Errors
    /// When the hall does not know it.
    pub fn organ(&self, uscc: &str) -> Result<OrganId, Fault> {
        let found = self.staff.organs.get(uscc).copied();
        found.ok_or_else(|| Fault::broken(format!("the hall has no organ {uscc}")))
    }

    /// Sets the clock to nine o'clock of a day and fires what is due.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub fn morning(&self, day: Date) -> Result<(), Fault> {
        let at = kernel::clock::hall_instant(day.at(9, 0, 0, 0));
        if self.db.clock().now() < at {
            self.db.clock().set(at);
        }
        jobs::fire_due(&self.db)
    }

    /// Registers a project.
    ///
    /// # Errors
    /// As [`project::register`].
    pub fn register(&self, by: PersonId, new: &NewProject) -> Result<ProjectId, Fault> {
        let new = new.clone();
        self.as_person(by, move |tx| project::register(tx, by, &new))
    }

    /// Fills in the one form, hands in the one set, and sends both.
    ///
    /// # Errors
    /// As [`project::hand_in`].
    pub fn hand_in(&self, by: PersonId, wanted: &Wanted<'_>) -> Result<BundleId, Fault> {
        let sender = Sender {
            me: By::Person(by),
            actor: Actor::citizen(by, Channel::Web),
            applicant: by,
            agent: None,
            without: &[],
        };
        self.send(&sender, wanted)
    }

    /// A clerk takes a bundle in for somebody at the window; some papers are not there.
    ///
    /// # Errors
    /// As [`project::hand_in`].
    pub fn take_in(
        &self,
        applicant: PersonId,
        agent: Option<PersonId>,
        wanted: &Wanted<'_>,
        without: &'static [&'static str],
    ) -> Result<BundleId, Fault> {
        let clerk = self.clerk()?;
        let sender = Sender {
            me: clerk_of(clerk),
            actor: Actor::officer(clerk.officer, clerk.post, clerk.organ, Channel::Counter),
            applicant,
            agent,
            without,
        };
        self.send(&sender, wanted)
    }

    /// Does something as the first clerk of the front desk.
    ///
    /// # Errors
    /// What the work answers.
    pub fn at_counter<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>, &By) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let clerk = self.clerk()?;
        let me = clerk_of(clerk);
        self.as_officer(clerk, move |tx| work(tx, &me))
    }

    fn clerk(&self) -> Result<Seated, Fault> {
        let clerk = self.staff.clerks.first().copied();
        clerk.ok_or_else(|| Fault::broken("the hall has no clerk"))
    }

    fn send(&self, sender: &Sender, wanted: &Wanted<'_>) -> Result<BundleId, Fault> {
        let new = NewBundle {
            theme: wanted.theme.to_owned(),
            stage: wanted.stage,
            applicant: sender.applicant,
            agent: sender.agent,
            chosen: wanted.chosen.iter().map(|key| (*key).to_owned()).collect(),
            picks: self.picks(wanted)?,
            pre_review: wanted.pre_review,
        };
        let (me, applicant, without) = (sender.me, sender.applicant, sender.without);
        let cause = || self.db.cause(sender.actor.clone());
        let draft = self.db.write(cause(), move |tx| start(tx, &me, &new))?;
        let (form, card) = self.db.read(move |tx| {
            let card = identity::person(tx, applicant)?;
            Ok((open(tx, &me, draft)?.form, card))
        })?;
        let speaker = Speaker {
            name: &card.name,
            number: &card.identity_number,
            phone: &card.phone,
            is_firm: card.kind == PersonKind::Legal,
        };
        let (content, today) = (&form.content, self.db.clock().today());
        let scenario = project::one_form::SCENARIO;
        let given = answers(content, scenario, &speaker, today, &self.dice);
        let mut given = given.ok_or_else(|| Fault::broken("no answers fit the one form"))?;
        for field in wanted.today {
            given.insert((*field).to_owned(), today.to_string().into());
        }
        let samples = self.samples;
        self.db.write(cause(), move |tx| {
            save_answers(tx, &me, draft, &given)?;
            let there = form.materials.iter();
            for material in there.filter(|one| !without.contains(&one.id.as_str())) {
                let sent = samples.send(tx, &me, &form.content, &material.id)?;
                attach(tx, &me, draft, &material.id, sent)?;
            }
            hand_in(tx, &me, draft).map(|receipt| receipt.bundle)
        })
    }

    /// Answers every guiding question: as wanted, else with the first answer.
    fn picks(&self, wanted: &Wanted<'_>) -> Result<Picks, Fault> {
        let theme = project::shipped::theme(wanted.theme)?;
        let said = wanted.picks.iter();
        let mut picks: Picks = said
            .map(|(name, pick)| ((*name).to_owned(), (*pick).to_owned()))
            .collect();
        let chosen: Vec<String> = wanted.chosen.iter().map(|key| (*key).to_owned()).collect();
        loop {
            let (keys, known) = (chosen.clone(), picks.clone());
            let read = self.db.read(move |tx| survey(tx, theme, &keys, &known));
            let guided = read?.guided;
            let open = guided
                .asked
                .iter()
                .filter(|one| guided.open.contains(&one.name));
            let answers: Vec<(String, String)> = open
                .filter_map(|one| Some((one.name.clone(), one.options.first()?.0.clone())))
                .collect();
            if answers.is_empty() {
                return Ok(picks);
            }
            picks.extend(answers);
        }
    }

    /// A window clerk accepts all that lies there; answers how many parts.
    ///
    /// # Errors
    /// As [`project::accept`].
    pub fn accept(&self, bundle: BundleId) -> Result<usize, Fault> {
        self.at_counter(move |tx, me| project::accept(tx, me, bundle))
    }

    /// The department of a part reviews and grants it; its dependents are handed in after.
    ///
    /// # Errors
    /// As [`case::complete`].
    pub fn grant(&self, bundle: BundleId, key: &str) -> Result<(), Fault> {
        self.decide(bundle, key, "granted")
    }

    /// The department of a part reviews and refuses it 不予许可.
    ///
    /// # Errors
    /// As [`case::complete`].
    pub fn refuse(&self, bundle: BundleId, key: &str) -> Result<(), Fault> {
        self.decide(bundle, key, "refused")
    }

    fn decide(&self, bundle: BundleId, key: &str, verdict: &'static str) -> Result<(), Fault> {
        let case = self.case_of(bundle, key)?;
        // More steps than any shipped procedure has.
        for _ in 0..12 {
            let found = self.db.read(move |tx| case::case(tx, case))?;
            if !found.status.is_open() {
                return jobs::fire_due(&self.db);
            }
            let task = found.tasks.first().cloned();
            let task = task.ok_or_else(|| Fault::broken("an open case without a task"))?;
            let word = match task.duty {
                Duty::Decide => verdict,
                _ => "agree",
            };
            let grounds = (word == "refused").then(|| case::Grounds {
                reason: "经审查，不符合法定条件".to_owned(),
                article: "《中华人民共和国行政许可法》第三十八条第二款".to_owned(),
                review_organ: "广安市广安区人民政府".to_owned(),
                court: "广安市广安区人民法院".to_owned(),
                lacking: None,
            });
            let finish = Finish {
                task: task.number,
                outcome: Some(Code::try_from(word.to_owned()).map_err(Fault::broken)?),
                opinion: Some("材料齐全，符合要求".to_owned()),
                grounds,
                ..Finish::default()
            };
            self.as_post(task.organ, task.role, move |tx, officer| {
                case::complete(tx, officer, case, &finish).map(|_| ())
            })?;
        }
        Err(Fault::broken("the case did not come to a decision"))
    }

    /// The case of a part.
    ///
    /// # Errors
    /// When it has none yet.
    pub fn case_of(&self, bundle: BundleId, key: &str) -> Result<CaseId, Fault> {
        let key = key.to_owned();
        self.db.read(move |tx| {
            let bundle = project::bundle(tx, bundle)?;
            let theme = project::theme_of(&bundle)?;
            let place = theme.place(&key);
            let mut parts = bundle.parts.iter();
            let part = parts.find(|part| Some(usize::from(part.plan.at)) == place);
            let case = part.and_then(|part| part.case);
            case.ok_or_else(|| Fault::broken(format!("{key} has no case yet")))
        })
    }

    /// Works on everything that is open until nothing moves any more: accepts and grants.
    ///
    /// # Errors
    /// When a command fails that must not.
    pub fn finish(&self, bundle: BundleId) -> Result<(), Fault> {
        loop {
            let mut moved = self.accept(bundle)?;
            let keys = self.db.read(move |tx| {
                let bundle = project::bundle(tx, bundle)?;
                let theme = project::theme_of(&bundle)?;
                let open = bundle.parts.iter();
                let open = open.filter(|part| part.status == PartStatus::Handling);
                let places = open.map(|part| usize::from(part.plan.at));
                let items = places.filter_map(|at| theme.items.get(at));
                Ok(items.map(|item| item.key.clone()).collect::<Vec<_>>())
            })?;
            moved += keys.len();
            for key in keys {
                self.grant(bundle, &key)?;
            }
            if moved == 0 {
                return Ok(());
            }
        }
    }

    /// A consulted department answers.
    ///
    /// # Errors
    /// As [`project::give_opinion`].
    pub fn opine(
        &self,
        bundle: BundleId,
        number: u16,
        stance: Stance,
        text: &'static str,
    ) -> Result<(), Fault> {
        let organ = self.db.read(move |tx| {
            let bundle = project::bundle(tx, bundle)?;
            let opinion = bundle.opinion(number).map(|one| one.organ);
            opinion.ok_or_else(|| Fault::broken("no such opinion"))
        })?;
        self.as_post(organ, Role::CoHandler, move |tx, officer| {
            project::give_opinion(tx, officer, bundle, number, stance, text).map(|_| ())
        })
    }

    /// Does something as an officer of the lead department.
    ///
    /// # Errors
    /// What the work answers.
    pub fn lead(
        &self,
        bundle: BundleId,
        work: impl Fn(&mut Tx<'_>, &web::Officer) -> Result<(), Fault> + Send + Clone + 'static,
    ) -> Result<(), Fault> {
        let organ = self
            .db
            .read(move |tx| Ok(project::bundle(tx, bundle)?.lead))?;
        self.as_post(organ, Role::Reviewer, work)
    }

    /// Does something as whoever may at a post: a second officer where the first may not.
    ///
    /// # Errors
    /// What the work answers.
    pub fn as_post(
        &self,
        organ: OrganId,
        role: Role,
        work: impl Fn(&mut Tx<'_>, &web::Officer) -> Result<(), Fault> + Send + Clone + 'static,
    ) -> Result<(), Fault> {
        let seats = self.staff.by_role.get(&(organ, role));
        let mut last = Err(Fault::broken(format!("nobody is {role} in {organ}")));
        for seat in seats.into_iter().flatten().copied() {
            let work = work.clone();
            last = self.as_officer(seat, move |tx| {
                let officer = identity::HallDirectory.officer(tx, seat.officer)?;
                let officer = officer.ok_or(Fault::NotFound { what: "officer" })?;
                work(tx, &officer)
            });
            if !matches!(last, Err(Fault::Refused(_))) {
                break;
            }
        }
        last
    }

    fn as_officer<T: Send + 'static>(
        &self,
        seat: Seated,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let actor = Actor::officer(seat.officer, seat.post, seat.organ, Channel::Counter);
        self.db.write(self.db.cause(actor), work)
    }

    fn as_person<T: Send + 'static>(
        &self,
        person: PersonId,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let actor = Actor::citizen(person, Channel::Web);
        self.db.write(self.db.cause(actor), work)
    }

    /// A firm that is new to the hall.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn new_firm(&self) -> Result<PersonId, Fault> {
        let firm = people::person(&self.dice, PersonKind::Legal, None);
        let cause = self.db.cause(Actor::system());
        self.db
            .write(cause, move |tx| identity::person_at_counter(tx, &firm))
    }
}
