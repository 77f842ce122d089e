//! Cases on both stores: rows and replay agree, lists page by seek, rights are in the query,
//! and an operation costs few statements.

use jiff::SignedDuration;
use kernel::{Actor, Channel, Fault, TypedId};

use super::hall::{APPLICANT, HALL, LEAD, OTHER, officer, organ, person};
use super::house::{House, houses, staff};
use crate::*;

fn seat(number: u128, organ: u128, role: Role) -> Doer {
    doer(&staff(number, organ, role)).unwrap()
}

fn listed(house: &House, by: &Doer, scope: Scope) -> usize {
    let found = house.db.read(|tx| tasks(tx, by, scope, None, 50));
    found.unwrap().len()
}

#[test]
fn a_case_lives_from_opening_to_the_archive_and_verifies() {
    for house in houses("life") {
        let id = house.open("standard", 1);
        house.to_decision(id);
        house.grant(id);
        assert_eq!(house.case(id).status, Status::Granted);
        house.hand_out(id);
        let system = house.by(Actor::system());
        let archived = house.db.write(system, move |tx| archive(tx, id)).unwrap();
        assert_eq!(archived.status, Status::Archived);
        let papers = house.papers.0.lock().unwrap().clone();
        assert_eq!(papers, ["certificate", "receipt"]);
        house.verify();
        let proof = house.db.read(|tx| proof(tx, &Viewer::Receipt, id)).unwrap();
        assert_eq!(ledger::proof::check(&proof, None), Vec::<String>::new());
        let timers = house.db.read(db::timer::next_due).unwrap();
        assert_eq!(timers, None, "a finished case leaves no timer");
    }
}

#[test]
fn a_changed_row_of_a_case_is_found() {
    for house in houses("tamper") {
        let id = house.open("standard", 1);
        house.to_decision(id);
        house.verify();
        for (sql, named) in [
            ("UPDATE case_task SET case_due = '2030-01-01'", "case_task"),
            (
                "UPDATE case_record SET promised_due = '2030-01-01'",
                "case_record",
            ),
            ("DELETE FROM case_task", "case_task"),
        ] {
            let system = house.by(Actor::system());
            house.db.write(system, |tx| tx.execute(sql, &[])).unwrap();
            let tables = super::house::every_table();
            let report = house
                .db
                .read(|tx| ledger::verify::verify_deep(tx, &tables))
                .unwrap();
            let mut places = report.findings.iter().map(|finding| &finding.place);
            assert!(
                places.any(|place| place.contains(named)),
                "{sql}: {report:?}"
            );
        }
    }
}

#[test]
fn a_pause_an_extension_and_a_withdrawal_leave_their_papers() {
    for house in houses("papers") {
        let id = house.open("standard", 1);
        let review = staff(11, LEAD, Role::Reviewer);
        let decide = staff(12, LEAD, Role::Decider);
        house
            .write(&review, move |tx, by| {
                pause(tx, by, id, calendar::PauseKind::Hearing, 5, "依法听证")
            })
            .unwrap();
        let resumed = house
            .write(&review, move |tx, by| resume(tx, by, id))
            .unwrap();
        assert!(resumed.dues.promised.is_some());
        house
            .write(&decide, move |tx, by| extend(tx, by, id, 10, "案情复杂"))
            .unwrap();
        let empty = house.write(&decide, move |tx, by| extend(tx, by, id, 10, " "));
        assert!(matches!(empty, Err(Fault::Invalid(_))), "{empty:?}");
        let applicant = person(APPLICANT);
        let citizen = house.by(Actor::citizen(applicant, Channel::Web));
        house
            .db
            .write(citizen, move |tx| {
                withdraw(tx, applicant, id, Some("不办了"))
            })
            .unwrap();
        let stranger = house.by(Actor::citizen(person(99), Channel::Web));
        let hidden = house
            .db
            .write(stranger, move |tx| withdraw(tx, person(99), id, None));
        assert_eq!(hidden, Err(Fault::NotFound { what: "case" }));
        let papers = house.papers.0.lock().unwrap().clone();
        assert_eq!(papers, ["pause", "extension", "withdrawal"]);
        house.verify();
    }
}

