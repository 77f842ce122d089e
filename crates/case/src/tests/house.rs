//! A small house on each store, with neighbours that remember which papers they made.

use std::sync::{Arc, Mutex};

use calendar::WorkingDays;
use db::{Db, Options, Tx};
use jiff::{SignedDuration, Timestamp};
use kernel::uuid::Uuid;
use kernel::{Actor, Channel, Clock, Fault, Lang, OfficerId, OrganId, PersonId, PostId, TypedId};
use ledger::{FileStore, Vault};
use web::{Officer, Seat};

use super::hall::{HALL, LEAD, OTHER, new_case, officer, organ};
use crate::neighbours::{Document, Hall, Holder, Neighbours, Paper};
use crate::*;

#[derive(Default)]
pub(super) struct Remembering(
    pub(super) Mutex<Vec<&'static str>>,
    pub(super) Mutex<Vec<Uuid>>,
);

impl Neighbours for Remembering {
    fn officer_name(&self, _tx: &mut Tx<'_>, id: OfficerId) -> Result<String, Fault> {
        Ok(format!("officer {}", id.uuid().as_u128()))
    }
    fn organ_name(&self, _tx: &mut Tx<'_>, id: OrganId) -> Result<String, Fault> {
        Ok(format!("organ {}", id.uuid().as_u128()))
    }
    fn person_name(&self, _tx: &mut Tx<'_>, _id: PersonId) -> Result<String, Fault> {
        Ok("王小明".to_owned())
    }
    fn holders(
        &self,
        _tx: &mut Tx<'_>,
        _organ: OrganId,
        _role: Role,
    ) -> Result<Vec<Holder>, Fault> {
        let one = |number, standing_in| Holder {
            officer: officer(number),
            name: format!("officer {number}"),
            standing_in,
        };
        let other = (officer(11), "officer 11".to_owned());
        Ok(vec![one(14, None), one(15, Some(other))])
    }
    fn special_procedures(
        &self,
        _tx: &mut Tx<'_>,
        _item: Uuid,
        _version: u32,
    ) -> Result<Vec<Special>, Fault> {
        Ok(Vec::new())
    }
    fn conditions(&self, _: &mut Tx<'_>, _: &Case) -> Result<Conditions, Fault> {
        Ok(Conditions::default())
    }

    fn authority(&self, _: &mut Tx<'_>, _: &Case, _: &Judged) -> Result<Authority, Fault> {
        Ok(Authority::default())
    }

    fn binds(&self, _: &mut Tx<'_>, _: OrganId) -> Result<bool, Fault> {
        Ok(false)
    }

    fn authority_told(
        &self,
        _: &mut Tx<'_>,
        _: &Case,
        _: Lang,
    ) -> Result<Vec<(String, String)>, Fault> {
        Ok(Vec::new())
    }

    fn delegated(&self, _: &mut Tx<'_>, _: OrganId) -> Result<Vec<Delegated>, Fault> {
        Ok(Vec::new())
    }

    fn item_of_code(&self, _: &mut Tx<'_>, _: &str) -> Result<Option<Uuid>, Fault> {
        Ok(None)
    }

    fn departments(&self, _tx: &mut Tx<'_>) -> Result<Vec<(OrganId, String)>, Fault> {
        Ok(vec![(organ(OTHER), "消防".to_owned())])
    }
    fn item_name(
        &self,
        _tx: &mut Tx<'_>,
        _item: Uuid,
        _v: u32,
        _lang: Lang,
    ) -> Result<String, Fault> {
        Ok("食品经营许可".to_owned())
    }
    fn limit_articles(&self, _tx: &mut Tx<'_>, _item: Uuid, _v: u32) -> Result<[String; 2], Fault> {
        Ok(["行政许可法第四十二条".to_owned(), "承诺".to_owned()])
    }
    fn make_paper(&self, _tx: &mut Tx<'_>, _case: &Case, paper: Paper) -> Result<(), Fault> {
        self.0.lock().unwrap().push(match paper {
            Paper::Certificate { .. } => "certificate",
            Paper::Refusal { .. } => "refusal",
            Paper::Pause { .. } => "pause",
            Paper::Extension { .. } => "extension",
            Paper::Withdrawal => "withdrawal",
            Paper::DeliveryReceipt { .. } => "receipt",
        });
        Ok(())
    }
    fn records(&self, _tx: &mut Tx<'_>, case: &Case) -> Result<Vec<Uuid>, Fault> {
        let others = self.1.lock().unwrap().clone();
        Ok([vec![case.application], others].concat())
    }
    fn documents(
        &self,
        _tx: &mut Tx<'_>,
        _case: &Case,
        _lang: Lang,
    ) -> Result<Vec<Document>, Fault> {
        Ok(vec![Document {
            title: "受理通知书".to_owned(),
            number: "1".to_owned(),
            href: "/notices/1".to_owned(),
        }])
    }
}

/// No item names a procedure here, and nobody works by one.
struct Nobody;

impl procedure::Neighbours for Nobody {
    fn items(&self, _: &mut Tx<'_>, _: &str) -> Result<Vec<procedure::ItemUse>, Fault> {
        Ok(Vec::new())
    }

    fn staff(&self, _: &mut Tx<'_>, _: &str) -> Result<Vec<(String, process::Assignment)>, Fault> {
        Ok(Vec::new())
    }
}

/// What the rooms of this house say of their tables.
pub(super) fn every_table() -> Vec<ledger::audit::Audited> {
    let mut all = crate::tables();
    all.extend(procedure::tables());
    all
}

