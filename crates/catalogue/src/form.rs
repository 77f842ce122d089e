//! Answers against the form of an item, with one problem per field and a code for each.
//!
//! The rule of a field is JSON Schema 2020-12 (crate `jsonschema`), restricted to [`KEYWORDS`]:
//! no references, no combinators, nothing that a person could not be told in one sentence.
//! Visibility and the rules that look at today or at another field are ours. Wording is
//! deliberately absent: codes are turned into sentences by `messages.toml`.

mod format;
mod read;

pub use format::{FORMATS, is as has_format};
pub use read::from_pairs;

use crate::model::{Condition, DateRule, FormField, ItemContent, Prefill};
use jiff::civil::Date;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{PatternOptions, Validator};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Keywords a field's schema may use.
pub const KEYWORDS: &[&str] = &[
    "type",
    "format",
    "enum",
    "const",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
];

/// No text is longer than this, whatever a schema says.
pub const TEXT_MAX: usize = 4_000;

/// What is wrong with one answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldProblem {
    /// Name of the field; empty when the answers as a whole are unreadable.
    pub field: String,
    /// Code in `messages.toml`.
    pub code: &'static str,
    /// What the wording fills in.
    pub params: BTreeMap<&'static str, String>,
}

/// Answers that fit: tidied, and only of fields that apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clean {
    /// The answers by field.
    pub values: Map<String, Value>,
    /// Fields answered although they do not apply; their answers were dropped.
    pub dropped: Vec<String>,
}

/// Why a form cannot be used at all: its editor made a mistake.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormFault {
    /// The schema of a field is not valid.
    #[error("field {field}: {reason}")]
    Schema {
        /// The field.
        field: String,
        /// What the validator says.
        reason: String,
    },
    /// The schema of a field uses a keyword outside [`KEYWORDS`].
    #[error("field {field}: the keyword {keyword} is not supported")]
    Keyword {
        /// The field.
        field: String,
        /// The keyword.
        keyword: String,
    },
    /// The schema of a field names a format outside [`FORMATS`].
    #[error("field {field}: the format {format} is not known")]
    Format {
        /// The field.
        field: String,
        /// The format.
        format: String,
    },
}

/// A form made ready for checking answers; keep it with the item version.
#[derive(Debug)]
pub struct FormChecker {
    rules: Vec<Rule>,
    age_min: Option<u32>,
}

#[derive(Debug)]
struct Rule {
    field: FormField,
    validator: Validator,
}

impl FormChecker {
    /// Makes the form of an item ready.
    pub fn new(content: &ItemContent) -> Result<Self, FormFault> {
        let rules = content
            .fields
            .iter()
            .map(Rule::new)
            .collect::<Result<_, _>>()?;
        Ok(Self {
            rules,
            age_min: content.age_min,
        })
    }

    /// Checks answers given for a scenario: a JSON object, field → value.
    pub fn check(
        &self,
        scenario: &str,
        answers: &Value,
        today: Date,
    ) -> Result<Clean, Vec<FieldProblem>> {
        let Some(answers) = answers.as_object() else {
            return Err(vec![problem("", "answer.not_an_object", [])]);
        };
        let mut clean = Clean {
            values: Map::new(),
            dropped: Vec::new(),
        };
        let mut problems = self.unknown(answers);
        for rule in &self.rules {
            let field = &rule.field;
            let answer = answers.get(&field.name).map(|value| tidy(field, value));
            let answer = answer.filter(|value| !is_blank(value));
            if !applies(field.visible_if.as_ref(), scenario, &clean.values) {
                if answer.is_some() {
                    clean.dropped.push(field.name.clone());
                }
                continue;
            }
            match answer {
                None if field.required => {
                    problems.push(problem(&field.name, "answer.required", []))
                }
                None => {}
                Some(value) => match rule.problem(&value, self.age_min, today) {
                    Some(found) => problems.push(found),
                    None => {
                        clean.values.insert(field.name.clone(), value);
                    }
                },
            }
        }
        self.compare_dates(&clean.values, &mut problems);
        if problems.is_empty() {
            Ok(clean)
        } else {
            Err(problems)
        }
    }

    fn unknown(&self, answers: &Map<String, Value>) -> Vec<FieldProblem> {
        let known = |name: &String| self.rules.iter().any(|rule| rule.field.name == *name);
        let unknown = answers.keys().filter(|name| !known(name));
        unknown
            .map(|name| problem(name, "answer.unknown_field", []))
            .collect()
    }