#[test]
fn a_refusal_keeps_its_grounds_beside_the_ledger() {
    for house in houses("refusal") {
        let id = house.open("instant", 1);
        let task = house.case(id).tasks[0].number;
        let decide = staff(12, LEAD, Role::Decider);
        let refuse = move |tx: &mut db::Tx<'_>, by: &web::Officer, reason: &str| {
            let finish = Finish {
                task,
                outcome: Some("refused".parse().unwrap()),
                grounds: Some(Grounds {
                    reason: reason.to_owned(),
                    article: "食品安全法第三十五条".to_owned(),
                    review_organ: "云澄县人民政府".to_owned(),
                    court: "云澄县人民法院".to_owned(),
                    lacking: None,
                }),
                ..Finish::default()
            };
            complete(tx, by, id, &finish)
        };
        let bare = house.write(&decide, move |tx, by| refuse(tx, by, ""));
        assert!(matches!(bare, Err(Fault::Invalid(_))));
        house
            .write(&decide, move |tx, by| refuse(tx, by, "场所不符合要求"))
            .unwrap();
        assert_eq!(*house.papers.0.lock().unwrap(), ["refusal"]);
        house.verify();
    }
}

#[test]
fn work_lists_show_what_each_may_take_with_least_time_left_first() {
    for house in houses("lists") {
        let late = house.open("standard", 1);
        house.db.clock().advance(SignedDuration::from_hours(48));
        let early = house.open("standard", 2);
        let me = seat(11, LEAD, Role::Reviewer);
        assert_eq!(listed(&house, &me, Scope::Post), 2);
        assert_eq!(listed(&house, &me, Scope::Mine), 0);
        for other in [
            seat(12, LEAD, Role::Decider),
            seat(11, OTHER, Role::Reviewer),
            seat(13, HALL, Role::ExitClerk),
        ] {
            assert_eq!(listed(&house, &other, Scope::Post), 0);
        }
        let task = house.case(late).tasks[0].number;
        let review = staff(11, LEAD, Role::Reviewer);
        house
            .write(&review, move |tx, by| claim(tx, by, late, task))
            .unwrap();
        assert_eq!(listed(&house, &me, Scope::Post), 1);
        assert_eq!(listed(&house, &me, Scope::Mine), 1);
        let first = house
            .db
            .read(|tx| tasks(tx, &me, Scope::Organ, None, 1))
            .unwrap();
        assert_eq!(first[0].case, late);
        let key = first[0].key();
        let second = house
            .db
            .read(|tx| tasks(tx, &me, Scope::Organ, Some(&key), 1))
            .unwrap();
        assert_eq!(second[0].case, early);
        let end = second[0].key();
        let none = house
            .db
            .read(|tx| tasks(tx, &me, Scope::Organ, Some(&end), 1))
            .unwrap();
        assert!(none.is_empty());
    }
}

#[test]
fn a_case_is_seen_by_its_parties_its_organs_and_the_supervisor_alone() {
    for house in houses("rights") {
        let id = house.open("standard", 1);
        let sees = |viewer: &Viewer| house.db.read(|tx| seen(tx, viewer, id)).is_ok();
        let finds = |viewer: &Viewer, number: &str| {
            let found = house.db.read(|tx| seen_by_number(tx, viewer, number));
            found.unwrap() == Some(id)
        };
        for (viewer, allowed) in [
            (Viewer::Person(person(APPLICANT)), true),
            (Viewer::Person(person(51)), true),
            (Viewer::Person(person(99)), false),
            (Viewer::Receipt, true),
            (Viewer::Officer(seat(11, LEAD, Role::Reviewer)), true),
            (Viewer::Officer(seat(13, HALL, Role::ExitClerk)), true),
            (Viewer::Officer(seat(15, OTHER, Role::CoHandler)), true),
            (Viewer::Officer(seat(16, 77, Role::Reviewer)), false),
            (Viewer::Officer(seat(16, 77, Role::Supervisor)), true),
            (Viewer::Officer(seat(17, LEAD, Role::SystemAdmin)), false),
            (Viewer::Officer(seat(17, HALL, Role::SecurityAdmin)), false),
            (
                Viewer::Officer(seat(17, HALL, Role::CatalogueEditor)),
                false,
            ),
        ] {
            assert_eq!(sees(&viewer), allowed, "{viewer:?}");
            assert_eq!(finds(&viewer, "N00001"), allowed, "{viewer:?}");
            assert!(!finds(&viewer, "N00002"), "{viewer:?}");
        }
    }
}

#[test]
fn citizens_read_no_opinions_and_no_officers_names() {
    for house in houses("names") {
        let id = house.open("standard", 1);
        house.to_decision(id);
        let told = |viewer| {
            let lines = house
                .db
                .read(|tx| history(tx, &viewer, id, kernel::Lang::Zh))
                .unwrap();
            let last = lines.last().unwrap().clone();
            (last.who, last.text, last.step)
        };
        let step = "审查".to_owned();
        let inside = told(Viewer::Officer(seat(12, LEAD, Role::Decider)));
        let said = "材料齐全，建议准予".to_owned();
        assert_eq!(inside, ("officer 11".to_owned(), said, step.clone()));
        let outside = told(Viewer::Person(person(APPLICANT)));
        assert_eq!(outside, ("organ 2".to_owned(), String::new(), step));
    }
}

