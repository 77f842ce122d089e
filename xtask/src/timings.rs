//! How long a one-line change of a rule takes: `cargo check`, then `cargo build` of the program.
//!
//! A comment line is added to the end of a rule file and taken away again, also on failure.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::shell::{cargo, root, run};

const RULES: &str = "crates/case/src/decide.rs";
const CHECK_SECONDS_MAX: f64 = 5.0;
const BUILD_SECONDS_MAX: f64 = 20.0;

/// `cargo xtask timings`.
pub(crate) fn command() -> Result<()> {
    let check = ["check", "--quiet", "--package", "qingchuang"];
    let build = ["build", "--quiet", "--package", "qingchuang"];
    run(&mut cargo(&check))?;
    run(&mut cargo(&build))?;
    let touched = Touched::new(root().join(RULES))?;
    let checked = seconds(&check)?;
    let built = seconds(&build)?;
    drop(touched);
    report(
        "check after a one-line change of a rule",
        checked,
        CHECK_SECONDS_MAX,
    );
    report("build of the program after it", built, BUILD_SECONDS_MAX);
    Ok(())
}

fn seconds(words: &[&str]) -> Result<f64> {
    let start = Instant::now();
    run(&mut cargo(words))?;
    Ok(start.elapsed().as_secs_f64())
}

fn report(what: &str, seconds: f64, limit: f64) {
    let verdict = if seconds <= limit { "within" } else { "OVER" };
    println!("{what}: {seconds:.1} s, {verdict} the limit of {limit} s");
}

/// A file with one more line, until dropped.
struct Touched {
    path: PathBuf,
    text: String,
}

impl Touched {
    fn new(path: PathBuf) -> Result<Touched> {
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("{RULES} is the rule file whose change is timed"))?;
        std::fs::write(&path, format!("{text}\n// timing\n"))?;
        Ok(Touched { path, text })
    }
}

impl Drop for Touched {
    fn drop(&mut self) {
        if let Err(error) = std::fs::write(&self.path, &self.text) {
            eprintln!("{RULES} still has its extra line: {error}");
        }
    }
}
