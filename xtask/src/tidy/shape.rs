//! Sizes: files, functions, lines; and the head that every file carries.
//!
//! Templates may have wide lines: a line break inside a page is a space that people see.

use super::source::{Source, block};
use super::{File, Finding};

const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 70;
const COLUMNS_MAX: usize = 100;
const WRITTEN_BY_HAND: &[&str] = &["rs", "html", "css", "ts", "mjs", "py", "sql", "sh"];

/// Long files, wide lines, missing heads.
pub(crate) fn findings(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !WRITTEN_BY_HAND.contains(&file.extension()) || !file.is_ours() {
        return findings;
    }
    let lines = file.text.lines().count();
    if FILE_LINES_MAX < lines {
        let remedy = format!("{lines} lines, at most {FILE_LINES_MAX}: split along a noun");
        findings.push(Finding::new(&file.path, lines, "file size", remedy));
    }
    for (at, line) in file.text.lines().enumerate() {
        let columns = line.chars().count();
        if COLUMNS_MAX < columns && file.extension() != "html" {
            let remedy = format!("{columns} columns, at most {COLUMNS_MAX}: break the line");
            findings.push(Finding::new(&file.path, at + 1, "line width", remedy));
        }
    }
    if file.extension() == "rs" && !file.text.starts_with("//!") {
        let remedy = "begin with `//!`: what the file is for, and what is deliberately absent";
        findings.push(Finding::new(&file.path, 1, "file head", remedy));
    }
    findings
}

/// Functions that do not fit a screen.
pub(crate) fn long_functions(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !source.file.is_ours() {
        return findings;
    }
    for (line, code) in source.lines() {
        let Some(name) = function_name(code) else {
            continue;
        };
        let Some((_, last)) = block(&source.code, line - 1) else {
            continue;
        };
        let lines = last + 2 - line;
        if FUNCTION_LINES_MAX < lines {
            let remedy = format!(
                "`{name}` has {lines} lines, at most {FUNCTION_LINES_MAX}: \
                 keep the `match`, move leaves out"
            );
            findings.push(Finding::new(
                &source.file.path,
                line,
                "function size",
                remedy,
            ));
        }
    }
    findings
}

fn function_name(code: &str) -> Option<&str> {
    let declared = code.trim_start();
    let at = if declared.starts_with("fn ") {
        0
    } else {
        declared.find(" fn ")? + 1
    };
    let name = declared[at + 3..]
        .split(|l: char| !l.is_alphanumeric() && l != '_')
        .next()?;
    (!name.is_empty()).then_some(name)
}
