//! Every table row by row, as lines of JSON that either store takes in again: numbers, truths,
//! texts, bytes as `{"b":"…"}`, null. The first line names the columns.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use db::{Tx, Value};
use kernel::Fault;
use serde_json::{Value as Json, json};

/// The end of the names of these files.
const ENDING: &str = ".jsonl";

fn unavailable(error: std::io::Error) -> Fault {
    Fault::Unavailable {
        detail: error.to_string(),
    }
}

/// Writes every table into a folder, from one snapshot.
///
/// # Errors
/// [`Fault::Unavailable`] when store or disk cannot.
pub fn write(tx: &mut Tx<'_>, folder: &Path) -> Result<(), Fault> {
    std::fs::create_dir_all(folder).map_err(unavailable)?;
    for table in tx.table_names()? {
        let columns: Vec<String> = tx
            .column_names(&table)?
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        let file = File::create(folder.join(format!("{table}{ENDING}")));
        let mut file = BufWriter::new(file.map_err(unavailable)?);
        line(&mut file, &json!(columns))?;
        tx.each_row(&table, &names, |values| {
            let row: Vec<Json> = values.iter().map(to_json).collect();
            line(&mut file, &Json::Array(row))
        })?;
        let file = file
            .into_inner()
            .map_err(|error| unavailable(error.into_error()))?;
        file.sync_all().map_err(unavailable)?;
    }
    Ok(())
}

fn line(file: &mut impl Write, value: &Json) -> Result<(), Fault> {
    let mut bytes = serde_json::to_vec(value).map_err(Fault::broken)?;
    bytes.push(b'\n');
    file.write_all(&bytes).map_err(unavailable)
}

fn to_json(value: &Value<'_>) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Int(number) => json!(number),
        Value::Bool(truth) => json!(truth),
        Value::Text(text) => json!(text),
        Value::Bytes(bytes) => {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            json!({ "b": hex })
        }
    }
}

/// Puts every row of a folder in place of whatever the tables hold, which this program made.
///
/// # Errors
/// [`Fault::Broken`] when the schema is another one or a row cannot be read.
pub fn read(tx: &mut Tx<'_>, folder: &Path) -> Result<(), Fault> {
    for table in tx.table_names()? {
        let path = folder.join(format!("{table}{ENDING}"));
        let file = File::open(&path).map_err(|_| {
            let program = "install the program version that made the backup";
            Fault::broken(format!("the backup has no table {table}; {program}"))
        })?;
        tx.empty_table(&table)?;
        let kinds = tx.column_names(&table)?;
        let mut lines = BufReader::new(file).lines();
        let heading = lines.next().transpose().map_err(unavailable)?;
        let columns: Vec<String> = parse(&table, heading.as_deref().unwrap_or_default())?;
        let mut truths = Vec::new();
        for column in &columns {
            let kind = kinds.iter().find(|(name, _)| name == column);
            let (_, kind) = kind.ok_or_else(|| {
                Fault::broken(format!("this program has no column {table}.{column}"))
            })?;
            truths.push(kind.eq_ignore_ascii_case("boolean"));
        }
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        for line in lines {
            let row: Vec<Json> = parse(&table, &line.map_err(unavailable)?)?;
            let values: Option<Vec<Value<'static>>> = row
                .into_iter()
                .zip(&truths)
                .map(|(value, truth)| from_json(value, *truth))
                .collect();
            let values = values.filter(|values| values.len() == names.len());
            let values =
                values.ok_or_else(|| Fault::broken(format!("a row of {table} is damaged")))?;
            tx.insert_row(&table, &names, &values)?;
        }
    }
    Ok(())
}

fn parse<T: serde::de::DeserializeOwned>(table: &str, text: &str) -> Result<T, Fault> {
    serde_json::from_str(text)
        .map_err(|error| Fault::broken(format!("a row of {table} is damaged: {error}")))
}

/// A value as the store of the target keeps it: SQLite has no truths of its own.
fn from_json(value: Json, truth: bool) -> Option<Value<'static>> {
    Some(match value {
        Json::Null => Value::Null,
        Json::Bool(is) => Value::Bool(is),
        Json::Number(number) => match number.as_i64()? {
            number if truth => Value::Bool(number != 0),
            number => Value::Int(number),
        },
        Json::String(text) => Value::Text(text.into()),
        Json::Object(bytes) => {
            let hex = bytes.get("b")?.as_str()?;
            let bytes: Option<Vec<u8>> = (0..hex.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok())
                .collect();
            Value::Bytes(bytes?.into())
        }
        Json::Array(_) => return None,
    })
}