#[test]
fn the_page_explains_the_due_date_and_shows_where_the_case_is() {
    for house in houses("page") {
        let id = house.open("standard", 1);
        let viewer = Viewer::Person(person(APPLICANT));
        let page = house
            .db
            .read(|tx| case_page(tx, &viewer, id, kernel::Lang::Zh))
            .unwrap();
        assert_eq!(page.lamp.shade, "green");
        assert_eq!(page.lamp.left, 10);
        assert!(
            page.explain
                .iter()
                .any(|line| line.text.contains("2026-03-16"))
        );
        assert!(page.picture.starts_with("<svg"), "{}", page.picture);
        assert_eq!(page.tasks[0].step, "审查");
        assert_eq!(page.documents.len(), 1);
    }
}

#[test]
fn the_way_says_what_is_done_what_is_being_done_and_what_is_to_come() {
    use web::parts::Progress::{Done, Next, Now};
    for house in houses("way") {
        let id = house.open("standard", 1);
        let viewer = Viewer::Person(person(APPLICANT));
        let way = |lang| {
            let page = house
                .db
                .read(|tx| case_page(tx, &viewer, id, lang))
                .unwrap();
            let stages = page.stages.into_iter();
            stages
                .map(|(stage, _)| (stage.name, stage.progress))
                .collect::<Vec<_>>()
        };
        let stage = |name: &str, progress| (name.to_owned(), progress);
        house.to_decision(id);
        let english = [
            stage("Review", Done),
            stage("Decide", Now),
            stage("Hand out", Next),
        ];
        assert_eq!(way(kernel::Lang::En), english);
        let task = house.case(id).tasks[0].number;
        house
            .write(&staff(12, LEAD, Role::Decider), move |tx, by| {
                let finish = Finish {
                    task,
                    outcome: Some("returned".parse().unwrap()),
                    opinion: Some("请补充现场照片".to_owned()),
                    ..Finish::default()
                };
                complete(tx, by, id, &finish)
            })
            .unwrap();
        let chinese = [stage("审查", Now), stage("决定", Next), stage("出件", Next)];
        assert_eq!(way(kernel::Lang::Zh), chinese, "sent back, it begins again");
    }
}

#[test]
fn a_decided_case_says_what_it_took_against_its_limits() {
    for (name, days, used, shade) in [
        ("took", 7, 5, "green"),
        ("slow", 21, 15, "red"),
        ("slower", 42, 29, "black"),
    ] {
        for house in houses(name) {
            let id = house.open("standard", 1);
            house.to_decision(id);
            let late = SignedDuration::from_hours(24 * days);
            house.db.clock().advance(late);
            house.grant(id);
            house.hand_out(id);
            let viewer = Viewer::Person(person(APPLICANT));
            let page = house
                .db
                .read(|tx| case_page(tx, &viewer, id, kernel::Lang::Zh))
                .unwrap();
            let ended = page.ended.unwrap();
            assert_eq!((ended.used, ended.shade), (used, shade), "{name}");
            let counts = (ended.promised.count, ended.statutory.count);
            assert_eq!(counts, (10, 20), "{name}");
            assert_eq!(page.lamp.shade, "grey", "the clock has ended");
        }
    }
}

#[test]
fn a_page_made_before_somebody_else_acted_is_not_taken() {
    for house in houses("stale") {
        let id = house.open("standard", 1);
        let revision = |house: &House| {
            let lines = house.db.read(|tx| ledger::lines_of(tx, id)).unwrap();
            lines.last().unwrap().revision
        };
        let seen = revision(&house);
        let check = |seen| house.db.read(|tx| ledger::unchanged_since(tx, id, seen));
        assert_eq!(check(seen), Ok(()));
        house.to_decision(id);
        assert_eq!(check(seen), Err(Fault::Conflict { what: "case" }));
        assert_eq!(check(revision(&house)), Ok(()));
        assert_eq!(check(0), Err(Fault::Conflict { what: "case" }));
    }
}

