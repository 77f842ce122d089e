//! The use cases on both stores.

use kernel::{Fault, TypedId};
use ledger::sealer;

use super::houses::{House, ITEM, clerk, houses, invitation, said, uuid};
use crate::model::*;
use crate::*;

fn invited(house: &House, case: u128) -> Invited {
    house
        .write(move |tx| invite(tx, &invitation(case)))
        .unwrap()
}

fn rated(house: &House, case: u128, grade: Grade) -> Invited {
    let made = invited(house, case);
    let token = made.token.clone();
    house
        .write(move |tx| rate(tx, &token, &said(grade)))
        .unwrap();
    made
}

#[test]
fn a_service_is_asked_about_once() {
    for house in houses("once") {
        invited(&house, 1);
        let again = house.write(|tx| invite(tx, &invitation(1))).unwrap_err();
        assert_eq!(again.refusal(), Some("evaluation.already_invited"));
        let received = house.write(|tx| receive(tx, &invitation(1), &said(Grade::Satisfied)));
        assert_eq!(
            received.unwrap_err().refusal(),
            Some("evaluation.already_invited")
        );
    }
}

#[test]
fn a_rating_reads_back_whole_with_its_words() {
    for house in houses("whole") {
        let made = rated(&house, 1, Grade::Dissatisfied);
        let token = made.token.clone();
        let add =
            move |tx: &mut db::Tx<'_>| supplement(tx, &token, Some(Grade::Satisfied), "已改好");
        house.write(add).unwrap();
        let subject = invitation(1).subject;
        let (rating, words) = house
            .db
            .read(|tx| {
                let rating = of_subject(tx, subject)?.unwrap();
                let words = words_of(tx, &rating)?;
                Ok((rating, words))
            })
            .unwrap();
        assert_eq!(rating.id, made.rating);
        assert_eq!(rating.status, RatingStatus::Supplemented);
        assert_eq!(
            rating.given.as_ref().unwrap().tags,
            [Aspect::ServiceAttitude]
        );
        assert!(rating.is_bad());
        let texts = ("窗口的同志很耐心".to_owned(), "已改好".to_owned());
        assert_eq!(words, (Some(texts.0), Some(texts.1)));
    }
}

#[test]
fn a_token_of_nothing_opens_nothing() {
    for house in houses("token") {
        invited(&house, 1);
        let wrong = Token::parse(&"0".repeat(32)).unwrap();
        let found = house.db.read(|tx| of_token(tx, &wrong));
        assert_eq!(found, Err(Fault::NotFound { what: "rating" }));
        for text in [
            "",
            "+0000000000000000000000000000001",
            "评",
            &"0".repeat(33),
        ] {
            assert_eq!(Token::parse(text), None, "{text}");
        }
    }
}

#[test]
fn the_link_can_be_made_again_and_asks_what_fits_the_service() {
    for house in houses("link") {
        let case = |case| Invitation {
            subject: Subject::Case(uuid(case)),
            ..invitation(case)
        };
        let online = house.write(move |tx| invite(tx, &case(1))).unwrap();
        let in_hall = house
            .write_as(clerk(), move |tx| invite(tx, &case(2)))
            .unwrap();
        assert_ne!(online.token, in_hall.token);
        for (number, made, set) in [(1, online, TagSet::Online1), (2, in_hall, TagSet::Hall1)] {
            let found = house.db.read(|tx| link_of(tx, case(number).subject));
            let (rating, token) = found.unwrap().unwrap();
            assert_eq!((rating.id, token), (made.rating, made.token));
            assert_eq!(rating.service.tag_set, set);
        }
        let given = |tx: &mut db::Tx<'_>| receive(tx, &invitation(3), &said(Grade::Satisfied));
        house.write(given).unwrap();
        assert_eq!(
            house.db.read(|tx| link_of(tx, invitation(3).subject)),
            Ok(None)
        );
    }
}

#[test]
fn a_refused_rating_leaves_no_text_behind() {
    for house in houses("refused") {
        let token = invited(&house, 1).token;
        let done = house.write_as(clerk(), move |tx| {
            rate(tx, &token, &said(Grade::VerySatisfied))
        });
        assert_eq!(
            done.unwrap_err().refusal(),
            Some("evaluation.staff_may_not_rate")
        );
        let sql = "SELECT COUNT(*) FROM kept_text";
        let texts = house
            .db
            .read(|tx| tx.query_one(sql, &[], |row| row.get::<i64>(0)));
        assert_eq!(texts, Ok(Some(0)));
    }
}

#[test]
fn after_seven_natural_days_the_default_is_given_and_marked() {
    for house in houses("default") {
        let waiting = invited(&house, 1);
        rated(&house, 2, Grade::Satisfied);
        // To the last minutes of the seventh day after Monday nine in the morning.
        house.wait(7 * 24 + 14);
        assert_eq!(house.fire_due(), 0);
        house.wait(2);
        assert_eq!(house.fire_due(), 1);
        let token = waiting.token.clone();
        let late = house.write(move |tx| rate(tx, &token, &said(Grade::Satisfied)));
        assert_eq!(late.unwrap_err().refusal(), Some("evaluation.defaulted"));
        let (summary, board) = house
            .db
            .read(|tx| {
                let sql = "SELECT grade, is_default, rated_on FROM evaluation_view_board \
                           ORDER BY is_default";
                let board = tx.query(sql, &[], |row| {
                    Ok((
                        row.get::<Grade>(0)?,
                        row.get::<bool>(1)?,
                        row.get::<String>(2)?,
                    ))
                })?;
                Ok((crate::summary(tx, uuid(ITEM))?, board))
            })
            .unwrap();
        assert_eq!((summary.n, summary.active, summary.defaults), (2, 1, 1));
        assert_eq!(summary.satisfaction(), Rate { part: 1, whole: 1 });
        let days = ("2026-11-23".to_owned(), "2026-12-01".to_owned());
        let expected = [
            (Grade::Satisfied, false, days.0),
            (Grade::BasicallySatisfied, true, days.1),
        ];
        assert_eq!(board, expected);
    }
}

