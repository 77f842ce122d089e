//! DMN models: decision tables and what belongs to them, asked by the name of a decision.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dsntk_feel::values::Value as FeelValue;
use dsntk_model::NamedElement;
use dsntk_model_evaluator::ModelEvaluator;
use roxmltree::{Document, ParsingOptions};
use serde_json::Value;

use crate::DecisionEngine;
use crate::fence::{DEPTH_MAX, FeelFault, MODEL_BYTES_MAX, admit, bare, calls, deep, guarded};
use crate::json;

const XML_NODES_MAX: u32 = 200_000;

/// A DMN file that has been read and admitted, and what it offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionModel {
    /// The namespace of the model.
    pub namespace: String,
    /// The name of the model.
    pub name: String,
    /// The decisions and services that can be asked for.
    pub offers: Vec<String>,
}

/// A DMN model ready to decide.
#[derive(Clone)]
pub struct Rules {
    model: DecisionModel,
    evaluator: Arc<ModelEvaluator>,
}

impl std::fmt::Debug for Rules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Rules").field(&self.model).finish()
    }
}

impl Rules {
    /// Reads and compiles a DMN file.
    pub fn parse(xml: &str) -> Result<Self, FeelFault> {
        if xml.len() > MODEL_BYTES_MAX {
            return Err(FeelFault::TooLarge);
        }
        process::refuse_depth(xml, DEPTH_MAX).map_err(|_| FeelFault::TooDeep)?;
        inspect(xml)?;
        deep(|| {
            let unreadable = |fault: String| FeelFault::Unreadable(fault);
            let definitions =
                dsntk_model::parse(xml).map_err(|fault| unreadable(fault.to_string()))?;
            let decisions = definitions.decisions();
            let services = definitions.decision_services();
            let named = decisions.iter().map(|decision| decision.name().to_owned());
            let served = services.iter().map(|service| service.name().to_owned());
            let model = DecisionModel {
                namespace: dsntk_model::DmnElement::namespace(&definitions).to_owned(),
                name: definitions.name().to_owned(),
                offers: named.chain(served).collect(),
            };
            let evaluator = ModelEvaluator::new(std::slice::from_ref(&definitions))
                .map_err(|fault| unreadable(fault.to_string()))?;
            Ok(Self { model, evaluator })
        })
    }

    /// What the model is and offers.
    pub fn model(&self) -> &DecisionModel {
        &self.model
    }
}

impl DecisionEngine for Rules {
    fn names(&self) -> Vec<String> {
        self.model.offers.clone()
    }

    fn decide(&self, name: &str, inputs: &Value) -> Result<Value, FeelFault> {
        if !self.model.offers.iter().any(|offer| offer == name) {
            return Err(FeelFault::NoSuchDecision(name.to_owned()));
        }
        guarded(|| {
            let inputs = json::context(inputs)?;
            let DecisionModel {
                namespace,
                name: model,
                ..
            } = &self.model;
            match self
                .evaluator
                .evaluate_invocable(namespace, model, name, &inputs)
            {
                FeelValue::Null(Some(reason)) => Err(FeelFault::NoValue(reason)),
                value => json::out(&value),
            }
        })
    }
}

/// Looks at every expression of the file before the toolkit sees it.
fn inspect(xml: &str) -> Result<(), FeelFault> {
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: XML_NODES_MAX,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(xml, options)
        .map_err(|fault| FeelFault::Unreadable(fault.to_string()))?;
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let function = matches!(
            node.tag_name().name(),
            "functionDefinition" | "encapsulatedLogic"
        );
        if let Some(kind) = node
            .attribute("kind")
            .filter(|kind| function && *kind != "FEEL")
        {
            return Err(FeelFault::Outside(format!("{kind} function")));
        }
        if node.tag_name().name() == "text" {
            admit(node.text().unwrap_or_default())?;
        }
    }
    refuse_called_values(&document)?;
    refuse_circles(&document)
}

/// Inside a function, a parameter or an entry of a context may not be called: handed to itself,
/// it would recurse until the stack ends. Nor may a built-in function be handed one by name.
fn refuse_called_values(document: &Document<'_>) -> Result<(), FeelFault> {
    let values: BTreeSet<&str> = document
        .descendants()
        .filter(|node| {
            node.tag_name().name() == "formalParameter"
                || node.tag_name().name() == "variable"
                    && node
                        .parent()
                        .is_some_and(|up| up.tag_name().name() == "contextEntry")
        })
        .filter_map(|node| node.attribute("name"))
        .collect();
    let bodies = document.descendants().filter(|node| {
        matches!(
            node.tag_name().name(),
            "functionDefinition" | "encapsulatedLogic"
        )
    });
    for text in bodies.flat_map(|body| body.descendants()) {
        let invoked = text.parent().and_then(|up| up.parent());
        let invoked = invoked.is_some_and(|up| up.tag_name().name() == "invocation");
        let written = text
            .text()
            .filter(|_| text.tag_name().name() == "text")
            .unwrap_or_default();
        let written = bare(written);
        if values
            .iter()
            .any(|name| calls(&written, name) || invoked && written.trim() == *name)
        {
            return Err(FeelFault::Function);
        }
    }
    Ok(())
}

/// Knowledge or decisions that need themselves would recurse until the stack ends.
fn refuse_circles(document: &Document<'_>) -> Result<(), FeelFault> {
    let mut needs: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for element in document
        .root_element()
        .children()
        .filter(roxmltree::Node::is_element)
    {
        let required = element.descendants().filter(|node| {
            matches!(
                node.tag_name().name(),
                "requiredDecision" | "requiredKnowledge"
            )
        });
        let required = required.filter_map(|node| node.attribute("href")?.strip_prefix('#'));
        needs
            .entry(element.attribute("id").unwrap_or_default())
            .or_default()
            .extend(required);
    }
    // Take away, again and again, what needs nothing that is left; a circle remains.
    while !needs.is_empty() {
        let left: BTreeSet<&str> = needs.keys().copied().collect();
        needs.retain(|_, required| required.iter().any(|id| left.contains(id)));
        if needs.len() == left.len() {
            let circle: Vec<&str> = needs.into_keys().collect();
            return Err(FeelFault::Unreadable(format!(
                "needs itself: {}",
                circle.join(", ")
            )));
        }
    }
    Ok(())
}