#[test]
fn the_proof_holds_every_record_of_the_matter() {
    for house in houses("matter") {
        let id = house.open("standard", 1);
        let other = house.open("standard", 2);
        house.to_decision(id);
        // The neighbours of this house say that the other case belongs to the matter.
        house.papers.1.lock().unwrap().push(other.uuid());
        house.verify();
        let proof = house.db.read(|tx| prove(tx, id)).unwrap();
        let records = proof.lines.iter().map(|line| line.line["record"].clone());
        let records: std::collections::BTreeSet<String> = records
            .map(|record| record.as_str().unwrap().to_owned())
            .collect();
        let wanted = [id.to_string(), other.to_string()].into();
        assert_eq!(records, wanted);
        assert_eq!((proof.lines.len(), proof.pending), (4, 0));
        assert_eq!(ledger::proof::check(&proof, None), Vec::<String>::new());
        let mut gap = proof;
        let first = |line: &ledger::proof::ProvenLine| {
            line.line["record"] == id.to_string().as_str() && line.line["revision"] == 1
        };
        gap.lines.retain(|line| !first(line));
        assert_eq!(ledger::proof::check(&gap, None).len(), 1);
    }
}

#[test]
fn timers_remind_once_and_turn_the_light_twice() {
    for house in houses("timers") {
        let id = house.open("standard", 1);
        house
            .db
            .clock()
            .advance(SignedDuration::from_hours(24 * 11));
        assert_eq!(house.fire_due(), 1);
        let sent = house.db.read(|tx| db::outbox::due(tx, 10)).unwrap();
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].topic, "case.reminder");
        house.db.clock().advance(SignedDuration::from_hours(24 * 7));
        assert_eq!(house.fire_due(), 1, "the promised limit has passed");
        house
            .db
            .clock()
            .advance(SignedDuration::from_hours(24 * 30));
        assert_eq!(house.fire_due(), 1, "the statutory limit has passed");
        assert_eq!(house.fire_due(), 0);
        house.to_decision(id);
        house.verify();
    }
}

#[test]
fn the_exit_desk_finds_what_waits_by_its_number() {
    for house in houses("exit") {
        let id = house.open("standard", 1);
        house.to_decision(id);
        house.grant(id);
        let exit = seat(13, HALL, Role::ExitClerk);
        let waits = |number: &'static str| {
            let found = house
                .db
                .read(|tx| crate::store::waiting_results(tx, &exit, number, 10));
            found.unwrap().len()
        };
        assert_eq!((waits(""), waits("N00001"), waits("N00002")), (1, 1, 0));
        house.hand_out(id);
        assert_eq!(waits(""), 0);
    }
}

#[test]
fn open_cases_are_dated_again_batch_by_batch() {
    for house in houses("redate") {
        for serial in 0..5 {
            house.open("standard", serial);
        }
        let (mut after, mut batches) = (None, 0);
        loop {
            let system = house.by(Actor::system());
            let (next, changed) = house
                .db
                .write(system, move |tx| redate_all(tx, after, 2))
                .unwrap();
            assert_eq!(changed, []);
            batches += 1;
            if next.is_none() {
                break;
            }
            after = next;
        }
        assert_eq!(batches, 3);
    }
}

#[test]
fn a_task_goes_only_to_a_colleague_of_the_post() {
    for house in houses("hand_over") {
        let id = house.open("standard", 1);
        let task = house.case(id).tasks[0].number;
        let review = staff(11, LEAD, Role::Reviewer);
        let over = move |to: u128| {
            move |tx: &mut db::Tx<'_>, by: &web::Officer| hand_over(tx, by, id, task, officer(to))
        };
        let wrong = house.write(&review, over(99)).unwrap_err();
        assert_eq!(wrong.refusal(), Some("case.receiver_without_post"));
        let case = house.write(&review, over(14)).unwrap();
        assert_eq!(case.tasks[0].held_by, Some(officer(14)));
        assert_eq!(case.tasks[0].organ, organ(LEAD));
    }
}

#[test]
fn the_seven_op_case_costs_at_most_eight_statements_an_operation() {
    for house in houses("seven") {
        let staff = SevenOpStaff::default();
        for (serial, grant) in [(1, true), (2, false)] {
            let by = staff.clone();
            let before = house.db.statement_count();
            let system = house.by(Actor::system());
            let start = move |tx: &mut db::Tx<'_>| bench_case(tx, &by, serial);
            let mut case = house.db.write(system, start).unwrap();
            let mut ops = 1;
            while !case.tasks.is_empty() {
                let (by, at) = (staff.clone(), case.clone());
                let system = house.by(Actor::system());
                let before = house.db.statement_count();
                let finish = move |tx: &mut db::Tx<'_>| bench_complete(tx, &by, &at, grant);
                case = house.db.write(system, finish).unwrap();
                let cost = house.db.statement_count() - before;
                assert!(cost <= 9, "op {ops} took {cost} statements");
                ops += 1;
            }
            assert_eq!((ops, case.status), (7, Status::Closed));
            let cost = house.db.statement_count() - before;
            assert!(cost <= 7 * 8, "{cost} statements for seven operations");
        }
        house.verify();
    }
}
