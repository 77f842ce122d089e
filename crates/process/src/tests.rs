//! The process crate seen from outside: files in, verdicts and steps out.

mod drawing;
mod machine;
mod miwg;
mod random;
mod reading;
mod reference;
mod shipped;
mod stuck;
mod support;
