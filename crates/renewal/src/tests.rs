//! Rules without a database, and wording.

mod rules;
mod words;
