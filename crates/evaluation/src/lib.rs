//! Ratings 好差评: after every finished case and every service at the counter one invitation,
//! five grades, one supplement, and a default that never counts as satisfaction.
//!
//! Reading order: `model` (the nouns), `decide` (the rules), `token` (what opens a rating),
//! `summary` (how an item stands), `store`, `pages`, `api`. Deliberately absent: the loop on bad
//! ratings, which begins with this room's events; texts of ratings in events or tables.

mod api;
mod code_pages;
mod contract;
mod decide;
mod desk;
mod mine;
mod model;
mod pages;
mod store;
mod summary;
mod token;
mod use_cases;

use std::sync::Arc;

use db::Tx;
use kernel::{Fault, Lang, OrganId};
use ledger::audit::{self, Audited};
use uuid::Uuid;
use web::{Access, App, Doors, Role};

pub use contract::openapi;
pub use decide::{Answer, Command, Event, Facts, Refusal};
pub use model::{
    Aspect, Given, Grade, Rating, RatingChannel, RatingId, RatingStatus, Service, Subject,
    Supplement, TagSet,
};
pub use store::{Filter, Reach};
pub use summary::{Rate, Summary};
pub use token::{Code, Token, code_to_show, make_code, redeem_code};
pub use use_cases::{
    DEFAULT_TIMER, Invitation, Invited, Said, fire, invite, link_of, list, of_person, of_subject,
    of_token, rate, rate_own, receive, summary, supplement, words_of,
};

/// The room's name.
pub const ROOM: &str = "evaluation";

/// The room's tables.
pub const MIGRATIONS: &[db::Migration] = &[db::Migration {
    room: ROOM,
    number: 1,
    sql: include_str!("../migrations/0001_evaluation.sql"),
}];

/// The room's wording.
pub const MESSAGES: &str = include_str!("../messages.toml");

/// What a hall decides about ratings; lent to the store by the roof. Local rules, not law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RatingPolicy {
    /// After how many natural days without an answer the default is given: seven in Guangdong.
    pub default_days: i64,
    /// How many hours a code of six digits lasts.
    pub code_hours: i64,
}

impl Default for RatingPolicy {
    fn default() -> Self {
        Self {
            default_days: 7,
            code_hours: 24,
        }
    }
}

/// The hall's policy, or the usual one where the roof lent none.
pub(crate) fn policy(tx: &Tx<'_>) -> RatingPolicy {
    let lent = tx.thing::<RatingPolicy>();
    lent.map_or_else(|_| RatingPolicy::default(), |policy| *policy)
}

/// An item as this room shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemCard {
    /// Its raw id.
    pub item: Uuid,
    /// The version in force.
    pub version: u32,
    /// The code in its address.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its English name, where it has one.
    pub name_en: Option<String>,
    /// The organ that is answerable for it.
    pub organ: OrganId,
}

impl ItemCard {
    /// Its name in the language of a page: the Chinese one where there is no other.
    #[must_use]
    pub fn name_in(&self, lang: Lang) -> &str {
        lang.pick(Some(self.name.as_str()), self.name_en.as_deref())
            .unwrap_or(&self.name)
    }
}

/// What the rooms beneath know of items and organs; the roof lends one as [`Names`].
pub trait ItemNames: Send + Sync {
    /// The published item with any of its codes, today.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when the store cannot answer.
    fn by_code(&self, tx: &mut Tx<'_>, code: &str) -> Result<Option<ItemCard>, Fault>;

    /// A version of an item, published still or not.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when the store cannot answer.
    fn by_id(&self, tx: &mut Tx<'_>, item: Uuid, version: u32) -> Result<Option<ItemCard>, Fault>;

    /// The name of an organ.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when the store cannot answer.
    fn organ_name(&self, tx: &mut Tx<'_>, organ: OrganId) -> Result<String, Fault>;
}

/// The thing under which [`ItemNames`] are lent: `db.lend(Arc::new(Names(…)))`.
#[derive(Clone)]
pub struct Names(pub Arc<dyn ItemNames>);

/// What the tables are, for `verify --deep`.
#[must_use]
pub fn tables() -> Vec<Audited> {
    vec![audit::lifecycle::<Rating>(), Audited::Sealed(&store::CODES)]
}

const COUNTER: &[Role] = &[Role::IntakeClerk, Role::ExitClerk, Role::HallManager];
const READERS: &[Role] = &[
    Role::IntakeClerk,
    Role::Reviewer,
    Role::LegalReviewer,
    Role::Decider,
    Role::ExitClerk,
    Role::CoHandler,
    Role::Supervisor,
    Role::HallManager,
];

/// The room's doors.
#[must_use]
pub fn doors(app: App) -> Doors {
    Doors::new(ROOM, app)
        .get("/rate", Access::Public, code_pages::show_code_entry)
        .post("/rate", Access::Public, code_pages::enter_code)
        .get("/rate/{token}", Access::Public, pages::show_rating)
        .post("/rate/{token}", Access::Public, pages::rate)
        .post(
            "/rate/{token}/supplement",
            Access::Public,
            pages::supplement,
        )
        .get("/my/cases/{id}/rating", Access::Citizen, mine::rate_my_case)
        .get("/my/ratings", Access::Citizen, mine::list_my_ratings)
        .get("/items/{code}/ratings", Access::Public, pages::show_summary)
        .get("/desk/ratings", Access::Roles(READERS), desk::list_ratings)
        .get(
            "/desk/ratings/invite",
            Access::Roles(COUNTER),
            desk::show_invite,
        )
        .post("/desk/ratings/invite", Access::Roles(COUNTER), desk::invite)
        .get(
            "/desk/ratings/invite/{rating}",
            Access::Roles(COUNTER),
            desk::show_code,
        )
        .get("/api/v1/ratings/{token}", Access::Public, api::show_rating)
        .post("/api/v1/ratings/{token}", Access::Public, api::rate)
        .post(
            "/api/v1/ratings/{token}/supplement",
            Access::Public,
            api::supplement,
        )
        .get(
            "/api/v1/items/{code}/ratings",
            Access::Public,
            api::show_summary,
        )
}

#[cfg(test)]
mod tests;
