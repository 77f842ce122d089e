//! The whole way on both stores with a real item of the catalogue: draft, files, receipt, answers,
//! timers, and a ledger that finds every table as it says.

use std::sync::Arc;

use calendar::WorkingDays;
use catalogue::ItemId;
use catalogue::model::FileKind;
use catalogue::scenario::Picks;
use db::{Db, Options, Tx};
use identity::{NewOrgan, NewPerson, OrganKind, PersonKind};
use jiff::{SignedDuration, Timestamp};
use kernel::{Actor, Channel, Clock, Fault, OfficerId, OrganId, PersonId, TypedId};
use ledger::{FileStore, Vault};
use seal::Suite;
use serde_json::{Map, Value, json};

use crate::*;

const ITEM: &str = "public_place_hygiene_licence";
pub(super) const PDF: &[u8] =
    b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n";

pub(super) struct House {
    pub(super) db: Db,
    _folder: tempfile::TempDir,
    pub(super) hall: OrganId,
    pub(super) person: PersonId,
    pub(super) item: ItemId,
}

pub(super) fn houses(name: &str) -> Vec<House> {
    let mut houses = vec![house(None)];
    if let Ok(url) = std::env::var("QINGCHUANG_TEST_POSTGRES") {
        let url = db::testing::schema(&url, &format!("intake_{name}"));
        houses.push(house(Some(&url)));
    }
    houses
}

fn house(postgres: Option<&str>) -> House {
    let start: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
    let (clock, folder) = (Clock::virtual_at(start, 7), tempfile::tempdir().unwrap());
    let vault = Arc::new(Vault::fresh(&clock, Suite::ShangMi, "hall.test/ledger").unwrap());
    let options = Options::new(clock, vault.row_key);
    let db = match postgres {
        Some(url) => Db::postgres(url, options).unwrap(),
        None => Db::sqlite(folder.path(), options).unwrap(),
    };
    let files = FileStore::open(&folder.path().join("files"), vault.clone()).unwrap();
    db.lend(Arc::new(files));
    db.lend(vault);
    db.lend(Arc::new(WorkingDays::built_in().clone()));
    let rooms = [
        ledger::MIGRATIONS,
        web::MIGRATIONS,
        identity::MIGRATIONS,
        procedure::MIGRATIONS,
        catalogue::MIGRATIONS,
        certificate::MIGRATIONS,
        crate::MIGRATIONS,
    ];
    db::migrate::run(&db, db.cause(Actor::system()), &rooms).unwrap();
    let (hall, person, item) = db.write(db.cause(Actor::system()), furnish).unwrap();
    House {
        db,
        _folder: folder,
        hall,
        person,
        item,
    }
}

fn furnish(tx: &mut Tx<'_>) -> Result<(OrganId, PersonId, ItemId), Fault> {
    let hall = identity::add_organ(
        tx,
        &NewOrgan {
            uscc: "11370800MB28559184".to_owned(),
            name: "云澄县政务服务中心".to_owned(),
            short_name: "政务中心".to_owned(),
            dept4: "ZWZX".to_owned(),
            region6: "371002".to_owned(),
            kind: OrganKind::Hall,
        },
    )?;
    let person = NewPerson {
        kind: PersonKind::Natural,
        name: "李晴".to_owned(),
        identity_number: "11010519491231002X".to_owned(),
        phone: "13800000000".to_owned(),
        account: None,
    };
    let person = identity::person_at_counter(tx, &person)?;
    catalogue::seed_shipped(tx)?;
    let content = catalogue::shipped::items().map_err(Fault::broken)?;
    let wanted = content.iter().find(|one| {
        one.outcome
            .as_ref()
            .is_some_and(|outcome| outcome.template == ITEM)
    });
    let code = wanted.and_then(|one| one.codes.key()).unwrap();
    let today = tx.today();
    let version = catalogue::published_by_code(tx, code, today)?.unwrap();
    Ok((hall, person, version.item))
}

impl House {
    pub(super) fn clerk(&self) -> By {
        By::Clerk {
            officer: OfficerId::from_uuid(kernel::uuid::Uuid::from_u128(5)),
            hall: self.hall,
        }
    }

    pub(super) fn applicant(&self) -> By {
        By::Person(self.person)
    }

