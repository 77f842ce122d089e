//! Every code has words in both languages, and the words ask for nothing the code does not give.

use std::collections::BTreeSet;

const SOURCES: &[&str] = &[
    include_str!("../check/guide.rs"),
    include_str!("../check/identity.rs"),
    include_str!("../check/limits.rs"),
    include_str!("../check/materials.rs"),
    include_str!("../check/fields.rs"),
    include_str!("../check/modes.rs"),
    include_str!("../check/tables.rs"),
    include_str!("../form.rs"),
    include_str!("../import.rs"),
    include_str!("../import/row.rs"),
    include_str!("../publish.rs"),
];

fn worded() -> BTreeSet<String> {
    let table: toml::Table = include_str!("../../messages.toml").parse().expect("TOML");
    let mut keys = BTreeSet::new();
    for (section, entries) in &table {
        for (name, words) in entries.as_table().expect("a section") {
            let parts: &[&str] = match section.as_str() {
                // Words of the pages: there is nothing to do about them.
                "catalogue" => continue,
                _ => &["zh", "en", "todo_zh", "todo_en"],
            };
            for part in parts {
                let text = words.get(part).and_then(toml::Value::as_str);
                assert!(
                    text.is_some_and(|t| !t.is_empty()),
                    "{section}.{name} lacks {part}"
                );
            }
            keys.insert(format!("{section}.{name}"));
        }
    }
    keys
}

fn used() -> BTreeSet<String> {
    let is_key = |text: &&str| {
        let plain = |c: char| c.is_ascii_lowercase() || c == '_' || c == '.' || c.is_ascii_digit();
        ["item.", "answer.", "import."]
            .iter()
            .any(|start| text.starts_with(start))
            && text.chars().all(plain)
    };
    let texts = SOURCES
        .iter()
        .flat_map(|source| source.split('"').skip(1).step_by(2));
    texts.filter(is_key).map(str::to_owned).collect()
}

#[test]
fn every_code_has_words_and_every_word_has_a_code() {
    let (worded, used) = (worded(), used());
    let unworded: Vec<_> = used.difference(&worded).collect();
    let unused: Vec<_> = worded.difference(&used).collect();
    assert!(unworded.is_empty(), "no words for {unworded:?}");
    assert!(unused.is_empty(), "nobody says {unused:?}");
    assert!(100 < used.len());
}

const PAGES: &[&str] = &[
    include_str!("../change.rs"),
    include_str!("../guide/modes.rs"),
    include_str!("../api.rs"),
    include_str!("../decide.rs"),
    include_str!("../desk.rs"),
    include_str!("../desk/table.rs"),
    include_str!("../guide.rs"),
    include_str!("../guide/facts.rs"),
    include_str!("../pages.rs"),
    include_str!("../publish.rs"),
    include_str!("../view.rs"),
    include_str!("../../templates/catalogue/cards.html"),
    include_str!("../../templates/catalogue/desk_import.html"),
    include_str!("../../templates/catalogue/desk_item.html"),
    include_str!("../../templates/catalogue/desk_list.html"),
    include_str!("../../templates/catalogue/guide.html"),
    include_str!("../../templates/catalogue/home.html"),
    include_str!("../../templates/catalogue/items.html"),
    include_str!("../../templates/catalogue/theme.html"),
];

#[test]
fn every_word_of_the_pages_is_worded_and_used() {
    let words = web::Words::new(&[(crate::ROOM, crate::MESSAGES)]).expect("well worded");
    let texts = PAGES.iter().flat_map(|page| page.split('"'));
    let used: BTreeSet<&str> = texts
        .filter(|text| text.starts_with("catalogue."))
        .collect();
    let plain = used.iter().filter(|key| !key.contains(['{', '/']));
    let unworded: Vec<_> = plain.filter(|key| !words.holds(key)).collect();
    assert!(unworded.is_empty(), "no words for {unworded:?}");
    // Keys that a page puts together from a part.
    let made = ["catalogue.way.", "catalogue.status."];
    let unused: Vec<_> = words
        .all()
        .map(|(key, _)| key)
        .filter(|key| key.starts_with("catalogue."))
        .filter(|key| !used.contains(key) && !made.iter().any(|start| key.starts_with(start)))
        .collect();
    assert!(unused.is_empty(), "nobody says {unused:?}");
}
