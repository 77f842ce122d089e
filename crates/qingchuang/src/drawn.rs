//! What rests on a procedure that an office draws: the items that name it with what they promise,
//! and who works by it in their departments. The room `procedure` asks before it publishes.

use std::collections::BTreeSet;

use catalogue::model::{Handling, ItemContent, LimitUnit, Promise};
use catalogue::{Narrow, Version};
use db::Tx;
use kernel::{Fault, OrganId};
use procedure::{ItemUse, Neighbours, POSTS};
use process::Assignment;
use web::Role;

/// Hours that count as one working day, the least favourable reading.
const HOURS_A_DAY: u32 = 24;
/// More items name no procedure at once than this catalogue has pages for.
const PAGE: usize = 200;

/// The rooms above the procedures, as that room sees them.
pub struct Around;

impl Neighbours for Around {
    fn items(&self, tx: &mut Tx<'_>, name: &str) -> Result<Vec<ItemUse>, Fault> {
        let all = naming(tx, name)?;
        let used = all.iter().map(|version| ItemUse {
            code: version.content.codes.key().unwrap_or_default().to_owned(),
            name: version.content.name.zh.clone(),
            promised_days: promised_days(&version.content),
        });
        Ok(used.collect())
    }

    fn staff(&self, tx: &mut Tx<'_>, name: &str) -> Result<Vec<(String, Assignment)>, Fault> {
        let hall = match identity::hall(tx) {
            Ok(hall) => hall.id,
            // A hall that is not furnished has nobody yet.
            Err(Fault::NotFound { .. }) => return Ok(Vec::new()),
            Err(fault) => return Err(fault),
        };
        let mut departments = BTreeSet::new();
        for version in naming(tx, name)? {
            let uscc = version.content.body.uscc.clone().unwrap_or_default();
            if let Some(organ) = identity::organ_by_uscc(tx, &uscc)? {
                departments.insert((organ.id, organ.short_name));
            }
        }
        let mut staff = Vec::new();
        for (organ, short) in departments {
            staff.push((short, assignment(tx, organ, hall)?));
        }
        Ok(staff)
    }
}

/// The items in force today that name this procedure.
fn naming(tx: &mut Tx<'_>, name: &str) -> Result<Vec<std::sync::Arc<Version>>, Fault> {
    let today = tx.today();
    let narrow = Narrow {
        full_only: true,
        ..Narrow::default()
    };
    let names = |handling: &Handling| handling.procedure.as_str() == name;
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = catalogue::in_force(tx, today, &narrow, after.as_ref(), PAGE)?;
        let Some((last, _)) = page.last() else {
            return Ok(found);
        };
        after = Some(last.clone());
        let versions = page.into_iter().map(|(_, version)| version);
        found.extend(versions.filter(|one| one.content.handling.as_ref().is_some_and(names)));
    }
}

/// What an item promises, in working days: calendar days and hours by their least favourable
/// reading.
fn promised_days(content: &ItemContent) -> Option<u32> {
    match content.promised? {
        Promise::Instant => Some(1),
        Promise::Within(limit) => Some(match limit.unit {
            LimitUnit::Workday => limit.amount,
            LimitUnit::Day => limit.amount / 7 * 5 + limit.amount % 7,
            LimitUnit::Hour => limit.amount.div_ceil(HOURS_A_DAY),
        }),
    }
}

/// Who holds which post for a department: its own people, those of the hall at the counters.
fn assignment(tx: &mut Tx<'_>, organ: OrganId, hall: OrganId) -> Result<Assignment, Fault> {
    let mut all = Assignment {
        accepting: Some("intake_clerk".to_owned()),
        ..Assignment::default()
    };
    for (post, role) in POSTS {
        let at = match role {
            Role::IntakeClerk | Role::ExitClerk => hall,
            // Another department answers: whoever it is, it is no one of this one.
            Role::CoHandler => continue,
            _ => organ,
        };
        for holder in crate::colleagues::holders(tx, at, *role)? {
            match holder.standing_in {
                Some((_, name)) => {
                    let deputies = all.deputies.entry(name).or_default();
                    deputies.insert(holder.name);
                }
                None => {
                    let people = all.posts.entry((*post).to_owned()).or_default();
                    people.insert(holder.name);
                }
            }
        }
    }
    Ok(all)
}
