//! Rows of officers, appointments and deputies, and the seats that follow from them.

use std::collections::BTreeSet;

use db::{Tx, params};
use jiff::civil::Date;
use kernel::{Fault, OfficerId, PostId, TypedId};
use ledger::Vault;
use web::{Role, Seat};

use super::{
    APPOINTMENTS, Cells, DEPUTIES, OFFICERS, ORGANS, POSTS, joined, read_organ, read_post, row,
    rows,
};
use crate::model::{Appointment, AppointmentId, Deputy, DeputyId, OfficerCard, OfficerState, Post};

fn name_context(id: OfficerId) -> Vec<u8> {
    [b"identity_officer.name".as_slice(), id.uuid().as_bytes()].concat()
}

fn read_officer(tx: &Tx<'_>, cells: &Cells) -> Result<OfficerCard, Fault> {
    let id: OfficerId = cells.get(0)?;
    let body: Vec<u8> = cells.get(2)?;
    let plain = tx.thing::<Vault>()?.unlock(&name_context(id), &body);
    let plain = plain.ok_or_else(|| Fault::broken(format!("the name of {id} was changed")))?;
    Ok(OfficerCard {
        id,
        login: cells.get(1)?,
        name: String::from_utf8(plain).map_err(Fault::broken)?,
        state: cells.get(3)?,
    })
}

fn read_appointment(cells: &Cells) -> Result<Appointment, Fault> {
    Ok(Appointment {
        id: cells.get(0)?,
        officer: cells.get(1)?,
        post: cells.get(2)?,
        from: cells.get(3)?,
        until: cells.get(4)?,
    })
}

fn read_deputy(cells: &Cells) -> Result<Deputy, Fault> {
    Ok(Deputy {
        id: cells.get(0)?,
        post: cells.get(1)?,
        holder: cells.get(2)?,
        deputy: cells.get(3)?,
        from: cells.get(4)?,
        until: cells.get(5)?,
    })
}

