//! Use cases that change organs and posts that there are: new names, other roles, and the end.
//!
//! Nothing is deleted: a closed organ or post keeps its name in every record; it is only no
//! longer offered, and nobody is appointed to it.

use std::collections::BTreeSet;

use db::Tx;
use kernel::{Fault, OrganId, PostId, text};
use web::Role;
use web::session::{self, Subject};

use crate::administration::require;
use crate::decide::{self, Act, Refusal};
use crate::model::{ClosureId, OrganKind};
use crate::store::{self, Closure};

/// The organs and posts that were closed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Closed {
    /// The organs.
    pub organs: BTreeSet<OrganId>,
    /// The posts.
    pub posts: BTreeSet<PostId>,
}

/// What was closed.
///
/// # Errors
/// As [`Tx::query`].
pub fn closed(tx: &mut Tx<'_>) -> Result<Closed, Fault> {
    let mut all = Closed::default();
    for closure in store::closures(tx)? {
        match closure {
            Closure::Organ(id) => all.organs.insert(id),
            Closure::Post(id) => all.posts.insert(id),
        };
    }
    Ok(all)
}

/// Gives an organ other names; its codes stay, because case numbers carry them.
///
/// # Errors
/// [`Fault::NotFound`], [`Fault::Invalid`]; [`Refusal::NotYourAct`], [`Refusal::AlreadyClosed`].
pub fn rename_organ(
    tx: &mut Tx<'_>,
    id: OrganId,
    name: &str,
    short_name: &str,
) -> Result<(), Fault> {
    require(tx, Act::KeepOrgans)?;
    still_open(tx, &Closure::Organ(id))?;
    let mut organ = crate::organ(tx, id)?;
    let name = text::line("name", name, text::NAME_CHARS_MAX);
    let short_name = text::line("short_name", short_name, text::NAME_CHARS_MAX);
    match (name, short_name) {
        (Ok(name), Ok(short_name)) => {
            organ.name = name;
            organ.short_name = short_name;
        }
        (name, short_name) => {
            let problems = [name.err(), short_name.err()].into_iter().flatten();
            return Err(Fault::Invalid(problems.collect()));
        }
    }
    store::put_organ(tx, &organ, &["name", "short_name"])
}

/// Closes an organ all of whose posts are closed 撤销机构.
///
/// # Errors
/// [`Fault::NotFound`]; [`Refusal::NotYourAct`], [`Refusal::HallStays`],
/// [`Refusal::PostsOpen`], [`Refusal::AlreadyClosed`].
pub fn close_organ(tx: &mut Tx<'_>, id: OrganId) -> Result<(), Fault> {
    require(tx, Act::KeepOrgans)?;
    still_open(tx, &Closure::Organ(id))?;
    if crate::organ(tx, id)?.kind == OrganKind::Hall {
        return Err(Refusal::HallStays.into());
    }
    let closed = closed(tx)?;
    let posts = store::posts_of(tx, id)?;
    if posts.iter().any(|post| !closed.posts.contains(&post.id)) {
        return Err(Refusal::PostsOpen.into());
    }
    close(tx, &Closure::Organ(id))
}

/// Gives a post another name and says anew what it may do. Whoever holds it or stands in must
/// be allowed to have the roles, and nobody changes a post of their own.
///
/// # Errors
/// [`Fault::NotFound`], [`Fault::Invalid`]; [`Refusal::NotYourAct`], [`Refusal::OwnRights`],
/// [`Refusal::ThreeAdministrators`], [`Refusal::PostKnown`], [`Refusal::AlreadyClosed`].
pub fn change_post(
    tx: &mut Tx<'_>,
    id: PostId,
    name: &str,
    roles: BTreeSet<Role>,
) -> Result<(), Fault> {
    require(tx, Act::KeepPosts)?;
    still_open(tx, &Closure::Post(id))?;
    let mut post = crate::post(tx, id)?;
    let name = text::line("name", name, text::NAME_CHARS_MAX);
    let name = name.map_err(|problem| Fault::Invalid(vec![problem]))?;
    if roles.is_empty() {
        return Err(Fault::invalid("roles", "field.required"));
    }
    decide::compatible(&roles)?;
    let siblings = store::posts_of(tx, post.organ)?;
    if siblings.iter().any(|one| one.id != id && one.name == name) {
        return Err(Refusal::PostKnown.into());
    }
    let mut fields = Vec::new();
    if post.name != name {
        fields.push("name");
    }
    if post.roles != roles {
        fields.push("roles");
    }
    if fields.is_empty() {
        return Ok(());
    }
    let widened = post.roles != roles;
    post.name = name;
    post.roles = roles;
    store::put_post(tx, &post, &fields)?;
    if widened {
        check_holders(tx, id)?;
    }
    Ok(())
}

/// Everybody at the post keeps rights that may lie in one hand; their log-ins begin anew.
fn check_holders(tx: &mut Tx<'_>, id: PostId) -> Result<(), Fault> {
    let today = tx.today();
    for officer in store::people_at(tx, id, today)? {
        if tx.actor().as_officer() == Some(officer) {
            return Err(Refusal::OwnRights.into());
        }
        decide::compatible(&store::roles_from(tx, officer, today)?)?;
        session::end_all(tx, Subject::Officer(officer))?;
    }
    Ok(())
}

/// Closes a post that nobody holds and nobody stands in at.
///
/// # Errors
/// [`Fault::NotFound`]; [`Refusal::NotYourAct`], [`Refusal::PostHeld`],
/// [`Refusal::AlreadyClosed`].
pub fn close_post(tx: &mut Tx<'_>, id: PostId) -> Result<(), Fault> {
    require(tx, Act::KeepPosts)?;
    still_open(tx, &Closure::Post(id))?;
    crate::post(tx, id)?;
    let today = tx.today();
    if !store::people_at(tx, id, today)?.is_empty() {
        return Err(Refusal::PostHeld.into());
    }
    close(tx, &Closure::Post(id))
}

/// Whether an organ or a post is still in use.
///
/// # Errors
/// [`Refusal::AlreadyClosed`].
pub(crate) fn still_open(tx: &mut Tx<'_>, closure: &Closure) -> Result<(), Fault> {
    if store::is_closed(tx, closure)? {
        return Err(Refusal::AlreadyClosed.into());
    }
    Ok(())
}

fn close(tx: &mut Tx<'_>, closure: &Closure) -> Result<(), Fault> {
    let id: ClosureId = tx.new_id();
    store::put_closure(tx, id, closure)
}
