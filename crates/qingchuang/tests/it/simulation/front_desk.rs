//! The front desk answers what was received: it accepts, tells once what is missing, says no, or
//! stays silent until the law accepts.

use std::collections::BTreeSet;

use anyhow::Result;
use intake::{By, Correction};
use kernel::{Actor, Channel};
use serde_json::json;

use super::applying::{Sample, send_all};
use super::model::{Application, Notice, Seat, Standing};
use super::run::{Codes, Sim};

impl Sim {
    /// An application, mostly an open one.
    fn some_application(&mut self) -> Option<usize> {
        let all = self.model.applications.len();
        let open: Vec<usize> = (0..all)
            .filter(|place| self.model.applications[*place].is_open())
            .collect();
        match self.chance.percent(88) {
            true => self.chance.pick(&open).copied(),
            false => (0 < all).then(|| self.chance.below(all)),
        }
    }

    /// A seat at the front desk mostly, now and then anybody's.
    fn desk(&mut self) -> Option<Seat> {
        let today = self.today();
        let desk = self
            .model
            .seats_with(self.model.hall, web::Role::IntakeClerk, today);
        let anybody = self.any_seat();
        match self.chance.percent(90) {
            true => self.chance.pick(&desk).cloned(),
            false => anybody,
        }
    }

    /// Any seat of anybody, dismissed officers included.
    pub fn any_seat(&mut self) -> Option<Seat> {
        let today = self.today();
        let officers = self.model.officers.iter().map(|officer| officer.id);
        let mut seats: Vec<Vec<Seat>> = officers.map(|id| self.model.seats(id, today)).collect();
        seats.retain(|own| !own.is_empty());
        let place = self.chance.below(seats.len().max(1));
        let own = seats.get(place).map_or(&[][..], Vec::as_slice);
        self.chance.pick(own).cloned()
    }

    pub fn answer(&mut self) -> Result<()> {
        let (Some(place), Some(seat)) = (self.some_application(), self.desk()) else {
            return Ok(());
        };
        match self.chance.below(100) {
            0..46 => self.accept(place, &seat),
            46..66 => self.tell_missing(place, &seat),
            66..72 => self.say_no(place, &seat, true),
            72..78 => self.say_no(place, &seat, false),
            78..86 => self.lapse(place, &seat),
            _ => self.correct_on_the_spot(place, &seat),
        }
    }

    /// Who is not at the front desk of the hall does not even see it.
    fn seen(&self, seat: &Seat) -> Codes {
        let at_desk = seat.roles.contains(&web::Role::IntakeClerk) && seat.organ == self.model.hall;
        if at_desk {
            Codes::new()
        } else {
            vec!["not_found"]
        }
    }

    fn accept(&mut self, place: usize, seat: &Seat) -> Result<()> {
        let one = &self.model.applications[place];
        let id = one.id;
        let mut no = self.seen(seat);
        match one.standing {
            Standing::Told => no.push("intake.waiting_for_correction"),
            _ if !one.is_open() => no.push("intake.already_answered"),
            _ => {}
        }
        let (_, required) = self.model.asked(one);
        if !required.is_subset(&one.files) {
            no.push("intake.incomplete");
        }
        let told = format!("{id}");
        let done = self.officer_asks("accept", seat, &told, &no, move |tx, officer| {
            intake::accept(tx, &By::from(officer), id).map(|_| ())
        })?;
        if done.is_some() {
            self.settle(place, Standing::Accepted, "acceptance");
            let start = kernel::clock::hall_time(self.db.clock().now());
            self.open_case(place, Some(seat), start)?;
        }
        self.check_application(place)
    }

    fn settle(&mut self, place: usize, standing: Standing, paper: &'static str) {
        let one = &mut self.model.applications[place];
        one.standing = standing;
        one.revision += 1;
        self.model.paper(paper);
    }