#[test]
fn a_timer_of_another_room_is_left_alone() {
    for house in houses("timer") {
        let timer = db::timer::Timer {
            kind: "case.promised_due".to_owned(),
            record: uuid(1),
            due_at: house.db.clock().now(),
        };
        assert_eq!(house.write(move |tx| fire(tx, &timer)), Ok(false));
    }
}

#[test]
fn a_code_leads_to_its_token_while_it_lasts() {
    for house in houses("code") {
        let made = invited(&house, 1);
        let (rating, token) = (made.rating, made.token.clone());
        let code = house
            .write(move |tx| make_code(tx, rating, &token))
            .unwrap();
        let found = house.db.read(|tx| redeem_code(tx, &code.digits));
        assert_eq!(found, Ok(made.token));
        let unknown = Err(Fault::NotFound {
            what: "rating_code",
        });
        let other = if code.digits == "000000" {
            "000001"
        } else {
            "000000"
        };
        assert_eq!(house.db.read(|tx| redeem_code(tx, other)), unknown);
        house.wait(25);
        assert_eq!(house.db.read(|tx| redeem_code(tx, &code.digits)), unknown);
        let next = invited(&house, 2);
        house
            .write(move |tx| make_code(tx, next.rating, &next.token))
            .unwrap();
        let sql = "SELECT COUNT(*) FROM rating_code";
        let codes = house
            .db
            .read(|tx| tx.query_one(sql, &[], |row| row.get::<i64>(0)));
        assert_eq!(codes, Ok(Some(1)), "the ended code is forgotten");
    }
}

#[test]
fn an_organ_sees_its_own_ratings_page_by_page() {
    for house in houses("list") {
        for case in 1..=5 {
            rated(&house, case, Grade::Satisfied);
        }
        let bad = rated(&house, 6, Grade::VeryDissatisfied).rating;
        let foreign = kernel::OrganId::from_uuid(uuid(51));
        let elsewhere = Invitation {
            organ: foreign,
            ..invitation(7)
        };
        house
            .write(move |tx| receive(tx, &elsewhere, &said(Grade::VeryDissatisfied)))
            .unwrap();
        let read = |reach, filter: Filter, after, most| {
            let found = house.db.read(|tx| list(tx, reach, &filter, after, most));
            found.unwrap()
        };
        let own = Reach::Organ(invitation(1).organ);
        let first = read(own, Filter::default(), None, 4);
        let rest = read(own, Filter::default(), Some(first[3].id), 4);
        assert_eq!((first.len(), rest.len()), (4, 2));
        assert!(first[3].id > rest[0].id);
        assert_eq!(read(Reach::Hall, Filter::default(), None, 9).len(), 7);
        let only_bad = Filter {
            bad: true,
            grade: Some(Grade::VeryDissatisfied),
            status: Some(RatingStatus::Rated),
            item: Some(uuid(ITEM)),
        };
        let found = read(own, only_bad, None, 9);
        assert_eq!(found.iter().map(|one| one.id).collect::<Vec<_>>(), [bad]);
    }
}

#[test]
fn a_rating_given_elsewhere_is_taken_in_by_one_event_and_few_statements() {
    for house in houses("ingest") {
        let quiet = Said {
            text: String::new(),
            ..said(Grade::Satisfied)
        };
        let before = house.db.statement_count();
        let rating = house
            .write(move |tx| receive(tx, &invitation(1), &quiet))
            .unwrap();
        assert_eq!(house.db.statement_count() - before, 3);
        let lines = house.db.read(|tx| ledger::lines_of(tx, rating)).unwrap();
        let kinds: Vec<&str> = lines.iter().map(|line| line.kind.as_str()).collect();
        assert_eq!(kinds, ["received"]);
        assert_eq!(house.fire_due(), 0);
    }
}

#[test]
fn whatever_is_changed_behind_the_program_is_found() {
    let changes = [
        "UPDATE rating SET grade = 'very_satisfied' WHERE is_bad",
        "UPDATE rating SET is_default = NOT is_default",
        "UPDATE rating SET is_bad = FALSE WHERE is_bad",
        "UPDATE rating SET words = NULL WHERE words IS NOT NULL",
        "UPDATE rating SET expires_on = '2027-01-01'",
        "UPDATE rating SET tags = '' WHERE tags <> ''",
        "DELETE FROM rating WHERE is_bad",
        "UPDATE rating_code SET ends_at = ends_at + 1",
    ];
    for (number, sql) in changes.into_iter().enumerate() {
        for house in houses(&format!("tamper{number}")) {
            let made = rated(&house, 1, Grade::Dissatisfied);
            invited(&house, 2);
            house
                .write(|tx| receive(tx, &invitation(3), &said(Grade::Satisfied)))
                .unwrap();
            house
                .write(move |tx| make_code(tx, made.rating, &made.token))
                .unwrap();
            house.write(sealer::seal_lines).unwrap();
            assert_eq!(house.findings(), vec![]);
            let touched = house.write(move |tx| tx.execute(sql, &[])).unwrap();
            assert!(1 <= touched, "{sql}");
            assert_ne!(house.findings(), vec![], "{sql}");
        }
    }
}
