//! Rules of an office: what they may say, what they answer, and what they can never do.

use crate::{DecisionEngine, Feel, FeelFault, Rules};
use process::{Conditions, Data, Vars};
use serde_json::{Value, json};

fn value(text: &str, data: &Value) -> Result<Value, FeelFault> {
    let feel = Feel::new();
    let expression = feel.compile_for(text, data)?;
    feel.evaluate(&expression, data)
}

#[test]
fn numbers_are_exact_and_dates_come_out_as_text() {
    assert_eq!(value("0.1 + 0.2 = 0.3", &json!({})), Ok(json!(true)));
    assert_eq!(value("floors * 2", &json!({"floors": 21})), Ok(json!(42)));
    assert_eq!(value("area / 8", &json!({"area": 1})), Ok(json!(0.125)));
    let due = value("date(\"2026-09-30\") + duration(\"P1D\")", &json!({}));
    assert_eq!(due, Ok(json!("2026-10-01")));
    assert_eq!(
        value("[1, {a: \"许可\"}, null]", &json!({})),
        Ok(json!([1, {"a": "许可"}, null]))
    );
}

#[test]
fn names_with_spaces_are_read_by_the_data_they_come_with() {
    let data = json!({"Service Level": "Premium", "深 度": 3});
    assert_eq!(value("Service Level = \"Premium\"", &data), Ok(json!(true)));
}

#[test]
fn a_condition_of_a_process_is_answered_by_feel() {
    let feel = Feel::new();
    let data: Data = serde_json::from_value(json!({"floors": 7, "risks": ["red"]})).unwrap();
    let vars = Vars {
        outcome: Some("granted"),
        data: &data,
    };
    let holds = |text| feel.holds(text, &vars);
    assert_eq!(holds("floors > 6 and outcome = \"granted\""), Ok(true));
    assert_eq!(
        holds("some risk in risks satisfies risk = \"black\""),
        Ok(false)
    );
    assert_eq!(holds("missing > 3"), Ok(false));
    assert!(holds("floors + 1").is_err());
    assert!(feel.check("floors > 6").is_ok());
    assert!(feel.check("floors >").is_err());
    assert!(feel.check("").is_err());
}

#[test]
fn rules_reach_neither_outside_nor_the_clock() {
    for text in [
        "{f: function(x) external {java: {class: \"a.B\", method signature: \"c(d)\"}}}",
        "now()",
        "today () = date(\"2026-01-01\")",
    ] {
        assert!(
            matches!(value(text, &json!({})), Err(FeelFault::Outside(_))),
            "{text}"
        );
    }
    assert_eq!(
        value("\"now() external\"", &json!({})),
        Ok(json!("now() external"))
    );
}

#[test]
fn rules_that_are_too_large_or_too_deep_are_refused() {
    let deep = format!("{}1{}", "(".repeat(5_000), ")".repeat(3_000));
    assert_eq!(value(&deep, &json!({})), Err(FeelFault::TooDeep));
    let signs = format!("{}1", "-".repeat(5_000));
    assert_eq!(value(&signs, &json!({})), Err(FeelFault::TooDeep));
    let ifs = format!("{}1{}", "if true then ".repeat(200), " else 2".repeat(200));
    assert_eq!(value(&ifs, &json!({})), Err(FeelFault::TooDeep));
    assert_eq!(
        value(&"1+".repeat(9_000), &json!({})),
        Err(FeelFault::TooLarge)
    );
    let range = value("count(for i in 1..1000000000 return i)", &json!({}));
    assert_eq!(range, Err(FeelFault::TooLarge));
    let mut data = json!(1);
    for _ in 0..100 {
        data = json!({ "a": data });
    }
    assert_eq!(value("1", &data), Err(FeelFault::TooDeep));
}

