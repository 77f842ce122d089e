//! Answers against forms: one problem per field, with a code.

use super::item;
use crate::form::{Clean, FieldProblem, FormChecker, from_pairs, json_schema};
use crate::model::ItemContent;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

const TODAY: Date = date(2026, 11, 23);

fn check(item: &ItemContent, scenario: &str, answers: &Value) -> Result<Clean, Vec<FieldProblem>> {
    FormChecker::new(item)
        .expect("a usable form")
        .check(scenario, answers, TODAY)
}

/// Answers of an elderly person that fit.
fn elder() -> Value {
    json!({
        "applicant_name": "陈素芬",
        "identity_number": "11010519491231002X",
        "phone": "13900001234",
        "home_address": "广安区金安大道一段88号",
        "bank_account": "6222020000001234567",
        "truth_declared": true,
    })
}

fn codes(found: Result<Clean, Vec<FieldProblem>>) -> Vec<(String, &'static str)> {
    let problems = found.expect_err("problems");
    problems
        .into_iter()
        .map(|problem| (problem.field, problem.code))
        .collect()
}

fn changed(mut answers: Value, field: &str, value: Value) -> Value {
    answers[field] = value;
    answers
}

fn one(field: &str, value: Value) -> Vec<(String, &'static str)> {
    let mut item = item("old_age_allowance");
    item.age_min = None;
    codes(check(
        &item,
        "self_applied",
        &changed(elder(), field, value),
    ))
}

#[test]
fn answers_that_fit_come_back_tidied() {
    let mut item = item("old_age_allowance");
    item.age_min = Some(70);
    let typed = changed(
        elder(),
        "identity_number",
        json!(" １１０１０５１９４９１２３１００２x "),
    );
    let clean = check(&item, "self_applied", &typed).expect("no problem");
    assert_eq!(clean.values["identity_number"], "11010519491231002X");
    assert!(clean.dropped.is_empty());
}

#[test]
fn a_person_under_the_least_age_is_told_the_age() {
    let item = item("old_age_allowance");
    let problems = check(&item, "self_applied", &elder()).expect_err("under age");
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].code, "answer.under_age");
    assert_eq!(problems[0].params["age_min"], "80");
}

#[test]
fn the_age_is_reached_on_the_birthday() {
    let item = item("old_age_allowance");
    let checker = FormChecker::new(&item).expect("a usable form");
    let on = |day| checker.check("self_applied", &elder(), day).is_ok();
    assert!(!on(date(2029, 12, 30)));
    assert!(on(date(2029, 12, 31)));
}

#[test]
fn each_wrong_answer_has_its_own_code() {
    let owned = |field: &str, code| vec![(field.to_owned(), code)];
    for (field, value, code) in [
        ("applicant_name", json!(""), "answer.required"),
        ("applicant_name", json!("   "), "answer.required"),
        ("applicant_name", json!(7), "answer.wrong_type"),
        ("applicant_name", json!("陈"), "answer.too_short"),
        ("applicant_name", json!("陈".repeat(51)), "answer.too_long"),
        (
            "applicant_name",
            json!("陈\u{0}素"),
            "answer.control_characters",
        ),
        (
            "identity_number",
            json!("110105194912310021"),
            "answer.not_a_citizen_id",
        ),
        (
            "identity_number",
            json!("110105194902300027"),
            "answer.not_a_citizen_id",
        ),
        ("phone", json!("1390000123"), "answer.not_a_phone"),
        ("phone", json!("139 0000 123a"), "answer.not_a_phone"),
        ("bank_account", json!("62x2"), "answer.wrong_pattern"),
        ("truth_declared", json!(false), "answer.must_agree"),
        ("truth_declared", json!("yes"), "answer.wrong_type"),
        ("home_adress", json!("x"), "answer.unknown_field"),
    ] {
        let found = one(field, value.clone());
        assert!(
            found.contains(&owned(field, code)[0]),
            "{field} {value}: {found:?}"
        );
    }
}

#[test]
fn a_wrong_check_digit_is_explained_in_both_languages() {
    let item = item("old_age_allowance");
    let typed = changed(elder(), "identity_number", json!("110105194912310021"));
    let problems = check(&item, "self_applied", &typed).expect_err("a wrong number");
    assert!(problems[0].params["reason_zh"].contains("校验码"));
    assert!(problems[0].params["reason_en"].contains("check digit"));
}

#[test]
fn a_field_of_another_scenario_is_neither_asked_for_nor_kept() {
    let mut item = item("old_age_allowance");
    item.age_min = None;
    let with_helper = changed(elder(), "agent_name", json!("李某"));
    let clean = check(&item, "self_applied", &with_helper).expect("no problem");
    assert!(!clean.values.contains_key("agent_name"));
    assert_eq!(clean.dropped, ["agent_name"]);
    let missing = codes(check(&item, "by_helper", &elder()));
    let names: Vec<&str> = missing.iter().map(|(field, _)| &**field).collect();
    assert_eq!(names, ["agent_name", "agent_identity_number", "relation"]);
}

