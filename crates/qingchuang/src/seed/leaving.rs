//! Two licences of the printed company: one on its way out, with a hearing that is held today, and
//! one near its end, which the hall proposes to renew in silence.

use calendar::WorkingDays;
use certificate::{Amended, Certificate, CertificateId, ExitGround, RevocationGround};
use db::{Db, Tx};
use exit::{ExitSource, NewExit};
use hearing::Arrangement;
use identity::PersonKind;
use jiff::ToSpan;
use jiff::civil::Date;
use kernel::{Actor, Channel, Fault, Money, PersonId, TypedId};
use web::{Directory, Officer, Role};

use super::pledging::Pledging;
use super::staff::{Seated, Staff};

/// How many days the other licence has left.
const DAYS_LEFT: i64 = 60;

/// What it keeps in mind from day to day.
pub(super) struct Leaving<'d> {
    db: &'d Db,
    staff: &'d Staff,
    today: Date,
    hearing_day: Date,
    licences: Vec<Certificate>,
}

impl<'d> Leaving<'d> {
    /// Gets ready.
    ///
    /// # Errors
    /// When the calendar does not know the days.
    pub(super) fn new(db: &'d Db, staff: &'d Staff, today: Date) -> Result<Self, Fault> {
        let calendar = db.thing::<WorkingDays>()?;
        let mut hearing_day = today;
        while !calendar.is_working(hearing_day).map_err(Fault::broken)? {
            hearing_day = hearing_day.yesterday().map_err(Fault::broken)?;
        }
        Ok(Self {
            db,
            staff,
            today,
            hearing_day,
            licences: Vec::new(),
        })
    }

    /// Lives one day, if it is a working day.
    ///
    /// # Errors
    /// When a command fails that must not.
    pub(super) fn live(&mut self, day: Date) -> Result<(), Fault> {
        let calendar = self.db.thing::<WorkingDays>()?;
        if !calendar.is_working(day).map_err(Fault::broken)? {
            return Ok(());
        }
        if self.licences.is_empty() {
            return self.grant();
        }
        let notice = calendar.after(day, hearing::NOTICE_DAYS);
        if notice.map_err(Fault::broken)?.date == self.hearing_day {
            return self.open();
        }
        Ok(())
    }

    fn company(&self) -> Option<PersonId> {
        let mut all = self.staff.applicants.iter();
        let company = all.find(|(_, kind)| *kind == PersonKind::Legal);
        company.map(|(id, _)| *id)
    }

    fn grant(&mut self) -> Result<(), Fault> {
        let Some(company) = self.company() else {
            return Ok(());
        };
        let pledging = Pledging::new(self.db, self.staff)?;
        pledging.licence(company)?;
        pledging.licence(company)?;
        self.licences = self.db.read(|tx| certificate::valid_of(tx, company))?;
        Ok(())
    }

    /// Reported, contested, and heard today.
    fn open(&self) -> Result<(), Fault> {
        let (Some(licence), Some(company)) = (self.licences.first(), self.company()) else {
            return Ok(());
        };
        let (organ, id) = (licence.organ, licence.id);
        let seats = |role: Role| self.staff.by_role.get(&(organ, role));
        let Some([opener, presider, ..]) = seats(Role::Reviewer).map(Vec::as_slice) else {
            return Ok(());
        };
        let exit = self.at(*opener, move |tx, by| {
            let opened = exit::open(tx, by, &reported(id))?;
            let (loss, paid) = (Money::from_fen(120_000), Money::from_fen(120_000));
            let how = "按许可剩余期限折算已支付的制作费";
            exit::assess(tx, by, opened, loss, paid, how)?;
            Ok(opened)
        })?;
        let actor = Actor::citizen(company, Channel::Web);
        self.db.write(self.db.cause(actor), move |tx| {
            let said = "设置位置未变，仅门牌号由公安机关变更，请求听证";
            exit::state(tx, company, exit, said)?;
            exit::ask_hearing(tx, company, exit).map(|_| ())
        })?;
        let (day, presider) = (self.hearing_day, presider.officer);
        self.at(*opener, move |tx, by| {
            let last = hearing::last_of(tx, exit.uuid())?;
            let heard = last.ok_or(Fault::NotFound { what: "hearing" })?;
            let new = Arrangement {
                day,
                minute: 9 * 60 + 30,
                place: "政务服务中心三楼听证室".to_owned(),
                presider,
                closed_for: None,
            };
            hearing::schedule(tx, by, heard.id, &new).map(|_| ())
        })
    }

    /// A decider who did not issue it shortens the other one, so that it is near its end.
    ///
    /// # Errors
    /// When a command fails that must not.
    pub(super) fn near_its_end(&self) -> Result<(), Fault> {
        let Some(licence) = self.licences.get(1) else {
            return Ok(());
        };
        let decider = self.staff.by_role.get(&(licence.organ, Role::Decider));
        let Some(decider) = decider.and_then(|all| all.first()).copied() else {
            return Ok(());
        };
        let until = self.today.checked_add(DAYS_LEFT.days());
        let until = until.map_err(Fault::broken)?;
        let id = licence.id;
        self.at(decider, move |tx, _| shorten(tx, id, until))
    }

    fn at<T: Send + 'static>(
        &self,
        seat: Seated,
        work: impl Fn(&mut Tx<'_>, &Officer) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let actor = Actor::officer(seat.officer, seat.post, seat.organ, Channel::Counter);
        self.db.write(self.db.cause(actor), move |tx| {
            let officer = identity::HallDirectory.officer(tx, seat.officer)?;
            let officer = officer.ok_or(Fault::NotFound { what: "officer" })?;
            work(tx, &officer)
        })
    }
}

fn reported(certificate: CertificateId) -> NewExit {
    NewExit {
        certificate,
        ground: ExitGround::Revocation(RevocationGround::ApplicantNotEligible),
        source: ExitSource::Report,
        findings: "经查，申请时承诺的设置位置与实际位置不一致，不符合设置技术规范".to_owned(),
        penalty: None,
        penalty_on: None,
    }
}

fn shorten(tx: &mut Tx<'_>, id: CertificateId, until: Date) -> Result<(), Fault> {
    let found = certificate::certificate(tx, id)?;
    let text = certificate::text_of(tx, &found)?.ok_or(Fault::NotFound { what: "cert" })?;
    let amended = Amended {
        scope: text.scope,
        values: text.fields.into_iter().map(|field| field.value).collect(),
        valid_until: Some(until),
        reason: "持证人申请缩短设置期限，与场地租期一致".to_owned(),
    };
    certificate::change(tx, id, &amended).map(|_| ())
}
