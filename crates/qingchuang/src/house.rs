//! The list of rooms, and the house put together from them: store, keys, files, wording, doors.

use std::sync::Arc;

use anyhow::Context;
use db::{Db, Durability, Follow, Migration, Options};
use kernel::{Actor, Clock, Fault};
use ledger::audit::Audited;
use ledger::{FileStore, Vault};
use web::config::{NavEntry, Rate};
use web::{Access, App, AppConfig, Doors, Role, Words};

use crate::cli::tongue::Declined;
use crate::config::Config;
use crate::flow;

/// An open house.
pub struct House {
    /// The store.
    pub db: Db,
    /// The hall's keys.
    pub vault: Arc<Vault>,
}

/// Whether the house may change anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It may.
    Write,
    /// It looks only; another process may be serving.
    Read,
}

/// How a house lives.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// Whether its store may forget: for simulations.
    pub durability: Durability,
    /// What follows from what: for benches, which measure one room.
    pub follow: Follow,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            durability: Durability::Disk,
            follow: flow::follow,
        }
    }
}

/// Every room's schema, in the order of the floors.
pub const MIGRATIONS: &[&[Migration]] = &[
    ledger::MIGRATIONS,
    web::session::MIGRATIONS,
    operations::MIGRATIONS,
    identity::MIGRATIONS,
    procedure::MIGRATIONS,
    inbox::MIGRATIONS,
    catalogue::MIGRATIONS,
    certificate::MIGRATIONS,
    pledge::MIGRATIONS,
    exit::MIGRATIONS,
    authority::MIGRATIONS,
    renewal::MIGRATIONS,
    intake::MIGRATIONS,
    case::MIGRATIONS,
    hearing::MIGRATIONS,
    evaluation::MIGRATIONS,
    leniency::MIGRATIONS,
    offer::MIGRATIONS,
    project::MIGRATIONS,
];

/// What the embedded store keeps in memory as long as nobody writes to it: who is logged in and
/// where they sit, organs, and which version of an item is in force.
const KEPT: &[&str] = &{
    let mut all = ["session", "item", "item_key", "", "", "", "", "", ""];
    let mut at = 0;
    while at < identity::KEPT.len() {
        all[3 + at] = identity::KEPT[at];
        at += 1;
    }
    all
};

/// Every room's wording.
pub(crate) const MESSAGES: &[(&str, &str)] = &[
    (identity::ROOM, identity::MESSAGES),
    (procedure::ROOM, procedure::MESSAGES),
    (inbox::ROOM, inbox::MESSAGES),
    (catalogue::ROOM, catalogue::MESSAGES),
    (certificate::ROOM, certificate::MESSAGES),
    (pledge::ROOM, pledge::MESSAGES),
    (exit::ROOM, exit::MESSAGES),
    (authority::ROOM, authority::MESSAGES),
    (renewal::ROOM, renewal::MESSAGES),
    (intake::ROOM, intake::MESSAGES),
    (case::ROOM, case::MESSAGES),
    (hearing::ROOM, hearing::MESSAGES),
    (evaluation::ROOM, evaluation::MESSAGES),
    (leniency::ROOM, leniency::MESSAGES),
    (offer::ROOM, offer::MESSAGES),
    (project::ROOM, project::MESSAGES),
    (analytics::ROOM, analytics::MESSAGES),
    (supervision::ROOM, supervision::MESSAGES),
    (operations::ROOM, operations::MESSAGES),
    ("cli", include_str!("../cli/messages.toml")),
    ("house", include_str!("../messages.toml")),
];

/// What every room says of its tables.
#[must_use]
pub fn tables() -> Vec<Audited> {
    let mut all = vec![Audited::Sealed(&web::session::SESSIONS)];
    all.extend(operations::tables());
    all.extend(identity::tables());
    all.extend(procedure::tables());
    all.extend(inbox::tables());
    all.extend(catalogue::tables());
    all.extend(certificate::tables());
    all.extend(pledge::tables());
    all.extend(exit::tables());
    all.extend(authority::tables());
    all.extend(renewal::tables());
    all.extend(intake::tables());
    all.extend(case::tables());
    all.extend(hearing::tables());
    all.extend(evaluation::tables());
    all.extend(leniency::tables());
    all.extend(offer::tables());
    all.extend(project::tables());
    all.extend(analytics::tables());
    all.extend(supervision::tables());
    all
}

