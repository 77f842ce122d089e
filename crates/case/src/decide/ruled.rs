//! A grant by a decision table 按规则准予: at once on an application (秒批) or on what the hall knows
//! of the party (无感审批). The table only grants; what it does not grant, people decide.

use jiff::civil::Date;
use ledger::Commitment;
use process::Marking;
use seal::Digest32;
use serde::{Deserialize, Serialize};

use super::{DELIVERY_DAYS, Event, Facts, Refusal};
use crate::model::{Asker, Case, Code, Duty, Opening, Role, RuleWay, Status, Verdict};

/// What a table answered, as it is recorded: enough to ask the same table the same again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ruling {
    /// By which mode of the item version.
    pub way: RuleWay,
    /// The name of the table.
    pub table: Code,
    /// The digest of its file.
    pub digest: Digest32,
    /// The rules that matched, counted from one.
    pub rules: Vec<u16>,
    /// What it was asked with, as JSON.
    pub inputs: Commitment,
    /// By when it is to be checked, where the lot fell on it 事后抽查.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_due: Option<Date>,
}

/// 按规则准予: no officer decided; the ground is the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ruled {
    /// When.
    pub on: Date,
    /// What the table answered.
    pub ruling: Ruling,
    /// By when it is to be handed out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_due: Option<Date>,
    /// Where it stands.
    pub marking: Code,
    /// The tasks that are open now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opened: Vec<Opening>,
    /// Service tasks that were carried out at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<u16>,
}

impl Case {
    /// Only what the version lists, only by the house, only while nobody has worked on it, and
    /// nothing that the authority table keeps for a higher grade than a handler's (分级授权).
    pub(super) fn grant_by_rule(
        &self,
        ruling: Ruling,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        if facts.by != Asker::System {
            return Err(Refusal::ClockOnly);
        }
        if !facts.conditions.by_rule.contains(&ruling.way) || ruling.rules.is_empty() {
            return Err(Refusal::NotListedForRule);
        }
        match self.status {
            Status::Handling => {}
            Status::Paused => return Err(Refusal::ClockStands),
            _ => return Err(Refusal::Decided),
        }
        self.may_grant(facts)?;
        self.within_authority(Duty::Decide, facts)?;
        self.may_grant_unasked(facts)?;
        let on = facts.today();
        let (marking, opened, services) = self.granted_unasked(facts)?;
        let hands_out = opened.iter().any(|task| task.role == Role::ExitClerk);
        let delivery_due = match hands_out {
            true => Some(facts.calendar.after(on, DELIVERY_DAYS)?.date),
            false => None,
        };
        Ok(vec![Event::GrantedByRule(Box::new(Ruled {
            on,
            ruling,
            delivery_due,
            marking: Code::of_marking(&marking),
            opened,
            services,
        }))])
    }

    pub(super) fn take_grant_by_rule(&mut self, ruled: &Ruled) {
        let marking: Marking = ruled.marking.as_str().parse().unwrap_or_default();
        self.tasks.clear();
        self.open_tasks(&ruled.opened, ruled.on);
        self.marking = ruled.marking.clone();
        self.verdict = Some(Verdict::Granted);
        self.status = Status::Granted;
        self.decided_on = Some(ruled.on);
        self.delivery_due = ruled.delivery_due;
        self.ruled = Some(ruled.ruling.way);
        self.check_due = ruled.ruling.check_due;
        if marking.is_empty() {
            self.status = Status::Closed;
            self.closed_on = Some(ruled.on);
            self.hands.clear();
        }
    }
}
