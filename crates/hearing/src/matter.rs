//! What a hearing is about, as the rooms beneath tell: organ, party, number, name, and who examined
//! the matter and so cannot preside.

use case::{CaseId, Hall};
use db::Tx;
use exit::ExitId;
use kernel::uuid::Uuid;
use kernel::{Fault, Lang, OfficerId, OrganId, PersonId, TypedId};

use crate::model::{Subject, SubjectKind};

/// A matter to be heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// Whose matter it is.
    pub organ: OrganId,
    /// Who is heard.
    pub party: PersonId,
    /// The item; its raw id.
    pub item: Uuid,
    /// Its number, as printed.
    pub number: String,
    /// What it is called.
    pub name: String,
    /// Whether it is still undecided.
    pub undecided: bool,
    /// Who examined it, deputies included.
    pub involved: Vec<OfficerId>,
}

/// Reads a matter.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn matter(tx: &mut Tx<'_>, subject: Subject) -> Result<Matter, Fault> {
    match subject.kind {
        SubjectKind::Case => of_case(tx, CaseId::from_uuid(subject.id)),
        SubjectKind::Exit => of_exit(tx, ExitId::from_uuid(subject.id)),
    }
}

fn of_case(tx: &mut Tx<'_>, id: CaseId) -> Result<Matter, Fault> {
    let case = case::case(tx, id)?;
    let hall = tx.thing::<Hall>()?;
    let hands = case.hands.iter();
    let worked = hands.flat_map(|hand| [Some(hand.by), hand.standing_in]);
    let held = case.tasks.iter();
    let held = held.flat_map(|task| [task.held_by, task.held_for]);
    Ok(Matter {
        organ: case.organ,
        party: case.applicant,
        item: case.item,
        number: case.number.to_string(),
        name: hall.item_name(tx, case.item, case.version, Lang::Zh)?,
        undecided: case.status.is_open(),
        involved: worked.chain(held).flatten().collect(),
    })
}

fn of_exit(tx: &mut Tx<'_>, id: ExitId) -> Result<Matter, Fault> {
    let exit = exit::exit(tx, id)?;
    let of = certificate::certificate(tx, exit.certificate)?;
    let name = certificate::text_of(tx, &of)?.map_or_else(String::new, |text| text.name);
    let act = exit::act(exit.kind());
    let hands = [
        exit.opened_by,
        exit.opened_for,
        exit.reviewed_by,
        exit.reviewed_for,
    ];
    Ok(Matter {
        organ: exit.organ,
        party: exit.holder,
        item: exit.item,
        number: of.number.to_string(),
        name: format!("{name}（{act}）"),
        undecided: exit.status.is_open(),
        involved: hands.into_iter().flatten().collect(),
    })
}
