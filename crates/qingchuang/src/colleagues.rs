//! Who can take a task of a post: those appointed to it, and those who stand in (AB 角) today.
//!
//! Deliberately absent: whether separation of duties lets them; the case room decides that.

use std::collections::BTreeSet;

use case::{Holder, Role};
use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, OfficerId, OrganId, PostId};
use web::Directory;

/// Each officer once, in their own right where they have it. Whoever was dismissed, or stands in
/// for somebody who left, holds nothing today.
pub fn holders(tx: &mut Tx<'_>, organ: OrganId, role: Role) -> Result<Vec<Holder>, Fault> {
    let today = tx.today();
    let posts = identity::posts(tx)?;
    let of_role = |post: PostId| {
        posts
            .iter()
            .any(|one| one.id == post && one.organ == organ && one.roles.contains(&role))
    };
    let runs =
        |from: Date, until: Option<Date>| from <= today && until.is_none_or(|until| today <= until);
    let mut found: BTreeSet<OfficerId> = BTreeSet::new();
    for one in identity::appointments(tx)? {
        if of_role(one.post) && runs(one.from, one.until) {
            found.insert(one.officer);
        }
    }
    for one in identity::deputies(tx)? {
        if of_role(one.post) && runs(one.from, one.until) {
            found.insert(one.deputy);
        }
    }
    let mut holders = Vec::new();
    for id in found {
        let Some(officer) = identity::HallDirectory.officer(tx, id)? else {
            continue;
        };
        let sits = |seat: &&web::Seat| seat.organ == organ && seat.roles.contains(&role);
        let seats = officer.seats.iter().filter(sits);
        let Some(seat) = seats.min_by_key(|seat| seat.deputizing.is_some()) else {
            continue;
        };
        let standing_in = match seat.deputizing {
            Some(holder) => Some((holder, identity::officer_name(tx, holder)?)),
            None => None,
        };
        holders.push(Holder {
            officer: id,
            name: officer.name,
            standing_in,
        });
    }
    Ok(holders)
}
