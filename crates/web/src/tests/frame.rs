//! The frame around all doors: headers, failures in words, health, assets.

use super::*;

#[tokio::test]
async fn every_answer_carries_the_protecting_headers() {
    let hall = Hall::new();
    for path in [
        "/notes/new",
        "/nowhere",
        "/api/v1/notes",
        "/break",
        "/healthz",
        "/my",
    ] {
        let answer = hall.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("script-src 'self';"), "{path}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert!(!answer.header("permissions-policy").is_empty());
        assert!(!answer.header("x-request-id").is_empty());
        assert!(!answer.header("cache-control").is_empty());
    }
}

#[tokio::test]
async fn a_panic_is_a_500_without_details_for_pages_and_programs() {
    let hall = Hall::new();
    let page = hall.get("/break").await;
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(page.text.contains("<h1>系统出了差错</h1>"));
    assert!(page.text.contains(page.header("x-request-id")));
    let request = ask("POST", "/api/v1/break").body(Body::empty()).unwrap();
    let program = hall.send(request).await;
    assert_eq!(program.code(), "fault.broken");
    for answer in [page, program] {
        assert!(!answer.text.contains("secret"));
    }
}

#[tokio::test]
async fn a_store_that_cannot_answer_is_a_503_that_says_when_to_come_back() {
    let answer = Hall::new().get("/api/v1/down").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header("retry-after"), "5");
    assert!(!answer.text.contains("secret"));
}

#[tokio::test]
async fn unknown_paths_and_wrong_methods_are_told_by_our_own_pages() {
    let hall = Hall::new();
    let answer = hall.get("/nowhere").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.text.contains("<h1>没有找到</h1>"));
    let answer = hall.get("/api/v1/nowhere").await;
    assert_eq!(answer.code(), "fault.not_found");
    let request = ask("DELETE", "/api/v1/notes").body(Body::empty()).unwrap();
    let answer = hall.send(request).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.code(), "fault.method");
    assert!(answer.header("allow").contains("GET") && answer.header("allow").contains("POST"));
}

#[tokio::test]
async fn what_the_framework_refuses_in_plain_text_gets_words_as_well() {
    let answer = Hall::new().get("/bare").await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text.contains("<h1>内容太大</h1>"));
}

#[tokio::test]
async fn head_answers_as_get_without_a_body() {
    let hall = Hall::new();
    for (path, status) in [
        ("/notes/new", StatusCode::OK),
        ("/nowhere", StatusCode::NOT_FOUND),
    ] {
        let request = ask("HEAD", path).body(Body::empty()).unwrap();
        let answer = hall.send(request).await;
        assert_eq!((answer.status, answer.text.as_str()), (status, ""));
        assert!(answer.header("content-type").starts_with("text/html"));
    }
}

#[tokio::test]
async fn a_well_formed_request_id_is_kept_and_any_other_replaced() {
    let hall = Hall::new();
    for (sent, kept) in [("req-12345678", true), ("a b", false), ("<script>", false)] {
        let request = ask("GET", "/api/v1/down").header("x-request-id", sent);
        let answer = hall.send(request.body(Body::empty()).unwrap()).await;
        let id = answer.json()["request_id"].as_str().unwrap().to_owned();
        assert_eq!(id == sent, kept, "{sent}");
        assert_eq!(id, answer.header("x-request-id"));
    }
}

#[tokio::test]
async fn a_page_speaks_the_language_that_was_asked_for() {
    let hall = Hall::new();
    let answer = hall.get("/nowhere?lang=en").await;
    assert!(answer.text.contains("<html lang=\"en\""));
    assert!(answer.text.contains("<h1>Not found</h1>"));
    let request = ask("GET", "/nowhere").header(header::COOKIE, "qc_lang=en");
    let answer = hall.send(request.body(Body::empty()).unwrap()).await;
    assert!(answer.text.contains("<h1>Not found</h1>"));
    assert!(
        hall.get("/nowhere")
            .await
            .text
            .contains("<html lang=\"zh-CN\"")
    );
}

#[tokio::test]
async fn assets_are_kept_for_ever_and_pages_never_by_others() {
    let hall = Hall::new();
    let path = crate::assets::href("app.css");
    let answer = hall.get(&path).await;
    assert!(answer.header("cache-control").contains("immutable"));
    let tag = answer.header("etag").to_owned();
    let request = ask("GET", &path).header(header::IF_NONE_MATCH, &tag);
    let answer = hall.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (StatusCode::NOT_MODIFIED, "")
    );
    assert_eq!(
        hall.get("/assets/none.css").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        hall.get("/notes/new").await.header("cache-control"),
        "private, no-cache"
    );
    let mine = hall.get_as(&hall.citizen(), "/my").await;
    assert_eq!(mine.header("cache-control"), "no-store");
}

#[tokio::test]
async fn pages_are_packed_for_browsers_that_ask() {
    let hall = Hall::new();
    let request = ask("GET", "/notes/new").header(header::ACCEPT_ENCODING, "gzip");
    let answer = hall.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.header("content-encoding"), "gzip");
}

