//! Lists of finished cases: what waits to be filed 待归档, and what was filed 已归档.

use db::{Tx, params};
use jiff::civil::Date;
use kernel::{Fault, OrganId};

use crate::model::{CaseId, Status};

/// One finished case.
#[derive(Debug, Clone, PartialEq)]
pub struct FinishedLine {
    /// The case.
    pub id: CaseId,
    /// 办件编号.
    pub number: String,
    /// The item's raw id.
    pub item: kernel::uuid::Uuid,
    /// Its version.
    pub version: u32,
    /// How it ended.
    pub status: Status,
    /// When.
    pub closed_on: Date,
    /// The case's revision, which a form made from this line sends back.
    pub revision: i64,
}

/// The finished cases of a hall, in the order in which they were opened: those that wait to be
/// filed the oldest first, those that were filed the newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn finished(
    tx: &mut Tx<'_>,
    hall: OrganId,
    filed: bool,
    after: Option<CaseId>,
    most: usize,
) -> Result<Vec<FinishedLine>, Fault> {
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let (which, seek, order, edge) = if filed {
        let last = kernel::uuid::Uuid::max();
        ("status = 'archived'", "id < $2", "DESC", last)
    } else {
        let first = kernel::uuid::Uuid::nil();
        ("status <> 'archived'", "id > $2", "ASC", first)
    };
    let after: CaseId = after.unwrap_or(kernel::TypedId::from_uuid(edge));
    let sql = format!(
        "SELECT id, number, item, version, status, closed_on, revision FROM case_record \
         WHERE closed_on IS NOT NULL AND {which} AND hall = $1 AND {seek} \
         ORDER BY id {order} LIMIT $3"
    );
    tx.query(&sql, params![hall, after, most], |row| {
        Ok(FinishedLine {
            id: row.get(0)?,
            number: row.get(1)?,
            item: kernel::uuid::Uuid::from_bytes(row.get(2)?),
            version: row.get(3)?,
            status: row.get(4)?,
            closed_on: row.get(5)?,
            revision: row.get(6)?,
        })
    })
}