/// Every door of the house.
#[must_use]
pub fn doors(app: &App) -> Doors {
    Doors::new("house", app.clone())
        .get(
            "/api/openapi.json",
            Access::Public,
            crate::openapi::show_openapi,
        )
        .merge(crate::materials::doors(app.clone()))
        .merge(identity::doors(app.clone()))
        .merge(inbox::doors(app.clone()))
        .merge(procedure::doors(app.clone()))
        .merge(catalogue::doors(app.clone()))
        .merge(certificate::doors(app.clone()))
        .merge(pledge::doors(app.clone()))
        .merge(exit::doors(app.clone()))
        .merge(authority::doors(app.clone()))
        .merge(renewal::doors(app.clone()))
        .merge(intake::doors(app.clone()))
        .merge(case::doors(app.clone()))
        .merge(hearing::doors(app.clone()))
        .merge(evaluation::doors(app.clone()))
        .merge(leniency::doors(app.clone()))
        .merge(offer::doors(app.clone()))
        .merge(project::doors(app.clone()))
        .merge(analytics::doors(app.clone()))
        .merge(supervision::doors(app.clone()))
}

impl House {
    /// Opens the hall that the settings name, making it when there is none.
    ///
    /// # Errors
    /// When the folder is in use, the store cannot be reached, or the data come from a newer
    /// program.
    pub fn open(config: &Config, clock: Clock, mode: Mode) -> anyhow::Result<Self> {
        Self::open_with(config, clock, mode, Manner::default())
    }

    /// As [`House::open`], for houses that are thrown away.
    ///
    /// # Errors
    /// As [`House::open`].
    pub fn open_with(
        config: &Config,
        clock: Clock,
        mode: Mode,
        manner: Manner,
    ) -> anyhow::Result<Self> {
        let keys = config.data.join("keys");
        if mode == Mode::Read && !keys.is_dir() {
            let folder = vec![("folder", config.data.display().to_string())];
            return Err(Declined::because("cli.doctor.no_hall", folder));
        }
        // Keys must be unpredictable also in a hall that is furnished under a virtual clock.
        let chance = Clock::real();
        let vault = Vault::open(&keys, &chance, config.suite, &config.ledger_name)?;
        let vault = Arc::new(vault);
        let mut options = Options::new(clock, vault.row_key);
        options.connections = config.connections;
        options.durability = manner.durability;
        options.kept = KEPT;
        let db = match (&config.database, mode) {
            (Some(url), _) => Db::postgres(url, options),
            (None, Mode::Write) => Db::sqlite(&config.data, options),
            (None, Mode::Read) => Db::sqlite_read_only(&config.data, options),
        }
        .with_context(|| format!("cannot open the hall in {}", config.data.display()))?;
        if mode == Mode::Write {
            db::migrate::run(&db, db.cause(Actor::system()), MIGRATIONS)?;
        }
        let house = Self { db, vault };
        house.furnish(config, mode)?;
        house.db.set_follow(manner.follow);
        Ok(house)
    }

    /// Lends the things that transactions need.
    fn furnish(&self, config: &Config, mode: Mode) -> Result<(), Fault> {
        let files = FileStore::open(&config.data.join("files"), Arc::clone(&self.vault))?;
        self.db.lend(Arc::clone(&self.vault));
        self.db.lend(Arc::new(files));
        crate::days::lend(&self.db, mode)?;
        crate::lend::all(&self.db, config, mode)?;
        Ok(())
    }

    /// The rim over this house.
    ///
    /// # Errors
    /// When a room's wording is damaged.
    pub fn app(&self, config: &Config) -> anyhow::Result<App> {
        let mut settings = AppConfig::new(self.vault.finder("rim", "secret"));
        settings.origin.clone_from(&config.public_address);
        settings.nav = navigation();
        settings.mine = own_affairs();
        settings.scratch = config.data.join("scratch");
        std::fs::create_dir_all(&settings.scratch)?;
        settings.limits.general = match config.requests_per_minute {
            0 => None,
            rate => Some(Rate::new(rate, rate.div_ceil(5))),
        };
        for network in &config.trusted_proxies {
            settings.trusted_proxies.push(network.parse()?);
        }
        for network in &config.operators {
            settings.operators.push(network.parse()?);
        }
        let words = Words::new(MESSAGES)?;
        Ok(App::new(
            self.db.clone(),
            settings,
            words,
            Arc::new(identity::HallDirectory),
        ))
    }
}

