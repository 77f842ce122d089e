//! A town that stories of modes happen in: a furnished hall on each store, one shipped item with
//! its modes, and what its people do by the real commands.

use std::sync::Arc;

use case::{Case, Code, Finish};
use catalogue::model::kind::{Necessity, Target};
use catalogue::model::{FileKind, ItemContent};
use catalogue::scenario::{Picks, paths};
use certificate::CertificateState;
use db::{Db, Tx};
use exit::{ExitSource, ExitStatus};
use identity::{HallDirectory, PersonKind};
use intake::{Application, ApplicationId, By, NewDraft};
use jiff::SignedDuration;
use jiff::civil::date;
use kernel::{Actor, Channel, Clock, Fault, Money, OrganId, PersonId, TypedId};
use ledger::FileStore;
use ledger::verify::{rebuild_compare, verify_deep};
use pledge::{Pledge, PledgeKind};
use qingchuang::house::tables;
use qingchuang::seed::{self, answers, dice::Dice, people};
use web::{Directory, Officer, Role};

use crate::hall::{TestHall, halls};

const PDF: &[u8] = include_bytes!("../../data/sample.pdf");
const PNG: &[u8] = include_bytes!("../../data/sample.png");

/// A hall in which one item is published as it is shipped, modes and all.
pub struct Town {
    pub hall: TestHall,
    pub version: Arc<catalogue::Version>,
    pub picks: Picks,
    pub scenario: String,
    pub organ: OrganId,
    pub hall_id: OrganId,
}

/// Somebody, by name.
pub struct Applicant {
    pub id: PersonId,
    pub name: String,
    pub given: serde_json::Map<String, serde_json::Value>,
}

/// A town on each store, with this item as it is shipped.
pub fn towns(name: &str, item: &str) -> Vec<Town> {
    towns_with(name, item, |_| {})
}

/// As [`towns`], with the item changed before it is published.
pub fn towns_with(name: &str, item: &str, change: fn(&mut ItemContent)) -> Vec<Town> {
    let start = kernel::clock::hall_instant(date(2026, 11, 23).at(9, 0, 0, 0));
    let halls = halls(name, move || Clock::virtual_at(start, 11));
    let town = |hall| Town::over(hall, item, change);
    halls.into_iter().map(town).collect()
}