    pub(super) fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let actor = Actor::citizen(self.person, Channel::Web);
        self.db.clock().advance(SignedDuration::from_secs(1));
        self.db.write(self.db.cause(actor), work)
    }

    /// A draft with right answers on the first way through the questions, and no files.
    fn draft(&self) -> ApplicationId {
        let (by, item, applicant) = (self.applicant(), self.item, self.person);
        self.write(move |tx| {
            let new = NewDraft {
                item,
                applicant,
                agent: None,
            };
            let id = start_draft(tx, &by, new)?;
            let version = open_version(tx, item)?;
            let ways = catalogue::scenario::paths(&version.content).unwrap();
            let (picks, scenario) = ways.first().unwrap();
            save_picks(tx, &by, id, picks)?;
            let answers = good_answers(&version.content, &scenario.id);
            save_answers(tx, &by, id, &answers)?;
            Ok(id)
        })
        .unwrap()
    }

    fn send_file(&self, by: By, content: &'static [u8]) -> UploadId {
        self.write(move |tx| {
            let stored = tx.thing::<FileStore>()?.put(tx.clock(), content)?;
            let media = kind_of(content).unwrap().media_type();
            keep_upload(tx, &by, stored, media, "材料.pdf").map(|sent| sent.id)
        })
        .unwrap()
    }

    /// Puts one PDF to every required material that is not there.
    fn fill(&self, id: ApplicationId) {
        let by = self.applicant();
        let problems = self.write(move |tx| problems_of(tx, &by, id)).unwrap();
        for problem in problems {
            assert_eq!(problem.code, "material.required", "{problem:?}");
            let material = problem.field.strip_prefix("material.").unwrap().to_owned();
            let upload = self.send_file(by, PDF);
            self.write(move |tx| attach_file(tx, &by, id, &material, upload))
                .unwrap();
        }
    }

    fn sent(&self) -> Receipt {
        let (by, id) = (self.applicant(), self.draft());
        self.fill(id);
        self.write(move |tx| submit(tx, &by, id)).unwrap()
    }

    pub(super) fn findings(&self) -> Vec<ledger::audit::Finding> {
        while self.write(ledger::sealer::seal_lines).unwrap() == ledger::sealer::BATCH_MAX {}
        let mut rooms = identity::tables();
        rooms.extend(catalogue::tables());
        rooms.extend(certificate::tables());
        rooms.extend(crate::tables());
        let found = self
            .db
            .read(|tx| ledger::verify::verify_deep(tx, &rooms))
            .unwrap()
            .findings;
        // Log-ins are the rim's and are declared on the roof.
        let own = ["application", "power_of_attorney", "kept_"];
        let ours =
            |finding: &ledger::audit::Finding| own.iter().any(|one| finding.place.starts_with(one));
        found.into_iter().filter(ours).collect()
    }
}

/// Answers that fit, made from the schemas of the fields.
fn good_answers(content: &catalogue::model::ItemContent, scenario: &str) -> Map<String, Value> {
    let mut answers = Map::new();
    for field in &content.fields {
        if !catalogue::form::applies(field.visible_if.as_ref(), scenario, &answers) {
            continue;
        }
        let schema = &field.schema;
        let shape = schema
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or("string");
        let first = field.options.first().map(|option| option.value.clone());
        let text = match field.format() {
            Some("date") => "2026-11-23".to_owned(),
            Some("uscc") => "91371002MA0000015H".to_owned(),
            Some("citizen-id") => "11010519491231002X".to_owned(),
            Some("phone") => "13800000000".to_owned(),
            Some("postcode") => "638000".to_owned(),
            Some("email") => "a@example.cn".to_owned(),
            _ => first
                .clone()
                .unwrap_or_else(|| "广安区镜湖街道晴川路 8 号".to_owned()),
        };
        let value = match shape {
            "boolean" => json!(true),
            "integer" => schema.get("minimum").cloned().unwrap_or(json!(1)),
            "array" => json!([first.unwrap_or_default()]),
            _ => json!(text),
        };
        answers.insert(field.name.clone(), value);
    }
    answers
}

