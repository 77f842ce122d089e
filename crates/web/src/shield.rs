//! Headers that have the browser protect the visitor. Nothing inline runs, nobody frames us.

use axum::http::{HeaderValue, header};
use axum::response::Response;

use crate::app::App;
use crate::forgery::is_api;
use crate::visit::Visit;

/// What pages may load: our own files only. No inline script, no inline style, no frames.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; \
    style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; \
    media-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

const FIXED: [(&str, &str); 7] = [
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
];

/// Two years, with all subdomains.
const STAY_WITH_HTTPS: &str = "max-age=63072000; includeSubDomains";

/// Puts the protecting headers on an answer.
pub(crate) fn protect(app: &App, visit: &Visit, answer: &mut Response) {
    let headers = answer.headers_mut();
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if app.config().is_https() {
        let stay = HeaderValue::from_static(STAY_WITH_HTTPS);
        headers.insert(header::STRICT_TRANSPORT_SECURITY, stay);
    }
    let private = visit.session().is_some() || is_api(visit.path());
    let keep = if private {
        "no-store"
    } else {
        "private, no-cache"
    };
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static(keep));
}