    fn compare_dates(&self, values: &Map<String, Value>, problems: &mut Vec<FieldProblem>) {
        let day = |name: &str| {
            values
                .get(name)
                .and_then(Value::as_str)
                .and_then(format::date)
        };
        for field in self.rules.iter().map(|rule| &rule.field) {
            let Some(earlier) = &field.not_before else {
                continue;
            };
            if let (Some(from), Some(until)) = (day(earlier), day(&field.name))
                && until < from
            {
                let params = [("earlier", earlier.clone()), ("date", from.to_string())];
                problems.push(problem(&field.name, "answer.date_before_other", params));
            }
        }
    }
}

impl Rule {
    fn new(field: &FormField) -> Result<Self, FormFault> {
        check_keywords(field, &field.schema)?;
        let mut options = jsonschema::draft202012::options()
            .offline()
            .should_validate_formats(true)
            .with_pattern_options(PatternOptions::regex().size_limit(1 << 20));
        for name in FORMATS {
            options = options.with_format(*name, |text: &str| format::is(name, text));
        }
        let validator = options
            .build(&field.schema)
            .map_err(|fault| FormFault::Schema {
                field: field.name.clone(),
                reason: fault.to_string(),
            })?;
        Ok(Self {
            field: field.clone(),
            validator,
        })
    }

    fn problem(&self, value: &Value, age_min: Option<u32>, today: Date) -> Option<FieldProblem> {
        let name = self.field.name.as_str();
        if value
            .as_str()
            .is_some_and(|text| TEXT_MAX < text.chars().count())
        {
            return Some(problem(
                name,
                "answer.too_long",
                [("max", TEXT_MAX.to_string())],
            ));
        }
        if value.as_str().is_some_and(has_control_characters) {
            return Some(problem(name, "answer.control_characters", []));
        }
        if value.is_number() && value.as_i64().is_none() {
            return Some(problem(name, "answer.not_a_number", []));
        }
        let first = self.validator.iter_errors(value).next();
        if let Some(fault) = first {
            return Some(explain(&self.field, fault.kind(), value));
        }
        let text = value.as_str()?;
        match self.field.format() {
            Some("date") => self.date_problem(text, today),
            Some("citizen-id") => self.identity_problem(text, age_min, today),
            _ => None,
        }
    }

    fn date_problem(&self, text: &str, today: Date) -> Option<FieldProblem> {
        let day = format::date(text)?;
        match self.field.date_rule? {
            DateRule::NotFuture if today < day => {
                Some(problem(&self.field.name, "answer.date_in_future", []))
            }
            DateRule::NotPast if day < today => {
                Some(problem(&self.field.name, "answer.date_in_past", []))
            }
            DateRule::NotFuture | DateRule::NotPast => None,
        }
    }

    fn identity_problem(
        &self,
        text: &str,
        age_min: Option<u32>,
        today: Date,
    ) -> Option<FieldProblem> {
        let name = self.field.name.as_str();
        let identity = match codes::CitizenId::parse(text, today) {
            Ok(identity) => identity,
            Err(reason) => return Some(problem(name, "answer.not_a_citizen_id", reasons(&reason))),
        };
        let age_min =
            age_min.filter(|_| self.field.prefill == Some(Prefill::PersonIdentityNumber))?;
        let too_young = i64::from(identity.age_on(today)) < i64::from(age_min);
        too_young.then(|| problem(name, "answer.under_age", [("age_min", age_min.to_string())]))
    }
}

/// Whether a condition holds for a scenario and the answers before it.
pub fn applies(when: Option<&Condition>, scenario: &str, earlier: &Map<String, Value>) -> bool {
    let Some(when) = when else { return true };
    let here = when.scenarios.is_empty() || when.scenarios.iter().any(|id| id == scenario);
    let answered = when.answer.as_ref().is_none_or(|answer| {
        earlier.get(&answer.field).is_some_and(|given| match given {
            Value::Array(several) => several.iter().any(|one| answer.one_of.contains(one)),
            one => answer.one_of.contains(one),
        })
    });
    here && answered
}

