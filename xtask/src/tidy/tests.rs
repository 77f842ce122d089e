//! Each rule finds what it is for and leaves the rest alone.

use serde_json::json;

use super::source::Source;
use super::*;

fn file(path: &str, text: &str) -> File {
    File {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}

/// The rules found in these files, as `rule@line`.
fn rules(files: &[(&str, &str)]) -> Vec<String> {
    let files: Vec<File> = files.iter().map(|(path, text)| file(path, text)).collect();
    let mut found = examine(&files);
    found.retain(|finding| !finding.path.ends_with("README.md"));
    found.sort();
    found
        .iter()
        .map(|finding| format!("{}@{}", finding.rule, finding.line))
        .collect()
}

const RULE_FILE: &str = "crates/case/src/decide.rs";
const STORE: &str = "crates/case/src/store.rs";
const LIB: &str = "crates/case/src/lib.rs";

#[test]
fn code_texts_and_comments_are_told_apart() {
    let text = "//! head\nlet a = \"x // {\"; // } \"\nlet b = r#\"raw \" }\"#; /* { /* */ } */\n\
                let c = '\"'; let d: &'static str = b\"\\\"}\"; let r#type = '\\'';";
    let file = file("crates/a/src/lib.rs", text);
    let source = Source::read(&file);
    let joined = source.code.join("\n");
    assert!(!joined.contains('{') && !joined.contains('}'), "{joined}");
    let texts: Vec<&str> = source.texts.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts, ["x // {", "raw \" }", "\"}"]);
    assert_eq!(source.texts[1].0, 3);
    assert!(joined.contains("let r#type"));
}

#[test]
fn a_long_file_a_wide_line_and_a_missing_head_are_found() {
    assert_eq!(
        rules(&[(LIB, &format!("//! a\n{}", "//\n".repeat(500)))]),
        ["file size@501"]
    );
    assert_eq!(
        rules(&[(LIB, &format!("//! {}", "字".repeat(97)))]),
        ["line width@1"]
    );
    assert!(rules(&[(LIB, &format!("//! {}", "字".repeat(96)))]).is_empty());
    assert_eq!(rules(&[(LIB, "use std::io;\n")]), ["file head@1"]);
    assert!(rules(&[("web/dist/app.css", &"x".repeat(200))]).is_empty());
}

#[test]
fn a_function_longer_than_a_screen_is_found_where_it_begins() {
    let of = |lines: usize| format!("//! a\npub fn f(\n) {{\n{}}}\n", "    g();\n".repeat(lines));
    assert!(rules(&[(LIB, &of(67))]).is_empty());
    assert_eq!(rules(&[(LIB, &of(68))]), ["function size@2"]);
}

#[test]
fn unwrap_is_found_outside_tests_only() {
    let code = "//! a\nfn f() { g().unwrap() }\n#[cfg(test)]\nmod tests {\n    \
                fn t() { g().unwrap() }\n}\n";
    assert_eq!(rules(&[(LIB, code)]), ["no unwrap@2"]);
    assert!(
        rules(&[(
            "crates/case/src/tests.rs",
            "//! a\nfn f() { g().unwrap() }\n"
        )])
        .is_empty()
    );
    assert!(
        rules(&[(
            LIB,
            "//! a\n/// `.unwrap()`\nconst A: &str = \".unwrap()\";\n"
        )])
        .is_empty()
    );
}

#[test]
fn a_declared_test_module_does_not_make_the_rest_of_the_file_a_test() {
    let code = "//! a\n#[cfg(test)]\nmod tests;\nfn f() { g().unwrap() }\n";
    assert_eq!(rules(&[(LIB, code)]), ["no unwrap@4"]);
}

#[test]
fn a_file_that_is_a_module_for_tests_only_is_a_test() {
    let used = (
        "crates/case/src/gallery.rs",
        "//! a\nfn f() { g().unwrap() }\n",
    );
    assert_eq!(
        rules(&[(LIB, "//! a\nmod gallery;\n"), used]),
        ["no unwrap@2"]
    );
    assert!(rules(&[(LIB, "//! a\n#[cfg(test)]\nmod gallery;\n"), used]).is_empty());
}

#[test]
fn silenced_lints_skipped_tests_and_sleeping_tests_are_found() {
    assert_eq!(
        rules(&[(LIB, "//! a\n#[allow(dead_code)]\n")]),
        ["no allow@2"]
    );
    assert_eq!(
        rules(&[(LIB, "//! a\n#[ignore = \"slow\"]\n")]),
        ["no half tests@2"]
    );
    let sleeping = "//! a\nfn t() { std::thread::sleep(A); }\n";
    assert_eq!(
        rules(&[("crates/case/src/tests.rs", sleeping)]),
        ["no sleeping@2"]
    );
    assert!(rules(&[(LIB, sleeping)]).is_empty());
}

#[test]
fn sql_is_found_outside_stores() {
    let code = "//! a\nconst Q: &str = \"SELECT id FROM cases\";\n";
    assert_eq!(rules(&[(LIB, code)]), ["stray SQL@2"]);
    assert!(rules(&[(STORE, code)]).is_empty());
    assert!(rules(&[("crates/db/src/lib.rs", code)]).is_empty());
    assert!(rules(&[(LIB, "//! a\nconst Q: &str = \"Select a counter\";\n")]).is_empty());
}

