//! One line of the ledger and its canonical bytes, of which the tree's leaf is the hash.

use db::{Row, Tx, Value};
use jiff::Timestamp;
use kernel::{Actor, ActorKind, CommandId, Fault, OfficerId, PersonId, TypedId};
use seal::Digest32;
use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::{pack, store};

/// One line: what happened to which record, when, by whom, by which command.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The record's raw id.
    pub record: Uuid,
    /// The record's revision after this line, counted from 1.
    pub revision: i64,
    /// The prefix of the record's id: `case`, `item` …
    pub record_kind: String,
    /// What happened, past tense: `opened`, `paused` …
    pub kind: String,
    /// The version of the event's shape.
    pub schema: i64,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: Actor,
    /// By which command; all lines of one command carry the same.
    pub command: CommandId,
    /// The event's data: ids, codes, dates, amounts and commitments.
    pub data: Json,
    /// The place in the tree, counted from 0; sealed when the newest checkpoint covers it.
    pub position: Option<i64>,
    /// The data as they lie in the store: canonical since they were written. The leaf binds these
    /// bytes, so that even white space put in behind the program's back is found.
    text: String,
}

impl Line {
    /// The record's id as people and machines write it.
    #[must_use]
    pub fn record_id(&self) -> String {
        write_id(&self.record_kind, self.record)
    }

    /// The line as a JSON object, without its position: this is what the leaf binds.
    #[must_use]
    pub fn to_json(&self) -> Json {
        json!({
            "actor": actor_json(&self.actor),
            "at": self.at.as_microsecond(),
            "command": self.command.to_string(),
            "data": self.data,
            "kind": self.kind,
            "record": self.record_id(),
            "revision": self.revision,
            "schema": self.schema,
        })
    }

    /// The canonical bytes (RFC 8785) of [`Line::to_json`], put together around the data as they
    /// lie in the store.
    ///
    /// # Errors
    /// [`Fault::Broken`] when a name holds what canonical JSON does not allow.
    pub fn canonical(&self) -> Result<Vec<u8>, Fault> {
        let actor = canonical_text(&actor_json(&self.actor))?;
        let (kind, record) = (
            canonical_text(&self.kind)?,
            canonical_text(&self.record_id())?,
        );
        let (at, command, data) = (self.at.as_microsecond(), self.command, &self.text);
        let (revision, schema) = (self.revision, self.schema);
        let text = format!(
            "{{\"actor\":{actor},\"at\":{at},\"command\":\"{command}\",\"data\":{data},\
             \"kind\":{kind},\"record\":{record},\"revision\":{revision},\"schema\":{schema}}}"
        );
        Ok(text.into_bytes())
    }

    /// The leaf of the tree.
    ///
    /// # Errors
    /// As [`Line::canonical`].
    pub fn leaf(&self, suite: seal::Suite) -> Result<Digest32, Fault> {
        Ok(seal::merkle::leaf_hash(suite, &self.canonical()?))
    }

    pub(crate) fn from_row(row: &Row<'_>) -> Result<Self, Fault> {
        let text = match row.value(13)? {
            Value::Bytes(packed) => pack::unpack(&packed)?,
            other => return Err(Fault::broken(format!("line data are {}", other.kind()))),
        };
        Ok(Self {
            record: Uuid::from_bytes(row.get(0)?),
            revision: row.get(1)?,
            record_kind: row.get(2)?,
            kind: row.get(3)?,
            schema: row.get(4)?,
            at: row.get(5)?,
            actor: Actor {
                kind: row.get(6)?,
                person: row.get::<Option<[u8; 16]>>(7)?.map(Uuid::from_bytes),
                post: row.get(8)?,
                organ: row.get(9)?,
                deputizing: row.get(10)?,
                channel: row.get(11)?,
            },
            command: row.get(12)?,
            data: serde_json::from_str(&text)
                .map_err(|error| Fault::broken(format!("line data are not JSON: {error}")))?,
            position: row.get(14)?,
            text,
        })
    }
}

/// All lines of a record, in order.
///
/// # Errors
/// As [`Tx::query`].
pub fn lines_of<I: TypedId>(tx: &mut Tx<'_>, record: I) -> Result<Vec<Line>, Fault> {
    store::lines_of(tx, record.uuid())
}

/// Sealed lines from a position on, in order and without gaps: how followers read.
///
/// # Errors
/// As [`Tx::query`].
pub fn sealed_from(tx: &mut Tx<'_>, position: i64, limit: u32) -> Result<Vec<Line>, Fault> {
    store::sealed_from(tx, position, limit)
}

/// Canonical JSON (RFC 8785) as a text.
pub(crate) fn canonical_text<T: Serialize + ?Sized>(value: &T) -> Result<String, Fault> {
    let bytes = seal::canonical::to_vec(value).map_err(Fault::broken)?;
    String::from_utf8(bytes).map_err(Fault::broken)
}

fn actor_json(actor: &Actor) -> Json {
    let mut object = Map::new();
    object.insert("channel".to_owned(), json!(actor.channel));
    object.insert("kind".to_owned(), json!(actor.kind));
    if let Some(person) = actor.person {
        let prefix = match actor.kind {
            ActorKind::Officer => OfficerId::PREFIX,
            ActorKind::Citizen | ActorKind::System | ActorKind::Public => PersonId::PREFIX,
        };
        object.insert("person".to_owned(), json!(write_id(prefix, person)));
    }
    let mut put = |key: &str, id: Option<String>| {
        if let Some(id) = id {
            object.insert(key.to_owned(), Json::String(id));
        }
    };
    put("post", actor.post.map(|id| id.to_string()));
    put("organ", actor.organ.map(|id| id.to_string()));
    put("deputizing", actor.deputizing.map(|id| id.to_string()));
    Json::Object(object)
}

/// Writes an id whose kind is known only at run time.
fn write_id(prefix: &str, raw: Uuid) -> String {
    struct Id<'p>(&'p str, Uuid);
    impl std::fmt::Display for Id<'_> {
        fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            kernel::id::write(self.0, self.1, out)
        }
    }
    Id(prefix, raw).to_string()
}
