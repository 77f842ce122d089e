//! All SQL of the room. A record lies in its table as one text, beside the columns that pages and
//! rules look for.

use db::{Row, SealedTable, Tx, Value, params};
use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{Fault, OrganId, PostId, ToValue, TypedId};
use ledger::column::{json, read};
use ledger::{Child, ChildTable, Stored, Table};
use serde::de::DeserializeOwned;

use crate::model::{
    AuthorityTable, ChiefApprovalOfficer, CommitteeSitting, Grade, Handover, HandoverId,
    LegalOpinion, PostGradeId, PowerDelegation, SittingId,
};

/// The grades of posts.
pub(crate) const POST_GRADES: SealedTable = SealedTable {
    name: "authority_post_grade",
    keys: &["id"],
    columns: &["post", "grade"],
};

/// The cases of sittings.
pub(crate) static AGENDA: ChildTable = ChildTable {
    name: "authority_agenda",
    parent: "sitting",
    key: "case_id",
    columns: &["outcome"],
};

fn owned<T: ToValue>(value: &T) -> Value<'static> {
    match value.to_value() {
        Value::Null => Value::Null,
        Value::Int(number) => Value::Int(number),
        Value::Bool(truth) => Value::Bool(truth),
        Value::Text(text) => Value::Text(text.into_owned().into()),
        Value::Bytes(bytes) => Value::Bytes(bytes.into_owned().into()),
    }
}

fn raw(id: Uuid) -> Value<'static> {
    Value::Bytes(id.as_bytes().to_vec().into())
}

/// How a record lies in its table: the columns that are looked for, then the record itself.
macro_rules! stored {
    ($record:ty, $table:literal, [$($column:literal),*], |$one:ident| [$($value:expr),*]
        $(, children = $children:expr, |$parent:ident| $rows:expr)?) => {
        impl Stored for $record {
            const TABLE: Table = Table {
                name: $table,
                columns: &[$($column,)* "state"],
                children: stored!(@tables $($children)?),
            };

            fn to_row(&self) -> Vec<Value<'_>> {
                let $one = self;
                vec![$($value,)* json(self)]
            }

            fn from_row(_: Self::Id, row: &Row<'_>, first: usize) -> Result<Self, Fault> {
                read(row, first + const { [$($column),*].len() })
            }
            $(
            fn children(&self) -> Vec<Child<'_>> {
                let $parent = self;
                $rows
            })?
        }
    };
    (@tables) => { &[] };
    (@tables $children:expr) => { &[$children] };
}

stored!(
    AuthorityTable,
    "authority_table",
    ["organ", "number", "from_day", "until_day"],
    |one| [
        owned(&one.organ),
        owned(&one.number),
        owned(&one.from),
        owned(&one.until)
    ]
);
stored!(
    ChiefApprovalOfficer,
    "authority_chief",
    ["organ", "officer", "until_day"],
    |one| [owned(&one.organ), owned(&one.officer), owned(&one.until)]
);
stored!(
    LegalOpinion,
    "authority_opinion",
    ["case_id", "number"],
    |one| [raw(one.case), owned(&one.number)]
);
stored!(
    PowerDelegation,
    "authority_power",
    ["from_organ", "to_organ", "from_day", "last_day"],
    |one| [
        owned(&one.from_organ),
        owned(&one.to_organ),
        owned(&one.from),
        owned(&one.last_day())
    ]
);
stored!(
    CommitteeSitting,
    "authority_sitting",
    ["organ", "on_day", "number", "progress"],
    |one| [
        owned(&one.organ),
        owned(&one.on),
        owned(&one.number),
        owned(&one.state)
    ],
    children = &AGENDA,
    |parent| parent
        .agenda
        .iter()
        .map(|item| Child {
            table: &AGENDA,
            key: raw(item.case),
            values: vec![owned(&item.outcome)],
        })
        .collect()
);
stored!(
    Handover,
    "authority_handover",
    ["giver", "receiver", "progress"],
    |one| [
        owned(&one.giver.organ),
        owned(&one.receiver.organ),
        owned(&one.state)
    ]
);

