//! The frame around all doors: makes the [`Visit`] of a request, counts it, has it answered in
//! time, gives failures their words, sets cookies and protecting headers, and logs one line.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::{Actor, Channel, CommandId, Fault, Lang};

use crate::access::Visitor;
use crate::app::{App, Bucket};
use crate::cookie;
use crate::doors::DoorTag;
use crate::fault::{Failure, present};
use crate::forgery::{is_api, media, token_for};
use crate::page::{Entered, Flash, Left};
use crate::session::{self, Session, Subject};
use crate::shield;
use crate::visit::{Facts, Marks, Visit};

const REQUEST_ID: &str = "x-request-id";
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Attends one request from beginning to end.
pub(crate) async fn attend(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let facts = facts(&app, &request);
    let token = session_token(&app, request.headers());
    let (visit, entered) = enter(&app, facts, token).await;
    let limit_seconds = match media(request.headers()) {
        "multipart/form-data" => app.config().limits.upload_seconds,
        _ => app.config().limits.request_seconds,
    };
    let limit = Duration::from_secs(limit_seconds);
    let answer = match entered {
        Ok(()) => {
            request.extensions_mut().insert(visit.clone());
            let answer = tokio::time::timeout(limit, next.run(request)).await;
            answer.unwrap_or_else(|_| Failure::unavailable("took too long").into_response())
        }
        Err(failure) => failure.into_response(),
    };
    finish(&app, &visit, answer, started)
}

/// Gives the answer its words and its head, and logs it.
fn finish(app: &App, visit: &Visit, mut answer: Response, started: Instant) -> Response {
    let tag = answer.extensions_mut().remove::<DoorTag>();
    let failure = answer.extensions_mut().remove::<Failure>().or_else(|| {
        let status = answer.status();
        let bare = status.is_client_error() || status.is_server_error();
        let kept = answer.headers().get(header::CONTENT_TYPE);
        let wordless = kept.is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
        (bare && wordless).then(|| Failure::bare(status))
    });
    if let Some(failure) = &failure {
        let allow = answer.headers_mut().remove(header::ALLOW);
        answer = present(failure, app, visit);
        if let Some(allow) = allow {
            answer.headers_mut().insert(header::ALLOW, allow);
        }
    }
    set_cookies(app, visit, &mut answer);
    shield::protect(app, visit, &mut answer);
    let headers = answer.headers_mut();
    if let Ok(id) = HeaderValue::from_str(visit.request_id()) {
        headers.insert(REQUEST_ID, id);
    }
    if visit.was_repeated() {
        headers.insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    log(app, visit, tag, failure.as_ref(), &answer, started);
    if *visit.method() == Method::HEAD {
        *answer.body_mut() = axum::body::Body::empty();
    }
    answer
}

fn log(
    app: &App,
    visit: &Visit,
    tag: Option<DoorTag>,
    failure: Option<&Failure>,
    answer: &Response,
    started: Instant,
) {
    let took = started.elapsed();
    let status = answer.status().as_u16();
    let room = tag.as_ref().map_or("none", |tag| tag.room);
    app.metrics().count(room, status, took);
    // The door's pattern, never the path: a path may hold a token or a number of a person.
    let door = tag.as_ref().map_or("-", |tag| &*tag.path);
    let code = failure.map_or("", Failure::code);
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let (request, method) = (visit.request_id(), visit.method().as_str());
    let command = visit.facts().command;
    match failure.and_then(Failure::detail) {
        Some(detail) => tracing::error!(
            request, %command, method, door, room, status, micros, code, detail, "answered"
        ),
        None => tracing::info!(
            request, %command, method, door, room, status, micros, code, "answered"
        ),
    }
}

/// Makes the visit. It exists even when the visitor may not come in: the refusal needs words.
async fn enter(
    app: &App,
    mut facts: Facts,
    token: Option<(String, bool)>,
) -> (Visit, Result<(), Failure>) {
    let mut entered = Ok(());
    if !is_plain(&facts.path) {
        let key = crate::rate::address_key(facts.client);
        entered = app.allow(Bucket::General, &key);
        if let (Ok(()), Some((token, by_bearer))) = (&entered, token) {
            facts.by_bearer = by_bearer;
            entered = recognise(app, &mut facts, token).await;
        }
    }
    let of = match &facts.session {
        Some(session) => session.digest().as_slice(),
        None => facts.anonymous.as_slice(),
    };
    facts.form_token = token_for(app, of);
    (Visit::new(facts), entered.map_err(Failure::from))
}

/// Paths that know no visitor.
fn is_plain(path: &str) -> bool {
    path.starts_with(crate::assets::FOLDER) || matches!(path, "/healthz" | "/readyz" | "/metrics")
}

fn facts(app: &App, request: &Request) -> Facts {
    let headers = request.headers();
    let command: CommandId = app.clock().new_id();
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or("").to_owned();
    let channel = if is_api(&path) {
        Channel::Api
    } else {
        channel(headers)
    };
    let name = cookie::full_name(app.config(), cookie::VISITOR);
    let kept = cookie::find(headers, &name)
        .and_then(|text| app.signer().open("visitor", text))
        .and_then(|bytes| <[u8; 16]>::try_from(bytes).ok());
    let flash = cookie::find(headers, &cookie::full_name(app.config(), cookie::FLASH))
        .and_then(|text| app.signer().open("flash", text))
        .and_then(|bytes| String::from_utf8(bytes).ok());
    Facts {
        request_id: request_id(headers).unwrap_or_else(|| command.to_string()),
        command,
        lang: choose_lang(app, headers, &query),
        wants_json: is_api(&path) || prefers_json(headers),
        client: client(app, request),
        method: request.method().clone(),
        path,
        query,
        visitor: Visitor::Public(channel),
        session: None,
        by_bearer: false,
        anonymous: kept.unwrap_or_else(|| app.clock().random()),
        anonymous_kept: kept.is_some(),
        form_token: [0; 16],
        flash,
        marks: Marks::default(),
    }
}

/// The token that the client sent, and whether it came after `Bearer`.
fn session_token(app: &App, headers: &HeaderMap) -> Option<(String, bool)> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    if let Some((_, token)) = bearer {
        return Some((token.trim().to_owned(), true));
    }
    let name = cookie::full_name(app.config(), cookie::SESSION);
    cookie::find(headers, &name).map(|token| (token.to_owned(), false))
}

