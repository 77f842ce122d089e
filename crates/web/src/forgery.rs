//! Forged requests (CSRF): every request that changes something must carry the form token of
//! its log-in, or prove that it comes from our own pages, or use a `Bearer` token.
//!
//! Tokens are masked anew on every page, so that compressing the page does not betray them.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Uri, header};

use crate::app::App;
use crate::fault::Failure;
use crate::signer::{decode, encode, equal};
use crate::visit::Visit;

/// The form field that carries the token.
pub const TOKEN_FIELD: &str = "csrf";
/// The header that carries the token, for scripts.
const TOKEN_HEADER: &str = "x-csrf-token";
const FETCH_SITE: &str = "sec-fetch-site";

/// The token of a log-in, or of an anonymous visitor.
pub(crate) fn token_for(app: &App, of: &[u8]) -> [u8; 16] {
    let digest = app.signer().digest("form token", of);
    let mut token = [0; 16];
    token.copy_from_slice(&digest[..16]);
    token
}

/// The token as a page shows it.
pub(crate) fn masked(app: &App, visit: &Visit) -> String {
    let mask: [u8; 16] = app.clock().random();
    let mut both = mask.to_vec();
    let token = &visit.facts().form_token;
    both.extend(token.iter().zip(mask).map(|(byte, mask)| byte ^ mask));
    encode(&both)
}

/// Whether a token that came back is the visit's.
pub(crate) fn fits(visit: &Visit, text: &str) -> bool {
    let Some(both) = decode(text).filter(|both| both.len() == 32) else {
        return false;
    };
    let (mask, hidden) = both.split_at(16);
    let token: Vec<u8> = hidden
        .iter()
        .zip(mask)
        .map(|(byte, mask)| byte ^ mask)
        .collect();
    equal(&token, &visit.facts().form_token)
}

/// Refuses a request that could have been forged. Multipart forms are checked by the reader of
/// the form, which finds this mark.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TokenStillToCheck;

/// Where a request says it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    Own,
    Foreign,
    Unsaid,
}

/// Lets a request that changes something pass, with its body, or refuses it.
pub(crate) async fn check(app: &App, visit: &Visit, request: Request) -> Result<Request, Failure> {
    if visit.facts().by_bearer {
        return Ok(request);
    }
    let origin = origin(app, request.headers());
    if origin == Origin::Foreign {
        return Err(Failure::forbidden("forgery.foreign"));
    }
    let header = request.headers().get(TOKEN_HEADER);
    if let Some(text) = header.and_then(|value| value.to_str().ok()) {
        return if fits(visit, text) {
            Ok(request)
        } else {
            Err(Failure::forbidden("forgery.token"))
        };
    }
    if is_api(visit.path()) {
        // Without a log-in there is nothing that a forger could borrow.
        return if visit.session().is_none() || origin == Origin::Own {
            Ok(request)
        } else {
            Err(Failure::forbidden("forgery.token"))
        };
    }
    check_form(app, visit, request).await
}

async fn check_form(app: &App, visit: &Visit, request: Request) -> Result<Request, Failure> {
    let (mut parts, body) = request.into_parts();
    match media(&parts.headers) {
        "application/x-www-form-urlencoded" => {
            let bytes = read_body(body, app.config().limits.form_bytes).await?;
            let token = form_urlencoded::parse(&bytes).find(|(name, _)| name == TOKEN_FIELD);
            if !token.is_some_and(|(_, text)| fits(visit, &text)) {
                return Err(Failure::forbidden("forgery.token"));
            }
            Ok(Request::from_parts(parts, Body::from(bytes)))
        }
        "multipart/form-data" => {
            parts.extensions.insert(TokenStillToCheck);
            Ok(Request::from_parts(parts, body))
        }
        _ => Err(Failure::forbidden("forgery.token")),
    }
}

/// The media type without its parameters.
pub(crate) fn media(headers: &HeaderMap) -> &str {
    let whole = headers.get(header::CONTENT_TYPE);
    let whole = whole.and_then(|value| value.to_str().ok()).unwrap_or("");
    whole.split(';').next().unwrap_or("").trim()
}

/// Reads a body up to a limit.
pub(crate) async fn read_body(body: Body, limit: usize) -> Result<Bytes, Failure> {
    let too_large = || {
        Failure::from(kernel::Fault::TooLarge {
            limit: limit as u64,
        })
    };
    axum::body::to_bytes(body, limit).await.map_err(|error| {
        let mut cause: Option<&dyn std::error::Error> = Some(&error);
        while let Some(inner) = cause {
            if inner.to_string().contains("length limit exceeded") {
                return too_large();
            }
            cause = inner.source();
        }
        Failure::malformed("body.cut")
    })
}

/// Whether a path belongs to the interface for programs.
pub(crate) fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

fn origin(app: &App, headers: &HeaderMap) -> Origin {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text(FETCH_SITE) {
        Some("same-origin") => return Origin::Own,
        Some("none") | None => {}
        Some(_) => return Origin::Foreign,
    }
    let Some(origin) = text(header::ORIGIN.as_str()) else {
        return Origin::Unsaid;
    };
    let configured = app.config().origin.as_deref();
    if configured.is_some_and(|own| own.trim_end_matches('/') == origin) {
        return Origin::Own;
    }
    let authority = origin.parse::<Uri>().ok();
    let authority = authority.as_ref().and_then(Uri::authority);
    match (authority, text(header::HOST.as_str())) {
        (Some(authority), Some(host)) if authority.as_str() == host => Origin::Own,
        _ => Origin::Foreign,
    }
}
