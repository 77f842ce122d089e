//! What the audit administrator reads: who granted which post to whom, who added or dismissed
//! which officer, and the log-ins of staff, each with its lines of the ledger.

use db::Tx;
use kernel::{ActorKind, Fault, OfficerId, PostId};
use ledger::{Line, lines_of};
use web::session::Subject;

use crate::model::{Appointment, AppointmentId, Deputy, DeputyId, OfficerCard, Organ};
use crate::store::{self, Closure};

/// A grant and what the ledger says of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Traced<T> {
    /// The thing as it is.
    pub thing: T,
    /// Its lines, oldest first.
    pub lines: Vec<Trace>,
}

/// One line in words that can be shown: who edited which fields when.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// The line.
    pub line: Line,
    /// The name of the officer who did it; none for the system.
    pub by: Option<String>,
}

impl Trace {
    /// Which fields were edited, as the line names them.
    #[must_use]
    pub fn fields(&self) -> Vec<&str> {
        let fields = self
            .line
            .data
            .get("fields")
            .and_then(|list| list.as_array());
        let fields = fields.into_iter().flatten();
        fields.filter_map(|field| field.as_str()).collect()
    }
}

/// How many lines of one account are shown: log-ins are many.
const LINES_MAX: usize = 20;

/// Appointments, newest first, older than one.
///
/// # Errors
/// As [`Tx::query`].
pub fn appointments(
    tx: &mut Tx<'_>,
    before: Option<AppointmentId>,
    most: usize,
) -> Result<Vec<Traced<Appointment>>, Fault> {
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let found = store::appointments_before(tx, before, most)?;
    let trace = |thing: Appointment| {
        let lines = lines_of(tx, thing.id)?;
        let lines = named(tx, lines)?;
        Ok(Traced { thing, lines })
    };
    found.into_iter().map(trace).collect()
}

/// Deputies, newest first, older than one.
///
/// # Errors
/// As [`Tx::query`].
pub fn deputies(
    tx: &mut Tx<'_>,
    before: Option<DeputyId>,
    most: usize,
) -> Result<Vec<Traced<Deputy>>, Fault> {
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let found = store::deputies_before(tx, before, most)?;
    let trace = |thing: Deputy| {
        let lines = lines_of(tx, thing.id)?;
        let lines = named(tx, lines)?;
        Ok(Traced { thing, lines })
    };
    found.into_iter().map(trace).collect()
}

/// Officers by login, behind one, with the last lines of their accounts.
///
/// # Errors
/// As [`Tx::query`].
pub fn officers(
    tx: &mut Tx<'_>,
    after: &str,
    most: usize,
) -> Result<Vec<Traced<OfficerCard>>, Fault> {
    let most = i64::try_from(most).map_err(Fault::broken)?;
    let found = store::officers_after(tx, after, most)?;
    let trace = |thing: OfficerCard| {
        let mut lines = lines_of(tx, thing.id)?;
        if let Some(account) = store::find_account_of(tx, Subject::Officer(thing.id))? {
            lines.extend(lines_of(tx, account.id)?);
        }
        lines.sort_by_key(|line| line.at);
        let lines = lines.split_off(lines.len().saturating_sub(LINES_MAX));
        let lines = named(tx, lines)?;
        Ok(Traced { thing, lines })
    };
    found.into_iter().map(trace).collect()
}

/// Organs with the lines of themselves, of their posts and of the ends of both.
///
/// # Errors
/// As [`Tx::query`].
pub fn organs(tx: &mut Tx<'_>) -> Result<Vec<Traced<Organ>>, Fault> {
    let all = store::all_organs(tx)?;
    let trace = |thing: Organ| {
        let mut lines = lines_of(tx, thing.id)?;
        if let Some(end) = store::find_closure(tx, &Closure::Organ(thing.id))? {
            lines.extend(lines_of(tx, end)?);
        }
        for post in store::posts_of(tx, thing.id)? {
            lines.extend(lines_of(tx, post.id)?);
            if let Some(end) = store::find_closure(tx, &Closure::Post(post.id))? {
                lines.extend(lines_of(tx, end)?);
            }
        }
        lines.sort_by_key(|line| line.at);
        let lines = named(tx, lines)?;
        Ok(Traced { thing, lines })
    };
    all.into_iter().map(trace).collect()
}

/// The name of an officer and that of a post, for the lists of grants; empty when unknown.
///
/// # Errors
/// As [`Tx::query`].
pub fn names(tx: &mut Tx<'_>, officer: OfficerId, post: PostId) -> Result<(String, String), Fault> {
    let officer = store::find_officer(tx, officer)?.map(|card| card.name);
    let post = match store::find_post(tx, post)? {
        Some(post) => {
            let organ = store::find_organ(tx, post.organ)?.map(|organ| organ.short_name);
            format!("{} · {}", organ.unwrap_or_default(), post.name)
        }
        None => String::new(),
    };
    Ok((officer.unwrap_or_default(), post))
}

fn named(tx: &mut Tx<'_>, lines: Vec<Line>) -> Result<Vec<Trace>, Fault> {
    let name = |line: Line| {
        let officer = line
            .actor
            .person
            .filter(|_| line.actor.kind == ActorKind::Officer);
        let by = match officer.map(kernel::TypedId::from_uuid) {
            Some(id) => store::find_officer(tx, id)?.map(|card| card.name),
            None => None,
        };
        Ok(Trace { line, by })
    };
    lines.into_iter().map(name).collect()
}