#[test]
fn a_complete_application_gets_number_code_and_receipt_and_is_accepted() {
    for house in houses("accept") {
        let receipt = house.sent();
        let id = receipt.application;
        let (number, code) = (receipt.number.to_string(), receipt.query_code.to_string());
        let wrong = if code == "000000" { "000001" } else { "000000" };
        let found = house.db.read(|tx| track(tx, &number, &code)).unwrap();
        assert_eq!((found.id, found.status), (id, Status::Received));
        assert!(house.db.read(|tx| track(tx, &number, wrong)).is_err());
        let clerk = house.clerk();
        let accepted = house.write(move |tx| accept(tx, &clerk, id)).unwrap();
        assert_eq!(accepted.status, Status::Accepted);
        let facts = house.db.read(|tx| case_facts(tx, id)).unwrap();
        assert_eq!(
            (facts.number, facts.accepted_by),
            (receipt.number, accepted.settled.unwrap().by)
        );
        let kinds: Vec<_> = house
            .db
            .read(|tx| certificate::notices_of(tx, id.uuid()))
            .unwrap()
            .iter()
            .map(|notice| notice.kind.as_str())
            .collect();
        assert_eq!(kinds, ["receipt", "acceptance"]);
        assert_eq!(house.findings(), vec![]);
    }
}

#[test]
fn what_is_missing_online_is_told_at_each_field_and_nothing_is_kept() {
    for house in houses("missing") {
        let (by, id) = (house.applicant(), house.draft());
        house
            .write(move |tx| save_answers(tx, &by, id, &Map::new()))
            .unwrap();
        let Err(Fault::Invalid(problems)) = house.write(move |tx| submit(tx, &by, id)) else {
            panic!("an empty application was taken")
        };
        let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
        assert!(codes.contains(&"answer.required") && codes.contains(&"material.required"));
        assert!(house.db.read(|tx| application(tx, id)).is_err());
        assert!(house.db.read(|tx| draft(tx, &by, id)).is_ok());
    }
}

#[test]
fn told_once_corrected_and_then_deemed_accepted_when_nobody_answers() {
    for house in houses("notice") {
        let id = house.sent().application;
        let (by, clerk) = (house.applicant(), house.clerk());
        let first = house.db.read(|tx| {
            let one = application(tx, id)?;
            let version = version_of(tx, &one)?;
            Ok(version.content.materials[0].id.clone())
        });
        let material = first.unwrap();
        let line = Correction {
            material: Some(material.clone()),
            problem: "已过期".to_owned(),
            request: "提交一年以内的".to_owned(),
        };
        house
            .write(move |tx| give_notice(tx, &clerk, id, std::slice::from_ref(&line)))
            .unwrap();
        let upload = house.send_file(by, PDF);
        let files = vec![(material, upload)];
        let ready = house
            .write(move |tx| correct(tx, &by, id, None, files.clone()))
            .unwrap();
        assert_eq!(ready.status, Status::Corrected);
        house
            .db
            .clock()
            .advance(SignedDuration::from_hours(24 * 14));
        let fired = house.write(|tx| {
            let mut ours = 0;
            for timer in db::timer::due(tx, 10)? {
                if db::timer::take(tx, &timer)? && fire(tx, &timer)? {
                    ours += 1;
                }
            }
            Ok(ours)
        });
        assert_eq!(fired, Ok(1));
        let now = house.db.read(|tx| application(tx, id)).unwrap();
        assert_eq!(now.status, Status::DeemedAccepted);
        assert_eq!(now.settled.unwrap().on, ready.corrected_on.unwrap());
        assert_eq!(house.findings(), vec![]);
    }
}

#[test]
fn strangers_see_no_draft_no_file_and_no_application() {
    for house in houses("stranger") {
        let id = house.sent().application;
        let other = By::Person(PersonId::from_uuid(kernel::uuid::Uuid::from_u128(77)));
        let nowhere = OrganId::from_uuid(kernel::uuid::Uuid::from_u128(78));
        let elsewhere = By::Clerk {
            officer: OfficerId::from_uuid(nowhere.uuid()),
            hall: nowhere,
        };
        for by in [other, elsewhere, By::Other] {
            assert!(house.db.read(|tx| visible(tx, &by, id)).is_err());
            assert!(house.write(move |tx| accept(tx, &by, id)).is_err());
            assert!(house.write(move |tx| withdraw(tx, &by, id)).is_err());
        }
        let draft_id = house.draft();
        assert!(house.db.read(|tx| draft(tx, &other, draft_id)).is_err());
    }
}

