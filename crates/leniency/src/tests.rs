//! Rules of the room without a database, the shipped list, and the words.

mod list;
mod rules;