    fn tell_missing(&mut self, place: usize, seat: &Seat) -> Result<()> {
        let one = &self.model.applications[place];
        let id = one.id;
        let content = self.model.content(one).clone();
        let (listed, _) = self.model.asked(one);
        let (tell_by, told_before) = (one.tell_by, one.notice.is_some());
        let is_open = one.is_open();
        let mut no = self.seen(seat);
        let mut missing: Vec<u16> = Vec::new();
        for material in &listed {
            if self.chance.percent(40) {
                missing.push(*material);
            }
        }
        let form = self.chance.percent(30);
        if self.chance.percent(8)
            && let Some(first) = missing.first().copied()
        {
            missing.push(first);
            no.push("material.used_twice");
        }
        let strange = (0..content.materials.len())
            .filter_map(|at| u16::try_from(at).ok())
            .find(|at| !listed.contains(at));
        let mut strange = strange.filter(|_| self.chance.percent(12));
        if let Some(strange) = strange.take() {
            missing.push(strange);
            no.push("intake.material_not_listed");
        }
        if !is_open {
            no.push("intake.already_answered");
        }
        if told_before {
            no.push("intake.already_told");
        }
        if tell_by < self.today() {
            no.push("intake.told_too_late");
        }
        if missing.is_empty() && !form {
            no.push("intake.nothing_missing");
        }
        let mut lines: Vec<Correction> = Vec::new();
        for at in &missing {
            let material = &content.materials[usize::from(*at)].id;
            lines.push(correction(Some(material.clone())));
        }
        if form {
            lines.push(correction(None));
        }
        if self.chance.percent(4) {
            lines.push(correction(Some("no_such_material".to_owned())));
            no.push("material.not_listed");
        }
        let told = format!("{id} {missing:?}, form: {form}");
        let done = self.officer_asks("tell once", seat, &told, &no, move |tx, officer| {
            intake::give_notice(tx, &By::from(officer), id, &lines).map(|_| ())
        })?;
        if done.is_some() {
            let due = self.model.days.after(self.today(), 5);
            self.settle(place, Standing::Told, "one_time_notice");
            self.model.applications[place].notice = Some(Notice {
                due,
                missing: missing.into_iter().collect(),
                form,
            });
        }
        self.check_application(place)
    }

    /// Not needed, or not ours: said first or never.
    fn say_no(&mut self, place: usize, seat: &Seat, is_needed: bool) -> Result<()> {
        let one = &self.model.applications[place];
        let id = one.id;
        let mut no = self.seen(seat);
        if !one.is_open() {
            no.push("intake.already_answered");
        }
        match one.standing {
            Standing::Corrected => no.push("intake.must_accept"),
            _ if one.notice.is_some() => no.push("intake.already_told"),
            _ => {}
        }
        let (kind, told) = match is_needed {
            true => ("not ours", format!("{id}")),
            false => ("not needed", format!("{id}")),
        };
        let done = self.officer_asks(kind, seat, &told, &no, move |tx, officer| {
            let by = By::from(officer);
            match is_needed {
                true => intake::not_accepted(tx, &by, id, "市级部门", "不属于本机关职权"),
                false => intake::not_required(tx, &by, id, "依法不需要取得许可"),
            }
            .map(|_| ())
        })?;
        if done.is_some() {
            match is_needed {
                true => self.settle(place, Standing::NotAccepted, "not_accepted"),
                false => self.settle(place, Standing::NotRequired, "not_required"),
            }
        }
        self.check_application(place)
    }

    fn lapse(&mut self, place: usize, seat: &Seat) -> Result<()> {
        let today = self.today();
        let ripe = |one: &Application| {
            let over = one.notice.as_ref().is_some_and(|notice| notice.due < today);
            one.standing == Standing::Told && over
        };
        let ripe = self.model.applications.iter().position(ripe);
        let place = ripe.filter(|_| self.chance.percent(50)).unwrap_or(place);
        let one = &self.model.applications[place];
        let id = one.id;
        let mut no = self.seen(seat);
        if !one.is_open() {
            no.push("intake.already_answered");
        }
        match &one.notice {
            Some(notice) if one.standing == Standing::Told => {
                if self.today() <= notice.due {
                    no.push("intake.too_early_to_lapse");
                }
            }
            _ => no.push("intake.nothing_asked"),
        }
        let told = format!("{id}");
        let done = self.officer_asks("lapse", seat, &told, &no, move |tx, officer| {
            intake::lapse(tx, &By::from(officer), id).map(|_| ())
        })?;
        if done.is_some() {
            self.settle(place, Standing::Lapsed, "withdrawal");
        }
        self.check_application(place)
    }

