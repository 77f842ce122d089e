//! All SQL of the room: how an application lies in its table, drafts, uploads, and the lists that
//! pages show. Rights are part of every query.

mod power;

use db::{Row, SealedTable, ToValue, Tx, Value, params};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{Fault, OrganId, PersonId, TypedId};
use ledger::column::{json, read, read_optional};
use ledger::{Stored, StoredFile, Table, Vault};
use seal::Digest32;

pub(crate) use power::{power_of_hall, powers_between, powers_given};

use crate::model::{Application, ApplicationId, By, Draft, SentFile, Status, UploadId};

impl Stored for Application {
    const TABLE: Table = Table {
        name: "application",
        columns: &[
            "number",
            "query_code",
            "item",
            "version",
            "scenario",
            "applicant",
            "agent",
            "channel",
            "hall",
            "organ",
            "status",
            "received_on",
            "tell_by",
            "answer_by",
            "answers",
            "documents",
            "notice",
            "corrected_on",
            "settled",
            "by_hand",
        ],
        children: &[],
    };

    fn to_row(&self) -> Vec<Value<'_>> {
        vec![
            Value::Text(self.number.to_string().into()),
            json(&self.query_code),
            self.item.to_value(),
            Value::Int(self.version.into()),
            Value::Int(self.scenario.into()),
            self.applicant.to_value(),
            self.agent.to_value(),
            self.channel.to_value(),
            self.hall.to_value(),
            self.organ.to_value(),
            self.status.to_value(),
            self.received_on.to_value(),
            self.tell_by.to_value(),
            self.answer_by.to_value(),
            json(&self.answers),
            json(&self.documents),
            self.notice.as_ref().map_or(Value::Null, json),
            self.corrected_on.to_value(),
            self.settled.as_ref().map_or(Value::Null, json),
            Value::Bool(self.by_hand),
        ]
    }

    fn from_row(id: ApplicationId, row: &Row<'_>, first: usize) -> Result<Self, Fault> {
        let number: String = row.get(first)?;
        Ok(Self {
            id,
            number: number.parse().map_err(Fault::broken)?,
            query_code: read(row, first + 1)?,
            item: row.get(first + 2)?,
            version: row.get(first + 3)?,
            scenario: row.get(first + 4)?,
            applicant: row.get(first + 5)?,
            agent: row.get(first + 6)?,
            channel: row.get(first + 7)?,
            hall: row.get(first + 8)?,
            organ: row.get(first + 9)?,
            status: row.get(first + 10)?,
            received_on: row.get(first + 11)?,
            tell_by: row.get(first + 12)?,
            answer_by: row.get(first + 13)?,
            answers: read(row, first + 14)?,
            documents: read(row, first + 15)?,
            notice: read_optional(row, first + 16)?,
            corrected_on: row.get(first + 17)?,
            settled: read_optional(row, first + 18)?,
            by_hand: row.get(first + 19)?,
        })
    }
}

/// Drafts: passing state.
pub(crate) static DRAFTS: SealedTable = SealedTable {
    name: "application_draft",
    keys: &["id"],
    columns: &[
        "item",
        "applicant",
        "agent",
        "hall",
        "clerk",
        "channel",
        "picks",
        "answers",
        "saved_at",
    ],
};

/// Uploads: passing state.
pub(crate) static UPLOADS: SealedTable = SealedTable {
    name: "application_upload",
    keys: &["id"],
    columns: &[
        "owner", "draft", "material", "address", "digest", "size", "media", "name", "sent_at",
    ],
};

const UPLOAD_COLUMNS: &str = "id, owner, draft, material, address, digest, size, media, name";
const DRAFT_COLUMNS: &str =
    "id, item, applicant, agent, hall, clerk, channel, picks, answers, saved_at";
const APPLICATION_COLUMNS: usize = 20;

/// Binds what is encrypted to its row and column.
fn place(id: impl TypedId, column: &str) -> Vec<u8> {
    let mut place = id.uuid().into_bytes().to_vec();
    place.extend_from_slice(column.as_bytes());
    place
}

pub(crate) fn put_draft(tx: &mut Tx<'_>, draft: &Draft) -> Result<(), Fault> {
    let picks = serde_json::to_string(&draft.picks).map_err(Fault::broken)?;
    let plain = serde_json::to_vec(&draft.answers).map_err(Fault::broken)?;
    let vault = tx.thing::<Vault>()?;
    let answers = vault.lock(tx.clock(), &place(draft.id, "answers"), &plain)?;
    let row = params![
        draft.id,
        draft.item,
        draft.applicant,
        draft.agent,
        draft.hall,
        draft.clerk,
        draft.channel,
        picks,
        answers,
        draft.saved_at
    ];
    DRAFTS.put(tx, row)
}

