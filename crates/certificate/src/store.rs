//! All SQL of the room.

use codes::EcertId;
use db::{FromValue, Row, SealedTable, ToValue, Tx, Value, params};
use identity::ActingAs;
use kernel::{Fault, OrganId, PersonId, TypedId};
use ledger::{Commitment, FileCommitment, Stored, Table};
use seal::Digest32;
use uuid::Uuid;

use crate::model::{
    Certificate, CertificateId, DocumentNumber, FileState, Notice, NoticeId, Print, TemplateId,
};

/// The office's own templates.
pub(crate) const TEMPLATES: SealedTable = SealedTable {
    name: "office_template",
    keys: &["id"],
    columns: &["name", "source"],
};

const NOTICE_COLUMNS: &[&str] = &[
    "kind",
    "number",
    "about",
    "organ",
    "person",
    "drawn_on",
    "data_text",
    "data_digest",
    "file_state",
    "file_id",
    "file_digest",
    "mark",
    "failure",
    "failure_text",
    "failure_digest",
    "item",
];
const CERTIFICATE_COLUMNS: &[&str] = &[
    "ecert_id",
    "number",
    "holder",
    "about",
    "item",
    "item_version",
    "organ",
    "issued_on",
    "valid_from",
    "valid_until",
    "text_id",
    "text_digest",
    "state",
    "state_since",
    "successor",
    "revoked_for",
    "cancelled_for",
    "reason_text",
    "reason_digest",
    "file_state",
    "file_id",
    "file_digest",
    "mark",
    "failure",
    "failure_text",
    "failure_digest",
    "suspended_for",
    "suspended_until",
    "withdrawn_for",
    "penalty_for",
];

/// Whom a paper of the organ's own is for.
fn nobody() -> PersonId {
    TypedId::from_uuid(Uuid::nil())
}

/// Most documents of one application, case or person that a page shows at once.
const LIST_MAX: i64 = 500;

fn raw(id: Uuid) -> Value<'static> {
    Value::Bytes(id.as_bytes().to_vec().into())
}

fn own<T: ToValue>(value: T) -> Value<'static> {
    match value.to_value() {
        Value::Null => Value::Null,
        Value::Int(number) => Value::Int(number),
        Value::Bool(truth) => Value::Bool(truth),
        Value::Text(text) => Value::Text(text.into_owned().into()),
        Value::Bytes(bytes) => Value::Bytes(bytes.into_owned().into()),
    }
}

fn commitment_values(kept: Option<Commitment>) -> [Value<'static>; 2] {
    [
        own(kept.map(|kept| kept.text)),
        own(kept.map(|kept| kept.digest.0)),
    ]
}

fn commitment(row: &Row<'_>, at: usize) -> Result<Option<Commitment>, Fault> {
    let text = row.get(at)?;
    let digest: Option<[u8; 32]> = row.get(at + 1)?;
    Ok(match (text, digest) {
        (Some(text), Some(digest)) => Some(Commitment {
            text,
            digest: Digest32(digest),
        }),
        _ => None,
    })
}

fn certain_commitment(row: &Row<'_>, at: usize) -> Result<Commitment, Fault> {
    commitment(row, at)?.ok_or_else(|| Fault::broken("a document without its text"))
}

fn print_values(print: &Print) -> Vec<Value<'static>> {
    let [failure_text, failure_digest] = commitment_values(print.failure_detail);
    vec![
        own(print.state),
        own(print.file.map(|kept| kept.file)),
        own(print.file.map(|kept| kept.digest.0)),
        own(print.mark.map(|mark| mark.0)),
        own(print.failure),
        failure_text,
        failure_digest,
    ]
}

fn print(row: &Row<'_>, at: usize) -> Result<Print, Fault> {
    let file = row.get(at + 1)?;
    let digest: Option<[u8; 32]> = row.get(at + 2)?;
    let mark: Option<[u8; 32]> = row.get(at + 3)?;
    Ok(Print {
        state: row.get(at)?,
        file: match (file, digest) {
            (Some(file), Some(digest)) => Some(FileCommitment {
                file,
                digest: Digest32(digest),
            }),
            _ => None,
        },
        mark: mark.map(Digest32),
        failure: row.get(at + 4)?,
        failure_detail: commitment(row, at + 5)?,
    })
}

