//! Fault → status, page or JSON (problem details, RFC 9457): the only such mapping.
//!
//! A handler answers a [`Failure`]; the frame around all doors gives it its words, in the
//! visitor's language, and logs it once. Details meant for the log never reach the answer.

use askama::Template;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::fault::Param;
use kernel::{Fault, Lang, Problem};
use serde::Serialize;

use crate::app::App;
use crate::page::Shell;
use crate::visit::Visit;
use crate::words::Words;

/// What a handler answers.
pub type Reply<T> = Result<T, Failure>;

/// An answer that is not yes, before it has words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(Box<Inner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Inner {
    status: StatusCode,
    code: &'static str,
    statute: Option<&'static str>,
    params: Vec<Param>,
    fields: Vec<Problem>,
    wait_seconds: Option<u64>,
    log: Option<String>,
}

impl Failure {
    fn new(status: StatusCode, code: &'static str) -> Self {
        Self(Box::new(Inner {
            status,
            code,
            statute: None,
            params: Vec::new(),
            fields: Vec::new(),
            wait_seconds: None,
            log: None,
        }))
    }

    /// 400: what was sent cannot be read. `code` has a wording.
    #[must_use]
    pub fn malformed(code: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code)
    }

    /// 401: log in first.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "fault.unauthenticated")
    }

    /// 403: known, and may not.
    #[must_use]
    pub fn forbidden(code: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, code)
    }

    /// 404: there is none, or the asker may not know.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "fault.not_found")
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "fault.method")
    }

    pub(crate) fn wrong_media(code: &'static str) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, code)
    }

    pub(crate) fn broken(detail: impl std::fmt::Display) -> Self {
        Self::from(Fault::broken(detail))
    }

    pub(crate) fn unavailable(detail: &str) -> Self {
        Self::from(Fault::Unavailable {
            detail: detail.to_owned(),
        })
    }

    /// The failure that a bare status means.
    pub(crate) fn bare(status: StatusCode) -> Self {
        let code = match status.as_u16() {
            401 => "fault.unauthenticated",
            403 => "fault.forbidden",
            404 => "fault.not_found",
            405 => "fault.method",
            409 => "fault.refused",
            413 => "fault.too_large",
            415 => "fault.media",
            422 => "fault.invalid",
            429 => "fault.too_many",
            503 => "fault.unavailable",
            400..=499 => "fault.malformed",
            _ => "fault.broken",
        };
        Self::new(status, code)
    }

    /// The same with one more parameter for the wording.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        self.0.params.push((name, value.to_string()));
        self
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// What is wrong with which field.
    #[must_use]
    pub fn fields(&self) -> &[Problem] {
        &self.0.fields
    }

    /// For the log only.
    pub(crate) fn detail(&self) -> Option<&str> {
        self.0.log.as_deref()
    }
}

/// How long to wait when the store cannot answer, in seconds.
const RETRY_SECONDS: u64 = 5;

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NotFound { what } => Self::not_found().with("what", what),
            Fault::Unauthenticated => Self::unauthenticated(),
            Fault::Forbidden { code } => Self::forbidden(code),
            Fault::Invalid(fields) => {
                let mut failure = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "fault.invalid");
                failure.0.fields = fields;
                failure
            }
            Fault::Refused(refused) => {
                let mut failure = Self::new(StatusCode::CONFLICT, refused.code);
                failure.0.statute = refused.statute;
                failure.0.params = refused.params;
                failure
            }
            Fault::Conflict { what } => {
                Self::new(StatusCode::CONFLICT, "fault.conflict").with("what", what)
            }
            Fault::TooLarge { limit } => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, "fault.too_large")
                    .with("limit", readable_bytes(limit))
            }
            Fault::TooMany { wait_seconds } => {
                let mut failure = Self::new(StatusCode::TOO_MANY_REQUESTS, "fault.too_many");
                failure.0.wait_seconds = Some(wait_seconds);
                failure.with("wait_seconds", wait_seconds)
            }
            Fault::Unavailable { detail } => {
                let mut failure = Self::new(StatusCode::SERVICE_UNAVAILABLE, "fault.unavailable");
                failure.0.wait_seconds = Some(RETRY_SECONDS);
                failure.0.log = Some(detail);
                failure
            }
            Fault::Broken { detail } => {
                let mut failure = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "fault.broken");
                failure.0.log = Some(detail);
                failure
            }
        }
    }
}

