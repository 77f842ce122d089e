//! Cookies: reading what the browser sent, writing what it shall keep.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::config::AppConfig;

pub(crate) const SESSION: &str = "qc_session";
pub(crate) const VISITOR: &str = "qc_visitor";
pub(crate) const FLASH: &str = "qc_flash";
pub(crate) const LANG: &str = "qc_lang";

/// How long a visitor keeps the language they chose.
pub(crate) const YEAR_SECONDS: i64 = 365 * 24 * 3600;

/// The name as the browser knows it: over https no other host can set it.
pub(crate) fn full_name(config: &AppConfig, name: &str) -> String {
    if config.is_https() {
        format!("__Host-{name}")
    } else {
        name.to_owned()
    }
}

/// A cookie that the browser sent.
pub(crate) fn find<'h>(headers: &'h HeaderMap, full_name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == full_name).then_some(value))
}

/// Has the browser keep a cookie; without `seconds` until it closes, with 0 no longer.
pub(crate) fn keep(
    headers: &mut HeaderMap,
    config: &AppConfig,
    name: &str,
    value: &str,
    seconds: Option<i64>,
) {
    let mut line = format!(
        "{}={value}; Path=/; HttpOnly; SameSite=Lax",
        full_name(config, name)
    );
    if config.is_https() {
        line.push_str("; Secure");
    }
    if let Some(seconds) = seconds {
        line.push_str(&format!("; Max-Age={seconds}"));
    }
    // All values are base 64 or a word, so this never fails.
    if let Ok(line) = HeaderValue::from_str(&line) {
        headers.append(header::SET_COOKIE, line);
    }
}

/// Has the browser forget a cookie.
pub(crate) fn forget(headers: &mut HeaderMap, config: &AppConfig, name: &str) {
    keep(headers, config, name, "", Some(0));
}
