//! What is read can be written, and reads back the same: the reference models, the shipped
//! procedures, and files with everything a modeler may put in.

use std::fs;
use std::path::PathBuf;

use crate::{Definitions, parse, procedures, write};

use super::support::file;

fn rewritten(definitions: &Definitions, name: &str) {
    let tree = definitions.tree().unwrap();
    let text = write(&tree);
    let again = parse(text.as_bytes()).unwrap();
    assert_eq!(again.tree().unwrap(), tree, "{name}");
    assert_eq!(again.export(), text, "{name}: writing twice");
    assert_eq!(again.elements, definitions.elements, "{name}");
    assert_eq!(again.diagram, definitions.diagram, "{name}");
    let nodes = |definitions: &Definitions| {
        let all = definitions.processes.iter();
        let all = all.flat_map(|process| process.nodes().iter().cloned());
        all.map(|node| crate::Node { line: 0, ..node })
            .collect::<Vec<_>>()
    };
    assert_eq!(nodes(&again), nodes(definitions), "{name}");
    let flows = |definitions: &Definitions| {
        let all = definitions.processes.iter();
        all.flat_map(|process| process.flows().to_vec())
            .collect::<Vec<_>>()
    };
    assert_eq!(flows(&again), flows(definitions), "{name}");
}

#[test]
fn every_reference_model_is_exported_without_loss() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/miwg");
    let mut models = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "bpmn")
        {
            let definitions = parse(&fs::read(&path).unwrap()).unwrap();
            rewritten(&definitions, &path.display().to_string());
            models += 1;
        }
    }
    assert_eq!(models, 21);
}

#[test]
fn every_shipped_procedure_is_exported_without_loss() {
    for procedure in procedures::all() {
        rewritten(&parse(procedure.xml.as_bytes()).unwrap(), procedure.name);
    }
}

#[test]
fn foreign_things_comments_and_awkward_letters_come_through() {
    let text = file(
        r#"<?keep this?><!-- why --><documentation textFormat="text/plain">a &lt; b &amp; c
        <![CDATA[<raw>]]></documentation>
        <extensionElements><x:deep xmlns:x="urn:x" xmlns="urn:y" x:a="1&#10;2" b="&quot;">
        <plain/>text<x:deep xmlns:x="urn:z"/></x:deep></extensionElements>
        <userTask id="t" name="&#x5ba1;查 &gt;"/>"#,
    );
    let definitions = parse(text.as_bytes()).unwrap();
    rewritten(&definitions, "awkward");
    let out = definitions.export();
    for kept in [
        "<?keep this?>",
        "<!-- why -->",
        "&lt;raw&gt;",
        r#"x:a="1&#10;2""#,
        r#"xmlns="urn:y""#,
        r#"<x:deep xmlns:x="urn:z"/>"#,
        "审查 &gt;",
    ] {
        assert!(out.contains(kept), "{kept}: {out}");
    }
}

#[test]
fn a_latin_1_file_is_exported_as_utf_8() {
    let text = file("<userTask id=\"a\" name=\"Pr\u{fc}fung\"/>").replace("UTF-8", "ISO-8859-1");
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(c).unwrap()).collect();
    let out = parse(&bytes).unwrap().export();
    assert!(out.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"));
    assert!(out.contains("Pr\u{fc}fung"));
}
