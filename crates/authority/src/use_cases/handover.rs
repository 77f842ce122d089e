//! Handing files over 移交: a list of cases or papers, signed by the giver, answered line by line and
//! signed by the receiver, with a digest that anybody can recompute and a sealed list.

use db::Tx;
use kernel::{Fault, OfficerId, Problem};
use ledger::lifecycle::{apply, load_versioned};
use seal::{Digest32, Suite};
use serde::{Deserialize, Serialize};
use web::{Officer, Role};

use super::{WORDS_CHARS_MAX, facts, keep_json, keep_words, read_json};
use crate::decide::Refusal;
use crate::decide::handover::{Command, Listed, list as decide_list};
use crate::matters::Matters;
use crate::model::{Handover, HandoverId, HandoverState, Side};
use crate::{papers, store};

/// Most lines of one list.
pub const LINES_MAX: usize = 500;

/// A line of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileLine {
    /// 受理编号 or the number on the file.
    pub number: String,
    /// What it is.
    pub title: String,
    /// How many pages it has.
    pub pages: u32,
}

/// What a list says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverText {
    /// Why the files pass.
    pub reason: String,
    /// The lines.
    pub lines: Vec<FileLine>,
}

impl HandoverText {
    /// The digest of the list as printed: SM3 over `number TAB title TAB pages` and a line feed for
    /// each line.
    #[must_use]
    pub fn digest(&self) -> Digest32 {
        let mut text = String::new();
        for FileLine {
            number,
            title,
            pages,
        } in &self.lines
        {
            text.push_str(&format!("{number}\t{title}\t{pages}\n"));
        }
        seal::hash(Suite::ShangMi, text.as_bytes())
    }
}

/// Reads a list as typed: on each line the number, what it is, and the pages, between `|` or tabs.
///
/// # Errors
/// [`Fault::Invalid`] naming the first line that cannot be read.
pub fn read_list(typed: &str) -> Result<Vec<FileLine>, Fault> {
    let mut lines = Vec::new();
    let written = typed.lines().map(str::trim).filter(|line| !line.is_empty());
    for (at, line) in (1_usize..).zip(written) {
        let wrong = || {
            let problem = Problem::new("lines", "authority.file_line").with("line", at);
            Fault::Invalid(vec![problem])
        };
        let mut cells = line.split(['|', '｜', '\t']).map(str::trim);
        let (Some(number), Some(title), Some(pages), None) =
            (cells.next(), cells.next(), cells.next(), cells.next())
        else {
            return Err(wrong());
        };
        let fits = |text: &str, most: usize| {
            let count = text.chars().count();
            0 < count && count <= most
        };
        if !fits(number, 60) || !fits(title, 200) || LINES_MAX < at {
            return Err(wrong());
        }
        let pages: u32 = pages.parse().map_err(|_| wrong())?;
        lines.push(FileLine {
            number: number.to_owned(),
            title: title.to_owned(),
            pages,
        });
    }
    Ok(lines)
}

/// What is handed over, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHandover {
    /// Who gives.
    pub giver: Side,
    /// Who receives.
    pub receiver: Side,
    /// Why the files pass.
    pub reason: String,
    /// The list.
    pub lines: String,
    /// Whether the open tasks that the giving officer holds pass as well.
    pub tasks: bool,
}

/// Lists files to be handed over.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] for a list that cannot be read.
pub fn list(tx: &mut Tx<'_>, by: &Officer, new: &NewHandover) -> Result<HandoverId, Fault> {
    let (giver, receiver) = (new.giver, new.receiver);
    for side in [giver, receiver] {
        identity::organ(tx, side.organ)?;
        if let Some(officer) = side.officer {
            identity::officer(tx, officer)?;
        }
    }
    let id: HandoverId = tx.new_id();
    let reason = kernel::text::bounded("reason", &new.reason, WORDS_CHARS_MAX)
        .map_err(|problem| Fault::Invalid(vec![problem]))?;
    let text = HandoverText {
        reason,
        lines: read_list(&new.lines)?,
    };
    let listed = Listed {
        giver,
        receiver,
        content: keep_json(tx, id, &text)?,
        digest: text.digest(),
        lines: u16::try_from(text.lines.len()).map_err(Fault::broken)?,
        tasks: new.tasks,
        by: by.id,
    };
    let event = decide_list(listed, &facts(tx, by)?)?;
    ledger::open::<Handover>(tx, id, vec![event])?;
    Ok(id)
}

