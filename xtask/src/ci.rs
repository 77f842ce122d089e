//! Exactly what CI runs, quick answers first; stops at the first failure.

use anyhow::Result;

use crate::shell::{Steps, cargo, run};
use crate::{licences, test, tidy};

/// `cargo xtask ci`.
pub(crate) fn command() -> Result<()> {
    let mut steps = Steps::default();
    steps.step("format", || run(&mut cargo(&["fmt", "--all", "--check"])))?;
    steps.step("tidy", tidy::command)?;
    steps.step("licences", licences::command)?;
    steps.step("clippy", || {
        let lint = [
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--",
            "-D",
            "warnings",
        ];
        run(&mut cargo(&lint))
    })?;
    steps.step("documentation", || {
        let mut doc = cargo(&["doc", "--workspace", "--no-deps", "--locked"]);
        run(doc.env("RUSTDOCFLAGS", "-D warnings"))
    })?;
    let summary = test::all(&mut steps, &test::Wanted::everything())?;
    steps.print();
    println!("{summary}");
    Ok(())
}