fn number(row: &Row<'_>, at: usize) -> Result<DocumentNumber, Fault> {
    DocumentNumber::new(&row.get::<String>(at)?).map_err(Fault::broken)
}

fn uuid(row: &Row<'_>, at: usize) -> Result<Uuid, Fault> {
    Ok(Uuid::from_bytes(row.get(at)?))
}

impl Stored for Notice {
    const TABLE: Table = Table {
        name: "notice",
        columns: NOTICE_COLUMNS,
        children: &[],
    };

    fn to_row(&self) -> Vec<Value<'_>> {
        let mut values = vec![
            self.kind.to_value(),
            Value::Text(self.number.as_str().into()),
            raw(self.about),
            self.organ.to_value(),
            own(self.person.unwrap_or(nobody())),
            self.on.to_value(),
        ];
        values.extend(commitment_values(Some(self.data)));
        values.extend(print_values(&self.print));
        values.push(self.item.map_or(Value::Null, raw));
        values
    }

    fn from_row(id: NoticeId, row: &Row<'_>, first: usize) -> Result<Self, Fault> {
        Ok(Self {
            id,
            kind: row.get(first)?,
            number: number(row, first + 1)?,
            about: uuid(row, first + 2)?,
            organ: row.get(first + 3)?,
            person: Some(row.get(first + 4)?).filter(|person| *person != nobody()),
            on: row.get(first + 5)?,
            data: certain_commitment(row, first + 6)?,
            print: print(row, first + 8)?,
            item: row
                .get::<Option<[u8; 16]>>(first + 15)?
                .map(Uuid::from_bytes),
        })
    }
}

impl Stored for Certificate {
    const TABLE: Table = Table {
        name: "certificate",
        columns: CERTIFICATE_COLUMNS,
        children: &[],
    };

    fn to_row(&self) -> Vec<Value<'_>> {
        let mut values = vec![
            Value::Text(self.ecert_id.as_str().into()),
            Value::Text(self.number.as_str().into()),
            self.holder.to_value(),
            raw(self.about),
            raw(self.item),
            self.item_version.to_value(),
            self.organ.to_value(),
            self.issued_on.to_value(),
            self.valid_from.to_value(),
            self.valid_until.to_value(),
        ];
        values.extend(commitment_values(Some(self.text)));
        values.extend([
            self.state.to_value(),
            self.state_since.to_value(),
            self.successor.to_value(),
            self.revoked_for.to_value(),
            self.cancelled_for.to_value(),
        ]);
        values.extend(commitment_values(self.reason));
        values.extend(print_values(&self.print));
        values.extend([
            self.suspended_for.to_value(),
            self.suspended_until.to_value(),
            self.withdrawn_for.to_value(),
            self.penalty_for.to_value(),
        ]);
        values
    }

    fn from_row(id: CertificateId, row: &Row<'_>, first: usize) -> Result<Self, Fault> {
        let ecert_id: String = row.get(first)?;
        Ok(Self {
            id,
            ecert_id: EcertId::parse(&ecert_id).map_err(Fault::broken)?,
            number: number(row, first + 1)?,
            holder: row.get(first + 2)?,
            about: uuid(row, first + 3)?,
            item: uuid(row, first + 4)?,
            item_version: row.get(first + 5)?,
            organ: row.get(first + 6)?,
            issued_on: row.get(first + 7)?,
            valid_from: row.get(first + 8)?,
            valid_until: row.get(first + 9)?,
            text: certain_commitment(row, first + 10)?,
            state: row.get(first + 12)?,
            state_since: row.get(first + 13)?,
            successor: row.get(first + 14)?,
            revoked_for: row.get(first + 15)?,
            cancelled_for: row.get(first + 16)?,
            reason: commitment(row, first + 17)?,
            print: print(row, first + 19)?,
            suspended_for: row.get(first + 26)?,
            suspended_until: row.get(first + 27)?,
            withdrawn_for: row.get(first + 28)?,
            penalty_for: row.get(first + 29)?,
        })
    }
}

