//! 岗位分离 over everything that was assigned: whether one person could have two of accept, review,
//! decide and hand out in one case, by a post, as a deputy (AB 角) or by powers that were entrusted.
//! The case room refuses the second duty in any case; this says it before there is one.

use std::collections::{BTreeMap, BTreeSet};

use db::Tx;
use kernel::{Fault, Lang, OfficerId, OrganId};
use process::Assignment;
use web::Role;

use crate::model::PowerDelegation;

/// The posts that procedures name, with the roles that sit at them.
const DESKS: [(&str, Role); 4] = [
    ("intake_clerk", Role::IntakeClerk),
    ("reviewer", Role::Reviewer),
    ("decider", Role::Decider),
    ("exit_clerk", Role::ExitClerk),
];
const ACCEPTING: &str = "intake_clerk";

/// Those who could have two duties once powers hold, in words: each with the posts, the deputies or
/// the delegation that it comes from.
///
/// # Errors
/// As [`Tx::query`].
pub fn overlaps(
    tx: &mut Tx<'_>,
    power: &PowerDelegation,
    lang: Lang,
) -> Result<Vec<String>, Fault> {
    let assignment = assignment(tx, power.from_organ, power.to_organ)?;
    let today = tx.today();
    let mut names: BTreeSet<procedure::ProcedureName> = BTreeSet::new();
    for item in &power.items {
        if let Some(version) = catalogue::published(tx, *item, today)? {
            let handling = version.content.handling.as_ref();
            names.extend(handling.map(|handling| handling.procedure.clone()));
        }
    }
    let mut said: BTreeSet<String> = BTreeSet::new();
    for name in names {
        let Some(edition) = procedure::in_force(tx, &name, today)? else {
            continue;
        };
        let edition = procedure::edition(tx, &edition.to_string())?;
        for finding in process::separated(edition.process(), &assignment) {
            if finding.code == "one_person" {
                said.insert(lang.pick(finding.zh, finding.en));
            }
        }
    }
    Ok(said.into_iter().collect())
}

/// Who may act for which desk: the hall's own windows, the posts of the organ, its powers in the
/// hands of the receiver, and everybody's deputies.
fn assignment(tx: &mut Tx<'_>, from: OrganId, to: OrganId) -> Result<Assignment, Fault> {
    let today = tx.today();
    let hall = identity::hall(tx)?.id;
    let mut found = Assignment {
        accepting: Some(ACCEPTING.to_owned()),
        ..Assignment::default()
    };
    let mut named: BTreeMap<OfficerId, String> = BTreeMap::new();
    for one in identity::appointments(tx)? {
        if today < one.from || one.until.is_some_and(|until| until < today) {
            continue;
        }
        let post = identity::post(tx, one.post)?;
        let who = name(tx, &mut named, one.officer)?;
        for (desk, role) in DESKS {
            if !post.roles.contains(&role) {
                continue;
            }
            let whose = match post.organ {
                organ if organ == from || organ == hall => &mut found.posts,
                organ if organ == to => &mut found.delegations,
                _ => continue,
            };
            whose
                .entry(desk.to_owned())
                .or_default()
                .insert(who.clone());
        }
    }
    for one in identity::deputies(tx)? {
        if one.from <= today && one.until.is_none_or(|until| today <= until) {
            let holder = name(tx, &mut named, one.holder)?;
            let deputy = name(tx, &mut named, one.deputy)?;
            found.deputies.entry(holder).or_default().insert(deputy);
        }
    }
    Ok(found)
}

/// What an officer is called here: by name and login, since two may have one name.
fn name(
    tx: &mut Tx<'_>,
    named: &mut BTreeMap<OfficerId, String>,
    id: OfficerId,
) -> Result<String, Fault> {
    if let Some(known) = named.get(&id) {
        return Ok(known.clone());
    }
    let card = identity::officer(tx, id)?;
    let said = format!("{}（{}）", card.name, card.login);
    named.insert(id, said.clone());
    Ok(said)
}
