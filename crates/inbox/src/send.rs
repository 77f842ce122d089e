//! Sending, after the commit and outside every transaction: at least once, with a stable id,
//! ever later while a gateway fails, and given up with a word for the administrators.

use db::{Db, Tx, outbox};
use jiff::SignedDuration;
use kernel::fault::Param;
use kernel::{Actor, Fault, Lang};
use serde_json::{Value as Json, json};
use web::Words;

use crate::gateway::{Carrier, Gateways, Parcel, WrongGateway};
use crate::model::{Channel, Dispatch, DispatchState, Letter, LetterId, Owner};
use crate::store;

/// How often a letter is tried: about half a day.
const ATTEMPTS_MAX: u32 = 20;
/// News that is older stays in the inbox alone.
const FRESH: SignedDuration = SignedDuration::from_hours(24);

fn topic(channel: Channel) -> &'static str {
    match channel {
        Channel::Mail => "inbox.mail",
        Channel::Sms => "inbox.sms",
    }
}

fn carrier(gateways: &Gateways, channel: Channel) -> Option<&dyn Carrier> {
    match channel {
        Channel::Mail => gateways.mail.as_deref(),
        Channel::Sms => gateways.sms.as_deref(),
    }
}

/// Queues a letter for the channels that its owner wants and the hall has.
pub(crate) fn queue(tx: &mut Tx<'_>, letter: &Letter) -> Result<(), Fault> {
    let Ok(gateways) = tx.thing::<Gateways>() else {
        return Ok(());
    };
    let now = tx.now();
    if FRESH < now.duration_since(letter.written_at) {
        return Ok(());
    }
    for channel in Channel::ALL.iter().copied() {
        if carrier(&gateways, channel).is_none() || wanted(tx, letter.owner, channel)?.is_none() {
            continue;
        }
        let body = json!({ "letter": letter.id.to_string() }).to_string();
        outbox::queue(tx, topic(channel), &body)?;
        let dispatch = Dispatch {
            letter: letter.id,
            channel,
            state: DispatchState::Waiting,
            attempts: 0,
            error: None,
            tried_at: now,
        };
        store::put_dispatch(tx, &dispatch)?;
    }
    Ok(())
}

/// Where somebody wants a letter by a channel: their mail address; the phone number on record,
/// unless they said no. Staff have no phone number on record.
fn wanted(tx: &mut Tx<'_>, of: Owner, channel: Channel) -> Result<Option<String>, Fault> {
    let address = store::find_address(tx, of)?;
    match (channel, of) {
        (Channel::Mail, _) => Ok(address.and_then(|address| address.mail)),
        (Channel::Sms, Owner::Citizen(person)) => {
            if address.is_some_and(|address| !address.sms) {
                return Ok(None);
            }
            match identity::person(tx, person) {
                Ok(card) => Ok(Some(card.phone)),
                Err(Fault::NotFound { .. }) => Ok(None),
                Err(fault) => Err(fault),
            }
        }
        (Channel::Sms, Owner::Officer(_)) => Ok(None),
    }
}

/// Sends what waits, at most `limit` a channel; answers how many were taken up. For a thread of
/// its own: a gateway may take its time.
///
/// # Errors
/// [`Fault::Unavailable`] when the store cannot answer.
pub fn send_pending(db: &Db, limit: u32) -> Result<usize, Fault> {
    let Ok(gateways) = db.thing::<Gateways>() else {
        return Ok(0);
    };
    let mut taken = 0;
    for channel in Channel::ALL.iter().copied() {
        let Some(carrier) = carrier(&gateways, channel) else {
            continue;
        };
        let due = db.read(move |tx| outbox::due_of(tx, topic(channel), limit))?;
        if due.is_empty() {
            continue;
        }
        let words = Words::new(&[(crate::ROOM, crate::MESSAGES)]).map_err(Fault::broken)?;
        for message in &due {
            taken += 1;
            let Some(letter) = letter_of(message) else {
                tracing::error!(message = %message.id, "an outbox message names no letter");
                forget(db, message)?;
                continue;
            };
            let Some(parcel) = parcel(db, &words, &gateways, letter, channel)? else {
                forget(db, message)?;
                continue;
            };
            let done = carrier.carry(&parcel);
            settle(db, message, letter, channel, done)?;
        }
    }
    Ok(taken)
}

