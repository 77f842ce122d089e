//! Who is who while the year goes on: people come, give powers of attorney and are forgotten;
//! officers are appointed, stand in, and are dismissed.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use db::Tx;
use identity::{NewPerson, OfficerState, PersonKind};
use jiff::civil::Date;
use kernel::{Actor, Channel, Fault, OfficerId, PostId};
use qingchuang::seed::people;
use web::Role;

use super::applying::born;
use super::model::{Agency, Appointment, Deputy, Person};
use super::results::later;
use super::run::{Codes, Sim};

/// More people than this would only make the year slow.
const PEOPLE_MAX: usize = 400;

impl Sim {
    /// Somebody comes to the counter: new, known, or with a number that cannot be.
    pub fn come(&mut self) -> Result<()> {
        let roll = self.chance.below(100);
        let known = self.chance.below(self.model.people.len());
        let (kind, born_by) = match self.chance.below(3) {
            0 => (PersonKind::Legal, None),
            1 => (PersonKind::Natural, Some(1940)),
            _ => (PersonKind::Natural, None),
        };
        let mut new = people::person(&self.dice, kind, born_by);
        let mut no = Codes::new();
        let again = roll < 25 && !self.model.people.is_empty();
        if again {
            let known = &self.model.people[known];
            new.identity_number.clone_from(&known.number);
            new.kind = match known.is_natural {
                true => PersonKind::Natural,
                false => PersonKind::Legal,
            };
            if roll < 15 {
                new.name.clone_from(&known.name);
            }
        }
        let mut alive = self.model.people.iter().filter(|one| !one.is_erased);
        let known = alive.find(|one| one.number == new.identity_number);
        if known.is_some_and(|known| known.name != new.name) {
            no.push("identity.person_differs");
        }
        if (25..32).contains(&roll) {
            new.identity_number = "370699200013011234".to_owned();
            no.push("identity.wrong_number");
        }
        if (32..36).contains(&roll) {
            new.phone = "12".to_owned();
            no.push("field.phone");
        }
        if PEOPLE_MAX <= self.model.people.len() && no.is_empty() && !again {
            return Ok(());
        }
        let sent: NewPerson = new.clone();
        let told = format!("again: {again}");
        let done = self.ask("come", Actor::system(), &told, &no, move |tx| {
            identity::person_at_counter(tx, &sent)
        })?;
        let Some(id) = done else { return Ok(()) };
        let same = self.model.people.iter_mut().find(|one| one.id == id);
        if let Some(same) = same {
            ensure!(!same.is_erased, "{id} was erased and is known again");
            ensure!(same.number == new.identity_number, "{id} is somebody else");
            same.phone = new.phone;
            return Ok(());
        }
        self.model.people.push(Person {
            id,
            is_natural: new.kind == PersonKind::Natural,
            born: born(&new.identity_number).filter(|_| new.kind == PersonKind::Natural),
            number: new.identity_number,
            name: new.name,
            phone: new.phone,
            is_erased: false,
        });
        Ok(())
    }

    /// One person lets another act, or ends it.
    pub fn authorize(&mut self) -> Result<()> {
        if self.chance.percent(20) && !self.model.agencies.is_empty() {
            return self.end_agency();
        }
        let count = self.model.people.len();
        let (principal, agent) = (self.chance.below(count), self.chance.below(count));
        let today = self.today();
        let until = match self.chance.below(10) {
            0 => Some(today.yesterday()?),
            1..5 => Some(later(today, 30)),
            _ => None,
        };
        let (from, to) = (&self.model.people[principal], &self.model.people[agent]);
        let mut no = Codes::new();
        if principal == agent {
            no.push("identity.same_person");
        }
        if until.is_some_and(|until| until < today) {
            no.push("identity.period_reversed");
        }
        if from.is_erased || to.is_erased {
            no.push("not_found");
        }
        let (from, to) = (from.id, to.id);
        let told = format!("{from} lets {to} until {until:?}");
        let actor = Actor::citizen(from, Channel::Web);
        let done = self.ask("authorize", actor, &told, &no, move |tx| {
            identity::authorize(
                tx,
                from,
                to,
                None,
                identity::AgencyScope::EveryMatter,
                (today, until),
            )
        })?;
        if let Some(id) = done {
            self.model.agencies.push(Agency {
                id,
                principal,
                agent,
                from: today,
                until,
            });
        }
        Ok(())
    }

    fn end_agency(&mut self) -> Result<()> {
        let place = self.chance.below(self.model.agencies.len());
        let today = self.today();
        let early = self.chance.percent(30);
        let one = &self.model.agencies[place];
        let until = if early { one.from.yesterday()? } else { today };
        let mut no = Codes::new();
        if early {
            no.push("identity.period_reversed");
        }
        let people = &self.model.people;
        if people[one.principal].is_erased || people[one.agent].is_erased {
            no.push("not_found");
        }
        let id = one.id;
        let told = format!("{id} on {until}");
        let done = self.ask("end agency", Actor::system(), &told, &no, move |tx| {
            identity::end_agency(tx, id, until)
        })?;
        if done.is_some() {
            self.model.agencies[place].until = Some(until);
        }
        Ok(())
    }

