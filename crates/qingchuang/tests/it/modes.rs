//! Each mode walked through by the real commands, and misused: papers that follow, promises, both
//! at once, and silence. On both stores, and the ledger stands behind every row afterwards.

use std::sync::Arc;

use case::{Case, Code, Finish};
use catalogue::model::kind::Necessity;
use catalogue::scenario::{Picks, paths};
use db::{Db, Tx};
use identity::{HallDirectory, PersonKind};
use intake::{Application, ApplicationId, By, NewDraft};
use jiff::SignedDuration;
use jiff::civil::date;
use kernel::{Actor, Channel, Clock, Fault, OrganId, PersonId, TypedId};
use ledger::FileStore;
use ledger::verify::{rebuild_compare, verify_deep};
use pledge::{Found, Pledge, PledgeKind, PledgeStatus};
use qingchuang::house::tables;
use qingchuang::seed::{self, answers, dice::Dice, people};
use web::{Directory, Officer, Role};

use crate::hall::{TestHall, halls};

const ADVERTISING: &str = "outdoor_advertising";
const PICTURE: &str = "picture";
const PROOFS: [&str; 2] = ["right", "structure"];
const PDF: &[u8] = include_bytes!("../../data/sample.pdf");

/// A hall in which outdoor advertising is published as it is shipped, modes and all.
struct Town {
    hall: TestHall,
    version: Arc<catalogue::Version>,
    picks: Picks,
    scenario: String,
    organ: OrganId,
    hall_id: OrganId,
}

/// Somebody, by name.
struct Applicant {
    id: PersonId,
    name: String,
    given: serde_json::Map<String, serde_json::Value>,
}

fn towns(name: &str) -> Vec<Town> {
    let start = kernel::clock::hall_instant(date(2026, 11, 23).at(9, 0, 0, 0));
    let halls = halls(name, move || Clock::virtual_at(start, 11));
    halls.into_iter().map(Town::over).collect()
}

impl Town {
    fn over(hall: TestHall) -> Self {
        let db = &hall.house.db;
        seed::furnish_bare(db).expect("a hall is furnished");
        let items = catalogue::shipped::ITEMS;
        let file = format!("{ADVERTISING}.json");
        let json = items.iter().find(|(name, _)| *name == file).expect("it").1;
        let content = catalogue::model::ItemContent::read(json.as_bytes()).expect("it reads");
        let key = content.codes.key().expect("a code").to_owned();
        let (scenario, picks) = {
            let (picks, scenario) = paths(&content).expect("a tree").remove(0);
            (scenario.id.clone(), picks)
        };
        let published = content.clone();
        let item = db
            .write(db.cause(Actor::system()), move |tx| {
                let today = tx.today();
                let old = catalogue::published_by_code(tx, &key, today)?;
                let item = old.ok_or(Fault::NotFound { what: "item" })?.item;
                let number = catalogue::draft(tx, item, &published)?;
                catalogue::check_version(tx, item, number)?;
                catalogue::publish(tx, item, number, today)?;
                Ok(item)
            })
            .expect("fewer papers at once are no more");
        catalogue::reindex(db).expect("the index is made");
        let uscc = content.body.uscc.clone().unwrap_or_default();
        let (version, organ, hall_id) = db
            .read(|tx| {
                let today = tx.today();
                let version = catalogue::published(tx, item, today)?;
                let organ = identity::organ_by_uscc(tx, &uscc)?;
                Ok((version, organ, identity::hall(tx)?.id))
            })
            .expect("it can be read");
        Self {
            version: version.expect("it is in force"),
            organ: organ.expect("the department").id,
            hall_id,
            picks,
            scenario,
            hall,
        }
    }

    fn db(&self) -> &Db {
        &self.hall.house.db
    }

    /// The officers of an organ with a role, at their seats.
    fn officers(&self, organ: OrganId, role: Role) -> Vec<Officer> {
        let all = self.db().read(|tx| {
            let mut found = Vec::new();
            for one in identity::appointments(tx)? {
                let post = identity::post(tx, one.post)?;
                if post.organ == organ && post.roles.contains(&role) {
                    found.extend(HallDirectory.officer(tx, one.officer)?);
                }
            }
            Ok(found)
        });
        all.expect("staff can be read")
    }

    fn applicant(&self) -> Applicant {
        let dice = Dice::new(self.db().clock());
        let new = people::person(&dice, PersonKind::Legal, None);
        let speaker = answers::Speaker {
            name: &new.name,
            number: &new.identity_number,
            phone: &new.phone,
            is_firm: true,
        };
        let today = self.db().clock().today();
        let content = &self.version.content;
        let given = answers::answers(content, &self.scenario, &speaker, today, &dice);
        let name = new.name.clone();
        let db = self.db();
        let id = db.write(db.cause(Actor::system()), move |tx| {
            identity::person_at_counter(tx, &new)
        });
        Applicant {
            id: id.expect("they register"),
            given: given.expect("answers fit"),
            name,
        }
    }

