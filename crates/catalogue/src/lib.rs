//! The catalogue 事项目录: what the hall can do for people, on what legal ground, with which
//! materials and within which time.
//!
//! Reading order: `model` (the content of an item), `scenario` (which materials apply), `form`
//! (answers against the form), `check` (may it be published), `import` and `export` (tables),
//! `shipped` (the items and words the product carries).

pub mod check;
pub mod columns;
pub mod export;
pub mod form;
pub mod import;
pub mod model;
pub mod scenario;
pub mod shipped;

#[cfg(test)]
mod tests;
