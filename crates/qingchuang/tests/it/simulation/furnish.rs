//! The first day: a hall with organs, staff and the complete items, and the model read from it
//! once. From then on the model follows the commands alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use db::{Db, Durability};
use jiff::civil::Date;
use kernel::Clock;
use qingchuang::house::Mode;
use qingchuang::seed;

use super::days::Days;
use super::model::{Appointment, Item, Model, Officer, Post, Stage, Version};
use super::run::Sim;
use crate::hall::{TestHall, hall_with};

/// The simulated year begins on a working day in the middle of a month.
const FIRST: Date = jiff::civil::date(2026, 1, 12);

/// A furnished hall with a seed, on the store at an address or on the embedded one.
pub fn sim(seed: u64, database: Option<String>) -> Result<Sim> {
    let start = kernel::clock::hall_instant(FIRST.at(8, 30, 0, 0));
    let clock = Clock::virtual_at(start, seed);
    let hall: TestHall = hall_with(database, clock, Mode::Write, Durability::Nothing);
    seed::furnish_bare(&hall.house.db)?;
    Sim::over(hall, seed)
}

/// What the hall holds before anybody came.
pub fn model(db: &Db) -> Result<Model> {
    let today = db.clock().today();
    let items = db.read(|tx| {
        let mut all = Vec::new();
        for content in catalogue::shipped::items().map_err(kernel::Fault::broken)? {
            let code = content.codes.key().unwrap_or_default().to_owned();
            all.extend(catalogue::published_by_code(tx, &code, today)?);
        }
        Ok(all)
    })?;
    let items = items.iter().map(|version| Item {
        id: version.item,
        versions: vec![Version {
            content: Arc::clone(&version.content),
            is_right: true,
            stage: Stage::Published,
            effective: Some(version.effective),
        }],
    });
    let (organs, posts, appointments, officers, hall) = db.read(|tx| {
        Ok((
            identity::organs(tx)?,
            identity::posts(tx)?,
            identity::appointments(tx)?,
            identity::officers(tx, "", 10_000)?,
            identity::hall(tx)?.id,
        ))
    })?;
    let organs = organs.into_iter().map(|one| (one.uscc, one.id));
    let posts = posts.into_iter().map(|one| Post {
        id: one.id,
        organ: one.organ,
        roles: one.roles,
    });
    let mut appointments: Vec<Appointment> = appointments
        .into_iter()
        .map(|one| Appointment {
            id: one.id,
            officer: one.officer,
            post: one.post,
            from: one.from,
            until: one.until,
        })
        .collect();
    appointments.sort_by_key(|one| one.id);
    let officers = officers.into_iter().map(|one| Officer {
        id: one.id,
        in_service: true,
    });
    Ok(Model {
        days: Days::read(),
        hall,
        organs: organs.collect(),
        people: Vec::new(),
        agencies: Vec::new(),
        posts: posts.collect(),
        officers: officers.collect(),
        appointments,
        deputies: Vec::new(),
        items: items.collect(),
        applications: Vec::new(),
        cases: Vec::new(),
        ratings: Vec::new(),
        certificates: Vec::new(),
        papers: BTreeMap::new(),
    })
}
