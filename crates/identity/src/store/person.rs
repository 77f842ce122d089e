//! Rows of persons and agencies. What a person is called lies encrypted in one column; the
//! identity number is found by its keyed digest.

use codes::CitizenId;
use db::{Tx, params};
use jiff::civil::Date;
use kernel::{Fault, PersonId, TypedId};
use ledger::{FileCommitment, Vault};
use serde::{Deserialize, Serialize};

use super::{AGENCIES, Cells, PERSONS, remembered, row, rows};
use crate::model::{Agency, AgencyId, PersonCard, PersonKind};

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

fn read_agency(cells: &Cells) -> Result<Agency, Fault> {
    let file: Option<ledger::FileId> = cells.get(3)?;
    let digest: Option<[u8; 32]> = cells.get(4)?;
    let power = file.zip(digest).map(|(file, digest)| FileCommitment {
        file,
        digest: seal::Digest32(digest),
    });
    Ok(Agency {
        id: cells.get(0)?,
        principal: cells.get(1)?,
        agent: cells.get(2)?,
        power,
        from: cells.get(5)?,
        until: cells.get(6)?,
    })
}

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
    ledger::edited(tx, &AGENCIES, one.id, values, fields)
}

pub(crate) fn find_agency(tx: &mut Tx<'_>, id: AgencyId) -> Result<Option<Agency>, Fault> {
    let cells = row(tx, &AGENCIES, "WHERE id = $1", params![id])?;
    cells.as_ref().map(read_agency).transpose()
}

/// The agencies of an agent that hold on a day.
pub(crate) fn agencies_on(
    tx: &mut Tx<'_>,
    agent: PersonId,
    day: Date,
) -> Result<Vec<Agency>, Fault> {
    let tail = "WHERE agent = $1 AND from_day <= $2 \
                AND (until_day IS NULL OR until_day >= $2) ORDER BY id";
    let found = rows(tx, &AGENCIES, tail, params![agent, day])?;
    found.iter().map(read_agency).collect()
}

/// Every agency in which a person has a part.
pub(crate) fn agencies_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Agency>, Fault> {
    let tail = "WHERE agent = $1 OR principal = $1 ORDER BY id";
    let found = rows(tx, &AGENCIES, tail, params![person])?;
    found.iter().map(read_agency).collect()
}

pub(crate) fn remove_agency(tx: &mut Tx<'_>, id: AgencyId) -> Result<(), Fault> {
    ledger::thing::removed(tx, &AGENCIES, id, params![id])
}