    fn by<T: Send + 'static>(
        &self,
        actor: Actor,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.db().write(self.db().cause(actor), work)
    }

    /// A draft with every paper of the scenario but some.
    fn draft(&self, who: &Applicant, without: &[&str]) -> ApplicationId {
        let (me, by) = (who.id, By::Person(who.id));
        let files = self.db().thing::<FileStore>().expect("files");
        let stored = files.put(self.db().clock(), PDF).expect("it is stored");
        let (item, picks, given) = (self.version.item, self.picks.clone(), who.given.clone());
        let scenario = self.version.content.scenario(&self.scenario).expect("it");
        let lines = scenario.materials.iter();
        let sent: Vec<String> = lines
            .filter(|line| line.necessity != Necessity::Optional)
            .map(|line| line.material.clone())
            .filter(|id| !without.contains(&id.as_str()))
            .collect();
        self.by(Actor::citizen(me, Channel::Web), move |tx| {
            let new = NewDraft {
                item,
                applicant: me,
                agent: None,
            };
            let id = intake::start_draft(tx, &by, new)?;
            intake::save_picks(tx, &by, id, &picks)?;
            intake::save_answers(tx, &by, id, &given)?;
            for material in &sent {
                let file = intake::keep_upload(tx, &by, stored, "application/pdf", "a.pdf")?;
                intake::attach_file(tx, &by, id, material, file.id)?;
            }
            Ok(id)
        })
        .expect("a draft is written")
    }

    fn sign(
        &self,
        who: &Applicant,
        draft: ApplicationId,
        kind: PledgeKind,
        materials: &[&str],
    ) -> Result<(), Fault> {
        let materials: Vec<String> = materials.iter().map(|id| (*id).to_owned()).collect();
        let (by, name) = (By::Person(who.id), who.name.clone());
        self.by(Actor::citizen(who.id, Channel::Web), move |tx| {
            intake::sign_pledge(tx, &by, draft, kind, materials.clone(), &name).map(|_| ())
        })
    }

    fn submit(&self, who: &Applicant, draft: ApplicationId) -> Result<(), Fault> {
        let by = By::Person(who.id);
        self.by(Actor::citizen(who.id, Channel::Web), move |tx| {
            intake::submit(tx, &by, draft).map(|_| ())
        })
    }

    fn accept(&self, id: ApplicationId) -> Result<Application, Fault> {
        let clerk = self.officers(self.hall_id, Role::IntakeClerk).remove(0);
        let by = By::from(&clerk);
        self.by(clerk.actor(), move |tx| intake::accept(tx, &by, id))
    }

    fn case(&self, id: ApplicationId) -> Case {
        let found = self.db().read(|tx| {
            let application = intake::application(tx, id)?;
            let found = case::find_by_number(tx, application.number.as_ref())?;
            case::case(tx, found.ok_or(Fault::NotFound { what: "case" })?)
        });
        found.expect("it became a case")
    }

    fn pledges(&self, id: ApplicationId) -> Vec<Pledge> {
        let found = self.db().read(|tx| pledge::of_application(tx, id.uuid()));
        found.expect("pledges can be read")
    }

    fn pledge(&self, id: ApplicationId, kind: PledgeKind) -> Pledge {
        let mut all = self.pledges(id);
        all.retain(|one| one.kind == kind);
        all.remove(0)
    }

    fn grant(&self, id: ApplicationId, by: &Officer) -> Result<Case, Fault> {
        let case = self.case(id);
        let (task, by) = (case.tasks[0].number, by.clone());
        let finish = Finish {
            task,
            outcome: Some(word("granted")),
            opinion: Some("符合条件".to_owned()),
            ..Finish::default()
        };
        self.by(by.actor(), move |tx| {
            case::complete(tx, &by, case.id, &finish)
        })
    }

    fn make_up(&self, who: &Applicant, id: ApplicationId, material: &str) -> Result<(), Fault> {
        let files = self.db().thing::<FileStore>().expect("files");
        let stored = files.put(self.db().clock(), PDF).expect("it is stored");
        let (by, material) = (By::Person(who.id), material.to_owned());
        self.by(Actor::citizen(who.id, Channel::Web), move |tx| {
            let file = intake::keep_upload(tx, &by, stored, "application/pdf", "b.pdf")?;
            intake::make_up(tx, &by, id, vec![(material.clone(), file.id)]).map(|_| ())
        })
    }

    fn days_pass(&self, days: i64) {
        let clock = self.db().clock();
        clock.advance(SignedDuration::from_hours(24 * days));
        qingchuang::jobs::fire_due(self.db()).expect("timers fire");
    }

    /// The ledger stands behind every row, and every record is its replay.
    fn stands(&self) {
        qingchuang::jobs::seal_all(self.db(), 0).expect("lines are sealed");
        let deep = self.db().read(|tx| verify_deep(tx, &tables()));
        assert_eq!(deep.expect("it can be read").findings, vec![]);
        let rebuilt = self.db().read(|tx| rebuild_compare(tx, &tables()));
        assert!(rebuilt.expect("it can be read").ok);
    }
}

