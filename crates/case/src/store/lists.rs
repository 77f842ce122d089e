//! Lists: work lists sorted by remaining time, the exit desk's queue, cases by number. Seek
//! paging; who may see what is part of the query.

use db::{Row, Tx, Value, params};
use jiff::civil::Date;
use kernel::{Fault, OfficerId, PersonId, ToValue};
use serde::{Deserialize, Serialize};

use super::NO_DUE;
use super::sight::raw;
use crate::model::{Case, CaseId, Code, Doer, Duty, Role, Status};

kernel::vocabulary! {
    /// Whose tasks 待办范围.
    pub enum Scope {
        /// 我的: what I hold.
        Mine = "mine",
        /// 我的岗位: what my post may take.
        Post = "post",
        /// 我的机关: all that is open in my organ.
        Organ = "organ",
    }
}

/// Where a page of tasks ends: remaining time, then the task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskKey {
    /// The due date as sorted.
    pub due: String,
    /// The case.
    pub case: CaseId,
    /// The task.
    pub task: u16,
}

/// One line of a work list.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskLine {
    /// The case.
    pub case: CaseId,
    /// The task.
    pub task: u16,
    /// 办件编号.
    pub number: String,
    /// Who applies.
    pub applicant: PersonId,
    /// The item's raw id.
    pub item: kernel::uuid::Uuid,
    /// Its version.
    pub version: u32,
    /// The procedure.
    pub procedure: String,
    /// What is done.
    pub duty: Duty,
    /// By which role.
    pub role: Role,
    /// Who holds it.
    pub held_by: Option<OfficerId>,
    /// Since when it is open.
    pub opened_on: Date,
    /// The step's own due date.
    pub task_due: Option<Date>,
    /// As sorted.
    pub sorted_due: String,
    /// How the case stands.
    pub status: Status,
    /// 承诺办结日; of a decided case, the last day to hand out.
    pub promised_due: Option<Date>,
    /// 法定办结日.
    pub statutory_due: Option<Date>,
    /// The promised limit, for the light.
    pub promised_count: u32,
    /// 绿色通道: whether the case goes before others.
    pub priority: bool,
    /// The case's revision, which a form made from this line sends back.
    pub revision: i64,
}

impl TaskLine {
    /// Where the next page begins.
    #[must_use]
    pub fn key(&self) -> TaskKey {
        TaskKey {
            due: self.sorted_due.clone(),
            case: self.case,
            task: self.task,
        }
    }

    fn from_row(row: &Row<'_>) -> Result<Self, Fault> {
        let status: Status = row.get(12)?;
        let delivery_due: Option<Date> = row.get(15)?;
        let open = status.is_open();
        Ok(Self {
            case: row.get(0)?,
            task: row.get(1)?,
            number: row.get(2)?,
            item: kernel::uuid::Uuid::from_bytes(row.get(3)?),
            version: row.get(4)?,
            procedure: row.get(5)?,
            duty: row.get(6)?,
            role: row.get(7)?,
            held_by: row.get(8)?,
            opened_on: row.get(9)?,
            task_due: row.get(10)?,
            sorted_due: row.get(11)?,
            status,
            promised_due: if open { row.get(13)? } else { delivery_due },
            statutory_due: if open { row.get(14)? } else { delivery_due },
            promised_count: row.get(16)?,
            revision: row.get(17)?,
            priority: row.get(18)?,
            applicant: row.get(19)?,
        })
    }
}

const TASK_COLUMNS: &str = "t.case_id, t.task, c.number, c.item, c.version, c.procedure, t.duty, \
    t.role, t.held_by, t.opened_on, t.task_due, t.case_due, c.status, c.promised_due, \
    c.statutory_due, c.delivery_due, c.promised_count, c.revision, c.priority, c.applicant";

/// The open tasks that an officer holds, least time left first.
pub(crate) fn held_by(
    tx: &mut Tx<'_>,
    officer: OfficerId,
) -> Result<Vec<(CaseId, String, u16)>, Fault> {
    let sql = "SELECT t.case_id, c.number, t.task FROM case_task t \
               JOIN case_record c ON c.id = t.case_id WHERE t.held_by = $1 \
               ORDER BY t.case_due, t.case_id, t.task";
    tx.query(sql, params![officer], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })
}

