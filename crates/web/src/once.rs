//! OnceToken: what makes a repeated request the same request. The key comes from the header
//! `Idempotency-Key` or from the form field `idempotency_key`.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use db::once::OnceKey;
use kernel::{Actor, Fault};

use crate::app::App;
use crate::fault::Failure;
use crate::visit::Visit;

/// The form field that carries the key.
pub const ONCE_FIELD: &str = "idempotency_key";
const HEADER: &str = "idempotency-key";
const KEY_CHARS_MAX: usize = 128;

/// Names this request, so that [`App::write_once`] does it once. Taken before the body is read;
/// it sees what the body's reader finds.
#[derive(Debug, Clone)]
pub struct OnceToken {
    visit: Visit,
    header: Option<String>,
}

impl OnceToken {
    /// The request's identity for the store; `None` when the client chose no key.
    pub(crate) fn key(&self, actor: &Actor) -> Result<Option<OnceKey>, Fault> {
        let asked = self.visit.asked();
        let Some(key) = self.header.clone().or(asked.key) else {
            return Ok(None);
        };
        if !well_formed(&key) {
            return Err(Fault::invalid(ONCE_FIELD, "once.malformed"));
        }
        let who = match actor.person {
            Some(person) => format!("{}:{person}", actor.kind),
            None => format!("{}:{}", actor.kind, self.visit.anonymous_name()),
        };
        let mut whole = format!("{} {} ", self.visit.method(), self.visit.path()).into_bytes();
        whole.extend_from_slice(&asked.digest);
        Ok(Some(OnceKey::new(who.as_bytes(), &key, &whole)))
    }

    pub(crate) fn mark_repeated(&self) {
        self.visit.mark_repeated();
    }
}

/// What can be a key: visible ASCII, not endless.
fn well_formed(key: &str) -> bool {
    (1..=KEY_CHARS_MAX).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
}

impl FromRequestParts<App> for OnceToken {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Failure> {
        let header = match parts.headers.get(HEADER).map(|value| value.to_str()) {
            None => None,
            Some(Ok(key)) if well_formed(key) => Some(key.to_owned()),
            Some(_) => return Err(Failure::malformed("once.malformed")),
        };
        Ok(Self {
            visit: Visit::of(parts)?,
            header,
        })
    }
}