pub(crate) fn put_officer(
    tx: &mut Tx<'_>,
    officer: &OfficerCard,
    fields: &[&'static str],
) -> Result<(), Fault> {
    let vault = tx.thing::<Vault>()?;
    let context = name_context(officer.id);
    let name = vault.lock(tx.clock(), &context, officer.name.as_bytes())?;
    let values = params![officer.id, officer.login, name, officer.state];
    ledger::edited(tx, &OFFICERS, officer.id, values, fields)
}

pub(crate) fn put_appointment(
    tx: &mut Tx<'_>,
    one: &Appointment,
    fields: &[&'static str],
) -> Result<(), Fault> {
    let values = params![one.id, one.officer, one.post, one.from, one.until];
    ledger::edited(tx, &APPOINTMENTS, one.id, values, fields)
}

pub(crate) fn put_deputy(
    tx: &mut Tx<'_>,
    one: &Deputy,
    fields: &[&'static str],
) -> Result<(), Fault> {
    let values = params![
        one.id, one.post, one.holder, one.deputy, one.from, one.until
    ];
    ledger::edited(tx, &DEPUTIES, one.id, values, fields)
}

pub(crate) fn find_officer(tx: &mut Tx<'_>, id: OfficerId) -> Result<Option<OfficerCard>, Fault> {
    let cells = row(tx, &OFFICERS, "WHERE id = $1", params![id])?;
    cells.map(|cells| read_officer(tx, &cells)).transpose()
}

pub(crate) fn find_officer_by_login(
    tx: &mut Tx<'_>,
    login: &str,
) -> Result<Option<OfficerCard>, Fault> {
    let cells = row(tx, &OFFICERS, "WHERE login = $1", params![login])?;
    cells.map(|cells| read_officer(tx, &cells)).transpose()
}

/// Officers by login, after one.
pub(crate) fn officers_after(
    tx: &mut Tx<'_>,
    login: &str,
    most: i64,
) -> Result<Vec<OfficerCard>, Fault> {
    let tail = "WHERE login > $1 ORDER BY login LIMIT $2";
    let found = rows(tx, &OFFICERS, tail, params![login, most])?;
    found.iter().map(|cells| read_officer(tx, cells)).collect()
}

pub(crate) fn find_appointment(
    tx: &mut Tx<'_>,
    id: AppointmentId,
) -> Result<Option<Appointment>, Fault> {
    let cells = row(tx, &APPOINTMENTS, "WHERE id = $1", params![id])?;
    cells.as_ref().map(read_appointment).transpose()
}

pub(crate) fn find_deputy(tx: &mut Tx<'_>, id: DeputyId) -> Result<Option<Deputy>, Fault> {
    let cells = row(tx, &DEPUTIES, "WHERE id = $1", params![id])?;
    cells.as_ref().map(read_deputy).transpose()
}

/// Appointments that have not ended before a day, newest first.
pub(crate) fn appointments_from(tx: &mut Tx<'_>, day: Date) -> Result<Vec<Appointment>, Fault> {
    let tail = "WHERE until_day IS NULL OR until_day >= $1 ORDER BY id DESC";
    let found = rows(tx, &APPOINTMENTS, tail, params![day])?;
    found.iter().map(read_appointment).collect()
}

/// Deputies that have not ended before a day, newest first.
pub(crate) fn deputies_from(tx: &mut Tx<'_>, day: Date) -> Result<Vec<Deputy>, Fault> {
    let tail = "WHERE until_day IS NULL OR until_day >= $1 ORDER BY id DESC";
    let found = rows(tx, &DEPUTIES, tail, params![day])?;
    found.iter().map(read_deputy).collect()
}

/// Appointments, ended ones too, newest first, older than one.
pub(crate) fn appointments_before(
    tx: &mut Tx<'_>,
    before: Option<AppointmentId>,
    most: i64,
) -> Result<Vec<Appointment>, Fault> {
    let before = before.unwrap_or(AppointmentId::from_uuid(kernel::uuid::Uuid::max()));
    let tail = "WHERE id < $1 ORDER BY id DESC LIMIT $2";
    let found = rows(tx, &APPOINTMENTS, tail, params![before, most])?;
    found.iter().map(read_appointment).collect()
}

/// Deputies, ended ones too, newest first, older than one.
pub(crate) fn deputies_before(
    tx: &mut Tx<'_>,
    before: Option<DeputyId>,
    most: i64,
) -> Result<Vec<Deputy>, Fault> {
    let before = before.unwrap_or(DeputyId::from_uuid(kernel::uuid::Uuid::max()));
    let tail = "WHERE id < $1 ORDER BY id DESC LIMIT $2";
    let found = rows(tx, &DEPUTIES, tail, params![before, most])?;
    found.iter().map(read_deputy).collect()
}

/// Whether an officer is appointed to a post on some day of a period.
pub(crate) fn holds_post(
    tx: &mut Tx<'_>,
    officer: OfficerId,
    post: PostId,
    from: Date,
) -> Result<bool, Fault> {
    let tail = "WHERE officer = $1 AND post = $2 AND (until_day IS NULL OR until_day >= $3)";
    Ok(row(tx, &APPOINTMENTS, tail, params![officer, post, from])?.is_some())
}

/// Every role that an officer has or will have from a day on, by appointment or as a deputy.
pub(crate) fn roles_from(
    tx: &mut Tx<'_>,
    officer: OfficerId,
    day: Date,
) -> Result<BTreeSet<Role>, Fault> {
    let appointed = "FROM identity_appointment JOIN identity_post \
                     ON identity_post.id = identity_appointment.post \
                     WHERE identity_appointment.officer = $1 \
                     AND (until_day IS NULL OR until_day >= $2)";
    let mut posts: Vec<Post> = Vec::new();
    for [_, post] in joined(
        tx,
        [&APPOINTMENTS, &POSTS],
        appointed,
        params![officer, day],
    )? {
        posts.push(read_post(&post)?);
    }
    let standing_in = "FROM identity_deputy JOIN identity_post \
                       ON identity_post.id = identity_deputy.post \
                       WHERE identity_deputy.deputy = $1 \
                       AND (until_day IS NULL OR until_day >= $2)";
    for [_, post] in joined(tx, [&DEPUTIES, &POSTS], standing_in, params![officer, day])? {
        posts.push(read_post(&post)?);
    }
    Ok(posts.into_iter().flat_map(|post| post.roles).collect())
}

/// The seats of an officer on a day: their own posts first, then those they stand in at, as
/// long as the one they stand in for is in service and holds the post.
pub(crate) fn seats_on(tx: &mut Tx<'_>, officer: OfficerId, day: Date) -> Result<Vec<Seat>, Fault> {
    let own = "FROM identity_appointment \
               JOIN identity_post ON identity_post.id = identity_appointment.post \
               JOIN identity_organ ON identity_organ.id = identity_post.organ \
               WHERE identity_appointment.officer = $1 AND from_day <= $2 \
               AND (until_day IS NULL OR until_day >= $2) ORDER BY identity_appointment.id";
    let mut seats: Vec<Seat> = Vec::new();
    for [_, post, organ] in joined(
        tx,
        [&APPOINTMENTS, &POSTS, &ORGANS],
        own,
        params![officer, day],
    )? {
        add(&mut seats, seat(&post, &organ, None)?);
    }
    let as_deputy = "FROM identity_deputy \
                     JOIN identity_post ON identity_post.id = identity_deputy.post \
                     JOIN identity_organ ON identity_organ.id = identity_post.organ \
                     JOIN identity_officer ON identity_officer.id = identity_deputy.holder \
                     JOIN identity_appointment \
                     ON identity_appointment.officer = identity_deputy.holder \
                     AND identity_appointment.post = identity_deputy.post \
                     AND identity_appointment.from_day <= $2 \
                     AND (identity_appointment.until_day IS NULL \
                     OR identity_appointment.until_day >= $2) \
                     WHERE identity_deputy.deputy = $1 AND identity_deputy.from_day <= $2 \
                     AND (identity_deputy.until_day IS NULL OR identity_deputy.until_day >= $2) \
                     AND identity_officer.state = $3 ORDER BY identity_deputy.id";
    let tables = [&DEPUTIES, &POSTS, &ORGANS, &OFFICERS, &APPOINTMENTS];
    let params = params![officer, day, OfficerState::Active];
    for [deputy, post, organ, _, _] in joined(tx, tables, as_deputy, params)? {
        let holder = read_deputy(&deputy)?.holder;
        add(&mut seats, seat(&post, &organ, Some(holder))?);
    }
    Ok(seats)
}

/// An own seat goes before a stood-in one at the same post.
fn add(seats: &mut Vec<Seat>, new: Seat) {
    if !seats.iter().any(|seat| seat.post == new.post) {
        seats.push(new);
    }
}

fn seat(post: &Cells, organ: &Cells, deputizing: Option<OfficerId>) -> Result<Seat, Fault> {
    let (post, organ) = (read_post(post)?, read_organ(organ)?);
    Ok(Seat {
        post: post.id,
        post_name: post.name,
        organ: organ.id,
        organ_name: organ.short_name,
        roles: post.roles,
        deputizing,
    })
}