fn letter_of(message: &outbox::Message) -> Option<LetterId> {
    let body: Json = serde_json::from_str(&message.body).ok()?;
    body.get("letter")?.as_str()?.parse().ok()
}

/// What goes out; none when the letter or its owner is gone, or they want it no more.
fn parcel(
    db: &Db,
    words: &Words,
    gateways: &Gateways,
    id: LetterId,
    channel: Channel,
) -> Result<Option<Parcel>, Fault> {
    let found = db.read(move |tx| {
        let Some(letter) = store::find_letter(tx, id)? else {
            return Ok(None);
        };
        let to = wanted(tx, letter.owner, channel)?;
        Ok(to.map(|to| (letter, to)))
    })?;
    let Some((letter, to)) = found else {
        return Ok(None);
    };
    let link = format!("{}{}", gateways.origin.trim_end_matches('/'), letter.href);
    let params: Vec<Param> = vec![("number", letter.number.clone()), ("link", link.clone())];
    let said = |lang: Lang| {
        let text = words.say(lang, &format!("inbox.text_{}", letter.kind), &params);
        format!("{text}\n{link}")
    };
    let title = words.say(Lang::Zh, &format!("inbox.kind_{}", letter.kind), &params);
    Ok(Some(Parcel {
        id: letter.id.to_string(),
        to,
        subject: format!("【{}】{title} {}", gateways.hall, letter.number),
        text: match channel {
            Channel::Mail => format!("{}\n\n{}\n", said(Lang::Zh), said(Lang::En)),
            Channel::Sms => format!("【{}】{}", gateways.hall, said(Lang::Zh)),
        },
    }))
}

fn forget(db: &Db, message: &outbox::Message) -> Result<(), Fault> {
    let message = message.clone();
    db.write(db.cause(Actor::system()), move |tx| {
        outbox::sent(tx, &message)
    })
}

/// Notes how an attempt ended, and whether there will be another.
fn settle(
    db: &Db,
    message: &outbox::Message,
    letter: LetterId,
    channel: Channel,
    done: Result<(), WrongGateway>,
) -> Result<(), Fault> {
    if let Err(wrong) = done {
        tracing::warn!(%letter, %channel, code = wrong.code, "a letter could not be sent");
    }
    let message = message.clone();
    db.write(db.cause(Actor::system()), move |tx| {
        let attempts = message.attempts.saturating_add(1);
        let (state, error) = match done {
            Ok(()) => (DispatchState::Sent, None),
            Err(wrong) if wrong.for_good || ATTEMPTS_MAX <= attempts => {
                (DispatchState::GivenUp, Some(wrong.code.to_owned()))
            }
            Err(wrong) => (DispatchState::Failing, Some(wrong.code.to_owned())),
        };
        if state == DispatchState::Failing {
            outbox::failed(tx, &message)?;
        } else {
            outbox::sent(tx, &message)?;
        }
        let dispatch = Dispatch {
            letter,
            channel,
            state,
            attempts,
            error,
            tried_at: tx.now(),
        };
        store::put_dispatch(tx, &dispatch)
    })
}

/// What the doctor says of the gateways: how many letters are stuck by each channel, and the
/// code of the last failure; empty when all is well.
///
/// # Errors
/// As [`Tx::query`].
pub fn finding(tx: &mut Tx<'_>) -> Result<Vec<(Channel, i64, String)>, Fault> {
    let mut found = Vec::new();
    let last = store::troubled(tx, 100)?;
    for (channel, state, count) in store::counts(tx)? {
        if state == DispatchState::Failing {
            let newest = last
                .iter()
                .find(|one| one.channel == channel && one.state == DispatchState::Failing);
            let code = newest.and_then(|one| one.error.clone());
            found.push((channel, count, code.unwrap_or_default()));
        }
    }
    Ok(found)
}
