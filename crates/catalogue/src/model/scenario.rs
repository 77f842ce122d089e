//! Scenarios 情形 and the questions that lead to them. Walking the tree is done in
//! `crate::scenario`.

use super::material::MaterialReq;
use super::{Promise, StatutoryLimit, Text};
use serde::{Deserialize, Serialize};

/// A question whose answer narrows down what applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Identifier within the item.
    pub id: String,
    /// The question in words.
    pub text: Text,
    /// What helps to answer it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Text>,
    /// Possible answers, at least two.
    pub options: Vec<Choice>,
}

/// One possible answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Identifier within the question.
    pub id: String,
    /// The answer in words.
    pub label: Text,
    /// Where it leads.
    pub then: Next,
}

/// Where an answer leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Next {
    /// To another question.
    Question(String),
    /// To a scenario: the tree ends here.
    Scenario(String),
}

/// A scenario 情形: one exact list of materials, one form, one limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Identifier within the item.
    pub id: String,
    /// Name 情形名称.
    pub name: Text,
    /// Exact list of materials, in order.
    pub materials: Vec<MaterialReq>,
    /// Promised limit, where it differs from the item's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<Promise>,
    /// Statutory limit, where it differs from the item's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statutory: Option<StatutoryLimit>,
}
