//! A table that rules by itself says what it answered and which of its rules took the input.

use decision::RuleTable;
use serde_json::{Map, Value, json};

/// A table over a trade and a sum, by hit policy, with the rules that are given.
fn table(policy: &str, rules: &[(&str, &str, &str)]) -> String {
    let rules: String = rules
        .iter()
        .map(|(trade, sum, answer)| {
            format!(
                "<rule><inputEntry><text>{trade}</text></inputEntry><inputEntry><text>{sum}</text>
                </inputEntry><outputEntry><text>{answer}</text></outputEntry><annotationEntry>
                <text>条例 1</text></annotationEntry></rule>"
            )
        })
        .collect();
    let data = |name: &str, kind: &str| {
        format!(
            "<inputData id=\"{name}\" name=\"{name}\"><variable name=\"{name}\" \
             typeRef=\"{kind}\"/></inputData>"
        )
    };
    let needs = |name: &str| {
        format!(
            "<informationRequirement><requiredInput href=\"#{name}\"/></informationRequirement>"
        )
    };
    format!(
        "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" namespace=\"urn:t\" \
         name=\"t\" id=\"t\">{}{}<decision id=\"d\" name=\"answer\"><variable name=\"answer\" \
         typeRef=\"string\"/>{}{}<decisionTable {policy}><input><inputExpression \
         typeRef=\"string\"><text>trade</text></inputExpression></input><input>\
         <inputExpression typeRef=\"number\"><text>capital</text></inputExpression></input>\
         <output name=\"answer\" typeRef=\"string\"/>{rules}</decisionTable></decision>\
         </definitions>",
        data("trade", "string"),
        data("capital", "number"),
        needs("trade"),
        needs("capital"),
    )
}

fn given(json: Value) -> Map<String, Value> {
    json.as_object().cloned().expect("an object")
}

const RULES: &[(&str, &str, &str)] = &[
    ("\"shop\"", "&lt;= 100", "\"grant\""),
    ("\"shop\"", "> 100", "\"human\""),
];

#[test]
fn a_ruling_names_its_answer_and_the_rule_behind_it() {
    for policy in ["", "hitPolicy=\"UNIQUE\"", "hitPolicy=\"FIRST\""] {
        let table = RuleTable::parse(&table(policy, RULES)).expect("it reads");
        let small = table.rule(&given(json!({ "trade": "shop", "capital": 100 })));
        let small = small.expect("it rules");
        assert_eq!((small.answer, small.matched), (json!("grant"), vec![1]));
        let large = table.rule(&given(json!({ "trade": "shop", "capital": 101 })));
        let large = large.expect("it rules");
        assert_eq!((large.answer, large.matched), (json!("human"), vec![2]));
    }
}

#[test]
fn what_no_rule_takes_is_answered_with_nothing() {
    let table = RuleTable::parse(&table("", RULES)).expect("it reads");
    for strange in [
        json!({ "trade": "bar", "capital": 1 }),
        json!({ "trade": "shop", "capital": "one" }),
        json!({ "trade": "shop" }),
        json!({}),
    ] {
        let ruling = table.rule(&given(strange)).expect("it rules");
        assert_eq!((ruling.answer, ruling.matched), (Value::Null, vec![]));
    }
}

#[test]
fn all_rules_that_took_the_input_are_named_also_where_the_first_one_counts() {
    let rules = [("\"shop\"", "-", "\"human\""), ("-", "&lt; 5", "\"grant\"")];
    let table = RuleTable::parse(&table("hitPolicy=\"FIRST\"", &rules)).expect("it reads");
    let both = table.rule(&given(json!({ "trade": "shop", "capital": 1 })));
    let both = both.expect("it rules");
    assert_eq!((both.answer, both.matched), (json!("human"), vec![1, 2]));
}

#[test]
fn a_table_tells_what_it_asks_and_shows_its_rules() {
    let table = RuleTable::parse(&table("", RULES)).expect("it reads");
    let asks: Vec<(&str, &str)> = table
        .inputs()
        .iter()
        .map(|input| (input.name.as_str(), input.kind.as_str()))
        .collect();
    assert_eq!(asks, [("capital", "number"), ("trade", "string")]);
    assert_eq!(table.columns(), ["trade", "capital"]);
    assert_eq!(table.rules()[0].cells, ["\"shop\"", "<= 100"]);
    assert_eq!(table.rules()[0].answer, "\"grant\"");
    assert_eq!(table.rules()[0].note, "条例 1");
    let data = given(json!({ "trade": "shop", "secret": 1 }));
    assert_eq!(
        Value::Object(table.inputs_of(&data)),
        json!({ "trade": "shop", "capital": null })
    );
}

#[test]
fn a_file_that_is_not_one_table_with_one_answer_is_refused() {
    let whole = table("", RULES);
    let second = "<decision id=\"e\" name=\"e\"><literalExpression><text>1</text>\
                  </literalExpression></decision></definitions>";
    let bad = [
        String::new(),
        "<a/>".to_owned(),
        whole.replace("</definitions>", second),
        table("", &[]),
        whole.replace("<text>\"grant\"</text>", "<text>today()</text>"),
    ];
    for xml in bad {
        assert!(RuleTable::parse(&xml).is_err(), "{xml}");
    }
}
