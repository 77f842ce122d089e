//! A building project of five stages run to its end with three departments side by side, a pause
//! and a late opinion, its days adding up; pre-review before the award of the land; on both stores.

use identity::PersonKind;
use jiff::ToSpan;
use jiff::civil::Date;
use kernel::Fault;
use project::days::Holder;
use project::{
    BundleId, BundleStatus, NewProject, OpinionStatus, PartStatus, ProjectId, StageStatus, Stance,
};
use qingchuang::seed::joint::Wanted;

use crate::bundles::{FIRST, Site, day, plain, sites};

const CODE: &str = "2026-511602-47-03-000018";

fn new_project(firm: kernel::PersonId) -> NewProject {
    NewProject {
        code: CODE.to_owned(),
        name: "广安区智慧物流产业园一期".to_owned(),
        applicant: firm,
        scheme: "five_stages".to_owned(),
    }
}

/// A stage is begun by whose project it is, and by its own theme.
fn nobody_enters_it_sideways(site: &Site, firm: kernel::PersonId, project: ProjectId) {
    let sideways = Wanted {
        stage: Some((project, 0)),
        chosen: &["water"],
        ..plain("utilities")
    };
    let refused = site.hands.hand_in(firm, &sideways);
    let refused = refused.expect_err("another theme is not its stage");
    assert_eq!(refused.refusal(), Some("project.no_such_stage"));
    let stranger = site.hands.applicant(PersonKind::Natural);
    let stranger = stranger.expect("there is somebody else");
    for theme in ["utilities", "five_1"] {
        let wanted = Wanted {
            stage: Some((project, 0)),
            ..plain(theme)
        };
        let hidden = site.hands.hand_in(stranger, &wanted);
        let Err(kernel::Fault::NotFound { .. }) = hidden else {
            panic!("{theme}: somebody else's project is nobody's: {hidden:?}");
        };
    }
}

/// A stage without chosen items, from handing in to the conclusion.
fn run_stage(site: &Site, firm: kernel::PersonId, project: ProjectId, stage: u16) -> BundleId {
    let theme = format!("five_{}", stage + 1);
    let wanted = Wanted {
        stage: Some((project, stage)),
        ..plain(&theme)
    };
    let id = site
        .hands
        .hand_in(firm, &wanted)
        .expect("the stage is handed in");
    site.hands.finish(id).expect("its parts are handled");
    let asked: Vec<u16> = site
        .bundle(id)
        .opinions
        .iter()
        .map(|one| one.number)
        .collect();
    for number in asked {
        let given = site.hands.opine(id, number, Stance::Agrees, "");
        given.expect("an opinion is given");
    }
    id
}

#[test]
fn a_building_project_of_five_stages_runs_to_its_end_and_its_days_add_up() {
    for site in sites("five_stages") {
        let (hands, db) = (&site.hands, &site.hall.house.db);
        let firm = hands.applicant(PersonKind::Legal).expect("there is a firm");
        let project = hands
            .register(firm, &new_project(firm))
            .expect("it is registered");
        // A later stage cannot begin before the earlier ones are done.
        let early = Wanted {
            stage: Some((project, 2)),
            ..plain("five_3")
        };
        let refused = hands.hand_in(firm, &early).expect_err("too early");
        assert_eq!(refused.refusal(), Some("project.stage_not_ready"));
        nobody_enters_it_sideways(&site, firm, project);
        plan(&site, firm, project);

        hands.morning(day(1)).expect("a new day");
        let first = run_stage(&site, firm, project, 0);
        assert_eq!(site.bundle(first).status, BundleStatus::Passed);
        hands.morning(day(3)).expect("a new day");
        run_stage(&site, firm, project, 1);
        hands.morning(day(6)).expect("a new day");
        run_stage(&site, firm, project, 2);
        works_permit(&site, firm, project);
        completion(&site, firm, project);

        let done = db
            .read(move |tx| project::project(tx, project))
            .expect("it is there");
        assert!(
            done.stages
                .iter()
                .all(|stage| stage.status == StageStatus::Done)
        );
        assert!(done.finished_on.is_some());
        let saved = db.read(project::saved).expect("the statistic can be read");
        let saved_days: i64 = saved.iter().map(project::Saved::saved_days).sum();
        let promised: u32 = saved.iter().map(|one| one.promised_days).sum();
        assert_eq!(promised, 41);
        assert!(0 < saved_days && saved_days < 41, "{saved:?}");
        site.stands_behind_it();
    }
}

