//! Replays a simulated year with a seed of your choice.
//!
//! The simulation is the story `tests/it/simulation.rs` of the roof; it reads the seed from
//! `QINGCHUANG_SEED`, the length from `QINGCHUANG_COMMANDS`, and prints both when a promise
//! breaks.

use anyhow::{Context, Result, bail};

use crate::shell::{cargo, run};

/// The one test that listens to the seed.
const STORY: &str = "simulation::the_year_asked_for_keeps_the_promises";
/// How many commands a year has when nobody says.
const COMMANDS: u64 = 25_500;

/// A year that was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Year {
    seed: u64,
    commands: u64,
}

impl Year {
    fn read(words: &[String]) -> Result<Self> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (seed, commands) = match words.as_slice() {
            [seed] => (seed, None),
            [seed, "--commands", count] => (seed, Some(count)),
            _ => bail!("say which year: cargo xtask simulate SEED [--commands N]"),
        };
        let commands = match commands {
            Some(count) => count.parse().context("commands are counted")?,
            None => COMMANDS,
        };
        Ok(Self {
            seed: seed.parse().context("a seed is a whole number")?,
            commands,
        })
    }
}

/// `cargo xtask simulate SEED [--commands N]`.
pub(crate) fn command(words: &[String]) -> Result<()> {
    let year = Year::read(words)?;
    let story = [
        "test",
        "--package",
        "qingchuang",
        "--test",
        "it",
        "--",
        "--exact",
        STORY,
        "--nocapture",
    ];
    let mut command = cargo(&story);
    run(command
        .env("QINGCHUANG_SEED", year.seed.to_string())
        .env("QINGCHUANG_COMMANDS", year.commands.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(line: &str) -> Result<Year> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Year::read(&words)
    }

    #[test]
    fn a_year_is_a_seed_and_perhaps_a_length() {
        let seed = 7;
        let commands = COMMANDS;
        assert_eq!(year("7").unwrap(), Year { seed, commands });
        let commands = 300;
        assert_eq!(year("7 --commands 300").unwrap(), Year { seed, commands });
        for wrong in ["", "x", "7 --commands", "7 300", "7 --commands x"] {
            assert!(year(wrong).is_err(), "{wrong}");
        }
    }
}