    /// Somebody is forgotten, once nothing of theirs is under way.
    pub fn erase(&mut self) -> Result<()> {
        let place = self.chance.below(self.model.people.len());
        let one = &self.model.people[place];
        if self.model.is_busy(place) || self.model.people.len() < 30 {
            return Ok(());
        }
        let id = one.id;
        let no: Codes = if one.is_erased {
            vec!["not_found"]
        } else {
            vec![]
        };
        let told = format!("{id}");
        let done = self.ask("erase", Actor::system(), &told, &no, move |tx| {
            identity::erase(tx, id)?;
            ledger::forget_person(tx, id).map(|_| ())
        })?;
        if done.is_none() {
            return Ok(());
        }
        self.model.people[place].is_erased = true;
        let theirs = self
            .model
            .applications
            .iter()
            .filter(|one| one.applicant == place);
        let theirs: Vec<_> = theirs.map(|one| one.id).collect();
        self.db.read(move |tx| {
            let gone = matches!(identity::person(tx, id), Err(Fault::NotFound { .. }));
            for application in theirs {
                let found = intake::application(tx, application)?;
                let answers = intake::read_answers(tx, &found)?;
                if !answers.is_empty() || !intake::files(tx, &found)?.is_empty() {
                    return Err(Fault::broken(format!("{application} still speaks")));
                }
            }
            match gone {
                true => Ok(()),
                false => Err(Fault::broken(format!("{id} is still known"))),
            }
        })?;
        Ok(())
    }

    pub fn manage_staff(&mut self) -> Result<()> {
        match self.chance.below(100) {
            0..40 => self.appoint(),
            40..52 => self.end_appointment(),
            52..80 => self.set_deputy(),
            80..88 => self.end_deputy(),
            _ => self.set_state(),
        }
    }

    /// Who administers, and what speaks against them: three administrators, each with acts of
    /// their own, and nobody for themselves.
    fn administrator(&mut self, whose: Role, officer: OfficerId) -> Result<(Actor, Codes)> {
        let today = self.today();
        let right = self.model.seats_with(self.model.hall, whose, today);
        let own = self.model.seats(officer, today);
        let any = self.any_seat();
        let seat = match self.chance.below(100) {
            0..84 => self.chance.pick(&right).cloned().or(any),
            84..92 => self.chance.pick(&own).cloned().or(any),
            _ => any,
        };
        let seat = seat.context("somebody has a seat")?;
        let mut no = Codes::new();
        if !seat.roles.contains(&whose) {
            no.push("identity.not_your_act");
        }
        if seat.officer == officer {
            no.push("identity.own_rights");
        }
        let actor = Actor {
            deputizing: seat.standing_in,
            ..Actor::officer(seat.officer, seat.post, seat.organ, Channel::Web)
        };
        Ok((actor, no))
    }

    /// The rules of a grant.
    fn against_grant(&self, officer: OfficerId, post: PostId) -> Codes {
        let mut no = Codes::new();
        if !self.model.in_service(officer) {
            no.push("identity.officer_dismissed");
        }
        let today = self.today();
        let stands = |until: Option<Date>| until.is_none_or(|until| today <= until);
        let model = &self.model;
        let mine = model.appointments.iter();
        let mine = mine.filter(|one| one.officer == officer && stands(one.until));
        let stood = model.deputies.iter();
        let stood = stood.filter(|one| one.deputy == officer && stands(one.until));
        let posts = mine.map(|one| one.post).chain(stood.map(|one| one.post));
        let posts = posts.chain([post]);
        let roles: BTreeSet<Role> = posts
            .flat_map(|post| model.post(post).roles.clone())
            .collect();
        let three = [Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin];
        if 1 < three.iter().filter(|role| roles.contains(role)).count() {
            no.push("identity.three_administrators");
        }
        no
    }

    /// A first and perhaps a last day; now and then the wrong way round.
    fn period(&mut self) -> Result<(Date, Option<Date>)> {
        let today = self.today();
        let from = if self.chance.percent(80) {
            today
        } else {
            later(today, 5)
        };
        let until = match self.chance.below(10) {
            0 => Some(from.yesterday()?),
            1..5 => Some(later(from, 20)),
            _ => None,
        };
        Ok((from, until))
    }

    fn appoint(&mut self) -> Result<()> {
        let officer = self.model.officers[self.chance.below(self.model.officers.len())].id;
        let post = self.model.posts[self.chance.below(self.model.posts.len())].id;
        let (from, until) = self.period()?;
        let (actor, mut no) = self.administrator(Role::SecurityAdmin, officer)?;
        no.extend(self.against_grant(officer, post));
        if until.is_some_and(|until| until < from) {
            no.push("identity.period_reversed");
        }
        let told = format!("{officer} to {post} from {from} until {until:?}");
        let done = self.ask("appoint", actor, &told, &no, move |tx| {
            identity::appoint(tx, officer, post, from, until)
        })?;
        if let Some(id) = done {
            self.model.appointments.push(Appointment {
                id,
                officer,
                post,
                from,
                until,
            });
            self.model.appointments.sort_by_key(|one| one.id);
        }
        Ok(())
    }

