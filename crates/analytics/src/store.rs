//! All SQL of the room: reads of the views that the rooms below publish. The room writes nothing.
//!
//! Rights and wishes are predicates of every query. Deliberately absent: tables of its own; what
//! is counted is counted from the records, so it cannot disagree with them.

use db::{Row, Tx, Value};
use jiff::civil::Date;
use kernel::{Fault, ToValue};

use crate::CaseId;
use crate::cutoffs::Cutoffs;
use crate::model::{
    CaseLine, DayCount, DecidedGroup, DecisionLine, Length, OpenGroup, Period, RatedGroup,
    Selection, Shade, Subject,
};

const OPEN: &str = "decided_on IS NULL AND closed_on IS NULL";
const DUE: &str = "COALESCE(promised_due, statutory_due)";
const LENGTH: &str = "promised_count, promised_unit";
const PAUSED: &str = "(status = 'paused')";
/// The sort key of a case without a limit: after all others.
const NO_DUE: &str = "9999-12-31";

/// Conditions of a query with their values.
struct Clauses {
    sql: String,
    values: Vec<Value<'static>>,
}

impl Clauses {
    fn new(selection: &Selection) -> Self {
        let mut clauses = Self {
            sql: String::new(),
            values: Vec::new(),
        };
        for organ in [selection.right, selection.organ].into_iter().flatten() {
            clauses.and("organ = ", &organ);
        }
        if let Some(item) = selection.item {
            clauses.and("item = ", &item);
        }
        clauses
    }

    /// The next placeholder, bound to a value.
    fn bind(&mut self, value: &impl ToValue) -> String {
        self.values.push(value.to_value().into_owned());
        format!("${}", self.values.len())
    }

    fn and(&mut self, condition: &str, value: &impl ToValue) {
        let place = self.bind(value);
        self.sql.push_str(&format!(" AND {condition}{place}"));
    }

    fn within(&mut self, column: &str, period: Period) {
        self.and(&format!("{column} >= "), &period.from);
        self.and(&format!("{column} <= "), &period.until);
    }
}

fn subject(row: &Row<'_>) -> Result<Subject, Fault> {
    Ok(Subject {
        organ: row.get(0)?,
        item: row.get(1)?,
    })
}

fn count(row: &Row<'_>, at: usize) -> Result<u64, Fault> {
    u64::try_from(row.get::<i64>(at)?).map_err(Fault::broken)
}

/// A limit as the case room writes it: its count, then its unit.
fn length(row: &Row<'_>, at: usize) -> Result<Length, Fault> {
    let unit: String = row.get(at + 1)?;
    Ok(Length {
        count: row.get(at)?,
        unit: unit.parse().map_err(Fault::broken)?,
    })
}

/// A yes, a no, or neither.
fn maybe(row: &Row<'_>, at: usize) -> Result<Option<bool>, Fault> {
    let number: i64 = row.get(at)?;
    Ok((0 <= number).then_some(number == 1))
}

/// A condition that may have nothing to compare with: 1, 0 or -1.
fn kept(limit: &str) -> String {
    format!(
        "CAST(CASE WHEN {limit} IS NULL THEN -1 WHEN decided_on <= {limit} THEN 1 ELSE 0 END \
         AS BIGINT)"
    )
}

/// Running cases, grouped by all that a light depends on.
pub(crate) fn open_groups(tx: &mut Tx<'_>, selection: &Selection) -> Result<Vec<OpenGroup>, Fault> {
    let clauses = Clauses::new(selection);
    let sql = format!(
        "SELECT organ, item, MAX(version), {DUE}, statutory_due, {LENGTH}, {PAUSED}, COUNT(*) \
         FROM case_view_board WHERE {OPEN}{} \
         GROUP BY organ, item, {DUE}, statutory_due, {LENGTH}, {PAUSED}",
        clauses.sql
    );
    tx.query(&sql, &clauses.values, |row| {
        Ok(OpenGroup {
            subject: subject(row)?,
            version: row.get(2)?,
            due: row.get(3)?,
            statutory_due: row.get(4)?,
            length: length(row, 5)?,
            paused: row.get(7)?,
            count: count(row, 8)?,
        })
    })
}

