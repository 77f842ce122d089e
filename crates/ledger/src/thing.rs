//! Things with only fields (a window, a holiday, an account): a sealed row and one ledger line
//! that names the fields edited and binds the row as it now is.

use db::{SealedTable, Tx, Value};
use kernel::{Fault, TypedId};
use serde_json::json;
use uuid::Uuid;

use crate::store;

/// The kind of the line that an edit leaves.
pub const EDITED: &str = "edited";
/// The kind of the line that a removal leaves.
pub const REMOVED: &str = "removed";

/// Writes a thing's row and its ledger line. The first column of the table must be the thing's
/// id; `fields` names what was edited, never what it says.
///
/// # Errors
/// As [`Tx::execute`].
pub fn edited<I: TypedId>(
    tx: &mut Tx<'_>,
    table: &SealedTable,
    id: I,
    values: &[Value<'_>],
    fields: &[&'static str],
) -> Result<(), Fault> {
    table.put(tx, values)?;
    let mark = mark(&tx.row_seal(table, values));
    line(
        tx,
        I::PREFIX,
        id.uuid(),
        EDITED,
        &json!({ "fields": fields, "row": mark }),
    )
}

/// Removes a thing's row and leaves a line that says so.
///
/// # Errors
/// [`Fault::NotFound`] when there is none.
pub fn removed<I: TypedId>(
    tx: &mut Tx<'_>,
    table: &SealedTable,
    id: I,
    keys: &[Value<'_>],
) -> Result<(), Fault> {
    if !table.remove(tx, keys)? {
        return Err(Fault::NotFound { what: I::PREFIX });
    }
    line(tx, I::PREFIX, id.uuid(), REMOVED, &json!({}))
}

/// The row's seal as a line holds it: 32 hexadecimal digits.
pub(crate) fn mark(row_seal: &[u8; 16]) -> String {
    row_seal.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn line(
    tx: &mut Tx<'_>,
    record_kind: &'static str,
    record: Uuid,
    kind: &str,
    data: &serde_json::Value,
) -> Result<(), Fault> {
    let revision = store::last_revision(tx, record)? + 1;
    let data = crate::line::canonical_text(data)?;
    let new = store::NewLine {
        record,
        revision,
        record_kind,
        kind,
        schema: 1,
        data: &data,
    };
    store::insert_line(tx, &new)
}
