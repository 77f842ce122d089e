//! A furnished hall in which somebody holds a licence: what the stories of exits, hearings and
//! renewals begin with.

use catalogue::model::ItemContent;
use certificate::{Certificate, CertificateId, NewCertificate};
use db::{Db, Tx};
use identity::{HallDirectory, PersonKind};
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use kernel::{Actor, Channel, Clock, Fault, OrganId, PersonId};
use ledger::verify::{rebuild_compare, verify_deep};
use qingchuang::house::tables;
use qingchuang::seed::{self, dice::Dice, people};
use web::{Directory, Officer, Role};

use crate::hall::{TestHall, halls};
use crate::programs::Programs;

/// The first day of every story, a Monday.
pub const MONDAY: Date = date(2026, 11, 23);
/// Outdoor advertising 户外广告: no safety item.
const ADVERTISING: &str = "outdoor_advertising.json";

/// A hall, and the department that grants licences in it.
pub struct Licences {
    hall: TestHall,
    /// The department.
    pub organ: OrganId,
    /// The item, as it is in force.
    pub version: std::sync::Arc<catalogue::Version>,
}

/// The item as it is shipped.
fn shipped() -> ItemContent {
    let items = catalogue::shipped::ITEMS;
    let found = items.iter().find(|(name, _)| *name == ADVERTISING);
    ItemContent::read(found.expect("it ships").1.as_bytes()).expect("it reads")
}

/// One hall a store.
pub fn licences(name: &str) -> Vec<Licences> {
    let start = kernel::clock::hall_instant(MONDAY.at(9, 0, 0, 0));
    let halls = halls(name, move || Clock::virtual_at(start, 11));
    halls.into_iter().map(Licences::over).collect()
}

impl Licences {
    fn over(hall: TestHall) -> Self {
        let db = &hall.house.db;
        seed::furnish_bare(db).expect("a hall is furnished");
        let content = shipped();
        let key = content.codes.key().expect("a code").to_owned();
        let uscc = content.body.uscc.clone().unwrap_or_default();
        let (version, organ) = db
            .read(|tx| {
                let today = tx.today();
                let version = catalogue::published_by_code(tx, &key, today)?;
                Ok((version, identity::organ_by_uscc(tx, &uscc)?))
            })
            .expect("it can be read");
        Self {
            organ: organ.expect("the department").id,
            version: version.expect("it is in force"),
            hall,
        }
    }

    /// Publishes the item as it is shipped, modes and all, with a change.
    pub fn publish(&mut self, change: fn(&mut ItemContent)) -> Result<(), Fault> {
        let mut content = shipped();
        change(&mut content);
        let item = self.version.item;
        self.by(Actor::system(), move |tx| {
            let today = tx.today();
            let number = catalogue::draft(tx, item, &content)?;
            catalogue::check_version(tx, item, number)?;
            catalogue::publish(tx, item, number, today).map(|_| ())
        })?;
        catalogue::reindex(self.db())?;
        let today = self.db().clock().today();
        let found = self.db().read(|tx| catalogue::published(tx, item, today))?;
        self.version = found.ok_or(Fault::NotFound { what: "item" })?;
        Ok(())
    }

    /// The interface of the hall.
    pub fn programs(&self) -> Programs {
        Programs::of(&self.hall)
    }

    /// The store.
    pub fn db(&self) -> &Db {
        &self.hall.house.db
    }

    /// The officers of the department with a role, at their seats.
    pub fn officers(&self, role: Role) -> Vec<Officer> {
        let organ = self.organ;
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

    /// The first officer of the department with a role.
    pub fn officer(&self, role: Role) -> Officer {
        self.officers(role).remove(0)
    }

    /// Somebody new.
    pub fn person(&self) -> PersonId {
        let new = people::person(&Dice::new(self.db().clock()), PersonKind::Legal, None);
        let made = self.by(Actor::system(), move |tx| {
            identity::person_at_counter(tx, &new)
        });
        made.expect("they register")
    }

    /// A licence of a person until a day.
    pub fn licence(&self, holder: PersonId, until: Option<Date>) -> CertificateId {
        let (item, version, organ) = (self.version.item, self.version.number, self.organ);
        let made = self.by(Actor::system(), move |tx| {
            let new = NewCertificate {
                type_code: None,
                number: None,
                name: "户外广告设置许可证".to_owned(),
                copy_kind: "正本".to_owned(),
                about: kernel::uuid::Uuid::from_u128(7),
                item: kernel::TypedId::uuid(item),
                item_version: version,
                organ,
                holder,
                valid_from: MONDAY,
                valid_until: until,
                scope: "户外广告设置".to_owned(),
                fields: Vec::new(),
                replaces: None,
            };
            certificate::issue(tx, new)
        });
        made.expect("it is issued")
    }

    /// The certificate as it stands.
    pub fn certificate(&self, id: CertificateId) -> Certificate {
        let found = self.db().read(|tx| certificate::certificate(tx, id));
        found.expect("it is there")
    }

    /// A transaction of somebody.
    pub fn by<T: Send + 'static>(
        &self,
        actor: Actor,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.db().write(self.db().cause(actor), work)
    }

    /// A transaction of an officer.
    pub fn at_desk<T: Send + 'static>(
        &self,
        by: &Officer,
        work: impl Fn(&mut Tx<'_>, &Officer) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let me = by.clone();
        self.by(by.actor(), move |tx| work(tx, &me))
    }

    /// A transaction of a person.
    pub fn online<T: Send + 'static>(
        &self,
        by: PersonId,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.by(Actor::citizen(by, Channel::Web), work)
    }

    /// Days pass, and the clock does what is due.
    pub fn days_pass(&self, days: i64) {
        let clock = self.db().clock();
        clock.advance(SignedDuration::from_hours(24 * days));
        qingchuang::jobs::fire_due(self.db()).expect("timers fire");
    }

    /// Lets the days pass until one.
    pub fn until(&self, day: Date) {
        let today = self.db().clock().today();
        let days = today.until(day).expect("a day to come").get_days();
        self.days_pass(i64::from(days));
    }

    /// The kinds of the papers of a matter, in their own order.
    pub fn papers(&self, about: kernel::uuid::Uuid) -> Vec<certificate::NoticeKind> {
        let all = self.db().read(|tx| certificate::notices_of(tx, about));
        let all = all.expect("they can be read").into_iter();
        let mut kinds: Vec<_> = all.map(|one| one.kind).collect();
        kinds.sort_unstable();
        kinds
    }

    /// The ledger stands behind every row, every record is its replay, every paper is printed.
    pub fn stands(&self) {
        let db = self.db();
        certificate::render_pending(db, 100).expect("papers are made");
        let failed = db.read(|tx| certificate::failed_papers(tx, 10));
        assert_eq!(
            failed.expect("it can be read"),
            0,
            "every paper has its file"
        );
        qingchuang::jobs::seal_all(db, 0).expect("lines are sealed");
        let deep = db.read(|tx| verify_deep(tx, &tables()));
        assert_eq!(deep.expect("it can be read").findings, vec![]);
        let rebuilt = db.read(|tx| rebuild_compare(tx, &tables()));
        assert!(rebuilt.expect("it can be read").ok);
    }
}

/// A rule of this code says no.
#[track_caller]
pub fn refused<T: std::fmt::Debug>(done: Result<T, Fault>, code: &str) {
    match done {
        Err(Fault::Refused(no)) => assert_eq!(no.code, code),
        other => panic!("{code} was to refuse it, but: {other:?}"),
    }
}
