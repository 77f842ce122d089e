//! Erasure 个人信息删除, through the whole house: refused with everything that stands in the way
//! while the law keeps a matter; afterwards nothing of the person can be found, and the ledger,
//! every proof and everybody else's matters are as before.

use std::collections::BTreeSet;

use db::{Db, Tx};
use identity::erasure::{self, Bar, Erasure, ErasureStatus};
use jiff::civil::date;
use kernel::uuid::Uuid;
use kernel::{Actor, Clock, Fault, PersonId, TypedId};
use ledger::FileStore;
use ledger::verify::{rebuild_compare, verify_deep};
use qingchuang::house::tables;
use qingchuang::{erasure as roof, seed};

use crate::hall::{TestHall, halls};

fn lived(name: &str) -> Vec<TestHall> {
    let start = kernel::clock::hall_instant(date(2026, 9, 14).at(8, 0, 0, 0));
    let halls = halls(name, move || Clock::virtual_at(start, 11));
    for hall in &halls {
        seed::live_days(&hall.house.db, date(2026, 9, 14), 8).expect("the days are lived");
    }
    halls
}

/// Every case with its applicant, the oldest first.
fn cases(db: &Db) -> Vec<case::Case> {
    let found = db.read(|tx| {
        let ids = case::case_ids(tx, None, 1000)?;
        let all = ids.into_iter().map(|id| case::case(tx, id));
        all.collect::<Result<Vec<_>, Fault>>()
    });
    found.expect("cases can be read")
}

/// Somebody natural whose only matter is over and is kept for a period of years.
fn somebody_done(db: &Db) -> (PersonId, case::Case) {
    let all = cases(db);
    let count = |person| all.iter().filter(|one| one.applicant == person).count();
    let fits = |one: &&case::Case| {
        let (person, item, version) = (one.applicant, one.item, one.version);
        let known = db.read(move |tx| {
            let version = catalogue::version(tx, TypedId::from_uuid(item), version)?;
            let natural = identity::person(tx, person)?.kind == identity::PersonKind::Natural;
            Ok(natural && version.content.retention_years.is_some())
        });
        one.status.is_over() && count(person) == 1 && known.expect("it can be read")
    };
    let found = all.iter().find(fits).expect("somebody is done");
    (found.applicant, found.clone())
}

fn act<T: Send + 'static>(
    db: &Db,
    work: impl Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    db.write(db.cause(Actor::system()), work)
}

fn set_day(db: &Db, day: jiff::civil::Date) {
    let at = kernel::clock::hall_instant(day.at(10, 0, 0, 0));
    db.clock().set(at);
}

/// How many rows speak of a person or of their records, beside the lines and records themselves.
fn traces(tx: &mut Tx<'_>, person: PersonId, records: &[Uuid]) -> Result<i64, Fault> {
    let raw = person.uuid().into_bytes();
    let mut found = 0;
    let mut count = |tx: &mut Tx<'_>, sql: &str, id: [u8; 16]| {
        let rows = tx.query_one(sql, db::params![id], |row| row.get::<i64>(0))?;
        found += rows.unwrap_or(0);
        Ok::<(), Fault>(())
    };
    for sql in [
        "SELECT COUNT(*) FROM kept_text WHERE person = $1",
        "SELECT COUNT(*) FROM kept_file WHERE person = $1",
        "SELECT COUNT(*) FROM identity_person WHERE id = $1",
        "SELECT COUNT(*) FROM identity_account WHERE subject = $1",
        "SELECT COUNT(*) FROM identity_agency WHERE principal = $1 OR agent = $1",
        "SELECT COUNT(*) FROM application_draft WHERE applicant = $1 OR agent = $1",
        "SELECT COUNT(*) FROM application_upload WHERE owner = $1",
        "SELECT COUNT(*) FROM inbox_letter WHERE owner = $1",
        "SELECT COUNT(*) FROM inbox_address WHERE owner = $1",
        "SELECT COUNT(*) FROM session WHERE subject = $1",
    ] {
        count(tx, sql, raw)?;
    }
    for record in records {
        for table in ["kept_text", "kept_file"] {
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE record = $1");
            count(tx, &sql, record.into_bytes())?;
        }
    }
    Ok(found)
}