/// Cases decided in a period, grouped by all that the figures depend on.
pub(crate) fn decided_groups(
    tx: &mut Tx<'_>,
    selection: &Selection,
    period: Period,
) -> Result<Vec<DecidedGroup>, Fault> {
    let mut clauses = Clauses::new(selection);
    clauses.within("decided_on", period);
    let (promise, law) = (kept("promised_due"), kept("statutory_due"));
    let limits = "promised_count, promised_unit, statutory_count, statutory_unit";
    let sql = format!(
        "SELECT organ, item, MAX(version), {promise}, {law}, {limits}, COUNT(*) \
         FROM case_view_board WHERE decided_on IS NOT NULL{} \
         GROUP BY organ, item, {promise}, {law}, {limits}",
        clauses.sql
    );
    tx.query(&sql, &clauses.values, |row| {
        let (promised, statutory) = (length(row, 5)?, length(row, 7)?);
        let alike = promised.unit == statutory.unit;
        Ok(DecidedGroup {
            subject: subject(row)?,
            version: row.get(2)?,
            kept_promise: maybe(row, 3)?,
            kept_law: maybe(row, 4)?,
            limits: alike.then_some((promised.count, statutory.count)),
            count: count(row, 9)?,
        })
    })
}

/// Ratings finished in a period, grouped.
pub(crate) fn rated_groups(
    tx: &mut Tx<'_>,
    selection: &Selection,
    period: Period,
) -> Result<Vec<RatedGroup>, Fault> {
    let mut clauses = Clauses::new(selection);
    clauses.within("rated_on", period);
    let sql = format!(
        "SELECT organ, item, MAX(item_version), is_bad, is_default, COUNT(*) \
         FROM evaluation_view_board WHERE grade IS NOT NULL{} \
         GROUP BY organ, item, is_bad, is_default",
        clauses.sql
    );
    tx.query(&sql, &clauses.values, |row| {
        Ok(RatedGroup {
            subject: subject(row)?,
            version: row.get(2)?,
            is_bad: row.get(3)?,
            is_default: row.get(4)?,
            count: count(row, 5)?,
        })
    })
}

/// What came in and went out on each day of a period.
pub(crate) fn day_counts(
    tx: &mut Tx<'_>,
    selection: &Selection,
    period: Period,
) -> Result<Vec<DayCount>, Fault> {
    let mut of_column = |column: &str| {
        let mut clauses = Clauses::new(selection);
        clauses.within(column, period);
        let sql = format!(
            "SELECT {column}, COUNT(*) FROM case_view_board WHERE {column} IS NOT NULL{} \
             GROUP BY {column}",
            clauses.sql
        );
        let rows = tx.query(&sql, &clauses.values, |row| {
            Ok((row.get::<Date>(0)?, count(row, 1)?))
        })?;
        Ok::<_, Fault>(
            rows.into_iter()
                .collect::<std::collections::BTreeMap<_, _>>(),
        )
    };
    let (opened, decided) = (of_column("opened_on")?, of_column("decided_on")?);
    let on = |day: Date| DayCount {
        day,
        opened: opened.get(&day).copied().unwrap_or(0),
        decided: decided.get(&day).copied().unwrap_or(0),
    };
    Ok(period.days().map(on).collect())
}

/// Running cases in the order in which they are due, after a key, up to `most`.
pub(crate) fn open_cases(
    tx: &mut Tx<'_>,
    selection: &Selection,
    shade: Option<Shade>,
    cutoffs: &Cutoffs<'_>,
    after: Option<(Date, CaseId)>,
    most: usize,
) -> Result<Vec<CaseLine>, Fault> {
    let mut clauses = Clauses::new(selection);
    if let Some(shade) = shade {
        narrow(tx, &mut clauses, shade, cutoffs)?;
    }
    let key = format!("COALESCE({DUE}, '{NO_DUE}')");
    if let Some((due, id)) = after {
        let (due, id) = (clauses.bind(&due), clauses.bind(&id));
        let beyond = format!(" AND ({key} > {due} OR ({key} = {due} AND id > {id}))");
        clauses.sql.push_str(&beyond);
    }
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let limit = clauses.bind(&most);
    let sql = format!(
        "SELECT organ, item, version, id, number, opened_on, {DUE}, statutory_due, {LENGTH}, \
         {PAUSED} FROM case_view_board WHERE {OPEN}{} ORDER BY {key}, id LIMIT {limit}",
        clauses.sql
    );
    tx.query(&sql, &clauses.values, |row| {
        Ok(CaseLine {
            subject: subject(row)?,
            version: row.get(2)?,
            id: row.get(3)?,
            number: row.get(4)?,
            opened_on: row.get(5)?,
            due: row.get(6)?,
            statutory_due: row.get(7)?,
            length: length(row, 8)?,
            paused: row.get(10)?,
        })
    })
}

