//! Tests of identity: the store's and the doors' share a furnished house, on both stores.

use std::sync::Arc;

use db::{Db, Options, Tx};
use jiff::{SignedDuration, Timestamp};
use kernel::{Actor, Channel, Clock, Fault, OfficerId, OrganId, PostId};
use ledger::{FileStore, Vault};
use seal::Suite;
use web::Role;

use crate::{
    FactorPolicy, NewAccount, NewOfficer, NewOrgan, NewPerson, OrganKind, PasswordCost,
    PasswordHash, PersonKind,
};

mod access;
mod agency;
mod doors;
mod rules;
mod steps;
mod store;

const PASSWORD: &str = "Qing-Chuang-2026";
const CITIZEN: &str = "11010519491231002X";
const COMPANY: &str = "91350100M000100Y43";

struct House {
    db: Db,
    _folder: tempfile::TempDir,
}

fn clock() -> Clock {
    Clock::virtual_at(Timestamp::from_second(1_790_000_000).unwrap(), 7)
}

fn furnished(db: Db, vault: Arc<Vault>, folder: tempfile::TempDir) -> House {
    let files = FileStore::open(&folder.path().join("files"), vault.clone()).unwrap();
    db.lend(Arc::new(files));
    db.lend(vault);
    db.lend(Arc::new(PasswordCost::QUICK));
    db.lend(Arc::new(FactorPolicy::OPTIONAL));
    let rooms = [ledger::MIGRATIONS, web::MIGRATIONS, crate::MIGRATIONS];
    db::migrate::run(&db, db.cause(Actor::system()), &rooms).unwrap();
    House {
        db,
        _folder: folder,
    }
}

/// An empty house on each store.
fn houses(name: &str) -> Vec<House> {
    let mut houses = vec![on_sqlite()];
    if let Ok(url) = std::env::var("QINGCHUANG_TEST_POSTGRES") {
        let url = db::testing::schema(&url, &format!("identity_{name}"));
        let (clock, folder) = (clock(), tempfile::tempdir().unwrap());
        let vault = Arc::new(Vault::fresh(&clock, Suite::ShangMi, "hall.test/ledger").unwrap());
        let db = Db::postgres(&url, Options::new(clock, vault.row_key)).unwrap();
        houses.push(furnished(db, vault, folder));
    }
    houses
}

fn on_sqlite() -> House {
    let (clock, folder) = (clock(), tempfile::tempdir().unwrap());
    let vault = Arc::new(Vault::fresh(&clock, Suite::ShangMi, "hall.test/ledger").unwrap());
    let db = Db::sqlite(folder.path(), Options::new(clock, vault.row_key)).unwrap();
    furnished(db, vault, folder)
}

impl House {
    fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.write_as(Actor::system(), work)
    }

    fn write_as<T: Send + 'static>(
        &self,
        actor: Actor,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.db.clock().advance(SignedDuration::from_secs(1));
        self.db.write(self.db.cause(actor), work)
    }

    fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> T {
        self.db.read(work).unwrap()
    }

    fn hash(&self, login: &str) -> PasswordHash {
        crate::hash_password(self.db.clock(), PasswordCost::QUICK, login, PASSWORD).unwrap()
    }

    fn hall(&self) -> OrganId {
        self.write(|tx| crate::add_organ(tx, &organ(OrganKind::Hall, COMPANY, "ZWZX")))
            .unwrap()
    }

    fn post(&self, organ: OrganId, name: &'static str, role: Role) -> PostId {
        self.write(move |tx| crate::add_post(tx, organ, name, [role].into()))
            .unwrap()
    }

    fn officer(&self, login: &'static str) -> OfficerId {
        let password = self.hash(login);
        let new = NewOfficer {
            login: login.to_owned(),
            name: format!("{login}同志"),
            password,
        };
        self.write(move |tx| crate::add_officer(tx, &new)).unwrap()
    }

    fn appoint(&self, officer: OfficerId, post: PostId) -> Result<(), Fault> {
        self.write(move |tx| {
            let today = tx.today();
            crate::appoint(tx, officer, post, today, None).map(|_| ())
        })
    }

    fn citizen(&self, login: &'static str) -> NewPerson {
        NewPerson {
            kind: PersonKind::Natural,
            name: "王小清".to_owned(),
            identity_number: CITIZEN.to_owned(),
            phone: "138 0013 8000".to_owned(),
            account: Some(NewAccount {
                login: login.to_owned(),
                password: self.hash(login),
            }),
        }
    }
}

fn organ(kind: OrganKind, uscc: &str, dept4: &str) -> NewOrgan {
    NewOrgan {
        uscc: uscc.to_owned(),
        name: "清江县政务服务中心".to_owned(),
        short_name: "政务中心".to_owned(),
        dept4: dept4.to_owned(),
        region6: "511602".to_owned(),
        kind,
    }
}

fn officer_actor(officer: OfficerId, post: PostId, organ: OrganId) -> Actor {
    Actor::officer(officer, post, organ, Channel::Web)
}
