//! Time goes on: minutes, nights, weekends, holidays, past due dates; timers fire late; a notice
//! of the State Council comes late and dates what runs again.

use anyhow::{Result, ensure};
use db::params;
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use kernel::Actor;
use qingchuang::import::notice::{self, Said};
use qingchuang::jobs;

use super::model::{Case, Rated, Standing, Validity};
use super::results::later;
use super::run::Sim;

/// The calendar ends with 2027; the simulation stops before.
const LAST: Date = date(2027, 5, 31);

impl Sim {
    /// A few minutes between two commands.
    pub fn pass_minutes(&mut self) {
        let seconds = i64::try_from(self.chance.below(300)).unwrap_or(0) + 1;
        let by = SignedDuration::from_secs(seconds) + SignedDuration::from_micros(7);
        self.db.clock().advance(by);
    }

    /// A night, a weekend, or a long silence.
    pub fn jump(&mut self) -> Result<()> {
        let today = self.today();
        let days = match self.chance.below(100) {
            0..62 => 1,
            62..84 => 3,
            84..97 => 2 + self.chance.below(9),
            _ => 12 + self.chance.below(30),
        };
        let day = later(today, days);
        if LAST < day {
            return Ok(());
        }
        let minute = i8::try_from(self.chance.below(50)).unwrap_or(0);
        let at = kernel::clock::hall_instant(day.at(8, minute, 13, 77_000));
        self.set_clock(at);
        self.steps += 1;
        self.tell("the clock jumps");
        self.tally.entry("jump").or_default().0 += 1;
        if self.chance.percent(80) {
            self.fire()?;
        }
        Ok(())
    }

    fn set_clock(&self, at: Timestamp) {
        if self.db.clock().now() < at {
            self.db.clock().set(at);
        }
    }

    /// All timers that are due fire: each once in effect.
    pub fn fire(&mut self) -> Result<()> {
        self.steps += 1;
        self.tell("timers fire");
        self.tally.entry("fire").or_default().0 += 1;
        jobs::fire_due(&self.db)?;
        let now = self.db.clock().now();
        let later = now + SignedDuration::from_hours(1);
        let (waiting, failed) = self.db.read(move |tx| {
            let due = db::timer::due(tx, 10)?.len();
            let sql = "SELECT COUNT(*) FROM timer WHERE due_at = $1";
            let failed = tx.query_one(sql, params![later], |row| row.get::<i64>(0))?;
            Ok((due, failed.unwrap_or(0)))
        })?;
        ensure!(waiting == 0, "{waiting} timers are due still");
        ensure!(failed == 0, "{failed} timers failed and were set again");
        let today = self.today();
        self.deem(today)?;
        self.remind(today)?;
        for place in 0..self.model.ratings.len() {
            let one = &mut self.model.ratings[place];
            if one.rated == Rated::Invited && one.expires_on < today {
                one.rated = Rated::Defaulted;
                one.revision += 1;
                self.check_rating(place)?;
            }
        }
        for place in 0..self.model.certificates.len() {
            let one = &mut self.model.certificates[place];
            let over = one.last_day.is_some_and(|last| last < today);
            if one.validity == Validity::Valid && over {
                one.validity = Validity::Expired;
                self.check_certificate(place)?;
            }
        }
        Ok(())
    }

    /// Silence is acceptance from the day on which all was there (行政许可法 32).
    fn deem(&mut self, today: Date) -> Result<()> {
        for place in 0..self.model.applications.len() {
            let one = &mut self.model.applications[place];
            if !one.waits() || today <= one.tell_by {
                continue;
            }
            one.standing = Standing::Deemed;
            one.revision += 1;
            let since = one.complete_since;
            self.model.paper("deemed_accepted");
            *self.said.entry("deemed".to_owned()).or_default() += 1;
            self.open_case(place, None, since.at(9, 0, 0, 0))?;
            self.check_application(place)?;
        }
        Ok(())
    }

    /// Somebody is reminded once while a step is open for long.
    fn remind(&mut self, today: Date) -> Result<()> {
        for place in 0..self.model.cases.len() {
            let case = &mut self.model.cases[place];
            let before = case.timers.len();
            case.timers.retain(|_, due| today < *due);
            let fired = before - case.timers.len();
            if fired != 0 {
                case.revision += i64::try_from(fired)?;
                *self.said.entry("reminded".to_owned()).or_default() += 1;
                self.check_case(place)?;
            }
        }
        Ok(())
    }

    /// What the jobs do beside timers.
    pub fn sweep(&mut self) -> Result<()> {
        self.steps += 1;
        self.tell("sweep");
        self.tally.entry("sweep").or_default().0 += 1;
        self.db.write(self.db.cause(Actor::system()), |tx| {
            web::session::sweep(tx)?;
            identity::login::sweep(tx)?;
            intake::sweep(tx)?;
            db::once::forget_old(tx).map(|_| ())
        })?;
        Ok(())
    }

    /// A day that would have worked does not: every running case is dated again.
    pub fn amend_calendar(&mut self) -> Result<()> {
        let today = self.today();
        let ahead = 2 + self.chance.below(12);
        let mut day = later(today, ahead);
        while !self.model.days.works(day) {
            day = later(day, 1);
        }
        self.steps += 1;
        self.tell(&format!("a notice says that {day} is a day off"));
        self.tally.entry("redate").or_default().0 += 1;
        let said = Said {
            version: Some(format!("simulated-{}", self.steps)),
            source: Some("simulation".to_owned()),
            amendment: true,
            provisional: false,
        };
        let rows = format!("date,type,name\n{day},holiday,放假\n");
        let done = notice::import(&self.db, &rows, &said)?;
        ensure!(
            done.moved.iter().all(|one| one.refused.is_none()),
            "a case has no date"
        );
        self.model.days.amend(day, false);
        for place in 0..self.model.cases.len() {
            let case = &mut self.model.cases[place];
            if case.is_over() {
                continue;
            }
            let dates = |case: &Case| (case.promised_due, case.statutory_due, case.delivery_due);
            let before = dates(case);
            match case.decided_on {
                Some(on) => case.delivery_due = Some(self.model.days.after(on, 10)),
                None => case.date(&self.model.days),
            }
            case.revision += i64::from(before != dates(case));
            self.check_case(place)?;
        }
        Ok(())
    }
}
