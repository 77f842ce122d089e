//! Cases 办件: from acceptance to delivery, against the clock of the law, by different people.
//!
//! One function per use case: gather facts, perform, follow in the rooms beneath. Deliberately
//! absent: intake (below), ratings and supervision (above, told by [`News`]).

mod api;
mod bench;
mod brief;
mod decide;
mod follow;
mod history;
mod jobs;
mod model;
mod modes;
mod moves_api;
mod moving;
mod neighbours;
mod offered;
mod openapi;
mod pages;
mod passing;
mod progress;
mod ruled;
mod seat;
mod store;
mod texts;
mod view;

use db::Tx;
use jiff::civil::DateTime;
use kernel::{Fault, OfficerId, OrganId, PersonId, TypedId};
use ledger::lifecycle::{apply, load_versioned};

use seat::asker;
use texts::{keep_grounds, keep_words};

pub use bench::{SevenOpStaff, bench_case, bench_complete, bench_worklist};
pub use brief::{Brief, brief};
pub use decide::{
    Advanced, Answerable, Authority, Beyond, Command, Conditions, DELIVERY_DAYS,
    EXTENSION_DAYS_MAX, Event, FILERS, Facts, Heard, Migrated, Move, Opened, PAUSE_DAYS_MAX,
    Refusal, Rerouted, Resolution, Ruled, Ruling, Tacit,
};
pub use follow::News;
pub use history::{HistoryLine, history};
pub use jobs::{Moved, fire, redate_all};
pub use model::{
    ARTICLE_EXTENSION, Asker, CO_TASK_FIRST, Case, CaseId, ClockFacts, Code, Completion, Delegated,
    Delivery, Doer, Dues, Duty, Hand, Longer, Method, NewCase, NewPause, Opening, Place, RuleWay,
    Special, Status, Task, Term, Verdict,
};
pub use modes::{
    TacitLine, approve_tacitly, check_tacit, lapse_papers, leave_promise, pause_for_hearing,
    prioritise, resume_after_hearing, tacit_finding, tacit_list,
};
pub use moving::{MovePlan, Verdict as MoveVerdict, move_case, preview_move, running};
pub use neighbours::{Document, Grounds, Hall, Holder, Judged, Neighbours, Paper};
pub use offered::tasks;
pub use openapi::openapi;
pub use pages::{MOVING_ROLES, WATCHERS, doors};
pub use passing::{held_by, pass_on};
pub use procedure::{Edition, edition, role_of};
pub use progress::{Ended, Stage};
pub use ruled::{NewRuling, RuledLine, RulingTold, grant_by_rule, ruled_list, ruling};
pub use seat::{doer, with_delegations};
pub use store::{
    CaseLine, FinishedLine, Scope, TaskKey, TaskLine, Viewer, case_ids, cases_of, find_by_number,
    finished, seen_by_number,
};
pub use texts::TEXT_CHARS_MAX;
pub use view::{CasePage, Lamp, case_page, explain, lamp, lamp_of};
pub use web::Role;

/// The room's name.
pub const ROOM: &str = "case";

/// The room's tables.
pub const MIGRATIONS: &[db::Migration] = &[
    db::Migration {
        room: ROOM,
        number: 1,
        sql: include_str!("../migrations/0001_case.sql"),
    },
    db::Migration {
        room: ROOM,
        number: 2,
        sql: include_str!("../migrations/0002_organ_work_list.sql"),
    },
    db::Migration {
        room: ROOM,
        number: 3,
        sql: include_str!("../migrations/0003_archive.sql"),
    },
    db::Migration {
        room: ROOM,
        number: 4,
        sql: include_str!("../migrations/0004_modes.sql"),
    },
    db::Migration {
        room: ROOM,
        number: 5,
        sql: include_str!("../migrations/0005_ruled.sql"),
    },
];

/// The room's wording.
pub const MESSAGES: &str = include_str!("../messages.toml");

/// The room's tables, for `ledger verify --deep`.
#[must_use]
pub fn tables() -> Vec<ledger::audit::Audited> {
    vec![ledger::audit::lifecycle::<Case>()]
}

