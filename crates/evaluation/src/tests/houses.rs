//! Houses to try the room in: one for each store, with a clock in hand.

use std::sync::Arc;

use db::{Db, Options, Tx};
use jiff::{SignedDuration, Timestamp};
use kernel::{Actor, Channel, Clock, Fault, OfficerId, OrganId, PersonId, PostId, TypedId};
use ledger::{FileStore, Vault};
use seal::Suite;
use uuid::Uuid;

use crate::model::{Aspect, Grade, RatingChannel, Service, Subject};
use crate::{Invitation, ItemCard, ItemNames, Names, Said};

pub(super) const ITEM: u128 = 40;
pub(super) const ORGAN: u128 = 50;
pub(super) const CLERK: u128 = 60;

pub(super) fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(super) fn invitation(case: u128) -> Invitation {
    Invitation {
        subject: Subject::CounterService(uuid(case)),
        item: uuid(ITEM),
        version: 3,
        organ: OrganId::from_uuid(uuid(ORGAN)),
        officer: None,
        person: Some(PersonId::from_uuid(uuid(70))),
    }
}

pub(super) fn service(case: u128) -> Service {
    Service {
        person: None,
        ..invitation(case).service(false)
    }
}

pub(super) fn said(grade: Grade) -> Said {
    Said {
        grade,
        tags: vec![Aspect::ServiceAttitude],
        text: "窗口的同志很耐心".to_owned(),
        channel: RatingChannel::Qr,
        real_name: false,
    }
}

/// One item and its organ.
struct OneItem;

impl OneItem {
    fn card() -> ItemCard {
        ItemCard {
            item: uuid(ITEM),
            version: 3,
            code: "000131001000".to_owned(),
            name: "食品经营许可".to_owned(),
            name_en: Some("Food business licence".to_owned()),
            organ: OrganId::from_uuid(uuid(ORGAN)),
        }
    }
}

impl ItemNames for OneItem {
    fn by_code(&self, _tx: &mut Tx<'_>, code: &str) -> Result<Option<ItemCard>, Fault> {
        Ok(Some(Self::card()).filter(|card| card.code == code))
    }

    fn by_id(&self, _: &mut Tx<'_>, item: Uuid, _: u32) -> Result<Option<ItemCard>, Fault> {
        Ok(Some(Self::card()).filter(|card| card.item == item))
    }

    fn organ_name(&self, _tx: &mut Tx<'_>, _organ: OrganId) -> Result<String, Fault> {
        Ok("市场监督管理局".to_owned())
    }
}

pub(super) struct House {
    pub(super) db: Db,
    _folder: tempfile::TempDir,
}

/// A house in which nothing happened yet; `open` says on which store.
fn house(open: &dyn Fn(&tempfile::TempDir, Options) -> Db) -> House {
    let folder = tempfile::tempdir().unwrap();
    // Nine in the morning of Monday 2026-11-23 in the hall.
    let start: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
    let clock = Clock::virtual_at(start, 7);
    let vault = Arc::new(Vault::fresh(&clock, Suite::ShangMi, "hall.test/ledger").unwrap());
    let db = open(&folder, Options::new(clock, vault.row_key));
    let files = FileStore::open(&folder.path().join("files"), vault.clone()).unwrap();
    db.lend(Arc::new(files));
    db.lend(vault);
    db.lend(Arc::new(Names(Arc::new(OneItem))));
    let rooms = [ledger::MIGRATIONS, web::MIGRATIONS, crate::MIGRATIONS];
    db::migrate::run(&db, db.cause(Actor::system()), &rooms).unwrap();
    House {
        db,
        _folder: folder,
    }
}

pub(super) fn sqlite() -> House {
    house(&|folder, options| Db::sqlite(folder.path(), options).unwrap())
}

pub(super) fn houses(name: &str) -> Vec<House> {
    let mut houses = vec![sqlite()];
    if let Ok(url) = std::env::var("QINGCHUANG_TEST_POSTGRES") {
        let url = db::testing::schema(&url, &format!("evaluation_{name}"));
        houses.push(house(&move |_, options| {
            Db::postgres(&url, options).unwrap()
        }));
    }
    houses
}

impl House {
    pub(super) fn wait(&self, hours: i64) {
        self.db.clock().advance(SignedDuration::from_hours(hours));
    }

    pub(super) fn write_as<T: Send + 'static>(
        &self,
        actor: Actor,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.db.clock().advance(SignedDuration::from_millis(1));
        self.db.write(self.db.cause(actor), work)
    }

    pub(super) fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.write_as(Actor::public(Channel::Web), work)
    }

    /// Fires what is due, as the roof does.
    pub(super) fn fire_due(&self) -> usize {
        self.write_as(Actor::system(), |tx| {
            let due = db::timer::due(tx, 100)?;
            for timer in &due {
                assert!(db::timer::take(tx, timer)?);
                assert!(crate::fire(tx, timer)?);
            }
            Ok(due.len())
        })
        .unwrap()
    }

    pub(super) fn findings(&self) -> Vec<ledger::audit::Finding> {
        let tables = |tx: &mut Tx<'_>| {
            let mut tables = crate::tables();
            tables.push(ledger::audit::Audited::Sealed(&web::session::SESSIONS));
            ledger::verify::verify_deep(tx, &tables)
        };
        self.db.read(tables).unwrap().findings
    }
}

pub(super) fn clerk() -> Actor {
    Actor::officer(
        OfficerId::from_uuid(uuid(CLERK)),
        PostId::from_uuid(uuid(61)),
        OrganId::from_uuid(uuid(ORGAN)),
        Channel::Counter,
    )
}
