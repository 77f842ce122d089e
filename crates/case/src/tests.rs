//! The rules of a case, and its life on both stores.

mod clock;
mod filing;
mod hall;
mod house;
mod moving;
mod rules;
mod separation;
mod size;
mod store;
