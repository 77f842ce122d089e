//! Records with a lifecycle: `decide` says what may happen, `evolve` applies what happened, and
//! [`perform`] is the only way from one to the other.

use std::any::Any;
use std::fmt::Debug;

use db::Tx;
use kernel::{Fault, FromValue, Refusal, ToValue, TypedId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use crate::row::{self, Stored, Versioned};
use crate::store;

/// What happened, past tense. An enum that serde tags from outside with snake-case names; no
/// field may be a text typed by people.
pub trait Event: Serialize + DeserializeOwned + Clone + PartialEq + Debug + Any + Send {
    /// The version of the shape; a changed shape needs a new number and a reader for the old.
    const SCHEMA: i64 = 1;
}

/// A record that changes only through events.
pub trait Lifecycle: Sized + Clone + PartialEq + Debug + Any + Send {
    /// The noun, for messages: the prefix of its id.
    const KIND: &'static str;
    /// Its id.
    type Id: TypedId + ToValue + FromValue;
    /// What can happen to it.
    type Event: Event;
    /// What can be asked of it.
    type Command;
    /// What a decision needs to know beside the record and the command.
    type Facts;
    /// How a rule says no.
    type Refusal: Refusal;

    /// Its id.
    fn id(&self) -> Self::Id;

    /// The record as its first event makes it; none when this event cannot be a first one.
    fn begin(id: Self::Id, event: &Self::Event) -> Option<Self>;

    /// Applies an event. Never refuses: what happened, happened.
    fn evolve(&mut self, event: &Self::Event);

    /// Decides a command: events, or a refusal. Pure.
    ///
    /// # Errors
    /// The rule that says no.
    fn decide(
        &self,
        command: Self::Command,
        facts: &Self::Facts,
    ) -> Result<Vec<Self::Event>, Self::Refusal>;
}

/// News for the flow: an event and the record it happened to.
#[derive(Debug, Clone, PartialEq)]
pub struct Happened<L: Lifecycle> {
    /// The record.
    pub id: L::Id,
    /// What happened to it.
    pub event: L::Event,
}

/// What a command did.
#[derive(Debug, Clone, PartialEq)]
pub struct Done<L: Lifecycle> {
    /// The record afterwards.
    pub record: L,
    /// Its revision afterwards.
    pub revision: i64,
    /// What happened; empty when the command asked for what already was.
    pub events: Vec<L::Event>,
}

/// Opens a record with its first events.
///
/// # Errors
/// [`Fault::Broken`] when the first event cannot begin such a record; [`Fault::Conflict`] when
/// there is one with this id or another unique column.
pub fn open<L: Stored>(
    tx: &mut Tx<'_>,
    id: L::Id,
    events: Vec<L::Event>,
) -> Result<Done<L>, Fault> {
    let first = events
        .first()
        .ok_or_else(|| Fault::broken("a record needs a first event"))?;
    let begun = L::begin(id, first);
    let wrong = || Fault::broken(format!("{first:?} cannot begin a {}", L::KIND));
    let mut record = begun.ok_or_else(wrong)?;
    for event in &events[1..] {
        record.evolve(event);
    }
    let revision = i64::try_from(events.len()).map_err(Fault::broken)?;
    let new = Versioned { record, revision };
    row::insert(tx, &new)?;
    record_events::<L>(tx, id, 0, &events)?;
    Ok(Done {
        record: new.record,
        revision,
        events,
    })
}

/// Loads, decides, saves and records.
///
/// # Errors
/// [`Fault::NotFound`], the rule that says no, or [`Fault::Conflict`] with another writer.
pub fn perform<L: Stored>(
    tx: &mut Tx<'_>,
    id: L::Id,
    command: L::Command,
    facts: &L::Facts,
) -> Result<Done<L>, Fault> {
    let old = load_versioned::<L>(tx, id)?;
    apply(tx, old, command, facts)
}

/// As [`perform`], but only on the revision that the visitor has seen.
///
/// # Errors
/// As [`perform`]; [`Fault::Conflict`] when the page was stale.
pub fn perform_at<L: Stored>(
    tx: &mut Tx<'_>,
    id: L::Id,
    revision_seen: i64,
    command: L::Command,
    facts: &L::Facts,
) -> Result<Done<L>, Fault> {
    let old = load_versioned::<L>(tx, id)?;
    if old.revision != revision_seen {
        return Err(Fault::Conflict { what: L::KIND });
    }
    apply(tx, old, command, facts)
}

/// Decides and applies a command on a record that was loaded in this transaction: saves a second
/// load where the facts needed the record first.
///
/// # Errors
/// As [`perform`].
pub fn apply<L: Stored>(
    tx: &mut Tx<'_>,
    old: Versioned<L>,
    command: L::Command,
    facts: &L::Facts,
) -> Result<Done<L>, Fault> {
    let events = old.record.decide(command, facts)?;
    if events.is_empty() {
        return Ok(Done {
            record: old.record,
            revision: old.revision,
            events,
        });
    }
    let mut record = old.record.clone();
    for event in &events {
        record.evolve(event);
    }
    let revision = old.revision + i64::try_from(events.len()).map_err(Fault::broken)?;
    let new = Versioned { record, revision };
    row::save(tx, &old, &new)?;
    record_events::<L>(tx, new.record.id(), old.revision, &events)?;
    Ok(Done {
        record: new.record,
        revision,
        events,
    })
}

/// The record, if there is one.
///
/// # Errors
/// As [`Tx::query`].
pub fn load<L: Stored>(tx: &mut Tx<'_>, id: L::Id) -> Result<Option<Versioned<L>>, Fault> {
    row::load(tx, id)
}

/// The record and its revision.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn load_versioned<L: Stored>(tx: &mut Tx<'_>, id: L::Id) -> Result<Versioned<L>, Fault> {
    row::load(tx, id)?.ok_or(Fault::NotFound { what: L::KIND })
}

