//! All SQL of the room.

use db::{Row, SealedTable, Tx, params};
use jiff::Timestamp;
use kernel::{Fault, TypedId};
use ledger::Vault;
use ledger::audit::Audited;

use crate::model::{Address, AddressId, Channel, Dispatch, DispatchState, Letter, LetterId, Owner};

const LETTERS: SealedTable = SealedTable {
    name: "inbox_letter",
    keys: &["id"],
    columns: &[
        "kind",
        "owner_kind",
        "owner",
        "number",
        "href",
        "written_at",
        "read_at",
    ],
};
const DISPATCHES: SealedTable = SealedTable {
    name: "inbox_dispatch",
    keys: &["letter", "channel"],
    columns: &["state", "attempts", "error", "tried_at"],
};
const ADDRESSES: SealedTable = SealedTable {
    name: "inbox_address",
    keys: &["id"],
    columns: &["owner_kind", "owner", "mail", "sms"],
};
const PROGRESS: SealedTable = SealedTable {
    name: "inbox_progress",
    keys: &["name"],
    columns: &["position"],
};

/// What `verify --deep` must know of this room's tables.
#[must_use]
pub fn tables() -> Vec<Audited> {
    vec![
        Audited::Sealed(&LETTERS),
        Audited::Sealed(&DISPATCHES),
        Audited::Thing {
            kind: AddressId::PREFIX,
            table: &ADDRESSES,
        },
        Audited::Sealed(&PROGRESS),
    ]
}

const LETTER: &str = "id, kind, owner_kind, owner, number, href, written_at, read_at";

fn read_owner(row: &Row<'_>, at: usize) -> Result<Owner, Fault> {
    match row.get::<String>(at)?.as_str() {
        "officer" => Ok(Owner::Officer(row.get(at + 1)?)),
        "citizen" => Ok(Owner::Citizen(row.get(at + 1)?)),
        _ => Err(Fault::broken("a letter to nobody")),
    }
}

fn read_letter(row: &Row<'_>) -> Result<Letter, Fault> {
    Ok(Letter {
        id: row.get(0)?,
        kind: row.get(1)?,
        owner: read_owner(row, 2)?,
        number: row.get(4)?,
        href: row.get(5)?,
        written_at: row.get(6)?,
        read_at: row.get(7)?,
    })
}

/// Writes a letter unless it is there; true when it was written.
pub(crate) fn put_new_letter(tx: &mut Tx<'_>, letter: &Letter) -> Result<bool, Fault> {
    let (kind, owner) = letter.owner.parts();
    LETTERS.put_new(
        tx,
        params![
            letter.id,
            letter.kind,
            kind,
            owner,
            letter.number,
            letter.href,
            letter.written_at,
            letter.read_at
        ],
    )
}

pub(crate) fn put_letter(tx: &mut Tx<'_>, letter: &Letter) -> Result<(), Fault> {
    let (kind, owner) = letter.owner.parts();
    LETTERS.put(
        tx,
        params![
            letter.id,
            letter.kind,
            kind,
            owner,
            letter.number,
            letter.href,
            letter.written_at,
            letter.read_at
        ],
    )
}

pub(crate) fn find_letter(tx: &mut Tx<'_>, id: LetterId) -> Result<Option<Letter>, Fault> {
    LETTERS.get(tx, params![id], read_letter)
}

pub(crate) fn letters_of(
    tx: &mut Tx<'_>,
    of: Owner,
    before: Option<(Timestamp, LetterId)>,
    most: i64,
) -> Result<Vec<Letter>, Fault> {
    let (kind, owner) = of.parts();
    let newest = (Timestamp::MAX, LetterId::from_uuid(uuid::Uuid::max()));
    let (at, id) = before.unwrap_or(newest);
    let sql = format!(
        "SELECT {LETTER} FROM inbox_letter WHERE owner_kind = $1 AND owner = $2 \
         AND (written_at < $3 OR (written_at = $3 AND id < $4)) \
         ORDER BY written_at DESC, id DESC LIMIT $5"
    );
    tx.query(&sql, params![kind, owner, at, id, most], read_letter)
}

pub(crate) fn unread_of(tx: &mut Tx<'_>, of: Owner) -> Result<Vec<Letter>, Fault> {
    let (kind, owner) = of.parts();
    let sql = format!(
        "SELECT {LETTER} FROM inbox_letter WHERE owner_kind = $1 AND owner = $2 \
         AND read_at IS NULL ORDER BY written_at LIMIT 1000"
    );
    tx.query(&sql, params![kind, owner], read_letter)
}

fn read_dispatch(row: &Row<'_>) -> Result<Dispatch, Fault> {
    Ok(Dispatch {
        letter: row.get(0)?,
        channel: row.get(1)?,
        state: row.get(2)?,
        attempts: row.get(3)?,
        error: row.get(4)?,
        tried_at: row.get(5)?,
    })
}

