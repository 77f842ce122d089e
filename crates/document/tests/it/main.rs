//! What the document crate promises, checked on the finished files.

mod reading;
mod rendering;
mod signing;
mod symbols;
