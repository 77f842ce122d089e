//! Every code has words in both languages, and the words ask for nothing the code does not give.

use std::collections::BTreeSet;

const SOURCES: &[&str] = &[
    include_str!("../check/guide.rs"),
    include_str!("../check/identity.rs"),
    include_str!("../check/limits.rs"),
    include_str!("../check/materials.rs"),
    include_str!("../check/fields.rs"),
    include_str!("../form.rs"),
    include_str!("../import.rs"),
    include_str!("../import/row.rs"),
];

fn worded() -> BTreeSet<String> {
    let table: toml::Table = include_str!("../../messages.toml").parse().expect("TOML");
    let mut keys = BTreeSet::new();
    for (section, entries) in &table {
        for (name, words) in entries.as_table().expect("a section") {
            for part in ["zh", "en", "todo_zh", "todo_en"] {
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
