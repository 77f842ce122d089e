//! Every rule of bundles and projects, and nothing else: no clock, no database, no HTTP.

mod bundle;
mod event;
mod opinion;
mod project;
mod refusal;

use std::sync::Arc;

use calendar::WorkingDays;
use jiff::civil::Date;

pub(crate) use bundle::LIMIT_DAYS_MAX;
pub use bundle::{Command as BundleCommand, begin as begin_bundle};
pub use event::{Event as BundleEvent, HandedIn};
pub use project::{
    Command as ProjectCommand, Event as ProjectEvent, Registered, begin as begin_project,
};
pub use refusal::Refusal;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// An officer at a seat.
    Officer(case::Doer),
    /// The applicant or their agent.
    Person,
    /// The clock, or what follows from a case.
    System,
}

/// What a decision needs to know.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The legal day.
    pub today: Date,
    /// The working days.
    pub calendar: Arc<WorkingDays>,
    /// Who asks.
    pub who: Who,
}
