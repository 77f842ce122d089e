//! One decision table that answers a matter by itself: what it asks, what it may answer, and which
//! of its rules took an input, so that a decision can be recorded and made again.
//!
//! The rules that matched are asked of the table itself: the same table with the hit policy COLLECT
//! and each answer replaced by the number of its rule. Deliberately absent: what an answer means.

use std::collections::BTreeMap;
use std::ops::Range;

use roxmltree::{Document, Node};
use serde_json::{Map, Value};

use crate::DecisionEngine;
use crate::fence::FeelFault;
use crate::inspect::read;
use crate::model::Rules;

/// More rules than any office reads through.
pub const RULES_MAX: usize = 1_000;

/// A decision table ready to rule.
#[derive(Debug, Clone)]
pub struct RuleTable {
    name: String,
    inputs: Vec<Input>,
    columns: Vec<String>,
    rules: Vec<Rule>,
    policy: String,
    table: Rules,
    tracer: Rules,
}

/// What a table asks for by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The name under which it comes in.
    pub name: String,
    /// Its type in FEEL; empty when the file names none.
    pub kind: String,
}

/// One rule as its author wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The cell of each column.
    pub cells: Vec<String>,
    /// The answer, as FEEL.
    pub answer: String,
    /// What the author noted beside it, such as the article it rests on.
    pub note: String,
}

/// What a table answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Ruling {
    /// The answer; null when no rule takes the input.
    pub answer: Value,
    /// The rules that matched, counted from one.
    pub matched: Vec<u16>,
}

impl RuleTable {
    /// Reads a file whose one decision is one table with one answer.
    ///
    /// # Errors
    /// When the file is no DMN, holds more or less than that, or a rule of it is refused.
    pub fn parse(xml: &str) -> Result<Self, FeelFault> {
        let table = Rules::parse(xml)?;
        let document = read(xml)?;
        let parts = Parts::of(&document)?;
        let tracer = Rules::parse(&parts.traced(xml))?;
        Ok(Self {
            name: parts.name.to_owned(),
            inputs: parts.inputs(),
            columns: parts.columns(),
            rules: parts.rules.iter().map(|rule| written(*rule)).collect(),
            policy: parts
                .table
                .attribute("hitPolicy")
                .unwrap_or("UNIQUE")
                .to_owned(),
            table,
            tracer,
        })
    }

    /// The name of the decision.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it asks for.
    #[must_use]
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// What its columns test, as FEEL.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Its rules, in order.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The hit policy, as DMN names it.
    #[must_use]
    pub fn policy(&self) -> &str {
        &self.policy
    }

    /// The inputs of the table out of more data; what is not there is null.
    #[must_use]
    pub fn inputs_of(&self, data: &Map<String, Value>) -> Map<String, Value> {
        let value = |name: &String| data.get(name).cloned().unwrap_or(Value::Null);
        let names = self.inputs.iter().map(|input| &input.name);
        names.map(|name| (name.clone(), value(name))).collect()
    }

    /// Rules: the answer, and the rules that took the input.
    ///
    /// # Errors
    /// When a rule breaks down on the input. An input that no rule takes is answered with null.
    pub fn rule(&self, inputs: &Map<String, Value>) -> Result<Ruling, FeelFault> {
        let inputs = Value::Object(inputs.clone());
        let answer = match self.table.decide(&self.name, &inputs) {
            Ok(answer) => answer,
            Err(FeelFault::NoValue(_)) => Value::Null,
            Err(fault) => return Err(fault),
        };
        let matched = match self.tracer.decide(&self.name, &inputs) {
            Ok(Value::Array(numbers)) => numbers,
            Ok(_) | Err(FeelFault::NoValue(_)) => Vec::new(),
            Err(fault) => return Err(fault),
        };
        let number = |one: &Value| one.as_u64().and_then(|one| u16::try_from(one).ok());
        Ok(Ruling {
            answer,
            matched: matched.iter().filter_map(number).collect(),
        })
    }
}

/// The elements of a file with one decision that is one table.
struct Parts<'a> {
    document: &'a Document<'a>,
    decision: Node<'a, 'a>,
    name: &'a str,
    table: Node<'a, 'a>,
    rules: Vec<Node<'a, 'a>>,
}

fn named<'a>(node: Node<'a, 'a>, name: &'static str) -> impl Iterator<Item = Node<'a, 'a>> + 'a {
    let children = node.children();
    children.filter(move |child| child.tag_name().name() == name)
}

fn text_of<'a>(node: Node<'a, 'a>) -> &'a str {
    let text = named(node, "text").next().and_then(|text| text.text());
    text.unwrap_or_default().trim()
}

