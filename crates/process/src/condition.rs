//! When a flow is taken. The plain comparison, `outcome = "granted"`, is read once and answered
//! here without any expression engine; everything else is FEEL and goes to [`Conditions`].
//!
//! Deliberately absent: FEEL itself (floor 2, `decision`), and anything that can fail slowly.

use serde_json::{Map, Value};

/// 办件数据: what conditions may look at.
pub type Data = Map<String, Value>;

/// What a condition sees: the outcome of the task just completed, and the data of the case.
#[derive(Debug, Clone, Copy)]
pub struct Vars<'a> {
    /// The outcome just given; when absent, `outcome` is looked up in the data.
    pub outcome: Option<&'a str>,
    /// The data of the case.
    pub data: &'a Data,
}

impl<'a> Vars<'a> {
    /// The value at a dotted path; JSON null when there is none, as FEEL has it.
    fn find(&self, path: &str) -> Found<'a> {
        if path == "outcome"
            && let Some(outcome) = self.outcome
        {
            return Found::Text(outcome);
        }
        let mut steps = path.split('.');
        let mut value = steps.next().and_then(|first| self.data.get(first));
        for step in steps {
            value = value.and_then(|value| value.get(step));
        }
        match value {
            None | Some(Value::Null) => Found::Nothing,
            Some(Value::String(text)) => Found::Text(text),
            Some(Value::Bool(flag)) => Found::Flag(*flag),
            Some(Value::Number(number)) => number.as_i64().map_or(Found::Other, Found::Whole),
            Some(_) => Found::Other,
        }
    }
}

/// How many instances an expression asks for: a plain name of a number or a list is looked up
/// here, everything else is asked of the engine.
pub(crate) fn count(
    expression: &str,
    vars: &Vars<'_>,
    engine: &dyn Conditions,
) -> Result<u32, ConditionFault> {
    let text = expression.trim();
    if is_path(text) {
        let mut steps = text.split('.');
        let mut value = steps.next().and_then(|first| vars.data.get(first));
        for step in steps {
            value = value.and_then(|value| value.get(step));
        }
        match value {
            None | Some(Value::Null) => return Err(ConditionFault::NotACount(text.to_owned())),
            Some(Value::Array(list)) => return Ok(u32::try_from(list.len()).unwrap_or(u32::MAX)),
            Some(Value::Number(number)) => {
                if let Some(number) = number.as_u64() {
                    return Ok(u32::try_from(number).unwrap_or(u32::MAX));
                }
            }
            Some(_) => {}
        }
    }
    engine.count(text, vars)
}

enum Found<'a> {
    Nothing,
    Text(&'a str),
    Flag(bool),
    Whole(i64),
    Other,
}

/// Why a condition has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConditionFault {
    /// The expression cannot be read.
    #[error("the expression cannot be read: {0}")]
    Unreadable(String),
    /// The expression gave something other than true or false.
    #[error("the expression is neither true nor false: {0}")]
    NotBoolean(String),
    /// The expression gave neither a number nor a list.
    #[error("the expression is neither a number nor a list: {0}")]
    NotACount(String),
    /// No engine for such expressions is at hand.
    #[error("no engine for this expression: {0}")]
    NoEngine(String),
}

/// Answers the conditions that are more than a plain comparison.
pub trait Conditions {
    /// Whether the expression holds.
    fn holds(&self, expression: &str, vars: &Vars<'_>) -> Result<bool, ConditionFault>;

    /// Whether the expression can be read at all; asked before publication.
    fn check(&self, expression: &str) -> Result<(), ConditionFault>;

    /// The number that the expression gives, or how long its list is: instances of an activity.
    /// An engine that cannot count says so.
    fn count(&self, expression: &str, vars: &Vars<'_>) -> Result<u32, ConditionFault> {
        let _ = vars;
        Err(ConditionFault::NoEngine(expression.to_owned()))
    }
}

/// For processes that need no expression engine: knows plain comparisons only.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainOnly;

impl Conditions for PlainOnly {
    fn holds(&self, expression: &str, _vars: &Vars<'_>) -> Result<bool, ConditionFault> {
        Err(ConditionFault::NoEngine(expression.to_owned()))
    }

    fn check(&self, expression: &str) -> Result<(), ConditionFault> {
        Err(ConditionFault::NoEngine(expression.to_owned()))
    }
}

/// A value written in a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// `"granted"`
    Text(Box<str>),
    /// `true`
    Flag(bool),
    /// `3`
    Whole(i64),
}

/// The condition of a flow, read once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// No condition.
    Always,
    /// `path = literal`, `path in ("a", "b")`, a bare `path`, or `not(path)`.
    Plain {
        /// Dotted path of the variable.
        path: Box<str>,
        /// The values it may have.
        values: Vec<Literal>,
        /// `!=`: holds when the value is another one of the same kind, or null.
        negated: bool,
    },
    /// FEEL.
    Feel(Box<str>),
}

