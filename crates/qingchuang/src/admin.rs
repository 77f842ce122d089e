//! The first administrators of a hall, and help for who cannot log in: use cases of `identity`
//! as the machine's operator needs them.

use std::collections::{BTreeMap, BTreeSet};

use db::{Db, Tx};
use identity::{NewOfficer, OfficerState, PasswordHash};
use kernel::fault::Param;
use kernel::{Actor, Fault, OfficerId, PostId};
use serde::Serialize;
use web::Role;

use crate::passwords::{Drawn, draw};

/// Somebody who is to become an administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What they log in with.
    pub login: String,
    /// Their name.
    pub name: String,
}

impl Named {
    /// Reads `LOGIN=NAME`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (login, name) = text.split_once('=')?;
        let (login, name) = (login.trim().to_lowercase(), name.trim().to_owned());
        (!login.is_empty() && !name.is_empty()).then_some(Self { login, name })
    }
}

/// How the making of the first administrators ended.
pub enum First {
    /// They are there.
    Made(Vec<Drawn>),
    /// They are not, by this rule.
    Refused {
        /// The stable code.
        code: &'static str,
        /// What its wording needs.
        params: Vec<Param>,
    },
}

/// The posts of the three administrators (三员分立), in the order in which they are named.
const POSTS: [(&str, Role); 3] = [
    ("系统管理员", Role::SystemAdmin),
    ("安全管理员", Role::SecurityAdmin),
    ("审计管理员", Role::AuditAdmin),
];

/// More officers than any hall has.
const OFFICERS_MAX: usize = 1_000_000;

/// Makes the first three administrators in one transaction: all or none.
///
/// # Errors
/// [`Fault::Invalid`] for a login or name that cannot be; [`Fault::Unavailable`].
pub fn first(db: &Db, named: &[Named]) -> Result<First, Fault> {
    let refused = |code, params| Ok(First::Refused { code, params });
    let logins: BTreeSet<&str> = named.iter().map(|one| one.login.as_str()).collect();
    let names: BTreeSet<&str> = named.iter().map(|one| one.name.as_str()).collect();
    if [logins.len(), names.len()] != [POSTS.len(), POSTS.len()] {
        return refused("cli.first_three_people", Vec::new());
    }
    match db.read(identity::hall) {
        Err(Fault::NotFound { .. }) => return refused("cli.first_needs_hall", Vec::new()),
        other => other.map(|_| ())?,
    }
    let there = db.read(|tx| {
        let all = list(tx)?;
        let is = |one: &Listed| {
            let administers = |role: &Role| identity::decide::ADMINISTRATORS.contains(role);
            one.roles.iter().any(administers)
        };
        let logins: Vec<String> = all.into_iter().filter(is).map(|one| one.login).collect();
        Ok(logins)
    })?;
    if !there.is_empty() {
        return refused("cli.first_done_before", vec![("logins", there.join(", "))]);
    }
    let mut drawn = Vec::new();
    let mut all: Vec<(Named, PasswordHash)> = Vec::new();
    for one in named {
        let (told, hash) = draw(db.clock(), &one.login)?;
        drawn.push(told);
        all.push((one.clone(), hash));
    }
    db.write(db.cause(Actor::system()), move |tx| {
        let hall = identity::hall(tx)?.id;
        for ((name, role), (one, password)) in POSTS.into_iter().zip(&all) {
            let posts = identity::posts(tx)?;
            let known = posts
                .into_iter()
                .find(|post| post.organ == hall && post.roles == BTreeSet::from([role]));
            let post = match known {
                Some(post) => post.id,
                None => identity::add_post(tx, hall, name, BTreeSet::from([role]))?,
            };
            let new = NewOfficer {
                login: one.login.clone(),
                name: one.name.clone(),
                password: password.clone(),
            };
            let officer = identity::add_officer(tx, &new)?;
            identity::account::expect_own_password(tx, officer)?;
            let today = tx.today();
            identity::appoint(tx, officer, post, today, None)?;
        }
        Ok(())
    })?;
    crate::jobs::seal_all(db, 0)?;
    Ok(First::Made(drawn))
}