/// Planned backward from the wanted day, which may not be too near.
fn plan(site: &Site, firm: kernel::PersonId, project: ProjectId) {
    let db = &site.hall.house.db;
    let plan_for = |wanted: Date| {
        let actor = kernel::Actor::citizen(firm, kernel::Channel::Web);
        db.write(db.cause(actor), move |tx| {
            project::plan_own(tx, firm, project, wanted)
        })
    };
    let near = plan_for(day(20)).expect_err("the stages need longer");
    assert_eq!(near.refusal(), Some("project.wanted_too_early"));
    let planned = plan_for(day(50)).expect("it is planned");
    let last = planned.stages.last().and_then(|stage| stage.planned);
    assert_eq!(last.map(|span| span.until), Some(day(50)));
}

/// Stage four: three departments side by side, a pause, silence that is noted, an opinion that
/// comes after it, the lead's reminder, and the joint review of drawings.
fn works_permit(site: &Site, firm: kernel::PersonId, project: ProjectId) {
    let hands = &site.hands;
    hands.morning(day(9)).expect("a new day");
    let wanted = Wanted {
        stage: Some((project, 3)),
        chosen: &["lightning"],
        // The permit waits for others; a start that was today then lies in the past, and is right.
        today: &["planned_start"],
        ..plain("five_4")
    };
    let id = hands.hand_in(firm, &wanted).expect("it is handed in");
    assert_eq!(hands.accept(id).expect("four lie there"), 4);
    let at_work: std::collections::BTreeSet<_> = site
        .bundle(id)
        .parts
        .iter()
        .filter(|part| part.status == PartStatus::Handling)
        .map(|part| part.plan.organ)
        .collect();
    assert_eq!(at_work.len(), 3, "three departments work side by side");
    pause_fire_design(site, id);
    hands.morning(day(10)).expect("a new day");
    for key in ["shelter_works", "quality", "lightning"] {
        hands.grant(id, key).expect("the others go on meanwhile");
    }
    silence(site, id);
    hands.morning(day(13)).expect("a new day");
    resume_fire_design(site, id);
    hands.finish(id).expect("its parts are handled");
    drawings(site, id);
}

/// One department answers in time, the other is silent for longer than its two days.
fn silence(site: &Site, id: BundleId) {
    let hands = &site.hands;
    hands
        .opine(id, 2, Stance::WithConditions, "请按防雷规范补设接闪器")
        .expect("in time");
    hands
        .lead(id, move |tx, officer| {
            project::remind(tx, officer, id, None, Some(1), "请于明日前反馈").map(|_| ())
        })
        .expect("the lead presses");
    let db = &site.hall.house.db;
    qingchuang::letters::remind(db).expect("a reminder becomes letters");
    let sql = "SELECT COUNT(*) FROM inbox_letter WHERE href LIKE '/desk/bundles/%'";
    let told = db.read(|tx| tx.query_one(sql, &[], |row| row.get::<i64>(0)));
    assert_eq!(
        told.expect("letters can be counted"),
        Some(2),
        "both at the post are told"
    );
    hands.morning(day(12)).expect("a new day");
    let silent = site.bundle(id).opinion(1).cloned().expect("it was asked");
    assert_eq!(silent.status, OpinionStatus::Lapsed);
    assert_eq!(
        silent.settled_on,
        Some(day(11)),
        "the limit ended with its last day"
    );
    hands
        .opine(id, 1, Stance::Agrees, "同意")
        .expect("a late opinion is taken");
    let late = site.bundle(id).opinion(1).cloned().expect("it was asked");
    assert_eq!(
        (late.status, late.late_on),
        (OpinionStatus::Given, Some(day(12)))
    );
}

