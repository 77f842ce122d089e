//! What happens to a case beside its tasks: special procedures, extension, opinions of other
//! organs, hand-out, withdrawal, filing, and pages that are stale.

use anyhow::Result;
use calendar::PauseKind;
use case::{CO_TASK_FIRST, Duty, HandOut, Method};
use catalogue::model::kind::SpecialKind;
use kernel::{Actor, Channel, OrganId, TypedId};
use web::Role;

use super::cases::{against_working, people_of};
use super::days::Unit;
use super::model::{Case, Hand, Phase, Seat, Task};
use super::run::{Codes, Sim};

const KINDS: [PauseKind; 6] = [
    PauseKind::Hearing,
    PauseKind::Inspection,
    PauseKind::Testing,
    PauseKind::ExpertReview,
    PauseKind::Correction,
    PauseKind::Other,
];

fn leads(case: &Case, seat: &Seat, roles: &[Role]) -> bool {
    seat.organ == case.organ && roles.iter().any(|role| seat.roles.contains(role))
}

impl Sim {
    /// Somebody of the lead organ who reviews or decides, or anybody.
    fn lead(&mut self, place: usize, role: Role) -> Option<Seat> {
        let organ = self.model.cases[place].organ;
        let seats = self.model.seats_with(organ, role, self.today());
        let anybody = self.any_seat();
        match self.chance.percent(88) {
            true => self.chance.pick(&seats).cloned(),
            false => anybody,
        }
    }

    /// How long a procedure may stop the clock by the item's own list; an item that lists none may
    /// be stopped by any that 许可法 45 names. Going to look and publishing stop nothing.
    fn longest_pause(&self, place: usize, kind: PauseKind) -> Option<u32> {
        let application = &self.model.applications[self.model.cases[place].application];
        let handling = self.model.content(application).handling.as_ref();
        let listed = handling.map_or(&[][..], |handling| &handling.special_procedures);
        let mut stopping = listed
            .iter()
            .filter(|one| one.kind.stops_clock_by_licence_law());
        let word = match kind {
            PauseKind::Hearing => SpecialKind::Hearing,
            PauseKind::Inspection => SpecialKind::Examination,
            PauseKind::Testing => SpecialKind::Testing,
            PauseKind::ExpertReview => SpecialKind::ExpertReview,
            _ => return Some(u32::MAX),
        };
        if stopping.clone().next().is_none() {
            return Some(u32::MAX);
        }
        let found = stopping.find(|one| one.kind == word);
        found.map(|one| one.workdays_max)
    }

    pub fn pause(&mut self, place: usize) -> Result<()> {
        let Some(seat) = self.lead(place, Role::Reviewer) else {
            return Ok(());
        };
        let kind = KINDS[self.chance.below(KINDS.len())];
        let days = match self.chance.below(20) {
            0 => 0,
            1 => 366,
            roll => u32::try_from(roll).unwrap_or(1),
        };
        let case = &self.model.cases[place];
        let mut no = Codes::new();
        match case.phase {
            _ if case.is_over() => no.push("case.over"),
            Phase::Handling => {}
            Phase::Paused => no.push("case.already_paused"),
            _ => no.push("case.decided"),
        }
        if !leads(case, &seat, &[Role::Reviewer, Role::Decider]) {
            no.push("case.wrong_post");
        }
        if matches!(kind, PauseKind::Correction | PauseKind::Other) {
            no.push("case.no_such_pause");
        }
        if !(1..=365).contains(&days) {
            no.push("case.days_out_of_range");
        }
        match self.longest_pause(place, kind) {
            None => no.push("case.pause_not_listed"),
            Some(most) if most < days => no.push("case.pause_too_long"),
            Some(_) => {}
        }
        let id = self.model.cases[place].id;
        let told = format!("{id} {kind:?} for {days}");
        let done = self.officer_asks("pause", &seat, &told, &no, move |tx, officer| {
            case::pause(tx, officer, id, kind, days, "需依法进行特别程序").map(|_| ())
        })?;
        if done.is_some() {
            let today = self.today();
            let case = &mut self.model.cases[place];
            case.phase = Phase::Paused;
            case.clock.pauses.push((today, None));
            case.revision += 1;
            case.date(&self.model.days);
            self.model.paper("pause_notice");
        }
        self.check_case(place)
    }

