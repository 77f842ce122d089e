//! FEEL expressions, compiled once and kept.
//!
//! FEEL names may hold spaces, so how a text is read depends on the names in the data. Compiled
//! expressions are therefore kept by text and names together.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use dsntk_feel::values::Value as FeelValue;
use dsntk_feel::{Evaluator, FeelScope};
use process::{ConditionFault, Conditions, Vars};
use serde_json::{Map, Value};

use crate::fence::{Clock, FeelFault, Weight, admit, deep, evaluate};
use crate::json;

/// More different expressions than a hall has; past it the memory is emptied and filled anew.
const KEPT_MAX: usize = 4096;

/// A compiled expression, to be evaluated as often as wanted.
#[derive(Clone)]
pub struct Expression {
    evaluator: Arc<Evaluator>,
    weight: Weight,
}

impl std::fmt::Debug for Expression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Expression")
    }
}

/// Compiles, keeps and evaluates FEEL; shared by all threads.
#[derive(Debug, Default)]
pub struct Feel {
    kept: Mutex<BTreeMap<(String, String), Expression>>,
}

impl Feel {
    /// An engine that has kept nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Compiles an expression whose names hold no spaces.
    pub fn compile(&self, text: &str) -> Result<Expression, FeelFault> {
        self.compile_for(text, &Value::Null)
    }

    /// Compiles an expression over data like these.
    pub fn compile_for(&self, text: &str, data: &Value) -> Result<Expression, FeelFault> {
        let names = data.as_object().map(names).unwrap_or_default();
        let key = (text.to_owned(), names);
        if let Some(known) = self
            .kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
        {
            return Ok(known.clone());
        }
        let weight = admit(text, Clock::Refused)?;
        let expression = deep(|| {
            let scope = FeelScope::from(json::context(data)?);
            let tree = dsntk_feel_parser::parse_expression(&scope, text, false)
                .map_err(|fault| FeelFault::Unreadable(fault.to_string()))?;
            let evaluator = Arc::new(dsntk_feel_evaluator::prepare(&tree));
            Ok(Expression { evaluator, weight })
        })?;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        kept.insert(key, expression.clone());
        Ok(expression)
    }

    /// The value of an expression for these data.
    pub fn evaluate(&self, expression: &Expression, data: &Value) -> Result<Value, FeelFault> {
        evaluate(expression.weight, || {
            let scope = FeelScope::from(json::context(data)?);
            match (expression.evaluator)(&scope) {
                FeelValue::Null(Some(reason)) => Err(FeelFault::NoValue(reason)),
                value => json::out(&value),
            }
        })
    }
}

/// All names of the data, nested ones too: what the reading of a text depends on.
fn names(data: &Map<String, Value>) -> String {
    let mut all = String::new();
    for (name, value) in data {
        all.push_str(name);
        if let Value::Object(inner) = value {
            all.push('{');
            all.push_str(&names(inner));
            all.push('}');
        }
        all.push('\n');
    }
    all
}

/// FEEL on the flows of a process. A condition without a value does not hold (null is not true).
impl Conditions for Feel {
    fn holds(&self, expression: &str, vars: &Vars<'_>) -> Result<bool, ConditionFault> {
        let mut data = vars.data.clone();
        if let Some(outcome) = vars.outcome {
            data.insert("outcome".to_owned(), outcome.into());
        }
        let data = Value::Object(data);
        let compiled = self.compile_for(expression, &data).map_err(unreadable)?;
        match self.evaluate(&compiled, &data) {
            Ok(Value::Bool(answer)) => Ok(answer),
            Ok(Value::Null) | Err(FeelFault::NoValue(_)) => Ok(false),
            Ok(other) => Err(ConditionFault::NotBoolean(other.to_string())),
            Err(fault) => Err(unreadable(fault)),
        }
    }

    fn check(&self, expression: &str) -> Result<(), ConditionFault> {
        self.compile(expression).map(drop).map_err(unreadable)
    }

    /// A number, or how long a list is: how many instances of an activity there are.
    fn count(&self, expression: &str, vars: &Vars<'_>) -> Result<u32, ConditionFault> {
        let data = Value::Object(vars.data.clone());
        let compiled = self.compile_for(expression, &data).map_err(unreadable)?;
        let value = self.evaluate(&compiled, &data).map_err(unreadable)?;
        let number = match &value {
            Value::Array(list) => u32::try_from(list.len()).ok(),
            Value::Number(number) => number
                .as_u64()
                .and_then(|number| u32::try_from(number).ok()),
            _ => None,
        };
        number.ok_or_else(|| ConditionFault::NotACount(value.to_string()))
    }
}

fn unreadable(fault: FeelFault) -> ConditionFault {
    ConditionFault::Unreadable(fault.to_string())
}
