//! What changed between two versions, and marks on both pictures.

use std::collections::BTreeMap;

use crate::{Change, Definitions, Language, Picture, differences, draw_marked, parse, procedures};

fn read(text: &str) -> Definitions {
    parse(text.as_bytes()).unwrap()
}

fn changed(text: &str) -> Vec<(String, Change)> {
    let all = differences(&read(procedures::STANDARD.xml), &read(text));
    all.into_iter()
        .map(|one| (one.element, one.change))
        .collect()
}

#[test]
fn the_same_file_has_no_differences() {
    assert_eq!(changed(procedures::STANDARD.xml), []);
}

#[test]
fn what_is_added_removed_changed_and_moved_is_told_apart() {
    let standard = procedures::STANDARD.xml;
    let post = standard.replace("qc:post=\"decider\"", "qc:post=\"back_office\"");
    assert_eq!(changed(&post), [("decide".to_owned(), Change::Changed)]);
    let all = differences(&read(standard), &read(&post));
    let detail = &all[0].details[0];
    let told = (detail.attribute, &*detail.before, &*detail.after);
    assert_eq!(told, ("qc:post", "decider", "back_office"));
    let moved = standard.replace("<dc:Bounds x=\"760\"", "<dc:Bounds x=\"780\"");
    assert_eq!(changed(&moved), [("decide".to_owned(), Change::Moved)]);
    let renamed = standard.replace("\"deliver\"", "\"hand_out\"");
    let all = changed(&renamed);
    assert!(
        all.contains(&("deliver".to_owned(), Change::Removed)),
        "{all:?}"
    );
    assert!(
        all.contains(&("hand_out".to_owned(), Change::Added)),
        "{all:?}"
    );
    let condition = standard.replace("outcome = \"refused\"", "outcome = \"rejected\"");
    assert!(changed(&condition).contains(&("decided_to_refuse".to_owned(), Change::Changed)));
    let label = standard.replace("qc:nameEn=\"Decide\"", "qc:nameEn=\"Make up one's mind\"");
    assert_eq!(changed(&label), [("decide".to_owned(), Change::Changed)]);
}

#[test]
fn both_pictures_are_marked_with_signs_and_their_ids_stay_apart() {
    let definitions = read(procedures::STANDARD.xml);
    let picture = Picture {
        title: "标准程序",
        language: Language::Chinese,
        current: &[],
    };
    let marks = BTreeMap::from([
        ("decide".to_owned(), Change::Changed),
        ("decided_to_again".to_owned(), Change::Removed),
        ("elsewhere".to_owned(), Change::Added),
    ]);
    let process = definitions.main().unwrap();
    let draw = |side| draw_marked(process, &definitions.diagram, &picture, &marks, side);
    let (before, after) = (draw("before"), draw("after"));
    for svg in [&before, &after] {
        assert_eq!(svg.matches("<g class=\"mark ").count(), 2);
        assert!(svg.contains("≠") && svg.contains("－") && svg.ends_with("</svg>"));
        roxmltree::Document::parse(svg).unwrap();
    }
    assert!(before.contains("id=\"process-title-standard-before\""));
    assert!(after.contains("id=\"process-title-standard-after\""));
}
