//! Replays a simulated year with a seed of your choice.
//!
//! The simulation is the story `tests/it/simulation.rs` of the roof; it reads the seed from
//! `QINGCHUANG_SEED` and prints it when an invariant breaks.

use anyhow::{Context, Result, bail};

use crate::shell::{cargo, root, run};

const STORY: &str = "crates/qingchuang/tests/it/simulation.rs";

/// `cargo xtask simulate SEED`.
pub(crate) fn command(words: &[String]) -> Result<()> {
    let [seed] = words else {
        bail!("say which year: cargo xtask simulate SEED")
    };
    let seed: u64 = seed.parse().context("a seed is a whole number")?;
    if !root().join(STORY).exists() {
        bail!("{STORY} does not exist, so there is no year to simulate");
    }
    let story = [
        "test",
        "--package",
        "qingchuang",
        "--test",
        "it",
        "--",
        "simulation",
    ];
    let mut year = cargo(&story);
    run(year
        .arg("--nocapture")
        .env("QINGCHUANG_SEED", seed.to_string()))
}
