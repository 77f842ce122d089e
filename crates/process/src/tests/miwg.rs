//! The 21 reference models of the BPMN interchange group: read, counted, nothing passed over.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use crate::{Language, PlainOnly, check, parse};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/miwg")
}

fn index() -> BTreeMap<String, serde_json::Value> {
    serde_json::from_slice(&fs::read(folder().join("index.json")).unwrap()).unwrap()
}

#[test]
fn every_element_of_every_reference_model_is_counted() {
    let index = index();
    assert_eq!(index.len(), 21);
    for (name, expected) in &index {
        let definitions = parse(&fs::read(folder().join(name)).unwrap()).unwrap();
        let counted = serde_json::to_value(&definitions.elements).unwrap();
        assert_eq!(counted, expected["elements"], "{name}");
        let processes = expected["processes"].as_u64().unwrap();
        assert_eq!(definitions.processes.len() as u64, processes, "{name}");
    }
}

/// What cannot be executed is named with its element, never ignored: no executable process of a
/// reference model holds an element outside the subset without a finding.
#[test]
fn what_cannot_be_executed_is_named() {
    for name in index().keys() {
        let definitions = parse(&fs::read(folder().join(name)).unwrap()).unwrap();
        let report = check(&definitions, &PlainOnly);
        for process in &definitions.processes {
            for node in process.nodes() {
                if matches!(node.kind, crate::Kind::Foreign(_)) {
                    let named = report
                        .findings
                        .iter()
                        .any(|finding| node.id.ends_with(&finding.element));
                    assert!(named, "{name}: {}", node.id);
                    assert!(!report.executable, "{name}");
                }
            }
        }
        let json = report.to_json(Language::Chinese);
        for finding in json["findings"].as_array().unwrap() {
            assert!(
                !finding["message"].as_str().unwrap().is_empty(),
                "{name}: {finding}"
            );
        }
    }
}

/// Service tasks of another maker's files say what they call; the hall says what it serves.
#[test]
fn the_executable_model_of_another_maker_runs_but_for_what_the_hall_does_not_serve() {
    let definitions = parse(&fs::read(folder().join("C.9.2.bpmn")).unwrap()).unwrap();
    let report = check(&definitions, &crate::tests::support::AnyFeel);
    assert!(report.executable, "{:?}", report.findings);
    let process = definitions.main().unwrap();
    assert!(!crate::served(process, &crate::Served::by_the_hall()).is_empty());
    assert_eq!(
        crate::served(process, &crate::Served::everything(process)),
        []
    );
    let found = crate::simulate(process, &crate::Profile::default(), 50, 1);
    assert_eq!(found.finished, 50, "{found:?}");
}

#[test]
fn every_reference_model_can_be_drawn() {
    for name in index().keys() {
        let definitions = parse(&fs::read(folder().join(name)).unwrap()).unwrap();
        for process in &definitions.processes {
            let picture = crate::Picture {
                title: name,
                language: Language::English,
                current: &[],
            };
            let svg = crate::draw(process, &definitions.diagram, &picture);
            assert!(roxmltree::Document::parse(&svg).is_ok(), "{name}: {svg}");
        }
    }
}
