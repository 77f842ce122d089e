//! Thirty past days of the demonstration hall: applications, notices, opinions, decisions,
//! deliveries and ratings, all by the real commands under a virtual clock.

use std::sync::Arc;

use calendar::WorkingDays;
use case::{Case, CaseId, Code, Duty, Finish, Grounds, HandOut, Method};
use catalogue::model::kind::Necessity;
use catalogue::scenario::{paths, requirements};
use db::{Db, Tx};
use evaluation::{Grade, RatingChannel, Said, Subject};
use identity::PersonKind;
use intake::{ApplicationId, By};
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};
use kernel::{Actor, Channel, Fault, PersonId, TypedId};
use ledger::FileStore;
use web::Directory;

use super::answers::{Speaker, answers};
use super::dice::Dice;
use super::people;
use super::sending::{Samples, Wish, asked, submit, tell_missing};
use super::staff::{Seated, Staff};
use crate::jobs;

/// How many calendar days the hall has been open.
pub const DAYS: i64 = 30;
/// A day has so many new applications at most.
const APPLICATIONS_MAX: u64 = 12;

/// What the simulation keeps in mind.
pub struct Days {
    db: Db,
    dice: Dice,
    staff: Staff,
    items: Vec<Arc<catalogue::Version>>,
    samples: Samples,
    applications: Vec<ApplicationId>,
    cases: Vec<CaseId>,
}

