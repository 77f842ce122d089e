//! One row of an answer, whichever store gave it.

use kernel::{Fault, FromValue, Value};
use postgres::types::Type;
use rusqlite::types::ValueRef;

/// A row that lives as long as the call that reads it.
pub enum Row<'r> {
    #[doc(hidden)]
    Sqlite(&'r rusqlite::Row<'r>),
    #[doc(hidden)]
    Postgres(&'r postgres::Row),
}

impl Row<'_> {
    /// The column at a position counted from 0.
    ///
    /// # Errors
    /// [`Fault::Broken`] when the column is missing or holds something else.
    pub fn get<T: FromValue>(&self, index: usize) -> Result<T, Fault> {
        let wrong =
            |error: &dyn std::fmt::Display| Fault::broken(format!("column {index}: {error}"));
        T::from_value(self.value(index)?).map_err(|error| wrong(&error))
    }

    /// The raw value at a position counted from 0.
    ///
    /// # Errors
    /// [`Fault::Broken`] when the column is missing or of a type that this house does not use.
    pub fn value(&self, index: usize) -> Result<Value<'_>, Fault> {
        match self {
            Row::Sqlite(row) => sqlite_value(row, index),
            Row::Postgres(row) => postgres_value(row, index),
        }
    }

    /// How many columns there are.
    #[must_use]
    pub fn width(&self) -> usize {
        match self {
            Row::Sqlite(row) => row.as_ref().column_count(),
            Row::Postgres(row) => row.len(),
        }
    }
}

fn sqlite_value<'r>(row: &'r rusqlite::Row<'_>, index: usize) -> Result<Value<'r>, Fault> {
    let found = row.get_ref(index).map_err(Fault::broken)?;
    Ok(match found {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Text(text) => {
            Value::Text(std::str::from_utf8(text).map_err(Fault::broken)?.into())
        }
        ValueRef::Blob(bytes) => Value::Bytes(bytes.into()),
        ValueRef::Real(_) => return Err(Fault::broken(format!("column {index} is a float"))),
    })
}

fn postgres_value(row: &postgres::Row, index: usize) -> Result<Value<'_>, Fault> {
    let column = row.columns().get(index);
    let column = column.ok_or_else(|| Fault::broken(format!("no column {index}")))?;
    let kind = column.type_();
    let value = if *kind == Type::INT8 {
        row.try_get::<_, Option<i64>>(index)
            .map(|v| v.map(Value::Int))
    } else if *kind == Type::INT4 {
        row.try_get::<_, Option<i32>>(index)
            .map(|v| v.map(|n| Value::Int(n.into())))
    } else if *kind == Type::BOOL {
        row.try_get::<_, Option<bool>>(index)
            .map(|v| v.map(Value::Bool))
    } else if *kind == Type::BYTEA {
        row.try_get::<_, Option<&[u8]>>(index)
            .map(|v| v.map(|b| Value::Bytes(b.into())))
    } else {
        row.try_get::<_, Option<&str>>(index)
            .map(|v| v.map(|t| Value::Text(t.into())))
    };
    value
        .map(|v| v.unwrap_or(Value::Null))
        .map_err(Fault::broken)
}