/// All is granted, but the drawings have no conclusion yet.
fn drawings(site: &Site, id: BundleId) {
    assert_eq!(site.bundle(id).status, BundleStatus::Running);
    let early = check(site, id, vec![true, true], true, "");
    assert_eq!(
        early.expect_err("three points").refusal(),
        Some("project.marks_missing")
    );
    let wrong = check(site, id, vec![true, false, true], true, "");
    assert_eq!(
        wrong.expect_err("a point is wrong").refusal(),
        Some("project.points_wrong")
    );
    check(site, id, vec![true, true, true], true, "").expect("one conclusion");
    let bundle = site.bundle(id);
    assert_eq!(bundle.status, BundleStatus::Passed);
    assert_eq!(bundle.reminders.len(), 1);
    assert_eq!(site.days_add_up(id), 4);
    let days = site.hall.house.db.read({
        let bundle = bundle.clone();
        move |tx| {
            Ok((
                project::days_of(tx, &bundle)?,
                project::used_days(tx, &bundle)?,
            ))
        }
    });
    let (days, used) = days.expect("days can be added up");
    // On the twelfth only the special procedure ran: the others had answered or were silent.
    let special = days
        .shares
        .iter()
        .find(|share| share.holder == Holder::Special);
    assert!(special.is_some_and(|share| 0 < share.counted), "{days:?}");
    assert!(used < days.passed, "a paused whole does not age");
}

fn pause_fire_design(site: &Site, id: BundleId) {
    let case = site
        .hands
        .case_of(id, "fire_design")
        .expect("it has a case");
    let organ = site.bundle(id).parts[0].plan.organ;
    site.hands
        .as_post(organ, web::Role::Reviewer, move |tx, officer| {
            let kind = calendar::PauseKind::ExpertReview;
            case::pause(tx, officer, case, kind, 3, "组织专家评审").map(|_| ())
        })
        .expect("the clock stops");
    assert!(site.bundle(id).parts[0].stands());
}

fn resume_fire_design(site: &Site, id: BundleId) {
    let case = site
        .hands
        .case_of(id, "fire_design")
        .expect("it has a case");
    let organ = site.bundle(id).parts[0].plan.organ;
    site.hands
        .as_post(organ, web::Role::Reviewer, move |tx, officer| {
            case::resume(tx, officer, case).map(|_| ())
        })
        .expect("the clock runs again");
    assert!(!site.bundle(id).parts[0].stands());
}

fn check(
    site: &Site,
    id: BundleId,
    marks: Vec<bool>,
    passed: bool,
    text: &'static str,
) -> Result<(), Fault> {
    site.hands.lead(id, move |tx, officer| {
        project::hold_check(tx, officer, id, marks.clone(), passed, text).map(|_| ())
    })
}

/// Stage five: no conclusion before the opinions and the visit.
fn completion(site: &Site, firm: kernel::PersonId, project: ProjectId) {
    let hands = &site.hands;
    hands.morning(day(20)).expect("a new day");
    let wanted = Wanted {
        stage: Some((project, 4)),
        ..plain("five_5")
    };
    let id = hands.hand_in(firm, &wanted).expect("it is handed in");
    let all = vec![true; 4];
    let early = check(site, id, all.clone(), true, "").expect_err("opinions are open");
    assert_eq!(early.refusal(), Some("project.opinions_open"));
    for number in [1, 2] {
        hands
            .opine(id, number, Stance::Agrees, "")
            .expect("in time");
    }
    let early = check(site, id, all.clone(), true, "").expect_err("nobody was there");
    assert_eq!(early.refusal(), Some("project.not_visited"));
    let visit = day(21);
    hands
        .lead(id, move |tx, officer| {
            project::plan_visit(tx, officer, id, visit).map(|_| ())
        })
        .expect("the visit is planned");
    hands.finish(id).expect("its parts are handled");
    hands.morning(visit).expect("the day of the visit");
    let failed = check(site, id, vec![true, true, true, false], false, "");
    assert_eq!(
        failed.expect_err("why?").refusal(),
        Some("project.grounds_missing")
    );
    check(
        site,
        id,
        vec![true, true, true, false],
        false,
        "档案缺竣工图电子版",
    )
    .expect("it failed");
    assert_eq!(
        site.bundle(id).status,
        BundleStatus::Running,
        "it may be held again"
    );
    hands.morning(day(22)).expect("a new day");
    check(site, id, all, true, "验收合格").expect("one conclusion");
    assert_eq!(site.bundle(id).status, BundleStatus::Passed);
    assert_eq!(site.days_add_up(id), 2);
}

