//! Use cases of persons and of those who act for them.

use db::Tx;
use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{Fault, PersonId};
use ledger::FileCommitment;
use web::session::{self, Subject};

use crate::decide::{self, Refusal};
use crate::login;
use crate::model::{ActingAs, Agency, AgencyId, AgencyScope, NewPerson, PersonCard};
use crate::store;

/// A person, decrypted.
///
/// # Errors
/// [`Fault::NotFound`] when there is none, or when they were erased.
pub fn person(tx: &mut Tx<'_>, id: PersonId) -> Result<PersonCard, Fault> {
    store::find_person(tx, id)?.ok_or(Fault::NotFound { what: "person" })
}

/// What a person is called where their matter is shown, which outlasts them 已依法删除.
///
/// # Errors
/// As [`Tx::query`].
pub fn shown_name(tx: &mut Tx<'_>, id: PersonId) -> Result<String, Fault> {
    let card = store::find_person(tx, id)?;
    Ok(card.map_or_else(|| ERASED_NAME.to_owned(), |card| card.name))
}

/// Stands where a name stood, for readers of either language.
const ERASED_NAME: &str = "已依法删除 (erased)";

/// The persons that the hall knows, in the order of their ids: for rules over party data.
///
/// # Errors
/// As [`Tx::query`].
pub fn person_ids(
    tx: &mut Tx<'_>,
    after: Option<PersonId>,
    most: usize,
) -> Result<Vec<PersonId>, Fault> {
    store::person_ids(tx, after, most)
}

/// The person with an identity number, as stored.
///
/// # Errors
/// As [`Tx::query`].
pub fn person_by_number(tx: &mut Tx<'_>, number: &str) -> Result<Option<PersonCard>, Fault> {
    store::find_person_by_number(tx, number.trim())
}

/// Registers a person who comes by themselves. Somebody whom a clerk wrote down before keeps
/// their id and gets an account, when name and phone are the same.
///
/// # Errors
/// [`Fault::Invalid`] with every wrong field; [`Refusal::TooYoung`],
/// [`Refusal::AlreadyRegistered`], [`Refusal::PersonDiffers`], [`Refusal::LoginTaken`].
pub fn register_person(tx: &mut Tx<'_>, new: &NewPerson) -> Result<PersonId, Fault> {
    let new = decide::person(new, tx.today(), true)?;
    let known = store::find_person_by_number(tx, &new.identity_number)?;
    let id = match known {
        None => add(tx, &new)?,
        Some(known) => {
            if store::find_account_of(tx, Subject::Citizen(known.id))?.is_some() {
                return Err(Refusal::AlreadyRegistered.into());
            }
            if known.name != new.name || known.phone != new.phone {
                return Err(Refusal::PersonDiffers.into());
            }
            known.id
        }
    };
    if let Some(account) = &new.account {
        login::add_account(tx, Subject::Citizen(id), &account.login, &account.password)?;
    }
    Ok(id)
}

/// Finds the person whose card a clerk holds in hand, or writes them down without an account.
/// A new phone number replaces the old one.
///
/// # Errors
/// [`Fault::Invalid`] with every wrong field; [`Refusal::PersonDiffers`] when the number is
/// known under another name.
pub fn person_at_counter(tx: &mut Tx<'_>, new: &NewPerson) -> Result<PersonId, Fault> {
    let new = decide::person(new, tx.today(), false)?;
    let Some(mut known) = store::find_person_by_number(tx, &new.identity_number)? else {
        return add(tx, &new);
    };
    if known.name != new.name {
        return Err(Refusal::PersonDiffers.into());
    }
    if known.phone != new.phone {
        known.phone = new.phone;
        store::put_person(tx, &known, &["phone"])?;
    }
    Ok(known.id)
}

fn add(tx: &mut Tx<'_>, new: &NewPerson) -> Result<PersonId, Fault> {
    let person = PersonCard {
        id: tx.new_id(),
        kind: new.kind,
        name: new.name.clone(),
        identity_number: new.identity_number.clone(),
        phone: new.phone.clone(),
        birth_date: None,
    };
    let fields = ["kind", "name", "identity_number", "phone"];
    store::put_person(tx, &person, &fields)?;
    Ok(person.id)
}

