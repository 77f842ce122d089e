//! Running cases moved to another version of their procedure: what is kept, what is refused.

use jiff::SignedDuration;
use kernel::{Actor, Fault};
use ledger::verify::rebuild_compare;
use procedure::EditionName;
use process::Mapping;

use super::hall::{HALL, LEAD};
use super::house::{House, every_table, houses, staff};
use crate::*;

/// 标准程序 with legal review between the review and the decision.
fn with_legal_review() -> String {
    let task = r#"<bpmn:userTask id="legal" name="法制审核" qc:post="legal_reviewer"
        qc:duty="legal" qc:limitDays="3"/>
        <bpmn:sequenceFlow id="legal_to_decide" sourceRef="legal" targetRef="decide"/>"#;
    let file = process::procedures::STANDARD.xml;
    file.replacen("<bpmn:serviceTask", &format!("{task}<bpmn:serviceTask"), 1)
        .replace(
            "id=\"review_to_decide\" sourceRef=\"review\" targetRef=\"decide\"",
            "id=\"review_to_decide\" sourceRef=\"review\" targetRef=\"legal\"",
        )
        .replace("<bpmn:incoming>review_to_decide</bpmn:incoming>", "")
}

/// 标准程序 whose review is another node.
fn without_review() -> String {
    let file = process::procedures::STANDARD.xml;
    let file = file.replace("\"review\"", "\"examine\"");
    file.replace("duty=\"examine\"", "duty=\"review\"")
}

fn publish(house: &House, file: String) -> EditionName {
    let editor = staff(30, HALL, Role::CatalogueEditor);
    house
        .write(&editor, move |tx, _| {
            let name = "standard".parse().unwrap();
            let drawn = procedure::draft(tx, &name, &file)?;
            let today = tx.today();
            procedure::publish(tx, &drawn, today)?;
            Ok(drawn)
        })
        .unwrap()
}

fn moved(house: &House, id: CaseId, to: &EditionName, map: &Mapping) -> Result<Case, Fault> {
    let editor = staff(30, HALL, Role::CatalogueEditor);
    let (to, map) = (to.clone(), map.clone());
    house.write(&editor, move |tx, by| {
        move_case(tx, by, id, &to, &map, "新版本增加法制审核")
    })
}

fn previewed(house: &House, id: CaseId, to: &EditionName, map: &Mapping) -> MovePlan {
    let editor = staff(30, HALL, Role::CatalogueEditor);
    let (to, map) = (to.clone(), map.clone());
    house
        .write(&editor, move |tx, by| {
            preview_move(tx, by, id, &to, &map, kernel::Lang::En)
        })
        .unwrap()
}

fn complete_as(house: &House, id: CaseId, by: &web::Officer, outcome: Option<&str>) {
    let task = house.case(id).tasks[0].number;
    let outcome = outcome.map(|word| word.parse().unwrap());
    house
        .write(by, move |tx, by| {
            let finish = Finish {
                task,
                outcome: outcome.clone(),
                opinion: Some("符合规定".to_owned()),
                ..Finish::default()
            };
            crate::complete(tx, by, id, &finish)
        })
        .unwrap();
}

fn stands(house: &House) {
    house.verify();
    let tables = every_table();
    let report = house.db.read(|tx| rebuild_compare(tx, &tables)).unwrap();
    assert_eq!(report.findings, vec![]);
}

#[test]
fn a_moved_case_keeps_clock_tasks_and_holder_and_finishes_by_the_new_version() {
    for house in houses("move") {
        let id = house.open("standard", 1);
        let review = staff(11, LEAD, Role::Reviewer);
        let task = house.case(id).tasks[0].number;
        house
            .write(&review, move |tx, by| claim(tx, by, id, task))
            .unwrap();
        let timers = house.db.read(db::timer::next_due).unwrap();
        house.db.clock().advance(SignedDuration::from_hours(24));
        let before = house.case(id);
        let to = publish(&house, with_legal_review());
        let none = Mapping::new();
        let plan = previewed(&house, id, &to, &none);
        assert_eq!(plan.at, ["Review"]);
        assert_eq!(
            plan.verdict,
            MoveVerdict::Moves {
                passed_over: vec![]
            }
        );
        assert_eq!(house.case(id), before, "a preview changes nothing");
        let after = moved(&house, id, &to, &none).unwrap();
        assert_eq!(after.procedure.as_str(), "standard/2");
        assert_eq!((after.dues, &after.clock), (before.dues, &before.clock));
        assert_eq!(after.tasks[0].held_by, before.tasks[0].held_by);
        assert_eq!(after.tasks[0].on, before.tasks[0].on);
        assert_eq!(
            house.db.read(db::timer::next_due).unwrap(),
            timers,
            "timers run on"
        );
        // Again, it is there already.
        assert_eq!(moved(&house, id, &to, &none).unwrap(), after);
        complete_as(&house, id, &review, Some("agree"));
        assert_eq!(house.case(id).tasks[0].duty, Duty::Legal);
        complete_as(&house, id, &staff(14, LEAD, Role::LegalReviewer), None);
        house.grant(id);
        house.hand_out(id);
        assert_eq!(house.case(id).status, Status::Delivered);
        let told = house.db.read(|tx| {
            let viewer = Viewer::Officer(crate::doer(&staff(12, LEAD, Role::Decider))?);
            history(tx, &viewer, id, kernel::Lang::En)
        });
        let told = told.unwrap();
        let line = told.iter().find(|line| line.kind == "migrated").unwrap();
        assert_eq!(line.outcome, "standard → standard/2");
        assert_eq!(line.text, "新版本增加法制审核");
        stands(&house);
    }
}

