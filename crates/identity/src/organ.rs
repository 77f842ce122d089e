//! Use cases of organs and posts.

use std::collections::BTreeSet;

use db::Tx;
use kernel::{Fault, OrganId, PostId, text};
use web::Role;

use crate::administration::require;
use crate::closure::still_open;
use crate::decide::{self, Act, Refusal};
use crate::model::{NewOrgan, Organ, OrganKind, Post};
use crate::store::{self, Closure};

/// An organ.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn organ(tx: &mut Tx<'_>, id: OrganId) -> Result<Organ, Fault> {
    store::find_organ(tx, id)?.ok_or(Fault::NotFound { what: "organ" })
}

/// The organ with a credit code.
///
/// # Errors
/// As [`Tx::query`].
pub fn organ_by_uscc(tx: &mut Tx<'_>, uscc: &str) -> Result<Option<Organ>, Fault> {
    store::find_organ_by_uscc(tx, uscc)
}

/// The hall itself 政务服务中心.
///
/// # Errors
/// [`Fault::NotFound`] before one was added.
pub fn hall(tx: &mut Tx<'_>) -> Result<Organ, Fault> {
    store::find_hall(tx)?.ok_or(Fault::NotFound { what: "organ" })
}

/// Every organ: the hall first, then by department code.
///
/// # Errors
/// As [`Tx::query`].
pub fn organs(tx: &mut Tx<'_>) -> Result<Vec<Organ>, Fault> {
    store::all_organs(tx)
}

/// Adds an organ.
///
/// # Errors
/// [`Fault::Invalid`] with every wrong field; [`Refusal::SecondHall`], [`Refusal::OrganKnown`].
pub fn add_organ(tx: &mut Tx<'_>, new: &NewOrgan) -> Result<OrganId, Fault> {
    require(tx, Act::KeepOrgans)?;
    let new = decide::organ(new)?;
    if new.kind == OrganKind::Hall && store::find_hall(tx)?.is_some() {
        return Err(Refusal::SecondHall.into());
    }
    let same_code = store::find_organ_by_uscc(tx, &new.uscc)?.is_some();
    if same_code || store::find_organ_by_dept4(tx, &new.dept4)?.is_some() {
        return Err(Refusal::OrganKnown.into());
    }
    let organ = Organ {
        id: tx.new_id(),
        uscc: new.uscc,
        name: new.name,
        short_name: new.short_name,
        dept4: new.dept4,
        region6: new.region6,
        kind: new.kind,
    };
    let fields = ["uscc", "name", "short_name", "dept4", "region6", "kind"];
    store::put_organ(tx, &organ, &fields)?;
    Ok(organ.id)
}

/// A post.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn post(tx: &mut Tx<'_>, id: PostId) -> Result<Post, Fault> {
    store::find_post(tx, id)?.ok_or(Fault::NotFound { what: "post" })
}

/// Every post, organ by organ.
///
/// # Errors
/// As [`Tx::query`].
pub fn posts(tx: &mut Tx<'_>) -> Result<Vec<Post>, Fault> {
    store::all_posts(tx)
}

/// The post of an organ that has a role: the oldest, where there are several.
///
/// # Errors
/// As [`Tx::query`].
pub fn post_for(tx: &mut Tx<'_>, organ: OrganId, role: Role) -> Result<Option<PostId>, Fault> {
    for post in store::posts_of(tx, organ)? {
        if post.roles.contains(&role) && !store::is_closed(tx, &Closure::Post(post.id))? {
            return Ok(Some(post.id));
        }
    }
    Ok(None)
}

/// Adds a post with what it may do.
///
/// # Errors
/// [`Fault::NotFound`] for the organ; [`Refusal::ThreeAdministrators`], [`Refusal::PostKnown`].
pub fn add_post(
    tx: &mut Tx<'_>,
    organ: OrganId,
    name: &str,
    roles: BTreeSet<Role>,
) -> Result<PostId, Fault> {
    require(tx, Act::KeepPosts)?;
    let name = text::line("name", name, text::NAME_CHARS_MAX);
    let name = name.map_err(|problem| Fault::Invalid(vec![problem]))?;
    if roles.is_empty() {
        return Err(Fault::invalid("roles", "field.required"));
    }
    decide::compatible(&roles)?;
    let organ = self::organ(tx, organ)?.id;
    still_open(tx, &Closure::Organ(organ))?;
    if store::posts_of(tx, organ)?
        .iter()
        .any(|post| post.name == name)
    {
        return Err(Refusal::PostKnown.into());
    }
    let post = Post {
        id: tx.new_id(),
        organ,
        name,
        roles,
    };
    store::put_post(tx, &post, &["organ", "name", "roles"])?;
    Ok(post.id)
}