/// Draws a one-time password for an officer; `factor` takes their second factor away as well, for
/// whoever lost it.
///
/// # Errors
/// [`Fault::NotFound`] when no officer has the login.
pub fn reset_password(db: &Db, login: &str, factor: bool) -> Result<Drawn, Fault> {
    let card = db.read(|tx| identity::officer_by_login(tx, login))?;
    let card = card.ok_or(Fault::NotFound { what: "officer" })?;
    let (drawn, hash) = draw(db.clock(), &card.login)?;
    db.write(db.cause(Actor::system()), move |tx| {
        if factor && identity::factor::standing(tx, card.id)?.active {
            identity::factor::reset(tx, card.id)?;
        }
        identity::account::hand_out(tx, card.id, &hash)
    })?;
    crate::jobs::seal_all(db, 0)?;
    Ok(drawn)
}

/// Lets an officer try again at once; false when nothing locked them.
///
/// # Errors
/// [`Fault::NotFound`] when no officer has the login.
pub fn unlock(db: &Db, login: &str) -> Result<bool, Fault> {
    let card = db.read(|tx| identity::officer_by_login(tx, login))?;
    let id = card.ok_or(Fault::NotFound { what: "officer" })?.id;
    let unlocked = db.write(db.cause(Actor::system()), move |tx| {
        let safety = identity::account::safety(tx, id)?;
        if safety.is_none_or(|safety| safety.locked_seconds == 0) {
            return Ok(false);
        }
        identity::account::unlock(tx, id).map(|()| true)
    })?;
    crate::jobs::seal_all(db, 0)?;
    Ok(unlocked)
}

/// How an erasure ended.
pub enum Erasing {
    /// Everything is gone.
    Done(identity::erasure::Erasure),
    /// These matters stand in the way.
    Stands(Vec<identity::erasure::Obstacle>),
}

/// Erases a person, named by id or by identity number; contents of files go at once where they
/// were not handed in a moment ago.
///
/// # Errors
/// [`Fault::NotFound`] when there is nobody like that.
pub fn erase(db: &Db, named: &str) -> Result<Erasing, Fault> {
    let named = named.to_owned();
    let (person, standing) = db.read(move |tx| {
        let person = match named.parse() {
            Ok(id) => identity::person(tx, id)?.id,
            Err(_) => {
                let found = identity::person_by_number(tx, &named.to_uppercase())?;
                found.ok_or(Fault::NotFound { what: "person" })?.id
            }
        };
        Ok((person, identity::erasure::obstacles(tx, person)?))
    })?;
    if !standing.is_empty() {
        return Ok(Erasing::Stands(standing));
    }
    let cause = db.cause(Actor::system());
    let done = db.write(cause, move |tx| identity::erasure::erase_now(tx, person))?;
    crate::jobs::seal_all(db, 0)?;
    crate::erasure::remove_contents(db)?;
    Ok(Erasing::Done(done))
}

/// An officer as the operator's list shows one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// What they log in with.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Whether they may log in.
    pub state: OfficerState,
    /// What their posts let them do, today or from a later day on.
    pub roles: BTreeSet<Role>,
    /// For how many more seconds they are locked out.
    pub locked_seconds: u64,
}

/// Every officer, by login.
///
/// # Errors
/// As [`Tx::query`].
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Listed>, Fault> {
    let posts: BTreeMap<PostId, BTreeSet<Role>> = identity::posts(tx)?
        .into_iter()
        .map(|post| (post.id, post.roles))
        .collect();
    let mut held: BTreeMap<OfficerId, BTreeSet<Role>> = BTreeMap::new();
    let appointed = identity::appointments(tx)?;
    let deputies = identity::deputies(tx)?;
    let seats = appointed
        .iter()
        .map(|one| (one.officer, one.post))
        .chain(deputies.iter().map(|one| (one.deputy, one.post)));
    for (officer, post) in seats {
        let roles = posts.get(&post).into_iter().flatten();
        held.entry(officer).or_default().extend(roles);
    }
    let mut all = Vec::new();
    for card in identity::officers(tx, "", OFFICERS_MAX)? {
        let safety = identity::account::safety(tx, card.id)?;
        all.push(Listed {
            locked_seconds: safety.map_or(0, |safety| safety.locked_seconds),
            login: card.login,
            name: card.name,
            state: card.state,
            roles: held.remove(&card.id).unwrap_or_default(),
        });
    }
    Ok(all)
}
