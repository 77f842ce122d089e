//! Pledges on the way to an application: what the item offers to whoever writes it, the signature
//! on the draft, and what a signed pledge stands for when it is sent.
//!
//! Deliberately absent: the rules of a pledge, which are those of the room `pledge`.

use catalogue::Version;
use catalogue::model::kind::{ModeKind, Necessity};
use db::Tx;
use kernel::{Fault, PersonId, TypedId};
use pledge::{NewPledge, Pledge, PledgeId, PledgeKind};

use crate::draft;
use crate::model::{ApplicationId, By};
use crate::store;

/// A mode that a draft may still take.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// What would be pledged.
    pub kind: PledgeKind,
    /// Materials of the scenario that the mode lists and that are not there yet, by identifier.
    pub materials: Vec<String>,
    /// The pledge, once it is signed.
    pub signed: Option<Pledge>,
}

/// The modes that the item publishes for the scenario of a draft.
///
/// # Errors
/// [`Fault::NotFound`] for a draft of others; [`Fault::Invalid`] while questions are open.
pub fn offers(tx: &mut Tx<'_>, by: &By, id: ApplicationId) -> Result<Vec<Offer>, Fault> {
    let draft = store::draft(tx, by, id)?;
    let version = draft::open_version(tx, draft.item)?;
    let content = &version.content;
    if content.modes.is_empty() {
        return Ok(Vec::new());
    }
    let asked = draft::whole(content, &draft.picks)?;
    let files = store::uploads_of(tx, id)?;
    let signed = pledge::of_application(tx, id.uuid())?;
    let there = |material: &str| {
        files
            .iter()
            .any(|file| file.material.as_deref() == Some(material))
    };
    let mut offers = Vec::new();
    for kind in [PledgeKind::Promise, PledgeKind::Tolerant] {
        let Some(mode) = content.mode(pledge::mode_of(kind), &asked.scenario.id) else {
            continue;
        };
        let fits = |necessity: Necessity| match mode.kind {
            ModeKind::Tolerant => necessity == Necessity::Tolerable,
            _ => necessity != Necessity::Optional,
        };
        let lines = asked.materials.lines().iter();
        let open = lines.filter(|line| {
            let id = &line.material.id;
            let open = !line.material.from_form && !there(id);
            fits(line.requirement.necessity) && mode.materials.contains(id) && open
        });
        offers.push(Offer {
            kind,
            materials: open.map(|line| line.material.id.clone()).collect(),
            signed: signed.iter().find(|one| one.kind == kind).cloned(),
        });
    }
    Ok(offers)
}

/// Signs a pledge for a draft: the applicant or agent online, or at the counter before a clerk, who
/// witnesses it.
///
/// # Errors
/// A [`pledge::Refusal`]; [`Fault::Invalid`] for a wrong name.
pub fn sign_pledge(
    tx: &mut Tx<'_>,
    by: &By,
    id: ApplicationId,
    kind: PledgeKind,
    materials: Vec<String>,
    name: &str,
) -> Result<PledgeId, Fault> {
    let draft = store::draft(tx, by, id)?;
    let version = draft::open_version(tx, draft.item)?;
    let scenario = draft::whole(&version.content, &draft.picks)?
        .scenario
        .id
        .clone();
    let (signer, witness): (Option<PersonId>, _) = match *by {
        By::Person(person) => (Some(person), None),
        By::Clerk { officer, .. } => (draft.agent, Some(officer)),
        By::Other => return Err(crate::Refusal::NotYours.into()),
    };
    let new = NewPledge {
        kind,
        application: id.uuid(),
        scenario,
        materials,
        applicant: draft.applicant,
        signer,
        witness,
        name: name.to_owned(),
    };
    pledge::sign(tx, &version, &new)
}

/// Materials that a signed pledge stands for, by identifier.
pub(crate) fn pledged(
    tx: &mut Tx<'_>,
    version: &Version,
    id: ApplicationId,
) -> Result<Vec<String>, Fault> {
    if version.content.modes.is_empty() {
        return Ok(Vec::new());
    }
    let at = |at: u16| version.content.materials.get(usize::from(at));
    let covered = pledge::covered(tx, id.uuid())?;
    let known = covered.into_iter().filter_map(at);
    Ok(known.map(|material| material.id.clone()).collect())
}

/// A pledge was signed for a version and its scenario: it does not move to another one.
pub(crate) fn same_scenario(
    tx: &mut Tx<'_>,
    version: &Version,
    id: ApplicationId,
    scenario: &str,
) -> Result<(), Fault> {
    if version.content.modes.is_empty() {
        return Ok(());
    }
    for one in pledge::of_application(tx, id.uuid())? {
        let kind = one.kind;
        let open = version.content.mode(pledge::mode_of(kind), scenario);
        let same = one.item == version.item && one.version == version.number;
        if one.covers() && (open.is_none() || !same) {
            return Err(pledge::Refusal::NotPublished { kind }.into());
        }
    }
    Ok(())
}
