//! Rows of persons and agencies. What a person is called lies encrypted in one column; the
//! identity number is found by its keyed digest.

use codes::CitizenId;
use db::{Tx, Value, params};
use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{Fault, PersonId, TypedId};
use ledger::{FileCommitment, Vault};
use serde::{Deserialize, Serialize};

use super::{AGENCIES, Cells, PERSONS, SCOPES, joined, remembered, row, rows};
use crate::model::{Agency, AgencyId, AgencyScope, PersonCard, PersonKind};

#[derive(Serialize, Deserialize)]
struct Body {
    name: String,
    identity_number: String,
    phone: String,
}

fn context(id: PersonId) -> Vec<u8> {
    [b"identity_person.body".as_slice(), id.uuid().as_bytes()].concat()
}

fn read_person(tx: &Tx<'_>, cells: &Cells) -> Result<PersonCard, Fault> {
    let id: PersonId = cells.get(0)?;
    let kind: PersonKind = cells.get(1)?;
    let body: Vec<u8> = cells.get(3)?;
    let plain = tx.thing::<Vault>()?.unlock(&context(id), &body);
    let plain = plain.ok_or_else(|| Fault::broken(format!("what is kept of {id} was changed")))?;
    let body: Body = serde_json::from_slice(&plain).map_err(Fault::broken)?;
    let natural = kind == PersonKind::Natural;
    let citizen = natural.then(|| CitizenId::parse_stored(&body.identity_number).ok());
    Ok(PersonCard {
        id,
        kind,
        name: body.name,
        birth_date: citizen.flatten().map(|citizen| citizen.birth_date()),
        identity_number: body.identity_number,
        phone: body.phone,
    })
}

