//! Through the doors, on the embedded store.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use tower::ServiceExt;
use web::{App, AppConfig, Role, Words};

use super::{CITIZEN, House, PASSWORD, on_sqlite};
use crate::HallDirectory;

pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) location: String,
    pub(super) cookies: String,
    pub(super) wait: String,
    pub(super) text: String,
}

pub(super) struct Desk {
    pub(super) house: House,
    router: axum::Router,
}

impl Desk {
    pub(super) fn new() -> Self {
        let house = on_sqlite();
        let words = Words::new(&[(crate::ROOM, crate::MESSAGES)]).unwrap();
        let config = AppConfig::new([9; 32]);
        let app = App::new(house.db.clone(), config, words, Arc::new(HallDirectory));
        let router = web::serve::router(crate::doors(app));
        Self { house, router }
    }

    fn send(&self, request: Request<Body>) -> Answer {
        let router = self.router.clone();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async move {
            let response = router.oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            let location = parts.headers.get(header::LOCATION);
            let wait = parts.headers.get(header::RETRY_AFTER);
            let set = parts.headers.get_all(header::SET_COOKIE).iter();
            let pairs = set.filter_map(|line| line.to_str().unwrap().split(';').next());
            Answer {
                status: parts.status,
                location: location.map_or("", |to| to.to_str().unwrap()).to_owned(),
                cookies: pairs.collect::<Vec<_>>().join("; "),
                wait: wait.map_or("", |wait| wait.to_str().unwrap()).to_owned(),
                text: String::from_utf8_lossy(&bytes).into_owned(),
            }
        })
    }

    pub(super) fn get(&self, cookies: &str, path: &str) -> Answer {
        let request = ask("GET", path).header(header::COOKIE, cookies);
        self.send(request.body(Body::empty()).unwrap())
    }

    /// Opens a page and sends its form, as a browser does.
    pub(super) fn fill(&self, cookies: &str, page: &str, action: &str, form: &str) -> Answer {
        let shown = self.get(cookies, page);
        assert_eq!(shown.status, StatusCode::OK, "{page}: {}", shown.text);
        let (_, rest) = shown.text.split_once("name=\"csrf\" value=\"").unwrap();
        let token = rest.split('"').next().unwrap();
        let cookies = [cookies, shown.cookies.as_str()].join("; ");
        let request = ask("POST", action)
            .header(header::COOKIE, cookies.trim_start_matches("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let body = format!("csrf={token}&{form}");
        self.send(request.body(Body::from(body)).unwrap())
    }

    pub(super) fn json(&self, path: &str, body: &serde_json::Value) -> Answer {
        let request = ask("POST", path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap())
    }

    /// An officer at a post of their own, logged in; answers the cookies.
    pub(super) fn staff(&self, hall: kernel::OrganId, login: &'static str, role: Role) -> String {
        let officer = self.house.officer(login);
        let post = self.house.post(hall, login, role);
        self.house.appoint(officer, post).unwrap();
        let form = format!("login={login}&password={PASSWORD}");
        let entered = self.fill("", "/login", "/login", &form);
        assert_eq!(
            (entered.status, entered.location.as_str()),
            (StatusCode::SEE_OTHER, "/desk")
        );
        entered.cookies
    }
}

fn ask(method: &str, path: &str) -> axum::http::request::Builder {
    let peer: SocketAddr = "127.0.0.1:999".parse().unwrap();
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "hall.example")
        .extension(ConnectInfo(peer))
}

#[test]
fn unknown_and_wrong_get_the_same_page_and_the_right_one_leads_on() {
    let desk = Desk::new();
    desk.house.officer("zhang");
    let wrong = |login: &str| {
        let form = format!("login={login}&password=Wrong-Password-1");
        let answer = desk.fill("", "/login", "/login", &form);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let main = answer.text.split_once("<main").unwrap().1;
        let main = main.split("name=\"csrf\"").next().unwrap();
        main.replace(login, "…")
    };
    assert_eq!(wrong("zhang"), wrong("nobody"));
    let form = format!("login=zhang&password={PASSWORD}&next=/desk/tasks");
    let right = desk.fill("", "/login?next=/desk/tasks", "/login", &form);
    assert_eq!(right.location, "/desk/tasks");
    let foreign = format!("login=zhang&password={PASSWORD}&next=//evil.example");
    assert_eq!(
        desk.fill("", "/login", "/login", &foreign).location,
        "/desk"
    );
}

/// The page said that somebody else logged in too often with 422, which a program reads as a
/// wrong form and tries again at once.
#[test]
fn too_many_tries_are_a_429_with_the_time_to_wait_and_the_form_stays() {
    let desk = Desk::new();
    let form = "login=nobody&password=Wrong-Password-1";
    let tries: Vec<Answer> = (0..7)
        .map(|_| desk.fill("", "/login", "/login", form))
        .collect();
    let statuses: Vec<u16> = tries.iter().map(|one| one.status.as_u16()).collect();
    assert_eq!(statuses, [422, 422, 422, 422, 422, 429, 429]);
    let last = &tries[6];
    let wait: u64 = last.wait.parse().unwrap();
    assert!((1..=15 * 60).contains(&wait), "{wait}");
    assert!(last.text.contains("value=\"nobody\""), "{}", last.text);
    assert!(last.text.contains("失败次数太多"), "{}", last.text);
    assert!(tries[0].wait.is_empty());
}

