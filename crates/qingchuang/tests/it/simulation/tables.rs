//! A look at every table: one number over all rows, so that a refused command can be held
//! against the promise that it leaves no trace.

use std::hash::{DefaultHasher, Hash, Hasher};

use db::{Db, Value};
use kernel::Fault;

/// A digest over all rows of all tables; the order of rows does not matter.
pub fn digest(db: &Db) -> Result<u64, Fault> {
    db.read(|tx| {
        let mut sum: u64 = 0;
        for table in tx.table_names()? {
            let columns: Vec<String> = tx.column_names(&table)?.into_iter().map(|c| c.0).collect();
            let width = columns.len();
            let sql = format!("SELECT {} FROM {table}", columns.join(", "));
            tx.each(&sql, &[], |row| {
                let mut hasher = DefaultHasher::new();
                table.hash(&mut hasher);
                for at in 0..width {
                    match row.value(at)? {
                        Value::Null => 0_u8.hash(&mut hasher),
                        Value::Int(number) => number.hash(&mut hasher),
                        Value::Bool(truth) => truth.hash(&mut hasher),
                        Value::Text(text) => text.hash(&mut hasher),
                        Value::Bytes(bytes) => bytes.hash(&mut hasher),
                    }
                }
                sum = sum.wrapping_add(hasher.finish());
                Ok(())
            })?;
        }
        Ok(sum)
    })
}
