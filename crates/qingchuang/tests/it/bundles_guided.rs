//! What answers choose, what one matter issues for the next, and what a clerk takes in at the
//! counter; on both stores.

use identity::PersonKind;
use project::{BundleId, BundleStatus, PartStatus};
use qingchuang::seed::joint::Wanted;

use crate::bundles::{Site, plain, sites};

/// What a part of a bundle is passed by others, as a reader of zh sees it.
fn passed(site: &Site, id: BundleId, part: usize) -> Vec<project::PassedOn> {
    let application = site.bundle(id).parts[part].application;
    let application = application.expect("it was handed in");
    let db = &site.hall.house.db;
    let read = db.read(move |tx| project::passed_to(tx, application, kernel::Lang::Zh));
    read.expect("it can be read")
}

/// The labels of the documents that the page of a case lists.
fn listed(site: &Site, case: case::CaseId) -> Vec<String> {
    let db = &site.hall.house.db;
    let read = db.read(move |tx| {
        let hall = tx.thing::<case::Hall>()?;
        let case = case::case(tx, case)?;
        let all = hall.documents(tx, &case, kernel::Lang::Zh)?;
        Ok(all.into_iter().map(|one| one.title).collect::<Vec<_>>())
    });
    read.expect("it can be read")
}

#[test]
fn the_drug_licence_is_handed_on_to_the_pharmacist_with_its_standing() {
    for site in sites("pharmacy") {
        let hands = &site.hands;
        let firm = hands.applicant(PersonKind::Legal).expect("there is a firm");
        let wanted = Wanted {
            picks: &[("theme.devices", "second")],
            ..plain("pharmacy")
        };
        let id = hands.hand_in(firm, &wanted).expect("it is handed in");
        let waits = [
            PartStatus::Received,
            PartStatus::Waiting,
            PartStatus::Received,
        ];
        assert_eq!(site.statuses(id), waits);
        // Nobody was asked for the licence.
        let plan = &site.bundle(id).parts[1].plan;
        assert_eq!(plan.handed.len(), 1);
        assert!(
            plan.papers
                .iter()
                .all(|paper| paper.material != plan.handed[0].material)
        );
        hands.accept(id).expect("it is accepted");
        hands.grant(id, "drug_licence").expect("it is granted");
        assert_eq!(site.statuses(id)[1], PartStatus::Received);
        hands.accept(id).expect("the second is accepted");
        let case = hands.case_of(id, "pharmacist").expect("it has a case");
        let [one] = &passed(&site, id, 1)[..] else {
            panic!("one paper is handed on");
        };
        let licence = one.certificate().expect("it was issued");
        let told = listed(&site, case).join("\n");
        assert!(told.contains("核验有效"), "{told}");
        assert!(told.contains(&licence.number.to_string()), "{told}");
        hands.finish(id).expect("the rest is handled");
        assert_eq!(site.bundle(id).status, BundleStatus::Passed);
        site.days_add_up(id);
        site.stands_behind_it();
    }
}

#[test]
fn what_waits_for_a_licence_that_is_refused_says_so() {
    for site in sites("pharmacy_refused") {
        let hands = &site.hands;
        let firm = hands.applicant(PersonKind::Legal).expect("there is a firm");
        let id = hands
            .hand_in(firm, &plain("pharmacy"))
            .expect("it is handed in");
        hands.accept(id).expect("it is accepted");
        hands.refuse(id, "drug_licence").expect("it is refused");
        let ended = [PartStatus::Refused, PartStatus::Dropped];
        assert_eq!(site.statuses(id), ended);
        let db = &site.hall.house.db;
        let told = db.read(move |tx| {
            let bundle = project::bundle(tx, id)?;
            project::parts(tx, &bundle, kernel::Lang::Zh)
        });
        let told = told.expect("it can be read");
        assert_eq!(told[1].lost, ["药品零售企业经营许可"]);
        assert_eq!(site.bundle(id).status, BundleStatus::Failed);
        site.stands_behind_it();
    }
}

#[test]
fn a_house_on_farmland_does_not_wait_for_the_decision_on_the_land() {
    for site in sites("rural") {
        let hands = &site.hands;
        let farmer = hands.applicant(PersonKind::Natural).expect("there is one");
        let plain = plain("rural_building");
        let id = hands
            .hand_in(
                farmer,
                &Wanted {
                    picks: &[("theme.farmland", "yes")],
                    ..plain.clone()
                },
            )
            .expect("it is handed in");
        // Land and homestead go to their desks at once; the permit waits for the homestead.
        let begun = [
            PartStatus::Received,
            PartStatus::Received,
            PartStatus::Waiting,
        ];
        assert_eq!(site.statuses(id), begun);
        hands.accept(id).expect("both are accepted");
        let homestead = hands.case_of(id, "homestead").expect("it has a case");
        let told = listed(&site, homestead).join("\n");
        assert!(told.contains("待“农用地转用审批"), "{told}");
        hands.refuse(id, "land_conversion").expect("it is refused");
        let told = listed(&site, homestead).join("\n");
        assert!(told.contains("不会转交"), "{told}");
        hands
            .grant(id, "homestead")
            .expect("it is decided by its own department");
        assert_eq!(site.statuses(id)[2], PartStatus::Received);
        let other = hands.hand_in(farmer, &plain).expect("without farmland");
        assert_eq!(site.bundle(other).parts.len(), 2);
        assert!(passed(&site, other, 0).is_empty());
        site.stands_behind_it();
    }
}

