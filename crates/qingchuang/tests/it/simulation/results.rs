//! What comes of a case: the rating of whoever was served, and the certificate's later fate.

use anyhow::{Result, bail, ensure};
use certificate::{CancellationGround, RevocationGround};
use evaluation::{Aspect, Grade, Invitation, RatingChannel, Said, Subject};
use kernel::{Actor, Channel, TypedId};

use super::model::{Rated, Rating, Validity};
use super::run::{Codes, Sim};

const HALL: &[Aspect] = &[Aspect::ServiceAttitude, Aspect::ServiceLevel];
const ONLINE: &[Aspect] = &[Aspect::Efficiency, Aspect::Convenience];

impl Sim {
    /// A delivered case invites one rating.
    pub fn invited(&mut self, place: usize, by_staff: bool) -> Result<()> {
        let case = &self.model.cases[place];
        let subject = Subject::Case(case.id.uuid());
        let person = self.model.applications[case.application].applicant;
        let found = self
            .db
            .read(move |tx| evaluation::of_subject(tx, subject))?;
        let Some(found) = found else {
            bail!("nobody was asked about {}", case.id);
        };
        let new = self.model.ratings.len();
        self.model.cases[place].rating = Some(new);
        self.model.ratings.push(Rating {
            id: found.id,
            subject,
            person: Some(person),
            expires_on: later(self.today(), 7),
            by_staff,
            rated: Rated::Invited,
            revision: 1,
        });
        self.check_rating(new)
    }

    fn some_rating(&mut self, wanted: Rated) -> Option<usize> {
        let all = self.model.ratings.len();
        let fitting: Vec<usize> = (0..all)
            .filter(|place| self.model.ratings[*place].rated == wanted)
            .collect();
        match self.chance.percent(80) {
            true => self.chance.pick(&fitting).copied(),
            false => (0 < all).then(|| self.chance.below(all)),
        }
    }

    pub fn rate(&mut self) -> Result<()> {
        let Some(place) = self.some_rating(Rated::Invited) else {
            return Ok(());
        };
        let one = &self.model.ratings[place];
        let (owner, by_staff) = (one.person, one.by_staff);
        let stranger = self.chance.below(self.model.people.len());
        let me = match self.chance.percent(90) {
            true => owner.unwrap_or(stranger),
            false => stranger,
        };
        let one = &self.model.ratings[place];
        let mut no = Codes::new();
        match one.rated {
            Rated::Given | Rated::Supplemented => no.push("evaluation.already_rated"),
            Rated::Defaulted => no.push("evaluation.defaulted"),
            Rated::Invited if one.expires_on < self.today() => no.push("evaluation.too_late"),
            Rated::Invited => {}
        }
        if owner != Some(me) {
            no.push("not_found");
        }
        let asked = if by_staff { HALL } else { ONLINE };
        let mut tags = asked[..self.chance.below(3)].to_vec();
        if self.chance.percent(6) {
            tags.push(if by_staff { ONLINE[0] } else { HALL[0] });
            no.push("evaluation.unknown_tag");
        }
        let said = Said {
            grade: Grade::ALL[self.chance.below(Grade::ALL.len())],
            tags,
            text: if self.chance.percent(30) {
                "办得很快".to_owned()
            } else {
                String::new()
            },
            channel: RatingChannel::Web,
            real_name: self.chance.percent(60),
        };
        if self.model.people[me].is_erased {
            return Ok(());
        }
        let (id, person) = (self.model.ratings[place].id, self.model.people[me].id);
        let staff = self.chance.percent(5);
        let actor = match staff {
            true => Actor::officer(
                self.model.officers[0].id,
                self.model.posts[0].id,
                self.model.hall,
                Channel::Counter,
            ),
            false => Actor::citizen(person, Channel::Web),
        };
        if staff {
            no.push("evaluation.staff_may_not_rate");
        }
        let told = format!("{id} by {person}");
        let done = self.ask("rate", actor, &told, &no, move |tx| {
            evaluation::rate_own(tx, id, person, &said).map(|_| ())
        })?;
        if done.is_some() {
            let one = &mut self.model.ratings[place];
            one.rated = Rated::Given;
            one.revision += 1;
        }
        self.check_rating(place)
    }

