//! Kills a hall again and again at moments of your choice.
//!
//! The story is `tests/it/faults/journey.rs` of the roof: whole cases by several clients. CI kills
//! a few times with a fixed seed; this asks for more. With `QINGCHUANG_TEST_POSTGRES` set the
//! server is killed under as well.

use anyhow::{Context, Result, bail};

use crate::shell::{cargo, run};

/// The one test that listens to the seed.
const STORY: &str = "faults::journey::the_kills_asked_for_lose_and_double_nothing";
/// How often it is killed on each store when nobody says.
const KILLS: u64 = 20;

/// What was asked for: the seed and the number of kills.
fn read(words: &[String]) -> Result<(u64, u64)> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (seed, kills) = match words.as_slice() {
        [seed] => (seed, None),
        [seed, "--kills", count] => (seed, Some(count)),
        _ => bail!("say when: cargo xtask faults SEED [--kills N]"),
    };
    let kills = match kills {
        Some(count) => count.parse().context("kills are counted")?,
        None => KILLS,
    };
    Ok((seed.parse().context("a seed is a whole number")?, kills))
}

/// `cargo xtask faults SEED [--kills N]`.
pub(crate) fn command(words: &[String]) -> Result<()> {
    let (seed, kills) = read(words)?;
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
        .env("QINGCHUANG_FAULTS_SEED", seed.to_string())
        .env("QINGCHUANG_FAULTS_KILLS", kills.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_and_perhaps_a_number_of_kills() {
        let asked = |line: &str| {
            let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            read(&words)
        };
        assert_eq!(asked("7").unwrap(), (7, KILLS));
        assert_eq!(asked("7 --kills 3").unwrap(), (7, 3));
        for wrong in ["", "x", "7 --kills", "7 3", "7 --kills x"] {
            assert!(asked(wrong).is_err(), "{wrong}");
        }
    }
}