/// A file that lies in the store already and is to be named in an opinion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The stored content.
    pub stored: ledger::StoredFile,
    /// Its media type, as found by its content.
    pub media: String,
    /// Its name.
    pub name: String,
}

/// What an officer says when finishing a task.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Finish {
    /// Which task.
    pub task: u16,
    /// 结论.
    pub outcome: Option<Code>,
    /// 意见.
    pub opinion: Option<String>,
    /// 附件.
    pub files: Vec<Attachment>,
    /// 不予许可的理由、依据和救济途径.
    pub grounds: Option<Grounds>,
    /// Why the decision departs from what the approval committee resolved.
    pub departure: Option<String>,
    /// How the decision rests on the minutes of a hearing that was held.
    pub minutes: Option<String>,
}

fn facts(tx: &mut Tx<'_>, procedure_name: &str, by: Asker) -> Result<Facts, Fault> {
    Ok(Facts {
        procedure: edition(tx, procedure_name)?,
        calendar: tx.thing::<calendar::WorkingDays>()?,
        now: now(tx),
        by,
        conditions: Conditions::default(),
    })
}

fn now(tx: &Tx<'_>) -> DateTime {
    kernel::clock::hall_time(tx.now())
}

/// Performs a command and carries out what follows. Loads the case once.
fn perform(tx: &mut Tx<'_>, id: CaseId, command: Command, by: Asker) -> Result<Case, Fault> {
    perform_in(tx, id, command, by, None)
}

/// As [`perform`], in another procedure than the case's own where one is named.
fn perform_in(
    tx: &mut Tx<'_>,
    id: CaseId,
    command: Command,
    by: Asker,
    procedure: Option<&str>,
) -> Result<Case, Fault> {
    let old = load_versioned::<Case>(tx, id)?;
    let before = old.record.clone();
    let by = match by {
        // Only an officer of another organ can need what that organ gave to theirs.
        Asker::Officer(doer) if doer.organ != before.organ => {
            Asker::Officer(with_delegations(tx, &doer)?)
        }
        by => by,
    };
    let mut facts = facts(tx, procedure.unwrap_or(before.procedure.as_str()), by)?;
    facts.conditions = modes::conditions(tx, &before, &command, &facts.by)?;
    let done = apply(tx, old, command, &facts)?;
    for event in &done.events {
        follow::follow(tx, &before, &done.record, event, &facts)?;
    }
    Ok(done.record)
}

/// Opens a case; its first tasks and its clock follow.
///
/// # Errors
/// [`Fault::Conflict`] when there is a case of this number; a refusal of the procedure.
pub fn open(tx: &mut Tx<'_>, new: NewCase) -> Result<CaseId, Fault> {
    let id = tx.new_id();
    open_as(tx, id, new)?;
    Ok(id)
}

fn open_as(tx: &mut Tx<'_>, id: CaseId, new: NewCase) -> Result<(), Fault> {
    let facts = facts(tx, new.procedure.as_str(), Asker::System)?;
    let event = decide::begin_case(new, &facts)?;
    let done = ledger::open::<Case>(tx, id, vec![event])?;
    for event in &done.events {
        follow::opened(tx, &done.record, event, &facts)?;
    }
    Ok(())
}

/// Takes a task 认领.
///
/// # Errors
/// The rule that says no: held by a colleague, another post, two duties.
pub fn claim(tx: &mut Tx<'_>, by: &web::Officer, id: CaseId, task: u16) -> Result<Case, Fault> {
    perform(tx, id, Command::Claim(task), asker(by)?)
}

/// Gives a task back to the post 退回待办.
///
/// # Errors
/// The rule that says no.
pub fn release(tx: &mut Tx<'_>, by: &web::Officer, id: CaseId, task: u16) -> Result<Case, Fault> {
    perform(tx, id, Command::Release(task), asker(by)?)
}

