//! The seven-op case of the bench: start, receive, three opinions at once, decide, issue. The
//! same use cases as the hall's; only the staff is made up.

use db::Tx;
use kernel::uuid::Uuid;
use kernel::{Channel, Fault, OfficerId, OrganId, PersonId, PostId, TypedId};
use web::{Officer, Seat};

use crate::model::{Case, CaseId, NewCase, Role, Term};
use crate::{Code, Finish, Grounds};

/// The officers that a seven-op case needs.
#[derive(Debug, Clone)]
pub struct SevenOpStaff {
    hall: OrganId,
    lead: OrganId,
    other: OrganId,
}

impl Default for SevenOpStaff {
    fn default() -> Self {
        let organ = |number: u128| OrganId::from_uuid(Uuid::from_u128(number));
        Self {
            hall: organ(0xa1),
            lead: organ(0xa2),
            other: organ(0xa3),
        }
    }
}

impl SevenOpStaff {
    /// An officer for each task, at a post of the task's organ.
    #[must_use]
    pub fn officer(&self, role: Role, organ: OrganId) -> Officer {
        let place = Role::ALL.iter().position(|known| *known == role);
        let number = 0xb00 + place.unwrap_or_default() as u128;
        Officer {
            id: OfficerId::from_uuid(Uuid::from_u128(number)),
            name: role.as_str().to_owned(),
            seats: vec![Seat {
                post: PostId::from_uuid(Uuid::from_u128(number)),
                post_name: role.as_str().to_owned(),
                organ,
                organ_name: "bench".to_owned(),
                roles: [role].into(),
                deputizing: None,
            }],
            active: 0,
            channel: Channel::Api,
        }
    }

    /// Who does the first open task.
    #[must_use]
    pub fn doer_of_first(&self, case: &Case) -> Officer {
        let task = case.tasks.first();
        task.map_or_else(|| self.clerk(), |task| self.officer(task.role, task.organ))
    }

    /// Who starts cases.
    #[must_use]
    pub fn clerk(&self) -> Officer {
        self.officer(Role::IntakeClerk, self.hall)
    }
}

/// Op 1: starts a case; `serial` makes its number.
///
/// # Errors
/// As [`crate::open`].
pub fn bench_case(tx: &mut Tx<'_>, staff: &SevenOpStaff, serial: u64) -> Result<Case, Fault> {
    let id: CaseId = tx.new_id();
    let word = |text: &str| -> Result<Code, Fault> { text.parse().map_err(Fault::broken) };
    let new = NewCase {
        application: id.uuid(),
        number: word(&format!("B{serial:024}"))?,
        item: Uuid::from_u128(0xc1),
        version: 1,
        procedure: word(process::procedures::SEVEN_OP.name)?,
        result: None,
        statutory: Term::workdays(20),
        promised: Term::workdays(10),
        applicant: PersonId::from_uuid(Uuid::from_u128(0xd1)),
        agent: None,
        accepted_by: None,
        accepted_for: None,
        accepted_at: crate::now(tx),
        organ: staff.lead,
        hall: staff.hall,
        consulted: vec![staff.other],
    };
    crate::open_as(tx, id, new)?;
    Ok(ledger::lifecycle::load_versioned::<Case>(tx, id)?.record)
}

/// Ops 2 to 7: the open task of this place in the list, finished by an officer of its post.
/// `grant` says how it is decided.
///
/// # Errors
/// As [`crate::complete`].
pub fn bench_complete(
    tx: &mut Tx<'_>,
    staff: &SevenOpStaff,
    case: &Case,
    grant: bool,
) -> Result<Case, Fault> {
    let task = case.tasks.first().ok_or(crate::Refusal::TaskGone)?;
    let decides = task.duty == crate::Duty::Decide;
    let word = if grant { "granted" } else { "refused" };
    let outcome = match decides {
        true => Some(word.parse().map_err(Fault::broken)?),
        false => None,
    };
    let grounds = (decides && !grant).then(|| Grounds {
        reason: "bench".to_owned(),
        article: "bench".to_owned(),
        review_organ: "bench".to_owned(),
        court: "bench".to_owned(),
        lacking: None,
    });
    let finish = Finish {
        task: task.number,
        outcome,
        grounds,
        ..Finish::default()
    };
    let by = staff.officer(task.role, task.organ);
    crate::complete(tx, &by, case.id, &finish)
}

/// The first page of a reviewing officer's work list; answers how many lines it has.
///
/// # Errors
/// As [`crate::tasks`].
pub fn bench_worklist(
    tx: &mut Tx<'_>,
    staff: &SevenOpStaff,
    scope: crate::Scope,
    most: usize,
) -> Result<usize, Fault> {
    let doer = crate::doer(&staff.officer(Role::LegalReviewer, staff.lead))?;
    Ok(crate::tasks(tx, &doer, scope, None, most)?.len())
}
