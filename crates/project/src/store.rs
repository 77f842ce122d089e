//! All SQL of the room: how bundles and projects lie in their tables, drafts, and the lists that
//! pages show. Rights are part of every query.

mod lists;

use case::Code;
use catalogue::scenario::Picks;
use db::{Row, SealedTable, Tx, Value, params};
use jiff::Timestamp;
use kernel::uuid::Uuid;
use kernel::{Fault, PersonId, ToValue, TypedId};
use ledger::column::{json, read, read_optional};
use ledger::{Child, ChildTable, Stored, Table, Vault};
use serde::{Deserialize, Serialize};

pub use lists::Reach;
pub(crate) use lists::{
    bundle_of_application, bundle_of_case, bundles_of, concluded, number_of_bundle, opinions_of,
    projects, projects_of, records_of, seen_bundle, within,
};

use crate::draft::{Draft, DraftId};
use crate::model::{Bundle, BundleId, Project, ProjectId};

static PARTS: ChildTable = ChildTable {
    name: "bundle_part",
    parent: "bundle_id",
    key: "part",
    columns: &["organ", "status", "application", "case_id"],
};

static OPINIONS: ChildTable = ChildTable {
    name: "bundle_opinion",
    parent: "bundle_id",
    key: "number",
    columns: &["organ", "status", "due"],
};

fn code(row: &Row<'_>, at: usize) -> Result<Code, Fault> {
    let text: String = row.get(at)?;
    text.parse().map_err(Fault::broken)
}

fn own<T: ToValue>(value: &T) -> Value<'static> {
    value.to_value().into_owned()
}

impl Stored for Bundle {
    const TABLE: Table = Table {
        name: "bundle",
        columns: &[
            "number",
            "theme",
            "theme_version",
            "project",
            "applicant",
            "agent",
            "lead",
            "hall",
            "join_rule",
            "absence",
            "status",
            "limit_days",
            "handed_in_on",
            "started_on",
            "stops",
            "parts",
            "opinions",
            "reminders",
            "joint_check",
            "concluded_on",
            "at_counter",
        ],
        children: &[&PARTS, &OPINIONS],
    };

    fn to_row(&self) -> Vec<Value<'_>> {
        vec![
            Value::Text(self.number.as_str().into()),
            Value::Text(self.theme.as_str().into()),
            self.theme_version.to_value(),
            self.project.to_value(),
            self.applicant.to_value(),
            self.agent.to_value(),
            self.lead.to_value(),
            self.hall.to_value(),
            self.join.to_value(),
            self.absence.to_value(),
            self.status.to_value(),
            self.limit_days.to_value(),
            self.handed_in_on.to_value(),
            self.started_on.to_value(),
            json(&self.stops),
            json(&self.parts),
            json(&self.opinions),
            json(&self.reminders),
            self.check.as_ref().map_or(Value::Null, json),
            self.concluded_on.to_value(),
            Value::Bool(self.at_counter),
        ]
    }

    fn from_row(id: BundleId, row: &Row<'_>, first: usize) -> Result<Self, Fault> {
        Ok(Self {
            id,
            number: code(row, first)?,
            theme: code(row, first + 1)?,
            theme_version: row.get(first + 2)?,
            project: row.get(first + 3)?,
            applicant: row.get(first + 4)?,
            agent: row.get(first + 5)?,
            lead: row.get(first + 6)?,
            hall: row.get(first + 7)?,
            join: row.get(first + 8)?,
            absence: row.get(first + 9)?,
            status: row.get(first + 10)?,
            limit_days: row.get(first + 11)?,
            handed_in_on: row.get(first + 12)?,
            started_on: row.get(first + 13)?,
            stops: read(row, first + 14)?,
            parts: read(row, first + 15)?,
            opinions: read(row, first + 16)?,
            reminders: read(row, first + 17)?,
            check: read_optional(row, first + 18)?,
            concluded_on: row.get(first + 19)?,
            at_counter: row.get(first + 20)?,
        })
    }

    fn children(&self) -> Vec<Child<'_>> {
        let part = |(number, part): (u16, &crate::model::Part)| Child {
            table: &PARTS,
            key: own(&number),
            values: vec![
                own(&part.plan.organ),
                own(&part.status),
                own(&part.application),
                own(&part.case),
            ],
        };
        let opinion = |one: &crate::model::Opinion| Child {
            table: &OPINIONS,
            key: own(&one.number),
            values: vec![own(&one.organ), own(&one.status), own(&one.due)],
        };
        let parts = (0..).zip(&self.parts).map(part);
        parts.chain(self.opinions.iter().map(opinion)).collect()
    }
}

impl Stored for Project {
    const TABLE: Table = Table {
        name: "project",
        columns: &[
            "code",
            "name",
            "applicant",
            "agent",
            "scheme",
            "scheme_version",
            "hall",
            "is_key",
            "registered_on",
            "wanted_on",
            "stages",
            "blockers",
            "finished_on",
        ],
        children: &[],
    };