/// Most records that a page shows at once.
const LIST_MAX: i64 = 200;

fn records<L: Stored + DeserializeOwned>(
    tx: &mut Tx<'_>,
    tail: &str,
    values: &[Value<'_>],
) -> Result<Vec<L>, Fault> {
    // Both pieces of this text are constants of the program.
    let sql = format!(
        "SELECT state FROM {} {tail} LIMIT {LIST_MAX}",
        L::TABLE.name
    );
    tx.query(&sql, values, |row| read(row, 0))
}

/// The versions of an organ's table, the newest first; of every organ without one.
pub(crate) fn tables(
    tx: &mut Tx<'_>,
    organ: Option<OrganId>,
) -> Result<Vec<AuthorityTable>, Fault> {
    match organ {
        Some(organ) => records(tx, "WHERE organ = $1 ORDER BY number DESC", params![organ]),
        None => records(tx, "ORDER BY organ, number DESC", &[]),
    }
}

/// The version of an organ's table that binds on a day.
pub(crate) fn table_in_force(
    tx: &mut Tx<'_>,
    organ: OrganId,
    on: Date,
) -> Result<Option<AuthorityTable>, Fault> {
    let tail = "WHERE organ = $1 AND from_day IS NOT NULL AND from_day <= $2 \
                AND (until_day IS NULL OR until_day >= $2) ORDER BY number DESC";
    let found: Vec<AuthorityTable> = records(tx, tail, params![organ, on])?;
    Ok(found.into_iter().find(|table| table.in_force(on)))
}

/// The number of an organ's next version.
pub(crate) fn next_number(tx: &mut Tx<'_>, organ: OrganId) -> Result<u32, Fault> {
    let sql = "SELECT COALESCE(MAX(number), 0) + 1 FROM authority_table WHERE organ = $1";
    let next: Option<u32> = tx.query_one(sql, params![organ], |row| row.get(0))?;
    Ok(next.unwrap_or(1))
}

/// The appointments of an organ's chief approval officers, ended ones too; of every organ without
/// one.
pub(crate) fn chiefs(
    tx: &mut Tx<'_>,
    organ: Option<OrganId>,
) -> Result<Vec<ChiefApprovalOfficer>, Fault> {
    match organ {
        Some(organ) => records(tx, "WHERE organ = $1 ORDER BY id DESC", params![organ]),
        None => records(tx, "ORDER BY organ, id DESC", &[]),
    }
}

/// The appointments of an organ that have not ended on a day.
pub(crate) fn chiefs_on(
    tx: &mut Tx<'_>,
    organ: OrganId,
    on: Date,
) -> Result<Vec<ChiefApprovalOfficer>, Fault> {
    let tail = "WHERE organ = $1 AND (until_day IS NULL OR until_day >= $2) ORDER BY id";
    records(tx, tail, params![organ, on])
}

/// What was said of a case, the newest first.
pub(crate) fn opinions(tx: &mut Tx<'_>, case: Uuid) -> Result<Vec<LegalOpinion>, Fault> {
    records(
        tx,
        "WHERE case_id = $1 ORDER BY number DESC",
        params![case.into_bytes()],
    )
}

/// All powers that ever moved, the newest first.
pub(crate) fn powers(tx: &mut Tx<'_>) -> Result<Vec<PowerDelegation>, Fault> {
    records(tx, "ORDER BY from_day DESC, id DESC", &[])
}

/// The powers that an organ has from others on a day.
pub(crate) fn powers_to(
    tx: &mut Tx<'_>,
    organ: OrganId,
    on: Date,
) -> Result<Vec<PowerDelegation>, Fault> {
    let tail = "WHERE to_organ = $1 AND from_day <= $2 \
                AND (last_day IS NULL OR last_day >= $2) ORDER BY id";
    records(tx, tail, params![organ, on])
}

/// The powers that an organ gave away and that hold on a day.
pub(crate) fn powers_from(
    tx: &mut Tx<'_>,
    organ: OrganId,
    on: Date,
) -> Result<Vec<PowerDelegation>, Fault> {
    let tail = "WHERE from_organ = $1 AND from_day <= $2 \
                AND (last_day IS NULL OR last_day >= $2) ORDER BY id";
    records(tx, tail, params![organ, on])
}

/// The powers that an organ has from others on a day or later.
pub(crate) fn powers_to_from(
    tx: &mut Tx<'_>,
    organ: OrganId,
    from: Date,
) -> Result<Vec<PowerDelegation>, Fault> {
    let tail = "WHERE to_organ = $1 AND (last_day IS NULL OR last_day >= $2) ORDER BY id";
    records(tx, tail, params![organ, from])
}

/// The sittings of an organ's committee, the newest first, behind one.
pub(crate) fn sittings(
    tx: &mut Tx<'_>,
    organ: Option<OrganId>,
    before: Option<SittingId>,
) -> Result<Vec<CommitteeSitting>, Fault> {
    let before: SittingId = before.unwrap_or(TypedId::from_uuid(Uuid::max()));
    match organ {
        Some(organ) => records(
            tx,
            "WHERE id < $1 AND organ = $2 ORDER BY id DESC",
            params![before, organ],
        ),
        None => records(tx, "WHERE id < $1 ORDER BY id DESC", params![before]),
    }
}

/// The number of an organ's next sitting on a day.
pub(crate) fn next_sitting(tx: &mut Tx<'_>, organ: OrganId, on: Date) -> Result<u32, Fault> {
    let sql = "SELECT COALESCE(MAX(number), 0) + 1 FROM authority_sitting \
               WHERE organ = $1 AND on_day = $2";
    let next: Option<u32> = tx.query_one(sql, params![organ, on], |row| row.get(0))?;
    Ok(next.unwrap_or(1))
}

/// The sittings on whose agenda a case is, the newest first; of one day, the later number first.
pub(crate) fn sittings_on(tx: &mut Tx<'_>, case: Uuid) -> Result<Vec<CommitteeSitting>, Fault> {
    let tail = "WHERE id IN (SELECT sitting FROM authority_agenda WHERE case_id = $1) \
                ORDER BY on_day DESC, number DESC, id DESC";
    records(tx, tail, params![case.into_bytes()])
}

/// The handovers that an organ has a side in, the newest first; of every organ without one.
pub(crate) fn handovers(
    tx: &mut Tx<'_>,
    organ: Option<OrganId>,
    before: Option<HandoverId>,
) -> Result<Vec<Handover>, Fault> {
    let before: HandoverId = before.unwrap_or(TypedId::from_uuid(Uuid::max()));
    match organ {
        Some(organ) => records(
            tx,
            "WHERE id < $1 AND (giver = $2 OR receiver = $2) ORDER BY id DESC",
            params![before, organ],
        ),
        None => records(tx, "WHERE id < $1 ORDER BY id DESC", params![before]),
    }
}

/// The grade of a post; none where nothing was said of it.
pub(crate) fn post_grade(
    tx: &mut Tx<'_>,
    post: PostId,
) -> Result<Option<(PostGradeId, Grade)>, Fault> {
    let sql = "SELECT id FROM authority_post_grade WHERE post = $1";
    let id: Option<PostGradeId> = tx.query_one(sql, params![post], |row| row.get(0))?;
    let Some(id) = id else {
        return Ok(None);
    };
    // Read through its seal: a grade written behind the program's back raises nobody.
    let grade = POST_GRADES.get(tx, params![id], |row| row.get::<Grade>(2))?;
    Ok(grade.map(|grade| (id, grade)))
}

/// Gives a post a grade.
pub(crate) fn put_post_grade(
    tx: &mut Tx<'_>,
    id: PostGradeId,
    post: PostId,
    grade: Grade,
) -> Result<(), Fault> {
    let values = params![id, post, grade];
    ledger::edited(tx, &POST_GRADES, id, values, &["grade"])
}
