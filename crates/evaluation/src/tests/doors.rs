//! The doors, seen from outside.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use db::Tx;
use kernel::{Channel, Fault, OfficerId, OrganId, PersonId, PostId, TypedId};
use tower::ServiceExt;
use web::session::{self, Subject as Who};
use web::{App, AppConfig, Citizen, Directory, Officer, Role, Seat, Words};

use super::houses::{CLERK, House, ORGAN, invitation, said, sqlite, uuid};
use crate::model::Grade;
use crate::{Token, invite, rate};

/// One clerk at one counter.
struct People;

impl Directory for People {
    fn tables(&self) -> &'static [&'static str] {
        &[]
    }

    fn officer(&self, _tx: &mut Tx<'_>, id: OfficerId) -> Result<Option<Officer>, Fault> {
        let seat = Seat {
            post: PostId::from_uuid(uuid(61)),
            post_name: "综合窗口".to_owned(),
            organ: OrganId::from_uuid(uuid(ORGAN)),
            organ_name: "市场监督管理局".to_owned(),
            roles: [Role::IntakeClerk].into(),
            deputizing: None,
        };
        Ok(Some(Officer {
            id,
            name: "李窗".to_owned(),
            seats: vec![seat],
            active: 0,
            channel: Channel::Counter,
        }))
    }

    fn citizen(&self, _tx: &mut Tx<'_>, id: PersonId) -> Result<Option<Citizen>, Fault> {
        Ok(Some(Citizen {
            id,
            name: "王小明".to_owned(),
            channel: Channel::Web,
        }))
    }
}

struct Hall {
    house: House,
    app: App,
    router: Router,
}

struct Answer {
    status: StatusCode,
    text: String,
    location: String,
    cookies: String,
}

impl Answer {
    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    fn form_token(&self) -> &str {
        let (_, rest) = self.text.split_once("name=\"csrf\" value=\"").unwrap();
        rest.split('"').next().unwrap()
    }
}

/// Runs what waits for the store on a thread of its own: tests run inside a runtime.
fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(work).join().unwrap())
}

impl Hall {
    fn new() -> Self {
        let house = apart(sqlite);
        let words = Words::new(&[(crate::ROOM, crate::MESSAGES)]).unwrap();
        let app = App::new(
            house.db.clone(),
            AppConfig::new([9; 32]),
            words,
            Arc::new(People),
        );
        let router = web::serve::router(crate::doors(app.clone()));
        Self { house, app, router }
    }

    fn invited(&self, case: u128) -> Token {
        apart(|| self.house.write(move |tx| invite(tx, &invitation(case))))
            .unwrap()
            .token
    }

    fn clerk(&self) -> String {
        self.enter(Who::Officer(OfficerId::from_uuid(uuid(CLERK))))
    }

    fn person(&self, number: u128) -> String {
        self.enter(Who::Citizen(PersonId::from_uuid(uuid(number))))
    }