/// A size for people: whole mebibytes or kibibytes where it can be.
fn readable_bytes(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", bytes / 1024),
        _ => format!("{} MB", bytes / 1_048_576),
    }
}

impl IntoResponse for Failure {
    /// Without words yet: the frame around all doors knows the visitor's language.
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// What people read about a failure, in one language.
struct Said {
    title: String,
    detail: String,
    todo: String,
}

impl Failure {
    fn say(&self, words: &Words, lang: Lang) -> Said {
        let Inner { status, code, .. } = &*self.0;
        // A code that nobody worded still gets a sentence that fits its status.
        let generic = Self::bare(*status).0.code;
        let spoken = if words.holds(code) { code } else { generic };
        let mut params = self.0.params.clone();
        for (name, value) in &mut params {
            if *name == "what" {
                let noun = format!("noun.{}", value.replace(' ', "_"));
                let noun = if words.holds(&noun) {
                    noun
                } else {
                    "noun.thing".to_owned()
                };
                *value = words.say(lang, &noun, &[]);
            }
        }
        let title = format!("status.{}", status.as_u16());
        let title = if words.holds(&title) {
            title
        } else {
            "status.500".to_owned()
        };
        let todo = words
            .todo(lang, spoken, &params)
            .or_else(|| words.todo(lang, generic, &params));
        Said {
            title: words.say(lang, &title, &[]),
            detail: words.say(lang, spoken, &params),
            todo: todo.unwrap_or_default(),
        }
    }
}

/// The page that a person sees when the house says no.
#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    shell: Shell,
    title: String,
    detail: String,
    what_to_do: String,
    rule: String,
    code: &'static str,
    request_id: String,
}

/// Problem details (RFC 9457) with our members.
#[derive(Serialize)]
struct ProblemBody<'f> {
    #[serde(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    detail: String,
    code: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    statute: Option<&'f str>,
    #[serde(skip_serializing_if = "String::is_empty")]
    what_to_do: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<FieldBody<'f>>,
    request_id: &'f str,
}

#[derive(Serialize)]
struct FieldBody<'f> {
    field: &'f str,
    code: &'f str,
    detail: String,
}

/// Gives a failure its words: a page or problem details, whichever the visitor wants.
pub(crate) fn present(failure: &Failure, app: &App, visit: &Visit) -> Response {
    if failure.0.status == StatusCode::UNAUTHORIZED && !visit.wants_json() {
        return crate::page::to_login(visit).into_response();
    }
    let said = failure.say(app.words(), visit.lang());
    let mut response = if visit.wants_json() {
        problem_json(failure, said, app, visit)
    } else {
        problem_page(failure, said, app, visit)
    };
    *response.status_mut() = failure.0.status;
    if let Some(seconds) = failure.0.wait_seconds {
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if failure.0.status == StatusCode::UNAUTHORIZED {
        let scheme = HeaderValue::from_static("Bearer");
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, scheme);
    }
    response
}

fn problem_page(failure: &Failure, said: Said, app: &App, visit: &Visit) -> Response {
    let page = ProblemPage {
        shell: Shell::new(app, visit),
        title: said.title,
        detail: said.detail,
        what_to_do: said.todo,
        rule: failure.0.statute.unwrap_or_default().to_owned(),
        code: failure.0.code,
        request_id: visit.request_id().to_owned(),
    };
    match page.render() {
        Ok(html) => axum::response::Html(html).into_response(),
        Err(error) => {
            tracing::error!(%error, "the problem page cannot be rendered");
            Response::new(Body::from(format!("{} {}", page.title, page.code)))
        }
    }
}

fn problem_json(failure: &Failure, said: Said, app: &App, visit: &Visit) -> Response {
    let field = |problem: &'_ Problem| app.words().say(visit.lang(), problem.code, &problem.params);
    let body = ProblemBody {
        kind: format!("urn:qingchuang:problem:{}", failure.0.code),
        title: said.title,
        status: failure.0.status.as_u16(),
        detail: said.detail,
        code: failure.0.code,
        statute: failure.0.statute,
        what_to_do: said.todo,
        fields: failure
            .0
            .fields
            .iter()
            .map(|problem| FieldBody {
                field: &problem.field,
                code: problem.code,
                detail: field(problem),
            })
            .collect(),
        request_id: visit.request_id(),
    };
    let text = serde_json::to_string(&body).unwrap_or_default();
    let mut response = Response::new(Body::from(text));
    let media = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(header::CONTENT_TYPE, media);
    response
}