#[test]
fn a_citizen_registers_is_logged_in_sees_their_data_masked_and_no_desk() {
    let desk = Desk::new();
    let form = format!(
        "kind=natural&name=Wang&identity_number={CITIZEN}&phone=13800138000&login=wang\
         &password={PASSWORD}&password_again={PASSWORD}&agreed=on"
    );
    let wrong = desk.fill("", "/register", "/register", &form.replace("002X", "0021"));
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("GB 11643"), "the broken rule is named");
    let entered = desk.fill("", "/register", "/register", &form);
    assert_eq!(
        (entered.status, entered.location.as_str()),
        (StatusCode::SEE_OTHER, "/my")
    );
    let profile = desk.get(&entered.cookies, "/my/profile");
    assert_eq!(profile.status, StatusCode::OK);
    assert!(!profile.text.contains(CITIZEN) && profile.text.contains("002X"));
    let changed = format!(
        "old_password={PASSWORD}&password=Another-Password-7&password_again=Another-Password-7"
    );
    let changed = desk.fill(&entered.cookies, "/password", "/password", &changed);
    assert_eq!(changed.location, "/my/profile");
    assert_eq!(
        desk.get(&changed.cookies, "/desk").status,
        StatusCode::NOT_FOUND
    );
    let left = desk.fill(&changed.cookies, "/my/profile", "/logout", "");
    assert_eq!(left.location, "/");
    assert_eq!(
        desk.get(&changed.cookies, "/my/profile").status,
        StatusCode::SEE_OTHER
    );
}

#[test]
fn each_administrator_has_their_own_acts_and_the_audit_sees_who_granted() {
    let desk = Desk::new();
    let hall = desk.house.hall();
    let system = desk.staff(hall, "system", Role::SystemAdmin);
    let security = desk.staff(hall, "security", Role::SecurityAdmin);
    let audit = desk.staff(hall, "audit", Role::AuditAdmin);
    for page in ["", "/organs", "/officers", "/posts", "/grants"] {
        for cookies in [&system, &security, &audit] {
            let shown = desk.get(cookies, &format!("/desk/admin{page}"));
            assert_eq!(shown.status, StatusCode::OK, "{page}: {}", shown.text);
        }
    }
    let new = format!("login=clerk&name=Li&password={PASSWORD}1&password_again={PASSWORD}1");
    let officers = "/desk/admin/officers";
    let not_mine = desk.fill(&security, "/desk", officers, &new);
    assert_eq!(not_mine.status, StatusCode::FORBIDDEN);
    assert_eq!(
        desk.fill(&system, officers, officers, &new).location,
        officers
    );
    let posts = desk.house.read(crate::posts);
    let own = desk.get(&system, "/desk/admin/officers");
    assert!(own.text.contains("/desk/admin/officers/officer_"));
    let named = |name: &str| posts.iter().find(|post| post.name == name).unwrap().id;
    let grant = |cookies: &str, login: &str, post: &str| {
        let form = format!("login={login}&post={}&from=2026-09-22&until=", named(post));
        desk.fill(
            cookies,
            "/desk/admin/grants",
            "/desk/admin/appointments",
            &form,
        )
    };
    assert_eq!(
        grant(&security, "clerk", "system").location,
        "/desk/admin/grants"
    );
    let second = grant(&security, "clerk", "audit");
    assert_eq!(second.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        second.text.contains("不能由同一人担任两个"),
        "{}",
        second.text
    );
    let own = grant(&security, "security", "system");
    assert!(own.text.contains("不能给自己授权"));
    for page in ["", "/officers", "/deputies"] {
        let path = format!("/desk/admin/audit{page}");
        assert_eq!(desk.get(&system, &path).status, StatusCode::FORBIDDEN);
        let shown = desk.get(&audit, &path);
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
        if page.is_empty() {
            assert!(shown.text.contains("security同志"), "the granter is named");
        }
    }
}

#[test]
fn a_program_registers_logs_in_asks_who_it_is_and_logs_out() {
    let desk = Desk::new();
    let person = serde_json::json!({
        "kind": "natural", "name": "王小清", "identity_number": CITIZEN,
        "phone": "13800138000", "login": "wang", "password": PASSWORD,
    });
    assert_eq!(
        desk.json("/api/v1/persons", &person).status,
        StatusCode::CREATED
    );
    assert_eq!(
        desk.json("/api/v1/persons", &person).status,
        StatusCode::CONFLICT
    );
    let given = |password: &str| serde_json::json!({ "login": "wang", "password": password });
    let wrong = desk.json("/api/v1/login", &given("Wrong-Password-1"));
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = desk.json("/api/v1/login", &given(PASSWORD));
    let right: serde_json::Value = serde_json::from_str(&right.text).unwrap();
    let bearer = format!("Bearer {}", right["token"].as_str().unwrap());
    let call = |method: &str, path: &str| {
        let request = ask(method, path).header(header::AUTHORIZATION, &bearer);
        desk.send(request.body(Body::empty()).unwrap())
    };
    let me: serde_json::Value = serde_json::from_str(&call("GET", "/api/v1/me").text).unwrap();
    assert_eq!((&me["kind"], &me["id"]), (&"citizen".into(), &right["id"]));
    assert_eq!(
        call("POST", "/api/v1/logout").status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(call("GET", "/api/v1/me").status, StatusCode::UNAUTHORIZED);
}

#[test]
fn the_interface_is_described_door_by_door() {
    let desk = Desk::new();
    let words = Words::new(&[]).unwrap();
    let config = AppConfig::new([9; 32]);
    let app = App::new(
        desk.house.db.clone(),
        config,
        words,
        Arc::new(HallDirectory),
    );
    let described = crate::openapi();
    for door in crate::doors(app).list() {
        if door.path.starts_with("/api/") {
            let method = door.method.to_lowercase();
            let found = &described["paths"][&door.path][&method];
            assert!(found["responses"].is_object(), "{door}");
        }
    }
}
