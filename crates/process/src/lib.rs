//! Approval processes 审批流程: BPMN 2.0 in, a small deterministic machine out.
//!
//! `parse` reads a file, `check` says whether it may be published and why not, `step` runs it.
//! Everything here is pure: no clock, no chance, no store, no network. Deliberately absent:
//! who claimed a task, calendars and due dates (rooms above keep those), and any expression
//! language beyond the plain comparison (`decision` brings FEEL through [`Conditions`]).

mod check;
mod compile;
mod condition;
mod delay;
mod diagram;
mod duty;
mod effect;
mod explore;
mod finding;
mod layout;
mod marking;
mod model;
mod net;
mod outcome;
mod parse;
pub mod procedures;
mod side;
mod simulate;
mod soundness;
mod step;
#[cfg(test)]
mod tests;

pub use check::{Report, check};
pub use condition::{Condition, ConditionFault, Conditions, Data, Literal, PlainOnly, Vars};
pub use diagram::{Bounds, Diagram, Picture, draw};
pub use effect::{Closed, Effect, Input, Step, StepRefusal};
pub use finding::{Finding, Language, Severity};
pub use marking::{Marking, MarkingFault, Token};
pub use model::{Delay, Duty, Flow, FlowId, Kind, NAMESPACE, Node, NodeId, Process, Task, Trigger};
pub use parse::{Definitions, ParseFault, ParseProblem, parse, refuse_depth};
pub use simulate::{Span, span};
pub use soundness::{Soundness, soundness};
pub use step::{start, step};