/// The tabs of a citizen's own pages.
fn own_affairs() -> Vec<NavEntry> {
    let entry = |href, key| NavEntry {
        href,
        key,
        access: Access::Citizen,
    };
    vec![
        entry("/my", "house.nav_my"),
        entry("/my/bundles", "house.nav_my_bundles"),
        entry("/my/projects", "house.nav_my_projects"),
        entry("/my/certificates", "house.nav_my_certificates"),
        entry("/my/renewals", "house.nav_my_renewals"),
        entry("/my/exits", "house.nav_my_exits"),
        entry("/my/hearings", "house.nav_my_hearings"),
        entry("/my/ratings", "house.nav_my_ratings"),
        entry("/my/pledges", "house.nav_my_pledges"),
        entry("/my/offers", "house.nav_my_offers"),
        entry("/my/messages", "house.nav_messages"),
    ]
}

/// Who has a list of tasks.
const HANDLERS: &[Role] = &[
    Role::Reviewer,
    Role::LegalReviewer,
    Role::Decider,
    Role::CoHandler,
];

/// The main menus of the public pages and of the desk.
fn navigation() -> Vec<NavEntry> {
    let entry = |href, key, access| NavEntry { href, key, access };
    let heads = Access::Roles(&[Role::HallManager, Role::Supervisor]);
    vec![
        entry("/items", "house.nav_items", Access::Public),
        entry("/themes", "house.nav_themes", Access::Public),
        entry("/my", "house.nav_my", Access::Public),
        entry("/track", "house.nav_track", Access::Public),
        entry("/certificates/verify", "house.nav_verify", Access::Public),
        entry("/sunshine", "house.nav_sunshine", Access::Public),
        entry(
            "/desk/intake",
            "house.nav_intake",
            Access::Officer(Role::IntakeClerk),
        ),
        entry("/desk/tasks", "house.nav_tasks", Access::Roles(HANDLERS)),
        entry("/desk/projects", "house.nav_projects", project::DESK),
        entry("/desk/pledges", "house.nav_pledges", pledge::READERS),
        entry("/desk/authority", "house.nav_authority", authority::DESK),
        entry("/desk/tacit", "house.nav_tacit", case::WATCHERS),
        entry("/desk/leniency", "house.nav_leniency", leniency::READERS),
        entry("/desk/offers", "house.nav_offers", offer::READERS),
        entry("/desk/ruled", "house.nav_ruled", case::WATCHERS),
        entry(
            "/desk/delivery",
            "house.nav_delivery",
            Access::Officer(Role::ExitClerk),
        ),
        entry(
            "/desk/archive",
            "house.nav_archive",
            Access::Officer(Role::HallManager),
        ),
        entry(
            "/desk/catalogue",
            "house.nav_catalogue",
            Access::Officer(Role::CatalogueEditor),
        ),
        entry(
            "/desk/certificates",
            "house.nav_certificates",
            certificate::READERS,
        ),
        entry("/desk/renewals", "house.nav_renewals", renewal::READERS),
        entry("/desk/exits", "house.nav_exits", exit::READERS),
        entry("/desk/hearings", "house.nav_hearings", hearing::READERS),
        entry("/desk/insight", "house.nav_insight", heads),
        entry(
            "/desk/processes",
            "house.nav_processes",
            Access::Roles(analytics::WORKSHOP_READERS),
        ),
        entry(
            "/desk/procedures",
            "house.nav_procedures",
            procedure::READERS,
        ),
        entry("/desk/ratings", "house.nav_ratings", heads),
        entry("/desk/messages", "house.nav_messages", Access::AnyOfficer),
        entry(
            "/desk/admin",
            "house.nav_admin",
            Access::Roles(&[Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin]),
        ),
    ]
}
