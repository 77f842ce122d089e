//! Rows that say which organs and posts were closed.

use db::{Tx, params};
use jiff::civil::Date;
use kernel::{Fault, OfficerId, OrganId, PostId, TypedId};

use super::{APPOINTMENTS, CLOSURES, Cells, DEPUTIES, row, rows};
use crate::model::ClosureId;

/// What was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closure {
    Organ(OrganId),
    Post(PostId),
}

impl Closure {
    fn parts(self) -> (&'static str, [u8; 16]) {
        match self {
            Self::Organ(id) => ("organ", id.uuid().into_bytes()),
            Self::Post(id) => ("post", id.uuid().into_bytes()),
        }
    }
}

fn read_closure(cells: &Cells) -> Result<Closure, Fault> {
    match cells.get::<String>(1)?.as_str() {
        "organ" => Ok(Closure::Organ(cells.get(2)?)),
        "post" => Ok(Closure::Post(cells.get(2)?)),
        _ => Err(Fault::broken("a closure of an unknown kind")),
    }
}

pub(crate) fn put_closure(tx: &mut Tx<'_>, id: ClosureId, closure: &Closure) -> Result<(), Fault> {
    let (what, subject) = closure.parts();
    let today = tx.today();
    let values = params![id, what, subject, today];
    ledger::edited(tx, &CLOSURES, id, values, &["closed"])
}

pub(crate) fn closures(tx: &mut Tx<'_>) -> Result<Vec<Closure>, Fault> {
    let found = rows(tx, &CLOSURES, "ORDER BY id", &[])?;
    found.iter().map(read_closure).collect()
}

/// The id of the closure of an organ or a post, whose lines say who closed it.
pub(crate) fn find_closure(tx: &mut Tx<'_>, closure: &Closure) -> Result<Option<ClosureId>, Fault> {
    let (what, subject) = closure.parts();
    let tail = "WHERE what = $1 AND subject = $2";
    let cells = row(tx, &CLOSURES, tail, params![what, subject])?;
    cells.map(|cells| cells.get(0)).transpose()
}

pub(crate) fn is_closed(tx: &mut Tx<'_>, closure: &Closure) -> Result<bool, Fault> {
    Ok(find_closure(tx, closure)?.is_some())
}

/// Who holds a post or stands in at it on a day or later.
pub(crate) fn people_at(tx: &mut Tx<'_>, post: PostId, day: Date) -> Result<Vec<OfficerId>, Fault> {
    let tail = "WHERE post = $1 AND (until_day IS NULL OR until_day >= $2) ORDER BY id";
    let mut people = Vec::new();
    for cells in rows(tx, &APPOINTMENTS, tail, params![post, day])? {
        people.push(cells.get(1)?);
    }
    for cells in rows(tx, &DEPUTIES, tail, params![post, day])? {
        people.push(cells.get(3)?);
    }
    Ok(people)
}