/// Changes the phone number of a person.
///
/// # Errors
/// [`Fault::NotFound`]; [`Fault::Invalid`].
pub fn set_phone(tx: &mut Tx<'_>, id: PersonId, phone: &str) -> Result<(), Fault> {
    let phone = kernel::text::phone("phone", phone);
    let phone = phone.map_err(|problem| Fault::Invalid(vec![problem]))?;
    let mut person = person(tx, id)?;
    if person.phone == phone {
        return Ok(());
    }
    person.phone = phone;
    store::put_person(tx, &person, &["phone"])
}

/// Lets one person act for another 委托代理 (民法典 165). The letter of authority, if there is
/// one, is a file of the caller's own record, whose event carries the same commitment.
///
/// # Errors
/// [`Fault::NotFound`]; [`Refusal::SamePerson`], [`Refusal::PeriodReversed`].
pub fn authorize(
    tx: &mut Tx<'_>,
    principal: PersonId,
    agent: PersonId,
    power: Option<FileCommitment>,
    scope: AgencyScope,
    (from, until): (Date, Option<Date>),
) -> Result<AgencyId, Fault> {
    if principal == agent {
        return Err(Refusal::SamePerson.into());
    }
    decide::period(from, until)?;
    person(tx, principal)?;
    person(tx, agent)?;
    let id: AgencyId = tx.new_id();
    let one = Agency {
        id,
        principal,
        agent,
        power,
        scope,
        from,
        until,
    };
    let fields = [
        "principal",
        "agent",
        "power",
        "scope",
        "from_day",
        "until_day",
    ];
    store::put_agency(tx, &one, &fields)?;
    Ok(id)
}

/// Ends an agency: `until` is its last day (民法典 173).
///
/// # Errors
/// [`Fault::NotFound`]; [`Refusal::PeriodReversed`].
pub fn end_agency(tx: &mut Tx<'_>, id: AgencyId, until: Date) -> Result<(), Fault> {
    let one = store::find_agency(tx, id)?;
    let mut one = one.ok_or(Fault::NotFound { what: "agency" })?;
    decide::period(one.from, Some(until))?;
    one.until = Some(until);
    store::put_agency(tx, &one, &["until_day"])
}

/// Whether one person may act for another today in the matter of an item (its raw id): for
/// oneself always. Without an item: in what belongs to no single one, for which only a power for
/// every matter is enough.
///
/// # Errors
/// As [`Tx::query`].
pub fn may_act_for(
    tx: &mut Tx<'_>,
    agent: PersonId,
    principal: PersonId,
    item: Option<Uuid>,
) -> Result<bool, Fault> {
    let today = tx.today();
    Ok(agent == principal || !store::agencies_for(tx, agent, principal, item, today)?.is_empty())
}

/// For whom a person may act today, beside themselves.
///
/// # Errors
/// As [`Tx::query`].
pub fn agencies(tx: &mut Tx<'_>, agent: PersonId) -> Result<Vec<Agency>, Fault> {
    let today = tx.today();
    store::agencies_on(tx, agent, today)
}

/// As whom a person stands before the hall today, themselves first: whatever shows matters of
/// principals puts person and scope of each into its query.
///
/// # Errors
/// As [`Tx::query`].
pub fn acting_as(tx: &mut Tx<'_>, me: PersonId) -> Result<Vec<ActingAs>, Fault> {
    let held = agencies(tx, me)?.into_iter().map(|one| ActingAs {
        person: one.principal,
        scope: one.scope,
    });
    let held: Vec<ActingAs> = held.collect();
    let mut found = vec![ActingAs::own(me)];
    for one in &held {
        let wider = ActingAs::own(one.person);
        let within = one.scope != AgencyScope::EveryMatter && held.contains(&wider);
        if !within && !found.contains(one) {
            found.push(*one);
        }
    }
    Ok(found)
}

/// Forgets a person: account, log-ins, agencies, and what they are called (个人信息保护法 47).
/// The roof asks whether the retention of their cases allows it.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn erase(tx: &mut Tx<'_>, id: PersonId) -> Result<(), Fault> {
    let subject = Subject::Citizen(id);
    session::end_all(tx, subject)?;
    if let Some(account) = store::find_account_of(tx, subject)? {
        store::clear_failures(tx, &account.login_mark)?;
        store::remove_account(tx, account.id)?;
    }
    for agency in store::agencies_of(tx, id)? {
        store::remove_agency(tx, agency)?;
    }
    store::remove_person(tx, id)
}
