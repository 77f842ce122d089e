//! Visit: one request as the house sees it — its id, language, address, visitor and log-in.
//! Made by `attend`, read by the extractors; a clone is cheap.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Extensions, Method};
use kernel::{CommandId, Lang};

use crate::access::Visitor;
use crate::app::App;
use crate::fault::Failure;
use crate::rate::address_key;
use crate::session::Session;

/// One request as the house sees it.
#[derive(Clone)]
pub struct Visit(Arc<Facts>);

/// What is known of a request when it enters.
pub(crate) struct Facts {
    pub(crate) request_id: String,
    pub(crate) command: CommandId,
    pub(crate) lang: Lang,
    pub(crate) wants_json: bool,
    pub(crate) client: IpAddr,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) visitor: Visitor,
    pub(crate) session: Option<Session>,
    /// The log-in came after `Bearer`, which no foreign page can make a browser send.
    pub(crate) by_bearer: bool,
    /// A signed name for somebody who has not logged in.
    pub(crate) anonymous: [u8; 16],
    /// Whether the browser already keeps that name.
    pub(crate) anonymous_kept: bool,
    /// The form token of this log-in or of this anonymous visitor.
    pub(crate) form_token: [u8; 16],
    pub(crate) flash: Option<String>,
    pub(crate) marks: Marks,
}

/// What happened on the way that the answer's head must tell.
#[derive(Default)]
pub(crate) struct Marks {
    command_taken: AtomicBool,
    flash_shown: AtomicBool,
    token_shown: AtomicBool,
    repeated: AtomicBool,
    asked: Mutex<Asked>,
}

/// What the body's reader found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    /// The key in the form.
    pub(crate) key: Option<String>,
    /// The digest of all that was sent.
    pub(crate) digest: [u8; 32],
}

impl Visit {
    pub(crate) fn new(facts: Facts) -> Self {
        Self(Arc::new(facts))
    }

    /// The visit of a request.
    pub(crate) fn of(parts: &Parts) -> Result<Self, Failure> {
        Self::within(&parts.extensions)
    }

    pub(crate) fn within(extensions: &Extensions) -> Result<Self, Failure> {
        let visit = extensions.get::<Visit>().cloned();
        visit.ok_or_else(|| Failure::broken("a door outside the house: use serve::router"))
    }

    /// The id under which this request is in the log.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.0.request_id
    }

    /// The visitor's language.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.0.lang
    }

    /// Where the request came from.
    #[must_use]
    pub fn client(&self) -> IpAddr {
        self.0.client
    }

    /// The client as a key for [`App::allow`].
    #[must_use]
    pub fn client_key(&self) -> String {
        address_key(self.0.client)
    }

    /// The path that was asked for.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// Who stands at the door.
    #[must_use]
    pub fn visitor(&self) -> &Visitor {
        &self.0.visitor
    }

    /// The log-in, if there is one.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        self.0.session.as_ref()
    }

    /// Whether the answer should be JSON rather than a page.
    #[must_use]
    pub fn wants_json(&self) -> bool {
        self.0.wants_json
    }

    pub(crate) fn facts(&self) -> &Facts {
        &self.0
    }

    pub(crate) fn method(&self) -> &Method {
        &self.0.method
    }

    /// Names somebody who has not logged in: their cookie, else their address.
    pub(crate) fn anonymous_name(&self) -> String {
        if self.0.anonymous_kept {
            crate::signer::encode(&self.0.anonymous)
        } else {
            self.client_key()
        }
    }

    /// The visit's command, the first time.
    pub(crate) fn take_command(&self) -> Option<CommandId> {
        let taken = self.0.marks.command_taken.swap(true, Ordering::Relaxed);
        (!taken).then_some(self.0.command)
    }

    pub(crate) fn take_flash(&self) -> Option<String> {
        self.0.marks.flash_shown.store(true, Ordering::Relaxed);
        self.0.flash.clone()
    }

    pub(crate) fn flash_was_shown(&self) -> bool {
        self.0.flash.is_some() && self.0.marks.flash_shown.load(Ordering::Relaxed)
    }

    pub(crate) fn mark_token_shown(&self) {
        self.0.marks.token_shown.store(true, Ordering::Relaxed);
    }

    pub(crate) fn token_was_shown(&self) -> bool {
        self.0.marks.token_shown.load(Ordering::Relaxed)
    }

    pub(crate) fn mark_repeated(&self) {
        self.0.marks.repeated.store(true, Ordering::Relaxed);
    }

    pub(crate) fn was_repeated(&self) -> bool {
        self.0.marks.repeated.load(Ordering::Relaxed)
    }

    pub(crate) fn asked(&self) -> Asked {
        let asked = self.0.marks.asked.lock();
        asked.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_asked(&self, asked: Asked) {
        let mut place = self
            .0
            .marks
            .asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *place = asked;
    }
}

impl std::fmt::Debug for Visit {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Visit({})", self.0.request_id)
    }
}

impl FromRequestParts<App> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Failure> {
        Visit::of(parts)
    }
}