    pub fn supplement(&mut self) -> Result<()> {
        let Some(place) = self.some_rating(Rated::Given) else {
            return Ok(());
        };
        let one = &self.model.ratings[place];
        let mut no = Codes::new();
        match one.rated {
            Rated::Invited | Rated::Defaulted => no.push("evaluation.not_yet_rated"),
            Rated::Supplemented => no.push("evaluation.already_supplemented"),
            Rated::Given => {}
        }
        let (id, subject) = (one.id, one.subject);
        let roll = self.chance.below(10);
        let grade = (roll < 4).then_some(Grade::Dissatisfied);
        let text = if (2..8).contains(&roll) {
            "补充说明"
        } else {
            ""
        };
        if grade.is_none() && text.is_empty() {
            no.push("evaluation.nothing_to_add");
        }
        let stranger = self.chance.percent(5);
        let actor = Actor::public(Channel::Mobile);
        if stranger {
            no.push("not_found");
        }
        let told = format!("{id}, with a wrong link: {stranger}");
        let done = self.ask("supplement", actor, &told, &no, move |tx| {
            let link = evaluation::link_of(tx, subject)?;
            let unknown = kernel::Fault::NotFound { what: "link" };
            let (_, mut token) = link.ok_or(unknown.clone())?;
            if stranger {
                let wrong = evaluation::Token::parse("00000000000000000000000000000001");
                token = wrong.ok_or(unknown)?;
            }
            evaluation::supplement(tx, &token, grade, text).map(|_| ())
        })?;
        if done.is_some() {
            let one = &mut self.model.ratings[place];
            one.rated = Rated::Supplemented;
            one.revision += 1;
        }
        self.check_rating(place)
    }

    /// Somebody asks once more about a service, or about one at the counter.
    pub fn invite(&mut self) -> Result<()> {
        let known = self.chance.below(self.model.ratings.len());
        let again = self.chance.percent(50) && !self.model.ratings.is_empty();
        let subject = match again {
            true => self.model.ratings[known].subject,
            false => Subject::CounterService(self.db.clock().new_uuid()),
        };
        let no: Codes = match again {
            true => vec!["evaluation.already_invited"],
            false => vec![],
        };
        let item = &self.model.items[self.chance.below(self.model.items.len())];
        let person = self.chance.below(self.model.people.len());
        let is_known = self.chance.percent(70) && !self.model.people[person].is_erased;
        let invitation = Invitation {
            subject,
            item: item.id.uuid(),
            version: 1,
            organ: self.model.hall,
            officer: None,
            person: is_known.then_some(self.model.people[person].id),
        };
        let actor = Actor::officer(
            self.model.officers[0].id,
            self.model.posts[0].id,
            self.model.hall,
            Channel::Counter,
        );
        let told = format!("{subject:?}");
        let done = self.ask("invite", actor, &told, &no, move |tx| {
            evaluation::invite(tx, &invitation).map(|invited| invited.rating)
        })?;
        if let Some(id) = done {
            let new = self.model.ratings.len();
            self.model.ratings.push(Rating {
                id,
                subject,
                person: is_known.then_some(person),
                expires_on: later(self.today(), 7),
                by_staff: true,
                rated: Rated::Invited,
                revision: 1,
            });
            self.check_rating(new)?;
        }
        Ok(())
    }