/// Gives a task to a colleague 转办.
///
/// # Errors
/// The rule that says no.
pub fn hand_over(
    tx: &mut Tx<'_>,
    by: &web::Officer,
    id: CaseId,
    task: u16,
    to: OfficerId,
) -> Result<Case, Fault> {
    let case = load_versioned::<Case>(tx, id)?.record;
    let held = case.task(task).map(|task| (task.organ, task.role));
    let (organ, role) = held.ok_or(Refusal::TaskGone)?;
    // A matter that was entrusted is handed to a colleague of the organ that received it.
    let mine = with_delegations(tx, &doer(by)?)?;
    let organ = match mine.sits_for(organ, case.item) {
        true => mine.organ,
        false => organ,
    };
    let holders = tx.thing::<Hall>()?.holders(tx, organ, role)?;
    let receiver = holders.into_iter().find(|one| one.officer == to);
    let command = Command::HandOver {
        task,
        to,
        holds_post: receiver.is_some(),
        standing_in: receiver.and_then(|one| one.standing_in).map(|(id, _)| id),
    };
    perform(tx, id, command, asker(by)?)
}

/// Finishes a task 办理.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] for texts too long or empty.
pub fn complete(
    tx: &mut Tx<'_>,
    by: &web::Officer,
    id: CaseId,
    finish: &Finish,
) -> Result<Case, Fault> {
    let grounds = match &finish.grounds {
        Some(grounds) => Some(keep_grounds(tx, id, grounds)?),
        None => None,
    };
    let mut words = |field: &str, said: &Option<String>| match said {
        Some(text) => keep_words(tx, id, None, field, text).map(Some),
        None => Ok(None),
    };
    let opinion = words("opinion", &finish.opinion)?;
    let departure = words("departure", &finish.departure)?;
    let minutes = words("minutes", &finish.minutes)?;
    let mut files = Vec::new();
    for file in &finish.files {
        let kept = ledger::keep_file(tx, id, None, &file.stored, &file.media, &file.name)?;
        files.push(kept);
    }
    let completion = Completion {
        task: finish.task,
        outcome: finish.outcome.clone(),
        opinion,
        files,
        grounds,
        departure,
        minutes,
    };
    perform(tx, id, Command::Complete(completion), asker(by)?)
}

/// Asks another organ for its opinion 征求意见.
///
/// # Errors
/// [`Fault::NotFound`] when there is no such organ, or the rule that says no.
pub fn add_co_handler(
    tx: &mut Tx<'_>,
    by: &web::Officer,
    id: CaseId,
    organ: OrganId,
    question: &str,
    limit_days: u32,
) -> Result<Case, Fault> {
    // An organ that is not there would never answer.
    tx.thing::<Hall>()?.organ_name(tx, organ)?;
    let question = keep_words(tx, id, None, "question", question)?;
    let command = Command::AddCoHandler {
        organ,
        question,
        limit_days,
    };
    perform(tx, id, command, asker(by)?)
}

/// The special procedures 特别程序 that the item of a case lists; none when it lists none.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn special_procedures(tx: &mut Tx<'_>, id: CaseId) -> Result<Vec<Special>, Fault> {
    let case = case(tx, id)?;
    let hall = tx.thing::<Hall>()?;
    hall.special_procedures(tx, case.item, case.version)
}

/// Stops the clock for a special procedure and tells the applicant in writing (许可法 45).
///
/// # Errors
/// The rule that says no.
pub fn pause(
    tx: &mut Tx<'_>,
    by: &web::Officer,
    id: CaseId,
    kind: calendar::PauseKind,
    expected_days: u32,
    reason: &str,
) -> Result<Case, Fault> {
    let pause = NewPause {
        listed: special_procedures(tx, id)?,
        kind,
        expected_days,
        reason: keep_words(tx, id, None, "reason", reason)?,
    };
    perform(tx, id, Command::Pause(pause), asker(by)?)
}

/// Lets the clock run again.
///
/// # Errors
/// The rule that says no.
pub fn resume(tx: &mut Tx<'_>, by: &web::Officer, id: CaseId) -> Result<Case, Fault> {
    perform(tx, id, Command::Resume, asker(by)?)
}

/// Extends the limit, once, by up to ten days, and tells the applicant why (许可法 42).
///
/// # Errors
/// The rule that says no.
pub fn extend(
    tx: &mut Tx<'_>,
    by: &web::Officer,
    id: CaseId,
    days: u32,
    reason: &str,
) -> Result<Case, Fault> {
    let reason = keep_words(tx, id, None, "reason", reason)?;
    perform(tx, id, Command::Extend { days, reason }, asker(by)?)
}

