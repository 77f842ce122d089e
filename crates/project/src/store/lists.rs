//! Lists of bundles and projects, by seek, with rights in the query.

use db::{Row, Tx, Value, params};
use kernel::uuid::Uuid;
use kernel::{Fault, OrganId, PersonId, ToValue};
use ledger::Stored;

use super::{newest, own};
use crate::model::{Bundle, BundleId, OpinionStatus, Project, ProjectId};

/// How far an officer sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// What one organ leads, decides a part of, or was asked about.
    Organ(OrganId),
    /// All of the hall.
    Hall,
}

fn bundle_sql(rest: &str) -> String {
    let columns = <Bundle as Stored>::TABLE.columns.join(", ");
    format!("SELECT id, {columns} FROM bundle WHERE {rest}")
}

fn bundle_of(row: &Row<'_>) -> Result<Bundle, Fault> {
    Bundle::from_row(row.get(0)?, row, 1)
}

fn project_sql(rest: &str) -> String {
    let columns = <Project as Stored>::TABLE.columns.join(", ");
    format!("SELECT id, {columns} FROM project WHERE {rest}")
}

fn project_of(row: &Row<'_>) -> Result<Project, Fault> {
    Project::from_row(row.get(0)?, row, 1)
}

fn most_of(most: usize) -> Result<i64, Fault> {
    i64::try_from(most).map_err(Fault::broken)
}

/// The bundles of a person, the newest first.
pub(crate) fn bundles_of(
    tx: &mut Tx<'_>,
    person: PersonId,
    before: Option<BundleId>,
    most: usize,
) -> Result<Vec<Bundle>, Fault> {
    let before: BundleId = before.unwrap_or_else(newest);
    let sql = bundle_sql("(applicant = $1 OR agent = $1) AND id < $2 ORDER BY id DESC LIMIT $3");
    tx.query(&sql, params![person, before, most_of(most)?], bundle_of)
}

/// The words that say what an organ may see of bundles; `$1` is the organ.
const OWN: &str = "(lead = $1 OR hall = $1 OR EXISTS (SELECT 1 FROM bundle_part \
     WHERE bundle_part.bundle_id = bundle.id AND bundle_part.organ = $1) OR EXISTS \
     (SELECT 1 FROM bundle_opinion WHERE bundle_opinion.bundle_id = bundle.id \
     AND bundle_opinion.organ = $1))";

/// The bundles within reach, the newest first; only those that run, where asked.
pub(crate) fn within(
    tx: &mut Tx<'_>,
    reach: Reach,
    open_only: bool,
    before: Option<BundleId>,
    most: usize,
) -> Result<Vec<Bundle>, Fault> {
    let before: BundleId = before.unwrap_or_else(newest);
    let open = if open_only {
        "concluded_on IS NULL AND "
    } else {
        ""
    };
    let (whose, first) = match reach {
        Reach::Organ(organ) => (OWN, own(&organ)),
        Reach::Hall => ("$1", Value::Bool(true)),
    };
    let sql = bundle_sql(&format!(
        "{open}{whose} AND id < $2 ORDER BY id DESC LIMIT $3"
    ));
    tx.query(
        &sql,
        &[first, own(&before), most_of(most)?.to_value()],
        bundle_of,
    )
}

/// Whether an officer within reach may see a bundle.
pub(crate) fn seen_bundle(tx: &mut Tx<'_>, reach: Reach, id: BundleId) -> Result<bool, Fault> {
    let (whose, first) = match reach {
        Reach::Organ(organ) => (OWN, own(&organ)),
        Reach::Hall => ("$1", Value::Bool(true)),
    };
    let sql = format!("SELECT revision FROM bundle WHERE {whose} AND id = $2");
    let found = tx.query_one(&sql, &[first, own(&id)], |row| row.get::<i64>(0))?;
    Ok(found.is_some())
}

/// Bundles in which an organ still owes an opinion, the most urgent first.
pub(crate) fn opinions_of(
    tx: &mut Tx<'_>,
    organ: OrganId,
    most: usize,
) -> Result<Vec<(BundleId, u16)>, Fault> {
    let sql = "SELECT bundle_id, number FROM bundle_opinion WHERE organ = $1 AND status = $2 \
               ORDER BY due, bundle_id, number LIMIT $3";
    let asked = OpinionStatus::Asked;
    tx.query(sql, params![organ, asked, most_of(most)?], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

/// The bundle and the part that an application belongs to.
pub(crate) fn bundle_of_application(
    tx: &mut Tx<'_>,
    application: Uuid,
) -> Result<Option<(BundleId, u16)>, Fault> {
    let sql = "SELECT bundle_id, part FROM bundle_part WHERE application = $1";
    let id = application.into_bytes();
    tx.query_one(sql, params![id], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// The bundle and the part that a case belongs to.
pub(crate) fn bundle_of_case(
    tx: &mut Tx<'_>,
    case: Uuid,
) -> Result<Option<(BundleId, u16)>, Fault> {
    let sql = "SELECT bundle_id, part FROM bundle_part WHERE case_id = $1";
    let id = case.into_bytes();
    tx.query_one(sql, params![id], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// The bundle of a number.
pub(crate) fn number_of_bundle(tx: &mut Tx<'_>, number: &str) -> Result<Option<BundleId>, Fault> {
    let sql = "SELECT id FROM bundle WHERE number = $1";
    tx.query_one(sql, params![*number], |row| row.get(0))
}

/// The projects of a person, the newest first.
pub(crate) fn projects_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Project>, Fault> {
    let sql = project_sql("(applicant = $1 OR agent = $1) ORDER BY id DESC LIMIT 100");
    tx.query(&sql, params![person], project_of)
}

/// All projects, key projects first, then the newest.
pub(crate) fn projects(
    tx: &mut Tx<'_>,
    after: Option<(bool, ProjectId)>,
    most: usize,
) -> Result<Vec<Project>, Fault> {
    let (is_key, id) = after.unwrap_or((true, newest()));
    let sql = project_sql(
        "(($1 AND NOT is_key) OR (is_key = $1 AND id < $2)) ORDER BY is_key DESC, id DESC LIMIT $3",
    );
    tx.query(&sql, params![is_key, id, most_of(most)?], project_of)
}

/// Bundles that were concluded, for the statistic: only what it needs.
pub(crate) fn concluded(tx: &mut Tx<'_>, most: usize) -> Result<Vec<Bundle>, Fault> {
    let sql = bundle_sql("concluded_on IS NOT NULL ORDER BY theme, id LIMIT $1");
    tx.query(&sql, params![most_of(most)?], bundle_of)
}

/// The records of which a person is the applicant, bundles first.
pub(crate) fn records_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Uuid>, Fault> {
    let mut all = Vec::new();
    for table in ["bundle", "project"] {
        // Both names are constants of the program.
        let sql = format!("SELECT id FROM {table} WHERE applicant = $1 ORDER BY id");
        all.extend(tx.query(&sql, params![person], |row| {
            Ok(Uuid::from_bytes(row.get(0)?))
        })?);
    }
    Ok(all)
}
