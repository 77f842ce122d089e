//! The rules of the room as sentences, on both stores.

mod change;
mod documents;
mod doors;
mod rules;
mod standing;
mod suspension;

use std::sync::Arc;

use db::{Db, Options, Tx};
use identity::{NewOrgan, NewPerson, OrganKind, PersonKind};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use kernel::{Actor, Channel, Clock, Fault, OfficerId, OrganId, PersonId, PostId, TypedId};
use ledger::{FileStore, Vault};
use seal::Suite;
use serde_json::json;
use uuid::Uuid;

use crate::*;

/// A hall with one department, a company and a citizen.
struct House {
    db: Db,
    hall: OrganId,
    department: OrganId,
    company: PersonId,
    citizen: PersonId,
    folder: tempfile::TempDir,
}

fn houses(name: &str) -> Vec<House> {
    let mut houses = vec![House::new(|folder, options| {
        Db::sqlite(folder, options).unwrap()
    })];
    if let Ok(url) = std::env::var("QINGCHUANG_TEST_POSTGRES") {
        let url = db::testing::schema(&url, &format!("certificate_{name}"));
        houses.push(House::new(move |_, options| {
            Db::postgres(&url, options).unwrap()
        }));
    }
    houses
}

fn house() -> House {
    House::new(|folder, options| Db::sqlite(folder, options).unwrap())
}

impl House {
    fn new(open: impl FnOnce(&std::path::Path, Options) -> Db) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let start: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
        let clock = Clock::virtual_at(start, 11);
        let vault = Arc::new(Vault::fresh(&clock, Suite::ShangMi, "hall.test/ledger").unwrap());
        let db = open(folder.path(), Options::new(clock, vault.row_key));
        let files = FileStore::open(&folder.path().join("files"), Arc::clone(&vault)).unwrap();
        db.lend(Arc::new(files));
        db.lend(vault);
        db.lend(Arc::new(
            SealKeys::open(&folder.path().join("keys")).unwrap(),
        ));
        db.lend(Arc::new(PublicAddress("https://hall.example".to_owned())));
        let rooms = [
            ledger::MIGRATIONS,
            web::MIGRATIONS,
            identity::MIGRATIONS,
            crate::MIGRATIONS,
        ];
        db::migrate::run(&db, db.cause(Actor::system()), &rooms).unwrap();
        let (hall, department, company, citizen) =
            db.write(db.cause(Actor::system()), furnish).unwrap();
        Self {
            db,
            hall,
            department,
            company,
            citizen,
            folder,
        }
    }

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

    fn decider(&self, organ: OrganId) -> Actor {
        self.officer(5, organ, Role::Decider)
    }

    /// An officer at the post of an organ that has a role.
    fn officer(&self, number: u128, organ: OrganId, role: Role) -> Actor {
        let post = self.db.read(move |tx| identity::post_for(tx, organ, role));
        let officer = OfficerId::from_uuid(Uuid::from_u128(number));
        Actor::officer(officer, post.unwrap().unwrap(), organ, Channel::Counter)
    }

    fn draw(&self, kind: NoticeKind, data: serde_json::Value) -> Result<NoticeId, Fault> {
        self.draw_of(None, kind, data)
    }

    /// A notice in the matter of an item.
    fn draw_of(
        &self,
        item: Option<Uuid>,
        kind: NoticeKind,
        data: serde_json::Value,
    ) -> Result<NoticeId, Fault> {
        let (organ, person) = (self.department, self.company);
        self.write(move |tx| {
            let new = NewNotice {
                kind,
                about: MATTER,
                case_number: "3710992026112300120000017".to_owned(),
                item,
                organ,
                person,
                data: data.clone(),
            };
            draw_notice(tx, new)
        })
    }

    /// A notice of withdrawal as the sample has it, with another reason.
    fn withdrawal(&self, why: &str) -> NoticeId {
        let sample = document::Standard::find("withdrawal")
            .unwrap()
            .sample_data();
        let mut data = sample;
        data["reason"] = why.into();
        self.draw(NoticeKind::Withdrawal, data).unwrap()
    }

    fn new_certificate(&self) -> NewCertificate {
        NewCertificate {
            type_code: Some("11100000000013338W011".to_owned()),
            number: None,
            name: "公共场所卫生许可证".to_owned(),
            copy_kind: "正本".to_owned(),
            about: MATTER,
            item: Uuid::from_u128(8),
            item_version: 1,
            organ: self.department,
            holder: self.company,
            valid_from: day("2026-11-23"),
            valid_until: Some(day("2030-11-22")),
            scope: "理发店、美容店".to_owned(),
            fields: vec![CertificateField {
                public: true,
                ..CertificateField::new("经营场所", "晴川路 118 号")
            }],
            replaces: None,
        }
    }

    fn issue(&self, new: NewCertificate) -> Result<Certificate, Fault> {
        self.write(move |tx| {
            let id = crate::issue(tx, new.clone())?;
            certificate(tx, id)
        })
    }

    fn press(&self) -> usize {
        render_pending(&self.db, 50).unwrap()
    }

    fn findings(&self) -> Vec<ledger::audit::Finding> {
        while self.write(ledger::sealer::seal_lines).unwrap() == ledger::sealer::BATCH_MAX {}
        let rim = [Audited::Sealed(&web::session::SESSIONS)];
        let rooms: Vec<_> = identity::tables()
            .into_iter()
            .chain(crate::tables())
            .chain(rim)
            .collect();
        self.db
            .read(|tx| ledger::verify::verify_deep(tx, &rooms))
            .unwrap()
            .findings
    }
}

