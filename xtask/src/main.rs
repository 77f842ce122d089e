//! The habits of the house as commands: `cargo xtask WORD`.
//!
//! Deliberately absent: anything the product does. What a hall runs is `qingchuang`.

mod browser;
mod ci;
mod contract;
mod dev;
mod faults;
mod licences;
mod need;
mod new_room;
mod postgres;
mod shell;
mod simulate;
mod test;
mod tidy;
mod timings;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
cargo xtask WORD
  test [--only rust|browser|contract] [-- ARGS]   every test; ARGS go to the test runner
  ci                   exactly what CI runs
  tidy                 the rules of the house that no compiler knows
  licences             licences of everything we build on
  timings              how long a one-line change of a rule takes to check and to build
  dev [ARGS]           opens the demo hall
  simulate SEED [--commands N]   replays a simulated year
  faults SEED [--kills N]        kills a hall again and again under whole cases
  new-room NAME FLOOR  lays out the furniture of a room";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(words: &[String]) -> Result<()> {
    let Some((word, rest)) = words.split_first() else {
        bail!("no word given\n{USAGE}")
    };
    match word.as_str() {
        "test" => test::command(rest),
        "ci" => ci::command(),
        "tidy" => tidy::command(),
        "licences" => licences::command(),
        "timings" => timings::command(),
        "dev" => dev::command(rest),
        "simulate" => simulate::command(rest),
        "faults" => faults::command(rest),
        "new-room" => new_room::command(rest),
        other => bail!("unknown word {other}\n{USAGE}"),
    }
}
