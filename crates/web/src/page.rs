//! Pages: the frame that every template gets (`Shell`), rendering, redirects and flashes.

use std::sync::Arc;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, IntoResponseParts, Response, ResponseParts};
use kernel::fault::Param;
use kernel::{Lang, Problem};

use crate::access::{Access, Visitor};
use crate::app::App;
use crate::config::NavEntry;
use crate::fault::{Failure, Reply};
use crate::forgery;
use crate::parts::{self, Link};
use crate::session::{Step, Token};
use crate::visit::Visit;
use crate::words::Words;

/// What the layouts need, and the words of the page. A view struct has a field `shell: Shell`.
#[derive(Debug, Clone)]
pub struct Shell {
    /// The BCP 47 tag of the page's language.
    pub lang: &'static str,
    /// The path of the page.
    pub path: String,
    /// The form token.
    pub csrf: String,
    /// The main menu.
    pub nav: Vec<Link>,
    /// The tabs of one's own affairs; none elsewhere.
    pub mine: Vec<Link>,
    /// Who is logged in.
    pub user: Option<ShellUser>,
    /// What has just been done, to be said once.
    pub flash: Option<String>,
    /// In how many seconds the log-in ends if nobody clicks; 0 without a log-in.
    pub session_seconds: i64,
    language: Lang,
    words: Arc<Words>,
    once: String,
}

/// Who is logged in, as the page's head shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellUser {
    /// Their name.
    pub name: String,
    /// The seat they act from; empty for citizens.
    pub role: String,
    /// Whether they work here, and so have a desk.
    pub works: bool,
}

impl Shell {
    /// The frame of a visit.
    pub(crate) fn new(app: &App, visit: &Visit) -> Self {
        visit.mark_token_shown();
        let seconds = visit.session().map_or(0, |session| {
            let end = session.idle_end(&app.config().sessions);
            end.duration_since(app.clock().now()).as_secs().max(0)
        });
        Self {
            path: visit.path().to_owned(),
            csrf: forgery::masked(app, visit),
            nav: menu(app, visit),
            mine: mine(app, visit),
            user: user(visit.visitor()),
            flash: visit.take_flash(),
            session_seconds: seconds,
            once: app.clock().new_uuid().simple().to_string(),
            ..Self::bare(Arc::clone(app.words()), visit.lang())
        }
    }

    /// A frame without visitor, menu or token: for print and for tests of templates.
    #[must_use]
    pub fn bare(words: Arc<Words>, lang: Lang) -> Self {
        Self {
            lang: lang.tag(),
            path: "/".to_owned(),
            csrf: String::new(),
            nav: Vec::new(),
            mine: Vec::new(),
            user: None,
            flash: None,
            session_seconds: 0,
            language: lang,
            words,
            once: String::new(),
        }
    }

    /// The wording of a key.
    #[must_use]
    pub fn t<'a>(&'a self, key: &'a str) -> &'a str {
        self.words.plain(self.language, key)
    }

    /// The wording of a key with its parameters.
    #[must_use]
    pub fn say(&self, key: &str, params: &[Param]) -> String {
        self.words.say(self.language, key, params)
    }

    /// What to do about a code, or nothing.
    #[must_use]
    pub fn todo(&self, key: &str, params: &[Param]) -> String {
        let todo = self.words.todo(self.language, key, params);
        todo.unwrap_or_default()
    }

    /// The language, to choose between two texts of a record.
    #[must_use]
    pub fn language(&self) -> Lang {
        self.language
    }

    /// Where a file of the design system lies, with the digest of its content in the name.
    #[must_use]
    pub fn asset(&self, name: &str) -> String {
        crate::assets::href(name)
    }

    /// Whether the way to the desk is shown: not to citizens, who have none.
    #[must_use]
    pub fn shows_desk(&self) -> bool {
        self.user.as_ref().is_none_or(|user| user.works)
    }

    /// A key for the forms of this page: sending one twice has no second effect.
    #[must_use]
    pub fn once_key(&self) -> &str {
        &self.once
    }

