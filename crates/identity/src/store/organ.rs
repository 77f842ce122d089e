//! Rows of organs and posts.

use std::collections::BTreeSet;

use db::{Tx, params};
use kernel::{Fault, OrganId, PostId, TypedId};
use web::Role;

use super::{Cells, ORGANS, POSTS, remembered, row, rows};
use crate::model::{Organ, OrganKind, Post};

pub(crate) fn read_organ(cells: &Cells) -> Result<Organ, Fault> {
    Ok(Organ {
        id: cells.get(0)?,
        uscc: cells.get(1)?,
        name: cells.get(2)?,
        short_name: cells.get(3)?,
        dept4: cells.get(4)?,
        region6: cells.get(5)?,
        kind: cells.get(6)?,
    })
}

pub(crate) fn read_post(cells: &Cells) -> Result<Post, Fault> {
    let roles: String = cells.get(3)?;
    let roles: Result<BTreeSet<Role>, _> = roles.split_whitespace().map(str::parse).collect();
    Ok(Post {
        id: cells.get(0)?,
        organ: cells.get(1)?,
        name: cells.get(2)?,
        roles: roles.map_err(Fault::broken)?,
    })
}

pub(crate) fn put_organ(
    tx: &mut Tx<'_>,
    organ: &Organ,
    fields: &[&'static str],
) -> Result<(), Fault> {
    let Organ {
        id,
        uscc,
        name,
        short_name,
        dept4,
        region6,
        kind,
    } = organ;
    let values = params![id, uscc, name, short_name, dept4, region6, kind];
    ledger::edited(tx, &ORGANS, *id, values, fields)
}

pub(crate) fn put_post(tx: &mut Tx<'_>, post: &Post, fields: &[&'static str]) -> Result<(), Fault> {
    let roles: Vec<&str> = post.roles.iter().map(|role| role.as_str()).collect();
    let roles = roles.join(" ");
    let values = params![post.id, post.organ, post.name, roles];
    ledger::edited(tx, &POSTS, post.id, values, fields)
}

pub(crate) fn find_organ(tx: &mut Tx<'_>, id: OrganId) -> Result<Option<Organ>, Fault> {
    let read = |tx: &mut Tx<'_>| {
        remembered(tx, &ORGANS, id.uuid(), |tx| {
            let cells = row(tx, &ORGANS, "WHERE id = $1", params![id])?;
            cells.as_ref().map(read_organ).transpose()
        })
    };
    let found = tx.kept("identity.organ", &[ORGANS.name], id.uuid().as_bytes(), read)?;
    Ok(Option::clone(&found))
}

pub(crate) fn find_organ_by_uscc(tx: &mut Tx<'_>, uscc: &str) -> Result<Option<Organ>, Fault> {
    let cells = row(tx, &ORGANS, "WHERE uscc = $1", params![uscc])?;
    noted(tx, cells)
}

pub(crate) fn find_organ_by_dept4(tx: &mut Tx<'_>, dept4: &str) -> Result<Option<Organ>, Fault> {
    let cells = row(tx, &ORGANS, "WHERE dept4 = $1", params![dept4])?;
    cells.as_ref().map(read_organ).transpose()
}

pub(crate) fn find_hall(tx: &mut Tx<'_>) -> Result<Option<Organ>, Fault> {
    let cells = row(tx, &ORGANS, "WHERE kind = $1", params![OrganKind::Hall])?;
    noted(tx, cells)
}

/// An organ found by something else than its id is asked for by its id next.
fn noted(tx: &mut Tx<'_>, cells: Option<Cells>) -> Result<Option<Organ>, Fault> {
    let organ = cells.as_ref().map(read_organ).transpose()?;
    if let Some(organ) = &organ {
        tx.remember(ORGANS.name, organ.id.uuid(), Some(organ.clone()));
    }
    Ok(organ)
}

pub(crate) fn all_organs(tx: &mut Tx<'_>) -> Result<Vec<Organ>, Fault> {
    let found = rows(tx, &ORGANS, "ORDER BY kind DESC, dept4", &[])?;
    found.iter().map(read_organ).collect()
}

pub(crate) fn find_post(tx: &mut Tx<'_>, id: PostId) -> Result<Option<Post>, Fault> {
    let cells = row(tx, &POSTS, "WHERE id = $1", params![id])?;
    cells.as_ref().map(read_post).transpose()
}

pub(crate) fn posts_of(tx: &mut Tx<'_>, organ: OrganId) -> Result<Vec<Post>, Fault> {
    let found = rows(tx, &POSTS, "WHERE organ = $1 ORDER BY id", params![organ])?;
    found.iter().map(read_post).collect()
}

pub(crate) fn all_posts(tx: &mut Tx<'_>) -> Result<Vec<Post>, Fault> {
    let found = rows(tx, &POSTS, "ORDER BY organ, name", &[])?;
    found.iter().map(read_post).collect()
}