pub(crate) fn put_dispatch(tx: &mut Tx<'_>, one: &Dispatch) -> Result<(), Fault> {
    DISPATCHES.put(
        tx,
        params![
            one.letter,
            one.channel,
            one.state,
            one.attempts,
            one.error,
            one.tried_at
        ],
    )
}

const DISPATCH: &str = "letter, channel, state, attempts, error, tried_at";

pub(crate) fn dispatches_of(tx: &mut Tx<'_>, letter: LetterId) -> Result<Vec<Dispatch>, Fault> {
    let sql = format!("SELECT {DISPATCH} FROM inbox_dispatch WHERE letter = $1 ORDER BY channel");
    tx.query(&sql, params![letter], read_dispatch)
}

/// What has not gone out, the latest attempts first.
pub(crate) fn troubled(tx: &mut Tx<'_>, most: i64) -> Result<Vec<Dispatch>, Fault> {
    let sql = format!(
        "SELECT {DISPATCH} FROM inbox_dispatch WHERE state IN ($1, $2) \
         ORDER BY tried_at DESC LIMIT $3"
    );
    let (failing, given_up) = (DispatchState::Failing, DispatchState::GivenUp);
    tx.query(&sql, params![failing, given_up, most], read_dispatch)
}

/// How many dispatches are in each state.
pub(crate) fn counts(tx: &mut Tx<'_>) -> Result<Vec<(Channel, DispatchState, i64)>, Fault> {
    let sql = "SELECT channel, state, COUNT(*) FROM inbox_dispatch \
               GROUP BY channel, state ORDER BY channel, state";
    tx.query(sql, &[], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
}

fn context(id: AddressId) -> Vec<u8> {
    [b"inbox_address.mail".as_slice(), id.uuid().as_bytes()].concat()
}

pub(crate) fn put_address(tx: &mut Tx<'_>, address: &Address) -> Result<(), Fault> {
    let (kind, owner) = address.owner.parts();
    let vault = tx.thing::<Vault>()?;
    let mail = match &address.mail {
        Some(mail) => Some(vault.lock(tx.clock(), &context(address.id), mail.as_bytes())?),
        None => None,
    };
    let values = params![address.id, kind, owner, mail, address.sms];
    ledger::edited(tx, &ADDRESSES, address.id, values, &["mail", "sms"])
}

pub(crate) fn find_address(tx: &mut Tx<'_>, of: Owner) -> Result<Option<Address>, Fault> {
    let (kind, owner) = of.parts();
    let sql = "SELECT id FROM inbox_address WHERE owner_kind = $1 AND owner = $2";
    let id = tx.query_one(sql, params![kind, owner], |row| row.get::<AddressId>(0))?;
    let Some(id) = id else {
        return Ok(None);
    };
    let vault = tx.thing::<Vault>()?;
    ADDRESSES.get(tx, params![id], |row| {
        let body: Option<Vec<u8>> = row.get(3)?;
        let open = |body: Vec<u8>| {
            let plain = vault.unlock(&context(id), &body);
            let plain = plain.ok_or_else(|| Fault::broken("a mail address was changed"))?;
            String::from_utf8(plain).map_err(Fault::broken)
        };
        Ok(Address {
            id,
            owner: read_owner(row, 1)?,
            mail: body.map(open).transpose()?,
            sms: row.get(4)?,
        })
    })
}

pub(crate) fn erase(tx: &mut Tx<'_>, of: Owner) -> Result<u64, Fault> {
    if let Some(address) = find_address(tx, of)? {
        ledger::thing::removed(tx, &ADDRESSES, address.id, params![address.id])?;
    }
    let (kind, owner) = of.parts();
    let sql = "DELETE FROM inbox_dispatch WHERE letter IN \
               (SELECT id FROM inbox_letter WHERE owner_kind = $1 AND owner = $2)";
    tx.execute(sql, params![kind, owner])?;
    let sql = "DELETE FROM inbox_letter WHERE owner_kind = $1 AND owner = $2";
    tx.execute(sql, params![kind, owner])
}

/// The place in the ledger up to which letters were written; 0 at the beginning.
///
/// # Errors
/// As [`Tx::query`].
pub fn position(tx: &mut Tx<'_>) -> Result<i64, Fault> {
    let found = PROGRESS.get(tx, params!["letters"], |row| row.get(1))?;
    Ok(found.unwrap_or(0))
}

/// Notes the place in the ledger up to which letters were written.
///
/// # Errors
/// As [`Tx::execute`].
pub fn set_position(tx: &mut Tx<'_>, position: i64) -> Result<(), Fault> {
    PROGRESS.put(tx, params!["letters", position])
}