    pub fn resume(&mut self, place: usize) -> Result<()> {
        let paused: Vec<usize> = (0..self.model.cases.len())
            .filter(|place| self.model.cases[*place].phase == Phase::Paused)
            .collect();
        let place = match self.chance.percent(85) {
            true => self.chance.pick(&paused).copied().unwrap_or(place),
            false => place,
        };
        let Some(seat) = self.lead(place, Role::Decider) else {
            return Ok(());
        };
        let case = &self.model.cases[place];
        let mut no = Codes::new();
        if case.is_over() {
            no.push("case.over");
        }
        if case.phase != Phase::Paused {
            no.push("case.not_paused");
        }
        if !leads(case, &seat, &[Role::Reviewer, Role::Decider]) {
            no.push("case.wrong_post");
        }
        let id = case.id;
        let done = self.officer_asks(
            "resume",
            &seat,
            &format!("{id}"),
            &no,
            move |tx, officer| case::resume(tx, officer, id).map(|_| ()),
        )?;
        if done.is_some() {
            let today = self.today();
            let case = &mut self.model.cases[place];
            case.phase = Phase::Handling;
            if let Some(pause) = case.clock.pauses.last_mut() {
                pause.1 = Some(today);
            }
            case.revision += 1;
            case.date(&self.model.days);
        }
        self.check_case(place)
    }

    pub fn extend(&mut self, place: usize) -> Result<()> {
        let Some(seat) = self.lead(place, Role::Decider) else {
            return Ok(());
        };
        let days = u32::try_from(self.chance.below(13)).unwrap_or(1);
        let today = self.today();
        let case = &self.model.cases[place];
        let mut no = Codes::new();
        if case.is_over() {
            no.push("case.over");
        } else if !case.is_open() {
            no.push("case.decided");
        }
        if !leads(case, &seat, &[Role::Decider]) {
            no.push("case.head_only");
        }
        if 0 < case.clock.extension {
            no.push("case.already_extended");
        }
        if !(1..=10).contains(&days) {
            no.push("case.days_out_of_range");
        }
        if case.clock.statutory.1 == Unit::Hour {
            no.push("case.not_extendable");
        }
        if case.statutory_due.is_some_and(|due| due < today) {
            no.push("case.limit_passed");
        }
        let id = case.id;
        let told = format!("{id} by {days}");
        let done = self.officer_asks("extend", &seat, &told, &no, move |tx, officer| {
            case::extend(tx, officer, id, days, "案情复杂，需要延长").map(|_| ())
        })?;
        if done.is_some() {
            let case = &mut self.model.cases[place];
            case.clock.extension = days;
            case.revision += 1;
            case.date(&self.model.days);
            self.model.paper("extension_notice");
        }
        self.check_case(place)
    }

