//! The interface for programs: problem details, paging, repeated requests.

use super::*;

const GOOD: &str = r#"{"title":"abc","day":"2026-11-23"}"#;

#[tokio::test]
async fn a_repeated_request_gets_the_same_answer_and_has_no_second_effect() {
    let hall = Hall::new();
    let token = hall.citizen();
    let one = hall.post_json(&token, "key-1", GOOD).await;
    let two = hall.post_json(&token, "key-1", GOOD).await;
    assert_eq!((one.status, &one.text), (StatusCode::OK, &two.text));
    assert_eq!(
        (one.header("idempotent-replayed"), hall.note_count()),
        ("", 1)
    );
    assert_eq!(two.header("idempotent-replayed"), "true");
    let other = hall
        .post_json(&token, "key-1", &GOOD.replace("abc", "xyz"))
        .await;
    assert_eq!(
        (other.status, other.code().as_str()),
        (StatusCode::CONFLICT, "once.reused")
    );
    let fresh = hall.post_json(&token, "", GOOD).await;
    assert_ne!(fresh.text, one.text);
    let malformed = hall.post_json(&token, "has space", GOOD).await;
    assert_eq!(malformed.code(), "once.malformed");
}

#[tokio::test]
async fn what_is_not_json_is_400_and_what_holds_something_else_is_422_with_the_field() {
    let hall = Hall::new();
    let token = hall.citizen();
    let (two, deep) = (format!("{GOOD} {{}}"), "[".repeat(50_000));
    assert!(
        hall.post_json(&token, "", &deep)
            .await
            .status
            .is_client_error()
    );
    for text in ["", "{", "{\"title\":\"abc\"", "\u{0}", &two] {
        let answer = hall.post_json(&token, "", text).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{text:.20}");
        assert_eq!(answer.code(), "json.malformed");
    }
    let wrong = [
        (r#"{"title":"abc"}"#, "day", "field.required"),
        (
            r#"{"title":"a","day":"2026-11-23","colour":1}"#,
            "colour",
            "field.unknown",
        ),
        (
            r#"{"title":7,"day":"2026-11-23"}"#,
            "title",
            "field.wrong_type",
        ),
        (
            r#"{"title":"a","title":"b","day":"2026-11-23"}"#,
            "title",
            "field.twice",
        ),
        (
            r#"{"title":"a","day":"2026-02-30"}"#,
            "day",
            "field.wrong_type",
        ),
    ];
    for (text, field, code) in wrong {
        let answer = hall.post_json(&token, "", text).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
        let told = answer.json()["fields"][0].clone();
        assert_eq!(
            (told["field"].as_str(), told["code"].as_str()),
            (Some(field), Some(code))
        );
    }
    assert_eq!(hall.note_count(), 0);
}

#[tokio::test]
async fn a_body_that_is_too_large_or_not_json_by_name_is_refused() {
    let hall = Hall::with(|config| config.limits.json_bytes = 100);
    let token = hall.citizen();
    let answer = hall
        .post_json(&token, "", &format!("\"{}\"", "a".repeat(200)))
        .await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let request = ask("POST", "/api/v1/notes")
        .header(header::AUTHORIZATION, format!("Bearer {}", token.text()))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = hall
        .send(request.body(Body::from("title=abc")).unwrap())
        .await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(answer.code(), "json.media");
}

#[tokio::test]
async fn a_log_in_by_cookie_needs_a_token_or_our_own_origin_on_the_interface_too() {
    let hall = Hall::new();
    let token = hall.citizen();
    let form_token = hall.get_as(&token, "/my").await.form_token();
    let cases = [
        (None, StatusCode::FORBIDDEN),
        (
            Some(("origin", "http://evil.example")),
            StatusCode::FORBIDDEN,
        ),
        (Some(("origin", "http://hall.example")), StatusCode::OK),
        (Some(("sec-fetch-site", "same-origin")), StatusCode::OK),
        (Some(("x-csrf-token", form_token.as_str())), StatusCode::OK),
        (Some(("x-csrf-token", "AAAA")), StatusCode::FORBIDDEN),
    ];
    for (extra, status) in cases {
        let mut request = ask("POST", "/api/v1/notes")
            .header(header::COOKIE, cookie(&token))
            .header(header::CONTENT_TYPE, "application/json");
        if let Some((name, value)) = extra {
            request = request.header(name, value);
        }
        let answer = hall.send(request.body(Body::from(GOOD)).unwrap()).await;
        assert_eq!(answer.status, status, "{extra:?}");
    }
}

#[tokio::test]
async fn a_list_is_walked_by_cursor_without_gap_or_repeat() {
    let hall = Hall::new();
    let token = hall.citizen();
    for _ in 0..5 {
        hall.post_json(&token, "", GOOD).await;
    }
    let (mut seen, mut path) = (Vec::new(), "/api/v1/notes?limit=2".to_owned());
    loop {
        let page = hall.get(&path).await.json();
        let items = page["items"].as_array().unwrap().clone();
        seen.extend(
            items
                .iter()
                .map(|item| item["id"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => path = format!("/api/v1/notes?limit=2&cursor={next}"),
            None => break,
        }
    }
    let mut sorted = seen.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!((seen.len(), &seen), (5, &sorted));
}

#[tokio::test]
async fn a_cursor_that_somebody_changed_is_400() {
    let hall = Hall::new();
    let token = hall.citizen();
    for _ in 0..2 {
        hall.post_json(&token, "", GOOD).await;
    }
    let page = hall.get("/api/v1/notes?limit=1").await.json();
    let next = page["next"].as_str().unwrap();
    let changed = format!("B{}", &next[1..]);
    for cursor in [changed.as_str(), "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let answer = hall.get(&format!("/api/v1/notes?cursor={cursor}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{cursor}");
        assert_eq!(answer.code(), "cursor.wrong");
    }
    for limit in ["0", "101", "-1", "many"] {
        let answer = hall.get(&format!("/api/v1/notes?limit={limit}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{limit}");
    }
}

#[tokio::test]
async fn a_refusal_names_its_article_and_what_to_do_in_the_askers_language() {
    let hall = Hall::new();
    let answer = hall.get("/api/v1/refuse?lang=en").await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.cookie("qc_lang").as_deref(), Some("en"));
    let told = answer.json();
    assert_eq!(told["type"], "urn:qingchuang:problem:note.full");
    assert_eq!(told["status"], 409);
    assert_eq!(told["detail"], "Only 3 notes");
    assert_eq!(told["what_to_do"], "Delete one");
    assert_eq!(told["statute"], "许可法 42");
    assert_eq!(told["request_id"], answer.header("x-request-id"));
    assert_eq!(
        hall.get("/api/v1/refuse").await.json()["detail"],
        "只能记 3 条"
    );
}

#[tokio::test]
async fn a_stale_page_is_told_what_was_changed_by_somebody_else() {
    let answer = Hall::new().get("/api/v1/conflict").await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.json()["detail"].as_str().unwrap().contains("办件"));
}

#[tokio::test]
async fn an_id_of_another_kind_is_404_and_a_right_one_is_shown() {
    let hall = Hall::new();
    let answer = hall
        .get("/api/v1/notes/case_00000000000000000000000007")
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let answer = hall
        .get("/api/v1/notes/note_00000000000000000000000007")
        .await;
    assert_eq!(answer.json()["id"], "note_00000000000000000000000007");
}
