//! Exports of personal data 个人信息导出: what left the hall, by whom, for which purpose.

use db::{Tx, params};
use jiff::Timestamp;
use kernel::{Fault, TypedId};
use ledger::Vault;

use crate::Refusal;
use crate::store::{self, EXPORTS};

kernel::id!(
    /// An export of personal data 个人信息导出.
    ExportId,
    "export"
);

/// How long a purpose may be.
const PURPOSE_CHARS_MAX: usize = 200;

/// An export of personal data as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Its id.
    pub id: ExportId,
    /// What was exported, e.g. `cases`.
    pub what: String,
    /// Who asked, as the machine knows them.
    pub operator: String,
    /// What for.
    pub purpose: String,
    /// How many rows.
    pub rows: i64,
    /// When.
    pub at: Timestamp,
}

/// Records that personal data leave the hall, before they do.
///
/// # Errors
/// [`Refusal::PurposeMissing`]; as [`Tx::execute`].
pub fn note_export(
    tx: &mut Tx<'_>,
    what: &str,
    operator: &str,
    purpose: &str,
    rows: usize,
) -> Result<ExportId, Fault> {
    let purpose = purpose.trim();
    if purpose.is_empty() || PURPOSE_CHARS_MAX < purpose.chars().count() {
        return Err(Refusal::PurposeMissing.into());
    }
    let id: ExportId = tx.new_id();
    let vault = tx.thing::<Vault>()?;
    let locked = vault.lock(tx.clock(), id.uuid().as_bytes(), purpose.as_bytes())?;
    let rows = i64::try_from(rows).map_err(Fault::broken)?;
    let now = tx.now();
    let values = params![id, *what, *operator, locked, rows, now];
    let fields = ["what", "operator", "purpose", "row_count", "at"];
    ledger::edited(tx, &EXPORTS, id, values, &fields)?;
    Ok(id)
}

/// Every export of personal data, the oldest first.
///
/// # Errors
/// [`Fault::Broken`] when a row was changed; as [`Tx::query`].
pub fn exports(tx: &mut Tx<'_>) -> Result<Vec<Export>, Fault> {
    let vault = tx.thing::<Vault>()?;
    store::all::<ExportId, _>(tx, &EXPORTS, "id", |row| {
        let id: ExportId = row.get(0)?;
        let locked: Vec<u8> = row.get(3)?;
        let purpose = vault.unlock(id.uuid().as_bytes(), &locked);
        let purpose = purpose.ok_or_else(|| Fault::broken(format!("{id} was changed")))?;
        Ok(Export {
            id,
            what: row.get(1)?,
            operator: row.get(2)?,
            purpose: String::from_utf8(purpose).map_err(Fault::broken)?,
            rows: row.get(4)?,
            at: row.get(5)?,
        })
    })
}