    fn to_row(&self) -> Vec<Value<'_>> {
        vec![
            Value::Text(self.code.to_string().into()),
            json(&self.name),
            self.applicant.to_value(),
            self.agent.to_value(),
            Value::Text(self.scheme.as_str().into()),
            self.scheme_version.to_value(),
            self.hall.to_value(),
            Value::Bool(self.is_key),
            self.registered_on.to_value(),
            self.wanted_on.to_value(),
            json(&self.stages),
            json(&self.blockers),
            self.finished_on.to_value(),
        ]
    }

    fn from_row(id: ProjectId, row: &Row<'_>, first: usize) -> Result<Self, Fault> {
        let text: String = row.get(first)?;
        Ok(Self {
            id,
            code: codes::ProjectCode::parse(&text).map_err(Fault::broken)?,
            name: read(row, first + 1)?,
            applicant: row.get(first + 2)?,
            agent: row.get(first + 3)?,
            scheme: code(row, first + 4)?,
            scheme_version: row.get(first + 5)?,
            hall: row.get(first + 6)?,
            is_key: row.get(first + 7)?,
            registered_on: row.get(first + 8)?,
            wanted_on: row.get(first + 9)?,
            stages: read(row, first + 10)?,
            blockers: read(row, first + 11)?,
            finished_on: row.get(first + 12)?,
        })
    }
}

/// Drafts: passing state.
pub(crate) static DRAFTS: SealedTable = SealedTable {
    name: "bundle_draft",
    keys: &["id"],
    columns: &[
        "theme",
        "project",
        "stage",
        "applicant",
        "agent",
        "owner",
        "pre_review",
        "chosen",
        "answers",
        "papers",
        "saved_at",
    ],
};

/// What was chosen, as the column `chosen` holds it; drafts of older houses hold the items alone.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Chosen {
    Items(Vec<String>),
    Guided { items: Vec<String>, picks: Picks },
}

const DRAFT_COLUMNS: &str = "id, theme, project, stage, applicant, agent, owner, pre_review, \
                             chosen, answers, papers, saved_at";

/// Binds what is encrypted to its row.
fn place(id: DraftId) -> Vec<u8> {
    let mut place = id.uuid().into_bytes().to_vec();
    place.extend_from_slice(b"answers");
    place
}

pub(crate) fn put_draft(tx: &mut Tx<'_>, draft: &Draft) -> Result<(), Fault> {
    let plain = serde_json::to_vec(&draft.answers).map_err(Fault::broken)?;
    let vault = tx.thing::<Vault>()?;
    let answers = vault.lock(tx.clock(), &place(draft.id), &plain)?;
    let chosen = Chosen::Guided {
        items: draft.chosen.clone(),
        picks: draft.picks.clone(),
    };
    let chosen = serde_json::to_string(&chosen).map_err(Fault::broken)?;
    let papers = serde_json::to_string(&draft.papers).map_err(Fault::broken)?;
    let stage = draft.stage.map(u32::from);
    let owner = draft.owner.into_bytes();
    let row = params![
        draft.id,
        draft.theme,
        draft.project,
        stage,
        draft.applicant,
        draft.agent,
        owner,
        draft.pre_review,
        chosen,
        answers,
        papers,
        draft.saved_at
    ];
    DRAFTS.put(tx, row)
}

fn draft_of(vault: &Vault, row: &Row<'_>) -> Result<Draft, Fault> {
    let id: DraftId = row.get(0)?;
    let stage: Option<u32> = row.get(3)?;
    let body: Vec<u8> = row.get(9)?;
    let (chosen, picks) = match read(row, 8)? {
        Chosen::Items(items) => (items, Picks::new()),
        Chosen::Guided { items, picks } => (items, picks),
    };
    let changed = || Fault::broken(format!("the answers of {id} were changed"));
    let plain = vault.unlock(&place(id), &body).ok_or_else(changed)?;
    Ok(Draft {
        id,
        theme: row.get(1)?,
        project: row.get(2)?,
        stage: stage
            .map(u16::try_from)
            .transpose()
            .map_err(Fault::broken)?,
        applicant: row.get(4)?,
        agent: row.get(5)?,
        owner: Uuid::from_bytes(row.get(6)?),
        pre_review: row.get(7)?,
        chosen,
        picks,
        answers: serde_json::from_slice(&plain).map_err(Fault::broken)?,
        papers: read(row, 10)?,
        saved_at: row.get(11)?,
    })
}

/// A draft of this owner.
pub(crate) fn draft(tx: &mut Tx<'_>, owner: Uuid, id: DraftId) -> Result<Draft, Fault> {
    let vault = tx.thing::<Vault>()?;
    let found = DRAFTS.get(tx, params![id], |row| draft_of(&vault, row))?;
    let own = found.filter(|draft| draft.owner == owner);
    own.ok_or(Fault::NotFound {
        what: "bundle_draft",
    })
}

/// The drafts of this owner, the newest first.
pub(crate) fn drafts(tx: &mut Tx<'_>, owner: Uuid) -> Result<Vec<Draft>, Fault> {
    let vault = tx.thing::<Vault>()?;
    let sql = format!(
        "SELECT {DRAFT_COLUMNS} FROM bundle_draft WHERE owner = $1 ORDER BY id DESC LIMIT 50"
    );
    let owner = owner.into_bytes();
    tx.query(&sql, params![owner], |row| draft_of(&vault, row))
}

/// The drafts that are a person's: written by them, for them, or by them for another.
pub(crate) fn drafts_about(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<DraftId>, Fault> {
    tx.query(
        "SELECT id FROM bundle_draft WHERE owner = $1 OR applicant = $1 OR agent = $1",
        params![person],
        |row| row.get(0),
    )
}

/// Drafts that nobody has touched since an instant are taken away; answers how many.
pub(crate) fn sweep(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, Fault> {
    tx.execute(
        "DELETE FROM bundle_draft WHERE saved_at < $1",
        params![before],
    )
}

fn newest<I: TypedId>() -> I {
    I::from_uuid(Uuid::max())
}