/// Lets pass whoever has seen the newest revision of a record: a page that was made before
/// somebody else changed it is answered with what changed.
///
/// # Errors
/// [`Fault::Conflict`] when there is a newer revision.
pub fn unchanged_since<I: TypedId>(tx: &mut Tx<'_>, id: I, seen: i64) -> Result<(), Fault> {
    if store::last_revision(tx, id.uuid())? == seen {
        Ok(())
    } else {
        Err(Fault::Conflict { what: I::PREFIX })
    }
}

fn record_events<L: Stored>(
    tx: &mut Tx<'_>,
    id: L::Id,
    revision: i64,
    events: &[L::Event],
) -> Result<(), Fault> {
    for (revision, event) in (revision + 1..).zip(events) {
        let text = crate::line::canonical_text(event)?;
        let (kind, data) = split(&text)?;
        let line = store::NewLine {
            record: id.uuid(),
            revision,
            record_kind: L::KIND,
            kind,
            schema: L::Event::SCHEMA,
            data,
        };
        store::insert_line(tx, &line)?;
        tx.announce(Happened::<L> {
            id,
            event: event.clone(),
        });
    }
    Ok(())
}

/// Splits an event's canonical text into its kind and its data: `"kind"` or `{"kind":data}`.
///
/// # Errors
/// [`Fault::Broken`] when the event is not an enum that serde tags from outside.
pub(crate) fn split(text: &str) -> Result<(&str, &str), Fault> {
    let wrong = || Fault::broken(format!("an event must be an enum, not {text}"));
    let named = |kind: &str| kind.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let alone = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    if let Some(kind) = alone.filter(|kind| named(kind)) {
        return Ok((kind, "{}"));
    }
    let inner = text
        .strip_prefix("{\"")
        .and_then(|rest| rest.strip_suffix('}'));
    let (kind, data) = inner
        .and_then(|inner| inner.split_once("\":"))
        .ok_or_else(wrong)?;
    // A second key would leave more behind the data than one value.
    let is_one_value = serde_json::from_str::<serde::de::IgnoredAny>(data).is_ok();
    if named(kind) && is_one_value {
        Ok((kind, data))
    } else {
        Err(wrong())
    }
}

/// Joins what [`split`] split; none when this program does not know such an event.
pub(crate) fn join<E: Event>(kind: &str, data: &Json) -> Option<E> {
    if data.as_object().is_some_and(Map::is_empty)
        && let Ok(event) = serde_json::from_value(Json::String(kind.to_owned()))
    {
        return Some(event);
    }
    let mut map = Map::new();
    map.insert(kind.to_owned(), data.clone());
    serde_json::from_value(Json::Object(map)).ok()
}