/// Records that a condition finds. `rest` is a constant of this file.
fn select<L: Stored>(tx: &mut Tx<'_>, rest: &str, values: &[Value<'_>]) -> Result<Vec<L>, Fault> {
    let Table { name, columns, .. } = L::TABLE;
    let sql = format!("SELECT id, {} FROM {name} {rest}", columns.join(", "));
    tx.query(&sql, values, |row| {
        let id = L::Id::from_uuid(uuid(row, 0)?);
        L::from_row(id, row, 1)
    })
}

fn first<L>(mut found: Vec<L>) -> Option<L> {
    if found.is_empty() {
        None
    } else {
        Some(found.swap_remove(0))
    }
}

pub(crate) fn of_matter<L: Stored>(tx: &mut Tx<'_>, about: Uuid) -> Result<Vec<L>, Fault> {
    select(
        tx,
        "WHERE about = $1 ORDER BY id LIMIT $2",
        &[raw(about), Value::Int(LIST_MAX)],
    )
}

pub(crate) fn valid_of(
    tx: &mut Tx<'_>,
    holder: PersonId,
    today: jiff::civil::Date,
) -> Result<Vec<Certificate>, Fault> {
    let rest = "WHERE holder = $1 AND state = 'valid' AND valid_from <= $2 \
                AND (valid_until IS NULL OR valid_until >= $2) ORDER BY id DESC LIMIT $3";
    select(tx, rest, params![holder, today, LIST_MAX])
}

/// Certificates that stand and whose last day lies between two days, the first to end first.
pub(crate) fn ending(
    tx: &mut Tx<'_>,
    from: jiff::civil::Date,
    until: jiff::civil::Date,
    organ: Option<OrganId>,
    most: i64,
) -> Result<Vec<Certificate>, Fault> {
    let mut rest = "WHERE state = 'valid' AND valid_until >= $1 AND valid_until <= $2".to_owned();
    let mut values = vec![own(from), own(until), Value::Int(most)];
    if let Some(organ) = organ {
        values.push(own(organ));
        rest.push_str(" AND organ = $4");
    }
    rest.push_str(" ORDER BY valid_until, id LIMIT $3");
    select(tx, &rest, &values)
}

/// The certificates of a person, ended ones too, the newest first; an agent for one matter sees
/// those of it.
pub(crate) fn of_holder(tx: &mut Tx<'_>, of: ActingAs) -> Result<Vec<Certificate>, Fault> {
    let (every, item) = of.scope.asked();
    let rest = "WHERE holder = $1 AND ($3 OR item = $4) ORDER BY id DESC LIMIT $2";
    select(tx, rest, params![of.person, LIST_MAX, every, item])
}

/// What staff look for: certificates older than one, the newest first, within their right.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sought {
    /// The number or the identifier as printed.
    pub(crate) number: Option<String>,
    /// The holder.
    pub(crate) holder: Option<PersonId>,
    /// Only those that stand and whose last day is not after this one.
    pub(crate) ends_by: Option<jiff::civil::Date>,
    /// Only older than this one.
    pub(crate) before: Option<CertificateId>,
}

/// Certificates that staff may see, by what they look for.
pub(crate) fn search(
    tx: &mut Tx<'_>,
    organ: OrganId,
    is_hall: bool,
    sought: &Sought,
    most: i64,
) -> Result<Vec<Certificate>, Fault> {
    let newest = CertificateId::from_uuid(Uuid::max());
    let before = sought.before.unwrap_or(newest);
    let mut rest = "WHERE (organ = $1 OR $2) AND id < $3".to_owned();
    let mut values = vec![own(organ), Value::Bool(is_hall), own(before)];
    if let Some(number) = &sought.number {
        values.push(Value::Text(number.as_str().into()));
        let at = values.len();
        rest.push_str(&format!(" AND (number = ${at} OR ecert_id = ${at})"));
    }
    if let Some(holder) = sought.holder {
        values.push(own(holder));
        rest.push_str(&format!(" AND holder = ${}", values.len()));
    }
    if let Some(day) = sought.ends_by {
        values.push(own(day));
        rest.push_str(&format!(
            " AND state = 'valid' AND valid_until <= ${}",
            values.len()
        ));
    }
    values.push(Value::Int(most));
    rest.push_str(&format!(" ORDER BY id DESC LIMIT ${}", values.len()));
    select(tx, &rest, &values)
}