fn road() -> Value {
    json!({
        "organisation_name": "某市政工程有限公司", "uscc": "115113016823646795",
        "legal_representative": "赵某", "contact_name": "钱某", "phone": "0826-5551234",
        "road_name": "金安大道", "section": "K1+200 至 K1+260", "occupied_area": 120,
        "from_date": "2026-12-01", "until_date": "2026-12-20", "reason": "管道抢修围挡",
        "truth_declared": true,
    })
}

#[test]
fn dates_must_exist_and_stand_in_order() {
    let item = item("road_occupation");
    assert!(check(&item, "occupy", &road()).is_ok());
    for (field, value, code) in [
        ("from_date", "2026-02-30", "answer.not_a_date"),
        ("from_date", "2026-2-3", "answer.not_a_date"),
        ("from_date", "明天", "answer.not_a_date"),
        ("from_date", "2026-11-22", "answer.date_in_past"),
        ("until_date", "2026-11-30", "answer.date_before_other"),
    ] {
        let found = codes(check(
            &item,
            "occupy",
            &changed(road(), field, json!(value)),
        ));
        assert_eq!(found, [(field.to_owned(), code)], "{value}");
    }
}

#[test]
fn numbers_are_whole_and_within_bounds() {
    let item = item("road_occupation");
    for (value, code) in [
        (json!(0), "answer.too_small"),
        (json!(100_001), "answer.too_large"),
        (json!(1.5), "answer.not_a_number"),
        (json!(12.0), "answer.not_a_number"),
        (json!("一百"), "answer.not_a_number"),
    ] {
        let found = codes(check(
            &item,
            "occupy",
            &changed(road(), "occupied_area", value),
        ));
        assert_eq!(found, [("occupied_area".to_owned(), code)]);
    }
}

#[test]
fn a_field_shown_by_an_answer_is_asked_for_only_then() {
    let item = item("construction_planning_permit");
    let answers = json!({
        "applicant_kind": "person", "applicant_name": "孙某",
        "identity_number": "11010519491231002X", "contact_name": "孙某", "phone": "13900001234",
        "project_name": "自建住房翻建", "site_address": "广安区某街12号", "land_area": 120,
        "floor_area": 240, "truth_declared": true,
    });
    assert!(check(&item, "building", &answers).is_ok());
    let organisation = changed(answers, "applicant_kind", json!("organisation"));
    let missing = codes(check(&item, "building", &organisation));
    let names: Vec<&str> = missing.iter().map(|(field, _)| &**field).collect();
    assert_eq!(names, ["organisation_name", "uscc"]);
}

#[test]
fn what_a_browser_posts_becomes_typed_answers() {
    let item = item("food_business_licence");
    let pairs = [
        ("area", "１２０"),
        ("staff_count", "many"),
        ("projects", "hot_food"),
        ("projects", "drinks"),
        ("truth_declared", "on"),
        ("csrf", "not a field"),
    ];
    assert_eq!(
        from_pairs(&item, pairs),
        json!({
            "area": 120, "staff_count": "many", "projects": ["hot_food", "drinks"],
            "truth_declared": true,
        })
    );
}

#[test]
fn a_choice_outside_the_list_or_made_twice_is_refused() {
    let item = item("food_business_licence");
    let found = |value| codes(check(&item, "sales", &json!({ "projects": value })));
    let of = |code| ("projects".to_owned(), code);
    assert!(found(json!(["poison"])).contains(&of("answer.not_in_list")));
    assert!(found(json!(["packed", "packed"])).contains(&of("answer.repeated")));
    assert!(found(json!([])).contains(&of("answer.required")));
}

#[test]
fn the_published_schema_is_json_schema_and_closed() {
    for item in crate::shipped::items().expect("shipped items") {
        for scenario in &item.scenarios {
            let schema = json_schema(&item, &scenario.id);
            assert!(
                jsonschema::draft202012::meta::is_valid(&schema),
                "{}",
                item.name.zh
            );
            assert_eq!(schema["additionalProperties"], json!(false));
        }
    }
}

#[test]
fn a_schema_that_nobody_can_explain_is_refused() {
    for (schema, said) in [
        (json!({ "anyOf": [] }), "anyOf"),
        (json!({ "$ref": "https://example.com/x" }), "$ref"),
        (
            json!({ "type": "string", "format": "hostname" }),
            "hostname",
        ),
        (json!({ "type": "string", "pattern": "(" }), "("),
        (json!({ "type": "array", "items": { "not": {} } }), "not"),
        (json!(true), "object"),
    ] {
        let mut item = item("old_age_allowance");
        item.fields[0].schema = schema;
        let fault = FormChecker::new(&item).expect_err("an unusable form");
        assert!(fault.to_string().contains(said), "{fault}");
    }
}

#[test]
fn answers_that_are_no_object_are_one_problem() {
    let item = item("old_age_allowance");
    let found = codes(check(&item, "self_applied", &json!([1, 2])));
    assert_eq!(found, [(String::new(), "answer.not_an_object")]);
}
