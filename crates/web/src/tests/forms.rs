//! Forms: forgery, problems beside fields, files.

use super::*;

const GOOD: &str = "title=abc&day=2026-11-23";

/// A stranger's cookie and form token.
async fn stranger(hall: &Hall) -> (String, String) {
    let page = hall.get("/notes/new").await;
    let name = page.cookie("qc_visitor").unwrap();
    (format!("qc_visitor={name}"), page.form_token())
}

#[tokio::test]
async fn a_form_with_its_token_is_taken_and_the_next_page_says_so_once() {
    let hall = Hall::new();
    let (cookies, token) = stranger(&hall).await;
    let form = format!("{GOOD}&csrf={token}");
    let answer = hall.post_form(&cookies, "/notes", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.header("location").starts_with("/notes/note_"));
    let flash = answer.cookie("qc_flash").unwrap();
    let request = ask("GET", "/notes/new").header(header::COOKIE, format!("qc_flash={flash}"));
    let next = hall.send(request.body(Body::empty()).unwrap()).await;
    assert!(next.text.contains("已记下"));
    assert_eq!(next.cookie("qc_flash"), Some(String::new()));
    assert_eq!(hall.note_count(), 1);
}

#[tokio::test]
async fn a_form_without_token_or_with_anothers_is_refused() {
    let hall = Hall::new();
    let (cookies, token) = stranger(&hall).await;
    let (_, anothers) = stranger(&hall).await;
    let citizen = hall.citizen();
    let wrong = [
        (cookies.clone(), GOOD.to_owned()),
        (cookies.clone(), format!("{GOOD}&csrf={anothers}")),
        (cookies.clone(), format!("{GOOD}&csrf=AAAA")),
        (String::new(), format!("{GOOD}&csrf={token}")),
        (
            "qc_visitor=forged".to_owned(),
            format!("{GOOD}&csrf={token}"),
        ),
        (
            format!("{cookies}; {}", cookie(&citizen)),
            format!("{GOOD}&csrf={token}"),
        ),
    ];
    for (cookies, form) in wrong {
        let answer = hall.post_form(&cookies, "/notes", &form).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{form}");
        assert!(answer.text.contains("forgery.token"));
    }
    assert_eq!(hall.note_count(), 0);
}

