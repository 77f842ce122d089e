//! Each rule of publication finds what breaks it.

use super::item;
use crate::check::{Severity, check, completeness, publishable};
use crate::model::kind::{CaseKind, Channel, ItemType, MaterialType, OnlineDepth};
use crate::model::{
    AnswerIs, Condition, Fit, ItemContent, LimitUnit, Next, Promise, Text, TimeLimit,
};
use serde_json::json;

/// The codes found after a shipped item was broken.
fn broken(name: &str, harm: impl FnOnce(&mut ItemContent)) -> Vec<&'static str> {
    let mut content = item(name);
    harm(&mut content);
    let findings = check(&content);
    findings.iter().map(|finding| finding.code).collect()
}

fn food(harm: impl FnOnce(&mut ItemContent)) -> Vec<&'static str> {
    broken("food_business_licence", harm)
}

#[track_caller]
fn finds(found: &[&str], code: &str) {
    assert!(found.contains(&code), "{code} is not among {found:?}");
}

#[test]
fn a_promise_beyond_the_law_blocks_publication() {
    let mut content = item("food_business_licence");
    content.promised = Some(Promise::Within(TimeLimit::workdays(21)));
    let findings = check(&content);
    assert!(!publishable(&findings));
    let finding = findings
        .iter()
        .find(|f| f.code == "item.promised_over_statutory")
        .expect("it");
    assert_eq!(finding.params["promised"], "21个工作日");
    assert_eq!(finding.params["statutory"], "20个工作日");
    assert_eq!(finding.place, "promised");
}

#[test]
fn a_scenario_may_not_promise_beyond_the_law_either() {
    let found = food(|c| {
        c.scenarios[1].promised = Some(Promise::Within(TimeLimit::workdays(30)));
    });
    finds(&found, "item.promised_over_statutory");
}

#[test]
fn a_licence_limit_beyond_twenty_days_needs_a_law_of_its_own() {
    let beyond = |c: &mut ItemContent| {
        let law = c.statutory.as_mut().expect("a limit");
        law.limit = TimeLimit::workdays(45);
        law.basis = None;
    };
    finds(&food(beyond), "item.limit_without_law");
    let joint = broken("road_occupation", beyond);
    assert!(
        !joint.contains(&"item.limit_without_law"),
        "forty-five days for joint handling"
    );
}

#[test]
fn instant_promise_and_instant_kind_belong_together() {
    finds(
        &food(|c| c.case_kind = Some(CaseKind::Instant)),
        "item.instant_differs",
    );
    finds(
        &food(|c| c.promised = Some(Promise::Instant)),
        "item.instant_differs",
    );
    finds(
        &food(|c| c.promised = Some(Promise::Instant)),
        "item.procedure_differs",
    );
}

#[test]
fn visits_need_a_reason_and_no_visit_needs_a_channel() {
    let service = |harm: fn(&mut crate::model::Service)| {
        food(move |c| harm(c.service.as_mut().expect("service")))
    };
    finds(
        &service(|s| s.hall_visits = 1),
        "item.visits_without_reason",
    );
    let counter_only = service(|s| {
        s.channels = vec![Channel::Counter];
        s.express = false;
    });
    finds(&counter_only, "item.no_visit_no_channel");
    let full = service(|s| {
        s.online_depth.push(OnlineDepth::Handling);
        s.hall_visits = 1;
        s.visit_reason = Some(Text::zh("核对原件"));
    });
    finds(&full, "item.full_online_with_visits");
}

#[test]
fn no_fee_without_law_and_standard() {
    let road = |harm: fn(&mut ItemContent)| broken("road_occupation", harm);
    finds(&road(|c| c.fees[0].basis = None), "item.fee_without_basis");
    finds(
        &road(|c| c.fees[0].standard = Text::zh(" ")),
        "item.fee_without_standard",
    );
    finds(&road(|c| c.fees.clear()), "item.e_payment_without_fee");
}

#[test]
fn a_licence_tells_basis_steps_questions_and_sample() {
    finds(&food(|c| c.legal_basis.clear()), "item.basis_missing");
    finds(&food(|c| c.faq.clear()), "item.faq_missing");
    let no_steps = food(|c| c.handling.as_mut().expect("handling").steps.clear());
    finds(&no_steps, "item.steps_missing");
    let no_sample = food(|c| c.outcome.as_mut().expect("outcome").sample = None);
    finds(&no_sample, "item.outcome_without_sample");
}

#[test]
fn complaints_are_not_answered_at_the_counter_they_are_about() {
    let same = food(|c| {
        let contact = c.contact.as_mut().expect("contact");
        contact.complaint_phone = contact.consult_phone.clone();
    });
    finds(&same, "item.phones_equal");
}

#[test]
fn a_catch_all_is_no_material() {
    for name in [
        "其他材料",
        "法律法规规定的其他材料",
        "与申请有关的有关材料",
        "身份证等材料",
    ] {
        let found = food(|c| c.materials[0].name = Text::zh(name));
        finds(&found, "item.material_catch_all");
    }
}

