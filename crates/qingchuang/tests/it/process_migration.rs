//! `process migrate`: what it says of running cases, what it moves, and what it refuses.

use std::process::Command;

use identity::PersonKind;
use kernel::Lang;
use procedure::EditionName;
use process::Mapping;
use qingchuang::cli::migrate::{Order, carry_out};
use qingchuang::cli::tongue::Tongue;
use qingchuang::seed::joint::Wanted;
use serde_json::Value;

use crate::bundles::{Site, plain, sites};

/// The standard procedure whose review is another node, published as version 2.
fn publish(site: &Site) -> EditionName {
    let file = process::procedures::STANDARD.xml;
    let file = file.replace("\"review\"", "\"examine\"");
    let file = file.replace("duty=\"examine\"", "duty=\"review\"");
    let db = &site.hall.house.db;
    let published = db.write(db.cause(kernel::Actor::system()), move |tx| {
        let name = "standard".parse().expect("a good name");
        let drawn = procedure::draft(tx, &name, &file)?;
        let today = tx.today();
        procedure::publish(tx, &drawn, today)?;
        Ok(drawn)
    });
    published.expect("the version is published")
}

fn order(to: EditionName, officer: &str) -> Order {
    Order {
        to,
        mapping: Mapping::new(),
        officer: officer.to_owned(),
        cases: Vec::new(),
        reason: None,
    }
}

/// The login of somebody who may move cases, and of somebody who may not.
fn logins(site: &Site) -> (String, String) {
    let db = &site.hall.house.db;
    let read = db.read(|tx| {
        let (mut may, mut may_not) = (None, None);
        for card in identity::officers(tx, "", 500)? {
            let officer = web::Directory::officer(&identity::HallDirectory, tx, card.id)?;
            let roles = officer.map(|one| one.seats).unwrap_or_default();
            let moves = roles.iter().any(|seat| {
                case::MOVING_ROLES
                    .iter()
                    .any(|role| seat.roles.contains(role))
            });
            let place = if moves { &mut may } else { &mut may_not };
            place.get_or_insert(card.login);
        }
        Ok((may, may_not))
    });
    let (may, may_not) = read.expect("it can be read");
    (
        may.expect("somebody may move cases"),
        may_not.expect("somebody may not"),
    )
}

fn all(lines: &[Value], key: &str) -> bool {
    lines.iter().all(|line| line[key] == true)
}

#[test]
fn running_cases_are_looked_at_and_then_moved_one_by_one() {
    for site in sites("process_migrate") {
        let hands = &site.hands;
        let firm = hands.applicant(PersonKind::Legal).expect("there is a firm");
        let wanted = Wanted {
            chosen: &["water", "drainage"],
            ..plain("utilities")
        };
        let id = hands.hand_in(firm, &wanted).expect("it is handed in");
        hands.accept(id).expect("both are accepted");
        let to = publish(&site);
        let (may, may_not) = logins(&site);
        let tongue = Tongue::new(Some(Lang::En)).expect("it speaks");
        let db = &site.hall.house.db;
        // The step where they stand is not there any more: each stays, and it is said why.
        let mut asked = order(to.clone(), &may);
        let lines = carry_out(db, &asked, &tongue).expect("it looks");
        assert_eq!(lines.len(), 2);
        assert!(!all(&lines, "moves"), "{lines:?}");
        assert!(!lines[0]["reasons"].as_array().expect("a list").is_empty());
        // With its place named they would move; a preview moves nothing.
        asked.mapping = [("review".to_owned(), "examine".to_owned())].into();
        let lines = carry_out(db, &asked, &tongue).expect("it looks");
        assert!(all(&lines, "moves"), "{lines:?}");
        let water = hands.case_of(id, "water").expect("it has a case");
        let running = |case| {
            db.read(move |tx| case::case(tx, case))
                .expect("it is there")
        };
        assert_eq!(running(water).procedure.as_str(), "standard");
        // One alone, then all: what is there already is not listed again.
        asked.reason = Some("新版本合并环节".to_owned());
        asked.cases = vec![running(water).number.to_string()];
        let lines = carry_out(db, &asked, &tongue).expect("it moves");
        assert_eq!(lines.len(), 1);
        assert!(all(&lines, "moved"), "{lines:?}");
        asked.cases = Vec::new();
        let lines = carry_out(db, &asked, &tongue).expect("it moves");
        assert_eq!(lines.len(), 1);
        assert_eq!(running(water).procedure.as_str(), to.to_string());
        hands.finish(id).expect("both end by the new version");
        // Whoever may not at the desk may not here.
        let refused = carry_out(db, &order(to, &may_not), &tongue);
        assert!(refused.is_err());
        site.stands_behind_it();
    }
}

#[test]
fn a_pair_that_is_none_is_wrong_usage_and_a_hall_that_is_not_there_is_said() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let run = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qingchuang"));
        command.args(["process", "migrate", "standard/2", "--officer", "editor"]);
        command.arg("--data").arg(folder.path());
        command.args(words).output().expect("the program was built")
    };
    let wrong = run(&["--preview", "--map", "review"]);
    assert_eq!(wrong.status.code(), Some(2));
    let nowhere = run(&["--preview", "--json"]);
    assert_eq!(nowhere.status.code(), Some(1));
    assert!(!folder.path().join("keys").exists(), "nothing was made");
    // To move without saying why is no order.
    assert_eq!(run(&[]).status.code(), Some(2));
}
