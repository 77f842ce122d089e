//! Every code that this room can say has its wording.

use std::collections::BTreeSet;

#[test]
fn every_key_that_sources_and_templates_name_is_worded() {
    let words = web::Words::new(&[("intake", crate::MESSAGES)]).unwrap();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut named = BTreeSet::new();
    for folder in ["src", "src/pages", "templates/intake"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                gather(&std::fs::read_to_string(path).unwrap(), &mut named);
            }
        }
    }
    let not_words = ["intake.deemed", "intake.number."];
    named.retain(|key| {
        !not_words.iter().any(|other| key.starts_with(other)) || key == "intake.number"
    });
    let unworded: Vec<&String> = named.iter().filter(|key| !words.holds(key)).collect();
    assert!(unworded.is_empty() && 100 < named.len(), "{unworded:?}");
}

/// Keys in quotation marks that begin with a section of this room's wording.
fn gather(text: &str, named: &mut BTreeSet<String>) {
    for part in text.split('"') {
        let ours = ["intake.", "material.", "question."]
            .iter()
            .any(|room| part.starts_with(room));
        let plain = part
            .chars()
            .all(|c| c.is_ascii_lowercase() || c == '_' || c == '.');
        if ours && plain && !part.ends_with('.') {
            named.insert(part.to_owned());
        }
    }
}

#[test]
fn the_description_for_programs_names_only_schemas_that_it_has() {
    let described = crate::openapi();
    let text = described.to_string();
    for reference in text.split("#/components/schemas/").skip(1) {
        let name: String = reference
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        assert!(described["schemas"].get(&name).is_some(), "{name}");
    }
    assert_eq!(described["paths"].as_object().unwrap().len(), 12);
}