/// Finds the log-in of a token and who it is; leaves the facts alone when it has ended.
async fn recognise(app: &App, facts: &mut Facts, token: String) -> Result<(), Fault> {
    let policy = app.config().sessions;
    let directory = std::sync::Arc::clone(app.directory());
    let Some(digest) = session::digest_of(&token) else {
        return Ok(());
    };
    let mut tables = vec![session::SESSIONS.name];
    tables.extend(directory.tables());
    let found = app
        .db()
        .read_early_async(move |tx| {
            let today = tx.today();
            let mut key = digest.to_vec();
            key.extend(today.to_string().into_bytes());
            let known = tx.kept("web.visitor", &tables, &key, |tx| {
                let Some(session) = session::find(tx, &digest)? else {
                    return Ok(None);
                };
                let visitor = match session.subject {
                    Subject::Officer(id) => directory.officer(tx, id)?.map(Visitor::Officer),
                    Subject::Citizen(id) => directory.citizen(tx, id)?.map(Visitor::Citizen),
                };
                Ok(visitor.map(|visitor| (session, visitor)))
            })?;
            let now = tx.now();
            let alive = known
                .as_ref()
                .as_ref()
                .filter(|(session, _)| now < session.idle_end(&policy));
            Ok(alive.cloned())
        })
        .await?;
    let Some((session, visitor)) = found else {
        return Ok(());
    };
    if session.is_stale(&policy, app.clock().now()) {
        let digest = *session.digest();
        let cause = app.db().cause(Actor::system());
        let noted = app
            .db()
            .write_async(cause, move |tx| session::touch(tx, &digest))
            .await;
        if let Err(fault) = noted {
            tracing::warn!(%fault, "a click could not be written down");
        }
    }
    // Whoever has a step left to take is a stranger to every door but that step's.
    if session.step.is_none() {
        facts.visitor = seated(visitor, &session, is_api(&facts.path));
    }
    facts.session = Some(session);
    Ok(())
}

/// The visitor at the seat they chose, by the way they came in.
fn seated(visitor: Visitor, session: &Session, by_api: bool) -> Visitor {
    let channel = if by_api {
        Channel::Api
    } else {
        session.channel
    };
    match visitor {
        Visitor::Officer(mut officer) => {
            officer.channel = channel;
            let chosen = officer
                .seats
                .iter()
                .position(|seat| Some(seat.post) == session.post);
            officer.active = chosen.unwrap_or(0);
            Visitor::Officer(officer)
        }
        Visitor::Citizen(mut citizen) => {
            citizen.channel = channel;
            Visitor::Citizen(citizen)
        }
        Visitor::Public(_) => Visitor::Public(channel),
    }
}

