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
    let mut data = json!(1);
    for _ in 0..100 {
        data = json!({ "a": data });
    }
    assert_eq!(value("1", &data), Err(FeelFault::TooDeep));
}

/// A stack that ends takes the whole server along, and a loop that does not end a whole thread.
#[test]
fn rules_that_do_not_end_are_ended() {
    for text in [
        "{f: function(n) f(n + 1), r: f(0)}.r",
        "{f: function(n) f(n + 1) + f(n + 1), r: f(0)}.r",
        "{f: function(g) g(g), r: f(f)}.r",
        "(function(g) {a: g}.a(g))(function(g) {a: g}.a(g))",
        "count(for i in 1..1000000000 return i)",
        "count(for i in 1..n, j in 1..n return i)",
        "count(for i in 1..n return partial)",
    ] {
        let answer = value(text, &json!({"n": 100_000_000}));
        assert!(
            matches!(answer, Err(FeelFault::Endless(_))),
            "{text}: {answer:?}"
        );
    }
}

/// Doubling thirty times is a thousand million.
#[test]
fn values_that_grow_without_end_are_ended() {
    let grow = |first: &str, next: &dyn Fn(usize) -> String| {
        let entries: Vec<String> = (1..60)
            .map(|step| format!("a{step}: {}", next(step - 1)))
            .collect();
        value(
            &format!("{{a0: {first}, {}}}.a59", entries.join(", ")),
            &json!({}),
        )
    };
    let nests = [
        grow("\"abcdefgh\"", &|last| format!("a{last} + a{last}")),
        grow("[1]", &|last| format!("concatenate(a{last}, a{last})")),
        grow("[1]", &|last| format!("[a{last}, a{last}]")),
        grow("{b: 1}", &|last| format!("{{b: a{last}, c: a{last}}}")),
    ];
    for answer in nests {
        assert!(matches!(answer, Err(FeelFault::Endless(_))), "{answer:?}");
    }
}

#[test]
fn rules_may_call_themselves_when_they_end() {
    let factorial = "{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(20)}.r";
    assert_eq!(
        value(factorial, &json!({})),
        Ok(json!(2_432_902_008_176_640_000_i64))
    );
    let deep = "{f: function(n) if n = 0 then 0 else 1 + f(n - 1), r: f(500)}.r";
    assert_eq!(value(deep, &json!({})), Ok(json!(500)));
    let sorted = value("sort([3, 1, 2], function(x, y) x < y)", &json!({}));
    assert_eq!(sorted, Ok(json!([1, 2, 3])));
    assert_eq!(
        value("-(function(a) (a) * 2)(10)", &json!({})),
        Ok(json!(-20))
    );
    let amount = json!({"amount": 3_000_000});
    assert_eq!(
        value("amount in [1000000..5000000]", &amount),
        Ok(json!(true))
    );
}

