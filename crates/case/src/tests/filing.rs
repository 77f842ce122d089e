//! Filing finished cases 归档: by whom, when, and where they are found afterwards.

use super::hall::{HALL, LEAD, OTHER, organ};
use super::house::{houses, staff};
use crate::*;

#[test]
fn the_results_desk_of_its_hall_files_a_finished_case_and_nobody_else() {
    for house in houses("filing") {
        let mut ids = [house.open("standard", 1), house.open("standard", 2)];
        ids.sort();
        let exit = staff(13, HALL, Role::ExitClerk);
        let early = house.write(&exit, move |tx, by| archive_by(tx, by, ids[0]));
        assert_eq!(early.unwrap_err().refusal(), Some("case.not_over"));
        for id in ids {
            house.to_decision(id);
            house.grant(id);
            house.hand_out(id);
        }
        for wrong in [
            staff(12, LEAD, Role::Decider),
            staff(14, LEAD, Role::ExitClerk),
            staff(15, HALL, Role::IntakeClerk),
        ] {
            let refused = house.write(&wrong, move |tx, by| archive_by(tx, by, ids[0]));
            assert_eq!(refused.unwrap_err().refusal(), Some("case.wrong_post"));
        }
        let shelf = |filed, after| {
            let found = house
                .db
                .read(|tx| finished(tx, organ(HALL), filed, after, 1))
                .unwrap();
            found.into_iter().map(|line| line.id).collect::<Vec<_>>()
        };
        assert_eq!(shelf(false, None), [ids[0]]);
        assert_eq!(shelf(false, Some(ids[0])), [ids[1]]);
        assert!(shelf(true, None).is_empty());
        let manager = staff(16, HALL, Role::HallManager);
        for (by, id) in [(exit, ids[0]), (manager, ids[1])] {
            let filed = house.write(&by, move |tx, by| archive_by(tx, by, id));
            assert_eq!(filed.unwrap().status, Status::Archived);
        }
        assert!(shelf(false, None).is_empty());
        assert_eq!(shelf(true, None), [ids[1]], "the newest first");
        assert_eq!(shelf(true, Some(ids[1])), [ids[0]]);
        let elsewhere = house
            .db
            .read(|tx| finished(tx, organ(OTHER), true, None, 9))
            .unwrap();
        assert!(elsewhere.is_empty());
        house.verify();
    }
}