#[tokio::test]
async fn a_form_sent_from_another_site_is_refused_even_with_a_token() {
    let hall = Hall::new();
    let (cookies, token) = stranger(&hall).await;
    let foreign = [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ];
    for (name, value) in foreign {
        let request = ask("POST", "/notes")
            .header(name, value)
            .header(header::COOKIE, &cookies)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let body = Body::from(format!("{GOOD}&csrf={token}"));
        let answer = hall.send(request.body(body).unwrap()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {value}");
    }
    assert_eq!(hall.note_count(), 0);
}

#[tokio::test]
async fn a_token_looks_different_on_every_page_and_fits_all_the_same() {
    let hall = Hall::new();
    let citizen = hall.citizen();
    let first = hall.get_as(&citizen, "/my").await.form_token();
    let second = hall.get_as(&citizen, "/my").await.form_token();
    assert_ne!(first, second);
    for token in [first, second] {
        let form = format!("{GOOD}&csrf={token}");
        let answer = hall.post_form(&cookie(&citizen), "/notes", &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn an_invalid_form_comes_back_filled_in_with_every_problem_beside_its_field() {
    let hall = Hall::new();
    let (cookies, token) = stranger(&hall).await;
    let form = format!("title=%3Cb%3E{}&day=2026-02-30&csrf={token}", "a".repeat(9));
    let answer = hall.post_form(&cookies, "/notes", &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("最多 10 个字"));
    assert!(answer.text.contains("请填真实存在的日期"));
    assert!(answer.text.contains("value=\"&#60;b&#62;aaaaaaaaa\""));
    assert!(answer.text.contains("value=\"2026-02-30\""));
    assert_eq!(hall.note_count(), 0);
}

#[tokio::test]
async fn a_form_sent_twice_has_one_effect() {
    let hall = Hall::new();
    let (cookies, token) = stranger(&hall).await;
    let (_, later_token) = {
        let request = ask("GET", "/notes/new").header(header::COOKIE, &cookies);
        let page = hall.send(request.body(Body::empty()).unwrap()).await;
        ((), page.form_token())
    };
    let first = format!("{GOOD}&csrf={token}&idempotency_key=k1");
    let again = format!("{GOOD}&csrf={later_token}&idempotency_key=k1");
    let one = hall.post_form(&cookies, "/notes", &first).await;
    let two = hall.post_form(&cookies, "/notes", &again).await;
    assert_eq!(one.header("location"), two.header("location"));
    assert_eq!(two.header("idempotent-replayed"), "true");
    assert_eq!(hall.note_count(), 1);
}

#[tokio::test]
async fn a_form_that_is_too_large_or_of_another_format_is_refused_clearly() {
    let hall = Hall::with(|config| config.limits.form_bytes = 200);
    let (cookies, token) = stranger(&hall).await;
    let form = format!("title={}&csrf={token}", "a".repeat(300));
    let answer = hall.post_form(&cookies, "/notes", &form).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text.contains("200 B"));
    let request = ask("POST", "/notes")
        .header(header::COOKIE, &cookies)
        .header("x-csrf-token", &token)
        .header(header::CONTENT_TYPE, "text/plain");
    let answer = hall.send(request.body(Body::from(GOOD)).unwrap()).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

/// A multipart form with a token, a remark and files given as (field, name, content).
fn multipart(token: &str, files: &[(&str, &str, &str)]) -> String {
    let mut body = String::new();
    for (name, value) in [("csrf", token), ("remark", "你好")] {
        body.push_str(&format!(
            "--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    for (field, name, content) in files {
        body.push_str(&format!(
            "--XX\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             Content-Type: image/png\r\n\r\n{content}\r\n"
        ));
    }
    body + "--XX--\r\n"
}

async fn upload(hall: &Hall, cookies: &str, body: String) -> Answer {
    let request = ask("POST", "/files")
        .header(header::COOKIE, cookies)
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX");
    hall.send(request.body(Body::from(body)).unwrap()).await
}

fn scratch_files(hall: &Hall) -> usize {
    std::fs::read_dir(&hall.app.config().scratch)
        .unwrap()
        .count()
}

#[tokio::test]
async fn files_arrive_with_their_names_and_leave_nothing_behind() {
    let hall = Hall::new();
    let (cookies, token) = stranger(&hall).await;
    let files = [
        ("photo", "C:\\身份证.png", "PNG"),
        ("other", "a.pdf", "A"),
        ("other", "", ""),
    ];
    let answer = upload(&hall, &cookies, multipart(&token, &files)).await;
    assert_eq!(answer.text, "你好|身份证.png|PNG|1");
    assert_eq!(scratch_files(&hall), 0);
}

#[tokio::test]
async fn a_multipart_form_needs_its_token_too() {
    let hall = Hall::new();
    let (cookies, _) = stranger(&hall).await;
    let answer = upload(
        &hall,
        &cookies,
        multipart("AAAA", &[("photo", "a.png", "A")]),
    )
    .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.code(), "forgery.token");
    assert_eq!(scratch_files(&hall), 0);
}

#[tokio::test]
async fn an_upload_that_is_cut_is_a_clear_error_and_nothing_is_kept() {
    let hall = Hall::new();
    let (cookies, token) = stranger(&hall).await;
    let whole = multipart(&token, &[("photo", "a.png", "ABCDEFGH")]);
    for end in [whole.len() - 12, whole.len() - 40, 60] {
        let answer = upload(&hall, &cookies, whole[..end].to_owned()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "cut at {end}");
        assert_eq!(answer.code(), "upload.cut");
    }
    assert_eq!(scratch_files(&hall), 0);
}

#[tokio::test]
async fn an_empty_or_missing_file_is_told_beside_its_field() {
    let hall = Hall::new();
    let (cookies, token) = stranger(&hall).await;
    let answer = upload(
        &hall,
        &cookies,
        multipart(&token, &[("photo", "a.png", "")]),
    )
    .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let told = answer.json()["fields"].clone();
    assert_eq!(told.as_array().unwrap().len(), 1, "{told}");
    assert_eq!(told[0]["code"], "field.file_empty");
    assert!(told[0]["detail"].as_str().unwrap().contains("a.png"));
    let answer = upload(&hall, &cookies, multipart(&token, &[])).await;
    assert_eq!(answer.json()["fields"][0]["code"], "field.file_required");
}

#[tokio::test]
async fn files_too_large_or_too_many_are_refused_and_nothing_is_kept() {
    let hall = Hall::with(|config| {
        config.limits.file_bytes = 50;
        config.limits.files = 2;
        config.limits.upload_bytes = 2000;
    });
    let (cookies, token) = stranger(&hall).await;
    let large = "A".repeat(60);
    let answer = upload(
        &hall,
        &cookies,
        multipart(&token, &[("photo", "a", &large)]),
    )
    .await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let three = [
        ("photo", "a", "A"),
        ("other", "b", "B"),
        ("other", "c", "C"),
    ];
    let answer = upload(&hall, &cookies, multipart(&token, &three)).await;
    assert_eq!(answer.code(), "upload.too_many");
    let request = ask("POST", "/files")
        .header(header::COOKIE, &cookies)
        .header(header::CONTENT_LENGTH, "5368709120")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX");
    let answer = hall.send(request.body(Body::from("--XX")).unwrap()).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(scratch_files(&hall), 0);
}
