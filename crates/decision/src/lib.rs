//! Rules that an office writes itself 规则: FEEL expressions and DMN 1.5 decision tables.
//!
//! The Decision Toolkit does the work; this is the only crate that knows it. Every call is fenced:
//! sizes and depths are limited, external functions are refused (a rule author must not be able
//! to make the server speak to anything), and a panic inside becomes a fault. Pure: no clock, no
//! network, no files. Deliberately absent: `now()` and `today()`, because a rule that asks the
//! time cannot be replayed; dates come in as data.

mod cell;
mod check;
mod feel;
mod fence;
mod inspect;
mod json;
mod model;
mod ruling;
mod sheet;
mod suite;
mod table;
#[cfg(test)]
mod tests;

pub use check::check;
pub use feel::{Expression, Feel};
pub use fence::FeelFault;
pub use model::{DecisionModel, Rules};
pub use ruling::{Input, RULES_MAX, Rule, RuleTable, Ruling};
pub use sheet::{Change, Row, RowChange, Sheet, compare, sheets};
pub use suite::{CaseResult, ModelFile, run_tests};

/// Decides by name: what rooms ask of a set of rules, whoever evaluates it.
pub trait DecisionEngine {
    /// The names that can be asked for.
    fn names(&self) -> Vec<String>;

    /// The value of a decision for these inputs.
    fn decide(
        &self,
        name: &str,
        inputs: &serde_json::Value,
    ) -> Result<serde_json::Value, FeelFault>;
}
