//! JSON in and out: bodies with our problem details on whatever cannot be read. Bodies say
//! `#[serde(deny_unknown_fields)]`, so that a misspelt field is told and not lost.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kernel::{Fault, Problem};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::fault::Failure;
use crate::forgery::{media, read_body};
use crate::signer::sm3;
use crate::visit::{Asked, Visit};

/// A JSON body, either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let visit = Visit::within(request.extensions())?;
        let kind = media(request.headers());
        if kind != "application/json" && !kind.ends_with("+json") {
            return Err(Failure::wrong_media("json.media"));
        }
        let body = read_body(request.into_body(), app.config().limits.json_bytes).await?;
        visit.set_asked(Asked {
            key: None,
            digest: sm3(&body),
        });
        read_json(&body).map(Json)
    }
}

/// Reads a JSON text: 400 when it is not JSON, 422 with the field when it holds something else
/// than it must.
pub(crate) fn read_json<T: DeserializeOwned>(text: &[u8]) -> Result<T, Failure> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        wrong_json(error.inner(), &path)
    })?;
    reader.end().map_err(|error| wrong_json(&error, "."))?;
    Ok(value)
}

fn wrong_json(error: &serde_json::Error, path: &str) -> Failure {
    if !error.is_data() {
        return Failure::malformed("json.malformed")
            .with("line", error.line())
            .with("column", error.column());
    }
    let said = error.to_string();
    let quoted = || said.split('`').nth(1).unwrap_or_default();
    let path = if path == "." { "" } else { path };
    let under = |name: &str| match path {
        "" => name.to_owned(),
        // An unknown field is already the end of the path.
        path if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        path => format!("{path}.{name}"),
    };
    let problem = if said.starts_with("missing field") {
        Problem::new(under(quoted()), "field.required")
    } else if said.starts_with("unknown field") {
        Problem::new(under(quoted()), "field.unknown")
    } else if said.starts_with("duplicate field") {
        Problem::new(under(quoted()), "field.twice")
    } else if said.starts_with("unknown variant") {
        Problem::new(path, "field.choice")
    } else {
        Problem::new(path, "field.wrong_type")
    };
    Fault::Invalid(vec![problem]).into()
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(text) => {
                let mut response = Response::new(axum::body::Body::from(text));
                let media = HeaderValue::from_static("application/json");
                response.headers_mut().insert(header::CONTENT_TYPE, media);
                response
            }
            Err(error) => Failure::broken(error).into_response(),
        }
    }
}

/// The parameters of the path. What is not an id of the kind leads to 404: there is no such.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let found = axum::extract::Path::<T>::from_request_parts(parts, app).await;
        found
            .map(|found| Self(found.0))
            .map_err(|_| Failure::not_found())
    }
}

/// The parameters behind the question mark. What cannot be read is a 400.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let found = axum::extract::Query::<T>::from_request_parts(parts, app).await;
        found
            .map(|found| Self(found.0))
            .map_err(|_| Failure::malformed("query.malformed"))
    }
}
