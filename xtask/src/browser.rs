//! The browser suite: people's ways through the pages, in Debian's Chromium.
//!
//! The suite starts the program itself, from `QINGCHUANG_BIN`, and drives `CHROMIUM`.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::need;
use crate::shell::{binary, program, root, run};

/// Stories to run: `web/tests/*.test.mjs`, in order of their names.
pub(crate) fn stories() -> Result<Vec<PathBuf>> {
    let folder = root().join("web/tests");
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut stories = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path
            .to_str()
            .is_some_and(|name| name.ends_with(".test.mjs"))
        {
            stories.push(path);
        }
    }
    stories.sort();
    Ok(stories)
}

/// Runs them one after the other: two cores hold one hall and one browser.
pub(crate) fn run_all(stories: &[PathBuf]) -> Result<()> {
    let chromium = need::chromium().context("Chromium is not where Debian puts it")?;
    let mut suite = program("node", &["--test", "--test-concurrency=1"]);
    suite.args(stories).current_dir(root().join("web"));
    run(suite
        .env("QINGCHUANG_BIN", binary())
        .env("CHROMIUM", chromium))
}
