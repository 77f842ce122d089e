//! A hall that programs can live whole cases in over the interface: what to send, and who acts.
//! For tests of the whole program; benches use `super::rehearsal` itself.

use std::collections::BTreeMap;

use db::Db;
use identity::PersonKind;
use kernel::{Actor, Fault, OfficerId, OrganId, PersonId};
use serde_json::{Value, json};
use web::Role;

use super::dice::Dice;
use super::people;
use super::rehearsal::rehearse;

/// What it takes to live cases of one item, whose procedure has seven operations.
#[derive(Debug, Clone)]
pub struct Scene {
    /// The body of an application, without files.
    pub application: Value,
    /// Who accepts.
    pub clerk: OfficerId,
    /// Who hands out.
    pub exit: OfficerId,
    /// Who does the tasks of a post: the first of its holders.
    pub staff: BTreeMap<(OrganId, Role), OfficerId>,
}

/// Furnishes an empty hall for it.
///
/// # Errors
/// When a command fails that must not.
pub fn furnish(db: &Db) -> anyhow::Result<Scene> {
    let rehearsal = rehearse(db, false)?;
    let nobody = || Fault::NotFound { what: "officer" };
    let seats = &rehearsal.staff;
    let first = seats.by_role.iter();
    let first = first.filter_map(|(place, all)| Some((*place, all.first()?.officer)));
    Ok(Scene {
        application: json!({
            "item": rehearsal.version.content.codes.key(),
            "scenario": rehearsal.picks,
            "answers": rehearsal.given,
        }),
        clerk: seats.clerks.first().ok_or_else(nobody)?.officer,
        exit: seats.exit.first().ok_or_else(nobody)?.officer,
        staff: first.collect(),
    })
}

/// Somebody new who applies.
///
/// # Errors
/// When the store cannot be written.
pub fn applicant(db: &Db) -> Result<PersonId, Fault> {
    let person = people::person(&Dice::new(db.clock()), PersonKind::Natural, None);
    db.write(db.cause(Actor::system()), move |tx| {
        identity::person_at_counter(tx, &person)
    })
}
