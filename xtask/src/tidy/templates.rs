//! Page templates: no script and no style inside them, since the pages' policy refuses both.

use super::{File, Finding};

/// All findings in one template.
pub(crate) fn findings(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    if file.extension() != "html" || !file.path.contains("/templates/") || !file.is_ours() {
        return findings;
    }
    for (at, line) in file.text.lines().enumerate() {
        let lower = line.to_ascii_lowercase();
        let mut add = |remedy: &str| {
            findings.push(Finding::new(&file.path, at + 1, "inline code", remedy));
        };
        if lower.contains("<style") || lower.contains(" style=\"") {
            add("give it a class; styles live in web/");
        }
        if lower
            .match_indices("<script")
            .any(|(found, _)| !lower[found..].contains("src="))
        {
            add("behaviour lives in web/ and is loaded with src");
        }
        if lower.contains("javascript:") || has_handler(&lower) {
            add("give it a data attribute; behaviour lives in web/");
        }
    }
    findings
}

/// ` onclick="…"` and its kin.
fn has_handler(lower: &str) -> bool {
    lower.match_indices(" on").any(|(at, _)| {
        let rest = &lower[at + 3..];
        let name = rest.len()
            - rest
                .trim_start_matches(|l: char| l.is_ascii_lowercase())
                .len();
        name > 1 && rest[name..].starts_with("=\"")
    })
}
