//! Use cases of grants by a decision table: granting, what the table answered, and the list of
//! those to be checked.

use db::Tx;
use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{Fault, OrganId, TypedId};
use ledger::{Commitment, Lifecycle, TextId};
use seal::Digest32;

use crate::decide::{Command, Event, Ruled, Ruling};
use crate::model::{Asker, Case, CaseId, Code, RuleWay};
use crate::store;

/// What a table answered, before it is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRuling {
    /// By which mode of the item version.
    pub way: RuleWay,
    /// The name of the table.
    pub table: Code,
    /// The digest of its file.
    pub digest: Digest32,
    /// The rules that matched.
    pub rules: Vec<u16>,
    /// What it was asked with, as JSON.
    pub inputs: String,
    /// By when it is to be checked, where the lot fell on it.
    pub check_due: Option<Date>,
}

/// Grants by the table of the item version. Only the roof, which asks the table, calls this.
///
/// # Errors
/// The rule that says no: not listed, papers owed, none left, decided already.
pub fn grant_by_rule(tx: &mut Tx<'_>, id: CaseId, new: NewRuling) -> Result<Case, Fault> {
    let case = crate::case(tx, id)?;
    let asked = |inputs: Commitment| {
        Command::GrantByRule(Ruling {
            way: new.way,
            table: new.table.clone(),
            digest: new.digest,
            rules: new.rules.clone(),
            inputs,
            check_due: new.check_due,
        })
    };
    // Asked before anything is kept: the roof takes a refusal for the way to people, in the same
    // transaction, and no text may stay behind that no line commits to.
    let unkept = Commitment {
        text: TextId::from_uuid(Uuid::nil()),
        digest: Digest32([0; 32]),
    };
    let mut facts = crate::facts(tx, case.procedure.as_str(), Asker::System)?;
    facts.conditions = crate::modes::conditions(tx, &case, &asked(unkept), &facts.by)?;
    case.decide(asked(unkept), &facts)?;
    let inputs = ledger::keep_text(tx, id, Some(case.applicant), &new.inputs)?;
    crate::perform(tx, id, asked(inputs), Asker::System)
}

/// What the table answered that granted a case, and with what it was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct RulingTold {
    /// What the ledger holds.
    pub ruling: Ruling,
    /// What it was asked with, as JSON; empty once it was erased.
    pub inputs: String,
}

/// What the table answered, as the ledger tells; none for a case that people decided.
///
/// # Errors
/// As [`Tx::query`].
pub fn ruling(tx: &mut Tx<'_>, case: &Case) -> Result<Option<RulingTold>, Fault> {
    if case.ruled.is_none() {
        return Ok(None);
    }
    let Some(ruled) = ruled(tx, case.id)? else {
        return Ok(None);
    };
    let inputs = ledger::read_text(tx, &ruled.ruling.inputs)?.unwrap_or_default();
    Ok(Some(RulingTold {
        ruling: ruled.ruling,
        inputs,
    }))
}

fn ruled(tx: &mut Tx<'_>, id: CaseId) -> Result<Option<Box<Ruled>>, Fault> {
    for line in ledger::lines_of(tx, id)?.into_iter().rev() {
        if line.kind == "granted_by_rule" {
            let tagged = serde_json::json!({ "granted_by_rule": line.data });
            let event: Event = serde_json::from_value(tagged).map_err(Fault::broken)?;
            if let Event::GrantedByRule(ruled) = event {
                return Ok(Some(ruled));
            }
        }
    }
    Ok(None)
}

/// A case that a table granted.
#[derive(Debug, Clone, PartialEq)]
pub struct RuledLine {
    /// The case.
    pub id: CaseId,
    /// 受理编号.
    pub number: Code,
    /// By which mode.
    pub way: RuleWay,
    /// The table, and the rules that matched.
    pub table: Option<(Code, Vec<u16>)>,
    /// When.
    pub on: Option<Date>,
    /// By when it is to be checked; none where it was not drawn, or was checked.
    pub check_due: Option<Date>,
    /// Whether the lot fell on it.
    pub drawn: bool,
}

/// The cases that a table granted, within an organ or the whole hall: those to be checked first.
///
/// # Errors
/// As [`Tx::query`].
pub fn ruled_list(
    tx: &mut Tx<'_>,
    organ: Option<OrganId>,
    most: usize,
) -> Result<Vec<RuledLine>, Fault> {
    let mut lines = Vec::new();
    for one in store::ruled_cases(tx, organ, most)? {
        let ruled = ruled(tx, one.id)?;
        let drawn = ruled
            .as_ref()
            .is_some_and(|one| one.ruling.check_due.is_some());
        lines.push(RuledLine {
            table: ruled.map(|one| (one.ruling.table, one.ruling.rules)),
            drawn,
            ..one
        });
    }
    Ok(lines)
}
