//! Use cases of the special ways: what the rooms beneath say of papers owed, licences left and
//! lists of silence; papers that never came, a promise taken back, tacit approval and its check,
//! the priority lane.

use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, OrganId};

use crate::decide::{Authority, Command, Conditions, Event};
use crate::model::{Asker, Case, CaseId, Code, Duty, Term};
use crate::neighbours::{Hall, Judged};
use crate::store;

/// What the modes of the item and the cases before this one say: asked for a decision, for silence
/// and for the priority lane, and of nothing else.
pub(crate) fn conditions(
    tx: &mut Tx<'_>,
    case: &Case,
    command: &Command,
    by: &Asker,
) -> Result<Conditions, Fault> {
    if let Command::CheckTacit { .. } = command {
        let lapsed = answerable(tx, case.id)?;
        return Ok(Conditions {
            answerable: lapsed.into_iter().filter_map(|one| one.held_by).collect(),
            ..Conditions::default()
        });
    }
    if let Some(judged) = judged(case, command, by) {
        let hall = tx.thing::<Hall>()?;
        let authority = hall.authority(tx, case, &judged)?;
        return Ok(Conditions {
            authority,
            ..Conditions::default()
        });
    }
    let decides = |task: u16| {
        let task = case.task(task);
        task.is_some_and(|task| task.duty == Duty::Decide)
    };
    let asked = match command {
        Command::Complete(completion) => decides(completion.task),
        Command::ApproveTacitly
        | Command::GrantByRule(_)
        | Command::Prioritise { .. }
        | Command::Resume => true,
        _ => false,
    };
    if !asked {
        return Ok(Conditions::default());
    }
    let hall = tx.thing::<Hall>()?;
    let mut found = hall.conditions(tx, case)?;
    found.authority = match (command, by) {
        (Command::Complete(_), Asker::Officer(doer)) => {
            hall.authority(tx, case, &Judged::of(doer))?
        }
        (Command::ApproveTacitly, _) => hall.authority(tx, case, &Judged::Nobody)?,
        (Command::GrantByRule(_), _) => hall.authority(tx, case, &Judged::Table)?,
        _ => Authority::default(),
    };
    if found.left.is_some() {
        found.earlier = store::earlier_undecided(tx, case)?;
    }
    if let Command::Complete(completion) = command
        && let Some(grounds) = &completion.grounds
    {
        let text = ledger::read_text(tx, grounds)?.unwrap_or_default();
        let grounds: crate::Grounds = serde_json::from_str(&text).map_err(Fault::broken)?;
        if let Some(code) = grounds.lacking.filter(|code| !code.trim().is_empty())
            && let Some(item) = hall.item_of_code(tx, code.trim())?
        {
            found.rests_on_silence = store::granted_by_silence(tx, case.applicant, item)?;
        }
    }
    Ok(found)
}

/// Whose authority counts when a task of the decision desk is taken or handed over; none for every
/// other command.
fn judged(case: &Case, command: &Command, by: &Asker) -> Option<Judged> {
    let decides = |number: u16| {
        let task = case.task(number);
        task.filter(|task| task.duty == Duty::Decide)
    };
    match (command, by) {
        (Command::Claim(task), Asker::Officer(doer)) => decides(*task).map(|_| Judged::of(doer)),
        (
            Command::HandOver {
                task,
                to,
                standing_in,
                ..
            },
            Asker::Officer(doer),
        ) => decides(*task).map(|_| Judged::Officer {
            officer: *to,
            standing_in: *standing_in,
            organ: doer.organ,
        }),
        _ => None,
    }
}

/// Papers that a pledge owed never came: the case counts as withdrawn 视为撤回.
///
/// # Errors
/// As [`Tx::execute`]; a case that is decided or over stays as it is.
pub fn lapse_papers(tx: &mut Tx<'_>, number: &str) -> Result<(), Fault> {
    by_the_house(tx, number, Command::LapsePapers)
}

/// Grants by silence where the item lists it 超时默认; false when a rule stands against it.
///
/// # Errors
/// As [`Tx::execute`].
pub fn approve_tacitly(tx: &mut Tx<'_>, id: CaseId) -> Result<bool, Fault> {
    match crate::perform(tx, id, Command::ApproveTacitly, Asker::System) {
        Ok(case) => Ok(case.tacit),
        Err(Fault::Refused(_)) => Ok(false),
        Err(fault) => Err(fault),
    }
}

/// A hearing was asked for: the clock stops (许可法 45). A case that stands already, or is decided,
/// stays as it is.
///
/// # Errors
/// As [`Tx::execute`].
pub fn pause_for_hearing(
    tx: &mut Tx<'_>,
    id: CaseId,
    expected_days: u32,
    reason: &str,
) -> Result<(), Fault> {
    if crate::case(tx, id)?.status != crate::Status::Handling {
        return Ok(());
    }
    let pause = crate::NewPause {
        listed: Vec::new(),
        kind: calendar::PauseKind::Hearing,
        expected_days,
        reason: crate::keep_words(tx, id, None, "reason", reason)?,
    };
    crate::perform(tx, id, Command::Pause(pause), Asker::System).map(|_| ())
}

