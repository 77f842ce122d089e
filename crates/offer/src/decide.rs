//! Every rule of schemes and offers, and nothing else: no clock, no database, no HTTP.
//!
//! 免申即享 and 无感审批 turn the order round: the hall finds who has a right, tells them, and they
//! say yes or no. Who ran the match does not decide; nobody gets the same twice in one period.

mod offer;
mod refusal;
mod scheme;

pub use offer::{Command, Event, Facts, Made, Who, make};
pub use refusal::Refusal;
pub use scheme::{ListEvent, Published, SchemeCommand, SchemeEvent, SchemeFacts, draw_up, publish};
