//! Grades: of posts as the security administrator says, of officers by the posts they decide from.

use std::collections::BTreeMap;

use db::Tx;
use identity::HallDirectory;
use kernel::{Fault, OfficerId, OrganId, PostId};
use web::{Directory, Role};

use crate::model::Grade;
use crate::store;

/// Says how high a post decides 审批层级.
///
/// # Errors
/// [`Fault::NotFound`] when there is no such post of the decision desk.
pub fn set_grade(tx: &mut Tx<'_>, post: PostId, grade: Grade) -> Result<(), Fault> {
    let known = identity::post(tx, post)?;
    if !known.roles.contains(&Role::Decider) {
        return Err(Fault::NotFound { what: "post" });
    }
    let id = match store::post_grade(tx, post)? {
        Some((_, old)) if old == grade => return Ok(()),
        Some((id, _)) => id,
        None => tx.new_id(),
    };
    store::put_post_grade(tx, id, post, grade)
}

/// The grade of a post; a post that nothing was said of is a handler's.
///
/// # Errors
/// As [`Tx::query`].
pub fn grade_of(tx: &mut Tx<'_>, post: PostId) -> Result<Grade, Fault> {
    let found = store::post_grade(tx, post)?;
    Ok(found.map_or(Grade::Handler, |(_, grade)| grade))
}

/// The posts of the decision desk with their grades, by organ.
///
/// # Errors
/// As [`Tx::query`].
pub fn graded_posts(
    tx: &mut Tx<'_>,
) -> Result<BTreeMap<OrganId, Vec<(identity::Post, Grade)>>, Fault> {
    let mut all: BTreeMap<OrganId, Vec<(identity::Post, Grade)>> = BTreeMap::new();
    for post in identity::posts(tx)? {
        if post.roles.contains(&Role::Decider) {
            let grade = grade_of(tx, post.id)?;
            all.entry(post.organ).or_default().push((post, grade));
        }
    }
    Ok(all)
}

/// The highest grade from which an officer decides for an organ today, in their own right or in
/// somebody's stead; none where they do not decide there.
///
/// # Errors
/// As [`Tx::query`].
pub fn officer_grade(
    tx: &mut Tx<'_>,
    officer: OfficerId,
    standing_in: Option<OfficerId>,
    organ: OrganId,
) -> Result<Option<Grade>, Fault> {
    let Some(known) = HallDirectory.officer(tx, officer)? else {
        return Ok(None);
    };
    let mut highest = None;
    for seat in &known.seats {
        let decides = seat.organ == organ && seat.roles.contains(&Role::Decider);
        if decides && seat.deputizing == standing_in {
            highest = highest.max(Some(grade_of(tx, seat.post)?));
        }
    }
    Ok(highest)
}
