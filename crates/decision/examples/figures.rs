//! Figures of decision tables: how many answers a second one core gives, with and without saying
//! which rules took the input.
//!
//! `cargo run --release -p decision --example figures`

use std::fmt::Write;
use std::time::{Duration, Instant};

use decision::{DecisionEngine, RuleTable, Rules};
use serde_json::{Map, Value, json};

/// How long each figure is taken.
const TIME: Duration = Duration::from_secs(2);

/// A table over a sum and a trade with so many rules, all apart.
fn table(rules: usize) -> String {
    let mut text = String::from(
        r#"<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:t"
        name="t" id="t"><inputData id="sum" name="sum"><variable name="sum" typeRef="number"/>
        </inputData><inputData id="trade" name="trade"><variable name="trade" typeRef="string"/>
        </inputData><decision id="d" name="answer"><variable name="answer" typeRef="string"/>
        <informationRequirement><requiredInput href="%23sum"/></informationRequirement>
        <informationRequirement><requiredInput href="%23trade"/></informationRequirement>
        <decisionTable hitPolicy="UNIQUE"><input><inputExpression typeRef="number">
        <text>sum</text></inputExpression></input><input><inputExpression typeRef="string">
        <text>trade</text></inputExpression></input><output name="answer" typeRef="string"/>"#,
    )
    .replace("%23", "#");
    for at in 0..rules {
        let _ = write!(
            text,
            r#"<rule><inputEntry><text>[{at}..{})</text></inputEntry><inputEntry>
            <text>"shop"</text></inputEntry><outputEntry><text>"grant {at}"</text></outputEntry>
            </rule>"#,
            at + 1
        );
    }
    text + "</decisionTable></decision></definitions>"
}

/// Answers a second of `ask` over inputs that meet each rule in turn.
fn speed(rules: usize, mut ask: impl FnMut(&Map<String, Value>)) -> f64 {
    let inputs: Vec<Map<String, Value>> = (0..rules)
        .filter_map(|at| json!({ "sum": at, "trade": "shop" }).as_object().cloned())
        .collect();
    let (began, mut count) = (Instant::now(), 0u32);
    while began.elapsed() < TIME {
        for input in &inputs {
            ask(input);
        }
        count = count.saturating_add(u32::try_from(inputs.len()).unwrap_or(u32::MAX));
    }
    f64::from(count) / began.elapsed().as_secs_f64()
}

fn main() {
    println!("rules  answers/s  with the rules that took it/s");
    for rules in [4, 20, 100] {
        let xml = table(rules);
        let (Ok(plain), Ok(told)) = (Rules::parse(&xml), RuleTable::parse(&xml)) else {
            eprintln!("the table of {rules} rules cannot be read");
            return;
        };
        let quick = speed(rules, |input| {
            let answer = plain.decide("answer", &Value::Object(input.clone()));
            assert!(answer.is_ok(), "{answer:?}");
        });
        let traced = speed(rules, |input| {
            let answer = told.rule(input);
            assert!(answer.is_ok_and(|answer| answer.matched.len() == 1));
        });
        println!("{rules:5}  {quick:9.0}  {traced:9.0}");
    }
}
