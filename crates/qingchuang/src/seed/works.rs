//! The works of the demonstration hall: a building project that has gone through four of its five
//! stages, with a pause and a late opinion behind it, and bundles that run.

use std::sync::Arc;

use db::Db;
use identity::PersonKind;
use jiff::civil::Date;
use kernel::{Actor, Channel, Fault};
use project::{BundleId, NewProject, ProjectId, Stance};

use super::joint::{Hands, Wanted};
use super::staff::Staff;

/// What the works keep in mind from day to day.
pub(crate) struct Works {
    db: Db,
    hands: Hands,
    today: Date,
    working_days: u32,
    running: Option<BundleId>,
    project: Option<ProjectId>,
    permit: Option<BundleId>,
}

impl Works {
    /// Gets ready.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) fn new(db: &Db, staff: &Staff, today: Date) -> Result<Self, Fault> {
        Ok(Self {
            db: db.clone(),
            hands: Hands::of(db, Arc::new(staff.clone()))?,
            today,
            working_days: 0,
            running: None,
            project: None,
            permit: None,
        })
    }

    /// Lives one day, if it is a working day.
    ///
    /// # Errors
    /// When a command fails that must not.
    pub(crate) fn live(&mut self, day: Date) -> Result<(), Fault> {
        let calendar = self.db.thing::<calendar::WorkingDays>()?;
        if !calendar.is_working(day).map_err(Fault::broken)? {
            return Ok(());
        }
        self.working_days += 1;
        match self.working_days {
            1 => {
                self.begin(day)?;
                self.open(0)
            }
            2 => self.close(),
            3 => self.open(1),
            4 => self.close(),
            5 => self.open(2),
            8 => self.close(),
            9 => self.permit(),
            12 => self.late(),
            13 => self.permitted(),
            14 => self.restaurant(),
            _ if self.is_last(day)? => self.companies(),
            _ => Ok(()),
        }
    }

    /// Whether this is the last working day but one before the visitor comes.
    fn is_last(&self, day: Date) -> Result<bool, Fault> {
        let calendar = self.db.thing::<calendar::WorkingDays>()?;
        let left = calendar.between(day, self.today).map_err(Fault::broken)?;
        Ok(left == 2)
    }

    fn begin(&mut self, day: Date) -> Result<(), Fault> {
        let firm = self.hands.applicant(PersonKind::Legal)?;
        let new = NewProject {
            code: "2026-511602-47-03-000018".to_owned(),
            name: "广安区智慧物流产业园一期".to_owned(),
            applicant: firm,
            scheme: "five_stages".to_owned(),
        };
        let id = self.hands.register(firm, &new)?;
        self.project = Some(id);
        let calendar = self.db.thing::<calendar::WorkingDays>()?;
        let wanted = calendar.after(day, 50).map_err(Fault::broken)?.date;
        let cause = self.db.cause(Actor::citizen(firm, Channel::Web));
        self.db.write(cause, move |tx| {
            project::plan_own(tx, firm, id, wanted).map(|_| ())
        })
    }

    /// Hands in a stage.
    fn hand_in(&self, stage: u16, chosen: &[&str]) -> Result<BundleId, Fault> {
        let firm = self.hands.applicant(PersonKind::Legal)?;
        let theme = format!("five_{}", stage + 1);
        let wanted = Wanted {
            theme: &theme,
            stage: self.project.map(|id| (id, stage)),
            chosen,
            picks: &[],
            pre_review: false,
            today: &[],
        };
        self.hands.hand_in(firm, &wanted)
    }

    /// Hands in a stage and has it accepted.
    fn open(&mut self, stage: u16) -> Result<(), Fault> {
        let id = self.hand_in(stage, &[])?;
        self.hands.accept(id)?;
        self.running = Some(id);
        Ok(())
    }

    /// Runs the stage to its end.
    fn close(&mut self) -> Result<(), Fault> {
        let Some(id) = self.running.take() else {
            return Ok(());
        };
        self.hands.finish(id)?;
        let bundle = self.db.read(move |tx| project::bundle(tx, id))?;
        for opinion in &bundle.opinions {
            self.hands
                .opine(id, opinion.number, Stance::Agrees, "同意")?;
        }
        Ok(())
    }

    /// The construction permit: departments side by side, a special procedure, a reminder.
    fn permit(&mut self) -> Result<(), Fault> {
        let id = self.hand_in(3, &["lightning"])?;
        self.permit = Some(id);
        self.hands.accept(id)?;
        for key in ["shelter_works", "quality", "lightning"] {
            self.hands.grant(id, key)?;
        }
        let case = self.hands.case_of(id, "fire_design")?;
        self.hands.lead(id, move |tx, officer| {
            let kind = calendar::PauseKind::ExpertReview;
            case::pause(tx, officer, case, kind, 3, "组织专家评审").map(|_| ())
        })?;
        let words = "请于反馈时限内答复";
        self.hands.lead(id, move |tx, officer| {
            project::remind(tx, officer, id, None, Some(1), words).map(|_| ())
        })?;
        let words = "请按防雷规范补设接闪器";
        self.hands.opine(id, 2, Stance::WithConditions, words)
    }

    /// The silent department answers after all.
    fn late(&self) -> Result<(), Fault> {
        match self.permit {
            Some(id) => self.hands.opine(id, 1, Stance::Agrees, "同意，迟复致歉"),
            None => Ok(()),
        }
    }

    /// The special procedure ends, the rest is granted, the drawings are concluded.
    fn permitted(&self) -> Result<(), Fault> {
        let Some(id) = self.permit else { return Ok(()) };
        let case = self.hands.case_of(id, "fire_design")?;
        self.hands.lead(id, move |tx, officer| {
            case::resume(tx, officer, case).map(|_| ())
        })?;
        self.hands.finish(id)?;
        self.hands.lead(id, move |tx, officer| {
            let marks = vec![true; 3];
            project::hold_check(tx, officer, id, marks, true, "图审合格").map(|_| ())
        })
    }

    /// One industry, one certificate.
    fn restaurant(&self) -> Result<(), Fault> {
        let firm = self.hands.applicant(PersonKind::Legal)?;
        let restaurant = self.hands.hand_in(firm, &plain("restaurant"))?;
        self.hands.finish(restaurant)
    }

    /// Bundles that run: a company half way, and one that waits at the front desk.
    fn companies(&self) -> Result<(), Fault> {
        let firm = self.hands.applicant(PersonKind::Legal)?;
        let company = self.hands.hand_in(firm, &plain("start_company"))?;
        self.hands.accept(company)?;
        self.hands.grant(company, "registration")?;
        let other = self.hands.new_firm()?;
        self.hands
            .hand_in(other, &plain("start_company"))
            .map(|_| ())
    }
}

fn plain(theme: &str) -> Wanted<'_> {
    Wanted {
        theme,
        stage: None,
        chosen: &[],
        picks: &[],
        pre_review: false,
        today: &[],
    }
}