    /// Problems in the visitor's words, for the error summary and beside the fields.
    #[must_use]
    pub fn problems(&self, problems: &[Problem]) -> Problems {
        let said = problems.iter().map(|problem| parts::Problem {
            field: problem.field.clone(),
            text: self.say(problem.code, &problem.params),
            ..parts::Problem::default()
        });
        Problems(said.collect())
    }
}

/// Problems of a form, in words. `{{ form::error_summary(problems) }}` lists them;
/// `error=problems.of("name")` gives the one beside a field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(Vec<parts::Problem>);

impl Problems {
    /// None.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// These, in words already.
    #[must_use]
    pub fn all(problems: Vec<parts::Problem>) -> Self {
        Self(problems)
    }

    /// The same, each with what its control is called and the page on which it stands (empty for
    /// this one), where `place` knows the control.
    #[must_use]
    pub fn placed(mut self, place: impl Fn(&str) -> Option<(String, String)>) -> Self {
        for problem in &mut self.0 {
            if let Some((label, page)) = place(&problem.field) {
                (problem.label, problem.page) = (label, page);
            }
        }
        self
    }

    /// The problem of a field, or an empty text.
    #[must_use]
    pub fn of(&self, field: &str) -> &str {
        let found = self.0.iter().find(|problem| problem.field == field);
        found.map_or("", |problem| problem.text.as_str())
    }
}

impl std::ops::Deref for Problems {
    type Target = [parts::Problem];

    fn deref(&self) -> &[parts::Problem] {
        &self.0
    }
}

impl<'p> IntoIterator for &'p Problems {
    type Item = &'p parts::Problem;
    type IntoIter = std::slice::Iter<'p, parts::Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

fn user(visitor: &Visitor) -> Option<ShellUser> {
    let role = visitor
        .officer()
        .and_then(|officer| officer.seat())
        .map_or_else(String::new, |seat| {
            format!("{} · {}", seat.organ_name, seat.post_name)
        });
    visitor.name().map(|name| ShellUser {
        name: name.to_owned(),
        role,
        works: visitor.officer().is_some(),
    })
}

/// The menu of the desk or of the public pages: what this visitor may enter.
fn menu(app: &App, visit: &Visit) -> Vec<Link> {
    let on_desk = |path: &str| path == "/desk" || path.starts_with("/desk/");
    let here = visit.path();
    let mut lines: Vec<Link> = Vec::new();
    let mut current: Option<usize> = None;
    for entry in &app.config().nav {
        let open = entry.access == Access::Public || entry.access.admit(visit.visitor()).is_ok();
        if !open || on_desk(entry.href) != on_desk(here) {
            continue;
        }
        let under = here
            .strip_prefix(entry.href)
            .is_some_and(|rest| rest.is_empty() || (rest.starts_with('/') && entry.href != "/"));
        let closer = current.is_none_or(|at| lines[at].href.len() < entry.href.len());
        if under && closer {
            current = Some(lines.len());
        }
        lines.push(Link::to(
            entry.href,
            app.words().plain(visit.lang(), entry.key),
        ));
    }
    if let Some(at) = current {
        lines[at].current = true;
    }
    lines
}

/// The tabs of one's own affairs, on the lists themselves: a page beneath has its way back.
fn mine(app: &App, visit: &Visit) -> Vec<Link> {
    let entries = &app.config().mine;
    if !entries.iter().any(|entry| entry.href == visit.path()) {
        return Vec::new();
    }
    let link = |entry: &NavEntry| Link {
        current: entry.href == visit.path(),
        ..Link::to(entry.href, app.words().plain(visit.lang(), entry.key))
    };
    entries.iter().map(link).collect()
}

impl FromRequestParts<App> for Shell {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        Ok(Shell::new(app, &Visit::of(parts)?))
    }
}

/// Renders a template as a page.
///
/// # Errors
/// 500 when the template cannot be rendered.
pub fn page(template: &impl Template) -> Reply<Response> {
    let html = template.render().map_err(Failure::broken)?;
    Ok(Html(html).into_response())
}