/// The whole form of a scenario as one JSON Schema, for the API and for integrators. Fields that
/// depend on an answer are never required in it.
pub fn json_schema(content: &ItemContent, scenario: &str) -> Value {
    let empty = Vec::new();
    let here = |field: &&FormField| {
        let scenarios = field
            .visible_if
            .as_ref()
            .map_or(&empty, |when| &when.scenarios);
        scenarios.is_empty() || scenarios.iter().any(|id| id == scenario)
    };
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in content.fields.iter().filter(here) {
        let mut schema = field.schema.clone();
        if let Some(object) = schema.as_object_mut() {
            object.insert("title".to_owned(), Value::from(field.label.zh.clone()));
        }
        properties.insert(field.name.clone(), schema);
        let always = field
            .visible_if
            .as_ref()
            .is_none_or(|when| when.answer.is_none());
        if field.required && always {
            required.push(Value::from(field.name.clone()));
        }
    }
    serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": content.name.zh,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn check_keywords(field: &FormField, schema: &Value) -> Result<(), FormFault> {
    let name = || field.name.clone();
    let Some(object) = schema.as_object() else {
        let reason = "the schema is not an object".to_owned();
        return Err(FormFault::Schema {
            field: name(),
            reason,
        });
    };
    for (keyword, value) in object {
        if !KEYWORDS.contains(&keyword.as_str()) {
            return Err(FormFault::Keyword {
                field: name(),
                keyword: keyword.clone(),
            });
        }
        match (keyword.as_str(), value.as_str()) {
            ("items", _) => check_keywords(field, value)?,
            ("format", Some(format)) if !FORMATS.contains(&format) => {
                return Err(FormFault::Format {
                    field: name(),
                    format: format.to_owned(),
                });
            }
            _ => {}
        }
    }
    Ok(())
}

fn explain(field: &FormField, kind: &ValidationErrorKind, value: &Value) -> FieldProblem {
    use ValidationErrorKind as Kind;
    let name = field.name.as_str();
    let max = |limit: String| [("max", limit)];
    let min = |limit: String| [("min", limit)];
    match kind {
        Kind::Type { .. } if field.schema.get("type") == Some(&Value::from("integer")) => {
            problem(name, "answer.not_a_number", [])
        }
        Kind::MaxLength { limit } => problem(name, "answer.too_long", max(limit.to_string())),
        Kind::MinLength { limit } => problem(name, "answer.too_short", min(limit.to_string())),
        Kind::Maximum { limit } => problem(name, "answer.too_large", max(limit.to_string())),
        Kind::Minimum { limit } => problem(name, "answer.too_small", min(limit.to_string())),
        Kind::MaxItems { limit } => problem(name, "answer.too_many", max(limit.to_string())),
        Kind::MinItems { limit } => problem(name, "answer.too_few", min(limit.to_string())),
        Kind::UniqueItems => problem(name, "answer.repeated", []),
        Kind::Constant { expected_value } if **expected_value == Value::Bool(true) => {
            problem(name, "answer.must_agree", [])
        }
        Kind::Enum { .. } | Kind::Constant { .. } => problem(name, "answer.not_in_list", []),
        Kind::Format { .. } => wrong_format(field, value.as_str().unwrap_or_default()),
        Kind::Pattern { .. } => problem(name, "answer.wrong_pattern", []),
        _ => problem(name, "answer.wrong_type", []),
    }
}

fn wrong_format(field: &FormField, text: &str) -> FieldProblem {
    let name = field.name.as_str();
    let code = match field.format() {
        Some("date") => "answer.not_a_date",
        Some("uscc") => match codes::Uscc::parse(text) {
            Err(reason) => return problem(name, "answer.not_a_uscc", reasons(&reason)),
            Ok(_) => "answer.wrong_pattern",
        },
        Some("citizen-id") => match codes::CitizenId::parse_stored(text) {
            Err(reason) => return problem(name, "answer.not_a_citizen_id", reasons(&reason)),
            Ok(_) => "answer.wrong_pattern",
        },
        Some("phone") => "answer.not_a_phone",
        Some("postcode") => "answer.not_a_postcode",
        Some("email") => "answer.not_an_email",
        _ => "answer.wrong_pattern",
    };
    problem(name, code, [])
}

fn reasons(fault: &codes::CodeError) -> [(&'static str, String); 2] {
    [("reason_zh", fault.zh()), ("reason_en", fault.to_string())]
}

fn problem<const N: usize>(
    field: &str,
    code: &'static str,
    params: [(&'static str, String); N],
) -> FieldProblem {
    FieldProblem {
        field: field.to_owned(),
        code,
        params: BTreeMap::from(params),
    }
}

fn tidy(field: &FormField, value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(format::tidy(field.format(), text)),
        other => other.clone(),
    }
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(several) => several.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    }
}

fn has_control_characters(text: &str) -> bool {
    text.chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t') || kernel::text::is_unseen(c))
}
