//! Signing: what the item version publishes for the scenario, what was told and promised, and the
//! record that begins with it.
//!
//! Deliberately absent: the rules, which are those of `decide`, and what comes after the signature.

use catalogue::Version;
use catalogue::model::kind::{ModeKind, Necessity};
use catalogue::model::{ItemContent, Mode};
use catalogue::scenario::requirements;
use db::Tx;
use kernel::uuid::Uuid;
use kernel::{Fault, OfficerId, OrganId, PersonId};
use ledger::keep_text;
use serde::{Deserialize, Serialize};

use crate::decide::{self, Listed, Signed};
use crate::model::{Pledge, PledgeId, PledgeKind};
use crate::store;

/// The mode under which a kind is published.
#[must_use]
pub const fn mode_of(kind: PledgeKind) -> ModeKind {
    match kind {
        PledgeKind::Tolerant => ModeKind::Tolerant,
        PledgeKind::Promise => ModeKind::Promise,
    }
}

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPledge {
    /// What is pledged.
    pub kind: PledgeKind,
    /// The application, or the draft of it.
    pub application: Uuid,
    /// Scenario of the item version.
    pub scenario: String,
    /// Materials, by identifier.
    pub materials: Vec<String>,
    /// Who is bound.
    pub applicant: PersonId,
    /// Who signs online.
    pub signer: Option<PersonId>,
    /// The clerk who takes the signature at the counter.
    pub witness: Option<OfficerId>,
    /// The name as typed, which must be the applicant's or the signer's.
    pub name: String,
}

/// What was told and promised, kept beside the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PledgeWords {
    /// What the applicant was told.
    pub terms: String,
    /// The ground.
    pub basis: String,
    /// The materials, by name.
    pub materials: Vec<String>,
    /// The fields, by name.
    pub fields: Vec<String>,
    /// Who signed, by name.
    pub signed_by: String,
}

/// Signs a pledge 签署承诺书.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] on `name` when it is not the name of who signs.
pub fn sign(tx: &mut Tx<'_>, version: &Version, new: &NewPledge) -> Result<PledgeId, Fault> {
    let content = &version.content;
    let mode = content.mode(mode_of(new.kind), &new.scenario);
    let signer = new.signer.unwrap_or(new.applicant);
    if identity::person(tx, signer)?.name.trim() != new.name.trim() {
        return Err(Fault::invalid("name", "pledge.name_differs"));
    }
    let mut materials = Vec::with_capacity(new.materials.len());
    for id in &new.materials {
        let at = content.materials.iter().position(|known| known.id == *id);
        let at = at.ok_or_else(|| Fault::invalid("materials", "pledge.unknown_material"))?;
        materials.push(u16::try_from(at).map_err(Fault::broken)?);
    }
    let listed = Listed {
        published: mode.is_some(),
        safety: content.safety_item,
        materials: listed(content, mode, &new.scenario)?,
        broken: store::has_broken(tx, new.applicant)?,
        signed: store::of_application(tx, new.application)?
            .iter()
            .any(|one| one.kind == new.kind),
    };
    let id: PledgeId = tx.new_id();
    let words = words(content, mode, &materials, new.name.trim());
    let words = serde_json::to_string(&words).map_err(Fault::broken)?;
    let signed = Signed {
        kind: new.kind,
        application: new.application,
        item: version.item,
        version: version.number,
        applicant: new.applicant,
        signer: new.signer,
        witness: new.witness,
        organ: organ(tx, content)?,
        fields: fields(content, mode, new.kind),
        materials,
        words: keep_text(tx, id, Some(new.applicant), &words)?,
        on: tx.today(),
        make_up_days: mode.and_then(|mode| mode.make_up_workdays),
        check_days: mode.and_then(|mode| mode.check_workdays),
    };
    let event = decide::sign(signed, &listed)?;
    ledger::open::<Pledge>(tx, id, vec![event])?;
    Ok(id)
}

/// The materials that a mode lists and the scenario asks for: secondary ones for 容缺受理.
fn listed(content: &ItemContent, mode: Option<&Mode>, scenario: &str) -> Result<Vec<u16>, Fault> {
    let Some(mode) = mode else {
        return Ok(Vec::new());
    };
    let asked = requirements(content, scenario).map_err(Fault::broken)?;
    let fits = |necessity: Necessity| match mode.kind {
        ModeKind::Tolerant => necessity == Necessity::Tolerable,
        _ => necessity != Necessity::Optional,
    };
    let lines = asked.materials.lines().iter();
    let open = lines.filter(|line| {
        fits(line.requirement.necessity) && mode.materials.contains(&line.material.id)
    });
    open.filter_map(|line| {
        let all = &content.materials;
        all.iter().position(|known| known.id == line.material.id)
    })
    .map(|at| u16::try_from(at).map_err(Fault::broken))
    .collect()
}

fn fields(content: &ItemContent, mode: Option<&Mode>, kind: PledgeKind) -> Vec<u16> {
    let names = mode.filter(|_| kind == PledgeKind::Promise).into_iter();
    let names = names.flat_map(|mode| &mode.fields);
    names
        .filter_map(|name| content.fields.iter().position(|known| known.name == *name))
        .filter_map(|at| u16::try_from(at).ok())
        .collect()
}

fn words(content: &ItemContent, mode: Option<&Mode>, of: &[u16], signed_by: &str) -> PledgeWords {
    let material = |at: &u16| content.materials.get(usize::from(*at));
    let field = |name: &String| content.field(name).map(|one| one.label.zh.clone());
    let fields = mode.iter().flat_map(|mode| &mode.fields);
    PledgeWords {
        terms: mode.map_or_else(String::new, |mode| mode.terms.zh.clone()),
        basis: mode.map_or_else(String::new, |mode| mode.basis.citation()),
        materials: of
            .iter()
            .filter_map(material)
            .map(|one| one.name.zh.clone())
            .collect(),
        fields: fields.filter_map(field).collect(),
        signed_by: signed_by.to_owned(),
    }
}

/// The department that decides: the body that the item names, else the hall.
fn organ(tx: &mut Tx<'_>, content: &ItemContent) -> Result<OrganId, Fault> {
    let body = match &content.body.uscc {
        Some(uscc) => identity::organ_by_uscc(tx, uscc)?,
        None => None,
    };
    match body {
        Some(body) => Ok(body.id),
        None => Ok(identity::hall(tx)?.id),
    }
}