#[test]
fn rules_that_reach_for_the_world_are_found() {
    for line in [
        "use db::Tx;",
        "use kernel::{Clock, Money};",
        "async fn f() {}",
        "std::fs::read()",
        "use std::time::Instant;",
    ] {
        let code = format!("//! a\n{line}\n");
        let found = rules(&[(RULE_FILE, &code)]);
        assert!(
            found.iter().any(|rule| rule == "purity@2"),
            "{line}: {found:?}"
        );
    }
    assert!(rules(&[(RULE_FILE, "//! a clock, a db\nuse calendar::Clock;\n")]).is_empty());
    assert!(rules(&[(STORE, "//! a\nuse db::Tx;\n")]).is_empty());
}

#[test]
fn free_text_in_an_event_is_found() {
    let code = "//! a\npub enum Event {\n    Opened { due: Date },\n    Told { why: String },\n}\n\
                pub enum Command {\n    Tell { why: String },\n}\n";
    assert_eq!(rules(&[(RULE_FILE, code)]), ["event fields@4"]);
}

#[test]
fn unfinished_words_machine_paths_and_package_hosts_are_found_in_any_file() {
    let page = "docs/gotchas.md";
    assert_eq!(
        rules(&[(page, concat!("TO", "DO: write"))]),
        ["unfinished@1"]
    );
    assert_eq!(
        rules(&[(page, concat!("see /wo", "rk/main"))]),
        ["machine path@1"]
    );
    assert!(rules(&[(page, "crates/work/src and https://example.org/work/")]).is_empty());
    assert_eq!(
        rules(&[(page, concat!("https://pypi", ".org/simple"))]),
        ["package host@1"]
    );
}

#[test]
fn script_and_style_inside_templates_are_found() {
    let page = "crates/web/templates/layout.html";
    for line in [
        "<script>alert(1)</script>",
        "<p style=\"color: red\">",
        "<style>",
        "<a onclick=\"go()\">",
        "<a href=\"javascript:go()\">",
    ] {
        assert_eq!(rules(&[(page, line)]), ["inline code@1"], "{line}");
    }
    let fine = "<script src=\"/static/app.js\" defer></script> turned on = yes";
    assert!(rules(&[(page, fine)]).is_empty());
}

#[test]
fn dead_links_are_found_and_live_ones_are_not() {
    let readme = "docs/a.md";
    let links = "[b](b.md) [up](../README.md#top) [dir](../crates/case) [out](https://a.cn/b)";
    assert!(
        rules(&[
            (readme, links),
            ("docs/b.md", ""),
            ("README.md", ""),
            (LIB, "//!")
        ])
        .is_empty()
    );
    assert_eq!(rules(&[(readme, "[c](c.md)")]), ["dead link@1"]);
}

#[test]
fn a_key_without_a_language_and_a_code_without_wording_are_found() {
    let messages = "[case]\nlate = { zh = \"晚\", en = \"Late\" }\nearly = { zh = \"早\" }\n";
    let path = "crates/case/messages.toml";
    assert_eq!(rules(&[(path, messages)]), ["messages@3"]);
    let refusal = "//! a\nfn code(&self) -> &str {\n    match self {\n        A => \"case.late\",\n\
                   B => \"case.lost\",\n    }\n}\n";
    let worded = "[case]\nlate = { zh = \"晚\", en = \"Late\" }\n";
    assert_eq!(
        rules(&[(path, worded), (RULE_FILE, refusal)]),
        ["messages@5"]
    );
    let page = (
        "crates/case/templates/case/a.html",
        "{{ shell.t(\"case.late\") }} {{ t(\"case.x\") }}",
    );
    assert_eq!(rules(&[(path, worded), page]), ["messages@1"]);
}

#[test]
fn a_noun_that_the_glossary_does_not_know_is_found() {
    let model = (
        "crates/case/src/model.rs",
        "//! a\npub struct Case;\npub enum Pause {}\nstruct Own;\n",
    );
    let glossary = ("GLOSSARY.md", "| `Case` | 办件 | |");
    let manifest = |floor| ("crates/case/Cargo.toml", floor);
    assert_eq!(
        rules(&[model, glossary, manifest("floor = 8")]),
        ["glossary@3"]
    );
    assert!(rules(&[model, glossary, manifest("floor = 1")]).is_empty());
}

#[test]
fn a_crate_without_introduction_and_an_unlisted_door_are_found() {
    let found = examine(&[file("crates/web/src/doors.rs", "//! a\n")]);
    let places: Vec<&str> = found.iter().map(|finding| finding.path.as_str()).collect();
    assert_eq!(places, ["crates/web/README.md", "docs/doors.txt"]);
}

#[test]
fn a_crate_stands_on_lower_floors_only() {
    let package = |name: &str, floor: u64, beneath: &[&str]| {
        let beneath: Vec<_> = beneath.iter().map(|name| json!({ "name": name })).collect();
        json!({ "name": name, "metadata": { "qingchuang": { "floor": floor } },
                "dependencies": beneath })
    };
    let house = [
        package("kernel", 0, &["serde"]),
        package("codes", 0, &["kernel"]),
        package("case", 8, &["kernel", "project"]),
        package("project", 9, &["case"]),
        json!({ "name": "attic", "metadata": null, "dependencies": [] }),
    ];
    let found = floors::examine(&house);
    let places: Vec<&str> = found.iter().map(|finding| finding.path.as_str()).collect();
    let wrong = [
        "crates/codes/Cargo.toml",
        "crates/case/Cargo.toml",
        "crates/attic/Cargo.toml",
    ];
    assert_eq!(places, wrong);
}
