//! Doors: the routes of a room. A route cannot be added without an [`Access`].

use axum::Router;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::access::Access;
use crate::app::App;
use crate::fault::Failure;
use crate::forgery;
use crate::visit::Visit;

/// One route, as `docs/doors.txt` lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// GET, POST, PUT, PATCH or DELETE.
    pub method: &'static str,
    /// The path with its parameters in braces.
    pub path: String,
    /// Who may enter.
    pub access: Access,
    /// Whose door it is.
    pub room: &'static str,
}

impl std::fmt::Display for Door {
    /// One line of `docs/doors.txt`.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Door {
            method,
            path,
            access,
            room,
        } = self;
        write!(out, "{method:6} {path} {access} {room}")
    }
}

/// The routes of one room or of several.
pub struct Doors {
    room: &'static str,
    app: App,
    doors: Vec<Door>,
    router: Router<App>,
}

impl Doors {
    /// A room without doors yet.
    #[must_use]
    pub fn new(room: &'static str, app: App) -> Self {
        Self {
            room,
            app,
            doors: Vec::new(),
            router: Router::new(),
        }
    }

    /// A page or a list: changes nothing. Answers `HEAD` as well.
    #[must_use]
    pub fn get<H, T>(self, path: &str, access: Access, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(MethodFilter::GET, "GET", path, access, handler)
    }

    /// A form, a new record, or an act on one.
    #[must_use]
    pub fn post<H, T>(self, path: &str, access: Access, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(MethodFilter::POST, "POST", path, access, handler)
    }

    /// The whole of a thing anew.
    #[must_use]
    pub fn put<H, T>(self, path: &str, access: Access, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(MethodFilter::PUT, "PUT", path, access, handler)
    }

    /// Some fields of a thing.
    #[must_use]
    pub fn patch<H, T>(self, path: &str, access: Access, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(MethodFilter::PATCH, "PATCH", path, access, handler)
    }

    /// The end of a thing.
    #[must_use]
    pub fn delete<H, T>(self, path: &str, access: Access, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(MethodFilter::DELETE, "DELETE", path, access, handler)
    }

    /// These doors and those of another room.
    #[must_use]
    pub fn merge(mut self, other: Doors) -> Self {
        self.doors.extend(other.doors);
        self.router = self.router.merge(other.router);
        self
    }

    /// Every door, by path and method.
    #[must_use]
    pub fn list(&self) -> Vec<Door> {
        let mut doors = self.doors.clone();
        doors.sort_by(|one, other| (&one.path, one.method).cmp(&(&other.path, other.method)));
        doors
    }

    /// The bare routes; [`crate::serve::router`] puts the frame around them.
    pub fn into_router(self) -> Router {
        self.router
            .method_not_allowed_fallback(method_not_allowed)
            .fallback(unknown_path)
            .with_state(self.app)
    }

    pub(crate) fn app(&self) -> &App {
        &self.app
    }

    fn add<H, T>(
        mut self,
        filter: MethodFilter,
        method: &'static str,
        path: &str,
        access: Access,
        handler: H,
    ) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let door = Door {
            method,
            path: path.to_owned(),
            access,
            room: self.room,
        };
        let gate = Gate {
            app: self.app.clone(),
            access,
            tag: DoorTag {
                room: self.room,
                path: path.into(),
            },
        };
        let guarded: MethodRouter<App> =
            on(filter, handler).route_layer(from_fn_with_state(gate, guard));
        self.router = self.router.route(path, guarded);
        self.doors.push(door);
        self
    }
}

/// Which door a request went through, for the log and the figures.
#[derive(Debug, Clone)]
pub(crate) struct DoorTag {
    pub(crate) room: &'static str,
    pub(crate) path: std::sync::Arc<str>,
}

#[derive(Clone)]
struct Gate {
    app: App,
    access: Access,
    tag: DoorTag,
}

/// Stands at every door: access first, then forgery.
async fn guard(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let mut response = match admit(&gate, request).await {
        Ok(request) => next.run(request).await,
        Err(failure) => failure.into_response(),
    };
    response.extensions_mut().insert(gate.tag);
    response
}

async fn admit(gate: &Gate, request: Request) -> Result<Request, Failure> {
    let visit = Visit::within(request.extensions())?;
    gate.access.admit_visit(&visit)?;
    if request.method().is_safe() {
        return Ok(request);
    }
    forgery::check(&gate.app, &visit, request).await
}

async fn method_not_allowed() -> Failure {
    Failure::method_not_allowed()
}

async fn unknown_path() -> Failure {
    Failure::not_found()
}