    /// How many hold a post today and may work.
    fn holders(&self, post: PostId) -> usize {
        let today = self.today();
        let holds = |one: &&Appointment| {
            let runs = one.from <= today && one.until.is_none_or(|until| today <= until);
            one.post == post && runs && self.model.in_service(one.officer)
        };
        self.model.appointments.iter().filter(holds).count()
    }

    fn end_appointment(&mut self) -> Result<()> {
        let place = self.chance.below(self.model.appointments.len());
        let one = &self.model.appointments[place];
        let (id, officer, from, post) = (one.id, one.officer, one.from, one.post);
        let early = self.chance.percent(25);
        if !early && self.holders(post) < 3 {
            return Ok(());
        }
        let until = if early {
            from.yesterday()?
        } else {
            self.today().max(from)
        };
        let (actor, mut no) = self.administrator(Role::SecurityAdmin, officer)?;
        if early {
            no.push("identity.period_reversed");
        }
        let told = format!("{id} of {officer} on {until}");
        let done = self.ask("end appointment", actor, &told, &no, move |tx| {
            identity::end_appointment(tx, id, until)
        })?;
        if done.is_some() {
            self.model.appointments[place].until = Some(until);
        }
        Ok(())
    }

    fn set_deputy(&mut self) -> Result<()> {
        let one = &self.model.appointments[self.chance.below(self.model.appointments.len())];
        let (holder, own_post) = (one.officer, one.post);
        let other = self.model.posts[self.chance.below(self.model.posts.len())].id;
        let post = if self.chance.percent(85) {
            own_post
        } else {
            other
        };
        let any = self.model.officers[self.chance.below(self.model.officers.len())].id;
        let deputy = if self.chance.percent(5) { holder } else { any };
        let (from, until) = self.period()?;
        let (actor, mut no) = self.administrator(Role::SecurityAdmin, deputy)?;
        no.extend(self.against_grant(deputy, post));
        if holder == deputy {
            no.push("identity.same_person");
        }
        if until.is_some_and(|until| until < from) {
            no.push("identity.period_reversed");
        }
        let holds = |one: &Appointment| {
            let stands = one.until.is_none_or(|until| from <= until);
            one.officer == holder && one.post == post && stands
        };
        if !self.model.appointments.iter().any(holds) {
            no.push("identity.holder_not_appointed");
        }
        let told = format!("{deputy} for {holder} at {post} from {from} until {until:?}");
        let done = self.ask("set deputy", actor, &told, &no, move |tx| {
            identity::set_deputy(tx, post, holder, deputy, from, until)
        })?;
        if let Some(id) = done {
            self.model.deputies.push(Deputy {
                id,
                post,
                holder,
                deputy,
                from,
                until,
            });
            self.model.deputies.sort_by_key(|one| one.id);
        }
        Ok(())
    }

    fn end_deputy(&mut self) -> Result<()> {
        if self.model.deputies.is_empty() {
            return Ok(());
        }
        let place = self.chance.below(self.model.deputies.len());
        let one = &self.model.deputies[place];
        let (id, deputy, from) = (one.id, one.deputy, one.from);
        let early = self.chance.percent(25);
        let until = if early {
            from.yesterday()?
        } else {
            self.today().max(from)
        };
        let (actor, mut no) = self.administrator(Role::SecurityAdmin, deputy)?;
        if early {
            no.push("identity.period_reversed");
        }
        let told = format!("{id} of {deputy} on {until}");
        let done = self.ask("end deputy", actor, &told, &no, move |tx: &mut Tx<'_>| {
            identity::end_deputy(tx, id, until)
        })?;
        if done.is_some() {
            self.model.deputies[place].until = Some(until);
        }
        Ok(())
    }

    /// Somebody is dismissed, or comes back.
    fn set_state(&mut self) -> Result<()> {
        let place = self.chance.below(self.model.officers.len());
        let one = &self.model.officers[place];
        let (officer, in_service) = (one.id, one.in_service);
        let today = self.today();
        let seats = self.model.seats(officer, today);
        let needed = seats.iter().any(|seat| self.holders(seat.post) < 3);
        let dismissed = self
            .model
            .officers
            .iter()
            .filter(|one| !one.in_service)
            .count();
        let leaves = in_service && !needed && dismissed < 8 && self.chance.percent(60);
        let state = match leaves {
            true => OfficerState::Dismissed,
            false => OfficerState::Active,
        };
        let (actor, no) = self.administrator(Role::SystemAdmin, officer)?;
        let told = format!("{officer} {state}");
        let done = self.ask("set state", actor, &told, &no, move |tx| {
            identity::set_state(tx, officer, state)
        })?;
        if done.is_some() {
            self.model.officers[place].in_service = state == OfficerState::Active;
        }
        Ok(())
    }
}
