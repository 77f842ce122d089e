//! The part of the field's own test suite (DMN TCK) that is shipped: what must pass, passes, and
//! what does not is known and explained in CONFORMANCE.md.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use decision::{FeelFault, ModelFile, run_tests};

/// Folder and case of everything that does not pass.
const KNOWN: &[(&str, &str)] = &[("1141-feel-round-up-function", "017_a")];

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the data is shipped");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("the entry is readable").path())
        .collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// The cases of a folder and why each fails, if it does.
fn test(folder: &Path) -> Vec<(String, Option<String>)> {
    let files: Vec<(String, String)> = entries(folder)
        .iter()
        .map(|path| {
            (
                name(path),
                std::fs::read_to_string(path).expect("the file is text"),
            )
        })
        .collect();
    let (models, tests): (Vec<_>, Vec<_>) =
        files.iter().partition(|(name, _)| name.ends_with(".dmn"));
    let models: Vec<ModelFile<'_>> = models
        .iter()
        .map(|(name, text)| ModelFile { name, text })
        .collect();
    let results = tests.iter().flat_map(|(_, text)| {
        run_tests(&models, text).expect("the tests of the field are readable")
    });
    results
        .map(|result| (result.case, result.failure))
        .collect()
}

#[test]
fn every_shipped_case_of_the_field_passes_but_the_explained() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/dmn-tck");
    let mut totals = BTreeMap::new();
    let mut failed = Vec::new();
    for level in entries(&data).iter().filter(|path| path.is_dir()) {
        for folder in entries(level) {
            for (case, failure) in test(&folder) {
                *totals.entry(name(level)).or_insert(0) += 1;
                if let Some(reason) = failure {
                    failed.push((name(&folder), case, reason));
                }
            }
        }
    }
    let expected = [
        ("compliance-level-2", 47),
        ("compliance-level-3", 232),
        ("non-compliant", 4),
    ];
    assert_eq!(
        totals,
        expected
            .map(|(level, cases)| (level.to_owned(), cases))
            .into()
    );
    failed.sort();
    let found: Vec<(&str, &str)> = failed
        .iter()
        .map(|(folder, case, _)| (&**folder, &**case))
        .collect();
    assert_eq!(found, KNOWN, "{failed:#?}");
    let explained = include_str!("../CONFORMANCE.md");
    for (folder, _) in KNOWN {
        assert!(
            explained.contains(folder),
            "CONFORMANCE.md explains {folder}"
        );
    }
}

const TESTS: &str = r#"<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><modelName>m.dmn</modelName>
    <testCase id="1"><resultNode name="d"><expected><value>3</value></expected></resultNode>
    </testCase></testCases>"#;

fn model(logic: &str) -> String {
    format!(
        r#"<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:m"
        name="m" id="m"><decision id="d" name="d"><variable name="d"/>{logic}</decision>
        </definitions>"#
    )
}

fn outcome(model: &str) -> Option<String> {
    let results = run_tests(
        &[ModelFile {
            name: "m.dmn",
            text: model,
        }],
        TESTS,
    );
    results.expect("the tests are readable").remove(0).failure
}

#[test]
fn a_wrong_answer_a_missing_model_and_a_refused_one_each_say_why() {
    let literal = |text: &str| {
        model(&format!(
            "<literalExpression><text>{text}</text></literalExpression>"
        ))
    };
    assert_eq!(outcome(&literal("1 + 2")), None);
    assert_eq!(outcome(&literal("3.000")), None);
    let reason = |model: &str| outcome(model).expect("the case fails");
    assert!(reason(&literal("4")).contains("expected 3, found 4"));
    assert!(reason(&literal("\"3\"")).contains("found \"3\""));
    assert!(reason(&model("")).contains("found null"));
    assert!(reason("<definitions").starts_with("the model is refused"));
    assert!(reason("").starts_with("the model is refused"));
    assert!(reason(&literal("(")).starts_with("the model is refused"));
    let bomb =
        "<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;\">]><definitions>&c;</definitions>";
    assert!(reason(bomb).starts_with("the model is refused"));
    let endless = literal("{f: function(n) f(n + 1), r: f(0)}.r");
    assert!(reason(&endless).contains("does not come to an end"));
    let missing = run_tests(&[], TESTS).expect("the tests are readable");
    assert!(
        missing[0]
            .failure
            .as_ref()
            .is_some_and(|reason| reason.contains("m.dmn"))
    );
}

#[test]
fn test_files_that_are_none_are_refused() {
    assert!(matches!(run_tests(&[], ""), Err(FeelFault::Unreadable(_))));
    assert!(matches!(
        run_tests(&[], "<other/>"),
        Err(FeelFault::Unreadable(_))
    ));
    let bomb = "<!DOCTYPE a [<!ENTITY b \"bb\">]><testCases>&b;</testCases>";
    assert!(matches!(
        run_tests(&[], bomb),
        Err(FeelFault::Unreadable(_))
    ));
    let deep = "<testCases>".repeat(100_000);
    assert_eq!(run_tests(&[], &deep), Err(FeelFault::TooDeep));
}
