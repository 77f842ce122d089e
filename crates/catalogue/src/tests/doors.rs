//! The catalogue from outside: what citizens, editors and programs get at its doors.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use db::{Db, Tx};
use kernel::{Actor, Channel, Fault, OfficerId, OrganId, PersonId, PostId, TypedId};
use tower::ServiceExt;
use web::session::{self, Subject};
use web::{App, AppConfig, Citizen, Directory, Officer, Role, Seat, Words};

use super::store::{FOOD, House, houses};

/// Everybody of staff is a catalogue editor.
struct Editors;

fn uuid(number: u128) -> kernel::uuid::Uuid {
    kernel::uuid::Uuid::from_u128(number)
}

impl Directory for Editors {
    fn tables(&self) -> &'static [&'static str] {
        &[]
    }

    fn officer(&self, _tx: &mut Tx<'_>, id: OfficerId) -> Result<Option<Officer>, Fault> {
        let seat = Seat {
            post: PostId::from_uuid(uuid(5)),
            post_name: "事项管理岗".to_owned(),
            organ: OrganId::from_uuid(uuid(6)),
            organ_name: "政务服务中心".to_owned(),
            roles: [Role::CatalogueEditor].into(),
            deputizing: None,
        };
        Ok(Some(Officer {
            id,
            name: "周编".to_owned(),
            seats: vec![seat],
            active: 0,
            channel: Channel::Web,
        }))
    }

    fn citizen(&self, _tx: &mut Tx<'_>, _id: PersonId) -> Result<Option<Citizen>, Fault> {
        Ok(None)
    }
}

struct Hall {
    db: Db,
    app: App,
    router: Router,
    token: String,
    _house: House,
}

/// Runs what waits for the store on a thread of its own: tests run inside a runtime.
fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(work).join().unwrap())
}

/// A furnished hall on the embedded store.
fn hall() -> Hall {
    apart(|| {
        let house = houses("doors").swap_remove(0);
        let db = house.db.clone();
        let cause = || db.cause(Actor::system());
        db.write(cause(), crate::seed_shipped).unwrap();
        crate::reindex(&db).unwrap();
        let mut config = AppConfig::new([9; 32]);
        config.scratch = house._folder.path().join("scratch");
        std::fs::create_dir(&config.scratch).unwrap();
        let policy = config.sessions;
        let officer = Subject::Officer(OfficerId::from_uuid(uuid(1)));
        let begin = move |tx: &mut Tx<'_>| session::begin(tx, officer, Channel::Web, &policy);
        let token = db.write(cause(), begin).unwrap().text().to_owned();
        let words = Words::new(&[(crate::ROOM, crate::MESSAGES)]).unwrap();
        let app = App::new(db.clone(), config, words, Arc::new(Editors));
        Hall {
            router: web::serve::router(crate::doors(app.clone())),
            app,
            db,
            token,
            _house: house,
        }
    })
}

impl Hall {
    async fn send(&self, request: Request<Body>) -> (StatusCode, String) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await;
        (status, String::from_utf8_lossy(&body.unwrap()).into_owned())
    }

    async fn get(&self, path: &str) -> (StatusCode, String) {
        self.send(ask("GET", path).body(Body::empty()).unwrap())
            .await
    }

    async fn get_as_editor(&self, path: &str) -> (StatusCode, String) {
        let request = ask("GET", path).header(header::AUTHORIZATION, self.bearer());
        self.send(request.body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, media: &str, body: Vec<u8>) -> (StatusCode, String) {
        let request = ask("POST", path)
            .header(header::AUTHORIZATION, self.bearer())
            .header(header::CONTENT_TYPE, media);
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
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

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|_| panic!("not JSON: {text}"))
}

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn the_public_pages_speak_both_languages_and_leave_no_key_unworded() {
    let hall = hall();
    let guide = format!("/items/{FOOD}");
    let pages = [
        "/",
        "/items",
        "/items?q=spjy",
        "/items?q=%00%25",
        "/themes/business_access",
        &guide,
    ];
    for path in pages {
        let joint = if path.contains('?') { '&' } else { '?' };
        for lang in ["zh", "en"] {
            let (status, page) = hall.get(&format!("{path}{joint}lang={lang}")).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            let key = page.find(">catalogue.").or(page.find("\"catalogue."));
            assert_eq!(key, None, "{path}");
            assert_eq!(page.matches("<h1>").count(), 1, "{path}");
        }
    }
}