impl Condition {
    /// Reads the text of a `conditionExpression`; the leading `=` of some modelers is dropped and
    /// the trivial cases of `${…}` are translated.
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        let translated = translate(text);
        let text = translated.as_deref().unwrap_or(text);
        let text = text.strip_prefix('=').unwrap_or(text).trim();
        if text.is_empty() {
            return Self::Always;
        }
        plain(text).unwrap_or_else(|| Self::Feel(text.into()))
    }

    /// Whether the flow is taken.
    pub fn holds(&self, vars: &Vars<'_>, engine: &dyn Conditions) -> Result<bool, ConditionFault> {
        match self {
            Self::Always => Ok(true),
            Self::Plain {
                path,
                values,
                negated,
            } => match compare(&vars.find(path), values, *negated) {
                Some(answer) => Ok(answer),
                None => engine.holds(&self.to_string(), vars),
            },
            Self::Feel(text) => engine.holds(text, vars),
        }
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Always => f.write_str("true"),
            Self::Feel(text) => f.write_str(text),
            Self::Plain {
                path,
                values,
                negated,
            } => match values.as_slice() {
                [one] => write!(f, "{path} {} {one}", if *negated { "!=" } else { "=" }),
                several => {
                    let several: Vec<String> = several.iter().map(Literal::to_string).collect();
                    write!(f, "{path} in ({})", several.join(", "))
                }
            },
        }
    }
}

impl std::fmt::Display for Literal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => write!(f, "\"{text}\""),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Whole(number) => write!(f, "{number}"),
        }
    }
}

/// As FEEL compares: values of another kind are neither equal nor unequal, null is unequal.
/// `None` leaves the answer to the engine (decimals, lists, contexts).
fn compare(found: &Found<'_>, values: &[Literal], negated: bool) -> Option<bool> {
    let mut comparable = false;
    for value in values {
        let equal = match (found, value) {
            (Found::Text(text), Literal::Text(wanted)) => *text == &**wanted,
            (Found::Flag(flag), Literal::Flag(wanted)) => flag == wanted,
            (Found::Whole(number), Literal::Whole(wanted)) => number == wanted,
            (Found::Nothing, _) => return Some(negated),
            (Found::Other, _) => return None,
            _ => continue,
        };
        if equal {
            return Some(!negated);
        }
        comparable = true;
    }
    Some(negated && comparable)
}

/// `${approved}`, `${!approved}`, `${clarified == 'yes'}`; anything else stays as it is.
fn translate(text: &str) -> Option<String> {
    let inner = text.strip_prefix("${")?.strip_suffix('}')?.trim();
    if let Some(name) = inner.strip_prefix('!')
        && is_path(name.trim())
    {
        return Some(format!("not({})", name.trim()));
    }
    if is_path(inner) {
        return Some(inner.to_owned());
    }
    let (path, value) = inner.split_once("==")?;
    let value = value.trim().strip_prefix('\'')?.strip_suffix('\'')?;
    let usable = is_path(path.trim()) && !value.contains(['"', '\'', '\\']);
    usable.then(|| format!("{} = \"{value}\"", path.trim()))
}

fn plain(text: &str) -> Option<Condition> {
    if let Some(path) = text
        .strip_prefix("not(")
        .and_then(|rest| rest.strip_suffix(')'))
    {
        return flag(path.trim(), false);
    }
    if is_path(text) {
        return flag(text, true);
    }
    if let Some((path, set)) = text.split_once(" in ") {
        let set = set.trim().strip_prefix('(')?.strip_suffix(')')?;
        let values = set
            .split(',')
            .map(|item| literal(item.trim()))
            .collect::<Option<Vec<_>>>()?;
        return comparison(path, values, false);
    }
    if let Some((path, value)) = text.split_once("!=") {
        return comparison(path, vec![literal(value.trim())?], true);
    }
    let (path, value) = text.split_once('=')?;
    comparison(path, vec![literal(value.trim())?], false)
}

fn flag(path: &str, wanted: bool) -> Option<Condition> {
    comparison(path, vec![Literal::Flag(wanted)], false)
}

fn comparison(path: &str, values: Vec<Literal>, negated: bool) -> Option<Condition> {
    let path = path.trim();
    is_path(path).then(|| Condition::Plain {
        path: path.into(),
        values,
        negated,
    })
}

/// Names without spaces, joined by dots; FEEL names with spaces go to the engine.
pub(crate) fn is_path(text: &str) -> bool {
    let word = |word: &str| {
        word.chars()
            .next()
            .is_some_and(|first| first.is_alphabetic() || first == '_')
            && word
                .chars()
                .all(|letter| letter.is_alphanumeric() || letter == '_')
    };
    !matches!(text, "true" | "false" | "null") && text.split('.').all(word)
}

fn literal(text: &str) -> Option<Literal> {
    match text {
        "true" => return Some(Literal::Flag(true)),
        "false" => return Some(Literal::Flag(false)),
        _ => {}
    }
    if let Some(inner) = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        let simple = !inner.contains(['"', '\\', ',']);
        return simple.then(|| Literal::Text(inner.into()));
    }
    text.parse().ok().map(Literal::Whole)
}
