//! A part of a record that no query looks into, as one column of JSON. serde writes the fields of
//! a part in one order, always, so that equal parts are equal texts and the row's audit holds.
//!
//! Deliberately absent: columns that are looked for, which rooms write one by one.

use db::Row;
use kernel::{Fault, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A part as its column. Parts hold words, numbers, dates, ids and digests: nothing that JSON
/// cannot hold. A part that it could not hold all the same would lie as an empty text, which
/// [`read`] and `verify --deep` refuse by name.
#[must_use]
pub fn json<T: Serialize + ?Sized>(part: &T) -> Value<'static> {
    Value::Text(serde_json::to_string(part).unwrap_or_default().into())
}

/// The part of a column.
///
/// # Errors
/// [`Fault::Broken`] when the column holds something else.
pub fn read<T: DeserializeOwned>(row: &Row<'_>, at: usize) -> Result<T, Fault> {
    let text: String = row.get(at)?;
    serde_json::from_str(&text).map_err(Fault::broken)
}

/// The part of a column that may be empty.
///
/// # Errors
/// As [`read`].
pub fn read_optional<T: DeserializeOwned>(row: &Row<'_>, at: usize) -> Result<Option<T>, Fault> {
    let text: Option<String> = row.get(at)?;
    let part = text.map(|text| serde_json::from_str(&text).map_err(Fault::broken));
    part.transpose()
}
