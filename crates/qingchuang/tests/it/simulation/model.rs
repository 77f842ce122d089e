//! What the simulation believes the hall to be: small, plain, and written from the promises of
//! the design, not from the rooms. Deliberately absent: any rule; rules stand beside the commands
//! that they refuse.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use case::{CaseId, Duty, Verdict};
use catalogue::ItemId;
use catalogue::model::ItemContent;
use certificate::CertificateId;
use evaluation::RatingId;
use identity::{AgencyId, AppointmentId, DeputyId};
use intake::ApplicationId;
use jiff::civil::Date;
use kernel::{OfficerId, OrganId, PersonId, PostId};
use web::Role;

use super::days::{Days, Reckoned};

/// A person who may apply.
pub struct Person {
    pub id: PersonId,
    pub is_natural: bool,
    pub number: String,
    pub name: String,
    pub phone: String,
    pub born: Option<Date>,
    pub is_erased: bool,
}

/// A power of attorney.
pub struct Agency {
    pub id: AgencyId,
    pub principal: usize,
    pub agent: usize,
    pub from: Date,
    pub until: Option<Date>,
}

/// A post of an organ.
pub struct Post {
    pub id: PostId,
    pub organ: OrganId,
    pub roles: BTreeSet<Role>,
}

/// A member of staff.
pub struct Officer {
    pub id: OfficerId,
    pub in_service: bool,
}

/// An officer at a post.
pub struct Appointment {
    pub id: AppointmentId,
    pub officer: OfficerId,
    pub post: PostId,
    pub from: Date,
    pub until: Option<Date>,
}

/// Somebody who stands in (AB 角).
pub struct Deputy {
    pub id: DeputyId,
    pub post: PostId,
    pub holder: OfficerId,
    pub deputy: OfficerId,
    pub from: Date,
    pub until: Option<Date>,
}

/// From where somebody acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    pub officer: OfficerId,
    pub post: PostId,
    pub organ: OrganId,
    pub roles: BTreeSet<Role>,
    pub standing_in: Option<OfficerId>,
}

/// How far a version of an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Draft,
    Checked,
    Published,
    Withdrawn,
}

/// A version of an item.
pub struct Version {
    pub content: Arc<ItemContent>,
    pub is_right: bool,
    pub stage: Stage,
    pub effective: Option<Date>,
}

/// An item and its versions, the first at place 0.
pub struct Item {
    pub id: ItemId,
    pub versions: Vec<Version>,
}

/// Where an application stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Received,
    Told,
    Corrected,
    Accepted,
    Deemed,
    NotRequired,
    NotAccepted,
    Withdrawn,
    Lapsed,
}

/// An application.
pub struct Application {
    pub id: ApplicationId,
    pub number: String,
    pub item: usize,
    pub version: usize,
    pub scenario: usize,
    pub applicant: usize,
    pub agent: Option<usize>,
    pub organ: OrganId,
    pub standing: Standing,
    pub tell_by: Date,
    pub complete_since: Date,
    pub files: BTreeSet<u16>,
    pub notice: Option<Notice>,
    pub revision: i64,
    pub case: Option<usize>,
}

/// What was told once.
pub struct Notice {
    pub due: Date,
    pub missing: BTreeSet<u16>,
    pub form: bool,
}

/// An open task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    pub number: u16,
    pub step: &'static str,
    pub duty: Duty,
    pub role: Role,
    pub organ: OrganId,
    pub held_by: Option<OfficerId>,
    pub held_for: Option<OfficerId>,
}

/// Who did what in a case, for ever: the model does not forget when the case is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hand {
    pub duty: Duty,
    pub task: u16,
    pub people: Vec<OfficerId>,
}

/// How a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Handling,
    Paused,
    Decided(Verdict),
    Delivered,
    Withdrawn,
    Archived,
}

