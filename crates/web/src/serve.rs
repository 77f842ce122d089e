//! The house opens: all doors with the frame around them, health, figures and assets.

use std::future::Future;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::access::Access;
use crate::app::App;
use crate::assets;
use crate::attend::attend;
use crate::doors::Doors;
use crate::fault::{Failure, Reply};
use crate::json::Path;
use crate::visit::Visit;

/// The rim's own doors: assets, health, figures.
#[must_use]
pub fn doors(app: App) -> Doors {
    Doors::new("web", app)
        .get("/assets/{file}", Access::Public, show_asset)
        .get("/healthz", Access::Public, show_health)
        .get("/readyz", Access::Public, show_readiness)
        .get("/metrics", Access::Public, show_figures)
}

/// The doors of all rooms and of the rim, with the frame around them.
pub fn router(rooms: Doors) -> Router {
    let app = rooms.app().clone();
    let raw_limit = app.config().limits.json_bytes;
    doors(app.clone())
        .merge(rooms)
        .into_router()
        .layer(DefaultBodyLimit::max(raw_limit))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app, attend))
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::new())
}

/// Serves until `stop` is done, then lets running requests end.
pub async fn serve(
    rooms: Doors,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) {
    let limits = rooms.app().config().limits.clone();
    crate::lines::answer_all(router(rooms), &limits, listener, stop).await;
}

/// A panic is our defect: it is logged, and the visitor learns only that.
fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let said = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let said = said.or_else(|| panic.downcast_ref::<String>().cloned());
    Failure::broken(format!("a door panicked: {}", said.unwrap_or_default())).into_response()
}

async fn show_asset(Path(file): Path<String>, headers: HeaderMap) -> Reply<Response> {
    let asset = assets::find(&file).ok_or_else(Failure::not_found)?;
    // The name holds the digest of the content, so it is its own tag.
    let tag = format!("\"{file}\"");
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let known = text(header::IF_NONE_MATCH).is_some_and(|tags| tags.contains(&tag));
    let (bytes, encoding) = asset.encoded(text(header::ACCEPT_ENCODING).unwrap_or(""));
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Response::new(Body::from(bytes))
    };
    let head = response.headers_mut();
    head.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    let keep = HeaderValue::from_static(assets::CACHE_CONTROL);
    head.insert(header::CACHE_CONTROL, keep);
    head.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        head.insert(header::ETAG, tag);
    }
    if let Some(encoding) = encoding.filter(|_| !known) {
        head.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Ok(response)
}

/// The program runs.
async fn show_health() -> &'static str {
    "ok\n"
}

/// The program runs and its store answers.
async fn show_readiness(app: App) -> Reply<&'static str> {
    app.read(crate::store::answers).await?;
    Ok("ready\n")
}

/// Figures for the machine itself and for the operators' networks; nobody else knows of them.
async fn show_figures(State(app): State<App>, visit: Visit, request: Request) -> Reply<Response> {
    let client = visit.client();
    let operators = &app.config().operators;
    let known = client.is_loopback() || operators.iter().any(|network| network.holds(client));
    // A proxy whose word we do not take may stand before anybody.
    let proxied = app.config().trusted_proxies.is_empty()
        && ["x-forwarded-for", "forwarded"]
            .iter()
            .any(|name| request.headers().contains_key(*name));
    if !known || proxied {
        return Err(Failure::not_found());
    }
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    Ok((kind, app.metrics().text(app.db())).into_response())
}