/// Signs for the giver.
///
/// # Errors
/// The rule that says no.
pub fn hand(tx: &mut Tx<'_>, by: &Officer, id: HandoverId) -> Result<(), Fault> {
    perform(tx, by, id, Command::Hand).map(|_| ())
}

/// Receives a line.
///
/// # Errors
/// The rule that says no.
pub fn receive(tx: &mut Tx<'_>, by: &Officer, id: HandoverId, line: u16) -> Result<(), Fault> {
    perform(tx, by, id, Command::Receive { line }).map(|_| ())
}

/// Disputes a line.
///
/// # Errors
/// The rule that says no; [`Fault::Invalid`] without a reason.
pub fn dispute(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: HandoverId,
    line: u16,
    reason: &str,
) -> Result<(), Fault> {
    let reason = keep_words(tx, id, "reason", reason)?;
    perform(tx, by, id, Command::Dispute { line, reason }).map(|_| ())
}

/// Signs for the receiver: the sealed list is drawn. Where the tasks pass too, each of them passes
/// now, with a line in the record of its case, or none does.
///
/// # Errors
/// The rule that says no, also for one of the tasks.
pub fn sign(tx: &mut Tx<'_>, by: &Officer, id: HandoverId) -> Result<(), Fault> {
    let signed = perform(tx, by, id, Command::Sign)?;
    let text = text_of(tx, &signed)?;
    let passed = match signed.giver.officer.filter(|_| signed.tasks) {
        Some(giver) => pass_tasks(tx, giver, by)?,
        None => Vec::new(),
    };
    papers::handover(tx, &signed, &text, &passed).map(|_| ())
}

/// The open tasks of the giver pass to whoever signs; answers the numbers of their cases.
fn pass_tasks(tx: &mut Tx<'_>, giver: OfficerId, by: &Officer) -> Result<Vec<String>, Fault> {
    let cases = tx.thing::<Matters>()?;
    let mut passed = Vec::new();
    for held in cases.held(tx, giver)? {
        match cases.pass(tx, &held, giver, by) {
            Ok(()) => passed.push(held.number),
            Err(Fault::Refused(no)) => {
                let (number, because) = (held.number, no.code);
                return Err(Refusal::TaskStays { number, because }.into());
            }
            Err(fault) => return Err(fault),
        }
    }
    passed.sort_unstable();
    passed.dedup();
    Ok(passed)
}

fn perform(
    tx: &mut Tx<'_>,
    by: &Officer,
    id: HandoverId,
    command: Command,
) -> Result<Handover, Fault> {
    let old = load_versioned::<Handover>(tx, id)?;
    let facts = facts(tx, by)?;
    Ok(apply(tx, old, command, &facts)?.record)
}

/// What a list says.
///
/// # Errors
/// [`Fault::Broken`] when it was changed.
pub fn text_of(tx: &mut Tx<'_>, handover: &Handover) -> Result<HandoverText, Fault> {
    read_json(tx, &handover.content)
}

/// A handover.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn handover(tx: &mut Tx<'_>, id: HandoverId) -> Result<Handover, Fault> {
    Ok(load_versioned::<Handover>(tx, id)?.record)
}

/// A handover that an officer may see: one of the two sides, or a head of the hall. The receiver
/// sees it once it is handed over.
///
/// # Errors
/// [`Fault::NotFound`] for all others.
pub fn visible(tx: &mut Tx<'_>, by: &Officer, id: HandoverId) -> Result<Handover, Fault> {
    let found = handover(tx, id)?;
    let heads = by.has(Role::HallManager) || by.has(Role::Supervisor);
    let gives = by.organ() == Some(found.giver.organ);
    let receives = by.organ() == Some(found.receiver.organ) && found.state != HandoverState::Listed;
    if heads || gives || receives {
        Ok(found)
    } else {
        Err(Fault::NotFound { what: "handover" })
    }
}

/// The handovers within reach, the newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn handovers(
    tx: &mut Tx<'_>,
    by: &Officer,
    before: Option<HandoverId>,
) -> Result<Vec<Handover>, Fault> {
    let heads = by.has(Role::HallManager) || by.has(Role::Supervisor);
    let organ = by.organ().filter(|_| !heads);
    store::handovers(tx, organ, before)
}