#[tokio::test]
async fn a_search_leads_to_the_guide_and_the_guide_to_the_application() {
    let hall = hall();
    let (_, results) = hall.get("/items?q=%E5%BC%80%E9%A5%AD%E5%BA%97").await;
    assert!(results.contains(&format!("href=\"/items/{FOOD}\"")));
    let (_, guide) = hall.get(&format!("/items/{FOOD}")).await;
    assert!(guide.contains(&format!("href=\"/apply/{FOOD}")));
    assert!(guide.contains("<svg"), "the process is drawn");
    for said in [
        "食品安全法",
        "广安市广安区人民法院",
        "8个工作日",
        "20个工作日",
    ] {
        assert!(guide.contains(said), "{said}");
    }
}

#[tokio::test]
async fn questions_lead_by_links_to_exactly_the_materials_of_the_scenario() {
    let hall = hall();
    for content in crate::shipped::items().unwrap() {
        let code = content.codes.key().unwrap();
        for (picks, scenario) in crate::scenario::paths(&content).unwrap() {
            let pairs: Vec<String> = picks
                .iter()
                .map(|(question, option)| format!("pick.{question}={option}"))
                .collect();
            let (status, page) = hall
                .get(&format!("/items/{code}?{}", pairs.join("&")))
                .await;
            assert_eq!(status, StatusCode::OK);
            let needed = crate::scenario::requirements(&content, &scenario.id).unwrap();
            let rows = page.matches("<tr><th scope=\"row\">").count();
            let steps = content
                .handling
                .as_ref()
                .map_or(0, |handling| handling.steps.len());
            let listed = needed.materials.lines().len();
            assert_eq!(rows, listed + steps, "{code} {}", scenario.id);
            let query = pairs.join("&#38;");
            let carried = match pairs.is_empty() {
                true => format!("href=\"/apply/{code}\""),
                false => format!("href=\"/apply/{code}?{query}\""),
            };
            assert!(page.contains(&carried), "the answers go along: {carried}");
        }
        let (status, _) = hall
            .get(&format!("/items/{code}?pick.no=such&pick.="))
            .await;
        assert_eq!(status, StatusCode::OK, "an unknown answer begins again");
    }
}

