//! 秒批: a decision table grants at once what it knows, never refuses, and people handle whatever it
//! leaves, or whatever the applicant wants them to. Walked through and misused on both stores.

use authority::model::Grade;
use authority::use_cases::table::NewLine;
use case::{NewRuling, RuleWay, Status};
use catalogue::model::ItemContent;
use kernel::{Actor, Channel, Fault};
use serde_json::json;
use web::{Officer, Role};

use crate::authority::{Desk, line};
use crate::town::{Applicant, Town, refused, towns, towns_with, word};

const SHOP: &str = "individual_business_registration";

/// Somebody whose answers the first rule of the table grants.
fn shopkeeper(town: &Town) -> Applicant {
    let mut who = town.applicant();
    let simple = [
        ("trade", json!("retail")),
        ("capital", json!(50_000)),
        ("staff_count", json!(2)),
    ];
    for (field, value) in simple {
        who.given.insert(field.to_owned(), value);
    }
    who
}

fn submit_to_people(town: &Town, who: &Applicant, id: intake::ApplicationId) {
    let by = intake::By::Person(who.id);
    town.by(Actor::citizen(who.id, Channel::Web), move |tx| {
        intake::submit_to_people(tx, &by, id).map(|_| ())
    })
    .expect("it is sent");
}

fn application(town: &Town, id: intake::ApplicationId) -> intake::Application {
    let found = town.db().read(|tx| intake::application(tx, id));
    found.expect("it was received")
}

fn always_drawn(content: &mut ItemContent) {
    content.modes[0].sample_percent = Some(100);
}

#[test]
fn a_table_accepts_decides_and_issues_at_once_and_says_which_rule_did() {
    for town in towns_with("instant", SHOP, always_drawn) {
        let who = shopkeeper(&town);
        let id = town.draft(&who, &[]);
        town.submit(&who, id).expect("sent");

        let accepted = application(&town, id);
        assert_eq!(accepted.status, intake::Status::Accepted);
        let settled = accepted.settled.expect("it is settled");
        assert_eq!(settled.by, None, "no officer accepted it");
        let case = town.case(id);
        assert_eq!(case.status, Status::Granted);
        assert_eq!(case.ruled, Some(RuleWay::Instant));
        assert!(case.hands.is_empty(), "no officer decided it");
        let certificates = town.certificates(&case);
        assert_eq!(certificates.len(), 1);
        assert_eq!(certificates[0].state, certificate::CertificateState::Valid);

        let told = town.db().read(|tx| case::ruling(tx, &case));
        let told = told.expect("it can be read").expect("a table granted it");
        assert_eq!(told.ruling.table.as_str(), "individual_business_2026");
        assert_eq!(told.ruling.rules, [1]);
        let table = town.version.content.modes[0].table.as_ref();
        let file = table.expect("a table").dmn.as_bytes();
        let digest = seal::digest::hash(seal::Suite::ShangMi, file);
        assert_eq!(told.ruling.digest, digest);
        let inputs: serde_json::Value = serde_json::from_str(&told.inputs).expect("JSON");
        let asked = json!({ "trade": "retail", "capital": 50_000, "staff_count": 2 });
        assert_eq!(inputs, asked);

        // The lot fell on it: somebody looks again, and it does not stand.
        assert!(case.check_due.is_some());
        let decider = town.officers(town.organ, Role::Decider).remove(0);
        check(&town, &case, &decider, false).expect("checked");
        refused(check(&town, &case, &decider, true), "case.nothing_to_check");
        let other = town.officers(town.organ, Role::Decider).remove(1);
        town.revokes(&case, &decider, &other);
        town.stands();
    }
}

fn check(town: &Town, case: &case::Case, by: &Officer, upheld: bool) -> Result<(), Fault> {
    let (id, by) = (case.id, by.clone());
    town.by(by.actor(), move |tx| {
        case::check_tacit(tx, &by, id, upheld, "营业场所与登记不符").map(|_| ())
    })
}

#[test]
fn what_the_table_leaves_or_the_applicant_wants_people_to_see_goes_the_ordinary_way() {
    for town in towns("by_hand", SHOP) {
        // The table would grant it, but people are asked for.
        let who = shopkeeper(&town);
        let wished = town.draft(&who, &[]);
        submit_to_people(&town, &who, wished);
        // The table does not know this trade: it refuses nobody.
        let mut cook = shopkeeper(&town);
        cook.given.insert("trade".to_owned(), json!("catering"));
        let left = town.draft(&cook, &[]);
        town.submit(&cook, left).expect("sent");
        for id in [wished, left] {
            assert_eq!(application(&town, id).status, intake::Status::Received);
            town.accept(id).expect("a clerk accepts it");
            let case = town.case(id);
            assert_eq!((case.status, case.ruled), (Status::Handling, None));
            let decider = town.officers(town.organ, Role::Decider).remove(0);
            let case = town.grant(id, &decider).expect("an officer decides");
            assert_eq!((case.status, case.ruled), (Status::Granted, None));
            assert_eq!(case.check_due, None);
        }
        // Misuse: nobody makes a table grant what people were asked to handle.
        let third = town.draft(&who, &[]);
        submit_to_people(&town, &who, third);
        let forced = town.by(Actor::system(), move |tx| {
            intake::accept_by_rule(tx, third).map(|_| ())
        });
        refused(forced, "intake.asked_for_people");
        town.stands();
    }
}

