//! Asks every room to forget a person: what stands in the way, by the retention 保管期限 of each
//! item, and then every text, file, draft and letter (`docs/decisions/0010`).
//!
//! Deliberately absent: the request itself and who may carry it out, which identity keeps, and
//! older backups, of which `docs/operating.md` speaks.

use std::collections::BTreeMap;

use case::{Case, Neighbours};
use certificate::CertificateState;
use db::{Db, Tx, outbox};
use identity::erasure::{Bar, Erased, Obstacle};
use intake::{Application, ApplicationId};
use jiff::ToSpan;
use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{Actor, Fault, PersonId, TypedId};
use ledger::{FileStore, Forgotten};

use crate::neighbours::Beneath;

/// How many matters are read at once.
const BATCH: usize = 500;
/// How many contents a round takes up.
const CONTENTS_MAX: u32 = 50;

/// Every room of this house, as identity's erasure sees them.
pub struct All;

impl identity::erasure::Rooms for All {
    fn obstacles(&self, tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Obstacle>, Fault> {
        let today = tx.today();
        let mut found = Vec::new();
        for matter in matters(tx, person)? {
            found.extend(matter.obstacle(tx, today)?);
        }
        found.extend(unfinished(tx, person)?);
        for one in certificate::all_of(tx, person)? {
            let state = one.state_on(today);
            if matches!(state, CertificateState::Valid | CertificateState::Suspended) {
                found.push(Obstacle {
                    bar: Bar::InForce,
                    number: one.number.to_string(),
                    item: certificate::text_of(tx, &one)?
                        .map_or_else(String::new, |text| text.name),
                    until: one.valid_until,
                });
            }
        }
        Ok(found)
    }

    fn forget(&self, tx: &mut Tx<'_>, person: PersonId) -> Result<Erased, Fault> {
        let mut erased = Erased::default();
        let mut forgotten = Forgotten::default();
        for matter in matters(tx, person)? {
            // The file of a principal stays theirs when their agent is erased.
            if matter.application.applicant != person {
                continue;
            }
            erased.matters += 1;
            for record in matter.records(tx)? {
                forgotten += ledger::forget_record(tx, record)?;
            }
        }
        for record in project::records_of(tx, person)? {
            forgotten += ledger::forget_record(tx, record)?;
        }
        forgotten += ledger::forget_person(tx, person)?;
        erased.texts = forgotten.texts;
        erased.files = forgotten.files;
        erased.drafts = intake::erase(tx, person)? + project::erase(tx, person)?;
        erased.letters = inbox::erase(tx, person)?;
        identity::erase(tx, person)?;
        Ok(erased)
    }
}

/// Bundles and projects that are not finished; those that are have no period of their own, only
/// the matters in them.
fn unfinished(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Obstacle>, Fault> {
    let stands = |number: String, item: String| Obstacle {
        bar: Bar::Open,
        number,
        item,
        until: None,
    };
    let mut found = Vec::new();
    let mut before = None;
    loop {
        let batch = project::bundles_of(tx, person, before, BATCH)?;
        let Some(last) = batch.last() else { break };
        before = Some(last.id);
        let open = batch.iter().filter(|one| one.concluded_on.is_none());
        found.extend(open.map(|one| stands(one.number.to_string(), one.theme.to_string())));
    }
    for one in project::projects_of(tx, person)? {
        if one.finished_on.is_none() {
            found.push(stands(one.code.to_string(), one.scheme.to_string()));
        }
    }
    Ok(found)
}

/// A person's matter: the application, and the case that it became.
struct Matter {
    application: Application,
    case: Option<Case>,
}

/// Every matter in which a person has a part, as applicant or as agent.
fn matters(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Matter>, Fault> {
    let mut cases = BTreeMap::new();
    let mut before = None;
    loop {
        let batch = case::cases_of(tx, person, before, BATCH)?;
        let Some(last) = batch.last() else { break };
        before = Some(last.id);
        for line in &batch {
            let case = case::case(tx, line.id)?;
            cases.insert(case.application, case);
        }
    }
    let mut found = Vec::new();
    let mut after: Option<ApplicationId> = None;
    loop {
        let batch = intake::of_person(tx, person, after, BATCH)?;
        let Some(last) = batch.last() else { break };
        after = Some(last.id);
        for application in batch {
            let case = cases.remove(&application.id.uuid());
            found.push(Matter { application, case });
        }
    }
    match cases.into_values().next() {
        Some(case) => Err(Fault::broken(format!("{} has no application", case.id))),
        None => Ok(found),
    }
}

impl Matter {
    /// When it was over; none while it is not.
    fn ended_on(&self) -> Option<Date> {
        match &self.case {
            Some(case) => case.closed_on,
            None if self.application.status.is_accepted() => None,
            None => self.application.settled.as_ref().map(|settled| settled.on),
        }
    }

    fn obstacle(&self, tx: &mut Tx<'_>, today: Date) -> Result<Option<Obstacle>, Fault> {
        let application = &self.application;
        let version = catalogue::version(tx, application.item, application.version)?;
        let stands = |bar, until| {
            Some(Obstacle {
                bar,
                number: application.number.to_string(),
                item: version.content.name.zh.clone(),
                until,
            })
        };
        let Some(ended) = self.ended_on() else {
            return Ok(stands(Bar::Open, None));
        };
        let Some(years) = version.content.retention_years else {
            return Ok(stands(Bar::Permanent, None));
        };
        let last = retained_until(ended, years)?;
        Ok(if today <= last {
            stands(Bar::Retained, Some(last))
        } else {
            None
        })
    }

    /// The records whose texts and files are of this matter.
    fn records(&self, tx: &mut Tx<'_>) -> Result<Vec<Uuid>, Fault> {
        let application = self.application.id.uuid();
        let mut records = match &self.case {
            Some(case) => {
                let mut beside = Beneath.records(tx, case)?;
                beside.push(case.id.uuid());
                beside
            }
            None => certificate::notices_of(tx, application)?
                .into_iter()
                .map(|notice| notice.id.uuid())
                .collect(),
        };
        let pledges = pledge::of_application(tx, application)?;
        records.extend(pledges.iter().map(|one| one.id.uuid()));
        records.push(application);
        records.sort_unstable();
        records.dedup();
        Ok(records)
    }
}

/// The last day on which the file of a matter is kept: its period is counted in whole years from
/// the first day of the year after it was closed, as files are counted 归档文件按年度整理.
fn retained_until(ended: Date, years: u32) -> Result<Date, Fault> {
    let last_of_year = ended.last_of_year();
    last_of_year
        .checked_add(i64::from(years).years())
        .map_err(Fault::broken)
}

/// Removes contents that no row names any more, at most `CONTENTS_MAX`; answers how many it
/// took up. A content that somebody handed in a moment ago waits: a row may be about to name it.
///
/// # Errors
/// [`Fault::Unavailable`] when store or disk cannot answer.
pub fn remove_contents(db: &Db) -> Result<usize, Fault> {
    let due = db.read(|tx| outbox::due_of(tx, ledger::CONTENTS, CONTENTS_MAX))?;
    for message in &due {
        let done = match ledger::content_of(message) {
            None => {
                tracing::error!(message = %message.id, "an outbox message names no content");
                true
            }
            Some(address) => {
                db.read(move |tx| is_named(tx, &address))?
                    || db
                        .thing::<FileStore>()?
                        .remove_unused(db.clock(), &address)?
            }
        };
        let message = message.clone();
        db.write(db.cause(Actor::system()), move |tx| {
            if done {
                outbox::sent(tx, &message)
            } else {
                outbox::failed(tx, &message)
            }
        })?;
    }
    Ok(due.len())
}

/// Removes contents of one folder of the store that no row names: what was handed in when the
/// row was then refused, or when the program was killed in between. Answers how many.
///
/// # Errors
/// [`Fault::Unavailable`] when store or disk cannot answer.
pub fn remove_orphans(db: &Db, folder: u8) -> Result<usize, Fault> {
    let files = db.thing::<FileStore>()?;
    let mut removed = 0;
    for address in files.settled_in(db.clock(), folder)? {
        if !db.read(move |tx| is_named(tx, &address))?
            && files.remove_unused(db.clock(), &address)?
        {
            removed += 1;
        }
    }
    Ok(removed)
}

fn is_named(tx: &mut Tx<'_>, address: &[u8; 32]) -> Result<bool, Fault> {
    Ok(ledger::is_named(tx, address)? || intake::is_named(tx, address)?)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::retained_until;

    #[test]
    fn a_period_of_retention_ends_with_a_year() {
        let last = retained_until(date(2026, 3, 5), 10).unwrap();
        assert_eq!(last, date(2036, 12, 31));
        let last = retained_until(date(2026, 12, 31), 30).unwrap();
        assert_eq!(last, date(2056, 12, 31));
    }
}