/// The longest text there may be nests some thousand operators deep.
#[test]
fn a_long_chain_of_operators_is_evaluated_on_a_stack_of_its_own() {
    let sum = format!("{}1", "1+".repeat(4_000));
    assert_eq!(value(&sum, &json!({})), Ok(json!(4_001)));
    let all = format!("{}true", "true and ".repeat(900));
    assert_eq!(value(&all, &json!({})), Ok(json!(true)));
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

#[test]
fn decisions_that_need_themselves_through_an_import_are_refused() {
    let circle = TABLE.replace(
        r##"requiredInput href="#i1""##,
        r##"requiredDecision href="urn:fees#d2""##,
    );
    assert!(matches!(
        Rules::parse(&circle),
        Err(FeelFault::Unreadable(_))
    ));
}

fn chain(length: usize) -> String {
    let decisions: String = (1..length)
        .map(|at| {
            let needed = at - 1;
            format!(
                r##"<decision id="c{at}" name="c{at}"><variable name="c{at}"/>
                <informationRequirement><requiredDecision href="#c{needed}"/>
                </informationRequirement><informationRequirement>
                <requiredDecision href="#c{needed}"/></informationRequirement>
                <literalExpression><text>c{needed} + 1</text></literalExpression></decision>"##
            )
        })
        .collect();
    format!(
        r#"<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:c"
        name="c" id="c"><decision id="c0" name="c0"><variable name="c0"/>
        <literalExpression><text>0</text></literalExpression></decision>{decisions}</definitions>"#
    )
}

/// Each decision needs the one before twice: a chain of thirty is a thousand million decisions.
#[test]
fn chains_of_decisions_are_bounded_in_length_and_work() {
    let short = Rules::parse(&chain(10)).unwrap();
    assert_eq!(short.decide("c9", &json!({})), Ok(json!(9)));
    let long = Rules::parse(&chain(60)).unwrap();
    assert!(matches!(
        long.decide("c59", &json!({})),
        Err(FeelFault::Endless(_))
    ));
    assert_eq!(Rules::parse(&chain(200)).unwrap_err(), FeelFault::TooDeep);
}

#[test]
fn knowledge_and_services_are_asked_by_name_too() {
    let model = r##"<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/"
        namespace="urn:s" name="s" id="s">
      <inputData id="i" name="n"><variable name="n" typeRef="number"/></inputData>
      <businessKnowledgeModel id="b" name="fib"><variable name="fib"/><encapsulatedLogic>
        <formalParameter name="k" typeRef="number"/>
        <literalExpression><text>if k &lt; 2 then k else fib(k - 1) + fib(k - 2)</text>
        </literalExpression></encapsulatedLogic></businessKnowledgeModel>
      <decision id="d" name="both"><variable name="both"/>
        <informationRequirement><requiredInput href="#i"/></informationRequirement>
        <knowledgeRequirement><requiredKnowledge href="#b"/></knowledgeRequirement>
        <context><contextEntry><variable name="first"/>
          <literalExpression><text>fib(n)</text></literalExpression></contextEntry>
          <contextEntry><variable name="second"/>
          <literalExpression><text>first * 2</text></literalExpression></contextEntry>
        </context></decision>
      <decisionService id="v" name="service"><variable name="service"/>
        <outputDecision href="#d"/><inputData href="#i"/></decisionService>
    </definitions>"##;
    let rules = Rules::parse(model).unwrap();
    assert_eq!(rules.names(), ["both", "service", "fib"]);
    let expected = json!({"first": 55, "second": 110});
    assert_eq!(
        rules.decide("both", &json!({"n": 10})),
        Ok(expected.clone())
    );
    assert_eq!(rules.decide("service", &json!({"n": 10})), Ok(expected));
    assert_eq!(rules.decide("fib", &json!({"k": 7})), Ok(json!(13)));
}

/// A tree holds trees; the toolkit would unroll its type without end.
#[test]
fn a_type_may_hold_itself() {
    let model = r##"<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/"
        namespace="urn:t" name="t" id="t">
      <itemDefinition name="tree"><itemComponent name="children" isCollection="true">
        <typeRef>tree</typeRef></itemComponent>
        <itemComponent name="size"><typeRef>number</typeRef></itemComponent></itemDefinition>
      <itemDefinition name="one"><typeRef>other</typeRef></itemDefinition>
      <itemDefinition name="other"><typeRef>one</typeRef></itemDefinition>
      <inputData id="i" name="root"><variable name="root" typeRef="tree"/></inputData>
      <decision id="d" name="sum"><variable name="sum"/>
        <informationRequirement><requiredInput href="#i"/></informationRequirement>
        <literalExpression><text>root.size + sum(root.children.size)</text></literalExpression>
      </decision></definitions>"##;
    let rules = Rules::parse(model).unwrap();
    let tree = json!({"root": {"size": 1, "children": [
        {"size": 2, "children": []}, {"size": 3, "children": []}]}});
    assert_eq!(rules.decide("sum", &tree), Ok(json!(6)));
}