#[test]
fn counts_fit_the_type_of_material() {
    let found = food(|c| c.materials[0].material_type = MaterialType::Copy);
    finds(&found, "item.material_counts_differ");
    finds(
        &food(|c| c.materials[0].file_kinds.clear()),
        "item.material_without_file_kinds",
    );
}

#[test]
fn the_tree_has_no_dead_end_no_circle_and_no_orphan() {
    let lead = |to: &str| {
        let next = Next::Scenario(to.to_owned());
        food(move |c| c.questions[1].options[0].then = next)
    };
    finds(&lead("nowhere"), "item.tree_dangling");
    finds(&lead("sales"), "item.scenario_unreachable");
    let circle = food(|c| {
        c.questions[1].options[0].then = Next::Question("business".to_owned());
    });
    finds(&circle, "item.tree_circle");
    finds(&food(|c| c.questions.clear()), "item.tree_without_entry");
    let unknown = food(|c| c.scenarios[0].materials[0].material = "ghost".to_owned());
    finds(&unknown, "item.material_unknown");
}

#[test]
fn the_form_can_be_explained_and_met() {
    finds(
        &food(|c| c.fields[0].schema = json!({ "type": "string" })),
        "item.field_unbounded",
    );
    finds(
        &food(|c| c.fields[0].schema = json!({ "oneOf": [] })),
        "item.field_schema_wrong",
    );
    let forward = food(|c| {
        let answer = AnswerIs {
            field: "online".into(),
            one_of: vec![json!("yes")],
        };
        c.fields[0].visible_if = Some(Condition {
            scenarios: vec![],
            answer: Some(answer),
        });
    });
    finds(&forward, "item.field_refers_forward");
    finds(&food(|c| c.age_min = Some(18)), "item.age_without_identity");
}

#[test]
fn joint_opinion_and_departments_belong_together() {
    let alone = broken("road_occupation", |c| {
        c.handling.as_mut().expect("handling").consulted.clear();
    });
    finds(&alone, "item.joint_without_departments");
    let standard = broken("road_occupation", |c| {
        c.handling.as_mut().expect("handling").procedure = "standard".parse().expect("a name");
    });
    finds(&standard, "item.departments_without_joint");
}

#[test]
fn codes_that_repeat_each_other_must_agree() {
    let with = |catalog: &str, task: &str| {
        let (catalog, task) = (catalog.to_owned(), task.to_owned());
        food(move |c| {
            c.codes.catalog_code = Some(catalog);
            c.codes.task_code = Some(task);
        })
    };
    let task = |rest: &str| format!("115113016823646795{rest}");
    let good = with("000131014000", &task("4000131014000"));
    assert!(!good.contains(&"item.codes_disagree"), "{good:?}");
    finds(
        &with("000131014001", &task("4000131014000")),
        "item.codes_disagree",
    );
    finds(
        &with("000131014000", &task("3000131014000")),
        "item.codes_disagree",
    );
    finds(
        &with("002031014000", &task("4002031014000")),
        "item.codes_disagree",
    );
    finds(
        &with("0001310140", &task("4000131014000")),
        "item.code_wrong",
    );
    let other_body = food(|c| c.body.uscc = Some("11511301008778255F".to_owned()));
    finds(&other_body, "item.codes_disagree");
}

#[test]
fn a_safety_item_may_not_rest_on_a_promise() {
    finds(
        &food(|c| c.promise_approval = true),
        "item.promise_for_safety_item",
    );
}

#[test]
fn what_nobody_applies_for_has_no_form() {
    finds(
        &food(|c| c.item_type = ItemType::Penalty),
        "item.not_on_application",
    );
}

#[test]
fn warnings_do_not_block_publication() {
    let mut content = item("food_business_licence");
    content.name.en = None;
    let findings = check(&content);
    assert!(findings.iter().any(|f| f.severity == Severity::Warning));
    assert!(publishable(&findings));
    assert!(completeness(&content).percent < completeness(&item("food_business_licence")).percent);
}

#[test]
fn limits_of_different_units_are_compared_without_guessing() {
    let limit = |amount, unit| TimeLimit { amount, unit };
    let (wd, day, hour) = (LimitUnit::Workday, LimitUnit::Day, LimitUnit::Hour);
    for (mine, theirs, fit) in [
        (limit(4, hour), limit(3, wd), Fit::Within),
        (limit(20, wd), limit(90, day), Fit::Within),
        (limit(20, wd), limit(19, day), Fit::Beyond),
        (limit(5, wd), limit(7, day), Fit::Undecided),
        (limit(7, day), limit(7, wd), Fit::Within),
        (limit(10, day), limit(7, wd), Fit::Undecided),
        (limit(1, day), limit(24, hour), Fit::Within),
        (limit(2, wd), limit(24, hour), Fit::Beyond),
    ] {
        assert_eq!(mine.fits(theirs), fit, "{mine:?} {theirs:?}");
    }
}

fn advertising(harm: impl FnOnce(&mut ItemContent)) -> Vec<&'static str> {
    broken("outdoor_advertising", harm)
}

