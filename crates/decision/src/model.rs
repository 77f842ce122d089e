//! DMN models: decision tables and what belongs to them, asked by the name of a decision, of a
//! decision service or of business knowledge.

use std::sync::Arc;

use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value as FeelValue;
use dsntk_model::{Definitions, DmnElement, NamedElement};
use dsntk_model_evaluator::ModelEvaluator;
use serde_json::Value;

use crate::DecisionEngine;
use crate::fence::{Clock, FeelFault, MODEL_BYTES_MAX, Weight, deep, evaluate};
use crate::inspect::{Inspection, inspect};
use crate::json;

/// A DMN file that has been read and admitted, and what it offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionModel {
    /// The namespace of the model.
    pub namespace: String,
    /// The name of the model.
    pub name: String,
    /// What can be asked for: decisions, decision services, business knowledge.
    pub offers: Vec<String>,
}

/// A DMN model ready to decide.
#[derive(Clone)]
pub struct Rules {
    model: DecisionModel,
    evaluator: Arc<ModelEvaluator>,
    weight: Weight,
}

impl std::fmt::Debug for Rules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Rules").field(&self.model).finish()
    }
}

impl Rules {
    /// Reads and compiles a DMN file.
    ///
    /// # Errors
    /// When the file is no DMN, or a rule of it is refused.
    pub fn parse(xml: &str) -> Result<Self, FeelFault> {
        Self::parse_with(xml, &[])
    }

    /// Reads and compiles a DMN file that imports others.
    ///
    /// # Errors
    /// When a file is no DMN, or a rule of one is refused.
    pub fn parse_with(xml: &str, imported: &[&str]) -> Result<Self, FeelFault> {
        Self::compile(xml, imported, Clock::Refused)
    }

    pub(crate) fn compile(xml: &str, imported: &[&str], clock: Clock) -> Result<Self, FeelFault> {
        let mut texts = vec![xml];
        texts.extend(imported);
        if texts.iter().map(|text| text.len()).sum::<usize>() > MODEL_BYTES_MAX {
            return Err(FeelFault::TooLarge);
        }
        let Inspection { texts, weight } = inspect(&texts, clock)?;
        deep(|| {
            let unreadable = |fault: String| FeelFault::Unreadable(fault);
            let parsed: Result<Vec<Definitions>, _> =
                texts.iter().map(|text| dsntk_model::parse(text)).collect();
            let all = parsed.map_err(|fault| unreadable(fault.to_string()))?;
            let Some(main) = all.first() else {
                return Err(unreadable("there is no model".to_owned()));
            };
            let model = DecisionModel {
                namespace: DmnElement::namespace(main).to_owned(),
                name: main.name().to_owned(),
                offers: offers(main),
            };
            let evaluator =
                ModelEvaluator::new(&all).map_err(|fault| unreadable(fault.to_string()))?;
            Ok(Self {
                model,
                evaluator,
                weight,
            })
        })
    }

    /// What the model is and offers.
    pub fn model(&self) -> &DecisionModel {
        &self.model
    }

    /// The value of a decision, a service or business knowledge, in the toolkit's own words.
    pub(crate) fn ask(&self, name: &str, inputs: &FeelContext) -> Result<FeelValue, FeelFault> {
        if !self.model.offers.iter().any(|offer| offer == name) {
            return Err(FeelFault::NoSuchDecision(name.to_owned()));
        }
        let DecisionModel {
            namespace,
            name: model,
            ..
        } = &self.model;
        evaluate(self.weight, || {
            Ok(self
                .evaluator
                .evaluate_invocable(namespace, model, name, inputs))
        })
    }
}

fn offers(definitions: &Definitions) -> Vec<String> {
    let decisions = definitions.decisions();
    let services = definitions.decision_services();
    let knowledge = definitions.business_knowledge_models();
    let decisions = decisions.iter().map(|decision| decision.name().to_owned());
    let services = services.iter().map(|service| service.name().to_owned());
    let knowledge = knowledge.iter().map(|model| model.name().to_owned());
    decisions.chain(services).chain(knowledge).collect()
}

impl DecisionEngine for Rules {
    fn names(&self) -> Vec<String> {
        self.model.offers.clone()
    }

    fn decide(&self, name: &str, inputs: &Value) -> Result<Value, FeelFault> {
        let inputs = json::context(inputs)?;
        match self.ask(name, &inputs)? {
            FeelValue::Null(Some(reason)) => Err(FeelFault::NoValue(reason)),
            value => json::out(&value),
        }
    }
}