    /// A certificate is taken back or struck off, by its organ or by another.
    pub fn end_certificate(&mut self) -> Result<()> {
        if self.model.certificates.is_empty() {
            return Ok(());
        }
        let place = self.chance.below(self.model.certificates.len());
        let one = &self.model.certificates[place];
        let (id, organ, today) = (one.id, one.organ, self.today());
        let seats = self.model.seats_with(organ, web::Role::Decider, today);
        let anybody = self.any_seat();
        let seat = match self.chance.percent(80) {
            true => self.chance.pick(&seats).cloned(),
            false => anybody,
        };
        let Some(seat) = seat else { return Ok(()) };
        let revoke = self.chance.percent(50);
        let ground = match self.chance.below(3) {
            0 => CancellationGround::NotRenewed,
            1 => CancellationGround::RevokedOrWithdrawn,
            _ => CancellationGround::HolderTerminated,
        };
        let one = &self.model.certificates[place];
        let validity = match one.validity {
            Validity::Valid if one.last_day.is_some_and(|last| last < self.today()) => {
                Validity::Expired
            }
            other => other,
        };
        let mut no = Codes::new();
        if seat.organ != organ {
            no.push("certificate.not_the_issuer");
        }
        if !seat.roles.contains(&web::Role::Decider) {
            no.push("certificate.not_a_decider");
        }
        let theirs = super::cases::people_of(&seat);
        if theirs.iter().any(|officer| one.issued_by.contains(officer)) {
            no.push("certificate.issued_by_you");
        }
        let of_revocation = ground == CancellationGround::RevokedOrWithdrawn;
        match validity {
            Validity::Cancelled => no.push("certificate.already_ended"),
            Validity::Revoked if revoke => no.push("certificate.already_ended"),
            Validity::Revoked if !of_revocation => {
                no.push("certificate.ground_must_be_revocation");
            }
            Validity::Valid if !revoke && ground == CancellationGround::NotRenewed => {
                no.push("certificate.not_expired_yet");
            }
            // 许可法 70(4): only what was taken away is struck off on that ground.
            Validity::Valid | Validity::Expired if !revoke && of_revocation => {
                no.push("certificate.not_taken_away");
            }
            _ => {}
        }
        let kind = if revoke { "revoke" } else { "cancel" };
        let told = format!("{id} {ground}");
        let done = self.officer_asks(kind, &seat, &told, &no, move |tx, _| match revoke {
            true => certificate::revoke(tx, id, RevocationGround::ObtainedByFraud, "以欺骗取得"),
            false => certificate::cancel(tx, id, ground, "依法注销"),
        })?;
        if done.is_some() {
            let one = &mut self.model.certificates[place];
            one.validity = match revoke {
                true => Validity::Revoked,
                false => Validity::Cancelled,
            };
        }
        self.check_certificate(place)
    }

    pub fn check_rating(&mut self, place: usize) -> Result<()> {
        let one = &self.model.ratings[place];
        let (id, rated, revision) = (one.id, one.rated, one.revision);
        let found = self
            .db
            .read(move |tx| ledger::lifecycle::load_versioned::<evaluation::Rating>(tx, id))?;
        let is = match found.record.status {
            evaluation::RatingStatus::Invited => Rated::Invited,
            evaluation::RatingStatus::Rated => Rated::Given,
            evaluation::RatingStatus::Supplemented => Rated::Supplemented,
            evaluation::RatingStatus::Defaulted => Rated::Defaulted,
        };
        ensure!(
            (is, found.revision) == (rated, revision),
            "{id} is {is:?} at {}, not {rated:?} at {revision}",
            found.revision
        );
        Ok(())
    }

    pub fn check_certificate(&mut self, place: usize) -> Result<()> {
        let one = &self.model.certificates[place];
        let (id, validity) = (one.id, one.validity);
        let found = self.db.read(move |tx| certificate::certificate(tx, id))?;
        let is = match found.state {
            certificate::CertificateState::Valid => Validity::Valid,
            certificate::CertificateState::Expired => Validity::Expired,
            certificate::CertificateState::Revoked => Validity::Revoked,
            certificate::CertificateState::Cancelled => Validity::Cancelled,
            other => bail!("{id} is {other}"),
        };
        ensure!(is == validity, "{id} is {is:?}, not {validity:?}");
        Ok(())
    }
}

/// So many natural days later.
pub fn later(day: jiff::civil::Date, count: usize) -> jiff::civil::Date {
    (0..count).fold(day, |day, _| day.tomorrow().expect("time goes on"))
}