#[tokio::test]
async fn what_is_not_published_is_not_there() {
    let hall = hall();
    for path in ["/items/nothing", "/themes/nothing", "/api/v1/items/nothing"] {
        assert_eq!(hall.get(path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/desk/catalogue", "/api/v1/items/export"] {
        let status = hall.get(path).await.0;
        assert!(status != StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn a_program_pages_through_the_items_and_reads_one() {
    let hall = hall();
    let mut path = "/api/v1/items?limit=4".to_owned();
    let mut codes = Vec::new();
    loop {
        let (status, text) = hall.get(&path).await;
        assert_eq!(status, StatusCode::OK, "{text}");
        let page = json(&text);
        let items = page["items"].as_array().unwrap();
        codes.extend(
            items
                .iter()
                .map(|item| item["code"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["next"].as_str() else {
            break;
        };
        path = format!(
            "/api/v1/items?limit=4&cursor={}",
            crate::view::path_part(next)
        );
    }
    assert_eq!(codes.len(), 15);
    let (_, text) = hall.get(&format!("/api/v1/items/{FOOD}")).await;
    let item = json(&text);
    assert_eq!(item["content"]["schema"], 1);
    assert_eq!(
        (&item["version"], &item["takes_applications"]),
        (&1.into(), &true.into())
    );
    let (status, _) = hall.get("/api/v1/items?cursor=forged").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_table_sent_by_a_program_is_published_and_shown_as_listed() {
    let hall = hall();
    let table = crate::shipped::DISTRICT_LIST.to_vec();
    let (status, text) = hall.post("/api/v1/items/import", "text/csv", table).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    let report = json(&text);
    assert!(1000 < report["published"].as_u64().unwrap());
    assert_eq!(report["refused"], 0);
    let code = "511A0138000000-511602000000-000-115113010833722043-1-00";
    let (status, guide) = hall.get(&format!("/items/{code}")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        !guide.contains("/apply/"),
        "nobody can apply for a listed item"
    );
    let (_, found) = hall
        .get("/items?q=%E5%BB%B6%E7%BC%93%E5%85%A5%E5%AD%A6")
        .await;
    assert!(found.contains(code), "the index is up to date");
    for (media, body) in [
        ("text/plain", "x"),
        ("text/csv", ""),
        ("text/csv", "a,b\n1,2"),
    ] {
        let (status, text) = hall.post("/api/v1/items/import", media, body.into()).await;
        assert!(status.is_client_error(), "{text}");
    }
}

#[tokio::test]
async fn an_editor_sees_what_to_fix_and_publishes_from_a_day_on() {
    let hall = hall();
    let (status, list) = hall
        .get_as_editor("/desk/catalogue?status=published&q=%E9%A3%9F%E5%93%81")
        .await;
    assert_eq!(status, StatusCode::OK);
    let (_, rest) = list.split_once("/desk/catalogue/items/").expect("an item");
    let id = rest.split('"').next().unwrap().to_owned();
    let item: crate::ItemId = id.parse().unwrap();
    let db = hall.db.clone();
    apart(|| {
        let draft = move |tx: &mut Tx<'_>| {
            let old = crate::version(tx, item, 1)?;
            let mut content = crate::model::ItemContent::clone(&old.content);
            content.conditions.clear();
            crate::draft(tx, item, &content)
        };
        db.write(db.cause(Actor::system()), draft).unwrap();
    });
    let page = format!("/desk/catalogue/items/{id}");
    let (_, shown) = hall.get_as_editor(&page).await;
    assert!(
        shown.contains("没有受理条件") && shown.contains("逐条填写受理条件"),
        "{shown}"
    );
    let (status, said) = hall
        .post(&format!("{page}/check"), FORM, b"number=2".to_vec())
        .await;
    assert_eq!(status, StatusCode::CONFLICT, "{said}");
    apart(|| {
        let edit = move |tx: &mut Tx<'_>| {
            let old = crate::version(tx, item, 1)?;
            crate::edit(tx, item, 2, &old.content)
        };
        db.write(db.cause(Actor::system()), edit).unwrap();
    });
    let (status, _) = hall
        .post(&format!("{page}/check"), FORM, b"number=2".to_vec())
        .await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let publish = format!("{page}/publish");
    let bad = b"number=2&effective=2026-02-30".to_vec();
    let (status, again) = hall.post(&publish, FORM, bad).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        again.contains("2026-02-30"),
        "the form comes back filled in"
    );
    let good = b"number=2&effective=2030-01-01".to_vec();
    let (status, _) = hall.post(&publish, FORM, good).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (status, _) = hall
        .post(&format!("{page}/withdraw"), FORM, Vec::new())
        .await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, shown) = hall.get_as_editor(&page).await;
    assert!(shown.contains("已撤销") && !shown.contains(&format!("{page}/withdraw")));
}

#[tokio::test]
async fn an_upload_is_answered_with_a_report_row_by_row() {
    let hall = hall();
    let mut body =
        b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n"
            .to_vec();
    body.extend(crate::shipped::DISTRICT_LIST);
    body.extend(b"\r\n--x--\r\n");
    let media = "multipart/form-data; boundary=x";
    let (status, page) = hall.post("/desk/catalogue/import", media, body).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains("a.csv") && page.contains("临时代码"));
    let (status, page) = hall
        .post("/desk/catalogue/import", media, b"--x--\r\n".to_vec())
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
    for format in ["csv", "xlsx"] {
        let (status, _) = hall
            .get_as_editor(&format!("/desk/catalogue/export?format={format}"))
            .await;
        assert_eq!(status, StatusCode::OK);
    }
}

#[test]
fn the_promise_to_programs_names_every_door_under_the_interface() {
    let promise = crate::openapi();
    let paths: Vec<&String> = promise["paths"].as_object().unwrap().keys().collect();
    let hall = hall();
    let doors = crate::doors(hall.app).list();
    let under: std::collections::BTreeSet<String> = doors
        .iter()
        .map(|door| door.path.to_string())
        .filter(|path| path.starts_with("/api/"))
        .collect();
    assert!(paths.iter().all(|path| under.contains(*path)));
    assert_eq!(paths.len(), under.len());
}