/// A page of a work list, least time left first.
///
/// # Errors
/// As [`Tx::query`].
pub fn tasks(
    tx: &mut Tx<'_>,
    by: &Doer,
    scope: Scope,
    after: Option<&TaskKey>,
    most: usize,
) -> Result<Vec<TaskLine>, Fault> {
    let nil = kernel::uuid::Uuid::nil();
    let start = TaskKey {
        due: String::new(),
        case: kernel::TypedId::from_uuid(nil),
        task: 0,
    };
    let after = after.unwrap_or(&start);
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let mut values: Vec<Value<'_>> = vec![
        after.due.to_value(),
        after.case.to_value(),
        after.task.to_value(),
        most.to_value(),
    ];
    let mut bind = |value| {
        values.push(value);
        values.len()
    };
    let sought: Vec<String> = match scope {
        Scope::Mine => {
            let held = |at: usize| format!("t.held_by = ${at}");
            let own = held(bind(by.officer.to_value()));
            let stood = by.standing_in.as_ref();
            let stood = stood.map(|other| held(bind(other.to_value())));
            std::iter::once(own).chain(stood).collect()
        }
        Scope::Post => {
            let organ = bind(by.organ.to_value());
            let roles: Vec<usize> = by.roles.iter().map(|role| bind(role.to_value())).collect();
            let free = |role: &usize| {
                format!("t.organ = ${organ} AND t.role = ${role} AND t.held_by IS NULL")
            };
            let mut sought: Vec<String> = roles.iter().map(free).collect();
            // What other organs entrusted or left to this one 赋权、委托.
            for one in &by.delegated {
                let (of, item) = (bind(one.organ.to_value()), bind(raw(one.item)));
                let theirs = |role: &usize| {
                    format!(
                        "t.organ = ${of} AND c.item = ${item} AND t.role = ${role} \
                         AND t.held_by IS NULL"
                    )
                };
                sought.extend(roles.iter().map(theirs));
            }
            sought
        }
        Scope::Organ => vec![format!("t.organ = ${}", bind(by.organ.to_value()))],
    };
    if sought.is_empty() {
        return Ok(Vec::new());
    }
    tx.query(&merged(&sought), &values, TaskLine::from_row)
}

/// One seek over an index for each condition, the pages merged: a condition with alternatives
/// would make the store read and sort all that is open.
fn merged(sought: &[String]) -> String {
    let seek = |whose: &String| {
        format!(
            "SELECT {TASK_COLUMNS} \
             FROM case_task AS t JOIN case_record AS c ON c.id = t.case_id \
             WHERE {whose} AND (t.case_due, t.case_id, t.task) > ($1, $2, $3) \
             ORDER BY t.case_due, t.case_id, t.task LIMIT $4"
        )
    };
    if let [only] = sought {
        return seek(only);
    }
    let pages: Vec<String> = sought
        .iter()
        .map(|whose| format!("SELECT * FROM ({}) AS page", seek(whose)))
        .collect();
    // By position, because the parts of a union share no table: due date, case, task.
    format!("{} ORDER BY 12, 1, 2 LIMIT $4", pages.join(" UNION ALL "))
}

/// Results that wait at the exit desk, by number or all, the earliest last day first.
///
/// # Errors
/// As [`Tx::query`].
pub fn waiting_results(
    tx: &mut Tx<'_>,
    by: &Doer,
    number: &str,
    most: usize,
) -> Result<Vec<TaskLine>, Fault> {
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let sql = format!(
        "SELECT {TASK_COLUMNS} FROM case_task AS t JOIN case_record AS c ON c.id = t.case_id \
         WHERE t.organ = $1 AND t.role = $2 AND ($3 = '' OR c.number = $3) \
         ORDER BY t.case_due, t.case_id, t.task LIMIT $4"
    );
    let role = Role::ExitClerk;
    tx.query(
        &sql,
        params![by.organ, role, *number, most],
        TaskLine::from_row,
    )
}

/// One line of a citizen's list.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseLine {
    /// The case.
    pub id: CaseId,
    /// 办件编号.
    pub number: String,
    /// The item's raw id.
    pub item: kernel::uuid::Uuid,
    /// Its version.
    pub version: u32,
    /// How it stands.
    pub status: Status,
    /// When it began.
    pub opened_on: Date,
    /// 承诺办结日.
    pub promised_due: Option<Date>,
    /// 法定办结日.
    pub statutory_due: Option<Date>,
}

/// The cases of a person, the newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn cases_of(
    tx: &mut Tx<'_>,
    person: PersonId,
    before: Option<CaseId>,
    most: usize,
) -> Result<Vec<CaseLine>, Fault> {
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let newest = kernel::TypedId::from_uuid(kernel::uuid::Uuid::max());
    let before: CaseId = before.unwrap_or(newest);
    let sql = "SELECT id, number, item, version, status, opened_on, promised_due, statutory_due \
               FROM case_record WHERE (applicant = $1 OR agent = $1) AND id < $2 \
               ORDER BY id DESC LIMIT $3";
    tx.query(sql, params![person, before, most], |row| {
        Ok(CaseLine {
            id: row.get(0)?,
            number: row.get(1)?,
            item: kernel::uuid::Uuid::from_bytes(row.get(2)?),
            version: row.get(3)?,
            status: row.get(4)?,
            opened_on: row.get(5)?,
            promised_due: row.get(6)?,
            statutory_due: row.get(7)?,
        })
    })
}

/// The case of a number. Ask `may_see` before telling anybody.
///
/// # Errors
/// As [`Tx::query`].
pub fn find_by_number(tx: &mut Tx<'_>, number: &str) -> Result<Option<CaseId>, Fault> {
    let sql = "SELECT id FROM case_record WHERE number = $1";
    tx.query_one(sql, params![*number], |row| row.get(0))
}

