//! What Rust code of the house never says, and what rule files never see.

use super::Finding;
use super::source::{Source, block, has_word};

/// Crates that may hold SQL anywhere: the door to the database, and what records through it.
const SQL_CRATES: &[&str] = &["db", "ledger"];
const SQL_OPENINGS: &[&str] = &[
    "SELECT ",
    "INSERT INTO ",
    "UPDATE ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "CREATE UNIQUE INDEX ",
    "CREATE VIEW ",
    "ALTER TABLE ",
    "DROP TABLE ",
];

/// What rules may not touch, with what they get instead.
const IMPURE: &[(&str, &str)] = &[
    (
        "db",
        "read in lib.rs or store.rs and hand the value in as a fact",
    ),
    ("axum", "HTTP ends at the doors"),
    ("tokio", "rules are not asynchronous"),
    ("web", "pages and doors call rules, never the other way"),
    (
        "rusqlite",
        "read in store.rs and hand the value in as a fact",
    ),
    (
        "postgres",
        "read in store.rs and hand the value in as a fact",
    ),
    ("Tx", "read in store.rs and hand the value in as a fact"),
    ("fs", "files are read outside and handed in"),
    ("time", "time arrives as a fact"),
    ("env", "settings arrive as facts"),
    ("async", "rules are not asynchronous"),
];

/// What an event may not hold: an event is public for ever.
const NOT_IN_EVENTS: &[&str] = &["String", "str", "Cow", "f32", "f64", "Name", "Phone"];

/// All findings in one file of Rust.
pub(crate) fn findings(source: &Source) -> Vec<Finding> {
    let mut findings = forbidden_words(source);
    findings.extend(stray_sql(source));
    if is_rule_file(&source.file.path) {
        findings.extend(impurities(source));
        findings.extend(event_fields(source));
    }
    findings
}

/// `decide.rs`, `model.rs` and the files they were split into, in any room.
fn is_rule_file(path: &str) -> bool {
    path.starts_with("crates/")
        && [
            "/src/decide.rs",
            "/src/model.rs",
            "/src/decide/",
            "/src/model/",
        ]
        .iter()
        .any(|part| path.contains(part))
}

fn forbidden_words(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (line, code) in source.lines() {
        let mut add = |rule, remedy: &str| {
            findings.push(Finding::new(&source.file.path, line, rule, remedy));
        };
        if code.contains("#[allow(") || code.contains("#![allow(") {
            add(
                "no allow",
                "write #[expect(lint, reason = \"…\")], which goes away by itself",
            );
        }
        if code.contains("#[ignore") || code.contains("#[should_panic") {
            add(
                "no half tests",
                "a test runs always and asserts what it expects",
            );
        }
        if source.is_test(line) {
            if code.contains("thread::sleep(") || code.contains("time::sleep(") {
                add(
                    "no sleeping",
                    "give the test a clock in hand, or wait for an answer",
                );
            }
        } else {
            if code.contains(".unwrap()") {
                add(
                    "no unwrap",
                    "return the error, or expect(\"why it cannot be\")",
                );
            }
            if has_word(code, "todo!") || has_word(code, "unimplemented!") {
                add("no stubs", "finish it or leave it out");
            }
        }
    }
    findings
}

fn stray_sql(source: &Source) -> Vec<Finding> {
    let file = source.file;
    let home = file.path.contains("/store.rs")
        || file.path.contains("/store/")
        || file
            .crate_name()
            .is_none_or(|name| SQL_CRATES.contains(&name));
    if home {
        return Vec::new();
    }
    let is_sql = |text: &str| SQL_OPENINGS.iter().any(|opening| text.starts_with(opening));
    source
        .texts
        .iter()
        .filter(|(line, text)| !source.is_test(*line) && is_sql(text.trim_start()))
        .map(|(line, _)| {
            let remedy = "SQL lives in store.rs and migrations; give it a function there";
            Finding::new(&file.path, *line, "stray SQL", remedy)
        })
        .collect()
}

fn impurities(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (line, code) in source.lines().filter(|(line, _)| !source.is_test(*line)) {
        for (word, instead) in IMPURE {
            let names_it = match *word {
                "Tx" | "async" => has_word(code, word),
                path => names_path(code, path),
            };
            if names_it {
                let remedy = format!("`{word}` has no place among rules: {instead}");
                findings.push(Finding::new(&source.file.path, line, "purity", remedy));
            }
        }
        let asks_the_clock = code.contains("kernel::Clock")
            || code.contains("kernel::clock")
            || (code.contains("use kernel::{") && has_word(code, "Clock"));
        if asks_the_clock {
            let remedy = "time and chance arrive as facts";
            findings.push(Finding::new(&source.file.path, line, "purity", remedy));
        }
    }
    findings
}

/// Whether a line goes through this module or crate, as in `word::`.
fn names_path(code: &str, word: &str) -> bool {
    code.match_indices(&format!("{word}::")).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|l| l.is_alphanumeric() || l == '_')
    })
}

fn event_fields(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (line, code) in source.lines() {
        if !has_word(code, "enum Event") || source.is_test(line) {
            continue;
        }
        let Some((first, last)) = block(&source.code, line - 1) else {
            continue;
        };
        for at in first..=last {
            for word in NOT_IN_EVENTS
                .iter()
                .filter(|word| has_word(&source.code[at], word))
            {
                let remedy = format!(
                    "`{word}` in an event: events hold ids, codes, dates, amounts, commitments"
                );
                findings.push(Finding::new(
                    &source.file.path,
                    at + 1,
                    "event fields",
                    remedy,
                ));
            }
        }
    }
    findings
}
