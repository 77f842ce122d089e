//! From what a browser sends to answers: a page posts texts, a form has types. What cannot be read
//! stays a text, so that the check names the field instead of this reader losing the value.

use crate::model::ItemContent;
use serde_json::{Map, Value};

/// Turns posted pairs into answers by the types of the fields; other names are left away.
pub fn from_pairs<'a>(
    content: &ItemContent,
    pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Value {
    let mut answers = Map::new();
    for (name, text) in pairs {
        let Some(field) = content.field(name) else {
            continue;
        };
        match field.schema.get("type").and_then(Value::as_str) {
            Some("array") => {
                let several = answers
                    .entry(name)
                    .or_insert_with(|| Value::Array(Vec::new()));
                if let (Some(several), false) = (several.as_array_mut(), text.trim().is_empty()) {
                    several.push(Value::from(text.trim()));
                }
            }
            Some("integer") => {
                answers.insert(name.to_owned(), integer(text));
            }
            Some("boolean") => {
                answers.insert(name.to_owned(), Value::Bool(is_yes(text)));
            }
            _ => {
                answers.insert(name.to_owned(), Value::from(text));
            }
        }
    }
    Value::Object(answers)
}

fn integer(text: &str) -> Value {
    let digits = super::format::tidy(Some("phone"), text).replace([',', '，'], "");
    digits
        .parse::<i64>()
        .map_or_else(|_| Value::from(text), Value::from)
}

fn is_yes(text: &str) -> bool {
    matches!(text.trim(), "on" | "true" | "1" | "yes" | "是")
}
