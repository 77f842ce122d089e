//! A seeded year in a hall: random commands, lawful and not, against the promises of the design.
//! A small model of its own says of every command whether it must be accepted or refused and by
//! which rule; after each the record it touched, and now and then everything, is held against it.
//!
//! `QINGCHUANG_SEED` and `QINGCHUANG_COMMANDS` choose another year (`cargo xtask simulate`).
//! Deliberately absent: chance that is not the seed's, so that a broken promise can be told again.

mod applying;
mod cases;
mod chance;
mod days;
mod drafting;
mod editing;
mod front_desk;
mod furnish;
mod model;
mod people;
mod procedures;
mod proofs;
mod records;
mod results;
mod rules;
mod run;
mod special;
mod tables;
mod time;

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use run::Sim;

/// How many commands each fixed year has on the embedded store: together more than 100,000.
const COMMANDS: u64 = 25_500;
/// On PostgreSQL every command waits for the server.
const COMMANDS_POSTGRES: u64 = 1_500;
/// After so many commands everything is proven, then after ten times as many, and at the end.
const PROVEN_FIRST: u64 = 400;

/// Kinds that nobody can refuse or that are no command of a person.
const NEVER_REFUSED: &[&str] = &["fire", "jump", "redate", "seal", "sweep"];

#[test]
fn the_first_year_keeps_the_promises() {
    year(7, COMMANDS, None);
}

#[test]
fn the_second_year_keeps_the_promises() {
    year(2, COMMANDS, None);
}

#[test]
fn the_third_year_keeps_the_promises() {
    year(3, COMMANDS, None);
}

#[test]
fn the_fourth_year_keeps_the_promises() {
    year(5, COMMANDS, None);
}

#[test]
fn a_year_on_postgresql_keeps_the_promises() {
    if let Ok(url) = std::env::var("QINGCHUANG_TEST_POSTGRES") {
        let schema = db::testing::schema(&url, "simulation");
        year(5, COMMANDS_POSTGRES, Some(schema));
    }
}

/// The year that `cargo xtask simulate` asks for; a short one when nobody asks.
#[test]
fn the_year_asked_for_keeps_the_promises() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>());
    let seed = number("QINGCHUANG_SEED").unwrap_or(Ok(6));
    let commands = number("QINGCHUANG_COMMANDS").unwrap_or(Ok(1_000));
    let seed = seed.expect("a seed is a whole number");
    year(seed, commands.expect("commands are counted"), None);
}

fn year(seed: u64, commands: u64, database: Option<String>) {
    let mut sim = furnish::sim(seed, database).expect("a hall is furnished");
    if let Err(broken) = live(&mut sim, commands) {
        let (trace, step) = (sim.trace(), sim.steps);
        panic!(
            "a promise is broken at command {step} of the year {seed}: {broken:#}\n\
             tell it again: cargo xtask simulate {seed} --commands {commands}\n\
             the last commands:\n{trace}"
        );
    }
    let vacuous = vacuous(&sim.tally);
    assert!(
        commands < COMMANDS || vacuous.is_empty(),
        "never both accepted and refused: {vacuous:?} of {:?}",
        sim.tally
    );
    eprintln!(
        "year {seed}: {} commands, {} refusals compared, {:?}\n{:?}",
        sim.steps, sim.compared, sim.tally, sim.said
    );
}

/// Kinds of commands that the year never accepted, or never refused.
fn vacuous(tally: &BTreeMap<&'static str, (u64, u64)>) -> Vec<&'static str> {
    let one_sided = |(kind, (accepted, refused)): &(&&'static str, &(u64, u64))| {
        *accepted == 0 || (*refused == 0 && !NEVER_REFUSED.contains(kind))
    };
    tally
        .iter()
        .filter(one_sided)
        .map(|(kind, _)| *kind)
        .collect()
}

fn live(sim: &mut Sim, commands: u64) -> Result<()> {
    for _ in 0..12 {
        sim.come()?;
    }
    let mut proof = PROVEN_FIRST;
    while sim.steps < commands {
        sim.pass_minutes();
        step(sim)?;
        if proof <= sim.steps {
            sim.prove_all().context("everything")?;
            proof *= 10;
        }
    }
    sim.fire()?;
    sim.prove_all().context("everything at the end")
}

/// One thing that somebody does.
fn step(sim: &mut Sim) -> Result<()> {
    match sim.chance.below(1000) {
        0..90 => sim.apply_whole(),
        90..130 => sim.apply_in_steps(),
        130..300 => sim.answer(),
        300..350 => sim.correct(),
        350..365 => sim.take_back(),
        365..740 => sim.work(),
        740..748 => sim.withdraw_case(),
        748..766 => sim.archive(),
        766..806 => sim.rate(),
        806..824 => sim.supplement(),
        824..832 => sim.invite(),
        832..850 => sim.end_certificate(),
        850..880 => sim.edit_catalogue(),
        880..902 => sim.come(),
        902..914 => sim.authorize(),
        914..920 => sim.erase(),
        920..945 => sim.manage_staff(),
        945..970 => sim.repeat(),
        970..976 => sim.jump(),
        976..982 => sim.fire(),
        982..992 => sim.seal(),
        992..994 => sim.sweep(),
        _ if sim.chance.percent(12) => sim.amend_calendar(),
        _ => sim.repeat(),
    }
}
