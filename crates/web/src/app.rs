//! App: what every handler asks for. It reads, writes, and writes once; a clone is cheap.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use db::{Cause, Db, Tx};
use kernel::{Clock, Fault, OfficerId, PersonId};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::access::{AsActor, Citizen, Officer};
use crate::config::{AppConfig, Rate};
use crate::fault::Failure;
use crate::metrics::Metrics;
use crate::once::OnceToken;
use crate::rate::Buckets;
use crate::signer::Signer;
use crate::visit::Visit;
use crate::words::Words;

/// Who is who: the identity room tells the rim.
pub trait Directory: Send + Sync {
    /// The tables that its answers rest on, beside the day: as long as nobody writes to them the
    /// answers of one day stay the same.
    fn tables(&self) -> &'static [&'static str];

    /// An officer who may log in now, with their seats; `None` when dismissed or unknown.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when the store cannot answer.
    fn officer(&self, tx: &mut Tx<'_>, id: OfficerId) -> Result<Option<Officer>, Fault>;

    /// A citizen who may log in now.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when the store cannot answer.
    fn citizen(&self, tx: &mut Tx<'_>, id: PersonId) -> Result<Option<Citizen>, Fault>;
}

/// Which limit an attempt counts against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bucket {
    /// Every request.
    General,
    /// Attempts to log in.
    Login,
    /// Uploads.
    Upload,
}

/// The house as a handler sees it. Handlers take `app: App`.
#[derive(Clone)]
pub struct App {
    house: Arc<House>,
    visit: Option<Visit>,
}

struct House {
    db: Db,
    config: AppConfig,
    words: Arc<Words>,
    directory: Arc<dyn Directory>,
    signer: Signer,
    buckets: Buckets,
    metrics: Metrics,
}

impl App {
    /// The house over an open store.
    #[must_use]
    pub fn new(db: Db, config: AppConfig, words: Words, directory: Arc<dyn Directory>) -> Self {
        let house = House {
            signer: Signer::new(config.secret),
            db,
            config,
            words: Arc::new(words),
            directory,
            buckets: Buckets::default(),
            metrics: Metrics::default(),
        };
        Self {
            house: Arc::new(house),
            visit: None,
        }
    }

    /// Reads from one snapshot.
    ///
    /// # Errors
    /// Whatever `work` answers, or [`Fault::Unavailable`].
    pub async fn read<T, F>(&self, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    {
        self.house.db.read_async(work).await
    }

    /// Writes as somebody, and answers after the durable commit. `work` may be run again.
    ///
    /// # Errors
    /// Whatever `work` answers, or [`Fault::Unavailable`].
    pub async fn write<T, F>(&self, by: &impl AsActor, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    {
        let cause = self.cause(by);
        self.house.db.write_async(cause, work).await
    }

    /// As [`App::write`], but a request that was answered before gets the same answer and has
    /// no second effect. Without a key it is a plain write.
    ///
    /// # Errors
    /// As [`App::write`]; [`Fault::Conflict`] when the key was used for something else.
    pub async fn write_once<T, F>(
        &self,
        by: &impl AsActor,
        once: &OnceToken,
        work: F,
    ) -> Result<T, Fault>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    {
        let Some(key) = once.key(&by.as_actor())? else {
            return self.write(by, work).await;
        };
        let (reply, repeated) = self
            .write(by, move |tx| {
                db::once::once(tx, &key, |tx| {
                    let answer = work(tx)?;
                    serde_json::to_string(&answer).map_err(Fault::broken)
                })
            })
            .await?;
        if repeated {
            once.mark_repeated();
        }
        serde_json::from_str(&reply).map_err(Fault::broken)
    }

    /// As [`App::write_once`] for what a form asks for: one that cannot be read writes nothing.
    ///
    /// # Errors
    /// What is wrong with the form, or as [`App::write_once`].
    pub async fn write_form<T, F>(
        &self,
        by: &impl AsActor,
        once: &OnceToken,
        work: Result<F, Fault>,
    ) -> Result<T, Fault>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    {
        self.write_once(by, once, work?).await
    }

    /// Counts an attempt against a limit, under an address or an account.
    ///
    /// # Errors
    /// [`Fault::TooMany`] when there were too many.
    pub fn allow(&self, bucket: Bucket, key: &str) -> Result<(), Fault> {
        let limits = &self.house.config.limits;
        let rate: Option<Rate> = match bucket {
            Bucket::General => limits.general,
            Bucket::Login => limits.login,
            Bucket::Upload => limits.upload,
        };
        match rate {
            Some(rate) => self
                .house
                .buckets
                .take(bucket, key, rate, self.clock().now()),
            None => Ok(()),
        }
    }

    /// The store.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.house.db
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        self.house.db.clock()
    }

    /// Wording for people.
    #[must_use]
    pub fn words(&self) -> &Arc<Words> {
        &self.house.words
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &AppConfig {
        &self.house.config
    }

    pub(crate) fn signer(&self) -> &Signer {
        &self.house.signer
    }

    pub(crate) fn directory(&self) -> &Arc<dyn Directory> {
        &self.house.directory
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.house.metrics
    }

    /// The cause of a write: the first of a visit is the visit's own command.
    fn cause(&self, by: &impl AsActor) -> Cause {
        let actor = by.as_actor();
        let Some(visit) = &self.visit else {
            return self.house.db.cause(actor);
        };
        let cause = match visit.take_command() {
            Some(command) => Cause { actor, command },
            None => self.house.db.cause(actor),
        };
        tracing::debug!(request = visit.request_id(), command = %cause.command, "write");
        cause
    }
}

impl FromRequestParts<App> for App {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        Ok(Self {
            house: Arc::clone(&app.house),
            visit: Some(Visit::of(parts)?),
        })
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("App")
    }
}
