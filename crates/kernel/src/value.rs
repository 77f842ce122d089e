//! The five kinds of value that a store holds: integer, boolean, text, bytes, null.
//!
//! It lives beneath the `db` crate so that ids and vocabularies can say how they are stored.
//! Instants are UTC microseconds, legal days are ISO texts, money is fen.

use std::borrow::Cow;

use jiff::{Timestamp, civil::Date};

/// One value, borrowed where possible.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value<'a> {
    /// SQL null.
    Null,
    /// `BIGINT`.
    Int(i64),
    /// `BOOLEAN`.
    Bool(bool),
    /// `TEXT`.
    Text(Cow<'a, str>),
    /// `BYTEA`.
    Bytes(Cow<'a, [u8]>),
}

impl Value<'_> {
    /// The same value, owning what it holds.
    #[must_use]
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::Null => Value::Null,
            Value::Int(number) => Value::Int(number),
            Value::Bool(truth) => Value::Bool(truth),
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Value::Bytes(bytes) => Value::Bytes(Cow::Owned(bytes.into_owned())),
        }
    }

    /// What kind it is, for messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Int(_) => "integer",
            Value::Bool(_) => "boolean",
            Value::Text(_) => "text",
            Value::Bytes(_) => "bytes",
        }
    }
}

/// A stored value that cannot be what the program expects: a damaged row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("stored value is not {expected}: found {found}")]
pub struct WrongValue {
    /// What was expected.
    pub expected: &'static str,
    /// The kind that was found.
    pub found: &'static str,
}

impl WrongValue {
    /// The error for `value` where `expected` was due.
    #[must_use]
    pub fn new(expected: &'static str, value: &Value<'_>) -> Self {
        Self {
            expected,
            found: value.kind(),
        }
    }
}

/// What can be bound to a statement.
pub trait ToValue {
    /// The value as stored.
    fn to_value(&self) -> Value<'_>;
}

/// What can be read from a column.
pub trait FromValue: Sized {
    /// Reads a stored value.
    ///
    /// # Errors
    /// [`WrongValue`] when the column holds something else.
    fn from_value(value: Value<'_>) -> Result<Self, WrongValue>;
}

impl ToValue for Value<'_> {
    fn to_value(&self) -> Value<'_> {
        self.clone()
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value<'_> {
        (**self).to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, ToValue::to_value)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value<'_>) -> Result<Self, WrongValue> {
        if value == Value::Null {
            Ok(None)
        } else {
            T::from_value(value).map(Some)
        }
    }
}

macro_rules! integers {
    ($($kind:ty),*) => {$(
        impl ToValue for $kind {
            fn to_value(&self) -> Value<'_> {
                Value::Int(i64::from(*self))
            }
        }
        impl FromValue for $kind {
            fn from_value(value: Value<'_>) -> Result<Self, WrongValue> {
                let wrong = WrongValue::new(stringify!($kind), &value);
                match value {
                    Value::Int(number) => Self::try_from(number).map_err(|_| wrong),
                    _ => Err(wrong),
                }
            }
        }
    )*};
}
integers!(i64, i32, u32, u16, u8);

impl ToValue for bool {
    fn to_value(&self) -> Value<'_> {
        Value::Bool(*self)
    }
}

impl FromValue for bool {
    /// SQLite keeps booleans as 0 and 1.
    fn from_value(value: Value<'_>) -> Result<Self, WrongValue> {
        match value {
            Value::Bool(truth) => Ok(truth),
            Value::Int(0) => Ok(false),
            Value::Int(1) => Ok(true),
            other => Err(WrongValue::new("boolean", &other)),
        }
    }
}

impl ToValue for str {
    fn to_value(&self) -> Value<'_> {
        Value::Text(self.into())
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value<'_> {
        Value::Text(self.as_str().into())
    }
}

impl FromValue for String {
    fn from_value(value: Value<'_>) -> Result<Self, WrongValue> {
        match value {
            Value::Text(text) => Ok(text.into_owned()),
            other => Err(WrongValue::new("text", &other)),
        }
    }
}

impl ToValue for [u8] {
    fn to_value(&self) -> Value<'_> {
        Value::Bytes(self.into())
    }
}

impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value<'_> {
        Value::Bytes(self.as_slice().into())
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value<'_>) -> Result<Self, WrongValue> {
        match value {
            Value::Bytes(bytes) => Ok(bytes.into_owned()),
            other => Err(WrongValue::new("bytes", &other)),
        }
    }
}

impl<const N: usize> ToValue for [u8; N] {
    fn to_value(&self) -> Value<'_> {
        Value::Bytes(self.as_slice().into())
    }
}

impl<const N: usize> FromValue for [u8; N] {
    fn from_value(value: Value<'_>) -> Result<Self, WrongValue> {
        let wrong = WrongValue::new("bytes of a fixed length", &value);
        match value {
            Value::Bytes(bytes) => bytes.as_ref().try_into().map_err(|_| wrong),
            _ => Err(wrong),
        }
    }
}

impl ToValue for Timestamp {
    fn to_value(&self) -> Value<'_> {
        Value::Int(self.as_microsecond())
    }
}

impl FromValue for Timestamp {
    fn from_value(value: Value<'_>) -> Result<Self, WrongValue> {
        let wrong = WrongValue::new("instant in microseconds", &value);
        match value {
            Value::Int(micros) => Self::from_microsecond(micros).map_err(|_| wrong),
            _ => Err(wrong),
        }
    }
}

impl ToValue for Date {
    fn to_value(&self) -> Value<'_> {
        Value::Text(self.to_string().into())
    }
}

impl FromValue for Date {
    fn from_value(value: Value<'_>) -> Result<Self, WrongValue> {
        let wrong = WrongValue::new("date", &value);
        match value {
            Value::Text(text) => text.parse().map_err(|_| wrong),
            _ => Err(wrong),
        }
    }
}
