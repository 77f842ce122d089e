//! JSON in, JSON out: the only values that rooms and the toolkit exchange.
//!
//! Numbers keep every digit (decimal128, never floating point). Dates, times and durations come
//! out as their text.

use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value as Feel;
use dsntk_feel::{FeelNumber, Name};
use serde_json::{Map, Number, Value};

use crate::fence::{DEPTH_MAX, FeelFault};

/// The entries of a JSON object as a context; anything else is an empty context.
pub(crate) fn context(data: &Value) -> Result<FeelContext, FeelFault> {
    match data {
        Value::Object(entries) => entries_in(entries, 0),
        _ => Ok(FeelContext::default()),
    }
}

pub(crate) fn entries_in(
    entries: &Map<String, Value>,
    depth: usize,
) -> Result<FeelContext, FeelFault> {
    let mut context = FeelContext::default();
    for (name, value) in entries {
        context.set_entry(&Name::from(name.as_str()), into(value, depth + 1)?);
    }
    Ok(context)
}

fn into(value: &Value, depth: usize) -> Result<Feel, FeelFault> {
    if depth > DEPTH_MAX {
        return Err(FeelFault::TooDeep);
    }
    Ok(match value {
        Value::Null => Feel::Null(None),
        Value::Bool(flag) => Feel::Boolean(*flag),
        Value::String(text) => Feel::String(text.clone()),
        Value::Number(number) => {
            let number: Result<FeelNumber, _> = number.to_string().parse();
            Feel::Number(number.map_err(|fault| FeelFault::Unreadable(fault.to_string()))?)
        }
        Value::Array(items) => Feel::List(
            items
                .iter()
                .map(|item| into(item, depth + 1))
                .collect::<Result<_, _>>()?,
        ),
        Value::Object(entries) => Feel::Context(entries_in(entries, depth)?),
    })
}

/// The value for JSON; a function or a type is no value.
pub(crate) fn out(value: &Feel) -> Result<Value, FeelFault> {
    Ok(match value {
        Feel::Null(_) => Value::Null,
        Feel::Boolean(flag) => Value::Bool(*flag),
        Feel::String(text) => Value::String(text.clone()),
        Feel::Number(number) => number_out(&number.to_string()),
        Feel::List(items) | Feel::ExpressionList(items) => {
            Value::Array(items.iter().map(out).collect::<Result<_, _>>()?)
        }
        Feel::Context(context) => {
            let entries = context
                .iter()
                .map(|(name, value)| Ok((name.to_string(), out(value)?)));
            Value::Object(entries.collect::<Result<_, FeelFault>>()?)
        }
        Feel::Transparent(inner) => out(inner)?,
        Feel::Date(_)
        | Feel::Time(_)
        | Feel::DateTime(_)
        | Feel::DaysAndTimeDuration(_)
        | Feel::YearsAndMonthsDuration(_)
        | Feel::Range(..) => Value::String(value.to_string()),
        other => return Err(FeelFault::NoValue(other.to_string())),
    })
}

/// Whole numbers as such; decimals as a JSON number where it says the same, else as text.
fn number_out(text: &str) -> Value {
    if let Ok(whole) = text.parse::<i64>() {
        return whole.into();
    }
    let exact = text
        .parse::<f64>()
        .ok()
        .filter(|value| value.to_string() == text);
    exact
        .and_then(Number::from_f64)
        .map_or_else(|| Value::String(text.to_owned()), Value::Number)
}