/// A case.
pub struct Case {
    pub id: CaseId,
    pub application: usize,
    pub procedure: &'static str,
    pub organ: OrganId,
    pub hall: OrganId,
    pub consulted: Vec<OrganId>,
    pub phase: Phase,
    pub tasks: Vec<Task>,
    pub hands: Vec<Hand>,
    pub clock: Reckoned,
    pub promised_due: Option<Date>,
    pub statutory_due: Option<Date>,
    pub decided_on: Option<Date>,
    pub delivery_due: Option<Date>,
    pub timers: BTreeMap<u16, Date>,
    pub revision: i64,
    pub rating: Option<usize>,
}

/// How far a rating is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rated {
    Invited,
    Given,
    Supplemented,
    Defaulted,
}

/// A rating.
pub struct Rating {
    pub id: RatingId,
    pub subject: evaluation::Subject,
    pub person: Option<usize>,
    pub expires_on: Date,
    pub by_staff: bool,
    pub rated: Rated,
    pub revision: i64,
}

/// Where a certificate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    Valid,
    Expired,
    Revoked,
    Cancelled,
}

/// A certificate.
pub struct Certificate {
    pub id: CertificateId,
    pub issued_by: Vec<OfficerId>,
    pub organ: OrganId,
    pub last_day: Option<Date>,
    pub validity: Validity,
}

/// Everything.
pub struct Model {
    pub days: Days,
    pub hall: OrganId,
    pub organs: BTreeMap<String, OrganId>,
    pub people: Vec<Person>,
    pub agencies: Vec<Agency>,
    pub posts: Vec<Post>,
    pub officers: Vec<Officer>,
    pub appointments: Vec<Appointment>,
    pub deputies: Vec<Deputy>,
    pub items: Vec<Item>,
    pub applications: Vec<Application>,
    pub cases: Vec<Case>,
    pub ratings: Vec<Rating>,
    pub certificates: Vec<Certificate>,
    /// Numbered papers, by kind of notice.
    pub papers: BTreeMap<&'static str, i64>,
}

fn runs(from: Date, until: Option<Date>, on: Date) -> bool {
    from <= on && until.is_none_or(|until| on <= until)
}

impl Model {
    pub fn post(&self, id: PostId) -> &Post {
        let found = self.posts.iter().find(|post| post.id == id);
        found.expect("posts are never removed")
    }

    pub fn in_service(&self, id: OfficerId) -> bool {
        self.officers
            .iter()
            .any(|officer| officer.id == id && officer.in_service)
    }

    /// The seats of somebody on a day: own posts first, then those stood in at.
    pub fn seats(&self, officer: OfficerId, on: Date) -> Vec<Seat> {
        let mut seats: Vec<Seat> = Vec::new();
        let mut add = |post: PostId, standing_in: Option<OfficerId>| {
            if !seats.iter().any(|seat| seat.post == post) {
                let post = self.post(post);
                seats.push(Seat {
                    officer,
                    post: post.id,
                    organ: post.organ,
                    roles: post.roles.clone(),
                    standing_in,
                });
            }
        };
        let mine = |one: &&Appointment| one.officer == officer && runs(one.from, one.until, on);
        for one in self.appointments.iter().filter(mine) {
            add(one.post, None);
        }
        for one in self.deputies.iter().filter(|one| one.deputy == officer) {
            let held = self.appointments.iter().any(|held| {
                let same = held.officer == one.holder && held.post == one.post;
                same && runs(held.from, held.until, on)
            });
            if held && runs(one.from, one.until, on) && self.in_service(one.holder) {
                add(one.post, Some(one.holder));
            }
        }
        seats
    }

