//! Decision tables of modes: each answers every input, once, with a grant or with people, and asks
//! nothing that the hall does not know. Gaps and overlaps are named with an example input.

use decision::RuleTable;
use process::Severity as Weight;

use super::{Finding, Report, Severity, is_identifier};
use crate::model::kind::ModeKind;
use crate::model::{GRANT, HUMAN, ItemContent, Mode, ModeTable, PARTY_FACTS, SCENARIO};

/// A table that may answer one input with several answers decides nothing.
const POLICIES: [&str; 4] = ["UNIQUE", "ANY", "FIRST", "PRIORITY"];

pub(super) fn check(content: &ItemContent, mode: &Mode, place: &str, report: &mut Report) {
    match (&mode.table, mode.kind.rests_on_rule()) {
        (None, false) => {}
        (Some(_), false) => report.error("item.table_stray", place),
        (None, true) => report.error("item.table_missing", place),
        (Some(table), true) => one(content, mode, table, &format!("{place}/table"), report),
    }
}

fn one(content: &ItemContent, mode: &Mode, table: &ModeTable, place: &str, report: &mut Report) {
    let known = |name: &str| match mode.kind {
        ModeKind::Silent => PARTY_FACTS.contains(&name),
        _ => name == SCENARIO || content.field(name).is_some(),
    };
    look(table, &known, place, report);
}

/// What is wrong with a table that asks only what `known` knows and grants or leaves it to people:
/// for policies that are no items.
pub fn findings(table: &ModeTable, known: &dyn Fn(&str) -> bool, place: &str) -> Vec<Finding> {
    let mut report = Report::default();
    look(table, known, place, &mut report);
    report.findings
}

fn look(table: &ModeTable, known: &dyn Fn(&str) -> bool, place: &str, report: &mut Report) {
    report.error_if(!is_identifier(&table.id), "item.table_unnamed", place);
    for finding in decision::check(&table.dmn) {
        let severity = match finding.severity {
            Weight::Error => Severity::Error,
            Weight::Warning | Weight::Note => Severity::Warning,
        };
        let said = [("zh", finding.zh.clone()), ("en", finding.en.clone())];
        report.add(severity, "item.table_finding", place, said);
    }
    let read = match RuleTable::parse(&table.dmn) {
        Ok(read) => read,
        Err(fault) => {
            let reason = [("reason", fault.to_string())];
            report.add(Severity::Error, "item.table_unreadable", place, reason);
            return;
        }
    };
    let policy = [("policy", read.policy().to_owned())];
    if !POLICIES.contains(&read.policy()) {
        report.add(Severity::Error, "item.table_policy", place, policy);
    }
    for (at, rule) in read.rules().iter().enumerate() {
        let answers = [GRANT, HUMAN].map(|word| format!("\"{word}\""));
        if !answers.contains(&rule.answer) {
            let params = [
                ("rule", (at + 1).to_string()),
                ("answer", rule.answer.clone()),
            ];
            report.add(Severity::Error, "item.table_refuses", place, params);
        }
    }
    let strange = read.inputs().iter().filter(|input| !known(&input.name));
    for input in strange {
        let params = [("input", input.name.clone())];
        report.add(Severity::Error, "item.table_input_unknown", place, params);
    }
}