/// The key after which the next page of [`open_cases`] begins.
pub(crate) fn key_of(line: &CaseLine) -> (Date, CaseId) {
    let last = NO_DUE.parse().unwrap_or(Date::MAX);
    (line.due.unwrap_or(last), line.id)
}

/// Keeps the cases of one shade: the same rule as [`Cutoffs::shade`], said in SQL.
fn narrow(
    tx: &mut Tx<'_>,
    clauses: &mut Clauses,
    shade: Shade,
    cutoffs: &Cutoffs<'_>,
) -> Result<(), Fault> {
    if shade == Shade::Paused {
        clauses.sql.push_str(&format!(" AND {PAUSED}"));
        return Ok(());
    }
    clauses.sql.push_str(&format!(" AND NOT {PAUSED}"));
    let today = clauses.bind(&cutoffs.today());
    let black = format!("COALESCE(statutory_due < {today}, FALSE)");
    let late = format!("({black} OR COALESCE({DUE} < {today}, FALSE))");
    let condition = match shade {
        Shade::Black => black,
        Shade::Red => format!("{late} AND NOT {black}"),
        Shade::DueToday => {
            format!("COALESCE({DUE} = {today} OR statutory_due = {today}, FALSE)")
        }
        Shade::Yellow => format!("NOT {late} AND {}", near(tx, clauses, cutoffs)?),
        Shade::Green | Shade::Paused => {
            format!("NOT {late} AND NOT {}", near(tx, clauses, cutoffs)?)
        }
    };
    clauses.sql.push_str(&format!(" AND {condition}"));
    Ok(())
}

/// Due soon: for each length of limit that running cases have, its own cut-off.
fn near(tx: &mut Tx<'_>, clauses: &mut Clauses, cutoffs: &Cutoffs<'_>) -> Result<String, Fault> {
    let sql = format!("SELECT DISTINCT {LENGTH} FROM case_view_board WHERE {OPEN}");
    let lengths = tx.query(&sql, &[], |row| length(row, 0))?;
    let mut cases = Vec::new();
    for length in lengths {
        let until = clauses.bind(&cutoffs.yellow_until(length)?);
        let count = clauses.bind(&i64::from(length.count));
        let unit = clauses.bind(&length.unit.word());
        cases.push(format!(
            "(promised_count = {count} AND promised_unit = {unit} AND {DUE} <= {until})"
        ));
    }
    if cases.is_empty() {
        return Ok("FALSE".to_owned());
    }
    Ok(format!("COALESCE({}, FALSE)", cases.join(" OR ")))
}

/// The newest decisions, for everybody.
pub(crate) fn recent_decisions(
    tx: &mut Tx<'_>,
    selection: &Selection,
    period: Period,
    most: usize,
) -> Result<Vec<DecisionLine>, Fault> {
    let mut clauses = Clauses::new(selection);
    clauses.within("decided_on", period);
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let limit = clauses.bind(&most);
    let promise = kept("promised_due");
    let sql = format!(
        "SELECT organ, item, version, number, opened_on, decided_on, verdict, {promise} \
         FROM case_view_board WHERE decided_on IS NOT NULL{} \
         ORDER BY decided_on DESC, number DESC LIMIT {limit}",
        clauses.sql
    );
    tx.query(&sql, &clauses.values, |row| {
        Ok(DecisionLine {
            subject: subject(row)?,
            version: row.get(2)?,
            number: row.get(3)?,
            opened_on: row.get(4)?,
            decided_on: row.get(5)?,
            outcome: row.get(6)?,
            kept_promise: maybe(row, 7)?,
        })
    })
}