/// Handlers up to 30,000 yuan, and above it a grade or the committee.
fn by_capital(town: &Town, above: NewLine) -> Vec<NewLine> {
    let item = town.version.content.codes.key().expect("a code").to_owned();
    let low = NewLine {
        item: item.clone(),
        field: "capital".to_owned(),
        up_to: Some(3_000_000),
        ..line("办法第五条", Grade::Handler)
    };
    let high = NewLine {
        item,
        field: "capital".to_owned(),
        above: Some(3_000_000),
        ..above
    };
    vec![low, high]
}

#[test]
fn no_table_grants_what_the_authority_table_keeps_for_a_higher_grade_or_the_committee() {
    for town in towns("above_rule", SHOP) {
        let committee = NewLine {
            committee: true,
            ..line("办法第七条", Grade::Handler)
        };
        let kept = [
            (
                line("办法第六条", Grade::ChiefOfficer),
                "case.beyond_authority",
            ),
            (committee, "case.resolution_missing"),
        ];
        for (above, code) in kept {
            town.adopt(by_capital(&town, above));
            let mut modest = shopkeeper(&town);
            modest.given.insert("capital".to_owned(), json!(30_000));
            let within = town.draft(&modest, &[]);
            town.submit(&modest, within).expect("sent");
            assert_eq!(town.case(within).ruled, Some(RuleWay::Instant));

            let over = shopkeeper(&town);
            let id = town.draft(&over, &[]);
            town.submit(&over, id).expect("sent");
            let case = town.case(id);
            assert_eq!((case.status, case.ruled), (Status::Handling, None));
            assert!(town.certificates(&case).is_empty(), "people decide it");
            // Misuse: asked once more, and with a table that would grant it.
            let forced = town.by(Actor::system(), move |tx| {
                case::grant_by_rule(tx, case.id, matched()).map(|_| ())
            });
            refused(forced, code);
            let decider = town.officers(town.organ, Role::Decider).remove(0);
            refused(town.grant(id, &decider), code);
            town.days_pass(1);
        }
        town.stands();
    }
}

/// As if the first rule of the table had matched.
fn matched() -> NewRuling {
    NewRuling {
        way: RuleWay::Instant,
        table: word("individual_business_2026"),
        digest: seal::Digest32([0; 32]),
        rules: vec![1],
        inputs: "{}".to_owned(),
        check_due: None,
    }
}

fn safety(content: &mut ItemContent) {
    content.safety_item = true;
}

fn unlisted(content: &mut ItemContent) {
    content.modes.clear();
}

#[test]
fn no_table_grants_outside_its_list() {
    for town in towns_with("unlisted", SHOP, unlisted) {
        let who = shopkeeper(&town);
        let id = town.draft(&who, &[]);
        town.submit(&who, id).expect("sent");
        assert_eq!(application(&town, id).status, intake::Status::Received);
        town.accept(id).expect("a clerk accepts it");
        let case = town.case(id);
        let forced = town.by(Actor::system(), move |tx| {
            case::grant_by_rule(tx, case.id, matched()).map(|_| ())
        });
        refused(forced, "case.not_listed_for_rule");
        town.stands();
    }
}

#[test]
fn a_table_with_a_gap_or_for_a_safety_item_is_not_published() {
    for town in towns("tables", SHOP) {
        let published = |change: fn(&mut ItemContent)| {
            let mut content = (*town.version.content).clone();
            change(&mut content);
            let item = town.version.item;
            town.by(Actor::system(), move |tx| {
                let number = catalogue::draft(tx, item, &content)?;
                catalogue::check_version(tx, item, number)?;
                let today = tx.today();
                catalogue::publish(tx, item, number, today)
            })
        };
        let gap: fn(&mut ItemContent) = |content| {
            let table = content.modes[0].table.as_mut().expect("a table");
            table.dmn = table.dmn.replacen("&lt;= 500000", "&lt; 500000", 1);
        };
        for (change, why) in [(gap, "a gap"), (safety, "safety")] {
            let done = published(change);
            assert!(matches!(done, Err(Fault::Refused(_))), "{why}: {done:?}");
        }
        town.stands();
    }
}