    fn enter(&self, who: Who) -> String {
        let policy = self.app.config().sessions;
        let begin = move |tx: &mut Tx<'_>| session::begin(tx, who, Channel::Web, &policy);
        let token = apart(|| self.house.write(begin)).unwrap();
        format!("qc_session={}", token.text())
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let value = |value: &header::HeaderValue| value.to_str().unwrap().to_owned();
        let cookies = parts.headers.get_all(header::SET_COOKIE).iter().map(value);
        let cookies = cookies.map(|line| line.split(';').next().unwrap().to_owned());
        Answer {
            status: parts.status,
            location: parts
                .headers
                .get(header::LOCATION)
                .map(value)
                .unwrap_or_default(),
            cookies: cookies.collect::<Vec<_>>().join("; "),
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    async fn get(&self, cookies: &str, path: &str) -> Answer {
        let request = ask("GET", path).header(header::COOKIE, cookies);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Opens a page and sends its form with these fields.
    async fn post_form(&self, cookies: &str, page: &str, path: &str, fields: &str) -> Answer {
        let shown = self.get(cookies, page).await;
        self.send_form(cookies, &shown, path, fields).await
    }

    /// Sends the form of a page that was opened before.
    async fn send_form(&self, cookies: &str, shown: &Answer, path: &str, fields: &str) -> Answer {
        let revision = shown.text.split_once("name=\"revision\" value=\"");
        let revision = revision.and_then(|(_, rest)| rest.split('"').next());
        let revision = revision.map_or_else(String::new, |seen| format!("revision={seen}&"));
        let body = format!("csrf={}&{revision}{fields}", shown.form_token());
        let cookies = format!("{cookies}; {}", shown.cookies);
        let request = ask("POST", path)
            .header(header::COOKIE, cookies)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    async fn post_json(&self, path: &str, body: &str) -> Answer {
        let request = ask("POST", path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_owned())).unwrap())
            .await
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

#[tokio::test]
async fn whoever_holds_the_link_rates_and_adds_once_without_an_account() {
    let hall = Hall::new();
    let path = hall.invited(1).path();
    let open = hall.get("", &path).await;
    assert!(open.text.contains("食品经营许可") && open.text.contains("服务态度"));
    let missing = hall.post_form("", &path, &path, "text=%E5%A5%BD").await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = "grade=satisfied&tags=service_attitude&text=%E5%A5%BD&via=qr";
    let done = hall.post_form("", &path, &path, fields).await;
    assert_eq!(
        (done.status, done.location.as_str()),
        (StatusCode::SEE_OTHER, path.as_str())
    );
    let shown = hall.get("", &path).await;
    assert!(shown.text.contains("您已评价") && shown.text.contains("态度好"));
    let more = format!("{path}/supplement");
    let nothing = hall.post_form("", &path, &more, "grade=&text=").await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    let added = hall
        .post_form("", &path, &more, "grade=dissatisfied&text=")
        .await;
    assert_eq!(added.status, StatusCode::SEE_OTHER);
    let shown = hall.get("", &path).await;
    assert!(!shown.text.contains("<form method=\"post\" action=\"/rate"));
}

#[tokio::test]
async fn a_person_sees_what_waits_for_their_rating_and_nobody_elses() {
    let hall = Hall::new();
    let (first, second) = (hall.invited(1).path(), hall.invited(2).path());
    let mine = hall.get(&hall.person(70), "/my/ratings").await;
    assert_eq!(mine.status, StatusCode::OK);
    assert!(mine.text.contains(&first) && mine.text.contains(&second));
    assert!(mine.text.contains("请在这一天前评价"), "{}", mine.text);
    hall.post_form("", &first, &first, "grade=satisfied&via=qr")
        .await;
    let after = hall.get(&hall.person(70), "/my/ratings").await;
    assert!(after.text.contains("您已评价") && after.text.contains("<table"));
    let paged = hall.get(&hall.person(70), "/my/ratings?limit=1").await;
    assert!(paged.text.contains(&second) && !paged.text.contains(&first));
    assert!(paged.text.contains("rel=\"next\""), "{}", paged.text);
    let other = hall.get(&hall.person(71), "/my/ratings").await;
    assert!(!other.text.contains(&second) && other.text.contains("没有等待您评价"));
    assert_eq!(
        hall.get("", "/my/ratings").await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn a_page_in_english_holds_no_unworded_key() {
    let hall = Hall::new();
    let path = hall.invited(1).path();
    let clerk = hall.clerk();
    let code = "/items/000131001000/ratings";
    for page in [
        path.as_str(),
        "/rate",
        code,
        "/desk/ratings",
        "/desk/ratings/invite",
    ] {
        let shown = hall.get(&clerk, &format!("{page}?lang=en")).await;
        assert_eq!(shown.status, StatusCode::OK, "{page}");
        assert!(
            !shown.text.contains("evaluation."),
            "{page}: {}",
            shown.text
        );
    }
}

#[tokio::test]
async fn a_page_opened_before_somebody_answered_is_not_taken_and_keeps_what_was_written() {
    let hall = Hall::new();
    let path = hall.invited(1).path();
    let (first, second) = (hall.get("", &path).await, hall.get("", &path).await);
    let done = hall.send_form("", &first, &path, "grade=satisfied").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let late = "grade=very_dissatisfied&text=waited";
    let stale = hall.send_form("", &second, &path, late).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.text);
    assert!(stale.text.contains("您刚才写的内容") && stale.text.contains("waited"));
    assert!(
        stale.text.contains("追评"),
        "what may still be done is shown"
    );
    let shown = hall.get("", &path).await;
    assert!(!shown.text.contains("waited"), "{}", shown.text);
}

#[tokio::test]
async fn staff_see_the_page_but_cannot_rate() {
    let hall = Hall::new();
    let path = hall.invited(1).path();
    let clerk = hall.clerk();
    let shown = hall.get(&clerk, &path).await;
    assert!(shown.text.contains("工作人员可以邀请评价"));
    assert!(!shown.text.contains("name=\"grade\""));
    let forced = hall
        .post_form(&clerk, "/desk/ratings/invite", &path, "grade=satisfied")
        .await;
    assert_eq!(forced.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_clerk_invites_at_the_counter_and_the_code_opens_the_page() {
    let hall = Hall::new();
    let clerk = hall.clerk();
    let desk = "/desk/ratings/invite";
    let unknown = hall.post_form(&clerk, desk, desk, "item=77").await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    let made = hall
        .post_form(&clerk, desk, desk, "item=000131001000")
        .await;
    assert_eq!(made.status, StatusCode::SEE_OTHER);
    let shown = hall.get(&clerk, &made.location).await;
    assert!(shown.text.contains("<svg") && shown.text.contains("http://hall.example/rate/"));
    let (_, rest) = shown.text.split_once("h2 num\">").unwrap();
    let digits = &rest[..6];
    let entered = hall
        .post_form("", "/rate", "/rate", &format!("code={digits}"))
        .await;
    assert!(entered.location.starts_with("/rate/"), "{}", entered.text);
    let wrong = hall.post_form("", "/rate", "/rate", "code=12").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn codes_cannot_be_guessed_for_long() {
    let hall = Hall::new();
    let mut last = StatusCode::OK;
    for guess in 0..12 {
        let tried = hall
            .post_form("", "/rate", "/rate", &format!("code={guess:06}"))
            .await;
        last = tried.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn the_list_shows_words_but_never_who_wrote_them() {
    let hall = Hall::new();
    let token = hall.invited(1);
    let made = move |tx: &mut Tx<'_>| rate(tx, &token, &said(Grade::VeryDissatisfied));
    apart(|| hall.house.write(made)).unwrap();
    let clerk = hall.clerk();
    let listed = hall
        .get(&clerk, "/desk/ratings?grade=very_dissatisfied&show=bad")
        .await;
    assert!(listed.text.contains("窗口的同志很耐心") && listed.text.contains("匿名"));
    assert!(
        !listed
            .text
            .contains(&PersonId::from_uuid(uuid(70)).to_string())
    );
    let none = hall.get(&clerk, "/desk/ratings?item=nothing").await;
    assert!(none.text.contains("没有符合条件的评价"));
}

#[tokio::test]
async fn programs_rate_by_the_same_rules() {
    let hall = Hall::new();
    let path = format!("/api/v1/ratings/{}", hall.invited(1).text());
    let open = hall.get("", &path).await.json();
    assert_eq!(
        (&open["can_rate"], &open["status"]),
        (&true.into(), &"invited".into())
    );
    let foreign = hall
        .post_json(&path, r#"{"grade":"satisfied","tags":["operability"]}"#)
        .await;
    assert_eq!(foreign.json()["code"], "evaluation.unknown_tag");
    let misspelt = hall.post_json(&path, r#"{"grad":"satisfied"}"#).await;
    assert_eq!(misspelt.status, StatusCode::UNPROCESSABLE_ENTITY);
    let body = r#"{"grade":"very_dissatisfied","text":"等了很久","real_name":true}"#;
    let done = hall.post_json(&path, body).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    assert_eq!(done.json()["rating"]["real_name"], true);
    assert_eq!(
        hall.post_json(&path, body).await.status,
        StatusCode::CONFLICT
    );
    let more = format!("{path}/supplement");
    let added = hall
        .post_json(&more, r#"{"grade":"satisfied"}"#)
        .await
        .json();
    assert_eq!(added["supplement"]["grade"], "satisfied");
    let stands = hall
        .get("", "/api/v1/items/000131001000/ratings")
        .await
        .json();
    assert_eq!(
        (&stands["count"], &stands["satisfaction_permille"]),
        (&1.into(), &0.into())
    );
    assert_eq!(
        hall.get("", "/api/v1/items/7/ratings").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        hall.get("", "/api/v1/ratings/7").await.status,
        StatusCode::NOT_FOUND
    );
}

#[test]
fn every_route_of_the_interface_is_in_the_contract() {
    let hall = Hall::new();
    let paths = crate::openapi()["paths"].as_object().unwrap().clone();
    let listed = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().keys();
        methods.map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    let doors = crate::doors(hall.app.clone()).list();
    let doors = doors.iter().filter(|door| door.path.starts_with("/api/"));
    let mut doors: Vec<String> = doors
        .map(|door| format!("{} {}", door.method, door.path))
        .collect();
    let mut listed: Vec<String> = listed.collect();
    doors.sort();
    listed.sort();
    assert_eq!(listed, doors);
}

#[test]
fn every_refusal_and_word_is_worded_in_both_languages() {
    let words = Words::new(&[(crate::ROOM, crate::MESSAGES)]).unwrap();
    let mut keys: Vec<String> = Vec::new();
    for grade in Grade::ALL {
        keys.push(format!("evaluation.grade_{grade}"));
    }
    for tone in ["plain", "good", "bad"] {
        let aspects = crate::Aspect::ALL.iter();
        keys.extend(aspects.map(|aspect| format!("evaluation.tag_{tone}_{aspect}")));
    }
    let channels = crate::RatingChannel::ALL.iter();
    keys.extend(channels.map(|channel| format!("evaluation.channel_{channel}")));
    let states = crate::RatingStatus::ALL.iter();
    keys.extend(states.map(|status| format!("evaluation.show_{status}")));
    for key in &keys {
        assert!(words.holds(key), "{key}");
    }
    for (key, wording) in words.all() {
        assert!(!wording.zh.is_empty() && !wording.en.is_empty(), "{key}");
    }
}