    pub fn ask_other_organ(&mut self, place: usize) -> Result<()> {
        let Some(seat) = self.lead(place, Role::Reviewer) else {
            return Ok(());
        };
        let organs: Vec<OrganId> = self.model.organs.values().copied().collect();
        let known = self.chance.pick(&organs).copied();
        let stranger = OrganId::from_uuid(kernel::uuid::Uuid::from_u128(9));
        let organ = known
            .filter(|_| self.chance.percent(94))
            .unwrap_or(stranger);
        let days = u32::try_from(self.chance.below(23)).unwrap_or(1);
        let case = &self.model.cases[place];
        let mut no = Codes::new();
        if case.is_over() {
            no.push("case.over");
        } else if !case.is_open() {
            no.push("case.decided");
        }
        if !leads(case, &seat, &[Role::Reviewer, Role::Decider]) {
            no.push("case.wrong_post");
        }
        if organ == case.organ {
            no.push("case.own_organ");
        }
        if organ == stranger {
            no.push("not_found");
        }
        if !(1..=20).contains(&days) {
            no.push("case.days_out_of_range");
        }
        let id = case.id;
        let told = format!("{id} asks {organ} within {days}");
        let done = self.officer_asks("ask organ", &seat, &told, &no, move |tx, officer| {
            case::add_co_handler(tx, officer, id, organ, "请就选址提出意见", days).map(|_| ())
        })?;
        if done.is_some() {
            let case = &mut self.model.cases[place];
            let last = case.tasks.iter().map(|task| task.number).max().unwrap_or(0);
            case.tasks.push(Task {
                number: CO_TASK_FIRST.max(last + 1),
                step: "",
                duty: Duty::Consult,
                role: Role::CoHandler,
                organ,
                held_by: None,
                held_for: None,
            });
            case.revision += 1;
        }
        self.check_case(place)
    }

    /// The exit desk hands out, to whoever is there and in whatever way.
    pub fn deliver(&mut self, place: usize) -> Result<()> {
        let decided: Vec<usize> = (0..self.model.cases.len())
            .filter(|place| matches!(self.model.cases[*place].phase, Phase::Decided(_)))
            .collect();
        let place = match self.chance.percent(85) {
            true => self.chance.pick(&decided).copied().unwrap_or(place),
            false => place,
        };
        if self.chance.percent(35) {
            return self.take_online(place);
        }
        let today = self.today();
        let desk = self
            .model
            .seats_with(self.model.hall, Role::ExitClerk, today);
        let anybody = self.any_seat();
        let seat = match self.chance.percent(88) {
            true => self.chance.pick(&desk).cloned(),
            false => anybody,
        };
        let Some(seat) = seat else { return Ok(()) };
        let method = [Method::Counter, Method::Post, Method::Online][self.chance.below(3)];
        let out = HandOut {
            method,
            identity_checked: self.chance.percent(90),
            proof: self.chance.percent(90).then(|| "签收".to_owned()),
        };
        let case = &self.model.cases[place];
        let mut no = Codes::new();
        match case.tasks.iter().find(|task| task.duty == Duty::Deliver) {
            _ if case.is_over() => no.push("case.over"),
            None => no.push("case.nothing_to_deliver"),
            Some(task) => no = against_working(case, task, &seat),
        }
        match method {
            Method::Counter if !out.identity_checked || out.proof.is_none() => {
                no.push("case.counter_check_missing");
            }
            Method::Post if out.proof.is_none() => no.push("case.tracking_missing"),
            _ => {}
        }
        let id = case.id;
        let told = format!("{id} {method}");
        let done = self.officer_asks("deliver", &seat, &told, &no, move |tx, officer| {
            case::deliver(tx, officer, id, &out).map(|_| ())
        })?;
        if done.is_some() {
            self.delivered(place, Some(&seat))?;
        }
        self.check_case(place)
    }

    fn take_online(&mut self, place: usize) -> Result<()> {
        let (me, owns) = self.owner_of_case(place);
        let case = &self.model.cases[place];
        let mut no = Codes::new();
        if !owns {
            no.push("not_found");
        }
        if case.is_over() {
            no.push("case.over");
        }
        if !case.tasks.iter().any(|task| task.duty == Duty::Deliver) {
            no.push("case.nothing_to_deliver");
        }
        let (id, by) = (case.id, self.model.people[me].id);
        let actor = Actor::citizen(by, Channel::Mobile);
        let told = format!("{id} by {by}");
        let done = self.ask("take online", actor, &told, &no, move |tx| {
            case::take_online(tx, by, id).map(|_| ())
        })?;
        if done.is_some() {
            self.delivered(place, None)?;
        }
        self.check_case(place)
    }

