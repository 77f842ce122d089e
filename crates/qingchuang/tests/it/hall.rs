//! A hall in a folder of its own, on either store.

use db::Durability;
use kernel::Clock;
use qingchuang::config::Config;
use qingchuang::house::{House, Manner, Mode};

/// An open hall that vanishes with its folder.
pub struct TestHall {
    /// The house.
    pub house: House,
    /// Its settings.
    pub config: Config,
    _folder: tempfile::TempDir,
}

/// A hall on each store, with the clock at `clock`.
pub fn halls(name: &str, clock: impl Fn() -> Clock) -> Vec<TestHall> {
    let mut all = vec![hall(None, clock())];
    if let Ok(url) = std::env::var("QINGCHUANG_TEST_POSTGRES") {
        all.push(hall(
            Some(db::testing::schema(&url, &format!("house_{name}"))),
            clock(),
        ));
    }
    all
}

fn hall(database: Option<String>, clock: Clock) -> TestHall {
    hall_with(database, clock, Mode::Write, Durability::Disk)
}

/// A hall in a folder of its own, with a store that may forget or not.
pub fn hall_with(
    database: Option<String>,
    clock: Clock,
    mode: Mode,
    durability: Durability,
) -> TestHall {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let config = Config {
        data: folder.path().join("data"),
        database,
        requests_per_minute: 0,
        ..Config::default()
    };
    let manner = Manner {
        durability,
        ..Manner::default()
    };
    let house = House::open_with(&config, clock, mode, manner).expect("a new hall opens");
    TestHall {
        house,
        config,
        _folder: folder,
    }
}
