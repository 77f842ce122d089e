//! Letters 站内信 to people and staff: what happened to their matter, in the hall's own inbox,
//! and by mail or SMS where they and the hall want it.
//!
//! A letter holds a kind, a case number and a link, never a text: what it says is worded when
//! it is read. Deliberately absent: who gets which letter (the roof knows the rooms), and any
//! sending inside a transaction.

mod gateway;
mod model;
mod pages;
mod send;
mod store;

pub use gateway::{Carrier, Gateways, HttpGateway, MailRelay, Parcel, WrongGateway};
pub use model::{
    Address, AddressId, Channel, Dispatch, DispatchState, Letter, LetterId, LetterKind, Owner,
};
pub use send::{finding, send_pending};
pub use store::{position, set_position, tables};

use db::Tx;
use kernel::{Fault, Problem, TypedId};
use ledger::Vault;
use uuid::Uuid;
use web::{Access, App, Doors, Role};

/// The room's name.
pub const ROOM: &str = "inbox";

/// The room's wording.
pub const MESSAGES: &str = include_str!("../messages.toml");

/// The room's tables.
pub const MIGRATIONS: &[db::Migration] = &[db::Migration {
    room: ROOM,
    number: 1,
    sql: include_str!("../migrations/0001_inbox.sql"),
}];

/// The room's doors. One's own inbox stands at the desk as well, so that staff keep their menu.
#[must_use]
pub fn doors(app: App) -> Doors {
    Doors::new(ROOM, app)
        .get("/my/messages", Access::SignedIn, pages::show_own)
        .post("/my/messages/read", Access::SignedIn, pages::mark_read)
        .post("/my/messages/address", Access::SignedIn, pages::set_address)
        .get("/desk/messages", Access::AnyOfficer, pages::show_desk)
        .get(
            "/desk/admin/messages",
            Access::Officer(Role::SystemAdmin),
            pages::show_dispatches,
        )
}

/// A letter that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLetter {
    /// What it tells of: the line or message it follows from, stable over all attempts.
    pub cause: String,
    /// What it tells.
    pub kind: LetterKind,
    /// Whom.
    pub to: Owner,
    /// The number of the case, as printed.
    pub number: String,
    /// The page where more stands.
    pub href: String,
    /// When what it tells happened.
    pub at: jiff::Timestamp,
}

/// Writes a letter, and queues it for mail and SMS where its owner wants them and the hall can.
/// A letter that was written already stays as it is; false then.
///
/// # Errors
/// As [`Tx::execute`].
pub fn write(tx: &mut Tx<'_>, new: &NewLetter) -> Result<bool, Fault> {
    let letter = Letter {
        id: stable_id(tx, new)?,
        kind: new.kind,
        owner: new.to,
        number: new.number.clone(),
        href: new.href.clone(),
        written_at: new.at,
        read_at: None,
    };
    if !store::put_new_letter(tx, &letter)? {
        return Ok(false);
    }
    send::queue(tx, &letter)?;
    Ok(true)
}

/// The same cause and owner give the same id: a letter is written once, however often the
/// news comes.
fn stable_id(tx: &Tx<'_>, new: &NewLetter) -> Result<LetterId, Fault> {
    let (kind, owner) = new.to.parts();
    let text = format!("{} {kind} {}", new.cause, Uuid::from_bytes(owner));
    let digest = tx.thing::<Vault>()?.finder("letter", &text);
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    Ok(LetterId::from_uuid(
        uuid::Builder::from_custom_bytes(bytes).into_uuid(),
    ))
}

/// The letters of somebody, the newest first, older than a moment.
///
/// # Errors
/// As [`Tx::query`].
pub fn letters(
    tx: &mut Tx<'_>,
    of: Owner,
    before: Option<(jiff::Timestamp, LetterId)>,
    most: usize,
) -> Result<Vec<Letter>, Fault> {
    let most = i64::try_from(most).map_err(Fault::broken)?;
    store::letters_of(tx, of, before, most)
}

/// How somebody's letter went out: one row a channel.
///
/// # Errors
/// As [`Tx::query`].
pub fn dispatches(tx: &mut Tx<'_>, letter: LetterId) -> Result<Vec<Dispatch>, Fault> {
    store::dispatches_of(tx, letter)
}

/// Marks every letter of somebody as read.
///
/// # Errors
/// As [`Tx::query`].
pub fn read_all(tx: &mut Tx<'_>, of: Owner) -> Result<(), Fault> {
    let now = tx.now();
    for mut letter in store::unread_of(tx, of)? {
        letter.read_at = Some(now);
        store::put_letter(tx, &letter)?;
    }
    Ok(())
}

/// Where somebody wants letters beside the inbox.
///
/// # Errors
/// As [`Tx::query`].
pub fn address(tx: &mut Tx<'_>, of: Owner) -> Result<Option<Address>, Fault> {
    store::find_address(tx, of)
}

/// Says where somebody wants letters: an empty mail address for none.
///
/// # Errors
/// [`Fault::Invalid`] when it is no mail address.
pub fn set_address(tx: &mut Tx<'_>, of: Owner, mail: &str, sms: bool) -> Result<(), Fault> {
    let mail = mail.trim();
    let mail = if mail.is_empty() {
        None
    } else {
        let wrong = || Fault::Invalid(vec![Problem::new("mail", "inbox.mail_form")]);
        let parsed: lettre::Address = mail.parse().map_err(|_| wrong())?;
        Some(parsed.to_string())
    };
    let old = store::find_address(tx, of)?;
    let id = old.map_or_else(|| tx.new_id(), |old| old.id);
    let owner = of;
    let address = Address {
        id,
        owner,
        mail,
        sms,
    };
    store::put_address(tx, &address)
}

/// Forgets a person: letters, dispatches, addresses (个人信息保护法 47).
///
/// # Errors
/// As [`Tx::query`].
pub fn erase(tx: &mut Tx<'_>, person: kernel::PersonId) -> Result<u64, Fault> {
    store::erase(tx, Owner::Citizen(person))
}

#[cfg(test)]
mod tests;
