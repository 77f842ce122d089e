//! Running cases by their procedure: what a move to another version looks at.

use db::{Tx, Value};
use kernel::{Fault, TypedId};

use crate::model::CaseId;

/// The cases that are not over and run by a version of one of these procedures, but not by this
/// one, the oldest first.
pub(crate) fn running_by(
    tx: &mut Tx<'_>,
    names: &[String],
    but: &str,
    after: Option<CaseId>,
    most: usize,
) -> Result<Vec<CaseId>, Fault> {
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let mut values: Vec<Value<'_>> = vec![Value::Int(most), Value::Text(but.into())];
    let mut any = Vec::new();
    for name in names {
        values.push(Value::Text(name.as_str().into()));
        values.push(Value::Text(format!("{name}/").into()));
        let at = values.len();
        // A version is named `name/2`; the shipped one by its name alone.
        any.push(format!(
            "procedure = ${} OR SUBSTR(procedure, 1, LENGTH(${at})) = ${at}",
            at - 1
        ));
    }
    let mut seek = String::new();
    if let Some(after) = after {
        values.push(Value::Bytes(after.uuid().as_bytes().to_vec().into()));
        seek = format!(" AND id > ${}", values.len());
    }
    let any = any.join(" OR ");
    let sql = format!(
        "SELECT id FROM case_record WHERE closed_on IS NULL AND procedure <> $2 AND ({any}){seek} \
         ORDER BY id LIMIT $1"
    );
    tx.query(&sql, &values, |row| row.get(0))
}
