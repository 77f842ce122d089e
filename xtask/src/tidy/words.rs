//! Words that stand in no file of the repository: unfinished work, places of one machine,
//! addresses of package hosts.
//!
//! The words are put together from halves here, so that this file does not find itself.

use super::{File, Finding};

const UNFINISHED: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME")];
const MACHINE_FOLDERS: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/fa", "rm/"),
    concat!("/ro", "ot/"),
];
const PACKAGE_HOSTS: &[&str] = &[
    concat!("registry.", "npmjs.org"),
    concat!("registry.", "yarnpkg.com"),
    concat!("pypi", ".org"),
    concat!("files.python", "hosted.org"),
    concat!("static.", "crates.io"),
    concat!("index.", "crates.io"),
    concat!("deb.", "debian.org"),
];

/// All findings in one text file.
pub(crate) fn findings(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    if file.path.ends_with(".lock") {
        return findings;
    }
    for (at, line) in file.text.lines().enumerate() {
        let mut add = |rule, remedy: &str| {
            findings.push(Finding::new(&file.path, at + 1, rule, remedy));
        };
        if file.is_ours()
            && UNFINISHED
                .iter()
                .any(|word| super::source::has_word(line, word))
        {
            add("unfinished", "finish it now, or file an issue");
        }
        if MACHINE_FOLDERS
            .iter()
            .any(|folder| stands_alone(line, folder))
        {
            add("machine path", "name files from the top of the repository");
        }
        if PACKAGE_HOSTS.iter().any(|host| line.contains(host)) {
            add(
                "package host",
                "name the package; the client knows its registry",
            );
        }
    }
    findings
}

/// Whether the folder is the beginning of a path, not a part of a longer one.
fn stands_alone(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|l| l.is_ascii_alphanumeric() || l == '_' || l == '.')
    })
}