#[test]
fn a_mode_names_its_ground_its_terms_and_its_time() {
    let blank = advertising(|c| {
        c.modes[0].terms = Text::zh(" ");
        c.modes[0].make_up_workdays = None;
        c.modes[1].basis.article = String::new();
        c.modes[1].materials.clear();
        c.modes[1].fields.clear();
        c.modes[2].check_workdays = Some(0);
    });
    finds(&blank, "item.mode_without_terms");
    finds(&blank, "item.mode_without_days");
    finds(&blank, "item.basis_incomplete");
    finds(&blank, "item.mode_without_list");
}

#[test]
fn a_mode_lists_only_what_the_item_has() {
    let strange = advertising(|c| {
        c.modes[1].materials.push("moon".to_owned());
        c.modes[1].fields.push("moon".to_owned());
        c.modes[1].scenarios.push("moon".to_owned());
        let twice = c.modes[1].clone();
        c.modes.push(twice);
    });
    finds(&strange, "item.material_unknown");
    finds(&strange, "item.mode_field_unknown");
    finds(&strange, "item.scenario_unknown");
    finds(&strange, "item.mode_repeated");
}

#[test]
fn a_main_material_may_not_follow_later_and_a_secondary_one_needs_terms() {
    let main = advertising(|c| c.modes[0].materials.push("structure".to_owned()));
    finds(&main, "item.tolerant_main_material");
    finds(&food(|c| c.modes.clear()), "item.tolerable_not_listed");
}

#[test]
fn a_safety_item_is_neither_promised_nor_granted_by_silence() {
    let safety = advertising(|c| c.safety_item = true);
    finds(&safety, "item.promise_for_safety_item");
    finds(&safety, "item.tacit_for_safety_item");
}

#[test]
fn a_major_matter_is_granted_by_nobody_who_did_not_have_it_reviewed() {
    let silent = advertising(|c| c.major_matter = true);
    finds(&silent, "item.unreviewed_major_matter");
    let by_table = broken("individual_business_registration", |c| {
        c.major_matter = true
    });
    finds(&by_table, "item.unreviewed_major_matter");
}

fn individual(harm: impl FnOnce(&mut crate::model::Mode)) -> Vec<crate::check::Finding> {
    let mut content = item("individual_business_registration");
    harm(&mut content.modes[0]);
    check(&content)
}

/// The table of the shipped instant approval with one piece of its file replaced.
#[track_caller]
fn table(from: &str, to: &str) -> Vec<crate::check::Finding> {
    individual(|mode| {
        let table = mode.table.as_mut().expect("a table");
        assert!(table.dmn.contains(from), "{from} is in the table");
        table.dmn = table.dmn.replacen(from, to, 1);
    })
}

fn codes(findings: &[crate::check::Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn a_gap_or_an_overlap_of_a_table_blocks_publication_with_an_example() {
    let gap = table("&lt;= 500000", "&lt; 500000");
    assert!(!publishable(&gap));
    let said = gap.iter().find(|f| f.code == "item.table_finding");
    let said = &said.expect("it").params["en"];
    assert!(said.contains("no rule answers"), "{said}");
    assert!(said.contains("capital = 500000"), "{said}");
    let overlap = table("&gt; 500000", "&gt;= 500000");
    assert!(!publishable(&overlap));
    let said = overlap.iter().find(|f| f.code == "item.table_finding");
    let said = &said.expect("it").params["en"];
    assert!(said.contains("both match, for example"), "{said}");
}

#[test]
fn a_table_never_refuses_and_asks_only_what_the_form_asks() {
    let refuses = table("\"human\"", "\"refuse\"");
    finds(&codes(&refuses), "item.table_refuses");
    assert!(!publishable(&refuses));
    let strange = individual(|mode| {
        let table = mode.table.as_mut().expect("a table");
        table.dmn = table.dmn.replace("capital", "height");
    });
    finds(&codes(&strange), "item.table_input_unknown");
    finds(
        &codes(&table("\"UNIQUE\"", "\"COLLECT\"")),
        "item.table_policy",
    );
    finds(
        &codes(&table("<decision ", "<decision")),
        "item.table_unreadable",
    );
    finds(
        &codes(&individual(|mode| mode.table = None)),
        "item.table_missing",
    );
}

#[test]
fn a_grant_by_rule_is_drawn_for_a_check_and_never_given_for_a_safety_item() {
    let unchecked = individual(|mode| {
        mode.check_workdays = None;
        mode.sample_percent = Some(0);
        if let Some(table) = &mut mode.table {
            table.id = "Not a name".to_owned();
        }
    });
    let unchecked = codes(&unchecked);
    finds(&unchecked, "item.mode_without_days");
    finds(&unchecked, "item.mode_without_sample");
    finds(&unchecked, "item.table_unnamed");
    let safety = broken("individual_business_registration", |c| c.safety_item = true);
    finds(&safety, "item.rule_for_safety_item");
    let silent = broken("old_age_allowance", |c| {
        c.modes[1].objection_workdays = None;
        c.modes[0].table = c.modes[1].table.clone();
    });
    finds(&silent, "item.mode_without_days");
    finds(&silent, "item.table_stray");
}
