//! The use cases: gather facts, perform, set the timer. Pages, the interface and the roof
//! call them.

use db::Tx;
use db::timer::{self, Timer};
use jiff::civil::Date;
use kernel::{Fault, Money, PersonId, Problem, TypedId};
use ledger::lifecycle::{Done, apply, load_versioned};
use ledger::{Commitment, keep_text, read_text};
use web::{Officer, Role};

use crate::decide::{Command, Facts, ListEvent, SchemeCommand, SchemeFacts, Who, draw_up};
use crate::model::{
    ListId, Offer, OfferId, OfferStatus, PaymentList, Scheme, SchemeContent, SchemeId,
};
use crate::store;

/// The timer of the answer to an offer.
pub const ANSWER_TIMER: &str = "offer.answer";
/// Longest reason or finding, in characters.
const WORDS_CHARS_MAX: usize = 2000;
/// More payments are not on one list.
const LIST_MAX: usize = 5_000;
/// Working days within which a payment that was drawn is checked.
const CHECK_WORKDAYS: u32 = 20;

/// A scheme.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn scheme(tx: &mut Tx<'_>, id: SchemeId) -> Result<Scheme, Fault> {
    Ok(load_versioned::<Scheme>(tx, id)?.record)
}

/// All schemes, the newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn schemes(tx: &mut Tx<'_>) -> Result<Vec<Scheme>, Fault> {
    store::schemes(tx)
}

/// What a scheme says.
///
/// # Errors
/// [`Fault::Broken`] when its text was changed.
pub fn content(tx: &mut Tx<'_>, scheme: &Scheme) -> Result<SchemeContent, Fault> {
    let text = read_text(tx, &scheme.content)?;
    let text = text.ok_or_else(|| Fault::broken("a scheme without content"))?;
    serde_json::from_str(&text).map_err(Fault::broken)
}

/// An offer.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn offer(tx: &mut Tx<'_>, id: OfferId) -> Result<Offer, Fault> {
    Ok(load_versioned::<Offer>(tx, id)?.record)
}

/// The offers of a party, the newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn of_party(
    tx: &mut Tx<'_>,
    party: PersonId,
    after: Option<OfferId>,
    most: usize,
) -> Result<Vec<Offer>, Fault> {
    store::of_party(tx, party, after, most)
}

/// The totals of a scheme 公示 by status: how many, and how much.
///
/// # Errors
/// As [`Tx::query`].
pub fn totals(tx: &mut Tx<'_>, scheme: SchemeId) -> Result<Vec<(OfferStatus, u32, Money)>, Fault> {
    store::totals(tx, scheme)
}

/// What is left of the budget of a scheme: what was granted is spoken for.
///
/// # Errors
/// As [`Tx::query`].
pub fn left(tx: &mut Tx<'_>, scheme: &Scheme) -> Result<Money, Fault> {
    let mut spent = 0;
    for (status, _, sum) in store::totals(tx, scheme.id)? {
        let spoken_for = matches!(
            status,
            OfferStatus::Granted | OfferStatus::Listed | OfferStatus::Paid | OfferStatus::Failed
        );
        spent += if spoken_for { sum.fen() } else { 0 };
    }
    let budget = scheme.budget.unwrap_or(Money::ZERO);
    Ok(Money::from_fen(budget.fen().saturating_sub(spent)))
}

/// An officer as the rules see one.
///
/// # Errors
/// [`Fault::Forbidden`] without a seat.
pub fn officer(by: &Officer) -> Result<Who, Fault> {
    let seat = by.seat().ok_or(Fault::Forbidden {
        code: "access.role_missing",
    })?;
    let has = |role: &Role| seat.roles.contains(role);
    Ok(Who::Officer {
        officer: by.id,
        standing_in: seat.deputizing,
        organ: seat.organ,
        checks: [Role::Reviewer, Role::LegalReviewer, Role::Decider]
            .iter()
            .any(has),
        decides: has(&Role::Decider),
        heads: has(&Role::HallManager),
    })
}

/// Ends a scheme 停止: nobody is offered it any more; what was granted is paid.
///
/// # Errors
/// The rule that says no.
pub fn close(tx: &mut Tx<'_>, by: &Officer, id: SchemeId) -> Result<Scheme, Fault> {
    let facts = SchemeFacts {
        today: tx.today(),
        who: officer(by)?,
    };
    Ok(ledger::perform::<Scheme>(tx, id, SchemeCommand::Close, &facts)?.record)
}