/// The evaluator has no limit on recursion, and a stack that ends takes the whole server along.
#[test]
fn functions_that_could_call_themselves_are_refused() {
    for text in [
        "{f: function(n) f(n + 1), r: f(0)}.r",
        "{f: function(g) g(g), r: f(f)}.r",
        "some f in [1, function(g) g(g)] satisfies f(f)",
        "(function(g) g(g))(1)",
        "(function(g) (g)(g))(1)",
        "(function(g) {a: g}.a(g))(1)",
        "{f: function(x, y) sort([1, 2], f)}.f(1, 2)",
        "{f: function(x, y) function(z) count(x(y))}.f(1, 2)",
    ] {
        assert_eq!(value(text, &json!({})), Err(FeelFault::Function), "{text}");
    }
    let sorted = value("sort([3, 1, 2], function(x, y) x < y)", &json!({}));
    assert_eq!(sorted, Ok(json!([1, 2, 3])));
    assert_eq!(
        value("-(function(a) (a) * 2)(10)", &json!({})),
        Ok(json!(-20))
    );
    let shorter = "{f: function(t) string length(t) < 3, r: f(\"ab\")}.r";
    assert_eq!(value(shorter, &json!({})), Ok(json!(true)));
    let knowledge = TABLE.replace(
        "<decision id",
        r#"<businessKnowledgeModel id="b" name="b"><variable name="b"/><encapsulatedLogic>
        <formalParameter name="g"/><literalExpression><text>g(g)</text></literalExpression>
        </encapsulatedLogic></businessKnowledgeModel><decision id"#,
    );
    assert_eq!(Rules::parse(&knowledge).unwrap_err(), FeelFault::Function);
}

const TABLE: &str = r##"<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:fees"
  name="fees" id="d1">
  <inputData id="i1" name="area"><variable name="area" typeRef="number"/></inputData>
  <decision id="d2" name="fee"><variable name="fee" typeRef="number"/>
    <informationRequirement id="r1"><requiredInput href="#i1"/></informationRequirement>
    <decisionTable hitPolicy="UNIQUE">
      <input><inputExpression typeRef="number"><text>area</text></inputExpression></input>
      <output/>
      <rule><inputEntry><text>&lt;= 100</text></inputEntry>
        <outputEntry><text>0</text></outputEntry></rule>
      <rule><inputEntry><text>&gt; 100</text></inputEntry>
        <outputEntry><text>area * 0.5</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"##;

#[test]
fn a_decision_table_is_asked_by_name() {
    let rules = Rules::parse(TABLE).unwrap();
    assert_eq!(rules.names(), ["fee"]);
    assert_eq!(rules.decide("fee", &json!({"area": 80})), Ok(json!(0)));
    assert_eq!(rules.decide("fee", &json!({"area": 301})), Ok(json!(150.5)));
    let unknown = rules.decide("bribe", &json!({}));
    assert_eq!(unknown, Err(FeelFault::NoSuchDecision("bribe".to_owned())));
}

#[test]
fn models_that_reach_outside_or_need_themselves_are_refused() {
    let java = TABLE.replace(
        "<decision id",
        r#"<businessKnowledgeModel id="b" name="b"><encapsulatedLogic kind="Java"/>
        </businessKnowledgeModel><decision id"#,
    );
    assert!(matches!(Rules::parse(&java), Err(FeelFault::Outside(_))));
    let clock = TABLE.replace("area * 0.5", "today()");
    assert!(matches!(Rules::parse(&clock), Err(FeelFault::Outside(_))));
    let circle = TABLE.replace(
        r##"requiredInput href="#i1""##,
        r##"requiredDecision href="#d2""##,
    );
    assert!(matches!(
        Rules::parse(&circle),
        Err(FeelFault::Unreadable(_))
    ));
    let bomb = TABLE.replace(
        "<definitions",
        "<!DOCTYPE x [<!ENTITY a \"b\">]><definitions",
    );
    assert!(matches!(Rules::parse(&bomb), Err(FeelFault::Unreadable(_))));
    assert!(Rules::parse("<a/>").is_err());
    assert!(Rules::parse("").is_err());
    assert_eq!(
        Rules::parse(&"<a>".repeat(100_000)).unwrap_err(),
        FeelFault::TooDeep
    );
}