/// Cases that are not decided, by id: what a new calendar dates again, batch by batch.
///
/// # Errors
/// As [`Tx::query`].
pub fn open_case_ids(
    tx: &mut Tx<'_>,
    after: Option<CaseId>,
    most: usize,
) -> Result<Vec<CaseId>, Fault> {
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let first = kernel::TypedId::from_uuid(kernel::uuid::Uuid::nil());
    let after: CaseId = after.unwrap_or(first);
    let sql = "SELECT id FROM case_record WHERE closed_on IS NULL AND id > $1 \
               ORDER BY id LIMIT $2";
    tx.query(sql, params![after, most], |row| row.get(0))
}

/// Cases in the order in which they were opened, behind one: for exports.
///
/// # Errors
/// As [`Tx::query`].
pub fn case_ids(tx: &mut Tx<'_>, after: Option<CaseId>, most: usize) -> Result<Vec<CaseId>, Fault> {
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let first = kernel::TypedId::from_uuid(kernel::uuid::Uuid::nil());
    let after: CaseId = after.unwrap_or(first);
    let sql = "SELECT id FROM case_record WHERE id > $1 ORDER BY id LIMIT $2";
    tx.query(sql, params![after, most], |row| row.get(0))
}

impl TaskLine {
    /// Whether the clock stands.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.sorted_due == NO_DUE
    }
}

/// The number of a case of the same item that was accepted before this one and is not decided.
///
/// # Errors
/// As [`Tx::query`].
pub fn earlier_undecided(tx: &mut Tx<'_>, case: &Case) -> Result<Option<Code>, Fault> {
    let sql = "SELECT number FROM case_record WHERE item = $1 AND id <> $2 AND verdict IS NULL \
               AND closed_on IS NULL AND started_at < $3 ORDER BY started_at, id LIMIT 1";
    let started = case.clock.start.to_string();
    let item = case.item.into_bytes();
    let found: Option<String> =
        tx.query_one(sql, params![item, case.id, started], |row| row.get(0))?;
    found
        .map(|number| number.parse().map_err(Fault::broken))
        .transpose()
}

/// Whether silence granted this item to a person, and it was not set aside since.
///
/// # Errors
/// As [`Tx::query`].
pub fn granted_by_silence(
    tx: &mut Tx<'_>,
    person: PersonId,
    item: kernel::uuid::Uuid,
) -> Result<bool, Fault> {
    let sql = "SELECT COUNT(*) FROM case_record WHERE applicant = $1 AND item = $2 AND tacit";
    let item = item.into_bytes();
    let count: Option<i64> = tx.query_one(sql, params![person, item], |row| row.get(0))?;
    Ok(count.is_some_and(|count| 0 < count))
}

/// A case that silence granted: its number, the day, and by when it is to be checked.
pub type TacitCase = (CaseId, Code, Option<Date>, Option<Date>);

/// The cases that silence granted, within an organ or all; those to be checked come first.
///
/// # Errors
/// As [`Tx::query`].
pub fn tacit_cases(
    tx: &mut Tx<'_>,
    organ: Option<kernel::OrganId>,
    most: usize,
) -> Result<Vec<TacitCase>, Fault> {
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let mut values: Vec<Value<'_>> = vec![most.to_value()];
    let mut within = "";
    if let Some(organ) = &organ {
        values.push(organ.to_value());
        within = " AND organ = $2";
    }
    let sql = format!(
        "SELECT id, number, decided_on, check_due FROM case_record WHERE tacit{within} \
         ORDER BY COALESCE(check_due, '{NO_DUE}'), id DESC LIMIT $1"
    );
    tx.query(&sql, &values, |row| {
        let number: String = row.get(1)?;
        let number = number.parse().map_err(Fault::broken)?;
        Ok((row.get(0)?, number, row.get(2)?, row.get(3)?))
    })
}

/// The cases that a table granted, within an organ or all; those to be checked come first. What the
/// table answered, the ledger tells.
///
/// # Errors
/// As [`Tx::query`].
pub fn ruled_cases(
    tx: &mut Tx<'_>,
    organ: Option<kernel::OrganId>,
    most: usize,
) -> Result<Vec<crate::RuledLine>, Fault> {
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let mut values: Vec<Value<'_>> = vec![most.to_value()];
    let mut within = "";
    if let Some(organ) = &organ {
        values.push(organ.to_value());
        within = " AND organ = $2";
    }
    let sql = format!(
        "SELECT id, number, ruled, decided_on, check_due FROM case_record WHERE ruled IS NOT \
         NULL{within} ORDER BY COALESCE(check_due, '{NO_DUE}'), id DESC LIMIT $1"
    );
    tx.query(&sql, &values, |row| {
        let number: String = row.get(1)?;
        Ok(crate::RuledLine {
            id: row.get(0)?,
            number: number.parse().map_err(Fault::broken)?,
            way: row.get(2)?,
            table: None,
            on: row.get(3)?,
            check_due: row.get(4)?,
            drawn: false,
        })
    })
}
