//! What the document crate promises, checked on the finished files.

#[cfg(test)]
mod reading;
#[cfg(test)]
mod rendering;
#[cfg(test)]
mod signing;
#[cfg(test)]
mod symbols;