fn word(text: &str) -> Code {
    text.to_owned().try_into().expect("a code")
}

#[track_caller]
fn refused<T: std::fmt::Debug>(done: Result<T, Fault>, code: &str) {
    match done {
        Err(Fault::Refused(no)) => assert_eq!(no.code, code),
        other => panic!("{code} was to refuse it, but: {other:?}"),
    }
}

#[test]
fn papers_may_follow_on_a_pledge_and_nothing_is_granted_before_they_come() {
    for town in towns("tolerant") {
        let who = town.applicant();
        // Misuse: a main paper may not follow; without a pledge nothing may be missing.
        let bare = town.draft(&who, &[PICTURE]);
        refused(
            town.sign(&who, bare, PledgeKind::Tolerant, &["right"]),
            "pledge.not_on_list",
        );
        town.submit(&who, bare).expect("a notice may tell the rest");
        refused(town.accept(bare), "intake.incomplete");

        let id = town.draft(&who, &[PICTURE]);
        town.sign(&who, id, PledgeKind::Tolerant, &[PICTURE])
            .expect("the list holds it");
        town.submit(&who, id).expect("it is sent");
        town.accept(id).expect("the pledge stands for the picture");
        let pledge = town.pledge(id, PledgeKind::Tolerant);
        assert_eq!(pledge.due, Some(date(2026, 11, 30)));

        let reviewer = town.officers(town.organ, Role::Reviewer).remove(0);
        let case = town.case(id);
        let (case_id, task) = (case.id, case.tasks[0].number);
        let agree = Finish {
            task,
            outcome: Some(word("agree")),
            opinion: Some("同意".to_owned()),
            ..Finish::default()
        };
        let by = reviewer.clone();
        town.by(reviewer.actor(), move |tx| {
            case::complete(tx, &by, case_id, &agree).map(|_| ())
        })
        .expect("reviewed");
        let decider = town.officers(town.organ, Role::Decider).remove(0);
        refused(town.grant(id, &decider), "case.papers_owed");
        refused(town.make_up(&who, id, "right"), "intake.not_owed");
        town.make_up(&who, id, PICTURE).expect("it comes in time");
        refused(town.make_up(&who, id, PICTURE), "intake.nothing_owed");
        let status = town.pledge(id, PledgeKind::Tolerant).status;
        assert_eq!(status, PledgeStatus::MadeUp);
        let case = town.grant(id, &decider).expect("now it is granted");
        assert_eq!(case.status, case::Status::Granted);
        town.stands();
    }
}

#[test]
fn papers_that_never_come_withdraw_the_application() {
    for town in towns("lapse") {
        let who = town.applicant();
        let id = town.draft(&who, &[PICTURE]);
        town.sign(&who, id, PledgeKind::Tolerant, &[PICTURE])
            .expect("signed");
        town.submit(&who, id).expect("sent");
        town.accept(id).expect("accepted");
        town.days_pass(7);
        assert!(town.case(id).status.is_open(), "the last day is theirs");
        town.days_pass(1);
        let status = town.pledge(id, PledgeKind::Tolerant).status;
        assert_eq!(status, PledgeStatus::Lapsed);
        assert_eq!(town.case(id).status, case::Status::Withdrawn);
        refused(town.make_up(&who, id, PICTURE), "intake.nothing_owed");
        town.stands();
    }
}