/// The records of a matter, as its proof names them.
fn records(db: &Db, case: &case::Case) -> Vec<Uuid> {
    let case = case.clone();
    let found = db.read(move |tx| {
        let mut all = tx.thing::<case::Hall>()?.records(tx, &case)?;
        all.push(case.id.uuid());
        Ok(all)
    });
    found.expect("records can be read")
}

/// Makes the files of a matter's notices.
fn make_papers(db: &Db, case: &case::Case) {
    let (application, id) = (case.application, case.id.uuid());
    let papers = db.read(move |tx| {
        let mut all = certificate::notices_of(tx, application)?;
        all.extend(certificate::notices_of(tx, id)?);
        Ok(all)
    });
    for paper in papers.expect("they are read") {
        certificate::pdf_of(db, paper.id).expect("it is made");
    }
}

fn is_whole(db: &Db) {
    qingchuang::jobs::seal_all(db, 0).expect("lines are sealed");
    let deep = db.read(|tx| verify_deep(tx, &tables()));
    assert_eq!(deep.expect("it can be read").findings, vec![]);
    let rebuilt = db.read(|tx| rebuild_compare(tx, &tables()));
    assert_eq!(rebuilt.expect("it can be read").findings, vec![]);
}

#[test]
fn whoever_is_erased_cannot_be_found_and_the_ledger_verifies() {
    for hall in lived("erasure") {
        let db = &hall.house.db;
        let (person, case) = somebody_done(db);
        make_papers(db, &case);
        qingchuang::jobs::seal_all(db, 0).expect("lines are sealed");
        qingchuang::letters::follow(db).expect("letters are written");
        let all = |db: &Db| {
            let found = db.read(ledger::files::addresses).expect("they are read");
            found.into_iter().map(|one| one.0).collect::<BTreeSet<_>>()
        };
        let named = all(db);
        let of_matter = records(db, &case);
        let proof = db
            .read(move |tx| case::prove(tx, case.id))
            .expect("it is proven");
        let before = db
            .read({
                let of_matter = of_matter.clone();
                move |tx| traces(tx, person, &of_matter)
            })
            .expect("it can be counted");
        assert!(5 < before, "{before} rows speak of them");

        set_day(db, date(2068, 3, 2));
        let done = act(db, move |tx| erasure::erase_now(tx, person)).expect("nothing stands");
        assert_eq!(done.status, ErasureStatus::CarriedOut);
        assert_eq!(done.erased.matters, 1);
        assert!(0 < done.erased.texts && 0 < done.erased.files && 0 < done.erased.letters);

        let after = db.read(move |tx| traces(tx, person, &of_matter));
        assert_eq!(after, Ok(0));
        is_whole(db);
        let again = db
            .read(move |tx| case::prove(tx, case.id))
            .expect("it is proven");
        assert_eq!(ledger::proof::check(&again, None), Vec::<String>::new());
        let steps = |proof: &ledger::proof::Proof| {
            let steps = proof.lines.iter();
            steps
                .map(|one| (one.position, one.line.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            steps(&again),
            steps(&proof),
            "every step is proven as before"
        );

        let after = all(db);
        let gone: Vec<[u8; 32]> = named.difference(&after).copied().collect();
        assert!(!gone.is_empty(), "their papers are named no more");
        while 0 < roof::remove_contents(db).expect("contents are removed") {}
        let files = db.thing::<FileStore>().expect("there is a store");
        for address in gone {
            let left = files.get(&address);
            assert_eq!(left, Err(Fault::NotFound { what: "file" }));
        }
        for address in after {
            files.get(&address).expect("what others named is there");
        }
        is_whole(db);
        nothing_half_kept(db, &files);
    }
}

/// A content whose row was never written is taken away in its time; the others stay.
fn nothing_half_kept(db: &Db, files: &FileStore) {
    let orphan = files
        .put(db.clock(), b"nobody names me")
        .expect("it is stored");
    let folder = orphan.address[0];
    assert_eq!(
        roof::remove_orphans(db, folder),
        Ok(0),
        "it was just handed in"
    );
    db.clock().advance(jiff::SignedDuration::from_hours(1));
    assert_eq!(roof::remove_orphans(db, folder), Ok(1));
    for folder in 0..=u8::MAX {
        assert_eq!(roof::remove_orphans(db, folder), Ok(0));
    }
    is_whole(db);
}

#[test]
fn a_matter_under_way_or_within_its_period_stands_in_the_way_by_name_and_day() {
    for hall in lived("standing") {
        let db = &hall.house.db;
        let (person, done) = somebody_done(db);
        let asked = act(db, move |tx| erasure::ask(tx, person)).expect("it is recorded");
        assert_eq!(asked.status, ErasureStatus::Refused);
        let standing = db
            .read(move |tx| erasure::obstacles(tx, person))
            .expect("they are read");
        assert_eq!(asked.in_the_way, standing.len() as u64);
        let kept = standing.iter().find(|one| one.bar == Bar::Retained);
        let kept = kept.expect("its period runs");
        assert_eq!(kept.number, done.number.as_str());
        let until = kept.until.expect("a day is known");
        assert_eq!((until.month(), until.day()), (12, 31));

        let refused = act(db, move |tx| erasure::erase_now(tx, person)).map(|one| one.status);
        let Err(Fault::Refused(refused)) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(refused.code, "identity.erasure_matters_stand");
        assert_eq!(refused.statute, Some("个人信息保护法 47, 档案法 21"));
        let said = refused.params.iter().find(|(name, _)| *name == "matters");
        assert!(said.is_some_and(|(_, text)| text.contains(done.number.as_str())));

        // The last day still counts; with all certificates ended the next one is free.
        set_day(db, until);
        let last = db
            .read(move |tx| erasure::obstacles(tx, person))
            .expect("they are read");
        assert!(last.iter().any(|one| one.bar == Bar::Retained));
        set_day(db, until.tomorrow().expect("there is a next day"));
        let next = db
            .read(move |tx| erasure::obstacles(tx, person))
            .expect("they are read");
        assert!(next.iter().all(|one| one.bar == Bar::InForce), "{next:?}");

        let open = cases(db).into_iter().find(|one| !one.status.is_over());
        let busy = open.expect("somebody waits").applicant;
        let standing = db
            .read(move |tx| erasure::obstacles(tx, busy))
            .expect("they are read");
        assert!(
            standing.iter().any(|one| one.bar == Bar::Open),
            "{standing:?}"
        );
        a_request_waits_and_can_be_taken_back(db, person);
        is_whole(db);
    }
}

fn a_request_waits_and_can_be_taken_back(db: &Db, person: PersonId) {
    set_day(db, date(2068, 3, 2));
    let by_self = |work: fn(&mut Tx<'_>, PersonId) -> Result<Erasure, Fault>| {
        let actor = Actor::citizen(person, kernel::Channel::Web);
        db.write(db.cause(actor), move |tx| work(tx, person))
    };
    let asked = by_self(erasure::ask).expect("it is recorded");
    assert_eq!(asked.status, ErasureStatus::Asked);
    let twice = by_self(erasure::ask).expect_err("one waits already");
    assert_eq!(twice.refusal(), Some("identity.erasure_already_asked"));
    let actor = Actor::citizen(person, kernel::Channel::Web);
    let own = db.write(db.cause(actor), move |tx| erasure::carry_out(tx, asked.id));
    assert_eq!(
        own.expect_err("not theirs to do").refusal(),
        Some("identity.not_your_act")
    );
    let back = act(db, move |tx| erasure::withdraw(tx, person, asked.id));
    assert_eq!(back.expect("it is theirs").status, ErasureStatus::Withdrawn);
    let late = act(db, move |tx| erasure::carry_out(tx, asked.id));
    assert_eq!(
        late.expect_err("it was taken back").refusal(),
        Some("identity.erasure_already_ended")
    );
}