pub(crate) fn by_ecert_id(tx: &mut Tx<'_>, id: &EcertId) -> Result<Option<Certificate>, Fault> {
    select(tx, "WHERE ecert_id = $1", params![id.as_str()]).map(first)
}

/// The document whose file has these bytes.
pub(crate) fn by_mark<L: Stored>(tx: &mut Tx<'_>, mark: &Digest32) -> Result<Option<L>, Fault> {
    select(tx, "WHERE mark = $1 ORDER BY id LIMIT 1", params![mark.0]).map(first)
}

/// Documents whose file could not be made, the oldest first, within what an officer may see.
pub(crate) fn failed<L: Stored>(tx: &mut Tx<'_>, most: i64) -> Result<Vec<L>, Fault> {
    let state = FileState::Failed.as_str();
    select(
        tx,
        "WHERE file_state = $1 ORDER BY id LIMIT $2",
        params![state, most],
    )
}

/// Who asks for a document: a person sees their own, an agent those of the matter of their power,
/// staff what their organ drew, and the hall, which hands everything out, sees all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    Person(ActingAs),
    Staff { organ: OrganId, is_hall: bool },
}

/// The owner's column differs; the rest of the right is the same for both.
trait Owned: Stored {
    const OWN: &'static str;
}

impl Owned for Notice {
    const OWN: &'static str = "WHERE id = $1 AND person = $2 AND ($3 OR item = $4)";
}

impl Owned for Certificate {
    const OWN: &'static str = "WHERE id = $1 AND holder = $2 AND ($3 OR item = $4)";
}

fn visible<L: Owned>(tx: &mut Tx<'_>, id: Uuid, reader: Reader) -> Result<Option<L>, Fault> {
    match reader {
        Reader::Person(of) => {
            let (every, item) = of.scope.asked();
            select(tx, L::OWN, params![raw(id), of.person, every, item]).map(first)
        }
        Reader::Staff { organ, is_hall } => {
            let rest = "WHERE id = $1 AND (organ = $2 OR $3)";
            select(tx, rest, &[raw(id), organ.to_value(), Value::Bool(is_hall)]).map(first)
        }
    }
}

pub(crate) fn visible_notice(
    tx: &mut Tx<'_>,
    id: NoticeId,
    reader: Reader,
) -> Result<Option<Notice>, Fault> {
    visible(tx, id.uuid(), reader)
}

pub(crate) fn visible_certificate(
    tx: &mut Tx<'_>,
    id: CertificateId,
    reader: Reader,
) -> Result<Option<Certificate>, Fault> {
    visible(tx, id.uuid(), reader)
}

/// The office's own text of a template.
pub(crate) fn template(tx: &mut Tx<'_>, name: &str) -> Result<Option<(TemplateId, String)>, Fault> {
    let sql = "SELECT id FROM office_template WHERE name = $1";
    let Some(id) = tx.query_one(sql, params![name], |row| row.get::<TemplateId>(0))? else {
        return Ok(None);
    };
    let source = TEMPLATES.get(tx, params![id], |row| row.get::<String>(2))?;
    Ok(source.map(|source| (id, source)))
}

/// The names of the templates that the office has changed.
pub(crate) fn changed_templates(tx: &mut Tx<'_>) -> Result<Vec<String>, Fault> {
    tx.query(
        "SELECT name FROM office_template ORDER BY name",
        &[],
        |row| String::from_value(row.value(0)?).map_err(Fault::broken),
    )
}

/// How many valid certificates of an item there are.
pub(crate) fn count_valid(tx: &mut Tx<'_>, item: Uuid) -> Result<u32, Fault> {
    let sql = "SELECT COUNT(*) FROM certificate WHERE item = $1 AND state = $2";
    let (item, valid) = (item.into_bytes(), crate::CertificateState::Valid);
    let count: Option<i64> = tx.query_one(sql, params![item, valid], |row| row.get(0))?;
    u32::try_from(count.unwrap_or(0)).map_err(Fault::broken)
}