#[tokio::test]
async fn figures_are_for_the_machine_itself_only() {
    let hall = Hall::new();
    hall.get("/notes/new").await;
    let answer = hall.get("/metrics").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        answer
            .text
            .contains("qingchuang_requests_total{room=\"note\",status=\"200\"} 1")
    );
    assert!(
        answer
            .text
            .contains("qingchuang_request_seconds_count{room=\"note\"} 1")
    );
    assert!(answer.text.contains("qingchuang_commits_total"));
    let request = ask("GET", "/metrics").header("x-forwarded-for", "8.8.8.8");
    let answer = hall.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(hall.get("/readyz").await.text, "ready\n");
}

#[tokio::test]
async fn a_file_keeps_its_chinese_name_and_its_type() {
    let answer = Hall::new().get("/files/one").await;
    assert_eq!(answer.header("content-type"), "application/pdf");
    let named = answer.header("content-disposition");
    assert!(named.starts_with("inline; filename=\"_____.pdf\"; filename*=UTF-8''%E5%8F%97"));
}

#[tokio::test]
async fn what_takes_too_long_is_answered_in_time_and_says_to_try_again() {
    let hall = Hall::with(|config| config.limits.request_seconds = 0);
    let answer = hall.get("/slow").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text.contains("重复提交不会办两次"));
}

#[tokio::test]
async fn an_open_house_answers_over_the_wire_and_closes_when_told() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let hall = Hall::new();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let doors = room::doors(hall.app.clone());
    let house = tokio::spawn(crate::serve::serve(doors, listener, async {
        let _closed_either_way = stopped.await;
    }));
    let mut line = tokio::net::TcpStream::connect(address).await.unwrap();
    let asked = b"GET /metrics HTTP/1.1\r\nHost: hall.example\r\nConnection: close\r\n\r\n";
    line.write_all(asked).await.unwrap();
    let mut told = String::new();
    line.read_to_string(&mut told).await.unwrap();
    assert!(told.starts_with("HTTP/1.1 200 OK"), "{told}");
    stop.send(()).unwrap();
    house.await.unwrap();
}

#[tokio::test]
async fn a_client_that_never_finishes_its_question_is_hung_up_on() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let hall = Hall::with(|config| config.limits.head_seconds = 1);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let doors = room::doors(hall.app.clone());
    let house = tokio::spawn(crate::serve::serve(doors, listener, std::future::pending()));
    let mut line = tokio::net::TcpStream::connect(address).await.unwrap();
    line.write_all(b"GET /healthz HTTP/1.1\r\nHost: ha")
        .await
        .unwrap();
    let mut told = String::new();
    line.read_to_string(&mut told).await.unwrap();
    assert!(!told.contains("200 OK"), "{told}");
    house.abort();
}

#[test]
fn every_door_is_listed_with_who_may_enter() {
    let hall = Hall::new();
    let listed: Vec<String> = room::doors(hall.app.clone())
        .list()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(listed.contains(&"GET    /desk/notes officer:reviewer note".to_owned()));
    assert!(listed.contains(&"POST   /api/v1/notes signed_in note".to_owned()));
    let mut sorted = listed.clone();
    sorted.sort_by_key(|line| {
        line.split(' ')
            .filter(|w| !w.is_empty())
            .nth(1)
            .map(str::to_owned)
    });
    assert_eq!(listed, sorted);
}

#[test]
fn every_code_of_the_rim_has_words() {
    let words = Words::new(&[]).unwrap();
    for status in [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503] {
        assert!(words.holds(&format!("status.{status}")), "{status}");
        let failure = crate::Failure::bare(StatusCode::from_u16(status).unwrap());
        assert!(words.holds(failure.code()), "{}", failure.code());
    }
    for role in Role::ALL {
        assert!(words.holds(&format!("role.{role}")), "{role}");
    }
    let sources = [
        include_str!("../access.rs"),
        include_str!("../forgery.rs"),
        include_str!("../form.rs"),
        include_str!("../json.rs"),
        include_str!("../once.rs"),
        include_str!("../paging.rs"),
        include_str!("../upload.rs"),
        include_str!("../../../kernel/src/text.rs"),
    ];
    let families = [
        "access.", "forgery.", "form.", "json.", "once.", "upload.", "cursor.", "query.", "field.",
        "body.",
    ];
    let mut found = 0;
    for text in sources
        .iter()
        .flat_map(|source| source.split('"').skip(1).step_by(2))
    {
        if families.iter().any(|family| text.starts_with(family)) {
            assert!(words.holds(text), "{text}");
            found += 1;
        }
    }
    assert!(20 < found, "{found}");
}

#[test]
fn every_text_of_the_frame_and_the_parts_has_words() {
    let words = Words::new(&[]).unwrap();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
    let mut found = 0;
    for place in [folder.to_owned(), format!("{folder}/parts")] {
        for file in std::fs::read_dir(place).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_none_or(|ending| ending != "html") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for rest in text.split("shell.t(\"").skip(1) {
                let key = rest.split('"').next().unwrap();
                assert!(words.holds(key), "{key} in {}", path.display());
                found += 1;
            }
        }
    }
    assert!(50 < found, "{found}");
}