#[test]
fn drafts_are_resumed_and_a_changed_byte_in_one_is_found() {
    for house in houses("draft") {
        let (by, id) = (house.applicant(), house.draft());
        let kept = house.db.read(|tx| draft(tx, &by, id)).unwrap();
        assert!(!kept.answers.is_empty() && kept.picks != Picks::new() || kept.picks.is_empty());
        let sql = "UPDATE application_draft SET saved_at = saved_at + 1";
        house.write(move |tx| tx.execute(sql, &[])).unwrap();
        let places: Vec<String> = house
            .findings()
            .into_iter()
            .map(|found| found.place)
            .collect();
        assert!(
            places
                .iter()
                .any(|place| place.starts_with("application_draft")),
            "{places:?}"
        );
    }
}

#[test]
fn nothing_of_a_dropped_draft_or_an_erased_person_is_kept() {
    for house in houses("dropped") {
        let by = house.applicant();
        let waiting = |house: &House| {
            let found = house
                .db
                .read(|tx| db::outbox::due_of(tx, ledger::CONTENTS, 100));
            let all = found.unwrap().into_iter();
            all.filter_map(|one| ledger::content_of(&one))
                .collect::<Vec<_>>()
        };
        let id = house.draft();
        house.fill(id);
        let kept = house.write(move |tx| files_of_draft(tx, &by, id)).unwrap();
        assert!(!kept.is_empty());
        house.write(move |tx| drop_draft(tx, &by, id)).unwrap();
        assert_eq!(waiting(&house).len(), kept.len());
        let address = kept[0].stored.address;
        assert_eq!(house.db.read(|tx| is_named(tx, &address)), Ok(false));

        let (id, loose) = (house.draft(), house.send_file(by, PDF));
        house.fill(id);
        assert_eq!(house.db.read(|tx| is_named(tx, &address)), Ok(true));
        let person = house.person;
        assert_eq!(house.write(move |tx| erase(tx, person)), Ok(1));
        assert_eq!(house.db.read(|tx| drafts(tx, &by)), Ok(vec![]));
        assert_eq!(house.db.read(|tx| is_named(tx, &address)), Ok(false));
        let owner = by.uuid().unwrap();
        let found = house.db.read(|tx| crate::store::upload(tx, owner, loose));
        assert!(matches!(found, Err(Fault::NotFound { .. })));
        assert_eq!(house.findings(), vec![]);
    }
}

#[test]
fn a_form_made_before_the_draft_was_saved_elsewhere_is_not_taken() {
    for house in houses("stale") {
        let (by, id) = (house.applicant(), house.draft());
        let now = || house.db.read(|tx| draft(tx, &by, id)).unwrap();
        let seen = now().revision();
        let check = |seen, answers: Map<String, Value>| {
            let same = move |draft: &Draft| draft.answers == answers;
            let checked = |tx: &mut Tx<'_>| crate::draft::unchanged(tx, &by, id, seen, same);
            house.db.read(checked)
        };
        assert_eq!(check(seen, Map::new()), Ok(()));
        house
            .write(move |tx| save_answers(tx, &by, id, &Map::new()))
            .unwrap();
        assert_eq!(check(seen, Map::new()), Ok(()), "sent twice, said the same");
        let other = Map::from_iter([("name".to_owned(), json!("别的"))]);
        let stale = check(seen, other.clone());
        assert_eq!(stale, Err(Fault::Conflict { what: "draft" }));
        assert_eq!(check(now().revision(), other), Ok(()));
    }
}

#[test]
fn a_file_is_what_its_content_is() {
    assert_eq!(kind_of(PDF), Some(FileKind::Pdf));
    assert_eq!(kind_of(b"\x89PNG\r\n\x1a\n0000"), Some(FileKind::Png));
    assert_eq!(kind_of(b"MZ\x90\x00 a program called photo.jpg"), None);
    assert_eq!(kind_of(b""), None);
    assert!(is_whole(FileKind::Pdf, PDF));
    let cut = PDF.get(..PDF.len() - 8).unwrap();
    assert!(!is_whole(FileKind::Pdf, cut), "a PDF without its end");
    assert!(!is_whole(FileKind::Png, b"\x89PNG\r\n\x1a\n0000"));
}
