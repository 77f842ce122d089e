//! The picture: well-formed, told in words too, and safe to put into a page.

use crate::{Language, Picture, draw, parse, procedures};

use super::support::{flows, read};

#[test]
fn the_picture_says_in_words_what_it_shows() {
    let definitions = parse(procedures::STANDARD.xml.as_bytes()).unwrap();
    let process = definitions.main().unwrap();
    let current = [process.find("decide").unwrap()];
    let picture = Picture {
        title: "食品经营许可",
        language: Language::Chinese,
        current: &current,
    };
    let svg = draw(process, &definitions.diagram, &picture);
    let document = roxmltree::Document::parse(&svg).unwrap();
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    assert_eq!(root.attribute("lang"), Some("zh-CN"));
    let text = |name: &str| {
        document
            .descendants()
            .find(|node| node.has_tag_name(("http://www.w3.org/2000/svg", name)))
            .and_then(|node| node.text())
            .unwrap()
            .to_owned()
    };
    assert_eq!(text("title"), "食品经营许可");
    assert!(text("desc").contains("审查、"), "{}", text("desc"));
    assert!(text("desc").contains("当前环节：决定"), "{}", text("desc"));
    assert!(svg.contains("node current"));
}

#[test]
fn every_shipped_procedure_has_its_labels_in_english_too() {
    for procedure in procedures::all() {
        let definitions = parse(procedure.xml.as_bytes()).unwrap();
        let english = definitions.main_in_english().unwrap();
        let chinese = definitions.main().unwrap();
        assert_eq!(english.nodes().len(), chinese.nodes().len());
        let names = english.nodes().iter().map(|node| &node.name);
        let flows = english.flows().iter().map(|flow| &flow.name);
        for name in names.chain(flows) {
            assert!(name.is_ascii(), "{}: {name}", procedure.name);
        }
        let picture = Picture {
            title: "Hygiene licence",
            language: Language::English,
            current: &[],
        };
        let svg = draw(&english, &definitions.diagram, &picture);
        let is_han = |letter: char| ('\u{4e00}'..='\u{9fff}').contains(&letter);
        assert!(!svg.contains(is_han), "{}", procedure.name);
        for word in svg.split(['<', '>', ' ', '.', ',']) {
            assert_ne!(word, "certi", "words stay whole: {}", procedure.name);
        }
    }
}

#[test]
fn the_way_names_what_people_do_in_its_order_and_no_reminder() {
    let definitions = parse(procedures::STANDARD.xml.as_bytes()).unwrap();
    let process = definitions.main_in_english().unwrap();
    let name = |id| process.node(id).unwrap().name.to_string();
    let way: Vec<String> = process.way().into_iter().map(name).collect();
    assert_eq!(way, ["Review", "Decide", "Hand out"]);
}

#[test]
fn names_cannot_break_out_of_the_picture() {
    let definitions = read(&format!(
        r#"<startEvent id="s"/><userTask id="t" name="&lt;script&gt;&quot;x"/>
        <endEvent id="e"/>{}"#,
        flows("s>t t>e")
    ));
    let process = definitions.main().unwrap();
    let picture = Picture {
        title: "</title><script>",
        language: Language::English,
        current: &[],
    };
    let svg = draw(process, &definitions.diagram, &picture);
    assert!(!svg.contains("<script"), "{svg}");
    assert!(roxmltree::Document::parse(&svg).is_ok());
}

#[test]
fn a_file_without_a_picture_is_laid_out_without_overlaps() {
    let xml = procedures::JOINT_OPINION.xml;
    let end = xml.find("  <bpmndi:BPMNDiagram").unwrap();
    let bare = format!("{}</bpmn:definitions>", &xml[..end]);
    let definitions = parse(bare.as_bytes()).unwrap();
    assert!(definitions.diagram.shapes.is_empty());
    let process = definitions.main().unwrap();
    let picture = Picture {
        title: "t",
        language: Language::English,
        current: &[],
    };
    let svg = draw(process, &definitions.diagram, &picture);
    assert_eq!(svg.matches("<polyline").count(), process.flows().len());
    let document = roxmltree::Document::parse(&svg).unwrap();
    let tasks: Vec<(i64, i64)> = document
        .descendants()
        .filter(|node| node.tag_name().name() == "rect")
        .map(|node| {
            let number = |name| node.attribute(name).unwrap().parse().unwrap();
            (number("x"), number("y"))
        })
        .collect();
    for (index, a) in tasks.iter().enumerate() {
        for b in &tasks[index + 1..] {
            assert!(
                (a.0 - b.0).abs() >= 100 || (a.1 - b.1).abs() >= 80,
                "{a:?} {b:?}"
            );
        }
    }
}