#[test]
fn both_modes_stand_on_one_case_and_a_false_promise_costs_licence_and_route() {
    for town in towns("promise") {
        let who = town.applicant();
        let id = town.draft(&who, &[PICTURE, PROOFS[0], PROOFS[1]]);
        assert!(town.submit(&who, id).is_err(), "nothing stands for proofs");
        town.sign(&who, id, PledgeKind::Promise, &PROOFS)
            .expect("promised");
        refused(
            town.sign(&who, id, PledgeKind::Promise, &PROOFS),
            "pledge.already_signed",
        );
        town.sign(&who, id, PledgeKind::Tolerant, &[PICTURE])
            .expect("pledged");
        town.submit(&who, id).expect("sent");
        town.accept(id).expect("accepted on both");
        let case = town.case(id);
        assert_eq!(case.procedure.as_str(), "instant");
        assert_eq!(case.tasks[0].duty, case::Duty::Decide);
        let deciders = town.officers(town.organ, Role::Decider);
        refused(town.grant(id, &deciders[0]), "case.papers_owed");
        town.make_up(&who, id, PICTURE).expect("the picture comes");
        town.grant(id, &deciders[0]).expect("decided at once");

        let pledge = town.pledge(id, PledgeKind::Promise);
        assert_eq!(pledge.status, PledgeStatus::Checking);
        let check = |by: &Officer, found: Found| {
            let (by, pledge) = (by.clone(), pledge.id);
            town.by(by.actor(), move |tx| {
                pledge::check(tx, &by, pledge, found, "现场与承诺不符").map(|_| ())
            })
        };
        let citizen = who.id;
        let late = town.by(Actor::citizen(citizen, Channel::Web), move |tx| {
            pledge::retract(tx, citizen, pledge.id).map(|_| ())
        });
        refused(late, "pledge.decided");
        refused(
            check(&deciders[0], Found::False),
            "pledge.checked_by_decider",
        );
        let reviewer = town.officers(town.organ, Role::Reviewer).remove(0);
        refused(check(&reviewer, Found::False), "pledge.not_a_decider");
        check(&deciders[1], Found::False).expect("found false");
        let certificates = town
            .db()
            .read(|tx| certificate::certificates_of(tx, case.id.uuid()))
            .expect("they can be read");
        let state = certificates[0].state;
        assert_eq!(state, certificate::CertificateState::Revoked);

        let again = town.draft(&who, &PROOFS);
        refused(
            town.sign(&who, again, PledgeKind::Promise, &PROOFS),
            "pledge.route_lost",
        );
        town.stands();
    }
}

#[test]
fn a_promise_taken_back_leads_to_the_ordinary_way() {
    for town in towns("retract") {
        let who = town.applicant();
        let id = town.draft(&who, &PROOFS);
        town.sign(&who, id, PledgeKind::Promise, &PROOFS)
            .expect("promised");
        town.submit(&who, id).expect("sent");
        town.accept(id).expect("accepted");
        let (citizen, pledge) = (who.id, town.pledge(id, PledgeKind::Promise).id);
        town.by(Actor::citizen(citizen, Channel::Web), move |tx| {
            pledge::retract(tx, citizen, pledge).map(|_| ())
        })
        .expect("before the decision");
        let case = town.case(id);
        assert_eq!(case.procedure.as_str(), "standard");
        assert_eq!(case.tasks[0].duty, case::Duty::Review);
        assert_eq!(case.clock.promised, case::Term::workdays(8));
        for material in PROOFS {
            town.make_up(&who, id, material).expect("owed now");
        }
        let status = town.pledge(id, PledgeKind::Promise).status;
        assert_eq!(status, PledgeStatus::MadeUp);
        town.stands();
    }
}

#[test]
fn silence_grants_a_listed_item_and_names_who_let_it_lapse() {
    for town in towns("tacit") {
        let who = town.applicant();
        let id = town.draft(&who, &[]);
        town.submit(&who, id).expect("sent");
        town.accept(id).expect("accepted");
        town.days_pass(10);
        assert!(town.case(id).status.is_open(), "the promised day is ours");
        town.days_pass(3);
        let case = town.case(id);
        assert_eq!(case.status, case::Status::Granted);
        assert!(case.tacit);
        let organ = town.organ;
        let lines = town.db().read(|tx| case::tacit_list(tx, Some(organ), 10));
        let lines = lines.expect("the list can be read");
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].answerable.len(), 1);
        let issued = || {
            let found = town
                .db()
                .read(|tx| certificate::certificates_of(tx, case.id.uuid()));
            found.expect("they can be read").remove(0).state
        };
        assert_eq!(issued(), certificate::CertificateState::Valid);
        let decider = town.officers(town.organ, Role::Decider).remove(0);
        let (by, case_id) = (decider.clone(), case.id);
        town.by(decider.actor(), move |tx| {
            case::check_tacit(tx, &by, case_id, false, "现场不符合条件").map(|_| ())
        })
        .expect("checked and set aside");
        assert_eq!(issued(), certificate::CertificateState::Revoked);
        town.stands();
    }
}
