//! Figures, each beside the machine's own limit in the same run: a figure alone says more about
//! the machine's mood than about the program.

mod http;
mod lifecycle;
mod machine;
mod measure;
mod silent;
mod store;
mod submit;
mod worklist;

pub use http::{Extent, case_lifecycle_http};
pub use lifecycle::case_lifecycle;
pub use machine::probe;
pub use submit::submit;
pub use worklist::worklist;

/// How a measurement is taken.
#[derive(Debug, Clone)]
pub struct Plan {
    /// A PostgreSQL address in place of the embedded store; its tables are left behind.
    pub database: Option<String>,
    /// How long each of the three runs lasts.
    pub seconds: u64,
}
