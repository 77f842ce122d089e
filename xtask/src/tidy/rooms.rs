//! What every room has: its page of introduction, wording in both languages for every key and
//! every refusal, and nouns that the glossary knows.

use std::collections::BTreeSet;

use super::source::{Source, block, has_word};
use super::{File, Finding};
use crate::new_room::ROOM_FLOORS;

/// All findings that need more than one file.
pub(crate) fn findings(files: &[File], sources: &[Source]) -> Vec<Finding> {
    let mut findings = missing_furniture(files);
    let (keys, wrong) = messages(files);
    findings.extend(wrong);
    findings.extend(unworded_refusals(sources, &keys));
    findings.extend(unworded_templates(files, &keys));
    findings.extend(unknown_nouns(files, sources));
    findings
}

fn missing_furniture(files: &[File]) -> Vec<Finding> {
    let has = |path: &str| files.iter().any(|file| file.path == path);
    let crates: BTreeSet<&str> = files.iter().filter_map(File::crate_name).collect();
    let mut findings = Vec::new();
    // The roof is told by ARCHITECTURE.md.
    for name in crates.into_iter().filter(|name| *name != "qingchuang") {
        let path = format!("crates/{name}/README.md");
        if !has(&path) {
            let remedy = "write one screen: purpose, words, rules, laws";
            findings.push(Finding::new(&path, 1, "furniture", remedy));
        }
    }
    if has("crates/web/src/doors.rs") && !has("docs/doors.txt") {
        let remedy = "list every route and who may enter; the test `doors` writes it";
        findings.push(Finding::new("docs/doors.txt", 1, "furniture", remedy));
    }
    findings
}

/// Every key of every `messages.toml`, and the keys that lack a language.
fn messages(files: &[File]) -> (BTreeSet<String>, Vec<Finding>) {
    let (mut keys, mut findings) = (BTreeSet::new(), Vec::new());
    for file in files
        .iter()
        .filter(|file| file.path.ends_with("/messages.toml"))
    {
        match file.text.parse::<toml::Table>() {
            Ok(table) => {
                for (key, value) in &table {
                    collect(file, key, value, &mut keys, &mut findings);
                }
            }
            Err(error) => {
                let remedy = format!("not readable: {}", error.message());
                findings.push(Finding::new(&file.path, 1, "messages", remedy));
            }
        }
    }
    (keys, findings)
}

fn collect(
    file: &File,
    key: &str,
    value: &toml::Value,
    keys: &mut BTreeSet<String>,
    findings: &mut Vec<Finding>,
) {
    let line = line_of(&file.text, key.rsplit('.').next().unwrap_or(key));
    let Some(table) = value.as_table() else {
        let remedy = format!("`{key}` is no wording: write {{ zh = \"…\", en = \"…\" }}");
        findings.push(Finding::new(&file.path, line, "messages", remedy));
        return;
    };
    if table.values().any(toml::Value::is_table) {
        for (inner, value) in table {
            collect(file, &format!("{key}.{inner}"), value, keys, findings);
        }
        return;
    }
    keys.insert(key.to_owned());
    for language in ["zh", "en"] {
        let worded = table.get(language).and_then(toml::Value::as_str);
        if worded.is_none_or(|text| text.trim().is_empty()) {
            let remedy = format!("`{key}` lacks `{language}`");
            findings.push(Finding::new(&file.path, line, "messages", remedy));
        }
    }
}

fn line_of(text: &str, key: &str) -> usize {
    text.lines()
        .position(|line| has_word(line, key))
        .map_or(1, |at| at + 1)
}

/// Codes that `fn code` gives and no `messages.toml` words.
fn unworded_refusals(sources: &[Source], keys: &BTreeSet<String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources
        .iter()
        .filter(|source| source.file.path.starts_with("crates/"))
    {
        for (line, code) in source.lines() {
            if !code.contains("fn code(") || source.is_test(line) {
                continue;
            }
            let Some((first, last)) = block(&source.code, line - 1) else {
                continue;
            };
            let inside = |at: &usize| (first + 1..=last + 1).contains(at);
            for (at, code) in source.texts.iter().filter(|(at, _)| inside(at)) {
                if is_code(code) && !keys.contains(code) {
                    let remedy = format!("`{code}` has no wording: add it to messages.toml");
                    findings.push(Finding::new(&source.file.path, *at, "messages", remedy));
                }
            }
        }
    }
    findings
}

/// `room.reason`.
fn is_code(text: &str) -> bool {
    let plain = |l: char| l.is_ascii_lowercase() || l.is_ascii_digit() || l == '_' || l == '.';
    text.contains('.') && !text.starts_with('.') && !text.ends_with('.') && text.chars().all(plain)
}

/// Keys that templates ask for and nobody words.
fn unworded_templates(files: &[File], keys: &BTreeSet<String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let is_template =
        |file: &&File| file.extension() == "html" && file.path.contains("/templates/");
    for file in files.iter().filter(is_template) {
        for (at, line) in file.text.lines().enumerate() {
            for key in asked_keys(line).filter(|key| !keys.contains(*key)) {
                let remedy = format!("`{key}` has no wording: add it to messages.toml");
                findings.push(Finding::new(&file.path, at + 1, "messages", remedy));
            }
        }
    }
    findings
}

/// The keys in `t("key")`; a key put together while running is for a test to check.
pub(crate) fn asked_keys(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("t(\"").filter_map(|(at, call)| {
        let before = line[..at].chars().next_back();
        let whole_word = !before.is_some_and(|l| l.is_alphanumeric() || l == '_' || l == ':');
        let rest = &line[at + call.len()..];
        let end = rest.find('"')?;
        (whole_word && rest[end..].starts_with("\")")).then_some(&rest[..end])
    })
}

/// Public nouns of rooms that the glossary does not explain.
fn unknown_nouns(files: &[File], sources: &[Source]) -> Vec<Finding> {
    let Some(glossary) = files.iter().find(|file| file.path == "GLOSSARY.md") else {
        return Vec::new();
    };
    let is_model = |source: &&Source| {
        let path = &source.file.path;
        (path.ends_with("/src/model.rs") || path.contains("/src/model/"))
            && source
                .file
                .crate_name()
                .is_some_and(|name| is_room(files, name))
    };
    let mut findings = Vec::new();
    for source in sources.iter().filter(is_model) {
        for (line, code) in source.lines() {
            if let Some(noun) = public_noun(code)
                && !source.is_test(line)
                && !has_word(&glossary.text, noun)
            {
                let remedy = format!("`{noun}` is not in GLOSSARY.md: add English, 中文, statute");
                findings.push(Finding::new(&source.file.path, line, "glossary", remedy));
            }
        }
    }
    findings
}

/// Whether a crate is a room: it says that it stands on one of the floors of rooms.
fn is_room(files: &[File], name: &str) -> bool {
    let manifest = format!("crates/{name}/Cargo.toml");
    let floor = files
        .iter()
        .find(|file| file.path == manifest)
        .and_then(|file| {
            let line = file
                .text
                .lines()
                .find_map(|line| line.strip_prefix("floor = "))?;
            line.trim().parse::<u32>().ok()
        });
    floor.is_some_and(|floor| ROOM_FLOORS.contains(&floor))
}

fn public_noun(code: &str) -> Option<&str> {
    let declared = code.trim_start();
    let rest = declared
        .strip_prefix("pub struct ")
        .or_else(|| declared.strip_prefix("pub enum "))?;
    rest.split(|l: char| !l.is_alphanumeric() && l != '_')
        .next()
        .filter(|noun| !noun.is_empty())
}