/// The party says yes 一键确认.
///
/// # Errors
/// The rule that says no; [`Fault::NotFound`] for anybody else's.
pub fn confirm(tx: &mut Tx<'_>, by: PersonId, id: OfferId) -> Result<Offer, Fault> {
    own(tx, by, id)?;
    perform(tx, id, Command::Confirm, Who::Person(by))
}

/// The party says no.
///
/// # Errors
/// The rule that says no; [`Fault::NotFound`] for anybody else's.
pub fn decline(tx: &mut Tx<'_>, by: PersonId, id: OfferId) -> Result<Offer, Fault> {
    own(tx, by, id)?;
    perform(tx, id, Command::Decline, Who::Person(by))
}

fn own(tx: &mut Tx<'_>, by: PersonId, id: OfferId) -> Result<(), Fault> {
    match offer(tx, id)?.party == by {
        true => Ok(()),
        false => Err(Fault::NotFound { what: "offer" }),
    }
}

/// Grants or refuses what the party confirmed; whoever ran the match may not.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] for words too long.
pub fn settle(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: OfferId,
    granted: bool,
    reason: Option<&str>,
) -> Result<Offer, Fault> {
    visible(tx, by, id)?;
    let reason = reason.map(|text| keep_words(tx, id, "reason", text));
    let reason = reason.transpose()?;
    let command = Command::Decide { granted, reason };
    let who = officer(by)?;
    perform(tx, id, command, who)
}

/// Draws up a list of all payments of a scheme that are granted, or failed before 支付清单.
///
/// # Errors
/// The rule that says no: nothing to pay, or not a decider of the organ.
pub fn draw_list(tx: &mut Tx<'_>, by: &Officer, id: SchemeId) -> Result<ListId, Fault> {
    let scheme = scheme(tx, id)?;
    let mut due = Vec::new();
    for status in [OfferStatus::Granted, OfferStatus::Failed] {
        let more = LIST_MAX.saturating_sub(due.len());
        due.extend(store::of_scheme(tx, id, None, status, None, more)?);
    }
    let amounts: Vec<Money> = due.iter().filter_map(|one| one.amount).collect();
    let facts = SchemeFacts {
        today: tx.today(),
        who: officer(by)?,
    };
    let event: ListEvent = draw_up(&scheme, &amounts, &facts)?;
    let list: ListId = tx.new_id();
    ledger::open::<PaymentList>(tx, list, vec![event])?;
    for one in due {
        perform(tx, one.id, Command::PutOnList { list }, Who::House)?;
    }
    Ok(list)
}

/// A list of payments, and what is on it.
///
/// # Errors
/// [`Fault::NotFound`], also for a list of another organ.
pub fn list(tx: &mut Tx<'_>, by: &Officer, id: ListId) -> Result<(PaymentList, Vec<Offer>), Fault> {
    let list = load_versioned::<PaymentList>(tx, id)?.record;
    if !sees_all(by) && by.organ() != Some(list.organ) {
        return Err(Fault::NotFound {
            what: "paymentlist",
        });
    }
    Ok((list, store::of_list(tx, id)?))
}

/// The lists of a scheme, the newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn lists(tx: &mut Tx<'_>, scheme: SchemeId) -> Result<Vec<PaymentList>, Fault> {
    store::lists(tx, scheme)
}

/// Records what the treasury answered 支付结果: paid, or why it failed.
///
/// # Errors
/// The rule that says no: on no list, or paid already.
pub fn note_payment(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: OfferId,
    failed: Option<&str>,
) -> Result<Offer, Fault> {
    visible(tx, by, id)?;
    let failed = failed.map(|text| keep_words(tx, id, "reason", text));
    let failed = failed.transpose()?;
    let who = officer(by)?;
    perform(tx, id, Command::NotePayment { failed }, who)
}

/// Says what the check of a payment found 事后核查.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] without words.
pub fn check(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: OfferId,
    upheld: bool,
    finding: &str,
) -> Result<Offer, Fault> {
    visible(tx, by, id)?;
    let finding = keep_words(tx, id, "finding", finding)?;
    let who = officer(by)?;
    perform(tx, id, Command::Check { upheld, finding }, who)
}

/// The item was granted 无感审批: the roof says under which number.
///
/// # Errors
/// The rule that says no.
pub fn fulfil(tx: &mut Tx<'_>, id: OfferId, number: case::Code) -> Result<(), Fault> {
    perform(tx, id, Command::Fulfil { number }, Who::House).map(|_| ())
}