/// Renders the form again, filled in, with its problems: 422.
///
/// # Errors
/// 500 when the template cannot be rendered.
pub fn invalid(template: &impl Template) -> Reply<Response> {
    let mut response = page(template)?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

/// Renders the form again, filled in, for somebody who tried too often: 429, with the time to
/// wait.
///
/// # Errors
/// 500 when the template cannot be rendered.
pub fn too_many(template: &impl Template, wait_seconds: u64) -> Reply<Response> {
    let mut response = page(template)?;
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    let wait = HeaderValue::from(wait_seconds.max(1));
    response.headers_mut().insert(header::RETRY_AFTER, wait);
    Ok(response)
}

/// Sends the browser on after a POST (303). Only within the house: anything else leads home.
#[must_use]
pub fn redirect(to: impl AsRef<str>) -> Redirect {
    Redirect {
        to: local(to.as_ref()).to_owned(),
        flash: None,
    }
}

/// A flash travels in a cookie, which browsers keep only up to 4 KB.
const FLASH_CHARS_MAX: usize = 300;

/// A way on, perhaps with something to say on the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    to: String,
    flash: Option<String>,
}

impl Redirect {
    /// Says once, on the next page, what has been done.
    #[must_use]
    pub fn flash(mut self, text: impl Into<String>) -> Self {
        let text: String = text.into();
        self.flash = Some(text.chars().take(FLASH_CHARS_MAX).collect());
        self
    }
}

impl IntoResponse for Redirect {
    fn into_response(self) -> Response {
        let mut response = StatusCode::SEE_OTHER.into_response();
        let to = HeaderValue::from_str(&self.to);
        let to = to.unwrap_or_else(|_| HeaderValue::from_static("/"));
        response.headers_mut().insert(header::LOCATION, to);
        if let Some(text) = self.flash {
            response.extensions_mut().insert(Flash(text));
        }
        response
    }
}

/// A flash on its way into a cookie.
#[derive(Debug, Clone)]
pub(crate) struct Flash(pub(crate) String);

/// A path of this house, or `/`: nobody is sent to a stranger's site.
#[must_use]
pub fn local(path: &str) -> &str {
    let plain = path
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let inside = path.starts_with('/') && !path.starts_with("//");
    if plain && inside && path.len() <= 2000 {
        path
    } else {
        "/"
    }
}

/// To the log-in or to its next step, and back to the page that asked for it.
pub(crate) fn to_login(visit: &Visit) -> Redirect {
    let facts = visit.facts();
    let back = if facts.method.is_safe() {
        let joint = if facts.query.is_empty() { "" } else { "?" };
        format!("{}{joint}{}", facts.path, facts.query)
    } else {
        "/".to_owned()
    };
    let due = visit.session().and_then(|session| session.step);
    redirect(with_next(due.map_or("/login", Step::page), &back))
}

/// The address of a page that leads on to another one when it is done.
#[must_use]
pub fn with_next(page: &str, next: &str) -> String {
    let next: String = form_urlencoded::byte_serialize(local(next).as_bytes()).collect();
    format!("{page}?next={next}")
}

/// Put beside an answer, keeps a new log-in in the browser:
/// `Ok((Entered(token), redirect("/my")))`.
#[derive(Debug, Clone)]
pub struct Entered(pub Token);

/// Put beside an answer, has the browser forget the log-in.
#[derive(Debug, Clone, Copy)]
pub struct Left;

impl IntoResponseParts for Entered {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Self::Error> {
        parts.extensions_mut().insert(self);
        Ok(parts)
    }
}

impl IntoResponseParts for Left {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Self::Error> {
        parts.extensions_mut().insert(self);
        Ok(parts)
    }
}

/// The path of the page from which a form was sent, if it is one of this house.
#[must_use]
pub fn came_from(headers: &HeaderMap) -> Option<String> {
    let referer = headers.get(header::REFERER)?.to_str().ok()?;
    let uri: Uri = referer.parse().ok()?;
    let host = headers.get(header::HOST)?.to_str().ok()?;
    if uri.authority()?.as_str() != host {
        return None;
    }
    Some(local(uri.path_and_query()?.as_str()).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_a_strangers_site() {
        assert_eq!(local("/my/cases?x=1"), "/my/cases?x=1");
        for foreign in [
            "//evil.example",
            "https://evil.example",
            "/\\evil",
            "my",
            "/a\nb",
            "",
        ] {
            assert_eq!(local(foreign), "/", "{foreign}");
        }
    }
}
