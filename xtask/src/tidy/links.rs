//! Links between our own pages of documentation lead somewhere.

use std::collections::BTreeSet;

use super::{File, Finding};

/// Links in Markdown whose file does not exist.
pub(crate) fn findings(files: &[File]) -> Vec<Finding> {
    let mut known: BTreeSet<String> = BTreeSet::new();
    for file in files {
        let mut path = file.path.as_str();
        known.insert(path.to_owned());
        while let Some((folder, _)) = path.rsplit_once('/') {
            known.insert(folder.to_owned());
            path = folder;
        }
    }
    let mut findings = Vec::new();
    for file in files
        .iter()
        .filter(|file| file.extension() == "md" && file.is_ours())
    {
        for (at, line) in file.text.lines().enumerate() {
            for target in targets(line) {
                if !leads_somewhere(&file.path, target, &known) {
                    let remedy = format!("`{target}` does not exist: mend or remove the link");
                    findings.push(Finding::new(&file.path, at + 1, "dead link", remedy));
                }
            }
        }
    }
    findings
}

fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("](").filter_map(|(at, _)| {
        let rest = &line[at + 2..];
        rest.find(')').map(|end| &rest[..end])
    })
}

fn leads_somewhere(from: &str, target: &str, known: &BTreeSet<String>) -> bool {
    let path = target.split(['#', '?', ' ']).next().unwrap_or_default();
    if path.is_empty() || target.contains("://") || target.starts_with("mailto:") {
        return true;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.trim_end_matches('/').split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.is_empty() || known.contains(&parts.join("/"))
}
