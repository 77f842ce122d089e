//! The lists that reviewers read first are what the program does: every door, the interface, and
//! the wording. `UPDATE_DOCS=1` writes them anew.

use kernel::Clock;
use ledger::audit::Audited;
use qingchuang::house::{doors, tables};
use qingchuang::openapi;

use crate::hall::halls;

fn compare(file: &str, is: &str) {
    let path = format!("{}/../../docs/{file}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, is).expect("the list can be written");
    }
    let said = std::fs::read_to_string(&path).expect("the list is there");
    assert!(
        said == is,
        "docs/{file} is not what the program does: run with UPDATE_DOCS=1"
    );
}

#[test]
fn no_two_kinds_of_records_share_a_word() {
    let mut seen = std::collections::BTreeSet::new();
    for table in tables() {
        let kind = match &table {
            Audited::Lifecycle(record) => record.kind(),
            Audited::Thing { kind, .. } => kind,
            Audited::Sealed(_) => continue,
        };
        assert!(seen.insert(kind), "{kind}: whose line would it be?");
    }
}

#[test]
fn every_door_is_listed_with_who_may_enter() {
    let hall = halls("doors", Clock::real).remove(0);
    let app = hall.house.app(&hall.config).expect("the wording is whole");
    let lines: Vec<String> = doors(&app).list().iter().map(ToString::to_string).collect();
    compare("doors.txt", &(lines.join("\n") + "\n"));
}

#[test]
fn the_interface_is_documented_as_it_is() {
    let text = serde_json::to_string_pretty(&openapi::document()).expect("it is JSON");
    compare("openapi.json", &(text + "\n"));
}

#[test]
fn every_door_of_the_interface_is_in_its_document() {
    let hall = halls("interface", Clock::real).remove(0);
    let app = hall.house.app(&hall.config).expect("the wording is whole");
    let document = openapi::document();
    let missing: Vec<String> = doors(&app)
        .list()
        .iter()
        .filter(|door| door.path.starts_with("/api/v1/"))
        .filter(|door| document["paths"][&door.path][door.method.to_lowercase()].is_null())
        .map(|door| format!("{} {}", door.method, door.path))
        .collect();
    assert_eq!(missing, Vec::<String>::new());
}

/// The parts of a manual that do not depend on its language: levels of headings, commands, and how
/// many rows its tables have.
fn skeleton(manual: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut in_command = false;
    for line in manual.lines() {
        if line.starts_with("```") {
            in_command = !in_command;
        } else if in_command {
            parts.push(line.to_owned());
        } else if line.starts_with('#') {
            parts.push(line.chars().take_while(|sign| *sign == '#').collect());
        } else if line.starts_with('|') {
            parts.push("|".to_owned());
        }
    }
    parts
}

#[test]
fn the_operating_manual_is_the_same_in_both_languages() {
    let english = skeleton(include_str!("../../../../docs/operating.md"));
    let chinese = skeleton(include_str!("../../../../docs/operating.zh-CN.md"));
    assert!(20 < english.len());
    assert_eq!(english, chinese);
}

/// The names in braces of a wording.
fn parameters(wording: &str) -> Vec<&str> {
    let opened = wording.split('{').skip(1);
    opened
        .filter_map(|rest| rest.split(['}', '|']).next())
        .collect()
}

/// A newcomer read "1 items".
#[test]
fn no_english_wording_counts_one_thing_in_the_plural() {
    const BETWEEN: [&str; 4] = ["working", "more", "ledger", "running"];
    const VERBS: [&str; 12] = [
        "is", "was", "has", "stands", "leads", "takes", "asks", "answers", "claims", "holds", "s",
        "names",
    ];
    let hall = halls("plurals", Clock::real).remove(0);
    let app = hall.house.app(&hall.config).expect("the wording is whole");
    let mut wrong = Vec::new();
    for (key, wording) in app.words().all() {
        let names: Vec<&'static str> = parameters(&wording.en)
            .into_iter()
            .map(|name| &*name.to_owned().leak())
            .collect();
        let ones: Vec<_> = names.iter().map(|name| (*name, "1".to_owned())).collect();
        let said = app.words().say(kernel::Lang::En, key, &ones);
        let words: Vec<&str> = said.split_whitespace().collect();
        for (place, _) in words.iter().enumerate().filter(|(_, word)| **word == "1") {
            let after = words[place + 1..].iter();
            let after = after.map(|word| word.trim_matches(|sign: char| !sign.is_alphabetic()));
            let thing = { after }.find(|word| !BETWEEN.contains(word));
            let thing = thing.unwrap_or_default();
            if thing.ends_with('s') && !VERBS.contains(&thing) {
                wrong.push(format!("{key}: {said}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
