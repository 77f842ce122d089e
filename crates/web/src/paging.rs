//! Lists by seek: a page of items and a signed cursor for the next one. A cursor that somebody
//! changed, or that belongs to another list, is a 400.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::fault::{Failure, Reply};
use crate::json::Query;
use crate::signer::Signer;
use crate::visit::Visit;

/// How many items a page has when nobody asks for another number.
pub const ITEMS_USUAL: usize = 20;
/// How many items a page may have.
pub const ITEMS_MAX: usize = 100;

/// One page of a list, as the interface for programs answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    /// The items, in order.
    pub items: Vec<T>,
    /// The cursor of the next page, if there is one: `?cursor=`.
    pub next: Option<String>,
}

/// Which page of a list is asked for: `?cursor=` and `?limit=`.
#[derive(Clone)]
pub struct Paging {
    app: App,
    list: String,
    cursor: Option<String>,
    limit: usize,
}

#[derive(Deserialize)]
struct Asked {
    cursor: Option<String>,
    limit: Option<usize>,
}

impl Paging {
    /// The key after which the page begins; `None` for the first page. The key is whatever the
    /// list is sorted by, e.g. `(due, case id)`.
    ///
    /// # Errors
    /// 400 when the cursor is not one that this list gave.
    pub fn after<K: DeserializeOwned>(&self) -> Reply<Option<K>> {
        let Some(cursor) = &self.cursor else {
            return Ok(None);
        };
        let wrong = || Failure::malformed("cursor.wrong");
        let body = self
            .signer()
            .open(&self.purpose(), cursor)
            .ok_or_else(wrong)?;
        serde_json::from_slice(&body).map(Some).map_err(|_| wrong())
    }

    /// How many items the page shall have. Ask the store for one more to know whether there is
    /// a next page.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// How many to ask the store for.
    #[must_use]
    pub fn limit_and_one(&self) -> usize {
        self.limit + 1
    }

    /// Makes the page of up to [`Paging::limit_and_one`] items; `key` tells the sort key of one.
    ///
    /// # Errors
    /// 500 when the key cannot be written.
    pub fn page<T, K: Serialize>(
        &self,
        mut items: Vec<T>,
        key: impl Fn(&T) -> K,
    ) -> Reply<Page<T>> {
        let more = self.limit < items.len();
        items.truncate(self.limit);
        let next = match items.last().filter(|_| more) {
            Some(last) => Some(self.cursor(&key(last))?),
            None => None,
        };
        Ok(Page { items, next })
    }

    /// The cursor after a key.
    ///
    /// # Errors
    /// 500 when the key cannot be written.
    pub fn cursor<K: Serialize>(&self, key: &K) -> Reply<String> {
        let body = serde_json::to_vec(key).map_err(Failure::broken)?;
        Ok(self.signer().sign(&self.purpose(), &body))
    }

    /// Whether this is the first page.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.cursor.is_none()
    }

    /// Where the list begins again: its own address `here`, and nothing on the first page.
    #[must_use]
    pub fn start(&self, here: &str) -> String {
        if self.is_first() {
            return String::new();
        }
        here.to_owned()
    }

    fn signer(&self) -> &Signer {
        self.app.signer()
    }

    fn purpose(&self) -> String {
        format!("cursor {}", self.list)
    }
}

impl<T> Page<T> {
    /// Where the list goes on, `here` being its own address; nothing on the last page.
    #[must_use]
    pub fn onward(&self, here: &str) -> String {
        let Some(cursor) = &self.next else {
            return String::new();
        };
        let joint = if here.contains('?') { '&' } else { '?' };
        format!("{here}{joint}cursor={cursor}")
    }

    /// The same page with every item presented.
    pub fn map<U>(self, present: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(present).collect(),
            next: self.next,
        }
    }
}

impl FromRequestParts<App> for Paging {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let list = Visit::of(parts)?.path().to_owned();
        let Query(asked) = Query::<Asked>::from_request_parts(parts, app).await?;
        let limit = asked.limit.unwrap_or(ITEMS_USUAL);
        if limit == 0 || ITEMS_MAX < limit {
            return Err(Failure::malformed("query.limit").with("max", ITEMS_MAX));
        }
        let cursor = asked.cursor.filter(|cursor| !cursor.is_empty());
        Ok(Self {
            app: app.clone(),
            list,
            cursor,
            limit,
        })
    }
}
