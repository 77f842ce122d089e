//! The process crate seen from outside: files in, verdicts and steps out.

mod differing;
mod drawing;
mod elements;
mod events;
mod large;
mod machine;
mod migrating;
mod miwg;
mod oracle;
mod people;
mod random;
mod reading;
mod reference;
mod shipped;
mod simulating;
mod stored;
mod stuck;
mod support;
mod wander;
mod writing;