/// An id from a neighbour, if it looks like one.
fn request_id(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(REQUEST_ID)?.to_str().ok()?;
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let fits = (8..=64).contains(&text.len()) && text.bytes().all(letters);
    fits.then(|| text.to_owned())
}

/// By phone or by desktop browser.
fn channel(headers: &HeaderMap) -> Channel {
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok());
    match agent {
        Some(agent) if agent.contains("Mobile") => Channel::Mobile,
        _ => Channel::Web,
    }
}

/// `?lang=`, else the cookie, else what the browser asks for; Chinese first.
fn choose_lang(app: &App, headers: &HeaderMap, query: &str) -> Lang {
    let kept = || {
        let name = cookie::full_name(app.config(), cookie::LANG);
        cookie::find(headers, &name).and_then(|word| word.parse().ok())
    };
    asked_lang(query).or_else(kept).unwrap_or_else(|| {
        let wanted = headers.get(header::ACCEPT_LANGUAGE);
        accepted_lang(wanted.and_then(|value| value.to_str().ok()).unwrap_or(""))
    })
}

fn asked_lang(query: &str) -> Option<Lang> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "lang")
        .and_then(|(_, word)| word.parse().ok())
}

/// The first of our languages by the browser's weights; Chinese where they are equal.
fn accepted_lang(accept: &str) -> Lang {
    let weight = |tag: &str| {
        let of = |part: &str| {
            let mut words = part.split(';').map(str::trim);
            let name = words.next()?.to_ascii_lowercase();
            let fits = name == tag || name.strip_prefix(tag).is_some_and(|r| r.starts_with('-'));
            let weight = words.find_map(|word| word.strip_prefix("q="));
            // As a text of fixed width weights compare like numbers: no floating point.
            fits.then(|| format!("{:0<5}", weight.unwrap_or("1.000")))
        };
        accept.split(',').filter_map(of).max()
    };
    if weight("zh") < weight("en") {
        Lang::En
    } else {
        Lang::Zh
    }
}

fn prefers_json(headers: &HeaderMap) -> bool {
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| {
        let json = accept.contains("application/json") || accept.contains("+json");
        json && !accept.contains("text/html")
    })
}

/// The client's address: the peer's, or what trusted proxies say, read from the right.
fn client(app: &App, request: &Request) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let mut client = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
    let trusted = |address| {
        let proxies = &app.config().trusted_proxies;
        proxies.iter().any(|network| network.holds(address))
    };
    let lines = request.headers().get_all(FORWARDED_FOR);
    let said: Vec<&str> = lines
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .collect();
    for address in said.into_iter().rev() {
        if !trusted(client) {
            break;
        }
        match address.trim().parse() {
            Ok(address) => client = address,
            Err(_) => break,
        }
    }
    client.to_canonical()
}

fn set_cookies(app: &App, visit: &Visit, answer: &mut Response) {
    let config = app.config();
    let entered = answer.extensions_mut().remove::<Entered>();
    let left = answer.extensions_mut().remove::<Left>();
    let flash = answer.extensions_mut().remove::<Flash>();
    let headers = answer.headers_mut();
    if let Some(Entered(token)) = entered {
        cookie::keep(headers, config, cookie::SESSION, token.text(), None);
    } else if left.is_some() {
        cookie::forget(headers, config, cookie::SESSION);
    }
    if let Some(Flash(text)) = flash {
        let text = app.signer().sign("flash", text.as_bytes());
        cookie::keep(headers, config, cookie::FLASH, &text, Some(60));
    } else if visit.flash_was_shown() {
        cookie::forget(headers, config, cookie::FLASH);
    }
    let facts = visit.facts();
    if facts.session.is_none() && visit.token_was_shown() && !facts.anonymous_kept {
        let text = app.signer().sign("visitor", &facts.anonymous);
        cookie::keep(headers, config, cookie::VISITOR, &text, None);
    }
    if let Some(lang) = asked_lang(&facts.query) {
        let seconds = Some(cookie::YEAR_SECONDS);
        cookie::keep(headers, config, cookie::LANG, lang.as_str(), seconds);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_language_counts_and_chinese_comes_first() {
        assert_eq!(accepted_lang(""), Lang::Zh);
        assert_eq!(accepted_lang("fr, en;q=0.5"), Lang::En);
        assert_eq!(accepted_lang("en-GB,zh-CN;q=0.9"), Lang::En);
        assert_eq!(accepted_lang("en;q=0.7, zh;q=0.75"), Lang::Zh);
        assert_eq!(accepted_lang("zh,en"), Lang::Zh);
        assert_eq!(accepted_lang("*"), Lang::Zh);
    }
}