/// How a result is handed out, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOut {
    /// By which way.
    pub method: Method,
    /// Whether the receiver's identity was checked.
    pub identity_checked: bool,
    /// Signature or code at the counter, tracking number of the post.
    pub proof: Option<String>,
}

/// Hands the result out 送达 (许可法 44).
///
/// # Errors
/// The rule that says no.
pub fn deliver(
    tx: &mut Tx<'_>,
    by: &web::Officer,
    id: CaseId,
    out: &HandOut,
) -> Result<Case, Fault> {
    let applicant = load_versioned::<Case>(tx, id)?.record.applicant;
    let proof = match &out.proof {
        Some(text) => Some(keep_words(tx, id, Some(applicant), "proof", text)?),
        None => None,
    };
    let delivery = Delivery {
        method: out.method,
        identity_checked: out.identity_checked,
        proof,
    };
    perform(tx, id, Command::Deliver(delivery), asker(by)?)
}

/// The applicant takes the result online.
///
/// # Errors
/// The rule that says no; not found for anybody else.
pub fn take_online(tx: &mut Tx<'_>, by: PersonId, id: CaseId) -> Result<Case, Fault> {
    own_case(tx, by, id)?;
    let delivery = Delivery {
        method: Method::Online,
        identity_checked: true,
        proof: None,
    };
    perform(tx, id, Command::Deliver(delivery), Asker::Person(by))
}

/// The applicant withdraws, before the decision.
///
/// # Errors
/// The rule that says no; not found for anybody else.
pub fn withdraw(
    tx: &mut Tx<'_>,
    by: PersonId,
    id: CaseId,
    reason: Option<&str>,
) -> Result<Case, Fault> {
    own_case(tx, by, id)?;
    let reason = match reason {
        Some(text) => Some(keep_words(tx, id, Some(by), "reason", text)?),
        None => None,
    };
    perform(tx, id, Command::Withdraw(reason), Asker::Person(by))
}

/// Closes the file of a finished case 归档.
///
/// # Errors
/// The rule that says no.
pub fn archive(tx: &mut Tx<'_>, id: CaseId) -> Result<Case, Fault> {
    perform(tx, id, Command::Archive, Asker::System)
}

/// Files a finished case 归档 by hand: the results desk or the manager of its hall.
///
/// # Errors
/// The rule that says no.
pub fn archive_by(tx: &mut Tx<'_>, by: &web::Officer, id: CaseId) -> Result<Case, Fault> {
    perform(tx, id, Command::Archive, asker(by)?)
}

/// The case.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn case(tx: &mut Tx<'_>, id: CaseId) -> Result<Case, Fault> {
    Ok(load_versioned::<Case>(tx, id)?.record)
}

/// The inclusion proof of each step of the matter, for those who may see the case.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn proof(tx: &mut Tx<'_>, viewer: &Viewer, id: CaseId) -> Result<ledger::proof::Proof, Fault> {
    seen(tx, viewer, id)?;
    prove(tx, id)
}

/// The inclusion proof of each step of the matter: of the case itself, its application, its
/// notices, certificates and rating. The caller answers for who gets to see it.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn prove(tx: &mut Tx<'_>, id: CaseId) -> Result<ledger::proof::Proof, Fault> {
    let case = case(tx, id)?;
    let mut records = tx.thing::<Hall>()?.records(tx, &case)?;
    records.push(id.uuid());
    ledger::proof::prove_all(tx, &records, "case")
}

/// Lets those pass who may see the case.
///
/// # Errors
/// [`Fault::NotFound`] for all others: what is hidden is not there.
pub fn seen(tx: &mut Tx<'_>, viewer: &Viewer, id: CaseId) -> Result<(), Fault> {
    if store::may_see(tx, viewer, id)? {
        Ok(())
    } else {
        Err(Fault::NotFound { what: "case" })
    }
}

fn own_case(tx: &mut Tx<'_>, by: PersonId, id: CaseId) -> Result<(), Fault> {
    seen(tx, &Viewer::Person(by), id)
}

#[cfg(test)]
mod tests;
