//! Checks a DMN file before it is published: whether it can be read, and whether its decision
//! tables answer every input, and each only once.
//!
//! Hit policies as in DMN 1.5, 8.2.10. Deliberately absent: proof over inputs that an expression
//! tests (`? + 1 > x`); such cells are told and taken as open.

use process::Finding;
use roxmltree::{Document, Node};

use crate::fence::FeelFault;
use crate::inspect::read;
use crate::model::Rules;
use crate::table::{Point, Table};

/// So many findings of one kind a table; the rest says nothing new.
const FINDINGS_MAX: usize = 10;

/// Everything that is wrong with a DMN file, or worth knowing.
#[must_use]
pub fn check(xml: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Err(fault) = Rules::parse(xml) {
        findings.push(unreadable(&fault));
    }
    if let Ok(document) = read(xml) {
        let tables = document.descendants();
        for node in tables.filter(|node| node.tag_name().name() == "decisionTable") {
            check_table(&document, node, &mut findings);
        }
    }
    findings
}

fn unreadable(fault: &FeelFault) -> Finding {
    let (code, zh) = match fault {
        FeelFault::TooLarge => ("too_large", "规则过大"),
        FeelFault::TooDeep => ("too_deep", "规则嵌套过深"),
        FeelFault::Outside(_) => ("outside", "规则不得调用外部函数或当前时间"),
        FeelFault::Endless(_) => ("endless", "规则不能结束"),
        _ => ("unreadable", "文件无法读取"),
    };
    Finding::error(code, "").says(format!("{zh}：{fault}"), fault.to_string())
}

/// The element around a table that has a name people know: a decision or business knowledge.
fn owner<'a>(table: Node<'a, 'a>) -> &'a str {
    let named = table.ancestors().find(|node| {
        matches!(
            node.tag_name().name(),
            "decision" | "businessKnowledgeModel"
        )
    });
    named
        .and_then(|node| node.attribute("id").or_else(|| node.attribute("name")))
        .unwrap_or_default()
}

fn check_table<'a>(document: &'a Document<'a>, node: Node<'a, 'a>, out: &mut Vec<Finding>) {
    let element = owner(node);
    let line = document.text_pos_at(node.range().start).row;
    let mut add = |finding: Finding| out.push(finding.on_line(line));
    let table = match Table::of(node) {
        Ok(table) => table,
        Err(rule) => {
            add(Finding::error("entries", element).says(
                format!("第 {rule} 条规则的单元格数与表头不符"),
                format!("rule {rule} has not as many cells as the table has columns"),
            ));
            return;
        }
    };
    for rule in table.never() {
        add(Finding::error("never", element).says(
            format!("第 {rule} 条规则永远不会命中"),
            format!("rule {rule} can never match"),
        ));
    }
    for (rule, column) in table.unknown() {
        add(Finding::note("not_analysed", element).says(
            format!("第 {rule} 条规则的 {column} 列是表达式，未检查其空缺与重叠"),
            format!(
                "rule {rule}, column {column}: an expression, not checked for gaps or overlaps"
            ),
        ));
    }
    policy(&table, element, &mut add);
    gaps(&table, element, &mut add);
}

/// What the hit policy forbids.
fn policy(table: &Table, element: &str, add: &mut impl FnMut(Finding)) {
    match &*table.policy {
        "UNIQUE" => {
            for (one, two, example) in table.overlaps().into_iter().take(FINDINGS_MAX) {
                add(overlap("overlap", element, one, two, &example));
            }
        }
        "ANY" => {
            let differing = table.overlaps().into_iter();
            let differing = differing.filter(|(one, two, _)| table.answers_differ(*one, *two));
            for (one, two, example) in differing.take(FINDINGS_MAX) {
                add(overlap("contradiction", element, one, two, &example));
            }
        }
        "FIRST" => {
            for rule in table.masked() {
                add(Finding::error("masked", element).says(
                    format!("第 {rule} 条规则之前的规则已覆盖它的全部情形，它永远不会被采用"),
                    format!("the rules before rule {rule} take all its inputs; it is never used"),
                ));
            }
        }
        "PRIORITY" | "OUTPUT ORDER" if !table.ranked => {
            add(Finding::error("priority", element).says(
                "按优先级取值的表必须列出输出值的次序",
                "a table by priority has to list its output values in order",
            ));
        }
        "PRIORITY" | "OUTPUT ORDER" | "RULE ORDER" | "COLLECT" => {}
        other => add(Finding::error("hit_policy", element).says(
            format!("未知的命中策略 {other}"),
            format!("{other} is no hit policy"),
        )),
    }
}

fn overlap(code: &'static str, element: &str, one: usize, two: usize, at: &[Point]) -> Finding {
    let example = shown(at);
    let (zh, en) = match code {
        "contradiction" => ("同时命中而结果不同", "both match, with different answers"),
        _ => ("同时命中", "both match"),
    };
    Finding::error(code, element).says(
        format!("第 {one} 条与第 {two} 条规则{zh}，例如 {example}"),
        format!("rules {one} and {two} {en}, for example {example}"),
    )
}

fn gaps(table: &Table, element: &str, add: &mut impl FnMut(Finding)) {
    // A list of what matches may be empty, and a default answers everything else.
    if table.policy == "COLLECT" || table.has_default {
        return;
    }
    let (gaps, complete) = table.gaps(FINDINGS_MAX);
    for gap in &gaps {
        let example = shown(gap);
        add(Finding::error("gap", element).says(
            format!("没有规则回答 {example}"),
            format!("no rule answers {example}"),
        ));
    }
    if !complete && gaps.len() < FINDINGS_MAX {
        add(Finding::warning("too_wide", element).says(
            "表过大，未检查所有情形是否都有规则",
            "the table is too wide to look for every gap",
        ));
    }
}

fn shown(example: &[Point]) -> String {
    let parts = example
        .iter()
        .map(|point| format!("{} = {}", point.column, point.value));
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() {
        "-".to_owned()
    } else {
        parts.join(", ")
    }
}