pub(super) struct House {
    pub(super) db: Db,
    pub(super) papers: Arc<Remembering>,
    _folder: tempfile::TempDir,
}

pub(super) fn houses(name: &str) -> Vec<House> {
    let mut houses = Vec::new();
    let mut add = |open: &dyn Fn(&tempfile::TempDir, Options) -> Db| {
        let folder = tempfile::tempdir().unwrap();
        let at: Timestamp = "2026-03-02T01:00:00Z".parse().unwrap();
        let clock = Clock::virtual_at(at, 7);
        let suite = seal::Suite::ShangMi;
        let vault = Arc::new(Vault::fresh(&clock, suite, "hall.test/ledger").unwrap());
        let db = open(&folder, Options::new(clock, vault.row_key));
        let files = FileStore::open(&folder.path().join("files"), vault.clone());
        db.lend(Arc::new(files.unwrap()));
        db.lend(vault);
        db.lend(Arc::new(WorkingDays::built_in().clone()));
        let papers = Arc::new(Remembering::default());
        db.lend(Arc::new(Hall::new(papers.clone())));
        db.lend(Arc::new(procedure::Hall(Arc::new(Nobody))));
        db.lend(Arc::new(procedure::Shelf::default()));
        let rooms = &[ledger::MIGRATIONS, procedure::MIGRATIONS, crate::MIGRATIONS];
        db::migrate::run(&db, db.cause(Actor::system()), rooms).unwrap();
        houses.push(House {
            db,
            papers,
            _folder: folder,
        });
    };
    add(&|folder, options| Db::sqlite(folder.path(), options).unwrap());
    if let Ok(url) = std::env::var("QINGCHUANG_TEST_POSTGRES") {
        let url = db::testing::schema(&url, &format!("case_{name}"));
        add(&move |_, options| Db::postgres(&url, options).unwrap());
    }
    houses
}

pub(super) fn staff(number: u128, organ_number: u128, role: Role) -> Officer {
    Officer {
        id: officer(number),
        name: format!("officer {number}"),
        seats: vec![Seat {
            post: PostId::from_uuid(Uuid::from_u128(number)),
            post_name: role.to_string(),
            organ: organ(organ_number),
            organ_name: String::new(),
            roles: [role].into(),
            deputizing: None,
        }],
        active: 0,
        channel: Channel::Web,
    }
}

impl House {
    pub(super) fn write<T: Send + 'static>(
        &self,
        by: &Officer,
        work: impl Fn(&mut Tx<'_>, &Officer) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.db.clock().advance(SignedDuration::from_secs(1));
        let by = by.clone();
        self.db
            .write(self.db.cause(by.actor()), move |tx| work(tx, &by))
    }

    pub(super) fn by(&self, actor: Actor) -> db::Cause {
        self.db.cause(actor)
    }

    pub(super) fn open(&self, procedure: &'static str, serial: u32) -> CaseId {
        self.db
            .write(self.db.cause(Actor::system()), move |tx| {
                let mut new = new_case(procedure, crate::now(tx));
                new.number = format!("N{serial:05}").parse().map_err(Fault::broken)?;
                crate::open(tx, new)
            })
            .unwrap()
    }

    pub(super) fn case(&self, id: CaseId) -> Case {
        self.db.read(|tx| crate::case(tx, id)).unwrap()
    }

    pub(super) fn to_decision(&self, id: CaseId) {
        let review = staff(11, LEAD, Role::Reviewer);
        let task = self.case(id).tasks[0].number;
        self.write(&review, move |tx, by| {
            crate::claim(tx, by, id, task)?;
            let finish = Finish {
                task,
                outcome: Some("agree".parse().unwrap()),
                opinion: Some("材料齐全，建议准予".to_owned()),
                ..Finish::default()
            };
            crate::complete(tx, by, id, &finish)
        })
        .unwrap();
    }

    pub(super) fn grant(&self, id: CaseId) {
        let task = self.case(id).tasks[0].number;
        let decide = staff(12, LEAD, Role::Decider);
        self.write(&decide, move |tx, by| {
            let finish = Finish {
                task,
                outcome: Some("granted".parse().unwrap()),
                ..Finish::default()
            };
            crate::complete(tx, by, id, &finish)
        })
        .unwrap();
    }

    pub(super) fn hand_out(&self, id: CaseId) {
        let exit = staff(13, HALL, Role::ExitClerk);
        self.write(&exit, move |tx, by| {
            let out = HandOut {
                method: Method::Counter,
                identity_checked: true,
                proof: Some("本人签字".to_owned()),
            };
            crate::deliver(tx, by, id, &out)
        })
        .unwrap();
    }

    pub(super) fn verify(&self) {
        let system = || self.db.cause(Actor::system());
        while 0 < self.db.write(system(), ledger::sealer::seal_lines).unwrap() {}
        let tables = every_table();
        let report = self
            .db
            .read(|tx| ledger::verify::verify_deep(tx, &tables))
            .unwrap();
        assert_eq!(report.findings, vec![]);
    }

    /// Fires every timer that is due.
    pub(super) fn fire_due(&self) -> usize {
        let due = self.db.read(|tx| db::timer::due(tx, 100)).unwrap();
        let fired = due.len();
        for timer in due {
            self.db
                .write(self.db.cause(Actor::system()), move |tx| {
                    if db::timer::take(tx, &timer)? {
                        assert!(crate::fire(tx, &timer)?, "{}", timer.kind);
                    }
                    Ok(())
                })
                .unwrap();
        }
        fired
    }
}
