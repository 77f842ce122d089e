//! The rules without a store, the use cases on both stores, and files that must be refused.

mod files;
mod rules;
mod store;
mod words;
