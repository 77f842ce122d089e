//! The rules of the house that no compiler knows. Each finding says where, which rule, what to do.
//!
//! Files are those that git knows or would add. Deliberately absent: anything clippy finds.

mod floors;
mod links;
mod rooms;
mod rust;
mod shape;
mod source;
mod templates;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeSet;

use anyhow::{Result, bail};

use crate::shell::{capture, program, root};
use source::Source;

/// Larger files are data, which no rule here reads.
const BYTES_MAX: u64 = 2_000_000;

/// One file of the house: its path from the top, and its text.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub path: String,
    pub text: String,
}

impl File {
    /// The crate it belongs to, by the name of its folder.
    pub(crate) fn crate_name(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split('/').next()
    }

    /// The last part of its name.
    pub(crate) fn extension(&self) -> &str {
        self.path
            .rsplit_once('.')
            .map_or("", |(_, extension)| extension)
    }

    /// Whether we wrote it: not bundled, recorded, or taken over as data.
    pub(crate) fn is_ours(&self) -> bool {
        const NOT_OURS: &[&str] = &[
            "dist/",
            "node_modules/",
            "vendor/",
            "data/",
            "fixtures/",
            "snapshots/",
            "assets/",
        ];
        let parts = format!("/{}", self.path);
        !NOT_OURS
            .iter()
            .any(|part| parts.contains(&format!("/{part}")))
            && !self.path.ends_with(".lock")
            && !self.path.ends_with("package-lock.json")
    }
}

/// Something to mend.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    pub path: String,
    pub line: usize,
    pub rule: &'static str,
    pub remedy: String,
}

impl Finding {
    /// A finding on a line, counted from one.
    pub(crate) fn new(
        path: &str,
        line: usize,
        rule: &'static str,
        remedy: impl Into<String>,
    ) -> Finding {
        Finding {
            path: path.to_owned(),
            line,
            rule,
            remedy: remedy.into(),
        }
    }
}

/// `cargo xtask tidy`.
pub(crate) fn command() -> Result<()> {
    let files = files()?;
    let mut findings = examine(&files);
    findings.extend(floors::findings()?);
    findings.sort();
    findings.dedup();
    for finding in &findings {
        println!(
            "{}:{}: {}: {}",
            finding.path, finding.line, finding.rule, finding.remedy
        );
    }
    if !findings.is_empty() {
        bail!("{} places are not tidy", findings.len());
    }
    println!("{} files are tidy", files.len());
    Ok(())
}

/// All rules that look at files only.
fn examine(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut sources: Vec<Source> = files
        .iter()
        .filter(|file| file.extension() == "rs")
        .map(Source::read)
        .collect();
    let test_files: BTreeSet<String> = sources.iter().flat_map(Source::test_modules).collect();
    for source in sources
        .iter_mut()
        .filter(|source| test_files.contains(&source.file.path))
    {
        source.all_tests();
    }
    for file in files {
        findings.extend(shape::findings(file));
        findings.extend(words::findings(file));
        findings.extend(templates::findings(file));
    }
    for source in &sources {
        findings.extend(shape::long_functions(source));
        // What was taken over keeps its own habits.
        if source.file.is_ours() {
            findings.extend(rust::findings(source));
        }
    }
    findings.extend(links::findings(files));
    findings.extend(rooms::findings(files, &sources));
    findings
}

fn files() -> Result<Vec<File>> {
    let listed = capture(&mut program(
        "git",
        &["ls-files", "-co", "--exclude-standard"],
    ))?;
    let paths: BTreeSet<&str> = listed.lines().collect();
    let mut files = Vec::new();
    for path in paths {
        let place = root().join(path);
        // A file may be deleted but not yet committed as such, and data need not be text.
        let Ok(found) = std::fs::metadata(&place) else {
            continue;
        };
        if !found.is_file() || BYTES_MAX < found.len() {
            continue;
        }
        if let Ok(text) = String::from_utf8(std::fs::read(&place)?) {
            files.push(File {
                path: path.to_owned(),
                text,
            });
        }
    }
    Ok(files)
}
