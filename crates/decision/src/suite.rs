//! Runs test files in the layout of the DMN TCK (Technology Compatibility Kit): inputs, what is
//! asked, what is expected.
//!
//! Values are compared as FEEL compares them: numbers by value, times by instant, lists and
//! contexts item by item, nothing with nothing. A test that expects an error is content with no
//! value, which is how FEEL errs (DMN 1.5, 10.3.2.13.1). Pure: whoever calls has read the files.
//! The clock is allowed here, because the field tests `now()` and `today()`.

use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value;
use dsntk_feel::{FeelNumber, Name};
use roxmltree::Node;

use crate::fence::{Clock, FeelFault, Weight, evaluate};
use crate::inspect::read;
use crate::model::Rules;

/// Larger test files are none.
const TESTS_BYTES_MAX: usize = 16 * 1024 * 1024;
const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// A DMN file: its name, by which tests ask for it, and its text.
#[derive(Debug, Clone, Copy)]
pub struct ModelFile<'a> {
    /// The name of the file, without folders.
    pub name: &'a str,
    /// What it holds.
    pub text: &'a str,
}

/// How one test case ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseResult {
    /// The id of the case.
    pub case: String,
    /// Nothing when it passed; else why not.
    pub failure: Option<String>,
}

/// Runs every case of a test file against the models of its folder.
///
/// # Errors
/// When the test file itself cannot be read. A model that is missing or refused fails its cases.
pub fn run_tests(models: &[ModelFile<'_>], tests: &str) -> Result<Vec<CaseResult>, FeelFault> {
    if tests.len() > TESTS_BYTES_MAX {
        return Err(FeelFault::TooLarge);
    }
    let document = read(tests)?;
    let root = document.root_element();
    if root.tag_name().name() != "testCases" {
        let found = root.tag_name().name();
        return Err(FeelFault::Unreadable(format!("{found} is no testCases")));
    }
    let rules = compile(
        models,
        child(root, "modelName").and_then(|node| node.text()),
    );
    let cases = children(root, "testCase").enumerate();
    let cases = cases.map(|(at, case)| CaseResult {
        case: case
            .attribute("id")
            .map_or_else(|| (at + 1).to_string(), str::to_owned),
        failure: match &rules {
            Ok(rules) => run_case(rules, case).err(),
            Err(reason) => Some(reason.clone()),
        },
    });
    Ok(cases.collect())
}

fn compile(models: &[ModelFile<'_>], wanted: Option<&str>) -> Result<Rules, String> {
    let main = match (wanted.map(str::trim), models) {
        (Some(wanted), _) => models.iter().find(|model| model.name == wanted),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    let Some(main) = main else {
        return Err(format!(
            "the model {} is not there",
            wanted.unwrap_or("asked for").trim()
        ));
    };
    let others = models.iter().filter(|model| model.name != main.name);
    let others: Vec<&str> = others.map(|model| model.text).collect();
    Rules::compile(main.text, &others, Clock::Allowed)
        .map_err(|fault| format!("the model is refused: {fault}"))
}

fn run_case(rules: &Rules, case: Node<'_, '_>) -> Result<(), String> {
    let mut inputs = FeelContext::default();
    for node in children(case, "inputNode") {
        let value = value(node).map_err(|fault| format!("the input is unreadable: {fault}"))?;
        inputs.set_entry(
            &Name::from(node.attribute("name").unwrap_or_default()),
            value,
        );
    }
    let invocable = case.attribute("invocableName");
    let results: Vec<Node<'_, '_>> = children(case, "resultNode").collect();
    for node in &results {
        let name = node.attribute("name").unwrap_or_default();
        let expected = child(*node, "expected").map_or(Ok(Value::Null(None)), value);
        let expected = expected.map_err(|fault| format!("{name} is unreadable: {fault}"))?;
        let found = rules.ask(invocable.unwrap_or(name), &inputs);
        let mut found = found.map_err(|fault| format!("{name}: {fault}"))?;
        // A service with several outputs answers with all of them.
        if let Value::Context(outputs) = &found
            && invocable.is_some()
            && (results.len() > 1 || !same(&expected, &found))
            && let Some(output) = outputs.get_entry(&Name::from(name))
        {
            found = output.clone();
        }
        if !same(&expected, &found) {
            return Err(format!(
                "{name}: expected {}, found {}",
                shown(&expected),
                shown(&found)
            ));
        }
    }
    Ok(())
}

fn shown(value: &Value) -> String {
    const LETTERS_MAX: usize = 300;
    value.to_string().chars().take(LETTERS_MAX).collect()
}

fn children<'a, 'd: 'a>(
    node: Node<'a, 'd>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'd>> {
    node.children()
        .filter(move |child| child.tag_name().name() == name)
}

fn child<'a, 'd: 'a>(node: Node<'a, 'd>, name: &'static str) -> Option<Node<'a, 'd>> {
    children(node, name).next()
}

/// The value that a node holds: simple, a list, or components.
fn value(node: Node<'_, '_>) -> Result<Value, FeelFault> {
    if is_nil(node) {
        return Ok(Value::Null(None));
    }
    if let Some(simple) = child(node, "value") {
        return simple_value(simple);
    }
    if let Some(list) = child(node, "list") {
        if is_nil(list) {
            return Ok(Value::Null(None));
        }
        let items: Result<Vec<Value>, FeelFault> = children(list, "item").map(value).collect();
        return items.map(Value::List);
    }
    let mut components = children(node, "component").peekable();
    if components.peek().is_none() {
        return Ok(Value::Null(None));
    }
    let mut context = FeelContext::default();
    for component in components {
        let name = Name::from(component.attribute("name").unwrap_or_default());
        context.set_entry(&name, value(component)?);
    }
    Ok(Value::Context(context))
}

fn is_nil(node: Node<'_, '_>) -> bool {
    let nil = node.attribute((SCHEMA_INSTANCE, "nil"));
    nil.is_some_and(|nil| matches!(nil.trim(), "true" | "1"))
}

fn simple_value(node: Node<'_, '_>) -> Result<Value, FeelFault> {
    if is_nil(node) {
        return Ok(Value::Null(None));
    }
    let text = node.text().unwrap_or_default();
    let kind = node
        .attribute((SCHEMA_INSTANCE, "type"))
        .unwrap_or_default();
    let kind = kind
        .rsplit_once(':')
        .map_or(kind, |(_, kind)| kind)
        .to_owned();
    // The toolkit reads the text, and may break down on it.
    evaluate(Weight::Light, || {
        let read = match kind.as_str() {
            "boolean" => Value::try_from_xsd_boolean(text.trim()),
            "date" => Value::try_from_xsd_date(text.trim()),
            "time" => Value::try_from_xsd_time(text.trim()),
            "dateTime" => Value::try_from_xsd_date_time(text.trim()),
            "duration" | "dayTimeDuration" | "yearMonthDuration" => {
                Value::try_from_xsd_duration(text.trim())
            }
            "decimal" | "integer" | "int" | "long" | "short" | "byte" => {
                Value::try_from_xsd_decimal(text.trim())
            }
            "double" | "float" => Value::try_from_xsd_double(text.trim()),
            "" => Ok(untyped(text)),
            _ => Ok(Value::String(text.to_owned())),
        };
        read.map_err(|fault| FeelFault::Unreadable(fault.to_string()))
    })
}

/// A value without a type says by its form what it is.
fn untyped(text: &str) -> Value {
    match text.trim() {
        "true" => Value::Boolean(true),
        "false" => Value::Boolean(false),
        number => {
            Value::try_from_xsd_decimal(number).unwrap_or_else(|_| Value::String(text.to_owned()))
        }
    }
}

/// Whether FEEL holds two values for the same.
fn same(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::Null(_), Value::Null(_)) => true,
        (Value::List(one), Value::List(two) | Value::ExpressionList(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| same(one, two))
        }
        (Value::Context(one), Value::Context(two)) => {
            one.len() == two.len()
                && one
                    .iter()
                    .zip(two.iter())
                    .all(|((name, one), (other, two))| name == other && same(one, two))
        }
        (Value::Number(one), Value::Number(two)) => one == two || close(*one, *two),
        (one, Value::Transparent(two)) => same(one, two),
        _ => expected == found || dsntk_feel_evaluator::evaluate_equals(expected, found),
    }
}

/// Answer keys write irrational results to eight places or more; the field compares them so.
fn close(expected: FeelNumber, found: FeelNumber) -> bool {
    let tolerance = FeelNumber::new(1, 8);
    (expected - found).abs() <= expected.abs() * tolerance
}
