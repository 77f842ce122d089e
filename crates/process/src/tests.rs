//! The process crate seen from outside: files in, verdicts and steps out.

mod drawing;
mod elements;
mod events;
mod large;
mod machine;
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
