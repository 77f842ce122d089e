//! The hall goes to people, as the demonstration shows it: the shipped schemes are published and
//! matched, and some minor offences were found, spared or not.

use db::{Db, Tx};
use jiff::ToSpan;
use kernel::{Actor, Channel, Fault, PersonId};
use leniency::{Harm, NewOffence, OffenceId};
use offer::{OfferStatus, SchemeId};
use web::{Directory, Role};

use super::staff::{Seated, Staff};

/// A hall that goes to people.
pub(super) struct Going<'d> {
    db: &'d Db,
    staff: &'d Staff,
}

impl<'d> Going<'d> {
    pub(super) fn new(db: &'d Db, staff: &'d Staff) -> Self {
        Self { db, staff }
    }

    /// Publishes and matches the schemes, lets some confirm and be paid, and handles two offences.
    ///
    /// # Errors
    /// When a command fails that must not.
    pub(super) fn go(&self) -> Result<(), Fault> {
        for content in offer::shipped::schemes()? {
            let id = self.db.write(self.db.cause(Actor::system()), move |tx| {
                offer::publish(tx, None, &content)
            })?;
            self.run(id)?;
        }
        self.offences()
    }

    fn run(&self, id: SchemeId) -> Result<(), Fault> {
        let scheme = self.db.read(|tx| offer::scheme(tx, id))?;
        let seats = |role: Role| self.staff.by_role.get(&(scheme.organ, role));
        let Some(reviewer) = seats(Role::Reviewer).and_then(|all| all.first()).copied() else {
            return Ok(());
        };
        let (mut from, mut looked, mut made) = (None, 0, 0);
        loop {
            let done = self.at(reviewer, move |tx, by| offer::match_some(tx, by, id, from))?;
            looked += done.looked;
            made += done.made;
            from = done.next;
            if from.is_none() {
                break;
            }
        }
        self.at(reviewer, move |tx, by| {
            offer::note_run(tx, by, id, looked, made).map(|_| ())
        })?;
        if scheme.kind == offer::SchemeKind::Benefit
            && let Some(decider) = seats(Role::Decider).and_then(|all| all.last()).copied()
        {
            self.pay_some(id, reviewer, decider)?;
        }
        Ok(())
    }

    /// Every other party confirms; the first of them is paid already.
    fn pay_some(&self, id: SchemeId, reviewer: Seated, decider: Seated) -> Result<(), Fault> {
        let told = self.at(reviewer, move |tx, by| {
            offer::of_scheme(tx, by, id, OfferStatus::Offered, None, 50)
        })?;
        let willing: Vec<_> = told
            .iter()
            .step_by(2)
            .map(|one| (one.id, one.party))
            .collect();
        for (offer_id, party) in &willing {
            let (offer_id, party) = (*offer_id, *party);
            let cause = self.db.cause(Actor::citizen(party, Channel::Mobile));
            self.db.write(cause, move |tx| {
                offer::confirm(tx, party, offer_id).map(|_| ())
            })?;
        }
        let Some((first, _)) = willing.first().copied() else {
            return Ok(());
        };
        self.at(decider, move |tx, by| {
            offer::settle(tx, by, first, true, None)?;
            offer::draw_list(tx, by, id)?;
            offer::note_payment(tx, by, first, None).map(|_| ())
        })
    }

    /// One offence is spared after a lesson, another waits for the decision.
    fn offences(&self) -> Result<(), Fault> {
        let Some((organ, reviewer)) = self.market() else {
            return Ok(());
        };
        let parties: Vec<PersonId> = self.staff.applicants.iter().map(|one| one.0).collect();
        let deciders = self.staff.by_role.get(&(organ, Role::Decider));
        for (at, party) in parties.into_iter().enumerate() {
            let id = self.open(reviewer, party)?;
            let Some(decider) = deciders.and_then(|all| all.last()).copied() else {
                continue;
            };
            if at == 0 {
                self.at(decider, move |tx, by| {
                    let reason = "首次违法，危害后果轻微，当场改正";
                    leniency::settle(tx, by, id, true, reason).map(|_| ())
                })?;
            }
        }
        Ok(())
    }

    /// An organ with a reviewer: that of individual businesses, by its first desk.
    fn market(&self) -> Option<(kernel::OrganId, Seated)> {
        let mut seats = self.staff.by_role.iter();
        let found = seats.find(|((_, role), all)| *role == Role::Reviewer && !all.is_empty());
        let ((organ, _), all) = found?;
        Some((*organ, *all.first()?))
    }

    fn open(&self, reviewer: Seated, party: PersonId) -> Result<OffenceId, Fault> {
        self.at(reviewer, move |tx, by| {
            let today = tx.today();
            let found_on = today.checked_sub(3.days()).map_err(Fault::broken)?;
            let new = NewOffence {
                entry: 1,
                party,
                found_on,
                facts: "检查时营业执照没有悬挂在经营场所醒目位置".to_owned(),
            };
            let id = leniency::open(tx, by, &new)?;
            leniency::assess(tx, by, id, true, Harm::Slight, true)?;
            let lesson = "当面讲明应当亮照经营，当事人当场悬挂并表示今后注意";
            leniency::educate(tx, by, id, lesson)?;
            Ok(id)
        })
    }

    fn at<T: Send + 'static>(
        &self,
        seat: Seated,
        work: impl Fn(&mut Tx<'_>, &web::Officer) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let actor = Actor::officer(seat.officer, seat.post, seat.organ, Channel::Counter);
        self.db.write(self.db.cause(actor), move |tx| {
            let officer = identity::HallDirectory.officer(tx, seat.officer)?;
            let officer = officer.ok_or(Fault::NotFound { what: "officer" })?;
            work(tx, &officer)
        })
    }
}