#[test]
fn what_was_reviewed_before_is_handed_in_on_the_day_of_the_land_award() {
    for site in sites("award") {
        let hands = &site.hands;
        let firm = hands.applicant(PersonKind::Legal).expect("there is a firm");
        let project = hands
            .register(firm, &new_project(firm))
            .expect("it is registered");
        run_stage(&site, firm, project, 0);
        let wanted = Wanted {
            stage: Some((project, 1)),
            pre_review: true,
            ..plain("five_2")
        };
        let id = hands.hand_in(firm, &wanted).expect("it is handed in");
        assert_eq!(site.bundle(id).status, BundleStatus::PreReview);
        assert_eq!(
            site.statuses(id),
            [PartStatus::Waiting, PartStatus::Waiting]
        );
        hands
            .opine(id, 1, Stance::Agrees, "")
            .expect("opinions are given before");
        let award = FIRST.checked_add(30.days()).expect("a day");
        hands.morning(award).expect("the day of the award");
        hands
            .lead(id, move |tx, officer| {
                project::award(tx, officer, id).map(|_| ())
            })
            .expect("the land is awarded");
        qingchuang::jobs::fire_due(&site.hall.house.db).expect("what is ready is handed in");
        hands.finish(id).expect("it is issued the same day");
        let bundle = site.bundle(id);
        assert_eq!(bundle.status, BundleStatus::Passed);
        assert_eq!(bundle.started_on, bundle.concluded_on, "same-day issue");
        assert_eq!(site.days_add_up(id), 0);
        site.stands_behind_it();
    }
}

#[test]
fn only_the_lead_presses_and_only_the_asked_department_answers() {
    for site in sites("rights") {
        let hands = &site.hands;
        let firm = hands.applicant(PersonKind::Legal).expect("there is a firm");
        let project = hands
            .register(firm, &new_project(firm))
            .expect("it is registered");
        run_stage(&site, firm, project, 0);
        let wanted = Wanted {
            stage: Some((project, 1)),
            ..plain("five_2")
        };
        let id = hands.hand_in(firm, &wanted).expect("it is handed in");
        let asked = site.bundle(id).opinions[0].organ;
        let pressed = hands.as_post(asked, web::Role::CoHandler, move |tx, officer| {
            project::remind(tx, officer, id, Some(0), None, "快办").map(|_| ())
        });
        assert_eq!(
            pressed.expect_err("not the lead").refusal(),
            Some("project.lead_only")
        );
        let lead = site.bundle(id).lead;
        let answered = hands.as_post(lead, web::Role::Reviewer, move |tx, officer| {
            let stance = Stance::Agrees;
            project::give_opinion(tx, officer, id, 1, stance, "").map(|_| ())
        });
        assert_eq!(
            answered.expect_err("not asked").refusal(),
            Some("project.not_asked")
        );
        // A department that has nothing to do with it does not learn that it is there.
        let stranger = hands
            .organ("11511301008778490F")
            .expect("the health bureau");
        let looked = hands.as_post(stranger, web::Role::Reviewer, move |tx, officer| {
            project::seen(tx, officer, id).map(|_| ())
        });
        assert_eq!(looked, Err(Fault::NotFound { what: "bundle" }));
    }
}
