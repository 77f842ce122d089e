//! Moving running cases to another version of their procedure: a preview that says of each case
//! whether it moves and why not, and the move itself, one case a transaction.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use db::Tx;
use kernel::{Fault, Lang};
use ledger::lifecycle::{apply, load_versioned};
use procedure::{Edition, EditionName};
use process::{Finding, Mapping, Places};

use crate::decide::{Command, Move, Refusal};
use crate::model::{Case, CaseId, Code};
use crate::store;
use crate::texts::keep_words;

/// What a preview says of a case.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It moves; steps that it would never do, by name.
    Moves {
        /// New steps that lie behind it.
        passed_over: Vec<String>,
    },
    /// It does not move; why, with the element and the mend.
    Stays {
        /// What is in the way, in the reader's language.
        reasons: Vec<String>,
    },
}

/// A running case before a move.
#[derive(Debug, Clone, PartialEq)]
pub struct MovePlan {
    /// Which.
    pub id: CaseId,
    /// 受理编号.
    pub number: String,
    /// The version it runs by.
    pub from: String,
    /// The steps where it stands, as drawn.
    pub at: Vec<String>,
    /// What becomes of it.
    pub verdict: Verdict,
}

/// The cases that are not over and run by any version of a procedure, and by what was copied
/// from it, the oldest first, after one.
///
/// # Errors
/// As [`Tx::query`].
pub fn running(
    tx: &mut Tx<'_>,
    to: &EditionName,
    after: Option<CaseId>,
    most: usize,
) -> Result<Vec<CaseId>, Fault> {
    let mut names = vec![to.name.to_string()];
    if let Some(drawn) = procedure::find(tx, &to.name)? {
        names.extend(drawn.copied_from.map(|from| from.name.to_string()));
    }
    store::running_by(tx, &names, &to.to_string(), after, most)
}

/// The places of a version, worked out once: versions never change.
fn places_of(edition: &Arc<Edition>) -> Arc<Places> {
    type Kept = Vec<(std::sync::Weak<Edition>, Arc<Places>)>;
    static KEPT: OnceLock<Mutex<Kept>> = OnceLock::new();
    let kept = KEPT.get_or_init(Mutex::default);
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    kept.retain(|(known, _)| known.strong_count() > 0);
    let same = |known: &std::sync::Weak<Edition>| {
        known
            .upgrade()
            .is_some_and(|known| Arc::ptr_eq(&known, edition))
    };
    if let Some((_, places)) = kept.iter().find(|(known, _)| same(known)) {
        return Arc::clone(places);
    }
    let places = Arc::new(process::places(edition.process()));
    kept.push((Arc::downgrade(edition), Arc::clone(&places)));
    places
}

struct Worked {
    from: Arc<Edition>,
    to: Arc<Edition>,
    moved: Result<process::Moved, Vec<Finding>>,
    remaining: (u32, u32),
}

fn work_out(
    tx: &mut Tx<'_>,
    case: &Case,
    to: &EditionName,
    mapping: &Mapping,
) -> Result<Worked, Fault> {
    let from = crate::edition(tx, case.procedure.as_str())?;
    let to = crate::edition(tx, &to.to_string())?;
    let marking: process::Marking = case.marking.as_str().parse().map_err(Fault::broken)?;
    let places = places_of(&to);
    let (old, new) = (from.process(), to.process());
    let moved = process::migrate(old, new, &places, &marking, mapping);
    let after = moved
        .as_ref()
        .map_or(0, |moved| process::remaining(new, &moved.marking));
    Ok(Worked {
        remaining: (process::remaining(old, &marking), after),
        moved,
        from,
        to,
    })
}

/// What would become of a case; nothing is changed.
///
/// # Errors
/// As [`Tx::query`].
pub fn preview_move(
    tx: &mut Tx<'_>,
    by: &web::Officer,
    id: CaseId,
    to: &EditionName,
    mapping: &Mapping,
    lang: Lang,
) -> Result<MovePlan, Fault> {
    let case = load_versioned::<Case>(tx, id)?.record;
    let worked = work_out(tx, &case, to, mapping)?;
    let at = case
        .tasks
        .iter()
        .map(|task| worked.from.node_name(task.number, lang).to_owned());
    let at = at.filter(|name| !name.is_empty()).collect();
    let words = lang.pick(process::Language::Chinese, process::Language::English);
    let verdict = match &worked.moved {
        Err(findings) => Verdict::Stays {
            reasons: findings
                .iter()
                .map(|one| one.message(words).to_owned())
                .collect(),
        },
        Ok(moved) => {
            let passed = moved.passed_over.iter();
            let passed = passed.map(|id| worked.to.node_name(id.number(), lang).to_owned());
            let passed_over = passed.collect();
            match try_move(tx, by, &case, moved, &worked)? {
                None => Verdict::Moves { passed_over },
                Some(refusal) => Verdict::Stays {
                    reasons: vec![told(&refusal, &worked, lang)],
                },
            }
        }
    };
    Ok(MovePlan {
        id,
        number: case.number.to_string(),
        from: case.procedure.to_string(),
        at,
        verdict,
    })
}

/// Why the rules of a case keep it where it is.
fn told(refusal: &Refusal, worked: &Worked, lang: Lang) -> String {
    let name = |task: u16| worked.from.node_name(task, lang).to_owned();
    match refusal {
        Refusal::MovePastLimit { due } => lang.pick(
            format!("迁移后最长一条路会超过法定办结日 {due}；请缩短新版本的环节时限。"),
            format!("The longest way would end after the statutory day {due}; shorten the limits."),
        ),
        Refusal::HeldTaskChanges { task } => {
            let task = name(*task);
            lang.pick(
                format!("“{task}”已被认领，新版本改变了它的岗位或职责；请先退回待办。"),
                format!("\"{task}\" is held and its post or duty would change; release it first."),
            )
        }
        other => {
            let code = kernel::Refusal::code(other);
            lang.pick(
                format!("不能迁移（{code}）"),
                format!("It cannot be moved ({code})."),
            )
        }
    }
}

/// What the rules say to a move, without carrying it out.
fn try_move(
    tx: &mut Tx<'_>,
    by: &web::Officer,
    case: &Case,
    moved: &process::Moved,
    worked: &Worked,
) -> Result<Option<Refusal>, Fault> {
    let facts = crate::facts(tx, &worked.to.name, crate::asker(by)?)?;
    Ok(case.moved_tasks(moved, worked.remaining, &facts).err())
}

/// Moves a case; its clock, its open tasks and their holders stay. Moving it again does nothing.
///
/// # Errors
/// The rule that says no, with the place.
pub fn move_case(
    tx: &mut Tx<'_>,
    by: &web::Officer,
    id: CaseId,
    to: &EditionName,
    mapping: &Mapping,
    reason: &str,
) -> Result<Case, Fault> {
    let old = load_versioned::<Case>(tx, id)?;
    let target: Code = to.to_string().parse().map_err(Fault::broken)?;
    if old.record.procedure == target {
        return Ok(old.record);
    }
    let worked = work_out(tx, &old.record, to, mapping)?;
    let before = old.record.clone();
    let facts = crate::facts(tx, &worked.to.name, crate::asker(by)?)?;
    let order = Move {
        moved: worked.moved,
        remaining: worked.remaining,
        reason: keep_words(tx, id, None, "reason", reason)?,
    };
    let done = apply(tx, old, Command::Migrate(Box::new(order)), &facts)?;
    for event in &done.events {
        crate::follow::follow(tx, &before, &done.record, event, &facts)?;
    }
    Ok(done.record)
}
