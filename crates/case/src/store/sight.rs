//! Who may see which case: the right is part of the query.
//!
//! Deliberately absent: lists of work (see `lists`).

use db::{Tx, Value};
use kernel::{Fault, PersonId, ToValue};

use crate::model::{CaseId, Doer, Role};

/// Who looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Viewer {
    /// An officer at a seat.
    Officer(Doer),
    /// A citizen.
    Person(PersonId),
    /// The bearer of number and query code, whom intake has checked.
    Receipt,
}

/// Who handles matters: for them the organ counts. Whoever runs the machine or keeps the
/// catalogue in the same organ has no business with anybody's case (个人信息保护法 6).
const HANDLERS: [Role; 6] = [
    Role::IntakeClerk,
    Role::Reviewer,
    Role::LegalReviewer,
    Role::Decider,
    Role::ExitClerk,
    Role::CoHandler,
];

/// A viewer with what other organs gave to theirs.
fn widened(tx: &mut Tx<'_>, viewer: &Viewer) -> Result<Viewer, Fault> {
    Ok(match viewer {
        Viewer::Officer(doer) => Viewer::Officer(crate::with_delegations(tx, doer)?),
        other => other.clone(),
    })
}

/// The predicate on `case_record` that a viewer's right is; its values go behind those there are.
fn sight<'v>(viewer: &'v Viewer, values: &mut Vec<Value<'v>>) -> String {
    let at = values.len() + 1;
    match viewer {
        Viewer::Receipt => "TRUE".to_owned(),
        Viewer::Person(person) => {
            values.push(person.to_value());
            format!("(applicant = ${at} OR agent = ${at})")
        }
        Viewer::Officer(doer) => {
            let has = |roles: &[Role]| roles.iter().any(|role| doer.roles.contains(role));
            let sees_all = has(&[Role::Supervisor, Role::HallManager, Role::AuditAdmin]);
            if !sees_all && !has(&HANDLERS) {
                return "FALSE".to_owned();
            }
            let asked = format!("%{}%", doer.organ);
            values.extend([
                Value::Bool(sees_all),
                doer.organ.to_value(),
                Value::Text(asked.into()),
            ]);
            let (all, organ, asked) = (at, at + 1, at + 2);
            let mut right = format!(
                "${all} OR organ = ${organ} OR hall = ${organ} OR consulted LIKE ${asked} \
                 OR EXISTS (SELECT 1 FROM case_task WHERE case_id = case_record.id \
                 AND case_task.organ = ${organ})"
            );
            for one in &doer.delegated {
                values.extend([one.organ.to_value(), raw(one.item)]);
                let (of, item) = (values.len() - 1, values.len());
                right.push_str(&format!(" OR (organ = ${of} AND item = ${item})"));
            }
            format!("({right})")
        }
    }
}

/// Whether the viewer may see a case.
///
/// # Errors
/// As [`Tx::query`].
pub fn may_see(tx: &mut Tx<'_>, viewer: &Viewer, id: CaseId) -> Result<bool, Fault> {
    let viewer = &widened(tx, viewer)?;
    let mut values = vec![id.to_value()];
    let right = sight(viewer, &mut values);
    let sql = format!("SELECT number FROM case_record WHERE id = $1 AND {right}");
    let found = tx.query_one(&sql, &values, |row| row.get::<String>(0))?;
    Ok(found.is_some())
}

/// The case of a number, when the viewer may see it.
///
/// # Errors
/// As [`Tx::query`].
pub fn seen_by_number(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    number: &str,
) -> Result<Option<CaseId>, Fault> {
    let viewer = &widened(tx, viewer)?;
    let mut values = vec![number.to_value()];
    let right = sight(viewer, &mut values);
    let sql = format!("SELECT id FROM case_record WHERE number = $1 AND {right}");
    tx.query_one(&sql, &values, |row| row.get(0))
}

/// An id without a type, as the store holds it.
pub(super) fn raw(id: kernel::uuid::Uuid) -> Value<'static> {
    Value::Bytes(id.as_bytes().to_vec().into())
}
