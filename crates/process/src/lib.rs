//! Approval processes 审批流程: BPMN 2.0 in, a small deterministic machine out.
//!
//! `parse` reads a file, `check` says whether it may be published and why not, `step` runs it.
//! Everything here is pure: no clock, no chance, no store, no network. Deliberately absent:
//! who claimed a task, calendars and due dates (rooms above keep those), and any expression
//! language beyond the plain comparison (`decision` brings FEEL through [`Conditions`]).

mod assign;
mod chance;
mod check;
mod compile;
mod condition;
mod connect;
mod delay;
mod diagram;
mod differences;
mod duty;
mod effect;
mod events;
mod explore;
mod finding;
mod kind;
mod labels;
mod layout;
mod marking;
mod migrate;
mod model;
mod names;
mod net;
mod order;
mod outcome;
mod parse;
pub mod procedures;
mod reduce;
mod region;
mod served;
mod side;
mod simulate;
mod soundness;
mod span;
mod step;
#[cfg(test)]
mod tests;
mod write;
mod xml;

pub use assign::{Assignment, separated};
pub use check::{Report, check};
pub use condition::{Condition, ConditionFault, Conditions, Data, Literal, PlainOnly, Vars};
pub use diagram::{Bounds, Diagram, Picture, draw, draw_marked, draw_trace};
pub use differences::{Change, Detail, Difference, differences};
pub use effect::{Closed, Effect, Input, Step, StepRefusal};
pub use finding::{Finding, Language, Severity};
pub use kind::{Count, Delay, Kind, Repeat, Thrown, Trigger};
pub use marking::{Marking, MarkingFault, Token};
pub use migrate::{Mapping, Moved, Places, migrate, places, remaining};
pub use model::{Duty, Flow, FlowId, NAMESPACE, Node, NodeId, Process, Task};
pub use parse::{Definitions, ParseFault, ParseProblem, parse, refuse_depth};
pub use served::{Served, served};
pub use simulate::{Outcome, Post, Profile, Simulation, Spread, simulate};
pub use soundness::{Soundness, soundness};
pub use span::{Back, Span, promise, span, span_to_decision};
pub use step::{awaited, start, step};
pub use write::{Tree, write};
pub use xml::{Attribute, Content, Element};