    /// The clerk lets a file be replaced, or nothing at all.
    fn correct_on_the_spot(&mut self, place: usize, seat: &Seat) -> Result<()> {
        let one = &self.model.applications[place];
        let (id, standing) = (one.id, one.standing);
        let is_open = one.is_open();
        let files = self.some_files(place);
        let mut no = self.seen(seat);
        if !is_open {
            no.push("intake.already_answered");
        }
        if standing == Standing::Told {
            no.push("intake.waiting_for_correction");
        }
        if files.is_empty() {
            no.push("intake.nothing_changed");
        }
        let new: BTreeSet<u16> = files.iter().map(|(at, ..)| *at).collect();
        let samples: Vec<(String, Sample)> = files.into_iter().map(|(_, m, s)| (m, s)).collect();
        let told = format!("{id} {new:?}");
        let done = self.officer_asks("on the spot", seat, &told, &no, move |tx, officer| {
            let by = By::from(officer);
            let sent = match by {
                By::Other => Vec::new(),
                _ => send_all(tx, &by, &samples)?,
            };
            intake::correct_on_the_spot(tx, &by, id, None, sent).map(|_| ())
        })?;
        if done.is_some() {
            let one = &mut self.model.applications[place];
            one.files.extend(new);
            one.revision += 1;
        }
        self.check_application(place)
    }

    /// Some listed materials of an application with a file for each.
    fn some_files(&mut self, place: usize) -> Vec<(u16, String, Sample)> {
        let one: &Application = &self.model.applications[place];
        let (listed, _) = self.model.asked(one);
        let content = self.model.content(one).clone();
        let mut files = Vec::new();
        for at in listed {
            if self.chance.percent(30) {
                let material = content.materials[usize::from(at)].id.clone();
                let sample = self.sample(&content, &material);
                files.push((at, material, sample));
            }
        }
        files
    }

    /// The applicant, or somebody else, brings what was asked for, or only some of it.
    pub fn correct(&mut self) -> Result<()> {
        let told: Vec<usize> = (0..self.model.applications.len())
            .filter(|place| self.model.applications[*place].standing == Standing::Told)
            .collect();
        let picked = match self.chance.percent(90) {
            true => self.chance.pick(&told).copied(),
            false => self.some_application(),
        };
        let Some(place) = picked else { return Ok(()) };
        let me = self.owner_or_stranger(place);
        let one = &self.model.applications[place];
        let (id, content) = (one.id, self.model.content(one).clone());
        let mut no = Codes::new();
        if !one.belongs_to(me) {
            no.push("not_found");
        }
        if !one.is_open() {
            no.push("intake.already_answered");
        }
        let asked = one
            .notice
            .as_ref()
            .filter(|_| one.standing == Standing::Told);
        let mut files: BTreeSet<u16> = asked.map_or_else(BTreeSet::new, |one| one.missing.clone());
        let form = asked.is_some_and(|one| one.form);
        if asked.is_none() {
            no.push("intake.nothing_asked");
        }
        if self.chance.percent(15) && files.pop_first().is_some() {
            no.push("intake.still_missing");
        }
        if form {
            // The answers as they stand are right answers: they are sent once more.
            let kept = self.db.read(|tx| {
                let application = intake::application(tx, id)?;
                intake::read_answers(tx, &application)
            })?;
            return self.correct_form(place, me, files, kept, no);
        }
        let samples: Vec<(String, Sample)> = files
            .iter()
            .map(|at| content.materials[usize::from(*at)].id.clone())
            .map(|material| (material.clone(), self.sample(&content, &material)))
            .collect();
        let by = self.model.people[me].id;
        let actor = Actor::citizen(by, Channel::Web);
        let told = format!("{id} {files:?} by {by}");
        let done = self.ask("correct", actor, &told, &no, move |tx| {
            let by = By::Person(by);
            let sent = send_all(tx, &by, &samples)?;
            intake::correct(tx, &by, id, None, sent).map(|_| ())
        })?;
        self.corrected(place, done.is_some(), files)
    }

