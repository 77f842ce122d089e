//! A case in a few words, for lists in other rooms: state, lamp, with whom, by when.
//!
//! Deliberately absent: who may ask. The caller has looked; no names of officers are told.

use calendar::WorkingDays;
use db::Tx;
use jiff::civil::Date;
use kernel::Fault;
use web::Shell;

use crate::model::{Case, CaseId, Status};
use crate::neighbours::Hall;
use crate::pages::told;
use crate::progress::ended;
use crate::store::Viewer;
use crate::view::lamp;

/// A case in a few words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// The case.
    pub id: CaseId,
    /// How it stands.
    pub status: Status,
    /// How it stands, in words.
    pub state: String,
    /// The tone of that word's tag.
    pub tone: &'static str,
    /// At which step and with which organ, one sentence each.
    pub with_whom: String,
    /// By when it is promised, while the clock runs.
    pub due: Option<Date>,
    /// The shade of its lamp.
    pub shade: &'static str,
    /// What the lamp says; of a decided case, what it took.
    pub left: String,
}

/// The case of a number in a few words; none when there is no such case.
///
/// # Errors
/// As [`Tx::query`].
pub fn brief(tx: &mut Tx<'_>, number: &str, shell: &Shell) -> Result<Option<Brief>, Fault> {
    let Some(id) = crate::find_by_number(tx, number)? else {
        return Ok(None);
    };
    let case = crate::case(tx, id)?;
    let calendar = tx.thing::<WorkingDays>()?;
    let history = match case.decided_on {
        Some(_) => crate::history(tx, &Viewer::Receipt, id, shell.language())?,
        None => Vec::new(),
    };
    let ended = ended(&case, &calendar, &history).map_err(Fault::broken)?;
    let (shade, left) = match &ended {
        Some(ended) => (ended.shade, told::took(shell, ended)),
        None => {
            let now = lamp(&calendar, tx.today(), &case);
            (now.shade, told::left_of(shell, &case, now))
        }
    };
    Ok(Some(Brief {
        id,
        status: case.status,
        state: told::state(shell, case.status).to_owned(),
        tone: told::tone(case.status),
        with_whom: with_whom(tx, &case, shell)?,
        due: case.dues.promised.filter(|_| case.status.is_open()),
        shade,
        left,
    }))
}

fn with_whom(tx: &mut Tx<'_>, case: &Case, shell: &Shell) -> Result<String, Fault> {
    let hall = tx.thing::<Hall>()?;
    let procedure = crate::edition(tx, case.procedure.as_str())?;
    let mut said = Vec::new();
    for task in &case.tasks {
        let organ = hall.organ_name(tx, task.organ)?;
        let step = match procedure.node_name(task.number, shell.language()) {
            "" => shell.t("case.beside"),
            step => step,
        };
        let params = [("organ", organ), ("since", task.on.to_string())];
        said.push(format!("{step} · {}", shell.say("case.with_whom", &params)));
    }
    Ok(said.join(shell.t("case.list_stop")))
}