fn written(rule: Node<'_, '_>) -> Rule {
    let note = rule
        .children()
        .filter(|child| matches!(child.tag_name().name(), "annotationEntry" | "description"));
    let note = note.map(|one| match one.tag_name().name() {
        "description" => one.text().unwrap_or_default().trim().to_owned(),
        _ => {
            let text = one
                .children()
                .find(|child| child.tag_name().name() == "text");
            let text = text.and_then(|text| text.text());
            text.unwrap_or_default().trim().to_owned()
        }
    });
    let texts = |name: &str| -> Vec<String> {
        let cells = rule
            .children()
            .filter(|child| child.tag_name().name() == name);
        let text = |cell: Node<'_, '_>| {
            let text = cell
                .children()
                .find(|child| child.tag_name().name() == "text");
            let text = text.and_then(|text| text.text()).unwrap_or_default();
            text.trim().to_owned()
        };
        cells.map(text).collect()
    };
    Rule {
        cells: texts("inputEntry"),
        answer: texts("outputEntry").into_iter().next().unwrap_or_default(),
        note: note.collect::<Vec<_>>().join(" "),
    }
}

impl<'a> Parts<'a> {
    fn of(document: &'a Document<'a>) -> Result<Self, FeelFault> {
        let shape = |what: &str| FeelFault::Unreadable(what.to_owned());
        let root = document.root_element();
        let mut logic = root.children().filter(|node| {
            matches!(
                node.tag_name().name(),
                "decision" | "businessKnowledgeModel" | "decisionService" | "import"
            )
        });
        let (Some(decision), None) = (logic.next(), logic.next()) else {
            return Err(shape("there has to be one decision and nothing else"));
        };
        let table = named(decision, "decisionTable").next();
        let table = table.ok_or_else(|| shape("the decision has to be a table"))?;
        if named(table, "output").count() != 1 {
            return Err(shape("the table has to have one answer"));
        }
        let rules: Vec<_> = named(table, "rule").collect();
        if rules.is_empty() || RULES_MAX < rules.len() {
            return Err(shape("the table has no rules, or too many"));
        }
        let outputs = |rule: &Node<'a, 'a>| named(*rule, "outputEntry").count();
        if rules.iter().any(|rule| outputs(rule) != 1) {
            return Err(shape("each rule has to have one answer"));
        }
        Ok(Self {
            name: decision.attribute("name").unwrap_or_default(),
            document,
            decision,
            table,
            rules,
        })
    }

    fn inputs(&self) -> Vec<Input> {
        let all = named(self.document.root_element(), "inputData");
        let mut found = BTreeMap::new();
        for input in all {
            let variable = named(input, "variable").next();
            let kind = variable.and_then(|one| one.attribute("typeRef"));
            let name = input.attribute("name").unwrap_or_default();
            found.insert(name, kind.unwrap_or_default());
        }
        let input = |(name, kind): (&str, &str)| Input {
            name: name.to_owned(),
            kind: kind.to_owned(),
        };
        found.into_iter().map(input).collect()
    }

    fn columns(&self) -> Vec<String> {
        let inputs = named(self.table, "input");
        let tested = inputs.filter_map(|input| named(input, "inputExpression").next());
        tested.map(|one| text_of(one).to_owned()).collect()
    }

    /// The file with a table that answers with the numbers of the rules that match.
    fn traced(&self, xml: &str) -> String {
        let mut places: Vec<(Range<usize>, String)> = Vec::new();
        for (at, rule) in self.rules.iter().enumerate() {
            for entry in named(*rule, "outputEntry") {
                let text = named(entry, "text").next().unwrap_or(entry);
                let tag = tag_of(xml, text);
                let number = format!("<{tag}>{}</{tag}>", at + 1);
                places.push((text.range(), number));
            }
        }
        let mut drop = |range: Range<usize>| places.push((range, String::new()));
        for output in named(self.table, "output") {
            for name in ["outputValues", "defaultOutputEntry"] {
                named(output, name).for_each(|node| drop(node.range()));
            }
            output
                .attributes()
                .filter(|one| one.name() == "typeRef")
                .for_each(|one| drop(one.range()));
        }
        for variable in named(self.decision, "variable") {
            let types = variable.attributes().filter(|one| one.name() == "typeRef");
            types.for_each(|one| drop(one.range()));
        }
        let policies = self.table.attributes();
        policies
            .filter(|one| matches!(one.name(), "hitPolicy" | "aggregation"))
            .for_each(|one| drop(one.range()));
        let open = self.table.range().start + 1 + tag_of(xml, self.table).len();
        places.push((open..open, " hitPolicy=\"COLLECT\"".to_owned()));
        places.sort_by_key(|(place, _)| std::cmp::Reverse((place.start, place.end)));
        let mut traced = xml.to_owned();
        for (place, text) in places {
            traced.replace_range(place, &text);
        }
        traced
    }
}

/// The name of an element as it is written, prefix and all.
fn tag_of<'x>(xml: &'x str, node: Node<'_, '_>) -> &'x str {
    let open = xml.get(node.range().start + 1..).unwrap_or_default();
    let end = open.find(|one: char| one.is_whitespace() || matches!(one, '>' | '/'));
    open.get(..end.unwrap_or(0)).unwrap_or_default()
}