/// The offers of a scheme that an officer may see, by id.
///
/// # Errors
/// As [`Tx::query`].
pub fn of_scheme(
    tx: &mut Tx<'_>,
    by: &Officer,
    scheme: SchemeId,
    status: OfferStatus,
    after: Option<OfferId>,
    most: usize,
) -> Result<Vec<Offer>, Fault> {
    let organ = match sees_all(by) {
        true => None,
        false => Some(by.organ().ok_or(Fault::Forbidden {
            code: "access.role_missing",
        })?),
    };
    store::of_scheme(tx, scheme, organ, status, after, most)
}

fn sees_all(by: &Officer) -> bool {
    by.has(Role::HallManager) || by.has(Role::Supervisor)
}

/// An offer that this officer may see.
///
/// # Errors
/// [`Fault::NotFound`], also for one of another organ.
pub fn visible(tx: &mut Tx<'_>, by: &Officer, id: OfferId) -> Result<Offer, Fault> {
    let found = offer(tx, id)?;
    match sees_all(by) || by.organ() == Some(found.organ) {
        true => Ok(found),
        false => Err(Fault::NotFound { what: "offer" }),
    }
}

fn keep_words(tx: &mut Tx<'_>, id: OfferId, field: &str, text: &str) -> Result<Commitment, Fault> {
    let party = offer(tx, id)?.party;
    let text = kernel::text::bounded(field, text, WORDS_CHARS_MAX);
    let text = text.map_err(|problem: Problem| Fault::Invalid(vec![problem]))?;
    keep_text(tx, id, Some(party), &text)
}

/// Fires the room's timer; false when it is another room's. Early or again, it does nothing.
///
/// # Errors
/// As [`ledger::perform`].
pub fn fire(tx: &mut Tx<'_>, fired: &Timer) -> Result<bool, Fault> {
    if fired.kind != ANSWER_TIMER {
        return Ok(false);
    }
    let id = OfferId::from_uuid(fired.record);
    match perform(tx, id, Command::Lapse, Who::House) {
        Ok(_) => Ok(true),
        // A clock that was set back fires early: the day is still to come.
        Err(Fault::Refused(_)) => {
            let found = offer(tx, id)?;
            watch(tx, &found)?;
            Ok(true)
        }
        Err(fault) => Err(fault),
    }
}

pub(crate) fn perform(
    tx: &mut Tx<'_>,
    id: OfferId,
    command: Command,
    who: Who,
) -> Result<Offer, Fault> {
    let old = load_versioned::<Offer>(tx, id)?;
    let scheme = scheme(tx, old.record.scheme)?;
    let check_on = match command {
        Command::NotePayment { failed: None } => drawn(tx, &scheme)?,
        _ => None,
    };
    let facts = Facts {
        today: tx.today(),
        who,
        left: left(tx, &scheme)?,
        check_on,
    };
    let done: Done<Offer> = apply(tx, old, command, &facts)?;
    watch(tx, &done.record)?;
    Ok(done.record)
}

/// The lot: the day by which a payment is checked, if it falls on this one.
fn drawn(tx: &mut Tx<'_>, scheme: &Scheme) -> Result<Option<Date>, Fault> {
    let percent = content(tx, scheme)?.sample_percent;
    let lot = u32::from_be_bytes(tx.clock().random()) % 100;
    if percent <= lot {
        return Ok(None);
    }
    Ok(Some(after(tx, CHECK_WORKDAYS)?))
}

/// So many working days later.
pub(crate) fn after(tx: &Tx<'_>, days: u32) -> Result<Date, Fault> {
    let calendar = tx.thing::<calendar::WorkingDays>()?;
    let due = calendar.after(tx.today(), days);
    Ok(due.map_err(|_| crate::Refusal::CalendarEnds)?.date)
}

/// Sets the timer to the end of the last day to answer, or takes it away.
pub(crate) fn watch(tx: &mut Tx<'_>, offer: &Offer) -> Result<(), Fault> {
    let record = offer.id.uuid();
    match offer.due.filter(|_| offer.status == OfferStatus::Offered) {
        Some(due) => {
            let first_late = due.tomorrow().map_err(Fault::broken)?;
            let at = kernel::clock::hall_instant(first_late.at(0, 0, 0, 0));
            timer::set(tx, ANSWER_TIMER, record, at)
        }
        None => timer::cancel(tx, ANSWER_TIMER, record).map(|_| ()),
    }
}