#[test]
fn a_form_is_not_sent_while_a_question_is_open() {
    for site in sites("open_questions") {
        let firm = site
            .hands
            .applicant(PersonKind::Legal)
            .expect("there is a firm");
        let db = &site.hall.house.db;
        let actor = kernel::Actor::citizen(firm, kernel::Channel::Web);
        let sent = db.write(db.cause(actor), move |tx| {
            let new = project::NewBundle {
                theme: "pharmacy".to_owned(),
                stage: None,
                applicant: firm,
                agent: None,
                chosen: vec!["device_licence".to_owned()],
                picks: [("drug_licence.shop_kind".to_owned(), "single".to_owned())].into(),
                pre_review: false,
            };
            project::hand_in_whole(
                tx,
                &intake::By::Person(firm),
                &new,
                &serde_json::Map::new(),
                &[],
            )
            .map(|_| ())
        });
        let Err(kernel::Fault::Invalid(problems)) = sent else {
            panic!("the question of the theme is open: {sent:?}");
        };
        assert_eq!(problems[0].field, "theme.devices");
        assert_eq!(problems[0].code, "question.unanswered");
    }
}

/// A paper by which an agent acts for a principal in every matter, as the clerk records it.
fn record_power(site: &Site, principal: kernel::PersonId, agent: kernel::PersonId) {
    let db = site.hall.house.db.clone();
    let files = db.thing::<ledger::FileStore>().expect("there is a store");
    let stored = files
        .put(db.clock(), b"%PDF-1.4 power of attorney")
        .expect("it is stored");
    let recorded = site.hands.at_counter(move |tx, clerk| {
        let new = intake::power::HandedIn {
            principal,
            agent,
            item: None,
            until: tx.today().saturating_add(jiff::ToSpan::days(30)),
            original_seen: true,
        };
        let paper = intake::Paper {
            stored,
            media: "application/pdf".to_owned(),
            name: "授权委托书.pdf".to_owned(),
        };
        intake::record_power(tx, clerk, &new, "代办开药店", &paper).map(|_| ())
    });
    recorded.expect("the paper is recorded");
}

#[test]
fn a_clerk_takes_in_a_bundle_for_an_agent_with_a_power_of_attorney_alone() {
    for site in sites("counter") {
        let hands = &site.hands;
        let firm = hands.applicant(PersonKind::Legal).expect("there is a firm");
        let agent = hands.applicant(PersonKind::Natural).expect("there is one");
        let wanted = plain("pharmacy");
        let refused = hands.take_in(firm, Some(agent), &wanted, &[]);
        let refused = refused.expect_err("nobody has seen a power of attorney");
        assert_eq!(refused.refusal(), Some("intake.no_power_of_attorney"));
        record_power(&site, firm, agent);
        // What is missing is no obstacle at the counter: the one-time notice says it.
        let id = hands
            .take_in(firm, Some(agent), &wanted, &["quality_rules"])
            .expect("it is taken in");
        let bundle = site.bundle(id);
        assert!(bundle.at_counter);
        assert_eq!((bundle.applicant, bundle.agent), (firm, Some(agent)));
        let first = bundle.parts[0].application.expect("it was handed in");
        let db = &site.hall.house.db;
        let application = db
            .read(move |tx| intake::application(tx, first))
            .expect("it is there");
        assert_eq!(application.channel, kernel::Channel::Counter);
        assert_eq!(application.agent, Some(agent));
        // At home nobody may leave it out.
        let db = &site.hall.house.db;
        let sent = db.write(
            db.cause(kernel::Actor::citizen(firm, kernel::Channel::Web)),
            move |tx| {
                let me = intake::By::Person(firm);
                let picks = [
                    ("theme.devices".to_owned(), "none".to_owned()),
                    ("drug_licence.shop_kind".to_owned(), "single".to_owned()),
                ];
                let new = project::NewBundle {
                    theme: "pharmacy".to_owned(),
                    stage: None,
                    applicant: firm,
                    agent: None,
                    chosen: Vec::new(),
                    picks: picks.into(),
                    pre_review: false,
                };
                let draft = project::start(tx, &me, &new)?;
                project::problems_of(tx, &me, draft)
            },
        );
        let wrong = sent.expect("it is looked through");
        assert!(
            wrong
                .iter()
                .any(|one| one.field == "material.quality_rules"),
            "{wrong:?}"
        );
        site.stands_behind_it();
    }
}

#[test]
fn a_draft_of_one_clerk_is_nobody_elses_and_no_other_desk_takes_in() {
    for site in sites("counter_rights") {
        let firm = site
            .hands
            .applicant(PersonKind::Legal)
            .expect("there is a firm");
        let new = project::NewBundle {
            theme: "pharmacy".to_owned(),
            stage: None,
            applicant: firm,
            agent: None,
            chosen: Vec::new(),
            picks: Default::default(),
            pre_review: false,
        };
        let again = new.clone();
        let draft = site
            .hands
            .at_counter(move |tx, clerk| project::start(tx, clerk, &new))
            .expect("it is begun");
        let db = &site.hall.house.db;
        let seen = db.read(move |tx| project::asked(tx, &intake::By::Person(firm), draft));
        let Err(kernel::Fault::NotFound { .. }) = seen.map(|_| ()) else {
            panic!("the draft is the clerk's");
        };
        let other = db.write(db.cause(kernel::Actor::system()), move |tx| {
            project::start(tx, &intake::By::Other, &again).map(|_| ())
        });
        let other = other.expect_err("another desk takes nothing in");
        assert_eq!(other.refusal(), Some("project.not_front_desk"));
    }
}