const MATTER: Uuid = Uuid::from_u128(77);

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn furnish(tx: &mut Tx<'_>) -> Result<(OrganId, OrganId, PersonId, PersonId), Fault> {
    let organ = |uscc: &str, name: &str, short_name: &str, dept4: &str, kind| NewOrgan {
        uscc: uscc.to_owned(),
        name: name.to_owned(),
        short_name: short_name.to_owned(),
        dept4: dept4.to_owned(),
        region6: "370800".to_owned(),
        kind,
    };
    let hall = organ(
        "11100000000013338W",
        "云澄县政务服务中心",
        "云政务",
        "0001",
        OrganKind::Hall,
    );
    let department = organ(
        "11370800MB28559184",
        "云澄县行政审批服务局",
        "云审批",
        "0012",
        OrganKind::Department,
    );
    let person = |kind, name: &str, number: &str| NewPerson {
        kind,
        name: name.to_owned(),
        identity_number: number.to_owned(),
        phone: "13800138000".to_owned(),
        account: None,
    };
    let company = person(
        PersonKind::Legal,
        "云澄县晴川美容美发有限公司",
        "91371002MA0000015H",
    );
    let citizen = person(PersonKind::Natural, "李小喆", "11010519491231002X");
    let (hall, department) = (
        identity::add_organ(tx, &hall)?,
        identity::add_organ(tx, &department)?,
    );
    for organ in [hall, department] {
        for (name, role) in [("审批岗", Role::Decider), ("审查岗", Role::Reviewer)] {
            identity::add_post(tx, organ, name, [role].into())?;
        }
    }
    Ok((
        hall,
        department,
        identity::person_at_counter(tx, &company)?,
        identity::person_at_counter(tx, &citizen)?,
    ))
}

fn sample(kind: NoticeKind) -> serde_json::Value {
    document::Standard::find(kind.as_str())
        .unwrap()
        .sample_data()
}

#[test]
fn every_kind_of_notice_has_a_template_and_every_word_a_wording() {
    let words = web::Words::new(&[("certificate", MESSAGES)]).unwrap();
    for kind in NoticeKind::ALL {
        assert!(
            document::Template::standard(kind.as_str()).is_some(),
            "{kind}"
        );
        assert!(words.holds(&format!("certificate.kind_{kind}")), "{kind}");
    }
    for code in FailureCode::ALL {
        assert!(
            words.holds(&format!("certificate.failure_{code}")),
            "{code}"
        );
    }
    for state in CertificateState::ALL {
        assert!(
            words.holds(&format!("certificate.state_{state}")),
            "{state}"
        );
        assert!(words.holds(&format!("certificate.text_{state}")), "{state}");
    }
    let grounds = RevocationGround::ALL.iter().map(|one| one.as_str());
    let grounds = grounds.chain(SuspensionGround::ALL.iter().map(|one| one.as_str()));
    for ground in grounds.chain(CancellationGround::ALL.iter().map(|one| one.as_str())) {
        assert!(
            words.holds(&format!("certificate.ground_{ground}")),
            "{ground}"
        );
    }
    assert_eq!(json!(NoticeKind::Receipt), json!("receipt"));
}
