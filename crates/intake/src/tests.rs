//! Tests of the room: rules without a store, then the whole way on both stores.

mod corrections;
mod path;
mod power;
mod rules;
mod words;
