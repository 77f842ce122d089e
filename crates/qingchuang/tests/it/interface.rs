//! The interface for programs, as an integrator meets it: the answer of an acceptance names the
//! case, and whoever may see a case finds it by the number on the receipt.

use axum::http::StatusCode;
use intake::Application;
use jiff::civil::date;
use kernel::{Clock, Fault, PersonId};
use qingchuang::seed;
use serde_json::Value;
use web::session::Subject;

use crate::hall::{TestHall, halls};
use crate::programs::Programs;

/// A hall with its doors, after a day of work.
struct Interface {
    hall: TestHall,
    programs: Programs,
}

fn interfaces(name: &str) -> Vec<Interface> {
    let start = kernel::clock::hall_instant(date(2026, 9, 21).at(8, 0, 0, 0));
    let open = |hall: TestHall| {
        seed::live_days(&hall.house.db, date(2026, 9, 21), 1).expect("the day is lived");
        Interface {
            programs: Programs::of(&hall),
            hall,
        }
    };
    let halls = halls(name, move || Clock::virtual_at(start, 7));
    halls.into_iter().map(open).collect()
}

impl Interface {
    /// An application that waits at the front desk, and a clerk of its hall.
    fn waiting(&self) -> (Application, Subject) {
        let db = &self.hall.house.db;
        let find = |tx: &mut db::Tx<'_>| {
            let sql = "SELECT id FROM application WHERE status = 'received' ORDER BY id";
            let found = tx.query_one(sql, &[], |row| row.get(0))?;
            let id = found.ok_or(Fault::NotFound {
                what: "application",
            })?;
            let clerk = identity::officer_by_login(tx, "clerk")?;
            let clerk = clerk.ok_or(Fault::NotFound { what: "officer" })?;
            Ok((intake::application(tx, id)?, Subject::Officer(clerk.id)))
        };
        db.read(find).expect("somebody waits at the front desk")
    }

    fn ask(&self, method: &str, path: &str, by: Subject) -> (StatusCode, Value) {
        self.programs.ask(method, path, by)
    }
}

#[test]
fn an_acceptance_names_its_case_and_the_number_finds_it_for_whoever_may_see_it() {
    for house in interfaces("interface") {
        let (application, clerk) = house.waiting();
        let one = format!("/api/v1/applications/{}", application.id);
        let (_, before) = house.ask("GET", &one, clerk);
        assert_eq!(before["case"], Value::Null);
        let (status, accepted) = house.ask("POST", &format!("{one}/accept"), clerk);
        assert_eq!(status, StatusCode::OK, "{accepted}");
        let number = application.number.to_string();
        assert_eq!(accepted["case"]["number"], number.as_str());
        let case = &accepted["case"]["id"];
        let (_, after) = house.ask("GET", &one, clerk);
        assert_eq!(&after["case"]["id"], case);
        let search = format!("/api/v1/cases?number={}", number.to_lowercase());
        let applicant = Subject::Citizen(application.applicant);
        for by in [applicant, clerk] {
            let (status, found) = house.ask("GET", &search, by);
            assert_eq!(status, StatusCode::OK, "{found}");
            assert_eq!(&found["items"][0]["id"], case);
            assert_eq!(found["next"], Value::Null);
        }
    }
}

#[test]
fn a_number_finds_nothing_for_strangers_and_must_be_given() {
    for house in interfaces("interface_rights") {
        let (application, clerk) = house.waiting();
        let accept = format!("/api/v1/applications/{}/accept", application.id);
        house.ask("POST", &accept, clerk);
        let stranger = house.stranger(application.applicant);
        let search = format!("/api/v1/cases?number={}", application.number);
        let (status, found) = house.ask("GET", &search, stranger);
        assert_eq!(
            (status, &found["items"]),
            (StatusCode::OK, &Value::Array(Vec::new()))
        );
        for empty in ["/api/v1/cases", "/api/v1/cases?number=%20"] {
            let (status, refused) = house.ask("GET", empty, clerk);
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{refused}");
            assert_eq!(refused["fields"][0]["field"], "number");
        }
    }
}

impl Interface {
    /// A person who has to do with another matter.
    fn stranger(&self, not: PersonId) -> Subject {
        let db = &self.hall.house.db;
        let find = |tx: &mut db::Tx<'_>| {
            let sql = "SELECT applicant FROM application WHERE applicant <> $1 ORDER BY id";
            tx.query_one(sql, &[kernel::ToValue::to_value(&not)], |row| row.get(0))
        };
        let other: Option<PersonId> = db.read(find).expect("it can be read");
        Subject::Citizen(other.expect("there are two applicants"))
    }
}