    /// Every seat of everybody in service with a role in an organ.
    pub fn seats_with(&self, organ: OrganId, role: Role, on: Date) -> Vec<Seat> {
        let posts = self.posts.iter();
        let posts = posts.filter(|post| post.organ == organ && post.roles.contains(&role));
        let posts: Vec<PostId> = posts.map(|post| post.id).collect();
        let holders = self.appointments.iter().map(|one| (one.post, one.officer));
        let deputies = self.deputies.iter().map(|one| (one.post, one.deputy));
        let there = holders
            .chain(deputies)
            .filter(|(post, _)| posts.contains(post));
        let officers: BTreeSet<OfficerId> = there.map(|(_, officer)| officer).collect();
        let in_service = officers
            .into_iter()
            .filter(|officer| self.in_service(*officer));
        let all = in_service.flat_map(|officer| self.seats(officer, on));
        all.filter(|seat| posts.contains(&seat.post)).collect()
    }

    /// Whether one person may act for another on a day.
    pub fn may_act_for(&self, agent: usize, principal: usize, on: Date) -> bool {
        let granted = |one: &Agency| {
            one.agent == agent && one.principal == principal && runs(one.from, one.until, on)
        };
        agent == principal || self.agencies.iter().any(granted)
    }

    /// The version of an item in force on a day: of the published ones the one that began last.
    pub fn in_force(&self, item: usize, on: Date) -> Option<usize> {
        let mut best: Option<(Date, usize)> = None;
        for (number, version) in self.items[item].versions.iter().enumerate() {
            let from = version.effective.filter(|from| *from <= on);
            if let (Stage::Published, Some(from)) = (version.stage, from)
                && best.is_none_or(|best| best <= (from, number))
            {
                best = Some((from, number));
            }
        }
        best.map(|(_, number)| number)
    }

    pub fn content(&self, application: &Application) -> &Arc<ItemContent> {
        &self.items[application.item].versions[application.version].content
    }

    /// Materials of an application's scenario by position: all, and those required.
    pub fn asked(&self, application: &Application) -> (BTreeSet<u16>, BTreeSet<u16>) {
        let content = self.content(application);
        let scenario = &content.scenarios[application.scenario];
        let (mut listed, mut required) = (BTreeSet::new(), BTreeSet::new());
        for one in &scenario.materials {
            let place = place_of(content, &one.material);
            listed.insert(place);
            if one.necessity != catalogue::model::kind::Necessity::Optional {
                required.insert(place);
            }
        }
        (listed, required)
    }

    /// Whether a person still has something under way.
    pub fn is_busy(&self, person: usize) -> bool {
        let open = |one: &Application| {
            let theirs = one.applicant == person || one.agent == Some(person);
            let under_way = match one.case {
                Some(case) => !self.cases[case].is_over(),
                None => matches!(
                    one.standing,
                    Standing::Received | Standing::Told | Standing::Corrected
                ),
            };
            theirs && under_way
        };
        self.applications.iter().any(open)
    }

    pub fn paper(&mut self, kind: &'static str) {
        *self.papers.entry(kind).or_default() += 1;
    }
}

impl Application {
    pub fn is_open(&self) -> bool {
        self.waits() || self.standing == Standing::Told
    }

    /// Whether the hall owes an answer.
    pub fn waits(&self) -> bool {
        matches!(self.standing, Standing::Received | Standing::Corrected)
    }

    pub fn belongs_to(&self, person: usize) -> bool {
        self.applicant == person || self.agent == Some(person)
    }
}

impl Case {
    pub fn is_over(&self) -> bool {
        matches!(
            self.phase,
            Phase::Delivered | Phase::Withdrawn | Phase::Archived
        )
    }

    pub fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Handling | Phase::Paused)
    }

    pub fn task(&self, number: u16) -> Option<&Task> {
        self.tasks.iter().find(|task| task.number == number)
    }

    /// Dates the clock anew.
    pub fn date(&mut self, days: &Days) {
        self.promised_due = days.due(&self.clock, self.clock.promised);
        self.statutory_due = days.due(&self.clock, self.clock.statutory);
    }
}

/// Where a material stands in the item version.
pub fn place_of(content: &ItemContent, material: &str) -> u16 {
    let found = content.materials.iter().position(|one| one.id == material);
    let found = found.expect("a scenario lists materials of its item");
    u16::try_from(found).expect("an item has few materials")
}
