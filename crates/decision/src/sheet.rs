//! Decision tables as people read them: heads and rows of words, and what changed between two
//! files, row by row. Deliberately absent: what the words mean.

use std::collections::BTreeMap;

use roxmltree::Node;

use crate::fence::FeelFault;
use crate::inspect::read;

/// One decision table 决策表 in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The id of the decision around it.
    pub id: String,
    /// The name of that decision.
    pub name: String,
    /// 命中策略.
    pub policy: String,
    /// The columns: inputs, then outputs.
    pub heads: Vec<String>,
    /// How many of the columns are inputs.
    pub inputs: usize,
    /// The rules: their ids and their cells, in the order of the columns.
    pub rows: Vec<Row>,
}

/// A rule of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its id; empty where the file gives none.
    pub id: String,
    /// Its cells.
    pub cells: Vec<String>,
}

/// How a row or a table differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Its cells are others.
    Changed,
    /// It stands at another place.
    Moved,
}

/// A difference between two files of tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChange {
    /// The name of the table.
    pub table: String,
    /// How.
    pub change: Change,
    /// The row, counted from 1: in the newer file, for what is gone in the older one; 0 for the
    /// table itself, its columns or its hit policy.
    pub row: usize,
    /// What it was.
    pub before: Vec<String>,
    /// What it is.
    pub after: Vec<String>,
}

/// The tables of a DMN file, in the order of the file.
///
/// # Errors
/// When the file is no XML that is admitted.
pub fn sheets(xml: &str) -> Result<Vec<Sheet>, FeelFault> {
    let document = read(xml)?;
    let tables = document
        .descendants()
        .filter(|node| node.tag_name().name() == "decisionTable");
    Ok(tables.map(sheet).collect())
}

fn children<'a>(node: Node<'a, 'a>, name: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
    node.children()
        .filter(move |child| child.tag_name().name() == name)
}

/// The words in the `<text>` below an element.
fn words(node: Node<'_, '_>) -> String {
    let text = node
        .descendants()
        .find(|child| child.tag_name().name() == "text");
    let text = text.and_then(|text| text.text()).unwrap_or_default();
    text.trim().to_owned()
}

fn sheet<'a>(table: Node<'a, 'a>) -> Sheet {
    let owner = table.parent();
    let of = |name: &str| {
        let word = owner.and_then(|owner| owner.attribute(name));
        word.unwrap_or_default().to_owned()
    };
    let head = |node: Node<'_, '_>| {
        let given = node.attribute("label").or_else(|| node.attribute("name"));
        given.map_or_else(|| words(node), str::to_owned)
    };
    let inputs: Vec<String> = children(table, "input").map(head).collect();
    let outputs = children(table, "output").map(|node| {
        let named = head(node);
        if named.is_empty() { of("name") } else { named }
    });
    let rows = children(table, "rule").map(|rule| {
        let entries = children(rule, "inputEntry").chain(children(rule, "outputEntry"));
        Row {
            id: rule.attribute("id").unwrap_or_default().to_owned(),
            cells: entries.map(words).collect(),
        }
    });
    Sheet {
        id: of("id"),
        name: of("name"),
        policy: table.attribute("hitPolicy").unwrap_or("UNIQUE").to_owned(),
        inputs: inputs.len(),
        rows: rows.collect(),
        heads: inputs.iter().cloned().chain(outputs).collect(),
    }
}

/// What changed from one file of tables to another, row by row. Rows are the same by their id;
/// rows without one by their cells.
#[must_use]
pub fn compare(before: &[Sheet], after: &[Sheet]) -> Vec<RowChange> {
    let mut changes = Vec::new();
    for old in before {
        match after.iter().find(|new| new.id == old.id) {
            Some(new) => rows(old, new, &mut changes),
            None => changes.push(whole(old, Change::Removed)),
        }
    }
    let known = |new: &&Sheet| before.iter().any(|old| old.id == new.id);
    let new = after.iter().filter(|new| !known(new));
    changes.extend(new.map(|new| whole(new, Change::Added)));
    changes
}

fn whole(sheet: &Sheet, change: Change) -> RowChange {
    let (before, after) = match change {
        Change::Removed => (sheet.heads.clone(), Vec::new()),
        _ => (Vec::new(), sheet.heads.clone()),
    };
    RowChange {
        table: sheet.name.clone(),
        change,
        row: 0,
        before,
        after,
    }
}

fn top(sheet: &Sheet) -> Vec<String> {
    let named = [sheet.name.clone(), sheet.policy.clone()];
    named.into_iter().chain(sheet.heads.clone()).collect()
}

/// By which rows of two files are known to be the same.
fn keys(sheet: &Sheet) -> Vec<(String, usize)> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let key = |row: &Row| {
        let word = if row.id.is_empty() {
            row.cells.join("\u{1f}")
        } else {
            row.id.clone()
        };
        let times = seen.entry(word.clone()).or_default();
        *times += 1;
        (word, *times)
    };
    sheet.rows.iter().map(key).collect()
}

fn rows(old: &Sheet, new: &Sheet, changes: &mut Vec<RowChange>) {
    let (was, is) = (top(old), top(new));
    let change = |change, row, before: &[String], after: &[String]| RowChange {
        table: new.name.clone(),
        change,
        row,
        before: before.to_vec(),
        after: after.to_vec(),
    };
    if was != is {
        changes.push(change(Change::Changed, 0, &was, &is));
    }
    let (old_keys, new_keys) = (keys(old), keys(new));
    for (at, row) in old.rows.iter().enumerate() {
        if !new_keys.contains(&old_keys[at]) {
            changes.push(change(Change::Removed, at + 1, &row.cells, &[]));
        }
    }
    let kept: Vec<&(String, usize)> = old_keys
        .iter()
        .filter(|key| new_keys.contains(key))
        .collect();
    let mut order = kept.iter();
    for (at, row) in new.rows.iter().enumerate() {
        let Some(was) = old_keys.iter().position(|key| *key == new_keys[at]) else {
            changes.push(change(Change::Added, at + 1, &[], &row.cells));
            continue;
        };
        let expected = order.next();
        if old.rows[was].cells != row.cells {
            changes.push(change(
                Change::Changed,
                at + 1,
                &old.rows[was].cells,
                &row.cells,
            ));
        } else if expected != Some(&&new_keys[at]) {
            changes.push(change(Change::Moved, at + 1, &row.cells, &row.cells));
        }
    }
}