fn draft_of(vault: &Vault, row: &Row<'_>) -> Result<Draft, Fault> {
    let id: ApplicationId = row.get(0)?;
    let picks: String = row.get(7)?;
    let body: Vec<u8> = row.get(8)?;
    let changed = || Fault::broken(format!("the answers of {id} were changed"));
    let plain = vault
        .unlock(&place(id, "answers"), &body)
        .ok_or_else(changed)?;
    Ok(Draft {
        id,
        item: row.get(1)?,
        applicant: row.get(2)?,
        agent: row.get(3)?,
        hall: row.get(4)?,
        clerk: row.get(5)?,
        channel: row.get(6)?,
        picks: serde_json::from_str(&picks).map_err(Fault::broken)?,
        answers: serde_json::from_slice(&plain).map_err(Fault::broken)?,
        saved_at: row.get(9)?,
    })
}

/// A draft that this visitor may write on.
pub(crate) fn draft(tx: &mut Tx<'_>, by: &By, id: ApplicationId) -> Result<Draft, Fault> {
    let vault = tx.thing::<Vault>()?;
    let found = DRAFTS.get(tx, params![id], |row| draft_of(&vault, row))?;
    let may = |draft: &Draft| match by {
        By::Person(person) => {
            draft.clerk.is_none()
                && (draft.agent == Some(*person)
                    || draft.agent.is_none() && draft.applicant == *person)
        }
        By::Clerk { hall, .. } => draft.hall == Some(*hall),
        By::Other => false,
    };
    found.filter(may).ok_or(Fault::NotFound { what: "draft" })
}

/// The drafts that somebody may go on with, the newest first.
pub(crate) fn drafts(tx: &mut Tx<'_>, by: &By) -> Result<Vec<Draft>, Fault> {
    let vault = tx.thing::<Vault>()?;
    let (who, value) = match by {
        By::Person(person) => (
            "clerk IS NULL AND (agent = $1 OR (agent IS NULL AND applicant = $1))",
            person.to_value().into_owned(),
        ),
        By::Clerk { hall, .. } => ("hall = $1", hall.to_value().into_owned()),
        By::Other => return Ok(Vec::new()),
    };
    let sql = format!(
        "SELECT {DRAFT_COLUMNS} FROM application_draft WHERE {who} ORDER BY id DESC LIMIT 50"
    );
    tx.query(&sql, &[value], |row| draft_of(&vault, row))
}

pub(crate) fn put_upload(tx: &mut Tx<'_>, sent: &SentFile) -> Result<(), Fault> {
    let vault = tx.thing::<Vault>()?;
    let name = vault.lock(tx.clock(), &place(sent.id, "name"), sent.name.as_bytes())?;
    let (owner, now) = (sent.owner.into_bytes(), tx.now());
    let row = params![
        sent.id,
        owner,
        sent.draft,
        sent.material,
        sent.stored.address,
        sent.stored.content.0,
        sent.stored.size,
        sent.media,
        name,
        now
    ];
    UPLOADS.put(tx, row)
}

fn upload_of(vault: &Vault, row: &Row<'_>) -> Result<SentFile, Fault> {
    let id: UploadId = row.get(0)?;
    let name: Vec<u8> = row.get(8)?;
    let changed = || Fault::broken(format!("the name of {id} was changed"));
    let name = vault
        .unlock(&place(id, "name"), &name)
        .ok_or_else(changed)?;
    Ok(SentFile {
        id,
        owner: Uuid::from_bytes(row.get(1)?),
        draft: row.get(2)?,
        material: row.get(3)?,
        stored: StoredFile {
            address: row.get(4)?,
            content: Digest32(row.get(5)?),
            size: row.get(6)?,
        },
        media: row.get(7)?,
        name: String::from_utf8(name).map_err(Fault::broken)?,
    })
}

/// A file that this owner sent.
pub(crate) fn upload(tx: &mut Tx<'_>, owner: Uuid, id: UploadId) -> Result<SentFile, Fault> {
    let vault = tx.thing::<Vault>()?;
    let found = UPLOADS.get(tx, params![id], |row| upload_of(&vault, row))?;
    let own = found.filter(|sent| sent.owner == owner);
    own.ok_or(Fault::NotFound { what: "upload" })
}

/// The files of a draft, in the order in which they came.
pub(crate) fn uploads_of(tx: &mut Tx<'_>, draft: ApplicationId) -> Result<Vec<SentFile>, Fault> {
    let vault = tx.thing::<Vault>()?;
    let sql =
        format!("SELECT {UPLOAD_COLUMNS} FROM application_upload WHERE draft = $1 ORDER BY id");
    tx.query(&sql, params![draft], |row| upload_of(&vault, row))
}

/// How many files of one owner wait without a draft.
pub(crate) fn loose_uploads(tx: &mut Tx<'_>, owner: Uuid) -> Result<i64, Fault> {
    let sql = "SELECT COUNT(*) FROM application_upload WHERE owner = $1 AND draft IS NULL";
    let count = tx.query_one(sql, params![owner.into_bytes()], |row| row.get(0))?;
    Ok(count.unwrap_or(0))
}