impl Town {
    fn over(hall: TestHall, item: &str, change: fn(&mut ItemContent)) -> Self {
        let db = &hall.house.db;
        seed::furnish_bare(db).expect("a hall is furnished");
        let items = catalogue::shipped::ITEMS;
        let file = format!("{item}.json");
        let json = items.iter().find(|(name, _)| *name == file).expect("it").1;
        let mut content = ItemContent::read(json.as_bytes()).expect("it reads");
        change(&mut content);
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

    pub fn db(&self) -> &Db {
        &self.hall.house.db
    }

    /// The officers of an organ with a role, at their seats.
    pub fn officers(&self, organ: OrganId, role: Role) -> Vec<Officer> {
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

    pub fn applicant(&self) -> Applicant {
        let people = self.version.content.targets.contains(&Target::Person);
        let kind = if people {
            PersonKind::Natural
        } else {
            PersonKind::Legal
        };
        let dice = Dice::new(self.db().clock());
        let today = self.db().clock().today();
        let age_min = self.version.content.age_min;
        let born_by = age_min.map(|age| i64::from(today.year()) - i64::from(age) - 1);
        let new = people::person(&dice, kind, born_by);
        let speaker = answers::Speaker {
            name: &new.name,
            number: &new.identity_number,
            phone: &new.phone,
            is_firm: !people,
        };
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

    pub fn by<T: Send + 'static>(
        &self,
        actor: Actor,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.db().write(self.db().cause(actor), work)
    }

    /// A draft with every paper of the scenario but some.
    pub fn draft(&self, who: &Applicant, without: &[&str]) -> ApplicationId {
        let (me, by) = (who.id, By::Person(who.id));
        let files = self.db().thing::<FileStore>().expect("files");
        let stored = files.put(self.db().clock(), PDF).expect("it is stored");
        let picture = files.put(self.db().clock(), PNG).expect("it is stored");
        let content = Arc::clone(&self.version.content);
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
                let kinds = content.material(material).map(|one| &one.file_kinds);
                let takes_pages =
                    kinds.is_none_or(|all| all.is_empty() || all.contains(&FileKind::Pdf));
                let (stored, media, name) = match takes_pages {
                    true => (stored, "application/pdf", "a.pdf"),
                    false => (picture, "image/png", "a.png"),
                };
                let file = intake::keep_upload(tx, &by, stored, media, name)?;
                intake::attach_file(tx, &by, id, material, file.id)?;
            }
            Ok(id)
        })
        .expect("a draft is written")
    }

    pub fn sign(
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

    pub fn submit(&self, who: &Applicant, draft: ApplicationId) -> Result<(), Fault> {
        let by = By::Person(who.id);
        self.by(Actor::citizen(who.id, Channel::Web), move |tx| {
            intake::submit(tx, &by, draft).map(|_| ())
        })
    }

    pub fn accept(&self, id: ApplicationId) -> Result<Application, Fault> {
        let clerk = self.officers(self.hall_id, Role::IntakeClerk).remove(0);
        let by = By::from(&clerk);
        self.by(clerk.actor(), move |tx| intake::accept(tx, &by, id))
    }

    pub fn case(&self, id: ApplicationId) -> Case {
        let found = self.db().read(|tx| {
            let application = intake::application(tx, id)?;
            let found = case::find_by_number(tx, application.number.as_ref())?;
            case::case(tx, found.ok_or(Fault::NotFound { what: "case" })?)
        });
        found.expect("it became a case")
    }

    pub fn pledges(&self, id: ApplicationId) -> Vec<Pledge> {
        let found = self.db().read(|tx| pledge::of_application(tx, id.uuid()));
        found.expect("pledges can be read")
    }

    pub fn pledge(&self, id: ApplicationId, kind: PledgeKind) -> Pledge {
        let mut all = self.pledges(id);
        all.retain(|one| one.kind == kind);
        all.remove(0)
    }

    pub fn grant(&self, id: ApplicationId, by: &Officer) -> Result<Case, Fault> {
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

    pub fn make_up(&self, who: &Applicant, id: ApplicationId, material: &str) -> Result<(), Fault> {
        let files = self.db().thing::<FileStore>().expect("files");
        let stored = files.put(self.db().clock(), PDF).expect("it is stored");
        let (by, material) = (By::Person(who.id), material.to_owned());
        self.by(Actor::citizen(who.id, Channel::Web), move |tx| {
            let file = intake::keep_upload(tx, &by, stored, "application/pdf", "b.pdf")?;
            intake::make_up(tx, &by, id, vec![(material.clone(), file.id)]).map(|_| ())
        })
    }

    /// What was issued for a case.
    pub fn certificates(&self, case: &Case) -> Vec<certificate::Certificate> {
        let found = self
            .db()
            .read(|tx| certificate::certificates_of(tx, case.id.uuid()));
        found.expect("they can be read")
    }

    /// Walks the revocation that a check opened to its end, misused on the way: the holder is told
    /// and heard, the law reviewed, and somebody else decides.
    pub fn revokes(&self, case: &Case, opener: &Officer, decider: &Officer) {
        let held = self.certificates(case).remove(0);
        assert_eq!(held.state, CertificateState::Valid, "nothing is gone yet");
        let running = self.db().read(|tx| exit::running(tx, held.id));
        let exit = running.expect("it can be read").expect("it is on its way");
        assert_eq!(exit.source, ExitSource::Check);
        assert_eq!(exit.opened_by, Some(opener.id));
        let told = self
            .db()
            .read(|tx| certificate::notices_of(tx, exit.id.uuid()));
        assert_eq!(told.expect("in writing").len(), 1);
        let legal = self.officers(self.organ, Role::LegalReviewer).remove(0);
        let review = || {
            let (by, id) = (legal.clone(), exit.id);
            self.by(legal.actor(), move |tx| {
                exit::review(tx, &by, id, true, false, "合法").map(|_| ())
            })
        };
        refused(review(), "exit.statements_running");
        self.days_pass(8);
        review().expect("the days to be heard are over");
        let decide = |by: &Officer| {
            let (me, id) = (by.clone(), exit.id);
            let assessed = exit.is_compensated();
            self.by(by.actor(), move |tx| {
                if assessed {
                    exit::assess(tx, &me, id, Money::ZERO, Money::ZERO, "无损失")?;
                }
                exit::decide(tx, &me, id, "核查属实", None)
            })
        };
        let code = match opener.has(Role::Decider) {
            true => "exit.decided_by_opener",
            false => "exit.not_a_decider",
        };
        refused(decide(opener), code);
        let gone = decide(decider).expect("by somebody else");
        assert_eq!(gone.status, ExitStatus::Done);
        let state = self.certificates(case).remove(0).state;
        assert_eq!(state, CertificateState::Revoked);
    }

    pub fn days_pass(&self, days: i64) {
        let clock = self.db().clock();
        clock.advance(SignedDuration::from_hours(24 * days));
        qingchuang::jobs::fire_due(self.db()).expect("timers fire");
    }

    /// The ledger stands behind every row, and every record is its replay.
    pub fn stands(&self) {
        qingchuang::jobs::seal_all(self.db(), 0).expect("lines are sealed");
        let deep = self.db().read(|tx| verify_deep(tx, &tables()));
        assert_eq!(deep.expect("it can be read").findings, vec![]);
        let rebuilt = self.db().read(|tx| rebuild_compare(tx, &tables()));
        assert!(rebuilt.expect("it can be read").ok);
    }
}

pub fn word(text: &str) -> Code {
    text.to_owned().try_into().expect("a code")
}

#[track_caller]
pub fn refused<T: std::fmt::Debug>(done: Result<T, Fault>, code: &str) {
    match done {
        Err(Fault::Refused(no)) => assert_eq!(no.code, code),
        other => panic!("{code} was to refuse it, but: {other:?}"),
    }
}
