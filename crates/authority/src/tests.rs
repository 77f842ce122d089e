//! The rules of the room, and its wording.

mod rulings;
mod words;