impl Days {
    /// Gets ready.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub fn new(db: &Db, staff: Staff, dice: Dice) -> Result<Self, Fault> {
        let files = db.thing::<FileStore>()?;
        let samples = Samples::store(&files, db.clock())?;
        let today = db.clock().today();
        let items = db.read(|tx| {
            let mut all = Vec::new();
            for content in catalogue::shipped::items().map_err(Fault::broken)? {
                let code = content.codes.key().unwrap_or_default().to_owned();
                all.extend(catalogue::published_by_code(tx, &code, today)?);
            }
            Ok(all)
        })?;
        let (db, applications, cases) = (db.clone(), Vec::new(), Vec::new());
        Ok(Self {
            db,
            dice,
            staff,
            items,
            samples,
            applications,
            cases,
        })
    }

    /// Lives one day, if it is a working day; answers how many applications it brought.
    ///
    /// # Errors
    /// When a command fails that must not.
    pub fn live(&mut self, day: Date) -> Result<u64, Fault> {
        let calendar = self.db.thing::<WorkingDays>()?;
        if !calendar.is_working(day).map_err(Fault::broken)? {
            return Ok(0);
        }
        self.set_clock(day, 9, 0);
        jobs::fire_due(&self.db)?;
        let arrivals = 5 + self.dice.below(APPLICATIONS_MAX - 4);
        for _ in 0..arrivals {
            self.pass_minutes(12);
            self.apply()?;
        }
        self.set_clock(day, 14, 0);
        for id in std::mem::take(&mut self.applications) {
            self.pass_minutes(3);
            if !self.answer(id)? {
                self.applications.push(id);
            }
        }
        for id in std::mem::take(&mut self.cases) {
            self.pass_minutes(2);
            if !self.handle(id)? {
                self.cases.push(id);
            }
        }
        jobs::fire_due(&self.db)?;
        jobs::seal_all(&self.db, 0)?;
        Ok(arrivals)
    }

    fn set_clock(&self, day: Date, hour: i8, minute: i8) {
        let at = kernel::clock::hall_instant(day.at(hour, minute, 0, 0));
        if self.db.clock().now() < at {
            self.db.clock().set(at);
        }
    }

    fn pass_minutes(&self, most: u64) {
        let minutes = i64::try_from(self.dice.below(most) + 1).unwrap_or(1);
        self.db
            .clock()
            .advance(SignedDuration::from_secs(minutes * 20));
    }

    /// Somebody applies online.
    fn apply(&mut self) -> Result<(), Fault> {
        let Some(version) = self.dice.pick(&self.items).cloned() else {
            return Ok(());
        };
        let content = &version.content;
        let all = paths(content).map_err(Fault::broken)?;
        let Some((picks, scenario)) = self.dice.pick(&all).cloned() else {
            return Ok(());
        };
        let for_firms = !content
            .targets
            .contains(&catalogue::model::kind::Target::Person);
        let is_firm = for_firms && !content.targets.is_empty();
        let kind = if is_firm {
            PersonKind::Legal
        } else {
            PersonKind::Natural
        };
        let today = self.db.clock().today();
        let born_by = content
            .age_min
            .map(|age| i64::from(today.year()) - i64::from(age) - 1);
        let person = people::person(&self.dice, kind, born_by);
        let speaker = Speaker {
            name: &person.name,
            number: &person.identity_number,
            phone: &person.phone,
            is_firm,
        };
        let given = answers(content, &scenario.id, &speaker, today, &self.dice);
        let Some(given) = given else {
            let name = content.name.get("zh");
            return Err(Fault::broken(format!("no answers fit the form of {name}")));
        };
        let needed = requirements(content, &scenario.id).map_err(Fault::broken)?;
        let lines = needed.materials.lines().iter();
        let materials: Vec<String> = lines
            .filter(|line| line.requirement.necessity != Necessity::Optional)
            .map(|line| line.material.id.clone())
            .collect();
        let applicant = self.applicant(kind, person, born_by.is_some())?;
        let wish = Wish {
            version: Arc::clone(&version),
            applicant,
            picks,
            given,
            materials,
        };
        let samples = self.samples;
        let actor = Actor::citizen(applicant, Channel::Web);
        let receipt = self
            .db
            .write(self.db.cause(actor), move |tx| submit(tx, &wish, &samples))?;
        self.applications.push(receipt);
        Ok(())
    }

    /// Now and then one of the two printed applicants, mostly somebody new.
    fn applicant(
        &self,
        kind: PersonKind,
        new: identity::NewPerson,
        is_special: bool,
    ) -> Result<PersonId, Fault> {
        let known = self.staff.applicants.iter().find(|(_, own)| *own == kind);
        if let Some((id, _)) = known.filter(|_| !is_special && self.dice.percent(12)) {
            return Ok(*id);
        }
        let cause = self.db.cause(Actor::system());
        self.db
            .write(cause, move |tx| identity::person_at_counter(tx, &new))
    }

    /// A window clerk answers; true when intake is over.
    fn answer(&mut self, id: ApplicationId) -> Result<bool, Fault> {
        if self.dice.percent(15) {
            return Ok(false);
        }
        let application = self.db.read(|tx| intake::application(tx, id))?;
        if !application.status.is_open() {
            self.follow_case(id)?;
            return Ok(true);
        }
        let Some(clerk) = self.dice.pick(&self.staff.clerks).copied() else {
            return Ok(false);
        };
        let by = By::Clerk {
            officer: clerk.officer,
            hall: clerk.organ,
        };
        let roll = self.dice.below(100);
        let told = application.notice.is_some();
        if application.status.waits_for_hall() && roll < 6 && !told {
            let scenario = usize::from(application.scenario);
            self.as_officer(clerk, move |tx| tell_missing(tx, &by, id, scenario))?;
            return Ok(false);
        }
        if !application.status.waits_for_hall() {
            let applicant = application.applicant;
            let actor = Actor::citizen(applicant, Channel::Web);
            let samples = self.samples;
            self.db.write(self.db.cause(actor), move |tx| {
                let by = By::Person(applicant);
                let files = asked(tx, id, &by, &samples)?;
                intake::correct(tx, &by, id, None, files).map(|_| ())
            })?;
            return Ok(false);
        }
        if roll == 98 {
            self.as_officer(clerk, move |tx| {
                intake::not_accepted(tx, &by, id, "广安市生态环境局", "该事项由市级部门办理")
                    .map(|_| ())
            })?;
            return Ok(true);
        }
        self.as_officer(clerk, move |tx| intake::accept(tx, &by, id).map(|_| ()))?;
        self.follow_case(id)?;
        Ok(true)
    }

    fn follow_case(&mut self, application: ApplicationId) -> Result<(), Fault> {
        let found = self.db.read(|tx| {
            let application = intake::application(tx, application)?;
            case::find_by_number(tx, application.number.as_ref())
        })?;
        self.cases.extend(found);
        Ok(())
    }

    /// The departments work on a case; true when it is over.
    fn handle(&mut self, id: CaseId) -> Result<bool, Fault> {
        for _ in 0..3 {
            let case = self.db.read(|tx| case::case(tx, id))?;
            if case.status.is_over() {
                self.rate(&case)?;
                return Ok(true);
            }
            if case.status == case::Status::Paused {
                if self.dice.percent(40) {
                    self.by_role(&case, web::Role::Reviewer, move |tx, officer| {
                        case::resume(tx, officer, id).map(|_| ())
                    })?;
                }
                return Ok(false);
            }
            if !self.dice.percent(62) {
                return Ok(false);
            }
            match self.work(&case) {
                // 许可法 57: somebody came first, so this one waits for another day.
                Err(Fault::Refused(no)) if no.code == "case.out_of_order" => return Ok(false),
                worked => worked?,
            }
        }
        Ok(false)
    }

    /// Somebody does one open task.
    fn work(&self, case: &Case) -> Result<(), Fault> {
        let Some(task) = self.dice.pick(&case.tasks).cloned() else {
            return Ok(());
        };
        let id = case.id;
        if task.duty == Duty::Review && self.dice.percent(4) {
            return self.by_role(case, task.role, move |tx, officer| {
                let listed = case::special_procedures(tx, id)?;
                let (kind, days) = listed
                    .first()
                    .map_or((calendar::PauseKind::Inspection, 5), |one| {
                        (one.kind, one.days_max.min(5))
                    });
                case::pause(tx, officer, id, kind, days, "依法需要，其时间不计").map(|_| ())
            });
        }
        if task.duty == Duty::Deliver {
            let out = HandOut {
                method: Method::Counter,
                identity_checked: true,
                proof: Some("窗口签收".to_owned()),
            };
            let Some(seat) = self.dice.pick(&self.staff.exit).copied() else {
                return Ok(());
            };
            return self.as_seated(seat, move |tx, officer| {
                case::deliver(tx, officer, id, &out).map(|_| ())
            });
        }
        let finish = self.finish(&task)?;
        self.by_task(&task, move |tx, officer| {
            case::complete(tx, officer, id, &finish).map(|_| ())
        })
    }

    fn finish(&self, task: &case::Task) -> Result<Finish, Fault> {
        let roll = self.dice.below(100);
        let (word, opinion) = match task.duty {
            Duty::Decide if roll < 5 => ("refused", "不符合法定条件"),
            Duty::Decide => ("granted", "符合法定条件，准予许可"),
            _ if roll < 3 => ("disagree", "材料与现场不一致"),
            _ => ("agree", "材料齐全，符合要求"),
        };
        let grounds = (word == "refused").then(|| Grounds {
            reason: "经审查，申请场所不符合法定条件".to_owned(),
            article: "《中华人民共和国行政许可法》第三十八条第二款".to_owned(),
            review_organ: "广安市广安区人民政府".to_owned(),
            court: "广安市广安区人民法院".to_owned(),
            lacking: None,
        });
        let outcome = Code::try_from(word.to_owned()).map_err(Fault::broken)?;
        Ok(Finish {
            task: task.number,
            outcome: Some(outcome),
            opinion: Some(opinion.to_owned()),
            files: Vec::new(),
            grounds,
            departure: None,
            minutes: None,
        })
    }

    /// The applicant says how it was, more often than not.
    fn rate(&self, case: &Case) -> Result<(), Fault> {
        let subject = Subject::Case(case.id.uuid());
        let rating = self.db.read(|tx| evaluation::of_subject(tx, subject))?;
        let Some(rating) = rating.filter(|_| self.dice.percent(70)) else {
            return Ok(());
        };
        let grade = match self.dice.below(100) {
            0 => Grade::Dissatisfied,
            1..4 => Grade::BasicallySatisfied,
            4..22 => Grade::Satisfied,
            _ => Grade::VerySatisfied,
        };
        let said = Said {
            grade,
            tags: Vec::new(),
            text: String::new(),
            channel: RatingChannel::Mobile,
            real_name: true,
        };
        let person = case.applicant;
        let cause = self.db.cause(Actor::citizen(person, Channel::Mobile));
        let rated = self.db.write(cause, move |tx| {
            evaluation::rate_own(tx, rating.id, person, &said).map(|_| ())
        });
        // The seven days may have passed meanwhile: then the default stands.
        if matches!(rated, Err(Fault::Refused(_))) {
            Ok(())
        } else {
            rated
        }
    }

    fn by_role(
        &self,
        case: &Case,
        role: web::Role,
        work: impl Fn(&mut Tx<'_>, &web::Officer) -> Result<(), Fault> + Send + Clone + 'static,
    ) -> Result<(), Fault> {
        let seats = self
            .staff
            .by_role
            .get(&(case.organ, role))
            .cloned()
            .unwrap_or_default();
        match self.dice.pick(&seats).copied() {
            Some(seat) => self.as_seated(seat, work),
            None => Ok(()),
        }
    }

    /// Whoever may do a task: a second officer of the post where the first may not any more.
    fn by_task(
        &self,
        task: &case::Task,
        work: impl Fn(&mut Tx<'_>, &web::Officer) -> Result<(), Fault> + Send + Clone + 'static,
    ) -> Result<(), Fault> {
        let seats = self
            .staff
            .by_role
            .get(&(task.organ, task.role))
            .cloned()
            .unwrap_or_default();
        let mut last = Ok(());
        for seat in seats {
            last = self.as_seated(seat, work.clone());
            if !matches!(last, Err(Fault::Refused(_))) {
                break;
            }
        }
        last
    }

    fn as_seated(
        &self,
        seat: Seated,
        work: impl Fn(&mut Tx<'_>, &web::Officer) -> Result<(), Fault> + Send + 'static,
    ) -> Result<(), Fault> {
        self.as_officer(seat, move |tx| {
            let officer = identity::HallDirectory.officer(tx, seat.officer)?;
            let officer = officer.ok_or(Fault::NotFound { what: "officer" })?;
            work(tx, &officer)
        })
    }

    fn as_officer<T: Send + 'static>(
        &self,
        seat: Seated,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let actor = Actor::officer(seat.officer, seat.post, seat.organ, Channel::Counter);
        self.db.write(self.db.cause(actor), work)
    }
}

/// The first day of the demonstration.
#[must_use]
pub fn first_day(today: Date) -> Date {
    today.checked_sub(DAYS.days()).unwrap_or(today)
}
