//! The demonstration hall: a county's organs, staff and real items, and thirty past days of cases
//! made by the real commands under a virtual clock.

pub mod answers;
mod days;
mod deciding;
pub mod dice;
mod going;
pub mod joint;
mod leaving;
pub mod people;
mod pledging;
pub(crate) mod rehearsal;
pub mod scene;
pub(crate) mod sending;
mod staff;
mod works;

use std::net::SocketAddr;

use catalogue::model::ItemContent;
use catalogue::model::kind::Necessity;
use db::Db;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::ToSpan;
use jiff::civil::Date;
use kernel::{Actor, Clock, Fault};

use crate::cli::print_line;
use crate::config::Config;
use crate::house::{House, Mode};
use days::Days;
use dice::Dice;

/// The same hall every time.
const SEED: u64 = 20_261_123;

/// Furnishes a hall unless the store holds one.
///
/// # Errors
/// When the store cannot be written.
pub fn furnish_if_empty(config: &Config) -> anyhow::Result<()> {
    let now = Clock::real().now();
    let today = kernel::clock::hall_date(now);
    let first = days::first_day(today);
    let start = kernel::clock::hall_instant(first.at(8, 0, 0, 0));
    let house = House::open(config, Clock::virtual_at(start, SEED), Mode::Write)?;
    if is_furnished(&house.db)? {
        return Ok(());
    }
    let bar = ProgressBar::new(u64::try_from(days::DAYS).unwrap_or(0) + 2);
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}")?;
    bar.set_style(style);
    bar.set_message("事项与人员 items and staff");
    let staff = people_and_items(&house.db, Items::All)?;
    bar.inc(1);
    let mut works = works::Works::new(&house.db, &staff, today)?;
    let mut days = Days::new(&house.db, staff.clone(), Dice::new(house.db.clock()))?;
    let mut leaving = leaving::Leaving::new(&house.db, &staff, today)?;
    let mut day = first;
    while day < today {
        bar.set_message(format!("{day}"));
        days.live(day)?;
        works.live(day)?;
        leaving.live(day)?;
        day = day.checked_add(1.day())?;
        bar.inc(1);
    }
    pledging::Pledging::new(&house.db, &staff)?.apply()?;
    leaving.near_its_end()?;
    going::Going::new(&house.db, &staff).go()?;
    house.db.clock().set(now);
    deciding::furnish(&house.db)?;
    crate::jobs::fire_due(&house.db)?;
    crate::jobs::seal_all(&house.db, 0)?;
    bar.finish_and_clear();
    Ok(())
}

/// Lives some days in an empty hall with the complete items alone: for stories and benches.
///
/// # Errors
/// When a command fails that must not.
pub fn live_days(db: &Db, first: Date, count: u32) -> Result<(), Fault> {
    let staff = people_and_items(db, Items::Complete)?;
    let mut days = Days::new(db, staff, Dice::new(db.clock()))?;
    let mut day = first;
    for _ in 0..count {
        days.live(day)?;
        day = day.checked_add(1.day()).map_err(Fault::broken)?;
    }
    Ok(())
}

/// Furnishes an empty hall with organs, staff and the complete items alone, each with its ordinary
/// way only, without a past: for simulations.
///
/// # Errors
/// When a command fails that must not.
pub fn furnish_bare(db: &Db) -> Result<(), Fault> {
    let mut items = catalogue::shipped::items().map_err(Fault::broken)?;
    items.iter_mut().for_each(ordinary_only);
    furnish(db, items, Items::Complete).map(|_| ())
}

/// Leaves an item its ordinary way alone: no modes, nothing to follow later, no number.
fn ordinary_only(content: &mut ItemContent) {
    content.modes.clear();
    content.promise_approval = false;
    content.quantity_limit = None;
    let scenarios = content.scenarios.iter_mut();
    for line in scenarios.flat_map(|one| &mut one.materials) {
        if line.necessity == Necessity::Tolerable {
            line.necessity = Necessity::Required;
        }
    }
}

fn is_furnished(db: &Db) -> Result<bool, Fault> {
    match db.read(identity::hall) {
        Ok(_) => Ok(true),
        Err(Fault::NotFound { .. }) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Which items a hall is furnished with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Items {
    /// The complete ones of the catalogue.
    Complete,
    /// Those, and what bundles and stages need.
    WithBundles,
    /// All that, and the real list of a district.
    All,
}

pub(crate) fn people_and_items(db: &Db, which: Items) -> Result<staff::Staff, Fault> {
    furnish(
        db,
        catalogue::shipped::items().map_err(Fault::broken)?,
        which,
    )
}

fn furnish(db: &Db, items: Vec<ItemContent>, which: Items) -> Result<staff::Staff, Fault> {
    let dice = Dice::new(db.clock());
    let seeded = items.clone();
    db.write(db.cause(Actor::system()), move |tx| {
        catalogue::seed(tx, &seeded).map(|_| ())
    })?;
    let mut more = Vec::new();
    if Items::WithBundles <= which {
        more = project::shipped::items()?;
        db.write(db.cause(Actor::system()), |tx| {
            project::shipped::seed_items(tx).map(|_| ())
        })?;
    }
    if which == Items::All {
        db.write(db.cause(Actor::system()), |tx| {
            let list = catalogue::shipped::DISTRICT_LIST;
            catalogue::import_rows(tx, list, "guangan_district_items.csv").map(|_| ())
        })?;
    }
    catalogue::reindex(db)?;
    db.write(db.cause(Actor::system()), move |tx| {
        staff::furnish(tx, &items, &more, &dice)
    })
}

/// Prints the address and the accounts.
///
/// # Errors
/// When standard output is gone.
pub fn print_welcome(address: SocketAddr) -> anyhow::Result<()> {
    print_line("清窗演示大厅 Qingchuang demonstration hall")?;
    print_line(&format!("密码 password: {}", staff::PASSWORD))?;
    for (login, zh, en) in staff::ACCOUNTS {
        print_line(&format!("  {login:<11} {zh}  {en}"))?;
    }
    print_line(&format!("http://{address}/login"))
}
