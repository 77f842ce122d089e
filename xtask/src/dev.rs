//! Opens the demo hall from the working tree.

use std::process::Stdio;

use anyhow::Result;

use crate::shell::{cargo, run};

/// `cargo xtask dev [ARGS]`: further words go to `qingchuang demo`.
pub(crate) fn command(words: &[String]) -> Result<()> {
    let mut demo = cargo(&["run", "--package", "qingchuang", "--", "demo"]);
    run(demo.args(words).stdin(Stdio::inherit()))
}