pub(crate) fn put_person(
    tx: &mut Tx<'_>,
    person: &PersonCard,
    fields: &[&'static str],
) -> Result<(), Fault> {
    let vault = tx.thing::<Vault>()?;
    let body = Body {
        name: person.name.clone(),
        identity_number: person.identity_number.clone(),
        phone: person.phone.clone(),
    };
    let body = serde_json::to_vec(&body).map_err(Fault::broken)?;
    let body = vault.lock(tx.clock(), &context(person.id), &body)?;
    let mark = vault.finder("identity_number", &person.identity_number);
    let values = params![person.id, person.kind, mark, body];
    ledger::edited(tx, &PERSONS, person.id, values, fields)
}

pub(crate) fn find_person(tx: &mut Tx<'_>, id: PersonId) -> Result<Option<PersonCard>, Fault> {
    remembered(tx, &PERSONS, id.uuid(), |tx| {
        let cells = row(tx, &PERSONS, "WHERE id = $1", params![id])?;
        cells.map(|cells| read_person(tx, &cells)).transpose()
    })
}

pub(crate) fn find_person_by_number(
    tx: &mut Tx<'_>,
    number: &str,
) -> Result<Option<PersonCard>, Fault> {
    let mark = tx.thing::<Vault>()?.finder("identity_number", number);
    let cells = row(tx, &PERSONS, "WHERE number_mark = $1", params![mark])?;
    cells.map(|cells| read_person(tx, &cells)).transpose()
}

pub(crate) fn person_ids(
    tx: &mut Tx<'_>,
    after: Option<PersonId>,
    most: usize,
) -> Result<Vec<PersonId>, Fault> {
    let most = i64::try_from(most).map_err(Fault::broken)?;
    match after {
        Some(after) => tx.query(
            "SELECT id FROM identity_person WHERE id > $1 ORDER BY id LIMIT $2",
            params![after, most],
            |row| row.get(0),
        ),
        None => tx.query(
            "SELECT id FROM identity_person ORDER BY id LIMIT $1",
            params![most],
            |row| row.get(0),
        ),
    }
}

pub(crate) fn remove_person(tx: &mut Tx<'_>, id: PersonId) -> Result<(), Fault> {
    ledger::thing::removed(tx, &PERSONS, id, params![id])
}

fn read_agency(cells: &Cells, scope: &Cells) -> Result<Agency, Fault> {
    let file: Option<ledger::FileId> = cells.get(3)?;
    let digest: Option<[u8; 32]> = cells.get(4)?;
    let power = file.zip(digest).map(|(file, digest)| FileCommitment {
        file,
        digest: seal::Digest32(digest),
    });
    let item: Option<[u8; 16]> = scope.get(1)?;
    let item = item.map(|item| AgencyScope::Item(Uuid::from_bytes(item)));
    Ok(Agency {
        id: cells.get(0)?,
        principal: cells.get(1)?,
        agent: cells.get(2)?,
        power,
        scope: item.unwrap_or(AgencyScope::EveryMatter),
        from: cells.get(5)?,
        until: cells.get(6)?,
    })
}

/// Writes a right; its scope is written with it and never changes.
pub(crate) fn put_agency(
    tx: &mut Tx<'_>,
    one: &Agency,
    fields: &[&'static str],
) -> Result<(), Fault> {
    let (file, digest) = (
        one.power.map(|power| power.file),
        one.power.map(|power| power.digest.0),
    );
    let values = params![
        one.id,
        one.principal,
        one.agent,
        file,
        digest,
        one.from,
        one.until
    ];
    ledger::edited(tx, &AGENCIES, one.id, values, fields)?;
    let (_, item) = one.scope.asked();
    SCOPES.put_new(tx, params![one.id, item]).map(|_| ())
}

/// The rights that a condition finds, each with its scope; the two are read together or not at
/// all.
fn agencies(
    tx: &mut Tx<'_>,
    tail: &'static str,
    values: &[Value<'_>],
) -> Result<Vec<Agency>, Fault> {
    let found = joined(tx, [&AGENCIES, &SCOPES], tail, values)?;
    let found = found.iter();
    found
        .map(|[cells, scope]| read_agency(cells, scope))
        .collect()
}

pub(crate) fn find_agency(tx: &mut Tx<'_>, id: AgencyId) -> Result<Option<Agency>, Fault> {
    let tail = "FROM identity_agency JOIN identity_agency_scope \
                ON identity_agency_scope.agency = identity_agency.id \
                WHERE identity_agency.id = $1";
    Ok(agencies(tx, tail, params![id])?.pop())
}

/// The agencies of an agent that hold on a day.
pub(crate) fn agencies_on(
    tx: &mut Tx<'_>,
    agent: PersonId,
    day: Date,
) -> Result<Vec<Agency>, Fault> {
    let tail = "FROM identity_agency JOIN identity_agency_scope \
                ON identity_agency_scope.agency = identity_agency.id \
                WHERE agent = $1 AND from_day <= $2 \
                AND (until_day IS NULL OR until_day >= $2) ORDER BY identity_agency.id";
    agencies(tx, tail, params![agent, day])
}

/// The agencies by which an agent may act for a principal on a day in the matter of an item;
/// without an item, in what belongs to no single one.
pub(crate) fn agencies_for(
    tx: &mut Tx<'_>,
    agent: PersonId,
    principal: PersonId,
    item: Option<Uuid>,
    day: Date,
) -> Result<Vec<Agency>, Fault> {
    let tail = "FROM identity_agency JOIN identity_agency_scope \
                ON identity_agency_scope.agency = identity_agency.id \
                WHERE agent = $1 AND principal = $2 AND from_day <= $3 \
                AND (until_day IS NULL OR until_day >= $3) \
                AND (item IS NULL OR item = $4) ORDER BY identity_agency.id";
    let item = item.map(Uuid::into_bytes);
    agencies(tx, tail, params![agent, principal, day, item])
}

/// Every agency in which a person has a part.
pub(crate) fn agencies_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<AgencyId>, Fault> {
    let tail = "WHERE agent = $1 OR principal = $1 ORDER BY id";
    let found = rows(tx, &AGENCIES, tail, params![person])?;
    found.iter().map(|cells| cells.get(0)).collect()
}

pub(crate) fn remove_agency(tx: &mut Tx<'_>, id: AgencyId) -> Result<(), Fault> {
    SCOPES.remove(tx, params![id])?;
    ledger::thing::removed(tx, &AGENCIES, id, params![id])
}
