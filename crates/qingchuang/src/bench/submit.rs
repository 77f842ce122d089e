//! Applications with their files, in process: what the counter and the web do when somebody hands
//! in, from the check of the form to the receipt.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use db::Db;
use kernel::{Actor, Channel, Clock};

use super::measure::{Client, Figures, Load, micros};
use super::{Plan, store};
use crate::config::Config;
use crate::house::{House, Mode};
use crate::seed::rehearsal::{Rehearsal, rehearse};
use crate::seed::sending;

/// Measures it.
///
/// # Errors
/// When the store fails.
pub fn submit(plan: &Plan, folder: &Path, clients: usize) -> anyhow::Result<Figures> {
    let config = Config {
        data: folder.to_owned(),
        database: plan.database.clone(),
        ..Config::default()
    };
    let house = House::open(&config, Clock::real(), Mode::Write)?;
    let rehearsal = Arc::new(rehearse(&house.db, true)?);
    store::prepare(&house.db)?;
    let load = Load {
        db: &house.db,
        clients,
        seconds: plan.seconds,
    };
    let runs = load.runs(|| applicant(&house.db, &rehearsal))?;
    let limits = load.runs(|| Ok(store::bare_inserts(&house.db)))?;
    Ok(load.figures("submit", &runs, (store::LIMIT, &limits)))
}

/// A client who hands in again and again.
fn applicant(db: &Db, rehearsal: &Arc<Rehearsal>) -> anyhow::Result<Client> {
    let (db, rehearsal) = (db.clone(), Arc::clone(rehearsal));
    let person = rehearsal.applicant(&db)?;
    Ok(Box::new(move |latencies| {
        let (wish, samples) = (rehearsal.wish(person), rehearsal.samples);
        let began = Instant::now();
        let cause = db.cause(Actor::citizen(person, Channel::Web));
        db.write(cause, move |tx| sending::submit(tx, &wish, &samples))?;
        latencies.push(micros(began));
        Ok(())
    }))
}