    fn delivered(&mut self, place: usize, seat: Option<&Seat>) -> Result<()> {
        let case = &mut self.model.cases[place];
        let task = case.tasks.iter().find(|task| task.duty == Duty::Deliver);
        let task = task.map_or(0, |task| task.number);
        case.phase = Phase::Delivered;
        case.revision += 1;
        case.tasks.clear();
        if let Some(seat) = seat {
            case.hands.push(Hand {
                duty: Duty::Deliver,
                task,
                people: people_of(seat),
            });
        }
        self.model.paper("delivery_receipt");
        self.invited(place, seat.is_some())
    }

    /// Applicant or agent of a case mostly, now and then anybody; and whether it is theirs.
    fn owner_of_case(&mut self, place: usize) -> (usize, bool) {
        let application = &self.model.applications[self.model.cases[place].application];
        let (applicant, agent) = (application.applicant, application.agent);
        let me = match self.chance.below(100) {
            0..10 => self.chance.below(self.model.people.len()),
            10..40 => agent.unwrap_or(applicant),
            _ => applicant,
        };
        (me, me == applicant || agent == Some(me))
    }

    pub fn withdraw_case(&mut self) -> Result<()> {
        let Some(place) = self.some_case() else {
            return Ok(());
        };
        let (me, owns) = self.owner_of_case(place);
        let case = &self.model.cases[place];
        let mut no = Codes::new();
        if !owns {
            no.push("not_found");
        }
        if case.is_over() {
            no.push("case.over");
        } else if !case.is_open() {
            no.push("case.decided");
        }
        let (id, by) = (case.id, self.model.people[me].id);
        let why = self.chance.percent(50).then_some("不再需要");
        let actor = Actor::citizen(by, Channel::Web);
        let told = format!("{id} by {by}");
        let done = self.ask("withdraw", actor, &told, &no, move |tx| {
            case::withdraw(tx, by, id, why).map(|_| ())
        })?;
        if done.is_some() {
            let case = &mut self.model.cases[place];
            case.phase = Phase::Withdrawn;
            case.tasks.clear();
            case.timers.clear();
            case.revision += 1;
            self.model.paper("withdrawal");
        }
        self.check_case(place)
    }

    /// Filing, also from a page that shows an older revision.
    pub fn archive(&mut self) -> Result<()> {
        let over: Vec<usize> = (0..self.model.cases.len())
            .filter(|place| self.model.cases[*place].is_over())
            .collect();
        let any = self.some_case();
        let picked = match self.chance.percent(75) {
            true => self.chance.pick(&over).copied(),
            false => any,
        };
        let Some(place) = picked else { return Ok(()) };
        let case = &self.model.cases[place];
        let (id, revision) = (case.id, case.revision);
        let mut no = Codes::new();
        if !case.is_over() {
            no.push("case.not_over");
        }
        let is_news = case.phase != Phase::Archived;
        let stale = self.chance.percent(50);
        let seen = if stale { revision - 1 } else { revision };
        let procedure = case.procedure;
        if stale {
            no = vec!["conflict"];
        }
        let told = format!("{id} seen at {seen}");
        let kind = if self.chance.percent(40) {
            "archive"
        } else {
            "archive as seen"
        };
        if kind == "archive" {
            no.retain(|code| *code != "conflict");
            if !self.model.cases[place].is_over() {
                no = vec!["case.not_over"];
            }
        }
        let done = self.ask(kind, Actor::system(), &told, &no, move |tx| {
            if kind == "archive" {
                return case::archive(tx, id).map(|_| ());
            }
            let facts = case::Facts {
                procedure: case::edition(tx, procedure)?,
                calendar: tx.thing::<calendar::WorkingDays>()?,
                now: kernel::clock::hall_time(tx.now()),
                by: case::Asker::System,
                conditions: case::Conditions::default(),
            };
            let command = case::Command::Archive;
            ledger::perform_at::<case::Case>(tx, id, seen, command, &facts).map(|_| ())
        })?;
        if done.is_some() && is_news {
            let case = &mut self.model.cases[place];
            case.phase = Phase::Archived;
            case.revision += 1;
        }
        self.check_case(place)
    }
}
