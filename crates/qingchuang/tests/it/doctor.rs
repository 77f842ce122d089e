//! What the doctor says of letters that a gateway does not take, and of papers without a file.

use std::sync::Arc;

use certificate::{NewNotice, NoticeKind};
use inbox::{Carrier, Gateways, LetterKind, NewLetter, Owner, Parcel, WrongGateway};
use jiff::civil::date;
use kernel::{Actor, Clock};
use qingchuang::doctor::{Severity, examine};
use qingchuang::seed;

use crate::hall::{TestHall, halls};

/// A gateway that nobody answers at.
struct Deaf;

impl Carrier for Deaf {
    fn carry(&self, _parcel: &Parcel) -> Result<(), WrongGateway> {
        Err(WrongGateway {
            code: "unreachable",
            for_good: false,
        })
    }
}

/// The doctor's findings of one code, with their params.
fn found(hall: &TestHall, code: &str) -> Vec<String> {
    let clock = hall.house.db.clock().clone();
    let all = examine(&hall.config, &clock).into_iter();
    let of_code = all.filter(|one| one.code == code && one.severity == Severity::Warning);
    let told = of_code.map(|one| {
        let values: Vec<String> = one.params.into_iter().map(|(_, value)| value).collect();
        values.join(" ")
    });
    told.collect()
}

#[test]
fn the_doctor_names_gateways_that_fail_and_papers_without_a_file() {
    let start = kernel::clock::hall_instant(date(2026, 9, 21).at(9, 0, 0, 0));
    for hall in halls("doctor", move || Clock::virtual_at(start, 7)) {
        let db = &hall.house.db;
        seed::live_days(db, date(2026, 9, 21), 1).expect("a day is lived");
        assert_eq!(found(&hall, "letters_failing"), Vec::<String>::new());
        assert_eq!(found(&hall, "papers_failed"), Vec::<String>::new());
        db.lend(Arc::new(Gateways {
            mail: None,
            sms: Some(Box::new(Deaf)),
            origin: String::new(),
            hall: "测试".to_owned(),
        }));
        let person = db.read(|tx| {
            let id = case::case_ids(tx, None, 1)?;
            Ok(case::case(tx, id[0])?.applicant)
        });
        let person = person.expect("somebody applied");
        let paper = db.write(db.cause(Actor::system()), move |tx| {
            let letter = NewLetter {
                cause: "test".to_owned(),
                kind: LetterKind::ALL[0],
                to: Owner::Citizen(person),
                number: "1".to_owned(),
                href: "/my".to_owned(),
                at: tx.now(),
            };
            inbox::write(tx, &letter)?;
            let organ = identity::hall(tx)?.id;
            let notice = NewNotice {
                kind: NoticeKind::Withdrawal,
                about: tx.clock().new_uuid(),
                case_number: "1".to_owned(),
                item: None,
                organ,
                person,
                data: serde_json::json!({}),
            };
            let paper = certificate::draw_notice(tx, notice)?;
            ledger::forget_person(tx, person)?;
            Ok(paper)
        });
        let paper = paper.expect("it is drawn");
        inbox::send_pending(db, 20).expect("the store works");
        certificate::pdf_of(db, paper).expect_err("its text is gone");
        assert_eq!(found(&hall, "letters_failing"), ["sms 1 unreachable"]);
        assert_eq!(found(&hall, "papers_failed"), ["1"]);
    }
}