    fn correct_form(
        &mut self,
        place: usize,
        me: usize,
        files: BTreeSet<u16>,
        kept: serde_json::Map<String, serde_json::Value>,
        mut no: Codes,
    ) -> Result<()> {
        let one = &self.model.applications[place];
        let (id, content) = (one.id, self.model.content(one).clone());
        let samples: Vec<(String, Sample)> = files
            .iter()
            .map(|at| content.materials[usize::from(*at)].id.clone())
            .map(|material| (material.clone(), self.sample(&content, &material)))
            .collect();
        let mut given = Some(kept);
        match self.chance.below(10) {
            0 => {
                given = None;
                no.push("intake.still_missing");
            }
            1 => {
                let wrong = json!({ "no_such_field": 1 });
                given = wrong.as_object().cloned();
                no.extend(["answer.required", "answer.unknown_field"]);
            }
            _ => {}
        }
        let by = self.model.people[me].id;
        let actor = Actor::citizen(by, Channel::Web);
        let told = format!("{id} {files:?} and the form by {by}");
        // Dates that were to come may have passed meanwhile: then they are told as wrong.
        let maybe = &["answer.date_in_past"];
        let answer = self.ask_unsure("correct", actor, &told, &no, maybe, move |tx| {
            let by = By::Person(by);
            let sent = send_all(tx, &by, &samples)?;
            intake::correct(tx, &by, id, given.as_ref(), sent).map(|_| ())
        })?;
        self.corrected(place, answer.is_some(), files)
    }

    fn corrected(&mut self, place: usize, is_done: bool, files: BTreeSet<u16>) -> Result<()> {
        if is_done {
            let today = self.today();
            let tell_by = self.model.days.after(today, 5);
            let one = &mut self.model.applications[place];
            one.standing = Standing::Corrected;
            one.complete_since = today;
            one.tell_by = tell_by;
            one.files.extend(files);
            one.revision += 1;
        }
        self.check_application(place)
    }

    /// Mostly an owner of an application, now and then anybody.
    fn owner_or_stranger(&mut self, place: usize) -> usize {
        let one = &self.model.applications[place];
        let (applicant, agent) = (one.applicant, one.agent);
        match self.chance.below(100) {
            0..8 => self.chance.below(self.model.people.len()),
            8..40 => agent.unwrap_or(applicant),
            _ => applicant,
        }
    }

    /// The applicant takes it back.
    pub fn take_back(&mut self) -> Result<()> {
        let Some(place) = self.some_application() else {
            return Ok(());
        };
        let me = self.owner_or_stranger(place);
        let one = &self.model.applications[place];
        let id = one.id;
        let mut no = Codes::new();
        if !one.belongs_to(me) {
            no.push("not_found");
        }
        if !one.is_open() {
            no.push("intake.already_answered");
        }
        let by = self.model.people[me].id;
        let actor = Actor::citizen(by, Channel::Web);
        let told = format!("{id} by {by}");
        let done = self.ask("take back", actor, &told, &no, move |tx| {
            intake::withdraw(tx, &By::Person(by), id).map(|_| ())
        })?;
        if done.is_some() {
            self.settle(place, Standing::Withdrawn, "withdrawal");
        }
        self.check_application(place)
    }
}

fn correction(material: Option<String>) -> Correction {
    Correction {
        material,
        problem: "未加盖公章".to_owned(),
        request: "请加盖公章后重新提交".to_owned(),
    }
}