/// The drafts in which a person has a part.
pub(crate) fn drafts_about(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<ApplicationId>, Fault> {
    let sql = "SELECT id FROM application_draft WHERE applicant = $1 OR agent = $1 ORDER BY id";
    tx.query(sql, params![person], |row| row.get(0))
}

/// Every file that an owner sent and that no application names.
pub(crate) fn uploads_by(tx: &mut Tx<'_>, owner: Uuid) -> Result<Vec<SentFile>, Fault> {
    let vault = tx.thing::<Vault>()?;
    let sql =
        format!("SELECT {UPLOAD_COLUMNS} FROM application_upload WHERE owner = $1 ORDER BY id");
    tx.query(&sql, params![owner.into_bytes()], |row| {
        upload_of(&vault, row)
    })
}

/// Whether a file that waits for its application has this content.
///
/// # Errors
/// As [`Tx::query`].
pub fn is_named(tx: &mut Tx<'_>, address: &[u8; 32]) -> Result<bool, Fault> {
    let sql = "SELECT size FROM application_upload WHERE address = $1 LIMIT 1";
    let found = tx.query_one(sql, params![*address], |row| row.get::<i64>(0))?;
    Ok(found.is_some())
}

/// Passing state that nobody has touched since an instant: (drafts, uploads) taken away.
pub(crate) fn sweep(tx: &mut Tx<'_>, before: Timestamp) -> Result<(u64, u64), Fault> {
    let drafts = tx.execute(
        "DELETE FROM application_draft WHERE saved_at < $1",
        params![before],
    )?;
    let left = "FROM application_upload WHERE sent_at < $1 AND (draft IS NULL OR NOT EXISTS \
                (SELECT 1 FROM application_draft WHERE application_draft.id = \
                application_upload.draft))";
    let sql = format!("SELECT DISTINCT address {left}");
    let contents: Vec<[u8; 32]> = tx.query(&sql, params![before], |row| row.get(0))?;
    let uploads = tx.execute(&format!("DELETE {left}"), params![before])?;
    ledger::drop_contents(tx, &contents)?;
    Ok((drafts, uploads))
}

fn application_of(row: &Row<'_>) -> Result<Application, Fault> {
    Application::from_row(row.get(APPLICATION_COLUMNS)?, row, 0)
}

fn application_sql(rest: &str) -> String {
    let columns = <Application as Stored>::TABLE.columns.join(", ");
    format!("SELECT {columns}, id FROM application WHERE {rest}")
}

/// An application by its number.
pub(crate) fn by_number(tx: &mut Tx<'_>, number: &str) -> Result<Option<Application>, Fault> {
    tx.query_one(
        &application_sql("number = $1"),
        params![number],
        application_of,
    )
}

/// An application that this visitor may see.
pub(crate) fn visible(tx: &mut Tx<'_>, by: &By, id: ApplicationId) -> Result<Application, Fault> {
    let found = match by {
        By::Person(person) => {
            let sql = application_sql("id = $1 AND (applicant = $2 OR agent = $2)");
            tx.query_one(&sql, params![id, person], application_of)?
        }
        By::Clerk { hall, .. } => {
            let sql = application_sql("id = $1 AND hall = $2");
            tx.query_one(&sql, params![id, hall], application_of)?
        }
        By::Other => None,
    };
    found.ok_or(Fault::NotFound {
        what: "application",
    })
}

/// A person's applications, the newest first, after a seek key.
pub(crate) fn of_person(
    tx: &mut Tx<'_>,
    person: PersonId,
    after: Option<ApplicationId>,
    limit: usize,
) -> Result<Vec<Application>, Fault> {
    let limit = i64::try_from(limit).map_err(Fault::broken)?;
    let seek = if after.is_some() { "AND id < $3" } else { "" };
    let sql = application_sql(&format!(
        "(applicant = $1 OR agent = $1) {seek} ORDER BY id DESC LIMIT $2"
    ));
    let mut values = vec![person.to_value(), Value::Int(limit)];
    values.extend(after.as_ref().map(ToValue::to_value));
    tx.query(&sql, &values, application_of)
}

/// Where in the queue to go on: the day the hall means to answer, then the id.
pub(crate) type QueueKey = (Date, ApplicationId);

/// What waits at the front desk of a hall in one state, the most urgent first.
pub(crate) fn queue(
    tx: &mut Tx<'_>,
    hall: OrganId,
    status: Status,
    after: Option<QueueKey>,
    limit: usize,
) -> Result<Vec<Application>, Fault> {
    let limit = i64::try_from(limit).map_err(Fault::broken)?;
    let seek = match after {
        Some(_) => "AND (answer_by > $4 OR (answer_by = $4 AND id > $5))",
        None => "",
    };
    let sql = application_sql(&format!(
        "hall = $1 AND status = $2 {seek} ORDER BY answer_by, id LIMIT $3"
    ));
    let mut values = vec![hall.to_value(), status.to_value(), Value::Int(limit)];
    if let Some((day, id)) = &after {
        values.extend([day.to_value(), id.to_value()]);
    }
    tx.query(&sql, &values, application_of)
}

/// How many wait in one state at a hall.
pub(crate) fn waiting(tx: &mut Tx<'_>, hall: OrganId, status: Status) -> Result<i64, Fault> {
    let sql = "SELECT COUNT(*) FROM application WHERE hall = $1 AND status = $2";
    Ok(tx
        .query_one(sql, params![hall, status], |row| row.get(0))?
        .unwrap_or(0))
}