/// The hearing ended: the clock runs again where it stood for that.
///
/// # Errors
/// As [`Tx::execute`].
pub fn resume_after_hearing(tx: &mut Tx<'_>, id: CaseId) -> Result<(), Fault> {
    let case = crate::case(tx, id)?;
    let last = case.clock.pauses.last();
    let stands = last
        .is_some_and(|pause| pause.kind == calendar::PauseKind::Hearing && pause.until.is_none());
    if !stands {
        return Ok(());
    }
    match crate::perform(tx, id, Command::Resume, Asker::System) {
        Ok(_) | Err(Fault::Refused(_)) => Ok(()),
        Err(fault) => Err(fault),
    }
}

fn by_the_house(tx: &mut Tx<'_>, number: &str, command: Command) -> Result<(), Fault> {
    let Some(id) = store::find_by_number(tx, number)? else {
        return Ok(());
    };
    match crate::perform(tx, id, command, Asker::System) {
        Ok(_) | Err(Fault::Refused(_)) => Ok(()),
        Err(fault) => Err(fault),
    }
}

/// A promise was taken back before the decision: the case goes the ordinary way.
///
/// # Errors
/// As [`Tx::execute`]; a case that is decided or over stays as it is.
pub fn leave_promise(
    tx: &mut Tx<'_>,
    number: &str,
    procedure: &str,
    promised: Term,
) -> Result<(), Fault> {
    let Some(id) = store::find_by_number(tx, number)? else {
        return Ok(());
    };
    let command = Command::Reroute { promised };
    match crate::perform_in(tx, id, command, Asker::System, Some(procedure)) {
        Ok(_) | Err(Fault::Refused(_)) => Ok(()),
        Err(fault) => Err(fault),
    }
}

/// Puts a case into the priority lane 绿色通道.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] without a reason.
pub fn prioritise(
    tx: &mut Tx<'_>,
    by: &web::Officer,
    id: CaseId,
    reason: &str,
) -> Result<Case, Fault> {
    let reason = crate::keep_words(tx, id, None, "priority_reason", reason)?;
    crate::perform(tx, id, Command::Prioritise { reason }, crate::asker(by)?)
}

/// Says what the check of a tacit approval found.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] without words.
pub fn check_tacit(
    tx: &mut Tx<'_>,
    by: &web::Officer,
    id: CaseId,
    upheld: bool,
    finding: &str,
) -> Result<Case, Fault> {
    let finding = crate::keep_words(tx, id, None, "finding", finding)?;
    let command = Command::CheckTacit { upheld, finding };
    crate::perform(tx, id, command, crate::asker(by)?)
}

/// What was not done in time, and who answers for it, as the ledger tells.
pub(crate) fn answerable(tx: &mut Tx<'_>, id: CaseId) -> Result<Vec<crate::Answerable>, Fault> {
    for line in ledger::lines_of(tx, id)?.into_iter().rev() {
        if line.kind == "tacitly_approved" {
            let tagged = serde_json::json!({ "tacitly_approved": line.data });
            let event: Event = serde_json::from_value(tagged).map_err(Fault::broken)?;
            if let Event::TacitlyApproved(tacit) = event {
                return Ok(tacit.answerable);
            }
        }
    }
    Ok(Vec::new())
}

/// What the last check of a grant by silence or by a table found; empty where there was none or it
/// was erased.
///
/// # Errors
/// As [`Tx::query`].
pub fn tacit_finding(tx: &mut Tx<'_>, id: CaseId) -> Result<String, Fault> {
    for line in ledger::lines_of(tx, id)?.into_iter().rev() {
        if matches!(line.kind.as_str(), "tacit_checked" | "rule_checked") {
            let mut tagged = serde_json::Map::new();
            tagged.insert(line.kind.clone(), line.data);
            let event: Event = serde_json::from_value(tagged.into()).map_err(Fault::broken)?;
            if let Event::TacitChecked { finding, .. } | Event::RuleChecked { finding, .. } = event
            {
                return Ok(ledger::read_text(tx, &finding)?.unwrap_or_default());
            }
        }
    }
    Ok(String::new())
}

/// A case that silence granted.
#[derive(Debug, Clone, PartialEq)]
pub struct TacitLine {
    /// The case.
    pub id: CaseId,
    /// 办件编号.
    pub number: Code,
    /// When silence granted it.
    pub on: Option<Date>,
    /// By when it is to be checked; none once it was.
    pub check_due: Option<Date>,
    /// Who answers: the organ and, where somebody held the task, their name.
    pub answerable: Vec<(String, String)>,
}

/// The cases that silence granted, within an organ or the whole hall: those to be checked first.
///
/// # Errors
/// As [`Tx::query`].
pub fn tacit_list(
    tx: &mut Tx<'_>,
    organ: Option<OrganId>,
    most: usize,
) -> Result<Vec<TacitLine>, Fault> {
    let hall = tx.thing::<Hall>()?;
    let mut lines = Vec::new();
    for (id, number, on, check_due) in store::tacit_cases(tx, organ, most)? {
        let mut names = Vec::new();
        for one in answerable(tx, id)? {
            let who = match one.held_by {
                Some(officer) => hall.officer_name(tx, officer)?,
                None => String::new(),
            };
            names.push((hall.organ_name(tx, one.organ)?, who));
        }
        lines.push(TacitLine {
            id,
            number,
            on,
            check_due,
            answerable: names,
        });
    }
    Ok(lines)
}