#[test]
fn a_case_whose_task_is_gone_stays_until_a_place_is_named() {
    for house in houses("lost") {
        let id = house.open("standard", 1);
        let to = publish(&house, without_review());
        let none = Mapping::new();
        let plan = previewed(&house, id, &to, &none);
        let MoveVerdict::Stays { reasons } = plan.verdict else {
            panic!("its task is gone");
        };
        assert!(reasons[0].contains("审查"), "{reasons:?}");
        let refused = moved(&house, id, &to, &none);
        assert!(matches!(refused, Err(Fault::Refused(_))), "{refused:?}");
        assert_eq!(house.case(id).procedure.as_str(), "standard");
        let map = Mapping::from([("review".to_owned(), "examine".to_owned())]);
        let after = moved(&house, id, &to, &map).unwrap();
        assert_eq!(after.tasks.len(), 1);
        house.to_decision(id);
        house.grant(id);
        stands(&house);
    }
}

#[test]
fn a_held_task_keeps_its_post_and_a_stranger_moves_nothing() {
    for house in houses("held") {
        let id = house.open("standard", 1);
        let review = staff(11, LEAD, Role::Reviewer);
        let task = house.case(id).tasks[0].number;
        let claimed = move |tx: &mut db::Tx<'_>, by: &web::Officer| claim(tx, by, id, task);
        house.write(&review, claimed).unwrap();
        let file = process::procedures::STANDARD.xml;
        let other = file.replace("qc:post=\"reviewer\"", "qc:post=\"legal_reviewer\"");
        let to = publish(&house, other);
        let none = Mapping::new();
        let plan = previewed(&house, id, &to, &none);
        assert!(
            matches!(plan.verdict, MoveVerdict::Stays { .. }),
            "{plan:?}"
        );
        let wanted = to.clone();
        let stranger = house.write(&review, move |tx, by| {
            move_case(tx, by, id, &wanted, &Mapping::new(), "试试")
        });
        assert!(matches!(stranger, Err(Fault::Refused(_))), "{stranger:?}");
        house
            .write(&review, move |tx, by| release(tx, by, id, task))
            .unwrap();
        let after = moved(&house, id, &to, &none).unwrap();
        assert_eq!(after.tasks[0].role, Role::LegalReviewer);
        stands(&house);
    }
}

#[test]
fn a_move_never_pushes_the_longest_way_past_the_statutory_day() {
    for house in houses("late") {
        let id = house.open("standard", 1);
        let file = process::procedures::STANDARD.xml;
        let to = publish(
            &house,
            file.replace("qc:limitDays=\"5\"", "qc:limitDays=\"40\""),
        );
        let plan = previewed(&house, id, &to, &Mapping::new());
        let MoveVerdict::Stays { reasons } = plan.verdict else {
            panic!("it would be late");
        };
        assert!(reasons[0].contains("statutory"), "{reasons:?}");
        let refused = moved(&house, id, &to, &Mapping::new());
        assert!(matches!(refused, Err(Fault::Refused(_))), "{refused:?}");
    }
}

#[test]
fn running_cases_are_found_by_every_version_but_the_one_they_go_to() {
    for house in houses("running") {
        let mut both = [house.open("standard", 1), house.open("standard", 2)];
        // Opened within one tick of the clock, their ids are in no order.
        both.sort();
        let [one, two] = both;
        house.open("instant", 3);
        let done = house.open("standard", 4);
        let system = house.by(Actor::system());
        let by = super::hall::person(super::hall::APPLICANT);
        house
            .db
            .write(system, move |tx| withdraw(tx, by, done, None))
            .unwrap();
        let to = publish(&house, with_legal_review());
        let all = |after| {
            let to = to.clone();
            house
                .db
                .read(move |tx| running(tx, &to, after, 10))
                .unwrap()
        };
        assert_eq!(all(None), [one, two]);
        assert_eq!(all(Some(one)), [two]);
        moved(&house, one, &to, &Mapping::new()).unwrap();
        assert_eq!(all(None), [two]);
        // A case of the shipped version, and one of the drawn version, both go on to the third.
        let third = publish(&house, with_legal_review().replace("法制审核", "法制复核"));
        let to = third.clone();
        let found = house.db.read(move |tx| running(tx, &to, None, 10)).unwrap();
        assert_eq!(found, [one, two]);
    }
}
